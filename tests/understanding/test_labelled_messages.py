"""How well labelled messages are read. The floors only ever rise.

The last fifty showed which kinds of messages were misread; `test_kinds_of_messages.py` holds others of each kind."""

from __future__ import annotations

import pytest

from handlers.understanding import run_parse
from tests.understanding.fixtures_city import DATA
from tests.understanding.grading import AMOUNTS, graded

TUNED = 100


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return (DATA / "reports.jsonl").read_text(encoding="utf-8").splitlines()


def test_messages_the_phrases_were_made_with(lines: list[str]) -> None:
    grades, _ = graded(lines[:TUNED])
    assert grades.exact >= 96
    assert grades.intents >= 98
    assert grades.precision("project") >= 0.99
    assert grades.f1("project") >= 0.97
    assert grades.f1(*AMOUNTS) >= 0.97
    assert grades.precision(*AMOUNTS) >= 0.99


def test_messages_that_showed_what_was_misread(lines: list[str]) -> None:
    grades, _ = graded(lines[TUNED:])
    assert grades.exact >= LATER_EXACT
    assert grades.intents >= LATER_INTENTS
    assert grades.precision("project") >= 0.98
    assert grades.f1("project") >= 0.95
    assert grades.f1(*AMOUNTS) >= LATER_AMOUNTS


LATER_EXACT, LATER_INTENTS, LATER_AMOUNTS = 43, 49, 0.92


def test_a_line_that_is_no_message_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(run_parse(DATA / "projects.csv", None, None, ['{"id":1,"today":"2026-09-22","text":""}', "{}"]))
