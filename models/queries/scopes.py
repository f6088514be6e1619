"""Scopes from the directory: what the pure predicates of models.rules.scope need to know."""

from __future__ import annotations

from typing import Final

from models.queries.directory import Directory, GroupInfo, PersonInfo, ProjectInfo
from models.rules.scope import (
    Asker,
    GroupScope,
    ProjectScope,
    Visibility,
    group_sees_project,
    may_report,
    may_see_project,
)
from models.types import BodyKind, Role

SPEAKERS: Final = frozenset({Role.LIAISON, Role.LEADER})
HUB_ROLES: Final = frozenset({Role.HUB_HEAD, Role.LEDGER_ADMIN, Role.SUPERVISOR, Role.INSPECTOR})
APPROVALS: Final = "要素保障"
FUNDS: Final = "财政金融"


def asker(directory: Directory, person: PersonInfo) -> Asker:
    """What a person may see and speak for by their own posts, in the organisation as which they are given."""
    kept = (f"asker in {person.organisation_id}", person.id)
    known: Asker | None = directory.derived.get(kept)
    if known is None:
        known = directory.derived[kept] = _asker(directory, person)
    return known


def _asker(directory: Directory, person: PersonInfo) -> Asker:
    posts = person.posts
    unit_ids = frozenset({person.unit_id, *(post.unit_id for post in posts if post.unit_id is not None)})
    task_forces = {tf.id: tf for unit_id in unit_ids for tf in directory.task_forces_of_unit.get(unit_id, ())}
    for post in posts:
        if post.task_force_id is not None:
            task_forces[post.task_force_id] = directory.task_forces[post.task_force_id]
    roles = frozenset(post.role for post in posts)
    home = directory.units[person.unit_id]
    hub = directory.hub(person.organisation_id)
    regions = {post.region_id for post in posts if post.region_id is not None}
    if home.region_id is not None:
        regions.add(home.region_id)
    return Asker(
        person_id=person.id,
        organisation_id=person.organisation_id,
        roles=roles,
        unit_ids=unit_ids,
        region_ids=frozenset(regions),
        task_force_ids=frozenset(tf.id for tf in task_forces.values() if not tf.is_hub),
        led_task_force_ids=frozenset(tf.id for tf in task_forces.values() if unit_ids & set(tf.lead_ids)),
        in_hub=bool(roles & HUB_ROLES)
        or (hub is not None and any(post.task_force_id == hub.id for post in posts)),
        guards_approvals=any(APPROVALS in tf.name for tf in task_forces.values()),
        guards_funds=any(FUNDS in tf.name for tf in task_forces.values()),
        is_bank=home.is_bank,
        speaks_for_units=frozenset(
            post.unit_id for post in posts if post.role in SPEAKERS and post.unit_id is not None
        ),
        speaks_for_regions=frozenset(
            post.region_id for post in posts if post.role in SPEAKERS and post.region_id is not None
        ),
        liaison_of_task_forces=frozenset(
            tf.id
            for tf in directory.task_forces.values()
            if person in directory.at_task_force(tf.id, Role.LIAISON)
        ),
    )


def project_scope(directory: Directory, project: ProjectInfo) -> ProjectScope:
    known: ProjectScope | None = directory.derived.get(("scope", project.id))
    if known is None:
        known = directory.derived["scope", project.id] = _project_scope(directory, project)
    return known


def _project_scope(directory: Directory, project: ProjectInfo) -> ProjectScope:
    leads = {directory.categories[number].task_force_id for number in project.category_ids}
    return ProjectScope(
        project_id=project.id,
        organisation_id=project.organisation_id,
        responsible_unit_id=project.unit_id,
        region_id=project.region_id,
        sector_task_force_id=project.task_force_id,
        category_task_force_ids=frozenset(number for number in leads if number is not None),
        responsible_person_id=project.responsible_person_id,
        responsible_unit_staffed=bool(directory.at_unit(project.unit_id, Role.LIAISON)),
    )


def group_scope(directory: Directory, group: GroupInfo) -> GroupScope:
    task_force = directory.task_forces.get(group.task_force_id) if group.task_force_id is not None else None
    return GroupScope(
        organisation_id=group.organisation_id,
        oversees=group.body_kind == BodyKind.OFFICE.value or (task_force is not None and task_force.is_hub),
        task_force_id=group.task_force_id,
        region_id=group.region_id,
        unit_id=group.unit_id,
        guards_approvals=task_force is not None and APPROVALS in task_force.name,
        guards_funds=task_force is not None and FUNDS in task_force.name,
    )


def visible_projects(directory: Directory, person: PersonInfo) -> frozenset[int]:
    """Ids of the projects that the person may see in full, as they are in the organisation as which they are given."""
    kept = (f"visible in {person.organisation_id}", person.id)
    known: frozenset[int] | None = directory.derived.get(kept)
    if known is None:
        who = asker(directory, person)
        known = frozenset(
            project.id
            for project in directory.projects.values()
            if may_see_project(who, project_scope(directory, project)) is Visibility.FULL
        )
        directory.derived[kept] = known
    return known


def glimpsed_projects(directory: Directory, person: PersonInfo) -> frozenset[int]:
    """Ids of the projects of which the person may see name, location and stage only."""
    who = asker(directory, person)
    return frozenset(
        project.id
        for project in directory.projects.values()
        if may_see_project(who, project_scope(directory, project)) is Visibility.NAME_LOCATION_STAGE
    )


def group_projects(directory: Directory, group: GroupInfo) -> frozenset[int]:
    """Ids of the projects that belong into a group, whoever asks (rule B5)."""
    known: frozenset[int] | None = directory.derived.get(("group", group.id))
    if known is None:
        scope = group_scope(directory, group)
        known = frozenset(
            project.id
            for project in directory.projects.values()
            if group_sees_project(scope, project_scope(directory, project)) is Visibility.FULL
        )
        directory.derived["group", group.id] = known
    return known


def reports_on(directory: Directory, person: PersonInfo, project: ProjectInfo) -> bool:
    """Whether the person may report on the project by their own posts (rule B10)."""
    return may_report(asker(directory, person), project_scope(directory, project))
