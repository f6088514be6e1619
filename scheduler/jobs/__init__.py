"""The jobs, one module each. Order matters for jobs that are due at the same moment."""

from scheduler.jobs import (
    admin_digest,
    announce_lights,
    check_lights,
    close_year,
    evaluate_lights,
    monthly_ranking,
    monthly_topics,
    retention,
    roster_gaps,
    weekly_call,
    weekly_digest,
    weekly_summary,
    year_proposal,
)
from scheduler.schedule import Job

JOBS: tuple[Job, ...] = (
    close_year.JOB,
    check_lights.JOB,
    retention.JOB,
    evaluate_lights.JOB,
    announce_lights.JOB,
    roster_gaps.JOB,
    admin_digest.JOB,
    monthly_ranking.MONTHLY_RANKING,
    year_proposal.YEAR_PROPOSAL,
    weekly_call.WEEKLY_MISSING,
    weekly_summary.WEEKLY_SUMMARY,
    weekly_call.WEEKLY_CALL,
    weekly_digest.WEEKLY_DIGEST,
    monthly_topics.JOB,
)
