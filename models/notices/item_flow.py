"""/查 W0190 流程: how far an item is, at which level, who has it in hand and until when (rules F1, G1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.notices.base import Notice
from models.notices.items import AboutItem


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step of the closed loop. done_on: when it was done; note: what is to be said of it now."""

    name: str
    done_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class ItemFlow(AboutItem, Notice):
    """levels: names in order, `level` is the current one. holder: one person, who does `what` until next_at.

    ended: what became of an item that is over, else empty. province: sent date, 文号, reply, checkpoint. above: number
    of the city's item of a county's item, with its own levels (rule Q3).
    """

    steps: tuple[FlowStep, ...]
    levels: tuple[str, ...]
    level: int
    holder: str
    what: str
    next_at: datetime | None
    overdue: bool
    ended: str
    province: tuple[str, ...] = ()
    above: str = ""
    levels_above: tuple[str, ...] = ()
    level_above: int = 0
