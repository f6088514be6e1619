"""A city and its county in one installation, each with its own ledger, numbers, papers and routine (rule Q3)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import docx
import pytest

from models.operations import rosters
from models.operations.roster_files import parse_roster
from templates.documents import SHIPPED
from tests import postgres
from tests.conftest import ON_POSTGRES

from .city import City, lacks, moment, offers, says, silent
from .told import about, feed_back, iso, on, one_about, told
from .two_houses import AT, COUNTY_PEOPLE, IN_CITY, IN_COUNTY, SOURCES, set_policy, two_houses

COUNTY_NUMBERS = {
    "lights": {"yellow_at": 5},
    "yellow_feedback_workdays": 2,
    "item_feedback_workdays": 2,
    "receipt_workdays": 2,
    "supervision_reply_workdays": 1,
}
OF_COUNTY = ("新密市溱水河", "县W0001", "新密市住建", "钟岳", "文竹", "城关镇")
OF_CITY = ("滨湖路", "梁栋", "江帆", "红旗区")


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """The installation's own 提醒函, the county's own 督办函."""
    folder = tmp_path / "templates"
    (folder / "新密市").mkdir(parents=True)
    _reworded(folder / "提醒函.docx", "提醒函", "全市统一格式")
    _reworded(folder / "新密市" / "督办函.docx", "督办函", "新密专用格式")
    return folder


def _reworded(target: Path, name: str, words: str) -> None:
    paper = docx.Document(str(SHIPPED / f"{name}.docx"))
    body = next(one for one in paper.paragraphs if one.style is not None and one.style.name == "公文正文")
    body.insert_paragraph_before(words, style=body.style)
    paper.save(str(target))


@pytest.fixture
async def houses(request: pytest.FixtureRequest, tmp_path: Path, documents: Path) -> AsyncIterator[City]:
    server: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with two_houses(tmp_path, server, documents=documents) as city:
        yield city


async def set_off(houses: City) -> None:
    """The county's own numbers, from the evening before."""
    await set_policy(houses, "新密市", COUNTY_NUMBERS, "2026-09-21 18:00")


async def test_q3_a_light_by_the_countys_threshold(houses: City) -> None:
    """Q3 E2 E6 E8 E9: 7.78 points behind is 黄 in the county from 07:00 on, 绿 in the city; its own feedback date."""
    await houses.say("文竹", "/查 P001")
    says(houses.last("文竹"), "新密市溱水河治理工程", "绿")
    await set_off(houses)
    houses.mark()
    await houses.clock("2026-09-22 08:30")
    warning = one_about(houses, "文竹", "P001", "黄")
    says(warning, "新密市溱水河治理工程", on("09-24", "18:00"))
    assert told(houses, "溱水河") == {"文竹", "石坚", "新密联审联批专班", "新密综合专班"}
    silent(houses, *IN_CITY)
    houses.mark()
    await houses.say("文竹", "/查 P001")
    says(houses.last("文竹"), "黄", "7.78")
    await houses.say("江帆", "/查 P001")
    says(houses.last("江帆"), "新乡市滨湖路改造工程", "绿", "7.78")
    await houses.say("柳青", "/亮灯", group="新密综合专班")
    says(houses.last("新密综合专班"), "黄 1", "溱水河")
    await houses.say("沈月", "/亮灯", group="综合专班")
    says(houses.last("综合专班"), "绿 1")
    lacks(houses.last("综合专班"), "溱水河")
    await houses.say("文竹", "溱水河治理累计完成8400万")
    says(houses.last("文竹"), "黄 → 绿")
    await houses.say("江帆", "滨湖路改造累计完成7900万")
    says(houses.last("江帆"), "确认后亮灯：绿")


async def test_q3_a_case_keeps_the_numbers_it_was_opened_with(houses: City) -> None:
    """Q3 E9: a later version changes no date of a warning that is out."""
    await set_off(houses)
    await houses.clock("2026-09-22 08:30")
    await set_policy(
        houses, "新密市", {"yellow_feedback_workdays": 9, "acknowledge_workdays": 3}, "2026-09-22 09:00"
    )
    await houses.clock("2026-09-23 08:00")
    case = (await houses.rows("SELECT feedback_due_at, policy_version FROM light_cases"))[0]
    assert case["policy_version"] == 2
    assert str(case["feedback_due_at"]).startswith("2026-09-24 10:00")  # UTC
    houses.mark()
    await set_policy(houses, "新密市", {"lights": {"yellow_at": 10}}, "2026-09-23 08:00")
    await houses.clock("2026-09-24 08:30")
    says(one_about(houses, "文竹", "P001", "绿"), "溱水河")


async def handed_out(houses: City) -> None:
    """县W0001 was handed out to the county's 市住建局 on 09-22 and received."""
    await set_off(houses)
    await houses.clock("2026-09-22 09:00")
    await houses.say("文竹", "P001施工许可办不下来,卡在消防审查,请市住建局10月15日前协调")
    await houses.press("文竹", "确认", to="文竹")
    await houses.say(
        "柳青",
        "/交办 县W0001 目标 取得施工许可;措施 内部约谈设计单位;责任单位 市住建局;责任人 文竹;时限 10月15日;"
        "督办专员 秦朗",
    )
    await houses.press("柳青", "确认交办", contains="县W0001")
    await houses.say("文竹", "/签收 县W0001")


async def test_q3_items_by_the_countys_dates(houses: City) -> None:
    """Q3 F3 F5: 签收 within 2 workdays, feedback every 2, in the county; 1 and 5 in the city."""
    await set_off(houses)
    await houses.clock("2026-09-22 09:00")
    await houses.say("文竹", "P001施工许可办不下来,卡在消防审查,请市住建局10月15日前协调")
    await houses.press("文竹", "确认", to="文竹")
    await houses.say("江帆", "P001施工许可办不下来,卡在消防审查,请市住建局10月15日前协调")
    await houses.press("江帆", "确认", to="江帆")
    screening = one_about(houses, "沈月", "W0001")
    lacks(screening, "县W0001", "溱水河")
    for who, number, person, supervisor in (
        ("柳青", "县W0001", "文竹", "秦朗"),
        ("沈月", "W0001", "江帆", "方正"),
    ):
        await houses.say(
            who,
            f"/交办 {number} 目标 取得施工许可;措施 组织会审;责任单位 市住建局;责任人 {person};时限 10月15日;"
            f"督办专员 {supervisor}",
        )
        await houses.press(who, "确认交办", contains=number)
    says(one_about(houses, "文竹", "县W0001", "签收"), on("09-24", "18:00"))
    says(one_about(houses, "江帆", "W0001", "签收"), on("09-23", "18:00"))
    await houses.say("文竹", "/签收 县W0001")
    says(houses.last("文竹"), "每2个工作日", on("09-24", "18:00"))
    await houses.say("江帆", "/签收 W0001")
    says(houses.last("江帆"), "每5个工作日")
    assert (await houses.item("县W0001"))["feedback_due_at"] == iso("2026-09-24 18:00")
    assert (await houses.item("W0001"))["feedback_due_at"] == iso("2026-09-30 18:00")
    await set_policy(houses, "新密市", {"item_feedback_workdays": 4}, "2026-09-22 10:00")
    await feed_back(houses, "文竹", "县W0001 已约谈设计单位")
    await houses.press("秦朗", "采纳", contains="县W0001")
    assert (await houses.item("县W0001"))["feedback_due_at"] == iso(
        "2026-09-29 18:00"
    )  # as it was handed out


async def test_q3_papers_from_own_templates(houses: City) -> None:
    """Q3 H1 H2: the county's 督办函 from its own template and series; what it lacks is the installation's."""
    await handed_out(houses)
    await houses.clock("2026-10-08 09:30")
    houses.mark()
    await houses.say("钟岳", "/督办函 县W0001")
    says(houses.last("钟岳"), on("10-09", "18:00"), "新密专用格式")
    await houses.say("钟岳", "/签发 督办函 县W0001")
    says(houses.last("钟岳"), "新密攻坚督〔2026〕01号")
    await houses.say("钟岳", "/提醒函 县W0001")
    says(houses.last("钟岳"), "全市统一格式")
    lacks(houses.last("钟岳"), "新密专用格式")
    await houses.say("钟岳", "/签发 提醒函 县W0001")
    says(houses.last("钟岳"), "新密攻坚提〔2026〕01号")
    silent(houses, *IN_CITY)


async def test_q3_sent_up_it_is_the_citys_item_by_the_citys_numbers(houses: City) -> None:
    """Q3 G3 G5: linked, with its own policy; state, 批示 and due date flow back, measures and notes do not flow up."""
    await handed_out(houses)
    await houses.say("柳青", "/提级 县W0001")
    await houses.say(
        "柳青", "已协调3次未果;症结 需占用国有林场;责任部门 市林业局;路径 临时使用林地手续;时限 10月20日"
    )
    card = one_about(houses, "梁栋", "县W0001")
    says(card, "新密市提请市级协调", "国有林场", on("10-20"))
    lacks(card, "内部约谈设计单位")
    offers(card, "受理", "退回县级")
    await houses.press_on(card, "钟岳", "受理")
    says(houses.last("钟岳"), "综合专班负责人")
    await houses.press_on(card, "梁栋", "受理")
    city, county = await houses.item("W0001"), await houses.item("县W0001")
    assert (city["origin_id"], city["level"], city["policy_version"]) == (county["id"], 1, 1)
    assert county["policy_version"] == 2
    await houses.say(
        "沈月",
        "/交办 W0001 目标 办结林地手续;措施 现场踏勘;责任单位 市林业局;责任人 林溪;时限 10月20日;"
        "督办专员 方正",
    )
    await houses.press("沈月", "确认交办", contains="W0001")
    await houses.say("林溪", "/签收 W0001")
    assert (await houses.item("W0001"))["feedback_due_at"] == iso("2026-09-30 18:00")
    for who in ("梁栋", "沈月", "方正", "林溪", "万里"):
        await houses.say(who, "/查 W0001")
        lacks(houses.last(who), "内部约谈设计单位")
        await houses.say(who, "/查 县W0001")
        says(houses.last(who), "未找到，或您无权查看")
    await houses.say("梁栋", "/提级 W0001 2级")
    await houses.press("万里", "批示", input="请市林业局9月30日前办结", contains="W0001")

    says(about(houses, "柳青", "市级 W0001")[-1], "万里批示", "9月30日前办结")
    await houses.say("柳青", "/查 县W0001")
    says(houses.last("柳青"), "市级 W0001", "万里", "9月30日前办结", "内部约谈设计单位")


@pytest.mark.parametrize("who", ["梁栋", "沈月", "方正", "江帆", "万里"])
async def test_q3_the_city_finds_nothing_of_the_county(houses: City, who: str) -> None:
    """Q3 B4 B5: by whatever command, in private and in its groups."""
    await handed_out(houses)
    houses.mark()
    for order in (
        "/查 县W0001", "/查 溱水河治理", "/查 溱水河治理工程", "/查 新密市", "/查 城关镇", "/问题", "/问题 溱水河",
        "/亮灯", "/亮灯 黄", "/查 黄灯", "/导出 总账", "/导出 问题", "/通讯录", "/通讯录 文竹", "/通讯录 市住建局",
        "/通讯录 联审联批", "/我的", "/审计 导出", "/审计 县W0001", "/排名", "/查 五尽", "溱水河治理累计完成9000万",
        "/调灯 溱水河 绿 至 2026-10-10 原因 试试", "有哪些在建项目", "城关镇有哪些项目", "消防审查的问题办得怎么样了",
        "哪些项目亮黄灯",
    ):  # fmt: skip
        await houses.say(who, order)
        lacks(houses.last(who), *OF_COUNTY)
    await houses.say("沈月", "/问题", group="综合专班")
    lacks(houses.last("综合专班"), *OF_COUNTY)
    silent(houses, *IN_COUNTY)


@pytest.mark.parametrize("who", ["钟岳", "柳青", "秦朗", "文竹"])
async def test_q3_the_county_finds_nothing_of_the_city(houses: City, who: str) -> None:
    await houses.clock("2026-09-22 09:00")
    await houses.say("江帆", "P001施工许可办不下来,卡在消防审查,请市住建局10月15日前协调")
    await houses.press("江帆", "确认", to="江帆")
    await houses.say("沈月", "/导出 总账")
    houses.mark()
    for order in (
        "/查 W0001", "/查 滨湖路改造", "/查 红旗区", "/问题", "/亮灯", "/导出 总账", "/导出 问题", "/通讯录",
        "/通讯录 江帆",
        "/通讯录 市住建局", "/通讯录 市政设施", "/我的", "/审计 导出", "/排名", "/查 五尽", "滨湖路累计完成9000万",
        "有哪些在建项目", "红旗区有哪些项目", "消防审查的问题办得怎么样了",
    ):  # fmt: skip
        await houses.say(who, order)
        lacks(houses.last(who), *OF_CITY)
    silent(houses, *IN_CITY)


async def test_q3_each_has_its_own_routine(houses: City) -> None:
    """Q3 I1 I4 A6: the week's calls, its 汇总 and the month's 排名 name only the own bodies."""
    await set_off(houses)
    await houses.clock("2026-10-08 09:30")
    heard = houses.heard_by_anyone()
    for message in heard:
        if message.to in IN_CITY:
            lacks(message, *OF_COUNTY)
        if message.to in IN_COUNTY:
            lacks(message, *OF_CITY)
    says(about(houses, "沈月", "2026年9月", "红旗区")[-1], "平原示范区")
    says(about(houses, "柳青", "2026年9月", "城关镇")[-1], "伏羲山")
    says(about(houses, "沈月", "本周反馈")[-1], "综合专班")
    says(about(houses, "柳青", "本周反馈")[-1], "综合专班")


async def test_q3_the_ladder_and_the_weights_of_the_county(houses: City) -> None:
    """Q3 F6 I3: the county's 提醒函 is drafted a workday after the due day, the city's after three; own weights."""
    await set_policy(
        houses,
        "新密市",
        {"ladder": {"提醒函": 1, "督办函": 2}, "weights": {"投资": 70, "开工": 10, "办结": 10, "报送": 10}},
        "2026-09-21 18:00",
    )
    await houses.clock("2026-09-22 09:00")
    for author, hub, number, supervisor in (
        ("文竹", "柳青", "县W0001", "秦朗"),
        ("江帆", "沈月", "W0001", "方正"),
    ):
        await houses.say(author, "P001施工许可办不下来,卡在消防审查,请市住建局9月24日前协调")
        await houses.press(author, "确认", to=author)
        await houses.say(
            hub,
            f"/交办 {number} 目标 取得施工许可;措施 组织会审;责任单位 市住建局;责任人 {author};时限 9月24日;"
            f"督办专员 {supervisor}",
        )
        await houses.press(hub, "确认交办", contains=number)
        await houses.say(author, f"/签收 {number}")
    houses.mark()
    await houses.clock("2026-09-28 09:30")
    says(one_about(houses, "秦朗", "县W0001", "提醒函"), "市住建局")
    assert not about(houses, "方正", "提醒函")
    houses.mark()
    await houses.clock("2026-09-30 09:30")
    says(one_about(houses, "钟岳", "县W0001", "督办函"), "市住建局")
    says(one_about(houses, "方正", "W0001", "提醒函"), "市住建局")
    assert not about(houses, "梁栋", "督办函")
    await houses.clock("2026-10-08 09:30")
    shown = {
        who: (await houses.rows(
            "SELECT d.body FROM documents d JOIN organisations o ON o.id = d.organisation_id "
            "WHERE d.template = '排名通报' AND o.name = :place", place=place,
        ))[0]["body"]
        for who, place in (("柳青", "新密市"), ("沈月", "新乡市"))
    }  # fmt: skip
    weights = {
        who: (json.loads(body) if isinstance(body, str) else body)["weights"] for who, body in shown.items()
    }
    assert weights["柳青"] == {"投资": 70, "开工": 10, "办结": 10, "报送": 10}
    assert weights["沈月"] == {"投资": 40, "开工": 20, "办结": 25, "报送": 15}


async def test_b3_who_serves_in_the_county_too_sees_its_ledger(houses: City) -> None:
    """Rules B3 Q3: a city official seconded to the county's 综合专班 reads and reports on both; others see neither."""
    roster = (SOURCES / "xinmi.yaml").read_text(encoding="utf-8").replace("parent: 郑州市", "parent: 新乡市")
    post = (
        "\nseconded:\n"
        "  - {name: 江帆, unit: 市住建局, organisation: 新乡市, roles: [{role: 联络员, unit: 市住建局}]}\n"
    )
    await houses.product.database.write(
        lambda session: rosters.apply(session, parse_roster(roster + COUNTY_PEOPLE + post), now=moment(AT))
    )
    await houses.say("江帆", "/查 溱水河治理")
    says(houses.last("江帆"), "新密市溱水河治理工程", "7800/12000")
    await houses.say("江帆", "/查 滨湖路")
    says(houses.last("江帆"), "新乡市滨湖路改造工程")
    await houses.say("江帆", "溱水河治理今年累计完成8000万")
    says(houses.last("江帆"), "新密市溱水河治理工程", "7800 → 8000")
    await houses.say("杜康", "/查 溱水河治理")
    says(houses.last("杜康"), "未找到，或您无权查看")
