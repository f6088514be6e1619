"""Registering a chat group for a body, from within the group (rule B5)."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, select

from models.operations.desk import Desk
from models.operations.versions import directory_changed
from models.queries import groups
from models.queries.directory import GroupInfo
from models.queries.groups import Body
from models.tables.taskforces import ChatGroup, GroupAccount
from models.types import BodyKind, Subject

REASON = "登记群"


def register(desk: Desk, body: Body, *, platform: str, address: str) -> GroupInfo:
    """The chat at this address is the body's group on this platform from now on, and the only one there.

    What it was registered for before ends, and so does another chat of the body on this platform; its addresses on
    other platforms stay. One audit row for each change. Who may, and whether they are sure, the caller asks.
    """
    session = desk.session
    row = _row_of(desk, body)
    for group in desk.directory.groups.values():
        for name, old in group.accounts:
            there = (name, old) == (platform, address)
            if name != platform or not (there or group.id == row.id):
                continue
            if there and group.id == row.id:
                continue
            session.execute(
                delete(GroupAccount).where(GroupAccount.platform == name, GroupAccount.account == old)
            )
            desk.record(Subject("group", group.id), {f"account:{name}": (old, None)}, reason=REASON)
    known = select(GroupAccount.id).where(GroupAccount.platform == platform, GroupAccount.account == address)
    if session.execute(known).first() is None:
        session.add(GroupAccount(group_id=row.id, platform=platform, account=address))
        desk.record(Subject("group", row.id), {f"account:{platform}": (None, address)}, reason=REASON)
    session.flush()
    directory_changed(session)
    return GroupInfo(
        row.id, body.organisation_id, row.name, row.body_kind, row.task_force_id, row.region_id, row.unit_id,
        ((platform, address),),
    )  # fmt: skip


def _row_of(desk: Desk, body: Body) -> ChatGroup:
    """The group of a body; a new one under the body's name where there is none."""
    found = next((one for one in desk.directory.groups.values() if groups.is_of(one, body)), None)
    if found is not None:
        return desk.session.get_one(ChatGroup, found.id)
    row = ChatGroup(
        organisation_id=body.organisation_id,
        name=_free_name(body, lambda name: _is_taken(desk, body.organisation_id, name)),
        body_kind=body.kind.value,
        task_force_id=body.id if body.kind is BodyKind.TASK_FORCE else None,
        region_id=body.id if body.kind is BodyKind.REGION else None,
        unit_id=body.id if body.kind is BodyKind.UNIT else None,
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(Subject("group", row.id), {"body": (None, body.name)}, reason=REASON, first=True)
    return row


def _free_name(body: Body, taken: Callable[[str], bool]) -> str:
    name = body.name
    while taken(name):
        name += "群"
    return name


def _is_taken(desk: Desk, organisation_id: int, name: str) -> bool:
    return any(
        group.name == name and group.organisation_id == organisation_id
        for group in desk.directory.groups.values()
    )
