"""08:30 on the last workday of the period: 小结 and 工作计划 are asked of the category leads (rules A5, I1)."""

from __future__ import annotations

from models.operations import weekly_summaries
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def _summary(desk: Desk) -> JobResult:
    return {"asked": weekly_summaries.ask(desk)}


WEEKLY_SUMMARY = Job("weekly_summary", "每周小结", Daily("08:30", workdays=True), _summary)
