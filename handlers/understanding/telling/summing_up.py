"""What a message that was read through tells: a line for each project, the intents, what was left unread."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from handlers.understanding.figures.figure_bases import are_of_annual_plan, basis_of_all
from handlers.understanding.issues import IssueDraft, extent_of, issue_of, joined, parts_of, shared_out
from handlers.understanding.message import Draft, Message
from handlers.understanding.phrases.problems import URGENT
from handlers.understanding.phrases.talk import CATCH_UP, COMMITMENT, OBJECTION
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
from handlers.understanding.telling.telling_facts import ADVANCES

_NOBODY_AND_ONE = 2
_AT_ONCE = 2  # characters
# A fact that a request follows at once is what the request is about when something is wanting in it.
_WANTING = re.compile(
    r"[没未不仍缺欠差剩难慢堵卡压断停拖急坏坍塌淤争占违拒]|还(?!款|建)|只有|才(?!艺)|需要?|尚|急"
)
_MERE_STOP = re.compile(
    r"(?:项目|工程|现场|目前|现在|本[月周旬]|这个月|仍然?|还|一直|继续|依然|持续|处于|在|是|已经?|全面|又|都|\d|[月日号\s])*"
    r"(?:停工|停建|停摆|停着|停了|停止施工|暂停施工)(?:状态|阶段|中|着|了|至今|\s)*"
)
_MERE_DELAY = re.compile(
    r"(?:项目|工程|目前|现在|至今|一直|还|仍|尚|都|也)*+[没未]有?能?(?:开工|动工|进场|开建)(?:建设)?"
)
_OF_THE_PAPER = re.compile(r"^关于|^针对|收悉|收到|函|提示|说明|通知|交办|督办|反馈|回复|各位|领导")


def reading_of(message: Message) -> Reading:
    if message.feedback:
        _give_to_the_only_project(message)
    _ask_for_the_only_project(message)
    refs = tuple(dict.fromkeys(message.source.words(one.start, one.end) for one in message.references))
    lines = []
    if message.query:
        _forget_what_is_asked(message)
    objects = message.feedback and message.words.hold(OBJECTION)
    for draft in message.drafts:
        if objects:
            _forget_arguments(message, draft)
        line = line_of(message, draft)
        if not line.mention and refs:
            line = replace(line, item_refs=refs)
        if line.mention or _holds_something(line):
            lines.append(line)
        elif any(one.figures for one in message.drafts):
            # 「报两个：云白快速累计47000万，循环园累计9600万」: what is told of nobody is left unread.
            message.used = [one for one in message.used if one not in draft.facts]
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


def _forget_arguments(message: Message, draft: Draft) -> None:
    """「红灯我们有异议，土地指标是市里统筹的」: only what has been done tells progress."""
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
        parted = tuple(shared_out(issue, separate, problem, message.names.places))
        merely_asked = [one.summary for one in parted if one.summary not in issue.summary]
        issue = replace(issue, summary="；".join((issue.summary, *merely_asked)), parts=parted)
    if draft.figures or draft.percentages or draft.payment_rate is not None:
        # Beside a figure it tells no works; without any it is what the sender is asked about.
        draft.facts = [one for one in draft.facts if one not in draft.costs]
        message.used = [one for one in message.used if one not in draft.costs]  # its amount is left unread
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
    plain, first = message.plain, draft.problem.requests[0].start
    sentence, nothing_else = draft.problem.requests[0].sentence, not draft.problem.obstacles
    while draft.facts and 0 <= first - draft.facts[-1][1] <= _AT_ONCE:
        told = draft.facts[-1]
        # 「供电公司排到8月了，请管委会出面」: without an obstacle, what is asked for is about what stands before.
        why = (
            nothing_else
            and message.sentence_at(told[0]) == sentence
            and not ADVANCES.pattern.search(plain, *told)
        )
        if not why and (first != draft.problem.requests[0].start or not _WANTING.search(plain, *told)):
            break
        draft.facts.pop()
        draft.problem.obstacles = sorted([*draft.problem.obstacles, told])
        draft.problem.told += [one for one in message.clauses if one.start <= told[0] < one.end]
        first = told[0]


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
    commits = message.words.hold(COMMITMENT) or message.words.hold(CATCH_UP)
    promised = any(
        line.promised_by or (line.promises and commits and not (figures or dated)) for line in lines
    )
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
    if not found and (message.told_plan or any(line.promises for line in lines)):
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
