"""Problem items: raised, screened, handed out, pressed, reviewed (S28, S31, S65, S77)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .samples import png
from .told import (
    about,
    confirm,
    counted,
    feed_back,
    in_record,
    iso,
    on,
    one_about,
    person_id,
    told,
)

LINHE_WANG = "王磊(临河区发改局)"
GAOXIN_WANG = "王磊(高新区管委会)"


async def raised(open_city: OpenCity) -> City:
    """S28 up to 待甄别: W0191 waits for 孙晓雯; the mark stands before 魏然's confirmation."""
    city = await open_city("2026-09-22 09:20")
    await city.say("魏然", "ZY0007施工许可办不下来,卡在消防设计审查,请协调")
    await city.say("魏然", "请住建局牵头,10月15日前完成消防设计审查")
    city.mark()
    await city.press("魏然", "确认", to="魏然")
    return city


async def dispatched(open_city: OpenCity) -> City:
    """S28 to its end: W0191 waits for 彭倩's 签收; the mark stands before [确认交办]."""
    city = await raised(open_city)
    await city.press("孙晓雯", "交办", contains="W0191")
    await city.say("孙晓雯", "措施 开辟绿色通道并联审查;责任人 彭倩;督办专员 马德胜")
    city.mark()
    await city.press("孙晓雯", "确认交办", contains="W0191")
    return city


async def test_a_problem_confirmed_twice_is_one(open_city: OpenCity) -> None:
    """C2: the second 确认 is told that the draft is done; an item is 办理, never 入账."""
    city = await raised(open_city)
    city.mark()
    await city.press("魏然", "确认", to="魏然")
    assert told(city) == {"魏然"}
    says(city.last("魏然"), "处理，不会重复办理")
    assert await city.rows("SELECT number FROM items WHERE number > 'W0190'") == [{"number": "W0191"}]


async def test_s28_raising_a_problem(open_city: OpenCity) -> None:
    """S28: rules B10 F1 F2 C4. The card suggests a 专班 by type and asks only for what is missing."""
    city = await open_city("2026-09-22 09:20")
    await city.say("魏然", "ZY0007施工许可办不下来,卡在消防设计审查,请协调")
    card = city.last("魏然")
    says(card, "ZY0007", "临河区第三人民医院门诊综合楼", "施工许可", "消防设计审查", "市政设施", "希望协调")
    assert told(city) == {"魏然"}
    city.mark()
    await city.say("魏然", "请住建局牵头,10月15日前完成消防设计审查")
    card = city.last("魏然")
    says(card, "住建局", on("10-15"), "消防设计审查")
    lacks(card, "请补充")
    offers(card, "确认")
    assert await city.rows("SELECT number FROM items WHERE number = 'W0191'") == []
    assert told(city) == {"魏然"}

    city.mark()
    await city.press("魏然", "确认", to="魏然")
    screening = city.only("孙晓雯")
    says(screening, "W0191", "ZY0007", "施工许可", "魏然")
    offers(screening, "交办", "退回补充", "合并", "不予受理")
    assert told(city) == {"魏然", "孙晓雯"}
    item = await city.item("W0191")
    assert (item["state"], item["level"], item["project"], item["raised_by"]) == (
        "待甄别",
        1,
        "ZY0007",
        "魏然",
    )
    assert item["kind"] == "施工许可"
    assert item["raised_at"] == iso("2026-09-22 09:20")
    assert item["unit"] is None
    assert item["dispatched_at"] is None
    rows = await city.audit("item", "W0191")
    assert [row["by_name"] for row in rows if row["new"] == "待甄别"] == ["魏然"]


async def test_s28_the_author_cannot_hand_out(open_city: OpenCity) -> None:
    """S28, rule B10: 魏然 cannot 交办 the item; the answer names 综合专班."""
    city = await raised(open_city)
    city.mark()
    await city.say("魏然", "/交办 W0191 责任人 彭倩")
    says(city.only("魏然"), "综合专班")
    assert told(city) == {"魏然"}
    assert (await city.item("W0191"))["state"] == "待甄别"


async def test_s28_the_card_of_another_person_does_not_hand_out(open_city: OpenCity) -> None:
    """Rule B10: the same through the button of 孙晓雯's card."""
    city = await raised(open_city)
    card = city.with_button("孙晓雯", "交办", contains="W0191")
    city.mark()
    await city.press_on(card, "魏然", "交办")
    says(city.only("魏然"), "综合专班")
    assert (await city.item("W0191"))["state"] == "待甄别"


async def test_s28_handing_out(open_city: OpenCity) -> None:
    """S28: rules D4 F1 F3. All gaps are asked for at once; then those concerned are told, nobody else."""
    city = await raised(open_city)
    await city.clock("2026-09-22 09:40")
    city.mark()
    await city.press("孙晓雯", "交办", contains="W0191")
    asked = city.only("孙晓雯")
    says(asked, "推进措施", "责任人", "督办专员")
    assert told(city) == {"孙晓雯"}
    assert (await city.item("W0191"))["state"] == "待甄别"
    city.mark()
    await city.say("孙晓雯", "措施 开辟绿色通道并联审查;责任人 彭倩;督办专员 马德胜")
    draft = city.only("孙晓雯")
    says(
        draft, "消防设计审查", "开辟绿色通道并联审查", "市住建局", "彭倩", on("10-15", "18:00"), "马德胜"
    )  # fmt: skip
    offers(draft, "确认交办")
    assert told(city) == {"孙晓雯"}
    assert (await city.item("W0191"))["state"] == "待甄别"

    city.mark()
    await city.press("孙晓雯", "确认交办", contains="W0191")
    assert told(city) - {"孙晓雯"} == {"彭倩", "冯国强", "魏然", "马德胜"}
    assert all(count == 1 for name, count in counted(city).items() if name != "孙晓雯")
    receiver = city.only("彭倩")
    says(receiver, "W0191", "ZY0007", on("09-23", "18:00"), on("10-15", "18:00"), "开辟绿色通道并联审查")
    offers(receiver, "签收", "退回")
    for name in ("冯国强", "马德胜"):
        says(city.only(name), "W0191")
    assert city.only("冯国强").button("签收") is None
    says(city.only("魏然"), "W0191", "彭倩")
    item = await city.item("W0191")
    assert item["state"] == "待签收"
    assert (item["unit"], item["person"], item["supervisor"]) == ("市住建局", "彭倩", "马德胜")
    assert item["due_at"] == iso("2026-10-15 18:00")
    assert item["dispatched_at"] == iso("2026-09-22 09:40")
    assert in_record(item["measures"], "开辟绿色通道并联审查")
    assert in_record(item["goal"], "消防设计审查")
    assert item["received_at"] is None
    rows = await city.audit("item", "W0191")
    assert [row["by_name"] for row in rows if row["new"] == "待签收"] == ["孙晓雯"]


async def test_s28_draft_of_the_problem_can_be_cancelled(open_city: OpenCity) -> None:
    """Rule C1: a cancelled problem draft leaves nothing and uses no number."""
    city = await open_city("2026-09-22 09:20")
    await city.say("魏然", "ZY0007施工许可办不下来,卡在消防设计审查,请协调")
    await city.say("魏然", "取消")
    silent(city, "孙晓雯")
    assert await city.rows("SELECT number FROM items WHERE number = 'W0191'") == []


async def test_s28_one_gap_left_is_the_only_one_asked_for(open_city: OpenCity) -> None:
    """Rules C4 D4: after two of three gaps are given, exactly the third is asked for."""
    city = await raised(open_city)
    await city.press("孙晓雯", "交办", contains="W0191")
    city.mark()
    await city.say("孙晓雯", "措施 开辟绿色通道并联审查;责任人 彭倩")
    asked = city.only("孙晓雯")
    says(asked, "督办专员")
    assert asked.button("确认交办") is None
    assert (await city.item("W0191"))["state"] == "待甄别"
    city.mark()
    await city.say("孙晓雯", "督办专员 马德胜")
    offers(city.only("孙晓雯"), "确认交办")


async def test_s28_receipt_starts_the_feedback_rhythm(open_city: OpenCity) -> None:
    """Rules F1 F3 F5: 签收 → 办理中; feedback is due 5 workdays later, recalled the day before."""
    city = await dispatched(open_city)
    await city.clock("2026-09-22 15:00")
    city.mark()
    await city.press("彭倩", "签收", contains="W0191")
    item = await city.item("W0191")
    assert item["state"] == "办理中"
    assert item["received_at"] == iso("2026-09-22 15:00")
    assert item["feedback_due_at"] == iso("2026-09-30 18:00")
    says(city.last("彭倩"), on("09-30", "18:00"))
    assert not told(city) & {"冯国强", "魏然", "市政设施专班", "临河区"}
    await city.clock("2026-09-29 15:59")
    city.mark()
    await city.clock("2026-09-29 16:00")
    assert told(city, "W0191") == {"彭倩"}


async def test_s28_no_receipt(open_city: OpenCity) -> None:
    """Rule F3, variant of S29: reminder on 09-24 08:30, 带班领导 told on 09-28 08:30, once each."""
    city = await dispatched(open_city)
    await city.clock("2026-09-24 08:29")
    city.mark()
    await city.clock("2026-09-24 08:30")
    reminder = one_about(city, "彭倩", "W0191")
    says(reminder, "签收")
    offers(reminder, "签收")
    assert told(city, "W0191") <= {"彭倩"}
    city.mark()
    await city.clock("2026-09-28 08:29")
    assert not told(city, "W0191")
    await city.clock("2026-09-28 08:30")
    says(one_about(city, "冯国强", "W0191"), "彭倩", "签收")
    assert told(city, "W0191") == {"冯国强"}


# --- S65


async def test_s65_two_people_of_one_name(open_city: OpenCity) -> None:
    """S65: rule B1. Both are shown with their unit; nothing happens before one is chosen."""
    city = await raised(open_city)
    city.mark()
    await city.say("孙晓雯", "交办 W0191 责任人 王磊")
    asked = city.only("孙晓雯")
    says(asked, "1", LINHE_WANG, "2", GAOXIN_WANG)
    item = await city.item("W0191")
    assert (item["state"], item["person"]) == ("待甄别", None)
    assert told(city) == {"孙晓雯"}
    city.mark()
    await city.say("孙晓雯", "1")
    answer = city.only("孙晓雯")
    says(answer, "推进措施", "督办专员")
    lacks(answer, GAOXIN_WANG)
    assert told(city) == {"孙晓雯"}

    await city.say("孙晓雯", "措施 现场协调消防水源;督办专员 马德胜")
    draft = city.last("孙晓雯")
    says(draft, LINHE_WANG)
    lacks(draft, "高新区")
    city.mark()
    await city.press("孙晓雯", "确认交办", contains="W0191")
    assert [message for message in city.heard(LINHE_WANG) if message.button("签收") is not None]
    silent(city, GAOXIN_WANG, "蒋涛")
    where = await city.rows(
        "SELECT units.name FROM items JOIN people ON people.id = items.person_id "
        "JOIN units ON units.id = people.unit_id WHERE items.number = 'W0191'"
    )
    assert [row["name"] for row in where] == ["临河区发改局"]


async def test_s65_a_name_with_its_unit_is_not_asked(open_city: OpenCity) -> None:
    """Rule B1: 王磊(高新区管委会) is one person."""
    city = await raised(open_city)
    city.mark()
    await city.say("孙晓雯", "交办 W0191 责任人 王磊(高新区管委会)")
    answer = city.only("孙晓雯")
    says(answer, "推进措施", "督办专员")
    lacks(answer, "临河区发改局")


# --- S31


async def test_s31_ladder_of_an_overdue_feedback(open_city: OpenCity) -> None:
    """S31: rules F5 F6 A1 A3. T is 09-21; each rung once, to its people; no second ladder for 09-29."""
    city = await open_city("2026-09-20 15:59")
    steps: dict[str, set[str]] = {}
    for before, at in (
        ("2026-09-20 15:59", "2026-09-20 16:00"),
        ("2026-09-22 08:59", "2026-09-22 09:00"),
        ("2026-09-24 08:59", "2026-09-24 09:00"),
        ("2026-09-29 08:59", "2026-09-29 09:00"),
        ("2026-10-12 08:59", "2026-10-12 09:00"),
    ):
        await city.clock(before)
        city.mark()
        await city.clock(at)
        named = counted(city, "W0186", at=at)
        assert set(named.values()) <= {1}, named
        steps[at] = set(named)
        if at.startswith("2026-09-22"):
            says(one_about(city, "苏静", "W0186"), "催办", on("09-21"))
        if at.startswith("2026-09-24"):
            says(one_about(city, "马德胜", "W0186"), "提醒函")
            lacks(one_about(city, "马德胜", "W0186"), "〔2026〕24号")
        if at.startswith("2026-09-29"):
            says(one_about(city, "陈立新", "W0186"), "督办函")
            lacks(one_about(city, "陈立新", "W0186"), "〔2026〕12号")
        if at.startswith("2026-10-12"):
            says(one_about(city, "陈立新", "W0186"), "提级")
    assert steps == {
        "2026-09-20 16:00": {"苏静"},
        "2026-09-22 09:00": {"苏静"},
        "2026-09-24 09:00": {"马德胜", "谭勇"},
        "2026-09-29 09:00": {"陈立新"},
        "2026-10-12 09:00": {"陈立新"},
    }
    item = await city.item("W0186")
    assert item["overdue_times"] == 2
    assert item["level"] == 1
    assert not [message for message in city.ever() if message.to == "郑海峰"]


async def test_s31_accepted_feedback_ends_the_ladder(open_city: OpenCity) -> None:
    """S31: rules F5 F6. Late by one workday; next due 09-29; none of the later rungs fire."""
    city = await open_city("2026-09-22 15:00")
    await city.say("苏静", "W0186 已报省林草局,组卷材料补正中,预计10月10日批复")
    says(city.last("苏静"), "W0186", "组卷材料补正中")
    await confirm(city, "苏静")
    card = one_about(city, "马德胜", "W0186")
    says(card, "逾期", "组卷材料补正中")
    offers(card, "采纳", "退回")
    assert told(city) == {"苏静", "马德胜"}
    city.mark()
    await city.press("马德胜", "采纳", contains="W0186")
    assert told(city) <= {"苏静", "马德胜"}
    item = await city.item("W0186")
    assert (item["state"], item["overdue_times"]) == ("办理中", 1)
    assert item["feedback_due_at"] == iso("2026-09-29 18:00")
    feedback = item["feedbacks"][-1]
    assert (feedback["state"], feedback["overdue_workdays"]) == ("accepted", 1)
    city.mark()
    await city.clock("2026-09-28 15:59")
    assert not told(city, "W0186") & {"谭勇", "苏静", "陈立新"}
    await city.clock("2026-09-28 16:00")
    says(one_about(city, "苏静", "W0186"), on("09-29", "18:00"))


# --- S77


async def submitted_at_1758(open_city: OpenCity) -> City:
    city = await open_city("2026-09-21 17:58")
    await feed_back(city, "苏静", "/反馈 W0186 组卷材料已补正,等待省林草局受理")
    return city


async def test_s77_accepted_later_is_on_time(open_city: OpenCity) -> None:
    """S77: rules A7 F14 F5. Submitted at 17:58, accepted two days later: on time, no rung fires meanwhile."""
    city = await submitted_at_1758(open_city)
    assert told(city) == {"苏静", "马德胜"}
    city.mark()
    await city.clock("2026-09-23 11:00")
    assert not about(city, "苏静", "W0186")
    assert not about(city, "谭勇", "W0186")
    await city.press("马德胜", "采纳", contains="W0186")
    item = await city.item("W0186")
    assert (item["overdue_times"], item["overdue_workdays"], item["returns"]) == (0, 0, 0)
    assert item["feedbacks"][-1]["submitted_at"] == iso("2026-09-21 17:58")
    assert item["feedbacks"][-1]["reviewed_by_id"] == await person_id(city, "马德胜")
    assert item["feedback_due_at"] == iso("2026-09-29 18:00")
    city.mark()
    await city.clock("2026-09-28 15:59")
    assert not told(city, "W0186") & {"苏静", "谭勇", "陈立新", "马德胜"}
    await city.say("马德胜", "/审计 W0186")
    says(city.last("马德胜"), "办理时长", "退回", "延期", "逾期", "0")


async def test_s77_returned_moves_the_rungs_and_is_late(open_city: OpenCity) -> None:
    """S77: rules F6 A7. Returned 2 workdays after submission: 催办 09-24, draft 09-29, late from 09-21."""
    city = await submitted_at_1758(open_city)
    await city.clock("2026-09-23 11:00")
    city.mark()
    await city.press("马德胜", "退回", input="没有说明受理时间", contains="W0186")
    says(one_about(city, "苏静", "W0186"), "马德胜", "没有说明受理时间")
    assert told(city) <= {"苏静", "马德胜"}
    await city.clock("2026-09-24 08:59")
    city.mark()
    await city.clock("2026-09-24 09:00")
    says(one_about(city, "苏静", "W0186"), "催办", on("09-21"))
    assert told(city, "W0186") == {"苏静"}
    await city.clock("2026-09-29 08:59")
    assert not told(city, "W0186") & {"谭勇", "马德胜", "陈立新"}
    city.mark()
    await city.clock("2026-09-29 09:00")
    assert told(city, "W0186") == {"马德胜", "谭勇"}
    says(one_about(city, "马德胜", "W0186"), "提醒函")
    assert (await city.item("W0186"))["overdue_times"] >= 1
    await city.clock("2026-09-29 10:00")
    await feed_back(city, "苏静", "/反馈 W0186 省林草局9月28日已受理")
    await city.press("马德胜", "采纳", contains="W0186")
    accepted = (await city.item("W0186"))["feedbacks"][-1]
    assert (accepted["state"], accepted["overdue_workdays"]) == ("accepted", 5)


# --- S36


async def test_s36_inspector_raises_what_was_found_on_site(open_city: OpenCity) -> None:
    """S36: rules J2 C1 F1. Who does not report on a project opens only the problem; nobody hears before 确认."""
    city = await open_city("2026-09-22 10:00")
    photos = [(f"现场{number}.png", png(str(number))) for number in (1, 2, 3)]
    await city.say(
        "黄明", "督导一组现场发现: ZX0031沉淀池施工停了一周,劳务纠纷", group="综合专班", files=photos
    )
    card = city.only("综合专班")
    says(card, "问题草稿", "ZX0031", "来源 实地督导", "劳务纠纷")
    lacks(card, "无权", "责任人")
    offers(card, "确认")
    assert told(city) == {"综合专班"}
    city.mark()
    await city.press_on(card, "黄明", "确认")
    says(one_about(city, "孙晓雯", "W0191"), "待甄别", "实地督导", "黄明", "劳务纠纷")
    says(one_about(city, "周敏", "W0191"), "ZX0031", "劳务纠纷", "财政金融专班")
    assert told(city) - {"黄明", "综合专班"} == {"孙晓雯", "周敏"}
    item = await city.item("W0191")
    assert (item["source"], item["state"], item["raised_by"]) == ("实地督导", "待甄别", "黄明")
    assert item["project"] == "ZX0031"
    drafts = await city.rows("SELECT kind FROM drafts")
    assert [one["kind"] for one in drafts] == ["problem"]


async def test_j2_only_the_problem_of_somebody_who_may_not_report(open_city: OpenCity) -> None:
    """Rules B10 J2: without a problem in it, a report by 督导组 is refused and names who may."""
    city = await open_city("2026-09-22 10:00")
    await city.say("黄明", "ZX0031累计完成5500万")
    says(city.only("黄明"), "联络员")
    assert await city.rows("SELECT kind FROM drafts") == []
