"""The news, the cut-off date and the project on a card are changed in words before it is confirmed (rules C1, C2)."""

from __future__ import annotations

import pytest

from .city import becomes, says
from .conftest import OpenCity

AT = "2026-09-22 10:00"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("形象进度改成设备安装完成90%", "形象进度：设备安装完成90%"),
        ("把进度改为主体封顶", "形象进度：主体封顶"),
        ("形象进度加上：调试开始", "形象进度：设备安装完成80%，调试开始"),
        ("草稿1的形象进度改成主体封顶", "形象进度：主体封顶"),
        ("数据日期是9月20日", "截至 09-20"),
        ("截止日期是9月15日的", "截至 09-15"),
    ],
)
async def test_c2_news_and_date(open_city: OpenCity, said: str, shown: str) -> None:
    city = await open_city(AT)
    await city.say("张伟", "污水处理厂累计5500，设备安装完成80%")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "草稿1", becomes(4700, 5500), shown)
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700


async def test_c2_news_behind_the_button(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("张伟", "污水处理厂累计5500，设备安装完成80%")
    await city.press("张伟", "修改")
    city.mark()
    await city.say("张伟", "形象进度改为主体封顶")
    says(city.only("张伟"), "形象进度：主体封顶")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0031"))["image_progress"] == "主体封顶"


async def test_c6_the_reason_stays_when_the_news_change(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("张伟", "污水处理厂累计4400，因为8月把预付款算进去了")
    city.mark()
    await city.say("张伟", "形象进度改成主体封顶")
    says(city.only("张伟"), "原因：8月把预付款算进去了", "形象进度：主体封顶", "报综合专班核")


async def test_c3_the_other_project_was_meant(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("张伟", "污水处理厂累计2100，接口完成")
    await city.say("张伟", "取消")
    await city.say("张伟", "实验中学累计2700")
    city.mark()
    await city.say("张伟", "不是实验中学，是管网")
    says(city.only("张伟"), "草稿1", "ZX0032", "1950 → 2700")
    city.mark()
    await city.say("张伟", "不是循环园，是管网")
    says(city.only("张伟"), "没看懂")
