"""Accounts without a person, S14 (rules B1, B2), people of one name, S65, and what the API refuses."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import aiohttp

from .city import BASELINE_AT, City, Message, lacks, norm, says, silent
from .conftest import OpenCity
from .samples import jpeg

WANG = "王磊(临河区发改局)"
OTHER_WANG = "王磊(高新区管委会)"
UNBOUND = "您还未绑定身份"


async def unbind(city: City, label: str) -> None:
    """Take every account from a person and start again, so that only a code can bind one."""
    name, _, unit = label.rstrip(")").partition("(")
    touched = await city.change(
        "DELETE FROM accounts WHERE person_id IN (SELECT p.id FROM people p JOIN units u ON u.id = p.unit_id "
        "WHERE p.name = :name AND (:unit = '' OR u.name LIKE :pattern))",
        name=name,
        unit=unit,
        pattern=f"{unit[:3]}%",
    )
    assert touched == 1, f"{label} had {touched} accounts"
    await city.restart()
    city.mark()


async def issue(city: City, label: str, *, by: str = "刘洋") -> str:
    """A binding code for a person, as the issuer reads it."""
    city.mark()
    await city.say(by, f"/绑定 发码 {label}")
    reply = city.last(by)
    found = re.findall(r"(?<![0-9A-Za-z])[0-9A-Z]{6,12}(?![0-9A-Za-z])", norm(reply.text))
    assert found, reply.text
    city.mark()
    code: str = found[0]
    return code


def wrong(code: str, number: int) -> str:
    """Another code of the same shape."""
    swapped = "".join("2" if char != "2" else "3" for char in code)
    return swapped[:-1] + "ABCDEFGH"[number]


async def account_of(city: City, account: str) -> str | None:
    rows = await city.rows(
        "SELECT p.name, u.name AS unit FROM accounts a LEFT JOIN people p ON p.id = a.person_id "
        "LEFT JOIN units u ON u.id = p.unit_id WHERE a.account = :account",
        account=account,
    )
    return f"{rows[0]['name']}/{rows[0]['unit']}" if rows and rows[0]["name"] else None


# --- S14


async def test_s14_an_unbound_account_binds_with_a_code(open_city: OpenCity) -> None:
    """S14: B1 B2. Nothing of the first message is stored; a code binds its person once."""
    city = await open_city("2026-09-22 09:00")
    await unbind(city, WANG)
    code = await issue(city, WANG)
    before = await city.project("ZX0031")
    await city.say("新账号1", "青禾县污水处理厂累计5500万")
    reply = city.only("新账号1")
    says(reply, UNBOUND, "绑定码", "/绑定", "综合专班")
    lacks(reply, "ZX0031", "4700")
    assert {message.to for message in city.heard_by_anyone()} == {"新账号1"}
    assert await city.project("ZX0031") == before
    assert not await city.rows("SELECT id FROM drafts")

    city.mark()
    await city.say("新账号1", f"/绑定 {code}")
    says(city.only("新账号1"), "已绑定", WANG, "/帮助")
    bound = await account_of(city, "新账号1")
    assert bound is not None
    assert bound.startswith("王磊/临河区")
    city.mark()
    await city.say("新账号1", "/查 ZX0031")
    says(city.only("新账号1"), "未找到,或您无权查看")  # a person of 临河区 now

    for who in ("新账号2", "新账号1", "张伟"):
        city.mark()
        await city.say(who, f"/绑定 {code}")
        assert not any("已绑定:王磊" in norm(message.text) for message in city.heard(who)), who
        assert len(city.heard(who)) == 1
    assert await account_of(city, "新账号2") is None
    assert (await account_of(city, "张伟") or "").startswith("张伟/")
    city.mark()
    await city.say("新账号2", "/我的")
    says(city.only("新账号2"), UNBOUND)


async def test_s14_full_width_command_and_small_letters(open_city: OpenCity) -> None:
    """C18 B2: ／绑定 without a space; the code in whatever case and width it was typed."""
    city = await open_city("2026-09-22 09:00")
    await unbind(city, WANG)
    code = await issue(city, WANG)
    await city.say("新账号1", f"／绑定{code}")
    says(city.only("新账号1"), "已绑定", WANG)


async def test_s14_five_wrong_codes_block_for_an_hour(open_city: OpenCity) -> None:
    """S14 variant: B2. After five wrong codes that account is refused for an hour, the right code too."""
    city = await open_city("2026-09-22 09:00")
    await unbind(city, WANG)
    code = await issue(city, WANG)
    for number in range(4):
        await city.say("新账号1", f"/绑定 {wrong(code, number)}")
        lacks(city.last("新账号1"), "已绑定")
    await city.say("新账号1", f"/绑定 {wrong(code, 4)}", at="2026-09-22 09:05")
    city.mark()
    await city.say("新账号1", f"/绑定 {code}", at="2026-09-22 09:30")
    lacks(city.only("新账号1"), "已绑定")
    city.mark()
    await city.say("新账号1", f"/绑定 {code}", at="2026-09-22 10:04")
    lacks(city.only("新账号1"), "已绑定")
    assert await account_of(city, "新账号1") is None
    city.mark()
    await city.say("新账号1", f"/绑定 {code}", at="2026-09-22 10:06")
    says(city.only("新账号1"), "已绑定", WANG)


async def test_s14_four_wrong_codes_do_not_block(open_city: OpenCity) -> None:
    """B2: the fifth one does; and the block of one account is not another's."""
    city = await open_city("2026-09-22 09:00")
    await unbind(city, WANG)
    code = await issue(city, WANG)
    for number in range(5):
        await city.say("新账号1", f"/绑定 {wrong(code, number)}")
    for number in range(4):
        await city.say("新账号2", f"/绑定 {wrong(code, number)}")
    city.mark()
    await city.say("新账号2", f"/绑定 {code}")
    says(city.only("新账号2"), "已绑定", WANG)


async def test_s14_three_attempts_are_a_line_in_the_digest(open_city: OpenCity) -> None:
    """S14 variant: B2. Three attempts of a day are one line for 刘洋, without ledger contents; two none."""
    city = await open_city("2026-09-22 09:00")
    for text in ("青禾县污水处理厂累计5500万", "你好", "/查 ZX0031"):
        await city.say("陌生人甲", text)
    for text in ("在吗", "/我的"):
        await city.say("陌生人乙", text)
    for message in city.heard("陌生人甲") + city.heard("陌生人乙"):
        says(message, UNBOUND)
    silent(city, "刘洋")
    city.mark()
    await city.clock("2026-09-23 09:00")
    told = "\n".join(message.text for message in city.heard("刘洋"))
    lines = [line for line in told.split("\n") if "陌生人甲" in line]
    assert len(lines) == 1, lines
    assert "3" in lines[0]
    assert not any("陌生人乙" in message.text for message in city.heard("刘洋"))
    assert not any("5500" in message.text for message in city.heard("刘洋"))
    city.mark()
    await city.clock("2026-09-24 09:00")
    assert not any("陌生人甲" in message.text for message in city.heard("刘洋"))


async def test_s14_what_an_unbound_account_may_do(open_city: OpenCity) -> None:
    """B2: /帮助 and /绑定 only; buttons, files, groups and other commands get the same sentence."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "污水处理厂累计5500万")
    card = city.only("张伟")
    city.mark()
    await city.say("陌生人甲", "/帮助")
    says(city.only("陌生人甲"), "/绑定")
    lacks(city.only("陌生人甲"), "/签发", "/导入")
    city.mark()
    await city.press_on(card, "陌生人甲", "确认")
    await city.say("陌生人甲", "确认")
    await city.say("陌生人甲", "/撤销")
    await city.say("陌生人甲", "", files=[("a.jpg", jpeg())])
    await city.say("陌生人甲", "/查 ZX0031", group="青禾县")
    for message in city.heard("陌生人甲"):
        says(message, UNBOUND)
        lacks(message, "4700")
    silent(city, "青禾县", "张伟")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700
    assert not await city.rows("SELECT id FROM attachments")


async def test_s14_never_by_display_name(open_city: OpenCity) -> None:
    """B1: an account that only looks like a person's name is nobody; 王磊 alone is neither of the two."""
    city = await open_city("2026-09-22 09:00")
    for account in ("王磊", "张伟(青禾县)2", "zhangwei"):
        city.mark()
        await city.say(account, "/我的")
        says(city.only(account) if account != "王磊" else _to_plain_wang(city), UNBOUND)


def _to_plain_wang(city: City) -> Message:
    found = [message for message in city.heard_by_anyone() if message.to == "王磊"]
    assert len(found) == 1
    return found[0]


async def test_s14_who_may_issue_codes(open_city: OpenCity) -> None:
    """B2 B10: a liaison of a county cannot issue a code for a person of another unit."""
    city = await open_city("2026-09-22 09:00")
    await unbind(city, WANG)
    city.mark()
    await city.say("李娜", f"/绑定 发码 {WANG}")
    reply = city.only("李娜")
    assert not re.search(r"(?<![0-9A-Za-z])[0-9A-Z]{6}(?![0-9A-Za-z])", norm(reply.text)), reply.text
    assert not await city.rows("SELECT id FROM binding_codes")


# --- one name, two people


async def test_s65_two_people_of_one_name(open_city: OpenCity) -> None:
    """S65: B1. Both are shown with their unit; the plain name is never resolved by guessing."""
    city = await open_city("2026-09-22 09:00")
    await city.say("刘洋", "/绑定 发码 王磊")
    reply = city.only("刘洋")
    says(reply, "临河区", "高新区管委会")
    assert not await city.rows("SELECT id FROM binding_codes")
    city.mark()
    await city.say(OTHER_WANG, "/查 SG0012")
    says(city.only(OTHER_WANG), "SG0012")
    silent(city, WANG)
    city.mark()
    await city.say(WANG, "/查 SG0012")
    says(city.only(WANG), "未找到,或您无权查看")
    silent(city, OTHER_WANG)
    city.mark()
    await city.say("王磊（临河区发改局）", "/查 ZY0007")
    says(city.only(WANG), "ZY0007")


async def test_s65_naming_one_of_two_in_an_item(open_city: OpenCity) -> None:
    """S65: B1. 交办 … 责任人 王磊 asks which of the two, each with the unit."""
    city = await open_city("2026-09-22 09:20")
    await city.say("魏然", "ZY0007施工许可办不下来,卡在消防设计审查,请协调")
    await city.say("魏然", "请住建局牵头,10月15日前完成消防设计审查")
    await city.press("魏然", "确认")
    assert (await city.item("W0191"))["state"] == "待甄别"
    city.mark()
    await city.say("孙晓雯", "交办 W0191 责任人 王磊")
    question = city.last("孙晓雯")
    says(question, "王磊(临河区发改局)", "王磊(高新区管委会)")
    says(question, re.compile("1[^0-9]{0,3}王磊"), re.compile("2[^0-9]{0,3}王磊"))
    assert (await city.item("W0191"))["state"] == "待甄别"
    silent(city, WANG, OTHER_WANG)


# --- what the API refuses


async def refused(city: City, path: str, body: object, *expected: int) -> None:
    status, answer = await city.post(path, body)
    assert status in expected, (path, body, status, answer)
    assert answer["error"], "the caller is told what is wrong"


async def test_bad_calls_are_refused_and_change_nothing(open_city: OpenCity) -> None:
    """C12: a call that cannot be a message is refused with a reason; nothing is stored, nothing is said."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "管网累计2100")
    card = city.only("张伟")
    before = await city.rows("SELECT count(*) AS n FROM inbox")
    city.mark()
    good = {"from": "张伟", "chat": "private", "text": "管网累计2200"}
    bodies: tuple[object, ...] = (
        {},
        [],
        "text",
        None,
        {"chat": "private", "text": "确认"},
        {**good, "from": 7},
        {**good, "from": None},
        {**good, "text": ["确认"]},
        {**good, "chat": {"group": "青禾县"}},
        {**good, "attachments": "a.jpg"},
        {**good, "attachments": ["a.jpg"]},
        {**good, "attachments": [{"name": "a.jpg", "base64": "***"}]},
        {**good, "message_id": 12},
    )
    for body in bodies:
        await refused(city, "messages", body, 400)
    await refused(city, "messages", {**good, "chat": "没有这个群", "text": "@助手 确认"}, 404)
    await refused(city, "messages", {**good, "from": "张" * 500}, 400, 413)
    await refused(city, "messages", {**good, "message_id": "m" * 10_000}, 400, 413)
    await refused(city, "messages", {**good, "text": "进" * 100_000}, 413)
    presses: tuple[object, ...] = (
        {},
        {"from": "张伟", "action": "确认"},
        {"from": "张伟", "seq": "1", "action": "确认"},
        {"from": "张伟", "seq": True, "action": "确认"},
        {"from": "张伟", "seq": card.seq},
        {"seq": card.seq, "action": "确认"},
    )
    for body in presses:
        await refused(city, "actions", body, 400)
    await refused(city, "actions", {"from": "张伟", "seq": 10**6, "action": "确认"}, 404)
    await refused(city, "actions", {"from": "张伟", "seq": -1, "action": "确认"}, 400, 404)
    await refused(city, "actions", {"from": "张伟", "seq": card.seq, "action": "签发"}, 404)
    for now in (None, "明天", "2026-09-22T09:30:00", 5):
        await refused(city, "clock", {"now": now}, 400)
    await refused(city, "clock", {"now": "2026-09-22T08:59:00+08:00"}, 409)

    for data, kind, expected in (
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"from": "\xe5"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"from=x&text=y", "application/x-www-form-urlencoded", 415),
    ):
        address = f"{city.base}/webchat/api/messages"
        async with city.client.post(address, data=data, headers={"Content-Type": kind}) as response:
            assert response.status == expected, (data, response.status)
    for header, value in (("Sec-Fetch-Site", "cross-site"), ("Host", "evil.cn")):
        address = f"{city.base}/webchat/api/messages"
        async with city.client.post(address, json=good, headers={header: value}) as response:
            assert response.status == 403
    for path in ("messages?after=x", "messages?after=-1", "messages?after=0&wait_ms=soon"):
        assert (await city.get(path))[0] == 400
    for path in ("projects/ZX9999", "items/W9999", "projects/%00", "audit/project/ZX9999", "audit/nothing/1"):
        status, answer = await city.get(path)
        assert status == 404 or answer["rows"] == [], path

    await city.post("idle", {})
    await city.clock("2026-09-22 09:00")
    silent(city)
    assert await city.rows("SELECT count(*) AS n FROM inbox") == before
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950
    await city.press_on(card, "张伟", "确认")
    assert (await city.project("ZX0032"))["ytd_wan"] == 2100, "and it still works"


async def test_an_oversize_body_is_refused(open_city: OpenCity) -> None:
    """A body of more than 64 MB is not read to its end."""
    city = await open_city(BASELINE_AT)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(66):
            yield b" " * (1024 * 1024)

    try:
        async with city.client.post(
            f"{city.base}/webchat/api/messages", data=endless(), headers={"Content-Type": "application/json"}
        ) as response:
            assert response.status == 413
    except aiohttp.ClientConnectionError:
        pass  # closed while we were still sending
    await city.say("张伟", "管网累计2100")
    says(city.only("张伟"), "ZX0032")
