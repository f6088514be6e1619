"""Families of wordings: what liaisons say in many words for one thing, each beside its siblings and its near misses.

Written as short sentences, read, and every reading judged by the rules of docs/understanding.md before it was kept.
"""

from __future__ import annotations

from tests.understanding.fixtures_city import DATA
from tests.understanding.grading import graded


def test_every_sibling_is_read_as_its_family() -> None:
    lines = (DATA / "families.jsonl").read_text(encoding="utf-8").splitlines()
    _, misread = graded(lines)
    assert misread == []
