"""A closed item comes back: 重开, its new 办结时限, 跟踪问效 (S34)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .samples import jpeg
from .told import about, confirm, feed_back, in_record, iso, on, one_about, told

REASON = "现场又被要求停工,界址与批复不符"


async def _close(city: City) -> None:
    await city.say("苏静", "/办结 W0186 二期已补批 文号 云林审〔2026〕91号")
    await city.press("马德胜", "通过", contains="W0186")
    await city.press("孙晓雯", "销号", contains="W0186")


async def closed(open_city: OpenCity, at: str = "2026-10-16 10:00") -> City:
    """S33 to its end on 10-16; the mark stands after 销号."""
    city = await open_city(at, _close)
    assert (await city.item("W0186"))["state"] == "已销号"
    city.mark()
    return city


async def test_s34_reopened_by_who_raised_it(open_city: OpenCity) -> None:
    """S34: rules F1 F5. 责任人 and 督办专员 are told with the photo; the count starts again."""
    city = await closed(open_city)
    before = await city.item("W0186")
    await city.say("李娜", f"/重开 W0186 {REASON}", files=[("现场.jpg", jpeg("s34"))])
    answer = city.only("李娜")
    says(answer, "已重开", "办理中", "已通知苏静、马德胜", on("10-23", "18:00"))
    card = one_about(city, "苏静", "W0186")
    says(card, "重开", "李娜", "界址与批复不符", on("10-23", "18:00"))
    offers(card, "反馈", "办结")
    asked = one_about(city, "马德胜", "W0186")
    says(asked, "李娜", "界址与批复不符", "请定新的办结时限", "市林业局", "苏静")
    offers(asked, "定时限")
    assert told(city) == {"李娜", "苏静", "马德胜"}
    item = await city.item("W0186")
    assert (item["state"], item["closed_at"], item["due_at"]) == ("办理中", None, None)
    assert item["feedback_due_at"] == iso("2026-10-23 18:00")
    assert (item["returns"], item["refusals"]) == (before["returns"], before["refusals"])
    assert item["overdue_times"] == before["overdue_times"]
    files = await city.rows("SELECT name FROM attachments WHERE owner_kind = 'item'")
    assert "现场.jpg" in [row["name"] for row in files]
    rows = [row for row in await city.audit("item", "W0186") if row["field"] == "state"]
    last = rows[-1]
    assert (last["old"], last["new"], last["by_name"]) == ("已销号", "办理中", "李娜")
    assert "界址与批复不符" in last["reason"]
    assert last["message_id"]


async def test_s34_new_due_date_and_ladder(open_city: OpenCity) -> None:
    """Rules F1 F5 F6: 督办专员 sets the 办结时限 once; both ladders climb, nothing of the old dates fires."""
    city = await closed(open_city)
    await city.say("李娜", f"/重开 W0186 {REASON}")
    city.mark()
    await city.say("苏静", "/我的")
    says(city.only("苏静"), "W0186", on("10-23"))
    await city.say("马德胜", "/我的")
    says(city.only("马德胜"), "W0186", "待定办结时限")
    offers(city.only("马德胜"), "定时限")
    city.mark()
    await city.say("马德胜", "定时限 W0186 10月9日")
    says(city.only("马德胜"), "已过")
    await city.say("马德胜", "定时限 W0186 2026-10-09")
    says(city.last("马德胜"), "已过")
    assert (await city.item("W0186"))["due_at"] is None
    city.mark()
    await city.say("马德胜", "定时限 W0186 11月3日")
    says(city.only("马德胜"), on("11-03", "18:00"))
    says(one_about(city, "苏静", "W0186"), on("11-03", "18:00"), "马德胜")
    assert told(city) == {"马德胜", "苏静"}
    assert (await city.item("W0186"))["due_at"] == iso("2026-11-03 18:00")
    city.mark()
    await city.say("马德胜", "/我的")
    lacks(city.only("马德胜"), "待定办结时限")
    await city.press("马德胜", "定时限", input="11月30日", contains="W0186")
    says(city.last("马德胜"), "办结时限已定")
    assert (await city.item("W0186"))["due_at"] == iso("2026-11-03 18:00")
    city.mark()
    await city.clock("2026-10-22 15:59")
    assert not told(city, "W0186")
    await city.clock("2026-10-22 16:00")
    says(one_about(city, "苏静", "W0186"), on("10-23"))
    await city.clock("2026-10-23 10:00")
    await feed_back(city, "苏静", "/反馈 W0186 已重新测绘界址,等待核对")
    await city.press("马德胜", "采纳", contains="W0186")
    assert (await city.item("W0186"))["feedback_due_at"] == iso("2026-10-30 18:00")
    await city.clock("2026-10-30 10:00")
    await feed_back(city, "苏静", "/反馈 W0186 界址已核对")
    await city.press("马德胜", "采纳", contains="W0186")
    await city.clock("2026-11-02 15:59")
    city.mark()
    await city.clock("2026-11-02 16:00")
    says(one_about(city, "苏静", "W0186"), "办结", on("11-03"))
    assert told(city, "W0186") == {"苏静"}


async def test_s34_the_old_due_date_again(open_city: OpenCity) -> None:
    """Rules F1 F6: the 办结时限 may be the old one; its ladder climbs again."""
    city = await closed(open_city)
    await city.say("李娜", f"/重开 W0186 {REASON}")
    await city.press("马德胜", "定时限", input="10月20日", contains="W0186")
    assert (await city.item("W0186"))["due_at"] == iso("2026-10-20 18:00")
    await city.clock("2026-10-21 08:59")
    city.mark()
    await city.clock("2026-10-21 09:00")
    says(one_about(city, "苏静", "W0186"), "催办", "办结", on("10-20"))
    assert (await city.item("W0186"))["overdue_times"] >= 1


async def test_s34_who_may_and_what_it_needs(open_city: OpenCity) -> None:
    """Rules F1 B4 B10: not the 责任单位, nobody who may not see it, not without a reason."""
    city = await closed(open_city)
    await city.say("苏静", "/重开 W0186 又停工了")
    says(city.only("苏静"), "提出人", "督办专员", "综合专班")
    await city.say("张伟", "/重开 W0186 又停工了")
    says(city.only("张伟"), "未找到,或您无权查看")
    await city.say("李娜", "/重开 W0186")
    says(city.only("李娜"), "原因")
    await city.say("李娜", "/重开")
    silent(city, "马德胜", "孙晓雯", "谭勇")
    assert (await city.item("W0186"))["state"] == "已销号"
    city.mark()
    await city.say("孙晓雯", f"/重开 W0186 {REASON}")
    says(one_about(city, "李娜", "W0186"), "您上报的", "孙晓雯", "重开")
    assert told(city) == {"孙晓雯", "苏静", "马德胜", "李娜"}
    city.mark()
    await city.say("李娜", f"/重开 W0186 {REASON}")
    says(city.only("李娜"), "办理中", "不能重开")
    assert told(city) == {"李娜"}


async def test_s34_reopened_by_the_supervisor_himself(open_city: OpenCity) -> None:
    city = await closed(open_city)
    await city.say("马德胜", f"/重开 W0186 {REASON}")
    answer = city.only("马德胜")
    says(answer, "已通知苏静", "请定新的办结时限")
    offers(answer, "定时限")
    assert told(city) == {"苏静", "马德胜", "李娜"}


async def test_s34_counts_again_as_open(open_city: OpenCity) -> None:
    """Rule D5: /查 counts it again, and its card says why."""
    city = await closed(open_city)
    await city.say("李娜", "/问题 ZD0108")
    lacks(city.only("李娜"), "W0186")
    await city.say("李娜", f"/重开 W0186 {REASON}")
    city.mark()
    await city.say("李娜", "/问题 ZD0108")
    says(city.only("李娜"), "W0186", "办理中")
    city.mark()
    await city.say("李娜", "/查 W0186")
    says(city.only("李娜"), "办理中", "重开 李娜", "界址与批复不符", on("10-23"))


async def test_s34_asked_for_the_effect(open_city: OpenCity) -> None:
    """S34 variant: rule F12. 15 workdays after 销号, once; 有效 is written down and ends it."""
    city = await closed(open_city)
    await city.clock("2026-11-06 08:29")
    assert not about(city, "李娜", "W0186")
    await city.clock("2026-11-06 08:30")
    asked = one_about(city, "李娜", "W0186 效果如何")
    offers(asked, "有效", "反弹")
    assert told(city, "W0186") == {"李娜"}
    city.mark()
    await city.say("李娜", "/我的")
    says(city.only("李娜"), "W0186 效果待反馈")
    city.mark()
    await city.say("苏静", "有效")
    await city.press_on(asked, "李娜", "有效")
    says(city.only("李娜"), "W0186", "有效")
    await city.press_on(asked, "李娜", "有效")
    rows = [row for row in await city.audit("item", "W0186") if row["field"] == "effect"]
    assert [(row["new"], row["by_name"]) for row in rows] == [("有效", "李娜")]
    assert (await city.item("W0186"))["state"] == "已销号"
    city.mark()
    await city.say("李娜", "/我的")
    lacks(city.only("李娜"), "W0186")
    await city.clock("2026-11-20 18:00")
    assert not about(city, "李娜", "效果如何")


async def test_s34_rebound_in_words_reopens(open_city: OpenCity) -> None:
    """S34 variant: rule F12. 反弹 needs words, and reopens with them."""
    city = await closed(open_city)
    await city.clock("2026-11-06 09:30")
    city.mark()
    await city.say("李娜", "反弹")
    says(city.only("李娜"), "反弹情况")
    assert (await city.item("W0186"))["state"] == "已销号"
    city.mark()
    await city.say("李娜", "反弹 现场又被要求停工")
    says(city.only("李娜"), "已重开", "已通知苏静、马德胜")
    says(one_about(city, "苏静", "W0186"), "现场又被要求停工")
    item = await city.item("W0186")
    assert (item["state"], item["feedback_due_at"]) == ("办理中", iso("2026-11-13 18:00"))
    rows = await city.audit("item", "W0186")
    assert [row["reason"] for row in rows if row["field"] == "effect"] == ["现场又被要求停工"]


async def test_s34_no_question_about_a_reopened_item(open_city: OpenCity) -> None:
    city = await closed(open_city)
    await city.say("李娜", f"/重开 W0186 {REASON}")
    city.mark()
    await city.clock("2026-11-06 18:00")
    assert not about(city, "李娜", "效果如何")


async def test_s34_last_day_and_the_day_after(open_city: OpenCity) -> None:
    """S34 variant: rules F1 F12 C1. Day 30 still; then refused, a linked new problem is offered."""
    city = await closed(open_city)
    await city.clock("2026-11-16 09:00")
    city.mark()
    await city.say("李娜", f"/重开 W0186 {REASON}")
    told_her = city.heard("李娜")
    says(told_her[0], "W0186", "30日", "不能重开", "承接 W0186")
    says(told_her[-1], "问题草稿", "ZD0108", "界址与批复不符", "W0186 反弹")
    offers(told_her[-1], "确认")
    assert told(city) == {"李娜"}
    assert (await city.item("W0186"))["state"] == "已销号"
    assert await city.rows("SELECT number FROM items WHERE number = 'W0191'") == []
    city.mark()
    await confirm(city, "李娜") if city.heard("李娜") else await city.press("李娜", "确认", to="李娜")
    says(one_about(city, "孙晓雯", "W0191"), "待甄别", "W0186")
    silent(city, "苏静", "马德胜")
    new = await city.item("W0191")
    assert (new["state"], new["project"], new["kind"]) == ("待甄别", "ZD0108", "林地")
    assert in_record(new, "W0186")
    links = {
        number: [
            (row["field"], row["new"]) for row in await city.audit("item", number) if "follow" in row["field"]
        ]
        for number in ("W0186", "W0191")
    }
    assert links == {"W0186": [("followed_by", "W0191")], "W0191": [("follows", "W0186")]}
    city.mark()
    await city.say("李娜", "/查 W0186")
    says(city.only("李娜"), "已销号", "W0191")


async def test_s34_on_the_thirtieth_day(open_city: OpenCity) -> None:
    city = await closed(open_city)
    await city.clock("2026-11-15 20:00")
    await city.say("李娜", f"/重开 W0186 {REASON}")
    says(city.last("李娜"), "已重开")
    city.mark()
    await city.clock("2026-11-16 08:30")
    assert {"苏静", "马德胜"} <= told(city, "W0186")


async def test_s34_late_rebound_opens_a_linked_draft(open_city: OpenCity) -> None:
    """Rule F12: 反弹 later than 30 days is a new item linked to the old one, once confirmed."""
    city = await closed(open_city)
    await city.clock("2026-11-20 09:00")
    city.mark()
    await city.press("李娜", "反弹", input="现场又被要求停工", contains="效果如何")
    says(city.last("李娜"), "问题草稿", "W0186 反弹", "现场又被要求停工")
    assert (await city.item("W0186"))["state"] == "已销号"
    await city.press("李娜", "确认", to="李娜")
    assert (await city.item("W0191"))["state"] == "待甄别"


async def test_s34_the_closing_notice_reopens(open_city: OpenCity) -> None:
    """F10: the notice of 销号 offers what it names."""
    city = await closed(open_city)
    await city.press("李娜", "重开", input="现场又被要求停工", contains="已办结销号")
    assert (await city.item("W0186"))["state"] == "办理中"


async def test_s34_closed_and_counted_a_second_time(open_city: OpenCity) -> None:
    """F12 F14: closing again asks again 15 workdays later; what was overdue before is not forgotten."""
    city = await closed(open_city)
    before = (await city.item("W0186"))["overdue_times"]
    await city.say("李娜", f"/重开 W0186 {REASON}")
    await city.clock("2026-10-26 10:00")
    assert (await city.item("W0186"))["overdue_times"] == before + 1
    await _close(city)
    assert (await city.item("W0186"))["state"] == "已销号"
    city.mark()
    await city.clock("2026-11-13 18:00")
    assert not about(city, "李娜", "效果如何")
    await city.clock("2026-11-16 08:30")
    assert len(about(city, "李娜", "效果如何")) == 1


async def _merge_and_close(city: City) -> None:
    await city.say("黄明", "/问题 ZD0108 循环园二期道路林地没批,请市林业局10月30日前办结")
    await city.press("黄明", "确认", to="黄明")
    await city.say("孙晓雯", "合并到W0186")
    await _close(city)


async def test_f13_who_raised_a_duplicate_is_told_of_the_reopening(open_city: OpenCity) -> None:
    """Rules F1 F13: told as of 销号; not offered 重开, and not asked for the effect: it was not their item."""
    city = await open_city("2026-10-16 10:00", _merge_and_close)
    assert [(await city.item(no))["state"] for no in ("W0186", "W0191")] == ["已销号", "已合并"]
    notice = [one for one in city.ever() if one.to == "黄明" and "已办结销号" in one.text][-1]
    says(notice, "W0191", "已合并到W0186")
    lacks(notice, "重开")
    assert notice.button("重开") is None
    city.mark()
    await city.say("李娜", f"/重开 W0186 {REASON}")
    says(one_about(city, "黄明", "W0186"), "您上报的", "W0191", "李娜", "重开")
    assert told(city) == {"李娜", "苏静", "马德胜", "黄明"}


async def test_s34_in_a_group_only_what_the_group_may_see(open_city: OpenCity) -> None:
    """Rules B4 B5: in a group without the item it is as if it did not exist, and stays closed."""
    city = await closed(open_city)
    await city.say("李娜", f"/重开 W0186 {REASON}", group="青禾县")
    assert not about(city, "马德胜", "W0186")
    assert (await city.item("W0186"))["state"] == "已销号"


async def test_c9_photos_after_the_reopening(open_city: OpenCity) -> None:
    """Rule C9: photos that follow within ten minutes belong to the item; who goes on with it gets them."""
    city = await closed(open_city)
    await city.say("李娜", f"/重开 W0186 {REASON}")
    city.mark()
    await city.say("李娜", "", files=[("现场.jpg", jpeg("later"))])
    says(city.only("李娜"), "W0186", "现场.jpg")
    for name in ("苏静", "马德胜"):
        assert [name for name, _ in one_about(city, name, "W0186", "补充附件").files] == ["现场.jpg"]
    assert "现场.jpg" in [one["name"] for one in (await city.item("W0186"))["attachments"]]
    await city.clock("2026-10-16 10:30")
    city.mark()
    await city.say("李娜", "", files=[("晚到.jpg", jpeg("late"))])
    lacks(city.only("李娜"), "W0186")


async def test_f1_nobody_sets_the_new_due_date(open_city: OpenCity) -> None:
    """Rule F1: who is asked for the new 办结时限 is reminded once, then 综合专班负责人 is told."""
    city = await closed(open_city)
    await city.say("李娜", f"/重开 W0186 {REASON}")
    await city.clock("2026-10-20 08:29")
    city.mark()
    await city.clock("2026-10-20 08:30")
    says(one_about(city, "马德胜", "W0186"), "还没有定新的办结时限")
    assert told(city, "W0186", "办结时限") == {"马德胜"}
    city.mark()
    await city.clock("2026-10-21 08:30")
    says(one_about(city, "陈立新", "W0186"), "马德胜", "逾期未定")
    await city.press("陈立新", "定时限", input="11月3日", to="陈立新")
    assert (await city.item("W0186"))["due_at"] == iso("2026-11-03 18:00")
    city.mark()
    await city.clock("2026-10-22 10:00")
    assert not told(city, "还没有定新的办结时限")
