"""Problems and requests: which clauses tell an obstacle, whom they ask, by when."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from handlers.understanding.clauses import Clause
from handlers.understanding.names.names import Names
from handlers.understanding.names.units import UnitMention, level_of
from handlers.understanding.phrases import Words
from handlers.understanding.phrases.problems import (
    MILD,
    NO_PROBLEM,
    NOT_OBSTACLE,
    OBSTACLE,
    PROBLEM_LABEL,
    REQUEST,
)
from handlers.understanding.phrases.talk import LEADING_TIME
from handlers.understanding.reading import Issue
from handlers.understanding.text import Source
from handlers.understanding.values.dates import WorkCalendar, as_deadline

_REQUEST_WORDS = re.compile(
    r"^(?:恳请|请求|得请|请|希望|建议|麻烦|需要|盼望?|望|最好|能不能|能否|可否|由|让|领导|帮忙|协调|一下|[能要得](?=把)|把|的|[\s,，:])++"
)
_REQUEST_OPENING = re.compile(r"恳请|请|希望|麻烦|建议|需要|能不能|对|把|将|就|给|帮忙|[\s,，:。]")
_MERELY_SAYS = re.compile(r"(?:那边)?(?:也|都)?(?:说|讲|表示|回复说?|答复说?)(?:是|得|要|就)?(?:得|要)?等")
_PASSES_ON = re.compile(
    r"(?:那边)?(?:也|都)?(?:说|讲|表示)(?:得|要|归|该|这是)+[^,，。;；]{0,5}(?:定|批|管|说了算)"
)
# 「能不能延到8月底」: a day that is asked for, and none by which somebody has to act.
_ASKED_TO_MOVE = re.compile(r"(?:延期?|延长|顺延|推迟|宽限|放宽)(?:到|至)$")
_BETWEEN_PIECES = re.compile(r"[\s,，、;；。:]{0,2}")


@dataclass(slots=True)
class IssueDraft:
    """Clauses of one project that belong to a problem, by part. Positions are plain."""

    obstacles: list[tuple[int, int]] = field(default_factory=list)
    requests: list[Clause] = field(default_factory=list)
    told: list[Clause] = field(default_factory=list)
    label: str = ""  # the heading over them: 「需县里协调」
    begins: list[tuple[int, bool]] = field(default_factory=list)  # where a further problem begins; listed?


@dataclass(slots=True)
class Said:
    """A clause with the two questions that most others depend on: does it ask for help, tell an obstacle?"""

    words: Words
    asked: bool
    obstacle: bool

    @classmethod
    def of(cls, words: Words) -> Said:
        """words: the clause without project names."""
        return cls(words, asks(words), tells_obstacle(words))


def is_problem_label(label: Words) -> bool:
    return label.hold(PROBLEM_LABEL) and not label.hold(NO_PROBLEM)


def tells_obstacle(words: Words) -> bool:
    """words: the clause without project names."""
    if not words.bits & OBSTACLE.bit:
        return False
    return words.hold(OBSTACLE) and not words.hold(NOT_OBSTACLE) and not words.hold(NO_PROBLEM)


def tells_hardship(words: Words) -> bool:
    """Only a general word (影响, 滞后, 困难): beside figures, without a request, it explains them."""
    if not tells_obstacle(words):
        return False
    strong = OBSTACLE.pattern.sub(lambda one: "" if MILD.pattern.fullmatch(one[0]) else one[0], words.text)
    return OBSTACLE.pattern.search(strong) is None


def asks(words: Words) -> bool:
    return words.hold(REQUEST) and not words.hold(NO_PROBLEM)


def asks_nothing(words: Words) -> bool:
    """Whether a request is only its own opening words."""
    return not _REQUEST_OPENING.sub("", words.text)


def issue_of(
    draft: IssueDraft,
    source: Source,
    *,
    names: Names,
    today: date,
    calendar: WorkCalendar,
    named: Sequence[tuple[int, int]] = (),
) -> Issue | None:
    """None when the clauses name neither an obstacle nor anything that is asked for.

    named: where projects are named; 「中深万豪银行贷款续不上」 names no bank of that name.
    """
    plain = source.plain
    summary = joined(source, draft.obstacles)
    if not summary:
        summary = _request_words(draft.requests, source, named)
    if not summary:
        return None
    asked = [unit for clause in draft.requests for unit in _units_in(clause, plain, names, named)]
    told = [
        unit
        for clause in draft.told
        for unit in _units_in(clause, plain, names, named)
        if not (_PASSES_ON if draft.requests else _MERELY_SAYS).match(plain, unit.end)
    ]
    units = _each_once([unit.name for unit in (*asked, *told)])
    request = " ".join(clause.text for clause in draft.requests)
    obstacle = " ".join((*(clause.text for clause in draft.told), draft.label))

    def written(found: Sequence[UnitMention]) -> list[str]:
        return [plain[one.start : one.end] for one in found]

    return Issue(
        summary,
        units,
        _needed_by(draft, today, calendar),
        level_of(request, obstacle, written(told), written(asked), names.places),
    )


def _each_once(units: Sequence[str]) -> tuple[str, ...]:
    """「交警队不批围挡，请县交警大队支持」: one body, by its longer name."""
    return tuple(
        one
        for one in dict.fromkeys(units)
        if not any(other != one and one.removesuffix("部门").removesuffix("队") in other for other in units)
    )


def _units_in(
    clause: Clause, plain: str, names: Names, named: Sequence[tuple[int, int]]
) -> list[UnitMention]:
    found = names.units.find(plain, clause.start, clause.end, names.places)
    return [unit for unit in found if not any(a <= unit.start < b < unit.end for a, b in named)]


def parts_of(draft: IssueDraft) -> list[IssueDraft]:
    """The separate problems of one project, empty when there is only one.

    A listed problem stands for itself; one that merely follows in a new sentence only with a request of its own.
    """
    found = [IssueDraft()]
    starts = list(draft.begins)
    for at, end, obstacle, request, told in sorted(
        [
            *((a, b, True, None, None) for a, b in draft.obstacles),
            *((one.start, one.end, False, one, None) for one in draft.requests),
            *((one.start, one.end, False, None, one) for one in draft.told),
        ],
        key=lambda one: (one[0], one[1]),
    ):
        while starts and starts[0][0] <= end - 1 and starts[0][0] <= max(at, starts[0][0]) < end:
            begin, listed = starts.pop(0)
            asked = any(
                one.start >= begin and (not starts or one.start < starts[0][0]) for one in draft.requests
            )
            if listed or asked:
                found.append(IssueDraft())
        part = found[-1]
        if obstacle:
            part.obstacles.append((at, end))
        if request is not None:
            part.requests.append(request)
        if told is not None:
            part.told.append(told)
    return found if len(found) > 1 else []


def shared_out(
    issue: Issue, parts: Sequence[Issue], draft: IssueDraft, places: Container[str]
) -> list[Issue]:
    """「请供电公司、教体局分别落实，10日前给方案」: each of the listed problems to its unit, in order."""
    request = next((one.text for one in draft.requests if "分别" in one.text), None)
    if request is None or len(issue.units) != len(parts):
        return [*parts]
    return [
        replace(one, units=(unit,), needed_by=issue.needed_by, level=level_of(unit, "", [], [unit], places))
        for one, unit in zip(parts, issue.units, strict=True)
    ]


def extent_of(draft: IssueDraft) -> tuple[int, int]:
    """From where to where a problem and its requests stand."""
    ranges = [*draft.obstacles, *((one.start, one.end) for one in (*draft.requests, *draft.told))]
    return min(start for start, _ in ranges), max(end for _, end in ranges)


def _request_words(requests: Sequence[Clause], source: Source, named: Sequence[tuple[int, int]]) -> str:
    ranges = []
    for clause in requests:
        start = _behind_the_asking(clause, named)
        if clause.end - start >= 3:
            ranges.append((start, clause.end))
    if not ranges and requests:
        ranges = [(requests[0].start, requests[0].end)]
    return joined(source, ranges)


def _behind_the_asking(clause: Clause, named: Sequence[tuple[int, int]]) -> int:
    """Where what is asked for begins, behind days, names and 「能不能把」."""
    ends = dict(named)
    for day in clause.dates:  # 「元旦前能不能把…」, but 「10月15日前完成」 is what is asked for
        if _REQUEST_WORDS.match(clause.text[day.end - clause.start :]):
            ends[day.start] = day.end
    start = clause.start
    while start < clause.end:
        head = _REQUEST_WORDS.match(clause.text[start - clause.start :])
        step = ends.get(start, start + head.end() if head else start)
        if step == start:
            break
        start = step
    return start


def _needed_by(draft: IssueDraft, today: date, calendar: WorkCalendar) -> date | None:
    for clause in draft.requests:
        for day in clause.dates:
            if day.kind == "year" or (day.kind == "feast" and not day.before):
                continue
            if _ASKED_TO_MOVE.search(clause.text, 0, day.start - clause.start):
                continue
            due = as_deadline(day, today, calendar)
            if due is not None and due >= today:
                return due
    return None


def joined(source: Source, ranges: Sequence[tuple[int, int]]) -> str:
    """The words of the ranges; neighbours with nothing but punctuation between them stay one piece."""
    pieces: list[tuple[int, int]] = []
    for start, end in ranges:
        if (
            pieces
            and start >= pieces[-1][1]
            and _BETWEEN_PIECES.fullmatch(source.plain, pieces[-1][1], start)
        ):
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return "；".join(
        words for start, end in pieces if (words := source.words(start, end).strip(" ,，。;；、:：!！"))
    )


def trimmed(plain: str, start: int, end: int, words: Words) -> tuple[int, int]:
    """A fact without the 目前, 现在, 但是 at its head. words: what it is part of."""
    while (
        words.bits & LEADING_TIME.bit
        and start < end
        and (lead := LEADING_TIME.pattern.match(plain[start:end]))
    ):
        if lead.end() == 0:
            break
        start += lead.end()
    while start < end and plain[start] in " ,，:、-”》」\"'>":
        start += 1
    return start, end


def after_problem_label(plain: str, start: int, end: int) -> int:
    """Where the problem itself begins after 「存在问题是」."""
    match = PROBLEM_LABEL.pattern.match(plain, start, end)
    return match.end() if match else start


__all__ = ["IssueDraft", "asks", "issue_of", "joined", "tells_obstacle", "trimmed"]
