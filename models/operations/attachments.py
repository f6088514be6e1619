"""Files around a text: kept until one comes, then given to what it became (rule C9)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from sqlalchemy import select, update

from models.inserts import insert_unless_there
from models.operations import drafts
from models.operations.desk import Desk
from models.queries import attachments as queries
from models.queries.directory import PersonInfo
from models.tables.documents import KeptContent
from models.tables.drafts import Attachment, StoredFile
from models.types import InboundFile, Subject

DROPPED: Final = "dropped"


def keep(
    desk: Desk, sender: PersonInfo, files: Iterable[InboundFile], *, group_id: int | None, source: str
) -> list[Attachment]:
    """Record files that were sent; they belong to nothing until the drafts of their day expire.

    The content is stored once by its SHA-256, whoever sends it.
    """
    kept: list[Attachment] = []
    for file in files:
        desk.session.execute(
            insert_unless_there(desk.session, StoredFile)
            .values(sha256=file.sha256, size=file.size, media_type=file.media_type, stored_at=desk.now)
            .on_conflict_do_nothing()
        )
        file_id = desk.session.execute(
            select(StoredFile.id).where(StoredFile.sha256 == file.sha256)
        ).scalar_one()
        attachment = Attachment(
            file_id=file_id, name=file.name, sender_id=sender.id, group_id=group_id, at=desk.now,
            expires_at=drafts.expiry_of(desk.now, desk.directory.calendar), owner_kind=None, owner_id=None,
            source=source,
        )  # fmt: skip
        desk.session.add(attachment)
        kept.append(attachment)
    desk.session.flush()
    return kept


def give(desk: Desk, files: Iterable[Attachment], owner: Subject) -> None:
    """Waiting files now belong to owner."""
    for file in files:
        file.owner_kind, file.owner_id = owner.kind, owner.id
    desk.session.flush()


def hand_over(desk: Desk, draft_id: int, owner: Subject) -> None:
    """The files of a draft go to what it became."""
    desk.session.execute(
        update(Attachment)
        .where(Attachment.owner_kind == "draft", Attachment.owner_id == draft_id)
        .values(owner_kind=owner.kind, owner_id=owner.id)
        .execution_options(synchronize_session="fetch")
    )


def share(desk: Desk, draft_id: int, owner: Subject) -> None:
    """One of several lines of a draft was entered: its entry has the files too, their content is stored once."""
    for file in queries.of(desk.session, Subject("draft", draft_id)):
        desk.session.add(
            Attachment(
                file_id=file.file_id, name=file.name, sender_id=file.sender_id, group_id=file.group_id, at=file.at,
                expires_at=file.expires_at, owner_kind=owner.kind, owner_id=owner.id, source=file.source,
            )
        )  # fmt: skip
    desk.session.flush()


def drop(desk: Desk, draft_id: int) -> None:
    """[去掉附件]: the files stay with the sender, unused."""
    hand_over(desk, draft_id, Subject(DROPPED, draft_id))


def keep_made(
    desk: Desk, content: bytes, *, name: str, media_type: str, owner: Subject, sender_id: int
) -> tuple[int, str]:
    """Store a file that the product itself made; returns the attachment's id and the SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    for table, values in (
        (KeptContent, {"sha256": digest, "content": content}),
        (
            StoredFile,
            {"sha256": digest, "size": len(content), "media_type": media_type, "stored_at": desk.now},
        ),
    ):
        desk.session.execute(
            insert_unless_there(desk.session, table).values(**values).on_conflict_do_nothing()
        )
    file_id = desk.session.execute(select(StoredFile.id).where(StoredFile.sha256 == digest)).scalar_one()
    attachment = Attachment(
        file_id=file_id, name=name, sender_id=sender_id, group_id=None, at=desk.now, expires_at=desk.now,
        owner_kind=owner.kind, owner_id=owner.id, source=desk.actor.source or "",
    )  # fmt: skip
    desk.session.add(attachment)
    desk.session.flush()
    return attachment.id, digest
