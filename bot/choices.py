"""Buttons where a platform has none: numbered choices in the text, and the number that comes back.

A number alone could as well answer a question that has no buttons. It counts as a choice only when it replies to the
card itself, or when the card is the last thing that was said and nothing else waits for an answer there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from models.types import Button, SentCard

OPEN: Final = timedelta(minutes=30)  # as long as a question waits (rule C4)
HEADING: Final = "请回复编号或选项文字："
SINGLE: Final = "请回复「"
AMBIGUOUS: Final = "有几条消息在等您答复，不知道编号指哪一条。请引用那条消息再回复编号，或直接回复选项文字"
_OWN: Final = re.compile(r"(\d{1,2})\s")
_SAID: Final = re.compile(r"[#＃]?\s*(\d{1,2})\s*(?:[.,:、，：．。)）]\s*(.*)|(?<=\s)(.*))?", re.DOTALL)
_MEASURE: Final = re.compile(r"(?:月|日|号|个|项|年|万|亿|条|户|公里|米|时|点|元|千|百|%|％|\d)")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice, and the words that came with it. card: what it was made on."""

    button: Button
    words: str
    card: SentCard


def numbers(labels: Sequence[str]) -> list[int]:
    """One number for each label; a label that begins with its own keeps it."""
    own = [int(found[1]) if (found := _OWN.match(label)) else None for label in labels]
    taken = {number for number in own if number is not None}
    free = (number for number in range(1, len(labels) + len(taken) + 1) if number not in taken)
    return [number if number is not None else next(free) for number in own]


def listed(buttons: Sequence[Button]) -> str:
    """The lines that stand below a text instead of its buttons; empty without any."""
    if not buttons:
        return ""
    if len(buttons) == 1:
        (only,) = buttons
        tail = f"，后面写：{only.prompt}" if only.prompt else ""
        return f"{SINGLE}{only.label.rstrip('…')}」{tail}"
    lines = [HEADING]
    labels = [button.label for button in buttons]
    for number, button in zip(numbers(labels), buttons, strict=True):
        label = button.label.rstrip("…")
        shown = label if _OWN.match(label) else f"{number} {label}"
        lines.append(f"{shown}（编号后写：{button.prompt}）" if button.prompt else shown)
    return "\n".join(lines)


def picked(text: str, shown: SentCard) -> Chosen | None:
    """The choice that a text makes on one card; None when it is no number of it."""
    said = _SAID.fullmatch(text.strip())
    if said is None or len(shown.buttons) < 2:
        return None
    words = (said[2] or said[3] or "").strip()
    by_number = dict(zip(numbers([one.label for one in shown.buttons]), shown.buttons, strict=True))
    button = by_number.get(int(said[1]))
    if button is None or (words and (not button.prompt or _MEASURE.match(words))):
        return None
    return Chosen(button, words, shown)


def meant(text: str, recent: Sequence[SentCard]) -> Chosen | str | None:
    """The choice that a bare number makes in a chat; words for the sender when it could be several.

    recent: what was sent there, newest first.
    """
    chosen = picked(text, recent[0]) if recent else None
    if chosen is None:
        return None
    last = recent[0]
    if not last.answer and any(
        (one.answer or one.buttons) and last.at - one.at <= OPEN for one in recent[1:]
    ):
        return AMBIGUOUS
    return chosen
