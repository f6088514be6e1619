"""Runs of blanks as long as a pasted sheet or a cat on the keyboard leaves them, cut before anything reads the text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from handlers.understanding.text import INVISIBLE
from models.types import InboundMessage

LONGEST: Final = 16  # blanks in a row; a year of empty cells, one a month, has fewer
# What nobody can see is left out before a text is read, and blanks on both sides of it would stand together.
_LONGER: Final = re.compile(rf"[\s{INVISIBLE}][\s{INVISIBLE}]{{{LONGEST},}}")


def cut(message: InboundMessage) -> InboundMessage:
    """The message with at most `LONGEST` blanks in a row: an expression with several optional blanks tries each way
    to share them.

    A run that holds a line break keeps one (rule C18).
    """
    text, quoted = shorter(message.text), shorter(message.quoted)
    if text == message.text and quoted == message.quoted:
        return message
    return replace(message, text=text, quoted=quoted)


def shorter(text: str) -> str:
    """The text with the runs of blanks in it cut at `LONGEST` characters."""
    return _LONGER.sub(_head, text)


def _head(run: re.Match[str]) -> str:
    head = run[0][:LONGEST]
    return head if "\n" in head or "\n" not in run[0] else f"{head[:-1]}\n"
