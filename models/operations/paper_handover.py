"""交接 of official papers: drafts go to the successor, what was issued keeps its names (rules B7, H2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from models.operations.desk import Desk
from models.queries import documents as queries
from models.queries.directory import PersonInfo, PostInfo
from models.tables.documents import Document
from models.types import DocumentKind, Role

WORKING: Final = frozenset({Role.HUB_HEAD, Role.LEDGER_ADMIN, Role.OFFICE_HEAD, Role.SUPERVISOR})


def move(
    desk: Desk, old: PersonInfo, new: PersonInfo, *, posts: Sequence[PostInfo], everything: bool
) -> list[str]:
    """Drafts that wait for the person or would go back to them; returns their names.

    They go over with every post that has to do with papers, or when no post is left. Receipts that are due belong to
    the unit and follow its posts by themselves.
    """
    roles = {post.role for post in posts}
    hub = desk.directory.hub(old.organisation_id)
    of_hub = hub is not None and any(post.task_force_id == hub.id for post in posts)
    moved = []
    for document in queries.waiting(desk.session, old.organisation_id):
        signing = desk.policy_of(document.organisation_id).signing
        working = WORKING.union(signing.of(DocumentKind(document.kind)))
        if not (everything or of_hub or roles & working):
            continue
        changes = _changes(document, old, new)
        if not changes:
            continue
        desk.record(queries.subject(document), changes, reason=f"交接 {old.label} → {new.label}")
        moved.append(f"{document.kind}草稿 {document.body.get('shown') or ''}".strip())
    desk.session.flush()
    return moved


def _changes(document: Document, old: PersonInfo, new: PersonInfo) -> dict[str, tuple[Any, Any]]:
    changes: dict[str, tuple[Any, Any]] = {}
    if document.for_person_id == old.id:
        document.for_person_id = new.id
        changes["for_person_id"] = (old.label, new.label)
    if document.author_id == old.id:
        document.author_id = new.id
        changes["author_id"] = (old.label, new.label)
    return changes
