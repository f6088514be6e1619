"""How tables of phrases become patterns.

A table is a text of phrases, blank-separated: words, or small patterns that contain no blank. To teach the
reader a new way of saying something, add it to the table with that meaning and its sentence to the tests.
The order counts only where a shorter phrase begins a longer one: the longer goes first.
"""

from __future__ import annotations

import re


def _alternatives(*tables: str) -> str:
    return "|".join(phrase for table in tables for phrase in table.split())


def any_of(*tables: str) -> re.Pattern[str]:
    """Finds any phrase of the tables."""
    return re.compile(_alternatives(*tables))


def at_head(*tables: str) -> re.Pattern[str]:
    """Finds any phrase of the tables at the beginning of a text."""
    return re.compile(f"^(?:{_alternatives(*tables)})")


def run_of(*tables: str) -> re.Pattern[str]:
    """Finds one or more phrases of the tables in a row."""
    return re.compile(f"(?:{_alternatives(*tables)})+")
