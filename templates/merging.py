"""Several notices in one message, and one long text in several (rules A3, E13, P2, P4)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.notices.base import Notice
from models.types import Button
from templates import cn_time, render

_HEADING: Final = 36  # characters


@dataclass(frozen=True, slots=True)
class Part:
    """One notice of a message. row_id: its outbox row, which its buttons name. late: when it was due, if late."""

    row_id: int
    notice: Notice
    late: datetime | None = None


def merge(parts: list[Part]) -> tuple[str, tuple[Button, ...]]:
    """Text and buttons of one message. Notices of a class that can be combined are said together, in first place."""
    if len(parts) == 1:
        text = _late(render(parts[0].notice), parts[0])
    else:
        by_class: dict[type[Notice], list[Part]] = defaultdict(list)
        for part in parts:
            by_class[type(part.notice)].append(part)
        sections: list[str] = []
        for cls, some in by_class.items():
            combined = cls.combine(tuple(part.notice for part in some)) if len(some) > 1 else None
            if combined is not None:
                late = next((part for part in some if part.late), some[0])
                sections.append(_late(render(combined), late))
            else:
                sections.extend(_late(render(part.notice), part) for part in some)
        text = "\n\n".join(sections)
    several = len({part.notice.label for part in parts if part.notice.actions}) > 1
    buttons = {
        (action.verb, action.args): Button(
            token=f"{part.row_id}.{index}",
            label=_named(action.label, part.notice.label) if several else action.label,
            prompt=action.prompt,
        )
        for part in parts
        for index, action in enumerate(part.notice.actions)
    }
    return text, tuple(buttons.values())  # what two of them offer alike stands there once


def _named(label: str, about: str) -> str:
    """反馈 ZX0031; a label that says so itself stays as it is."""
    return f"{label} {about}" if about and about not in label else label


def heading(text: str, *, most: int = _HEADING) -> str:
    """The first line, short enough to stand above buttons and to say what they are about. most: characters."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _late(text: str, part: Part) -> str:
    return f"（应于 {cn_time(part.late)} 发出，因故补发）\n{text}" if part.late else text


def split(text: str, limit: int, *, size: Callable[[str], int] = len) -> list[str]:
    """Cut at line ends into numbered parts of at most limit (rule P4). A longer line is cut too, between characters.

    size: how the platform measures a text; characters unless told.
    """
    if size(text) <= limit:
        return [text]
    room = limit - 12  # for the number
    parts: list[str] = []
    current = ""
    for line in _short_lines(text, room, size):
        if current and size(current) + 1 + size(line) > room:
            parts.append(current)
            current = line
        else:
            current = f"{current}\n{line}" if current else line
    parts.append(current)
    return [f"({number}/{len(parts)})\n{part}" for number, part in enumerate(parts, start=1)]


def _short_lines(text: str, room: int, size: Callable[[str], int]) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        rest = line
        while size(rest) > room:
            fits = range(1, len(rest) + 1)
            cut = max(bisect_right(fits, room, key=lambda end: size(rest[:end])), 1)
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return lines
