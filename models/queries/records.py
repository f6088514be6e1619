"""Whole records as JSON, for the web chat's side panel and for acceptance checks. No scope: local platform only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import DeclarativeBase, Session

from models.queries.directory import Directory
from models.rules import calendar
from models.tables.audit import AuditRow
from models.tables.coordination import ProvinceReport
from models.tables.documents import Document, DocumentReceipt
from models.tables.drafts import Attachment, StoredFile
from models.tables.items import Item, ItemAssist, ItemExtension, ItemFeedback, Ladder
from models.tables.lights import (
    Checkpoint,
    EscalationDraft,
    Instruction,
    LightAdjustment,
    LightCase,
    LightChange,
    LightFeedback,
    LightState,
)
from models.tables.people import Person, Region, Unit
from models.tables.projects import Correction, Entry, Project, ProjectCategory, ProjectPlan, YearClose
from models.tables.taskforces import Category, TaskForce

Json = dict[str, Any]


def local_iso(moment: datetime) -> str:
    """2026-09-22T10:02:00+08:00"""
    return calendar.local(moment).isoformat()


def plain(value: object) -> Any:
    """A stored value as JSON: times local, 分 as they are."""
    if isinstance(value, datetime):
        return local_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value


def row_json(row: DeclarativeBase) -> Json:
    """Every stored field of a row; amounts in 分 also as …_wan in 万元."""
    found = {
        attribute.key: plain(getattr(row, attribute.key)) for attribute in inspect(type(row)).column_attrs
    }
    for name, value in list(found.items()):
        if name.endswith("_fen") or name == "fen":
            found[f"{name.removesuffix('fen')}wan"] = None if value is None else _wan(value)
    return found


def _wan(fen: int) -> int | float:
    whole, rest = divmod(fen, 1_000_000)
    return whole if rest == 0 else fen / 1_000_000


def next_morning(now: datetime, directory: Directory) -> datetime:
    """08:30 of the next workday after now."""
    today = calendar.local_date(now)
    opening = calendar.at(today, "08:30")
    if directory.calendar.is_workday(today) and now < opening:
        return opening
    return calendar.at(directory.calendar.next_workday(today), "08:30")


def people_and_groups(directory: Directory, platform: str) -> Json:
    """Who can speak in the web chat, with posts, and which groups there are, with their members."""
    people = [
        {
            "name": person.label,
            "unit": directory.units[person.unit_id].name,
            "roles": list(dict.fromkeys(post.role.value for post in person.posts)),
            "bound": any(
                account.platform == platform for account in directory.accounts_of.get(person.id, ())
            ),
        }
        for person in directory.people.values()
    ]
    groups = [  # by address: a city and its county both have a 综合专班 (rule Q3)
        {"name": dict(group.accounts).get(platform, group.name), "body": group.body_kind}
        for group in directory.groups.values()
    ]
    return {"people": people, "groups": groups}


def project_list(session: Session) -> list[Json]:
    """Code, name and shown light of every project, for the side panel."""
    rows = session.execute(
        select(Project.code, Project.name, Project.aliases, LightState.shown)
        .outerjoin(LightState, LightState.project_id == Project.id)
        .order_by(Project.code)
    )
    return [{"code": row.code, "name": row.name, "aliases": row.aliases, "light": row.shown} for row in rows]


def project(session: Session, code: str) -> Json | None:
    """The project with plan, lights, cases, feedback, entries, corrections and items."""
    row = session.execute(
        select(Project).where(Project.code == code.upper()).order_by(Project.organisation_id).limit(1)
    ).scalar_one_or_none()
    if row is None:
        return None
    found = row_json(row)
    found["unit"] = session.execute(select(Unit.name).where(Unit.id == row.unit_id)).scalar_one()
    found["region"] = session.execute(
        select(Region.name).where(Region.id == row.region_id)
    ).scalar_one_or_none()
    found["task_force"] = session.execute(
        select(TaskForce.name).where(TaskForce.id == row.task_force_id)
    ).scalar_one_or_none()
    found["categories"] = list(
        session.execute(
            select(Category.name)
            .join(ProjectCategory, ProjectCategory.category_id == Category.id)
            .where(ProjectCategory.project_id == row.id)
            .order_by(Category.seq)
        ).scalars()
    )
    found["plans"] = _rows(session, ProjectPlan, ProjectPlan.project_id == row.id)
    found["year_closes"] = _rows(session, YearClose, YearClose.project_id == row.id)
    light = session.get(LightState, row.id)
    found["light"] = light.shown if light else None
    found["light_state"] = row_json(light) if light else None
    found["light_changes"] = _rows(session, LightChange, LightChange.project_id == row.id)
    cases = session.execute(
        select(LightCase).where(LightCase.project_id == row.id).order_by(LightCase.id)
    ).scalars()
    found["light_cases"] = [
        {
            **row_json(case),
            "feedbacks": _rows(session, LightFeedback, LightFeedback.case_id == case.id),
            "ladders": _rows(
                session, Ladder, Ladder.subject_kind == "light_case", Ladder.subject_id == case.id
            ),
            "documents": _documents(session, "light_case", case.id),
        }
        for case in cases
    ]
    found["checkpoints"] = _rows(session, Checkpoint, Checkpoint.project_id == row.id)
    found["adjustments"] = _rows(session, LightAdjustment, LightAdjustment.project_id == row.id)
    found["instructions"] = _rows(session, Instruction, Instruction.project_id == row.id)
    found["escalation_drafts"] = _rows(session, EscalationDraft, EscalationDraft.project_id == row.id)
    found["entries"] = [
        {**entry, "attachments": _attachments(session, "entry", entry["id"])}
        for entry in _rows(session, Entry, Entry.project_id == row.id)
    ]
    found["corrections"] = _rows(session, Correction, Correction.project_id == row.id)
    found["items"] = list(
        session.execute(select(Item.number).where(Item.project_id == row.id).order_by(Item.id)).scalars()
    )
    return found


def item(session: Session, number: str) -> Json | None:
    """The problem item with its feedback, ladders and attachments."""
    row = session.execute(
        select(Item).where(Item.number == number.upper()).order_by(Item.id).limit(1)
    ).scalar_one_or_none()
    if row is None:
        return None
    found = row_json(row)
    for name, person_id in (
        ("person", row.person_id), ("supervisor", row.supervisor_id), ("raised_by", row.raised_by_id),
    ):  # fmt: skip
        found[name] = session.execute(select(Person.name).where(Person.id == person_id)).scalar_one_or_none()
    found["unit"] = session.execute(select(Unit.name).where(Unit.id == row.unit_id)).scalar_one_or_none()
    found["task_force"] = session.execute(
        select(TaskForce.name).where(TaskForce.id == row.task_force_id)
    ).scalar_one_or_none()
    found["project"] = session.execute(
        select(Project.code).where(Project.id == row.project_id)
    ).scalar_one_or_none()
    found["feedbacks"] = _rows(session, ItemFeedback, ItemFeedback.item_id == row.id)
    found["ladders"] = _rows(session, Ladder, Ladder.subject_kind == "item", Ladder.subject_id == row.id)
    found["assists"] = _rows(session, ItemAssist, ItemAssist.item_id == row.id)
    found["extension_requests"] = _rows(session, ItemExtension, ItemExtension.item_id == row.id)
    found["province_reports"] = _rows(session, ProvinceReport, ProvinceReport.item_id == row.id)
    found["attachments"] = _attachments(session, "item", row.id)
    found["documents"] = _documents(session, "item", row.id)
    return found


def _documents(session: Session, kind: str, record_id: int) -> list[Json]:
    """Every paper about a record, with its receipts."""
    rows = session.execute(
        select(Document)
        .where(Document.subject_kind == kind, Document.subject_id == record_id)
        .order_by(Document.id)
    ).scalars()
    return [
        {**row_json(row), "receipts": _rows(session, DocumentReceipt, DocumentReceipt.document_id == row.id)}
        for row in rows
    ]


def audit(session: Session, kind: str, key: str) -> Json | None:
    """The audit rows of one record. key: a project's code, an item's number, or a row id."""
    record_id: int | None = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else None
    if kind == "project":
        record_id = session.execute(
            select(Project.id).where(or_(Project.code == key.upper(), Project.id == record_id))
        ).scalar_one_or_none()
    elif kind == "item":
        record_id = session.execute(
            select(Item.id)
            .where(or_(Item.number == key.upper(), Item.id == record_id))
            .order_by(Item.id)
            .limit(1)
        ).scalar_one_or_none()
    if record_id is None:
        return None
    rows = session.execute(
        select(AuditRow)
        .where(AuditRow.record_kind == kind, AuditRow.record_id == record_id)
        .order_by(AuditRow.seq)
    ).scalars()
    return {"kind": kind, "id": record_id, "rows": [row_json(row) for row in rows]}


def _rows(session: Session, table: type[DeclarativeBase], *where: Any) -> list[Json]:
    key = inspect(table).primary_key
    return [row_json(row) for row in session.execute(select(table).where(*where).order_by(*key)).scalars()]


def _attachments(session: Session, kind: str, owner_id: int) -> list[Json]:
    rows = session.execute(
        select(
            Attachment.name, Attachment.at, Person.name.label("sender"), StoredFile.size, StoredFile.sha256,
            StoredFile.media_type,
        )
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .join(Person, Person.id == Attachment.sender_id)
        .where(Attachment.owner_kind == kind, Attachment.owner_id == owner_id)
        .order_by(Attachment.id)
    )  # fmt: skip
    return [{name: plain(value) for name, value in row._mapping.items()} for row in rows]
