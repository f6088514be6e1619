"""Who may see and report what (rules B3, B4, B5, B8, B10 for reporting). Pure predicates over plain ids.

The callers describe asker, group, project and item by the ids below; a list query may use its own SQL, but
must agree with these predicates. What is not visible is answered like what does not exist (rule B4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from models.types import Role

_NONE: frozenset[int] = frozenset()

OVERSEEING = frozenset(
    {
        Role.HUB_HEAD,
        Role.LEDGER_ADMIN,
        Role.SUPERVISOR,
        Role.INSPECTOR,
        Role.OFFICE_HEAD,
        Role.CITY_LEADER,
        Role.DEPUTY_MAYOR,
        Role.EXECUTIVE_DEPUTY_MAYOR,
    }
)
"""Posts that see everything except restricted items: 综合专班, 市攻坚办, 市领导 (rule B3)."""


class Visibility(IntEnum):
    """How much of a project may be shown; the smaller of two is their intersection (rule B5)."""

    NONE = 0
    NAME_LOCATION_STAGE = 1
    FULL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A person who asks or reports, everything of which they act right now (own posts, or a delegation's).

    unit_ids: the home unit and every unit they hold a post for.
    region_ids: counties whose people they are.
    task_force_ids, led_task_force_ids: 专班 of which one of the units is a member, or a lead unit.
    in_hub: serves in 综合专班 itself; being in one of its member units is not enough.
    guards_approvals: member of 要素保障专班. guards_funds: member of 财政金融专班.
    is_bank: belongs to a bank.
    speaks_for_units, speaks_for_regions: where they are 联络员 or 带班领导.
    liaison_of_task_forces: 专班 of which they are 联络员.
    """

    person_id: int
    organisation_id: int
    roles: frozenset[Role] = frozenset()
    unit_ids: frozenset[int] = _NONE
    region_ids: frozenset[int] = _NONE
    task_force_ids: frozenset[int] = _NONE
    led_task_force_ids: frozenset[int] = _NONE
    in_hub: bool = False
    guards_approvals: bool = False
    guards_funds: bool = False
    is_bank: bool = False
    speaks_for_units: frozenset[int] = _NONE
    speaks_for_regions: frozenset[int] = _NONE
    liaison_of_task_forces: frozenset[int] = _NONE

    @property
    def oversees(self) -> bool:
        """Whether everything but restricted items is in scope."""
        return self.in_hub or not self.roles.isdisjoint(OVERSEEING)

    @property
    def only_administers(self) -> bool:
        """The system administrator sees no ledger contents; other posts of the same person still count."""
        return self.roles == {Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScope:
    """The body a chat group is registered for (rule B5): one id, or oversees for 综合专班 and 市攻坚办."""

    organisation_id: int
    oversees: bool = False
    task_force_id: int | None = None
    region_id: int | None = None
    unit_id: int | None = None
    guards_approvals: bool = False
    guards_funds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectScope:
    """What decides who may see a project.

    region_id: None for 市本级. sector_task_force_id: its sector 专班.
    category_task_force_ids: 专班 that lead one of its categories.
    responsible_unit_id: 责任单位; responsible_unit_staffed: it has a 联络员 of its own (rule E8).
    approving_unit_ids: units whose approval it needs.
    bank_unit_ids: banks to which a financing need of it is addressed.
    """

    project_id: int
    organisation_id: int
    responsible_unit_id: int
    region_id: int | None = None
    sector_task_force_id: int | None = None
    category_task_force_ids: frozenset[int] = _NONE
    responsible_person_id: int | None = None
    responsible_unit_staffed: bool = False
    approving_unit_ids: frozenset[int] = _NONE
    bank_unit_ids: frozenset[int] = _NONE

    def is_of_task_force(self, task_force_ids: frozenset[int]) -> bool:
        """Whether one of these 专班 is its sector's or leads one of its categories."""
        return self.sector_task_force_id in task_force_ids or not task_force_ids.isdisjoint(
            self.category_task_force_ids
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScope:
    """What decides who may see a problem item.

    unit_ids: 责任单位 and 协办 units; region_ids: the counties that those of them are. assisting_ids: 责任人 of the
    协办 units. task_force_id: the 专班 that handles it.
    restricted: a 受限事项; visible_to then lists the only people who may see it, beside the audit role (B8).
    """

    organisation_id: int
    unit_ids: frozenset[int] = _NONE
    region_ids: frozenset[int] = _NONE
    task_force_id: int | None = None
    raised_by_id: int | None = None
    responsible_person_id: int | None = None
    supervisor_id: int | None = None
    assisting_ids: frozenset[int] = _NONE
    restricted: bool = False
    visible_to: frozenset[int] = _NONE


def may_see_project(asker: Asker, project: ProjectScope) -> Visibility:
    """Return how much of the project the asker may see in private (rule B3)."""
    if _sees_fully(asker, project):
        return Visibility.FULL
    if not _is_of_house(asker, project.organisation_id):
        return Visibility.NONE
    if asker.is_bank:
        glimpses = not asker.unit_ids.isdisjoint(project.bank_unit_ids)
    else:
        glimpses = asker.guards_funds or _approves(asker, project)
    return Visibility.NAME_LOCATION_STAGE if glimpses else Visibility.NONE


def may_see_approvals(asker: Asker, project: ProjectScope) -> bool:
    """Whether the asker may see the approval list: 要素保障专班, approving units, and who sees all of it."""
    if _sees_fully(asker, project):
        return True
    return _is_of_house(asker, project.organisation_id) and not asker.is_bank and _approves(asker, project)


def may_see_funds(asker: Asker, project: ProjectScope) -> bool:
    """Whether the asker may see funds and financing: 财政金融专班 except banks, and who sees all of it.

    A bank sees its own part of a financing need, which is decided by the need, not by the project.
    """
    if _sees_fully(asker, project):
        return True
    return _is_of_house(asker, project.organisation_id) and not asker.is_bank and asker.guards_funds


def may_report(asker: Asker, project: ProjectScope) -> bool:
    """Whether the asker may report on the project (rule B10): inside their scope only (rule B4).

    For the responsible unit its 联络员, 带班领导 and 责任人; where a county's unit has no 联络员 the county's
    people stand in (rule E8); the 联络员 of the sector 专班; 联络员 and head of 综合专班.
    """
    if not _sees_fully(asker, project):
        return False
    if Role.HUB_HEAD in asker.roles or Role.LEDGER_ADMIN in asker.roles:
        return True
    if asker.in_hub and Role.LIAISON in asker.roles:
        return True
    stands_in = not project.responsible_unit_staffed and project.region_id in asker.speaks_for_regions
    return (
        project.responsible_person_id == asker.person_id
        or project.responsible_unit_id in asker.speaks_for_units
        or project.sector_task_force_id in asker.liaison_of_task_forces
        or stands_in
    )


def may_see_item(asker: Asker, item: ItemScope, project: ProjectScope | None) -> bool:
    """Whether the asker may see a problem item in private (rules B3, B8). project: the one it belongs to.

    Beyond the scope of B3 those who carry the item see it: who raised it, 责任人, 督办专员, the lead units of
    its 专班.
    """
    if asker.organisation_id != item.organisation_id:
        return False
    if item.restricted:
        return asker.person_id in item.visible_to or Role.AUDITOR in asker.roles
    if asker.only_administers:
        return False
    carries = asker.person_id in (
        item.raised_by_id,
        item.responsible_person_id,
        item.supervisor_id,
        *item.assisting_ids,
    )
    return (
        asker.oversees
        or carries
        or not asker.unit_ids.isdisjoint(item.unit_ids)
        or not asker.region_ids.isdisjoint(item.region_ids)
        or item.task_force_id in asker.led_task_force_ids
        or (project is not None and _sees_fully(asker, project))
    )


def group_sees_project(group: GroupScope, project: ProjectScope) -> Visibility:
    """Return how much of the project belongs into the group, whoever asks (rule B5)."""
    if group.organisation_id != project.organisation_id:
        return Visibility.NONE
    if group.oversees:
        return Visibility.FULL
    if (
        (group.region_id is not None and group.region_id == project.region_id)
        or (group.task_force_id is not None and project.is_of_task_force(frozenset({group.task_force_id})))
        or (group.unit_id is not None and group.unit_id == project.responsible_unit_id)
    ):
        return Visibility.FULL
    approves = group.unit_id is not None and group.unit_id in project.approving_unit_ids
    if group.guards_approvals or group.guards_funds or approves:
        return Visibility.NAME_LOCATION_STAGE
    return Visibility.NONE


def project_in_group(asker: Asker, group: GroupScope, project: ProjectScope) -> Visibility:
    """Return how much may be shown in the group: asker's scope ∩ group's scope (rule B5).

    What is more in `may_see_project` is offered to the asker in private.
    """
    return min(may_see_project(asker, project), group_sees_project(group, project))


def item_in_group(asker: Asker, group: GroupScope, item: ItemScope, project: ProjectScope | None) -> bool:
    """Whether an item may be shown in the group; a restricted item never is (rules B5, B8)."""
    if item.restricted or group.organisation_id != item.organisation_id:
        return False
    group_sees = (
        group.oversees
        or (group.unit_id is not None and group.unit_id in item.unit_ids)
        or (group.region_id is not None and group.region_id in item.region_ids)
        or (group.task_force_id is not None and group.task_force_id == item.task_force_id)
        or (project is not None and group_sees_project(group, project) is Visibility.FULL)
    )
    return group_sees and may_see_item(asker, item, project)


def _is_of_house(asker: Asker, organisation_id: int) -> bool:
    return asker.organisation_id == organisation_id and not asker.only_administers


def _approves(asker: Asker, project: ProjectScope) -> bool:
    return asker.guards_approvals or not asker.unit_ids.isdisjoint(project.approving_unit_ids)


def _sees_fully(asker: Asker, project: ProjectScope) -> bool:
    if not _is_of_house(asker, project.organisation_id):
        return False
    if asker.oversees:
        return True
    return not asker.is_bank and (
        project.region_id in asker.region_ids
        or project.is_of_task_force(asker.task_force_ids)
        or project.responsible_unit_id in asker.unit_ids
        or project.responsible_person_id == asker.person_id
    )
