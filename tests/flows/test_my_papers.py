"""Papers that wait for a person: /我的 and 代理 (rules B6, H2, H3, H5)."""

from __future__ import annotations

from .city import offers, says
from .conftest import OpenCity
from .test_s44_supervision_letter import NUMBER, document, issued, pressed
from .told import mine, one_about


async def test_h2_drafts_wait_for_one_after_the_other(open_city: OpenCity) -> None:
    """H2: 待报签, 待核稿, 待签发 stand in /我的 of the one whose turn it is, and of nobody else."""
    city = await pressed(open_city)
    await city.say("陈立新", "/我的")
    says(city.last("陈立新"), "督办函草稿 W0186 待签发")
    offers(city.last("陈立新"), "督办函草稿 W0186")
    await city.say("孙晓雯", "/提醒函 W0190")
    assert "提醒函草稿 W0190 待报签" in await mine(city, "孙晓雯")
    assert "W0190 待" not in await mine(city, "陈立新")
    await city.press("孙晓雯", "送核稿", to="孙晓雯", contains="提醒函草稿", input="马德胜")
    assert "提醒函草稿 W0190 待核稿" in await mine(city, "马德胜")
    assert "提醒函草稿" not in await mine(city, "孙晓雯")
    await city.press("马德胜", "提醒函草稿 W0190", to="马德胜")
    offers(city.last("马德胜"), "核稿通过", "退回修改")
    await city.press("马德胜", "核稿通过", to="马德胜")
    assert "提醒函草稿" not in await mine(city, "马德胜")
    assert "提醒函草稿 W0190 待签发" in await mine(city, "陈立新")
    await city.press("陈立新", "签发", to="陈立新", contains="W0190")
    assert "提醒函草稿" not in await mine(city, "陈立新")


async def test_h5_a_paper_waits_for_its_receipt(open_city: OpenCity) -> None:
    """H5: 待签收 with its deadline, in /我的 of the 联络员, until the unit has signed; overdue it stands first."""
    city = await issued(open_city)
    await city.say("苏静", "/我的")
    says(city.last("苏静"), f"{NUMBER} 待签收", "09-30 18:00")
    line = next(one for one in city.last("苏静").text.splitlines() if NUMBER in one)
    offers(city.last("苏静"), f"签收 {line.split()[0]}")
    assert NUMBER not in await mine(city, "李娜")
    await city.clock("2026-10-08 08:00")
    await city.say("苏静", "/我的")
    line = next(one for one in city.last("苏静").text.splitlines() if NUMBER in one)
    await city.press_on(city.last("苏静"), "苏静", f"签收 {line.split()[0]}")
    assert (await document(city))["receipts"][0]["receiver"] == "苏静"
    assert NUMBER not in await mine(city, "苏静")


# --- 代理


async def test_b6_a_delegate_signs_for_who_may(open_city: OpenCity) -> None:
    """B6 H3: signed by 孙晓雯(代 陈立新) in the time, with the principal's right alone, never after the end."""
    city = await pressed(open_city)
    await city.say("孙晓雯", "/提醒函 W0190")
    await city.press("孙晓雯", "报签", to="孙晓雯", contains="W0190")
    await city.say("马德胜", "/代理 孙晓雯 9月29日 至 9月30日")
    await city.say("孙晓雯", "/签发 督办函 W0186")
    says(city.last("孙晓雯"), "不能签发", "陈立新")
    await city.say("陈立新", "/代理 孙晓雯 9月29日 至 9月30日")
    await city.say("孙晓雯", "/我的")
    says(city.last("孙晓雯"), "督办函草稿 W0186 待签发(代 陈立新)")
    await city.press("孙晓雯", "督办函草稿 W0186", to="孙晓雯")
    card = city.last("孙晓雯")
    offers(card, "签发")
    await city.press_on(card, "孙晓雯", "签发")
    says(one_about(city, "孙晓雯", NUMBER, "已签发"), "孙晓雯(代 陈立新)")
    assert (await document(city))["serial"] == NUMBER
    who = await city.rows(
        "SELECT a.name AS by_name, b.name AS for_name FROM documents d JOIN people a ON a.id = d.issued_by_id "
        "JOIN people b ON b.id = d.issued_for_id WHERE d.kind = '督办函' AND d.number = 12"
    )
    assert who == [{"by_name": "孙晓雯", "for_name": "陈立新"}]
    await city.press("孙晓雯", "提醒函草稿 W0190", to="孙晓雯")
    old = city.last("孙晓雯")
    offers(old, "签发")
    await city.clock("2026-10-01 00:00")
    city.mark()
    await city.press_on(old, "孙晓雯", "签发")
    says(city.only("孙晓雯"), "不能签发", "陈立新")
    await city.say("孙晓雯", "/签发 提醒函 W0190")
    says(city.last("孙晓雯"), "不能签发", "陈立新")
    assert "待签发" not in await mine(city, "孙晓雯")


async def test_a_paper_by_its_short_number_and_one_draft_on_two_cards(open_city: OpenCity) -> None:
    """「报签 W0186」 after an edit means the one draft; 「已阅 提24」 the letter (rules B10, H5)."""
    city = await open_city("2026-09-24 09:01")
    await city.say("马德胜", "修改 限期改为9月29日")
    await city.say("马德胜", "报签 W0186")
    says(city.last("马德胜"), "提醒函草稿 W0186 已报签，现在陈立新处")
    await city.say("陈立新", "签发 提醒函 W0186")
    await city.say("谭勇", "已阅 提24")
    says(city.last("谭勇"), "已记录您已阅", "不算市林业局签收")
    await city.say("谭勇", "签收提24")
    says(city.last("谭勇"), "市林业局已签收（谭勇")
