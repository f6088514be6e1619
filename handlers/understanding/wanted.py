"""What somebody wants done about a problem: who, what, by when (希望协调); pure."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import date

from handlers.understanding.text import Source, plain_form
from handlers.understanding.values.counted_days import deadline_at
from handlers.understanding.values.dates import DateToken, date_tokens
from models.rules.calendar import Calendar

_CLAUSE = re.compile(r"[,，;；。!！?？\n]+")
_ASKS = re.compile(
    r"^(?:还|也|特|现|并|想|得|就|只能|只好)*(?:请|恳请|恳求|希望|盼|建议|需要|需|麻烦|拜托|能否|可否|能不能|可不可以|要求|申请|提请|报请)"
)
_TO_DO = re.compile(
    r"牵头|协调|解决|办理|办结|办妥|完成|批复|审批|审查|核发|拨付|支持|配合|督促|推动|落实|明确|移交|交付|拆除|迁改|加快|出具|受理|答复"
)
_LEAD = re.compile(
    r"^(?:还|也|特|现|并|恳|烦|想|得|就|只能|只好)*(?:请求|请|恳求|希望|盼望|盼|麻烦|拜托|提请|报请)+"
)
_LEADS_ONLY = re.compile(r"^.{0,24}(?:牵头|配合|支持|负责|出面|协调|帮助|督促|协助|协调解决|给予支持)$")
_EMPTY = re.compile(
    r"(?:请|恳|求|希望|盼|建议|需要?|麻烦|拜托|能否|可否|要求|申请|提请|报请|还|也|特|现|并|各位|领导|市里|市级|上级|县里|有关部门|相关部门"
    r"|综合|专班|攻坚办|帮忙|帮助|帮着|给予|协助|协调|支持|解决|督促|推动|推进|尽快|及时|抓紧|一下|予以|为盼|关注|重视|处理|办理|的|了|吧|[\s。.!！])*"
)
_FIGURE = re.compile(r"累[计积](?:完成|投资|支付|\d)|完成投资|\d\s*[万亿]")  # what belongs to a report
_AFTER_DATE = re.compile(r"^(?:日|号)?(?:之前|以前|前|之内|以内|内|底前)?")
_BEFORE_DATE = re.compile(r"(?:请|于|在|最迟|最晚|不晚于|争取|力争|确保|务必){0,8}$")
# A deadline named by its period means the last workday of that period (rule A2).
_PERIODS = frozenset({"week", "month", "months", "year"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """text: the wish in its own words. by: the deadline it names. action: what is to be done."""

    text: str
    by: date | None
    action: str


def read_wanted(text: str, today: date, calendar: Calendar) -> Wanted:
    """The whole text as one wish."""
    words = _LEAD.sub("", text.strip(" \t\n。.!！")).strip()
    return Wanted(words, deadline_in(words, today, calendar), _action(words, today))


def wish_in(text: str) -> str | None:
    """The part of a message that asks for something particular; None for nothing more than 请协调."""
    clauses = [one.strip() for one in _CLAUSE.split(text) if one.strip()]
    begin = next((n for n, one in enumerate(clauses) if _ASKS.match(one)), None)
    if begin is None:
        return None
    asked = list(itertools.takewhile(lambda one: _FIGURE.search(one) is None, clauses[begin:]))
    wish = "，".join(asked)
    return None if _EMPTY.fullmatch(wish.replace("，", "")) else wish


def is_wish(text: str) -> bool:
    """Whether a short answer says who should do what: it asks, or names something to be done."""
    words = text.strip()
    return _ASKS.match(words) is not None or _TO_DO.search(words) is not None


def without_wish(text: str) -> str:
    """The message up to where it asks for something."""
    clauses = [one.strip() for one in _CLAUSE.split(text) if one.strip()]
    begin = next((n for n, one in enumerate(clauses) if _ASKS.match(one)), len(clauses))
    return "，".join(clauses[:begin] or clauses)


def deadline_in(text: str, today: date, calendar: Calendar) -> date | None:
    """The first deadline that a text names; a period means its last workday (rule A2)."""
    plain = plain_form(text)
    tokens = list(date_tokens(plain, today))
    for place, token in enumerate(tokens):
        day = deadline_at(tokens, place, plain, today, calendar)
        if day is not None:
            return calendar.workday_on_or_before(day) if _ends_a_period(token) else day
    return None


def _ends_a_period(token: DateToken) -> bool:
    return token.kind in _PERIODS


def _action(words: str, today: date) -> str:
    """完成消防设计审查 of 住建局牵头，10月15日前完成消防设计审查."""
    kept = [_without_date(one.strip(), today) for one in _CLAUSE.split(words) if one.strip()]
    asked = next((place for place, one in enumerate(kept) if _ASKS.match(one)), 0)
    said = [_LEAD.sub("", one) for one in kept[asked:] if one and not _LEADS_ONLY.match(one)]
    return "，".join(said)


def _without_date(clause: str, today: date) -> str:
    source = Source.of(clause)
    token = next(iter(date_tokens(source.plain, today)), None)
    if token is None:
        return clause
    begin = _BEFORE_DATE.search(source.plain[: token.start])
    after = _AFTER_DATE.match(source.plain[token.end :])
    start = begin.start() if begin else token.start
    end = token.end + (after.end() if after else 0)
    return (source.words(0, start) + source.words(end, len(source.plain))).strip(" ，,")
