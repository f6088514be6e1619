"""What was given is never asked for again, whatever its order, and no line of a row is lost (rules C3, C4, C5, C8)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize("said", ["累计5400，zx0031", "累计完成5400万，主体封顶，城南污水处理厂"])
async def test_c3_the_project_behind_its_figure(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "草稿1", "ZX0031", becomes(4700, 5400))
    lacks(city.only("张伟"), "ZX0032")


async def test_c3_several_projects_behind_a_figure_are_the_choice(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "累计2100万，城南污水")
    says(city.only("张伟"), "找到2个项目", "ZX0031", "ZX0032")
    await city.say("张伟", "2")
    says(city.last("张伟"), "ZX0032", becomes(1950, 2100))


@pytest.mark.parametrize("head", ["报数:", "上报：", "报数 "])
async def test_c8_numbers_in_a_row_behind_a_heading(open_city: OpenCity, head: str) -> None:
    """The first line went missing behind a heading with a colon."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", f"{head}ZX0031 5400 ZX0032 2100 ZY0009 2600")
    says(city.only("张伟"), "共3项", "ZX0031 5400", "ZX0032 2100", "ZY0009 2600")
    await city.say("张伟", "都是累计")
    await city.say("张伟", "全部确认")
    assert [(await city.project(one))["ytd_wan"] for one in ("ZX0031", "ZX0032", "ZY0009")] == [
        5400,
        2100,
        2600,
    ]


@pytest.mark.parametrize("said", ["ZX0031，5400；累计数", "污水厂5400，都是累计数"])
async def test_c5_the_basis_said_at_the_end(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), becomes(4700, 5400), "累计完成投资（今年）")


@pytest.mark.parametrize("verb", ["更正成", "更正为", "修正成"])
async def test_c6_the_amount_counted_twice_is_no_figure(open_city: OpenCity, verb: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", f"云白快速累计{verb}45500，重复计了500万征迁款")
    says(city.only("吴迪"), becomes(46000, 45500), "原因：重复计了500万征迁款", "更正")
