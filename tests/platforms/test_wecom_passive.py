"""Answers that stand in the answer to the app's callback, groups that the app makes, and the vendor's directory."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from bot.answering import HANDED, Answer
from bot.platforms.base import InDoubt, Member, OutgoingMessage, Unreachable
from bot.platforms.wecom import directory as vendor
from bot.platforms.wecom.crypto import Sealed
from bot.settings import Settings
from models.operations import directory_sync
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.queries import directory as directories
from models.queries import policies
from models.types import Button, ChatKind, InboundKind, InboundMessage
from tests.command_line import run_command
from tests.fakes import wecom as fake
from tests.flows.city import moment

from .conftest import AT, LIAISON, Office, wecom_settings
from .offices import until

ROOT = Path(__file__).parent.parent.parent
REPORT = "城南污水处理厂累计完成投资5500万,主体结构封顶"


@pytest.fixture
async def prompt(office: Office) -> Office:
    """The office with passive answers on, as they are unless switched off."""
    told = office.city.settings.wecom
    app = told.app.model_copy(update={"passive_seconds": 3.0})
    changed = {"wecom": told.model_copy(update={"app": app})}
    office.city.settings = office.city.settings.model_copy(update=changed)
    await office.city.restart()
    return office


def opened(office: Office, body: bytes) -> dict[str, str]:
    """What a passive answer says, checked as the platform does."""
    outer = fromstring(body)
    sealed = Sealed(*(outer.findtext(name, "") for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")))
    inner = fromstring(office.caller.envelope.open(sealed))
    return {child.tag: child.text or "" for child in inner}


async def test_a_plain_answer_stands_in_the_answer_to_its_callback(prompt: Office) -> None:
    caller = prompt.caller
    inner = caller.text(LIAISON, "/查 没有这个项目", message_id="7322000000000000077")
    query, body = caller.sealed(inner)
    status, said = await caller.post(query, body)
    told = opened(prompt, said)
    assert status == 200
    assert (told["ToUserName"], told["FromUserName"], told["MsgType"]) == (LIAISON, fake.CORP, "text")
    assert told["Content"].endswith("〕")
    assert 0 < len(told["Content"].encode()) <= 2048
    assert await caller.post(query, body) == (200, b""), "a repeat is not answered again"
    assert await caller.post(*caller.sealed(inner)) == (200, b"")
    await prompt.settle()
    await prompt.city.clock("2026-09-22 10:10")
    assert prompt.server.calls["message/send"] == 0
    rows = await prompt.city.rows("SELECT state, message_id FROM outbox WHERE turn IS NOT NULL")
    assert [row["state"] for row in rows] == ["sent"]
    assert rows[0]["message_id"] is not None, "it counts for the limit of the channel"


async def test_an_answer_with_buttons_is_sent(prompt: Office) -> None:
    """No card can stand there: 200 with nothing in it, and the card at once by the API."""
    caller = prompt.caller
    assert await caller.post(*caller.sealed(caller.text(LIAISON, REPORT))) == (200, b"")
    await prompt.settle()
    assert [one.kind for one in prompt.server.to(LIAISON)] == ["text", "template_card"]
    assert await caller.post(*caller.sealed(caller.click(LIAISON, prompt.server.card(LIAISON), "确认"))) == (
        200,
        b"",
    )
    await prompt.settle()
    assert len(prompt.server.to(LIAISON)) == 3


async def test_many_at_once_are_stored_without_waiting_for_their_answers(prompt: Office) -> None:
    caller = prompt.caller
    made = [caller.sealed(caller.text(LIAISON, f"/查 没有的{number}")) for number in range(12)]
    answers = await asyncio.gather(*(caller.post(*one) for one in made))
    await prompt.settle()
    for minute in range(3, 6):
        await prompt.city.clock(f"2026-09-22 10:{minute:02}")
    passive = [opened(prompt, said)["Content"] for _, said in answers if said]
    sent = [one.text for one in prompt.server.to(LIAISON)]
    assert len(passive) + len(sent) == 12
    assert not set(passive) & set(sent)
    assert len(sent) >= 11


@pytest.mark.parametrize("written", [False, True], ids=["before the hand-over", "after it"])
async def test_killed_around_the_hand_over_one_answer_is_read(prompt: Office, *, written: bool) -> None:
    """P1: noted before it is handed over, so a restart sends it no second time; the platform's repeat gets it."""
    caller = prompt.caller
    inner = caller.text(LIAISON, "/查 没有这个项目", message_id="7322000000000000078")
    query, body = caller.sealed(inner)
    answering = prompt.city.product.services.answering

    async def never(_answer: Answer) -> None:
        """The process dies before it can say so."""

    answering.arrived = never  # type: ignore[method-assign]
    assert (await caller.post(query, body))[1] != b""
    assert await doubts(prompt) == [HANDED]
    await prompt.city.kill()
    caller = prompt.caller
    if written:  # the platform has it, and does not call again
        await prompt.city.clock("2026-09-22 10:10")
        assert (prompt.server.calls["message/send"], await doubts(prompt)) == (0, [HANDED])
        return
    status, said = await caller.post(query, body)
    assert status == 200
    assert "未找到" in opened(prompt, said)["Content"]
    assert await caller.post(*caller.sealed(inner)) == (200, b"")
    await prompt.city.clock("2026-09-22 10:10")
    assert (prompt.server.calls["message/send"], await doubts(prompt)) == (0, [None])


async def test_a_platform_that_did_not_wait_is_sent_the_answer(prompt: Office) -> None:
    caller = prompt.caller
    answering = prompt.city.product.services.answering
    note = answering.hand_over
    gone = asyncio.Event()

    async def slow(answer: Answer, channel: tuple[str, str]) -> None:
        await note(answer, channel)
        await gone.wait()

    answering.hand_over = slow  # type: ignore[method-assign]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await caller.post(*caller.sealed(caller.text(LIAISON, "/查 没有这个项目")))
    await asyncio.sleep(0.1)  # the server sees that the connection is gone
    gone.set()
    await until(lambda: prompt.server.calls["message/send"] == 1)
    await prompt.settle()
    assert await doubts(prompt) == [None]


async def doubts(office: Office) -> list[str | None]:
    rows = await office.city.rows("SELECT doubt FROM sent_messages WHERE platform = 'wecom' ORDER BY id")
    return [row["doubt"] for row in rows]


async def test_an_answer_that_nobody_fetched_is_sent_later(prompt: Office) -> None:
    """As after a process that died between storing and answering."""
    await prompt.city.product.inbound.accept(
        InboundMessage(
            platform="wecom", message_id="app:1:msg:9", account=LIAISON, chat=ChatKind.PRIVATE, chat_address="",
            kind=InboundKind.TEXT, text="/查 没有这个项目", received_at=prompt.city.product.clock.now(), turn="ap9",
            collect_seconds=4,
        )
    )  # fmt: skip
    await prompt.settle()
    assert prompt.server.to(LIAISON) == []
    await prompt.city.clock("2026-09-22 10:03")
    assert len(prompt.server.to(LIAISON)) == 1


# --- groups of the app


def to_group(text: str, *, buttons: tuple[Button, ...] = ()) -> OutgoingMessage:
    return OutgoingMessage(
        key="9.1", address="zbchat", chat=ChatKind.GROUP, text=text, buttons=buttons, files=(), reason="",
        at=moment(AT),
    )  # fmt: skip


async def test_the_apps_own_group_is_spoken_to(office: Office) -> None:
    office.server.groups["zbchat"] = {"shown": []}
    platform = office.city.product.platforms["wecom"]
    await platform.send(to_group("红灯预警"))
    await platform.send(to_group("红灯预警", buttons=(Button("9.0", "签收"),)))
    shown = [one["text"]["content"] for one in office.server.groups["zbchat"]["shown"]]
    assert shown == ["红灯预警\n〔9.1〕", "回复文字办理：签收\n〔9.1〕"]
    office.server.lose = {"appchat/send"}
    with pytest.raises(InDoubt):
        await platform.send(to_group("又一条"))
    office.server.groups.clear()
    with pytest.raises(Unreachable):
        await platform.send(to_group("没有群"))


async def test_a_group_is_made_once(office: Office) -> None:
    settings = Settings(_env_file=None, wecom=wecom_settings(office.server.base), platforms=("wecom",))
    first = await vendor.open_group(settings, "青禾县", "青禾县", [LIAISON, "lisi"])
    assert await vendor.open_group(settings, "青禾县", "青禾县", [LIAISON, "lisi"]) == first
    assert office.server.groups[first]["userlist"] == [LIAISON, "lisi"]
    assert first.isalnum()
    assert len(first) <= 32


# --- the vendor's directory


def listed(account: str, name: str, *units: str, left: bool = False) -> Member:
    return Member(account, name, units, left)


async def compare(office: Office, *members: Member) -> directory_sync.Difference:
    return await office.city.product.database.read(
        lambda session: directory_sync.difference(session, directories.load(session), "wecom", members)
    )


async def unit_of(office: Office, name: str) -> str:
    rows = await office.city.rows(
        "SELECT units.name FROM people JOIN units ON units.id = people.unit_id WHERE people.name = :name",
        name=name,
    )
    assert len(rows) == 1, rows
    return str(rows[0]["name"])


async def test_accounts_are_bound_by_name_and_unit_only(office: Office) -> None:
    """A name alone proves nothing: two of one name, or one of another department, wait for a person to decide."""
    unit = await unit_of(office, "李娜")
    zhang = await unit_of(office, "张伟")
    found = await compare(
        office, listed("lina", "李娜", unit), listed("ZHANGWEI", "张伟", zhang), listed("wanglei", "王磊", "信息中心"),
        listed("nobody", "查无此人", unit), listed("lina2", "李娜", "另一个部门"), listed("zw2", "张伟", zhang),
    )  # fmt: skip
    assert [(account, person.name) for account, person in found.bind] == [("lina", "李娜")]
    assert found.same == 1
    assert (found.gone, found.back) == ([], [])
    assert len(found.unsettled) == 4
    twice = await compare(office, listed("a", "李娜", unit), listed("b", "李娜", unit))
    assert twice.bind == []


async def test_who_left_is_marked_and_comes_back(office: Office) -> None:
    zhang = await unit_of(office, "张伟")

    async def apply(found: directory_sync.Difference) -> None:
        def write(session: Any) -> None:
            desk = Desk(
                session, directories.load(session), policies.current(session), office.city.product.clock.now(),
                actor=Actor(None, "系统管理员（命令行）", source="roster sync wecom"),
            )  # fmt: skip
            directory_sync.apply(desk, "wecom", found)

        await office.city.product.database.write(write)

    look = "SELECT unreachable_since, person_id FROM accounts WHERE platform = 'wecom'"
    await apply(await compare(office))
    (row,) = await office.city.rows(look)
    assert row["unreachable_since"] is not None
    assert row["person_id"] is not None, "nobody is unbound or deleted"
    assert not (await compare(office)).changed
    await apply(await compare(office, listed(LIAISON, "张伟", zhang)))
    (row,) = await office.city.rows(look)
    assert row["unreachable_since"] is None
    unit = await unit_of(office, "李娜")
    await apply(await compare(office, listed(LIAISON, "张伟", zhang), listed("lina", "李娜", unit)))
    rows = await office.city.rows("SELECT account FROM accounts WHERE platform = 'wecom' ORDER BY id")
    assert [row["account"] for row in rows] == [LIAISON, "lina"]
    audit = await office.city.rows(
        "SELECT field, new, reason FROM audit WHERE reason = '通讯录同步' ORDER BY id"
    )
    assert [(row["field"], row["new"]) for row in audit] == [
        ("account:wecom", "已离开"), ("account:wecom", LIAISON), ("account:wecom", "lina"),
    ]  # fmt: skip


async def test_the_command_shows_then_applies(office: Office, tmp_path: Path) -> None:
    unit = await unit_of(office, "李娜")
    zhang = await unit_of(office, "张伟")
    office.server.departments = {
        2: (unit, [{"userid": "lina", "name": "李娜", "status": 1}]),
        3: (
            zhang,
            [{"userid": "zhangwei", "name": "张伟", "status": 1}, {"userid": "old", "name": "旧人", "status": 5}],
        ),
    }  # fmt: skip
    found = await vendor.members(
        Settings(_env_file=None, wecom=wecom_settings(office.server.base), platforms=("wecom",))
    )
    assert found == [
        Member("lina", "李娜", (unit,)), Member("old", "旧人", (zhang,), left=True),
        Member("zhangwei", "张伟", (zhang,)),
    ]  # fmt: skip
    if not office.city.settings.database_url.startswith("sqlite"):
        return
    environment = {
        "BOT_DATABASE_URL": office.city.settings.database_url,
        "BOT_PLATFORMS": "wecom", "BOT_WECOM__CORP_ID": fake.CORP, "BOT_WECOM__API_BASE": office.server.base,
        "BOT_WECOM__APP__AGENT_ID": str(fake.AGENT), "BOT_WECOM__APP__SECRET": fake.SECRET,
        "BOT_WECOM__APP__TOKEN": fake.TOKEN, "BOT_WECOM__APP__ENCODING_AES_KEY": fake.KEY,
    }  # fmt: skip

    async def command(*arguments: str) -> tuple[int, str]:
        return await run_command(tmp_path, environment, "roster", *arguments)

    code, said = await command("sync", "wecom")
    assert (code, "绑定 李娜" in said) == (1, True), said
    code, said = await command("sync", "wecom", "--yes")
    assert code == 0, said
    code, said = await command("sync", "wecom")
    assert (code, "绑定 0，标记离开 0，恢复 0，一致 2，未处理 0" in said) == (0, True), said
    assert (await command("sync", "webchat"))[0] == 1
    code, said = await command("open-group", "wecom", "青禾县", LIAISON, "lina", "--yes")
    assert (code, said.startswith("wecom: zb")) == (0, True), said
