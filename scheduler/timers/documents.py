"""What the timers of official papers do (rule H5)."""

from __future__ import annotations

from models.operations import deliveries
from models.operations.desk import Desk
from scheduler.schedule import TimerKind


def _remind(desk: Desk, receipt_id: int, _body: dict[str, object]) -> str:
    return deliveries.remind(desk, receipt_id)


RECEIPT = TimerKind(deliveries.RECEIPT, "公文签收提醒", _remind)

KINDS = (RECEIPT,)
