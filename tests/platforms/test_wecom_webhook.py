"""Pushes to a group's own address: what is said there, how often, and what happens when the address is gone."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import pytest
from aiohttp import web

from bot import files
from bot.platforms.base import (
    AnswerLost,
    InDoubt,
    OutgoingMessage,
    RateLimited,
    Rejected,
    Unavailable,
    Unreachable,
)
from bot.platforms.wecom.webhook import plain_markdown
from bot.platforms.wecom.wire import Wire
from models.types import Button, ChatKind, OutgoingFile, Recipient, RecipientKind, Urgency
from tests import postgres
from tests.conftest import ON_POSTGRES
from tests.fakes.serving import serving
from tests.flows.samples import pdf
from tests.flows.told import group_id

from .bots import GROUP_NAME, KEY, BotOffice, bot_office
from .offices import queue

PLACE = "wecom_webhook"


@pytest.fixture
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BotOffice]:
    databases: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with bot_office(tmp_path, databases=databases, app=False) as made:
        await made.city.change(
            "DELETE FROM group_accounts WHERE platform = 'webchat' AND group_id = :id",
            id=await group_id(made.city, GROUP_NAME),
        )
        await made.city.restart()
        made.server.now = lambda: made.city.product.clock.now().timestamp()
        yield made


async def push(office: BotOffice, *texts: str, urgency: Urgency = Urgency.URGENT) -> None:
    to = Recipient(RecipientKind.GROUP, await group_id(office.city, GROUP_NAME))
    await queue(office.city, *texts, to=to, urgency=urgency)


def pushed(office: BotOffice) -> list[str]:
    assert {key for key, _ in office.server.pushed} <= {KEY}
    return [body["markdown"]["content"] for _, body in office.server.pushed if "markdown" in body]


async def states(office: BotOffice) -> Counter[str]:
    rows = await office.city.rows("SELECT state FROM outbox WHERE subject_kind = 'test'")
    return Counter(row["state"] for row in rows)


async def test_a_push_goes_to_the_groups_own_address(office: BotOffice) -> None:
    """The AI bot of the same group only answers, so pushes take the address; nobody is mentioned by what is said."""
    await push(office, "红灯 🔴 平原大道\n<@all> [点我](https://x) `rm`")
    await office.settle()
    (said,) = pushed(office)
    assert said.startswith("红灯 🔴 平原大道\n")
    assert not {"<", ">", "`"} & set(said)
    assert await states(office) == {"sent": 1}


async def test_what_is_not_urgent_is_merged_and_counted(office: BotOffice) -> None:
    """P2: twelve calm notices of one moment are one message there."""
    await push(office, *(f"周报{number}" for number in range(12)), urgency=Urgency.NORMAL)
    await office.city.clock("2026-09-22 10:05")
    (said,) = pushed(office)
    assert all(f"周报{number}" in said for number in range(12))
    rows = await office.city.rows("SELECT DISTINCT platform FROM sent_messages WHERE address = :key", key=KEY)
    assert [row["platform"] for row in rows] == [PLACE]


async def test_our_own_limit_keeps_below_the_platforms(office: BotOffice) -> None:
    """20 a minute, and what is beyond is refused: we never try."""
    await push(office, *(f"预警{number}" for number in range(60)))
    await office.settle()
    assert len(pushed(office)) <= 18
    await office.city.clock("2026-09-22 10:08")
    assert len(pushed(office)) == 60
    assert [text.split("\n")[0] for text in pushed(office)] == [f"预警{number}" for number in range(60)]
    assert await states(office) == {"sent": 60}


async def test_too_many_calls_are_waited_for_in_order(office: BotOffice) -> None:
    office.server.refuse["webhook/send"] = [45009]
    await push(office, "第一", "第二", "第三")
    await office.settle()
    assert pushed(office) == []
    assert office.server.calls["webhook/send"] == 1
    await office.city.clock("2026-09-22 10:04")
    assert [text.split("\n")[0] for text in pushed(office)] == ["第一", "第二", "第三"]


async def test_an_address_that_is_gone_is_told_to_the_operator(
    office: BotOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    office.server.keys.clear()
    await push(office, "没有地址")
    await office.settle()
    rows = await office.city.rows(
        "SELECT state, outcome FROM outbox WHERE subject_kind = 'test' AND notice <> 'Forwarded'"
    )
    assert [row["state"] for row in rows] == ["undelivered"], "the 联络员 of its body is asked to pass it on"
    assert "93000" in rows[0]["outcome"]
    assert "名册" in rows[0]["outcome"]
    said = "".join(capsys.readouterr())
    assert "push address does not work" in said
    assert KEY not in said
    assert KEY not in str(rows)


async def test_a_lost_answer_is_in_doubt_and_not_repeated(office: BotOffice) -> None:
    """There is no idempotency key: the row says so instead of showing it twice."""
    office.server.lose = {"webhook/send"}
    await push(office, "只说一次")
    await office.settle()
    await office.city.clock("2026-09-22 11:00")
    assert len(pushed(office)) == 1
    rows = await office.city.rows("SELECT doubt FROM sent_messages WHERE platform = :p", p=PLACE)
    assert rows[0]["doubt"]


async def test_an_outage_loses_nothing(office: BotOffice) -> None:
    office.server.gone = True
    await push(office, "第一", "第二")
    await office.city.clock("2026-09-22 10:20")
    assert pushed(office) == []
    office.server.gone = False
    await office.city.clock("2026-09-22 10:40")
    shown = "\n".join(pushed(office))
    assert shown.index("第一") < shown.index("第二")
    assert await states(office) == {"sent": 2}


class Way(Enum):
    """How a call comes to nothing."""

    NOBODY = "nobody listens"
    NO_NAME = "the name leads nowhere"
    FULL = "the line is busy: no connection in time"
    BROKEN = "HTTP 503"
    CROWDED = "HTTP 429"
    SILENT = "taken, and no answer in time"
    CUT = "taken, and cut off"
    OTHER = "answered by something on the way"


CERTAIN = dict.fromkeys((Way.NOBODY, Way.NO_NAME, Way.FULL, Way.BROKEN), Unavailable)
OUTCOMES: dict[Way, type[Exception]] = {
    **CERTAIN, Way.CROWDED: RateLimited, Way.SILENT: AnswerLost, Way.CUT: AnswerLost, Way.OTHER: AnswerLost,
}  # fmt: skip


@asynccontextmanager
async def dead_end(way: Way) -> AsyncIterator[str]:
    """The address of a server that is there in this way."""

    async def told(request: web.Request) -> web.Response:
        if way is Way.SILENT:
            await over.wait()
        if way is Way.CUT:
            assert request.transport is not None
            request.transport.abort()
        if way is Way.OTHER:
            return web.json_response({})
        return web.Response(status={Way.BROKEN: 503, Way.CROWDED: 429}.get(way, 200))

    over = asyncio.Event()
    async with AsyncExitStack() as stack:
        stack.callback(over.set)
        if way in (Way.NOBODY, Way.FULL):
            door = stack.enter_context(socket.socket())
            door.bind(("127.0.0.1", 0))
            place = f"127.0.0.1:{door.getsockname()[1]}"
            if way is Way.FULL:
                door.listen(0)
                for _ in range(3):  # more than it holds: the next one is not even greeted
                    other = stack.enter_context(socket.socket())
                    other.setblocking(False)
                    other.connect_ex(door.getsockname())
        elif way is Way.NO_NAME:
            place = "nowhere.invalid"
        else:
            place = await stack.enter_async_context(serving([web.post("/{rest:.*}", told)]))
        yield f"http://{place}/cgi-bin/webhook/send"


@pytest.mark.parametrize("way", list(Way), ids=lambda way: way.name.lower())
async def test_what_certainly_did_not_go_is_told_from_what_may_have(way: Way) -> None:
    """Section 8 of the vendor's rules: only what may have been shown is in doubt."""
    wire = Wire(None, call_seconds=1.0)
    async with dead_end(way) as url:
        try:
            with pytest.raises(OUTCOMES[way]) as failed:
                await wire.post(url, {"msgtype": "text"}, params={"key": KEY})
        finally:
            await wire.close()
    assert type(failed.value) is OUTCOMES[way]
    assert KEY not in str(failed.value)


@pytest.mark.parametrize("answer", [45009, 45033, -1, 6000])
async def test_what_the_vendor_has_not_taken_is_said_again(office: BotOffice, answer: int) -> None:
    office.server.refuse["webhook/send"] = [answer] * 2
    await push(office, "第一", "第二")
    await office.settle()
    await office.city.clock("2026-09-22 10:30")
    assert "\n".join(pushed(office)).count("第一") == 1
    assert await states(office) == {"sent": 2}
    rows = await office.city.rows("SELECT doubt FROM sent_messages WHERE platform = :p", p=PLACE)
    assert {row["doubt"] for row in rows} == {None}


@pytest.mark.parametrize(
    ("code", "kind"),
    [(45009, RateLimited), (-1, Unavailable), (93000, Unreachable), (93004, Unreachable), (40058, Rejected)],
)
async def test_each_code_has_its_class(office: BotOffice, code: int, kind: type[Exception]) -> None:
    office.server.refuse["webhook/send"] = [code]
    with pytest.raises(kind) as failed:
        await office.city.product.platforms[PLACE].send(message("x"))
    assert KEY not in str(failed.value)


async def test_buttons_are_words_and_files_are_uploaded(office: BotOffice) -> None:
    platform = office.city.product.platforms[PLACE]
    await platform.send(message("请办理", buttons=(Button("1.0", "签收"), Button("1.1", "反馈 W0191"))))
    assert pushed(office)[-1].split("\n") == ["请办理", "请私聊助手，发文字办理：签收／反馈 W0191"]
    stored = files.store(office.city.product.services.files, "提醒函.pdf", pdf(), limit_mb=1)
    await platform.send(message("", file=OutgoingFile(stored.name, stored.sha256, stored.media_type)))
    body = office.server.pushed[-1][1]
    assert office.server.media[body["file"]["media_id"]] == ("提醒函.pdf", pdf())
    office.server.lose = {"webhook/send"}
    with pytest.raises(InDoubt):
        await platform.send(message("y"))


def message(
    text: str, *, buttons: tuple[Button, ...] = (), file: OutgoingFile | None = None
) -> OutgoingMessage:
    files_of_it = (file,) if file is not None else ()
    return OutgoingMessage(
        key="9.1", address=KEY, chat=ChatKind.GROUP, text=text, buttons=buttons, files=files_of_it, reason="",
        at=datetime(2026, 9, 22, 2, 2, tzinfo=UTC),
    )  # fmt: skip


def test_markdown_cannot_be_written_by_people() -> None:
    assert plain_markdown("<@all> <font color=red>`x`") == "＜@all＞ ＜font color=red＞｀x｀"


async def test_a_long_answer_is_read_to_its_end() -> None:
    """What comes in several pieces is one answer: a cut one would count as lost, and the push as in doubt."""
    words = "x" * 900_000

    async def told(_request: web.Request) -> web.Response:
        return web.json_response({"errcode": 0, "errmsg": words})

    wire = Wire(None, call_seconds=10)
    try:
        async with serving([web.post("/send", told)]) as place:
            answer = await wire.post(f"http://{place}/send", {})
    finally:
        await wire.close()
    assert answer == {"errcode": 0, "errmsg": words}
