"""Confirmations typed: which drafts they mean, and which of their lines (rules B6, B10, C2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from handlers import access, attachments
from handlers.context import Context
from handlers.draft_reach import place_of, within_reach
from handlers.drafts import draft_actions, draft_kinds
from handlers.drafts.draft_kinds import KINDS
from handlers.reports import report_confirmations, report_drafts
from handlers.understanding.answers import AnswerKind, Confirmation
from models.errors import AnothersDraft, Invalid
from models.notices.drafts import DraftList, DraftSummary
from models.notices.ledger import WhichDraft
from models.operations import draft_summaries
from models.queries import drafts as draft_queries
from models.queries.directory import PersonInfo
from models.tables.drafts import Draft
from models.types import DraftKind

_ALL: Final = Confirmation(AnswerKind.CONFIRM_ALL)
_CONFIRMS: Final = frozenset({AnswerKind.CONFIRM, AnswerKind.CONFIRM_ALL, AnswerKind.CONFIRM_CHECKED})
_RECALLED: Final = timedelta(days=1)  # numbers are used again: an older receipt would be another draft's


def by_word(context: Context, said: Confirmation, *, owner: PersonInfo | None = None) -> bool:
    """确认, 确认 2, 确认无误, 取消, 取消3, 修改 …; False when it is not about a draft. owner: only their drafts."""
    mine = within_reach(context)
    if owner is not None:
        mine = [draft for draft in mine if draft.author_id == owner.id]
    if not mine:
        _refuse_anothers(context)
        return _is_settled(context, said, owner) or _nothing_open(context, said)
    known = {draft.number for draft in mine}
    if len(mine) == 1 and len(lines := mine[0].body.get("lines", ())) > 1:
        known.update(range(1, 1 + len(lines)))  # a number may be one of its lines
    if known.isdisjoint(said.numbers) and _is_settled(context, said, owner):
        return True
    for draft, lines in _chosen(place_of(context, mine), mine, said):
        _act(place_of(context, [draft]), draft, said.kind, lines)
    return True


def _told(context: Context, draft: Draft) -> str:
    """What a draft is about, and whose it is where it is a principal's."""
    about = draft_summaries.summary(context.desk, draft)
    author = context.directory.people.get(draft.author_id)
    if author is None or author.id == context.sender.id:
        return about
    return f"{about}（代 {author.label}，请回「确认 {author.name} {draft.number}」）"


def _refuse_anothers(context: Context) -> None:
    """「确认」 in a group where somebody else's draft waits: told in private who may (rules B10, C2)."""
    if context.group_id is None:
        return
    waiting = draft_queries.newest_in_group(context.session, context.group_id)
    own = draft_queries.last_changed(context.session, context.sender.id)
    if waiting is None or (
        own is not None
        and own.group_id == context.group_id
        and (own.closed_at or own.changed_at) >= waiting.changed_at
    ):
        return
    author = context.directory.people.get(waiting.author_id)
    raise AnothersDraft(author.label if author else "本人")


def _is_settled(context: Context, said: Confirmation, owner: PersonInfo | None) -> bool:
    """「确认 1」 of a draft 1 that was confirmed before: its own receipt again, whatever else came since (rule C2)."""
    if said.kind not in _CONFIRMS or len(said.numbers) != 1 or said.lines:
        return False
    people = [owner] if owner is not None else access.own_and_principals(context)
    draft = draft_queries.settled(
        context.session, [one.id for one in people], said.numbers[0], since=context.now - _RECALLED
    )
    if draft is None or report_confirmations.principal_or_none(context, draft) is None:
        return False
    report_confirmations.receipt(place_of(context, [draft]), draft)
    return True


def _act(context: Context, draft: Draft, kind: AnswerKind, lines: tuple[int, ...]) -> None:
    """lines: of the draft; none for all of it."""
    of_lines = KINDS[draft.kind].lines
    if of_lines is None:
        lines = ()
    if kind in (AnswerKind.CANCEL, AnswerKind.CANCEL_ALL) and not lines:
        draft_actions.cancel(context, draft)
    elif kind is AnswerKind.EDIT:
        draft_actions.ask_edit(context, draft, lines[0] if lines else None)
    elif kind is AnswerKind.ONE_BY_ONE and draft.kind == DraftKind.REPORT.value:
        report_confirmations.one_by_one(context, draft)
    elif kind is AnswerKind.CONFIRM_CHECKED and draft.kind == DraftKind.REPORT.value:
        report_drafts.confirm_checked(context, draft, lines)
    elif kind is AnswerKind.CONFIRM_ALL and not lines and report_drafts.needs_check(draft):
        draft_kinds.show(context, draft)  # 全部确认 is no 确认无误 (rules C7, C8)
    elif lines and kind is not AnswerKind.CANCEL and draft.kind == DraftKind.REPORT.value:
        report_confirmations.confirm(context, draft, only=lines)
    elif of_lines is not None and lines:
        for line in lines:
            (of_lines.cancel if kind is AnswerKind.CANCEL else of_lines.confirm)(context, draft, line)
    else:
        draft_kinds.confirm(context, draft)


def _chosen(context: Context, mine: list[Draft], said: Confirmation) -> list[tuple[Draft, tuple[int, ...]]]:
    """The drafts that are meant, each with the lines meant in it; none when the sender is asked which.

    ①② are always lines. Plain numbers are drafts; with one open draft they may be its lines.
    """
    only = mine[0] if len(mine) == 1 else None
    if said.kind is AnswerKind.CANCEL_ALL and not (said.numbers or said.lines):
        return [(draft, ()) for draft in mine if draft.author_id == context.sender.id] or [(mine[0], ())]
    if said == _ALL and only is None and all(_is_plain_report(context, draft) for draft in mine):
        return sorted(((draft, ()) for draft in mine), key=lambda one: report_drafts.needs_check(one[0]))
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
        waiting = [draft for draft in mine if report_drafts.needs_check(draft)]
        if len(waiting) == 1:
            return [(waiting[0], ())]
    verb = {AnswerKind.CANCEL: "取消", AnswerKind.EDIT: "修改", AnswerKind.CONFIRM_CHECKED: "确认无误"}.get(
        said.kind, "确认"
    )
    context.say(WhichDraft(verb=verb, drafts=tuple((draft.number, _told(context, draft)) for draft in mine)))
    return []


def _is_plain_report(context: Context, draft: Draft) -> bool:
    """The sender's own, of a single line: of a card with several, 「全部确认」 may mean its lines alone."""
    return (
        draft.kind == DraftKind.REPORT.value
        and draft.author_id == context.sender.id
        and not _line_numbers(draft)
    )


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


def _nothing_open(context: Context, said: Confirmation) -> bool:
    """确认 again after the draft was confirmed: the same receipt (rule C2)."""
    if said.kind not in _CONFIRMS:
        if said.kind is AnswerKind.EDIT:
            return False
        raise Invalid("现在没有未确认的草稿", mend="上报请直接说明，例：污水处理厂累计5500万")
    last = draft_queries.last_changed(context.session, context.sender.id)
    if last is None or said.numbers:
        raise Invalid("现在没有未确认的草稿", mend="上报请直接说明，例：污水处理厂累计5500万")
    report_confirmations.receipt(place_of(context, [last]), last)
    return True


def _line_numbers(draft: Draft) -> Collection[int]:
    """Of the lines that are not over, where the card numbers them."""
    lines = KINDS[draft.kind].lines
    if lines is None or not (lines.numbered_alone or len(draft.body["lines"]) > 1):
        return ()
    return lines.waiting(draft).keys()


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
