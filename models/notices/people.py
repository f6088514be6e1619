"""What is said about people: binding, delegation, the address book, gaps of the roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from models.notices.base import Action, Notice
from models.rules.calendar import local_date

# --- binding (rule B2)


@dataclass(frozen=True, slots=True)
class BindingCodeIssued(Notice):
    """A code, shown once to whoever issued it."""

    personal: ClassVar[bool] = True

    name: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AccountBound(Notice):
    """name: with the unit where another person has the same name."""

    personal: ClassVar[bool] = True

    name: str


@dataclass(frozen=True, slots=True)
class AccountAdded(Notice):
    """To the accounts a person has had: another one was bound as theirs. name: as above."""

    personal: ClassVar[bool] = True

    name: str
    platform: str
    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BindingRefused(Notice):
    """A wrong, used or expired code: the same words for all. left: tries before the account is blocked."""

    left: int


@dataclass(frozen=True, slots=True)
class BindingBlocked(Notice):
    """Too many wrong codes."""

    until: datetime


@dataclass(frozen=True, slots=True)
class AlreadyBound(Notice):
    name: str


@dataclass(frozen=True, slots=True)
class AccountsUnbound(Notice):
    """accounts: how many were taken from the person."""

    personal: ClassVar[bool] = True

    name: str
    accounts: int


# --- delegation (rule B6)


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """principal, delegate: as labelled. ends_at: the moment at which the right stops."""

    principal: str
    delegate: str
    starts_at: datetime
    ends_at: datetime

    @property
    def last_day(self) -> date:
        """The day whose 24:00 is the end, when it ends at midnight."""
        return local_date(self.ends_at - timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class DelegationRecorded(Notice):
    """To the principal."""

    personal: ClassVar[bool] = True

    line: DelegationLine


@dataclass(frozen=True, slots=True)
class DelegationReceived(Notice):
    """To the delegate."""

    personal: ClassVar[bool] = True

    line: DelegationLine


@dataclass(frozen=True, slots=True)
class DelegationCancelled(Notice):
    """To both sides; mine: to the principal."""

    personal: ClassVar[bool] = True

    line: DelegationLine
    mine: bool


@dataclass(frozen=True, slots=True)
class DelegationList(Notice):
    """What stands for a person now: given by them and given to them."""

    personal: ClassVar[bool] = True

    given: tuple[DelegationLine, ...]
    received: tuple[DelegationLine, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("取消代理", "people.cancel_delegation"),) if self.given else ()


# --- the address book (S71)


@dataclass(frozen=True, slots=True)
class Contact:
    """name is empty for a post nobody holds; phone is empty where the asker may not see it."""

    role: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class UnitContacts:
    name: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class TaskForceContacts(Notice):
    """posts: people of the task force itself, e.g. 综合专班负责人."""

    name: str
    posts: tuple[Contact, ...]
    lead: tuple[UnitContacts, ...]
    members: tuple[UnitContacts, ...]


@dataclass(frozen=True, slots=True)
class UnitContactsCard(Notice):
    unit: UnitContacts
    task_forces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    unit: str
    roles: tuple[str, ...]
    phone: str


@dataclass(frozen=True, slots=True)
class PeopleFound(Notice):
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class AddressBook(Notice):
    """What can be looked up: (task force, lead units)."""

    task_forces: tuple[tuple[str, str], ...]


# --- the roster's gaps and the administrator's digest (rules B9, B2, A1)


@dataclass(frozen=True, slots=True)
class RosterGaps(Notice):
    """lines: 高新区 带班领导 蒋涛 未绑定. after_import: sent because a roster was loaded, not by the week.

    groups: 【青禾县】群 消息送达失败（09-30起）.
    """

    lines: tuple[str, ...]
    after_import: bool
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnboundLine:
    platform: str
    account: str
    day: date
    attempts: int


@dataclass(frozen=True, slots=True)
class UnboundAttempts(Notice):
    lines: tuple[UnboundLine, ...]


@dataclass(frozen=True, slots=True)
class CalendarMissing(Notice):
    """No holiday table for the year: Monday to Friday count as workdays."""

    year: int


# --- /帮助


@dataclass(frozen=True, slots=True)
class HelpLine:
    command: str
    summary: str


@dataclass(frozen=True, slots=True)
class HelpGroup:
    title: str
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class Help(Notice):
    """What the asker may do. bound: empty account otherwise."""

    name: str
    groups: tuple[HelpGroup, ...]
    bound: bool


@dataclass(frozen=True, slots=True)
class Courtesy(Notice):
    """A word back to a greeting."""

    name: str


@dataclass(frozen=True, slots=True)
class NoThanksNeeded(Notice):
    """A short word back to thanks."""


@dataclass(frozen=True, slots=True)
class NotReceived(Notice):
    """「收到」 is no 签收. waiting: numbers of the items that still wait for it."""

    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommandHelp(Notice):
    """One command: usage as it is typed, other names."""

    name: str
    summary: str
    usage: str
    aliases: tuple[str, ...]
