"""Where a name would stand in a clause: at its head, behind courtesies and days, before what is told of it."""

from __future__ import annotations

from handlers.understanding.clauses import Clause
from handlers.understanding.mentions.name_search import LONGEST_NAME, SHORTEST_NAME, Stretch
from handlers.understanding.phrases.names import NAME_END, NAME_LEAD


def head_of(plain: str, clause: Clause) -> Stretch:
    """The stretch at the head of the clause where a name would stand."""
    start = clause.start
    dates = {day.start: day.end for day in clause.dates}
    limit = min(clause.end, start + 3 * LONGEST_NAME)
    while start < limit:
        step = NAME_LEAD.end(plain, start, limit)
        if step == start and (step := dates.get(start, start)) == start:
            break
        start = step
    end = min(limit, start + LONGEST_NAME)
    for token in clause.money:
        if start < token.start < end:
            end = token.start
            break
    for begin in (*dates, *(one.start for one in clause.percents)):
        if start < begin < end:
            end = begin
    if stop := NAME_END.search(plain, start, end):
        end = stop.start()
    while end - start > SHORTEST_NAME and plain[end - 1] in "于在从自至由":
        end -= 1  # 「6080于11月…」
    return Stretch.of(plain, start, max(start, end))
