"""Words with long runs of blanks, as pasted from a sheet, are read at once (rule C18)."""

from __future__ import annotations

import time

import pytest

from .city import says
from .conftest import OpenCity

_AT_ONCE = 2.0  # seconds of the processor for one message, of which most take a hundredth


@pytest.mark.parametrize("head", ["请", "我们想", "W0190", "退回", "同意W0190"])
async def test_a_run_of_blanks_holds_nobody_up(open_city: OpenCity, head: str) -> None:
    city = await open_city("2026-09-22 10:00")
    begin = time.process_time()
    await city.say("张伟", f"{head}{' ' * 400}x{' ' * 2_500}x")
    assert city.heard("张伟")
    assert time.process_time() - begin < _AT_ONCE


async def test_blanks_within_a_verb_and_its_number_do_not_matter(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("马德胜", "采纳      W0186")
    says(city.last("马德胜"), "W0186 没有待审核的反馈")
    await city.say("马德胜", "W0186  \n  采纳")
    says(city.last("马德胜"), "W0186 没有待审核的反馈")
