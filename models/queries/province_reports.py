"""What was reported to the province about an item, and what came back (rules G1, O2)."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.rules.escalation import PROVINCE
from models.rules.items import ENDED
from models.tables.coordination import ProvinceReport
from models.tables.items import Item
from models.types import Subject


def subject(report: ProvinceReport) -> Subject:
    return Subject("province_report", report.id)


def latest(session: Session, item_id: int) -> ProvinceReport | None:
    """The report of the item's last time at level 4; None when there was none."""
    return session.execute(
        select(ProvinceReport)
        .where(ProvinceReport.item_id == item_id)
        .order_by(ProvinceReport.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def without_number(session: Session, organisation_id: int) -> list[Item]:
    """Items reported to the province whose 文号 has not been entered, longest waiting first."""
    last = (
        select(func.max(ProvinceReport.id))
        .where(ProvinceReport.item_id == Item.id)
        .correlate(Item)
        .scalar_subquery()
    )
    return list(
        session.execute(
            select(Item)
            .join(ProvinceReport, ProvinceReport.id == last)
            .where(
                Item.organisation_id == organisation_id,
                Item.level == PROVINCE,
                Item.state.not_in([state.value for state in ENDED]),
                ProvinceReport.number.is_(None),
            )
            .order_by(ProvinceReport.id)
        ).scalars()
    )


def by_id(session: Session, report_id: int) -> ProvinceReport | None:
    return session.get(ProvinceReport, report_id)
