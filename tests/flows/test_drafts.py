"""Between card and ledger, S09–S13: undo, restart, expiry, groups, redelivery, two authors (C2–C17)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.tables.projects import FigureUse

from .city import City, Json, Message, amount, audited, becomes, moment, norm, offers, says, silent
from .conftest import OpenCity
from .samples import jpeg
from .told import entries, ytd

PLANT = "ZX0031"  # 青禾县城南污水处理厂扩建工程
PIPES = "ZX0032"  # 青禾县城南污水管网改造工程
PARK = "ZD0108"  # 白石县循环经济产业园基础设施项目
AUDIENCE = ("市政设施专班", "青禾县", "赵永年")  # of a warning of ZX0031, without 张伟


async def drafts(city: City, state: str | None = None) -> list[Json]:
    return await city.rows(
        "SELECT * FROM drafts WHERE :state = '' OR state = :state ORDER BY id", state=state or ""
    )


async def reported(city: City, text: str, *, who: str = "张伟", at: str | None = None) -> None:
    """Say it and confirm the card; the mark stands after the receipt."""
    await city.say(who, text, at=at)
    await city.press(who, "确认")
    city.mark()


# --- S09


async def test_s09_undo_within_ten_minutes(open_city: OpenCity) -> None:
    """S09: C10 E13. The entry is reverted, both stay in the audit, the audience gets one correcting line."""
    city = await open_city("2026-09-22 10:02")
    before = await city.project(PLANT)
    await reported(city, "城南污水处理厂累计完成投资5500万", at="2026-09-22 10:03")
    city.mark()
    await city.say("张伟", "/撤销", at="2026-09-22 10:06")
    says(city.only("张伟"), "已撤销", PLANT, amount(5500), amount(4700), "黄")
    undone = await city.project(PLANT)
    assert (undone["ytd_wan"], undone["ytd_as_of"], undone["light"]) == (4700, "2026-08-31", "黄")
    for name in AUDIENCE:
        says(city.only(name), PLANT, "黄")
    assert {message.to for message in city.heard_by_anyone()} == {"张伟", *AUDIENCE}
    case = next(one for one in undone["light_cases"] if one["id"] == before["light_cases"][-1]["id"])
    assert case["ended_at"] is None, "the feedback that the report had ended is open again"
    assert case["feedback_due_at"].startswith("2026-09-28T18:00")
    assert [one["id"] for one in undone["light_cases"]] == [one["id"] for one in before["light_cases"]]

    rows = await city.audit("project", PLANT)
    audited(rows, 4700, 5500, by="张伟")
    audited(rows, 5500, 4700, by="张伟")
    first = next(one for one in undone["entries"] if one["ytd_wan"] == 5500)
    assert first["undone_at"].startswith("2026-09-22T10:06")


async def test_s09_a_quoted_figure_cannot_be_undone(open_city: OpenCity) -> None:
    """S09: C10. A signed document quotes the figure: /撤销 names it and points to /更正."""
    city = await open_city("2026-09-22 10:02")
    await reported(city, "城南污水处理厂累计完成投资5500万", at="2026-09-22 10:03")
    await city.say("张伟", "/撤销", at="2026-09-22 10:06")
    await reported(city, "城南污水处理厂累计完成投资5300万", at="2026-09-22 10:07")
    entry = (await entries(city, PLANT))[-1]
    assert entry["ytd_wan"] == 5300

    def quote(session: Session) -> None:
        use = {"entry_id": entry["id"], "document": "简报第37期", "at": moment("2026-09-22 10:09")}
        session.execute(insert(FigureUse).values(use))

    await city.clock("2026-09-22 10:09")
    await city.product.database.write(quote)
    city.mark()
    await city.say("张伟", "/撤销", at="2026-09-22 10:10")
    says(city.only("张伟"), "简报第37期", "10:09", "不能撤销", "/更正", PLANT)
    assert {message.to for message in city.heard_by_anyone()} == {"张伟"}
    project = await city.project(PLANT)
    assert (project["ytd_wan"], project["light"]) == (5300, "绿")
    rows = await city.audit("project", PLANT)
    audited(rows, 4700, 5500, by="张伟")
    audited(rows, 5500, 4700, by="张伟")
    audited(rows, 4700, 5300, by="张伟")


async def test_s09_undone_before_the_push_is_not_pushed(open_city: OpenCity) -> None:
    """S09: E13 A3. Confirmed and undone after the push window: the audience never hears of it."""
    city = await open_city("2026-09-22 20:02")
    await reported(city, "城南污水处理厂累计完成投资5500万", at="2026-09-22 20:03")
    assert (await city.project(PLANT))["light"] == "绿"
    silent(city, *AUDIENCE)
    await city.say("张伟", "/撤销", at="2026-09-22 20:06")
    project = await city.project(PLANT)
    assert (project["ytd_wan"], project["light"]) == (4700, "黄")
    city.mark()
    await city.clock("2026-09-23 08:31")
    for name in (*AUDIENCE, "张伟"):
        told = [one.text for one in city.heard(name) if PLANT in one.text and "绿" in one.text]
        assert not told, told
    case = (await city.project(PLANT))["light_cases"][-1]
    assert case["ended_at"] is None
    assert case["feedback_due_at"].startswith("2026-09-28T18:00")


async def test_s09_too_late_to_undo(open_city: OpenCity) -> None:
    """C10: after 10 minutes only /更正; nothing changes."""
    city = await open_city("2026-09-22 10:02")
    await reported(city, "城南污水处理厂累计完成投资5500万", at="2026-09-22 10:03")
    await city.say("张伟", "/撤销", at="2026-09-22 10:14")
    says(city.only("张伟"), "/更正")
    assert await ytd(city, PLANT) == 5500


async def test_s09_only_the_authors_own_last_entry(open_city: OpenCity) -> None:
    """C10: somebody else's /撤销 does not reach it; a second /撤销 reverts nothing more."""
    city = await open_city("2026-09-22 10:02")
    await reported(city, "管网累计2100万", at="2026-09-22 10:02")
    await reported(city, "城南污水处理厂累计完成投资5500万", at="2026-09-22 10:03")
    await city.say("赵永年", "/撤销", at="2026-09-22 10:04")
    await city.say("孙晓雯", "／撤销", at="2026-09-22 10:04")
    assert await ytd(city, PLANT) == 5500
    await city.say("张伟", "／撤销", at="2026-09-22 10:05")
    assert await ytd(city, PLANT) == 4700
    assert await ytd(city, PIPES) == 2100


async def test_s09_somebody_has_acted_on_it(open_city: OpenCity) -> None:
    """C10: not once somebody else has changed the project since."""
    city = await open_city("2026-09-22 10:02")
    await reported(city, "城南污水处理厂累计完成投资5500万", at="2026-09-22 10:03")
    await corrected(city, "5200", at="2026-09-22 10:05")
    city.mark()
    await city.say("张伟", "/撤销", at="2026-09-22 10:06")
    says(city.only("张伟"), "/更正")
    assert await ytd(city, PLANT) == 5200


async def corrected(city: City, wan: str, *, at: str) -> None:
    """孙晓雯 records another figure of ZX0031 with a reason; it is in the ledger afterwards."""
    await city.clock(at)
    city.mark()
    await city.say("孙晓雯", f"/更正 ZX0031 累计完成投资{wan}万元 原因 按监理月报核实")
    for label in ("确认", "同意"):
        if await ytd(city, PLANT) != int(wan) and city.last("孙晓雯").button(label) is not None:
            await city.press("孙晓雯", label)
    assert await ytd(city, PLANT) == int(wan), city.last("孙晓雯").text
    city.mark()


async def test_s09_recalling_the_message_changes_nothing(open_city: OpenCity) -> None:
    """S09: C17. The platform's recall or edit leaves the ledger as it is; the author is told."""
    city = await open_city("2026-09-22 10:02")
    for event, text, wan in (("recall", "", 5500), ("edit", "城南污水处理厂累计完成投资5600万", 5400)):
        await city.say("张伟", f"城南污水处理厂累计完成投资{wan}万", message_id=f"m-{event}")
        await city.press("张伟", "确认")
        assert await ytd(city, PLANT) == wan
        city.mark()
        body = {"from": "张伟", "chat": "private", "text": text, "event": event, "quoted": f"m-{event}"}
        status, answer = await city.post("messages", body)
        assert status == 202, answer
        await city.clock("2026-09-22 10:08")
        says(city.only("张伟"), "/撤销", "/更正")
        assert await ytd(city, PLANT) == wan
        await city.say("张伟", "/撤销")


# --- S10


async def test_s10_a_draft_survives_a_restart_and_expires(open_city: OpenCity) -> None:
    """S10: C11. Listed after a restart, one reminder at 16:30, gone at 18:00, old cards enter nothing."""
    city = await open_city("2026-09-22 17:50")
    before = await city.project(PIPES)
    await city.say("张伟", "管网累计2100")
    card = city.only("张伟")
    says(card, "草稿1", PIPES, becomes(1950, 2100))
    await city.clock("2026-09-22 17:55")
    await city.restart()

    city.mark()
    await city.say("张伟", "/草稿", at="2026-09-22 20:10")
    listed = city.last("张伟")
    says(listed, "草稿1", PIPES, amount(2100), "18:00")
    assert any(word in norm(listed.text) for word in ("明日", "明天", "09-23", "9月23日")), listed.text

    city.mark()
    await city.clock("2026-09-23 16:29")
    assert not reminders(city)
    await city.clock("2026-09-23 16:31")
    [reminder] = reminders(city)
    assert reminder.when == "2026-09-23 16:30"
    says(reminder, "草稿1", "18:00")
    offers(reminder, "确认", "取消")

    city.mark()
    await city.clock("2026-09-23 18:20")
    assert not reminders(city)
    assert [draft["state"] for draft in await drafts(city)] == ["expired"]
    city.mark()
    for old in (card, reminder):
        await city.press_on(old, "张伟", "确认")
        says(city.only("张伟"), "18:00", "到期", "重新上报")
        city.mark()
    await city.say("张伟", "确认")
    after = await city.project(PIPES)
    assert (after["ytd_wan"], after["version"]) == (1950, before["version"])
    assert len(after["entries"]) == len(before["entries"])


def reminders(city: City) -> list[Message]:
    return [message for message in city.heard("张伟") if "草稿1" in norm(message.text)]


async def test_s10_killed_and_down_for_two_hours(open_city: OpenCity) -> None:
    """C11 A4: the same after a power cut with downtime; the draft can still be confirmed."""
    city = await open_city("2026-09-22 17:50")
    await city.say("张伟", "管网累计2100")
    await city.kill(at="2026-09-22 20:05")
    assert city.ever()[-1].to == "张伟"
    await city.press("张伟", "确认")
    assert await ytd(city, PIPES) == 2100
    assert len(await entries_of_today(city, PIPES)) == 1


async def test_s10_down_at_the_time_of_expiry(open_city: OpenCity) -> None:
    """C11 A4: what fell due while the process was down has happened when it is up again, once."""
    city = await open_city("2026-09-22 17:50")
    await city.say("张伟", "管网累计2100")
    card = city.only("张伟")
    city.mark()
    await city.restart(at="2026-09-24 09:00")
    assert [draft["state"] for draft in await drafts(city)] == ["expired"]
    city.mark()
    await city.press_on(card, "张伟", "确认")
    says(city.only("张伟"), "到期")
    assert await ytd(city, PIPES) == 1950


async def test_s10_a_change_gives_the_draft_a_new_term(open_city: OpenCity) -> None:
    """C11: 18:00 on the workday after the last change; over the holiday of 09-25 to 09-27."""
    city = await open_city("2026-09-23 17:50")
    await city.say("张伟", "管网累计2100")
    await city.say("张伟", "改成2150", at="2026-09-24 10:00")
    says(city.last("张伟"), becomes(1950, 2150))
    city.mark()
    await city.clock("2026-09-24 18:01")
    assert not [one for one in reminders(city) if one.when.startswith("2026-09-24 16")]
    assert len(await drafts(city, "open")) == 1
    await city.clock("2026-09-28 17:59")
    assert [one.when for one in reminders(city)] == ["2026-09-28 16:30"]
    assert len(await drafts(city, "open")) == 1
    await city.clock("2026-09-28 18:00")
    assert not await drafts(city, "open")


async def test_cancelled_card_enters_nothing(open_city: OpenCity) -> None:
    """C2: a withdrawn card can enter nothing, pressed or typed."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "管网累计2100")
    card = city.only("张伟")
    await city.press_on(card, "张伟", "取消")
    city.mark()
    await city.press_on(card, "张伟", "确认")
    assert len(city.heard("张伟")) == 1
    await city.say("张伟", "确认")
    await city.say("张伟", "确认 1")
    assert await ytd(city, PIPES) == 1950
    assert not await entries_of_today(city, PIPES)
    assert [draft["state"] for draft in await drafts(city)] == ["cancelled"]


async def entries_of_today(city: City, code: str) -> list[Json]:
    return [entry for entry in await entries(city, code) if entry["at"] >= "2026-09-22"]


async def test_changing_a_draft(open_city: OpenCity) -> None:
    """C2 C8: 修改 by button and by text; the card shown before cannot enter the old figure."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "城南污水处理厂累计完成投资5500万,主体结构封顶")
    old = city.only("张伟")
    city.mark()
    await city.press("张伟", "修改", input="改成5280")
    card = city.only("张伟")
    says(card, "草稿1", PLANT, becomes(4700, 5280), "66.00%", "主体结构封顶")
    city.mark()
    await city.press_on(old, "张伟", "确认")
    assert len(city.heard("张伟")) == 1
    assert await ytd(city, PLANT) != 5500
    if await ytd(city, PLANT) == 4700:
        city.mark()
        await city.say("张伟", "改成5290万")
        says(city.only("张伟"), becomes(4700, 5290))
        await city.say("张伟", "确认")
        assert await ytd(city, PLANT) == 5290
    assert len(await drafts(city)) == 1


async def test_two_drafts_pending_and_a_bare_confirm(open_city: OpenCity) -> None:
    """C2: 「确认」 with two drafts asks which one; 「确认 1」 and full-width 「确认２」 say it."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "城南污水处理厂累计5300万")
    await city.say("张伟", "管网累计2100万")
    says(city.last("张伟"), "草稿2")
    city.mark()
    await city.say("张伟", "确认")
    says(city.only("张伟"), "草稿1", "草稿2")
    assert (await ytd(city, PLANT), await ytd(city, PIPES)) == (4700, 1950)
    await city.say("张伟", "确认２")
    assert (await ytd(city, PLANT), await ytd(city, PIPES)) == (4700, 2100)
    await city.say("张伟", "确认 7")
    await city.say("张伟", "确认 0")
    assert await ytd(city, PLANT) == 4700
    await city.say("张伟", "确认")
    assert await ytd(city, PLANT) == 5300


async def test_cancelling_one_of_two(open_city: OpenCity) -> None:
    """C2: 取消 with a number takes that draft alone."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "城南污水处理厂累计5300万")
    await city.say("张伟", "管网累计2100万")
    await city.say("张伟", "取消 1")
    assert [(draft["number"], draft["state"]) for draft in await drafts(city)] == [
        (1, "cancelled"),
        (2, "open"),
    ]
    await city.say("张伟", "确认")
    assert (await ytd(city, PLANT), await ytd(city, PIPES)) == (4700, 2100)


# --- S11


async def test_s11_in_a_group_only_the_author_confirms(open_city: OpenCity) -> None:
    """S11: C2 B5. The card stands in the group; another member's click is answered to them alone."""
    city = await open_city("2026-09-22 10:30")
    before = await city.project(PARK)
    await city.say("李娜", "循环园累计完成9600万,1号道路完成水稳层", group="白石县")
    card = city.only("白石县")
    says(card, "李娜", PARK, becomes(8600, 9600), "48.00%", "1号道路完成水稳层")
    offers(card, "确认", "修改", "取消")
    assert {message.to for message in city.heard_by_anyone()} == {"白石县"}

    city.mark()
    await city.press_on(card, "钱文海", "确认")
    says(city.only("钱文海"), "李娜", "代理人", "确认")
    assert {message.to for message in city.heard_by_anyone()} == {"钱文海"}
    assert await city.project(PARK) == before

    for who, label, text in (("钱文海", "取消", ""), ("孙晓雯", "确认", ""), ("钱文海", "修改", "改成9999")):
        city.mark()
        await city.press_on(card, who, label, input=text)
        says(city.only(who), "李娜")
        silent(city, "白石县", "李娜")
    await city.say("钱文海", "确认", group="白石县")
    await city.say("钱文海", "确认")
    assert await city.project(PARK) == before
    assert len(await drafts(city, "open")) == 1

    await city.press_on(card, "李娜", "确认")
    after = await city.project(PARK)
    assert after["ytd_wan"] == 9600
    assert len(after["entries"]) == len(before["entries"]) + 1
    [author] = await city.rows(
        "SELECT p.name FROM entries e JOIN people p ON p.id = e.author_id ORDER BY e.id DESC LIMIT 1"
    )
    assert author["name"] == "李娜"
    audited(await city.audit("project", PARK), 8600, 9600, by="李娜")


async def test_s11_the_author_types_it_in_the_group(open_city: OpenCity) -> None:
    """C2: the same verb typed where the card stands."""
    city = await open_city("2026-09-22 10:30")
    await city.say("李娜", "循环园累计完成9600万", group="【白石县】")
    city.mark()
    await city.say("李娜", "确认", group="白石县")
    assert await ytd(city, PARK) == 9600
    says(city.last("白石县"), "已入账")


async def test_another_persons_private_confirm(open_city: OpenCity) -> None:
    """C2: neither typing 确认 nor pressing on somebody else's private card enters anything."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "管网累计2100")
    card = city.only("张伟")
    city.mark()
    for other in ("赵永年", "彭倩", "孙晓雯", "陈立新", "李娜"):
        await city.say(other, "确认")
        await city.say(other, "确认 1")
        await city.press_on(card, other, "确认")
        await city.press_on(card, other, "取消")
    silent(city, "张伟")
    assert await ytd(city, PIPES) == 1950
    assert len(await drafts(city, "open")) == 1


# --- S12


async def test_s12_a_redelivered_message_counts_once(open_city: OpenCity) -> None:
    """S12: C12 P1. After seconds, after a restart, after six hours: one draft, one card, no second reply."""
    city = await open_city("2026-09-22 10:02")
    text = "城南污水处理厂累计完成投资5500万"
    first = await city.say("张伟", text, message_id="m-1")
    assert first["message_id"] == "m-1"
    await city.say("张伟", text, message_id="m-1", at="2026-09-22 10:02:15")
    await city.clock("2026-09-22 10:05")
    await city.restart()
    await city.say("张伟", text, message_id="m-1", at="2026-09-22 10:07")
    assert len(city.heard("张伟")) == 1
    assert len(await drafts(city)) == 1

    await city.press("张伟", "确认", message_id="click-1", at="2026-09-22 10:08")
    receipts = len(city.heard("张伟"))
    await city.press_on(city.heard("张伟")[0], "张伟", "确认", message_id="click-1")
    assert len(city.heard("张伟")) == receipts, "a redelivered click gets no second reply"
    await city.say("张伟", text, message_id="m-1", at="2026-09-22 16:07")
    assert len(city.heard("张伟")) == receipts
    assert len(await drafts(city)) == 1
    assert len(await entries_of_today(city, PLANT)) == 1
    assert (await city.project(PLANT))["ytd_wan"] == 5500


async def test_s12_for_a_week(open_city: OpenCity) -> None:
    """C12: still known after nearly seven days."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "管网累计2100", message_id="m-1")
    await city.clock("2026-09-29 10:00")
    city.mark()
    await city.say("张伟", "管网累计2100", message_id="m-1")
    silent(city)
    assert len(await drafts(city)) == 1


async def test_s12_two_messages_in_one_second(open_city: OpenCity) -> None:
    """S12: C12. A different message of the same second is its own message, equal in words or not."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "城南污水处理厂累计完成投资5500万", message_id="m-1", settle=False)
    await city.say("张伟", "管网累计2100万", message_id="m-2", settle=False)
    await city.say("张伟", "收到", message_id="m-3", settle=False)
    await city.say("张伟", "收到", message_id="m-4")
    assert len(await drafts(city)) == 2
    assert len(city.heard("张伟")) == 4
    await city.say("李娜", "循环园累计9600万", message_id="m-5")
    assert len(await drafts(city)) == 3


@pytest.mark.parametrize("graceful", [True, False])
async def test_s12_accepted_and_not_yet_processed(open_city: OpenCity, graceful: bool) -> None:
    """C12 P1: what was acknowledged before the end of the process is processed after it, once."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "城南污水处理厂累计完成投资5500万", message_id="m-1", settle=False)
    await (city.restart() if graceful else city.kill())
    await city.clock("2026-09-22 10:03")  # on PostgreSQL a reply that was claimed is free after its lease
    await city.say("张伟", "城南污水处理厂累计完成投资5500万", message_id="m-1")
    cards = [message for message in city.ever() if message.to == "张伟" and PLANT in message.text]
    cards = [message for message in cards if message.when >= "2026-09-22 10:02"]
    assert len(cards) == 1
    assert len(await drafts(city)) == 1


# --- S13


async def test_s13_two_people_change_one_project(open_city: OpenCity) -> None:
    """S13: C14 C13. The card knows its baseline; the same figure again is asked about."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂累计5300")
    card = city.only("张伟")
    says(card, "草稿1", becomes(4700, 5300))
    await corrected(city, "5200", at="2026-09-22 10:05")

    await city.clock("2026-09-22 10:08")
    city.mark()
    await city.say("张伟", "确认")
    says(city.only("张伟"), "孙晓雯", "10:05", amount(5200), becomes(5200, 5300), "确认")
    assert await ytd(city, PLANT) == 5200
    city.mark()
    await city.say("张伟", "确认")
    says(city.last("张伟"), "已入账", "10:08")
    assert await ytd(city, PLANT) == 5300
    rows = await city.audit("project", PLANT)
    audited(rows, 4700, 5200, by="孙晓雯")
    audited(rows, 5200, 5300, by="张伟")

    city.mark()
    await city.say("张伟", "污水处理厂累计5300", at="2026-09-22 10:20")
    question = city.only("张伟")
    says(question, "10:08", amount(5300))
    offers(question, "是,忽略", "不是,再记一次")
    count = len(await entries(city, PLANT))
    await city.press("张伟", "是,忽略")
    assert not await drafts(city, "open")
    assert len(await entries(city, PLANT)) == count


async def test_s13_pressing_the_outdated_card(open_city: OpenCity) -> None:
    """C14: the button asks once more as well, then enters."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂累计5300")
    card = city.only("张伟")
    await corrected(city, "5200", at="2026-09-22 10:05")
    await city.press_on(card, "张伟", "确认")
    says(city.only("张伟"), "孙晓雯", becomes(5200, 5300))
    assert await ytd(city, PLANT) == 5200
    await city.press("张伟", "确认")
    assert await ytd(city, PLANT) == 5300


async def test_s13_the_same_figure_on_purpose(open_city: OpenCity) -> None:
    """C13: 「不是,再记一次」 records it; more than 24 hours later nobody asks."""
    city = await open_city("2026-09-22 10:00")
    await reported(city, "污水处理厂累计5300")
    await city.say("张伟", "污水处理厂累计5300,设备进场", at="2026-09-22 10:20")
    city.mark()
    await city.press("张伟", "不是,再记一次")
    says(city.only("张伟"), PLANT, amount(5300))
    await city.press("张伟", "确认")
    assert len(await entries_of_today(city, PLANT)) == 2

    await city.clock("2026-09-23 10:21")
    city.mark()
    await city.say("张伟", "污水处理厂累计5300")
    card = city.only("张伟")
    assert card.button("再记一次") is None
    assert card.button("不是,再记一次") is None
    offers(card, "确认")


async def test_s13_a_figure_that_went_below_the_new_baseline(open_city: OpenCity) -> None:
    """C14 C6: if the ledger is above the draft's figure now, confirming enters nothing lower by itself."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂累计5300")
    await corrected(city, "5400", at="2026-09-22 10:05")
    await city.say("张伟", "确认", at="2026-09-22 10:08")
    says(city.last("张伟"), amount(5400))
    await city.say("张伟", "确认")
    assert await ytd(city, PLANT) == 5400


async def test_a_delegates_click_and_a_file_do_not_mix(open_city: OpenCity) -> None:
    """C9 C2: a file sent by another member of the group does not join the author's card."""
    city = await open_city("2026-09-22 10:30")
    await city.say("李娜", "循环园累计完成9600万", group="白石县")
    await city.say("钱文海", "", group="白石县", files=[("现场.jpg", jpeg("别人"))], at="2026-09-22 10:31")
    await city.press("李娜", "确认", to="白石县", contains=PARK)
    entry = (await entries(city, PARK))[-1]
    assert entry["ytd_wan"] == 9600
    assert entry["attachments"] == []


def test_patterns_tell_figures_apart() -> None:
    """The helpers themselves can fail."""
    assert becomes(4700, 5500).search(norm("4,700.00 → 5500 万元"))
    assert not becomes(4700, 5500).search(norm("14700 → 5500"))
    assert not becomes(4700, 5500).search(norm("4700 → 55000"))
    assert not amount(550).search(norm("5500"))
    assert re.search(amount("2000.5"), "2000.50")


# --- several drafts and several lines


async def two_drafts_and_a_card_of_lines(open_city: OpenCity) -> City:
    """草稿1 ZX0032, 草稿2 JJ0003, 草稿3 with ① ZX0031 and ② ZY0009."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "管网累计2100万")
    await city.say("张伟", "青禾灌区累计3400万")
    await city.say("张伟", "ZX0031累计5500万，ZY0009累计2600万")
    city.mark()
    return city


async def test_circled_numbers_are_lines_never_drafts(open_city: OpenCity) -> None:
    """Rules C2 C8: ① on the card is its first line, though a 草稿1 waits as well."""
    city = await two_drafts_and_a_card_of_lines(open_city)
    await city.say("张伟", "确认 ①")
    says(city.only("张伟"), "已入账", PLANT)
    assert (await ytd(city, PLANT), await ytd(city, PIPES)) == (5500, 1950)
    await city.say("张伟", "取消②")
    assert [draft["state"] for draft in await drafts(city)][:2] == ["open", "open"]
    assert await ytd(city, "ZY0009") == 2500


async def test_lines_of_a_named_draft(open_city: OpenCity) -> None:
    """「确认 3 ②」: the second line of 草稿3."""
    city = await two_drafts_and_a_card_of_lines(open_city)
    await city.say("张伟", "确认 3 ②")
    says(city.only("张伟"), "已入账", "ZY0009")
    assert (await ytd(city, "ZY0009"), await ytd(city, PLANT), await ytd(city, PIPES)) == (2600, 4700, 1950)


async def test_lines_that_two_cards_have_are_asked_about(open_city: OpenCity) -> None:
    """Nothing is entered while it is open which card is meant."""
    city = await two_drafts_and_a_card_of_lines(open_city)
    await city.say("张伟", "ZX0031累计5600万，ZY0009累计2700万")
    city.mark()
    await city.say("张伟", "确认 ①②")
    says(city.only("张伟"), "请指明编号", "草稿3", "草稿4")
    assert (await ytd(city, PLANT), await ytd(city, "ZY0009")) == (4700, 2500)


async def test_several_drafts_at_once(open_city: OpenCity) -> None:
    """「确认 1、2」 enters both; with a number that is none, nothing is entered."""
    city = await two_drafts_and_a_card_of_lines(open_city)
    await city.say("张伟", "确认 1、9")
    says(city.only("张伟"), "没有未确认的草稿9", "草稿1")
    assert await ytd(city, PIPES) == 1950
    await city.say("张伟", "确认 1、2")
    assert (await ytd(city, PIPES), await ytd(city, "JJ0003"), await ytd(city, PLANT)) == (2100, 3400, 4700)


async def test_a_correction_of_nothing(open_city: OpenCity) -> None:
    """「刚才报错了，应该是5490」 with nothing entered: says what is missing and how to put it."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "刚才报错了，应该是5490")
    says(city.only("张伟"), "没有您入账的数字", "请写全")
    assert await drafts(city) == []


async def test_c11_an_old_card_says_on_which_day_it_ended(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:50")
    await city.say("张伟", "管网累计2100")
    card = city.last("张伟")
    await city.clock("2026-09-28 09:00")
    await city.press_on(card, "张伟", "确认")
    says(city.last("张伟"), "该草稿已于 09-23 18:00 到期，请重新上报")
