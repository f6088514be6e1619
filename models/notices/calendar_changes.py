"""Deadlines that another working-day calendar has moved (rule A1; S67)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Notice


@dataclass(frozen=True, slots=True)
class DeadlineMoved:
    """name: the item or project; what: 签收, 定期反馈, 黄灯反馈."""

    name: str
    what: str
    old: datetime
    new: datetime


@dataclass(frozen=True, slots=True)
class DeadlinesMoved(Notice):
    """All that moved for one person, once."""

    mergeable: ClassVar[bool] = False

    lines: tuple[DeadlineMoved, ...]
