"""Families of wordings: what liaisons say in many words for one thing, each beside its siblings and its near misses.

Written as short sentences, read, and every reading judged by the rules of docs/understanding.md before it was kept.
"""

from __future__ import annotations

import json

from handlers.understanding import run_parse
from tests.understanding.fixtures_city import DATA, ROOT
from tests.understanding.grading import Grades


def test_every_sibling_is_read_as_its_family() -> None:
    lines = (DATA / "families.jsonl").read_text(encoding="utf-8").splitlines()
    units, calendar = ROOT / "models/data/unit_aliases.yaml", ROOT / "models/data/calendar_cn.csv"
    grades, misread = Grades(), []
    for line, found in zip(lines, run_parse(DATA / "projects.csv", units, calendar, lines), strict=True):
        before = grades.exact
        grades.add(json.loads(line), json.loads(found))
        if grades.exact == before:
            misread.append(json.loads(line)["text"])
    assert misread == []
