"""Words with long runs of blanks, as pasted from a sheet, are read at once (rule C18)."""

from __future__ import annotations

import time

import pytest

from handlers import long_blanks

from .city import says
from .conftest import OpenCity

_AT_ONCE = 2.0  # seconds of the processor for one message, of which most take a hundredth


@pytest.mark.parametrize("head", ["请", "我们想", "W0190", "同意W0190", "限期", "编辑", "关于W0190", "受限"])
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


def test_a_row_of_empty_cells_stays_and_a_line_break_is_kept() -> None:
    row = f"污水处理厂{chr(9) * 12}5500"
    assert long_blanks.shorter(row) == row
    assert (
        long_blanks.shorter(f"一{' ' * 900}二{' ' * 900}{chr(10)}三")
        == f"一{' ' * 16}二{' ' * 15}{chr(10)}三"
    )


def test_what_nobody_can_see_does_not_hide_a_run() -> None:
    assert long_blanks.shorter("一" + " \u200b" * 900 + "二") == "一" + " \u200b" * 8 + "二"


@pytest.mark.parametrize("head", ["", "/反馈 ZX0032 ", "/查 ", "W0190 批示 "])
async def test_a_text_too_long_for_a_message_is_refused_at_once(open_city: OpenCity, head: str) -> None:
    city = await open_city("2026-09-22 10:00")
    begin = time.process_time()
    await city.say("孙晓雯", head + "1、" * 9_000)
    says(city.only("孙晓雯"), "太长")
    assert time.process_time() - begin < _AT_ONCE


async def test_minutes_may_be_long(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    talk = "会议听取了各单位的汇报，要求统筹推进。" * 250
    await city.say("孙晓雯", f"/纪要 9月22日协调会\n{talk}\n一、请市林业局9月30日前完成组卷")
    says(city.last("孙晓雯"), "市林业局", "完成组卷")


@pytest.mark.parametrize(("times", "told"), [(30, "市住建局"), (1_900, "没看懂")])
async def test_a_number_said_many_times_is_dropped_once_or_not_at_all(
    open_city: OpenCity, times: int, told: str
) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say(
        "孙晓雯", "/纪要 9月22日协调会\n一、请市林业局9月30日前完成组卷\n二、请市住建局9月30日前办理"
    )
    begin = time.process_time()
    await city.say("孙晓雯", f"取消 {'一、' * times}")
    assert time.process_time() - begin < _AT_ONCE
    says(city.last("孙晓雯"), told)
