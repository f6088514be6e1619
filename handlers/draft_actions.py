"""Confirming, cancelling and editing drafts of every kind, by button and by word (rule C2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from handlers import attachments, minutes_drafts, problem_drafts, reports
from handlers.context import Context
from handlers.draft_reach import place_of, within_reach
from handlers.minutes_drafts import MinutesBody
from handlers.understanding.answers import AnswerKind, Confirmation
from models.errors import Invalid, NotUnderstood
from models.notices.drafts import DraftList, DraftSummary
from models.notices.ledger import DraftCancelled, EditPrompt, NotYours, WhichDraft
from models.operations import drafts, questions
from models.operations.report_lines import DONE, ReportBody, judge
from models.queries import drafts as draft_queries
from models.queries import entries
from models.queries.directory import PersonInfo
from models.tables.drafts import Draft, Question
from models.types import DraftKind, DraftState, LineState


@dataclass(frozen=True, slots=True)
class Kind:
    """What the kinds of drafts do differently. edit returns False when the text was of no use."""

    confirm: Callable[[Context, Draft], None]
    edit: Callable[[Context, Draft, str], bool]
    summary: Callable[[Context, Draft], str]


def _confirm_report(context: Context, draft: Draft) -> None:
    reports.confirm(context, draft)


def _edit_report(context: Context, draft: Draft, text: str) -> bool:
    return reports.edit_text(context, draft, text)


def _report_summary(context: Context, draft: Draft) -> str:
    return reports.summary(ReportBody.from_json(draft.body), context.desk)


_OTHER: Final = Kind(problem_drafts.confirm, problem_drafts.edit, problem_drafts.summary)
KINDS: Final[Mapping[str, Kind]] = {
    DraftKind.REPORT.value: Kind(_confirm_report, _edit_report, _report_summary),
    DraftKind.PROBLEM.value: _OTHER,
    DraftKind.DISPATCH.value: _OTHER,
    DraftKind.FEEDBACK.value: _OTHER,
    DraftKind.LIGHT_FEEDBACK.value: _OTHER,
    DraftKind.MINUTES.value: _OTHER,
    DraftKind.CLOSING.value: _OTHER,
    DraftKind.IMPORT.value: _OTHER,
    DraftKind.CATEGORY.value: _OTHER,
}


def summary(context: Context, draft: Draft) -> str:
    return KINDS[draft.kind].summary(context, draft)


# --- by word


def by_word(context: Context, said: Confirmation, *, owner: PersonInfo | None = None) -> bool:
    """确认, 确认 2, 确认无误, 取消, 取消3, 修改 …; False when it is not about a draft. owner: only their drafts."""
    mine = within_reach(context)
    if owner is not None:
        mine = [draft for draft in mine if draft.author_id == owner.id]
    if not mine:
        return _is_anothers(context) or _nothing_open(context, said)
    for draft, lines in _chosen(place_of(context, mine), mine, said):
        _act(place_of(context, [draft]), draft, said.kind, lines)
    return True


def _told(context: Context, draft: Draft) -> str:
    """What a draft is about, and whose it is where it is a principal's."""
    about = summary(context, draft)
    author = context.directory.people.get(draft.author_id)
    if author is None or author.id == context.sender.id:
        return about
    return f"{about}（代 {author.label}，请回「确认 {author.name} {draft.number}」）"


def _is_anothers(context: Context) -> bool:
    """「确认」 in a group where somebody else's draft waits: told in private who may (rules B10, C2)."""
    if context.group_id is None:
        return False
    waiting = draft_queries.newest_in_group(context.session, context.group_id)
    own = draft_queries.last_changed(context.session, context.sender.id)
    if waiting is None or (
        own is not None
        and own.group_id == context.group_id
        and (own.closed_at or own.changed_at) >= waiting.changed_at
    ):
        return False
    author = context.directory.people.get(waiting.author_id)
    context.say_privately(NotYours(author=author.label if author else "本人"))
    return True


def _act(context: Context, draft: Draft, kind: AnswerKind, lines: tuple[int, ...]) -> None:
    """lines: of the draft; none for all of it."""
    if kind is AnswerKind.CANCEL:
        for line in lines:
            if draft.kind == DraftKind.MINUTES.value:
                minutes_drafts.drop_line(context, draft, line)
            else:
                reports.cancel_line(context, draft, line)
        if not lines:
            cancel(context, draft)
    elif kind is AnswerKind.EDIT:
        ask_edit(context, draft, lines[0] if lines else None)
    elif kind is AnswerKind.ONE_BY_ONE and draft.kind == DraftKind.REPORT.value:
        reports.one_by_one(context, draft)
    elif kind is AnswerKind.CONFIRM_CHECKED and draft.kind == DraftKind.REPORT.value:
        _confirm_checked(context, draft, lines)
    elif lines and draft.kind == DraftKind.REPORT.value:
        for line in lines:
            reports.confirm(context, draft, only=line)
    elif lines and draft.kind == DraftKind.MINUTES.value:
        for line in lines:
            minutes_drafts.confirm_line(context, draft, line)
    else:
        KINDS[draft.kind].confirm(context, draft)


def _chosen(context: Context, mine: list[Draft], said: Confirmation) -> list[tuple[Draft, tuple[int, ...]]]:
    """The drafts that are meant, each with the lines meant in it; none when the sender is asked which.

    ①② are always lines. Plain numbers are drafts; with one open draft they may be its lines.
    """
    only = mine[0] if len(mine) == 1 else None
    if only is not None and _line_numbers(only) and _means_lines(only, said):
        return [(only, said.lines or said.numbers)]
    if said.numbers:
        drafts = [_numbered(mine, number) for number in dict.fromkeys(said.numbers)]
        if not said.lines or len(drafts) == 1:
            return [(draft, said.lines) for draft in drafts]
    elif said.lines:
        holding = [draft for draft in mine if set(said.lines) <= set(_line_numbers(draft))]
        if len(holding) == 1 or only is not None:
            return [(holding[0] if holding else mine[0], said.lines)]
    elif only is not None:
        return [(only, ())]
    elif said.kind is AnswerKind.CONFIRM_CHECKED:
        waiting = [draft for draft in mine if needs_check(draft)]
        if len(waiting) == 1:
            return [(waiting[0], ())]
    verb = {AnswerKind.CANCEL: "取消", AnswerKind.EDIT: "修改", AnswerKind.CONFIRM_CHECKED: "确认无误"}.get(
        said.kind, "确认"
    )
    context.say(WhichDraft(verb=verb, drafts=tuple((draft.number, _told(context, draft)) for draft in mine)))
    return []


def _means_lines(only: Draft, said: Confirmation) -> bool:
    """Of the one open draft: 「确认 2」 is its line 2 unless the draft itself has that number."""
    if said.lines:
        return not said.numbers
    if len(said.numbers) > 1 or (said.numbers and said.kind is AnswerKind.CANCEL):
        return True
    return bool(said.numbers) and said.numbers[0] != only.number


def _numbered(mine: list[Draft], number: int) -> Draft:
    """Raises Invalid, naming those that are open."""
    for draft in mine:
        if draft.number == number:
            return draft
    raise Invalid(
        f"没有未确认的草稿{number}", mend="未确认的有：" + "、".join(f"草稿{draft.number}" for draft in mine)
    )


def needs_check(draft: Draft) -> bool:
    """Whether a report has a line that only 确认无误 enters (rule C7)."""
    if draft.kind != DraftKind.REPORT.value:
        return False
    return any(line.state is LineState.CHECK_UNIT for line in ReportBody.from_json(draft.body).lines)


def _line_numbers(draft: Draft) -> tuple[int, ...]:
    if draft.kind == DraftKind.MINUTES.value:
        body = MinutesBody.from_json(draft.body)
        return tuple(line.no for line in body.lines if line.state == minutes_drafts.OPEN)
    if draft.kind != DraftKind.REPORT.value:
        return ()
    lines = ReportBody.from_json(draft.body).lines
    return tuple(line.no for line in lines if line.state not in DONE) if len(lines) > 1 else ()


def _confirm_checked(context: Context, draft: Draft, numbers: tuple[int, ...]) -> None:
    body = ReportBody.from_json(draft.body)
    if numbers:
        for number in numbers:
            reports.confirm(context, draft, only=number, checked=True)
        return
    waiting = [
        line.no
        for line in body.lines
        if line.state not in DONE
        and judge(context.desk, line, author_id=draft.author_id).line.state is LineState.CHECK_UNIT
    ]
    if len(body.lines) == 1 or not waiting:
        reports.confirm(context, draft, checked=True)
        return
    for number in waiting:
        reports.confirm(context, draft, only=number, checked=True)


def _nothing_open(context: Context, said: Confirmation) -> bool:
    """确认 again after the draft was confirmed: the same receipt (rule C2)."""
    if said.kind not in (AnswerKind.CONFIRM, AnswerKind.CONFIRM_ALL, AnswerKind.CONFIRM_CHECKED):
        if said.kind is AnswerKind.EDIT:
            return False
        raise Invalid("现在没有未确认的草稿", mend="上报请直接说明，例：污水处理厂累计5500万")
    last = draft_queries.last_changed(context.session, context.sender.id)
    if last is None:
        raise Invalid("现在没有未确认的草稿", mend="上报请直接说明，例：污水处理厂累计5500万")
    reports.receipt(place_of(context, [last]), last)
    return True


# --- by button


def _open(context: Context, args: Mapping[str, str | int]) -> Draft | None:
    """The draft of a button if the presser may act on it and it is open; says why not otherwise."""
    draft = draft_queries.by_id(context.session, int(args["draft"]))
    if draft is None:
        raise NotUnderstood("这个按钮")
    if reports.principal_or_none(context, draft) is None:
        author = context.directory.people.get(draft.author_id)
        context.say_privately(NotYours(author=author.label if author else "本人"))
        return None
    if draft.state != DraftState.OPEN.value:
        reports.receipt(context, draft)
        return None
    if "version" in args and int(args["version"]) != draft.version:
        # An old card: what it showed is no longer what would be entered.
        show_again(context, draft)
        return None
    return draft


def show_again(context: Context, draft: Draft) -> None:
    """The card as it is now, for a button of an older one."""
    if draft.kind != DraftKind.REPORT.value:
        problem_drafts.show(context, draft)
        return
    body = ReportBody.from_json(draft.body)
    reports.show(
        context, draft, [judge(context.desk, line, author_id=draft.author_id) for line in body.lines]
    )


def press_confirm(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None:
        KINDS[draft.kind].confirm(context, draft)


def press_confirm_checked(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None:
        _confirm_checked(context, draft, (int(args["line"]),) if "line" in args else ())


def press_confirm_line(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    """A button of 逐条: the draft's version moves with each line, so the line itself decides."""
    draft = _open(context, {name: value for name, value in args.items() if name != "version"})
    if draft is not None and draft.kind == DraftKind.MINUTES.value:
        minutes_drafts.confirm_line(context, draft, int(args["line"]))
    elif draft is not None:
        reports.confirm(context, draft, only=int(args["line"]))


def press_cancel(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, {name: value for name, value in args.items() if name != "version"})
    if draft is not None:
        cancel(context, draft)


def press_cancel_line(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, {name: value for name, value in args.items() if name != "version"})
    if draft is not None and draft.kind == DraftKind.MINUTES.value:
        minutes_drafts.drop_line(context, draft, int(args["line"]))
    elif draft is not None:
        reports.cancel_line(context, draft, int(args["line"]))


def press_edit(context: Context, args: Mapping[str, str | int], text: str) -> None:
    draft = _open(context, args)
    if draft is None:
        return
    if text and KINDS[draft.kind].edit(context, draft, text):
        return
    if text:
        raise NotUnderstood(text[:20], examples=("改成5280", "累计5280万元"))
    ask_edit(context, draft, None)


def press_answer(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None and not reports.answer_line(context, draft, int(args["line"]), str(args["answer"])):
        show_again(context, draft)


def press_one_by_one(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    draft = _open(context, args)
    if draft is not None:
        reports.one_by_one(context, draft)


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
        show_again(context, draft)


def press_attach(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    entry = entries.by_id(context.session, int(args["entry"]))
    if entry is None or entry.author_id != context.sender.id:
        raise NotUnderstood("这个按钮")
    attachments.attach_to_entry(context, entry, [int(one) for one in str(args["files"]).split(",") if one])


# --- shared


def cancel(context: Context, draft: Draft) -> None:
    drafts.close(context.desk, draft, DraftState.CANCELLED)
    context.say(DraftCancelled(number=draft.number, lines=()))


EDIT: Final = "draft.edit"


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
    if draft.kind == DraftKind.REPORT.value:
        line = question.body.get("line")
        return reports.edit_text(context, draft, text, no=int(line) if line else None)
    return KINDS[draft.kind].edit(context, draft, text)


def show_list(context: Context) -> None:
    """/草稿"""
    context.say_privately(
        DraftList(
            drafts=tuple(
                DraftSummary(draft.number, _told(context, draft), draft.expires_at)
                for draft in within_reach(context)
            ),
            waiting_files=tuple(file.name for file in attachments.still_kept(context)),
        )
    )
