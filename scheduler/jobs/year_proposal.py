"""09:00 on the workday after December's 通报 draft: 激励倾斜建议 for a person to decide (rule I6)."""

from __future__ import annotations

from models.operations import year_proposals
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def _proposal(desk: Desk) -> JobResult:
    return {"drafts": year_proposals.yearly(desk)}


YEAR_PROPOSAL = Job("year_proposal", "年度激励倾斜建议", Daily("09:00", workdays=True), _proposal)
