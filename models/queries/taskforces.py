"""Task forces as the roster describes them (rule B9, Q3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notices.taskforces import CategoryLine, TaskForceCard, TaskForceLine, TaskForceList
from models.queries.directory import Directory, TaskForceInfo
from models.tables.taskforces import TaskForce


def by_name(directory: Directory, organisation_id: int, name: str) -> TaskForceInfo | None:
    """The task force of that name, with or without 专班, or the only one that contains the words."""
    said = name.strip().strip("【】").removesuffix("专班")
    own = [tf for tf in directory.task_forces.values() if tf.organisation_id == organisation_id]
    exact = [tf for tf in own if tf.name.removesuffix("专班") == said]
    if exact:
        return exact[0]
    near = [tf for tf in own if said and said in tf.name]
    return near[0] if len(near) == 1 else None


def card(session: Session, directory: Directory, task_force: TaskForceInfo) -> TaskForceCard:
    """Duty, lead and member units, and what the task force leads, in the document's own words."""
    row = session.execute(select(TaskForce).where(TaskForce.id == task_force.id)).scalar_one()
    return TaskForceCard(
        place=directory.organisations[task_force.organisation_id].name,
        name=task_force.name,
        duty=tuple(line for line in row.duty.split("\n") if line),
        lead=tuple(directory.units[number].name for number in task_force.lead_ids),
        members=tuple(directory.units[number].name for number in task_force.unit_ids),
        unit_groups=_words(row.facts, "unit_groups"),
        categories=tuple(
            category.name
            for category in directory.categories.values()
            if category.task_force_id == task_force.id
        ),
        industries=_words(row.facts, "leads_industries"),
        approvals=_words(row.facts, "approvals"),
    )


def overview(directory: Directory, organisation_id: int) -> TaskForceList:
    """An organisation's task forces, categories, localities, and member units outside the task forces."""
    own = [tf for tf in directory.task_forces.values() if tf.organisation_id == organisation_id]
    names = {tf.id: tf.name for tf in own}
    inside = {number for tf in own for number in tf.unit_ids}
    return TaskForceList(
        place=directory.organisations[organisation_id].name,
        task_forces=tuple(
            TaskForceLine(
                tf.name, tuple(directory.units[number].name for number in tf.lead_ids), len(tf.unit_ids)
            )
            for tf in own
        ),
        categories=tuple(
            CategoryLine(category.name, names.get(category.task_force_id or 0, ""))
            for category in directory.categories.values()
            if category.organisation_id == organisation_id
        ),
        localities=tuple(
            region.name for region in directory.regions.values() if region.organisation_id == organisation_id
        ),
        outside=tuple(
            unit.name
            for unit in directory.units.values()
            if unit.organisation_id == organisation_id
            and unit.member
            and unit.kind in {"bureau", "bank"}
            and unit.id not in inside
        ),
    )


def _words(facts: dict[str, Any], key: str) -> tuple[str, ...]:
    value = facts.get(key, [])
    return (value,) if isinstance(value, str) else tuple(str(part) for part in value)
