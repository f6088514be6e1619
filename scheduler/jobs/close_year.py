"""00:05, with something to do on 1 January: figures are closed and start again at 0 (rule D6)."""

from models.operations import year_close
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def run(desk: Desk) -> JobResult:
    return dict(year_close.close_year(desk))


JOB = Job("close_year", title="年度结转", schedule=Daily("00:05"), run=run)
