"""What the timers about lights do: 已阅, promises, 调灯 (rules E9, E10, E14)."""

from typing import Final

from models.operations import light_adjustments, light_cases, light_feedback, light_receipts
from models.operations.desk import Desk
from scheduler.schedule import TimerKind


def _remind_to_read(desk: Desk, case_id: int, _body: dict[str, object]) -> str:
    return light_receipts.remind(desk, case_id)


def _report_unread(desk: Desk, case_id: int, _body: dict[str, object]) -> str:
    return light_receipts.report(desk, case_id)


def _check_promise(desk: Desk, checkpoint_id: int, _body: dict[str, object]) -> str:
    return light_feedback.check_promise(desk, checkpoint_id)


def _adjustment_ends(desk: Desk, adjustment_id: int, _body: dict[str, object]) -> str:
    return light_adjustments.remind(desk, adjustment_id)


KINDS: Final = (
    TimerKind(light_cases.ACKNOWLEDGE_REMINDER, "已阅提醒", _remind_to_read),
    TimerKind(light_cases.ACKNOWLEDGE_REPORT, "未阅报告", _report_unread),
    TimerKind(light_feedback.CHECKPOINT, "承诺核对", _check_promise),
    TimerKind(light_adjustments.REMINDER, "调灯到期提醒", _adjustment_ends),
)
