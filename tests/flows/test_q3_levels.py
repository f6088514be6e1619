"""Each organisation coordinates by the levels of its own policy; a linked item shows each side's (rules G1–G7, Q3)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.spreadsheets import read_table
from models.operations import rosters
from models.operations.roster_files import parse_roster
from tests import postgres
from tests.conftest import ON_POSTGRES
from tests.rules.test_levels import COUNTY

from .city import City, lacks, moment, offers, says, silent
from .told import about, on, one_about, told
from .two_houses import AT, COUNTY_PEOPLE, IN_CITY, SOURCES, set_policy, two_houses

TOWN = "  - {name: 城关镇, kind: region, region: 城关镇}\n"
LEADERS = """
  - {name: 田野, unit: 城关镇, roles: [联络员], accounts: {webchat: 田野}}
  - {name: 温岚, unit: 市发展改革委, roles: [分管副县长, 县领导], accounts: {webchat: 温岚}}
  - {name: 高原, unit: 市发展改革委, roles: [常务副县长, 县领导], accounts: {webchat: 高原}}
"""
STATED = "已协调3次未果;症结 需占用国有林场;责任部门 市住建局;路径 组织会审;时限 10月20日"
TO_CITY = "县里开会2次未果;症结 需占用国有林场;责任部门 市林业局;路径 临时使用林地手续;时限 10月20日"
CITY_WORDS = ("县级自行解决", "市攻坚办", "分管副市长", "市政府", "省综合专班")
COUNTY_WORDS = ("乡镇", "县专班", "分管副县长", "县委县政府", "县领导")


@pytest.fixture
async def houses(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[City]:
    """Both, on 09-22; the county has leaders and a chain of levels of its own."""
    server: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with two_houses(tmp_path, server) as city:
        roster = (
            (SOURCES / "xinmi.yaml").read_text(encoding="utf-8").replace("parent: 郑州市", "parent: 新乡市")
        )
        roster = roster.replace("unit_groups:", f"{TOWN}unit_groups:", 1)
        people = COUNTY_PEOPLE.replace("\ngroups:", f"{LEADERS}groups:")
        await city.product.database.write(
            lambda session: rosters.apply(session, parse_roster(roster + people), now=moment(AT))
        )
        await chained(city)
        await city.clock("2026-09-22 09:00")
        city.mark()
        yield city


async def chained(houses: City, at: str = "2026-09-21 18:00") -> None:
    await set_policy(houses, "新密市", {"levels": COUNTY}, at)


async def raised(houses: City, who: str = "文竹", words: str = "") -> None:
    await houses.say(who, words or "P001施工许可办不下来,卡在消防审查,请市住建局10月15日前协调")
    await houses.press(who, "确认", to=who)


async def dispatched(
    houses: City, hub: str, number: str, person: str, supervisor: str, *, unit: str = "市住建局"
) -> None:
    await houses.say(
        hub,
        f"/交办 {number} 目标 取得施工许可;措施 组织会审;责任单位 {unit};责任人 {person};时限 10月15日;"
        f"督办专员 {supervisor}",
    )
    await houses.press(hub, "确认交办", contains=number)
    await houses.say(person, f"/签收 {number}")


async def in_hand(houses: City) -> None:
    """县W0001 of the county, handed out to one of its bureaus and received."""
    await raised(houses)
    await dispatched(houses, "柳青", "县W0001", "文竹", "秦朗")


async def in_town(houses: City, number: str = "县W0001") -> None:
    """县W0001 of the county, handed out to a town and received."""
    await raised(houses, "田野", "P001进场道路被村民堵了,请镇里10月15日前协调")
    await dispatched(houses, "柳青", number, "田野", "秦朗", unit="城关镇")


async def up(houses: City, level: int) -> None:
    """县W0001 raised step by step within the county."""
    for _ in range((await houses.item("县W0001"))["level"], level):
        await houses.say("钟岳", "/提级 县W0001")
        await houses.say("钟岳", STATED)
    assert (await houses.item("县W0001"))["level"] == level


async def sent_up(houses: City, level: int = 3) -> None:
    """The city has taken 县W0001 on as W0001."""
    await up(houses, level)
    await houses.say("柳青", "/提级 县W0001 市综合专班" + (" 原因 林地审批在市里" if level < 3 else ""))
    await houses.say("柳青", TO_CITY)
    await houses.press("梁栋", "受理", contains="县W0001")


async def grades(houses: City, who: str) -> list[tuple[str, str]]:
    """编号 and 层级 of every row of the sheet that somebody exports."""
    await houses.say(who, "/导出 问题")
    [(_, url)] = houses.last(who).files
    async with houses.client.get(f"{houses.base}{url}") as response:
        rows = read_table(await response.read())
    return [(row[0], row[rows[0].index("层级")]) for row in rows[1:]]


async def test_q3_cards_flow_and_sheet_by_the_own_chain(houses: City) -> None:
    await in_town(houses)
    await raised(houses, "江帆")
    await dispatched(houses, "沈月", "W0001", "江帆", "方正")
    await houses.say("柳青", "/查 县W0001")
    says(houses.last("柳青"), "层级：乡镇（街道）自行解决")
    lacks(houses.last("柳青"), *CITY_WORDS)
    await houses.say("柳青", "/查 县W0001 流程")
    says(houses.last("柳青"), "层级：【乡镇】 → 县专班 → 分管副县长 → 县委县政府 → 市", "当前待：田野")
    await houses.say("沈月", "/查 W0001")
    says(houses.last("沈月"), "层级：市攻坚办")
    await houses.say("沈月", "/查 W0001 流程")
    says(houses.last("沈月"), "层级：县 → 【市攻坚办】 → 分管副市长 → 市政府 → 省")
    lacks(houses.last("沈月"), *COUNTY_WORDS)
    assert await grades(houses, "柳青") == [("县W0001", "乡镇级")]
    assert await grades(houses, "沈月") == [("W0001", "市攻坚办")]


async def test_g2_step_by_step_through_the_county(houses: City) -> None:
    """G2 G3 G4 in the county: the county's own people propose, agree, give 批示; the city hears nothing."""
    await in_town(houses)
    houses.mark()
    await houses.say("田野", "/提级 县W0001")
    says(houses.last("田野"), "请补", "已采取措施")  # who asks first says what was done (G3)
    await houses.say("田野", "已协调3次未果")
    card = one_about(houses, "钟岳", "提级建议")
    says(card, "乡镇（街道）自行解决 → 县专班", "已协调3次未果", "田野", "同意后报县专班")
    lacks(card, *CITY_WORDS)
    await houses.press_on(card, "柳青", "同意提级")
    says(houses.last("柳青"), "综合专班负责人")
    houses.mark()
    await houses.press_on(card, "钟岳", "同意提级")
    says(houses.last("钟岳"), "已提级：县W0001", "现为县专班层级", "柳青")
    says(one_about(houses, "田野", "同意提级"), "现为县专班层级")
    says(one_about(houses, "柳青", "同意提级"), "现为县专班层级", "原责任单位继续办理")
    houses.mark()
    await houses.say("钟岳", "/提级 县W0001 分管副县长")
    says(houses.last("钟岳"), "现为分管副县长层级", "温岚")
    put = one_about(houses, "温岚", "县W0001")
    says(put, "提请专项协调", "城关镇 田野继续办理")
    offers(put, "批示", "召开专项协调", "退回综合专班")
    await houses.say("温岚", "/我的")
    says(houses.last("温岚"), "县W0001 待批示")
    await houses.say("柳青", "/查 县W0001 流程")
    says(houses.last("柳青"), "乡镇 → 县专班 → 【分管副县长】 → 县委县政府 → 市")
    assert await grades(houses, "柳青") == [("县W0001", "分管副县长")]
    await houses.press_on(put, "温岚", "批示", input="请市住建局9月30日前办结")
    task = await houses.item("县W0002")
    assert (task["level"], task["unit"]) == (2, "市住建局")
    houses.mark()
    await houses.say("钟岳", "/提级 县W0001 3级")
    says(houses.last("钟岳"), "现为县委县政府层级", "高原")
    says(one_about(houses, "高原", "县W0001"), "提请县委县政府研究")
    await houses.say("温岚", "/退回 县W0001 情况不符")
    says(houses.last("温岚"), "常务副县长")
    await houses.say("高原", "/退回 县W0001 先由分管领导协调")
    says(one_about(houses, "钟岳", "退回"), "现为分管副县长层级", "先由分管领导协调")
    silent(houses, *IN_CITY)


async def test_q3_above_the_top_of_the_county_is_the_citys_item(houses: City) -> None:
    """S39 S70 by a county with a chain of its own: each side shows its levels, notes stay in the county."""
    await in_hand(houses)
    await up(houses, 3)
    houses.mark()
    await houses.say("柳青", "/提级 县W0001 市综合专班")
    says(houses.last("柳青"), "请补", "已采取措施", "问题症结", "责任部门", "化解路径", "建议时限")
    await houses.say("柳青", TO_CITY)
    card = one_about(houses, "梁栋", "县W0001")
    says(card, "新密市提请市级协调", "县里开会2次未果", "市林业局", on("10-20"))
    lacks(card, "组织会审", *COUNTY_WORDS)
    await houses.say("梁栋", "/我的")
    says(houses.last("梁栋"), "县W0001 提请市级协调")
    assert (await houses.item("县W0001"))["level"] == 3
    await houses.press_on(card, "梁栋", "受理")
    county, city = await houses.item("县W0001"), await houses.item("W0001")
    assert (county["level"], city["level"], city["origin_id"]) == (4, 1, county["id"])
    await houses.say("柳青", "/查 县W0001")
    says(houses.last("柳青"), "层级：市综合专班", "市级 W0001：待甄别，市攻坚办")
    await houses.say("柳青", "/查 县W0001 流程")
    says(
        houses.last("柳青"),
        "层级：乡镇 → 县专班 → 分管副县长 → 县委县政府 → 【市】",
        "市级 W0001 层级：县 → 【市攻坚办】 → 分管副市长 → 市政府 → 省",
    )
    await houses.say("沈月", "/查 W0001")
    says(houses.last("沈月"), "层级：市攻坚办")
    lacks(houses.last("沈月"), *COUNTY_WORDS)
    assert await grades(houses, "柳青") == [("县W0001", "市级")]
    for order in (
        "/提级 县W0001",
        "/批示 县W0001 省综合专班10月20日复：已批",
        "/提级 县W0001 已报省 文号 云攻坚〔2026〕41号",
    ):
        await houses.say("柳青", order)
        lacks(houses.last("柳青"), "已登记", "请市攻坚办先发", "回填文号")
    await houses.say("高原", "/退回 县W0001 不用报了")
    says(houses.last("高原"), "已由市级受理为 W0001")
    assert (await houses.item("县W0001"))["level"] == 4


async def test_q3_the_citys_levels_and_decisions_flow_down_as_its_own(houses: City) -> None:
    """S70: 批示 at level 2 of the city; the county's item stays with the city and names the city's level."""
    await in_hand(houses)
    await sent_up(houses)
    await houses.say(
        "沈月",
        "/交办 W0001 目标 办结林地手续;措施 现场踏勘;责任单位 市林业局;责任人 林溪;时限 10月20日;督办专员 方正",
    )
    await houses.press("沈月", "确认交办", contains="W0001")
    await houses.say("梁栋", "/提级 W0001 2级")
    says(one_about(houses, "万里", "W0001", "提请"), "提请专项协调")
    await houses.press("万里", "批示", input="请市林业局9月30日前办结", contains="W0001")
    says(about(houses, "柳青", "市级 W0001")[-1], "县W0001", "万里批示")
    county = await houses.item("县W0001")
    assert county["level"] == 4
    await houses.say("柳青", "/查 县W0001")
    says(houses.last("柳青"), "层级：市综合专班", "市级 W0001", "，分管副市长，", "9月30日前办结")
    fields = {(row["field"], row["new"]) for row in await houses.audit("item", "县W0001")}
    assert ("city_level", "2") in fields


@pytest.mark.parametrize("level", [3, 1])
async def test_g6_what_the_city_does_not_take_falls_back_to_where_it_came_from(
    houses: City, level: int
) -> None:
    """From the top, or from level 1 with the reason why only the city can decide (G2)."""
    await in_hand(houses)
    await sent_up(houses, level)
    assert (await houses.item("县W0001"))["level"] == 4
    await houses.say("沈月", "/问题")
    await houses.press("沈月", "不予受理", input="不属市级事权", contains="W0001")
    assert (await houses.item("县W0001"))["level"] == level
    await houses.say("柳青", "/查 县W0001")
    says(houses.last("柳青"), f"层级：{COUNTY[level]['name'] if level == 3 else COUNTY[level]}")  # type: ignore[index]


async def test_g2_a_level_is_skipped_only_for_what_the_city_alone_decides(houses: City) -> None:
    await in_town(houses)
    await houses.say("柳青", "/提级 县W0001 4级 原因 急")
    says(houses.last("柳青"), "提级一次一级，现在是0级，只能提1级")
    await up(houses, 1)
    await houses.say("柳青", "/提级 县W0001 4级")
    says(houses.last("柳青"), "越级报市要写明只能由市里决定的原因")
    lacks(houses.last("柳青"), "省")
    await houses.say("柳青", "/提级 县W0001 县委县政府")
    says(houses.last("柳青"), "提级一次一级，现在是1级，只能提2级", "县专班")


async def test_q3_an_item_keeps_the_chain_it_was_raised_with(houses: City) -> None:
    """A level is a number: under another chain it would mean something else."""
    await set_policy(houses, "新密市", {}, "2026-09-22 09:05", whole=True)  # as the city's
    await raised(houses)
    await chained(houses, "2026-09-22 09:10")
    await dispatched(houses, "柳青", "县W0001", "文竹", "秦朗")  # by the new numbers, at the old level
    await houses.say("柳青", "/查 县W0001")
    says(houses.last("柳青"), "层级：县级自行解决")
    assert await grades(houses, "柳青") == [("县W0001", "县级")]
    await houses.say("柳青", "/提级 县W0001")
    await houses.say("柳青", TO_CITY)
    await houses.press("梁栋", "受理", contains="县W0001")
    await houses.say("柳青", "/查 县W0001")
    says(houses.last("柳青"), "层级：市攻坚办", "市级 W0001")
    await raised(houses, words="P001供电接不进来,卡在高压线迁改,请市住建局10月20日前协调")
    await dispatched(houses, "柳青", "县W0002", "文竹", "秦朗")
    await set_policy(houses, "新密市", {}, "2026-09-22 09:20", whole=True)
    await houses.say("柳青", "/查 县W0002")
    says(houses.last("柳青"), "层级：县专班")
    await houses.say("钟岳", "/提级 县W0002 2级")
    says(one_about(houses, "温岚", "县W0002"), "提请专项协调")
    says(houses.last("钟岳"), "现为分管副县长层级")
    assert await grades(houses, "柳青") == [("县W0001", "市攻坚办"), ("县W0002", "分管副县长")]


async def test_q3_a_city_may_have_its_own_words_and_its_counties_follow(houses: City) -> None:
    """A county without a chain of its own shows the city's (S39 S70)."""
    words = ["县级自行解决", "市重点办", "分管市领导", "市委市政府", "省专班"]
    await set_policy(houses, "新密市", {}, "2026-09-22 09:05", whole=True)
    await set_policy(houses, "新乡市", {"levels": words}, "2026-09-22 09:06")
    await raised(houses)
    await dispatched(houses, "柳青", "县W0001", "文竹", "秦朗")
    assert (await houses.item("县W0001"))["level"] == 0
    await houses.say("柳青", "/提级 县W0001 市重点办")
    await houses.say("柳青", TO_CITY)
    await houses.press("梁栋", "受理", contains="县W0001")
    await houses.say("梁栋", "/提级 W0001 分管市领导 路径 临时使用林地手续;责任部门 市林业局;时限 10月20日")
    says(houses.last("梁栋"), "现为分管市领导层级", "万里")
    says(one_about(houses, "万里", "W0001"), "提请分管市领导协调")
    for who, number in (("沈月", "W0001"), ("柳青", "县W0001")):
        await houses.say(who, f"/查 {number}")
        says(houses.last(who), "层级：分管市领导")
        await houses.say(who, f"/查 {number} 流程")
        says(houses.last(who), "县级自行解决 → 市重点办 → 【分管市领导】 → 市委市政府 → 省专班")
        lacks(houses.last(who), "市攻坚办", "省综合专班")


async def test_b4_the_city_counts_what_the_county_works_on_itself(houses: City) -> None:
    """S38 Q3: at whatever of its levels; what was sent up is counted no longer."""
    await in_hand(houses)
    await up(houses, 2)
    await houses.say("沈月", "/问题")
    says(houses.last("沈月"), "县级自行解决在办：新密市 1 件")
    lacks(houses.last("沈月"), "县W0001", *COUNTY_WORDS)
    await sent_up(houses, 2)
    await houses.say("沈月", "/问题")
    lacks(houses.last("沈月"), "新密市 1 件")


async def test_g1_a_town_solves_at_level_0_what_a_bureau_gets_is_the_offices(houses: City) -> None:
    """What 综合专班 hands to a town is the town's; sent back and handed to a bureau, it is 县专班's."""
    await raised(houses, "田野", "P001进场道路被村民堵了,请镇里10月15日前协调")
    assert (await houses.item("县W0001"))["level"] == 1  # 综合专班 has it in hand
    order = "/交办 县W0001 目标 道路畅通;措施 入户;责任单位 {};责任人 {};时限 10月15日;督办专员 秦朗"
    await houses.say("柳青", order.format("城关镇", "田野"))
    await houses.press("柳青", "确认交办", contains="县W0001")
    assert (await houses.item("县W0001"))["level"] == 0
    await houses.say("田野", "/退回 县W0001 不属本镇 建议 市住建局")
    await houses.say("柳青", order.format("市住建局", "文竹"))
    await houses.press("柳青", "确认交办", contains="县W0001")
    assert (await houses.item("县W0001"))["level"] == 1
    await houses.say("钟岳", "/提级 县W0001 2级")
    await houses.say("文竹", "/退回 县W0001 应由镇里办 建议 城关镇")
    await houses.say("柳青", order.format("城关镇", "田野"))
    await houses.press("柳青", "确认交办", contains="县W0001")
    assert (await houses.item("县W0001"))["level"] == 2  # the duties below go on (G5)


async def test_g7_grave_goes_to_the_leaders_of_the_county(houses: City) -> None:
    await raised(houses, words="紧急:P001基坑塌方,已停工撤人")
    card = one_about(houses, "钟岳", "紧急问题")
    says(card, "县W0001", "直接升至县委县政府层级并即时报常务副县长、分管副县长")
    lacks(card, *CITY_WORDS)
    houses.mark()
    await houses.press_on(card, "钟岳", "定为特别重大")
    says(houses.last("钟岳"), "现为县委县政府层级")
    for leader in ("温岚", "高原"):
        says(one_about(houses, leader, "【紧急】"), "县W0001", "已升至县委县政府层级")
    assert (await houses.item("县W0001"))["level"] == 3
    silent(houses, *IN_CITY)


async def test_f6_the_ladder_names_the_levels_of_the_county(houses: City) -> None:
    """T+10: 提级建议 to the county's 综合专班负责人 by the county's words; at the top, to ask the city."""
    await in_town(houses)
    await raised(houses, words="P001供电接不进来,卡在高压线迁改,请市住建局10月20日前协调")
    await dispatched(houses, "柳青", "县W0002", "文竹", "秦朗")
    for _ in range(2):
        await houses.say("钟岳", "/提级 县W0002")
    assert (await houses.item("县W0002"))["level"] == 3
    houses.mark()
    await houses.clock("2026-10-26 09:30")
    says(about(houses, "钟岳", "提级建议", "县W0001")[0], "乡镇（街道）自行解决 → 县专班", "逾期")
    top = about(houses, "钟岳", "提级建议", "县W0002")[0]
    says(top, "县委县政府 → 市综合专班", "可提请市级协调并写明已采取措施")
    offers(top, "提级 4级")
    assert "梁栋" not in told(houses, "县W0001")
    await houses.press_on(top, "钟岳", "提级 4级")
    says(houses.last("钟岳"), "请补", "已采取措施")


async def test_b10_refusals_name_the_posts_of_the_county(houses: City) -> None:
    await in_hand(houses)
    await up(houses, 2)
    await houses.say("文竹", "/退回 县W0001 办不了")
    says(houses.last("文竹"), "县W0001 当前办理中，不能退回")
    await houses.say("秦朗", "/批示 县W0001 请市住建局9月30日前办结")
    says(houses.last("秦朗"), "分管副县长")
    lacks(houses.last("秦朗"), "分管副市长")
    await houses.say("柳青", "/批示 县W0001 请市住建局9月30日前办结")
    lacks(houses.last("柳青"), "分管副市长")


async def test_e12_red_for_long_goes_up_by_the_words_of_the_county(houses: City) -> None:
    numbers = {"red_days_notice": 1, "red_days_proposal": 2, "red_days_meeting": 3}
    await set_policy(
        houses, "新密市", {"lights": {"yellow_at": 3, "red_above": 5}, **numbers}, "2026-09-22 09:00"
    )
    houses.mark()
    await houses.clock("2026-09-28 09:30")
    card = one_about(houses, "钟岳", "【提级建议】P001")
    says(card, "建议提请分管副县长专项协调", "同意后报分管副县长")
    says(one_about(houses, "钟岳", "月度专题会议", "P001"), "列入常务副县长月度专题会议建议议题")
    await houses.press_on(
        card, "钟岳", "修改症结…", input="症结 征地未完；责任部门 市住建局；路径 包村到人；建议时限 10月20日"
    )
    await houses.press("钟岳", "同意提级", contains="P001")
    says(one_about(houses, "温岚", "县W0001"), "提请专项协调", "连续红灯")
    assert (await houses.item("县W0001"))["level"] == 2
    assert told(houses, "县W0001").isdisjoint(IN_CITY)
    assert told(houses, "溱水河").isdisjoint(IN_CITY)


async def test_m1_a_meeting_of_the_county_raises_to_its_own_level(houses: City) -> None:
    await in_hand(houses)
    await up(houses, 2)
    await houses.say("柳青", "/会议 拟题 9月专题")
    says(houses.last("柳青"), "县W0001", "2 级已")
    await houses.say("柳青", "/会议 报市攻坚办")
    says(one_about(houses, "钟岳", "请审定"), "各项升至县委县政府（3级），报常务副县长")
    await houses.press("钟岳", "同意议题", contains="请审定")
    says(houses.last("钟岳"), "已升至县委县政府（3级）")
    says(one_about(houses, "高原", "提请研究"), "县专班 钟岳 审定", "县W0001")
    assert (await houses.item("县W0001"))["level"] == 3
    silent(houses, *IN_CITY)


@pytest.mark.parametrize(
    "words",
    [
        "/提级 县W0001 分管副县长",
        "/提级 县W0001到分管副县长专项协调",
        "县W0001提级到分管副县长",
        "/提级 县W0001 2级",
    ],
)
async def test_g2_the_next_level_by_any_of_its_names(houses: City, words: str) -> None:
    await in_hand(houses)
    await up(houses, 1)
    await houses.say("钟岳", words)
    says(houses.last("钟岳"), "现为分管副县长层级")
    assert (await houses.item("县W0001"))["level"] == 2
