"""09:00 on the first workday on or after the 5th: the 通报 draft of last month (rule A6)."""

from __future__ import annotations

from models.operations import rankings
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def _ranking(desk: Desk) -> JobResult:
    return {"drafts": rankings.monthly(desk)}


MONTHLY_RANKING = Job("monthly_ranking", "月度排名通报草稿", Daily("09:00", workdays=True), _ranking)
