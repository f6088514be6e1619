"""What was reported to the province about an item, and what came back (rules G1, O2)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.coordination import ProvinceReport
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


def by_id(session: Session, report_id: int) -> ProvinceReport | None:
    return session.get(ProvinceReport, report_id)
