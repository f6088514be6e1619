"""The tests that run on PostgreSQL execute there what the tests on SQLite execute, and are the cheapest that do."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from tests.statements import CHOSEN_FROM, Noted, Notes, chosen, form_of, noted_in

TESTS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.builds(Noted, st.sets(st.sampled_from("stuvwxyz"), max_size=6), st.floats(0, 9)),
    max_size=12,
)


@given(TESTS, st.integers(1, 3))
def test_every_statement_is_executed_as_often_as_asked_or_as_there_are_tests(
    noted: dict[str, Noted], times: int
) -> None:
    taken = chosen(noted, times=times)
    executed = Counter(one for name in taken for one in noted[name].statements)
    there = Counter(one for test in noted.values() for one in test.statements)
    assert all(executed[one] >= min(times, count) for one, count in there.items())


@given(TESTS)
def test_the_same_notes_choose_the_same_tests(noted: dict[str, Noted]) -> None:
    assert chosen(noted) == chosen(dict(reversed(noted.items())))


def test_the_cheapest_go() -> None:
    noted = {
        "slow": Noted({"a", "b"}, 9.0),
        "quick": Noted({"a", "b"}, 1.0),
        "quick too": Noted({"a", "b"}, 1.1),
        "one of its own": Noted({"c"}, 5.0),
        "nothing": Noted(set(), 0.0),
    }
    assert chosen(noted, times=1) == {"quick", "one of its own"}
    assert chosen(noted, times=2) == {"quick", "quick too", "one of its own"}


def test_how_many_values_and_rows_makes_no_other_statement() -> None:
    assert form_of("SELECT a FROM t\nWHERE id IN (?, ?, ?)") == form_of("SELECT a FROM t WHERE id IN (?)")
    rows = "INSERT INTO t (a, b) VALUES (?, ?)"
    assert form_of(f"{rows}, (?, ?), (?, ?)") == form_of(rows)
    assert form_of("SAVEPOINT sa_savepoint_7") == form_of("SAVEPOINT sa_savepoint_12")
    assert form_of("SELECT a FROM t") != form_of("SELECT b FROM t")


def test_what_a_test_executes_is_noted_and_read_back(tmp_path, request) -> None:
    notes = Notes(tmp_path)
    try:
        engine = create_engine("sqlite://")
        running = notes.pytest_runtest_protocol(request.node)
        next(running)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 WHERE 1 IN (1, 2)"))
        running.close()
        with engine.connect() as connection:
            connection.execute(text("SELECT 'behind the test'"))
    finally:
        notes.close()
    notes.pytest_sessionfinish()
    assert noted_in(tmp_path)[request.node.nodeid].statements == {"SELECT 1 WHERE 1 IN (1, 2)"}


def test_there_are_tests_to_choose_from(request) -> None:
    assert (request.config.rootpath / CHOSEN_FROM).is_dir()
