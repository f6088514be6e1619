"""S43: to the province and back: paper, 文号, reply, checkpoint, sent back (rules B4, B8, B10, G1, G2, G5, G6, O2)."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest

from .city import City, Message, lacks, offers, says, silent
from .conftest import OpenCity
from .told import iso, on, one_about, told

SENT = "/提级 W0190 已报省 文号 云攻坚〔2026〕41号"
REPLY = "/批示 W0190 省综合专班10月20日复:已协调铁路局,11月5日前批复"
READY = "已生成报省材料(省格式),请上传省系统后回填文号"


async def up_to_level_three(city: City) -> None:
    await city.clock("2026-09-23 10:00")
    await city.say("陈立新", "/提级 W0190 2级")
    await city.clock("2026-09-28 10:00")
    await city.say("孙晓雯", "/会议 报市攻坚办")
    await city.press("陈立新", "同意议题")
    await city.clock("2026-09-30 10:00")
    await city.say("吴迪", "/反馈 W0190 已与铁路局会商两次，方案修改稿已报送")
    await city.clock("2026-10-12 10:00")


async def at_three(open_city: OpenCity) -> City:
    city = await open_city("2026-09-22 18:00", up_to_level_three)
    assert (await city.item("W0190"))["level"] == 3
    return city


async def at_four(open_city: OpenCity) -> City:
    city = await at_three(open_city)
    await city.say("陈立新", "/查 W0190")
    await city.press("陈立新", "提级 4级", contains="W0190")
    return city


async def replied(open_city: OpenCity) -> City:
    city = await at_four(open_city)
    await city.say("孙晓雯", SENT)
    await city.clock("2026-10-20 15:00")
    city.mark()
    await city.say("孙晓雯", REPLY)
    return city


async def words_of(city: City, message: Message) -> str:
    """The text of the one .docx that came with a message."""
    [(name, url)] = message.files
    assert name.endswith(".docx")
    async with city.client.get(f"{city.base}{url}") as response:
        assert response.status == 200
        content = await response.read()
    return "\n".join(one.text for one in docx.Document(BytesIO(content)).paragraphs)


async def test_s43_the_paper_goes_to_who_uploads_it(open_city: OpenCity) -> None:
    city = await at_three(open_city)
    city.mark()
    await city.say("陈立新", "/查 W0190")
    await city.press("陈立新", "提级 4级", contains="W0190")
    ready = city.only("孙晓雯")
    says(ready, READY, "W0190", "陈立新")
    offers(ready, "回填文号")
    text = await words_of(city, ready)
    for part in (
        "省综合专班", "W0190", "ZD0115", "跨既有铁路桥梁方案未获铁路部门批复", "市交通运输局", "吴迪",
        "已采取措施", "与铁路部门会商", "化解路径", "请求省里协调的事项", "2026年10月16日", "2026年10月12日", "截至",
    ):  # fmt: skip
        assert part in text, part
    says(city.last("陈立新"), "已提级", "省综合专班", "孙晓雯")
    assert told(city) == {"陈立新", "孙晓雯"}
    item = await city.item("W0190")
    assert (item["level"], item["state"], item["person"]) == (4, "办理中", "吴迪")
    [row] = [
        row for row in await city.audit("item", "W0190") if row["field"] == "level" and row["new"] == "4"
    ]
    assert (row["old"], row["by_name"]) == ("3", "陈立新")
    city.mark()
    await city.press("陈立新", "提级 4级", contains="W0190")
    says(city.only("陈立新"), "当前已是省综合专班")
    silent(city, "孙晓雯")
    assert len((await city.item("W0190"))["province_reports"]) == 1


async def test_s43_number_reply_and_checkpoint_are_kept(open_city: OpenCity) -> None:
    city = await at_four(open_city)
    due = await city.item("W0190")
    city.mark()
    await city.say("孙晓雯", SENT)
    says(city.only("孙晓雯"), "云攻坚〔2026〕41号", on("10-12"), "/批示 W0190")
    says(city.only("陈立新"), "W0190", "云攻坚〔2026〕41号", "孙晓雯")
    assert told(city) == {"孙晓雯", "陈立新"}
    await city.clock("2026-10-20 15:00")
    city.mark()
    await city.say("孙晓雯", REPLY)
    says(city.only("孙晓雯"), "已登记省级批复", on("11-05", "18:00"), "吴迪")
    for name in ("吴迪", "马德胜", "陈立新"):
        says(city.only(name), "W0190", "已协调铁路局", "孙晓雯录入", on("11-05", "18:00"))
    assert told(city) == {"孙晓雯", "吴迪", "马德胜", "陈立新"}
    item = await city.item("W0190")
    [report] = item["province_reports"]
    assert (report["number"], report["sent_on"]) == ("云攻坚〔2026〕41号", "2026-10-12")
    assert (report["replied_on"], report["checkpoint_on"]) == ("2026-10-20", "2026-11-05")
    assert "已协调铁路局" in report["reply"]
    assert (item["level"], item["state"], item["person"]) == (4, "办理中", "吴迪")
    assert (item["due_at"], item["goal"]) == (due["due_at"], due["goal"])  # rule G5
    rows = {row["field"]: row for row in await city.audit("item", "W0190")}
    for field in ("province_number", "province_reply", "province_checkpoint"):
        assert rows[field]["by_name"] == "孙晓雯", field
    for question in ("/查 W0190", "/查 W0190 流程"):
        city.mark()
        await city.say("吴迪", question)
        says(
            city.only("吴迪"), "省", "云攻坚〔2026〕41号", on("10-12"), "已协调铁路局", on("10-20"),
            "孙晓雯录入", on("11-05", "18:00"),
        )  # fmt: skip


async def test_s43_the_checkpoint_is_chased(open_city: OpenCity) -> None:
    """Told when it comes near and when it has passed, after the push window, to three posts, once each."""
    city = await replied(open_city)
    await city.clock("2026-11-04 15:59")
    city.mark()
    await city.clock("2026-11-04 16:00")
    assert told(city, "省级批复节点", "将到") == {"吴迪", "马德胜", "孙晓雯"}
    says(one_about(city, "孙晓雯", "省级批复节点"), "W0190", on("11-05", "18:00"), "云攻坚〔2026〕41号")
    await city.clock("2026-11-05 18:30")
    city.mark()
    await city.clock("2026-11-06 08:29")
    assert not told(city, "省级批复节点")
    await city.clock("2026-11-06 08:30")
    assert told(city, "省级批复节点", "已过") == {"吴迪", "马德胜", "孙晓雯"}
    await city.say("吴迪", "/查 W0190")
    says(city.last("吴迪"), "省级批复节点", "已过")
    city.mark()
    await city.clock("2026-11-10 18:00")
    assert not told(city, "省级批复节点")


async def test_s43_a_new_reply_moves_the_checkpoint(open_city: OpenCity) -> None:
    city = await replied(open_city)
    await city.clock("2026-11-03 10:00")
    await city.say("孙晓雯", "/批示 W0190 省里11月3日复：铁路局技术审查延后，11月20日前批复")
    city.mark()
    await city.clock("2026-11-10 18:00")
    assert not told(city, "省级批复节点")
    await city.clock("2026-11-19 16:00")
    assert told(city, "省级批复节点", "将到") == {"吴迪", "马德胜", "孙晓雯"}
    replies = [row for row in await city.audit("item", "W0190") if row["field"] == "province_reply"]
    assert len(replies) == 2
    assert "11月5日" in replies[1]["old"]


async def test_g5_duties_go_on_at_level_four(open_city: OpenCity) -> None:
    """吴迪's own reminders come as before, with or without the province."""
    city = await open_city("2026-09-23 10:00")
    await city.say("陈立新", "/提级 W0190 4级 原因 铁路方案只能由省里协调")
    item = await city.item("W0190")
    assert (item["level"], item["feedback_due_at"]) == (4, iso("2026-09-30 18:00"))
    await city.clock("2026-09-29 15:59")
    city.mark()
    await city.clock("2026-09-29 16:00")
    assert "吴迪" in told(city, "W0190", on("09-30", "18:00"))


async def test_g2_straight_to_the_province_needs_its_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 10:00")
    await city.say("陈立新", "/提级 W0190 4级")
    says(city.only("陈立新"), "只能由省里决定的原因")
    assert (await city.item("W0190"))["level"] == 1
    city.mark()
    await city.say("陈立新", "/提级 W0190 4级 原因 铁路方案只能由省里协调")
    says(city.only("孙晓雯"), READY, "铁路方案只能由省里协调")
    assert told(city) == {"陈立新", "孙晓雯"}
    assert (await city.item("W0190"))["level"] == 4


async def test_g2_others_propose_and_the_office_decides(open_city: OpenCity) -> None:
    city = await at_three(open_city)
    city.mark()
    await city.say("吴迪", "/提级 W0190 4级 路径 请省里协调铁路局")
    says(city.only("吴迪"), "陈立新")
    assert told(city) == {"吴迪", "陈立新"}
    assert (await city.item("W0190"))["level"] == 3
    city.mark()
    await city.press("陈立新", "同意提级", contains="W0190")
    says(city.only("孙晓雯"), READY)
    assert "请省里协调铁路局" in await words_of(city, city.only("孙晓雯"))
    says(city.only("吴迪"), "陈立新同意提级", "W0190")
    assert (await city.item("W0190"))["level"] == 4


@pytest.mark.parametrize("words", [SENT, REPLY])
@pytest.mark.parametrize("who", ["吴迪", "马德胜", "郭卫东", "郑海峰"])
async def test_b10_only_the_hub_enters_it(open_city: OpenCity, who: str, words: str) -> None:
    city = await at_four(open_city)
    city.mark()
    await city.say(who, words)
    says(city.only(who), "综合专班联络员、负责人")
    assert told(city) == {who}
    [report] = (await city.item("W0190"))["province_reports"]
    assert (report["number"], report["reply"]) == (None, None)


@pytest.mark.parametrize("words", [SENT, REPLY])
async def test_b4_outside_the_scope_it_does_not_exist(open_city: OpenCity, words: str) -> None:
    city = await at_four(open_city)
    city.mark()
    await city.say("李娜", words)
    says(city.only("李娜"), "未找到，或您无权查看")
    lacks(city.only("李娜"), "省")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/提级 W0190 已报省", "文号"),
        ("/提级 W0190 11月30日已报省 文号 云攻坚〔2026〕41号", "还没到"),
        ("/批示 W0190 省综合专班10月12日复：10月9日前批复", "已过"),
    ],
)
async def test_s43_what_cannot_be_is_refused_with_an_example(
    open_city: OpenCity, words: str, answer: str
) -> None:
    city = await at_four(open_city)
    city.mark()
    await city.say("孙晓雯", words)
    says(city.only("孙晓雯"), answer)
    [report] = (await city.item("W0190"))["province_reports"]
    assert (report["number"], report["reply"]) == (None, None)


@pytest.mark.parametrize(
    ("words", "number", "day"),
    [
        ("/提级 W0190 4级 已报省，文号：云攻坚[2026]41号", "云攻坚〔2026〕41号", "2026-10-12"),
        ("/提级 W0190 10月10日已上报省综合专班 云攻坚（2026）41号", "云攻坚〔2026〕41号", "2026-10-10"),
        ("/提级 W0190 昨天已上传省系统 文号为云攻坚〔2026〕第41号", "云攻坚〔2026〕41号", "2026-10-11"),
        ("/提级 W0190 文号 云攻坚〔2026〕41号", "云攻坚〔2026〕41号", "2026-10-12"),
        ("回填文号 W0190 云攻坚〔2026〕41号", "云攻坚〔2026〕41号", "2026-10-12"),
    ],
)
async def test_s43_however_it_is_written(open_city: OpenCity, words: str, number: str, day: str) -> None:
    city = await at_four(open_city)
    await city.say("孙晓雯", words)
    [report] = (await city.item("W0190"))["province_reports"]
    assert (report["number"], report["sent_on"]) == (number, day)


async def test_s43_not_before_it_is_at_level_four(open_city: OpenCity) -> None:
    city = await at_three(open_city)
    for words in (SENT, REPLY):
        city.mark()
        await city.say("孙晓雯", words)
        says(city.only("孙晓雯"), "市政府层级", "/提级 W0190 4级")
        assert told(city) == {"孙晓雯"}
    assert (await city.item("W0190"))["province_reports"] == []


async def test_s43_a_leaders_instruction_is_still_entered_as_his(open_city: OpenCity) -> None:
    """Rules B10 G4: level 4 does not take a 市领导's 批示 for the province's answer."""
    city = await at_four(open_city)
    await city.say("孙晓雯", "/批示 W0190 郑海峰批示：交通局10月20日前报对接结果")
    tasks = await city.rows("SELECT number FROM items WHERE parent_id IS NOT NULL")
    assert len(tasks) == 1
    assert (await city.item("W0190"))["province_reports"][0]["reply"] is None


async def test_g6_sent_back_from_the_province(open_city: OpenCity) -> None:
    """With a reason, to where it came from; the checkpoint is chased no longer."""
    city = await replied(open_city)
    city.mark()
    await city.say("马德胜", "/退回 W0190 省里已答复")
    lacks(city.only("马德胜"), "已退回")
    assert (await city.item("W0190"))["level"] == 4
    city.mark()
    await city.say("陈立新", "/退回 W0190")
    says(city.only("陈立新"), "原因")
    await city.say("陈立新", "省里明确由市政府专题研究")
    says(city.last("陈立新"), "市政府")
    assert told(city, "省里明确由市政府专题研究") == {"孙晓雯", "沈国栋"}
    item = await city.item("W0190")
    assert (item["level"], item["state"], item["person"]) == (3, "办理中", "吴迪")
    row = [row for row in await city.audit("item", "W0190") if row["field"] == "level"][-1]
    assert (row["old"], row["new"], row["reason"]) == ("4", "3", "省里明确由市政府专题研究")
    city.mark()
    await city.clock("2026-11-06 12:00")
    assert not told(city, "省级批复节点")


async def test_b8_a_restricted_item_reaches_nobody_else(open_city: OpenCity) -> None:
    """Its paper goes to 综合专班负责人, who sees it, not to the 联络员; nobody else is told."""
    city = await open_city("2026-09-23 10:00")
    await city.change("UPDATE items SET restricted = true, visible_to = '[]' WHERE number = 'W0190'")
    [head] = await city.rows("SELECT id FROM people WHERE name = '陈立新'")
    await city.change("UPDATE items SET visible_to = :ids WHERE number = 'W0190'", ids=f"[{head['id']}]")
    city.mark()
    await city.say("陈立新", "/提级 W0190 4级 原因 只能由省里协调")
    assert told(city) == {"陈立新"}
    city.mark()
    await city.say("孙晓雯", SENT)
    says(city.only("孙晓雯"), "未找到，或您无权查看")
    await city.say("陈立新", SENT)
    await city.say("陈立新", REPLY.replace("10月20日", "9月23日"))
    assert told(city, "W0190") == {"陈立新"}
