"""The monthly 专题会议: proposed, settled by 综合专班, approved by 市攻坚办, which raises its topics (rules G2, M1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from models.errors import Invalid, NotAllowed, NotFound, StateForbids
from models.notices.topic_meetings import (
    TopicLine,
    TopicList,
    TopicsApproved,
    TopicsForLeader,
    TopicsSentBack,
    TopicsToApprove,
)
from models.operations import item_levels, item_raising, item_screening, items
from models.operations.desk import Desk
from models.operations.escalations import FROM_LIGHT
from models.queries import item_parties
from models.queries import items as item_queries
from models.queries import topic_meetings as queries
from models.queries.directory import PersonInfo, ProjectInfo
from models.rules.escalation import GOVERNMENT, HUB
from models.rules.items import COUNTY_LEVEL, ENDED, level_of_organisation
from models.rules.levels import Level
from models.tables.coordination import MeetingTopic, TopicMeeting
from models.tables.items import Item
from models.types import ItemState, Role, Subject

DRAFT: Final = "draft"
REPORTED: Final = "reported"
APPROVED: Final = "approved"
PROPOSED_FROM: Final = 25  # day of the month (rule M1)
MOST: Final = 60  # topics of a meeting
_STATES: Final = {DRAFT: "拟题中", REPORTED: "已报市攻坚办", APPROVED: "已审定"}


def subject(meeting: TopicMeeting) -> Subject:
    return Subject("topic_meeting", meeting.id)


# --- proposing


def propose_due(desk: Desk) -> int:
    """The first workday on or after the 25th: every city's list is proposed. Returns how many."""
    made = 0
    for first in {desk.today.replace(day=1), _month_before(desk.today)}:
        if desk.directory.calendar.workday_on_or_after(first.replace(day=PROPOSED_FROM)) != desk.today:
            continue
        for organisation in desk.directory.organisations.values():
            to = _settlers(desk, organisation.id)
            if level_of_organisation(organisation.level) == COUNTY_LEVEL or not to:
                continue
            meeting = propose(desk, organisation.id, first)
            made += 1
            desk.notify(
                card(desk, meeting), to=to, key=f"topic_meeting {meeting.id} proposed",
                reason="月度专题会议拟题", about=subject(meeting),
            )  # fmt: skip
    return made


def _month_before(day: date) -> date:
    month = 12 if day.month == 1 else day.month - 1
    return date(day.year - 1 if day.month == 1 else day.year, month, 1)


def propose(desk: Desk, organisation_id: int, month: date) -> TopicMeeting:
    """The list of a month with what belongs on it now; what was removed by hand stays removed."""
    meeting = queries.of_month(desk.session, organisation_id, month)
    if meeting is None:
        meeting = TopicMeeting(organisation_id=organisation_id, month=month, state=DRAFT, made_at=desk.now)
        desk.session.add(meeting)
        desk.session.flush()
        desk.record(subject(meeting), {"state": (None, DRAFT)}, reason=f"{month.month}月专题会议拟题")
    if meeting.state != DRAFT:
        return meeting
    known = queries.topics(desk.session, meeting.id, state=None)
    by_record = {(one.item_id, None if one.item_id else one.project_id): one for one in known}
    red_workdays = desk.policy_of(organisation_id).red_days_meeting
    for found in queries.candidates(
        desk.session, desk.directory, organisation_id, desk.today, red_workdays=red_workdays
    ):
        if (
            found.item_id is not None
            and item_levels.sent_up(desk, items.get(desk, found.item_id)) is not None
        ):
            continue  # it is on the list of the city, as the city's item
        topic = by_record.get((found.item_id, None if found.item_id else found.project_id))
        if topic is not None:
            topic.why = found.why
        elif len(known) < MOST:
            known.append(_add(desk, meeting, found.item_id, found.project_id, found.why))
    for topic in known:
        item = item_queries.by_id(desk.session, topic.item_id)
        if topic.state == queries.IN and item is not None and ItemState(item.state) in ENDED:
            topic.state = queries.OUT
            desk.record(subject(meeting), {"removed": (item.number, None)}, reason=item.state)
    desk.session.flush()
    return meeting


def _add(
    desk: Desk, meeting: TopicMeeting, item_id: int | None, project_id: int | None, why: str
) -> MeetingTopic:
    seq = max((one.seq for one in queries.topics(desk.session, meeting.id, state=None)), default=0) + 1
    topic = MeetingTopic(
        meeting_id=meeting.id, seq=seq, item_id=item_id, project_id=project_id, why=why, state=queries.IN
    )
    desk.session.add(topic)
    desk.session.flush()
    desk.record(subject(meeting), {"added": (None, name(desk, topic))}, reason=why or None)
    return topic


# --- showing


def name(desk: Desk, topic: MeetingTopic) -> str:
    """Number of the item, or code of the project."""
    if topic.item_id is not None:
        return items.get(desk, topic.item_id).number
    return desk.directory.projects[topic.project_id or 0].code


def lines(desk: Desk, topics: Sequence[MeetingTopic]) -> tuple[TopicLine, ...]:
    return tuple(_line(desk, one) for one in topics)


def _line(desk: Desk, topic: MeetingTopic) -> TopicLine:
    project = desk.directory.projects.get(topic.project_id or 0)
    if topic.item_id is None:
        assert project is not None
        return TopicLine(project.code, project.name, topic.why, desk.directory.units[project.unit_id].name)
    item = items.get(desk, topic.item_id)
    code = f"{project.code} " if project is not None else ""
    return TopicLine(item.number, f"{code}{item.title}", topic.why, items.unit_name(desk, item))


def card(desk: Desk, meeting: TopicMeeting, act: str = "") -> TopicList:
    removed = queries.topics(desk.session, meeting.id, state=queries.OUT)
    return TopicList(
        meeting.id, meeting.version, meeting.month.month,
        topics=lines(desk, queries.topics(desk.session, meeting.id)),
        removed=tuple(name(desk, one) for one in removed), state=meeting.state, act=act,
    )  # fmt: skip


# --- settling the list


def check_settles(desk: Desk, organisation_id: int) -> PersonInfo:
    """综合专班 settles the list (rule B10). Raises NotAllowed."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    may = person is not None and item_parties.is_hub(desk.directory, person)
    if person is None or not may or person.organisation_id != organisation_id:
        raise NotAllowed("拟定专题会议议题", who="综合专班联络员、负责人")
    return person


def _settlers(desk: Desk, organisation_id: int) -> tuple[PersonInfo, ...]:
    found = desk.directory.ledger_admins(organisation_id)
    hub = desk.directory.hub(organisation_id)
    if not found and hub is not None:
        found = desk.directory.at_task_force(hub.id, Role.LIAISON)
    return found or desk.directory.holders(Role.HUB_HEAD, organisation_id=organisation_id)


def check_open(meeting: TopicMeeting, act: str) -> None:
    if meeting.state != DRAFT:
        raise StateForbids(f"{meeting.month.month}月专题会议议题", state=_STATES[meeting.state], act=act)


def add(
    desk: Desk, meeting: TopicMeeting, *, item: Item | None = None, project: ProjectInfo | None = None
) -> str:
    """[加入]: an item or a red project by hand; one that was removed comes back. Returns its name."""
    check_settles(desk, meeting.organisation_id)
    check_open(meeting, "加入")
    if item is not None:
        if item.restricted or item.parent_id is not None:
            raise Invalid(f"{item.number} 不能列入专题会议", mend="受限事项和批示任务不列议题")
        sent_up = item_levels.sent_up(desk, item) is not None
        if ItemState(item.state) in ENDED or item.level not in (1, 2) or sent_up:
            raise StateForbids(item.number, state=f"{item.state}，{item.level}级", act="列入专题会议")
    item_id, project_id = (
        (item.id, item.project_id) if item is not None else (None, project.id if project else None)
    )
    known = queries.topics(desk.session, meeting.id, state=None)
    topic = next(
        (one for one in known if one.item_id == item_id and (item_id or one.project_id == project_id)), None
    )
    if topic is None:
        why = (
            "，".join(queries.reasons(desk.directory, item, desk.today))
            if item is not None
            else "综合专班提出"
        )
        topic = _add(desk, meeting, item_id, project_id, why)
    elif topic.state == queries.IN:
        raise Invalid(f"{name(desk, topic)} 已在议题中")
    else:
        topic.state = queries.IN
        desk.record(subject(meeting), {"added": (None, name(desk, topic))})
    _changed(desk, meeting)
    return name(desk, topic)


def remove(desk: Desk, meeting: TopicMeeting, topic: MeetingTopic, reason: str) -> str:
    """[移除]; kept in the history. Returns its name."""
    check_settles(desk, meeting.organisation_id)
    check_open(meeting, "移除")
    topic.state = queries.OUT
    desk.record(subject(meeting), {"removed": (name(desk, topic), None)}, reason=reason or None)
    _changed(desk, meeting)
    return name(desk, topic)


def order(desk: Desk, meeting: TopicMeeting, places: Sequence[int]) -> None:
    """[排序]: the topics named by their places come first, in this order; the others keep theirs."""
    check_settles(desk, meeting.organisation_id)
    check_open(meeting, "排序")
    now = queries.topics(desk.session, meeting.id)
    if not places or len(set(places)) != len(places) or not all(1 <= one <= len(now) for one in places):
        raise Invalid(f"次序应写 1–{len(now)} 的序号，不重复", mend="例：排序 2 1")
    new = [now[place - 1] for place in places]
    new.extend(one for one in now if one not in new)
    old_names, new_names = ("、".join(name(desk, one) for one in some) for some in (now, new))
    for seq, topic in enumerate(new, start=1):
        topic.seq = seq
    desk.record(subject(meeting), {"order": (old_names, new_names)})
    _changed(desk, meeting)


def _changed(desk: Desk, meeting: TopicMeeting) -> None:
    meeting.version += 1
    desk.session.flush()


# --- 市攻坚办


def approvers(desk: Desk, meeting: TopicMeeting) -> tuple[PersonInfo, ...]:
    found = desk.directory.holders(Role.OFFICE_HEAD, organisation_id=meeting.organisation_id)
    return found or desk.directory.holders(Role.HUB_HEAD, organisation_id=meeting.organisation_id)


def report(desk: Desk, meeting: TopicMeeting) -> tuple[PersonInfo, ...]:
    """[报市攻坚办]. Returns who decides."""
    check_settles(desk, meeting.organisation_id)
    check_open(meeting, "报市攻坚办")
    topics = queries.topics(desk.session, meeting.id)
    if not topics:
        raise Invalid("议题是空的，不能报市攻坚办", mend="请先加入议题，例：/会议 加入 W0190")
    _set_state(desk, meeting, REPORTED)
    meeting.reported_by_id, meeting.reported_at = desk.actor.on_behalf_of, desk.now
    to = approvers(desk, meeting)
    desk.notify(
        TopicsToApprove(
            meeting.id, meeting.version, meeting.month.month, topics=lines(desk, topics), by=desk.actor.label,
            level_name=_level(desk, meeting).name, addressee=_level(desk, meeting).addressee,
        ),
        to=to, key=f"topic_meeting {meeting.id} {meeting.version}", reason="专题会议议题待审定",
        about=subject(meeting),
    )  # fmt: skip
    return to


def _check_approves(desk: Desk, meeting: TopicMeeting, act: str) -> None:
    if desk.actor.on_behalf_of not in {one.id for one in approvers(desk, meeting)}:
        raise NotAllowed(act, who=desk.policy_of(meeting.organisation_id).levels.office)
    if meeting.state != REPORTED:
        raise StateForbids(f"{meeting.month.month}月专题会议议题", state=_STATES[meeting.state], act=act)


def send_back(desk: Desk, meeting: TopicMeeting, reason: str) -> tuple[PersonInfo, ...]:
    """[退回议题] with a reason: the list can be changed again. Returns who was told."""
    _check_approves(desk, meeting, "退回议题")
    if not reason.strip():
        raise Invalid("退回要写明原因")
    _set_state(desk, meeting, DRAFT, reason=reason.strip())
    to = _settlers(desk, meeting.organisation_id)
    desk.notify(
        TopicsSentBack(meeting.id, meeting.version, meeting.month.month, desk.actor.label, reason.strip()),
        to=to, key=f"topic_meeting {meeting.id} {meeting.version}", reason="专题会议议题退回",
        about=subject(meeting),
    )  # fmt: skip
    return to


def approve(desk: Desk, meeting: TopicMeeting) -> TopicsApproved:
    """[同意议题]: every topic is at level 3 with the reason (rule G2); 常务副市长 gets the list."""
    _check_approves(desk, meeting, "同意议题")
    _set_state(desk, meeting, APPROVED)
    meeting.decided_by_id, meeting.decided_at = desk.actor.on_behalf_of, desk.now
    raised: list[tuple[MeetingTopic, Item]] = []
    skipped: list[str] = []
    for topic in queries.topics(desk.session, meeting.id):
        item = _item_of(desk, topic)
        if ItemState(item.state) in ENDED or item.level >= GOVERNMENT:
            skipped.append(item.number)
            continue
        why = f"列入{meeting.month.month}月专题会议" + (f"：{topic.why}" if topic.why else "")
        item_raising.lift(desk, item, GOVERNMENT, reason=why)
        raised.append((topic, item))
    shown = lines(desk, [topic for topic, _ in raised])
    about, month = (meeting.id, meeting.version), meeting.month.month
    key = f"topic_meeting {meeting.id} {meeting.version}"
    level = _level(desk, meeting)
    here = meeting.organisation_id
    leaders = desk.directory.holders(level.decider, organisation_id=here) if level.decider is not None else ()
    if raised:
        desk.notify(
            TopicsForLeader(
                *about, month, topics=shown, item_ids=tuple(item.id for _, item in raised), by=desk.actor.label,
                office=desk.policy_of(meeting.organisation_id).levels[HUB].name,
            ),
            to=leaders, key=f"{key} leader", reason="专题会议议题", about=subject(meeting),
        )  # fmt: skip
    told = TopicsApproved(
        *about, month, topics=shown, skipped=tuple(skipped), by=desk.actor.label, own=False,
        level_name=level.name,
    )  # fmt: skip
    settlers = [one for one in _settlers(desk, meeting.organisation_id) if one.id != desk.actor.person_id]
    desk.notify(told, to=settlers, key=f"{key} approved", reason="专题会议议题已审定", about=subject(meeting))
    return told


def _level(desk: Desk, meeting: TopicMeeting) -> Level:
    """The level to which the meeting raises its topics (rules G2, M1)."""
    return desk.policy_of(meeting.organisation_id).levels[GOVERNMENT]


def _item_of(desk: Desk, topic: MeetingTopic) -> Item:
    """The item of a topic; a red project gets one from its light, unless it has one (rule E12)."""
    if topic.item_id is not None:
        return items.get(desk, topic.item_id)
    project = desk.directory.projects.get(topic.project_id or 0)
    if project is None:
        raise NotFound("项目")
    known = item_queries.of_project(desk.session, project.id)
    item = next((one for one in known if one.source == FROM_LIGHT and not one.restricted), None)
    if item is None:
        new = item_screening.NewItem(
            organisation_id=project.organisation_id, title=f"{project.name}{topic.why}",
            raised_by_id=desk.actor.on_behalf_of, project_id=project.id, source=FROM_LIGHT,
            wanted_unit_id=project.unit_id,
        )  # fmt: skip
        item = item_screening.create(desk, new)
    topic.item_id = item.id
    desk.session.flush()
    return item


def _set_state(desk: Desk, meeting: TopicMeeting, state: str, *, reason: str | None = None) -> None:
    desk.record(subject(meeting), {"state": (meeting.state, state)}, reason=reason)
    meeting.state = state
    _changed(desk, meeting)
