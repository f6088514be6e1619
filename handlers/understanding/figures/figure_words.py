"""The words before a number: what is left of them when all that may stand around a figure is taken out."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.phrases.money import FIGURE_FILLER
from handlers.understanding.values.numbers import AmountToken

_BRACKETED = re.compile(r"【[^】]*】")
BETWEEN_NAMES = re.compile(r"(?<= )[和与及跟](?= )")  # names are blanked out
_AND = re.compile(r"^\s*[和与及跟]\s*$")  # 「600万和720万」
NO_WORD = re.compile(r"[^\u4e00-\u9fffa-z]+")


def without_names(plain: str, start: int, end: int, skip: list[tuple[int, int]]) -> str:
    if bracket := _BRACKETED.match(plain, start, end):
        start = bracket.end()
    for a, b in skip:
        if a < start < b:  # a name together with the brackets before it
            start = min(b, end)
        if start <= a < end:
            return plain[start:a] + " " + without_names(plain, min(b, end), end, skip)
    return plain[start:end]


def residue(said: str, clause: Clause, token: AmountToken) -> str:
    """The words before the amount that nothing accounts for."""
    for day in clause.dates:
        if day.end <= token.start:
            said = said.replace(clause.text[day.start - clause.start : day.end - clause.start], "")
    return NO_WORD.sub("", FIGURE_FILLER.sub("", date_free(BETWEEN_NAMES.sub(" ", _AND.sub("", said)))))


# What dates look like in a label; the clause's own are known exactly.
_DATES = re.compile(
    r"[上本]个?月[底末]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[-至到、](?:\d{1,2}|[一二三四五六七八九十]{1,3}))?月份?(?:底|末|初|[上中下]旬)?"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]|\d{4}年?|[第前头]?[一二三四]个?季度|[上下]半年|年底|月底"
)


def date_free(said: str) -> str:
    return _DATES.sub("", said)
