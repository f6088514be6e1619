"""What an operation works at: the session, the directory, the time, and who acts.

An operation takes a Desk first. It may read and change rows, write audit rows and put notices into the outbox through
it. It never commits, sends, or reads a clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.notices.base import Notice
from models.operations import audit, outbox, timers
from models.operations.audit import SYSTEM, Actor
from models.queries import restricted as restriction
from models.queries.directory import Directory, PersonInfo
from models.queries.item_parties import sees
from models.rules import calendar
from models.rules.calendar import PushWindow
from models.rules.light_policy import LightPolicy
from models.rules.policies import Policies
from models.rules.policy import Policy
from models.tables.items import Item
from models.types import Recipient, RecipientKind, Subject, Urgency


@dataclass(slots=True)
class Desk:
    """now: the time of the act, or the due time of a job; today: its day. processed_at: when it really ran (rule A4).

    default_platform is where replies go; operations leave it alone.
    """

    session: Session
    directory: Directory
    policies: Policies
    now: datetime
    actor: Actor = SYSTEM
    processed_at: datetime | None = None
    written: list[int] = field(default_factory=list)
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = calendar.local_date(self.now)  # asked for some twenty times a message

    def policy_of(self, organisation_id: int | None) -> Policy:
        """What holds in an organisation now (rule Q3). A case that is open keeps the version it was opened with."""
        return self.policies.of(organisation_id)

    def lights_of(self, project_id: int) -> LightPolicy:
        """By which numbers a project of the directory is judged: those of the organisation that keeps it."""
        return self.policy_of(self.directory.projects[project_id].organisation_id).lights

    @property
    def push_window(self) -> PushWindow:
        return self.policies.base.push_window

    @property
    def clock_now(self) -> datetime:
        """The time at which things really happen: processed_at for a job that is caught up, else now."""
        return self.processed_at or self.now

    def acting_as(self, actor: Actor) -> Desk:
        return replace(self, actor=actor)

    def record(
        self,
        subject: Subject,
        changes: dict[str, tuple[object, object]],
        *,
        reason: str | None = None,
        first: bool = False,
    ) -> None:
        """Write the audit rows of a change (one per field whose value differs). first: the record is new."""
        audit.record(
            self.session, subject, changes, by=self.actor, at=self.now, reason=reason,
            processed_at=self.processed_at, first=first,
        )  # fmt: skip

    def notify(
        self,
        notice: Notice,
        *,
        to: Recipient | PersonInfo | Iterable[Recipient | PersonInfo],
        key: str,
        reason: str,
        about: Subject | None = None,
        urgency: Urgency = Urgency.NORMAL,
        due_at: datetime | None = None,
        without: Collection[int] = (),
    ) -> None:
        """Say something to others. Outside the push window it waits for the next opening unless urgent (rule A3).

        key identifies the notice for each recipient: writing it again does nothing; what a delegate is told for
        somebody has a key of its own, so that it never stands in the way of their own. reason is the named reason
        that /审计 shows. due_at overrides the time (e.g. the daily digest). without: persons who are not told, also
        not as somebody's delegate.
        """
        recipients = [to] if isinstance(to, (Recipient, PersonInfo)) else list(to)
        when = due_at or (self.now if urgency is not Urgency.NORMAL else self._opening())
        # Who stands in is asked for the moment at which it is said: overnight a delegation may begin or end (rule B6).
        said_at = max(when, self.clock_now)
        told: set[Recipient] = set()
        for one, principal in sorted(
            self._with_delegates(recipients, notice, about, said_at), key=_for_another
        ):
            if one in told or (one.kind is RecipientKind.PERSON and one.id in without):
                continue
            told.add(one)
            own, others = self._keys(key, one, principal, said_at)
            if others and outbox.same_written(self.session, others, notice):
                continue
            row = outbox.put(
                self.session, notice, to=one, key=own, reason=reason, urgency=urgency, now=self.now, due_at=when,
                about=about,
            )  # fmt: skip
            if row is not None:
                self.written.append(row)

    def _keys(self, key: str, one: Recipient, principal: int | None, at: datetime) -> tuple[str, list[str]]:
        """The key of a notice for a recipient; and those under which they may have been told the same otherwise.

        principal: for whom the recipient is told as a delegate; None for what is their own.
        """
        own = f"{key}>{one.kind.value}{one.id}"
        if principal is not None:
            return f"{own}<{principal}", [own]
        if one.kind is not RecipientKind.PERSON:
            return own, []
        return own, [f"{own}<{of.id}" for of in self.directory.standing_in_for(one.id, at)]

    def _with_delegates(
        self,
        recipients: Iterable[Recipient | PersonInfo],
        notice: Notice,
        about: Subject | None,
        at: datetime,
    ) -> Iterator[tuple[Recipient, int | None]]:
        """Each recipient, and who stands in for a person then: a delegate receives the person's messages (B6).

        With a delegate comes the id of the principal.

        Not what is personal, which goes to no successor either (rule B7), nor about a restricted item, which is for
        its named people alone (rule B8); and a delegate is not told of what they have just done themselves, unless
        something is left to decide on it.
        """
        restricted = restriction.item_of(self.session, about)
        alone = notice.personal or restriction.concerns(self.session, about)
        for one in map(as_recipient, recipients):
            recipient = one if notice.personal else self._successor(one, restricted)
            yield recipient, None
            if recipient.kind is not RecipientKind.PERSON or alone:
                continue
            for delegate in self.directory.delegates_of(recipient.id, at):
                if delegate.id != self.actor.person_id or notice.actions:
                    yield as_recipient(delegate), recipient.id

    def _successor(self, recipient: Recipient, restricted: Item | None) -> Recipient:
        """Who took over from a person that holds no post any more (rule B7); of a restricted item only who sees it."""
        seen: set[int] = set()
        while recipient.kind is RecipientKind.PERSON and recipient.id not in seen:
            seen.add(recipient.id)
            person = self.directory.people.get(recipient.id)
            heir = self.directory.people.get(person.heir_id or 0) if person and not person.posts else None
            if heir is None or (restricted is not None and not sees(self.directory, heir, restricted)):
                break
            recipient = as_recipient(heir)
        return recipient

    def _opening(self) -> datetime:
        """When a message written now may go. What is caught up late keeps its own time unless that means going out
        while the window is closed (rules A3, A4).
        """
        days, window = self.directory.calendar, self.push_window
        opening = calendar.next_opening(self.now, days, window)
        if opening < self.clock_now and not calendar.in_push_window(self.clock_now, days, window):
            return calendar.next_opening(self.clock_now, days, window)
        return opening

    def comes_too_late(self, due_at: datetime) -> bool:
        """Whether a message that waits for the push window would go out only when this time has passed (rule A3)."""
        return self._opening() >= due_at

    def withdraw(self, about: Subject, *, reason: str, notices: tuple[type[Notice], ...] = ()) -> int:
        """Take back what was not sent yet about a record."""
        return outbox.withdraw(self.session, about, reason=reason, now=self.now, notices=notices)

    def set_timer(
        self,
        kind: str,
        about: Subject,
        *,
        due_at: datetime,
        step: str = "",
        body: dict[str, object] | None = None,
    ) -> None:
        timers.set_timer(self.session, kind, about, due_at=due_at, step=step, body=body)

    def cancel_timers(self, about: Subject, *kinds: str, reason: str) -> int:
        return timers.cancel_timers(self.session, about, *kinds, reason=reason)

    def next_digest(self) -> datetime:
        """When the daily digest that still takes a line written now goes out (08:30 on a workday, rule E8).

        One that the process missed goes out when it really runs, if the window is open then (rules A3, A4).
        """
        days, window = self.directory.calendar, self.push_window
        digest = calendar.at(self.today, window.opens)
        if not (days.is_workday(self.today) and self.now <= digest):
            digest = calendar.at(days.next_workday(self.today), window.opens)
        if digest >= self.clock_now or calendar.in_push_window(self.clock_now, days, window):
            return digest
        return calendar.next_opening(self.clock_now, days, window)


def _for_another(told: tuple[Recipient, int | None]) -> bool:
    """What is somebody's own comes before what they are told as a delegate."""
    return told[1] is not None


def as_recipient(one: Recipient | PersonInfo) -> Recipient:
    return one if isinstance(one, Recipient) else Recipient(RecipientKind.PERSON, one.id)


def group(group_id: int) -> Recipient:
    return Recipient(RecipientKind.GROUP, group_id)
