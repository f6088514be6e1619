"""会议纪要 as a paper of its own, from what was entered of a meeting (rules H1–H5, M1)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from models.errors import Invalid
from models.operations import documents, letters
from models.operations.desk import Desk
from models.queries import documents as document_queries
from models.queries import minutes as queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.tables.coordination import Minutes, MinutesLine
from models.tables.documents import Document
from models.types import DocumentKind, DocumentState, Subject

FIELDS: Final = ("时间", "地点", "主持", "缘起", "出席")
WANTED: Final = ("地点", "主持", "出席")  # what the product cannot know
TO_FILL: Final = "（待填）"
_NUMERALS: Final = "一二三四五六七八九"
_DAY: Final = re.compile(r"^(?:\d{4}年)?(?P<month>1[0-2]|0?[1-9])月(?P<day>[12]\d|3[01]|0?[1-9])日")
_SAID: Final = re.compile(
    r"(?:^|(?<=[\n。；;]))\s*(?:会议)?(?P<name>时间|地点|主持|出席|参会)(?:人员|单位|人)?\s*[:：]\s*(?P<text>[^\n。；;]+)"
)


def subject(minutes: Minutes) -> Subject:
    return Subject("minutes", minutes.id)


def paper_of(desk: Desk, minutes: Minutes) -> Document | None:
    """The draft or the issued paper of a meeting; a voided or dropped one is none."""
    alive = (*documents.WAITING, DocumentState.ISSUED)
    found = document_queries.of_subject(desk.session, subject(minutes))
    return next((one for one in reversed(found) if DocumentState(one.state) in alive), None)


def draft(desk: Desk, minutes: Minutes, *, to: PersonInfo) -> Document:
    """The draft of a meeting's paper, or the one there is. Raises Invalid for a meeting that decided nothing."""
    known = paper_of(desk, minutes)
    if known is not None:
        return known
    if not queries.lines(desk.session, minutes.id):
        raise Invalid(f"《{minutes.title}》没有已确认的议定事项", mend="请先在纪要草稿上确认，再成文")
    return documents.draft(
        desk,
        DocumentKind.MINUTES,
        organisation_id=minutes.organisation_id,
        to=to,
        about=subject(minutes),
        body={"shown": minutes.title, "fields": _said(minutes.text)},
    )


def _said(text: str) -> dict[str, str]:
    """时间, 地点, 主持, 出席 as far as the pasted text names them."""
    found: dict[str, str] = {}
    for one in _SAID.finditer(unicodedata.normalize("NFC", text)):
        name = "出席" if one["name"] == "参会" else one["name"]
        found.setdefault(name, one["text"].strip(" ，,"))
    return found


def _minutes(desk: Desk, document: Document) -> Minutes:
    found = queries.by_id(desk.session, document.subject_id)
    assert found is not None
    return found


# --- what it says


def facts(desk: Desk, document: Document, serial: str) -> dict[str, Any]:
    minutes = _minutes(desk, document)
    fields = {name: str(text) for name, text in document.body.get("fields", {}).items()}
    title = minutes.title
    return {
        **letters.common(
            desk,
            document,
            serial=serial,
            title=title
            if title.endswith("纪要")
            else f"{title}{'纪要' if title.endswith('会') else '会议纪要'}",
            to="",
        ),
        "会议": _DAY.sub("", title).removesuffix("会议纪要").removesuffix("纪要").strip() or "会议",
        "时间": _day(minutes),
        "缘起": "",
        **dict.fromkeys(WANTED, TO_FILL),
        **{name: text.strip(" 。") for name, text in fields.items() if name in FIELDS},
        "议定": _decided(desk, minutes),
    }


def _day(minutes: Minutes) -> str:
    """2026年9月22日: the day in the meeting's name, else that on which it was entered."""
    here = calendar.local(minutes.at)
    said = _DAY.match(unicodedata.normalize("NFKC", minutes.title))
    if said is None:
        return letters.day_words(minutes.at)
    month = int(said["month"])
    year = here.year - 1 if month > here.month else here.year
    return f"{year}年{month}月{int(said['day'])}日"


def _decided(desk: Desk, minutes: Minutes) -> list[dict[str, str]]:
    """Each decision once, however many units carry it."""
    by_text: dict[str, list[MinutesLine]] = {}
    people: dict[str, list[str]] = {}
    for line, item in queries.lines(desk.session, minutes.id):
        by_text.setdefault(line.text, []).append(line)
        person = desk.directory.people.get(item.person_id or 0)
        people.setdefault(line.text, []).append(person.label if person else "")
    return [
        _row(desk, place, text, some, people[text])
        for place, (text, some) in enumerate(by_text.items(), start=1)
    ]


def _row(desk: Desk, place: int, text: str, some: list[MinutesLine], people: list[str]) -> dict[str, str]:
    units = [desk.directory.units[one.unit_id].name for one in some if one.unit_id is not None]
    due = next((one.due_at for one in some if one.due_at is not None), None)
    day = f"{calendar.local(due).month}月{calendar.local(due).day}日" if due is not None else ""
    plain = unicodedata.normalize("NFKC", text)
    unsaid = [
        "、".join(one for one in units if one not in plain),
        f"{day}前" if day and day not in plain else "",
    ]
    return {
        "序号": _numeral(place),
        "内容": text.strip().rstrip("。；;"),
        "责任单位": "、".join(units),
        "责任人": "、".join(dict.fromkeys(one for one in people if one)),
        "时限": day,
        "办理": "，".join(one for one in unsaid if one),
    }


def _numeral(number: int) -> str:
    """一, 十二, 二十; 1–99."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" if tens else ""
    return head + (_NUMERALS[ones - 1] if ones else "")


def units(desk: Desk, document: Document) -> tuple[int, ...]:
    """Whom the meeting gave something to do."""
    found = queries.lines(desk.session, document.subject_id or 0)
    return tuple(
        dict.fromkeys(unit for line, item in found if (unit := line.unit_id or item.unit_id) is not None)
    )


def missing(document: Document) -> tuple[str, ...]:
    fields = document.body.get("fields", {})
    return tuple(name for name in WANTED if not str(fields.get(name) or "").strip())
