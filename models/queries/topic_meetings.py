"""The monthly 专题会议: its list, and what belongs on it (rules E12, G2, M1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries import lights
from models.queries.directory import Directory
from models.queries.items import is_open
from models.rules.calendar import local_date
from models.tables.coordination import MeetingTopic, TopicMeeting
from models.tables.items import Item
from models.types import ItemState

IN = "in"
OUT = "out"
_WORKED_ON = (ItemState.SCREENING, ItemState.AWAITING_RECEIPT, ItemState.IN_PROGRESS, ItemState.UNDER_REVIEW)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item, or a project that has been red for long, and why it belongs on the list."""

    item_id: int | None
    project_id: int | None
    why: str


def of_month(session: Session, organisation_id: int, month: date) -> TopicMeeting | None:
    return session.execute(
        select(TopicMeeting).where(
            TopicMeeting.organisation_id == organisation_id, TopicMeeting.month == month
        )
    ).scalar_one_or_none()


def by_id(session: Session, meeting_id: int) -> TopicMeeting | None:
    return session.get(TopicMeeting, meeting_id)


def latest(session: Session, organisation_id: int) -> TopicMeeting | None:
    return session.execute(
        select(TopicMeeting)
        .where(TopicMeeting.organisation_id == organisation_id)
        .order_by(TopicMeeting.month.desc())
        .limit(1)
    ).scalar_one_or_none()


def topics(session: Session, meeting_id: int, *, state: str | None = IN) -> list[MeetingTopic]:
    """Topics in their order; state None: those that were removed, too."""
    statement = select(MeetingTopic).where(MeetingTopic.meeting_id == meeting_id)
    if state is not None:
        statement = statement.where(MeetingTopic.state == state)
    return list(session.execute(statement.order_by(MeetingTopic.seq, MeetingTopic.id)).scalars())


def candidates(
    session: Session, directory: Directory, organisation_id: int, today: date, *, red_workdays: int
) -> list[Candidate]:
    """Level 2 items, tagged items, projects red for long; restricted items are named in no list (rule B8)."""
    rows = session.execute(
        select(Item)
        .where(
            Item.organisation_id == organisation_id,
            Item.level.in_((1, 2)),
            Item.parent_id.is_(None),
            Item.restricted.is_(False),
            Item.state.in_([state.value for state in _WORKED_ON]),
            is_open(),
        )
        .order_by(Item.level.desc(), Item.id)
    ).scalars()
    found = [
        Candidate(item.id, item.project_id, "，".join(why))
        for item in rows
        if (why := reasons(directory, item, today))
    ]
    taken = {one.project_id for one in found}
    for state in lights.red_for(session, red_workdays):
        project = directory.projects.get(state.project_id)
        if project is None or project.organisation_id != organisation_id or project.id in taken:
            continue
        found.append(Candidate(None, project.id, f"连续红灯 {state.red_days} 个工作日"))
    return found


def reasons(directory: Directory, item: Item, today: date) -> list[str]:
    """Why an item belongs on the list: its tags, and how long it has been at level 2."""
    why = [str(tag) for tag in item.tags]
    if item.level == 2:
        since = local_date(item.level_since or item.raised_at)
        why.append(f"2 级已 {directory.calendar.workdays_between(since, today)} 个工作日")
    return why
