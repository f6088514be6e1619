"""Gaps of the roster: member units without a reachable 带班领导 or 联络员 (rule B9)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.queries.directory import Directory, PersonInfo, UnitInfo
from models.rules.calendar import local_date
from models.tables.outbox import STUCK, OutboxNotice
from models.types import OutboxState, RecipientKind, Role

NEEDED: Final = (Role.LEADER, Role.LIAISON)
_NOT_ASKED: Final = frozenset({"leadership", "office"})


@dataclass(frozen=True, slots=True)
class Gap:
    """person: empty when nobody is named. unreachable_since: a message to them failed for good."""

    unit: str
    role: Role
    person: str = ""
    unreachable_since: datetime | None = None

    @property
    def text(self) -> str:
        """高新区 带班领导 蒋涛 未绑定"""
        if not self.person:
            return f"{self.unit} {self.role.value} 未确定"
        if self.unreachable_since is None:
            return f"{self.unit} {self.role.value} {self.person} 未绑定"
        day = local_date(self.unreachable_since)
        return f"{self.unit} {self.role.value} {self.person} 消息送达失败（{day.month:02d}-{day.day:02d}起）"


def gaps(directory: Directory, *, organisation_id: int | None = None) -> tuple[Gap, ...]:
    """Every gap, by unit in roster order. One reachable person per post is enough."""
    found: list[Gap] = []
    for unit in directory.units.values():
        if not unit.member or unit.placeholder or unit.kind in _NOT_ASKED:
            continue
        if organisation_id not in (None, unit.organisation_id):
            continue
        for role in NEEDED:
            people = holders(directory, unit, role)
            if not people:
                found.append(Gap(unit.name, role))
            elif not any(is_reachable(directory, person) for person in people):
                found.extend(
                    Gap(unit.name, role, person.label, _unreachable_since(directory, person))
                    for person in people
                )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LostGroup:
    """A group whose last message could not be delivered, for good (rule P3)."""

    name: str
    since: datetime

    @property
    def text(self) -> str:
        """【青禾县】群 消息送达失败（09-30起）"""
        return f"【{self.name}】群 消息送达失败（{local_date(self.since):%m-%d}起）"


def lost_groups(session: Session, directory: Directory, organisation_id: int) -> tuple[LostGroup, ...]:
    """Groups to which nothing has come through since a message to them failed for good."""
    failed: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for row in session.execute(
        select(OutboxNotice.id, OutboxNotice.recipient_id, OutboxNotice.due_at)
        .where(STUCK, OutboxNotice.recipient_kind == RecipientKind.GROUP.value)
        .order_by(OutboxNotice.id)
    ):
        failed[row.recipient_id].append((row.id, row.due_at))
    found: list[LostGroup] = []
    for number, rows in failed.items():
        group = directory.groups.get(number)
        if group is None or group.organisation_id != organisation_id:
            continue
        came = session.execute(
            select(func.max(OutboxNotice.id)).where(
                OutboxNotice.recipient_kind == RecipientKind.GROUP.value,
                OutboxNotice.recipient_id == number,
                OutboxNotice.state == OutboxState.SENT.value,
                OutboxNotice.outcome.is_(None),
            )
        ).scalar_one()
        since = [at for row_id, at in rows if row_id > (came or 0)]
        if since:
            found.append(LostGroup(group.name, since[0]))
    return tuple(sorted(found, key=lambda one: one.name))


def holders(directory: Directory, unit: UnitInfo, role: Role) -> tuple[PersonInfo, ...]:
    """Who holds the post: for the unit, for the county that it is, or one of its people elsewhere."""
    own = directory.at_unit(unit.id, role)
    if unit.kind == "region" and unit.region_id is not None:
        own = tuple(dict.fromkeys((*own, *directory.at_region(unit.region_id, role))))
    return own or tuple(
        person for person in directory.people.values() if person.unit_id == unit.id and person.holds(role)
    )


def is_reachable(directory: Directory, person: PersonInfo) -> bool:
    return any(account.unreachable_since is None for account in directory.accounts_of.get(person.id, ()))


def _unreachable_since(directory: Directory, person: PersonInfo) -> datetime | None:
    """When the last of the person's accounts failed; None when there is no account at all."""
    return max(
        (
            account.unreachable_since
            for account in directory.accounts_of.get(person.id, ())
            if account.unreachable_since is not None
        ),
        default=None,
    )
