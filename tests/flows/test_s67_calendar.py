"""Another calendar moves what was counted in workdays; owners hear it once (S67; rules A1, A2, E9, F3, F5, F6)."""

from __future__ import annotations

from pathlib import Path

from .calendar_import import import_days
from .city import City, lacks, moment, says, silent
from .conftest import OpenCity
from .told import about, on, one_about, told, utc


async def days_of(city: City, **changed: bool) -> str:
    """The stored calendar of 2026 as a file, with these days (d0924) worked or off."""
    rows = await city.rows(
        "SELECT day, workday FROM calendar_days WHERE CAST(day AS VARCHAR) LIKE '2026%' ORDER BY day"
    )
    known = {str(row["day"]): bool(row["workday"]) for row in rows}
    for name, workday in changed.items():
        day = f"2026-{name[1:3]}-{name[3:]}"
        if workday:
            known.pop(day, None)
        else:
            known[day] = False
    lines = [f"{day},{'work' if workday else 'off'},节日" for day, workday in sorted(known.items())]
    return "date,kind,holiday\n" + "\n".join(lines) + "\n"


async def moved(open_city: OpenCity, folder: Path) -> City:
    """On 09-22 the 24th becomes a day off."""
    city = await open_city("2026-09-22 10:00")
    city.mark()
    out = await import_days(city, folder, await days_of(city, d0924=False), "2026-09-22 10:00")
    assert "W0190" in out
    assert "09-30 18:00 → 10-08 18:00，已告知 吴迪" in out
    assert "ZX0031" in out
    assert "09-28 18:00 → 09-29 18:00，已告知 张伟" in out
    await city.clock("2026-09-22 10:05")
    return city


async def test_s67_owners_hear_once_what_moved(open_city: OpenCity, tmp_path: Path) -> None:
    city = await moved(open_city, tmp_path)
    says(city.only("吴迪"), "工作日历已更新", "W0190", "定期反馈", on("09-30", "18:00"), on("10-08", "18:00"))
    says(city.only("张伟"), "ZX0031", "黄灯反馈", on("09-28", "18:00"), on("09-29", "18:00"))
    assert told(city, "工作日历") == {"吴迪", "张伟"}
    item = await city.item("W0190")
    assert item["feedback_due_at"].startswith("2026-10-08T18:00")
    [row] = [one for one in await city.audit("item", "W0190") if one["field"] == "feedback_due_at"][-1:]
    assert row["reason"] == "工作日历变更"
    rows = await city.rows("SELECT due_at FROM items WHERE number = 'W0190'")
    assert utc(rows[0]["due_at"]) == moment("2026-10-16 18:00"), "a date that a person named stays"
    city.mark()
    out = await import_days(city, tmp_path, await days_of(city), "2026-09-22 10:05")
    assert "无变化" in out
    await city.clock("2026-09-22 10:10")
    silent(city)
    await city.say("吴迪", "/我的")
    says(city.last("吴迪"), on("10-08", "18:00"))


async def test_s67_the_ladders_move_with_it(open_city: OpenCity, tmp_path: Path) -> None:
    """F6: T−1 and T+n count in the new workdays; what was missed before stays missed; every rung once."""
    city = await moved(open_city, tmp_path)
    city.mark()
    await city.clock("2026-09-24 18:30")
    assert not about(city, "马德胜", "提醒函")  # T+3 of 09-21 is no longer the 24th
    assert "张伟" not in told(city, "ZX0031", "反馈")
    await city.clock("2026-09-28 09:00")
    says(one_about(city, "马德胜", "提醒函草稿"), "W0186")
    city.mark()
    await city.clock("2026-09-28 16:00")
    says(one_about(city, "张伟", "ZX0031", "反馈"), on("09-29", "18:00"))  # T−1
    await city.clock("2026-09-29 16:00")
    assert not about(city, "吴迪", "W0190")
    city.mark()
    await city.clock("2026-09-30 16:00")
    says(one_about(city, "吴迪", "W0190"), on("10-08", "18:00"))
    assert (await city.item("W0190"))["overdue_times"] == 0
    await city.clock("2026-10-09 09:00")
    assert (await city.item("W0190"))["overdue_times"] == 1


async def test_s67_and_back_again(open_city: OpenCity, tmp_path: Path) -> None:
    """The old calendar again: the old dates again, told once; nothing that lies in the past is late by it."""
    city = await moved(open_city, tmp_path)
    city.mark()
    await import_days(city, tmp_path, await days_of(city, d0924=True), "2026-09-22 10:10")
    await city.clock("2026-09-22 10:15")
    says(city.only("吴迪"), "W0190", on("10-08", "18:00"), on("09-30", "18:00"))
    says(city.only("张伟"), "ZX0031", on("09-29", "18:00"), on("09-28", "18:00"))
    city.mark()
    await city.clock("2026-09-24 09:00")
    says(one_about(city, "马德胜", "提醒函草稿"), "W0186")
    await city.clock("2026-09-28 09:00")
    assert len(about(city, "马德胜", "提醒函草稿")) == 1


async def test_s67_a_receipt_waits_longer(open_city: OpenCity, tmp_path: Path) -> None:
    """F3: 签收 is one workday after 交办, whatever day that is now; the reminder goes with it."""
    city = await open_city("2026-09-23 10:00")
    await city.say("王磊(高新区管委会)", "SG0012 临时用电没有落实,请供电公司10月12日前解决")
    await city.press("王磊(高新区管委会)", "确认", to="王磊(高新区管委会)")
    await city.say("孙晓雯", "/交办 W0191 责任人 邵鹏;措施 架设临时线路;督办专员 马德胜")
    await city.press("孙晓雯", "确认交办", contains="W0191")
    assert (await city.item("W0191"))["state"] == "待签收"
    city.mark()
    await import_days(city, tmp_path, await days_of(city, d0924=False), "2026-09-23 10:05")
    await city.clock("2026-09-23 10:10")
    says(one_about(city, "邵鹏", "工作日历"), "W0191", "签收", on("09-24", "18:00"), on("09-28", "18:00"))
    city.mark()
    await city.clock("2026-09-28 18:00")
    assert not about(city, "邵鹏", "W0191", "签收")
    await city.clock("2026-09-29 08:30")
    reminder = one_about(city, "邵鹏", "W0191")
    says(reminder, "签收", on("09-28", "18:00"))
    lacks(reminder, on("09-24", "18:00"))


async def test_s67_what_is_under_review_moves_too(open_city: OpenCity, tmp_path: Path) -> None:
    """F6: returned after the import, the rungs that are left count in the new workdays."""
    city = await open_city("2026-09-22 08:00")
    await city.say("苏静", "/反馈 W0186 已报省林草局，预计10月10日批复")
    await city.say("苏静", "确认")
    await import_days(city, tmp_path, await days_of(city, d0924=False), "2026-09-22 08:30")
    await city.clock("2026-09-22 08:45")
    await city.press("马德胜", "退回", contains="W0186", input="没有写每周目标")
    city.mark()
    await city.clock("2026-09-24 18:00")
    assert not about(city, "马德胜", "提醒函草稿")
    await city.clock("2026-09-28 09:00")
    says(one_about(city, "马德胜", "提醒函草稿"), "W0186")


async def test_s67_a_weekly_call_that_is_out_is_put_right(open_city: OpenCity, tmp_path: Path) -> None:
    """Rules A1 A5 I1: called for 09-23; the 25th becomes a workday: who has not reported hears the new date, once."""
    city = await open_city("2026-09-22 10:00")
    await city.clock("2026-09-23 10:00")
    await city.say("吴迪", "本周无变化")
    city.mark()
    await import_days(city, tmp_path, await days_of(city, d0925=True), "2026-09-23 10:30")
    await city.clock("2026-09-23 10:35")
    moved_to = [one for one in city.heard("程凯") if "本周反馈" in one.text]
    assert len(moved_to) == 1
    says(moved_to[0], "能源专班", "本周反馈", on("09-23", "18:00"), on("09-24", "18:00"))
    assert not any("本周反馈" in one.text for one in city.heard("吴迪"))
    city.mark()
    await city.clock("2026-09-24 08:31")
    assert not any("未反馈" in one.text for one in city.heard("孙晓雯"))
    await city.clock("2026-09-25 08:31")
    assert any("未反馈" in one.text and "能源专班" in one.text for one in city.heard("孙晓雯"))
