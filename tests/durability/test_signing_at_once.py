"""Papers of one type signed at the same moment by two writers: numbers without gaps (rules B6, H2, H4).

On PostgreSQL two processes, spoken to as people do; on SQLite two connections to one file.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import WallClock
from bot.tasks import Tasks
from models.db import Database
from models.errors import StateForbids
from models.operations import documents, numbering, papers
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.queries import directory as directories
from models.queries import policies
from models.tables.audit import AuditRow
from models.tables.documents import Document
from models.tables.items import Item
from models.types import DocumentKind, DocumentState
from templates.documents import Papers

from .books import Books, books_of
from .polling import until
from .process import Bot

PAPERS = 16
SIGNER, DELEGATE = "陈立新", "孙晓雯"
KIND = DocumentKind.LIST


def desk_of(session: Session, now: datetime, name: str) -> Desk:
    directory = directories.load(session)
    person = next(one for one in directory.people.values() if one.label == name)
    return Desk(session, directory, policies.current(session), now, Actor(person.id, person.label))


def drafted(session: Session) -> list[int]:
    """Lists that lie with who signs them, told apart as A01 …"""
    desk = desk_of(session, WallClock().now(), SIGNER)
    to = desk.directory.people[desk.actor.person_id or 0]
    item = session.execute(select(Item).where(Item.number == "W0186")).scalar_one()
    made = []
    for place in range(1, PAPERS + 1):
        body = {"items": [item.id], "shown": f"A{place:02d}"}
        one = documents.draft(desk, KIND, organisation_id=to.organisation_id, to=to, what="本周", body=body)
        documents.hand_to(desk, one, to, DocumentState.TO_SIGN)
        made.append(one.id)
    return made


def last_number(session: Session) -> int:
    return numbering.last_number(session, numbering.letter_series(KIND.value, WallClock().now().year))


def check(session: Session, ids: list[int], before: int) -> None:
    """Consecutive, each once, frozen; the audit says it once for each."""
    rows = list(session.execute(select(Document).where(Document.id.in_(ids))).scalars())
    assert sorted(row.number or 0 for row in rows) == list(range(before + 1, before + 1 + PAPERS))
    assert {row.state for row in rows} == {DocumentState.ISSUED.value}
    assert all(row.sha256 and row.serial and f"{row.number:02d}号" in row.serial for row in rows)
    signed = session.execute(
        select(AuditRow.record_id).where(
            AuditRow.record_kind == "document", AuditRow.field == "serial", AuditRow.record_id.in_(ids)
        )
    ).scalars().all()  # fmt: skip
    assert sorted(signed) == sorted(ids)
    assert last_number(session) == before + PAPERS


@pytest.mark.postgres_only
@pytest.mark.timeout(240)
async def test_h2_two_processes_sign_at_once(shared_city_url: str, tmp_path: Path) -> None:
    bots = [Bot(shared_city_url, tmp_path, name=name) for name in ("one", "two")]
    chance = random.Random(5)
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as client,
            books_of(shared_city_url, tmp_path) as books,
        ):
            for bot in bots:
                bot.start()
            for bot in bots:
                await bot.ready(client)
            await _stands_in(bots[0], client, books)
            ids = await books.database.write(drafted)
            before = await books.database.read(last_number)

            async def sign(who: str, place: int) -> None:
                body: dict[str, object] = {
                    "from": who,
                    "chat": "private",
                    "text": f"/签发 交办清单 A{place:02d}",
                }
                status, answer = await chance.choice(bots).post(client, body)
                assert status == 202, answer

            order = [(who, place) for place in range(1, PAPERS + 1) for who in (SIGNER, DELEGATE)]
            chance.shuffle(order)
            await asyncio.gather(*(sign(*one) for one in order))
            await books.settled()
            await books.database.read(lambda session: check(session, ids, before))
            for bot in bots:
                assert await bot.stop() == 0, bot.said()
                assert "Traceback" not in bot.said()
    finally:
        for bot in bots:
            bot.end()


async def _stands_in(bot: Bot, client: aiohttp.ClientSession, books: Books) -> None:
    """孙晓雯 may sign for 陈立新 from now on."""
    today = WallClock().now()
    until_day = today + timedelta(days=2)
    text = f"/代理 {DELEGATE} {today.month}月{today.day}日 至 {until_day.month}月{until_day.day}日"
    status, answer = await bot.post(client, {"from": SIGNER, "chat": "private", "text": text})
    assert status == 202, answer

    def stands_in(session: Session) -> bool:
        directory = directories.load(session)
        principal = next(one for one in directory.people.values() if one.label == SIGNER)
        return bool(directory.delegates_of(principal.id, WallClock().now()))

    await until(lambda: books.database.read(stands_in), "the delegation holds")


@asynccontextmanager
async def two_on(url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two databases objects, each with its own writer and connections."""
    tasks = Tasks()
    opened = [
        await Database.open(url, lambda work, name=name: tasks.start(work, name=name))
        for name in ("one", "two")
    ]
    try:
        yield opened[0], opened[1]
    finally:
        for one in opened:
            await one.close()
        await tasks.stop()


async def test_h2_two_connections_sign_at_once(city_url: str) -> None:
    """Each paper is tried over both: one signs it, the other is told what has become of it."""
    fill = Papers().write
    async with two_on(city_url) as databases:
        ids = await databases[0].write(drafted)
        before = await databases[0].read(last_number)

        async def sign(database: Database, document_id: int) -> str:
            def work(session: Session) -> str:
                desk = desk_of(session, WallClock().now(), SIGNER)
                document = session.get_one(Document, document_id, populate_existing=True)
                return papers.issue(desk, document, fill).serial

            try:
                return await database.write(work)
            except StateForbids as refused:
                return str(refused)

        said = await asyncio.gather(*(sign(one, number) for number in ids for one in databases))
        assert sum("已签发" in words for words in said) == PAPERS
        await databases[1].read(lambda session: check(session, ids, before))
