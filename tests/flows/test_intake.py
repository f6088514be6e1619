"""Intake, S01–S08: free text to card to ledger (rules C1–C9), and more cases of the same kinds."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from .city import (
    City,
    Json,
    amount,
    audited,
    becomes,
    labelled,
    lacks,
    norm,
    offers,
    says,
    silent,
    turns,
)
from .conftest import OpenCity
from .samples import docx, heic, jpeg, pdf, png, program
from .told import entries, open_drafts, ytd

PLANT = "ZX0031"  # 青禾县城南污水处理厂扩建工程
PIPES = "ZX0032"  # 青禾县城南污水管网改造工程
IRRIGATION = "JJ0003"  # 青禾灌区续建配套与现代化改造
SCHOOL = "ZY0009"  # 青禾县实验中学扩建项目


# --- S01


async def test_s01_free_text_report_turns_yellow_to_green(open_city: OpenCity) -> None:
    """S01: C1 C2 C5 E2 E6 E13. Nothing changes before 确认; then ledger, light, audience, digest."""
    city = await open_city("2026-09-22 10:02")
    before = await city.project(PLANT)
    assert (before["ytd_wan"], before["light"]) == (4700, "黄")
    await city.say("张伟", "城南污水处理厂累计完成投资5500万,主体结构封顶,设备开始安装")

    card = city.only("张伟")
    says(
        card,
        "草稿1",
        PLANT,
        "青禾县城南污水处理厂扩建工程",
        "今年",
        becomes(4700, 5500),
        "68.75%",
        labelled("时序", "69.83"),
        labelled("差距", "1.08"),
        "主体结构封顶",
        "设备开始安装",
        turns("黄", "绿"),
    )
    offers(card, "确认", "修改", "取消")
    assert {message.to for message in city.heard_by_anyone()} == {"张伟"}
    assert await city.project(PLANT) == before

    await city.clock("2026-09-22 10:03")
    assert await city.project(PLANT) == before
    city.mark()
    await city.say("张伟", "确认")
    receipt = city.only("张伟")
    says(receipt, "已入账", "10:03", "10分钟", "/撤销")

    after = await city.project(PLANT)
    assert (after["ytd_wan"], after["ytd_as_of"], after["light"]) == (5500, "2026-09-22", "绿")
    assert "主体结构封顶" in after["image_progress"]
    assert "设备开始安装" in after["image_progress"]
    assert after["last_report_on"] == "2026-09-22"
    assert len(after["entries"]) == len(before["entries"]) + 1
    change = after["light_changes"][-1]
    assert (change["old_shown"], change["shown"]) == ("黄", "绿")
    assert change["at"].startswith("2026-09-22T10:03")
    case = after["light_cases"][-1]
    assert (case["outcome"], case["state"]) == ("已转绿", "ended")
    row = audited(await city.audit("project", PLANT), 4700, 5500, by="张伟")
    assert row["at"].startswith("2026-09-22T10:03")

    audience = {"市政设施专班", "青禾县", "赵永年"}
    assert {message.to for message in city.heard_by_anyone()} == audience | {"张伟"}
    for name in audience:
        says(city.only(name), PLANT, "绿")

    city.mark()
    await city.clock("2026-09-23 08:31")
    told = [line for message in city.heard("综合专班") for line in message.text.split("\n") if PLANT in line]
    assert len(told) == 1, told
    assert "绿" in told[0]

    city.mark()
    await city.clock("2026-10-08 10:00")
    chased = [
        (message.when, message.to, line)
        for name in ("张伟", "赵永年", "彭倩", "冯国强")
        for message in city.heard(name)
        for line in message.text.split("\n")
        if PLANT in line and "反馈" in line
    ]
    assert not chased, "the feedback of 09-20 has ended"


@pytest.mark.parametrize(
    "said",
    [
        "城南污水处理厂今年累计完成投资５５００万元",
        "城南污水处理厂累计完成投资5,500.00万元",
        "城南污水处理厂累计完成投资55000000元",
        "城南污水处理厂累计完成投资0.55亿",
        "城南污水处理厂累计完成投资五千五百万元",
        "城南污水处理厂累计完成投资伍仟伍佰万元整",
        "ZX0031累计5500",
        "ｚｘ００３１　累计完成５，５００万",
        "污水处理厂1—9月完成投资5500万元",
        "污水处理厂年累5500万",
        "青禾县城南污水处理厂扩建工程,今年完成投资5500万元",
    ],
)
async def test_s01_the_same_amount_in_every_notation(open_city: OpenCity, said: str) -> None:
    """C5: units, full width, thousand separators, Chinese numerals; the three ways to say "this year"."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", said)
    card = city.only("张伟")
    says(card, PLANT, becomes(4700, 5500), "68.75%", labelled("差距", "1.08"))
    await city.press("张伟", "确认")
    project = await city.project(PLANT)
    assert project["ytd_fen"] == 5500 * 1_000_000


async def test_s01_amounts_are_kept_to_the_fen(open_city: OpenCity) -> None:
    """C5: money is exact (分); a figure without unit is read as 万元 and the card says so."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "城南污水处理厂累计完成投资49123456.78元")
    says(city.only("张伟"), amount("4912.35"))
    await city.press("张伟", "确认")
    assert (await city.project(PLANT))["ytd_fen"] == 4_912_345_678
    city.mark()
    await city.say("张伟", "管网累计完成2100.5", at="2026-09-22 10:04")
    says(city.only("张伟"), becomes(1950, "2100.5"), "按万元")
    await city.press("张伟", "确认")
    assert (await city.project(PIPES))["ytd_fen"] == 2_100_500_000


@pytest.mark.parametrize(
    ("said", "wan"),
    [
        ("管网累计2000万", 2000),
        ("管网累计完成投资2026万元", 2026),
        ("管网累计2025", 2025),
        ("管网累计2000.5", "2000.5"),
    ],
)
async def test_s01_amounts_that_look_like_years(open_city: OpenCity, said: str, wan: int | str) -> None:
    """C5: a figure after 累计 is money, also when it could be a year."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", said)
    says(city.only("张伟"), PIPES, becomes(1950, wan))


async def test_s01_confirming_twice_gives_the_same_receipt(open_city: OpenCity) -> None:
    """C2: the second 确认 on the same card changes nothing and answers with the same receipt."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "城南污水处理厂累计完成投资5500万")
    card = city.last("张伟")
    city.mark()
    await city.press_on(card, "张伟", "确认")
    first = city.only("张伟")
    before = await city.project(PLANT)
    history = await city.audit("project", PLANT)
    city.mark()
    await city.clock("2026-09-22 10:05")
    await city.press_on(card, "张伟", "确认")
    assert norm(city.only("张伟").text) == norm(first.text)
    assert await city.project(PLANT) == before
    assert await city.audit("project", PLANT) == history
    assert {message.to for message in city.heard_by_anyone()} == {"张伟"}
    city.mark()
    await city.say("张伟", "确认")
    assert len(city.heard("张伟")) == 1
    assert await city.project(PLANT) == before


async def test_no_change_is_a_report(open_city: OpenCity) -> None:
    """C19: 本周无变化 of one project changes no figure, only the time of the last report."""
    city = await open_city("2026-09-22 10:02")
    before = await city.project(PIPES)
    await city.say("张伟", "管网本周无变化")
    says(city.only("张伟"), PIPES, "无变化")
    if city.last("张伟").button("确认") is not None:
        assert await city.project(PIPES) == before
        await city.press("张伟", "确认")
    after = await city.project(PIPES)
    assert (after["ytd_wan"], after["ytd_as_of"]) == (1950, before["ytd_as_of"])
    assert after["last_report_on"] == "2026-09-22"
    assert after["light"] == "绿"


# --- S02


async def test_s02_ambiguous_name_is_a_numbered_choice(open_city: OpenCity) -> None:
    """S02: C3 C4. Candidates of the author's scope only, numbered, and 「0 都不是」."""
    city = await open_city("2026-09-22 10:10")
    before = await city.project(PLANT), await city.project(PIPES)
    await city.say("张伟", "城南污水这个项目累计完成2100万")
    question = city.only("张伟")
    says(question, PLANT, PIPES, amount(4700), amount(1950), "0 都不是")
    says(question, re.compile(r"1[^\d]{0,3}ZX003[12]"), re.compile(r"2[^\d]{0,3}ZX003[12]"))
    lacks(question, "ZD0108", "ZY0007", "SG0012", "ZD0120", "白石", "临河")
    second = re.search(r"2[^\d]{0,3}(ZX003[12])", norm(question.text))
    assert second is not None
    assert second[1] == PIPES
    assert (await city.project(PLANT), await city.project(PIPES)) == before

    city.mark()
    await city.say("张伟", "2")
    card = city.only("张伟")
    says(card, "草稿1", PIPES, becomes(1950, 2100), "70.00%", labelled("差距", "2.78"))
    lacks(card, PLANT)
    assert (await city.project(PLANT), await city.project(PIPES)) == before

    await city.say("张伟", "确认")
    assert await ytd(city, PIPES) == 2100
    assert await city.project(PLANT) == before[0]


async def test_s02_none_of_the_candidates(open_city: OpenCity) -> None:
    """C3: 0 takes none of them; a number that was not offered is not taken either."""
    city = await open_city("2026-09-22 10:10")
    before = await city.project(PLANT), await city.project(PIPES)
    await city.say("张伟", "城南污水这个项目累计完成2100万")
    city.mark()
    await city.say("张伟", "7")
    assert len(city.heard("张伟")) == 1
    lacks(city.only("张伟"), becomes(4700, 2100), becomes(1950, 2100))
    city.mark()
    await city.say("张伟", "0")
    reply = city.only("张伟")
    lacks(reply, becomes(4700, 2100), becomes(1950, 2100))
    await city.say("张伟", "确认")
    assert (await city.project(PLANT), await city.project(PIPES)) == before


# --- S03


async def test_s03_only_the_missing_figure_is_asked_for(open_city: OpenCity) -> None:
    """S03: C4 C5. The text is kept, the figure asked for, an off-topic line neither used nor stored."""
    city = await open_city("2026-09-22 10:20")
    before = await city.project(IRRIGATION)
    await city.say("张伟", "青禾灌区今天完成了渠首闸改造,进度正常")
    question = city.only("张伟")
    says(question, IRRIGATION, "形象进度", "累计完成投资", amount(3300), "无变化")

    city.mark()
    await city.say("张伟", "对了下午几点开会来着")
    says(city.only("张伟"), IRRIGATION, "累计完成投资")

    city.mark()
    await city.say("张伟", "3520")
    card = city.only("张伟")
    says(
        card,
        "草稿1",
        IRRIGATION,
        becomes(3300, 3520),
        "按万元",
        "73.33%",
        labelled("时序", "72.78"),
        "渠首闸",
    )
    assert await city.project(IRRIGATION) == before
    assert len(await open_drafts(city)) == 1
    kept = await city.rows("SELECT body FROM drafts") + await city.rows("SELECT body FROM questions")
    assert "开会" not in str(kept)

    await city.say("张伟", "确认")
    after = await city.project(IRRIGATION)
    assert (after["ytd_wan"], after["ytd_as_of"]) == (3520, "2026-09-22")
    assert "渠首闸" in after["image_progress"]
    assert "开会" not in str(after)
    assert len(after["entries"]) == len(before["entries"]) + 1
    assert len(after["entries"][-1]["changes"]) >= 2


async def test_s03_no_change_answers_the_question(open_city: OpenCity) -> None:
    """S03, C4: 「无变化」 as the answer keeps the figure and stores the text."""
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", "青禾灌区今天完成了渠首闸改造,进度正常")
    city.mark()
    await city.say("张伟", "无变化")
    card = city.only("张伟")
    says(card, IRRIGATION, amount(3300), "渠首闸")
    await city.press("张伟", "确认")
    after = await city.project(IRRIGATION)
    assert after["ytd_wan"] == 3300
    assert after["last_report_on"] == "2026-09-22"
    assert "渠首闸" in after["image_progress"]


async def test_s03_the_question_lives_half_an_hour_the_draft_longer(open_city: OpenCity) -> None:
    """C4 C11: after 30 minutes a bare number is no answer any more; the draft is still there."""
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", "青禾灌区今天完成了渠首闸改造,进度正常")
    city.mark()
    await city.say("张伟", "3520", at="2026-09-22 10:51")
    lacks(city.only("张伟"), becomes(3300, 3520))
    city.mark()
    await city.say("张伟", "/草稿")
    says(city.only("张伟"), "草稿1", IRRIGATION)
    assert await ytd(city, IRRIGATION) == 3300


async def test_several_gaps_are_named_in_one_question(open_city: OpenCity) -> None:
    """C4: project and kind of figure are both missing: one question names both, nothing is guessed."""
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", "城南污水完成2100万")
    question = city.only("张伟")
    says(question, PLANT, PIPES, "累计", "本月")
    assert await ytd(city, PLANT) == 4700
    assert await ytd(city, PIPES) == 1950


# --- S04


async def test_s04_a_lower_figure_becomes_a_correction(open_city: OpenCity) -> None:
    """S04: C6. Reason asked for, 孙晓雯 decides, ledger and light keep the old value until then."""
    city = await open_city("2026-09-23 09:30")
    before = await city.project(PLANT)
    await city.say("张伟", "ZX0031累计完成4400万")
    says(city.only("张伟"), amount(4700), amount(300), "原因", "更正", "综合专班")

    city.mark()
    await city.say("张伟", "8月把预付款算进去了,多报300万")
    says(city.only("张伟"), PLANT, becomes(4700, 4400), "预付款")
    silent(city, "孙晓雯")
    city.mark()
    await city.press("张伟", "确认")
    request = city.only("孙晓雯")
    says(request, "更正", PLANT, becomes(4700, 4400), "8月把预付款算进去了,多报300万", "张伟")
    offers(request, "同意", "不同意")
    assert {message.to for message in city.heard_by_anyone()} <= {"张伟", "孙晓雯"}
    waiting = await city.project(PLANT)
    assert (waiting["ytd_wan"], waiting["light"]) == (4700, "黄")
    assert waiting["light_changes"] == before["light_changes"]
    assert [one["state"] for one in waiting["corrections"]] == ["waiting"]

    await city.clock("2026-09-23 09:41")
    assert await ytd(city, PLANT) == 4700
    city.mark()
    await city.press("孙晓雯", "同意")
    says(
        city.only("张伟"),
        "更正",
        PLANT,
        "孙晓雯",
        "09:41",
        "55.00%",
        labelled("差距", "15.17"),
        "黄",
    )
    assert len(city.heard("孙晓雯")) == 1
    assert {message.to for message in city.heard_by_anyone()} == {"张伟", "孙晓雯"}
    after = await city.project(PLANT)
    assert (after["ytd_wan"], after["light"]) == (4400, "黄")
    assert after["corrections"][0]["state"] == "approved"
    row = audited(
        await city.audit("project", PLANT), 4700, 4400, by="张伟", reason="预付款", approver="孙晓雯"
    )
    assert row["at"].startswith("2026-09-23T09:41")


async def test_s04_a_refused_correction_changes_nothing(open_city: OpenCity) -> None:
    """C6: 不同意 leaves the ledger as it was and tells the author."""
    city = await open_city("2026-09-23 09:30")
    before = await city.project(PLANT)
    await city.say("张伟", "ZX0031累计完成4400万")
    await city.say("张伟", "8月把预付款算进去了,多报300万")
    await city.press("张伟", "确认")
    city.mark()
    await city.press("孙晓雯", "不同意", input="请附监理月报")
    told = city.last("张伟")
    says(told, PLANT, "孙晓雯", "监理月报")
    after = await city.project(PLANT)
    assert (after["ytd_wan"], after["light"]) == (4700, "黄")
    assert after["version"] == before["version"]
    assert after["corrections"][0]["state"] == "refused"
    city.mark()
    await city.press("孙晓雯", "同意", to="孙晓雯", contains="4400")
    assert await ytd(city, PLANT) == 4700, "a decided correction cannot be decided again"


async def test_s04_only_the_ledger_administrator_decides(open_city: OpenCity) -> None:
    """C6 B10: another person's 同意 on the same card is refused, saying who may."""
    city = await open_city("2026-09-23 09:30")
    await city.say("张伟", "ZX0031累计完成4400万")
    await city.say("张伟", "8月把预付款算进去了,多报300万")
    await city.press("张伟", "确认")
    city.mark()
    for other in ("彭倩", "张伟", "李娜"):
        await city.press(other, "同意", to="孙晓雯")
        says(city.only(other), "综合专班")
        city.mark()
    assert await ytd(city, PLANT) == 4700


async def test_s04_the_light_follows_the_approval(open_city: OpenCity) -> None:
    """C6 E6 E8: a correction that makes the light worse pushes only once it is approved."""
    city = await open_city("2026-09-23 09:30")
    await city.say("张伟", "ZX0032累计完成1500万")
    await city.say("张伟", "管材预付款不应计入")
    await city.press("张伟", "确认")
    assert (await city.project(PIPES))["light"] == "绿"
    silent(city, "市政设施专班", "青禾县", "赵永年")
    city.mark()
    await city.press("孙晓雯", "同意", at="2026-09-23 09:41")
    after = await city.project(PIPES)
    assert (after["ytd_wan"], after["light"]) == (1500, "黄")
    for name in ("市政设施专班", "青禾县", "赵永年"):
        says(city.only(name), PIPES, "黄", amount("23.06"))


# --- S05


async def test_s05_wrong_unit_above_the_total_is_refused(open_city: OpenCity) -> None:
    """S05: C7. Refused above total investment with the likely value; more than 30% at once needs 确认无误."""
    city = await open_city("2026-09-22 11:00")
    await city.say("张伟", "污水处理厂累计完成5.5亿")
    refusal = city.only("张伟")
    says(refusal, amount(55000), amount(15600), "总投资", amount(5500))
    assert await ytd(city, PLANT) == 4700

    city.mark()
    await city.say("张伟", "是,5500万")
    says(city.only("张伟"), "草稿1", PLANT, becomes(4700, 5500))

    city.mark()
    await city.say("张伟", "管网累计2900")
    card = city.only("张伟")
    says(card, "草稿2", PIPES, becomes(1950, 2900), "31.67%", "请核对单位", "确认无误")
    assert not any(norm(label).strip("[]") == "确认" for label in card.actions), card.actions

    city.mark()
    await city.say("张伟", "确认 2")
    says(city.only("张伟"), "确认无误")
    assert await ytd(city, PIPES) == 1950
    assert len(await open_drafts(city)) == 2

    city.mark()
    await city.say("张伟", "确认无误")
    if await ytd(city, PIPES) == 1950:  # two drafts wait: it may ask which one
        says(city.only("张伟"), "草稿2")
        await city.say("张伟", "确认无误 2")
    assert await ytd(city, PIPES) == 2900
    assert await ytd(city, PLANT) == 4700, "draft 1 was not meant"
    await city.say("张伟", "确认 1")
    assert await ytd(city, PLANT) == 5500


@pytest.mark.parametrize(
    ("said", "likely"),
    [
        ("污水处理厂累计完成53000万", 5300),
        ("污水处理厂累计完成530000", 5300),
        ("污水处理厂累计完成5300000", 5300),
        ("污水处理厂累计完成53000000万元", 5300),
    ],
)
async def test_s05_the_likely_value_is_suggested(open_city: OpenCity, said: str, likely: int) -> None:
    """C7: a factor of 10, 100, 1000 or 10000 is explained; nothing can be confirmed."""
    city = await open_city("2026-09-22 11:00")
    await city.say("张伟", said)
    says(city.only("张伟"), amount(15600), amount(likely))
    await city.say("张伟", "确认")
    await city.say("张伟", "确认无误")
    assert await ytd(city, PLANT) == 4700


async def test_s05_above_the_total_without_a_factor(open_city: OpenCity) -> None:
    """C7: refused all the same, and no way to insist."""
    city = await open_city("2026-09-22 11:00")
    await city.say("张伟", "污水处理厂累计完成16000万")
    says(city.only("张伟"), amount(16000), amount(15600), "总投资")
    await city.say("张伟", "确认无误")
    assert await ytd(city, PLANT) == 4700


async def test_s05_exactly_thirty_percent_and_over_the_plan(open_city: OpenCity) -> None:
    """C7: "more than 30%" leaves exactly 30% alone; above the annual plan is always checked."""
    city = await open_city("2026-09-22 11:00")
    await city.say("张伟", "管网累计2850")
    card = city.only("张伟")
    says(card, becomes(1950, 2850))
    lacks(card, "请核对单位")
    await city.press("张伟", "取消")
    city.mark()
    await city.say("张伟", "管网累计2850.01")
    says(city.only("张伟"), "请核对单位", "确认无误")

    city.mark()
    await city.say("吴迪", "云白快速累计完成60500万")
    card = city.only("吴迪")
    says(card, "ZD0115", becomes(46000, 60500), "请核对单位", "确认无误")
    await city.say("吴迪", "确认")
    assert await ytd(city, "ZD0115") == 46000
    await city.say("吴迪", "确认无误")
    assert await ytd(city, "ZD0115") == 60500


# --- S06


async def test_s06_in_the_month_or_in_all(open_city: OpenCity) -> None:
    """S06: C5. 本月完成 is added to the end of last month; without 累计 or 本月 the bot asks."""
    city = await open_city("2026-09-22 11:10")
    await city.say("张伟", "实验中学本月完成150万")
    says(
        city.only("张伟"),
        "草稿1",
        SCHOOL,
        labelled("本月完成", 150),
        re.compile("8月末|8月底|上月末|上月底|08-31"),
        amount(2500),
        amount(2650),
        "73.61%",
    )
    await city.say("张伟", "取消")
    assert not await open_drafts(city)

    city.mark()
    await city.say("张伟", "实验中学完成2650万")
    question = city.only("张伟")
    says(question, amount(2650), "累计完成", "本月完成")
    lacks(question, becomes(2500, 2650), "73.61")
    assert await ytd(city, SCHOOL) == 2500

    city.mark()
    await city.say("张伟", "累计完成")
    says(city.only("张伟"), SCHOOL, becomes(2500, 2650), "73.61%")
    assert await ytd(city, SCHOOL) == 2500
    await city.say("张伟", "确认")
    assert await ytd(city, SCHOOL) == 2650


async def test_s06_the_month_counts_from_its_start(open_city: OpenCity) -> None:
    """C5: a second 本月完成 in the same month replaces the first, for it adds to the end of last month."""
    city = await open_city("2026-09-22 11:10")
    await city.say("张伟", "实验中学本月完成150万")
    await city.press("张伟", "确认")
    assert await ytd(city, SCHOOL) == 2650
    city.mark()
    await city.say("张伟", "实验中学本月完成200万", at="2026-09-24 11:10")
    says(city.last("张伟"), amount(2500), amount(2700))
    await city.press("张伟", "确认")
    project = await city.project(SCHOOL)
    assert project["ytd_wan"] == 2700
    assert project["period_wan"] == 200


@pytest.mark.parametrize(("answer", "total"), [("累计", 2100), ("本月完成", 4050)])
async def test_c5_the_total_of_a_month_is_asked_about(open_city: OpenCity, answer: str, total: int) -> None:
    """C5: 「9月份累计2100」 in September may be the month's or the year's figure: asked, not guessed."""
    city = await open_city("2026-09-22 11:10")
    await city.say("张伟", "管网9月份累计2100万")
    says(city.only("张伟"), "2100 万元是「累计完成」还是「本月完成」")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950
    await city.say("张伟", answer)
    says(city.last("张伟"), amount(1950), amount(total))


async def test_c5_a_second_total_is_shown(open_city: OpenCity) -> None:
    """C5: of 「年累…，开工以来…」 one moves the ledger; the card says what became of the other."""
    city = await open_city("2026-09-22 11:10")
    await city.say("李娜", "循环园年累9600万，开工以来3.2亿")
    says(city.only("李娜"), amount(8600), amount(9600), "开工以来累计 32000 万元(未计入)")


@pytest.mark.parametrize(
    "said", ["管网1-9月累计2100万", "管网9月份完成150万，累计2100万", "管网今年累计2100万"]
)
async def test_c5_a_plain_total_is_taken(open_city: OpenCity, said: str) -> None:
    """C5: 「1—N月」 and 累计 beside the month's figure leave nothing to ask."""
    city = await open_city("2026-09-22 11:10")
    await city.say("张伟", said)
    says(city.only("张伟"), "草稿1", amount(1950), amount(2100))


async def recorded_before_this_year(city: City) -> None:
    """截至上年底累计: 100000 for ZD0115, 200 for JJ0003 (S06, variant)."""
    for code, prior in (("ZD0115", 100_000), (IRRIGATION, 200)):
        touched = await city.change(
            "UPDATE projects SET prior_years_fen = :fen WHERE code = :code", fen=prior * 1_000_000, code=code
        )
        assert touched == 1
    await city.restart()
    city.mark()


async def test_s06_bare_total_that_fits_only_since_the_start(open_city: OpenCity) -> None:
    """S06 variant: C5 C7. Only since the start is plausible: taken so, said so, and the switch is offered."""
    city = await open_city("2026-09-22 11:10")
    await recorded_before_this_year(city)
    await city.say("吴迪", "云白快速累计完成14.9亿")
    card = city.only("吴迪")
    says(
        card,
        "草稿1",
        "ZD0115",
        "开工以来",
        amount(149000),
        becomes(46000, 49000),
        "81.67%",
    )
    offers(card, "改为今年累计")
    assert await ytd(city, "ZD0115") == 46000

    city.mark()
    await city.press("吴迪", "改为今年累计")
    switched = city.only("吴迪")
    says(switched, amount(240000))  # 149000 this year is 249000 since the start: above the total
    await city.say("吴迪", "确认")
    await city.say("吴迪", "确认无误")
    assert await ytd(city, "ZD0115") == 46000


async def test_s06_confirming_a_figure_since_the_start(open_city: OpenCity) -> None:
    """C5: what enters is the year-to-date figure; since the start follows from it."""
    city = await open_city("2026-09-22 11:10")
    await recorded_before_this_year(city)
    await city.say("吴迪", "云白快速累计完成14.9亿")
    await city.press("吴迪", "确认")
    project = await city.project("ZD0115")
    assert (project["ytd_wan"], project["prior_years_wan"]) == (49000, 100_000)


async def test_s06_bare_total_that_fits_both_readings(open_city: OpenCity) -> None:
    """S06 variant: C5. Both plausible: ask, showing the other figure, and offer to keep the answer."""
    city = await open_city("2026-09-22 11:10")
    await recorded_before_this_year(city)
    await city.say("张伟", "青禾灌区累计3520")
    question = city.only("张伟")
    says(question, amount(3520), "今年累计", "开工以来累计", amount(3320))
    lacks(question, becomes(3300, 3520), becomes(3300, 3320))

    city.mark()
    await city.say("张伟", "开工以来累计")
    card = city.only("张伟")
    says(card, IRRIGATION, "开工以来", becomes(3300, 3320), amount(3520))
    offers(card, "改为今年累计")
    keep = ("以后", "今后", "口径", "固定", "默认", "记住")
    shown = norm(question.text + card.text + "".join(question.actions + card.actions))
    assert any(word in shown for word in keep), "keeping the answer as the project's basis is offered"

    city.mark()
    await city.press("张伟", "改为今年累计")
    card = city.only("张伟")
    says(card, "今年", becomes(3300, 3520), amount(3720))
    await city.press("张伟", "确认")
    assert await ytd(city, IRRIGATION) == 3520


async def test_s06_both_readings_answered_with_this_year(open_city: OpenCity) -> None:
    """C5: the other answer to the same question."""
    city = await open_city("2026-09-22 11:10")
    await recorded_before_this_year(city)
    await city.say("张伟", "青禾灌区累计3520")
    city.mark()
    await city.say("张伟", "今年累计")
    says(city.only("张伟"), IRRIGATION, "今年", becomes(3300, 3520))
    await city.press("张伟", "确认")
    assert await ytd(city, IRRIGATION) == 3520


async def test_s06_expressly_since_the_start(open_city: OpenCity) -> None:
    """C5: 开工以来 said by the author is not asked about."""
    city = await open_city("2026-09-22 11:10")
    await recorded_before_this_year(city)
    await city.say("张伟", "青禾灌区开工以来累计完成3720万")
    says(city.only("张伟"), IRRIGATION, "开工以来", amount(3720), becomes(3300, 3520))
    await city.press("张伟", "确认")
    assert await ytd(city, IRRIGATION) == 3520


# --- S07


async def test_s07_three_projects_in_one_message(open_city: OpenCity) -> None:
    """S07: C8 C3. One card, a line each; the unclear line blocks nobody and stays a draft (C11)."""
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "今天进展:1.污水处理厂累计5300;2.管网累计2100;3.幼儿园累计800")
    card = city.only("张伟")
    says(
        card,
        "草稿1",
        PLANT,
        becomes(4700, 5300),
        labelled("差距", "3.58"),
        turns("黄", "绿"),
        PIPES,
        becomes(1950, 2100),
        labelled("差距", "2.78"),
        "幼儿园",
        "未找到,或您无权查看",
    )
    for number, name in enumerate((PLANT, PIPES, "幼儿园"), start=1):
        says(card, re.compile(rf"{number}[^\d]{{0,4}}{name}"))  # ① is 1 in the normal form
    offers(card, "全部确认", "逐条", "修改③")

    city.mark()
    await city.press("张伟", "全部确认", at="2026-09-22 17:21")
    says(city.last("张伟"), "①②", "已入账", "③")
    assert await ytd(city, PLANT) == 5300
    assert await ytd(city, PIPES) == 2100
    one, two = (await entries(city, PLANT))[-1], (await entries(city, PIPES))[-1]
    assert one["source"] == two["source"]
    assert one["draft_id"] == two["draft_id"]

    city.mark()
    await city.say("张伟", "/草稿")
    says(city.only("张伟"), "幼儿园")
    assert len(await open_drafts(city)) == 1
    await city.clock("2026-09-23 18:01")
    assert not await open_drafts(city)
    assert await ytd(city, PLANT) == 5300


async def test_s07_cancelling_the_unclear_line(open_city: OpenCity) -> None:
    """S07: 「取消3」 ends the line that is left, and with it the draft."""
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "今天进展:1.污水处理厂累计5300;2.管网累计2100;3.幼儿园累计800")
    await city.press("张伟", "全部确认")
    city.mark()
    await city.say("张伟", "取消3")
    assert len(city.heard("张伟")) == 1
    assert not await open_drafts(city)
    assert await ytd(city, PLANT) == 5300
    assert await ytd(city, PIPES) == 2100


async def test_s07_naming_the_project_completes_the_line(open_city: OpenCity) -> None:
    """S07 C4: the project's name alone answers; the figure is not asked for again."""
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "1.污水处理厂累计5300;2.幼儿园累计3520")
    await city.press("张伟", "全部确认")
    assert await ytd(city, PLANT) == 5300
    city.mark()
    await city.say("张伟", "青禾灌区")
    says(city.only("张伟"), IRRIGATION, becomes(3300, 3520))
    await city.say("张伟", "确认")
    assert await ytd(city, IRRIGATION) == 3520


async def test_s07_typed_confirm_enters_every_clear_line(open_city: OpenCity) -> None:
    """C8 C7: 「确认」 enters the clear lines; the one under C7 keeps needing 「确认无误」."""
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "1.污水处理厂累计5300;2.管网累计2900;3.灌区累计3520")
    says(city.only("张伟"), "请核对单位")
    city.mark()
    await city.say("张伟", "确认")
    says(city.last("张伟"), "确认无误")
    assert await ytd(city, PLANT) == 5300
    assert await ytd(city, IRRIGATION) == 3520
    assert await ytd(city, PIPES) == 1950
    await city.say("张伟", "确认无误")
    assert await ytd(city, PIPES) == 2900
    assert not await open_drafts(city)


async def test_s07_line_by_line(open_city: OpenCity) -> None:
    """C8: lines can be confirmed one by one."""
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "今天进展:1.污水处理厂累计5300;2.管网累计2100")
    city.mark()
    await city.press("张伟", "逐条")
    assert city.heard("张伟"), "the lines are shown one by one"
    assert await ytd(city, PLANT) == 4700
    labels = {norm(label) for message in city.heard("张伟") for label in message.actions}
    offered = next((label for label in ("确认②", "确认2") if norm(label) in labels), "确认")
    await city.press("张伟", offered, contains=PIPES)
    assert await ytd(city, PIPES) == 2100
    assert await ytd(city, PLANT) == 4700


# --- S08


async def test_s08_photos_before_the_text(open_city: OpenCity) -> None:
    """S08: C9. Photos of the last 10 minutes are offered on the card; those of 14:40 are not."""
    city = await open_city("2026-09-22 14:40")
    await city.say("张伟", "", files=[("IMG_1990.jpg", jpeg("1990"))])
    await city.clock("2026-09-22 15:00")
    city.mark()
    first, second = jpeg("2031"), jpeg("2032")
    await city.say("张伟", "", files=[("IMG_2031.jpg", first), ("IMG_2032.jpg", second)])
    says(city.only("张伟"), re.compile(r"2[张个份]"), "10分钟")

    await city.clock("2026-09-22 15:06")
    city.mark()
    await city.say("张伟", "污水处理厂设备基础完成,累计5350")
    card = city.only("张伟")
    says(card, "草稿1", PLANT, becomes(4700, 5350), "附件", "IMG_2031.jpg", "IMG_2032.jpg")
    lacks(card, "IMG_1990")
    offers(card, "去掉附件")
    await city.press("张伟", "确认")

    entry = (await entries(city, PLANT))[-1]
    kept = {one["name"]: one for one in entry["attachments"]}
    assert set(kept) == {"IMG_2031.jpg", "IMG_2032.jpg"}
    for name, content in (("IMG_2031.jpg", first), ("IMG_2032.jpg", second)):
        assert kept[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert kept[name]["size"] == len(content)
        assert kept[name]["sender"] == "张伟"
        assert kept[name]["at"].startswith("2026-09-22T15:00")


async def test_s08_photos_without_a_text_are_kept_and_expire(open_city: OpenCity) -> None:
    """S08 C11: they lie with the drafts, are reminded of at 16:30 and gone at 18:00 of the next workday."""
    city = await open_city("2026-09-22 15:00")
    await city.say("张伟", "", files=[("IMG_2031.jpg", jpeg("2031"))])
    await city.clock("2026-09-22 15:11")
    city.mark()
    await city.say("张伟", "污水处理厂累计5350")
    lacks(city.only("张伟"), "IMG_2031")
    await city.press("张伟", "取消")
    city.mark()
    await city.say("张伟", "/草稿")
    says(city.only("张伟"), "IMG_2031.jpg")
    await city.clock("2026-09-23 18:01")
    city.mark()
    await city.say("张伟", "/草稿")
    lacks(city.only("张伟"), "IMG_2031")


async def test_s08_photos_after_the_text(open_city: OpenCity) -> None:
    """C9: at most 10 minutes after the text, of this sender and this chat only."""
    city = await open_city("2026-09-22 15:00")
    await city.say("张伟", "污水处理厂累计5350")
    await city.clock("2026-09-22 15:05")
    await city.say("赵永年", "", files=[("别人的.jpg", jpeg("other"))])
    await city.say("张伟", "", group="青禾县", files=[("群里的.jpg", jpeg("group"))])
    city.mark()
    await city.say("张伟", "", files=[("IMG_2040.jpg", jpeg("2040"))])
    says(city.last("张伟"), "IMG_2040.jpg")
    await city.press("张伟", "确认", contains=PLANT)
    entry = (await entries(city, PLANT))[-1]
    assert [one["name"] for one in entry["attachments"]] == ["IMG_2040.jpg"]


async def test_s08_photos_after_the_confirmation(open_city: OpenCity) -> None:
    """C9: once the card is confirmed a photo is offered for that entry; the author decides."""
    city = await open_city("2026-09-22 15:00")
    await city.say("张伟", "污水处理厂累计5350")
    await city.press("张伟", "确认")
    await city.clock("2026-09-22 15:05")
    city.mark()
    await city.say("张伟", "", files=[("IMG_2041.jpg", jpeg("2041"))])
    offer = city.only("张伟")
    says(offer, PLANT)
    assert (await entries(city, PLANT))[-1]["attachments"] == []
    label = next(label for label in offer.actions if "不" not in label)
    await city.press_on(offer, "张伟", label)
    entry = (await entries(city, PLANT))[-1]
    assert [one["name"] for one in entry["attachments"]] == ["IMG_2041.jpg"]
    assert entry["ytd_wan"] == 5350


async def test_s08_taking_the_attachments_off(open_city: OpenCity) -> None:
    """C9: [去掉附件] confirms the report without them."""
    city = await open_city("2026-09-22 15:00")
    await city.say("张伟", "污水处理厂累计5350", files=[("IMG_2031.jpg", jpeg("2031"))])
    says(city.only("张伟"), "IMG_2031.jpg")
    city.mark()
    await city.press("张伟", "去掉附件")
    lacks(city.only("张伟"), "IMG_2031.jpg")
    await city.press("张伟", "确认")
    assert (await entries(city, PLANT))[-1]["attachments"] == []
    assert await ytd(city, PLANT) == 5350


async def test_s08_kinds_sizes_and_names_of_files(open_city: OpenCity) -> None:
    """C9: judged by content, 20 MB each, the same content stored once, hostile names harmless."""
    city = await open_city("2026-09-22 15:00")
    taken = [
        ("照片.jpg", jpeg()),
        ("其实是png.jpg", png()),
        ("苹果.heic", heic()),
        ("批复.pdf", pdf()),
        ("说明.docx", docx()),
        ("同一张.jpg", jpeg()),
        ("../../etc/\u202egpj.passwd<b>.jpg", jpeg("evil")),
    ]
    await city.say("张伟", "污水处理厂累计5350", files=taken)
    card = city.only("张伟")
    says(card, PLANT, re.compile("附件[^0-9]{0,3}7"))
    for bad in ("\u202e", "<b>", "../"):
        assert bad not in card.text
    await city.press("张伟", "确认")
    kept = (await entries(city, PLANT))[-1]["attachments"]
    assert len(kept) == len(taken)
    assert next(one for one in kept if one["name"] == "其实是png.jpg")["media_type"] == "image/png"
    for one in kept:
        assert "/" not in one["name"]
        assert "\u202e" not in one["name"]
    assert len({one["sha256"] for one in kept}) == 6
    assert (await city.rows("SELECT count(*) AS n FROM stored_files"))[0]["n"] == 6

    city.mark()
    for name, content in (
        ("木马.jpg", program()),
        ("空.pdf", b""),
        ("太大.jpg", jpeg() + b"\0" * (20 * 1024 * 1024)),
    ):
        status, answer = await _send_file(city, name, content)
        assert status == 422, (name, status)
        assert name in answer["error"]
    status, _ = await _send_file(city, "正好.jpg", (jpeg() + b"\0" * (20 * 1024 * 1024))[: 20 * 1024 * 1024])
    assert status == 202
    assert (await city.rows("SELECT count(*) AS n FROM stored_files"))[0]["n"] <= 7


async def _send_file(city: City, name: str, content: bytes) -> tuple[int, Json]:
    body = {
        "from": "张伟",
        "chat": "private",
        "text": "",
        "attachments": [{"name": name, "base64": base64.b64encode(content).decode()}],
    }
    status, answer = await city.post("messages", body)
    await city.post("idle", {})
    return status, answer


async def test_c9_a_file_not_taken_is_told_and_blocks_nothing(open_city: OpenCity) -> None:
    """C9, P4: with a text or with better files, each file that was not taken is named with its reason."""
    city = await open_city("2026-09-22 15:00")
    await city.say("张伟", "污水处理厂累计5350", files=[("木马.pdf", program())])
    card, told = city.heard("张伟")
    says(card, becomes(4700, 5350))
    lacks(card, "附件")
    says(told, "木马.pdf", "未接收")
    city.mark()
    await city.say("张伟", "", files=[("照片.jpg", jpeg()), ("说明.txt", b"hello")])
    card, told = city.heard("张伟")
    says(card, "附件 1：照片.jpg")
    says(told, "说明.txt", "未接收")
    city.mark()
    await city.say("李娜", "晚点再说", files=[("坏的.zip", b"PK\x03\x04")])
    answer, told = city.heard("李娜")
    lacks(answer, "坏的.zip")
    says(told, "坏的.zip", "未接收")


async def test_s08_a_file_name_is_no_command(open_city: OpenCity) -> None:
    """C16: names and contents of files are data."""
    city = await open_city("2026-09-22 15:00")
    await city.say("张伟", "污水处理厂累计5350")
    await city.say(
        "张伟", "", files=[("确认.jpg", jpeg("x")), ("／撤销.pdf", pdf("确认")), ("累计9999万.png", png())]
    )
    assert await ytd(city, PLANT) == 4700
    drafts = await open_drafts(city)
    assert len(drafts) == 1
    for message in city.heard("张伟"):
        lacks(message, becomes(4700, 9999))
