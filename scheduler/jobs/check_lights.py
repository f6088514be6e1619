"""03:00 every day: does the daily sweep agree with a full evaluation? Differences are logged (rule E6)."""

import structlog

from models.operations import lights
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult

log = structlog.get_logger()


def run(desk: Desk) -> JobResult:
    differing = lights.differences(desk)
    if differing:
        log.error(
            "stored lights differ from a full evaluation", projects=differing[:50], count=len(differing)
        )
    return {"differing": len(differing)}


JOB = Job("check_lights", title="亮灯核对", schedule=Daily("03:00"), run=run)
