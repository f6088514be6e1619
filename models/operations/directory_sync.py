"""Accounts from a platform's own directory: what would change, and changing it (rules B1, P3).

A name alone proves nothing: an account is bound where name and unit both fit, and nobody else could be meant. Nobody is
ever deleted; whoever has left the platform is marked as not reached there, and everything else is told for a person
to settle in the roster.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.inserts import insert_unless_there
from models.operations.desk import Desk
from models.operations.versions import directory_changed
from models.queries.directory import Directory, PersonInfo
from models.tables.people import Account, BindingCode
from models.types import Subject

REASON: Final = "通讯录同步"
GONE: Final = "通讯录里已没有这个账号"


class Listed(Protocol):
    """Somebody as the platform lists them."""

    @property
    def account(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def units(self) -> tuple[str, ...]: ...
    @property
    def left(self) -> bool: ...


@dataclass(slots=True)
class Difference:
    """bind: account and person. gone: accounts of the roster that the platform does not list any more."""

    bind: list[tuple[str, PersonInfo]] = field(default_factory=list)
    gone: list[tuple[int, str, PersonInfo]] = field(default_factory=list)
    back: list[tuple[int, str, PersonInfo]] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    same: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.bind or self.gone or self.back)

    def lines(self, *, most: int = 200) -> list[str]:
        """What to show before anything is done."""
        made = [
            *(f"绑定 {person.label}：{account}" for account, person in self.bind),
            *(
                f"标记离开 {person.label}：{account}（不删除，改请联络员转告）"
                for _, account, person in self.gone
            ),
            *(f"恢复 {person.label}：{account}" for _, account, person in self.back),
        ]
        shown = [*made, *(f"未处理：{line}" for line in self.unsettled)]
        left_out = len(shown) - most
        shown = shown[:most] if left_out <= 0 else [*shown[:most], f"……还有 {left_out} 行"]
        head = f"绑定 {len(self.bind)}，标记离开 {len(self.gone)}，恢复 {len(self.back)}，一致 {self.same}，未处理 "
        return [*shown, f"{head}{len(self.unsettled)}"]


def difference(session: Session, directory: Directory, platform: str, listed: Sequence[Listed]) -> Difference:
    """Compare the roster with what a platform lists; only reads."""
    found = Difference()
    there = {one.account.lower(): one for one in listed}
    rows = session.execute(
        select(Account)
        .where(Account.platform == platform, Account.person_id.is_not(None))
        .order_by(Account.id)
    )
    bound: dict[str, int] = {}
    for account in rows.scalars():
        person = directory.people.get(account.person_id or 0)
        if person is None:
            continue
        bound[account.account.lower()] = person.id
        one = there.get(account.account.lower())
        if one is None or one.left:
            if account.unreachable_since is None:
                found.gone.append((account.id, account.account, person))
        elif account.unreachable_reason == GONE:
            found.back.append((account.id, account.account, person))
        else:
            found.same += 1
    wanted = [one for one in listed if not one.left and one.account.lower() not in bound]
    fits = [(one, _meant(directory, one)) for one in wanted]
    claims = Counter(person.id for _, person in fits if person is not None)
    holders = set(bound.values())
    for one, person in fits:
        if person is None:
            found.unsettled.append(_why(directory, one))
        elif person.id in holders:
            found.unsettled.append(
                f"{one.account}（{one.name}）：{person.label} 已有别的账号，请在名册里核对"
            )
        elif claims[person.id] > 1:
            found.unsettled.append(f"{one.account}（{one.name}）：同名同部门不止一个，请在名册里写明账号")
        else:
            found.bind.append((one.account, person))
    return found


def apply(desk: Desk, platform: str, wanted: Difference) -> None:
    """Bind and mark as shown; one audit row for each person."""
    session = desk.session
    for account, person in wanted.bind:
        session.execute(
            insert_unless_there(session, Account)
            .values(platform=platform, account=account, last_seen_at=desk.now)
            .on_conflict_do_nothing()
        )
        row = session.execute(
            select(Account).where(Account.platform == platform, Account.account == account)
        ).scalar_one()
        row.person_id, row.bound_at = person.id, desk.now
        # As if the person had used a code at once: a roster file that does not name the account leaves it alone.
        session.add(
            BindingCode(
                digest=secrets.token_bytes(32), person_id=person.id, issued_at=desk.now, expires_at=desk.now,
                used_at=desk.now, used_by=row.id,
            )
        )  # fmt: skip
        desk.record(Subject("person", person.id), {f"account:{platform}": (None, account)}, reason=REASON)
    for number, account, person in wanted.gone:
        row = session.get_one(Account, number)
        row.unreachable_since, row.unreachable_reason = desk.now, GONE
        desk.record(Subject("person", person.id), {f"account:{platform}": (account, "已离开")}, reason=REASON)
    for number, account, person in wanted.back:
        row = session.get_one(Account, number)
        row.unreachable_since = row.unreachable_reason = None
        desk.record(Subject("person", person.id), {f"account:{platform}": ("已离开", account)}, reason=REASON)
    session.flush()
    directory_changed(session)


def _named(directory: Directory, name: str) -> list[PersonInfo]:
    return [person for person in directory.people.values() if person.name == name]


def _meant(directory: Directory, one: Listed) -> PersonInfo | None:
    """The one person of this name whose unit is among the departments."""
    fits = [
        person for person in _named(directory, one.name) if _is_of(directory, person, one.units)
    ]  # fmt: skip
    return fits[0] if len(fits) == 1 else None


def _is_of(directory: Directory, person: PersonInfo, units: Iterable[str]) -> bool:
    unit = directory.units.get(person.unit_id)
    return unit is not None and bool({unit.name, *unit.aliases} & set(units))


def _why(directory: Directory, one: Listed) -> str:
    who = f"{one.account}（{one.name}，{'、'.join(one.units) or '无部门'}）"
    if not _named(directory, one.name):
        return f"{who}：名册里没有这个人"
    return f"{who}：名册里同名的人不在这个部门，请在名册里写明账号"
