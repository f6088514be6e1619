"""10:00 on the day of 反馈截止: who has not reported is asked; 08:30 the day after: who is missing."""

from __future__ import annotations

from models.operations import weekly
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def _call(desk: Desk) -> JobResult:
    return {"asked": weekly.call(desk)}


def _missing(desk: Desk) -> JobResult:
    return {"missing": weekly.tell_missing(desk)}


WEEKLY_CALL = Job("weekly_call", "每周反馈提醒", Daily("10:00", workdays=True), _call)
WEEKLY_MISSING = Job("weekly_missing", "每周未反馈名单", Daily("08:30", workdays=True), _missing)
