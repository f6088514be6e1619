"""08:30 on workdays: lights that differ from what was last heard, then red days (rules E8, E12, E13)."""

from models.operations import lights, red_days
from models.operations.desk import Desk
from scheduler.schedule import Daily, Job, JobResult


def run(desk: Desk) -> JobResult:
    return {**lights.announce_day(desk), **red_days.say_red_days(desk)}


JOB = Job("announce_lights", title="亮灯推送", schedule=Daily("08:30", workdays=True), run=run)
