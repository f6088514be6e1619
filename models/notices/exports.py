"""Files made for somebody: ledgers and histories, cut to what they may see (rules B3, Q2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.notices.base import Notice


@dataclass(frozen=True, slots=True)
class ExportMade(Notice):
    """The file, for who asked. name: what it is, e.g. 青禾县台账; at: the moment it shows."""

    name: str
    rows: int
    unit: str  # what a row is: 项, 条
    at: datetime
    attachment_id: int

    @property
    def files(self) -> tuple[int, ...]:
        return (self.attachment_id,)


@dataclass(frozen=True, slots=True)
class ExportLine:
    at: datetime
    by: str
    what: str
    scope: str
    rows: str


@dataclass(frozen=True, slots=True)
class ExportList(Notice):
    """The newest exports, for those who audit them (rule Q2)."""

    lines: tuple[ExportLine, ...]
