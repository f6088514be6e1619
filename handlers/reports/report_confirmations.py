"""Confirming a report draft: what is clear is entered and answered with the receipt (rules C2, C7, C8, C14)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import access
from handlers.context import Context
from handlers.reports import reports, still_reported
from models.errors import Invalid
from models.notices.ledger import DraftCancelled, DraftGone, Entered, EnteredLine, LineCards
from models.operations import drafts
from models.operations import reports as operations
from models.operations.desk import Desk
from models.operations.report_lines import DONE, ReportBody, ReportLine, judge, view
from models.queries import restricted
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.tables.drafts import Draft
from models.types import DraftKind, DraftState, Light, LineState


def confirm(context: Context, draft: Draft, *, only: Collection[int] = (), checked: bool = False) -> None:
    """Enter what is clear and answer with the receipt; asks again where the ledger had changed. only: these lines."""
    held = ReportBody.from_json(draft.body)
    body = still_reported.lines_of(context, draft, held)
    if body != held:
        drafts.edit(context.desk, draft, body.to_json())
    done = operations.confirm(
        context.desk,
        draft,
        only=only,
        checked=checked,
        desk_for=lambda person_id: _desk_for(context, draft, person_id),
    )
    if done.stale and not done.lines:
        for one in done.stale:
            context.say(one)
        _wait_for_reason(context, draft, done.body)
        return
    if not done.lines and done.unchecked:
        raise Invalid("这一条需要回复「确认无误」", mend="数字不对请回「修改」")
    if not done.lines and done.unready:
        reports.ask(context, draft, done.unready[0], alone=not only and len(body.lines) == 1)
        return
    rest = [line for line in done.body.lines if line.state not in DONE]
    context.say(
        _entered(context, draft.number, done.lines, done.at or context.now, rest, many=len(body.lines) > 1)
    )
    for one in done.stale:
        context.say(one)
    waiting = next(
        (line for line in rest if reports.must_ask(line) or line.state is LineState.CHECK_UNIT), None
    )
    if waiting is not None:
        reports.remember(context, draft, waiting)


def _wait_for_reason(context: Context, draft: Draft, fresh: ReportBody) -> None:
    """The ledger has grown past a figure: it is lower now, and its card has asked for the reason (rules C6, C14)."""
    for line in fresh.lines:
        if line.state is LineState.NEEDS_REASON and reports.must_ask(line):
            reports.remember(context, draft, line)
            return


def _desk_for(context: Context, draft: Draft, person_id: int | None) -> Desk:
    """The desk of the act: for the principal a line is reported for, or for the author whose draft it is."""
    people = context.directory.people
    if person_id is not None:
        return access.acting_still_for(
            context, person_id, f"确认草稿{draft.number}", author_id=draft.author_id
        )
    return context.act_for(people.get(draft.author_id))


def _entered(
    context: Context,
    number: int,
    lines: Sequence[EnteredLine],
    at: datetime,
    rest: Sequence[ReportLine],
    *,
    many: bool,
) -> Entered:
    admins = context.directory.ledger_admins(context.sender.organisation_id)
    limit = context.policy.undo_minutes
    return Entered(
        number=number, at=at, lines=tuple(lines), many=many,
        undo_minutes=limit if context.now - at <= timedelta(minutes=limit) else 0,
        today=calendar.local_date(at) == context.desk.today,
        rest=tuple(view(context.desk, judge(context.desk, line, author_id=context.sender.id)) for line in rest),
        reviewer="、".join(admin.label for admin in admins) or "综合专班",
    )  # fmt: skip


def receipt(context: Context, draft: Draft) -> None:
    """The same receipt again for a draft that was confirmed, or what became of it (rule C2)."""
    stored = ReportBody.from_json(draft.body).receipt if draft.kind == DraftKind.REPORT.value else {}
    if draft.state == DraftState.CONFIRMED.value and stored:
        lines = [
            EnteredLine(no, code, old, new, Light(light), correction, figure, *year)
            for no, code, old, new, light, correction, figure, *year in stored["lines"]
        ]
        many = len(draft.body["lines"]) > 1
        context.say(
            _entered(context, draft.number, lines, datetime.fromisoformat(stored["at"]), (), many=many)
        )
        return
    at = (
        draft.expires_at if draft.state == DraftState.EXPIRED.value else (draft.closed_at or draft.changed_at)
    )
    context.say(DraftGone(draft.number, draft.state, at, today=calendar.local_date(at) == context.desk.today))


def one_by_one(context: Context, draft: Draft) -> None:
    """[逐条]: a card for every clear line."""
    for line in still_reported.lines_of(context, draft, ReportBody.from_json(draft.body)).lines:
        if line.state in (LineState.READY, LineState.CHECK_UNIT) or (
            line.state is LineState.NEEDS_REASON and line.reason
        ):
            judged = judge(context.desk, line, author_id=draft.author_id)
            context.say(
                LineCards(
                    draft_id=draft.id,
                    version=draft.version,
                    number=draft.number,
                    line=view(context.desk, judged),
                )
            )


def cancel_line(context: Context, draft: Draft, no: int) -> None:
    """「取消3」: one line goes; the draft with its last line."""
    body = ReportBody.from_json(draft.body)
    line = next((one for one in body.lines if one.no == no and one.state not in DONE), None)
    if line is None:
        raise Invalid(f"草稿{draft.number} 没有待确认的第{no}条")
    body = body.with_line(replace(line, state=LineState.CANCELLED))
    if all(one.state in DONE for one in body.lines):
        draft.body = body.to_json()
        entered = any(one.state is LineState.ENTERED for one in body.lines)
        drafts.close(context.desk, draft, DraftState.CONFIRMED if entered else DraftState.CANCELLED)
    else:
        drafts.edit(context.desk, draft, body.to_json())
    context.say(DraftCancelled(number=draft.number, lines=(no,)))


def principal_or_none(context: Context, draft: Draft) -> PersonInfo | None:
    """For whom the sender may confirm this draft: the author, or the author's delegate now (rules C2, B6).

    Nobody stands in for the author of one about a restricted item (rule B8).
    """
    if draft.author_id == context.sender.id:
        return context.sender
    if restricted.is_draft(context.session, draft):
        return None
    principals = context.directory.standing_in_for(context.sender.id, context.now)
    return next((person for person in principals if person.id == draft.author_id), None)
