"""Why a light is what it is stands in every line about it: corrections and ended adjustments too (E5, E13, E14)."""

from __future__ import annotations

from .city import lacks, says
from .conftest import OpenCity
from .samples import pdf


async def test_e13_the_correcting_line_gives_the_reason_that_stands_again(open_city: OpenCity) -> None:
    """ZD0120 is ahead of its plan and yellow for its completion date: 「超前」 alone would puzzle the reader."""
    city = await open_city("2026-10-15 09:00")
    await city.say("邵鹏", "平原输变电今年累计18500万")
    await city.say("邵鹏", "确认")
    await city.clock("2026-11-02 09:30")
    await city.say("邵鹏", "平原220千伏输变电10月30日已竣工，今年累计21000万")
    await city.say("邵鹏", "确认")
    city.mark()
    await city.say("邵鹏", "/撤销")
    for group in ("【能源专班】", "【高新区】"):
        says(
            city.only(group),
            "更正",
            "现为黄灯",
            "计划10-31竣工",
            "超前 4.21 个百分点",
            "反馈截止仍为 11-09 18:00",
        )


async def test_e7_the_correcting_line_names_what_is_not_up_to_date(open_city: OpenCity) -> None:
    city = await open_city("2026-10-21 10:00")
    await city.say("吴迪", "云白快速本周无变化")
    await city.say("吴迪", "确认")
    city.mark()
    await city.say("吴迪", "/撤销")
    says(city.only("【交通专班】"), "现为黄灯", "「未更新」", "36 天", "差距 3.98 个百分点")


async def test_e14_the_warning_after_an_adjustment_says_that_it_has_ended(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("陈立新", "/调灯 ZX0031 绿 至 10月20日 原因 设备进口清关", files=[("受理单.pdf", pdf())])
    city.mark()
    await city.clock("2026-10-21 08:35")
    for who in ("【市政设施专班】", "【青禾县】", "张伟", "赵永年"):
        warned = [one for one in city.heard(who) if "ZX0031" in one.text]
        assert len(warned) == 1, [one.text for one in warned]
        says(warned[0], "ZX0031", "绿(调) → 黄灯", "调灯 10-20 期满", "差距 20.52 个百分点")


async def test_e13_other_warnings_say_nothing_of_adjustments(open_city: OpenCity) -> None:
    city = await open_city("2026-09-29 18:00")
    city.mark()
    await city.clock("2026-09-30 08:35")
    says(city.last("【市政设施专班】"), "ZX0032", "绿 → 黄灯")
    lacks(city.last("【市政设施专班】"), "调")
