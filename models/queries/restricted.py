"""What is about a restricted item, and so for its named people alone: not for who stands in for them (rule B8)."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from models.tables.documents import Document
from models.tables.drafts import Draft
from models.tables.items import Item
from models.types import DraftKind, Subject

_OF_ITEMS: Final = frozenset(
    kind.value for kind in (DraftKind.PROBLEM, DraftKind.DISPATCH, DraftKind.FEEDBACK, DraftKind.CLOSING)
)


def item_of(session: Session, about: Subject | None) -> Item | None:
    """The restricted item that a record is, or is about; None where there is none."""
    number: int | None = None
    if about is not None and about.kind == "item":
        number = about.id
    elif about is not None and about.kind == "document":
        document = session.get(Document, about.id)
        number = document.subject_id if document is not None and document.subject_kind == "item" else None
    elif about is not None and about.kind == "draft":
        draft = session.get(Draft, about.id)
        number = _item_id(draft) if draft is not None else None
    item = session.get(Item, number) if number is not None else None
    return item if item is not None and item.restricted else None


def is_draft(session: Session, draft: Draft) -> bool:
    """Whether a draft is about a restricted item, or tells a problem that is to be one."""
    if draft.kind == DraftKind.PROBLEM.value and draft.body.get("restricted"):
        return True
    number = _item_id(draft)
    item = session.get(Item, number) if number is not None else None
    return item is not None and item.restricted


def concerns(session: Session, about: Subject | None) -> bool:
    """Whether a record is a restricted item, or is about one, or a draft of one."""
    if about is not None and about.kind == "draft":
        draft = session.get(Draft, about.id)
        return draft is not None and is_draft(session, draft)
    return item_of(session, about) is not None


def _item_id(draft: Draft) -> int | None:
    number = draft.body.get("item") if draft.kind in _OF_ITEMS else None
    return int(number) if number is not None else None
