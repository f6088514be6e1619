"""「取消1，管网累计2100」, 「确认，灌区累计3400」: a word about a draft, and a report behind it (rules C2, C4)."""

from __future__ import annotations

import re
from typing import Final

from handlers.context import Context
from handlers.draft_reach import within_reach
from handlers.drafts import draft_confirmations, draft_kinds
from handlers.hearing import hear
from handlers.understanding.answers import AnswerKind, parse_confirmation
from models.types import DraftKind

_FIRST: Final = re.compile(
    r"\s*(?P<first>[^，,。；;！!\n]{2,20}?)\s*[，,。；;！!\n]\s*(?:另外|还有|再|然后|对了|同时|接着)?[，,：:\s]*(?P<rest>\S.{4,})$",
    re.DOTALL,
)
_WORDS: Final = frozenset(
    {AnswerKind.CONFIRM, AnswerKind.CONFIRM_ALL, AnswerKind.CONFIRM_CHECKED, AnswerKind.CANCEL}
)


def done(context: Context, text: str) -> bool:
    """Do the first and leave the rest to be handled next; False for any other text.

    A report on a project whose draft is open belongs to that draft: such a text is read as a whole.
    """
    said = _FIRST.match(text)
    first = parse_confirmation(said["first"].lstrip("/／")) if said is not None else None
    if said is None or first is None or first.kind not in _WORDS:
        return False
    drafts = within_reach(context)
    reported = {
        line.project_id
        for line in hear(context, said["rest"]).lines
        if line.project_id is not None and (line.figures or line.unchanged or line.issues or line.state)
    }
    drafted = {
        project
        for draft in drafts
        if draft.kind == DraftKind.REPORT.value
        for project in draft_kinds.waiting(draft).values()
    }
    if not drafts or not reported or reported & drafted:
        return False
    context.rest = said["rest"]
    draft_confirmations.by_word(context, first)
    return True
