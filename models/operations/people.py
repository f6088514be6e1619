"""Binding accounts and delegation (rules B1, B2, B6)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from models.errors import Invalid, NotAllowed
from models.inserts import insert_unless_there
from models.notices.people import AccountAdded, DelegationCancelled, DelegationLine, DelegationReceived
from models.operations import passing_on
from models.operations.desk import Desk
from models.operations.versions import directory_changed
from models.queries import people as queries
from models.queries.directory import PersonInfo
from models.rules.calendar import days_ahead, local
from models.tables.people import Account, BindingAttempt, BindingCode, Delegation
from models.types import Recipient, RecipientKind, Role, Subject

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L, which are misread
CODE_LENGTH: Final = 6
CODE_VALID: Final = timedelta(days=7)
MAY_ISSUE: Final = "系统管理员、综合专班联络员或该人员所在单位的联络员"


@dataclass(frozen=True, slots=True)
class IssuedCode:
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Bound:
    person: PersonInfo


@dataclass(frozen=True, slots=True)
class WrongCode:
    """left: tries before the account is blocked."""

    left: int


@dataclass(frozen=True, slots=True)
class Blocked:
    until: datetime


BindingResult = Bound | WrongCode | Blocked


def issue_code(desk: Desk, person: PersonInfo, *, by: PersonInfo) -> IssuedCode:
    """A new one-time code for a person; it replaces one that was not used yet. Only its digest is stored.

    Raises NotAllowed for anybody but those of MAY_ISSUE.
    """
    if not queries.may_issue_code(desk.directory, by, person):
        raise NotAllowed(f"给{person.label}发绑定码", who=MAY_ISSUE)
    desk.session.execute(
        update(BindingCode)
        .where(
            BindingCode.person_id == person.id,
            BindingCode.used_at.is_(None),
            BindingCode.expires_at > desk.now,
        )
        .values(expires_at=desk.now)
        .execution_options(synchronize_session=False)
    )
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        taken = desk.session.execute(select(BindingCode.id).where(BindingCode.digest == digest_of(code)))
        if taken.first() is None:
            break
    expires_at = desk.now + CODE_VALID
    desk.session.add(
        BindingCode(digest=digest_of(code), person_id=person.id, issued_at=desk.now, expires_at=expires_at)
    )
    desk.session.flush()
    desk.record(Subject("person", person.id), {"binding_code": (None, "已发码")}, reason="发绑定码")
    return IssuedCode(code, expires_at)


def digest_of(code: str) -> bytes:
    """SHA-256 of a code as typed: case, spaces and full-width letters do not matter."""
    plain = "".join(
        chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char
        for char in code
        if not char.isspace()
    )
    return hashlib.sha256(plain.upper().encode()).digest()


def left(desk: Desk, account_id: int) -> None:
    """The platform says that this account can no longer be reached; what follows goes to whoever stands in (P3)."""
    account = desk.session.execute(select(Account).where(Account.id == account_id)).scalar_one()
    if account.unreachable_since is None:
        account.unreachable_since, account.unreachable_reason = desk.now, "平台通知：成员已离开可见范围"
        directory_changed(desk.session)


def came_back(desk: Desk, account_id: int) -> None:
    """The account has been heard from, or its platform says that it is there: it is reached again."""
    account = desk.session.execute(select(Account).where(Account.id == account_id)).scalar_one()
    if account.unreachable_since is None:
        return
    account.unreachable_since = account.unreachable_reason = None
    if account.person_id is not None:
        passing_on.now_reachable(desk, account.person_id)
    directory_changed(desk.session)


def bind(desk: Desk, account_id: int, code: str) -> BindingResult:
    """Bind the account to the person the code was issued to. A wrong code is counted, not raised.

    Five wrong codes within an hour block the account for an hour, the right code included (rule B2). Who has other
    accounts already is told there.
    """
    session = desk.session
    account = session.execute(select(Account).where(Account.id == account_id)).scalar_one()
    if account.blocked_until is not None and desk.now < account.blocked_until:
        return Blocked(account.blocked_until)
    row = session.execute(
        select(BindingCode).where(BindingCode.digest == digest_of(code))
    ).scalar_one_or_none()
    person = desk.directory.people.get(row.person_id) if row is not None else None
    if row is None or person is None or row.used_at is not None or row.expires_at <= desk.now:
        return _count_wrong_code(desk, account)
    row.used_at, row.used_by = desk.now, account.id
    account.person_id, account.bound_at = person.id, desk.now
    passing_on.now_reachable(desk, person.id)
    account.unreachable_since = account.unreachable_reason = account.blocked_until = None
    session.flush()
    desk.record(
        Subject("person", person.id),
        {f"account:{account.platform}": (None, account.account)},
        reason="绑定码",
    )
    # Codes are passed on by hand: who is impersonated with one must hear of it on the accounts they have had.
    desk.notify(
        AccountAdded(person.label, account.platform, account.account, desk.now),
        to=[
            Recipient(RecipientKind.ACCOUNT, one.id)
            for one in desk.directory.accounts_of.get(person.id, ())
            if one.id != account.id
        ],
        key=f"account added:{row.id}",
        reason="新绑定账号",
    )
    directory_changed(session)
    return Bound(person)


def _count_wrong_code(desk: Desk, account: Account) -> WrongCode | Blocked:
    policy = desk.policies.base
    block = timedelta(minutes=policy.wrong_code_block_minutes)
    since = max(
        moment for moment in (desk.now - block, account.blocked_until, account.bound_at) if moment is not None
    )
    desk.session.add(BindingAttempt(account_id=account.id, kind=queries.WRONG_CODE, at=desk.now))
    desk.session.flush()
    count = desk.session.execute(
        select(func.count())
        .select_from(BindingAttempt)
        .where(
            BindingAttempt.account_id == account.id,
            BindingAttempt.kind == queries.WRONG_CODE,
            BindingAttempt.at >= since,
        )
    ).scalar_one()
    if count < policy.wrong_codes:
        return WrongCode(policy.wrong_codes - count)
    account.blocked_until = desk.now + block
    desk.session.flush()
    return Blocked(account.blocked_until)


def unbind(desk: Desk, person: PersonInfo, *, by: PersonInfo) -> int:
    """Take all accounts from a person. Returns how many. Only 系统管理员."""
    if not by.holds(Role.ADMINISTRATOR) or by.organisation_id != person.organisation_id:
        raise NotAllowed("解除绑定", who="系统管理员")
    accounts = desk.session.execute(select(Account).where(Account.person_id == person.id)).scalars().all()
    for account in accounts:
        account.person_id = account.bound_at = None
        desk.record(
            Subject("person", person.id),
            {f"account:{account.platform}": (account.account, None)},
            reason="解除绑定",
        )
    desk.session.flush()
    if accounts:
        directory_changed(desk.session)
    return len(accounts)


# --- accounts nobody is bound to (rule B2)


def account_id_of(session: Session, platform: str, account: str, *, now: datetime) -> int:
    """The id of an account; one that is seen for the first time gets its row."""
    where = (Account.platform == platform, Account.account == account)
    found = session.execute(select(Account.id).where(*where)).scalar_one_or_none()
    if found is not None:
        return found
    session.execute(
        insert_unless_there(session, Account)
        .values(platform=platform, account=account, last_seen_at=now)
        .on_conflict_do_nothing()
    )
    return session.execute(select(Account.id).where(*where)).scalar_one()


def count_unbound_message(desk: Desk, account_id: int) -> None:
    """An unbound account wrote something it may not; counted for the daily digest."""
    desk.session.execute(
        insert(BindingAttempt).values(account_id=account_id, kind=queries.UNBOUND_MESSAGE, at=desk.now)
    )


# --- delegation


def delegate(
    desk: Desk, principal: PersonInfo, to: PersonInfo, *, starts_at: datetime, ends_at: datetime
) -> DelegationLine:
    """Let `to` receive and act for the principal from starts_at until ends_at; `to` is told.

    A start in the past means now. Raises Invalid for a period that is over or overlaps another, or for a
    delegate who cannot be reached.
    """
    directory = desk.directory
    starts_at = max(starts_at, desk.now)
    if to.id == principal.id:
        raise Invalid("不能由本人代理本人", mend="请写代理人的姓名")
    if ends_at <= starts_at:
        raise Invalid(
            "代理的结束时间应晚于开始时间和现在",
            mend=f"例如 /代理 {to.name} {days_ahead(desk.today, 1)} 至 {days_ahead(desk.today, 2)}",
        )
    if not directory.accounts_of.get(to.id):
        raise Invalid(f"{to.label}还未绑定账号，无法代理", mend="请换人，或先为其发绑定码")
    for other in directory.delegations:
        if other.principal_id == principal.id and other.starts_at < ends_at and starts_at < other.ends_at:
            line = _line(desk, other.principal_id, other.delegate_id, other.starts_at, other.ends_at)
            raise Invalid(f"这段时间已由{line.delegate}代理", mend="如需更换，请先发 /代理 取消")
    row = Delegation(
        principal_id=principal.id,
        delegate_id=to.id,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=desk.now,
    )
    desk.session.add(row)
    desk.session.flush()
    line = DelegationLine(principal.label, to.label, starts_at, ends_at)
    desk.record(Subject("person", principal.id), {"delegation": (None, _words(line))}, reason="代理")
    desk.notify(DelegationReceived(line), to=to, key=f"delegation:{row.id}", reason="代理")
    directory_changed(desk.session)
    return line


def cancel_delegations(
    desk: Desk, principal: PersonInfo, *, of: Collection[int] | None = None
) -> tuple[DelegationLine, ...]:
    """End every delegation of the principal that has not ended; the delegates are told. of: only these delegates."""
    rows = (
        desk.session.execute(
            select(Delegation)
            .where(
                Delegation.principal_id == principal.id,
                Delegation.cancelled_at.is_(None),
                Delegation.ends_at > desk.now,
            )
            .order_by(Delegation.starts_at, Delegation.id)
        )
        .scalars()
        .all()
    )
    lines = []
    for row in rows:
        if of is not None and row.delegate_id not in of:
            continue
        row.cancelled_at = desk.now
        line = _line(desk, row.principal_id, row.delegate_id, row.starts_at, row.ends_at)
        lines.append(line)
        desk.record(Subject("person", principal.id), {"delegation": (_words(line), None)}, reason="取消代理")
        to = desk.directory.people.get(row.delegate_id)
        if to is not None:
            desk.notify(
                DelegationCancelled(line, mine=False),
                to=to,
                key=f"delegation_end:{row.id}",
                reason="取消代理",
            )
    desk.session.flush()
    if lines:
        directory_changed(desk.session)
    return tuple(lines)


def delegations(
    desk: Desk, person: PersonInfo
) -> tuple[tuple[DelegationLine, ...], tuple[DelegationLine, ...]]:
    """Those given by the person and those given to them that have not ended."""
    alive = [row for row in desk.directory.delegations if row.ends_at > desk.now]
    lines = [
        (row, _line(desk, row.principal_id, row.delegate_id, row.starts_at, row.ends_at)) for row in alive
    ]
    return (
        tuple(line for row, line in lines if row.principal_id == person.id),
        tuple(line for row, line in lines if row.delegate_id == person.id),
    )


def _line(
    desk: Desk, principal_id: int, delegate_id: int, starts_at: datetime, ends_at: datetime
) -> DelegationLine:
    names = [
        known.label if (known := desk.directory.people.get(number)) else "（已离任）"
        for number in (principal_id, delegate_id)
    ]
    return DelegationLine(names[0], names[1], starts_at, ends_at)


def _words(line: DelegationLine) -> str:
    start, end = (local(moment).strftime("%Y-%m-%d %H:%M") for moment in (line.starts_at, line.ends_at))
    return f"{line.delegate} {start}—{end}"
