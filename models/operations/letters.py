"""What papers about one matter say: facts from the ledger as they are when asked, frozen at 签发 (rules H1, H4).

A matter is a problem item or the warning of a project's light. 提醒函, 督办函 and 通报 about it share their facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.errors import Invalid, NotFound
from models.operations import documents, items, ladders
from models.operations.desk import Desk
from models.queries import documents as queries
from models.queries import item_history, item_parties
from models.queries import lights as light_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.ladder import RungName, overdue_workdays
from models.tables.documents import Document
from models.tables.items import Item, Ladder
from models.tables.lights import LightCase
from models.types import DocumentKind, DocumentState, FeedbackState, ItemState, Subject

DRAFT_NUMBER: Final = "（草稿）"
# A 通报 names everybody, but what a county has in hand is shown to no other by this product (rules B4, H5).
OTHERS_ON_PAPER: Final = "只送责任单位；其他主送单位看不到别处的事项，请线下印发"
_UNSOLVED: Final = re.compile(
    r"(?:尚未|仍未|未能|未)(?:获批|批复|批|办理|办结|办|取得|完成|落实|到位|解决)$|办不下来$|问题$"
)
_PRESSES: Final = (RungName.REMIND.value, RungName.URGE.value)


@dataclass(frozen=True, slots=True)
class Matter:
    """name: W0186 or ZX0031, how drafts are told apart. unit_id: whom it goes to."""

    name: str
    topic: str
    cause: str
    kind: str
    unit_id: int
    person: str
    goal: str
    measures: str
    due_at: datetime
    project: str
    title: str


def propose(
    desk: Desk,
    kind: DocumentKind,
    about: Subject,
    what: str,
    *,
    due_at: datetime,
    to: PersonInfo,
    organisation_id: int,
) -> Document:
    """A draft about an overdue matter; the one that is there already, if it still waits."""
    known = open_draft(desk, kind, about, what)
    if known is not None:
        return known
    document = documents.draft(
        desk,
        kind,
        organisation_id=organisation_id,
        to=to,
        about=about,
        what=what,
        body={
            "due_at": calendar.local(due_at).isoformat(),
            "reply_by": reply_deadline(desk, kind, organisation_id).isoformat(),
        },
    )
    document.body = {**document.body, "shown": matter_of(desk, document).name}
    desk.session.flush()
    return document


def open_draft(desk: Desk, kind: DocumentKind, about: Subject, what: str = "") -> Document | None:
    """The draft of this kind about a record that still waits."""
    return next(
        (
            one
            for one in reversed(queries.of_subject(desk.session, about))
            if one.kind == kind.value
            and DocumentState(one.state) in documents.WAITING
            and what in ("", one.what)
        ),
        None,
    )


def reply_deadline(desk: Desk, kind: DocumentKind, organisation_id: int) -> datetime:
    """限期 as a draft proposes it: 18:00, so many workdays from today; after a downtime from when it is seen (A4)."""
    policy = desk.policy_of(organisation_id)
    workdays = (
        policy.supervision_reply_workdays
        if kind is DocumentKind.SUPERVISION
        else policy.reminder_reply_workdays
    )
    return calendar.workday_deadline(calendar.local_date(desk.clock_now), workdays, desk.directory.calendar)


def reply_by_of(desk: Desk, document: Document) -> datetime:
    """限期 as set on the draft, or as a new one would propose it."""
    said = document.body.get("reply_by")
    if said:
        return datetime.fromisoformat(str(said))
    return reply_deadline(desk, DocumentKind(document.kind), document.organisation_id)


def draft_about_item(desk: Desk, kind: DocumentKind, item: Item, *, to: PersonInfo) -> Document:
    """/提醒函 W0186 and the like. Raises Invalid for an item that is over or with nobody."""
    if item.state in (ItemState.CLOSED.value, ItemState.MERGED.value, ItemState.REJECTED.value):
        raise Invalid(f"{item.number} {item.state}，不再发{kind.value}")
    if item.unit_id is None:
        raise Invalid(f"{item.number} 还没有责任单位", mend=f"请先 /交办 {item.number}")
    what, due = _pressing(item)
    return propose(
        desk, kind, items.subject(item), what, due_at=due, to=to, organisation_id=item.organisation_id
    )


def _pressing(item: Item) -> tuple[str, datetime]:
    """The due date that a letter presses: the overdue one that is oldest, else the one that comes first."""
    dues = [
        (due, what)
        for what, due in ((items.FEEDBACK, item.feedback_due_at), (items.CLOSING, item.due_at))
        if due is not None
    ]
    if not dues:
        raise Invalid(f"{item.number} 没有反馈或办结的时限", mend="请先签收并定办结时限")
    due, what = min(dues)
    return what, due


def draft_about_case(desk: Desk, kind: DocumentKind, case: LightCase, *, to: PersonInfo) -> Document:
    """The same for the warning of a project."""
    project = desk.directory.projects[case.project_id]
    about = Subject("light_case", case.id)
    climb = next(iter(reversed(ladders.of(desk.session, about))), None)
    due = climb.due_at if climb is not None else case.feedback_due_at
    return propose(
        desk,
        kind,
        about,
        climb.what if climb is not None else items.FEEDBACK,
        due_at=due,
        to=to,
        organisation_id=project.organisation_id,
    )


# --- facts


def matter_of(desk: Desk, document: Document) -> Matter:
    """Raises NotFound for a paper that is about no matter."""
    due_at = datetime.fromisoformat(str(document.body["due_at"])) if "due_at" in document.body else desk.now
    if document.subject_kind == "item":
        return _of_item(desk, items.get(desk, document.subject_id or 0), document.what, due_at)
    if document.subject_kind == "light_case":
        case = light_queries.case_by_id(desk.session, document.subject_id or 0)
        if case is not None:
            return _of_case(desk, case, due_at)
    raise NotFound(document.kind)


def _of_item(desk: Desk, item: Item, what: str, due_at: datetime) -> Matter:
    person = item_parties.responsible(desk.directory, item)
    project = items.facts(desk, item).project
    assert item.unit_id is not None
    return Matter(
        name=item.number,
        topic=topic(item.title),
        cause=f"{project}“{item.title}”（{item.number}）",
        kind=items.WHAT.get(what, what or "办理"),
        unit_id=item.unit_id,
        person=person.label if person else "",
        goal=item.goal or "按时办结",
        measures=item.measures or "",
        due_at=due_at,
        project=project,
        title=item.title,
    )


def _of_case(desk: Desk, case: LightCase, due_at: datetime) -> Matter:
    project = desk.directory.projects[case.project_id]
    person = desk.directory.responsible_person(project)
    return Matter(
        name=project.code,
        topic=f"{project.name}{case.light}灯追赶进度",
        cause=f"{project.code} {project.name}（{case.light}灯）",
        kind="亮灯反馈",
        unit_id=project.unit_id,
        person=person.label if person else "",
        goal="查明原因、追平时序进度",
        measures="",
        due_at=due_at,
        project=f"{project.code} {project.name}",
        title=f"{case.light}灯",
    )


def topic(title: str) -> str:
    """园区道路占用林地手续 of 园区道路占用林地手续未批; else the title and 问题."""
    plain = title.strip(" 。，")
    short = _UNSOLVED.sub("", plain)
    return short if short and short != plain and not plain.endswith("问题") else f"{short}问题"


def facts(desk: Desk, document: Document, *, serial: str = "") -> dict[str, Any]:
    """What the template of a paper about a matter may use, as of now."""
    matter = matter_of(desk, document)
    unit = desk.directory.units[matter.unit_id].name
    everyone = document.kind == DocumentKind.CIRCULAR.value
    reply_by = reply_by_of(desk, document)
    return {
        **common(
            desk,
            document,
            serial=serial,
            title=f"关于{unit}{matter.topic}的通报"
            if everyone
            else f"关于加快办理{matter.topic}的{document.kind}",
            to="各县（市、区）、市直有关单位" if everyone else unit,
        ),
        "编号": matter.name,
        "事项": matter.title,
        "项目": matter.project,
        "事由": matter.cause,
        "事项类别": matter.kind,
        "责任单位": unit,
        "责任人": matter.person,
        "目标任务": matter.goal,
        "推进措施": matter.measures,
        "应报时间": moment_words(matter.due_at),
        "截止日": day_words(desk.now),
        "逾期": overdue_workdays(matter.due_at, desk.now, desk.directory.calendar),
        "此前": earlier(desk, document),
        "限期": moment_words(reply_by),
    }


def common(desk: Desk, document: Document, *, serial: str, title: str, to: str) -> dict[str, Any]:
    """What every paper has. serial: empty for a draft."""
    office = queries.office(desk.session, document.organisation_id)
    return {
        "发文机关": office.issuer,
        "文号": serial or DRAFT_NUMBER,
        "标题": title,
        "主送": to,
        "落款": office.signature,
        "日期": day_words(desk.now),
        "抄送": str(document.body.get("copies") or ""),
    }


def earlier(desk: Desk, document: Document) -> str:
    """于9月20日提醒1次、9月22日催办1次，9月24日印发提醒函（云攻坚提〔2026〕24号）; empty for none (S44)."""
    about = Subject(document.subject_kind or "", document.subject_id or 0)
    pressed = [
        f"{_month_day(rung.fired_at)}{rung.name}1次"
        for climb in ladders.of(desk.session, about, document.what or None)
        if _is_due(climb, document)
        for rung in ladders.taken_of(desk.session, climb)
        if rung.name in _PRESSES and rung.fired_at <= desk.now
    ]
    sent = [
        f"{_month_day(one.issued_at)}印发{one.kind}1次（{one.serial}）"
        for one in queries.of_subject(desk.session, about)
        if one.state == DocumentState.ISSUED.value
        and one.what == document.what
        and one.issued_at is not None
        and one.id != document.id
        and one.body.get("due_at") == document.body.get("due_at")
    ]
    parts = "、".join([*pressed, *sent])
    return f"于{parts}" if parts else ""


def _is_due(climb: Ladder, document: Document) -> bool:
    return "due_at" not in document.body or climb.due_at == datetime.fromisoformat(
        str(document.body["due_at"])
    )


def check_before_signing(desk: Desk, document: Document) -> None:
    """Raises Invalid where the paper would say what is no longer so."""
    reply_by = document.body.get("reply_by")
    if reply_by and datetime.fromisoformat(str(reply_by)) <= desk.now:
        then = desk.directory.calendar.add_workdays(desk.today, 3)
        raise Invalid(
            f"限期 {calendar.local(datetime.fromisoformat(str(reply_by))):%m-%d %H:%M} 已过",
            mend=f"请先改限期，例：修改 限期改为 {then.month}月{then.day}日",
        )
    item = queries.item_of(desk.session, document)
    if item is None:
        return
    if item.state == ItemState.UNDER_REVIEW.value and item.submitted_at is not None:
        raise Invalid(
            f"{item.number} 已于 {calendar.local(item.submitted_at):%m-%d %H:%M} 报办结，正在审核",
            mend="请待督办专员审核；通过后本草稿自动撤回，不通过再签发",
        )
    if document.what != items.FEEDBACK:
        return
    pending = item_history.feedback_under_review(desk.session, item.id)
    if pending is not None and pending.state == FeedbackState.SUBMITTED.value:
        raise Invalid(
            f"{item.number} 已于 {calendar.local(pending.submitted_at):%m-%d %H:%M} 提交反馈，正在审核",
            mend="请待督办专员采纳或退回；采纳后本草稿自动撤回",
        )


# --- words of moments, as papers write them


def day_words(moment: datetime) -> str:
    """2026年9月29日"""
    here = calendar.local(moment)
    return f"{here.year}年{here.month}月{here.day}日"


def moment_words(moment: datetime) -> str:
    """2026年10月9日18时"""
    here = calendar.local(moment)
    return f"{day_words(moment)}{here.hour}时{f'{here.minute}分' if here.minute else ''}"


def _month_day(moment: datetime | None) -> str:
    if moment is None:
        return ""
    here = calendar.local(moment)
    return f"{here.month}月{here.day}日"
