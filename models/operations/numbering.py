"""Consecutive numbers without gaps: each series moves in the transaction that uses the number (rule H2)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.inserts import insert_unless_there
from models.tables.items import NumberSeries


def item_series(organisation_id: int) -> str:
    """The series of problem items of an organisation."""
    return f"item:{organisation_id}"


def letter_series(kind: str, year: int, organisation_id: int | None = None) -> str:
    """The series of a type of official paper in a year, e.g. 督办函 of 2026.

    organisation_id: None for the first organisation of the installation, which alone had series at first.
    """
    return f"letter:{kind}:{year}{'' if organisation_id is None else f':{organisation_id}'}"


def next_number(session: Session, series: str) -> int:
    """Take the next number, 1 for a new series. A transaction that fails gives it back."""
    statement = (
        insert_unless_there(session, NumberSeries)
        .values(series=series, last=1)
        .on_conflict_do_update(index_elements=[NumberSeries.series], set_={"last": NumberSeries.last + 1})
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.execute(statement).scalar_one()


def last_number(session: Session, series: str) -> int:
    """The number given last, 0 for a new series."""
    return (
        session.execute(select(NumberSeries.last).where(NumberSeries.series == series)).scalar_one_or_none()
        or 0
    )


def set_last(session: Session, series: str, last: int) -> None:
    """Start or continue a series after numbers that were given elsewhere, e.g. before the installation."""
    session.execute(
        insert_unless_there(session, NumberSeries)
        .values(series=series, last=last)
        .on_conflict_do_update(index_elements=[NumberSeries.series], set_={"last": last})
    )
