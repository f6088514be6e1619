"""Bodies that a chat group can be registered for, and their groups (rule B5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from models.queries import taskforces
from models.queries.directory import Directory, GroupInfo
from models.types import BodyKind

OFFICE: Final = "市攻坚办"
_OFFICE_NAMES: Final = frozenset({OFFICE, "攻坚办", "集中攻坚行动领导小组办公室", "领导小组办公室"})


@dataclass(frozen=True, slots=True)
class Body:
    """A task force, a county, a unit, or the office of the organisation, which has no id (0)."""

    organisation_id: int
    kind: BodyKind
    id: int
    name: str


def body_named(directory: Directory, organisation_id: int, text: str) -> Body | None:
    """The body of this organisation that a name means: the office, a task force, a county, a unit."""
    said = text.strip().strip("【】").strip()
    if said in _OFFICE_NAMES:
        return Body(organisation_id, BodyKind.OFFICE, 0, OFFICE)
    region = next(
        (
            one
            for one in directory.regions.values()
            if one.organisation_id == organisation_id and said in (one.name, one.name.rstrip("县区市"))
        ),
        None,
    )
    if region is not None:
        return Body(organisation_id, BodyKind.REGION, region.id, region.name)
    task_force = taskforces.by_name(directory, organisation_id, said) if said else None
    if task_force is not None:
        return Body(organisation_id, BodyKind.TASK_FORCE, task_force.id, task_force.name)
    unit = directory.unit_named(organisation_id, said)
    if unit is not None:
        return Body(organisation_id, BodyKind.UNIT, unit.id, unit.name)
    return None


def body_of(directory: Directory, organisation_id: int, kind: str, number: int) -> Body | None:
    """A body by its id; None when it is not there any more."""
    names = {
        BodyKind.TASK_FORCE: {one.id: one.name for one in directory.task_forces.values()},
        BodyKind.REGION: {one.id: one.name for one in directory.regions.values()},
        BodyKind.UNIT: {one.id: one.name for one in directory.units.values()},
        BodyKind.OFFICE: {0: OFFICE},
    }[BodyKind(kind)]
    return Body(organisation_id, BodyKind(kind), number, names[number]) if number in names else None


def registered_for(directory: Directory, group: GroupInfo) -> str:
    """The name of the body that a group is registered for."""
    number = group.task_force_id or group.region_id or group.unit_id or 0
    body = body_of(directory, group.organisation_id, group.body_kind, number)
    return body.name if body is not None else group.name


def is_of(group: GroupInfo, body: Body) -> bool:
    """Whether a group is registered for a body."""
    number = {
        BodyKind.TASK_FORCE: group.task_force_id,
        BodyKind.REGION: group.region_id,
        BodyKind.UNIT: group.unit_id,
        BodyKind.OFFICE: 0,
    }[body.kind]
    return (group.organisation_id, group.body_kind, number) == (
        body.organisation_id,
        body.kind.value,
        body.id,
    )


def addresses(directory: Directory, body: Body, platform: str) -> tuple[str, ...]:
    """Where groups of a body are on a platform."""
    return tuple(
        address
        for group in directory.groups.values()
        if is_of(group, body)
        for name, address in group.accounts
        if name == platform
    )
