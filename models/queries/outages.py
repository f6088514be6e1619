"""Stretches in which no process ran, and what they excuse (rule A4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.calendar import Calendar, deadline, local_date
from models.tables.clockwork import Outage


def covering(session: Session, moment: datetime) -> Outage | None:
    """The outage during which the moment lay, its start and end included."""
    return session.execute(
        select(Outage)
        .where(Outage.started_at <= moment, Outage.ended_at >= moment)
        .order_by(Outage.ended_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def grace_after(ended_at: datetime, calendar: Calendar) -> datetime:
    """Until when a report is not late because of an outage: 18:00 of the workday of the restart.

    After a restart on a day off, or after 18:00, it is the next workday.
    """
    day = calendar.workday_on_or_after(local_date(ended_at))
    end = deadline(day)
    return end if ended_at < end else deadline(calendar.next_workday(day))


def excused_until(session: Session, due: datetime, calendar: Calendar) -> datetime:
    """The deadline that counts: the due time, or the end of the grace when an outage lay over it."""
    outage = covering(session, due)
    return due if outage is None else max(due, grace_after(outage.ended_at, calendar))
