"""会议纪要 as a paper of its own: draft → 核稿 → 签发 → 文号 → 送达 → 回执 (rules B4, B8, B10, H1–H5, M1)."""

from __future__ import annotations

import hashlib
from io import BytesIO

import docx
import pytest

from .city import City, Json, lacks, offers, says, silent
from .conftest import OpenCity
from .test_s44_supervision_letter import file_of
from .test_s55_minutes import TEXT
from .told import on, one_about, told

NUMBER = "云攻坚纪〔2026〕01号"
FILLED = "修改 地点 市发改委三楼会议室；主持 陈立新；出席 市林业局、云川供电公司、市住建局"


async def confirmed(city: City) -> None:
    await city.say("孙晓雯", f"/纪要 9月22日协调会\n{TEXT}")
    await city.say("孙晓雯", "②10月12日 ③市住建局 10月10日")
    await city.press("孙晓雯", "全部确认", contains="拟任务 3")


async def meeting(open_city: OpenCity) -> City:
    city = await open_city("2026-09-22 15:00", confirmed)
    await city.say("孙晓雯", "/会议纪要 9月22日协调会")
    return city


async def paper(city: City) -> Json:
    return (await city.rows("SELECT * FROM documents WHERE kind = '会议纪要' ORDER BY id DESC"))[0]


def _whole(content: bytes) -> str:
    """Every word of the file, the 版记 in its box included."""
    return "\n".join(one.text or "" for one in docx.Document(BytesIO(content)).element.iter() if one.text)


async def test_h1_the_draft_says_what_was_decided(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00")
    await confirmed(city)
    offers(city.last("孙晓雯"), "生成会议纪要")
    city.mark()
    await city.press("孙晓雯", "生成会议纪要", to="孙晓雯")
    card = city.only("孙晓雯")
    says(card, "会议纪要草稿", "9月22日协调会纪要", "2026年9月22日，（待填）在（待填）主持召开协调会")
    says(
        card,
        "一、请市林业局9月30日前完成循环园林地组卷。",
        "二、供电公司尽快解决SG0012临时用电（云川供电公司，10月12日前）",
    )
    says(
        card,
        "三、请相关部门研究ZY0007消防问题",
        "（市住建局，10月10日前）",
        "待填：地点、主持、出席",
        "由综合专班负责人 陈立新签发",
    )
    lacks(card, NUMBER, "单位不明确")
    offers(card, "修改", "导出docx", "报签")
    assert told(city) == {"孙晓雯"}
    city.mark()
    await city.press("孙晓雯", "报签", contains="会议纪要草稿")
    says(city.only("孙晓雯"), "还没填：地点、主持、出席", "修改 地点 …；主持 …；出席 …")
    city.mark()
    await city.say("孙晓雯", "地点：二楼会议室")
    says(city.only("孙晓雯"), "在二楼会议室主持召开协调会", "待填：主持、出席")
    city.mark()
    await city.say("孙晓雯", "地点：一楼")  # no longer asked for: said so only with 修改
    lacks(city.only("孙晓雯"), "一楼主持")
    city.mark()
    await city.say("孙晓雯", FILLED)
    card = city.only("孙晓雯")
    says(
        card,
        "2026年9月22日，陈立新在市发改委三楼会议室主持召开协调会。会议议定以下事项：",
        "出席：市林业局、云川供电公司",
    )
    lacks(card, "待填")
    city.mark()
    await city.press("孙晓雯", "生成会议纪要", contains="已确认")
    says(city.only("孙晓雯"), "陈立新在市发改委三楼会议室")
    assert len(await city.rows("SELECT id FROM documents WHERE kind = '会议纪要'")) == 1


async def test_h1_checked_issued_delivered_received(open_city: OpenCity) -> None:
    city = await meeting(open_city)
    await city.say("孙晓雯", FILLED)
    city.mark()
    await city.say("孙晓雯", "送核稿 马德胜")
    says(one_about(city, "马德胜", "会议纪要草稿"), "请核稿", "供电公司尽快解决")
    await city.say("马德胜", "修改 抄送 市自然资源局")
    await city.say("马德胜", "核稿通过")
    card = one_about(city, "陈立新", "会议纪要草稿")
    says(card, "核稿：马德胜")
    city.mark()
    await city.press("陈立新", "签发", contains="会议纪要草稿")
    says(one_about(city, "陈立新", NUMBER), "市林业局", "云川供电公司", "市住建局")
    for name in ("苏静", "谭勇", "邵鹏", "彭倩", "冯国强"):
        sent = one_about(city, name, NUMBER)
        says(sent, "9月22日协调会纪要", on("09-23", "18:00"))
        offers(sent, "签收")
    line = one_about(city, "要素保障专班", NUMBER)
    says(line, "9月22日协调会纪要")
    lacks(line, "供电", "组卷")
    assert told(city, NUMBER) == {
        "陈立新", "孙晓雯", "马德胜", "苏静", "谭勇", "邵鹏", "彭倩", "冯国强", "要素保障专班", "能源专班",
        "市政设施专班",
    }  # fmt: skip
    row = await paper(city)
    assert (row["state"], row["serial"], row["number"], row["year"]) == ("已签发", NUMBER, 1, 2026)
    content = await file_of(city, one_about(city, "苏静", NUMBER))
    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    text = _whole(content)
    assert "云川市集中攻坚行动领导小组办公室会议纪要" in text
    assert "抄送：市自然资源局。" in text
    assert "2026年9月22日印发" in text
    assert any(one["new"] == NUMBER for one in await city.audit("minutes", str(row["subject_id"])))
    await city.say("苏静", "签收 纪01")
    says(city.last("苏静"), NUMBER, "已签收")
    city.mark()
    await city.clock("2026-09-24 08:30")
    for name in ("邵鹏", "彭倩"):
        says(one_about(city, name, NUMBER), "签收")
    assert "苏静" not in told(city, NUMBER)
    city.mark()
    await city.say("孙晓雯", "/会议纪要 9月22日协调会")
    says(city.only("孙晓雯"), NUMBER, "已签收：市林业局", "未签收：云川供电公司、市住建局")
    city.mark()
    await city.say("苏静", "/会议纪要 纪01")
    says(city.only("苏静"), NUMBER)


async def test_h2_numbers_go_on_and_a_void_one_stays_used(open_city: OpenCity) -> None:
    city = await meeting(open_city)
    await city.say("孙晓雯", FILLED)
    await city.press("孙晓雯", "报签", contains="会议纪要草稿")
    await city.press("陈立新", "签发", contains="会议纪要草稿")
    await city.say("陈立新", "/作废 纪01 出席单位有误")
    city.mark()
    await city.say("孙晓雯", "/会议纪要 协调会")
    says(city.only("孙晓雯"), "会议纪要草稿", "待填")
    await city.say("孙晓雯", FILLED)
    await city.press("孙晓雯", "报签", contains="会议纪要草稿")
    await city.press("陈立新", "签发", contains="会议纪要草稿")
    assert (await paper(city))["serial"] == "云攻坚纪〔2026〕02号"


@pytest.mark.parametrize("who", ["张伟", "苏静", "曹颖"])
async def test_b10_who_called_no_meeting_drafts_no_paper(open_city: OpenCity, who: str) -> None:
    """B4 B10: another's meeting is as one that is not there; nobody hears anything."""
    city = await open_city("2026-09-22 15:00", confirmed)
    await city.say(who, "/会议纪要 9月22日协调会")
    says(city.last(who), "综合专班联络员")
    lacks(city.last(who), "议定")
    await city.say(who, "/会议纪要 7月1日推进会")
    says(city.last(who), "综合专班联络员")
    await city.say(who, "/会议纪要")
    says(city.last(who), "综合专班联络员")
    assert await city.rows("SELECT id FROM documents WHERE kind = '会议纪要'") == []
    silent(city, "孙晓雯", "陈立新")


async def test_m1_a_lead_unit_makes_the_paper_of_its_own_meeting(open_city: OpenCity) -> None:
    """B10 M1: the lead unit drafts; 综合专班负责人 signs; other lead units do not see the meeting."""
    city = await open_city("2026-09-22 15:00")
    await city.say(
        "林芳",
        "/纪要 用地会商\n时间：9月21日\n地点：市自然资源局二楼会议室\n主持人：韩志刚\n出席：市生态环境局、市林业局\n"
        "一、请市生态环境局本月底前出具意见。",
    )
    says(city.last("林芳"), "拟任务 1")
    await city.say("林芳", "确认")
    await city.say("林芳", "生成会议纪要")
    card = city.last("林芳")
    says(
        card,
        "用地会商会议纪要",
        "韩志刚在市自然资源局二楼会议室主持召开用地会商",
        "9月30日前",
        "出席：市生态环境局、市林业局",
    )
    lacks(card, "待填")
    await city.say("吴迪", "/会议纪要 用地会商")
    says(city.last("吴迪"), "未找到")
    assert card.button("签发") is None
    await city.press("林芳", "报签", contains="会议纪要草稿")
    await city.press("陈立新", "签发", contains="会议纪要草稿")
    assert (await paper(city))["serial"] == NUMBER
    says(city.last("林芳"), NUMBER)


async def test_h1_a_meeting_without_confirmed_tasks_has_no_paper(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00")
    await city.say("孙晓雯", "/会议纪要")
    says(city.last("孙晓雯"), "还没有录入会议纪要", "/纪要")
    await city.say("孙晓雯", f"/纪要 9月22日协调会\n{TEXT}")
    await city.say("孙晓雯", "/会议纪要 9月22日协调会")
    says(city.last("孙晓雯"), "未找到")
    await confirmed(city)
    await city.say("孙晓雯", "/会议纪要")
    says(city.last("孙晓雯"), "《9月22日协调会》", "议定 3 项", "未成文")
    await city.press("孙晓雯", "9月22日协调会", contains="未成文")
    says(city.last("孙晓雯"), "会议纪要草稿")


async def test_b8_a_decision_that_became_restricted_stands_on_no_paper(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00", confirmed)
    await city.change("UPDATE items SET restricted = true WHERE number = 'W0191'")
    await city.say("孙晓雯", "/会议纪要 9月22日协调会")
    lacks(city.last("孙晓雯"), "供电", "临时用电")
    says(city.last("孙晓雯"), "二、请相关部门研究ZY0007消防问题")
