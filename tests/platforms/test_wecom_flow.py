"""A liaison's day on WeCom: sealed callbacks in, calls of the server API out."""

from __future__ import annotations

import asyncio

import pytest

from bot.packing import pack
from bot.platforms.base import Limits
from models.types import Button, OutgoingFile
from tests.flows.samples import jpeg
from tests.flows.test_identity import WANG as BOSS
from tests.flows.test_identity import issue, unbind
from tests.flows.told import person_id

from .conftest import LIAISON, Office
from .offices import until

PLANT = "ZX0031"  # 青禾县城南污水处理厂扩建工程
REPORT = "城南污水处理厂累计完成投资5500万,主体结构封顶"


async def ytd(office: Office) -> int:
    found: int = (await office.city.project(PLANT))["ytd_wan"]
    return found


async def test_report_card_confirm_ledger_and_push(office: Office) -> None:
    """From free text to a card, to the ledger, to a push that the clock causes."""
    await office.say(REPORT)
    text, card = office.server.to(LIAISON)
    assert (text.kind, card.kind) == ("text", "template_card")
    assert PLANT in text.text
    assert "5500" in text.text.replace(",", "")
    assert card.text == text.text.split("\n")[0]
    assert {"确认", "取消"} <= set(card.buttons)
    assert await ytd(office) == 4700

    await office.press("确认")
    assert await ytd(office) == 5500
    assert len(office.server.to(LIAISON)) == 3
    await until(lambda: len(office.server.settled) == 1)
    told = office.server.settled[0]
    assert (told["response_code"], told["userids"]) == (card.response_code, [LIAISON])
    assert told["button"] == {"replace_name": "已处理"}

    before = len(office.server.shown)
    await office.city.clock("2026-09-28 18:00")
    assert len(office.server.shown) > before, "a week without any push to the liaison"
    assert office.server.calls["gettoken"] <= 80  # the simulated week outlives many tokens


async def test_a_redelivered_report_and_click_count_once(office: Office) -> None:
    """Three identical deliveries at once, and one sealed anew."""
    entries = len((await office.city.project(PLANT))["entries"])
    caller = office.caller
    inner = caller.text(LIAISON, REPORT, message_id="7322000000000000001")
    query, body = caller.sealed(inner)
    answers = await asyncio.gather(*(caller.post(query, body) for _ in range(3)))
    answers.append(await caller.post(*caller.sealed(inner)))
    assert answers == [(200, b"")] * 4
    await office.settle()
    assert len(office.server.to(LIAISON)) == 2

    click = caller.click(LIAISON, office.server.card(LIAISON), "确认")
    for _ in range(3):
        await caller.deliver(click)
    await office.settle()
    assert await ytd(office) == 5500
    assert len(office.server.to(LIAISON)) == 3
    assert len((await office.city.project(PLANT))["entries"]) == entries + 1


async def test_the_account_is_the_same_in_any_case(office: Office) -> None:
    caller = office.caller
    await caller.deliver(caller.text("zhangwei", "/我的"))
    await office.settle()
    assert {one.to for one in office.server.shown} == {"zhangwei"}
    rows = await office.city.rows("SELECT account FROM accounts WHERE platform = 'wecom'")
    assert [row["account"] for row in rows] == [LIAISON]


async def test_a_stranger_is_asked_to_bind(office: Office) -> None:
    office.server.members.add("stranger")
    caller = office.caller
    await caller.deliver(caller.text("stranger", REPORT))
    await office.settle()
    assert len(office.server.to("stranger")) == 1
    assert "绑定" in office.server.to("stranger")[0].text
    assert office.heard() == []


async def test_an_account_is_bound_with_a_code(office: Office) -> None:
    """B2: the code that the county's liaison issues makes a WeCom account its person's; before that nothing is kept."""
    await unbind(office.city, BOSS)
    code = await issue(office.city, BOSS)
    office.server.members.add("WangLei")
    office.server.media["MEDIA1"] = ("MEDIA1.jpg", jpeg())
    caller = office.caller
    await caller.deliver(caller.inner("WangLei", "image", MediaId="MEDIA1"))
    await office.settle()
    assert office.server.calls["media/get"] == 0
    await caller.deliver(caller.text("WangLei", f"/绑定 {code}"))
    await office.settle()
    asked, bound = (one.text for one in office.server.to("WangLei"))
    assert "未绑定" in asked
    assert "已绑定" in bound
    rows = await office.city.rows("SELECT platform FROM accounts WHERE account = 'wanglei'")
    assert [row["platform"] for row in rows] == ["wecom"]


async def test_a_menu_item_is_a_command(office: Office) -> None:
    caller = office.caller
    await caller.deliver(caller.inner(LIAISON, "event", Event="click", EventKey="/我的"))
    await office.settle()
    assert len(office.server.to(LIAISON)) >= 1


async def test_what_is_of_no_use_is_acknowledged_and_forgotten(office: Office) -> None:
    caller = office.caller
    for fields in (
        {"Event": "enter_agent", "EventKey": ""},
        {"Event": "LOCATION", "Latitude": "1", "Longitude": "2"},
        {"Event": "view", "EventKey": "https://example.org"},
        {"Event": "inactive_alert", "EffectTime": "1705046400"},
        {"Event": "never_heard_of"},
    ):
        await caller.deliver(caller.inner(LIAISON, "event", **fields))
    await caller.deliver(caller.inner(LIAISON, "hologram", Blob="x"))
    await office.settle()
    assert office.server.shown == []
    assert await office.city.rows("SELECT id FROM inbox WHERE platform = 'wecom'") == []


async def test_voice_without_transcript_is_answered(office: Office) -> None:
    caller = office.caller
    await caller.deliver(caller.inner(LIAISON, "voice", MediaId="M1", Format="amr"))
    await caller.deliver(caller.inner(LIAISON, "voice", MediaId="M2", Format="amr", Recognition="/我的"))
    await office.settle()
    first, *rest = office.heard()
    assert "文字" in first
    assert rest


async def test_a_picture_is_fetched_before_the_text_behind_it(office: Office) -> None:
    """C9: stored once under its hash, and offered on the card of the report that follows at once."""
    picture = jpeg()
    office.server.media["MEDIA1"] = ("MEDIA1.jpg", picture)
    caller = office.caller
    await caller.deliver(caller.inner(LIAISON, "image", MediaId="MEDIA1", PicUrl="http://127.0.0.1:1/never"))
    await caller.deliver(caller.text(LIAISON, REPORT))
    await office.settle()
    assert any("照片.jpg" in text and PLANT in text for text in office.heard()), office.heard()
    assert office.server.calls["media/get"] == 1


async def test_a_picture_that_is_gone_or_too_large_is_said(office: Office) -> None:
    office.server.media["BIG"] = ("big.jpg", jpeg() + bytes(21 * 1024 * 1024))
    caller = office.caller
    await caller.deliver(caller.inner(LIAISON, "image", MediaId="GONE"))
    await office.settle()
    await caller.deliver(caller.inner(LIAISON, "image", MediaId="BIG"))
    await office.settle()
    first, second = office.heard()
    assert "再发一次" in first
    assert "20 MB" in second


async def test_a_picture_waits_for_a_server_that_is_busy(office: Office) -> None:
    office.server.media["MEDIA1"] = ("MEDIA1.jpg", jpeg())
    office.server.refuse["media/get"] = [-1, 45033]
    caller = office.caller
    await caller.deliver(caller.inner(LIAISON, "image", MediaId="MEDIA1"))
    await office.settle()
    assert len(office.heard()) == 1
    assert "收到1张图片" in office.heard()[0]
    assert office.server.calls["media/get"] == 3


@pytest.mark.parametrize("how", ["kill", "stop"])
async def test_a_process_that_ends_while_it_fetches_loses_no_picture(office: Office, how: str) -> None:
    """The message is stored before it is acknowledged; whoever finds it after the lease fetches its picture anew."""
    office.server.media["MEDIA1"] = ("MEDIA1.jpg", jpeg())
    office.server.hold = asyncio.Event()
    caller = office.caller
    await caller.deliver(caller.inner(LIAISON, "image", MediaId="MEDIA1"))
    await until(lambda: office.server.calls["media/get"] == 1)
    await caller.deliver(caller.text(LIAISON, REPORT))
    again = asyncio.Event()
    held, office.server.hold = office.server.hold, again
    if how == "kill":
        await office.city.kill("2026-09-22 10:03")
    else:
        await office.city.restart("2026-09-22 10:03")
    assert office.heard() == [], "the report must not overtake the picture"
    held.set()
    again.set()
    await office.city.clock("2026-09-22 10:05")
    assert any("照片.jpg" in text and PLANT in text for text in office.heard()), office.heard()
    assert office.server.calls["media/get"] == 2


async def test_killed_between_acknowledgement_and_answer(office: Office) -> None:
    """One effect and one answer, whatever of the sending the dead process had recorded."""
    caller = office.caller
    inner = caller.text(LIAISON, REPORT, message_id="7322000000000000009")
    await caller.deliver(inner)
    await office.city.kill()
    await office.settle()
    assert [one.kind for one in office.server.to(LIAISON)] == ["text", "template_card"]
    click = office.caller.click(LIAISON, office.server.card(LIAISON), "确认")
    await office.caller.deliver(click)
    await office.city.kill()
    await office.settle()
    await office.caller.deliver(inner)
    await office.caller.deliver(click)
    await office.settle()
    assert await ytd(office) == 5500
    assert [one.kind for one in office.server.to(LIAISON)] == ["text", "template_card", "text"]


async def test_members_who_leave_are_not_written_to(office: Office) -> None:
    """P3: what is for them goes to whoever stands in; when they are back it reaches them again."""
    caller = office.caller
    await caller.deliver(caller.inner(LIAISON, "event", Event="unsubscribe", EventKey=""))
    await office.settle()
    zhang = await person_id(office.city, "张伟")
    look = "SELECT unreachable_since FROM accounts WHERE person_id = :id AND platform = 'wecom'"
    assert (await office.city.rows(look, id=zhang))[0]["unreachable_since"] is not None
    await caller.deliver(caller.inner(LIAISON, "event", Event="subscribe", EventKey=""))
    await office.settle()
    assert (await office.city.rows(look, id=zhang))[0]["unreachable_since"] is None
    assert office.server.shown == []


async def test_a_long_text_comes_in_numbered_parts_none_cut(office: Office) -> None:
    """P4: 2048 bytes is the most; Chinese characters take three, so counting characters would lose the end."""
    lines = [f"第{number}行：平原大道改造工程进度滞后，请抓紧" for number in range(1, 121)]
    await office.queue("\n".join(lines))
    await office.settle()
    texts = office.heard()
    assert len(texts) > 2
    for number, text in enumerate(texts, start=1):
        assert text.startswith(f"({number}/{len(texts)})\n")
        assert text.endswith("〕"), "the serial number at the end was cut off"
    shown = "\n".join("\n".join(text.split("\n")[1:-1]) for text in texts)
    assert [line for line in shown.split("\n") if line.startswith("第")] == lines


def test_a_line_without_end_is_cut_between_characters() -> None:
    limits = Limits(None, None, 100, in_bytes=True)
    text = "𠮷路🏗️" * 60
    parts = [piece.text for piece in pack(text, (), (), limits)]
    assert all(limits.size(part) <= 100 for part in parts)
    assert "".join(part.split("\n", 1)[1] for part in parts) == text


def test_buttons_and_files_that_need_their_own_message_get_it() -> None:
    limits = Limits(None, None, 100, text_beside_buttons=False, buttons=6, files_apart=True)
    buttons = tuple(Button(f"7.{number}", f"按钮{number}") for number in range(8))
    file = OutgoingFile("提醒函.docx", "0" * 64, "application/octet-stream")
    pieces = pack("标题\n正文", buttons, (file,), limits)
    assert [(piece.text, len(piece.buttons), len(piece.files)) for piece in pieces] == [
        ("标题\n正文", 0, 0),
        ("标题", 6, 0),
        ("标题", 2, 0),
        ("", 0, 1),
    ]
    whole = pack("标题", buttons, (file,), Limits(None, None, 100))
    assert [(len(piece.buttons), len(piece.files)) for piece in whole] == [(8, 1)]
