"""What is said about lights: warnings, improvements, feedback, 已阅, 批示, red days, 调灯 (rules E1–E15).

Shares and gaps are text with two decimals, in percent and percentage points ("10.42"), empty where none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.notices.base import Action, Notice
from models.notices.documents import draft_actions
from models.types import Light, Subject


def acknowledge_actions(case_id: int, *, snoozed: bool = False) -> tuple[Action, ...]:
    """What a 带班领导 may do with a red light (rules E10, E11). snoozed: 稍后 was used, it is not offered again."""
    case = (("case", case_id),)
    read = Action("已阅", "light.acknowledge", case)
    if snoozed:
        return (read,)
    return read, Action("稍后", "light.snooze", case, prompt="几个工作日（最多3个），原因")


def proposal_actions(draft_id: int) -> tuple[Action, ...]:
    """What 综合专班负责人 may do with a 提级建议 for a red light (rules E12, G2)."""
    args = (("draft", draft_id),)
    prompt = "症结 …；责任部门 …；化解路径 …；建议时限 …（只写要改的）"
    return (
        Action("修改症结…", "light.escalation_edit", args, prompt=prompt),
        Action("同意提级", "light.escalation_agree", args),
        Action("不提级", "light.escalation_refuse", args, prompt="不提级的原因"),
    )


class OfProposal:
    """A card on which a 提级建议 for a red light can be decided."""

    __slots__ = ()
    draft_id: int
    code: str

    @property
    def label(self) -> str:
        return self.code

    @property
    def about(self) -> Subject | None:
        return Subject("escalation_draft", self.draft_id)

    @property
    def actions(self) -> tuple[Action, ...]:
        return proposal_actions(self.draft_id)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One light that is not green. kind: 投资, 开工, 竣工, 资金, 未更新. planned: what was missed."""

    kind: str
    light: Light
    gap: str
    days: int
    planned: date | None
    source: str


@dataclass(frozen=True, slots=True)
class LightTurned(Notice):
    """A light got worse (rule E8). reader: group, liaison or leader decides the buttons.

    as_of: the day for which the figures were reported; on: that for which the gap was computed. acknowledge_by: until
    when a 带班领导 must press 已阅 on a red light (rule E10).
    """

    project_id: int
    case_id: int
    code: str
    name: str
    old: Light
    new: Light
    reasons: tuple[ReasonLine, ...]
    completion: str
    scheduled: str
    gap: str
    as_of: date | None
    on: date
    feedback_due_at: datetime
    reviewer: str
    reader: str
    acknowledge_by: datetime | None
    adjusted: bool = False  # the shown light is 综合专班负责人's, not the computed one (rule E14)
    adjusted_why: str = ""
    adjustment_ended: date | None = None  # the last day of the 调灯 that had shown the old light (rule E14)

    @property
    def label(self) -> str:
        return self.code

    @property
    def about(self) -> Subject | None:
        return Subject("light_case", self.case_id)

    @property
    def actions(self) -> tuple[Action, ...]:
        case = (("case", self.case_id),)
        found: list[Action] = []
        if self.acknowledge_by is not None:
            found.extend(acknowledge_actions(self.case_id))
        if any(reason.kind == "未更新" for reason in self.reasons):
            project = (("project", self.project_id),)
            found.append(Action("上报", "light.report", project, prompt="累计完成投资多少万元、形象进度"))
            found.append(Action("本周无变化", "light.unchanged", project))
        found.append(Action("反馈", "light.feedback", case, prompt="原因、措施、追赶目标（日期和累计投资）"))
        return tuple(found)

    @classmethod
    def combine(cls, notices: tuple[Notice, ...]) -> Notice | None:
        """Who is told of one warning in two capacities, e.g. for a leader too (rule B6), reads of it once."""
        lights: dict[int, LightTurned] = {}
        for one in notices:
            if isinstance(one, LightTurned):
                known = lights.get(one.case_id)
                lights[one.case_id] = one if known is None or known.acknowledge_by is None else known
        several = tuple(lights.values())
        return several[0] if len(several) == 1 else LightsTurned(several)


@dataclass(frozen=True, slots=True)
class LightsTurned(Notice):
    """Several warnings to one recipient, as one list (rule E13)."""

    lights: tuple[LightTurned, ...]


@dataclass(frozen=True, slots=True)
class LightImproved(Notice):
    """A light got better: one line to those who had been warned (rule E13)."""

    code: str
    name: str
    old: Light
    new: Light
    adjusted: bool
    gap: str
    at: datetime
    by: str
    reasons: tuple[ReasonLine, ...] = ()  # what keeps it from green, besides the gap
    adjusted_why: str = ""
    adjusted_until: date | None = None
    adjustment_ended: date | None = None  # the last day of the 调灯 that had shown the old light (rule E14)
    # The year that has no plan yet, which alone made the light better (rule D6).
    without_plan: int | None = None
    on: date | None = None  # the day of the gap

    @classmethod
    def combine(cls, notices: tuple[Notice, ...]) -> Notice | None:
        return LightsImproved(tuple(one for one in notices if isinstance(one, LightImproved)))


@dataclass(frozen=True, slots=True)
class LightsImproved(Notice):
    """Several improvements to one recipient."""

    lights: tuple[LightImproved, ...]


@dataclass(frozen=True, slots=True)
class LightCorrected(Notice):
    """A transition that had been pushed was undone: one line to the same audience (rule E13).

    feedback_due_at: of the warning that is open again, empty when there is none or its feedback was accepted.
    """

    code: str
    name: str
    told: Light
    now: Light
    gap: str
    by: str
    feedback_due_at: datetime | None
    reasons: tuple[ReasonLine, ...] = ()
    overdue_workdays: int = 0


@dataclass(frozen=True, slots=True)
class LightDigestLine(Notice):
    """One line in the daily digest of 综合专班 (rule E8). corrected: the change before it was undone."""

    code: str
    name: str
    place: str
    old: Light
    new: Light
    adjusted: bool
    reasons: tuple[ReasonLine, ...]
    at: datetime
    corrected: bool
    on: date | None = None  # the day of the figures, which a change on a day off is told with

    @classmethod
    def combine(cls, notices: tuple[Notice, ...]) -> Notice | None:
        return LightDigest(tuple(one for one in notices if isinstance(one, LightDigestLine)))


@dataclass(frozen=True, slots=True)
class LightDigest(Notice):
    """The day's changes of light for 综合专班."""

    lines: tuple[LightDigestLine, ...]


# --- feedback and its ladder (rule E9)


@dataclass(frozen=True, slots=True)
class LightFeedbackReminder(Notice):
    """A rung of the ladder for the unit's people: 提醒 before the due time, 催办 after it (rules E9, F6)."""

    case_id: int
    code: str
    name: str
    light: Light
    rung: str
    due_at: datetime
    overdue: bool
    returned: str  # reason of the last return, empty if there was none
    excused_until: datetime | None = None  # it is not late until then because of an outage (rule A4)

    @property
    def label(self) -> str:
        return self.code

    @property
    def actions(self) -> tuple[Action, ...]:
        prompt = "原因、措施、追赶目标（日期和累计投资）"
        return (Action("反馈", "light.feedback", (("case", self.case_id),), prompt=prompt),)


@dataclass(frozen=True, slots=True)
class LightFeedbackOverdue(Notice):
    """For the 带班领导: the unit's feedback is late and a letter is being drafted (rule F6, T+3)."""

    case_id: int
    code: str
    name: str
    light: Light
    due_at: datetime
    overdue_workdays: int
    liaison: str
    excused_until: datetime | None = None  # it is not late until then because of an outage (rule A4)

    @property
    def label(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class LightLetterDrafted(Notice):
    """A letter that a rung drafted, for the person who decides on it (rules F6, H3)."""

    letter_id: int
    kind: str
    code: str
    name: str
    unit: str
    light: Light
    due_at: datetime
    overdue_workdays: int
    earlier: tuple[str, ...]
    version: int = 1
    reply_by: datetime | None = None
    signs: bool = False
    signers: str = ""
    excused_until: datetime | None = None  # it is not late until then because of an outage (rule A4)

    @property
    def label(self) -> str:
        return self.code

    @property
    def actions(self) -> tuple[Action, ...]:
        show = Action(f"{self.kind}草稿 {self.code}", "document.show", (("document", self.letter_id),))
        return (show, *draft_actions(self.letter_id, self.version, signs=self.signs))


@dataclass(frozen=True, slots=True)
class LightFeedbackSubmitted(Notice):
    """A feedback for the reviewer to 采纳 or 退回 (rule E9)."""

    mergeable = False

    feedback_id: int
    code: str
    name: str
    light: Light
    author: str
    text: str
    promises: tuple[str, ...]
    overdue_workdays: int
    version: int

    @property
    def label(self) -> str:
        return self.code

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("feedback", self.feedback_id),)
        return (
            Action("采纳", "light.feedback_accept", args),
            Action("退回", "light.feedback_return", args, prompt="退回原因"),
        )


@dataclass(frozen=True, slots=True)
class LightFeedbackReceived(Notice):
    """The receipt for the author."""

    code: str
    light: Light
    reviewer: str
    promises: tuple[str, ...]
    overdue_workdays: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LightFeedbackReturned(Notice):
    """For the author: returned, with the reason and the deadline that stands."""

    case_id: int
    code: str
    light: Light
    by: str
    reason: str
    due_at: datetime
    overdue_workdays: int = 0

    @property
    def label(self) -> str:
        return self.code

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("反馈", "light.feedback", (("case", self.case_id),), prompt="补充后的反馈"),)


@dataclass(frozen=True, slots=True)
class LightFeedbackAccepted(Notice):
    """For the author: accepted; the light stays until the figures change it."""

    code: str
    light: Light
    by: str
    promises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LightFeedbackReviewed(Notice):
    """The reply to the reviewer."""

    code: str
    light: Light
    accepted: bool
    author: str
    reason: str
    promises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LightTextWanted(Notice):
    """A pressed button or a bare command needs words: what is wanted, for which project."""

    what: str
    code: str


@dataclass(frozen=True, slots=True)
class LightTextDropped(Notice):
    """「取消」 instead of the words that were asked for: nothing was recorded. code: of what they were about."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class CheckpointMissed(Notice):
    """A promised figure was not reached: for both sides (rule E9). promised_fen: empty for 追平时序."""

    code: str
    name: str
    due_on: date
    promised_fen: int | None
    actual_fen: int
    gap: str
    author: str


# --- 已阅, 稍后, 批示 (rules E10, E11)


@dataclass(frozen=True, slots=True)
class Acknowledged(Notice):
    """已阅 was recorded. earlier: it had been pressed before."""

    code: str
    at: datetime
    earlier: bool


@dataclass(frozen=True, slots=True)
class AcknowledgeReminder(Notice):
    """The one reminder to a 带班领导 who has not pressed 已阅."""

    case_id: int
    code: str
    name: str
    due_at: datetime
    feedback_due_at: datetime
    snoozed: bool = False

    @property
    def label(self) -> str:
        return self.code

    @property
    def actions(self) -> tuple[Action, ...]:
        return acknowledge_actions(self.case_id, snoozed=self.snoozed)


@dataclass(frozen=True, slots=True)
class AcknowledgeMissing(Notice):
    """For 综合专班负责人: a 带班领导 has not pressed 已阅 in time."""

    code: str
    name: str
    leader: str
    workdays: int
    pushed_at: datetime

    @property
    def label(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Snoozed(Notice):
    """稍后 was recorded: reminders resume on a day, everything else goes on."""

    code: str
    resumes_on: date
    feedback_due_at: datetime


@dataclass(frozen=True, slots=True)
class LightInstructionGiven(Notice):
    """批示 for 联络员 and 责任人."""

    code: str
    name: str
    light: Light
    by: str
    text: str

    @property
    def label(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class LightInstructionRecorded(Notice):
    """The reply to whoever gave the 批示."""

    code: str
    forwarded_to: tuple[str, ...]


# --- red days (rule E12)


@dataclass(frozen=True, slots=True)
class RedHistory:
    """How a red light came and what was done about it. carried: its count goes on from before a 调灯 (rule E14)."""

    since: datetime
    pushed_at: datetime
    red_days: int
    reasons: tuple[ReasonLine, ...]
    gap: str
    acknowledged_at: datetime | None
    feedback: str  # 未反馈, 待审核, 已采纳 or 已退回
    feedback_due_at: datetime
    carried: bool = False
    on: date | None = None  # the day of the reasons and the count
    adjusted_why: str = ""  # red by a 调灯 alone


@dataclass(frozen=True, slots=True)
class RedDaysNotice(Notice):
    """The second notice on a red light: 带班领导 and 综合专班负责人, with the red history.

    proposal_days: red days after which 提级 is proposed.
    """

    case_id: int
    code: str
    name: str
    unit: str
    history: RedHistory
    proposal_days: int

    @property
    def label(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class LightEscalationProposed(OfProposal, Notice):
    """提级建议, drafted for 综合专班负责人 (rules E12, G2)."""

    mergeable = False

    draft_id: int
    code: str
    name: str
    red_days: int
    crux: str
    unit: str
    path: str
    due_on: date | None
    edited: bool
    level_name: str = ""
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class LightEscalationDecided(Notice):
    """The reply to the decision. number: of the problem item it became; told: who decides now. Empty when refused."""

    code: str
    agreed: bool
    number: str
    told: str
    reason: str


@dataclass(frozen=True, slots=True)
class RedForMeeting(Notice):
    """For 综合专班负责人: red so long that the project is on the list for the monthly meeting."""

    code: str
    name: str
    red_days: int
    chair: str = ""


# --- 调灯 (rule E14)


@dataclass(frozen=True, slots=True)
class AdjustmentMade(Notice):
    """The reply to 综合专班负责人: shown as 绿(调) until a day; the computed light stays in the history.

    remind_on: None where the end is too near for a reminder.
    """

    code: str
    name: str
    light: Light
    computed: Light
    until: date
    remind_on: date | None


@dataclass(frozen=True, slots=True)
class AdjustmentEnding(Notice):
    """The reminder before an adjustment ends."""

    code: str
    name: str
    light: Light
    computed: Light
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class AdjustmentWanted(Notice):
    """For 综合专班负责人: somebody asks for an adjusted light."""

    code: str
    name: str
    light: Light
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class AdjustmentPassedOn(Notice):
    """The answer to whoever asked: who decides, and that it was passed on."""

    to: str


# --- lists


@dataclass(frozen=True, slots=True)
class LightLine:
    """One project in a list."""

    code: str
    name: str
    light: Light
    adjusted: bool
    gap: str
    reasons: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class LightListing(Notice):
    """/亮灯 黄. colour: empty for all; counts: of every colour. elsewhere: the rest was sent in private.

    partly: more was asked for than the asker may see.
    """

    colour: str
    counts: tuple[int, int, int]
    lines: tuple[LightLine, ...]
    elsewhere: bool
    partly: bool = False


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something that is due: code or number, what (黄灯反馈, 定期反馈, 办结), when."""

    code: str
    what: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DueListing(Notice):
    """/亮灯 蓝: due within a few workdays, and apart from it what is overdue (rule E15)."""

    workdays: int
    until: datetime
    due: tuple[DueLine, ...]
    overdue: tuple[DueLine, ...]
    elsewhere: bool


# --- new year (rule D6)


@dataclass(frozen=True, slots=True)
class PlansMissing(Notice):
    """For the ledger administrator: projects without an annual plan for the new year."""

    year: int
    projects: tuple[str, ...]
