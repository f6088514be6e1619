"""The benchmarks can be run and say what they found; how fast anything is, is not judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import events
from benchmarks.__main__ import MEASURES, options
from benchmarks.running import percentile
from benchmarks.targets import ACCEPT_16, CPU, IDLE, Measured, Verdict, figure, table

ROOT = Path(__file__).parent.parent


@pytest.mark.timeout(600)  # eleven measures, some simulated days with two power cuts among them
def test_quick_run_measures_everything():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "行为检查通过" in done.stdout
    for name in MEASURES:
        assert f"\n{name} 用时" in done.stdout
    assert done.stdout.count(Verdict.FIGURE.value) == 20


def test_events_are_reports_of_forty_people_with_rising_figures():
    first, second = (json.loads(events.body("run", number)) for number in (3, 3 + events.SENDERS))
    assert first["from"] == second["from"]
    assert first["text"].replace("10001", "10002") == second["text"]
    assert 800 <= len(first["text"].encode()) <= 1000
    assert len({events.person(number) for number in range(events.SENDERS)}) == 40
    assert len({events.project(number) for number in range(events.SENDERS)}) == 40


def test_message_ids_never_repeat():
    ids = {events.message_id(run, number) for run in ("a", "b") for number in range(20_000)}
    assert len(ids) == 40_000


@pytest.mark.parametrize(
    ("target", "values", "verdict"),
    [
        (ACCEPT_16, [0.1, 0.44, 0.9], Verdict.BELOW),
        (ACCEPT_16, [0.1, 0.45, 0.9], Verdict.FLOOR),
        (ACCEPT_16, [0.75, 0.8, 0.1], Verdict.AIM),
        (CPU, [0.36], Verdict.BELOW),
        (CPU, [0.35], Verdict.FLOOR),
        (CPU, [0.15], Verdict.AIM),
        (IDLE, [151.0], Verdict.BELOW),
        (IDLE, [149.0], Verdict.AIM),
    ],
)
def test_verdict_is_that_of_the_median(target, values, verdict):
    assert Measured(target, values).verdict is verdict


def test_small_runs_are_not_judged():
    assert Measured(ACCEPT_16, [0.01], judged=False).verdict is Verdict.FIGURE


def test_table_shows_median_range_and_bounds():
    shown = table([Measured(ACCEPT_16, [0.5, 0.7, 0.6], "说明")])
    assert "0.60" in shown
    assert "0.50–0.70" in shown
    assert "≥ 0.45" in shown
    assert shown.endswith("受理速率 ÷ 极限二，16 连接：说明")


def test_percentile_and_figures():
    assert percentile([float(number) for number in range(100)], 0.99) == 99
    assert percentile([3.0], 0.5) == 3
    assert [figure(value) for value in (1234.5, 12.34, 1.234, 0.0123)] == ["1234", "12.3", "1.23", "0.012"]


def test_no_rounds_are_refused():
    with pytest.raises(SystemExit):
        options(["--rounds", "0"])
