"""What is said about weekly feedback (rules A4, A5, C19, I1, I2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice


def weekly_actions(period_first: str, of: int) -> tuple[Action, ...]:
    """How feedback is given; period_first: the first day of the period, ISO. of: id of the 联络员 who is asked."""
    args = (("period", period_first), ("of", of))
    return (
        Action("从台账生成", "weekly.generate", args),
        Action("本周无变化", "weekly.unchanged", args),
    )


def summary_actions(period_first: str, category: str, of: int) -> tuple[Action, ...]:
    """How 小结 are handed in; category: one of them, for the example. of: id of the 联络员 who is asked."""
    args = (("period", period_first), ("of", of))
    prompt = f"如：{category} 完成设备安装；不写类别则各类通用"
    return (
        Action("提交小结", "weekly.submit_summary", args),
        Action("补充计划", "weekly.plan", args, prompt=prompt),
    )


@dataclass(frozen=True, slots=True)
class WeeklyCall(Notice):
    """The question to a 联络员 whose bodies have not reported. of: the id, for a delegate who gets it too (rule B6)."""

    mergeable: ClassVar[bool] = False

    period: str
    period_first: str
    bodies: tuple[str, ...]
    due_at: datetime
    postponed: bool
    of: int = 0

    @property
    def label(self) -> str:
        return "、".join(self.bodies)

    @property
    def actions(self) -> tuple[Action, ...]:
        return weekly_actions(self.period_first, self.of)


@dataclass(frozen=True, slots=True)
class WeeklyCallLate(Notice):
    """To 综合专班: the call was late because the bot was down (rule A4)."""

    period: str
    call_at: datetime
    made_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class WeeklyGenerated(Notice):
    """The text made from the ledger, stored as the feedback."""

    period: str
    period_first: str
    lines: tuple[str, ...]
    submitted_at: datetime
    late: bool
    plan: str
    of: int = 0

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("period", self.period_first), ("of", self.of))
        return (Action("补充", "weekly.add", args, prompt="下周计划或需要补充的情况"),)


@dataclass(frozen=True, slots=True)
class WeeklyUnchanged(Notice):
    """本周无变化 was recorded, for bodies and for projects (rule C19). projects: code and name."""

    period: str
    bodies: tuple[str, ...]
    projects: tuple[str, ...]
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class WeeklyMissing(Notice):
    """Who has not given feedback when the deadline has passed, with their 联络员."""

    period: str
    due_at: datetime
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One category. text: 工作小结; plan: 工作计划, empty when nobody has said one; submitted: it was handed in."""

    category_id: int
    category: str
    text: str
    plan: str
    submitted: bool


@dataclass(frozen=True, slots=True)
class WeeklySummary(Notice):
    """工作小结 and 工作计划 of the categories that a 联络员 answers for, to be handed in (rule I1)."""

    mergeable: ClassVar[bool] = False

    period: str
    period_first: str
    lines: tuple[SummaryLine, ...]
    due_at: datetime
    late: bool
    of: int = 0
    postponed: bool = False  # because of an outage (rule A4)

    @property
    def label(self) -> str:
        return self.lines[0].category

    @property
    def actions(self) -> tuple[Action, ...]:
        return summary_actions(self.period_first, self.lines[0].category, self.of)


@dataclass(frozen=True, slots=True)
class WeeklySummarySubmitted(Notice):
    """The 小结 of these categories was handed in."""

    period: str
    categories: tuple[str, ...]
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class DigestCategory:
    """One category of the 汇总. text: empty when its lead has handed in nothing; ledger: the week in figures then."""

    category: str
    lead: str
    text: str
    plan: str
    ledger: str = ""


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One body. text: first line of its feedback; late: submitted after the deadline."""

    body: str
    text: str
    late: bool


@dataclass(frozen=True, slots=True)
class WeeklyDigest(Notice):
    """The 汇总 draft. missing: bodies without feedback; postponed: those in the grace after an outage."""

    mergeable: ClassVar[bool] = False

    period: str
    lines: tuple[DigestLine, ...]
    missing: tuple[str, ...]
    postponed: tuple[str, ...]
    due_at: datetime
    categories: tuple[DigestCategory, ...] = ()
    period_first: str = ""
    seen: str = ""  # what the text was made of: a later state is shown before it is published

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("发布", "weekly.publish", (("period", self.period_first), ("seen", self.seen))),)


@dataclass(frozen=True, slots=True)
class WeeklyPublished(Notice):
    """汇总通报, to every group (rules I1, I2)."""

    mergeable: ClassVar[bool] = False

    period: str
    categories: tuple[DigestCategory, ...]
    lines: tuple[DigestLine, ...]
    missing: tuple[str, ...]
    postponed: tuple[str, ...]
    due_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WeeklyPublishedReceipt(Notice):
    """To who published it."""

    period: str
    groups: int
    at: datetime
    by: str
    again: bool
