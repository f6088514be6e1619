"""What a text says: pure functions from text, names and a date to a typed Reading. No database, no clock."""

from handlers.understanding.answers import (
    AnswerKind,
    Confirmation,
    is_unchanged,
    parse_bare_amount,
    parse_choice,
    parse_confirmation,
    parse_yes_no,
)
from handlers.understanding.names.names import MatchResult, Names, ProjectName
from handlers.understanding.predict import predictions, run_parse
from handlers.understanding.read import read
from handlers.understanding.values.dates import WorkCalendar, parse_deadline, parse_period
from handlers.understanding.values.numbers import parse_amount, parse_percentage

__all__ = [
    "AnswerKind",
    "Confirmation",
    "MatchResult",
    "Names",
    "ProjectName",
    "WorkCalendar",
    "is_unchanged",
    "parse_amount",
    "parse_bare_amount",
    "parse_choice",
    "parse_confirmation",
    "parse_deadline",
    "parse_percentage",
    "parse_period",
    "parse_yes_no",
    "predictions",
    "read",
    "run_parse",
]
