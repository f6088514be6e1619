"""Queries, S16–S18: one project, other people's projects, groups, my duties (rules B3–B5, C18, D5)."""

from __future__ import annotations

import re

import pytest

from .city import City, Message, amount, labelled, lacks, mentions, norm, offers, says, silent
from .conftest import OpenCity

REFUSAL = "未找到,或您无权查看"
PLANT = "ZX0031"


# --- S16


async def test_s16_one_project(open_city: OpenCity) -> None:
    """S16: C3 C18 B3. Figures with their dates, light with its reason, items, funds, and more by button."""
    city = await open_city("2026-09-22 10:00")
    await city.say("彭倩", "／查zx0031")
    answer = city.only("彭倩")
    says(
        answer,
        PLANT,
        "青禾县城南污水处理厂扩建工程",
        "专项债券",
        "青禾县住建局",
        amount(4700),
        amount(8000),
        "58.75%",
        labelled("时序", "69.83"),
        labelled("差距", "11.08"),
        "黄灯",
        "投资",
        "08-31",
        "开工",
        re.compile("问题[^0-9]{0,6}0"),
        "到位",
        "支付",
    )
    offers(answer, "历史", "问题", "上报记录")
    assert {message.to for message in city.heard_by_anyone()} == {"彭倩"}
    for label in ("历史", "问题", "上报记录"):
        city.mark()
        await city.press("彭倩", label, contains="58.75")
        says(city.last("彭倩"), PLANT)
        lacks(city.last("彭倩"), "没看懂")


@pytest.mark.parametrize(
    "said",
    [
        "/查 zx0031",
        "／查ZX0031",
        "/查ZX0031",
        "／查　ｚｘ００３１",
        "/查:ZX0031",
        "／查：zx0031",
        " /查  ZX0031 ",
        "/查 青禾县城南污水处理厂扩建工程",
        "/查 城南污水处理厂",
    ],
)
async def test_s16_however_it_is_typed(open_city: OpenCity, said: str) -> None:
    """C18 C3: width, case, spaces and punctuation; exact code, exact name, fuzzy name. The same answer."""
    city = await open_city("2026-09-22 10:00")
    await city.say("彭倩", "/查 ZX0031")
    wanted = city.only("彭倩").text
    city.mark()
    await city.say("彭倩", said)
    assert city.only("彭倩").text == wanted


async def test_s16_several_projects_of_one_name(open_city: OpenCity) -> None:
    """C3: a name that fits two is a numbered choice; the number answers it."""
    city = await open_city("2026-09-22 10:00")
    await city.say("彭倩", "/查 城南污水")
    says(city.only("彭倩"), PLANT, "ZX0032", "0 都不是")
    second = re.search(r"2[^\d]{0,3}(ZX003[12])", norm(city.only("彭倩").text))
    assert second is not None
    city.mark()
    await city.say("彭倩", "2")
    says(city.only("彭倩"), second[1], "完成率")


async def test_s16_figures_follow_a_report_at_once(open_city: OpenCity) -> None:
    """D5 C1: the query shows what the ledger has now, with the date of the figure; a draft is not in it."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂累计5500万")
    await city.say("彭倩", "/查 ZX0031")
    says(city.only("彭倩"), amount(4700), "58.75%")
    lacks(city.only("彭倩"), amount(5500))
    await city.press("张伟", "确认")
    city.mark()
    await city.say("彭倩", "/查 ZX0031")
    says(city.only("彭倩"), amount(5500), "68.75%", "09-22", "绿")


async def test_s16_by_alias_with_its_problem_items(open_city: OpenCity) -> None:
    """C3 D5: alias; the open item W0186 is counted and listed."""
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "/查 循环园")
    answer = city.only("李娜")
    says(answer, "ZD0108", amount(8600), "43.00%", "黄", re.compile("问题[^0-9]{0,6}1"))
    city.mark()
    await city.press("李娜", "问题")
    says(city.only("李娜"), "W0186")


# --- S17


async def test_s17_outside_the_scope_is_as_if_it_did_not_exist(open_city: OpenCity) -> None:
    """S17: B3 B4. The same words for "not yours" and "not there"; the attempt is kept."""
    city = await open_city("2026-09-22 10:05")
    answers: list[str] = []
    for text in ("/查 ZX0031", "/查 ZX9999"):
        city.mark()
        await city.say("李娜", text)
        reply = city.only("李娜")
        says(reply, REFUSAL)
        lacks(reply, "4700", "污水", "青禾")
        answers.append(norm(reply.text).replace("ZX0031", "X").replace("ZX9999", "X"))
        assert not reply.actions
    assert answers[0] == answers[1]

    answers.clear()
    for text in ("ZX0031累计5500万", "ZX9999累计5500万"):
        city.mark()
        await city.say("李娜", text)
        reply = city.only("李娜")
        says(reply, REFUSAL)
        lacks(reply, "4700", "污水处理厂", "青禾")
        answers.append(norm(reply.text).replace("ZX0031", "X").replace("ZX9999", "X"))
    assert answers[0] == answers[1]
    assert (await city.project(PLANT))["ytd_wan"] == 4700

    for text in ("/查 城南污水处理厂", "/查 青禾县城南污水处理厂扩建工程", "/查 实验中学"):
        city.mark()
        await city.say("李娜", text)
        says(city.only("李娜"), REFUSAL)
        lacks(city.only("李娜"), "ZX0031", "ZY0009")

    [person] = await city.rows("SELECT id FROM people WHERE name = '李娜'")
    kept = await city.audit("access", str(person["id"]))
    assert any("ZX0031" in str(row) for row in kept), kept


async def test_s17_scopes_of_the_bodies(open_city: OpenCity) -> None:
    """B3: county, sector, category lead, bank, hub, administrator."""
    city = await open_city("2026-09-22 10:05")
    for who, code, sees in (
        ("张伟", "ZX0031", True),
        ("赵永年", "JJ0003", True),
        ("张伟", "ZD0108", False),
        ("张伟", "ZD0115", False),  # 市本级
        ("彭倩", "ZX0031", True),  # sector 市政设施
        ("彭倩", "ZY0007", False),
        ("周敏", "ZX0031", True),  # 财政金融 leads 专项债券
        ("吴迪", "ZD0115", True),
        ("吴迪", "ZX0031", False),
        ("魏然", "ZY0007", True),
        ("唐静", "JJ0003", True),
        ("邵鹏", "ZD0120", True),
        ("孙晓雯", "ZD0115", True),
        ("马德胜", "JJ0003", True),
        ("宋佳", "ZY0007", True),
        ("沈国栋", "SG0012", True),
        ("郑海峰", "ZX0032", True),
        ("曹颖", "ZX0031", False),
        ("刘洋", "ZX0031", False),
    ):
        city.mark()
        await city.say(who, f"/查 {code}")
        reply = city.only(who)
        if sees:
            says(reply, code, "完成率")
        else:
            lacks(reply, "完成率", "时序")


async def test_s17_in_a_group_the_answer_is_cut(open_city: OpenCity) -> None:
    """S17: B5. Asker's scope ∩ group's scope in the group; the rest goes to the asker alone."""
    city = await open_city("2026-09-22 10:05")
    await city.say("孙晓雯", "@助手 /查 黄灯", group="白石县")
    shown = city.only("白石县")
    says(shown, re.compile("黄灯[^0-9]{0,4}1"), "ZD0108", "其余内容已私聊发您")
    lacks(shown, "ZX0031", "污水")
    private = city.only("孙晓雯")
    says(private, re.compile("黄灯[^0-9]{0,4}2"), "ZX0031", "ZD0108")
    assert {message.to for message in city.heard_by_anyone()} == {"白石县", "孙晓雯"}


async def test_s17_a_project_of_another_county_in_a_group(open_city: OpenCity) -> None:
    """B5: the group learns neither name nor figures; the asker, who may, gets them in private."""
    city = await open_city("2026-09-22 10:05")
    await city.say("孙晓雯", "/查 ZX0031", group="白石县")
    for message in city.heard("白石县"):
        lacks(message, "污水处理厂", "4700", "58.75")
    says(city.only("孙晓雯"), "ZX0031", amount(4700), "58.75%")
    city.mark()
    await city.say("李娜", "/查 ZX0031", group="白石县")
    for message in city.heard_by_anyone():
        lacks(message, "污水处理厂", "4700", "58.75")
    assert any(mentions(message, REFUSAL) for message in city.heard_by_anyone())


async def test_s17_nothing_is_cut_when_all_fits(open_city: OpenCity) -> None:
    """B5: when the group may see everything that the asker may, nothing goes to private."""
    city = await open_city("2026-09-22 10:05")
    await city.say("李娜", "/查 黄灯", group="白石县")
    shown = city.only("白石县")
    says(shown, "ZD0108")
    lacks(shown, "其余内容")
    silent(city, "李娜")


async def test_s17_lists_by_light_and_blue(open_city: OpenCity) -> None:
    """E15 B3: lists keep to the scope; 蓝灯 lists what is due within 3 workdays, not projects."""
    city = await open_city("2026-09-22 10:05")
    await city.say("张伟", "/查 黄灯")
    says(city.only("张伟"), "ZX0031")
    lacks(city.only("张伟"), "ZD0108")
    city.mark()
    await city.say("张伟", "/查 红灯")
    lacks(city.only("张伟"), "ZX0031", "ZD0108")
    city.mark()
    await city.say("张伟", "/查 蓝灯")  # feedback on ZX0031 is due 09-28 18:00: the third workday from now
    says(city.only("张伟"), "ZX0031", "09-28")


# --- S18


async def test_s18_my_duties(open_city: OpenCity) -> None:
    """S18: D5 F5. 苏静 has an overdue feedback of W0186, with the verbs that end it."""
    city = await open_city("2026-09-22 08:50")
    await city.say("苏静", "/我的")
    answer = city.only("苏静")
    says(answer, re.compile("1[^0-9]{0,3}(项)?逾期|逾期[^0-9]{0,3}1"), "W0186", "反馈", "09-21 18:00")
    offers(answer, "反馈", "办结")


async def test_s18_an_empty_list(open_city: OpenCity) -> None:
    """S18: 「没有待办」."""
    city = await open_city("2026-09-22 08:50")
    for who in ("高原", "邵鹏", "刘洋"):
        city.mark()
        await city.say(who, "／我的")
        says(city.only(who), "没有待办")


async def test_s18_overdue_first_then_blue_then_others(open_city: OpenCity) -> None:
    """S18: E15 E9. On 09-30 张伟 has ZX0031 overdue (09-28) and ZX0032 due 10-13; on 10-09 it is blue."""
    city = await open_city("2026-09-30 09:00")
    await city.say("张伟", "/我的")
    answer = city.only("张伟")
    says(answer, "逾期", "09-28 18:00", "10-13 18:00")
    before(answer, "09-28 18:00", "10-13 18:00")
    lacks(answer, "蓝")
    await city.clock("2026-10-09 09:00")
    city.mark()
    await city.say("张伟", "/我的")
    answer = city.only("张伟")
    says(answer, "逾期", "10-13 18:00", "蓝")
    before(answer, "09-28 18:00", "10-13 18:00")


def before(message: Message, first: str, second: str) -> None:
    """The first stands above the second."""
    text = norm(message.text)
    assert -1 < text.find(norm(first)) < text.find(norm(second)), message.text


async def test_s18_a_duty_done_leaves_the_list(open_city: OpenCity) -> None:
    """D5: the feedback on ZX0031 ends with the report that turns it green, and leaves the list at once."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/我的")
    says(city.only("张伟"), "ZX0031", "09-28 18:00")
    await city.say("张伟", "污水处理厂累计5500万")
    await city.press("张伟", "确认")
    city.mark()
    await city.say("张伟", "/我的")
    lacks(city.only("张伟"), "09-28 18:00")


async def test_s18_in_a_group_duties_are_private(open_city: OpenCity) -> None:
    """B5: in a group of another body my duties are not read out."""
    city = await open_city("2026-09-22 08:50")
    await city.say("孙晓雯", "/我的", group="白石县")
    for message in city.heard("白石县"):
        lacks(message, "ZX0031", "W0190")
    assert city.heard_by_anyone()


async def test_help_names_what_one_may(open_city: OpenCity) -> None:
    """/帮助 is answered for everybody and names the everyday commands."""
    city: City = await open_city("2026-09-22 08:50")
    for who in ("张伟", "陈立新", "曹颖", "刘洋"):
        city.mark()
        await city.say(who, "/帮助")
        says(city.last(who), "/我的")


async def test_c18_a_full_stop_behind_the_code(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    for said in ("/审计：ZX0031。", "／亮灯　黄。", "/查ＺＸ００３１！"):
        city.mark()
        await city.say("张伟", said)
        says(city.only("张伟"), "ZX0031")


async def test_b10_help_shows_only_what_the_asker_may_do(open_city: OpenCity) -> None:
    """Rules B3, B10: deciding verbs only for those who decide, unit verbs not for 市领导."""
    city = await open_city("2026-09-22 08:50")
    shown = {}
    for who in ("苏静", "谭勇", "马德胜", "郑海峰", "刘洋"):
        await city.say(who, "/帮助")
        shown[who] = {line.split()[0] for line in city.last(who).text.split("\n") if line.startswith("/")}
    assert {"/签收", "/退回", "/反馈", "/延期", "/办结", "/完成协办", "/提级"} <= shown["苏静"]
    assert not {"/免除协办", "/审核", "/销号", "/批示", "/已阅", "/签发", "/交接"} & shown["苏静"]
    assert {"/签收", "/办结", "/已阅", "/稍后", "/批示"} <= shown["谭勇"]
    assert {"/免除协办", "/审核", "/提醒函"} <= shown["马德胜"]
    assert {"/批示", "/退回", "/查"} <= shown["郑海峰"]
    assert not {"/签收", "/延期", "/办结", "/完成协办", "/免除协办", "/反馈"} & shown["郑海峰"]
    assert {"/绑定群", "/审计", "/通讯录", "/我的"} <= shown["刘洋"]
    assert not {"/上报", "/更正", "/问题", "/签收", "/办结", "/提级", "/亮灯", "/免除协办"} & shown["刘洋"]


@pytest.mark.parametrize(
    ("who", "typed", "near", "never"),
    [
        ("苏静", "/签受 W0186", ("/签收",), ("/签发",)),
        ("苏静", "/办洁 W0186", ("/办结",), ("/交办",)),
        ("苏静", "/提及 W0186", ("/提级",), ("/提醒函",)),
        ("陈立新", "/签法 督12", ("/签发", "/签收"), ()),
        ("孙晓雯", "/交半 W0191", ("/交办", "/交接"), ()),
    ],
)
async def test_c15_a_near_miss_names_what_the_asker_may_do(
    open_city: OpenCity, who: str, typed: str, near: tuple[str, ...], never: tuple[str, ...]
) -> None:
    """Rules B10, C15: the nearest command first, and none that would only be refused."""
    city = await open_city("2026-09-22 08:50")
    await city.say(who, typed)
    says(city.only(who), "没看懂", *(f"「{one}」" for one in near))
    lacks(city.only(who), *never)
