"""S38, S39, S70: a county and its city in one installation (rules G1–G6, Q3, B4)."""

from __future__ import annotations

import pytest

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import about, iso, on, one_about, told

BLOCKED = "城南污水处理厂进场道路被村民堵了,请乡镇协调"
STATED = "已协调3次未果;症结 进场道路需占用国有林场;责任部门 市林业局;路径 临时使用林地手续;时限 10月20日"


async def reported(city: City) -> None:
    """县W0045 is 待甄别 in the county."""
    await city.say("张伟", BLOCKED)
    await city.press("张伟", "确认", to="张伟")


async def dispatched(city: City) -> None:
    """县W0045 has been handed out to 城关镇."""
    await reported(city)
    await city.press("张伟", "交办", contains="县W0045")
    await city.say(
        "张伟", "目标 道路恢复通行;责任单位 城关镇;责任人 张伟;措施 镇里入户做工作;时限 3日内;督办专员 赵永年"
    )
    await city.press("张伟", "确认交办", contains="县W0045")


async def asked(city: City) -> None:
    """The county has asked the city."""
    await dispatched(city)
    await city.say("张伟", "/提级 县W0045")
    await city.say("张伟", STATED)


async def accepted(city: City) -> None:
    """The city has taken it on as W0191."""
    await asked(city)
    await city.press("陈立新", "受理", contains="县W0045")


async def test_s38_a_county_solves_its_own(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40")
    await city.say("张伟", BLOCKED)
    card = city.last("张伟")
    says(card, "ZX0031", "进场道路", "青禾县综合专班(县级自行解决)")
    offers(card, "确认", "改报市级")
    await city.press("张伟", "确认", to="张伟")
    item = await city.item("县W0045")
    assert (item["level"], item["state"], item["raised_by"]) == (0, "待甄别", "张伟")
    assert await city.rows("SELECT id FROM items WHERE number = 'W0191'") == []
    assert not about(city, "孙晓雯", "县W0045")
    assert not about(city, "陈立新", "县W0045")
    await city.say("张伟", "/我的")
    says(city.last("张伟"), "县W0045", "待甄别")


async def test_s38_dispatch_in_the_county(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40")
    await dispatched(city)
    item = await city.item("县W0045")
    assert (item["state"], item["unit"], item["person"], item["supervisor"]) == (
        "待签收", "城关镇", "张伟", "赵永年",
    )  # fmt: skip
    await city.say("张伟", "/签收 县W0045")
    assert (await city.item("县W0045"))["state"] == "办理中"


async def test_s38_the_city_sees_only_the_count(open_city: OpenCity) -> None:
    """Rules B4 Q3: neither number nor words, for whoever asks; the count for who oversees."""
    city = await open_city("2026-09-22 08:40", None)
    await dispatched(city)
    for who in ("孙晓雯", "陈立新", "马德胜", "郑海峰", "彭倩", "李娜"):
        await city.say(who, "/查 县W0045")
        says(city.last(who), "未找到，或您无权查看")
        await city.say(who, "/问题 ZX0031")
        lacks(city.last(who), "县W0045", "进场道路")
        await city.say(who, "/问题")
        lacks(city.last(who), "县W0045", "进场道路")
    await city.say("孙晓雯", "/问题")
    says(city.last("孙晓雯"), "县级自行解决在办：青禾县 1 件")
    await city.say("李娜", "/问题")
    lacks(city.last("李娜"), "青禾县 1 件")
    await city.say("张伟", "/问题")
    says(city.last("张伟"), "县W0045")
    assert not any(
        "县W0045" in message.text for message in city.heard_by_anyone() if message.to in ("孙晓雯", "陈立新")
    )


async def test_q3_a_post_in_the_county_gives_no_right_in_the_city(open_city: OpenCity) -> None:
    """赵永年 heads the county's 综合专班, not the city's."""
    city = await open_city("2026-09-22 08:40")
    for order in ("/查 W0190", "/提级 W0190 2级", "/交办 W0190 责任人 吴迪"):
        await city.say("赵永年", order)
        says(city.last("赵永年"), "未找到，或您无权查看")
    await city.say("赵永年", "/调灯 ZX0031 绿 至 2026-10-10 原因 试试")
    lacks(city.last("赵永年"), "绿(调)")
    assert (await city.item("W0190"))["level"] == 1


async def test_s38_a_wish_to_the_city_goes_to_the_city(open_city: OpenCity) -> None:
    """Rule Q3: who serves in both says it by whom they ask; the card shows it and offers the other."""
    city = await open_city("2026-09-22 08:40")
    await city.say("张伟", "ZX0031施工许可办不下来,请市住建局10月15日前协调")
    says(city.last("张伟"), "云川市综合专班")
    await city.press("张伟", "改为县级办理", to="张伟")
    says(city.last("张伟"), "青禾县综合专班(县级自行解决)")
    await city.press("张伟", "改报市级", to="张伟")
    await city.press("张伟", "确认", to="张伟")
    assert (await city.item("W0191"))["level"] == 1
    assert about(city, "孙晓雯", "W0191")


async def test_s39_a_county_asks_the_city(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40")
    await dispatched(city)
    city.mark()
    await city.say("张伟", "/提级 县W0045")
    says(city.only("张伟"), "请补", "已采取措施", "问题症结", "责任部门", "化解路径", "建议时限")
    assert told(city) == {"张伟"}
    city.mark()
    await city.say("张伟", STATED)
    card = city.only("陈立新")
    says(
        card,
        "青禾县提请市级协调",
        "县W0045",
        "已协调3次未果",
        "国有林场",
        "市林业局",
        "临时使用林地手续",
        on("10-20"),
    )
    lacks(card, "镇里入户做工作")
    offers(card, "受理", "退回县级")
    assert told(city) == {"张伟", "陈立新"}
    assert (await city.item("县W0045"))["level"] == 0
    city.mark()
    await city.press_on(card, "陈立新", "受理")
    item = await city.item("W0191")
    county = await city.item("县W0045")
    assert (item["level"], item["state"], item["origin_id"]) == (1, "待甄别", county["id"])
    assert (county["level"], county["state"]) == (1, "待签收")
    says(one_about(city, "孙晓雯", "W0191"), "待甄别", "国有林场", "临时使用林地手续")
    says(one_about(city, "张伟", "W0191"), "陈立新已受理", "县W0045")
    assert "赵永年" not in told(city)
    await city.say("孙晓雯", "/查 W0191")
    lacks(city.last("孙晓雯"), "镇里入户做工作")
    await city.say("赵永年", "/查 县W0045")
    says(city.last("赵永年"), "市级 W0191", "待甄别", "市攻坚办")
    city.mark()
    await city.press_on(card, "陈立新", "退回县级", input="重复")
    says(city.only("陈立新"), "已受理")
    await city.say("张伟", "/提级 县W0045")
    says(city.last("张伟"), "W0191")


@pytest.mark.parametrize("words", ["市里", "到市级", "报市攻坚办协调", "1级"])
async def test_g3_the_city_is_named_in_any_words(open_city: OpenCity, words: str) -> None:
    """Where it goes is no 症结: everything is still asked for."""
    city = await open_city("2026-09-22 08:40")
    await dispatched(city)
    await city.say("张伟", f"/提级 县W0045 {words}")
    says(city.last("张伟"), "请补", "已采取措施", "问题症结", "责任部门", "化解路径", "建议时限")


async def test_s39_sent_back_to_the_county(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40")
    await asked(city)
    city.mark()
    await city.press("陈立新", "退回县级", contains="县W0045")
    says(city.only("陈立新"), "原因")
    await city.say("陈立新", "先由县林业部门出具意见")
    says(one_about(city, "张伟", "退回"), "陈立新", "先由县林业部门出具意见")
    item = await city.item("县W0045")
    assert (item["level"], item["state"]) == (0, "待签收")
    assert await city.rows("SELECT id FROM items WHERE number = 'W0191'") == []
    await city.say("张伟", "/提级 县W0045")  # it may ask again
    says(city.last("张伟"), "请补")


@pytest.mark.parametrize("who", ["孙晓雯", "李娜", "赵永年", "郑海峰"])
async def test_g2_only_the_city_head_takes_it_on(open_city: OpenCity, who: str) -> None:
    city = await open_city("2026-09-22 08:40")
    await asked(city)
    card = city.with_button("陈立新", "受理", contains="县W0045")
    city.mark()
    await city.press_on(card, who, "受理")
    says(city.only(who), "综合专班负责人")
    assert await city.rows("SELECT id FROM items WHERE number = 'W0191'") == []


async def test_s70_what_the_city_decides_flows_down(open_city: OpenCity) -> None:
    """Rules G5 Q3: 批示 and tasks stand in 县W0045 at once; closing W0191 leaves 县W0045 to the county."""
    city = await open_city("2026-09-22 08:40")
    await accepted(city)
    await city.clock("2026-09-23 10:00")
    await city.say("张伟", "/签收 县W0045")
    await city.press("孙晓雯", "交办", contains="W0191")
    await city.say("孙晓雯", "责任单位 市林业局;措施 现场踏勘;责任人 苏静;督办专员 马德胜")
    await city.press("孙晓雯", "确认交办", contains="W0191")
    await city.say("陈立新", "/提级 W0191 2级")
    await city.press("郑海峰", "批示", input="请林业局9月30日前办结临时用地手续", contains="W0191")
    says(about(city, "张伟", "市级 W0191")[-1], "县W0045", "郑海峰批示", "W0192 市林业局")
    await city.say("赵永年", "/查 县W0045")
    says(
        city.last("赵永年"),
        "层级：分管副市长",
        "市级 W0191",
        "郑海峰",
        "办结临时用地手续",
        "W0192",
    )
    assert (await city.item("县W0045"))["feedback_due_at"] == iso("2026-10-08 18:00")  # its own duties go on
    fields = [(row["field"], row["new"]) for row in await city.audit("item", "县W0045")]
    assert ("city_state", "待签收") in fields
    assert ("level", "2") in fields
    city.mark()
    await city.say("苏静", "/签收 W0191")
    await city.say("苏静", "/办结 W0191 手续已批 文号 云林审〔2026〕95号")
    await city.press("马德胜", "通过", contains="W0191")
    await city.press("孙晓雯", "销号", contains="W0191")
    item = await city.item("县W0045")
    assert item["state"] == "待销号"
    card = about(city, "张伟", "县W0045", "待销号")[-1]
    says(card, "W0191")
    offers(card, "销号", "继续办理")
    await city.press_on(card, "张伟", "销号")
    assert (await city.item("县W0045"))["state"] == "已销号"


async def test_s70_the_county_may_find_it_unsolved(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40")
    await accepted(city)
    await city.say("张伟", "/签收 县W0045")
    await city.say(
        "孙晓雯", "/交办 W0191 责任单位 市林业局;目标 办结手续;措施 现场踏勘;责任人 苏静;督办专员 马德胜"
    )
    await city.press("孙晓雯", "确认交办", contains="W0191")
    await city.say("苏静", "/签收 W0191")
    await city.say("苏静", "/办结 W0191 手续已批 文号 云林审〔2026〕95号")
    await city.press("马德胜", "通过", contains="W0191")
    await city.press("孙晓雯", "销号", contains="W0191")
    await city.press("张伟", "继续办理", input="村民仍在堵路", contains="县W0045")
    item = await city.item("县W0045")
    assert (item["state"], item["level"]) == ("办理中", 0)


async def test_s39_turned_down_by_the_city_it_is_the_countys_again(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40")
    await accepted(city)
    city.mark()
    await city.press("孙晓雯", "不予受理", input="属县级事权", contains="W0191")
    assert (await city.item("县W0045"))["level"] == 0
    assert about(city, "张伟", "W0191", "回到县级办理")
    silent(city, "赵永年")


async def test_q3_no_duplicates_of_the_countys_own_items(open_city: OpenCity) -> None:
    """Rules F13 Q3: the city is not shown what the county keeps on the same project, nor the other way round."""
    city = await open_city("2026-09-22 08:40")
    await city.say("张伟", "ZX0031施工许可办不下来,请县住建局10月15日前协调")
    await city.press("张伟", "确认", to="张伟")
    assert (await city.item("县W0045"))["level"] == 0
    city.mark()
    await city.say("彭倩", "ZX0031施工许可办不下来,卡在消防审查,请协调")
    if city.last("彭倩").button("确认") is None:
        await city.say("彭倩", "请市住建局10月15日前协调")
    await city.press("彭倩", "确认", to="彭倩")
    for message in city.heard_by_anyone():
        lacks(message, "县W0045", "县住建局")
    says(one_about(city, "孙晓雯", "W0191"), "施工许可")
    await city.say("陈立新", "/查 五尽")
    await city.press("陈立新", "看未完成")
    lacks(city.last("陈立新"), "县W0045")


async def test_q3_a_county_without_a_ledger_has_no_routine_of_its_own(open_city: OpenCity) -> None:
    """Rules I1 I4 Q3: its people are asked by the city alone, once a week, for the county; no second ranking."""
    city = await open_city("2026-09-21 18:00")
    await city.clock("2026-10-08 10:00")
    asked = [one for name in ("张伟", "赵永年") for one in city.heard(name)]
    for message in asked:
        lacks(message, "城关镇", "县发展改革委", "联审联批", "青禾县9月考评初稿: 得分 —")
    weekly = about(city, "张伟", "本周反馈")
    assert len({one.when[:10] for one in weekly}) == len(weekly)
