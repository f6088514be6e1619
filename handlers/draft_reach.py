"""Whose drafts somebody may act on, and where they are spoken of (rules B5, B6, C2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from handlers.context import Context
from handlers.understanding import answers
from handlers.understanding.answers import Confirmation
from models.errors import NotAllowed
from models.queries import drafts as draft_queries
from models.queries import restricted
from models.queries.directory import PersonInfo
from models.tables.drafts import Draft


def within_reach(context: Context) -> list[Draft]:
    """The sender's open drafts, then those of everybody they stand in for now, but none of a restricted item (B8)."""
    found = draft_queries.open_of(context.session, context.sender.id)
    for principal in context.directory.standing_in_for(context.sender.id, context.now):
        found.extend(
            draft
            for draft in draft_queries.open_of(context.session, principal.id)
            if not restricted.is_draft(context.session, draft)
        )
    return found


def of_principal(context: Context, text: str) -> tuple[Confirmation, PersonInfo] | None:
    """「确认 李娜 1」 of a delegate who has a draft 1 of their own too (rule B6)."""
    if not text.startswith(("确认", "取消", "代")):
        return None
    for principal in context.directory.standing_in_for(context.sender.id, context.now):
        words, named = re.subn(
            rf"\s*代?\s*{re.escape(principal.name)}(?:的)?\s*(?:草稿)?\s*", " ", text, count=1
        )
        said = answers.parse_confirmation(words.strip()) if named else None
        if said is not None:
            return said, principal
    return None


def place_of(context: Context, about: list[Draft]) -> Context:
    """Where to speak of these drafts: in the group only of what was begun there, else in private (rule B5)."""
    if context.group is None or all(draft.group_id == context.group_id for draft in about):
        return context
    return replace(context, group=None)


def whose_right(
    context: Context, draft: Draft, able: Callable[[PersonInfo], bool], *, act: str, who: str
) -> PersonInfo:
    """With whose right a draft is confirmed now: its author's, or that of somebody the sender stands in for.

    What a delegate drafted for a principal ends with the delegation (rule B6). Raises NotAllowed saying who may.
    """
    author = context.directory.people[draft.author_id]
    for person in (author, *context.directory.standing_in_for(context.sender.id, context.now)):
        if any(able(there) for there in context.directory.houses(person)):
            return person
    raise NotAllowed(act, who=who)
