"""`db check`: is the database in the shape it should be, and does it hold together? Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, Table, and_, exists, func, not_, select, text
from sqlalchemy.orm import Session

from bot.files import path_of
from models.operations.audit import broken_chains
from models.tables import metadata
from models.tables.documents import KeptContent
from models.tables.drafts import Attachment, StoredFile
from models.tables.outbox import UNENDED, OutboxNotice
from models.tables.people import Person
from models.tables.taskforces import ChatGroup
from models.types import RecipientKind

MOST_NAMED: Final = 20
_RECORDS: Final = {
    "project": "projects", "item": "items", "item_assist": "item_assists", "light_case": "light_cases",
    "draft": "drafts", "ladder": "ladders", "correction": "corrections", "person": "people", "entry": "entries",
    "escalation_draft": "escalation_drafts",
    "checkpoint": "checkpoints", "document": "documents",
    "document_receipt": "document_receipts",
}  # fmt: skip
"""Where the record of a timer's subject stands."""


def examine(session: Session, files: Path) -> list[str]:
    """Every fault as one Chinese line; an empty list means sound. files: the data folder."""
    faults: list[str] = []
    for check in (_storage, _schema, _foreign_keys, _audit, _orphans):
        faults += check(session)
    faults += _attachments(session, files)
    return faults


def _storage(session: Session) -> list[str]:
    """The pages of an embedded database."""
    if not _is_sqlite(session):
        return []
    answers = session.execute(text("PRAGMA integrity_check(20)")).scalars().all()
    return [] if answers == ["ok"] else [f"数据库文件损坏：{one}" for one in answers]


def _schema(session: Session) -> list[str]:
    connection = session.connection()
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_name": _ours, "target_metadata": metadata}
    )
    return [f"表结构与程序不符：{_difference(one)}" for one in _flat(compare_metadata(context, metadata))]


def _foreign_keys(session: Session) -> list[str]:
    if _is_sqlite(session):
        rows = session.execute(text("PRAGMA foreign_key_check")).all()
        return _named("外键", [f"{row[0]} 第 {row[1]} 行指向不存在的 {row[2]}" for row in rows])
    found = []
    for table in metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            target = key.referred_table.alias()
            pairs = [(element.parent, target.c[element.column.name]) for element in key.elements]
            missing = session.execute(
                select(func.count()).select_from(table).where(
                    *(column.is_not(None) for column, _ in pairs),
                    not_(exists().where(and_(*(column == other for column, other in pairs)))),
                )
            ).scalar_one()  # fmt: skip
            if missing:
                found.append(f"{table.name} 有 {missing} 行指向不存在的 {key.referred_table.name}")
    return _named("外键", found)


def _audit(session: Session) -> list[str]:
    return _named("审计链断开", list(broken_chains(session)))


def _orphans(session: Session) -> list[str]:
    return [*_recipients(session), *_timers(session)]


def _recipients(session: Session) -> list[str]:
    """Waiting notices to people or groups that are not there."""
    found = []
    for kind, table in ((RecipientKind.PERSON, Person), (RecipientKind.GROUP, ChatGroup)):
        found += [
            f"待发消息 {number}"
            for number in session.execute(
                select(OutboxNotice.id)
                .where(
                    UNENDED,
                    OutboxNotice.recipient_kind == kind.value,
                    ~exists().where(table.id == OutboxNotice.recipient_id),
                )
                .order_by(OutboxNotice.id)
            ).scalars()
        ]
    return _named("收件人不存在", found)


def _timers(session: Session) -> list[str]:
    """Waiting timers whose record is not there."""
    tables = metadata.tables
    timers = tables["timers"]
    found = []
    for kind, name in _RECORDS.items():
        if name not in tables:
            continue
        record = tables[name]
        found += [
            f"定时 {row.id}（{row.kind}，{kind} {row.subject_id}）"
            for row in session.execute(
                select(timers.c.id, timers.c.kind, timers.c.subject_id).where(
                    timers.c.state == "waiting",
                    timers.c.subject_kind == kind,
                    ~exists().where(record.c.id == timers.c.subject_id),
                )
            )
        ]
    return _named("定时所属的记录不存在", found)


def _attachments(session: Session, files: Path) -> list[str]:
    """Attachments whose file is gone or has another size."""
    rows = session.execute(
        select(StoredFile.sha256, StoredFile.size, func.min(Attachment.name))
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .group_by(StoredFile.sha256, StoredFile.size)
    )
    made = set(session.execute(select(KeptContent.sha256)).scalars())
    missing, wrong = [], []
    for sha256, size, name in rows:
        path = path_of(files, sha256)
        if not path.is_file() and sha256 in made:
            continue  # its content lies in the database
        if not path.is_file():
            missing.append(f"{name}（{path}）")
        elif path.stat().st_size != size:
            wrong.append(f"{name}（{path}）")
    return [*_named("附件文件不存在", missing), *_named("附件文件大小不符", wrong)]


# --- words


def _named(title: str, some: list[str]) -> list[str]:
    """One line per fault; a long list ends with how many more there are."""
    lines = [f"{title}：{one}" for one in some[:MOST_NAMED]]
    if len(some) > MOST_NAMED:
        lines.append(f"{title}：另有 {len(some) - MOST_NAMED} 处")
    return lines


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    return not (kind == "table" and name not in metadata.tables and name == "alembic_version")


def _flat(differences: list[Any]) -> Iterator[tuple[Any, ...]]:
    for one in differences:
        if isinstance(one, list):
            yield from _flat(one)
        else:
            yield one


def _difference(one: tuple[Any, ...]) -> str:
    """add_table projects, remove_column projects.owner, …: what a migration would have to do."""
    words = []
    for part in one[1:]:
        if isinstance(part, Table):
            words.append(part.name)
        elif isinstance(part, str):
            words.append(part)
        elif not isinstance(part, (MetaData, dict)) and getattr(part, "name", None):
            words.append(str(part.name))
    return f"{one[0]} {'.'.join(words)}"
