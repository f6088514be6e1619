"""The audit trail: append-only, hash-chained per record (rules D2, Q2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.db import insert_columns, insert_many, later
from models.tables.audit import AuditHead, AuditRow
from models.types import Subject

_ROWS: Final = cast("Table", AuditRow.__table__)
_HEADS: Final = cast("Table", AuditHead.__table__)
# Made once: making a statement costs more than running it, and every act is recorded.
_OF_RECORD: Final = (_HEADS.c.record_kind == bindparam("of_kind")) & (
    _HEADS.c.record_id == bindparam("of_id")
)
_HEAD: Final = select(_HEADS.c.seq, _HEADS.c.digest).where(_OF_RECORD)
_NEXT_HEAD: Final = (
    update(_HEADS).where(_OF_RECORD).values(seq=bindparam("next_seq"), digest=bindparam("next_digest"))
)
GENESIS = b"\0" * 32
_FIXED_FORM: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: person_id acts, for_id is the principal of a delegation (rule B6), source the message or job."""

    person_id: int | None
    name: str
    for_id: int | None = None
    for_name: str | None = None
    source: str | None = None

    @property
    def label(self) -> str:
        """乙(代 甲) for a delegate, otherwise the name."""
        return f"{self.name}(代 {self.for_name})" if self.for_name else self.name

    @property
    def on_behalf_of(self) -> int | None:
        """The person whose right is used: the principal of a delegate, else the person."""
        return self.for_id if self.for_id is not None else self.person_id


SYSTEM = Actor(None, "系统")


def row_digest(
    before: bytes, *, record: Subject, seq: int, at: datetime, field: str, old: str | None, new: str | None,
    actor: str, source: str | None, reason: str | None,
) -> bytes:  # fmt: skip
    """SHA-256 over the previous digest and every stored fact of the row, in a fixed JSON form."""
    body = _FIXED_FORM.encode(
        [record.kind, record.id, seq, at.astimezone(UTC).isoformat(), field, old, new, actor, source, reason]
    )
    return hashlib.sha256(before + body.encode()).digest()


def record(
    session: Session,
    subject: Subject,
    changes: dict[str, tuple[object, object]],
    *,
    by: Actor,
    at: datetime,
    reason: str | None = None,
    processed_at: datetime | None = None,
    first: bool = False,
) -> None:
    """Append one row per changed field. changes: {field: (old, new)}; equal pairs are left out.

    first: the record was made in this transaction and has no rows yet.
    """
    real = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    if not real:
        return
    head = (
        None
        if first
        else session.execute(_HEAD, {"of_kind": subject.kind, "of_id": subject.id}).one_or_none()
    )
    seq, digest = (head.seq, head.digest) if head else (0, GENESIS)
    rows = []
    for field, (old_value, new_value) in real.items():
        seq += 1
        old, new = _text(old_value), _text(new_value)
        digest = row_digest(
            digest, record=subject, seq=seq, at=at, field=field, old=old, new=new, actor=by.label,
            source=by.source, reason=reason,
        )  # fmt: skip
        rows.append(
            {
                "record_kind": subject.kind, "record_id": subject.id, "seq": seq, "at": at,
                "processed_at": processed_at, "field": field, "old": old, "new": new, "by_id": by.person_id,
                "for_id": by.for_id, "by_name": by.label, "message_id": by.source, "reason": reason, "digest": digest,
            }
        )  # fmt: skip
    if first:
        for row in rows:
            later(session, _ROWS, row)
        later(
            session, _HEADS,
            {"record_kind": subject.kind, "record_id": subject.id, "seq": seq, "digest": digest},
        )  # fmt: skip
        return
    insert_many(session, _ROWS, rows)
    if head:
        session.execute(
            _NEXT_HEAD, {"of_kind": subject.kind, "of_id": subject.id, "next_seq": seq, "next_digest": digest}
        )
    else:
        session.execute(
            insert(_HEADS),
            {"record_kind": subject.kind, "record_id": subject.id, "seq": seq, "digest": digest},
        )


def record_new(
    session: Session,
    kind: str,
    records: Sequence[tuple[int, Sequence[tuple[str, str]]]],
    *,
    by: Actor,
    at: datetime,
    reason: str | None = None,
) -> None:
    """`record` for many records of one kind that were made in this transaction.

    records: of each its id and the fields it came with, at least one.
    """
    # What all rows share is written into the digested form once; `row_digest` says what that form is.
    quoted = _FIXED_FORM.encode
    opening, time = f"[{quoted(kind)},", quoted(at.astimezone(UTC).isoformat())
    ending = f"{quoted(by.label)},{quoted(by.source)},{quoted(reason)}]"
    rows: list[tuple[int, int, str, str, bytes]] = []
    ends: list[tuple[int, int, bytes]] = []
    for number, values in records:
        seq, digest = 0, GENESIS
        for seq, (name, new) in enumerate(values, start=1):
            body = f"{opening}{number},{seq},{time},{quoted(name)},null,{quoted(new)},{ending}"
            digest = hashlib.sha256(digest + body.encode()).digest()
            rows.append((number, seq, name, new, digest))
        ends.append((number, seq, digest))
    count = len(rows)
    same: dict[str, Sequence[object]] = {
        "record_kind": [kind] * count, "at": [at] * count, "by_id": [by.person_id] * count,
        "for_id": [by.for_id] * count, "by_name": [by.label] * count, "message_id": [by.source] * count,
        "reason": [reason] * count,
    }  # fmt: skip
    own = dict(zip(("record_id", "seq", "field", "new", "digest"), zip(*rows, strict=True), strict=True))
    insert_columns(session, _ROWS, {**same, **own}, stored=("digest",))
    last = dict(zip(("record_id", "seq", "digest"), zip(*ends, strict=True), strict=True))
    insert_columns(session, _HEADS, {"record_kind": [kind] * len(ends), **last}, stored=("digest",))


def broken_chains(session: Session) -> Iterator[str]:
    """Name every record whose audit rows no longer form the chain they were written as."""
    heads = {
        (kind, number): (seq, digest)
        for kind, number, seq, digest in session.execute(
            select(AuditHead.record_kind, AuditHead.record_id, AuditHead.seq, AuditHead.digest)
        )
    }
    last: dict[tuple[str, int], tuple[int, bytes]] = {}
    broken: set[tuple[str, int]] = set()
    rows = session.execute(
        select(AuditRow).order_by(AuditRow.record_kind, AuditRow.record_id, AuditRow.seq)
    ).scalars()
    for row in rows:
        key = (row.record_kind, row.record_id)
        seq, digest = last.get(key, (0, GENESIS))
        expected = row_digest(
            digest, record=Subject(*key), seq=seq + 1, at=row.at, field=row.field, old=row.old, new=row.new,
            actor=row.by_name, source=row.message_id, reason=row.reason,
        )  # fmt: skip
        if row.seq != seq + 1 or row.digest != expected:
            broken.add(key)
        last[key] = (row.seq, row.digest)
    for key in sorted(heads.keys() | last.keys()):
        if key in broken or heads.get(key) != last.get(key):
            yield f"{key[0]} {key[1]}"


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
