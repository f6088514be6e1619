"""Both gaps in one answer, a name alone, a choice declined; codes and delegates in words (B2, B6, C3, C4)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, offers, says
from .conftest import OpenCity
from .told import about, open_drafts

AT = "2026-09-22 10:00"


@pytest.mark.parametrize("said", ["2，累计", "2累计", "② 累计完成", "管网，累计", "管网 累计"])
async def test_c4_both_gaps_are_answered_at_once(open_city: OpenCity, said: str) -> None:
    city = await open_city(AT)
    await city.say("张伟", "城南污水完成2100")
    says(city.last("张伟"), "1 ZX0031", "2 ZX0032", "「累计完成」还是「本月完成」")
    await city.say("张伟", said)
    says(city.last("张伟"), "草稿1", "ZX0032", becomes(1950, 2100))


async def test_c3_a_name_alone_is_the_page(open_city: OpenCity) -> None:
    city = await open_city(AT)
    for said in ("ZX0031", "ｚｘ００３１。", "城南污水处理厂"):
        city.mark()
        await city.say("张伟", said)
        says(city.only("张伟"), "ZX0031", "4700/8000", "58.75%")
    answers = []
    for said in ("ZX0031", "ZX9999"):
        city.mark()
        await city.say("李娜", said)
        answers.append(city.only("李娜").text)
    assert answers[0] == answers[1] == "未找到，或您无权查看"
    for said in ("收到", "今天天气不错", "晚点再说"):
        city.mark()
        await city.say("李娜", said)
        lacks(city.only("李娜"), "ZD0108", "今年累计 8600")


async def test_c3_neither_of_them_ends_the_choice(open_city: OpenCity) -> None:
    """What is typed next is no answer to it any more."""
    city = await open_city(AT)
    await city.say("张伟", "/查 城南污水")
    offers(city.last("张伟"), "1 ZX0031", "2 ZX0032", "0 都不是")
    await city.say("张伟", "0")
    says(city.last("张伟"), "未找到,或您无权查看")
    await city.say("张伟", "2")
    lacks(city.last("张伟"), "ZX0032")
    await city.say("张伟", "/查 城南污水")
    await city.press("张伟", "0 都不是")
    await city.say("张伟", "2")
    lacks(city.last("张伟"), "ZX0032")
    assert await open_drafts(city) == []


@pytest.mark.parametrize("said", ["/代理 马德胜 到9月23日", "代理马德胜，到明天", "/代理马德胜至9月23日"])
async def test_b6_an_end_alone_begins_today(open_city: OpenCity, said: str) -> None:
    city = await open_city(AT)
    await city.say("孙晓雯", said)
    says(city.last("孙晓雯"), "自 09-22 10:00 至 09-23 24:00")
    await city.say("张伟", "ZX0031累计4400，8月多报")
    await city.say("张伟", "确认")
    says(city.last("马德胜"), "更正待核 ZX0031")


@pytest.mark.parametrize("said", ["给张伟发绑定码", "发绑定码 张伟", "请给张伟发个绑定码"])
async def test_b2_a_code_is_asked_for_in_words(open_city: OpenCity, said: str) -> None:
    city = await open_city(AT)
    await city.say("孙晓雯", said)
    says(city.only("孙晓雯"), "张伟 的绑定码")
    city.mark()
    await city.say("李娜", said)
    lacks(city.only("李娜"), "张伟 的绑定码")


async def test_b2_binding_is_no_attempt_at_anything_else(open_city: OpenCity) -> None:
    """Two attempts and /绑定 without a code: no line in the digest; a third attempt makes one."""
    city = await open_city("2026-09-22 09:00")
    for said in ("ZX0031累计5500", "/查 ZX0031", "/绑定", "/绑定", "/帮助"):
        await city.say("陌生甲", said)
    for said in ("ZX0031累计5500", "/查 ZX0031", "收到"):
        await city.say("陌生乙", said)
    city.mark()
    await city.clock("2026-09-23 08:30")
    [digest] = about(city, "刘洋", "未绑定")
    says(digest, "陌生乙 共 3 次")
    lacks(digest, "陌生甲")


async def test_c3_none_of_them_says_what_to_do_next(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "城南污水累计完成2100万")
    await city.say("张伟", "0")
    says(city.last("张伟"), "草稿1 还在", "请补项目编号或全称", "「取消 1」")
    await city.say("张伟", "ZX0032")
    says(city.last("张伟"), "1950 → 2100")
    await city.say("张伟", "取消 1")
    says(city.last("张伟"), "草稿1 已取消")
