"""会议纪要 that become tasks: the proposed ones, and what units are told (rule M1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice


@dataclass(frozen=True, slots=True)
class MinutesLineShown:
    """One proposed task. problems: 缺时限…; link: number of the item it belongs to. state: open, entered, dropped."""

    no: int
    text: str
    units: str
    person: str
    due_at: datetime | None
    link: str
    problems: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class MinutesCard(Notice):
    """拟任务, to the organiser, who confirms, edits or drops each (rule M1). entered: numbers that were just given.

    minutes_id: the record, once something was entered.
    """

    mergeable: ClassVar[bool] = False

    draft_id: int
    version: int
    number: int
    title: str
    lines: tuple[MinutesLineShown, ...]
    entered: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    minutes_id: int = 0

    @property
    def actions(self) -> tuple[Action, ...]:
        open_lines = [one for one in self.lines if one.state == "open"]
        if not open_lines:
            return (paper_action(self.minutes_id),) if self.minutes_id else ()
        args = (("draft", self.draft_id), ("version", self.version))
        single = (
            ()
            if len(open_lines) == 1
            else tuple(
                action
                for one in open_lines
                for action in (
                    *(
                        [Action(f"确认 {one.no}", "draft.confirm_line", (*args, ("line", one.no)))]
                        if not one.problems
                        else []
                    ),
                    Action(f"去掉 {one.no}", "draft.cancel_line", (*args, ("line", one.no))),
                )
            )
        )
        return (
            Action("全部确认", "draft.confirm", args),
            Action("修改", "draft.edit", args, prompt="如：②10月12日 ③市住建局 10月10日"),
            Action("取消", "draft.cancel", args),
            *single,
        )


def paper_action(minutes_id: int, label: str = "生成会议纪要") -> Action:
    """From confirmed tasks to the paper of the meeting (rule H1)."""
    return Action(label, "minutes.paper", (("minutes", minutes_id),))


@dataclass(frozen=True, slots=True)
class MinutesRecord:
    """A meeting that was entered. paper: 文号 or state of its paper; empty for none."""

    minutes_id: int
    title: str
    at: datetime
    decisions: int
    paper: str


@dataclass(frozen=True, slots=True)
class MinutesRecords(Notice):
    """Meetings to choose from, newest first."""

    lines: tuple[MinutesRecord, ...]
    total: int

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(paper_action(one.minutes_id, one.title) for one in self.lines)


@dataclass(frozen=True, slots=True)
class MinutesWanted(Notice):
    """The text of the minutes is asked for."""

    title: str


@dataclass(frozen=True, slots=True)
class MinutesTask:
    """What a unit has to do by a meeting; linked: an item that was there before, else a new task to be 签收."""

    item_id: int
    number: str
    text: str
    unit: str
    person: str
    due_at: datetime | None
    linked: bool


@dataclass(frozen=True, slots=True)
class MinutesTasked(Notice):
    """All that a meeting gave to one person's unit, in one message. holder: 责任人, who has to 签收."""

    mergeable: ClassVar[bool] = False

    title: str
    by: str
    tasks: tuple[MinutesTask, ...]
    receipt_due_at: datetime | None
    holder: bool

    @property
    def actions(self) -> tuple[Action, ...]:
        if not self.holder:
            return ()
        new = [one for one in self.tasks if not one.linked]
        return tuple(
            Action("签收" if len(new) == 1 else f"签收 {one.number}", "item.receive", (("item", one.item_id),))
            for one in new
        ) + tuple(
            Action(
                "退回" if len(new) == 1 else f"退回 {one.number}", "item.send_back", (("item", one.item_id),),
                prompt="请写明退回原因和建议承办单位",
            )
            for one in new
        )  # fmt: skip
