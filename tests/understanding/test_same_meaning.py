"""A message that is written otherwise and means the same is read as before.

Every labelled message that is read without a fault is reworded; what it is then compared with is its own label.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from handlers.understanding import predictions
from handlers.understanding.names.names import Names
from handlers.understanding.registry import CsvCalendar, Registry, load_units
from tests.understanding.fixtures_city import DATA, ROOT
from tests.understanding.grading import Grades
from tests.understanding.rewording import AROUND, INSIDE, NAMED, Reword

EACH = 4  # every fourth message is enough where the change is the same for all
MOST_LOST = 0.02  # share of reworded messages that may be read otherwise
# A table or a sum in two units (4亿6千万) does not survive every change.
LOST_MORE = {
    "in 元": 0.04,
    "in Chinese numerals": 0.04,
    "in 万元": 0.04,
    "in 亿元": 0.04,
    "完成年度计划的": 0.08,
    "9.5": 0.03,
    "9/5": 0.03,
}
_SPECIAL = ("|", "\t", "/查", "转", "报告：")  # tables, commands and forwarded notices begin with themselves

Message = Mapping[str, Any]


@cache
def _reader() -> tuple[Registry, Names, CsvCalendar]:
    registry = Registry.load(DATA / "projects.csv")
    names = Names.of(registry.projects, load_units(ROOT / "models/data/unit_aliases.yaml"))
    return registry, names, CsvCalendar.load(ROOT / "models/data/calendar_cn.csv")


def _wrong(messages: Iterable[Message]) -> list[str]:
    registry, names, calendar = _reader()
    found = []
    for message in messages:
        grades = Grades()
        grades.add(message, predictions(message, names, calendar, registry))
        if not grades.exact:
            found.append(str(message["text"]))
    return found


@cache
def _well_read() -> tuple[Message, ...]:
    parts = [DATA / "reports.jsonl", *sorted((ROOT / "tests/corpus").glob("*.jsonl"))]
    lines = [line for part in parts for line in part.read_text(encoding="utf-8").splitlines()]
    messages = [json.loads(line) for line in lines]
    wrong = set(_wrong(messages))
    return tuple(one for one in messages if one["text"] not in wrong)


def _reworded(message: Message, reword: Reword, *, quotations: bool) -> dict[str, Any]:
    other = deepcopy(dict(message))
    other["text"] = reword(message["text"])
    if quotations:
        other["refs"] = [reword(one) for one in message["refs"]]
    for project in other["projects"] if quotations else ():
        project["image_progress"] = reword(project["image_progress"] or "") or None
        for issue in project["issues"]:
            issue["summary"] = reword(issue["summary"])
    return other


def _held(label: str, messages: list[dict[str, Any]]) -> None:
    wrong = _wrong(messages)
    assert messages
    assert len(wrong) <= max(1, LOST_MORE.get(label, MOST_LOST) * len(messages)), wrong


@pytest.mark.parametrize("label", INSIDE)
def test_written_otherwise(label: str) -> None:
    other = [_reworded(one, INSIDE[label], quotations=True) for one in _well_read()]
    _held(label, [new for new, old in zip(other, _well_read(), strict=True) if new["text"] != old["text"]])


@pytest.mark.parametrize("label", AROUND)
def test_with_courtesies_and_signatures(label: str) -> None:
    messages = [
        one
        for one in _well_read()[::EACH]
        if one["intent"] not in {"smalltalk", "query"} and not any(mark in one["text"] for mark in _SPECIAL)
    ]
    _held(label, [_reworded(one, AROUND[label], quotations=False) for one in messages])


def _of_one_project(message: Message) -> bool:
    """A message that begins with the name of its only project."""
    projects = message["projects"]
    if len(projects) != 1 or projects[0]["match"] != "unique":
        return False
    mention, text = projects[0]["mention"], message["text"]
    return text.startswith(mention) and text.count(mention) == 1 and text[len(mention)] not in " ：，:,（"


@pytest.mark.parametrize("label", NAMED)
def test_with_the_name_set_off(label: str) -> None:
    messages = []
    for one in filter(_of_one_project, _well_read()):
        mention = one["projects"][0]["mention"]
        other = deepcopy(dict(one))
        other["text"] = NAMED[label].format(mention) + one["text"][len(mention) :]
        messages.append(other)
    _held(label, messages)


def test_with_the_full_name_or_the_code() -> None:
    registry, names, _ = _reader()
    number = {key: project for project, key in registry.keys.items()}
    messages = []
    for one in filter(_of_one_project, _well_read()):
        mention, key = one["projects"][0]["mention"], one["projects"][0]["project_id"]
        for name in (names.projects[number[key]].name, f"{key} "):
            other = deepcopy(dict(one))
            other["text"] = name + one["text"][len(mention) :]
            other["projects"][0]["mention"] = name.strip()
            messages.append(other)
    _held("name", messages)
