"""What one message says, typed: the contract between the parser and everything that acts on a message.

A reading holds only what stands in the text. It decides nothing about the ledger: whether a figure is
plausible, whose light turns, what is asked next, is the business of rules and operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Intent(StrEnum):
    """The parts a message may have; the values are those of the data contract."""

    PROGRESS = "progress"
    ISSUE = "issue"
    FEEDBACK = "feedback"
    CLOSE_REQUEST = "close_request"
    QUERY = "query"
    SMALLTALK = "smalltalk"


class Basis(StrEnum):
    """Which of the three investment figures the words name (rule C5)."""

    SINCE_START = "since_start"  # 开工以来
    YEAR_TO_DATE = "year_to_date"  # 今年, 年累, 1—N月
    PERIOD = "period"  # 本月完成, 本旬, 本周
    CUMULATIVE = "cumulative"  # a bare 累计: the project's basis decides
    UNSAID = "unsaid"  # neither 累计 nor a period: ask, never guess


class Match(StrEnum):
    UNIQUE = "unique"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character range of the original text and the words in it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Period:
    """A named stretch of time, e.g. 本月, 8月份, 上半月. Both ends inclusive."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Amount:
    """Money exactly as said. fen: integer 分. unit_said: False when 万元 was assumed for a bare number."""

    fen: int
    unit_said: bool
    approximate: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Figure:
    """One investment figure. period: for Basis.PERIOD; as_of: only when the text names a cut-off date.

    instead_of: the amount that the author takes back for it (不是5200，是5300).
    """

    amount: Amount
    basis: Basis
    period: Period | None = None
    as_of: date | None = None
    instead_of: Amount | None = None


@dataclass(frozen=True, slots=True)
class Percentage:
    """basis_points: 1/100 of a percent. of: annual_plan, total_invest, works, unspecified."""

    basis_points: int
    of: str
    span: Span


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure or catching-up promised for a date (E9 checkpoints). fen is year-to-date, None for 追平."""

    due: date
    fen: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Issue:
    """An obstacle or a request for help. level: county, city_office, vice_mayor, city_gov, province."""

    summary: str
    units: tuple[str, ...] = ()
    needed_by: date | None = None
    level: str | None = None
    parts: tuple[Issue, ...] = ()  # two or more when the text lists separate problems, each with its request
    said: str = ""  # of a part: its problem and request as written


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """What the text says of one project.

    project_id: registry key when match is UNIQUE. candidates: keys, best first, at most five when AMBIGUOUS.
    mention: the words that name it, empty when the text names none. number: the sender's own list number.
    funds: arrived, allocated, paid amounts by name (arrived, allocated, paid).
    """

    mention: str
    match: Match
    project_id: int | None = None
    candidates: tuple[int, ...] = ()
    number: int | None = None
    figures: tuple[Figure, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    payment_rate: int | None = None
    funds: tuple[tuple[str, Amount], ...] = ()
    image_progress: str | None = None
    state: str | None = None  # not_started, started, suspended, finished
    started_on: str | None = None  # ISO date as precise as the text: 2024-03-15, 2024-03, 2024
    finished_on: str | None = None
    phase: str | None = None  # 投产 or 达效, how far a finished project has come
    expected_start: date | None = None
    expected_finish: date | None = None
    promised_by: date | None = None
    promises: tuple[Promise, ...] = ()
    unchanged: bool = False  # an explicit 本周无变化 / 没有变化 of this project (C19)
    correction: bool = False
    issues: tuple[Issue, ...] = ()
    item_refs: tuple[str, ...] = ()
    span: Span | None = None
    assisted: bool = False  # a language model pointed at some of it: to be checked
    as_of: date | None = None  # the latest cut-off day named for this line's figures and percentages


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood. unread: spans with a number or date that nothing used (never in silence)."""

    intents: tuple[Intent, ...]
    lines: tuple[ProjectLine, ...] = ()
    item_refs: tuple[str, ...] = ()  # W0186, 县W0045, RZ0021 or document numbers as written
    unchanged: bool = False  # 本周无变化 without a project (C19)
    urgent: bool = False  # the author wrote 紧急 (G7)
    unread: tuple[Span, ...] = ()
