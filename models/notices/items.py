"""Problem items (问题事项): what every message names of one, and items as they are shown and listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.notices.base import Action, Notice
from models.types import Subject


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What every message names of an item. project: code and full name, empty for an item without one."""

    id: int
    number: str
    title: str
    project: str


@dataclass(frozen=True, slots=True)
class AboutItem:
    """What notices about one item share: it comes first in each of them."""

    item: ItemFacts

    @property
    def label(self) -> str:
        return self.item.number

    @property
    def about(self) -> Subject | None:
        return Subject("item", self.item.id)


def item_args(item: ItemFacts) -> tuple[tuple[str, str | int], ...]:
    return (("item", item.id),)


def receive_actions(item: ItemFacts) -> tuple[Action, ...]:
    return (
        Action("签收", "item.receive", item_args(item)),
        Action("退回", "item.send_back", item_args(item), prompt="请写明退回原因和建议承办单位"),
    )


def feedback_actions(item: ItemFacts) -> tuple[Action, ...]:
    return (
        Action("反馈", "item.feed_back", item_args(item), prompt="请填写办理进展"),
        Action("办结", "item.submit", item_args(item), prompt="请填写办结情况和文号（或先发附件）"),
    )


def review_actions(item: ItemFacts, feedback_id: int) -> tuple[Action, ...]:
    """On a feedback that waits for its ruling (rule F5)."""
    args = (*item_args(item), ("feedback", feedback_id))
    return (
        Action("采纳", "item.accept_feedback", args),
        Action("退回", "item.return_feedback", args, prompt="请写明退回原因"),
    )


def ruling_actions(item: ItemFacts) -> tuple[Action, ...]:
    return (
        Action("通过", "item.approve", item_args(item)),
        Action("不通过", "item.fail", item_args(item), prompt="请写明不通过的原因"),
    )


def reopen_action(item: ItemFacts) -> Action:
    return Action("重开", "item.reopen", item_args(item), prompt="请写明重开原因（可先发照片）")


def set_due_action(item: ItemFacts) -> Action:
    return Action("定时限", "item.set_due", item_args(item), prompt="新的办结时限，如 11月20日")


def effect_actions(item: ItemFacts) -> tuple[Action, ...]:
    return (
        Action("有效", "item.effective", item_args(item)),
        Action("反弹", "item.rebound", item_args(item), prompt="请写明反弹情况"),
    )


def decision_actions(item: ItemFacts) -> tuple[Action, ...]:
    return (
        Action("召开专项协调", "item.convene", item_args(item)),
        Action("批示", "item.instruct", item_args(item), prompt="请谁、办什么、几月几日前报结果"),
        Action("退回综合专班", "item.send_down", item_args(item), prompt="请写明退回原因"),
    )


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    number: str
    title: str
    state: str
    holder: str
    what: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemCard(AboutItem, Notice):
    """One item: state, holder, next date, history."""

    state: str
    level: str
    holder: str
    next_step: str
    next_at: datetime | None
    overdue: bool
    task_force: str
    kind: str | None
    tags: tuple[str, ...]
    restricted: bool
    wanted: str | None
    goal: str | None
    measures: str | None
    unit: str
    person: str
    supervisor: str
    raised_by: str
    raised_at: datetime
    dispatched_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    feedback_due_at: datetime | None
    closed_at: datetime | None
    merged_into: str
    handling_workdays: int | None
    returns: int
    refusals: int
    extensions: int
    overdue_times: int
    overdue_workdays: int
    parent: str  # number of the problem of which it is a task, may be empty
    tasks: tuple[ItemLine, ...]
    assists: tuple[str, ...]  # 协办 units, their tasks and how far they are
    instructions: tuple[HistoryLine, ...]
    history: tuple[HistoryLine, ...]
    verbs: tuple[Action, ...]
    above: tuple[str, ...] = ()  # a county's item: how the city's item of it stands (rule Q3)
    province: tuple[str, ...] = ()  # 报省: sent date, 文号, reply, checkpoint (rule G1)

    @property
    def actions(self) -> tuple[Action, ...]:
        return self.verbs


@dataclass(frozen=True, slots=True)
class ItemList(Notice):
    """在办 items of a project, of a body, or all that the asker may see. more: how many were left out.

    tasks: how many of them are tasks of a 批示, which are counted apart (rule D5). elsewhere: the rest was sent to the
    asker alone (rule B5).
    """

    heading: str
    items: tuple[ItemLine, ...]
    more: int
    tasks: int = 0
    elsewhere: bool = False
    counties: tuple[tuple[str, int], ...] = ()  # 县级自行解决: all that a city sees of them (rule Q3)
    county_level: str = ""


@dataclass(frozen=True, slots=True)
class ItemEvaluation(AboutItem, Notice):
    """What is kept of an item for evaluation (rule F14); 办理时长 in workdays."""

    handling_workdays: int
    returns: int
    refusals: int
    extensions: int
    overdue_times: int
    overdue_workdays: int


@dataclass(frozen=True, slots=True)
class ItemDone(AboutItem, Notice):
    """Receipt of a decision on an item: the verb that was done, and who was told."""

    act: str
    told: str  # who was told, may be empty


@dataclass(frozen=True, slots=True)
class ItemFiles(AboutItem, Notice):
    """Files added to an item after what was said of it, to who handles and who supervises it."""

    by: str
    names: tuple[str, ...]
    file_ids: tuple[int, ...]

    @property
    def files(self) -> tuple[int, ...]:
        return self.file_ids


@dataclass(frozen=True, slots=True)
class Task:
    """One line of 我的待办. verbs: what can be done with it."""

    text: str
    due_at: datetime | None
    verbs: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class MyTasks(Notice):
    """我的待办: overdue, due soon (蓝), others (rule E15)."""

    overdue: tuple[Task, ...]
    soon: tuple[Task, ...]
    others: tuple[Task, ...]
    soon_until: datetime
    soon_workdays: int

    @property
    def actions(self) -> tuple[Action, ...]:
        """The verbs of each line; the same verb of several lines carries its line's number."""
        tasks = (*self.overdue, *self.soon, *self.others)
        labels = [verb.label for task in tasks for verb in task.verbs]
        return tuple(
            Action(
                verb.label if labels.count(verb.label) == 1 else f"{verb.label} {number}",
                verb.verb,
                verb.args,
                verb.prompt,
            )
            for number, task in enumerate(tasks, start=1)
            for verb in task.verbs
        )
