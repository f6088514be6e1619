"""延期 of an item's 办结时限 (rule F7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.items import AboutItem, ItemFacts, feedback_actions


def extend_action(item: ItemFacts) -> Action:
    return Action(
        "延期", "item.extend", (("item", item.id),), prompt="新时限和原因，如：10月30日 省局要求补正"
    )


def extension_actions(item: ItemFacts, extension_id: int) -> tuple[Action, ...]:
    args = (("item", item.id), ("extension", extension_id))
    return (
        Action("同意", "extension.agree", args),
        Action("不同意", "extension.refuse", args, prompt="请写明不同意的原因"),
    )


@dataclass(frozen=True, slots=True)
class ExtensionAsked(AboutItem, Notice):
    """A request, to who decides on it. count: 1 for the first; late: asked after the deadline."""

    mergeable: ClassVar[bool] = False

    extension_id: int
    unit: str
    author: str
    old_due_at: datetime
    new_due_at: datetime
    workdays: int
    reason: str
    count: int
    late: bool

    @property
    def actions(self) -> tuple[Action, ...]:
        return extension_actions(self.item, self.extension_id)


@dataclass(frozen=True, slots=True)
class ExtensionSent(AboutItem, Notice):
    """Receipt for who asked. deciders: who decides."""

    old_due_at: datetime
    new_due_at: datetime
    workdays: int
    count: int
    late: bool
    deciders: str


@dataclass(frozen=True, slots=True)
class ExtensionDecided(AboutItem, Notice):
    """同意 or 不同意, to those concerned. due_at: the 办结时限 that holds now.

    own: the form without buttons, for who decided and for the 督办专员.
    """

    by: str
    agreed: bool
    reason: str
    due_at: datetime
    extensions: int
    own: bool

    @property
    def actions(self) -> tuple[Action, ...]:
        return () if self.own else feedback_actions(self.item)
