"""报办结: what was done, with a 文号 or files (rules F8, F9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from handlers import attachments, item_access
from handlers.context import Context
from models.errors import Invalid
from models.notices.item_closing import ClosingSubmitted, EvidenceWanted
from models.operations import attachments as attachment_operations
from models.operations import item_closing as closing
from models.operations import items, questions
from models.queries import items as item_queries
from models.rules.items import ItemAct
from models.tables.drafts import Question
from models.tables.items import Item

EVIDENCE: Final = "item.evidence"
_REFERENCE: Final = re.compile(
    r"(?:文号|批文号|批复文号|许可证号|证号)\s*[:：为是]?\s*(?P<named>[^\s，,；;。]{2,40})"
    r"|(?P<written>[\u4e00-\u9fff]{1,12}[〔\[(（【]\d{4}[〕\])）】]\s*\d+\s*号)"
)


def start(context: Context, item: Item, text: str) -> None:
    """Submit when there is evidence, else ask for it and keep what was said."""
    desk = item_access.desk_for(context, item, ItemAct.SUBMIT)
    said = text.strip()
    if not said:
        raise Invalid("请写明办结情况", mend=f"例：/办结 {item.number} 已批复 文号 云林审〔2026〕88号")
    found = _REFERENCE.search(said)
    if context.message.files:
        attachments.keep(context)
    files = attachments.waiting(context)
    if found is None and not files:
        context.say(EvidenceWanted(items.facts(desk, item)))
        questions.ask(
            desk,
            context.sender,
            kind=EVIDENCE,
            body={"item": item.id, "text": said},
            group_id=context.group_id,
        )
        return
    reference = (found["named"] or found["written"]) if found else ""
    attachment_operations.give(desk, files, items.subject(item))
    late = closing.submit(
        desk, item, said, reference=reference, files=tuple((file.id, file.name) for file in files)
    )
    authors = item_queries.closing_authors(desk.session, item.id)
    reviewers = item_queries.reviewers(context.directory, item, author_ids=authors)
    context.say(
        ClosingSubmitted(
            items.facts(desk, item),
            submitted_at=context.now,
            late=late,
            reviewer="、".join(one.label for one in reviewers) or "综合专班负责人",
        )
    )


def answer(context: Context, question: Question, text: str) -> bool:
    """文号 … or a file for a 办结 that had none; False when the text is neither."""
    if _REFERENCE.search(text) is None and not attachments.waiting(context):
        return False
    item = item_access.by_id(context, int(question.body["item"]))
    questions.close(context.desk, context.sender, group_id=context.group_id)
    start(context, item, f"{question.body['text']}；{text.strip()}")
    return True


ANSWERS: Final[Mapping[str, Callable[[Context, Question, str], bool]]] = {EVIDENCE: answer}
