"""17:00 on the last workday of the period: the 汇总 draft for 综合专班 (rules A5, I1)."""

from __future__ import annotations

from models.operations import weekly_summaries
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def _digest(desk: Desk) -> JobResult:
    return {"missing": weekly_summaries.digest(desk)}


WEEKLY_DIGEST = Job("weekly_digest", "每周汇总", Daily("17:00", workdays=True), _digest)
