"""Files that come after what was said about an item (rule C9)."""

from __future__ import annotations

from collections.abc import Sequence

from models.notices.items import ItemFiles
from models.operations import attachments, items
from models.operations.desk import Desk
from models.queries import item_parties
from models.tables.drafts import Attachment
from models.tables.items import Item


def add(desk: Desk, item: Item, files: Sequence[Attachment]) -> None:
    """The files belong to the item now; who handles and who supervises it get them."""
    attachments.give(desk, files, items.subject(item))
    names = tuple(one.name for one in files)
    desk.record(items.subject(item), {"attachments": (None, "、".join(names))}, reason="补充附件")
    found = (
        item_parties.responsible(desk.directory, item),
        item_parties.person(desk.directory, item.supervisor_id),
    )
    desk.notify(
        ItemFiles(items.facts(desk, item), desk.actor.label, names, tuple(one.id for one in files)),
        to=[one for one in found if one is not None and one.id != desk.actor.person_id],
        key=f"item {item.id} files {files[0].id if files else 0}",
        reason="补充附件",
        about=items.subject(item),
    )
