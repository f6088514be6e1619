"""The usual way: aiohttp, SQLAlchemy ORM on aiosqlite, one AsyncSession and one commit for each event.

It stores the message and a draft with the figure it finds, and does neither audit, timers nor a reply. The engine has
the settings it needs to be correct at all (WAL, BEGIN IMMEDIATE, a long busy timeout) and the cheaper
synchronous=NORMAL; pool and handler are as the documentation shows them.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from sqlalchemy import JSON, ForeignKey, event, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from benchmarks import events

FIGURE = re.compile(r"累计完成投资(\d+(?:\.\d+)?)(万|亿)元")


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    projects: Mapped[list[Project]] = relationship(lazy="selectin")


class Project(Base):
    __tablename__ = "projects"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ytd_fen: Mapped[int]


class Message(Base):
    __tablename__ = "inbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    received_at: Mapped[datetime]


class Draft(Base):
    __tablename__ = "drafts"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str]
    created_at: Mapped[datetime]


def engine_for(database: str) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{database}", connect_args={"isolation_level": None, "timeout": 60}
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def build(database: str) -> web.Application:
    engine = engine_for(database)
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def prepare(_application: web.Application) -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with sessions() as session:
            if (await session.execute(select(Person.id).limit(1))).first() is None:
                session.add_all(
                    Person(
                        name=events.person(sender),
                        projects=[
                            Project(
                                code=events.code(sender),
                                name=events.project(sender),
                                ytd_fen=events.FIRST_WAN,
                            )
                        ],
                    )
                    for sender in range(events.SENDERS)
                )
                await session.commit()

    async def close(_application: web.Application) -> None:
        await engine.dispose()

    async def receive(request: web.Request) -> web.Response:
        try:
            body = await request.json()
            name, text, message_id = body["from"], body["text"], body["message_id"]
            whole = all(isinstance(value, str) for value in (name, text, message_id))
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            return web.json_response({"error": "malformed"}, status=400)
        async with sessions() as session:
            status = await store(session, name, text, message_id)
        return web.json_response({"message_id": message_id}, status=status)

    application = web.Application()
    application.on_startup.append(prepare)
    application.on_cleanup.append(close)
    application.router.add_post(events.PATH, receive)
    return application


async def store(session: AsyncSession, name: str, text: str, message_id: str) -> int:
    seen = await session.execute(select(Message).where(Message.message_id == message_id))
    if seen.scalar_one_or_none() is not None:
        return 202
    person = (await session.execute(select(Person).where(Person.name == name))).scalar_one_or_none()
    if person is None:
        return 404
    now = datetime.now(UTC)  # noqa: TID251 - a server of its own, not the product
    message = Message(message_id=message_id, sender_id=person.id, text=text, received_at=now)
    session.add(message)
    await session.flush()
    project = next((one for one in person.projects if one.name in text), None)
    figure = FIGURE.search(text)
    session.add(
        Draft(
            author_id=person.id, project_id=project.id if project else None, message_id=message.id,
            body={"figure": figure[1] if figure else None, "unit": figure[2] if figure else None, "text": text},
            state="open", created_at=now,
        )
    )  # fmt: skip
    await session.commit()
    return 202


if __name__ == "__main__":
    web.run_app(build(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
