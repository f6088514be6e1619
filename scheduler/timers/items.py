"""What the timers of problem items do (rules F3–F6, F12)."""

from __future__ import annotations

from collections.abc import Callable

from models.operations import (
    item_assists,
    item_closing,
    item_dispatch,
    item_dues,
    item_reopening,
    item_rungs,
    items,
)
from models.operations.desk import Desk
from models.tables.items import Item, ItemAssist
from scheduler.schedule import TimerKind

assert item_rungs  # imported for what it registers with the ladder


def _of_item(act: Callable[[Desk, Item], str]) -> Callable[[Desk, int, dict[str, object]], str]:
    def run(desk: Desk, item_id: int, _body: dict[str, object]) -> str:
        return act(desk, items.get(desk, item_id))

    return run


def _due_passed(desk: Desk, item_id: int, body: dict[str, object]) -> str:
    return item_dues.due_passed(desk, items.get(desk, item_id), str(body["step"]))


RECEIPT_REMINDER = TimerKind(item_dues.RECEIPT_REMINDER, "签收提醒", _of_item(item_dues.remind_receipt))
RECEIPT_REPORT = TimerKind(item_dues.RECEIPT_REPORT, "逾期未签收", _of_item(item_dues.report_receipt))
RULING_REMINDER = TimerKind(item_dispatch.RULING_REMINDER, "裁定提醒", _of_item(item_dispatch.remind_ruling))
DUE_PASSED = TimerKind(item_dues.DUE_PASSED, "到期计逾期", _due_passed)
ASSIST = TimerKind(
    item_assists.REMINDER,
    "协办提醒",
    lambda desk, number, _body: item_assists.remind(desk, desk.session.get_one(ItemAssist, number)),
)
DUE_REMINDER = TimerKind(
    item_reopening.DUE_REMINDER,
    "重开后定时限提醒",
    _of_item(lambda desk, item: item_reopening.chase_due(desk, item, report=False)),
)
DUE_REPORT = TimerKind(
    item_reopening.DUE_REPORT,
    "重开后未定时限告知",
    _of_item(lambda desk, item: item_reopening.chase_due(desk, item, report=True)),
)
EFFECT = TimerKind(item_closing.EFFECT, "跟踪问效", _of_item(item_reopening.ask_effect))

KINDS = (
    RECEIPT_REMINDER,
    RECEIPT_REPORT,
    RULING_REMINDER,
    DUE_PASSED,
    ASSIST,
    DUE_REMINDER,
    DUE_REPORT,
    EFFECT,
)
