"""A message that cannot be handled: tried again, parked, shown to the operator; nobody else waits (rule C12)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Table, insert, select, text

from bot.inbound import MAX_ATTEMPTS, RETRY_SECONDS
from handlers.context import Context
from handlers.router import Command
from models.db import later
from models.tables.clockwork import Meta
from models.types import InboxState
from tests.command_line import run_command

from .line import Line, line_on

ROOT = Path(__file__).parent.parent.parent
DONE = InboxState.DONE.value
WAITING = InboxState.WAITING.value
PARKED = InboxState.PARKED.value


@dataclass
class Mine:
    """A command that fails until it is mended. kind: how."""

    kind: str
    armed: bool = True
    runs: list[str] = field(default_factory=list)

    def run(self, context: Context, arguments: str) -> None:
        session = context.session
        self.runs.append(arguments)
        session.execute(insert(Meta).values(name=f"touched {arguments}", value="1"))
        if not self.armed:
            return
        match self.kind:
            case "a fault of the program":
                raise ZeroDivisionError("地雷")
            case "a constraint":
                session.execute(insert(Meta).values(name=f"touched {arguments}", value="2"))
            case "a statement":
                session.execute(text("SELECT no_such_column FROM meta"))
            case "a row that is written later":
                meta = cast("Table", Meta.__table__)
                later(session, meta, {"name": f"touched {arguments}", "value": "2"})

    @property
    def command(self) -> Command:
        return Command("地雷", "地雷", "/地雷", self.run)


KINDS = ["a fault of the program", "a constraint", "a statement", "a row that is written later"]


async def touched(line: Line) -> set[str]:
    names = await line.database.read(
        lambda session: (
            session.execute(select(Meta.value).where(Meta.name.startswith("touched"))).scalars().all()
        )
    )
    return set(names)


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_tried_again_then_parked_and_nobody_else_waits(city_url: str, kind: str) -> None:
    mine = Mine(kind)
    async with line_on(city_url, [mine.command]) as line:
        await line.say("李娜", "/回声 1")
        await line.say("张伟", "/地雷 1", message_id="m-1")
        await line.say("张伟", "/回声 2")
        await line.say("李娜", "/回声 3")
        await line.say("张伟", "/回声 4")
        await line.move()
        assert line.window.to("李娜") == ["收到1", "收到3"]
        assert await line.inbox("李娜") == [(DONE, 0), (DONE, 0)]
        for attempt in range(1, MAX_ATTEMPTS):
            assert await line.inbox("张伟") == [(WAITING, attempt), (WAITING, 0), (WAITING, 0)]
            line.clock.go(RETRY_SECONDS[attempt - 1] - 0.5)
            await line.move()
            assert await line.inbox("张伟") == [(WAITING, attempt), (WAITING, 0), (WAITING, 0)], "too early"
            line.clock.go(0.5)
            await line.move()
        assert await line.inbox("张伟") == [(PARKED, MAX_ATTEMPTS), (DONE, 0), (DONE, 0)]
        told, *later_replies = line.window.to("张伟")
        assert told.startswith("「/地雷 1」没能处理")
        assert later_replies == ["收到2", "收到4"]
        assert await touched(line) == set(), "what it did before it failed is undone"
        assert not await line.say("张伟", "/地雷 1", message_id="m-1"), "a redelivery changes nothing"
        await line.move()
        assert len(line.window.shown) == 5


async def test_a_fault_that_passes_leaves_no_trace_but_the_count(city_url: str) -> None:
    mine = Mine("a constraint")
    async with line_on(city_url, [mine.command]) as line:
        await line.say("张伟", "/地雷 1")
        await line.say("张伟", "/回声 2")
        await line.move()
        mine.armed = False
        line.clock.go(RETRY_SECONDS[0])
        await line.move()
        assert await line.inbox("张伟") == [(DONE, 1), (DONE, 0)]
        assert line.window.to("张伟") == ["收到2"]
        assert await touched(line) == {"1"}


async def test_many_messages_behind_it_do_not_hide_those_of_others(city_url: str) -> None:
    """More than a chunk of one person's messages wait behind a failed one."""
    async with line_on(city_url, [Mine("a fault of the program").command]) as line:
        await line.say("张伟", "/地雷 1")
        for number in range(80):
            await line.say("张伟", f"/回声 {number}")
        await line.say("李娜", "/回声 1")
        await line.move()
        assert line.window.to("李娜") == ["收到1"]
        await line.say("李娜", "/回声 2")
        await line.move()
        assert line.window.to("李娜") == ["收到1", "收到2"]
        for seconds in RETRY_SECONDS:
            line.clock.go(seconds)
            await line.move()
        assert line.window.to("张伟")[1:] == [f"收到{number}" for number in range(80)]


async def test_it_stands_in_the_operators_list(city_url: str, tmp_path: Path) -> None:
    async with line_on(city_url, [Mine("a fault of the program").command]) as line:
        await line.say("张伟", "/地雷 1")
        await line.move()
        for seconds in RETRY_SECONDS:
            line.clock.go(seconds)
            await line.move()
        code, listed = await run_command(tmp_path, {"BOT_DATABASE_URL": city_url}, "inbox", "list", "--json")
        assert code == 0, listed
        (row,) = json.loads(listed)
        assert (row["state"], row["attempts"], row["text"]) == (PARKED, MAX_ATTEMPTS, "/地雷 1")
        assert row["reason"] == "ZeroDivisionError: 地雷"
