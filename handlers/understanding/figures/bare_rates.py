"""Bare numbers that are percentages: 「完成率65」, and those under 「完成率(%)」."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.understanding.clauses import Clause
from handlers.understanding.figures.figure_context import Context
from handlers.understanding.phrases.corrections import INSTEAD
from handlers.understanding.values.numbers import AmountToken, PercentToken

_FEN_PER_BASIS_POINT = 10_000  # a bare 71.7 was read as 71.7 万元
_MOST = 200 * 100 * _FEN_PER_BASIS_POINT
_SAID_IN_PERCENT = re.compile(
    r"(?:(?:完成率|支付率|完成比例|总进度|整体进度|总体进度|形象进度|占比)[是为到达约近\s:]{0,3}|(?:率|进度)[写报填打录]成)$"
)
_IS_RATHER = re.compile(rf"\s*(?:实际上?|其实|正确的?)*(?:{INSTEAD}|[是为])?[约近]?\s*")
_NOTHING_BEHIND = re.compile(r"了?\s*(?:[,，。;；、)|\n!]|$)|\s(?=[\u4e00-\u9fff])")


def as_percentages(tokens: Sequence[AmountToken]) -> list[PercentToken]:
    """Bare numbers under 「完成率(%)」: 71.7 is 71.7 %, not 71.7 万元."""
    return [
        PercentToken(one.start, one.end, one.amount.fen // _FEN_PER_BASIS_POINT)
        for one in tokens
        if one.amount is not None and not one.unit and one.amount.fen <= _MOST
    ]


def is_a_rate(plain: str, clause: Clause, token: AmountToken, context: Context) -> bool:
    """「完成率65」: a bare number right behind a word that is always said in percent."""
    instead = context.wrong_rate == clause.sentence and _IS_RATHER.fullmatch(plain, clause.start, token.start)
    return (
        instead or _SAID_IN_PERCENT.search(plain, max(clause.start, token.start - 8), token.start)
    ) is not None and _NOTHING_BEHIND.match(plain, token.end) is not None
