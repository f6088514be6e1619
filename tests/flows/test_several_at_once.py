"""Several things said at once: problems, periods, a share that does not agree, one 无变化 for several projects."""

from __future__ import annotations

from .city import City, lacks, says
from .conftest import OpenCity

PLANT, PIPES = "ZX0031", "ZX0032"


async def test_f1_each_problem_of_a_message_is_a_draft_of_its_own(open_city: OpenCity) -> None:
    """F1 C4 C8: two problems with two requests and two days are two items; neither day is lost."""
    city = await open_city("2026-09-22 09:20")
    city.mark()
    await city.say(
        "魏然",
        "ZY0007问题：一是施工许可办不下来，请住建局10月15日前核发；二是临时用电容量不够，请供电公司10月20日前增容",
    )
    first, second = city.heard("魏然")
    says(first, "问题草稿", "ZY0007", "施工许可", "10月15日")
    lacks(first, "用电")
    says(second, "问题草稿", "ZY0007", "用电", "10月20日")
    lacks(second, "施工许可未取得")
    await city.press("魏然", "确认", contains="施工许可")
    await city.press("魏然", "确认", contains="用电")
    titles = await city.rows("SELECT title FROM items WHERE number IN ('W0191', 'W0192') ORDER BY number")
    assert len(titles) == 2
    assert "许可" in str(titles[0])
    assert "用电" in str(titles[1])


async def test_c4_the_wish_that_is_missing_is_asked_for_one_problem_after_the_other(
    open_city: OpenCity,
) -> None:
    city = await open_city("2026-09-22 09:20")
    city.mark()
    await city.say("魏然", "ZY0007问题：1.施工许可办不下来；2.临时用电容量不够")
    assert len([one for one in city.heard("魏然") if "问题草稿" in one.text]) == 2
    city.mark()
    await city.say("魏然", "请供电公司10月20日前增容")
    answered, asked = city.heard("魏然")
    says(answered, "用电", "10月20日")
    says(asked, "施工许可", "请补充")


async def test_c5_of_two_periods_the_wider_counts_and_the_other_is_shown(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 11:10")
    city.mark()
    await city.say("张伟", "实验中学本旬完成50万，本月完成150万")
    card = city.only("张伟")
    says(card, "ZY0009", "本月完成 150", "2500", "2650", "另报", "本旬完成 50 万元", "已含在内")


async def test_c1_a_stated_share_that_the_figure_contradicts_is_pointed_out(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    city.mark()
    await city.say("张伟", "城南污水处理厂今年累计完成投资5500万,完成年度计划的78.75%")
    says(city.only("张伟"), "您写的占年度计划 78.75%", "68.75%", "请核对")
    city.mark()
    await city.say("张伟", "ZX0032今年累计完成2100万,占年度计划70%")
    lacks(city.only("张伟"), "您写的")


async def test_c10_c19_one_withdrawal_takes_back_the_whole_of_nothing_changed(open_city: OpenCity) -> None:
    """/撤销 after 本周无变化 is one entry: every project it counted for, and the weekly feedback."""
    city = await open_city("2026-09-23 10:40")
    await city.say("张伟", "本周无变化")
    counted = await _unchanged(city)
    assert len(counted) > 1
    city.mark()
    await city.say("张伟", "/撤销")
    says(city.only("张伟"), "已撤销", "无变化", *counted, "青禾县", "重新反馈")
    assert await _unchanged(city) == []
    city.mark()
    await city.say("张伟", "/我的")
    says(city.only("张伟"), "本周反馈", "青禾县")


async def test_c10_i1_what_the_week_said_before_stands_again(open_city: OpenCity) -> None:
    """/撤销 of a later 本周无变化 gives back the feedback that it had replaced; new words replace 本周无变化."""
    city = await open_city("2026-09-23 10:40")
    await city.say("张伟", "本周反馈：污水厂设备到场，完成土建收尾")
    await city.clock("2026-09-23 10:45")
    await city.say("张伟", "本周无变化")
    city.mark()
    await city.say("张伟", "/撤销")
    says(city.only("张伟"), "已撤销", "青禾县 的本周反馈恢复为此前所报")
    lacks(city.only("张伟"), "重新反馈")
    rows = await city.rows("SELECT text, unchanged FROM weekly_reports")
    assert [(row["text"], bool(row["unchanged"])) for row in rows] == [
        ("污水厂设备到场，完成土建收尾", False)
    ]
    await city.say("张伟", "本周无变化")
    await city.say("张伟", "本周反馈：管网复测完成")
    rows = await city.rows("SELECT text, unchanged FROM weekly_reports")
    assert [(row["text"], bool(row["unchanged"])) for row in rows] == [("管网复测完成", False)]


async def _unchanged(city: City) -> list[str]:
    found = await city.rows(
        "SELECT projects.code FROM entries JOIN projects ON projects.id = entries.project_id "
        "WHERE entries.kind = 'unchanged' AND entries.undone_at IS NULL ORDER BY projects.code"
    )
    return [str(row["code"]) for row in found]
