"""By which channel somebody is reached now, and who stands in for somebody who is not (rules B9, P2, P3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.platforms.base import Platform
from models.notices.base import decode
from models.notices.replies import Forwarded
from models.operations.outbox import put
from models.operations.versions import directory_changed
from models.queries import restricted
from models.queries.directory import Directory, GroupInfo, PersonInfo
from models.queries.item_parties import sees
from models.tables.outbox import OutboxNotice
from models.tables.people import Account
from models.types import OutboxState, Recipient, RecipientKind, Role, Subject, Urgency
from templates import render


class Ways:
    """The channels of the platforms that run."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms

    def to(
        self, session: Session, directory: Directory, recipient: Recipient, platform: str | None, *, answers: bool
    ) -> tuple[str, str] | None:  # fmt: skip
        """Where a recipient is reached now: the platform it wrote from, else the one used last. None for nowhere.

        answers: the message answers one of theirs, so that a channel that takes only answers is open as well.
        """
        if recipient.kind is RecipientKind.ACCOUNT:
            account = session.get(Account, recipient.id)
            options = self._of_account(account.platform, account.account) if account is not None else []
        elif recipient.kind is RecipientKind.GROUP:
            group = directory.groups.get(recipient.id)
            options = [
                address for address in (group.accounts if group else ()) if address[0] in self._platforms
            ]
        else:
            options = [
                way
                for account in directory.accounts_of.get(recipient.id, ())
                if account.unreachable_since is None
                for way in self._of_account(account.platform, account.account)
            ]
        open_ways = [way for way in options if answers or not self._platforms[way[0]].limits.answers_only]
        same = [address for address in open_ways if address[0] == platform]
        others = [way for way in open_ways if not self._platforms[way[0]].limits.answers_only]
        return next(iter(same or others), None)

    def _of_account(self, platform: str, account: str) -> list[tuple[str, str]]:
        """The channels that reach an account: its own platform's, then others to the same people."""
        return [
            (name, account)
            for name, one in sorted(self._platforms.items(), key=lambda item: item[0] != platform)
            if platform in (name, one.limits.accounts_of)
        ]


def organisation_of(directory: Directory, address: tuple[str, str]) -> int | None:
    """Whose limit counts for a chat: that of the group's organisation (rules P2, Q3)."""
    group = directory.group_by_address.get(address)
    return group.organisation_id if group is not None else None


def note_unreachable(session: Session, platform: str, account: str, *, why: str, now: datetime) -> None:
    """On the account: the list of gaps and the next look-up must know (rule B9)."""
    session.execute(
        update(Account)
        .where(Account.platform == platform, Account.account == account)
        .values(unreachable_since=now, unreachable_reason=why)
        .execution_options(synchronize_session=False)
    )
    directory_changed(session)


def fall_back(
    session: Session, row: OutboxNotice, directory: Directory, now: datetime, *, why: str = "未绑定"
) -> None:
    """Nobody can be reached under this recipient: ask the unit's or body's 联络员 to pass it on (rules B9, P3)."""
    person = group = None
    if row.recipient_kind == RecipientKind.PERSON.value:
        person = directory.people.get(row.recipient_id)
    elif row.recipient_kind == RecipientKind.GROUP.value:
        group = directory.groups.get(row.recipient_id)
    stand_in = _stand_in(directory, person) if person else _of_body(directory, group) if group else None
    row.lease_until = None
    if (
        stand_in is None
        or row.notice == Forwarded.__name__
        or not _may_read(session, row, directory, stand_in)
        or (group is not None and _has_the_same(session, row, stand_in))
    ):
        # One reason for all: it is shown to people who may not know of a restricted item (rule B8).
        row.state, row.outcome, row.ended_at = OutboxState.DEAD.value, f"无法送达：{why}", now
        return
    row.state, row.outcome = OutboxState.UNDELIVERED.value, f"未送达（{why}），已请{stand_in.label}转报"
    role = next((post.role.value for post in person.posts), "") if person else ""
    put(
        session,
        Forwarded(
            role=role, name=person.label if person else group.name if group else "", outbox_id=row.id,
            to_group=group is not None,
            lines=tuple(render(decode(row.notice, row.payload)).split("\n")),
        ),
        to=Recipient(RecipientKind.PERSON, stand_in.id), key=f"pass on:{row.id}", reason="转报",
        urgency=Urgency(row.urgency) if row.urgency != Urgency.REPLY.value else Urgency.NORMAL, now=now,
        due_at=row.due_at,
        about=Subject(row.subject_kind, row.subject_id) if row.subject_kind and row.subject_id is not None else None,
    )  # fmt: skip


def _may_read(session: Session, row: OutboxNotice, directory: Directory, person: PersonInfo) -> bool:
    """Whether somebody else than its recipient may read a notice: of a restricted item only its circle (B8)."""
    if row.subject_kind and row.subject_id is not None:
        about = Subject(row.subject_kind, row.subject_id)
        item = restricted.item_of(session, about)
        if item is not None:
            return sees(directory, person, item)
        if restricted.concerns(session, about):
            return False
    return row.payload.get("restricted") is not True  # the draft of a restricted item


def _of_body(directory: Directory, group: GroupInfo) -> PersonInfo | None:
    """The 联络员 of the body whose group it is, who has an account."""
    options: list[PersonInfo] = []
    if group.region_id is not None:
        options.extend(directory.at_region(group.region_id, Role.LIAISON))
    if group.task_force_id is not None:
        options.extend(directory.at_task_force(group.task_force_id, Role.LIAISON))
    if group.unit_id is not None:
        options.extend(directory.for_unit(group.unit_id, Role.LIAISON))
    return next((one for one in options if directory.accounts_of.get(one.id)), None)


def _has_the_same(session: Session, row: OutboxNotice, person: PersonInfo) -> bool:
    """Whether they are told the same of their own: what their group missed they know."""
    found = select(OutboxNotice.id).where(
        OutboxNotice.recipient_kind == RecipientKind.PERSON.value,
        OutboxNotice.recipient_id == person.id,
        OutboxNotice.notice == row.notice,
        OutboxNotice.subject_kind == row.subject_kind,
        OutboxNotice.subject_id == row.subject_id,
        OutboxNotice.created_at == row.created_at,
    )
    return session.execute(found.limit(1)).first() is not None


def _stand_in(directory: Directory, person: PersonInfo) -> PersonInfo | None:
    """The 联络员 of the person's unit, or of the county it lies in, who has an account."""
    options = list(directory.for_unit(person.unit_id, Role.LIAISON))
    for post in person.posts:
        if post.region_id is not None:
            options.extend(directory.at_region(post.region_id, Role.LIAISON))
    return next(
        (one for one in options if one.id != person.id and directory.accounts_of.get(one.id)), None
    )  # fmt: skip
