"""What the timers of reports to the province do (rules G1, G4)."""

from __future__ import annotations

from models.operations import province_reports
from models.operations.desk import Desk
from scheduler.schedule import TimerKind


def _chase(desk: Desk, report_id: int, body: dict[str, object]) -> str:
    return province_reports.chase(desk, report_id, str(body["step"]))


CHECKPOINT = TimerKind(province_reports.CHECKPOINT, "省级批复节点", _chase)

KINDS = (CHECKPOINT,)
