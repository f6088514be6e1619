"""09:00 on the first workday on or after the 25th: the list for the monthly 专题会议 is proposed (rule M1)."""

from __future__ import annotations

from models.operations import topic_meetings
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def _propose(desk: Desk) -> JobResult:
    return {"proposed": topic_meetings.propose_due(desk)}


JOB = Job("monthly_topics", "月度专题会议拟题", Daily("09:00", workdays=True), _propose)
