"""The ladder behind one due date: reminders, letters, a proposal (rules F6, E9).

The steps are fixed when a ladder opens: they become timers. While a submission is under review the ladder
stands still; when it is returned, the rungs that are left move back by the workdays of the review. What a
rung says depends on the record it is about: `SAYS` holds one function per kind of record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.notices.base import Notice
from models.operations import documents, outbox, timers
from models.operations.desk import Desk
from models.queries import outages
from models.rules import ladder as rules
from models.rules.calendar import Calendar
from models.rules.ladder import LadderPolicy, RungName
from models.rules.policy import Policy
from models.tables.clockwork import Timer
from models.tables.items import Ladder, Rung
from models.types import Subject

TIMER: Final = "ladder_rung"
RUNNING: Final = "running"
PAUSED: Final = "paused"
ENDED: Final = "ended"

UNDER_REVIEW: Final = "审核期间暂停"
_MOVED: Final = "已顺延"

Say = Callable[[Desk, Ladder, RungName], None]

SAYS: dict[str, Say] = {}
"""What a rung does, by the kind of the ladder's subject; filled by the modules of those records."""


def open_ladder(
    desk: Desk,
    about: Subject,
    what: str,
    *,
    due_at: datetime,
    policy: Policy,
) -> Ladder:
    """Start the climb behind one due date (what: 反馈 or 办结). The same due date twice is one ladder.

    policy: by which the case was opened. Rungs whose moment has passed fire at once, but no reminder of a date that
    the person is being told just now.
    """
    known = _one(desk.session, about, what, due_at)
    if known is not None:
        return known
    ladder = Ladder(
        subject_kind=about.kind, subject_id=about.id, what=what, due_at=due_at, state=RUNNING,
        policy_version=policy.version,
    )  # fmt: skip
    desk.session.add(ladder)
    desk.session.flush()
    set_timers(desk.session, ladder, desk.directory.calendar, steps_of(about, policy), told_at=desk.now)
    return ladder


def open_again(desk: Desk, about: Subject, what: str, *, due_at: datetime, policy: Policy) -> Ladder:
    """The same for a record that was over: the ladder of a due date that had ended climbs on (rule F1)."""
    known = _one(desk.session, about, what, due_at)
    if known is None or known.state != ENDED:
        return open_ladder(desk, about, what, due_at=due_at, policy=policy)
    known.state, known.paused_at, known.ended_at, known.outcome = RUNNING, None, None, None
    desk.session.flush()
    set_timers(desk.session, known, desk.directory.calendar, steps_of(about, policy), told_at=desk.now)
    return known


def steps_of(about: Subject, policy: Policy) -> LadderPolicy:
    """Of a warning up to 督办函, of an item up to 提级建议 (rules E9, F6)."""
    return policy.ladder.of_lights if about.kind == "light_case" else policy.ladder


def set_timers(
    session: Session, ladder: Ladder, days: Calendar, steps: LadderPolicy, *, told_at: datetime | None = None
) -> None:
    """Wait for every rung of a running ladder that has not fired. told_at: no reminder for a moment before it."""
    fired = _fired(session, ladder)
    for rung in rules.rungs(ladder.due_at, days, steps):
        if told_at is not None and rung.name is RungName.REMIND and rung.at < told_at:
            continue
        if rung.name.value not in fired:
            timers.set_timer(
                session, TIMER, Subject("ladder", ladder.id), due_at=rung.at, step=rung.name.value
            )


def pause(desk: Desk, about: Subject, what: str | None = None) -> None:
    """A submission is under review: running ladders of the record stand still."""
    for ladder in of(desk.session, about, what):
        if ladder.state == RUNNING:
            ladder.state, ladder.paused_at = PAUSED, desk.now
            desk.session.flush()
            desk.cancel_timers(Subject("ladder", ladder.id), TIMER, reason=UNDER_REVIEW)


def resume(desk: Desk, about: Subject, what: str | None = None) -> None:
    """The submission was returned: what is left moves back by the workdays under review (rule F6)."""
    for ladder in of(desk.session, about, what):
        if ladder.state != PAUSED or ladder.paused_at is None:
            continue
        left = _cancelled(desk.session, ladder, UNDER_REVIEW)
        _relabel(desk.session, ladder, UNDER_REVIEW, _MOVED)
        moved = rules.resume(
            [rules.Rung(RungName(str(timer.body["step"])), timer.due_at) for timer in left],
            ladder.paused_at, desk.now, desk.directory.calendar,
        )  # fmt: skip
        for rung in moved:
            desk.set_timer(TIMER, Subject("ladder", ladder.id), due_at=rung.at, step=rung.name.value)
        ladder.state, ladder.paused_at = RUNNING, None
        desk.session.flush()


def end(desk: Desk, about: Subject, outcome: str, what: str | None = None) -> None:
    """Nothing more will be said about this due date; outcome tells why (反馈已采纳, 已转绿…)."""
    for ladder in of(desk.session, about, what):
        if ladder.state != ENDED:
            ladder.state, ladder.ended_at, ladder.outcome = ENDED, desk.now, outcome
            desk.session.flush()
            desk.cancel_timers(Subject("ladder", ladder.id), TIMER, reason=outcome)
    documents.withdraw(desk, about, reason=outcome, what=what or "")


def take_back(
    desk: Desk, about: Subject, notices: tuple[type[Notice], ...], *, reason: str, what: str = ""
) -> int:
    """Withdraw what rungs said and what was not sent yet (rule P3). Returns how many.

    what: only what was said about this kind of due date, as the notices name it.
    """
    rows = outbox.waiting(desk.session, about, notices)
    gone = [(number, fields) for number, fields in rows if not what or fields.get("what") == what]
    if not gone:
        return 0
    outbox.withdraw_rows(desk.session, [number for number, _ in gone], reason=reason, now=desk.now)
    return len(gone)


def reopen(desk: Desk, about: Subject, *, ended_at: datetime) -> None:
    """Take back an end: ladders that ended at this moment go on with their old dates (rule E13).

    Rungs whose moment has passed fire at once, but no reminder of a date that has passed too.
    """
    for ladder in of(desk.session, about):
        if ladder.state != ENDED or ladder.ended_at != ended_at:
            continue
        for timer in _cancelled(desk.session, ladder, ladder.outcome or ""):
            if timer.body["step"] == RungName.REMIND.value and ladder.due_at < desk.now:
                continue
            desk.set_timer(
                TIMER, Subject("ladder", ladder.id), due_at=timer.due_at, step=str(timer.body["step"])
            )
        ladder.state = PAUSED if ladder.paused_at is not None else RUNNING
        ladder.ended_at, ladder.outcome = None, None
        desk.session.flush()
    documents.restore(desk, about, ended_at=ended_at)


def fire(desk: Desk, ladder_id: int, body: dict[str, object]) -> str:
    """Take one rung, once; for the timer. Returns what became of it."""
    ladder = desk.session.get_one(Ladder, ladder_id)
    name = RungName(str(body["step"]))
    if ladder.state != RUNNING:
        return f"阶梯已{'暂停' if ladder.state == PAUSED else '结束'}"
    if name.value in _fired(desk.session, ladder):
        return "已执行过"
    desk.session.add(Rung(ladder_id=ladder.id, name=name.value, due_at=desk.now, fired_at=desk.clock_now))
    desk.session.flush()
    SAYS[ladder.subject_kind](desk, ladder, name)
    return f"已{name.value}"


def excused_until(desk: Desk, ladder: Ladder) -> datetime | None:
    """Until when nobody is late because an outage lay over the due date; None when that does not apply (rule A4)."""
    until = outages.excused_until(desk.session, ladder.due_at, desk.directory.calendar)
    return until if until > max(desk.clock_now, ladder.due_at) else None


def of(session: Session, about: Subject, what: str | None = None) -> list[Ladder]:
    """All ladders of a record, oldest due date first."""
    statement = select(Ladder).where(Ladder.subject_kind == about.kind, Ladder.subject_id == about.id)
    if what is not None:
        statement = statement.where(Ladder.what == what)
    return list(session.execute(statement.order_by(Ladder.due_at, Ladder.id)).scalars())


def taken_of(session: Session, ladder: Ladder) -> list[Rung]:
    """The rungs of one ladder that fired, oldest first."""
    return list(
        session.execute(
            select(Rung).where(Rung.ladder_id == ladder.id).order_by(Rung.fired_at, Rung.id)
        ).scalars()
    )


def _one(session: Session, about: Subject, what: str, due_at: datetime) -> Ladder | None:
    return session.execute(
        select(Ladder).where(
            Ladder.subject_kind == about.kind,
            Ladder.subject_id == about.id,
            Ladder.what == what,
            Ladder.due_at == due_at,
        )
    ).scalar_one_or_none()


def _fired(session: Session, ladder: Ladder) -> set[str]:
    return set(session.execute(select(Rung.name).where(Rung.ladder_id == ladder.id)).scalars())


def _cancelled(session: Session, ladder: Ladder, outcome: str) -> list[Timer]:
    return list(
        session.execute(
            select(Timer)
            .where(
                Timer.subject_kind == "ladder",
                Timer.subject_id == ladder.id,
                Timer.kind == TIMER,
                Timer.state == "cancelled",
                Timer.outcome == outcome,
            )
            .order_by(Timer.due_at, Timer.id)
            .execution_options(populate_existing=True)
        ).scalars()
    )


def _relabel(session: Session, ladder: Ladder, old: str, new: str) -> None:
    session.execute(
        update(Timer)
        .where(
            Timer.subject_kind == "ladder",
            Timer.subject_id == ladder.id,
            Timer.state == "cancelled",
            Timer.outcome == old,
        )
        .values(outcome=new)
        .execution_options(synchronize_session=False)
    )
