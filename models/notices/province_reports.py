"""Items at level 4: material for 省综合专班, its 文号, the province's reply and checkpoint (rules G1, G2, O2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.items import AboutItem, ItemFacts, item_args


def sent_action(item: ItemFacts) -> Action:
    return Action("回填文号", "item.province_sent", item_args(item), prompt="文号，如 云攻坚〔2026〕41号")


def reply_action(item: ItemFacts) -> Action:
    return Action(
        "登记省级批复",
        "item.province_reply",
        item_args(item),
        prompt="省综合专班几月几日复：…，几月几日前批复",
    )


def down_action(item: ItemFacts) -> Action:
    return Action("退回下级", "item.send_down", item_args(item), prompt="请写明退回原因")


@dataclass(frozen=True, slots=True)
class ProvinceMaterial(AboutItem, Notice):
    """The paper for the province is made, to 联络员 of 综合专班, who uploads it and enters the 文号."""

    mergeable: ClassVar[bool] = False

    by: str
    reason: str
    figures_on: date | None
    attachment_id: int

    @property
    def files(self) -> tuple[int, ...]:
        return (self.attachment_id,)

    @property
    def actions(self) -> tuple[Action, ...]:
        return (sent_action(self.item),)


@dataclass(frozen=True, slots=True)
class ProvinceSent(AboutItem, Notice):
    """The report went up. own: the receipt of who entered it; told: who else heard. before: the 文号 it replaces."""

    by: str
    number: str
    sent_on: date
    before: str
    told: str
    own: bool


@dataclass(frozen=True, slots=True)
class ProvinceReplied(AboutItem, Notice):
    """What the province answered. checkpoint_at: by when it promised something, None when it named no day.

    late: the day said for the reply lies ahead of today.
    """

    by: str
    text: str
    replied_on: date
    checkpoint_at: datetime | None
    late: bool
    told: str
    own: bool


@dataclass(frozen=True, slots=True)
class ProvinceCheckpoint(AboutItem, Notice):
    """The province's promised day comes near, or has passed without a new reply. enters: to who enters the reply."""

    number: str
    text: str
    checkpoint_at: datetime
    passed: bool
    enters: bool

    @property
    def actions(self) -> tuple[Action, ...]:
        return (reply_action(self.item),) if self.enters else ()
