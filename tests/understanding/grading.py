"""A small grader of predictions against labelled messages: shares of messages right, counts per field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from handlers.understanding import run_parse
from tests.understanding.fixtures_city import DATA, ROOT

NUMBERS = {
    "cumulative_invest_wan": 0.001,
    "ytd_invest_wan": 0.001,
    "period_invest_wan": 0.001,
    "paid_wan": 0.001,
    "percent": 0.002,
    "payment_rate": 0.002,
}
WORDS = (
    "as_of",
    "started_on",
    "finished_on",
    "expected_start",
    "expected_finish",
    "promised_by",
    "percent_of",
    "state",
)
AMOUNTS = ("cumulative_invest_wan", "ytd_invest_wan", "period_invest_wan", "paid_wan")


def overlap(left: str | None, right: str | None) -> float:
    """Twice the shared character pairs over all pairs; 1 when both are empty."""
    pairs = [Counter(pairwise(text)) for text in (_letters(left), _letters(right))]
    total = sum(pairs[0].values()) + sum(pairs[1].values())
    return 2 * sum((pairs[0] & pairs[1]).values()) / total if total else 1.0


def _letters(text: str | None) -> str:
    return "".join(char for char in text or "" if char.isalnum())


class Grades:
    def __init__(self) -> None:
        self.messages = self.exact = self.intents = 0
        self.right: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()

    def f1(self, *fields: str) -> float:
        right = sum(self.right[field] for field in fields)
        errors = sum(self.wrong[field] + self.missed[field] for field in fields)
        return 2 * right / (2 * right + errors) if right + errors else 1.0

    def precision(self, *fields: str) -> float:
        right, wrong = (sum(counts[field] for field in fields) for counts in (self.right, self.wrong))
        return right / (right + wrong) if right + wrong else 1.0

    def add(self, gold: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        self.messages += 1
        before = sum((self.wrong + self.missed).values())
        self.intents += gold["intent"] == found["intent"]
        rest = list(found["projects"])
        for project in gold["projects"]:
            match = _pick(project, rest)
            if match is not None:
                rest.remove(match)
            self._project(project, match or {})
        for project in rest:
            self._project({}, project)
        same_refs = {_letters(one) for one in gold["refs"]} == {_letters(one) for one in found["refs"]}
        clean = sum((self.wrong + self.missed).values()) == before
        self.exact += clean and same_refs and gold["intent"] == found["intent"]

    def _project(self, gold: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        same = (
            bool(gold)
            and bool(found)
            and (gold["project_id"], gold["match"]) == (found["project_id"], found["match"])
        )
        self._count("project", bool(gold), bool(found), right=same)
        for field, tolerance in NUMBERS.items():
            a, b = gold.get(field), found.get(field)
            right = a is not None and b is not None and abs(a - b) <= max(0.1, tolerance * abs(a))
            self._count(field, a is not None, b is not None, right=right)
        for field in WORDS:
            a, b = gold.get(field), found.get(field)
            self._count(field, bool(a), bool(b), right=bool(a and b) and str(b).startswith(str(a)))
        a, b = gold.get("image_progress"), found.get("image_progress")
        self._count("image_progress", bool(a), bool(b), right=bool(a and b) and overlap(a, b) >= 0.6)
        self._count("correction", bool(gold.get("correction")), bool(found.get("correction")))
        issues, told = list(gold.get("issues") or []), list(found.get("issues") or [])
        for one in issues:
            match = next((other for other in told if overlap(one["summary"], other["summary"]) >= 0.4), None)
            if match:
                told.remove(match)
            self._count("issue", True, match is not None)
            match = match or {"units": [], "needed_by": None, "level": None}
            for unit in {*one["units"], *match["units"]}:
                self._count("units", unit in one["units"], unit in match["units"])
            for field in ("needed_by", "level"):
                self._count(
                    field,
                    bool(one[field]),
                    bool(match[field]),
                    right=bool(one[field]) and one[field] == match[field],
                )
        for _ in told:
            self._count("issue", False, True)

    def _count(self, field: str, expected: bool, given: bool, *, right: bool | None = None) -> None:
        right = expected and given if right is None else right
        if right:
            self.right[field] += 1
        else:
            self.wrong[field] += given
            self.missed[field] += expected


def _pick(gold: Mapping[str, Any], found: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    by_key = [one for one in found if gold["project_id"] and one["project_id"] == gold["project_id"]]
    by_words = [one for one in found if overlap(gold["mention"], one["mention"]) >= 0.6]
    return next(iter(by_key or by_words), None)


def graded(lines: Sequence[str]) -> tuple[Grades, list[str]]:
    """Labelled messages as they are read, and the texts of those that are not read as labelled."""
    grades, misread = Grades(), []
    found = run_parse(
        DATA / "projects.csv",
        ROOT / "models/data/unit_aliases.yaml",
        ROOT / "models/data/calendar_cn.csv",
        lines,
    )
    for line, prediction in zip(lines, found, strict=True):
        before = grades.exact
        grades.add(json.loads(line), json.loads(prediction))
        if grades.exact == before:
            misread.append(json.loads(line)["text"])
    return grades, misread
