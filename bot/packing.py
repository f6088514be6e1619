"""What is said, cut into the messages that a platform can carry (rule P4)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.platforms.base import Limits
from models.types import Button, OutgoingFile
from templates.merging import heading, split


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of several that belong together."""

    text: str
    buttons: tuple[Button, ...] = ()
    files: tuple[OutgoingFile, ...] = ()


def pack(
    text: str, buttons: tuple[Button, ...], files: tuple[OutgoingFile, ...], limits: Limits
) -> list[Piece]:
    """The messages in order: the text in parts, then the buttons and files that cannot stand beside its last part."""
    parts = split(text, limits.text_length, size=limits.size)
    groups = _groups(buttons, limits.buttons)
    beside = groups.pop(0) if groups and limits.text_beside_buttons else ()
    pieces = [Piece(part) for part in parts[:-1]]
    pieces.append(Piece(parts[-1], beside, () if limits.files_apart else files))
    pieces.extend(Piece(heading(text), group) for group in groups)
    if limits.files_apart:
        pieces.extend(Piece("", (), (file,)) for file in files)
    return pieces


def _groups(buttons: tuple[Button, ...], most: int | None) -> list[tuple[Button, ...]]:
    step = most or max(len(buttons), 1)
    return [buttons[at : at + step] for at in range(0, len(buttons), step)]
