"""07:00 every day: lights that change by the passing of time, and red days (rules E6, E12)."""

from models.operations import lights
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def run(desk: Desk) -> JobResult:
    return dict(lights.evaluate_day(desk))


JOB = Job("evaluate_lights", title="亮灯计算", schedule=Daily("07:00"), run=run)
