"""What a roster file says, entry by entry, once it has been read without a fault (rules B9, Q3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.types import BodyKind, Role


@dataclass(frozen=True, slots=True)
class RosterRegion:
    """A county, zone, town or street, in the order of the file."""

    name: str
    full_name: str | None = None
    short: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class RosterUnit:
    """member: belongs to the campaign, in a task force or not. aliases: None when the file does not say."""

    name: str
    kind: str
    region: str | None
    member: bool
    aliases: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RosterTaskForce:
    """units: all members, lead units included. facts: what the file says beyond these fields, as written."""

    seq: int
    name: str
    is_hub: bool
    duty: str
    lead: tuple[str, ...]
    units: tuple[str, ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RosterCategory:
    """led_by: name of the task force that leads it."""

    key: str
    name: str
    note: str | None
    aliases: tuple[str, ...]
    led_by: str | None


@dataclass(frozen=True, slots=True)
class RosterPost:
    """A role and the one body it is held for, all empty for a post of the whole city (rule B10)."""

    role: Role
    unit: str | None = None
    region: str | None = None
    task_force: str | None = None

    @property
    def text(self) -> str:
        body = self.unit or self.region or self.task_force
        return f"{self.role.value}（{body}）" if body else self.role.value


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """accounts: (platform, account); None when the file does not say, empty when it says there are none."""

    name: str
    unit: str
    title: str | None
    phone: str | None
    posts: tuple[RosterPost, ...]
    accounts: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class RosterSeconded:
    """兼任: somebody of another organisation who holds posts here (rule Q3). unit: theirs at home."""

    name: str
    unit: str
    organisation: str
    posts: tuple[RosterPost, ...]


@dataclass(frozen=True, slots=True)
class RosterGroup:
    """A chat group and the one body it is registered for (rule B5)."""

    name: str
    body_kind: BodyKind
    task_force: str | None
    region: str | None
    unit: str | None
    accounts: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class Roster:
    """A whole file. people, groups: None when it does not mention them. document: all of it but these two."""

    place: str
    level: str
    parent: str | None
    regions: tuple[RosterRegion, ...]
    units: tuple[RosterUnit, ...]
    task_forces: tuple[RosterTaskForce, ...]
    categories: tuple[RosterCategory, ...]
    people: tuple[RosterPerson, ...] | None
    seconded: tuple[RosterSeconded, ...]
    groups: tuple[RosterGroup, ...] | None
    document: Mapping[str, Any]
    sha256: str
