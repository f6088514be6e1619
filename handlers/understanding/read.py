"""A message becomes a Reading: text, names and a date go in, nothing else; nothing is stored or asked."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date

from handlers.understanding.clauses import Clause
from handlers.understanding.figures.figure_leads import lead_of, lead_over_works, lead_since_start
from handlers.understanding.message import Draft, Message
from handlers.understanding.names.names import Names
from handlers.understanding.phrases import either
from handlers.understanding.phrases.corrections import SAID_EARLIER
from handlers.understanding.phrases.money import GAP, NO_NEW_MONEY, SINCE_START
from handlers.understanding.phrases.names import NAME_LEAD
from handlers.understanding.phrases.talk import FEEDBACK_HEAD
from handlers.understanding.reading import (
    Intent,
    Reading,
    Span,
)
from handlers.understanding.roundabout import straight
from handlers.understanding.telling.figures_behind import BASES, takes_basis_behind, takes_cut_off_behind
from handlers.understanding.telling.headings import HEADS, take_heading
from handlers.understanding.telling.summing_up import reading_of
from handlers.understanding.telling.taking import take_numbers
from handlers.understanding.telling.telling import asks_for_figures, take_words
from handlers.understanding.telling.telling_promises import take_commitment
from handlers.understanding.telling.telling_states import take_start
from handlers.understanding.text import Source
from handlers.understanding.values.dates import WorkCalendar

_TWO = 2
_ONE_OF_TWO = re.compile(r"[前后]者")  # 「前者匝道路基填了5层，后者铺设1.8公里」
_OF_FIGURES = either(NO_NEW_MONEY, GAP) | HEADS | BASES
_WORKS_BY_NUMBER = re.compile(r"\d\s?(?:公里|千米|米|户|栋|座|套|根|片|层|亩|眼|台|处|个|平|方|吨)")
_GOES_ON = re.compile(r"[;；,，、 ]")
_AT_LATEST = re.compile(r"最[迟晚]|务必|争取|力争")
_LITTLE_MORE = 8  # characters
_WHOSE = re.compile(
    rf"(?:{SAID_EARLIER}|"
    r"(?:我们?|咱们?|俺们?|本)(?:[县区市局镇乡院]|这边|这儿|这里|这|那边|那)?的?|(?P<place>[\u4e00-\u9fff]{2,3})(?:新(?:增|引进|落地|签约|上))?的(?:那个)?)[“《「\"']?$"
    r"|【(?P<sender>[\u4e00-\u9fff]{2,8})】\s?$"
)
_LOOK_BACK = 10  # characters
# 「喂我说一下」 before a name says nothing of the figure behind it, as 「更正」 or 「不是」 there would.
_GREETS = re.compile(
    r"(?:[喂嗯呃啊哎唉诶]|各位|大家|您|你|领导|老师|们|好|我|来|给|向|跟|(?:汇报|上报|报告|说|讲|报)(?:一?下)?|[\s,，])+"
)
# What among such words does: it tells that a figure was wrong, or whose it is, or when it was reported.
_LEADS_TO_MORE = re.compile(
    r"[更订]正|勘误|不是|核[减销]|移出|剔除|退出|其中|[之此先]前|上[次回周月旬期]|昨|前[天次期几]|停|要求|交办|部署|提到"
    r"|[查问看](?![了过的])|了解(?![了过])|[想帮求请让由]|知道|能不能|可否|希望|协调|申请|麻烦"
    r"|施工|业主|监理|总包|企业|[甲乙]方"  # whose figure it is
)
_FORWARDED = re.compile(
    r"\s{0,9}(?:@\S{1,9}\s{1,9})?[【\[(]?(?:转发|转自|【(?:会议|紧急|工作|开会)?通知】|【转】|fw:|转[\u4e00-\u9fff]{0,8}(?:通知|消息|文件)\s?[:：]|转\s?[:：])"
)


def read(
    text: str,
    names: Names,
    today: date,
    *,
    calendar: WorkCalendar,
    place: str | None = None,
    visible: Container[int] | None = None,
    quoted: tuple[Span, ...] = (),
) -> Reading:
    """What the author's own words say (rule C16: quoted spans, positions in text, are data and left out).

    place: the sender's county. visible: the projects the sender may see, None for all; no other project can
    appear in the result or influence it. Never raises; runs in time linear in the length of the text.
    """
    for span in quoted:
        text = text[: span.start] + "\n" * (span.end - span.start) + text[span.end :]
    if _FORWARDED.match(text):
        return Reading((Intent.SMALLTALK,))
    message = Message(
        straight(Source.of(text)), names, today, calendar=calendar, place=place, visible=visible
    )
    for clause in message.clauses:
        _read_clause(message, clause)
    return reading_of(message)


def _read_clause(message: Message, clause: Clause) -> None:
    hits = message.hits.get(clause.number, [])
    if not (hits or message.two or clause.heads or _concerns_figures(clause)):
        _read_mere_words(message, clause)
        return
    if hits:
        message.context.annual_plan = False
        message.current = [message.draft_for(hit, clause) for hit in hits]
        message.remember_labels(clause)
        message.two = _the_two(message)
    if clause.opens and (clause.separator == "\n" or hits):
        message.in_request = message.in_request and not hits and _is_a_deadline_alone(clause)
        message.in_problem = False
    clause.label = message.label_of(clause)
    words = clause.words
    named = [(hit.start, hit.end) for hit in hits]
    if hits:
        named[0] = (_lead_of(message, clause, hits[0].start), hits[0].end)
        clause.dates = [
            day for day in clause.dates if not any(a <= day.start and day.end <= b for a, b in named)
        ]
    if message.two and "者" in clause.text and (which := _ONE_OF_TWO.search(clause.text)):
        message.current = [message.two[which[0] == "后者"]]
        named.append((clause.start + which.start(), clause.start + which.end()))
    context = message.context
    context.after_works = context.after_works and not clause.opens
    for start, end in named:
        a, b = start - clause.start, end - clause.start
        words = words.part(words.text[:a] + " " * (b - a) + words.text[b:])
    if clause.opens and not _GOES_ON.match(clause.separator):
        message.context.lead = None
    if (clause.amounts or clause.percents) and (asks_for_figures(words) or _asks_back(message, clause)):
        message.query = True
        return
    numbers = take_numbers(message, clause, hits, named)
    if clause.dates and not clause.words.hold(FEEDBACK_HEAD):  # 「对6月黄灯有异议：」 dates no figure
        message.context.lead = lead_of(clause, (hits[0].start, hits[-1].end) if hits else None, message.today)
    elif (since := lead_since_start(clause, words.text)) is not None:
        context.lead = since
    message.after_obstacle = message.after_obstacle and not numbers
    context.after_works = not numbers and _WORKS_BY_NUMBER.search(clause.text) is not None
    if context.after_works and (lead := lead_over_works(clause, message.plain, context)):
        context.lead = lead
    context.after_gap = not clause.amounts and clause.words.hold(GAP)
    if numbers and message.feedback and clause.dates:
        take_commitment(message, clause, words)
    if numbers and clause.dates and words.hold(SINCE_START):
        take_start(message, clause, words)
    if numbers:
        message.used.extend((day.start, day.end) for day in clause.dates)
    elif not (
        takes_basis_behind(message, clause, words)
        or takes_cut_off_behind(message, clause)
        or take_heading(message, clause, words)
    ):
        take_words(message, clause, words)


def _the_two(message: Message) -> list[Draft]:
    """Of whom 前者 and 后者 speak: named last in one clause, or the only two of the message."""
    if len(message.current) == _TWO:
        return message.current
    named = [draft for draft in message.drafts if draft.mention]
    if len(named) == _TWO:
        return named
    return (
        []
        if message.two and len(message.current) == 1 and message.current[0] not in message.two
        else message.two
    )


def _asks_back(message: Message, clause: Clause) -> bool:
    """「8月投资600万？」: whether the number itself is asked about."""
    if not message.plain.startswith("?", clause.end):
        return False
    return any(one.end == clause.end for one in clause.money) or any(
        one.end == clause.end for one in clause.percents
    )


def _concerns_figures(clause: Clause) -> bool:
    """Whether a clause without a name may say something of a figure, here or around it."""
    return bool(clause.amounts or clause.percents or clause.dates or clause.words.bits & _OF_FIGURES)


def _read_mere_words(message: Message, clause: Clause) -> None:
    """No name, number or day, nor what goes with them: most clauses of a long report."""
    context = message.context
    if clause.opens:
        if clause.separator == "\n":
            message.in_request = message.in_problem = False
        if not _GOES_ON.match(clause.separator):
            context.lead = None
    context.after_works = context.after_gap = False
    clause.label = message.label_of(clause)
    take_words(message, clause, clause.words)


def _lead_of(message: Message, clause: Clause, name: int) -> int:
    """Where a name begins together with what merely leads to it: 「我说一下」, 「报一下我县的」."""
    start = _attribute_of(message, clause.start, name)
    if start == clause.start or any(day.start < start for day in clause.dates):
        return start
    if _GREETS.fullmatch(message.plain, clause.start, start):
        return clause.start
    if _LEADS_TO_MORE.search(message.plain, clause.start, start):
        return start
    leads = (NAME_LEAD.end(message.plain, clause.start, end) for end in (start, clause.end))
    return clause.start if start in leads else start


def _attribute_of(message: Message, start: int, name: int) -> int:
    """Where a name begins together with what only says whose it is: 「我县」, 「凤泉的」, 「【凤泉区】」."""
    found = _WHOSE.search(message.plain, max(start, name - _LOOK_BACK), name) if name > start else None
    if found is None:
        return name
    place = found["place"] or found["sender"]
    return name if place and place not in message.names.places else found.start()


def _is_a_deadline_alone(clause: Clause) -> bool:
    """A line that only says by when what the line before asks for is wanted."""
    return (
        clause.item is None
        and not (clause.heads or clause.label.text or clause.amounts)
        and any(
            day.before or day.kind in {"within", "weekday", "relative"} or _AT_LATEST.match(clause.text)
            for day in clause.dates
        )
        and len(clause.text) - sum(day.end - day.start for day in clause.dates) <= _LITTLE_MORE
    )
