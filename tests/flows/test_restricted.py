"""A restricted item shows itself to its named people and to nobody else, in no form (S37, rule B8)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from .city import City, Message, city_at, lacks, offers, says, silent
from .conftest import OpenCity
from .told import one_about, told

SECRET: Final = "/问题 受限 ZX0032 专项债资金疑似超范围支出,待审计核"
WORDS: Final = ("超范围", "待审计")
CIRCLE: Final = {"周敏", "许建平", "陈立新"}
OUTSIDERS: Final = ("张伟", "彭倩", "孙晓雯", "马德胜", "郑海峰", "何涛", "刘洋", "曹颖")
ASKED: Final = (
    "/查 ZX0032",
    "/查 W0191",
    "/问题",
    "/问题 ZX0032",
    "/问题 W0191",
    "/问题 W0192",
    "/查 黄灯",
    "/亮灯",
    "/亮灯 蓝",
    "/我的",
    "/草稿",
    "/审计 ZX0032",
    "/审计 W0191",
    "/交办 W0191",
    "/签收 W0191",
    "/退回 W0191 不归我们 建议 市住建局",
    "/反馈 W0191 在办",
    "/办结 W0191 已办 文号 云财〔2026〕1号",
    "/延期 W0191 10月30日 再等等",
    "/销号 W0191",
    "/重开 W0191 又来了",
    "/合并 W0191 到 W0186",
    "/合并 W0186 到 W0191",
    "/协办 W0191 市住建局 配合",
    "免除协办 W0191 原因 不用了",
    "通过 W0191",
    "批示 W0191 请办",
    "W0191 已报省厅",
    "W0191怎么样了",
    "/通讯录 财政金融",
    "专项债资金超范围支出",
)


async def _raise(city: City) -> None:
    await city.say("周敏", SECRET)
    await city.press("周敏", "确认", to="周敏")


async def test_s37_who_sees_it(open_city: OpenCity) -> None:
    """S37: author, the author's 带班领导, 综合专班负责人; nothing in groups; /查 by 张伟 shows 在办问题 0."""
    city = await open_city("2026-09-22 10:00")
    await city.say("周敏", SECRET)
    assert told(city) == {"周敏"}
    city.mark()
    await city.press("周敏", "确认", to="周敏")
    assert told(city) == {"周敏", "陈立新"}
    card = one_about(city, "陈立新", "W0191")
    says(card, "受限", "超范围支出")
    offers(card, "交办", "不予受理")
    for name in sorted(CIRCLE):
        await city.say(name, "/问题 W0191")
        says(city.last(name), "超范围支出", "受限")
    for name in OUTSIDERS:
        await city.say(name, "/问题 W0191")
        says(city.last(name), "未找到，或您无权查看")
    await city.say("张伟", "/查 ZX0032")
    says(city.last("张伟"), "在办问题 0")
    await city.say("陈立新", "/查 ZX0032")
    says(city.last("陈立新"), "在办问题 0")
    city.mark()
    await city.say("周敏", "/问题 W0191", group="财政金融专班")
    await city.say("周敏", "/我的", group="财政金融专班")
    assert all("超范围" not in message.text for message in city.heard("财政金融专班"))
    await city.say("陈立新", "/亮灯 蓝", group="综合专班")
    await city.say("陈立新", "/问题 ZX0032", group="综合专班")
    assert all("W0191" not in message.text for message in city.heard("综合专班"))


@pytest.mark.parametrize(
    "words",
    [
        "受限问题：ZX0032专项债资金疑似超范围支出，请审计局核查",
        "受限事项 ZX0032 专项债资金疑似超范围支出 请审计局核查",
        "报一个受限问题，ZX0032专项债资金疑似超范围支出，请审计局核查",
        "【受限】ＺＸ００３２专项债资金疑似超范围支出，请审计局核查",
        "ZX0032专项债资金疑似超范围支出，请审计局核查（受限）",
        "ZX0032受限问题：专项债资金疑似超范围支出，请审计局核查",
        "ZX0032专项债资金疑似超范围支出，请审计局核查，按受限事项上报",
        "/上报 受限问题 ZX0032专项债资金疑似超范围支出，请审计局核查",
        "/问题 ZX0032 专项债资金疑似超范围支出，请审计局核查（受限）",
        "有个受限的问题要报：ZX0032专项债资金疑似超范围支出，请审计局核查",
        "ZX0032专项债资金疑似超范围支出，这个问题受限，请审计局核查",
        "ZX0032专项债资金疑似超范围支出，请审计局核查 受限",
        "/问题 ZX0032 专项债资金疑似超范围支出，请审计局核查，请保密，不要让县里知道",
        "/问题 ZX0032专项债资金疑似超范围支出，请审计局核查，此事只报综合专班负责人",
    ],
)
async def test_b8_restricted_however_it_is_said(open_city: OpenCity, words: str) -> None:
    """Rule B8: the word 受限 as an official types it keeps the problem to its circle."""
    city = await open_city("2026-09-22 10:00")
    await city.say("周敏", words)
    says(
        city.last("周敏"),
        "ZX0032 青禾县城南污水管网改造工程 受限",
        "问题：专项债资金疑似超范围支出",
        "只报综合专班负责人",
    )
    await city.press("周敏", "确认", to="周敏")
    assert told(city) == {"周敏", "陈立新"}
    await city.say("孙晓雯", "/问题 W0191")
    says(city.last("孙晓雯"), "未找到，或您无权查看")


@pytest.mark.parametrize(
    "words",
    [
        "紧急：受限 ZX0032专项债资金被挪用，请审计局核查",
        "【紧急】【受限】ZX0032专项债资金被挪用，请审计局核查",
        "【受限】【紧急】ZX0032专项债资金被挪用，请审计局核查",
        "紧急受限事项：ZX0032专项债资金被挪用，请审计局核查",
        "ZX0032 紧急 受限 专项债资金被挪用，请审计局核查",
        "特急 受限 ZX0032 专项债资金被挪用，请审计局核查",
        "紧急！ZX0032专项债资金被挪用，请审计局核查，此事要保密",
        "/问题 紧急 受限 ZX0032专项债资金被挪用，请审计局核查",
    ],
)
async def test_b8_g7_urgent_and_restricted(open_city: OpenCity, words: str) -> None:
    """Rules B8, G7: 紧急 and 受限 in any order; the 综合专班负责人 is told at once, nobody outside the circle."""
    city = await open_city("2026-09-26 22:00")
    await city.say("周敏", words)
    says(city.last("周敏"), "受限", "紧急", "问题：专项债资金被挪用", "只报综合专班负责人")
    city.mark()
    await city.press("周敏", "确认", to="周敏")
    assert told(city) == {"周敏", "陈立新"}
    offers(city.only("陈立新"), "定为特别重大", "按一般处理")
    await city.clock("2026-09-28 09:00")
    assert told(city, "W0191") == {"周敏", "陈立新"}
    assert (await city.item("W0191"))["restricted"] is True


async def test_b8_an_open_draft_is_made_restricted(open_city: OpenCity) -> None:
    """Rule B8: 「设为受限」 before confirming; 「施工受限」 tells of a hindrance and restricts nothing."""
    city = await open_city("2026-09-22 10:00")
    await city.say("周敏", "/问题 ZX0032专项债资金疑似超范围支出，请审计局核查")
    lacks(city.last("周敏"), "受限")
    await city.say("周敏", "设为受限")
    says(city.last("周敏"), "ZX0032 青禾县城南污水管网改造工程 受限")
    await city.press("周敏", "确认", to="周敏")
    assert told(city) == {"周敏", "陈立新"}
    await city.say("张伟", "ZX0032夜间施工受限，村民不让干，请市住建局10月12日前协调")
    says(city.last("张伟"), "夜间施工受限")
    lacks(city.last("张伟"), "仅本人")


@pytest.mark.parametrize("said", ["这个要保密", "受限", "不要让县里知道", "此事请按受限事项处理"])
async def test_b8_an_open_draft_in_other_words(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("周敏", "/问题 ZX0032专项债资金疑似超范围支出，请审计局核查")
    await city.say("周敏", said)
    says(city.last("周敏"), "ZX0032 青禾县城南污水管网改造工程 受限", "只报综合专班负责人")


async def test_b8_a_question_word_in_what_is_told_opens_nothing(open_city: OpenCity) -> None:
    """Rule B8: 「不知道是谁」 is no question, and what was marked stays in its circle."""
    city = await open_city("2026-09-22 10:00")
    await city.say("周敏", "受限问题：ZX0032专项债资金被挪用，不清楚是谁批的")
    says(city.last("周敏"), "ZX0032 青禾县城南污水管网改造工程 受限", "不清楚是谁批的")


@pytest.mark.parametrize(
    "said",
    [
        "ZX0032用地受限，征地批不下来，请自然资源局协调",
        "ZX0032涉及保密资质，施工许可办不下来，请住建局协调",
        "ZX0032土地还没公开出让，用地手续办不下来，请自然资源局协调",
        "ZX0032受限于场地，管线迁改办不下来，请住建局协调",
    ],
)
async def test_b8_a_hindrance_is_no_mark(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.last("张伟"), "问题草稿1", "ZX0032")
    lacks(city.last("张伟"), "仅本人")


async def test_b8_in_a_group_it_is_turned_away(open_city: OpenCity) -> None:
    """Rule B8: 受限问题 said in a group becomes nothing there."""
    city = await open_city("2026-09-22 10:00")
    await city.say("周敏", "受限问题：ZX0032专项债资金疑似超范围支出", group="财政金融专班")
    says(city.last("财政金融专班"), "受限事项请私聊上报")
    assert await city.rows("SELECT id FROM drafts") == []


async def test_b8_not_for_delegates(open_city: OpenCity) -> None:
    """Rules B6 B8: who stands in for a named person is not a named person."""
    city = await open_city("2026-09-22 10:00")
    await city.say("陈立新", "/代理 孙晓雯 9月22日 至 9月24日")
    city.mark()
    await _raise(city)
    silent(city, "孙晓雯")
    for text in ("/问题 W0191", "/我的", "/交办 W0191", "/审计 W0191", "/亮灯 蓝"):
        await city.say("孙晓雯", text)
        lacks(city.last("孙晓雯"), *WORDS)
        if "W0191" in text:
            says(city.last("孙晓雯"), "未找到，或您无权查看")


async def _asked(city: City) -> list[tuple[str, str, tuple[str, ...]]]:
    """What the outsiders hear, from every command and from the clock of ten days."""
    city.mark()
    for name in OUTSIDERS:
        for text in ASKED:
            await city.say(name, text)
            await city.say(name, "取消")
    for group, name in (("财政金融专班", "何涛"), ("综合专班", "孙晓雯"), ("青禾县", "张伟")):
        for text in ("/问题", "/问题 ZX0032", "/查 ZX0032", "/问题 W0191", "/亮灯 蓝"):
            await city.say(name, text, group=group)
    await city.clock("2026-09-28 09:00")
    await city.say("孙晓雯", "从台账生成")
    await city.clock("2026-10-09 09:00")
    return sorted(_heard(one) for one in city.heard_by_anyone() if one.to not in CIRCLE)


def _heard(message: Message) -> tuple[str, str, tuple[str, ...]]:
    return (f"{message.to} {message.when}", message.text, message.actions)


@pytest.mark.sqlite_only  # it opens its cities on files, wherever it runs
async def test_b8_outsiders_cannot_tell_the_city_from_one_without_it(tmp_path: Path) -> None:
    """Rules B4 B8: every command and listing answers outsiders as if the item did not exist."""
    heard: list[list[tuple[str, str, tuple[str, ...]]]] = []
    for with_it in (True, False):
        folder = tmp_path / str(with_it)
        folder.mkdir()
        async with city_at(folder, "2026-09-22 10:00") as city:
            if with_it:
                await _raise(city)
                assert (await city.item("W0191"))["restricted"]
            heard.append(await _asked(city))
    assert len(heard[0]) > len(OUTSIDERS) * len(ASKED)
    assert heard[0] == heard[1]
