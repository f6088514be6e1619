"""Words behind a figure that say which one it was: 「…应当是1680万元，系年内完成数」 (rule C5)."""

from __future__ import annotations

from dataclasses import replace

from handlers.understanding.clauses import Clause
from handlers.understanding.figure_bases import this_period
from handlers.understanding.figure_words import NO_WORD
from handlers.understanding.message import Message
from handlers.understanding.money_phrases import A_PERIOD, FIGURE_FILLER, SINCE_START, YTD
from handlers.understanding.phrases import Words, any_of, either
from handlers.understanding.reading import Basis, Figure

_SAYS_OF_WHICH = any_of(
    r"(?:以上|上述|这个?|此|该|其)?(?:数字?|数据|金额|投资额?)?(?:系|是|为|属于?|指的?是?)"
    r"(?P<said>[^,，。;；]{2,16}?)(?:的?(?:投资|完成)*(?:数字?|数据|金额|口径|[额数])|的)"
)
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


def _as_said(figure: Figure, said: Words, message: Message) -> Figure:
    if said.hold(SINCE_START):
        return replace(figure, basis=Basis.SINCE_START)
    if said.hold(YTD):
        return replace(figure, basis=Basis.YEAR_TO_DATE)
    if (period := said.find(A_PERIOD)) is not None and figure.basis is Basis.UNSAID:
        return replace(figure, basis=Basis.PERIOD, period=this_period(period[0], message.today))
    return figure
