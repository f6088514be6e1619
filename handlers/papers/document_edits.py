"""「修改 限期改为 10月9日」: what words about a draft of a paper change (rule H2)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from handlers import document_access
from handlers.context import Context
from handlers.understanding.wanted import deadline_in
from models.errors import Invalid, NotUnderstood
from models.operations import dispatch_lists, documents, papers
from models.operations.desk import Desk
from models.queries import drafts as draft_queries
from models.queries import items as item_queries
from models.queries import outbox
from models.rules import calendar, letters
from models.tables.documents import Document
from models.types import DocumentKind, Recipient, RecipientKind

FARTHEST: Final = 180  # days ahead that a date without a year may lie
LOOKED_AT: Final = 60
KEPT: Final = timedelta(days=60)
EXAMPLES: Final = ("修改 限期改为 10月9日", "修改 第2段改为 …")
_BEGINS: Final = re.compile(
    r"^[/／]?\s*(?:请?修改|编辑|改稿|改一下)\s*(?:为|一下)?\s*[:：,，]?\s*(?P<rest>\S.*)$", re.DOTALL
)
_KINDS: Final = "|".join(kind.value for kind in DocumentKind)
_NAMED: Final = re.compile(
    rf"^(?P<kind>{_KINDS})?(?:草稿)?\s*(?P<name>县?[Ww]\d{{2,6}}|[A-Za-z]{{2}}\d{{3,6}})?(?:的)?\s*[:：,，]?\s*"
)
_DUE: Final = re.compile(
    r"^(?:把|将)?(?:反馈|回复|办理)?(?:限期|期限|时限|截止(?:时间|日期)?|时间)\s*"
    r"(?:改为|改成|改到|改至|调整为|调整到|延长到|延长至|推迟到|推迟至|提前到|定为|定在|为|至|到|[:：])?\s*(?P<day>.*(?:\d|[一二三四五六七八九十]|[今明后][天日]|周|月底|月末).*)$"
)
# 「督办函时间改到10月8号」, 「限期改到10月8号」: said of a letter without 修改.
_DUE_OF_LETTER: Final = re.compile(
    rf"^[把将]?(?:(?P<kind>{_KINDS})(?:草稿)?的?\s?|(?=(?:反馈|回复)?限期))"
    r"(?P<words>(?:反馈|回复|办理)?(?:限期|期限|时限|截止(?:时间|日期)?|时间)\s?(?=改|调整|延长|推迟|提前|定).*)$",
    re.DOTALL,
)
_COPIES: Final = re.compile(
    r"^抄送\s*(?:单位)?\s*(?:改为|改成|增加|加上|[:：])?\s*[:：]?\s*(?P<who>\S.*)$", re.DOTALL
)
_ISSUE: Final = re.compile(r"^(?:期号|期数)?\s*(?:改为|改成|[:：])?\s*第?\s*(?P<number>\d{1,4})\s*期$")
_FILLS: Final = re.compile(
    rf"(?:{'|'.join(sorted({name for one in papers.PAPERS.values() for name in one.fields}))})[\s:：,，]"
)
_YEAR: Final = re.compile(r"\d{4}|明年")
_ITEMS: Final = r"县?[Ww]\s?\d{1,6}(?:[\s、,，和]+县?[Ww]\s?\d{1,6})*+"
_LISTED: Final = re.compile(
    rf"(?:把|将)?\s?(?P<drop>去掉|删除|删去|删掉|移除|移出|去除)?(?P<add>加上|增加|补上|列入)?\s?(?P<numbers>{_ITEMS})"
    r"\s?(?P<drop2>去掉|删除|删去|删掉|移除|移出|不列|拿掉)?(?P<add2>加上|列入|也列上)?(?:吧|了)?[\s。.!！]*"
)


def meant(context: Context, text: str) -> tuple[Document, str] | None:
    """The draft and the change that a text begun with 修改 means; None when it is about something else."""
    begun = _BEGINS.match(text.strip())
    if begun is None:
        said = text.strip()
        return _filled_in(context, said) or _due_of_letter(context, said) or _of_list(context, said)
    words = begun["rest"]
    named = _NAMED.match(words)
    kind, name = (named["kind"], named["name"]) if named else (None, None)
    waiting = document_access.waiting(context)
    if kind or name:
        fitting = [
            one
            for one in waiting
            if kind in (None, one.kind)
            and (name is None or str(one.body.get("shown", "")).upper() == name.upper())
        ]
        if len(fitting) == 1 and named is not None:
            return fitting[0], words[named.end() :]
    document = _latest(context, waiting)
    if document is None:
        return None
    clear = _reads(document, words)
    if not clear and draft_queries.open_of(context.session, context.sender.id):
        return None  # an ordinary draft is open as well
    return document, words


def _due_of_letter(context: Context, text: str) -> tuple[Document, str] | None:
    """A new date for the letter of the kind that is named, else for the one seen last; None for other texts."""
    said = _DUE_OF_LETTER.match(text)
    if said is None:
        return None
    waiting = [one for one in document_access.waiting(context) if "due_at" in one.body]
    if said["kind"]:
        of_kind = [one for one in waiting if one.kind == said["kind"]]
        document = of_kind[0] if len(of_kind) == 1 else None
    else:
        document = _latest(context, waiting)
    return (document, said["words"]) if document is not None and _DUE.match(said["words"]) else None


def _filled_in(context: Context, text: str) -> tuple[Document, str] | None:
    """「地点 三楼会议室」 right after a card that says it is still to be filled in; None for any other text."""
    if not _FILLS.match(text):
        return None
    document = _latest(context, document_access.waiting(context))
    if document is None:
        return None
    wanted = papers.of(document).missing(document)
    return (document, text) if any(re.match(rf"{name}[\s:：,，]", text) for name in wanted) else None


def _latest(context: Context, waiting: list[Document]) -> Document | None:
    """The draft whose card the sender saw last, of those that still wait."""
    by_id = {one.id: one for one in waiting}
    if not by_id:
        return None
    recipient = Recipient(RecipientKind.PERSON, context.sender.id)
    shown = outbox.shown_to(context.session, recipient, since=context.now - KEPT, limit=LOOKED_AT)
    for actions in shown:
        for action in actions:
            document = by_id.get(int(action["args"].get("document", 0)))
            if document is not None and action["verb"] == "document.edit":
                return document
    mine = [one for one in waiting if one.for_person_id == context.sender.id]
    return mine[0] if len(mine) == 1 else None


def _of_list(context: Context, text: str) -> tuple[Document, str] | None:
    """「去掉W0192」 while the card of a 交办清单 is the last one seen; None for any other text."""
    if not _LISTED.fullmatch(text):
        return None
    document = _latest(context, document_access.waiting(context))
    return (document, text) if document is not None and document.kind == DocumentKind.LIST.value else None


def understands(context: Context, document: Document, text: str) -> bool:
    """Whether the words, with or without 修改 before them, change this draft."""
    del context
    return any(_reads(document, part) for part in _parts(document, text))


def apply(context: Context, desk: Desk, document: Document, text: str) -> None:
    """Change the draft. Raises NotUnderstood, Invalid; several changes may stand in one text, with ； between."""
    parts = _parts(document, text)
    for part in parts:
        if not _take(context, desk, document, part):
            raise NotUnderstood(part[:20], examples=EXAMPLES)
    papers.write(desk, document, context.papers.write)  # refuses what does not fit the text


def _parts(document: Document, text: str) -> list[str]:
    begun = _BEGINS.match(text.strip())
    words = (begun["rest"] if begun else text).strip()
    pieces = [piece.strip() for piece in re.split(r"[;；\n]+", words) if piece.strip()]
    return pieces if len(pieces) > 1 and all(_reads(document, piece) for piece in pieces) else [words]


def _reads(document: Document, words: str) -> bool:
    return (
        ("due_at" in document.body and _DUE.match(words) is not None)
        or _COPIES.match(words) is not None
        or _ISSUE.match(words) is not None
        or _listed(document, words) is not None
        or _field(document, words) is not None
        or letters.edit_in(words) is not None
    )


def _listed(document: Document, words: str) -> tuple[bool, tuple[str, ...]] | None:
    """Whether items are put on a 交办清单 or taken off it, and which; None where the words say neither."""
    found = _LISTED.fullmatch(words) if document.kind == DocumentKind.LIST.value else None
    if found is None:
        return None
    drop, add = found["drop"] or found["drop2"], found["add"] or found["add2"]
    if bool(drop) == bool(add):
        return None
    numbers = (item_queries.normal_number(one[0]) for one in item_queries.NUMBER.finditer(found["numbers"]))
    return bool(add), tuple(one for one in numbers if one is not None)


def _field(document: Document, words: str) -> tuple[str, str] | None:
    """典型做法 …: a part that the office writes itself."""
    for name in papers.of(document).fields:
        found = re.match(
            rf"^{name}\s*(?:改为|改成|填|[:：,，])?\s*[:：]?\s*(?P<text>\S.*)$", words, re.DOTALL
        )
        if found is not None:
            return name, found["text"].strip()
    return None


def _take(context: Context, desk: Desk, document: Document, words: str) -> bool:
    if "due_at" in document.body and (due := _DUE.match(words)) is not None:
        documents.change_body(desk, document, reply_by=_reply_by(context, due["day"]).isoformat())
        return True
    if (issue := _ISSUE.match(words)) is not None and document.kind == DocumentKind.BRIEF.value:
        documents.change_body(desk, document, issue=int(issue["number"]))
        return True
    if (listed := _listed(document, words)) is not None:
        dispatch_lists.change(desk, document, listed[1], adding=listed[0])
        return True
    if (field := _field(document, words)) is not None:
        fields = {**document.body.get("fields", {}), field[0]: field[1][: letters.LONGEST]}
        documents.change_body(desk, document, fields=fields)
        return True
    if (copies := _COPIES.match(words)) is not None:
        documents.change_body(desk, document, copies=copies["who"].strip(" 。")[:200])
        return True
    edit = letters.edit_in(words)
    if edit is None:
        return False
    documents.change_body(desk, document, edits=[*document.body.get("edits", ()), edit.to_json()])
    return True


def _reply_by(context: Context, words: str) -> datetime:
    """18:00 of the day that the words name (rule A2)."""
    today = context.desk.today
    day = deadline_in(words, today, context.directory.calendar)
    if day is None:
        raise Invalid(
            f"没看懂限期「{words[:20]}」", mend=f"例：修改 限期改为 {calendar.days_ahead(today, 7)}"
        )
    due = calendar.deadline(day)
    if due <= context.now or ((day - today).days > FARTHEST and _YEAR.search(words) is None):
        raise Invalid(f"限期 {day.month}月{day.day}日 已过", mend="请给一个将来的日期")
    return due
