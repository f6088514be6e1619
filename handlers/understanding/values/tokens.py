"""The numbers and dates of a text, none overlapping another: dates first, then percentages, then amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.understanding.phrases import Words
from handlers.understanding.text import Source
from handlers.understanding.values.dates import DateToken, date_tokens
from handlers.understanding.values.numbers import AmountToken, PercentToken, amount_tokens, percent_tokens


@dataclass(frozen=True, slots=True)
class Tokens:
    """Each kind in order."""

    amounts: Sequence[AmountToken]
    percents: Sequence[PercentToken]
    dates: Sequence[DateToken]

    def ranges(self) -> list[tuple[int, int]]:
        return sorted(
            [
                *((one.start, one.end) for one in self.amounts),
                *((one.start, one.end) for one in self.percents),
                *((one.start, one.end) for one in self.dates),
            ]
        )


def tokens_of(source: Source, words: Words, today: date) -> Tokens:
    """words: the plain text of source, what is no part of the message blanked out; nothing is found there."""
    body = words.text
    dates = list(date_tokens(body, today))
    percents = [one for one in percent_tokens(words) if body[one.start] != " "]
    taken = sorted([*((one.start, one.end) for one in dates), *((one.start, one.end) for one in percents)])
    free = iter([*taken, (len(body) + 1, len(body) + 1)])
    start, end = next(free)
    amounts = []
    for amount in amount_tokens(source):
        while end <= amount.start:
            start, end = next(free)
        if amount.end <= start and body[amount.start] != " ":
            amounts.append(amount)
    return Tokens(amounts, percents, dates)
