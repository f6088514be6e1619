"""Replies that belong to no single kind of record."""

from __future__ import annotations

from dataclasses import dataclass

from models.notices.base import Action, Notice


@dataclass(frozen=True, slots=True)
class Refusal(Notice):
    """A refusal, already worded from templates/errors."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parked(Notice):
    """A message that could not be processed; it is kept for a person to look at."""

    text: str


@dataclass(frozen=True, slots=True)
class NotBound(Notice):
    """The answer to an account without a person (rule B2)."""


@dataclass(frozen=True, slots=True)
class Forwarded(Notice):
    """What somebody who cannot be reached should have got, for the person who passes it on (rule P3)."""

    role: str
    name: str
    lines: tuple[str, ...]
    outbox_id: int
    to_group: bool = False  # name is that of a group

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("已转报", "delivery.passed_on", (("outbox", self.outbox_id),)),)


@dataclass(frozen=True, slots=True)
class PassedOn(Notice):
    """已转报 was recorded."""

    name: str


@dataclass(frozen=True, slots=True)
class QueuesStuck(Notice):
    """For the administrator: messages that could not be processed or delivered, and need a person."""

    dead: int
    parked: int
    undelivered: int
    reasons: tuple[str, ...]
