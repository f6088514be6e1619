"""Confirming a report draft: each line enters once, on the ledger it was shown with (rules C1, C2, C6–C8, C14)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from models.errors import Invalid
from models.notices.ledger import EnteredLine, StaleBase
from models.operations import attachments, drafts, ledger
from models.operations.desk import Desk
from models.operations.ledger import Origin
from models.operations.report_lines import (
    DONE,
    Judged,
    ReportBody,
    ReportLine,
    closed_year,
    judge,
    ledger_fen,
    values_of,
    view,
)
from models.queries import figures
from models.rules import calendar
from models.tables.drafts import Draft
from models.tables.lights import LightState
from models.types import DraftState, Light, LineState, Role, Subject

# Columns of the running year, which a figure of a closed year leaves alone (rule D6).
_OF_THE_YEAR: Final = ("ytd_fen", "ytd_as_of", "period_fen", "period_name", "period_as_of", "basis")
# The desk of the person a line is reported for (rule B6).
DeskFor = Callable[[int | None], Desk]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What confirming did. stale: lines not entered, because the ledger had changed. unchecked: that need 确认无误."""

    body: ReportBody
    lines: tuple[EnteredLine, ...] = ()
    stale: tuple[StaleBase, ...] = ()
    unchecked: tuple[int, ...] = ()
    unready: tuple[Judged, ...] = ()
    at: datetime | None = None


def confirm(
    desk: Desk, draft: Draft, *, only: Collection[int] = (), checked: bool = False, desk_for: DeskFor
) -> Confirmed:
    """Enter the clear lines of a draft (only: just these). checked: the author said 确认无误 (rule C7).

    A line whose figure in the ledger has changed is shown again and waits; the others do not (rules C8, C14).
    """
    body = ReportBody.from_json(draft.body)
    chosen = [line for line in body.lines if line.state not in DONE and (not only or line.no in only)]
    body, stale = _changed_meanwhile(desk, draft, body, chosen)
    chosen = [line for line in chosen if line.no not in stale]
    entered: list[EnteredLine] = []
    unchecked: list[int] = []
    unready: list[Judged] = []
    for line in chosen:
        judged = judge(desk, line, author_id=draft.author_id)
        state = judged.line.state
        if state is LineState.CHECK_UNIT and not checked:
            unchecked.append(line.no)
        elif state in (LineState.READY, LineState.CHECK_UNIT) or (
            state is LineState.NEEDS_REASON and judged.line.reason
        ):
            done, shown = _enter(desk_for(judged.line.for_id), draft, judged, alone=len(body.lines) == 1)
            body = body.with_line(done)
            entered.append(shown)
        else:
            unready.append(judged)
    if entered or stale:
        if all(line.state in DONE for line in body.lines):
            body = replace(body, receipt=_receipt(draft, entered, desk.now))
            draft.body = body.to_json()
            drafts.close(desk, draft, DraftState.CONFIRMED)
        else:
            drafts.edit(desk, draft, body.to_json())
    shown_again = tuple(replace(notice, version=draft.version) for notice in stale.values())
    return Confirmed(body, tuple(entered), shown_again, tuple(unchecked), tuple(unready), desk.now)


def _changed_meanwhile(
    desk: Desk, draft: Draft, body: ReportBody, chosen: list[ReportLine]
) -> tuple[ReportBody, dict[int, StaleBase]]:
    """The lines, by number, whose figure in the ledger is no longer the one on the card, to be shown again (C14)."""
    found: dict[int, StaleBase] = {}
    for line in chosen:
        if line.project_id is None or line.amount_fen is None or line.base_fen is None:
            continue
        project = ledger.project_row(desk, line.project_id)
        held = ledger_fen(desk, line, figures.of(desk.session, line.project_id))
        if held == line.base_fen:
            continue
        last = ledger.last_change(desk, project.id)
        author = desk.directory.people.get(last.author_id) if last and last.author_id else None
        fresh = replace(line, base_version=project.version, base_fen=held)
        judged = judge(desk, fresh, author_id=draft.author_id)
        body = body.with_line(judged.line)
        found[line.no] = StaleBase(
            draft_id=draft.id, version=draft.version, number=draft.number, by=author.label if author else "系统",
            at=last.at if last else desk.now, lines=(view(desk, judged),), base_fen=held,
            same_day=last is None or calendar.local_date(last.at) == desk.today,
        )  # fmt: skip
    return body, found


def _enter(desk: Desk, draft: Draft, judged: Judged, *, alone: bool) -> tuple[ReportLine, EnteredLine]:
    """alone: the files on the card are this line's; else each line of the card gets them (rules C8, C9)."""
    give_files = attachments.hand_over if alone else attachments.share
    line, verdict = judged.line, judged.verdict
    assert line.project_id is not None
    project = ledger.project_row(desk, line.project_id)
    now = figures.of(desk.session, line.project_id)
    close = closed_year(desk, line, now)
    old = ledger_fen(desk, line, now)
    values = values_of(line, verdict, now, desk.today)
    origin = Origin(draft.id, line.no, draft.source, line.reason or None)
    new = values.get("ytd_fen", old)
    lower = new < old
    principal = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if lower and not (principal is not None and principal.holds(Role.LEDGER_ADMIN)):
        if not line.reason:
            raise Invalid("比台账少的数要说明原因")
        extra = {name: value for name, value in values.items() if name not in ("ytd_fen", "ytd_as_of")}
        correction = ledger.request_correction(
            desk,
            project,
            new_fen=new,
            as_of=values["ytd_as_of"]
            if close is None
            else min(values["ytd_as_of"], date(close.year, 12, 31)),
            reason=line.reason,
            extra=extra,
            origin=origin,
        )
        give_files(desk, draft.id, Subject("correction", correction.id))
        entry_id = None
    else:
        kind = "correction" if line.correction or lower else ("unchanged" if not values else "report")
        if close is not None:
            rest = {name: value for name, value in values.items() if name not in _OF_THE_YEAR}
            entry = ledger.enter_closed_year(
                desk, project, rest, ytd_fen=new, kind=kind, origin=origin,
                as_of=min(values["ytd_as_of"], date(close.year, 12, 31)),
            )  # fmt: skip
        else:
            entry = ledger.enter(
                desk, project, values, kind=kind, origin=origin, as_of=values.get("ytd_as_of")
            )
        give_files(desk, draft.id, Subject("entry", entry.id))
        entry_id = entry.id
    shown = EnteredLine(
        no=line.no,
        code=project.code,
        old_fen=old,
        new_fen=new,
        light=_light(desk, project.id),
        correction=entry_id is None,
        figure="ytd_fen" in values,
        year=close.year if close is not None else None,
        adjusted=now.adjusted is not None,
    )
    return replace(line, state=LineState.ENTERED, entry_id=entry_id), shown


def _light(desk: Desk, project_id: int) -> Light:
    state = desk.session.get(LightState, project_id)
    return Light(state.shown) if state is not None else Light.GREEN


def _receipt(draft: Draft, lines: list[EnteredLine], at: datetime) -> dict[str, object]:
    return {
        "at": at.isoformat(),
        "number": draft.number,
        "lines": [
            [
                line.no,
                line.code,
                line.old_fen,
                line.new_fen,
                line.light.value,
                line.correction,
                line.figure,
                line.year,
                line.adjusted,
            ]
            for line in lines
        ],
    }
