"""交接 of duties from one person to another (rule B7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.notices.base import Notice


@dataclass(frozen=True, slots=True)
class Handover:
    """What went from `old` to `new`. what: the duty, e.g. 白石县联络员; numbers of items, codes of projects."""

    old: str
    new: str
    what: str
    items: tuple[str, ...]  # as 责任人
    supervised: tuple[str, ...]  # as 督办专员
    raised: tuple[str, ...]  # raised by the predecessor
    assists: int
    lights: tuple[str, ...]  # feedback on lights
    drafts: int
    papers: tuple[str, ...]  # drafts of official papers


@dataclass(frozen=True, slots=True)
class HandoverReceived(Handover, Notice):
    """To the successor."""

    personal: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class HandedOver(Handover, Notice):
    """To the predecessor; own: the receipt for who did it. bound: the successor can be reached."""

    personal: ClassVar[bool] = True

    bound: bool
    own: bool
