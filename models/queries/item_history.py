"""What became of a problem item: feedback, 批示, the rungs of its ladder, notes of its history (rules F5, F6, F12)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from models.queries.directory import Directory
from models.rules.calendar import local_date
from models.tables.audit import AuditRow
from models.tables.clockwork import Timer
from models.tables.items import Item, ItemFeedback, Ladder, Rung
from models.tables.lights import Instruction
from models.types import FeedbackState, ItemState


def feedbacks(session: Session, item_id: int) -> list[ItemFeedback]:
    return list(
        session.execute(
            select(ItemFeedback).where(ItemFeedback.item_id == item_id).order_by(ItemFeedback.id)
        ).scalars()
    )


def feedback_by_id(session: Session, feedback_id: int) -> ItemFeedback | None:
    return session.get(ItemFeedback, feedback_id)


def feedbacks_under_review(session: Session, organisation_id: int) -> list[tuple[ItemFeedback, Item]]:
    """Every submitted feedback of an organisation that waits for a ruling, with its item, oldest first."""
    rows = session.execute(
        select(ItemFeedback, Item)
        .join(Item, Item.id == ItemFeedback.item_id)
        .where(Item.organisation_id == organisation_id, ItemFeedback.state == FeedbackState.SUBMITTED.value)
        .order_by(ItemFeedback.id)
    )
    return [(feedback, item) for feedback, item in rows]


def instructions(session: Session, item_id: int) -> list[Instruction]:
    """批示 on the item, oldest first (rule G4)."""
    rows = session.execute(
        select(Instruction)
        .where(Instruction.subject_kind.in_(("item", "item_unit")), Instruction.subject_id == item_id)
        .order_by(Instruction.id)
    )
    return list(rows.scalars())


def was_sent_back(session: Session, item_id: int) -> bool:
    """Whether the last feedback was sent back, so that another one is waited for."""
    last = session.execute(
        select(ItemFeedback.state)
        .where(ItemFeedback.item_id == item_id)
        .order_by(ItemFeedback.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return last == FeedbackState.RETURNED.value


def feedback_under_review(session: Session, item_id: int) -> ItemFeedback | None:
    """The submitted feedback that nobody has ruled on yet."""
    return session.execute(
        select(ItemFeedback)
        .where(ItemFeedback.item_id == item_id, ItemFeedback.state == FeedbackState.SUBMITTED.value)
        .order_by(ItemFeedback.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def next_rung(session: Session, item: Item, what: str) -> Timer | None:
    """The timer of the ladder's next rung behind a running due date of the item."""
    return session.execute(
        select(Timer)
        .join(Ladder, Ladder.id == Timer.subject_id)
        .where(
            Timer.subject_kind == "ladder",
            Timer.state == "waiting",
            Ladder.subject_kind == "item",
            Ladder.subject_id == item.id,
            Ladder.what == what,
        )
        .order_by(Timer.due_at, Timer.id)
        .limit(1)
    ).scalar_one_or_none()


def rungs_taken(session: Session, ladder_id: int) -> frozenset[str]:
    """Names of the rungs of a ladder that have fired."""
    return frozenset(session.execute(select(Rung.name).where(Rung.ladder_id == ladder_id)).scalars())


def handling_workdays(directory: Directory, item: Item, until: datetime) -> int | None:
    """办理时长: workdays from 签收 to the submission that passed, or until now (F14); None before 签收."""
    if item.received_at is None:
        return None
    end = item.submitted_at or item.closed_at or until
    return directory.calendar.workdays_between(local_date(item.received_at), local_date(end))


def closing_authors(session: Session, item_id: int) -> frozenset[int]:
    """Ids of who submitted the 办结 last, and for whom: neither may review it (rule F8)."""
    row = noted(session, item_id, "closing")
    return frozenset(one for one in (row.by_id, row.for_id) if one is not None) if row else frozenset()


def overdue_carried(session: Session, item_id: int) -> tuple[int, int]:
    """逾期 (how often, how many workdays) from before the last reopening that no feedback shows (rule F14)."""
    row = noted(session, item_id, "overdue_carried")
    times, _, workdays = (row.new or "").partition("/") if row is not None else ("0", "", "0")
    return int(times), int(workdays)


def effect(session: Session, item: Item) -> str | None:
    """What who raised it said of the effect since 销号: 有效, 反弹, or None (rule F12)."""
    row = noted(session, item.id, "effect")
    return row.new if row is not None and item.closed_at and row.at >= item.closed_at else None


def noted(session: Session, item_id: int, field: str) -> AuditRow | None:
    """The last row of the item's history about a field or about something that has no column."""
    return session.execute(
        select(AuditRow)
        .where(AuditRow.record_kind == "item", AuditRow.record_id == item_id, AuditRow.field == field)
        .order_by(AuditRow.seq.desc())
        .limit(1)
    ).scalar_one_or_none()


def waits_for_more(session: Session, item_id: int) -> bool:
    """Whether the item was sent back for more (退回补充) and nothing has been added since."""
    asked = noted(session, item_id, "supplement")
    given = [noted(session, item_id, field) for field in ("title", "wanted", "kind")]
    return asked is not None and not any(row is not None and row.seq > asked.seq for row in given)


def level_before(session: Session, item: Item) -> int:
    """The level from which the item came to its own; one below where its history does not say."""
    row = noted(session, item.id, "level")
    old = row.old if row is not None else None
    return int(old) if old is not None and old.isdigit() else item.level - 1


def last_act_of(session: Session, person_id: int, *, since: datetime) -> tuple[Item, datetime] | None:
    """The item on which a person acted last since then in a way that files may belong to, and when."""
    row = session.execute(
        select(AuditRow)
        .where(
            AuditRow.record_kind == "item",
            AuditRow.by_id == person_id,
            AuditRow.at >= since,
            or_(
                AuditRow.field.in_(("closing", "feedback", "title", "assist")),
                and_(AuditRow.field == "state", AuditRow.old == ItemState.CLOSED.value),
            ),
        )
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if row is None:
        return None
    item = session.get(Item, row.record_id)
    return (item, row.at) if item is not None else None


def effect_asked_of(session: Session, person_id: int, timer_kind: str) -> list[Item]:
    """Closed items whose effect the person was asked for and has not told, oldest first (rule F12)."""
    asked = exists().where(
        Timer.subject_kind == "item",
        Timer.subject_id == Item.id,
        Timer.kind == timer_kind,
        Timer.state == "fired",
        Timer.due_at > Item.closed_at,
    )
    rows = session.execute(
        select(Item)
        .where(
            func.coalesce(Item.heir_id, Item.raised_by_id) == person_id,
            Item.state == ItemState.CLOSED.value,
            asked,
        )
        .order_by(Item.id)
    )
    return [item for item in rows.scalars() if effect(session, item) is None]
