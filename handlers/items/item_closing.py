"""报办结: what was done, with a 文号 or files (rules F8, F9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from handlers import asked_words, attachments, item_access
from handlers.asked_words import Answer
from handlers.context import Context
from models.errors import Invalid
from models.notices.item_assists import ClosingBlocked
from models.notices.item_closing import ClosingDropped, ClosingSubmitted, EvidenceWanted
from models.notices.ledger import StillWaiting
from models.operations import attachments as attachment_operations
from models.operations import drafts, item_assists, items, questions
from models.operations import item_closing as closing
from models.operations.desk import Desk
from models.queries import attachments as attachment_queries
from models.queries import drafts as draft_queries
from models.queries import item_history, item_parties
from models.queries import item_tasks as task_queries
from models.rules.items import ItemAct
from models.tables.drafts import Attachment, Draft, Question
from models.tables.items import Item
from models.types import DraftKind, DraftState, Subject

EVIDENCE: Final = "item.evidence"
LONGEST: Final = 2000
_REFERENCE: Final = re.compile(
    r"(?:文号|批文号|批复文号|许可证号|证号)\s*[:：为是]?\s*(?P<named>[^\s，,；;。]{2,40})"
    r"|(?P<written>[\u4e00-\u9fff]{1,12}[〔\[(（【]\d{4}[〕\])）】]\s*\d+\s*号)"
)
# 「批复云林审〔2026〕99号」: what it is said to be stands before whose it is.
_SAID_TO_BE: Final = re.compile(
    r"^.{0,10}(?:批复|批文|文件|文号|附件|依据|取得|拿到|下达|印发|收到)(?:文件|文号)?(?:了|是|为)?(?=[\u4e00-\u9fff]{2})"
)


def start(context: Context, item: Item, text: str) -> None:
    """Submit when there is evidence, else ask for it and keep what was said."""
    desk = item_access.desk_for(context, item, ItemAct.SUBMIT)
    said = text.strip()
    found = _REFERENCE.search(said)
    if context.message.files:
        attachments.keep(context)
    files = attachments.waiting(context)
    if not said or (found is None and not files):
        context.say(EvidenceWanted(items.facts(desk, item), words=not said, evidence=not files))
        questions.ask(
            desk,
            context.sender,
            kind=EVIDENCE,
            body={"item": item.id, "text": said},
            group_id=context.group_id,
        )
        return
    if task_queries.open_assists(context.session, item.id):
        _hold(context, desk, item, said, files)
        return
    attachment_operations.give(desk, files, items.subject(item))
    _submit(context, desk, item, said, files)


def _submit(context: Context, desk: Desk, item: Item, said: str, files: list[Attachment]) -> None:
    """Hand it in, with the 文号 that the words name and the files."""
    for held in draft_queries.closings_of(context.session, item.id):
        drafts.close(context.desk, held, DraftState.CANCELLED, reason="已报办结")
    found = _REFERENCE.search(said)
    reference = (found["named"] or _SAID_TO_BE.sub("", found["written"])) if found else ""
    extension_void = task_queries.extension_waiting(context.session, item.id) is not None
    late = closing.submit(
        desk, item, said, reference=reference, files=tuple((file.id, file.name) for file in files)
    )
    authors = item_history.closing_authors(desk.session, item.id)
    reviewers = item_parties.closing_reviewers(context.directory, item, authors, context.now)
    context.say(
        ClosingSubmitted(
            items.facts(desk, item),
            submitted_at=context.now,
            late=late,
            reviewer="、".join(one.label for one in reviewers) or "综合专班负责人",
            extension_void=extension_void,
        )
    )


def answer(context: Context, question: Question, text: str) -> bool:
    """文号 … or a file for a 办结 that had none, or what was done; False when the text is nothing of these."""
    before = str(question.body["text"])
    evidence = _REFERENCE.search(text) is not None or context.message.files or attachments.waiting(context)
    if before and not evidence:
        return False
    item = item_access.by_id(context, int(question.body["item"]))
    asked_words.close(context, question)
    start(context, item, f"{before}；{text.strip()}" if before else text)
    return True


def answered_by_files(context: Context, question: Question) -> bool:
    """The files that a 办结 waits for, without a word; False when none waits for any."""
    if question.kind != EVIDENCE:
        return False
    item = item_access.by_id(context, int(question.body["item"]))
    asked_words.close(context, question)
    start(context, item, str(question.body["text"]))
    return True


def still_waiting(context: Context, question: Question) -> bool:
    """Say that a text was of no use and that the 文号 or a file is still waited for (rules C4, F9)."""
    item = item_access.by_id(context, int(question.body["item"]))
    context.say(StillWaiting(code=item.number, what="文号或批复文件（不报了请回「取消」）"))
    return True


def drop(context: Context, question: Question) -> None:
    """「取消」 to the question for a 文号: the 办结 is not handed in."""
    item = item_access.by_id(context, int(question.body["item"]))
    asked_words.close(context, question)
    context.say(ClosingDropped(items.facts(context.desk, item)))


# --- while tasks of 协办 units are open (rule F11)


def _hold(context: Context, desk: Desk, item: Item, said: str, files: list[Attachment]) -> None:
    """Keep what was said as a draft; the 督办专员 is told what holds it up."""
    for old in draft_queries.closings_of(context.session, item.id):
        if old.author_id == context.sender.id:
            drafts.close(context.desk, old, DraftState.CANCELLED, reason="重新报办结")
    draft = drafts.open_draft(
        context.desk,
        context.sender,
        DraftKind.CLOSING,
        {"item": item.id, "text": said[:LONGEST]},
        group_id=context.group_id,
        source=context.message.message_id,
    )
    attachment_operations.give(desk, files, Subject("draft", draft.id))
    item_assists.hold(desk, item, draft)
    _say_blocked(context, item, draft)


def _say_blocked(context: Context, item: Item, draft: Draft) -> None:
    desk = context.desk
    supervisors = item_parties.reviewers(context.directory, item, author_ids=())
    context.say(
        ClosingBlocked(
            items.facts(desk, item),
            tuple(item_assists.line(desk, one) for one in task_queries.open_assists(desk.session, item.id)),
            "、".join(one.label for one in supervisors),
            draft.number,
            draft.expires_at,
        )
    )


def show(context: Context, draft: Draft) -> None:
    """A kept 办结: what holds it up, or that it can be submitted."""
    item = items.get(context.desk, int(draft.body["item"]))
    if task_queries.open_assists(context.session, item.id):
        _say_blocked(context, item, draft)
    else:
        context.say(item_assists.ready(context.desk, item, draft))


def edit(context: Context, draft: Draft, text: str) -> bool:
    if not text.strip():
        return False
    drafts.edit(context.desk, draft, {**draft.body, "text": text.strip()[:LONGEST]})
    show(context, draft)
    return True


def confirm(context: Context, draft: Draft) -> None:
    """[提交]"""
    item = item_access.by_id(context, int(draft.body["item"]))
    desk = item_access.desk_for(context, item, ItemAct.SUBMIT)
    if task_queries.open_assists(context.session, item.id):
        _say_blocked(context, item, draft)
        return
    files = attachment_queries.of(context.session, Subject("draft", draft.id))
    said = str(draft.body["text"])
    if _REFERENCE.search(said) is None and not files:
        raise Invalid(
            "请附批复文件或填写文号", mend=f"例：/办结 {item.number} 已批复 文号 云林审〔2026〕88号"
        )
    attachment_operations.hand_over(desk, draft.id, items.subject(item))
    drafts.close(context.desk, draft, DraftState.CONFIRMED)
    _submit(context, desk, item, said, files)


ANSWERS: Final[Mapping[str, Answer]] = {EVIDENCE: answer}
