"""Cases that the intake rules (C, D6) demand and no scenario spells out, as a tired liaison types them."""

from __future__ import annotations

import pytest

from .city import City, amount, audited, becomes, lacks, says, silent
from .conftest import OpenCity
from .told import ytd

PLANT, PIPES, SCHOOL, CANAL, ROAD = "ZX0031", "ZX0032", "ZY0009", "JJ0003", "ZD0115"
LAST_DAY = "2026-12-31 17:00"


async def drafts_of(city: City, who: str) -> str:
    city.mark()
    await city.say(who, "/草稿")
    return city.only(who).text


# --- C4: an open question swallows nothing that is a message of its own


async def test_c4_a_report_is_no_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:30")
    await city.say("张伟", "ZX0031累计4400")
    city.mark()
    await city.say("张伟", "管网累计2100")
    says(city.only("张伟"), PIPES, becomes(1950, 2100))
    await city.say("张伟", "8月把预付款算进去了,多报300万")
    says(city.last("张伟"), PLANT, becomes(4700, 4400), "预付款")


async def test_c4_a_new_figure_of_the_same_project_is_no_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:30")
    await city.say("张伟", "ZX0031累计4400")
    city.mark()
    await city.say("张伟", "ZX0031累计4750")
    says(city.only("张伟"), PLANT, becomes(4700, 4750))
    lacks(city.only("张伟"), "原因")
    await city.say("张伟", "8月累计4700多报了300万")
    says(city.last("张伟"), becomes(4700, 4400), "多报了300万")


async def test_c4_a_report_is_not_what_is_wanted_of_a_problem(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:30")
    await city.say("张伟", "污水厂施工队跑了，请协调")
    city.mark()
    await city.say("张伟", "污水厂累计5200万，但是资金还没拨下来，请财政局协调一下")
    report, problem = city.heard("张伟")
    says(report, "草稿2", becomes(4700, 5200))
    says(problem, "草稿3", "资金还没拨下来", "市财政局", "财政金融专班")
    shown = await drafts_of(city, "张伟")
    assert "施工队跑了" in shown


async def test_c4_another_projects_report_does_not_answer_which_project(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:30")
    await city.say("张伟", "城南污水这个项目累计完成2150万")
    city.mark()
    await city.say("张伟", "实验中学累计2700")
    says(city.only("张伟"), SCHOOL, becomes(2500, 2700))


async def test_c4_words_asked_for_by_a_button_can_be_dropped(open_city: OpenCity) -> None:
    """[反馈] pressed by mistake: 「取消」 ends it, and a report of another project is not sent as feedback."""
    city = await open_city("2026-09-22 09:30")
    await city.say("张伟", "/反馈 ZX0031")
    city.mark()
    await city.say("张伟", "取消")
    says(city.only("张伟"), "已取消本次操作")
    await city.say("张伟", "/反馈 ZX0031")
    city.mark()
    await city.say("张伟", "管网累计2200")
    says(city.only("张伟"), PIPES, becomes(1950, 2200))
    silent(city, "彭倩")
    await city.say("张伟", "设备晚到,10月18日追平")
    says(city.only("彭倩"), PLANT, "设备晚到")


# --- C5, C8: numbers without a word for what they are


@pytest.mark.parametrize(
    "text", ["ZX0031 5200", "污水厂现在5200", "污水处理厂：5200万", "污水厂到今天5200万了"]
)
async def test_c5_a_number_beside_a_name_is_asked_about(open_city: OpenCity, text: str) -> None:
    city = await open_city("2026-09-22 09:30")
    await city.say("张伟", text)
    says(city.only("张伟"), PLANT, "5200 万元是「累计完成」还是「本月完成」")
    await city.say("张伟", "累计")
    says(city.last("张伟"), becomes(4700, 5200))


async def test_c8_a_list_of_names_and_numbers(open_city: OpenCity) -> None:
    """Every project has its line, nothing becomes 形象进度, one answer holds for all."""
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "污水处理厂5300，管网2100，实验中学2700，幼儿园800，灌区3500")
    card = city.only("张伟")
    says(
        card, "共5项", "① ZX0031 5300", "② ZX0032 2100", "③ ZY0009 2700", "④「幼儿园」未找到", "⑤ JJ0003 3500"
    )
    lacks(card, "形象进度")
    await city.say("张伟", "都是累计")
    says(
        city.last("张伟"), becomes(4700, 5300), becomes(1950, 2100), becomes(2500, 2700), becomes(3300, 3500)
    )
    await city.say("张伟", "确认")
    assert [await ytd(city, code) for code in (PLANT, PIPES, SCHOOL, CANAL)] == [5300, 2100, 2700, 3500]
    assert "「幼儿园」 → 800" in await drafts_of(city, "张伟")


async def test_c8_a_project_named_in_short_in_the_middle(open_city: OpenCity) -> None:
    """Its figure is a line of its own, not another project's 形象进度; 没变化 is not lost either (C19)."""
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "管网累计完成2100万，污水厂累计5300万，另外实验中学消防验收没通过，请住建局协调")
    report, problem = city.heard("张伟")
    says(report, "共2项", becomes(1950, 2100), becomes(4700, 5300))
    lacks(report, "形象进度")
    says(problem, SCHOOL, "消防验收没通过")
    await city.say("张伟", "取消1")
    await city.say("张伟", "取消2")
    city.mark()
    await city.say("张伟", "污水处理厂累计5300万，管网没变化，实验中学正在装修")
    says(city.only("张伟"), "共3项", "② ZX0032", "投资无变化", "③ ZY0009")
    await city.say("张伟", "取消")
    city.mark()
    await city.say("张伟", "污水厂累计5300万，管网铺设3公里")
    says(city.only("张伟"), becomes(4700, 5300), "管网铺设3公里")
    lacks(city.only("张伟"), PIPES)


async def test_c4_the_figure_beside_a_problem_is_not_lost(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "领导好，污水厂这边8月底是4700，到今天4980了，设备还没到货，估计国庆后才能装")
    problem, question = city.heard("张伟")
    says(problem, "问题草稿", "设备还没到货")
    says(question, "4980 万元是「累计完成」还是「本月完成」")
    await city.say("张伟", "累计")
    says(city.last("张伟"), becomes(4700, 4980))


async def test_c5_a_share_is_no_figure(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "管网累计完成投资70%")
    says(city.only("张伟"), PIPES, "累计完成投资是多少万元")
    await city.say("张伟", "2100")
    says(city.last("张伟"), becomes(1950, 2100), "70.00%")


async def test_c19_no_progress_is_no_problem(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "污水厂今天无进展")
    says(city.only("张伟"), "本次无变化", amount(4700))


async def test_c4_a_standstill_is_a_problem_only(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "污水厂施工队跑了，停工三天了，请协调")
    says(city.only("张伟"), "问题草稿1", "停工三天")


# --- C5: a period needs the figure before it


async def test_c5_a_month_without_a_known_start_is_not_added_to_nothing(open_city: OpenCity) -> None:
    """The first figure of ZD0115 is of 09-15: what it was at the end of August nobody told."""
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", "云白快速本月完成3000万")
    says(
        city.only("吴迪"),
        ROAD,
        "台账没有8月末的累计数",
        "本月完成 3000",
        "今年累计完成投资是多少万元",
        "46000",
    )
    await city.say("吴迪", "49000")
    says(city.last("吴迪"), becomes(46000, 49000))
    await city.say("吴迪", "确认")
    record = await city.project(ROAD)
    assert (record["ytd_wan"], record["period_wan"], record["period_name"]) == (49000, 3000, "本月")


async def test_c5_a_week_names_the_date_of_the_figure_it_starts_from(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "灌区这周又干了80万")
    says(city.only("张伟"), "截至09-10累计 3300", becomes(3300, 3380))


async def test_c5_since_the_start_without_earlier_years(open_city: OpenCity) -> None:
    """开工以来 was said: it is not asked again whether it is; what is missing is the year's figure."""
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", "云白快速开工以来累计完成15亿")
    question = city.only("吴迪")
    says(question, "台账没有截至上年底累计", "今年累计完成投资是多少万元")
    lacks(question, "还是「开工以来累计」")
    await city.say("吴迪", "4.9亿")
    says(city.last("吴迪"), becomes(46000, 49000))


async def test_c5_a_figure_of_an_earlier_year_is_refused(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", "云白快速截至去年底累计完成10亿")
    says(city.only("吴迪"), "2025 年的数不在本年台账内")
    await city.say("吴迪", "云白快速截至去年底累计完成10亿，今年累计完成4.9亿")
    says(city.last("吴迪"), becomes(46000, 49000))


async def test_d3_the_card_shows_an_earlier_date(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "城南污水厂截止9月20日累计完成投资5050万元")
    says(city.only("张伟"), becomes(4700, 5050), "截至 09-20")
    await city.say("张伟", "确认")
    assert (await city.project(PLANT))["ytd_as_of"] == "2026-09-20"


async def test_d3_a_draft_confirmed_the_next_day_keeps_the_day_it_was_said(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:50")
    await city.say("张伟", "管网累计2100")
    await city.clock("2026-09-23 09:00")
    await city.say("张伟", "确认")
    record = await city.project(PIPES)
    assert (record["ytd_as_of"], record["last_report_on"]) == ("2026-09-22", "2026-09-23")


# --- C6 and C14: a correction waits while the ledger moves on


async def test_c6_a_correction_is_shown_again_when_the_ledger_moved(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "ZX0031累计4400")
    await city.say("张伟", "8月多报300万")
    await city.say("张伟", "确认")
    await city.say("赵永年", "污水处理厂累计5300万", at="2026-09-22 10:05")
    await city.say("赵永年", "确认")
    city.mark()
    await city.press("孙晓雯", "同意", at="2026-09-22 10:10")
    says(city.only("孙晓雯"), "台账已由赵永年 09-22 10:05 改为 5300", becomes(5300, 4400))
    assert await ytd(city, PLANT) == 5300
    await city.press("孙晓雯", "同意")
    assert await ytd(city, PLANT) == 4400
    audited(await city.audit("project", PLANT), 5300, 4400, by="孙晓雯", reason="8月多报300万")


async def test_c6_correction_in_one_line(open_city: OpenCity) -> None:
    """Nothing that was given is asked for again."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/更正 ZX0031 4400 8月多报300万")
    says(city.only("张伟"), becomes(4700, 4400), "原因：8月多报300万")


async def test_c10_the_administrators_own_entry_can_be_undone(open_city: OpenCity) -> None:
    """The receipt offers /撤销: it undoes this entry, not an older one."""
    city = await open_city("2026-09-22 10:00")
    await city.say("孙晓雯", "/更正 ZX0032 2000 核实")
    await city.say("孙晓雯", "确认")
    says(city.last("孙晓雯"), "/撤销")
    await city.say("孙晓雯", "/撤销")
    assert await ytd(city, PIPES) == 1950


# --- D6: the turn of the year


async def test_d6_a_late_december_figure_goes_to_the_old_year(open_city: OpenCity) -> None:
    city = await open_city(LAST_DAY)
    await city.change("UPDATE projects SET prior_years_fen = 2000000000 WHERE code = :code", code=PIPES)
    await city.clock("2027-01-05 09:00")
    for text, new in (
        ("管网12月份完成100万", 2050),
        ("管网2026年12月完成100万", 2050),
        ("管网1-12月累计完成2300万", 2300),
        ("管网截至12月31日累计完成2300万", 2300),
        ("管网去年累计完成2300万", 2300),
        ("/上报 管网12月份完成100万", 2050),
        ("/上报 管网去年累计完成2300万", 2300),
    ):
        city.mark()
        await city.say("张伟", text)
        says(city.only("张伟"), becomes(1950, new), "计入 2026 年", "今年累计不变")
        await city.say("张伟", "确认")
        record = await city.project(PIPES)
        assert (record["ytd_wan"], record["figure_year"], record["prior_years_wan"]) == (
            0,
            2027,
            2000 + new,
        ), text
        assert [(row["year"], row["ytd_wan"]) for row in record["year_closes"]] == [(2026, new)]
        await city.say("张伟", "/撤销")
        record = await city.project(PIPES)
        assert (record["prior_years_wan"], record["year_closes"][0]["ytd_wan"]) == (3950, 1950)
    # A report of the new year stays in the new year.
    await city.say("张伟", "管网本月完成50万")
    await city.say("张伟", "确认")
    record = await city.project(PIPES)
    assert (record["ytd_wan"], record["prior_years_wan"]) == (50, 3950)


async def test_d6_a_draft_of_the_old_year_confirmed_in_the_new_one(open_city: OpenCity) -> None:
    city = await open_city(LAST_DAY)
    await city.say("吴迪", "云白快速累计58000")
    await city.clock("2027-01-01 10:00")
    await city.say("吴迪", "确认")
    record = await city.project(ROAD)
    assert (record["ytd_wan"], record["year_closes"][0]["ytd_wan"]) == (0, 58000)
    city.mark()
    await city.say("吴迪", "云白快速去年累计完成58100万，今年累计完成50万")
    says(city.only("吴迪"), "共2项", becomes(58000, 58100), becomes(0, 50))


# --- B6, E13, F4, J2: who is told, in which words


async def test_e13_a_delegate_who_caused_it_is_not_told(open_city: OpenCity) -> None:
    """B6: the delegate's copy of the principal's messages does not bring back what they did themselves."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "/代理 赵永年 9月22日 至 9月23日")
    await city.say("赵永年", "污水处理厂累计5500万")
    city.mark()
    await city.say("赵永年", "确认")
    says(city.only("赵永年"), "已入账")
    says(city.only("张伟"), PLANT, "黄 → 绿")


async def test_e13_a_project_ahead_reads_so(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "污水处理厂累计5700万")
    city.mark()
    await city.say("张伟", "确认")
    says(city.only("青禾县"), "黄 → 绿", "超前 1.42 个百分点")
    lacks(city.only("青禾县"), "-1.42")


async def test_f4_after_the_ruling_no_return_is_offered(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("魏然", "ZY0007施工许可办不下来,请住建局10月15日前办结")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办 W0191 措施 并联;责任人 彭倩;督办专员 马德胜")
    await city.say("孙晓雯", "确认")
    await city.say("彭倩", "/退回 W0191 不归我们 建议 临河区住建局")
    says(city.last("孙晓雯"), "退回原因：不归我们；建议 临河区住建局")
    await city.press("孙晓雯", "改交办")
    await city.say("孙晓雯", "责任单位 临河区住建局；责任人 王磊")
    await city.say("孙晓雯", "确认交办")
    await city.say("王磊(临河区发改局)", "/退回 W0191 属市级审查 建议 市住建局")
    city.mark()
    await city.press("陈立新", "裁定", input="市住建局主办，临河区住建局协办")
    assigned = city.only("彭倩")
    says(assigned, "陈立新裁定由你单位主办，不再接受退回")
    assert assigned.actions == ("签收",)


async def test_j2_what_an_inspector_saw_is_a_problem(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("宋佳", "ZX0031 现场发现设备未进场")
    says(city.only("宋佳"), "来源 实地督导", "问题：设备未进场")


async def test_f2_an_office_is_no_subject(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "实验中学招标流标了,请教育局协调")
    says(city.only("张伟"), "问题：招标流标了", "建议 综合专班", "建议承办：市教育局")
    await city.say("张伟", "/取消")
    says(city.last("张伟"), "草稿1 已取消")


async def test_c11_the_reminder_names_what_waits(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("魏然", "ZY0007施工许可办不下来,请住建局10月15日前办结")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办 W0191 措施 并联")
    city.mark()
    await city.clock("2026-09-23 16:31")
    says(city.last("孙晓雯"), "草稿1 W0191 交办", "18:00 到期")


async def test_e14_a_light_made_worse_says_who_made_it_so(open_city: OpenCity) -> None:
    """The audience sees 红(调) and the reason, not only a gap that would be 黄."""
    city = await open_city("2026-09-22 10:02")
    await city.say("陈立新", "/调灯 ZX0031 红 至 10月10日 原因 质量问题 云攻坚〔2026〕40号")
    for name in ("市政设施专班", "青禾县", "张伟", "赵永年"):
        says(city.last(name), "黄 → 红(调)灯", "调灯：质量问题")


async def test_c13_yesterdays_figure_is_told_with_its_date(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", "管网累计2100")
    await city.say("张伟", "确认")
    city.mark()
    await city.say("张伟", "管网累计2100", at="2026-09-23 09:30")
    says(city.only("张伟"), "09-22 10:20 已报过同样的数")


async def test_c19_all_but_one_is_not_all(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", "除污水厂外，其他项目本周无变化")
    says(city.only("张伟"), "草稿1", PIPES)
    lacks(city.only("张伟"), PLANT)
    assert (await city.project(PIPES))["last_report_on"] == "2026-08-31"


@pytest.mark.parametrize(
    "text", ["污水厂年度计划调整为9000万", "污水厂总投资15600万", "联系电话13812345678，污水厂"]
)
async def test_c5_a_number_that_is_something_else_is_not_asked_about(open_city: OpenCity, text: str) -> None:
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", text)
    lacks(city.only("张伟"), "还是「本月完成」", "草稿")


async def test_c4_another_projects_progress_is_not_what_is_wanted(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", "管网资金缺口300万")
    city.mark()
    await city.say("张伟", "实验中学完成90%")
    says(city.only("张伟"), SCHOOL, "累计完成投资是多少万元")
    await city.say("张伟", "请财政局10月10日前拨付")
    says(city.last("张伟"), PIPES, "市财政局", "10-10 18:00")


# --- C2, C6: taken back in passing


@pytest.mark.parametrize("words", ["刚才报错了，应为5100", "不对，应该是5100万", "那个数错了 改成5100"])
async def test_c6_taken_back_after_confirming_is_a_correction(open_city: OpenCity, words: str) -> None:
    city = await open_city("2026-09-22 09:30")
    await city.say("张伟", "污水处理厂累计5500万")
    await city.say("张伟", "确认")
    assert await ytd(city, PLANT) == 5500
    city.mark()
    await city.say("张伟", words)
    says(city.only("张伟"), PLANT, becomes(5500, 5100), "更正")
    assert await ytd(city, PLANT) == 5500


async def test_c2_taken_back_before_confirming_edits_the_draft(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:30")
    await city.say("张伟", "污水处理厂累计5500万")
    city.mark()
    await city.say("张伟", "刚才说错了，应该是5100万")
    says(city.only("张伟"), "草稿1", PLANT, becomes(4700, 5100))


async def test_c6_nothing_to_take_back(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:30")
    city.mark()
    await city.say("张伟", "刚才报错了，应为5100")
    says(city.only("张伟"), "没有您入账的数字", "请写全")
    assert await ytd(city, PLANT) == 4700


async def test_b5_what_is_taken_back_is_not_shown_in_a_group_it_does_not_belong_to(
    open_city: OpenCity,
) -> None:
    city = await open_city("2026-09-22 09:30")
    await city.say("张伟", "污水处理厂累计5500万")
    await city.say("张伟", "确认")
    city.mark()
    await city.say("张伟", "刚才报错了，应为5100", group="白石县")
    assert not [one for one in city.heard_by_anyone() if "5100" in one.text or "草稿" in one.text]
    assert await ytd(city, PLANT) == 5500
