"""Report cards, receipts, corrections, and a project's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.notices.base import Action, Notice
from models.notices.drafts import AboutDraft, confirm_actions
from models.types import Light, LineState, Subject


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a project stands: shares as text with two decimals ("68.75"), None without a plan for the year.

    behind: False when the project is ahead of schedule; gap is then how far.
    """

    light: Light
    light_before: Light
    completion: str | None
    scheduled: str | None
    gap: str | None
    behind: bool
    reasons: tuple[str, ...]
    adjusted: bool = False  # the light is 综合专班负责人's, not the computed one: 绿(调) (rule E14)


@dataclass(frozen=True, slots=True)
class Option:
    """One numbered candidate (rule C3)."""

    number: int
    code: str
    name: str
    ytd_fen: int


@dataclass(frozen=True, slots=True)
class ReportLineView:
    """One line of a report card as shown. Amounts in 分; what is None is not shown."""

    no: int
    state: LineState
    mention: str
    code: str
    name: str
    old_fen: int
    new_fen: int | None
    as_of: date | None  # when it is not today's
    year: int | None  # the closed year that the figure goes to (rule D6)
    ledger_as_of: date | None
    reading: str  # year, project or period; empty without a figure
    said_fen: int | None
    period_name: str
    base_fen: int | None  # year-to-date at the end of the period before
    base_as_of: date | None  # that day
    prior_fen: int | None  # 截至上年底累计
    since_start_fen: int | None
    other_fen: int | None
    unit_said: bool
    approximate: bool
    added_share: str  # 31.67 of the annual plan, when it needs checking
    exceeds_plan: bool
    total_fen: int | None
    suggested_fen: int | None
    image_progress: str
    state_words: str
    expected_finish: date | None
    unchanged: bool
    reason: str
    standing: Standing | None
    options: tuple[Option, ...]
    assisted: bool = False  # a language model pointed at some of it: to be checked
    also_told: str = ""  # figures of further periods, which are not entered
    beside_fen: int | None = None  # of period_name, entered beside the year's
    told_share: str = ""  # the share that the author states, where the figure makes another
    told_of: str = ""  # 年度计划 or 总投资
    counted_share: str = ""  # the share that the figure makes
    direct: bool = False  # who reports it decides on 更正: a lower figure is entered at once
    undo_instead: bool = False  # it puts right what the author has just entered and may still take back

    @property
    def reason_given(self) -> bool:
        """A lower or corrected figure that has its reason: nothing is asked for any more (rules C4, C6)."""
        return self.state is LineState.NEEDS_REASON and bool(self.reason)


@dataclass(frozen=True, slots=True)
class ReportCard(AboutDraft, Notice):
    """【草稿N】: what will be entered, old → new, for the author to confirm (rules C1, C8)."""

    mergeable = False

    draft_id: int
    version: int
    number: int
    author: str
    in_group: bool
    lines: tuple[ReportLineView, ...]
    attachments: tuple[str, ...]
    untaken: tuple[str, ...] = ()  # amounts of the message that no line took

    @property
    def actions(self) -> tuple[Action, ...]:
        args: tuple[tuple[str, str | int], ...] = (("draft", self.draft_id), ("version", self.version))
        found: list[Action] = []
        clear = [line.no for line in self.lines if line.state is LineState.READY or line.reason_given]
        if len(self.lines) == 1:
            line = self.lines[0]
            if line.state is LineState.CHECK_UNIT:
                found.append(Action("确认无误", "draft.confirm_checked", args))
            elif line.state in (LineState.READY, LineState.NEEDS_REASON):
                found.append(Action("确认", "draft.confirm", args))
            if line.other_fen is not None and line.reading in ("year", "project"):
                label = "改为今年累计" if line.reading == "project" else "改为开工以来累计"
                found.append(Action(label, "draft.switch_reading", (*args, ("line", line.no))))
        elif clear:
            marks = "".join(chr(0x245F + no) for no in clear)
            found.append(Action(f"全部确认{marks}", "draft.confirm", args))
            found.append(Action("逐条", "draft.one_by_one", args))
            found.extend(
                Action(
                    f"确认无误{chr(0x245F + line.no)}", "draft.confirm_checked", (*args, ("line", line.no))
                )
                for line in self.lines
                if line.state is LineState.CHECK_UNIT
            )
        open_lines = [
            line.no
            for line in self.lines
            if line.state not in (LineState.ENTERED, LineState.CANCELLED) and line.no not in clear
        ]
        edit = "修改" if len(self.lines) == 1 or not open_lines else f"修改{chr(0x245F + open_lines[0])}"
        found.append(Action(edit, "draft.edit", args, "改成什么？例：改成5280"))
        if self.attachments:
            found.append(Action("去掉附件", "draft.drop_files", args))
        found.append(Action("取消", "draft.cancel", args))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class LineCards(Notice):
    """逐条: one line at a time, each with its own buttons."""

    mergeable = False

    draft_id: int
    version: int
    number: int
    line: ReportLineView

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("draft", self.draft_id), ("version", self.version), ("line", self.line.no))
        return (
            Action("确认", "draft.confirm_line", args),
            Action("取消", "draft.cancel_line", args),
        )


@dataclass(frozen=True, slots=True)
class ReportQuestion(AboutDraft, Notice):
    """Asks for exactly what is missing of one line (rules C3–C6)."""

    mergeable = False

    draft_id: int
    version: int
    number: int
    kind: LineState
    line: ReportLineView
    missing_also: tuple[str, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        args: tuple[tuple[str, str | int], ...] = (
            ("draft", self.draft_id), ("version", self.version), ("line", self.line.no),
        )  # fmt: skip
        if self.kind is LineState.ASK_PROJECT:
            options = [
                Action(
                    f"{option.number} {option.code}", "draft.answer", (*args, ("answer", str(option.number)))
                )
                for option in self.line.options
            ]
            return (*options, Action("0 都不是", "draft.answer", (*args, ("answer", "0"))))
        if self.kind is LineState.ASK_BASIS:
            month = f"{self.line.period_name or '本月'}完成"
            return tuple(
                Action(word, "draft.answer", (*args, ("answer", word))) for word in ("累计完成", month)
            )
        if self.kind is LineState.ASK_READING:
            words = ("今年累计", "开工以来累计", "以后都按今年累计", "以后都按开工以来累计")
            return tuple(Action(word, "draft.answer", (*args, ("answer", word))) for word in words)
        if self.kind is LineState.ASK_FIGURE:
            return (Action("无变化", "draft.answer", (*args, ("answer", "无变化"))),)
        if self.kind is LineState.ASK_REPEAT:
            return (
                Action("是，忽略", "draft.answer", (*args, ("answer", "是"))),
                Action("不是，再记一次", "draft.answer", (*args, ("answer", "不是"))),
            )
        if self.kind is LineState.REFUSED and self.line.suggested_fen is not None:
            return (Action("是", "draft.answer", (*args, ("answer", "是"))),)
        return ()


@dataclass(frozen=True, slots=True)
class RepeatedFigure(Notice):
    """The same figure was reported before (rule C13)."""

    mergeable = False

    draft_id: int
    version: int
    line_no: int
    code: str
    fen: int
    at: datetime
    same_day: bool = True  # at is today

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("draft", self.draft_id), ("version", self.version), ("line", self.line_no))
        return (
            Action("是，忽略", "draft.answer", (*args, ("answer", "是"))),
            Action("不是，再记一次", "draft.answer", (*args, ("answer", "不是"))),
        )


@dataclass(frozen=True, slots=True)
class StillWaiting(Notice):
    """The last words were of no use; the question stays open (rule C4). again: it had run out and is asked anew."""

    code: str
    what: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class StaleBase(AboutDraft, Notice):
    """The ledger changed since the card was shown: asks once more (rule C14)."""

    mergeable = False

    draft_id: int
    version: int
    number: int
    by: str
    at: datetime
    lines: tuple[ReportLineView, ...]
    base_fen: int
    same_day: bool = True  # at is today

    @property
    def actions(self) -> tuple[Action, ...]:
        confirm, cancel = confirm_actions(self.draft_id, self.version)
        unsure = next((line.no for line in self.lines if line.state is LineState.CHECK_UNIT), None)
        if unsure is not None:  # by the new baseline (rule C7)
            return Action("确认无误", "draft.confirm_checked", (*confirm.args, ("line", unsure))), cancel
        if any(line.state is LineState.NEEDS_REASON and not line.reason_given for line in self.lines):
            return (cancel,)
        return confirm, cancel


@dataclass(frozen=True, slots=True)
class EnteredLine:
    no: int
    code: str
    old_fen: int
    new_fen: int
    light: Light
    correction: bool
    figure: bool
    year: int | None = None  # the closed year it was entered into (rule D6)
    adjusted: bool = False  # 绿(调)


@dataclass(frozen=True, slots=True)
class Entered(Notice):
    """The receipt. rest: lines that are still open, with what they need (rule C8).

    undo_minutes: 0 once it is too late to undo. today: whether it was entered on the day it is shown.
    """

    number: int
    at: datetime
    lines: tuple[EnteredLine, ...]
    rest: tuple[ReportLineView, ...]
    many: bool
    undo_minutes: int
    reviewer: str
    today: bool = True


@dataclass(frozen=True, slots=True)
class DraftGone(Notice):
    """A card that can enter nothing any more (rules C2, C11). today: whether it ended on the day it is pressed."""

    number: int
    state: str
    at: datetime
    today: bool = True


@dataclass(frozen=True, slots=True)
class DraftCancelled(Notice):
    number: int
    lines: tuple[int, ...]  # empty: the whole draft


@dataclass(frozen=True, slots=True)
class WhichDraft(Notice):
    """「确认」 with several open drafts."""

    verb: str
    drafts: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class EditPrompt(Notice):
    """[修改] without a text. figure: it is a figure that is changed, else words."""

    number: int
    figure: bool = True


@dataclass(frozen=True, slots=True)
class NotYours(Notice):
    """Somebody else pressed 确认 (rule C2), as earlier versions left it in the outbox; now it is a refusal."""

    author: str


@dataclass(frozen=True, slots=True)
class Undone(Notice):
    code: str
    undone_fen: int | None
    back_fen: int
    standing: Standing
    more: tuple[str, ...]  # other projects of the same message that stay entered
    year: int | None = None  # the closed year whose figure is meant (rule D6)


@dataclass(frozen=True, slots=True)
class UnchangedUndone(Notice):
    """本周无变化 taken back as a whole (rules C10, C19). kept: projects that have changed since.

    bodies: those whose weekly feedback is missing again; restored: those whose earlier text stands again.
    """

    said_at: datetime
    projects: tuple[str, ...]
    kept: tuple[str, ...]
    bodies: tuple[str, ...]
    restored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectionWaiting(Notice):
    """更正待核, to the ledger administrator (rule C6)."""

    mergeable = False

    correction_id: int
    code: str
    name: str
    old_fen: int
    new_fen: int
    author: str
    reason: str
    changed_by: str = ""  # who changed the ledger since it was shown first (rule C14)
    changed_at: datetime | None = None

    @property
    def label(self) -> str:
        return self.code

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("correction", self.correction_id),)
        return (
            Action("同意", "correction.approve", args),
            Action("不同意", "correction.refuse", args, "不同意的原因"),
        )


@dataclass(frozen=True, slots=True)
class CorrectionDecided(Notice):
    code: str
    approved: bool
    by: str
    at: datetime
    reason: str
    old_fen: int
    new_fen: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class CorrectionWithdrawn(Notice):
    """The author took a waiting correction back (rules C6, C10). own: the author reads it, else who should decide."""

    code: str
    old_fen: int
    new_fen: int
    by: str
    ytd_fen: int
    own: bool


@dataclass(frozen=True, slots=True)
class CorrectionClosed(Notice):
    """What the deciding administrator sees."""

    code: str
    approved: bool
    by: str
    at: datetime
    ytd_fen: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class FilesReceived(Notice):
    """Files without a text yet (rule C9)."""

    pictures: int
    documents: int
    minutes: int
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilesRefused(Notice):
    """Why files that came with what was taken were not (rule C9). lines: for the sender, one a file."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilesForEntry(Notice):
    """Files that came after the confirmation: offered for that entry (rule C9)."""

    mergeable = False

    code: str
    at: datetime
    names: tuple[str, ...]
    entry_id: int
    attachment_ids: tuple[int, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        ids = ",".join(str(number) for number in self.attachment_ids)
        return (Action("附上", "entry.attach", (("entry", self.entry_id), ("files", ids))),)


@dataclass(frozen=True, slots=True)
class FilesAttached(Notice):
    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recalled(Notice):
    """The platform message was recalled or edited (rule C17)."""

    code: str
    confirmed: bool
    number: int


@dataclass(frozen=True, slots=True)
class PastYear:
    """What a closed year ended with (rule D6); plan_fen: None without a plan."""

    year: int
    ytd_fen: int
    as_of: date | None
    plan_fen: int | None
    completion: str | None


@dataclass(frozen=True, slots=True)
class ProjectPage(Notice):
    """/查 项目: every figure with the date it is valid for (S16)."""

    code: str
    name: str
    categories: tuple[str, ...]
    unit: str
    place: str
    task_force: str
    stage: str
    image_progress: str
    image_progress_as_of: date | None
    ytd_fen: int
    plan_fen: int | None
    year: int
    ytd_as_of: date | None
    since_start_fen: int | None
    total_fen: int | None
    standing: Standing
    shown: str  # 绿(调) for an adjusted light
    planned_start: str
    started_on: str
    planned_finish: str
    finished_on: str
    open_items: int
    arrived_fen: int | None
    allocated_fen: int | None
    paid_fen: int | None
    funds_as_of: date | None
    responsible: str
    last_report_on: date | None
    today: date
    past: tuple[PastYear, ...] = ()  # the newest first
    warned: Light | None = None  # the light that feedback is wanted on (rule E9)
    red_days: int = 0
    feedback: str = ""  # 未反馈, 待审核, 已采纳 or 已退回
    feedback_due_at: datetime | None = None

    @property
    def about(self) -> Subject | None:
        return None

    @property
    def label(self) -> str:
        return self.code

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("code", self.code),)
        return (
            Action("历史", "project.history", args),
            Action("问题", "project.items", args),
            Action("上报记录", "project.entries", args),
        )


@dataclass(frozen=True, slots=True)
class ProjectGlimpse(Notice):
    """Name, location and stage only (rule B3)."""

    code: str
    name: str
    place: str
    stage: str


@dataclass(frozen=True, slots=True)
class ProjectChoice(Notice):
    """Several projects fit a query; the answer is a number (rule C3)."""

    options: tuple[Option, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        return (
            *(
                Action(f"{option.number} {option.code}", "project.show", (("code", option.code),))
                for option in self.options
            ),
            Action("0 都不是", "project.none"),
        )


@dataclass(frozen=True, slots=True)
class RestInPrivate(Notice):
    """In a group: what is more is told to the asker alone (rule B5). some: part of it was shown in the group."""

    some: bool = False


@dataclass(frozen=True, slots=True)
class NotAllFound(Notice):
    """Of several that were asked for, these are unknown or outside the asker's scope: the same words (rule B4)."""

    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    by: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class History(Notice):
    """Recent audit rows or entries of one record (/审计, [历史], [上报记录])."""

    title: str
    lines: tuple[HistoryLine, ...]
    total: int
    messages: tuple[HistoryLine, ...]
    record: tuple[str, int] = ("", 0)  # kind and id of the record, where more of it can be shown and exported
    skipped: int = 0  # how many newer lines were shown before

    @property
    def actions(self) -> tuple[Action, ...]:
        kind, number = self.record
        if not kind:
            return ()
        args = (("kind", kind), ("id", number))
        shown = self.skipped + len(self.lines)
        more = (Action("更多", "audit.more", (*args, ("skip", shown))),) if shown < self.total else ()
        return (*more, Action("导出", "audit.export", args))
