"""Loading a roster: task forces with their members, and categories (rules B9, Q3)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import delete, select

from models.operations.roster_entries import RosterTaskForce
from models.operations.roster_merging import Merge, left_over
from models.tables.items import Item
from models.tables.people import Post
from models.tables.projects import Project, ProjectCategory
from models.tables.taskforces import Category, ChatGroup, TaskForce, TaskForceUnit


def merge_task_forces(merge: Merge) -> None:
    """Task forces and their members."""
    rows = merge.rows(TaskForce)
    matched = merge.match("专班", rows, merge.roster.task_forces, code=_seq_of)
    members = _members(merge)
    names = merge.unit_names()
    for row in left_over(rows, matched):
        users: list[Any] = [Project.task_force_id, Item.task_force_id]
        if merge.roster.people is None:
            users.append(Post.task_force_id)
        merge.refuse_if_used("专班", row, users)
        merge.lines.append(f"取消专班 {row.name}")
        if merge.stamp is not None:
            merge.session.execute(delete(TaskForceUnit).where(TaskForceUnit.task_force_id == row.id))
            merge.session.execute(delete(Post).where(Post.task_force_id == row.id))
            for category in merge.rows(Category):
                if category.task_force_id == row.id:
                    category.task_force_id = None
            for group in merge.rows(ChatGroup):
                if group.task_force_id == row.id:
                    group.task_force_id = None
            merge.session.flush()
        merge.delete(row)
    for task_force in merge.roster.task_forces:
        row = matched[task_force.name]
        if row is None:
            lead = "、".join(task_force.lead) or "未定"
            merge.lines.append(f"新增专班 {task_force.name}：牵头 {lead}，成员 {len(task_force.units)} 个")
            if merge.stamp is not None:
                row = TaskForce(
                    organisation_id=merge.organisation_id,
                    seq=task_force.seq,
                    name=task_force.name,
                    is_hub=task_force.is_hub,
                    duty=task_force.duty,
                    facts=dict(task_force.facts),
                )
                merge.session.add(row)
                merge.session.flush()
                _write_members(merge, row.id, task_force)
            continue
        title = f"专班 {task_force.name}"
        merge.change(row, "name", task_force.name, "")
        merge.change(row, "seq", task_force.seq, f"{title}：序号 {row.seq} → {task_force.seq}")
        merge.change(
            row,
            "is_hub",
            task_force.is_hub,
            f"{title}：{'改为' if task_force.is_hub else '不再是'}综合专班",
        )
        merge.change(row, "duty", task_force.duty, f"{title}：职责有变")
        merge.change(row, "facts", dict(task_force.facts), f"{title}：其他内容有变")
        old = [(names[unit_id], lead) for unit_id, lead in members[row.id]]
        new = _members_of(task_force)
        if old != new:
            merge.lines.append(_member_line(title, old, new))
            if merge.stamp is not None:
                merge.session.execute(delete(TaskForceUnit).where(TaskForceUnit.task_force_id == row.id))
                _write_members(merge, row.id, task_force)
    merge.flush()
    merge.task_force_ids = {row.name: row.id for row in merge.rows(TaskForce)} if merge.stamp else {}


def _members(merge: Merge) -> dict[int, list[tuple[int, bool]]]:
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for row in merge.session.execute(
        select(TaskForceUnit).order_by(TaskForceUnit.task_force_id, TaskForceUnit.seq)
    ).scalars():
        found[row.task_force_id].append((row.unit_id, row.lead))
    return found


def _write_members(merge: Merge, task_force_id: int, task_force: RosterTaskForce) -> None:
    for seq, (name, lead) in enumerate(_members_of(task_force), start=1):
        merge.session.add(
            TaskForceUnit(task_force_id=task_force_id, unit_id=merge.unit_ids[name], seq=seq, lead=lead)
        )


def merge_categories(merge: Merge) -> None:
    """Categories of projects and who leads them."""
    rows = merge.rows(Category)
    matched = merge.match("类别", rows, merge.roster.categories, code=_key_of)
    task_force_names = {row.id: row.name for row in merge.rows(TaskForce)}
    for row in left_over(rows, matched):
        merge.refuse_if_used("类别", row, (ProjectCategory.category_id,))
        merge.lines.append(f"取消类别 {row.name}")
        merge.delete(row)
    for seq, category in enumerate(merge.roster.categories, start=1):
        row = matched[category.name]
        led_by = merge.task_force_ids.get(category.led_by or "")
        if row is None:
            merge.lines.append(f"新增类别 {category.name}（牵头 {category.led_by or '未定'}）")
            if merge.stamp is not None:
                merge.session.add(
                    Category(
                        organisation_id=merge.organisation_id,
                        seq=seq,
                        key=category.key,
                        name=category.name,
                        aliases=list(category.aliases),
                        task_force_id=led_by,
                        note=category.note,
                    )
                )
            continue
        title = f"类别 {category.name}"
        merge.change(row, "name", category.name, "")
        merge.change(row, "seq", seq, f"{title}：次序改为第{seq}")
        merge.change(row, "key", category.key, f"{title}：代码 {row.key} → {category.key}")
        merge.change(row, "note", category.note, f"{title}：说明有变")
        merge.change(
            row,
            "aliases",
            list(category.aliases),
            f"{title}：别名改为 {'、'.join(category.aliases) or '无'}",
        )
        was = task_force_names.get(row.task_force_id) if row.task_force_id is not None else None
        was = merge.renamed.get(("专班", was), was) if was else None
        if was != category.led_by:
            merge.lines.append(f"{title}：牵头 {was or '未定'} → {category.led_by or '未定'}")
            merge.quietly(row, task_force_id=led_by)
    merge.flush()


def _seq_of(one: TaskForce | RosterTaskForce) -> object:
    return one.seq


def _key_of(one: Any) -> object:
    return one.key


def _members_of(task_force: RosterTaskForce) -> list[tuple[str, bool]]:
    return [(name, name in task_force.lead) for name in task_force.units]


def _member_line(title: str, old: list[tuple[str, bool]], new: list[tuple[str, bool]]) -> str:
    parts = []
    for what, was, now in (
        ("成员", [name for name, _ in old], [name for name, _ in new]),
        ("牵头", [name for name, lead in old if lead], [name for name, lead in new if lead]),
    ):
        if added := [name for name in now if name not in was]:
            parts.append(f"增加{what} {'、'.join(added)}")
        if removed := [name for name in was if name not in now]:
            parts.append(f"去掉{what} {'、'.join(removed)}")
    return f"{title}：{'，'.join(parts) or '成员次序有变'}"
