"""「累计5000万，哦写错了，是5050万」: what an author puts right at once; the last is meant (rule C5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TypeVar

from handlers.understanding.phrases import Words, any_of
from handlers.understanding.phrases.corrections import INSTEAD, MISTOLD, REPORTED, WHEN, WHERE
from handlers.understanding.text import Source
from handlers.understanding.values.dates import DateToken
from handlers.understanding.values.numbers import AmountToken, PercentToken
from handlers.understanding.values.tokens import Tokens, tokens_of

_Token = TypeVar("_Token", AmountToken, PercentToken, DateToken)
_OH = r"[哦噢呃额啊哎唉]"
_JUST_NOW = r"(?:刚才?|刚刚|[上前]面|我){0,4}"
# A clause that says nothing else: 「…哦不是，」, 「打错了」, 「看串行了」.
SLIP = any_of(
    rf"{_OH}{{0,9}}(?:不是|不对|{_JUST_NOW}[说报]得?[早晚]了|{_JUST_NOW}{MISTOLD}了?(?:行|数|位|了)*|错了|口误|{_OH}不$|[看串抄填]{{1,4}}(?:串|错)?[行岔]了?)+{_OH}*了?"
)
_MARKS = r"[，,。;；:：…!！\s]"
# Between what was wrong and what is right. A mark or a sigh before it: 「5000万不对，应为5050万」 takes back a report.
_BETWEEN = re.compile(
    rf"(?:(?:{_MARKS}|{_OH}){{1,6}}(?:不是?(?={_MARKS})|(?:不对){{1,3}}|(?:错了){{1,2}}|口误|更正(?![为成])|{_JUST_NOW}{MISTOLD}[行数位]?)[了啊哈]{{0,3}}){{1,4}}{_MARKS}{{0,6}}"
    rf"(?:{INSTEAD}|是|为)?\s*"
    # In speech no mark is heard: 「3个亿不对是2.3亿」.
    r"|不对[啊哈]?是"
)
_ANOTHERS = re.compile(r"是[^,，。;；\d]{2,16}的(?=[,，。;；]|$)")
_SHOWS_SLIP = re.compile("[不错串误更岔]")  # one of them stands in each of the next
_MAY_SLIP = any_of(rf"不是|不对|错|串|口误|更正|{_OH}不|[看串抄填]岔")
_EARLIER = re.compile(
    rf"{WHEN}{WHERE}{{0,3}}{REPORTED}|[报填写]的|上次|之前的?是?(?=\d|累|报)|原来|原报|台账"
)


def slips_in(plain: str, tokens: Tokens) -> Iterator[tuple[int, int]]:
    """From where each number or day that is put right begins, to where the one that is meant begins."""
    found: list[AmountToken | PercentToken | DateToken] = [*tokens.amounts, *tokens.percents, *tokens.dates]
    found.sort(key=lambda one: one.start)
    earlier = _EARLIER.search(plain)
    told = earlier.end() if earlier else len(plain) + 1
    for wrong, right in pairwise(found):
        if (
            type(wrong) is type(right)
            and _BETWEEN.fullmatch(plain, wrong.end, right.start)
            and wrong.start < told
        ):
            yield wrong.start, right.start


def _given_to_another(plain: str, tokens: Tokens) -> Iterator[tuple[int, int]]:
    """「甲累计2.4亿……哦看错行了，2.4亿是乙的，甲是1.02亿」: from the amount to where it is given away."""
    for wrong, again in pairwise(tokens.amounts):
        if (
            wrong.amount is not None
            and again.amount is not None
            and wrong.amount.fen == again.amount.fen
            and (given := _ANOTHERS.match(plain, again.end))
            and _BETWEEN.fullmatch(plain, wrong.end, again.start)
        ):
            yield wrong.start, given.end()


def without_slips(words: Words, tokens: Tokens) -> tuple[str, Tokens]:
    """The text with blanks for what is put right. The token that is meant covers them, so that they cut nothing."""
    plain = words.text
    if not words.hold(_MAY_SLIP):
        return plain, tokens
    for start, end in _given_to_another(plain, tokens):
        plain = plain[:start] + " " * (end - start) + plain[end:]
        amounts = [one for one in tokens.amounts if not start <= one.start < end]
        tokens = Tokens(amounts, tokens.percents, tokens.dates)
    slips = [*slips_in(plain, tokens)]
    if not slips:
        return plain, tokens
    begins: dict[int, int] = {}
    kept = [*plain]
    for start, end in slips:
        kept[start + 1 : end] = " " * (end - start - 1)  # no blank begins a token
        begins[end] = begins.pop(start, start)  # 「4.83亿，不对4.39亿，看错行了，是4.93亿」
    wrong = {start for start, _ in slips}

    def meant(found: Sequence[_Token]) -> list[_Token]:
        return [
            replace(one, start=begins.get(one.start, one.start)) for one in found if one.start not in wrong
        ]

    return "".join(kept), Tokens(meant(tokens.amounts), meant(tokens.percents), meant(tokens.dates))


def put_right(text: str, today: date) -> str:
    """The text without what its author puts right, for those who show or answer it."""
    if _SHOWS_SLIP.search(text) is None:
        return text
    source = Source.of(text)
    if _MAY_SLIP.pattern.search(source.plain) is None:  # of one table: to look for all signs would cost more
        return text
    tokens = tokens_of(source, Words.of(source.plain), today)
    for start, end in reversed([*slips_in(source.plain, tokens)]):
        span = source.span(start, end)
        text = text[: span.start] + text[span.end :]
    return text
