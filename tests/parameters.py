"""Which sets of a parametrised test run on PostgreSQL.

A test marked `first_on_postgres` says the same to the product in other words with each set: the statements of its later
sets are among those of its first set and of the tests that run there whole. On PostgreSQL the first set is enough; on
SQLite all of them run. What is about the database itself (durability, several processes, migrations) is never marked,
nor is a test whose sets lead to other statements.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

FIRST_ONLY = "first_on_postgres"


def repeats(tests: Iterable[tuple[str, bool]]) -> list[bool]:
    """For each test (its name without the set, whether it is marked): whether an earlier set stands for it."""
    seen: set[str] = set()
    found = []
    for name, marked in tests:
        found.append(marked and name in seen)
        seen.add(name)
    return found


def leave_out_repeats(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the later sets of marked tests out of a run."""
    later = repeats(
        (item.nodeid.partition("[")[0], item.get_closest_marker(FIRST_ONLY) is not None) for item in items
    )
    config.hook.pytest_deselected(
        items=[item for item, is_later in zip(items, later, strict=True) if is_later]
    )
    items[:] = [item for item, is_later in zip(items, later, strict=True) if not is_later]
