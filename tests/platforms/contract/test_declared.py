"""Every platform and channel is tried, and what it leaves out is declared with its reason and true."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from pathlib import Path

import pytest

from bot.platforms import PLATFORMS
from bot.platforms.base import OwnStore
from tests.platforms.contract import test_in, test_out
from tests.platforms.contract.harness import (
    NEEDS,
    WAYS,
    Harness,
    Trait,
    everybody,
    harness_of,
    name_of,
    platforms,
    tried,
)

CASES: list[Callable[..., object]] = [
    case
    for module in (test_in, test_out)
    for name, case in vars(module).items()
    if name.startswith("test_") and {"harness", "line"} & set(signature(case).parameters)
]


def test_every_platform_is_tried() -> None:
    """A platform adds one file here: its name, with HARNESS and opened. Only what it declares is not tried on it."""
    there = {path.stem for path in Path(__file__).parent.glob("*.py")}
    assert set(everybody()) <= there
    assert set(PLATFORMS) <= set(everybody())
    assert all(harness_of(name).name == WAYS.get(name, name) for name in everybody())
    for case in CASES:
        without = {name for name in everybody() if set(NEEDS[name_of(case)]) & set(harness_of(name).without)}
        assert tried_on(case) == set(everybody()) - without, name_of(case)


@pytest.mark.parametrize("trait", list(Trait), ids=lambda trait: trait.name.lower())
def test_what_one_leaves_out_another_is_tried_on(trait: Trait) -> None:
    assert platforms(trait)


@pytest.mark.parametrize("name", everybody())
def test_whatever_is_left_out_has_its_reason(name: str) -> None:
    """A platform hears, or carries notices, or both."""
    without = harness_of(name).without
    assert all(len(why) > 10 for why in without.values())
    assert not {Trait.HEARS, Trait.NOTICES} <= set(without)


@tried()
async def test_what_is_left_out_cannot_be_done(harness: Harness) -> None:
    """The declaration against what the running platform says about itself."""
    platform = harness.city.product.platforms[harness.name]
    without = harness.without
    assert (Trait.DOOR in without) == (platform.routes() == [])
    assert Trait.HEARS not in without or Trait.DOOR in without
    assert (Trait.NOTICES in without) == platform.limits.answers_only
    assert (Trait.CALLS in without) == (platform.limits.answers_only or isinstance(platform, OwnStore))
    assert (Trait.REPEATS in without) == (not platform.idempotent)


def tried_on(case: Callable[..., object]) -> set[str]:
    marks: list[pytest.Mark] = getattr(case, "pytestmark", [])
    (names,) = [mark.args[1] for mark in marks if mark.name == "parametrize" and mark.args[0] == "on"]
    return set(names)
