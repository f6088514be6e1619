"""What the kinds of drafts do differently: one row a kind (rules C2, C8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from handlers.context import Context
from handlers.dispatches import dispatch_drafts, minutes_drafts
from handlers.items import item_closing, item_feedback
from handlers.lights import light_feedback_drafts
from handlers.problems import problem_drafts, problem_imports
from handlers.reports import category_drafts, report_drafts
from models.tables.drafts import Draft
from models.types import DraftKind

Waiting = Mapping[int, int | None]  # numbers of lines, with the project each is about


@dataclass(frozen=True, slots=True)
class Lines:
    """Of drafts with lines that are confirmed, dropped and changed each by itself.

    waiting: numbers of those that are not over, with the project each is about. edit returns False when the text was
    of no use. numbered_alone: the card numbers a single line, too.
    """

    waiting: Callable[[Draft], Waiting]
    confirm: Callable[[Context, Draft, int], None]
    cancel: Callable[[Context, Draft, int], None]
    edit: Callable[[Context, Draft, int, str], bool]
    numbered_alone: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """show: the card as it is now. edit returns False when the text was of no use."""

    show: Callable[[Context, Draft], None]
    edit: Callable[[Context, Draft, str], bool]
    confirm: Callable[[Context, Draft], None]
    lines: Lines | None = None


KINDS: Final[Mapping[str, Kind]] = {
    DraftKind.REPORT.value: Kind(
        report_drafts.show, report_drafts.edit, report_drafts.confirm,
        Lines(
            report_drafts.waiting, report_drafts.confirm_line, report_drafts.cancel_line, report_drafts.edit_line
        ),
    ),
    DraftKind.MINUTES.value: Kind(
        minutes_drafts.show, minutes_drafts.edit, minutes_drafts.confirm,
        Lines(
            minutes_drafts.waiting, minutes_drafts.confirm_line, minutes_drafts.drop_line, minutes_drafts.edit_line,
            numbered_alone=True,
        ),
    ),
    DraftKind.PROBLEM.value: Kind(
        problem_drafts.show, problem_drafts.edit, problem_drafts.confirm
    ),
    DraftKind.DISPATCH.value: Kind(
        dispatch_drafts.show, dispatch_drafts.edit, dispatch_drafts.confirm
    ),
    DraftKind.FEEDBACK.value: Kind(
        item_feedback.show, item_feedback.edit, item_feedback.confirm
    ),
    DraftKind.LIGHT_FEEDBACK.value: Kind(
        light_feedback_drafts.show, light_feedback_drafts.edit,
        light_feedback_drafts.confirm,
    ),
    DraftKind.CLOSING.value: Kind(
        item_closing.show, item_closing.edit, item_closing.confirm
    ),
    DraftKind.IMPORT.value: Kind(
        problem_imports.show, problem_imports.edit, problem_imports.confirm
    ),
    DraftKind.CATEGORY.value: Kind(
        category_drafts.show, category_drafts.edit, category_drafts.confirm
    ),
}  # fmt: skip


def show(context: Context, draft: Draft) -> None:
    """The card as it is now."""
    KINDS[draft.kind].show(context, draft)


def confirm(context: Context, draft: Draft) -> None:
    """All of it that is clear."""
    KINDS[draft.kind].confirm(context, draft)


def confirm_line(context: Context, draft: Draft, no: int) -> None:
    """One line; all of it where it has no lines."""
    lines = KINDS[draft.kind].lines
    if lines is None:
        confirm(context, draft)
    else:
        lines.confirm(context, draft, no)


def cancel_line(context: Context, draft: Draft, no: int) -> None:
    """One line of a draft that has lines."""
    lines = KINDS[draft.kind].lines
    assert lines is not None  # its button stands on cards with lines only
    lines.cancel(context, draft, no)


def edit(context: Context, draft: Draft, text: str, *, no: int | None = None) -> bool:
    """Change a draft, or with no one line of it; False when the text was of no use."""
    kind = KINDS[draft.kind]
    if no is None or kind.lines is None:
        return kind.edit(context, draft, text)
    return kind.lines.edit(context, draft, no, text)


def waiting(draft: Draft) -> Waiting:
    """Numbers of the lines that are not over, with their projects; none of a draft without lines."""
    lines = KINDS[draft.kind].lines
    return lines.waiting(draft) if lines is not None else {}
