"""A message becomes a Reading: text, names and a date go in, nothing else; nothing is stored or asked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate

from handlers.understanding.clauses import Clause
from handlers.understanding.correction_phrases import SAID_EARLIER
from handlers.understanding.dates import WorkCalendar
from handlers.understanding.figure_bases import are_of_annual_plan, basis_of_all
from handlers.understanding.figure_leads import lead_of
from handlers.understanding.figures_behind import BASES, takes_basis_behind
from handlers.understanding.headings import HEADS, take_heading
from handlers.understanding.issues import IssueDraft, extent_of, issue_of, joined, parts_of, shared_out
from handlers.understanding.message import Draft, Message
from handlers.understanding.money_phrases import GAP, NO_NEW_MONEY, SINCE_START
from handlers.understanding.names import Names
from handlers.understanding.phrases import either
from handlers.understanding.problem_phrases import URGENT
from handlers.understanding.reading import (
    Basis,
    Figure,
    Intent,
    Issue,
    Percentage,
    ProjectLine,
    Reading,
    Span,
)
from handlers.understanding.taking import take_numbers
from handlers.understanding.talk_phrases import FEEDBACK_HEAD
from handlers.understanding.telling import asks_for_figures, take_words
from handlers.understanding.telling_facts import ADVANCES
from handlers.understanding.telling_promises import take_commitment
from handlers.understanding.telling_states import take_start
from handlers.understanding.text import Source

_NOBODY_AND_ONE = 2
_TWO = 2
_ONE_OF_TWO = re.compile(r"[前后]者")  # 「前者匝道路基填了5层，后者铺设1.8公里」
_AT_ONCE = 2  # characters
# A fact that a request follows at once is what the request is about when something is wanting in it.
_WANTING = re.compile(
    r"[没未不仍缺欠差剩难慢堵卡压断停拖急坏坍塌淤争占违拒]|还(?!款|建)|只有|才(?!艺)|需要?|尚|急"
)
_OF_FIGURES = either(NO_NEW_MONEY, GAP) | HEADS | BASES
_WORKS_BY_NUMBER = re.compile(r"\d\s?(?:公里|千米|米|户|栋|座|套|根|片|层|亩|眼|台|处|个|平|方|吨)")
_GOES_ON = re.compile(r"[;；,，、 ]")
_MERE_STOP = re.compile(
    r"(?:项目|工程|现场|目前|现在|本[月周旬]|这个月|仍然?|还|一直|继续|依然|持续|处于|在|是|已经?|全面|又|都|\d|[月日号\s])*"
    r"(?:停工|停建|停摆|停着|停了|停止施工|暂停施工)(?:状态|阶段|中|着|了|至今|\s)*"
)
_MERE_DELAY = re.compile(
    r"(?:项目|工程|目前|现在|至今|一直|还|仍|尚|都|也)*+[没未]有?能?(?:开工|动工|进场|开建)(?:建设)?"
)
_AT_LATEST = re.compile(r"最[迟晚]|务必|争取|力争")
_LITTLE_MORE = 8  # characters
_WHOSE = re.compile(
    rf"(?:{SAID_EARLIER}|"
    r"(?:我们?|咱们?|俺们?|本)(?:[县区市局镇乡院]|这边|这儿|这里|这|那边|那)?的?|(?P<place>[\u4e00-\u9fff]{2,3})的(?:那个)?)[“《「\"']?$"
    r"|【(?P<sender>[\u4e00-\u9fff]{2,8})】\s?$"
)
_LOOK_BACK = 10  # characters
_OF_THE_PAPER = re.compile(r"^关于|^针对|收悉|收到|函|提示|说明|通知|交办|督办|反馈|回复|各位|领导")
_FORWARDED = re.compile(
    r"\s{0,9}(?:@\S{1,9}\s{1,9})?[【\[(]?(?:转发|转自|【转】|fw:|转[\u4e00-\u9fff]{0,8}(?:通知|消息|文件)\s?[:：]|转\s?[:：])"
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
    message = Message(Source.of(text), names, today, calendar=calendar, place=place, visible=visible)
    for clause in message.clauses:
        _read_clause(message, clause)
    return _reading(message)


def _read_clause(message: Message, clause: Clause) -> None:
    hits = message.hits.get(clause.number, [])
    if not (hits or message.two or clause.heads or _concerns_figures(clause)):
        _read_mere_words(message, clause)
        return
    if hits:
        message.context.annual_plan = False
        message.current = [message.draft_for(hit, clause) for hit in hits]
        message.remember_labels(clause)
        message.two = message.current if len(message.current) == _TWO else message.two
    if clause.opens and (clause.separator == "\n" or hits):
        message.in_request = message.in_request and not hits and _is_a_deadline_alone(clause)
        message.in_problem = False
    clause.label = message.label_of(clause)
    words = clause.words
    named = [(hit.start, hit.end) for hit in hits]
    if hits:
        named[0] = (_attribute_of(message, clause.start, hits[0].start), hits[0].end)
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
    if (clause.amounts or clause.percents) and asks_for_figures(words):
        message.query = True
        return
    numbers = take_numbers(message, clause, hits, named)
    if clause.dates and not clause.words.hold(FEEDBACK_HEAD):  # 「对6月黄灯有异议：」 dates no figure
        message.context.lead = lead_of(clause, (hits[0].start, hits[-1].end) if hits else None, message.today)
    context.after_works = not numbers and _WORKS_BY_NUMBER.search(clause.text) is not None
    context.after_gap = not clause.amounts and clause.words.hold(GAP)
    if numbers and message.feedback and clause.dates:
        take_commitment(message, clause, words)
    if numbers and clause.dates and words.hold(SINCE_START):
        take_start(message, clause, words)
    if numbers:
        message.used.extend((day.start, day.end) for day in clause.dates)
    elif not takes_basis_behind(message, clause, words) and not take_heading(message, clause, words):
        take_words(message, clause, words)


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


def _reading(message: Message) -> Reading:
    if message.feedback:
        _give_to_the_only_project(message)
    _ask_for_the_only_project(message)
    refs = tuple(dict.fromkeys(message.source.words(one.start, one.end) for one in message.references))
    lines = []
    if message.query:
        _forget_what_is_asked(message)
    for draft in message.drafts:
        line = line_of(message, draft)
        if not line.mention and refs:
            line = replace(line, item_refs=refs)
        if line.mention or _holds_something(line):
            lines.append(line)
    if (basis := basis_of_all(message.words)) is not None:
        lines = [
            replace(line, figures=tuple(_on_basis(one, basis) for one in line.figures)) for line in lines
        ]
    if are_of_annual_plan(message.words):
        lines = [replace(line, percentages=tuple(map(_of_annual_plan, line.percentages))) for line in lines]
    return Reading(
        intents_of(message, lines),
        tuple(lines),
        refs,
        message.unchanged,
        urgent=message.words.hold(URGENT),
        unread=tuple(unread_of(message)),
    )


def _forget_what_is_asked(message: Message) -> None:
    """「某项目的支付率现在是多少？我这边表丢了」: beside a question, only what tells progress is told."""
    for draft in message.drafts:
        if not (draft.figures or draft.percentages or draft.standing.state or draft.problem.obstacles):
            draft.facts = [one for one in draft.facts if ADVANCES.pattern.search(message.plain, *one)]


def _give_to_the_only_project(message: Message) -> None:
    """What an answer tells before it names its one project is told of that project; figures never move."""
    if len(message.drafts) != _NOBODY_AND_ONE or message.drafts[0].mention:
        return
    nobody, project = message.drafts
    told = [one for one in nobody.facts if not _OF_THE_PAPER.search(message.plain, *one)]
    project.facts = [*told, *project.facts]
    nobody.facts = []


def _ask_for_the_only_project(message: Message) -> None:
    """「请市住建局出面协调，保租房消防验收一直没过」: what is asked before the one project is named is for it."""
    if len(message.drafts) != _NOBODY_AND_ONE or message.drafts[0].mention:
        return
    nobody, project = (draft.problem for draft in message.drafts)
    if nobody.requests and not nobody.obstacles:
        project.requests = [*nobody.requests, *project.requests]
        project.told = [*nobody.told, *project.told]
        message.drafts[0].problem = IssueDraft()


def _holds_something(line: ProjectLine) -> bool:
    """Whether a line that names no project is worth having; talk alone is not."""
    told = line.image_progress and line.item_refs
    return bool(
        line.figures
        or line.percentages
        or line.funds
        or line.promises
        or line.issues
        or line.promised_by
        or told
    )


def _on_basis(figure: Figure, basis: Basis) -> Figure:
    return replace(figure, basis=basis) if figure.basis in {Basis.UNSAID, Basis.CUMULATIVE} else figure


def _of_annual_plan(percentage: Percentage) -> Percentage:
    return replace(percentage, of="annual_plan") if percentage.of == "unspecified" else percentage


def line_of(message: Message, draft: Draft) -> ProjectLine:
    issue = None
    problem, standing = draft.problem, draft.standing
    if problem.obstacles and not draft.figures and not draft.percentages and not message.feedback:
        _give_to_the_problem(message, draft)
    if problem.requests:
        _take_what_is_asked_about(message, draft)
    if standing.state == "not_started" and len(problem.obstacles) > 1:
        told = [one for one in problem.obstacles if not _MERE_DELAY.fullmatch(message.plain, *one)]
        problem.obstacles = told or problem.obstacles
    if standing.state == "suspended" and not problem.requests:
        problem.obstacles = _more_than_a_stop(message, problem.obstacles)
    if problem.obstacles or problem.requests:
        issue = _issue_of(message, problem)
    if issue and (parts := parts_of(problem)):
        found = ((_issue_of(message, one), message.source.words(*extent_of(one))) for one in parts)
        separate = [replace(one, said=said) for one, said in found if one]
        issue = replace(issue, parts=tuple(shared_out(issue, separate, problem, message.names.places)))
    dated = standing.expected_finish or standing.expected_start or standing.started_on or standing.finished_on
    counted = draft.figures or draft.percentages or draft.payment_rate is not None
    return ProjectLine(
        draft.mention,
        draft.match,
        project_id=draft.project_id,
        candidates=draft.candidates,
        number=draft.number,
        figures=tuple(draft.figures),
        percentages=tuple(draft.percentages),
        payment_rate=draft.payment_rate,
        funds=tuple(draft.funds.items()),
        image_progress=joined(message.source, draft.facts) or None,
        state=standing.state,
        started_on=standing.started_on,
        finished_on=standing.finished_on,
        phase=standing.phase,
        expected_start=standing.expected_start,
        expected_finish=standing.expected_finish,
        promised_by=draft.promised_by,
        promises=tuple(draft.promises),
        unchanged=draft.unchanged,
        correction=message.correction and bool(counted or dated),
        issues=(issue,) if issue else (),
        span=draft.span,
        as_of=draft.as_of or (None if draft.figures or draft.percentages else draft.paid_by),
    )


def _issue_of(message: Message, problem: IssueDraft) -> Issue | None:
    return issue_of(
        problem,
        message.source,
        names=message.names,
        today=message.today,
        calendar=message.calendar,
        named=[(hit.start, hit.end) for hits in message.hits.values() for hit in hits],
    )


def _more_than_a_stop(message: Message, told: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """「仍是停工状态」 alone is a state and no problem."""
    return [] if all(_MERE_STOP.fullmatch(message.plain, *one) for one in told) else told


def _take_what_is_asked_about(message: Message, draft: Draft) -> None:
    """「还有2户没签，请市里出面」: what is still to do becomes the problem when help is asked for it at once."""
    first = draft.problem.requests[0].start
    if (
        draft.facts
        and 0 <= first - draft.facts[-1][1] <= _AT_ONCE
        and _WANTING.search(message.plain, *draft.facts[-1])
    ):
        moved = draft.facts.pop()
        draft.problem.obstacles = sorted([*draft.problem.obstacles, moved])
        draft.problem.told += [one for one in message.clauses if one.start <= moved[0] < one.end]


def _give_to_the_problem(message: Message, draft: Draft) -> None:
    """Beside a problem and without figures, words that tell no progress describe the problem."""
    plain = message.plain
    told = [
        one
        for one in draft.facts
        if not (
            ADVANCES.pattern.search(plain, *one) or message.tells_no_problem_in(message.sentence_at(one[0]))
        )
    ]
    draft.facts = [one for one in draft.facts if one not in told]
    draft.problem.obstacles = sorted([*draft.problem.obstacles, *told])


def intents_of(message: Message, lines: Sequence[ProjectLine]) -> tuple[Intent, ...]:
    found: list[Intent] = []
    figures = any(line.figures or line.percentages or line.payment_rate is not None for line in lines)
    told = any(
        line.image_progress
        or line.state
        or line.expected_start
        or line.expected_finish
        or line.funds
        or line.unchanged
        for line in lines
    )
    dated = any(
        line.image_progress
        or line.started_on
        or line.finished_on
        or line.expected_start
        or line.expected_finish
        or line.funds
        for line in lines
    )
    promised = any(line.promised_by or (line.promises and not (figures or dated)) for line in lines)
    issues = any(line.issues for line in lines)
    if message.closing:
        found.append(Intent.CLOSE_REQUEST)
    elif message.feedback or promised:
        if message.query and not told and not figures and not promised:
            return (Intent.QUERY,)
        found.append(Intent.FEEDBACK)
    if figures or (not found and (dated or (told and not issues) or message.unchanged)):
        found.append(Intent.PROGRESS)
    if issues:
        found.append(Intent.ISSUE)
    if (message.query or message.verb.startswith("查")) and (not issues or figures):
        found.append(Intent.QUERY)
    if not found and message.told_plan:
        return (Intent.PROGRESS,)
    return tuple(found) or (Intent.SMALLTALK,)


def unread_of(message: Message) -> Iterator[Span]:
    """Amounts, percentages and days that no line took, in order."""
    used = sorted(message.used)
    ends = [*accumulate((end for _, end in used), max)]
    for clause in message.clauses:
        if not (clause.amounts or clause.percents or clause.dates):
            continue
        tokens = [
            *(
                (one.start, one.end)
                for one in clause.amounts
                if one.amount is None or one.unit or one.end - one.start > 2
            ),
            *((one.start, one.end) for one in clause.percents),
            *((one.start, one.end) for one in clause.dates if one.kind in {"day", "dayno", "within"}),
        ]
        for start, end in sorted(tokens):
            before = bisect_right(used, (start, len(message.plain))) - 1
            if before < 0 or ends[before] <= start:
                yield message.source.span(start, end)
