"""Files around a report: taken in when they come shortly before or after the text (rule C9)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.context import Context
from models.notices.ledger import FilesAttached, FilesForEntry, FilesReceived
from models.operations import drafts, foresight
from models.queries import entries
from models.tables.drafts import Attachment, Draft, StoredFile
from models.tables.projects import Entry
from models.types import DraftState, Subject


def keep(context: Context) -> list[Attachment]:
    """Record the files of this message; they wait for a text until the drafts of their day expire."""
    message = context.message
    insert = sqlite.insert if context.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    kept: list[Attachment] = []
    for file in message.files:
        context.session.execute(
            insert(StoredFile)
            .values(sha256=file.sha256, size=file.size, media_type=file.media_type, stored_at=context.now)
            .on_conflict_do_nothing()
        )
        file_id = context.session.execute(
            select(StoredFile.id).where(StoredFile.sha256 == file.sha256)
        ).scalar_one()
        attachment = Attachment(
            file_id=file_id, name=file.name, sender_id=context.sender.id, group_id=context.group_id, at=context.now,
            expires_at=drafts.expiry_of(context.now, context.directory.calendar), owner_kind=None, owner_id=None,
            source=message.message_id,
        )  # fmt: skip
        context.session.add(attachment)
        kept.append(attachment)
    context.session.flush()
    return kept


def waiting(context: Context) -> list[Attachment]:
    """The sender's files in this chat that came within the window and belong to nothing yet."""
    since = context.now - timedelta(minutes=context.policy.attachment_minutes)
    return list(
        context.session.execute(
            select(Attachment)
            .where(
                Attachment.sender_id == context.sender.id,
                Attachment.group_id.is_(None)
                if context.group_id is None
                else Attachment.group_id == context.group_id,
                Attachment.owner_kind.is_(None),
                Attachment.at >= since,
                Attachment.expires_at > context.now,
            )
            .order_by(Attachment.id)
        ).scalars()
    )


def still_kept(context: Context) -> list[Attachment]:
    """The sender's files of any chat that wait for a text and have not expired."""
    return list(
        context.session.execute(
            select(Attachment)
            .where(
                Attachment.sender_id == context.sender.id,
                Attachment.owner_kind.is_(None),
                Attachment.expires_at > context.now,
            )
            .order_by(Attachment.id)
        ).scalars()
    )


def take_waiting(context: Context, draft: Draft) -> None:
    """Offer on the card what was sent with or shortly before the text."""
    if context.message.files:
        keep(context)
    elif _none_expected(context):
        return
    for attachment in waiting(context):
        attachment.owner_kind, attachment.owner_id = "draft", draft.id
    context.session.flush()


def names_on(context: Context, draft: Draft) -> tuple[str, ...]:
    """Names of the files that go with a draft."""
    if draft.version == 1 and not context.message.files and _none_expected(context):
        return ()
    return tuple(file.name for file in drafts.attachments(context.desk, draft.id))


def _none_expected(context: Context) -> bool:
    quiet = foresight.of(context.session, context.sender.id)
    return quiet is not None and not quiet.has_files


def came_alone(context: Context) -> Draft | None:
    """Files without a text: to the draft just made, to the entry just confirmed (after asking), or kept.

    Returns the draft whose card is to be shown again, if there is one.
    """
    kept = keep(context)
    since = context.now - timedelta(minutes=context.policy.attachment_minutes)
    draft = context.session.execute(
        select(Draft)
        .where(
            Draft.author_id == context.sender.id,
            Draft.group_id.is_(None) if context.group_id is None else Draft.group_id == context.group_id,
            Draft.state == DraftState.OPEN.value,
            Draft.created_at >= since,
        )
        .order_by(Draft.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if draft is not None:
        for attachment in kept:
            attachment.owner_kind, attachment.owner_id = "draft", draft.id
        context.session.flush()
        return draft
    entry = entries.latest_of(context.session, context.sender.id, since=since)
    if entry is not None:
        context.say(
            FilesForEntry(
                code=context.directory.projects[entry.project_id].code, at=entry.at, entry_id=entry.id,
                names=tuple(one.name for one in kept), attachment_ids=tuple(one.id for one in kept),
            )
        )  # fmt: skip
        return None
    pictures = sum(1 for file in context.message.files if file.media_type.startswith("image/"))
    context.say(
        FilesReceived(
            pictures=pictures, documents=len(context.message.files) - pictures,
            minutes=context.policy.attachment_minutes, refused=(),
        )
    )  # fmt: skip
    return None


def attach_to_entry(context: Context, entry: Entry, numbers: list[int]) -> None:
    """[附上]: the author's own waiting files become those of an entry."""
    found = list(
        context.session.execute(
            select(Attachment).where(
                Attachment.id.in_(numbers),
                Attachment.sender_id == context.sender.id,
                Attachment.owner_kind.is_(None),
            )
        ).scalars()
    )
    names = tuple(one.name for one in found)
    for attachment in found:
        attachment.owner_kind, attachment.owner_id = "entry", entry.id
    code = context.directory.projects[entry.project_id].code
    if names:
        context.desk.record(
            Subject("project", entry.project_id), {"attachments": (None, "、".join(names))}, reason="补充附件"
        )
    context.say(FilesAttached(code=code, names=names or ("已附过",)))


def drop(context: Context, draft: Draft) -> None:
    """[去掉附件]: the files stay with the sender, unused."""
    context.session.execute(
        update(Attachment)
        .where(Attachment.owner_kind == "draft", Attachment.owner_id == draft.id)
        .values(owner_kind="dropped", owner_id=draft.id)
        .execution_options(synchronize_session="fetch")
    )
