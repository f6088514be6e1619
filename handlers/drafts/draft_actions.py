"""What the buttons of drafts do, and cancelling and changing them (rule C2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers import attachments
from handlers.context import Context
from handlers.drafts import draft_kinds
from handlers.problems import problem_drafts
from handlers.reports import report_confirmations, report_drafts, reports
from models.errors import AnothersDraft, NotUnderstood
from models.notices.ledger import DraftCancelled, EditPrompt
from models.operations import drafts, questions
from models.queries import drafts as draft_queries
from models.queries import entries
from models.tables.drafts import Draft, Question
from models.types import DraftKind, DraftState

EDIT: Final = "draft.edit"


def _open(context: Context, args: Mapping[str, str | int]) -> Draft | None:
    """The draft of a button if it is open and as the button showed it; says how it stands otherwise.

    Whoever may not act on it is refused, so that the card stays as it is for those who may.
    """
    draft = draft_queries.by_id(context.session, int(args["draft"]))
    if draft is None:
        raise NotUnderstood("这个按钮")
    if report_confirmations.principal_or_none(context, draft) is None:
        author = context.directory.people.get(draft.author_id)
        raise AnothersDraft(author.label if author else "本人")
    if draft.state != DraftState.OPEN.value:
        report_confirmations.receipt(context, draft)
        return None
    if "version" in args and int(args["version"]) != draft.version:
        # An old card: what it showed is no longer what would be entered.
        draft_kinds.show(context, draft)
        return None
    return draft


def press_confirm(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None:
        draft_kinds.confirm(context, draft)


def press_confirm_checked(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None:
        report_drafts.confirm_checked(context, draft, (int(args["line"]),) if "line" in args else ())


def press_confirm_line(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    """A button of 逐条: the draft's version moves with each line, so the line itself decides."""
    draft = _open(context, {name: value for name, value in args.items() if name != "version"})
    if draft is not None:
        draft_kinds.confirm_line(context, draft, int(args["line"]))


def press_cancel(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, {name: value for name, value in args.items() if name != "version"})
    if draft is not None:
        cancel(context, draft)


def press_cancel_line(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, {name: value for name, value in args.items() if name != "version"})
    if draft is not None:
        draft_kinds.cancel_line(context, draft, int(args["line"]))


def press_edit(context: Context, args: Mapping[str, str | int], text: str) -> None:
    draft = _open(context, args)
    if draft is None:
        return
    if text and draft_kinds.edit(context, draft, text):
        return
    if text:
        raise NotUnderstood(text[:20], examples=("改成5280", "累计5280万元"))
    ask_edit(context, draft, None)


def press_answer(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None and not reports.answer_line(context, draft, int(args["line"]), str(args["answer"])):
        draft_kinds.show(context, draft)


def press_one_by_one(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None:
        report_confirmations.one_by_one(context, draft)


def press_switch(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None:
        reports.switch_reading(context, draft, int(args["line"]))


def press_switch_house(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None:
        problem_drafts.switch_house(context, draft)


def press_drop_files(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None:
        attachments.drop(context, draft)
        draft_kinds.show(context, draft)


def press_attach(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    entry = entries.by_id(context.session, int(args["entry"]))
    if entry is None or entry.author_id != context.sender.id:
        raise NotUnderstood("这个按钮")
    attachments.attach_to_entry(context, entry, [int(one) for one in str(args["files"]).split(",") if one])


# --- shared


def cancel(context: Context, draft: Draft) -> None:
    drafts.close(context.desk, draft, DraftState.CANCELLED)
    context.say(DraftCancelled(number=draft.number, lines=()))


def ask_edit(context: Context, draft: Draft, line: int | None) -> None:
    """[修改] without a text: the next message says what to change."""
    questions.ask(
        context.desk,
        context.sender,
        kind=EDIT,
        body={"line": line},
        group_id=context.group_id,
        draft_id=draft.id,
    )
    context.say(EditPrompt(number=draft.number, figure=draft.kind == DraftKind.REPORT.value))


def answer_edit(context: Context, question: Question, text: str) -> bool:
    """The message after [修改]."""
    draft = draft_queries.still_open(context.session, question.draft_id)
    if draft is None:
        return False
    line = question.body.get("line")
    return draft_kinds.edit(context, draft, text, no=int(line) if line else None)
