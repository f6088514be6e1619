"""「②改成2150，第四条不要，其余确认」: several things said of the lines of one card at once (rules C2, C8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.draft_reach import place_of, within_reach
from handlers.drafts import draft_kinds
from handlers.reports import report_confirmations
from handlers.understanding.answers import AnswerKind, parse_bare_amount, parse_confirmation
from handlers.understanding.draft_words import parse_edit
from models.errors import Invalid
from models.notices.ledger import DraftCancelled
from models.tables.drafts import Draft
from models.types import DraftKind, DraftState

_BETWEEN: Final = re.compile(r"[，,](?!\d{3}(?!\d))|[；;。\n]")
_LINKS: Final = re.compile(r"^(?:然后|另外|还有|再把|再|那|同时)")


@dataclass(frozen=True, slots=True)
class _Said:
    """to: what a line becomes, empty when it is dropped or confirmed. lines: empty for all that remain."""

    lines: tuple[int, ...] = ()
    mention: str = ""
    to: str = ""
    drops: bool = False


def done(context: Context, text: str) -> bool:
    """Do all that is said of the lines of the one report that holds them; False for any other text.

    A figure that was changed is shown once more and not confirmed with the rest (rule C1).
    """
    said: list[_Said] = []
    for part in filter(str.strip, _parts(text)):
        if (one := _read(_LINKS.sub("", part.strip()))) is None:
            return False
        said.append(one)
    found = _placed(context, said) if len(said) > 1 else None
    if found is None:
        return False
    draft, acts = found
    _carry_out(place_of(context, [draft]), draft, acts)
    return True


def _parts(text: str) -> Iterator[str]:
    """What stands between the marks, one by one: most texts are given up at the first."""
    at = 0
    for mark in _BETWEEN.finditer(text):
        yield text[at : mark.start()]
        at = mark.end()
    yield text[at:]


def _read(part: str) -> _Said | None:
    answer = parse_confirmation(part)
    if answer is not None:
        numbers = answer.lines or answer.numbers
        if answer.kind is AnswerKind.CANCEL and numbers:
            return _Said(numbers, drops=True)
        return _Said(numbers) if answer.kind in (AnswerKind.CONFIRM, AnswerKind.CONFIRM_ALL) else None
    edit = parse_edit(part)
    if edit is None or edit.draft is not None or parse_bare_amount(edit.to) is None:
        return None
    if edit.line is None and not edit.mention:
        return None
    return _Said((edit.line,) if edit.line is not None else (), edit.mention, edit.to)


def _placed(context: Context, said: list[_Said]) -> tuple[Draft, list[_Said]] | None:
    """The one open report of several lines that has every line that is named."""
    fitting = []
    for draft in within_reach(context):
        waiting = draft_kinds.waiting(draft)
        if draft.kind != DraftKind.REPORT.value or len(draft.body["lines"]) < 2:
            continue
        acts = [_with_line(context, one, waiting) for one in said]
        if all(one is not None and set(one.lines) <= waiting.keys() for one in acts):
            fitting.append((draft, [one for one in acts if one is not None]))
    return fitting[0] if len(fitting) == 1 else None


def _with_line(context: Context, said: _Said, waiting: draft_kinds.Waiting) -> _Said | None:
    if not said.mention:
        return said
    found = {project.id for project in access.private_candidates(context, said.mention)}
    lines = tuple(no for no, project in waiting.items() if project in found)
    return _Said(lines, to=said.to) if len(lines) == 1 else None


def _carry_out(context: Context, draft: Draft, acts: list[_Said]) -> None:
    before = len(context.replies)
    changed: set[int] = set()
    for one in acts:
        for no in one.lines:
            if one.drops:
                draft_kinds.cancel_line(context, draft, no)
            elif one.to:
                if not draft_kinds.edit(context, draft, one.to, no=no):
                    raise Invalid(f"第{no}条没看懂要改成什么", mend="例：②改成2150")
                changed.add(no)
    del context.replies[before:]  # one answer to one message
    if draft.state != DraftState.OPEN.value:
        context.say(DraftCancelled(number=draft.number, lines=()))
        return
    confirmed = [one for one in acts if not one.drops and not one.to]
    wanted = {
        no
        for one in confirmed
        for no in (one.lines or draft_kinds.waiting(draft).keys())
        if no not in changed
    }
    if wanted:
        report_confirmations.confirm(context, draft, only=wanted)
    if draft.state == DraftState.OPEN.value and (changed or not wanted):
        draft_kinds.show(context, draft)
