"""Monday's look at the roster: 综合专班 gets all gaps on the first workday of the week (rule B9)."""

from __future__ import annotations

from datetime import timedelta

from models.operations import gaps
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def run(desk: Desk) -> JobResult:
    today = desk.today
    before_monday = today - timedelta(days=today.weekday() + 1)
    if desk.directory.calendar.workdays_between(before_monday, today) != 1:
        return {"skipped": "不是本周第一个工作日"}
    count = sum(
        gaps.report(desk, organisation_id=organisation_id, key=f"week:{today.isoformat()}")
        for organisation_id in desk.directory.organisations
    )
    return {"gaps": count}


JOB = Job("roster_gaps", "名册缺口（每周第一个工作日）", Daily("08:30", workdays=True), run)
