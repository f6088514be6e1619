"""A database that cannot be written for a while: nothing is acknowledged that is not stored (rule C12)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import resource
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot import files, logs
from bot.app import HEARTBEAT, running
from bot.settings import Settings
from bot.web import build
from models.db import Database, DatabaseUnavailable, Patience
from models.operations.versions import time_mark
from models.tables.inbox import InboxMessage
from models.tables.outbox import WebchatMessage
from models.types import InboxState

from .line import line_on
from .polling import until

IMPATIENT = Patience(attempts=2, lock_seconds=0.1, pause_seconds=0.05)
WAIT_SECONDS = 30
BIG = "长" * 6_000  # 18 kB: a few of them fill what is left of the last pages


@contextmanager
def locked(url: str) -> Iterator[sqlite3.Connection]:
    """Another program holds the write lock."""
    other = sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        if other.in_transaction:
            other.execute("ROLLBACK")
        other.close()


def nothing(session: Session) -> None:
    session.execute(select(1))


@pytest.mark.sqlite_only
async def test_a_locked_file_is_waited_for(city_url: str) -> None:
    patient = Patience(attempts=20, lock_seconds=0.1, pause_seconds=0.05)
    async with line_on(city_url, patience=patient) as line:
        with locked(city_url) as other:
            accepted = asyncio.ensure_future(line.say("张伟", "/回声 1"))
            done, _ = await asyncio.wait({accepted}, timeout=0.5)  # several attempts have failed by then
            assert not done
            other.execute("ROLLBACK")
            async with asyncio.timeout(WAIT_SECONDS):
                assert await accepted
        await line.move()
        assert line.window.to("张伟") == ["收到1"]


@pytest.mark.sqlite_only
async def test_a_file_that_stays_locked_stores_and_acknowledges_nothing(city_url: str) -> None:
    """Everyone who waits is told at once, not one after the other; the same messages are welcome later."""
    async with line_on(city_url, patience=IMPATIENT) as line:
        with locked(city_url):
            async with asyncio.timeout(WAIT_SECONDS):
                outcomes = await asyncio.gather(
                    *(line.say("张伟", f"/回声 {number}", message_id=f"x{number}") for number in range(5)),
                    *(line.database.write(nothing) for _ in range(200)),
                    return_exceptions=True,
                )  # fmt: skip
            assert {type(one) for one in outcomes} == {DatabaseUnavailable}
            assert line.database.unwritable is not None
            assert "locked" in line.database.unwritable
        assert await line.inbox("张伟") == []
        for number in range(5):
            assert await line.say("张伟", f"/回声 {number}", message_id=f"x{number}")
        assert line.database.unwritable is None
        await line.move()
        assert line.window.to("张伟") == [f"收到{number}" for number in range(5)]


@pytest.mark.sqlite_only
async def test_the_workers_outlive_a_locked_file(city_url: str) -> None:
    async with line_on(city_url, patience=IMPATIENT) as line:
        await line.say("张伟", "/回声 1")
        with locked(city_url):
            line.tasks.start(line.inbound.run(), name="inbox worker")
            line.tasks.start(line.delivery.run(), name="outbox worker")
            line.delivery.kick()
            for _ in range(3):  # calls are answered in order: by then both workers have been refused
                with pytest.raises(DatabaseUnavailable):
                    await line.database.write(nothing)

        async def shown() -> bool:
            return line.window.to("张伟") == ["收到1"]

        await until(shown, "the reply is shown", seconds=WAIT_SECONDS)


class Served:
    """The whole product behind HTTP in this process."""

    def __init__(self, database: Database, client: aiohttp.ClientSession, base: str) -> None:
        self.database = database
        self._client = client
        self._base = base

    async def say(self, message_id: str, text: str) -> int:
        """Post one message of 张伟; returns the status."""
        body = {"from": "张伟", "text": text, "message_id": message_id}
        async with self._client.post(f"{self._base}/webchat/api/messages", json=body) as response:
            await response.read()
            return response.status

    async def attach(self, content: bytes) -> tuple[int, str]:
        """Post a file of 张伟; returns the status and what the page shows."""
        attached = [{"name": "批复.pdf", "base64": base64.b64encode(content).decode()}]
        body = {"from": "张伟", "text": "批复", "message_id": "f", "attachments": attached}
        async with self._client.post(f"{self._base}/webchat/api/messages", json=body) as response:
            return response.status, str((await response.json()).get("error", ""))

    async def ready(self) -> tuple[int, str]:
        async with self._client.get(f"{self._base}/readyz") as response:
            return response.status, await response.text()

    async def get(self, path: str) -> tuple[int, str]:
        async with self._client.get(f"{self._base}{path}") as response:
            return response.status, await response.text()

    async def inbox(self) -> dict[str, str]:
        """State by message id."""
        rows = await self.database.read(
            lambda session: session.execute(select(InboxMessage.message_id, InboxMessage.state)).all()
        )
        return {row.message_id: row.state for row in rows}

    async def pages(self, most: int | None = None) -> int:
        """How many pages the file has; most: how many the writer may use from now on."""

        def limit(session: Session) -> int:
            if most is not None:
                session.execute(text(f"PRAGMA max_page_count={most}"))
            return int(session.execute(text("PRAGMA page_count")).scalar_one())

        return await self.database.write(limit)


@asynccontextmanager
async def served(url: str, folder: Path) -> AsyncIterator[Served]:
    settings = Settings(_env_file=None, database_url=url, data_dir=folder, listen="127.0.0.1:0")  # type: ignore[call-arg]
    async with running(settings) as product:
        runner = web.AppRunner(build(product), shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            async with aiohttp.ClientSession() as client:
                base = f"http://127.0.0.1:{runner.addresses[0][1]}"
                yield Served(product.database, client, base)
        finally:
            await runner.cleanup()


@pytest.mark.sqlite_only
async def test_a_full_disk_stores_and_acknowledges_nothing(city_url: str, tmp_path: Path) -> None:
    """What was acknowledged is answered once there is room again, what was refused is welcome again."""
    async with served(city_url, tmp_path) as city:
        await city.pages(await city.pages() + 40)
        answers: dict[str, int] = {}
        for number in range(100):
            answers[f"x{number}"] = await city.say(f"x{number}", f"/查 {BIG}{number}")
            if answers[f"x{number}"] != 202:
                break
        assert set(answers.values()) == {202, 503}
        (refused,) = [name for name, status in answers.items() if status == 503]
        assert refused not in await city.inbox()
        await city.pages(1_000_000)
        assert await city.say(refused, "/查 ZX0031") == 202

        async def done() -> bool:
            return set((await city.inbox()).values()) == {InboxState.DONE.value}

        async def shown() -> bool:
            count = select(func.count()).select_from(WebchatMessage)
            return await city.database.read(lambda session: session.execute(count).scalar_one()) == len(
                answers
            )

        await until(done, "everything is processed", seconds=WAIT_SECONDS)
        await until(shown, "everything is answered once", seconds=WAIT_SECONDS)
        assert set(await city.inbox()) == set(answers)


async def test_a_database_that_took_no_write_is_not_ready(city_url: str, tmp_path: Path) -> None:
    async with served(city_url, tmp_path) as city:
        said = ""

        async def refused() -> bool:
            nonlocal said
            # Until a heartbeat succeeds.
            city.database.unwritable = "OperationalError: database or disk is full"
            status, said = await city.ready()
            return status == 503

        await until(refused, "not ready", seconds=WAIT_SECONDS)
        problems = json.loads(said)["problems"]
        assert problems == ["数据库不能写入（OperationalError: database or disk is full）"]
        assert await city.say("x", "/帮助") == 202
        assert (await city.ready())[0] == 200


@pytest.mark.sqlite_only
@pytest.mark.parametrize("replaced", [False, True])
async def test_a_database_file_that_was_taken_away_takes_no_message(
    city_url: str, tmp_path: Path, *, replaced: bool
) -> None:
    """The open file has no name any more: what it took would be lost with the process."""
    file = Path(city_url.removeprefix("sqlite+aiosqlite:///"))
    aside = file.with_name("aside.db")
    async with served(city_url, tmp_path) as city:
        assert await city.say("before", "/帮助") == 202
        file.rename(aside)
        if replaced:
            shutil.copy(aside, file)
        assert await city.say("meanwhile", "/帮助") == 503
        status, said = await city.ready()
        assert status == 503
        assert "数据库文件在使用中被移走或换掉" in json.loads(said)["problems"][0]
        if not replaced:
            assert not file.exists()  # no empty one is left in its place
        aside.rename(file)  # put back while it is still open
        assert await city.say("meanwhile", "/帮助") == 202
        assert (await city.ready())[0] == 200
        assert {"before", "meanwhile"} <= set(await city.inbox())


@pytest.mark.sqlite_only
async def test_a_damaged_file_is_told_in_one_line(city_url: str, tmp_path: Path) -> None:
    logs.configure(level="warning", style="json")
    file = Path(city_url.removeprefix("sqlite+aiosqlite:///"))
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    async with served(city_url, tmp_path) as city:
        os.truncate(file, 5000)
        with capture_logs() as entries:
            status, said = await city.get("/webchat/api/projects")
        assert (status, json.loads(said)) == (
            503,
            {"error": "数据库暂时读不出来，请稍后再试，或告诉系统管理员"},
        )
        told = [entry for entry in entries if entry["event"] == "database unavailable"]
        # the workers may tell of it, too
        assert [entry["path"] for entry in told if "path" in entry] == ["/webchat/api/projects"]
        assert [entry for entry in entries if "exc_info" in entry] == []


@pytest.mark.sqlite_only
async def test_stopping_without_the_database_is_told_in_one_line(city_url: str, tmp_path: Path) -> None:
    logs.configure(level="warning", style="json")
    file = Path(city_url.removeprefix("sqlite+aiosqlite:///"))
    with capture_logs() as entries:
        async with served(city_url, tmp_path) as city:
            assert await city.say("before", "/帮助") == 202
            file.rename(file.with_name("aside.db"))
    (told,) = [entry for entry in entries if entry["event"] == "stopped without a last heartbeat"]
    assert "移走" in told["cause"]
    assert [entry for entry in entries if "exc_info" in entry] == []


@pytest.mark.sqlite_only
async def test_a_file_that_cannot_be_kept_is_not_acknowledged(city_url: str, tmp_path: Path) -> None:
    """Where the disk takes no file, the message that brings one is refused whole, and welcome again."""
    async with served(city_url, tmp_path) as city:
        (tmp_path / "files").write_text("")  # in the way of the folder
        status, said = await city.attach(b"%PDF-1.7 x")
        assert status == 503
        assert "附件暂时存不下，消息没有收下，请稍后重发" in said
        assert await city.inbox() == {}
        (tmp_path / "files").unlink()
        assert (await city.attach(b"%PDF-1.7 x"))[0] == 202
        assert set(await city.inbox()) == {"f"}


def test_half_a_file_is_not_left_behind(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            files.store(tmp_path, "批复.pdf", b"%PDF-1.7 " + b"x" * 50_000, limit_mb=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


class HandClock:
    """The machine's clock as somebody sets it."""

    simulated = False

    def __init__(self, at: str) -> None:
        self.at = datetime.fromisoformat(at)

    def now(self) -> datetime:
        return self.at


async def test_a_clock_that_is_set_is_told_and_heeded(city_url: str, tmp_path: Path) -> None:
    """The heartbeat goes on from where a clock was set back to, and the jobs of that day are not waited past."""
    clock = HandClock("2026-09-22T09:30:00+08:00")
    settings = Settings(_env_file=None, database_url=city_url, data_dir=tmp_path, listen="127.0.0.1:0")  # type: ignore[call-arg]
    logs.configure(level="warning", style="json")
    with capture_logs() as lines:
        async with running(settings, clock=clock) as product:

            async def beat() -> datetime | None:
                await product.tick()
                return await product.database.read(lambda session: time_mark(session, HEARTBEAT))

            assert await beat() == clock.at
            clock.at -= timedelta(hours=2)
            assert await beat() == clock.at
            clock.at += timedelta(hours=5)
            assert await beat() == clock.at
        clock.at -= timedelta(hours=1)
        async with running(settings, clock=clock):
            pass
    told = {line["event"]: line["seconds"] for line in lines if line["event"].startswith("clock")}
    assert told == {
        "clock set back": 7_200,
        "clock set forward, or the machine slept": 18_000,
        "clock is behind the last run": 3_600,
    }
