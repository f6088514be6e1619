"""What a language model suggests for a message, held against the text (docs/understanding.md); pure.

A model only points at words: nothing that does not stand in the message is taken, amounts are read by our own
grammar, a project is found by our own names, and only what the grammar left open is filled. What is filled is
marked, so that the author sees on the card what to check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from handlers.understanding.phrases import Words
from handlers.understanding.phrases.money import (
    ALLOCATED,
    ARRIVED,
    CUMULATIVE,
    FORECAST,
    GAP,
    PAID,
    SINCE_START,
    TOTAL,
    YTD,
)
from handlers.understanding.reading import Amount, Basis, Figure, Intent, Match, ProjectLine, Reading, Span
from handlers.understanding.text import Source, plain_form
from handlers.understanding.values.numbers import amount_tokens
from handlers.understanding.values.quantities import is_quantity

LONGEST_ANSWER: Final = 4000  # characters of a model's answer
_MOST_FIGURES: Final = 5
_LONGEST_FACT: Final = 200
_MARKS: Final = re.compile(r"[,，;；。!！?？\n]")

# The project that words of the message mean to its author; None when none or several.
FindProject = Callable[[str], int | None]


def leaves_open(reading: Reading, text: str) -> bool:
    """Whether an amount of money stands in the text that the grammar neither took nor knows to be something else."""
    if Intent.QUERY in reading.intents:
        return False
    if any(line.figures for line in reading.lines) or len(reading.lines) > 1:
        return False
    return any(_open_amounts(reading, text))


def completed_by(reading: Reading, text: str, answer: str, find: FindProject) -> Reading:
    """The reading with what a model's answer adds. An answer that is not understood adds nothing."""
    suggested = _parsed(answer)
    lines = list(reading.lines)
    left = list(_open_amounts(reading, text))
    for one in _list(suggested.get("figures"))[:_MOST_FIGURES]:
        said = plain_form(str(one.get("words", ""))).strip()
        amount = next((amount for amount in left if plain_form(amount.span.text).strip() == said), None)
        index = _line_for(lines, one, text, find)
        if amount is None or index is None or lines[index].figures:
            continue
        left.remove(amount)
        figure = Figure(amount, _basis(text, str(one.get("basis", ""))))
        lines[index] = replace(lines[index], figures=(figure,), assisted=True)
    fact = str(suggested.get("image_progress") or "").strip()
    if 1 < len(fact) <= _LONGEST_FACT and fact in text:
        lines = [
            replace(line, image_progress=fact, assisted=True) if _lacks_fact(line, lines) else line
            for line in lines
        ]
    if lines == list(reading.lines):
        return reading
    intents = tuple(one for one in reading.intents if one is not Intent.SMALLTALK)
    if Intent.PROGRESS not in intents:
        intents = (Intent.PROGRESS, *intents)
    return replace(
        reading,
        intents=intents,
        lines=tuple(lines),
        unread=tuple(span for span in reading.unread if not _used(span, lines)),
    )


def _parsed(answer: str) -> Mapping[str, Any]:
    try:
        found = json.loads(answer[:LONGEST_ANSWER])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _open_amounts(reading: Reading, text: str) -> Iterator[Amount]:
    """Amounts of money that the reading took for nothing, also those inside a fact."""
    source = Source.of(text)
    taken = {
        *(figure.amount.span for line in reading.lines for figure in line.figures),
        *(amount.span for line in reading.lines for _, amount in line.funds),
        *(promise.span for line in reading.lines for promise in line.promises),
    }
    for token in amount_tokens(source):
        amount = token.amount
        if amount is None or not token.unit or amount.span in taken or is_quantity(source.plain, token):
            continue
        if _is_open(text, amount.span):
            yield amount


def _is_open(text: str, span: Span) -> bool:
    """No word before it in its clause makes it a plan, a total, a gap or funds."""
    before = plain_form(_MARKS.split(text[: span.start])[-1])
    words = Words.of(before)
    return not any(words.hold(table) for table in (FORECAST, TOTAL, GAP, PAID, ALLOCATED, ARRIVED))


def _line_for(
    lines: list[ProjectLine], suggested: Mapping[str, Any], text: str, find: FindProject
) -> int | None:
    """The line of the project that the suggestion names in the text's own words, else the only line."""
    mention = str(suggested.get("project") or "").strip()
    if mention:
        project = find(mention) if mention in text else None
        if project is None:
            return None
        for index, line in enumerate(lines):
            if line.project_id == project:
                return index
        if any(line.project_id is not None for line in lines):
            return None  # a message about one project is not turned to another
        lines[:] = [ProjectLine(mention, Match.UNIQUE, project)]
        return 0
    known = [index for index, line in enumerate(lines) if line.match is Match.UNIQUE]
    return known[0] if len(known) == 1 == len(lines) else None


def _basis(text: str, said: str) -> Basis:
    """The basis that quoted words name; without such words it is asked for (rule C5)."""
    if not said or said not in text:
        return Basis.UNSAID
    words = Words.of(plain_form(said))
    if words.hold(SINCE_START):
        return Basis.SINCE_START
    if words.hold(YTD):
        return Basis.YEAR_TO_DATE
    return Basis.CUMULATIVE if words.hold(CUMULATIVE) else Basis.UNSAID


def _lacks_fact(line: ProjectLine, lines: list[ProjectLine]) -> bool:
    return len(lines) == 1 and line.match is Match.UNIQUE and not line.image_progress and not line.issues


def _used(span: Span, lines: list[ProjectLine]) -> bool:
    return any(figure.amount.span == span for line in lines for figure in line.figures)
