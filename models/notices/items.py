"""What is said about problem items (问题事项): drafts, cards of decision, receipts, reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.types import Subject


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What every message names of an item. project: code and full name, empty for an item without one."""

    id: int
    number: str
    title: str
    project: str


class AboutItem:
    """What notices about one item share."""

    item: ItemFacts

    @property
    def label(self) -> str:
        return self.item.number

    @property
    def about(self) -> Subject | None:
        return Subject("item", self.item.id)


def _args(item: ItemFacts) -> tuple[tuple[str, str | int], ...]:
    return (("item", item.id),)


def receive_actions(item: ItemFacts) -> tuple[Action, ...]:
    return (
        Action("签收", "item.receive", _args(item)),
        Action("退回", "item.send_back", _args(item), prompt="请写明退回原因和建议承办单位"),
    )


def feedback_actions(item: ItemFacts) -> tuple[Action, ...]:
    return (
        Action("反馈", "item.feed_back", _args(item), prompt="请填写办理进展"),
        Action("办结", "item.submit", _args(item), prompt="请填写办结情况和文号（或先发附件）"),
    )


def ruling_actions(item: ItemFacts) -> tuple[Action, ...]:
    return (
        Action("通过", "item.approve", _args(item)),
        Action("不通过", "item.fail", _args(item), prompt="请写明不通过的原因"),
    )


# --- drafts


@dataclass(frozen=True, slots=True)
class ProblemDraftCard(Notice):
    """A problem before it is confirmed. suggestions: tags that the words suggest."""

    mergeable: ClassVar[bool] = False

    draft_id: int
    version: int
    number: int
    project: str
    title: str
    kind: str | None
    task_force: str
    wanted: str | None
    wanted_unit: str | None
    wanted_by: datetime | None
    tags: tuple[str, ...]
    source: str
    restricted: bool
    urgent: bool
    supplements: str  # number of the item that is supplemented, else empty

    @property
    def label(self) -> str:
        return f"问题草稿{self.number}"

    @property
    def about(self) -> Subject | None:
        return Subject("draft", self.draft_id)

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("draft", self.draft_id), ("version", self.version))
        return (
            Action("确认", "draft.confirm", args),
            Action("修改", "draft.edit", args, prompt="请写明修改后的内容，如：类型 施工许可；希望协调 …"),
            Action("取消", "draft.cancel", args),
        )


@dataclass(frozen=True, slots=True)
class ProblemRaised(AboutItem, Notice):
    """Receipt for the author of a confirmed problem."""

    item: ItemFacts
    restricted: bool
    supplemented: bool


@dataclass(frozen=True, slots=True)
class DispatchGaps(AboutItem, Notice):
    """What is still missing before 交办, named in one question (rules C4, D4)."""

    item: ItemFacts
    draft_number: int
    missing: tuple[str, ...]
    problems: tuple[str, ...]  # values that could not be taken
    example: str
    person: str  # the 责任人 once known, with the unit where two share the name


@dataclass(frozen=True, slots=True)
class ItemPersonChoice(AboutItem, Notice):
    """People of one name, with their units (rule B1). choices: (person id, name with unit)."""

    item: ItemFacts
    draft_id: int
    field: str
    field_name: str
    name: str
    choices: tuple[tuple[int, str], ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(
            Action(
                f"{number} {label}",
                "dispatch.person",
                (("draft", self.draft_id), ("field", self.field), ("person", person_id)),
            )
            for number, (person_id, label) in enumerate(self.choices, start=1)
        )


@dataclass(frozen=True, slots=True)
class DispatchDraftCard(AboutItem, Notice):
    """【交办草稿】: all of D4, to be confirmed."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    draft_id: int
    version: int
    number: int
    goal: str
    measures: str
    unit: str
    person: str
    due_at: datetime
    supervisor: str
    task_force: str
    tags: tuple[str, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("draft", self.draft_id), ("version", self.version))
        return (
            Action("确认交办", "draft.confirm", args),
            Action("修改", "draft.edit", args, prompt="如：时限 10月20日；责任人 彭倩"),
            Action("取消", "draft.cancel", args),
        )


@dataclass(frozen=True, slots=True)
class FeedbackDraftCard(AboutItem, Notice):
    """【反馈草稿】 of an item. due_at: the due date it covers. late: workdays by which it is late now."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    draft_id: int
    version: int
    number: int
    text: str
    due_at: datetime
    late: int

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("draft", self.draft_id), ("version", self.version))
        return (
            Action("确认", "draft.confirm", args),
            Action("修改", "draft.edit", args, prompt="请填写修改后的反馈"),
            Action("取消", "draft.cancel", args),
        )


# --- screening and dispatch


@dataclass(frozen=True, slots=True)
class ItemToScreen(AboutItem, Notice):
    """A new item waits for 综合专班. like: numbers of open items that may be the same."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
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

    @property
    def actions(self) -> tuple[Action, ...]:
        args = _args(self.item)
        return (
            *(
                Action(f"合并到{number}", "item.merge_into", (*args, ("into", item_id)))
                for item_id, number in self.like
            ),
            *((Action("不是重复", "item.not_same", args),) if self.like else ()),
            Action(self.dispatch_label, "item.dispatch", args),
            Action("退回补充", "item.ask_more", args, prompt="请写明需要补充什么"),
            Action("合并", "item.merge", args, prompt="合并到哪个编号，如 W0186"),
            Action("不予受理", "item.reject", args, prompt="请写明原因"),
        )

    @property
    def dispatch_label(self) -> str:
        if self.final:
            return "裁定"
        return "改交办" if self.returned else "交办"


@dataclass(frozen=True, slots=True)
class FoundOnSite(AboutItem, Notice):
    """A problem found on site, for the category-lead 专班's 联络员 (rule J2); 综合专班 screens it."""

    item: ItemFacts
    raised_by: str
    raised_at: datetime
    kind: str | None
    task_force: str


@dataclass(frozen=True, slots=True)
class ItemSupplementWanted(AboutItem, Notice):
    """退回补充, to who raised it."""

    item: ItemFacts
    by: str
    reason: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("补充", "item.supplement", _args(self.item), prompt="请补充"),)


@dataclass(frozen=True, slots=True)
class ItemRejected(AboutItem, Notice):
    """不予受理, to who raised it."""

    item: ItemFacts
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ItemMerged(AboutItem, Notice):
    """合并, to who raised the duplicate (rule F13). into: the surviving item."""

    item: ItemFacts
    into: str
    into_title: str
    holder: str


@dataclass(frozen=True, slots=True)
class ItemDone(AboutItem, Notice):
    """Receipt of a decision on an item: the verb that was done, and who was told."""

    item: ItemFacts
    act: str
    told: str  # who was told, may be empty


@dataclass(frozen=True, slots=True)
class ItemDispatched(AboutItem, Notice):
    """Receipt of 交办 for 综合专班."""

    item: ItemFacts
    unit: str
    person: str
    due_at: datetime
    receipt_due_at: datetime


@dataclass(frozen=True, slots=True)
class ItemAssigned(AboutItem, Notice):
    """交办, to the 责任人."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    goal: str
    measures: str
    unit: str
    person: str
    due_at: datetime
    supervisor: str
    receipt_due_at: datetime
    ruled_by: str = ""  # 综合专班负责人 whose ruling is final: no 退回 any more (rule F4)

    @property
    def actions(self) -> tuple[Action, ...]:
        found = receive_actions(self.item)
        return found[:1] if self.ruled_by else found


@dataclass(frozen=True, slots=True)
class ItemAssignedToUnit(AboutItem, Notice):
    """交办, for the information of the unit's 带班领导."""

    item: ItemFacts
    goal: str
    unit: str
    person: str
    due_at: datetime
    receipt_due_at: datetime


@dataclass(frozen=True, slots=True)
class RaisedItemAssigned(AboutItem, Notice):
    """交办, to who raised the item: who handles it now."""

    item: ItemFacts
    goal: str
    unit: str
    person: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ItemToSupervise(AboutItem, Notice):
    """交办, to the 督办专员."""

    item: ItemFacts
    goal: str
    measures: str
    unit: str
    person: str
    due_at: datetime
    receipt_due_at: datetime


# --- receipt (rule F3)


@dataclass(frozen=True, slots=True)
class ReceiptReminder(AboutItem, Notice):
    """签收 is overdue, to the 责任人."""

    item: ItemFacts
    dispatched_at: datetime
    receipt_due_at: datetime

    @property
    def actions(self) -> tuple[Action, ...]:
        return receive_actions(self.item)


@dataclass(frozen=True, slots=True)
class ReceiptReported(AboutItem, Notice):
    """签收 is two workdays overdue, to the 带班领导."""

    item: ItemFacts
    unit: str
    person: str
    dispatched_at: datetime
    receipt_due_at: datetime


@dataclass(frozen=True, slots=True)
class ItemReceived(AboutItem, Notice):
    """Receipt of 签收."""

    item: ItemFacts
    received_at: datetime
    feedback_due_at: datetime
    due_at: datetime | None
    workdays: int

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)


@dataclass(frozen=True, slots=True)
class ItemReceivedTold(AboutItem, Notice):
    """签收, to the 督办专员."""

    item: ItemFacts
    unit: str
    person: str
    received_at: datetime
    feedback_due_at: datetime


# --- feedback (rules F5, A7)


@dataclass(frozen=True, slots=True)
class FeedbackSubmitted(AboutItem, Notice):
    """Receipt of a feedback for its author."""

    item: ItemFacts
    due_at: datetime
    submitted_at: datetime
    late: int
    reviewer: str


@dataclass(frozen=True, slots=True)
class FeedbackToReview(AboutItem, Notice):
    """A feedback, to who rules on it."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    feedback_id: int
    unit: str
    author: str
    text: str
    due_at: datetime
    submitted_at: datetime
    late: int

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("item", self.item.id), ("feedback", self.feedback_id))
        return (
            Action("采纳", "item.accept_feedback", args),
            Action("退回", "item.return_feedback", args, prompt="请写明退回原因"),
        )


@dataclass(frozen=True, slots=True)
class FeedbackAccepted(AboutItem, Notice):
    """采纳, to the author and the reviewer. next_due_at: when the next one is due."""

    item: ItemFacts
    by: str
    submitted_at: datetime
    late: int
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedbackReturned(AboutItem, Notice):
    """退回 of a feedback, to its author: the old due date stays."""

    item: ItemFacts
    by: str
    reason: str
    due_at: datetime
    next_rung: str
    next_rung_at: datetime | None

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)


# --- 办结, 销号 (rules F8–F10)


@dataclass(frozen=True, slots=True)
class EvidenceWanted(AboutItem, Notice):
    """办结 needs an attachment or a 文号 (rule F9)."""

    item: ItemFacts


@dataclass(frozen=True, slots=True)
class ClosingSubmitted(AboutItem, Notice):
    """Receipt of 报办结 for its author."""

    item: ItemFacts
    submitted_at: datetime
    late: int
    reviewer: str


@dataclass(frozen=True, slots=True)
class ClosingToReview(AboutItem, Notice):
    """待审核, to who rules on it. evidence: 文号 and names of files."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    unit: str
    author: str
    text: str
    evidence: tuple[str, ...]
    file_ids: tuple[int, ...]
    submitted_at: datetime
    due_at: datetime | None
    late: int

    @property
    def files(self) -> tuple[int, ...]:
        return self.file_ids

    @property
    def actions(self) -> tuple[Action, ...]:
        return ruling_actions(self.item)


@dataclass(frozen=True, slots=True)
class ClosingFailed(AboutItem, Notice):
    """审核不通过, to who submitted it: the 办结时限 stays."""

    item: ItemFacts
    by: str
    reason: str
    due_at: datetime | None

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)


@dataclass(frozen=True, slots=True)
class ItemToClose(AboutItem, Notice):
    """待销号, to 综合专班."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    reviewed_by: str
    submitted_at: datetime
    workdays: int

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("销号", "item.close", _args(self.item)),)


@dataclass(frozen=True, slots=True)
class ItemClosed(AboutItem, Notice):
    """销号, to who raised it or a duplicate of it (rules F10, F13). own: the number they raised.

    task: it came from a 批示, and the reader gave it.
    """

    item: ItemFacts
    own: str
    closed_at: datetime
    workdays: int
    task: bool = False


# --- raised above 综合专班, and what was decided there (rules E12, G2–G6)


def decision_actions(item: ItemFacts) -> tuple[Action, ...]:
    return (
        Action("召开专项协调", "item.convene", _args(item)),
        Action("批示", "item.instruct", _args(item), prompt="请谁、办什么、几月几日前报结果"),
        Action("退回综合专班", "item.send_down", _args(item), prompt="请写明退回原因"),
    )


@dataclass(frozen=True, slots=True)
class ItemEscalated(AboutItem, Notice):
    """提请专项协调, to 分管副市长 (rules E12, G2). red_days: 0 when no light is behind it."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    red_days: int
    crux: str
    unit: str
    path: str
    due_on: date | None
    by: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return decision_actions(self.item)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of a 批示: number, unit and 责任人."""

    number: str
    unit: str
    person: str


@dataclass(frozen=True, slots=True)
class InstructionTask(AboutItem, Notice):
    """A task from a 批示, to its 责任人 (rule G4). parent: number of the problem."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    parent: str
    by: str
    text: str
    unit: str
    due_at: datetime
    receipt_due_at: datetime
    supervisor: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return receive_actions(self.item)


@dataclass(frozen=True, slots=True)
class InstructionTasked(AboutItem, Notice):
    """A 批示 and its tasks: to 综合专班负责人, 督办专员, 带班领导 of the units; own: the reply to who gave it."""

    item: ItemFacts
    by: str
    text: str
    tasks: tuple[TaskLine, ...]
    due_at: datetime
    receipt_due_at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class InstructionGaps(AboutItem, Notice):
    """A 批示 that cannot become tasks yet: nothing was recorded (rules C4, G4)."""

    item: ItemFacts
    missing: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeetingCalled(AboutItem, Notice):
    """召开专项协调 was decided. own: the reply to who decided; told: who arranges it."""

    item: ItemFacts
    by: str
    at: datetime
    told: str
    own: bool


@dataclass(frozen=True, slots=True)
class ItemSentDown(AboutItem, Notice):
    """Sent back one level, with a reason, to 综合专班负责人 (rule G6)."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    by: str
    reason: str
    level: int

    @property
    def actions(self) -> tuple[Action, ...]:
        args = _args(self.item)
        return (
            Action("交办", "item.dispatch", args),
            Action("不予受理", "item.reject", args, prompt="请写明原因"),
        )


@dataclass(frozen=True, slots=True)
class TasksDone(AboutItem, Notice):
    """All tasks of a 批示 are over, to 综合专班: the problem can be closed."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    tasks: tuple[str, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("销号", "item.close", _args(self.item)),)


# --- ladder (rule F6). what: 定期反馈 or 办结


@dataclass(frozen=True, slots=True)
class ItemDueSoon(AboutItem, Notice):
    """提醒, one workday before."""

    item: ItemFacts
    what: str
    due_at: datetime

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)


@dataclass(frozen=True, slots=True)
class ItemUrged(AboutItem, Notice):
    """催办, one workday after."""

    item: ItemFacts
    what: str
    due_at: datetime
    late: int

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)


@dataclass(frozen=True, slots=True)
class LetterProposed(AboutItem, Notice):
    """A draft of 提醒函 (to 督办专员) or 督办函 (to 综合专班负责人); only a person issues it (rule H3)."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    letter_id: int
    kind: str
    what: str
    unit: str
    person: str
    due_at: datetime
    late: int


@dataclass(frozen=True, slots=True)
class ItemOverdueReported(AboutItem, Notice):
    """Three workdays overdue, to the unit's 带班领导."""

    item: ItemFacts
    what: str
    unit: str
    person: str
    due_at: datetime
    late: int


@dataclass(frozen=True, slots=True)
class ItemEscalationProposed(AboutItem, Notice):
    """提级建议, for a person to decide (rules F6, G2)."""

    mergeable: ClassVar[bool] = False

    item: ItemFacts
    proposal_id: int
    from_level: int
    to_level: int
    crux: str
    unit: str
    path: str
    due_at: datetime
    late: int


# --- showing


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

    item: ItemFacts
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
    instructions: tuple[HistoryLine, ...]
    history: tuple[HistoryLine, ...]
    verbs: tuple[Action, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        return self.verbs


@dataclass(frozen=True, slots=True)
class ItemList(Notice):
    """在办 items of a project, or all that the asker may see. more: how many were left out."""

    heading: str
    items: tuple[ItemLine, ...]
    more: int


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


@dataclass(frozen=True, slots=True)
class ProblemProjectChoice(Notice):
    """Which project a problem is about (rule C3). choices: code and name, empty when none is known."""

    draft_id: int
    number: int
    title: str
    choices: tuple[str, ...]

    @property
    def about(self) -> Subject | None:
        return Subject("draft", self.draft_id)


@dataclass(frozen=True, slots=True)
class ItemEvaluation(AboutItem, Notice):
    """What is kept of an item for evaluation (rule F14); 办理时长 in workdays."""

    item: ItemFacts
    handling_workdays: int
    returns: int
    refusals: int
    extensions: int
    overdue_times: int
    overdue_workdays: int
