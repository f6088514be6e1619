"""The fictional city without a network: database, jobs and timers, and what they put into the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.notices.base import Notice, decode
from models.operations import ledger
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.operations.ledger import Origin
from models.queries import directory as directories
from models.queries import policies
from models.queries.directory import PersonInfo
from models.rules.calendar import SHANGHAI, local
from models.tables.clockwork import Timer
from models.tables.outbox import OutboxNotice
from models.tables.projects import Entry, Project
from models.types import OutboxState, RecipientKind
from scheduler.jobs import announce_lights, check_lights, close_year, evaluate_lights
from scheduler.timers import TIMERS
from tests import prepared

WAN = 1_000_000
BASELINE_AT = "2026-09-21 18:00"  # later moments are reached by the clock
JOBS = (close_year.JOB, check_lights.JOB, evaluate_lights.JOB, announce_lights.JOB)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Said:
    """One notice in the outbox. to: a name. due: local "09-20 08:30"."""

    notice: Notice
    to: str
    due: str
    state: str
    reason: str


class Clockwork:
    """Open at a time; `said` counts from there. `go` runs what falls due in order, as the runner does."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.mark = 0
        self.directory = directories.load(session)

    @classmethod
    def opened(cls, session: Session, at: str) -> Clockwork:
        """On a session that has not begun, whose database becomes the city at that time."""
        start = moment(min(at, BASELINE_AT))
        brought = prepared.city(start)
        if at > BASELINE_AT:
            brought = prepared.kept(f"clockwork {at}", lambda file: _bring(file, start, at))
        prepared.put(brought, session)
        city = cls(session, moment(at))
        if at > BASELINE_AT:
            city.listen()
        return city

    def person(self, name: str) -> PersonInfo:
        return next(one for one in self.directory.people.values() if one.label.startswith(name))

    def desk(self, who: str = "", *, now: datetime | None = None, processed: datetime | None = None) -> Desk:
        """A desk for a person's act now, or for the system."""
        person = self.person(who) if who else None
        actor = Actor(person.id if person else None, person.label if person else "系统", source="m1")
        return Desk(
            self.session,
            self.directory,
            policies.current(self.session),
            now or self.now,
            actor,
            processed_at=processed,
        )

    def project(self, code: str) -> Project:
        return self.session.execute(select(Project).where(Project.code == code)).scalar_one()

    def go(self, to: str, *, down: bool = False) -> None:
        """Move the clock. down: the process was away and catches up at the end (rule A4)."""
        end = moment(to)
        calendar = self.directory.calendar
        while True:
            dues = [
                (due, job)
                for job in JOBS
                if (due := next(job.schedule.between(self.now, end, calendar), None)) is not None
            ]
            first = min((due for due, _ in dues), default=end)
            timer = self.session.execute(
                select(Timer)
                .where(Timer.state == "waiting", Timer.due_at <= end, Timer.kind.in_(TIMERS))
                .order_by(Timer.due_at, Timer.id)
                .limit(1)
            ).scalar_one_or_none()
            if timer is not None and (timer.due_at < first or not dues):
                timer.state = "fired"
                self.session.flush()
                desk = self.desk(now=timer.due_at, processed=end if down else None)
                TIMERS[timer.kind].run(desk, timer.subject_id, dict(timer.body))
                continue
            if not dues:
                break
            for due, job in dues:
                if due == first:
                    job.run(self.desk(now=due, processed=end if down else None))
            self.now = first
        self.now = end
        self.session.flush()

    def enter(self, who: str, code: str, wan: float) -> Entry:
        """A confirmed report of a year-to-date figure in 万元."""
        return ledger.enter(
            self.desk(who), self.project(code), {"ytd_fen": round(wan * WAN), "ytd_as_of": self.desk().today},
            kind="report", origin=Origin(),
        )  # fmt: skip

    # --- what was said

    def listen(self) -> None:
        """From here on `said` counts."""
        self.mark = max(self.session.execute(select(OutboxNotice.id)).scalars(), default=0)

    def deliver(self) -> None:
        """Everything that is due has been sent."""
        self.session.execute(
            update(OutboxNotice)
            .where(OutboxNotice.state == OutboxState.WAITING.value, OutboxNotice.due_at <= self.now)
            .values(state=OutboxState.SENT.value)
            .execution_options(synchronize_session="fetch")
        )

    def said(self, *kinds: type[Notice], about: str = "") -> list[Said]:
        """Notices since `listen` that were not withdrawn, of these classes, with this code."""
        rows = self.session.execute(
            select(OutboxNotice)
            .where(OutboxNotice.id > self.mark, OutboxNotice.state != OutboxState.WITHDRAWN.value)
            .order_by(OutboxNotice.id)
            .execution_options(populate_existing=True)
        ).scalars()
        found = [
            Said(
                decode(row.notice, row.payload), self._name(row.recipient_kind, row.recipient_id),
                f"{local(row.due_at):%m-%d %H:%M}", row.state, row.reason,
            )
            for row in rows
        ]  # fmt: skip
        return [
            one
            for one in found
            if (not kinds or isinstance(one.notice, kinds))
            and (not about or getattr(one.notice, "code", "") == about)
        ]

    def told(self, *kinds: type[Notice], about: str = "") -> list[str]:
        """Who was told, sorted."""
        return sorted(one.to for one in self.said(*kinds, about=about))

    def _name(self, kind: str, number: int) -> str:
        if kind == RecipientKind.GROUP.value:
            return f"【{self.directory.groups[number].name.strip('【】')}】"
        return self.directory.people[number].label


def _bring(file: Path, start: datetime, at: str) -> None:
    prepared.copy(prepared.city(start), file)

    def go(session: Session) -> None:
        city = Clockwork(session, start)
        city.go(at)
        city.deliver()

    prepared.with_session(file, go)
