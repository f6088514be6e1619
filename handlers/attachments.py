"""Files around a report: taken in when they come shortly before or after the text (rule C9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.context import Context
from models.notices.ledger import FilesAttached, FilesForEntry, FilesReceived
from models.operations import attachments as operations
from models.operations import foresight, item_files
from models.queries import attachments as queries
from models.queries import drafts, entries, item_history, item_parties
from models.rules.items import ENDED
from models.tables.drafts import Attachment, Draft
from models.tables.projects import Entry
from models.types import ItemState, Subject


def keep(context: Context) -> list[Attachment]:
    """Record the files of this message; they wait for a text until the drafts of their day expire."""
    return operations.keep(
        context.desk, context.sender, context.message.files, group_id=context.group_id,
        source=context.message.message_id,
    )  # fmt: skip


def waiting(context: Context) -> list[Attachment]:
    """The sender's files in this chat that came within the window and belong to nothing yet."""
    return queries.waiting_in_chat(
        context.session, context.sender.id, group_id=context.group_id,
        since=context.now - timedelta(minutes=context.policy.attachment_minutes), now=context.now,
    )  # fmt: skip


def still_kept(context: Context) -> list[Attachment]:
    """The sender's files of any chat that wait for a text and have not expired."""
    return queries.waiting(context.session, context.sender.id, now=context.now)


def take_waiting(context: Context, draft: Draft) -> None:
    """Offer on the card what was sent with or shortly before the text."""
    if context.message.files:
        keep(context)
    elif _none_expected(context):
        return
    operations.give(context.desk, waiting(context), Subject("draft", draft.id))


def names_on(context: Context, draft: Draft) -> tuple[str, ...]:
    """Names of the files that go with a draft."""
    if draft.version == 1 and not context.message.files and _none_expected(context):
        return ()
    return tuple(file.name for file in queries.of(context.session, Subject("draft", draft.id)))


def _none_expected(context: Context) -> bool:
    quiet = foresight.of(context.session, context.sender.id)
    return quiet is not None and not quiet.has_files


def came_alone(context: Context) -> Draft | None:
    """Files without a text: to the draft just made, to the entry just confirmed (after asking), or kept.

    Returns the draft whose card is to be shown again, if there is one.
    """
    kept = keep(context)
    since = context.now - timedelta(minutes=context.policy.attachment_minutes)
    draft = drafts.newest_in_chat(context.session, context.sender.id, group_id=context.group_id, since=since)
    if draft is not None:
        operations.give(context.desk, kept, Subject("draft", draft.id))
        return draft
    entry = entries.latest_of(context.session, context.sender.id, since=since)
    if _for_item(context, kept, since=since, after=entry.at if entry is not None else None):
        return None
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


def _for_item(context: Context, kept: list[Attachment], *, since: datetime, after: datetime | None) -> bool:
    """Files that follow 重开, 报办结, feedback or a problem belong to its item; those concerned get them."""
    last = (
        item_history.last_act_of(context.session, context.sender.id, since=since)
        if context.group is None
        else None
    )
    if last is None or (after is not None and last[1] < after):
        return False
    item = last[0]
    if ItemState(item.state) in ENDED or not item_parties.sees(context.directory, context.sender, item):
        return False
    item_files.add(context.desk, item, kept)
    context.say(FilesAttached(code=item.number, names=tuple(one.name for one in kept)))
    return True


def attach_to_entry(context: Context, entry: Entry, numbers: list[int]) -> None:
    """[附上]: the author's own waiting files become those of an entry."""
    found = queries.waiting_among(context.session, context.sender.id, numbers)
    names = tuple(one.name for one in found)
    operations.give(context.desk, found, Subject("entry", entry.id))
    code = context.directory.projects[entry.project_id].code
    if names:
        context.desk.record(
            Subject("project", entry.project_id), {"attachments": (None, "、".join(names))}, reason="补充附件"
        )
    context.say(FilesAttached(code=code, names=names or ("已附过",)))


def give(context: Context, files: list[Attachment], draft: Draft) -> None:
    """These files go with a draft."""
    operations.give(context.desk, files, Subject("draft", draft.id))


def digest_of(context: Context, file: Attachment) -> str:
    """The SHA-256 under which the content of a file lies."""
    return queries.digest_of(context.session, file)


def drop(context: Context, draft: Draft) -> None:
    """[去掉附件]"""
    operations.drop(context.desk, draft.id)
