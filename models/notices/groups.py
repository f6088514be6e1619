"""What is said about registering a chat group for a body (rule B5)."""

from __future__ import annotations

from dataclasses import dataclass

from models.notices.base import Action, Notice


@dataclass(frozen=True, slots=True)
class GroupRegistered(Notice):
    """To the group. body: 市政设施专班, 青禾县, 市攻坚办. by: who registered it."""

    body: str
    by: str


@dataclass(frozen=True, slots=True)
class GroupKnown(Notice):
    """The group is registered for this body already, or was only asked about."""

    body: str


@dataclass(frozen=True, slots=True)
class GroupChangeAsked(Notice):
    """Registering would end something. here: what this group is registered for; empty: nothing.

    there: address of another group of the body on this platform; empty: none. The others are what the button needs.
    """

    body: str
    here: str
    there: str
    platform: str
    address: str
    kind: str
    body_id: int

    @property
    def actions(self) -> tuple[Action, ...]:
        return (
            Action(
                "改登记",
                "group.register",
                (
                    ("platform", self.platform), ("address", self.address), ("kind", self.kind),
                    ("body_id", self.body_id), ("here", self.here), ("there", self.there),
                ),
            ),
        )  # fmt: skip
