"""Words behind a figure that say which one it was: 「…应当是1680万元，系年内完成数」 (rule C5)."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.understanding.clauses import Clause
from handlers.understanding.figures.figure_bases import this_period
from handlers.understanding.figures.figure_words import NO_WORD
from handlers.understanding.message import Message
from handlers.understanding.phrases import Words, any_of, either
from handlers.understanding.phrases.money import A_PERIOD, FIGURE_FILLER, SINCE_START, YTD
from handlers.understanding.reading import Basis, Figure
from handlers.understanding.values.dates import as_period

_SAYS_OF_WHICH = any_of(
    r"(?:以上|上述|这个?|此|该|其)?(?:数字?|数据|金额|投资额?)?(?:系|是|为|属于?|指的?是?)"
    r"(?P<said>[^,，。;；]{2,16}?)(?:的?(?:投资|完成)*(?:数字?|数据|金额|口径|[额数])|的)"
)
# 「都是截止到7月15号的数」, 「以上数据截至8月底」 over the figures before it
_ALL_UP_TO = re.compile(
    r"\s*(?:以上|上述|上面|这些|数据|数字?|统计|口径|投资|完成|情况|三个|两个|[几四五六]个|都|均|全部?|皆)++(?:是|为|系)?截[至止](?:到|时间为?|日期为?)?"
)
_MERELY_FIGURES = re.compile(r"(?:的|为止|止)?(?:数[字据]?|口径|情况|统计数?)?\s*")
BASES = either(YTD, SINCE_START, A_PERIOD)


def takes_basis_behind(message: Message, clause: Clause, words: Words) -> bool:
    """Whether the clause only says which figure the one before it is; then that figure has this basis."""
    if clause.amounts or clause.percents or clause.opens or not words.bits & BASES:
        return False
    found = _SAYS_OF_WHICH.pattern.fullmatch(words.text.strip())
    if found is None or NO_WORD.sub("", FIGURE_FILLER.sub("", found["said"])):
        return False
    said = Words.of(found["said"])
    taken = False
    for draft in message.current:
        if draft.figures and draft.figures[-1].basis in {Basis.UNSAID, Basis.CUMULATIVE}:
            draft.figures[-1] = _as_said(draft.figures[-1], said, message)
            taken = True
    return taken


def takes_cut_off_behind(message: Message, clause: Clause) -> bool:
    """Whether the clause only says up to which day all the figures before it are; then they are."""
    if len(clause.dates) != 1 or clause.amounts or clause.percents or clause.heads:
        return False
    (day,) = clause.dates
    lead = _ALL_UP_TO.match(clause.text)
    if lead is None or lead.end() != day.start - clause.start:
        return False
    if not _MERELY_FIGURES.fullmatch(clause.text, day.end - clause.start):
        return False
    if any(one.money for one in message.clauses[clause.number + 1 :]):
        return False
    found = as_period(day, message.today)
    if found is None or found.first > message.today or not any(one.figures for one in message.drafts):
        return False
    cut = min(found.last, message.today)
    for draft in message.drafts:
        draft.figures = [one if one.as_of else replace(one, as_of=cut) for one in draft.figures]
        if draft.figures:
            draft.as_of = draft.as_of or cut
    message.used.append((day.start, day.end))
    return True


def _as_said(figure: Figure, said: Words, message: Message) -> Figure:
    if said.hold(SINCE_START):
        return replace(figure, basis=Basis.SINCE_START)
    if said.hold(YTD):
        return replace(figure, basis=Basis.YEAR_TO_DATE)
    if (period := said.find(A_PERIOD)) is not None and figure.basis is Basis.UNSAID:
        return replace(figure, basis=Basis.PERIOD, period=this_period(period[0], message.today))
    return figure
