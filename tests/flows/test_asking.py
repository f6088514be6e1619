"""Lists of projects and problems asked for in a command or in plain words (rules B3–B5, B8, C15, D1, D5)."""

from __future__ import annotations

import pytest

from .city import City, lacks, norm, says, silent
from .conftest import OpenCity

OWN = ("ZX0031", "ZX0032", "JJ0003", "ZY0009")
OTHERS = ("ZD0108", "ZD0115", "ZY0007", "SG0012", "ZD0120")
REFUSAL = "未找到,或您无权查看"


async def the_city(open_city: OpenCity) -> City:
    city = await open_city("2026-09-22 10:00")
    city.mark()
    return city


@pytest.mark.parametrize("said", ["/查 项目", "我们县的项目都咋样了", "我们县有几个项目", "列一下所有项目"])
async def test_a_county_sees_its_own(open_city: OpenCity, said: str) -> None:
    """Rules B3 D5: the worst light first, with sums, dates and lights; nothing of other counties, nothing changed."""
    city = await the_city(open_city)
    await city.say("张伟", said)
    answer = city.only("张伟")
    says(
        answer,
        *OWN,
        "4 项(09-22):红 0 黄 1 绿 3",
        "年度计划 19400",
        "今年累计 12450 万元",
        "完成率 64.18%",
        "08-31",
    )
    lacks(answer, *OTHERS)
    assert answer.text.index("ZX0031") < answer.text.index("ZX0032")
    assert {message.to for message in city.heard_by_anyone()} == {"张伟"}


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("/查 青禾县", OWN),
        ("/查 台账 青禾县", OWN),
        ("青禾县有哪些黄灯项目", ("ZX0031",)),
        ("/查 交通专班项目", ("ZD0115",)),
        ("/查 青禾县专项债券", ("ZX0031", "ZX0032")),
        ("/查 市本级", ("ZD0115",)),
        ("/查 前期", ("SG0012",)),
        ("临河区卫健委的项目情况", ("ZY0007",)),
    ],
)
async def test_what_the_words_name(open_city: OpenCity, said: str, codes: tuple[str, ...]) -> None:
    """Rule D1: place, body, unit, category, stage and light, each a view of the one record; they add up to a filter."""
    city = await the_city(open_city)
    await city.say("孙晓雯", said)
    answer = city.only("孙晓雯")
    says(answer, *codes, f"{len(codes)} 项")
    lacks(answer, *(code for code in (*OWN, *OTHERS) if code not in codes))


@pytest.mark.parametrize("said", ["/查 白石县", "/查 交通专班项目", "/查 台账 临河区", "/查 火星县"])
async def test_other_peoples_are_not_there(open_city: OpenCity, said: str) -> None:
    """Rule B4: a county of others is answered like one that does not exist."""
    city = await the_city(open_city)
    await city.say("张伟", said)
    assert norm(city.only("张伟").text) == norm(REFUSAL)


@pytest.mark.parametrize("who", ["曹颖", "刘洋"])
async def test_who_sees_no_ledger_gets_no_list(open_city: OpenCity, who: str) -> None:
    """Rule B3: neither a bank nor the system administrator."""
    city = await the_city(open_city)
    await city.say(who, "/查 项目")
    assert norm(city.only(who).text) == norm(REFUSAL)


async def test_in_a_group_only_the_groups(open_city: OpenCity) -> None:
    """Rule B5: asker ∩ group; the rest in private."""
    city = await the_city(open_city)
    await city.say("孙晓雯", "/查 项目", group="青禾县")
    told = city.last("青禾县")
    says(told, *OWN, "其余内容已私聊发您")
    lacks(told, *OTHERS)
    says(city.last("孙晓雯"), *OWN, *OTHERS)


async def test_each_ledger_with_its_lights(open_city: OpenCity) -> None:
    """「各县情况怎么样」: the ledgers side by side; a county's liaison sees only their own."""
    city = await the_city(open_city)
    await city.say("孙晓雯", "各县情况怎么样")
    says(city.only("孙晓雯"), "白石县 1 项(红 0 黄 1 绿 0)", "计划 20000,累计 8600,完成率 43.00%")
    city.mark()
    await city.say("张伟", "各县情况怎么样")
    says(city.only("张伟"), "青禾县 4 项(红 0 黄 1 绿 3)")
    lacks(city.only("张伟"), "白石县", "临河区")


async def test_a_problem_by_its_words(open_city: OpenCity) -> None:
    """Rules B3 B4: one fits and is shown; who may not see it gets the words for what does not exist."""
    city = await the_city(open_city)
    for said in ("/查 林地", "林地那个问题到哪一步了"):
        city.mark()
        await city.say("陈立新", said)
        says(city.only("陈立新"), "W0186", "苏静")
    city.mark()
    await city.say("陈立新", "铁路桥方案的事谁在办")
    says(city.only("陈立新"), "W0190", "吴迪 办理", "10-16 18:00")
    city.mark()
    await city.say("张伟", "/查 林地")
    assert norm(city.only("张伟").text) == norm(REFUSAL)


async def test_restricted_problems_are_not_found(open_city: OpenCity) -> None:
    """Rule B8: not in search results, not even for those who may see the item."""
    city = await the_city(open_city)
    await city.say("周敏", "/问题 受限 ZX0031 专项债资金拨付不合规")
    await city.say("周敏", "确认")
    for who in ("周敏", "陈立新", "孙晓雯"):
        city.mark()
        await city.say(who, "/查 资金拨付不合规")
        lacks(city.only(who), "W0191")


async def test_a_greeting(open_city: OpenCity) -> None:
    """Rule C15: a word back with two examples of what can be said."""
    city = await the_city(open_city)
    await city.say("张伟", "你好")
    says(city.only("张伟"), "您好,张伟", "「污水处理厂累计5500万」或「/查 ZX0031」", "/我的")


async def test_received_is_no_receipt(open_city: OpenCity) -> None:
    """Rules C16 F3: 「收到」 after a dispatch leaves the item 待签收."""
    city = await the_city(open_city)
    await city.say("魏然", "/问题 ZY0007 施工许可办不下来，请市住建局协调，10月15日前")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "/交办 W0191 措施 并联;责任人 彭倩;督办专员 马德胜")
    await city.press("孙晓雯", "确认交办", contains="W0191")
    city.mark()
    for said in ("收到", "收到，马上办"):
        city.mark()
        await city.say("彭倩", said)
        says(city.only("彭倩"), "还没有签收:W0191", "签收 W0191", "/我的")
        assert (await city.item("W0191"))["state"] == "待签收"
    await city.say("彭倩", "签收 W0191")
    assert (await city.item("W0191"))["state"] == "办理中"


async def test_a_verb_with_a_number_needs_no_card(open_city: OpenCity) -> None:
    """Rules B10 F1: 「销号 W0186」 without a slash is the command; a question about it is none (C16)."""
    city = await the_city(open_city)
    await city.say("孙晓雯", "销号 W0186")
    says(city.only("孙晓雯"), "W0186", "销号", "办理中")
    lacks(city.only("孙晓雯"), "反馈")
    city.mark()
    await city.say("李娜", "销号 W0186")
    says(city.only("李娜"), "销号", "综合专班")
    city.mark()
    await city.say("孙晓雯", "销号 W0186 还要多久")
    lacks(city.only("孙晓雯"), "已销号")
    assert (await city.item("W0186"))["state"] == "办理中"


async def test_a_verb_with_a_code_needs_no_card(open_city: OpenCity) -> None:
    """Rules E10 B10: 「已阅 ZD0108」 is the command; who may not is told who may."""
    city = await the_city(open_city)
    await city.say("钱文海", "已阅 ZD0108")
    says(city.only("钱文海"), "已记录")
    city.mark()
    await city.say("李娜", "已阅 ZD0108")
    says(city.only("李娜"), "带班领导")


async def test_more_after_an_accepted_feedback_is_not_late(open_city: OpenCity) -> None:
    """Rule E9: ZD0108's feedback was accepted in time; what its unit adds later was not due."""
    city = await the_city(open_city)
    await city.say("李娜", "/反馈 ZD0108 9月27日前累计完成9500，10月18日追平")
    says(city.only("李娜"), "已提交 ZD0108 黄灯反馈", "09-27 累计 9500 万元")
    lacks(city.only("李娜"), "逾期")
    lacks(city.last("孙晓雯"), "逾期")


async def test_the_history_speaks_chinese(open_city: OpenCity) -> None:
    """Rule Q2: states of a feedback are shown in the words of the trade."""
    city = await the_city(open_city)
    await city.say("苏静", "W0186 已补正林地材料，预计10月8日取得批复")
    await city.press("苏静", "确认")
    await city.press("马德胜", "采纳")
    city.mark()
    await city.say("马德胜", "/审计 W0186")
    history = next(message for message in city.heard("马德胜") if "审计" in message.text)
    says(history, "已提交 → 已采纳")
    lacks(history, "submitted", "accepted")


async def test_talk_during_a_question_is_still_talk(open_city: OpenCity) -> None:
    """Rule C4: an open question stays the first thing said."""
    city = await the_city(open_city)
    await city.say("张伟", "青禾灌区今天完成了渠首闸改造,进度正常")
    city.mark()
    await city.say("张伟", "你好")
    says(city.only("张伟"), "这句我没有用上", "JJ0003")


async def test_group_talk_is_not_heard(open_city: OpenCity) -> None:
    """Rule C15: without @助手 nothing is answered."""
    city = await the_city(open_city)
    await city.say("张伟", "我们县有几个项目", group="青禾县", addressed=False)
    silent(city, "青禾县", "张伟")


async def test_duties_and_problems_asked_for_in_plain_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    for text in ("我的待办", "我还有什么要办的", "我的待办有哪些？"):
        await city.say("苏静", text)
        says(city.last("苏静"), "W0186 定期反馈")
    for text in ("还有几个问题没办完", "有哪些在办的问题", "/查 问题"):
        await city.say("李娜", text)
        says(city.last("李娜"), "在办问题 1", "W0186")


async def test_a_foreign_code_asked_about_in_words_is_not_found(open_city: OpenCity) -> None:
    """Rule B4: the same words as for a code that does not exist."""
    city = await open_city("2026-09-22 10:02")
    for code in ("ZX0031", "ZX9999"):
        await city.say("李娜", f"{code}进度怎么样")
        assert city.last("李娜").text == "未找到，或您无权查看"
