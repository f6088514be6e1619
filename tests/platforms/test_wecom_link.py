"""The AI bot by long connection: what comes, what goes, what happens when it breaks, and who holds it."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import files
from bot.platforms.base import AnswerLost, InDoubt, OutgoingMessage, RateLimited, Unavailable
from bot.platforms.wecom.aibot_link import inspect
from bot.platforms.wecom.link import Frame, Link, Pace
from bot.settings import Settings, WecomAibotSettings, WecomSettings
from bot.tasks import Tasks
from models.operations import leases
from models.types import ChatKind, OutgoingFile
from tests import postgres
from tests.conftest import ON_POSTGRES
from tests.fakes import wecom_aibot as fake
from tests.fakes.wecom import wecom_server
from tests.fakes.wecom_aibot import BotCaller
from tests.fakes.wecom_link import Telephone, telephone
from tests.flows.city import City, city_at
from tests.flows.samples import jpeg, pdf
from tests.flows.told import person_id

from .bots import GROUP, GROUP_NAME
from .conftest import AT, LIAISON
from .offices import move, until

PLANT = "ZX0031"
REPORT = "城南污水处理厂累计完成投资5500万,主体结构封顶"
QUICK = Pace(
    heartbeat=0.05, answer=0.3, first=0.02, longest=0.1, refused=0.05, refused_longest=0.1, taken_over=30.0
)


# --- the connection by itself


@dataclass(slots=True)
class Line:
    server: Telephone
    link: Link
    heard: list[Frame]


@asynccontextmanager
async def line(
    server: Telephone, *, secret: str = fake.SECRET, pace: Pace = QUICK, deaf_to: str = ""
) -> AsyncIterator[Line]:
    """deaf_to: a callback of this request cannot be dealt with."""
    heard: list[Frame] = []

    async def hear(frame: Frame) -> None:
        if deaf_to and frame["headers"]["req_id"] == deaf_to:
            raise LookupError(deaf_to)
        heard.append(frame)

    tasks = Tasks()
    link = Link(
        url=server.url, bot_id=fake.BOT, secret=secret, proxy=None, heard=hear, tasks=tasks, pace=pace
    )
    tasks.start(link.run(), name="link")
    try:
        yield Line(server, link, heard)
        assert tasks.failed == []
    finally:
        await tasks.stop()


@pytest.fixture
async def server() -> AsyncIterator[Telephone]:
    async with telephone() as running:
        yield running


async def test_it_subscribes_and_keeps_a_heartbeat(server: Telephone) -> None:
    async with line(server) as one:
        await until(lambda: server.calls["ping"] >= 3)
        assert server.calls["aibot_subscribe"] == 1
        assert server.frames[0]["body"] == {"bot_id": fake.BOT, "secret": fake.SECRET}
        assert one.link.up.is_set()


async def test_it_comes_back_after_a_loss(server: Telephone) -> None:
    async with line(server) as one:
        await until(one.link.up.is_set)
        await server.cut()
        await until(lambda: server.calls["aibot_subscribe"] == 2 and one.link.up.is_set())


async def test_a_silent_server_is_left(server: Telephone) -> None:
    async with line(server) as one:
        await until(one.link.up.is_set)
        server.deaf = True
        await until(lambda: server.calls["aibot_subscribe"] >= 2)


async def test_it_stops_while_it_waits_for_an_answer(server: Telephone) -> None:
    server.lose = {"aibot_subscribe"}
    async with asyncio.timeout(5):
        async with line(server, pace=replace(QUICK, answer=60.0)):
            await until(lambda: server.calls["aibot_subscribe"] == 1)


async def test_a_refused_secret_is_tried_rarely(server: Telephone) -> None:
    pace = Pace(first=0.01, longest=0.01, refused=30.0)
    async with line(server, secret="wrong", pace=pace) as one:
        await until(lambda: server.calls["aibot_subscribe"] == 1)
        await asyncio.sleep(0.2)
        assert server.calls["aibot_subscribe"] == 1
        assert not one.link.up.is_set()


async def test_whoever_was_taken_over_stays_away(server: Telephone) -> None:
    async with line(server) as old:
        await until(old.link.up.is_set)
        async with line(server) as new:
            await until(new.link.up.is_set)
            await until(lambda: not old.link.up.is_set())
            await asyncio.sleep(0.2)
            assert new.link.up.is_set()
            assert server.calls["aibot_subscribe"] == 2


async def test_frames_that_are_not_understood_are_skipped(server: Telephone) -> None:
    async with line(server) as one:
        await until(one.link.up.is_set)
        assert server._socket is not None
        for odd in ("", "x", "[]", "null", "5", '{"headers": 5}', '{"headers": {"req_id": 5}}'):
            await server._socket.send_str(odd)
        await server.push("aibot_msg_callback", "r", {"msgtype": "text"})
        await until(lambda: one.heard)
        assert one.link.up.is_set()


async def test_one_callback_that_fails_does_not_silence_the_others(
    server: Telephone, capsys: pytest.CaptureFixture[str]
) -> None:
    async with line(server, deaf_to="bad") as one:
        await until(one.link.up.is_set)
        for request in ("bad", "good"):
            await server.push("aibot_msg_callback", request, {"msgtype": "text"})
        await until(lambda: one.heard)
        assert [frame["headers"]["req_id"] for frame in one.heard] == ["good"]
    assert "callback not dealt with" in "".join(capsys.readouterr())


async def test_an_answer_that_never_comes_is_not_known(server: Telephone) -> None:
    """Not connected: nothing was sent. Sent without an answer: it may have arrived."""
    body = {"chatid": "lisi", "chat_type": 1, "msgtype": "markdown", "markdown": {"content": "x"}}
    server.talked.add("lisi")
    async with line(server) as one:
        with pytest.raises(Unavailable) as failed:
            await one.link.ask("aibot_send_msg", body)
        assert not isinstance(failed.value, AnswerLost)
        await until(one.link.up.is_set)
        server.lose = {"aibot_send_msg"}
        with pytest.raises(AnswerLost):
            await one.link.ask("aibot_send_msg", body)
        server.lose = {"aibot_send_msg"}

        async def cut() -> None:
            await until(lambda: len(server.in_chat("lisi")) == 2)
            await server.cut()

        with pytest.raises(AnswerLost):
            await asyncio.gather(one.link.ask("aibot_send_msg", body), cut())


async def test_frames_of_one_request_go_one_after_the_other(server: Telephone) -> None:
    """The second is let in by the end of the first, just when the third is asked."""
    async with line(server) as one:
        await until(one.link.up.is_set)
        person = {"aibotid": fake.BOT, "chattype": "single", "from": {"userid": "lisi"}}
        request = await server.call({**person, "msgid": "m", "msgtype": "text", "text": {"content": "你好"}})

        async def say(*words: str) -> list[int]:
            return [
                (await one.link.ask("aibot_respond_msg", {"msgtype": "stream", "stream": {"id": "s", "content": word}},
                                    request=request))["errcode"]
                for word in words
            ]  # fmt: skip

        assert await asyncio.gather(say("一", "三"), say("二")) == [[0, 0], [0]]


# --- who holds it


async def test_one_of_several_processes_holds_it(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    databases: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with city_at(tmp_path, AT, server=databases) as city:
        write = city.product.database.write
        now = datetime(2026, 9, 22, 2, 2, tzinfo=UTC)
        lasts = timedelta(seconds=30)

        async def take(who: str, after: int, *, alone: bool = False) -> bool:
            at = now + timedelta(seconds=after)
            return await write(
                lambda session: leases.take(session, "x", holder=who, now=at, lasts=lasts, alone=alone)
            )

        assert await asyncio.gather(*(take(who, 0) for who in "abc")) == [True, False, False]
        assert await take("a", 20)
        assert not await take("b", 45)
        assert await take("b", 51), "its holder has been silent for longer than the lease"
        assert not await take("a", 52)
        await write(lambda session: leases.give_up(session, "x", holder="a"))
        assert not await take("a", 53), "only its holder gives it up"
        await write(lambda session: leases.give_up(session, "x", holder="b"))
        assert await take("a", 54)
        assert await take("c", 55, alone=True)


# --- the product on it


@dataclass(slots=True)
class Office:
    """The product with web chat and the AI bot by long connection only; 张伟 is reached on WeCom only."""

    city: City
    server: Telephone

    @property
    def caller(self) -> BotCaller:
        at = int(self.city.product.clock.now().timestamp())
        return BotCaller("", self.city.client, self.server.screen, at)

    async def say(self, body: dict[str, Any]) -> None:
        """Hand a message to the bot; returns when everything it leads to has been done."""
        known = len(await self.rows())
        await self.server.call(body)
        async with asyncio.timeout(10):
            while len(await self.rows()) == known:
                await asyncio.sleep(0.01)
        await self.city._settle()

    async def rows(self) -> list[dict[str, Any]]:
        return await self.city.rows("SELECT id FROM inbox WHERE platform = 'wecom'")

    def heard(self, chat: str = LIAISON) -> list[str]:
        return [one["text"] for one in self.server.in_chat(chat)]

    def card(self) -> dict[str, Any]:
        return [one["card"] for one in self.server.in_chat(LIAISON) if "card" in one][-1]


@pytest.fixture
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    databases: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with telephone() as server, wecom_server() as api, city_at(tmp_path, AT, server=databases) as city:
        await move(city, platform="wecom", account=LIAISON)
        await city.change(
            "INSERT INTO group_accounts (group_id, platform, account) "
            "SELECT id, 'wecom_aibot', :account FROM chat_groups WHERE name = :name",
            account=GROUP, name=GROUP_NAME,
        )  # fmt: skip
        told = WecomSettings(
            api_base=api.base,
            ws_url=server.url,
            aibot=WecomAibotSettings(bot_id=fake.BOT, secret=SecretStr(fake.SECRET), names=(fake.NAME,)),
        )
        city.settings = city.settings.model_copy(update={"platforms": ("webchat", "wecom"), "wecom": told})
        await city.restart()
        await until(lambda: server.connected)
        yield Office(city, server)


async def ytd(office: Office) -> int:
    found: int = (await office.city.project(PLANT))["ytd_wan"]
    return found


async def test_report_card_and_confirmation(office: Office) -> None:
    caller = office.caller
    said = caller.text(LIAISON, REPORT, message_id="m1")
    await office.say(said)
    text, card = office.server.in_chat(LIAISON)
    assert (text["msgtype"], card["msgtype"]) == ("stream", "template_card")
    assert PLANT in text["text"]
    await office.server.call(said)  # the same message again
    await office.say(caller.click(LIAISON, office.card(), "确认"))
    assert await ytd(office) == 5500
    await until(lambda: office.server.updated)
    assert office.server.updated[0]["template_card"]["task_id"] == card["card"]["task_id"]
    assert len(office.heard()) == 3
    assert office.server.calls["aibot_respond_msg"] == 1


async def test_groups_pushes_and_greetings(office: Office) -> None:
    caller = office.caller
    await office.say(caller.text(LIAISON, f"@{fake.NAME} /查 {PLANT}", group=GROUP))
    assert any(PLANT in text for text in office.heard(GROUP))
    await office.say(caller.event(LIAISON, "enter_chat"))
    assert office.server.calls["aibot_respond_welcome_msg"] == 1
    assert any("帮助" in text for text in office.heard())
    before = len(office.heard())
    await office.city.clock("2026-09-28 18:00")
    assert len(office.heard()) > before, "a week without any push to the liaison"


ODD: list[dict[str, Any]] = [
    {"event": {"eventtype": "template_card_event", "template_card_event": odd}}
    for odd in (
        {"selected_items": {"selected_item": [7, None, {"option_ids": 5}]}},
        {"selected_items": []},
        5,
    )
]


async def test_callbacks_out_of_form_do_not_silence_the_bot(office: Office) -> None:
    """They come once and unannounced; whatever they are, the message behind them is heard."""
    caller = office.caller
    for odd in ODD:
        await office.server.call({**caller.event(LIAISON, "template_card_event"), **odd})
    mixed = caller.text(LIAISON, "x")
    await office.server.call({**mixed, "msgtype": "mixed", "mixed": {"msg_item": ["a", 5]}})
    await office.say(caller.text(LIAISON, REPORT))
    await until(lambda: any(PLANT in text for text in office.heard()))


async def test_pictures_have_keys_of_their_own(office: Office) -> None:
    key = secrets.token_bytes(32)
    url = office.server.screen.put("p.jpg", jpeg(), key)
    image = {"url": url, "aeskey": base64.b64encode(key).decode().rstrip("=")}
    await office.say(office.caller.body(LIAISON, "image", image))
    assert any("收到1张图片" in text for text in office.heard())


async def test_a_callback_that_is_too_old_is_answered_by_a_message(office: Office) -> None:
    office.server.refuse["aibot_respond_msg"] = [846604]
    await office.say(office.caller.text(LIAISON, "/我的"))
    assert office.server.in_chat(LIAISON)[0]["msgtype"] == "markdown"


async def test_a_lost_acknowledgement_is_in_doubt_and_not_repeated(office: Office) -> None:
    office.server.lose = {"aibot_respond_msg"}
    await office.say(office.caller.text(LIAISON, "/我的"))
    await office.city.clock("2026-09-22 10:20")
    assert office.server.calls["aibot_respond_msg"] == 1
    text, card = office.heard()  # what was in doubt once, and the buttons below it that had not gone yet
    assert text.startswith(card)
    rows = await office.city.rows("SELECT doubt FROM sent_messages WHERE platform = 'wecom_aibot'")
    assert rows[0]["doubt"]


async def test_what_waits_goes_when_the_connection_is_back(office: Office) -> None:
    await office.say(office.caller.text(LIAISON, "/我的"))
    seen = len(office.heard())
    office.server.refuse["aibot_send_msg"] = [846607, 846609]
    platform = office.city.product.platforms["wecom_aibot"]
    for kind in (RateLimited, Unavailable):
        with pytest.raises(kind):
            await platform.send(a_message("x"))
    await platform.send(a_message("到了"))
    assert office.heard()[seen:] == ["到了"]
    office.server.lose = {"aibot_send_msg"}
    with pytest.raises(InDoubt):
        await platform.send(a_message("y"))


async def test_files_are_uploaded_in_pieces(office: Office) -> None:
    await office.say(office.caller.text(LIAISON, "/我的"))
    content = pdf() + bytes(1_200_000)
    stored = files.store(office.city.product.services.files, "函.pdf", content, limit_mb=5)
    platform = office.city.product.platforms["wecom_aibot"]
    await platform.send(a_message("", file=OutgoingFile(stored.name, stored.sha256, stored.media_type)))
    assert office.heard()[-1] == "函.pdf"
    assert office.server.calls["aibot_upload_media_chunk"] == 3
    assert next(iter(office.server.media.values())) == ("函.pdf", content)


@pytest.mark.parametrize(
    ("secret", "words"), [(fake.SECRET, "Bot ID 和 Secret 可用"), ("wrong", "核对 BOT_WECOM__AIBOT__BOT_ID")]
)
async def test_check_config_tries_the_secret(
    server: Telephone, tmp_path: Path, secret: str, words: str
) -> None:
    settings = Settings(
        _env_file=None, database_url=f"sqlite+aiosqlite:///{tmp_path}/none.db", platforms=("wecom",),
        wecom=WecomSettings(
            ws_url=server.url, aibot=WecomAibotSettings(bot_id=fake.BOT, secret=SecretStr(secret))
        ),
    )  # fmt: skip
    said = "\n".join(f"{one.text} {one.mend}" for one in await inspect(settings))
    assert words in said
    assert secret not in said
    assert server.calls["aibot_subscribe"] == 1
    assert not (tmp_path / "none.db").exists()


async def test_check_config_does_not_take_the_connection_from_a_running_bot(office: Office) -> None:
    said = "\n".join(one.text for one in await inspect(office.city.settings))
    assert "正连着" in said
    assert office.server.calls["aibot_subscribe"] == 1


async def test_an_answer_in_a_group_does_not_wait_for_the_tick(office: Office) -> None:
    """Group replies are claimed, not handed over in memory: delivery is told at once that there is one."""
    office.city.product.delivery._wake.clear()
    await office.server.call(
        office.caller.text(LIAISON, f"@{fake.NAME} /查 {PLANT}", group=GROUP, message_id="g1")
    )
    await until(lambda: office.heard(GROUP))


async def test_without_the_lease_there_is_no_second_connection(office: Office) -> None:
    """Another process of the same database waits; it hands back what it is asked to send."""
    platform = office.city.product.platforms["wecom_aibot"]
    assert platform._running is not None
    running, platform._running = platform._running, None
    with pytest.raises(RateLimited):
        await platform.send(a_message("x"))
    platform._running = running
    assert office.server.calls["aibot_subscribe"] == 1


async def test_nothing_secret_is_logged(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    await office.say(office.caller.text(LIAISON, REPORT))
    await office.server.cut()
    said = ""

    def connected_again() -> bool:
        nonlocal said
        said += "".join(capsys.readouterr())
        return "connected" in said

    await until(connected_again)
    assert [word for word in (fake.SECRET, REPORT) if word in said] == []


async def test_a_stranger_is_asked_to_bind(office: Office) -> None:
    await office.say(office.caller.text("stranger", REPORT))
    assert any("绑定" in text for text in office.heard("stranger"))
    assert await person_id(office.city, "张伟")


def a_message(text: str, *, file: OutgoingFile | None = None) -> OutgoingMessage:
    return OutgoingMessage(
        key=f"9.{secrets.randbelow(10**6)}", address=LIAISON, chat=ChatKind.PRIVATE, text=text, buttons=(),
        files=(file,) if file is not None else (), reason="", at=datetime(2026, 9, 22, 2, 2, tzinfo=UTC),
    )  # fmt: skip
