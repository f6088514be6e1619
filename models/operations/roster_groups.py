"""Loading a roster: groups, whom they belong to and where they are (rules B5, B9)."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import delete, select

from models.operations.roster_merging import Merge
from models.tables.people import Region, Unit
from models.tables.taskforces import ChatGroup, GroupAccount, TaskForce
from models.types import BodyKind


def merge_groups(merge: Merge) -> None:
    """Groups and their addresses; a file without groups leaves them alone."""
    if merge.roster.groups is None:
        return
    rows = {row.name: row for row in merge.rows(ChatGroup)}
    bodies = _body_names(merge)
    addresses: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for address in merge.session.execute(select(GroupAccount)).scalars():
        addresses[address.group_id].add((address.platform, address.account))
    for group in merge.roster.groups:
        row = rows.get(group.name)
        body = (group.body_kind.value, group.task_force, group.region, group.unit)
        name_of_body = group.task_force or group.region or group.unit or "市攻坚办"
        ids = {
            "body_kind": group.body_kind.value,
            "task_force_id": merge.task_force_ids.get(group.task_force or ""),
            "region_id": merge.region_ids.get(group.region or ""),
            "unit_id": merge.unit_ids.get(group.unit or ""),
        }
        if row is None:
            merge.lines.append(f"新增群【{group.name}】（{name_of_body}）")
            if merge.stamp is not None:
                row = ChatGroup(organisation_id=merge.organisation_id, name=group.name, **ids)
                merge.session.add(row)
                merge.session.flush()
        elif bodies[row.id] != body:
            merge.lines.append(f"群【{group.name}】：改属 {name_of_body}")
            merge.quietly(row, **ids)
        old = addresses.get(row.id, set()) if row is not None and row.id is not None else set()
        wanted = old if group.accounts is None else set(group.accounts)
        for platform, account in sorted(old - wanted):
            merge.lines.append(f"群【{group.name}】：去掉地址 {platform}:{account}")
            if merge.stamp is not None and row is not None:
                merge.session.execute(
                    delete(GroupAccount).where(
                        GroupAccount.platform == platform, GroupAccount.account == account
                    )
                )
        for platform, account in sorted(wanted - old):
            merge.lines.append(f"群【{group.name}】：地址 {platform}:{account}")
            if merge.stamp is not None and row is not None:
                merge.session.execute(
                    delete(GroupAccount).where(
                        GroupAccount.platform == platform, GroupAccount.account == account
                    )
                )
                merge.session.add(GroupAccount(group_id=row.id, platform=platform, account=account))
    stated = {group.name for group in merge.roster.groups}
    for row in rows.values():
        if row.name in stated:
            continue
        # Its row stays for the history of what was said there; without an address nothing reaches it.
        if addresses.get(row.id):
            merge.lines.append(f"停用群【{row.name}】")
            if merge.stamp is not None:
                merge.session.execute(delete(GroupAccount).where(GroupAccount.group_id == row.id))
    merge.flush()


def _body_names(merge: Merge) -> dict[int, tuple[str, str | None, str | None, str | None]]:
    rows = merge.session.execute(
        select(ChatGroup.id, ChatGroup.body_kind, TaskForce.name, Region.name, Unit.name)
        .outerjoin(TaskForce, TaskForce.id == ChatGroup.task_force_id)
        .outerjoin(Region, Region.id == ChatGroup.region_id)
        .outerjoin(Unit, Unit.id == ChatGroup.unit_id)
    )
    return {
        number: (
            BodyKind(kind).value,
            merge.renamed.get(("专班", task_force or ""), task_force),
            merge.renamed.get(("地区", region or ""), region),
            unit,
        )
        for number, kind, task_force, region, unit in rows
    }
