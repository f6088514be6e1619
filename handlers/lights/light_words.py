"""What commands and buttons about lights say: 稍后, 调灯, a wish for another light (rules E11, E14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from handlers.understanding.phrases import somewhere
from handlers.understanding.values.dates import WorkCalendar, parse_deadline
from handlers.understanding.values.numbers import count_in
from models.rules.calendar import Calendar
from models.types import Light

_CODE: Final = re.compile(
    r"^[\s:：,，]*([A-Za-zＡ-Ｚａ-ｚ]{1,8}[-_]?[0-9０-９]{2,10})(?![0-9０-９])[\s:：,，]*"
)
_WORKDAYS: Final = re.compile(
    r"(?<![月/.-])(?<!\d)([0-9０-９]{1,3}|[一二两三四五六七八九十]{1,2})\s*个?\s*(?:工作日|天|日)"
    r"|^\s*([0-9０-９]|[一二两三])(?=[\s,，;；。]|原因|$)"
)
_SNOOZED_TO: Final = re.compile(
    r"(?:至|到|等到|推到)\s*(?P<day>(?:[0-9０-９]{4}[-年/])?[0-9０-９]{1,2}[-月/.][0-9０-９]{1,2}[日号]?)"
)
_REASON: Final = re.compile(r"(?:原因|理由|因为|由于)(?:是|为)?[:：\s]*(?P<reason>.+)$", re.DOTALL)
_WORDS: Final = re.compile(r"[一-鿿]{4}")
_COLOUR: Final = re.compile(r"(?:调(?:为|成|到)?|改(?:为|成)?)?\s*([红黄绿])灯?")
_UNTIL: Final = re.compile(
    r"(?:至|到|截止到?|截至)\s*(?:到\s*)?(?P<day>[0-9０-９]{4}\s*[-/.年]\s*[0-9０-９]{1,2}\s*[-/.月]\s*[0-9０-９]{1,2}日?|[^,，;；\s]+)"
)
_BARE_DAY: Final = re.compile(
    r"(?P<day>(?:20[0-9]{2}\s?[-/.年]\s?)?(?<![0-9])[0-9]{1,2}[-/月][0-9]{1,2}(?![0-9])日?)(?!\s?[〕\]】)）]|\s?天)"
)
_POINTED: Final = re.compile(r"^([0-9]{1,2})\.([0-9]{1,2})$")  # 10.20
# What was missing comes behind the reason when it is asked for (rule C4).
_ADDED_DAY: Final = re.compile(
    r"(?<![\s,，;；])[\s,，;；]++(?:至|到)\s*(?:到\s*)?(?P<day>[0-9０-９][^,，;；\s]*)[\s。]*$"
)
_ADDED_COLOUR: Final = re.compile(r"(?<![\s,，;；])[\s,，;；]++调?成?([红黄绿])灯?[\s。]*$")
_FOR_DAYS: Final = re.compile(r"(?<![0-9０-９月/-])(?P<days>[0-9０-９]{1,3})\s*天(?![前以])")
_DOCUMENT: Final = re.compile(
    r"(?<![\u4e00-\u9fffA-Za-z])[\u4e00-\u9fffA-Za-z]*+\s*[〔\[【(（]\s*20\d\d\s*[〕\]】)）]\s*第?\s*\d+\s*号"
)
_WISH: Final = somewhere(
    r"(?:暂缓|暂不|缓|免|延缓|推迟|取消|不要|别)\s*亮\s*[红黄]?灯|调灯"
    r"|(?:申请|请|恳请|建议|希望).{0,12}(?:调整?|取消|撤销|消除|熄)[^,，。]{0,4}(?:亮灯|红灯|黄灯)"
    r"|[红黄]灯.{0,10}(?:申请|请求|能否|可否).{0,6}(?:调|改|转)(?:为|成)?绿"
    r"|(?:把|将|给|请|想|能否|申请|建议)[^，,。]{0,24}(?:调|改|变|设|换)(?:成|为|到|回)[红黄绿]灯(?!了)"
    r"|(?<![空协])调(?:整?[为成到])?绿(?:灯)?(?![色化植地美])|(?<![空协])调整?[为成到][红黄]灯"
)

# 「…；ZX0032 管材没到」: of the next project
_NEXT_PROJECT: Final = re.compile(r"[;；。\n]\s*(?P<code>[A-Za-z]{2}[0-9]{4})(?![0-9])[\s:：,，]*(?=\S)")
_BETWEEN: Final = " \u3000\n;；。"
# 「黄灯反馈：…」 in front of what the feedback says.
_TITLE: Final = re.compile(r"^[\s:：,，]*(?:的?[红黄]灯)?(?:的)?反馈(?:如下|内容)?\s*[:：,，\s]\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class AdjustmentWords:
    """/调灯 SG0012 绿 至 2026-11-06 原因 …: None for what was not said."""

    light: Light | None
    until: date | None
    reason: str
    document: str


def without_title(text: str) -> str:
    """What a feedback says, without the words that call it one."""
    return _TITLE.sub("", text)


def by_project(text: str) -> list[tuple[str, str]]:
    """「设备晚到；ZX0032 管材没到」: the words of the first project, then those of each code."""
    heads = list(_NEXT_PROJECT.finditer(text))
    ends = [*(found.start() for found in heads), len(text)]
    first = [("", text[: ends[0]].strip(_BETWEEN))]
    return first + [
        (found["code"].upper(), text[found.end() : end].strip(_BETWEEN))
        for found, end in zip(heads, ends[1:], strict=True)
    ]


def split_code(text: str) -> tuple[str, str]:
    """A code or number at the head of the arguments, and the rest; the first word without one."""
    found = _CODE.match(text)
    if found is not None:
        return found[1], text[found.end() :].strip()
    word, _, rest = text.strip().partition(" ")
    return word, rest.strip()


def snooze_words(text: str, today: date, calendar: Calendar) -> tuple[int | None, str]:
    """So many workdays, or those until a day (「到10月8日」), and the reason."""
    until = _SNOOZED_TO.search(text)
    day = parse_deadline(until["day"], today, calendar) if until is not None else None
    if until is not None and day is not None:
        reason = _reason(f"{text[: until.start()]} {text[until.end() :]}")
        return calendar.workdays_between(today, day), reason
    found = _WORKDAYS.search(text)
    if found is None:
        return None, _reason(text)
    return count_in(found[1] or found[2]), _reason(f"{text[: found.start()]} {text[found.end() :]}")


def adjustment_words(text: str, today: date, calendar: WorkCalendar) -> AdjustmentWords:
    """What /调灯 says after the project."""
    reason = _REASON.search(text)
    head = text[: reason.start()] if reason else text
    why = reason["reason"] if reason else ""
    until = _UNTIL.search(head)
    if until is None and (until := _ADDED_DAY.search(why)) is not None:
        why = why[: until.start()]
    if until is None:
        until = _BARE_DAY.search(head)  # 「绿 2026-11-06」
    colour = _COLOUR.search(head)
    if colour is None and (colour := _ADDED_COLOUR.search(why)) is not None:
        why = why[: colour.start()]
    document = _DOCUMENT.search(text)
    plain = head[until.end() :].strip(" \u3000:：,，;；。") if until is not None and reason is None else ""
    if _WORDS.search(plain.replace(document[0], "") if document else plain) is None:
        plain = ""  # a document's number alone gives no reason
    return AdjustmentWords(
        light=Light(colour[1]) if colour else None,
        until=parse_deadline(
            _POINTED.sub(r"\1月\2日", re.sub(r"\s", "", until["day"])), today, calendar=calendar
        )
        if until
        else _after_days(head, today),
        reason=why.strip() if reason else plain,
        document=document[0].strip() if document else "",
    )


def _after_days(head: str, today: date) -> date | None:
    """「10天」: so many calendar days from today (rule E14)."""
    said = _FOR_DAYS.search(head)
    return today + timedelta(days=int(said["days"])) if said is not None else None


def wants_adjustment(text: str) -> bool:
    """Whether somebody asks in words for another light than the computed one."""
    return _WISH.search(text) is not None


def _reason(text: str) -> str:
    found = _REASON.search(text)
    return (found["reason"] if found else text).strip(" ,，;；。:：\n")
