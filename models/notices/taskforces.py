"""What is said about task forces as the roster describes them."""

from __future__ import annotations

from dataclasses import dataclass

from models.notices.base import Notice


@dataclass(frozen=True, slots=True)
class TaskForceCard(Notice):
    """One task force, in the document's own words. unit_groups: e.g. 各县（市、区）人民政府."""

    place: str
    name: str
    duty: tuple[str, ...]
    lead: tuple[str, ...]
    members: tuple[str, ...]
    unit_groups: tuple[str, ...]
    categories: tuple[str, ...]
    industries: tuple[str, ...]
    approvals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskForceLine:
    name: str
    lead: tuple[str, ...]
    members: int


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """led_by: empty when no task force leads the category."""

    name: str
    led_by: str


@dataclass(frozen=True, slots=True)
class TaskForceList(Notice):
    """An organisation's roster at a glance. outside: member units that are in no task force."""

    place: str
    task_forces: tuple[TaskForceLine, ...]
    categories: tuple[CategoryLine, ...]
    localities: tuple[str, ...]
    outside: tuple[str, ...]
