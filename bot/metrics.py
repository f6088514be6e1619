"""Prometheus metrics; one registry per running product, so that tests can start many."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        r = self.registry
        self.messages_in = Counter(
            "zhuanban_messages_in", "Messages accepted", ["platform", "result"], registry=r
        )
        self.processed = Counter("zhuanban_messages_processed", "Messages processed", ["result"], registry=r)
        self.drafts = Counter("zhuanban_drafts", "Drafts made", registry=r)
        self.confirmations = Counter("zhuanban_confirmations", "Lines entered into the ledger", registry=r)
        self.deliveries = Counter("zhuanban_deliveries", "Deliveries", ["platform", "result"], registry=r)
        self.queue_age = Gauge(
            "zhuanban_queue_age_seconds", "Age of the oldest waiting row", ["queue"], registry=r
        )
        self.queue_length = Gauge("zhuanban_queue_length", "Waiting rows", ["queue"], registry=r)
        self.job_runs = Counter("zhuanban_job_runs", "Job runs", ["job", "result"], registry=r)
        self.job_lateness = Histogram(
            "zhuanban_job_lateness_seconds", "Processed minus due", ["job"], registry=r,
            buckets=(1, 5, 30, 60, 300, 3600, 86400),
        )  # fmt: skip
        self.lights = Gauge("zhuanban_lights", "Projects by shown light", ["light"], registry=r)

    def exposition(self) -> bytes:
        return generate_latest(self.registry)
