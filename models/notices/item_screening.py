"""A new item before 综合专班, and what becomes of it there (rules F1, F13, J2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.items import AboutItem, decision_actions, item_args


@dataclass(frozen=True, slots=True)
class ItemToScreen(AboutItem, Notice):
    """A new item waits for 综合专班. like: numbers of open items that may be the same."""

    mergeable: ClassVar[bool] = False

    raised_by: str
    raised_at: datetime
    kind: str | None
    task_force: str
    wanted: str | None
    wanted_by: datetime | None
    source: str
    urgent: bool
    supplemented: bool
    returned: str  # why the unit gave it back, empty for a new item
    returned_by: str
    proposed_unit: str
    final: bool  # a second return: 综合专班负责人 rules, and the ruling stands (rule F4)
    restricted: bool
    like: tuple[tuple[int, str], ...]  # open items that may be the same: (id, number)
    ruling_due: datetime | None = None  # of a reminder: until when the ruling was due

    @property
    def actions(self) -> tuple[Action, ...]:
        args = item_args(self.item)
        return (
            *(
                Action(f"合并到{number}", "item.merge_into", (*args, ("into", item_id)))
                for item_id, number in self.like
            ),
            *((Action("不是", "item.not_same", args),) if self.like else ()),
            Action(self.dispatch_label, "item.dispatch", args, prompt=self._dispatch_prompt),
            Action("退回补充", "item.ask_more", args, prompt="请写明需要补充什么"),
            Action("合并", "item.merge", args, prompt="合并到哪个编号，如 W0186"),
            Action("不予受理", "item.reject", args, prompt="请写明原因"),
        )

    @property
    def _dispatch_prompt(self) -> str:
        """A new item is asked about step by step; one that came back needs a unit."""
        return "承办单位，如：市住建局主办，临河区住建局协办；责任人 彭倩" if self.returned else ""

    @property
    def dispatch_label(self) -> str:
        if self.final:
            return "裁定"
        return "改交办" if self.returned else "交办"


@dataclass(frozen=True, slots=True)
class UrgentReported(AboutItem, Notice):
    """A problem that its author marks 紧急, to 综合专班负责人 at once: only he says that it is 特别重大 (rule G7)."""

    mergeable: ClassVar[bool] = False

    raised_by: str
    raised_at: datetime
    wanted: str | None
    restricted: bool
    level_name: str = ""  # to which 特别重大 goes
    leaders: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        args = item_args(self.item)
        return (
            Action("定为特别重大", "grave.yes", args),
            Action("按一般处理", "grave.no", args),
            Action("查看", "item.show", args),
        )


@dataclass(frozen=True, slots=True)
class GraveProblem(AboutItem, Notice):
    """【紧急】 to 常务副市长, 分管副市长 and 带班领导 of the sector's lead unit (rule G7). decides: may give a 批示."""

    mergeable: ClassVar[bool] = False

    raised_by: str
    raised_at: datetime
    wanted: str | None
    by: str
    at: datetime
    decides: bool
    level_name: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        if not self.decides:
            return (Action("查看", "item.show", item_args(self.item)),)
        return decision_actions(self.item)


@dataclass(frozen=True, slots=True)
class GraveDecided(AboutItem, Notice):
    """What was decided on 紧急, at once to the author (rule G7). own: the reply to who decided."""

    grave: bool
    by: str
    told: str
    own: bool
    level_name: str = ""


@dataclass(frozen=True, slots=True)
class FoundOnSite(AboutItem, Notice):
    """A problem found on site, for the category-lead 专班's 联络员 (rule J2); 综合专班 screens it."""

    raised_by: str
    raised_at: datetime
    kind: str | None
    task_force: str


@dataclass(frozen=True, slots=True)
class ItemSupplementWanted(AboutItem, Notice):
    """退回补充, to who raised it."""

    by: str
    reason: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("补充", "item.supplement", item_args(self.item), prompt="请补充"),)


@dataclass(frozen=True, slots=True)
class ItemRejected(AboutItem, Notice):
    """不予受理, to who raised it."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class MergeAcross(AboutItem, Notice):
    """Asked once before two problems of different projects become one (rule F13). into_project: code and full name."""

    mergeable: ClassVar[bool] = False

    into_id: int
    into: str
    into_title: str
    into_project: str

    @property
    def actions(self) -> tuple[Action, ...]:
        args = item_args(self.item)
        sure = (*args, ("into", self.into_id), ("sure", 1))
        return (Action("确认合并", "item.merge_into", sure), Action("不合并", "item.not_same", args))


@dataclass(frozen=True, slots=True)
class ItemMerged(AboutItem, Notice):
    """合并, to who raised the duplicate, or was 责任人 of it (rule F13). into: the surviving item."""

    into: str
    into_title: str
    holder: str
    raised: bool = True  # the reader raised the duplicate
