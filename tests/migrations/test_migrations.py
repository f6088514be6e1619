"""From nothing, and from every form that a database ever had, to the newest one; never back (rule Q2)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session

from bot import migrate
from bot.app import running
from bot.integrity import examine
from bot.settings import Settings
from models.tables import metadata
from models.types import ChatKind, InboundKind, InboundMessage

from . import dumps

T = TypeVar("T")
ROOT = Path(__file__).parent.parent.parent


async def on(url: str, work: Callable[[Connection], T]) -> T:
    """Run synchronous work on a connection of its own and commit."""
    engine = create_async_engine(url, poolclass=pool.NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(migrate.config())


def steps() -> list[str]:
    """Every revision, oldest first."""
    return [script.revision for script in reversed(list(scripts().walk_revisions()))]


async def step(url: str, revision: str) -> None:
    await on(url, lambda connection: command.upgrade(migrate.config(connection), revision))


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
    found: list[Any] = compare_metadata(context, metadata)
    return found


def test_there_is_one_line_of_revisions() -> None:
    assert len(scripts().get_heads()) == 1
    assert steps()[-1] == migrate.head()


async def test_an_empty_database_gets_every_table(database_url: str) -> None:
    await migrate.upgrade(database_url)
    assert await on(database_url, differences) == []
    assert await on(database_url, migrate.current_revision) == migrate.head()


async def test_the_steps_one_by_one_lead_to_the_same(database_url: str) -> None:
    for revision in steps():
        await step(database_url, revision)
        assert await on(database_url, migrate.current_revision) == revision
    assert await on(database_url, differences) == []


async def test_a_second_upgrade_changes_nothing(database_url: str) -> None:
    await migrate.upgrade(database_url)
    before = await on(database_url, dumps.rows_of)
    await migrate.upgrade(database_url)
    assert await on(database_url, dumps.rows_of) == before


async def test_a_database_of_a_newer_program_is_left_alone(database_url: str) -> None:
    await migrate.upgrade(database_url)
    await on(
        database_url,
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")),
    )
    before = await on(database_url, dumps.rows_of)
    with pytest.raises(migrate.SchemaIsNewer, match="9999"):
        await migrate.upgrade(database_url)
    assert await on(database_url, dumps.rows_of) == before
    assert await on(database_url, migrate.current_revision) == "9999"
    settings = Settings(_env_file=None, database_url=database_url)  # type: ignore[call-arg]
    with pytest.raises(migrate.SchemaIsNewer):
        async with running(settings):
            pytest.fail("the product must not start")


@pytest.mark.postgres_only
async def test_two_processes_may_start_at_once(request: pytest.FixtureRequest) -> None:
    """On PostgreSQL; the embedded database has one process."""
    url = request.getfixturevalue("postgres_databases").new_database()
    await asyncio.gather(*(migrate.upgrade(url) for _ in range(3)))
    assert await on(url, differences) == []


# --- with rows


async def old_database(url: str, revision: str, folder: Path) -> dict[str, list[dict[str, object]]]:
    """A database as an earlier version left it; returns its rows."""
    if url.startswith("sqlite"):
        await step(url, revision)
        dumps.load(Path(url.removeprefix("sqlite+aiosqlite:///")), revision)
    else:
        file = f"sqlite+aiosqlite:///{folder}/old.db"
        rows = await old_database(file, revision, folder)
        await step(url, revision)
        await on(url, lambda connection: dumps.put(connection, rows))
    return await on(url, dumps.rows_of)


@pytest.mark.parametrize("revision", dumps.revisions())
async def test_no_row_is_lost_on_the_way(revision: str, database_url: str, tmp_path: Path) -> None:
    """Step by step from the dump of a revision; what a step does not rename keeps its values."""
    before = await old_database(database_url, revision, tmp_path)
    assert sum(len(rows) for rows in before.values()) > 500
    for later in steps()[steps().index(revision) + 1 :]:
        await step(database_url, later)
        after = await on(database_url, dumps.rows_of)
        for table in before.keys() & after.keys():
            assert len(after[table]) >= len(before[table]), f"{later}: {table} lost rows"
            for old, new in zip(before[table], after[table], strict=False):
                kept = {name: old[name] for name in old.keys() & new.keys()}
                assert kept == {name: new[name] for name in kept}, f"{later}: {table}"
        before = after
    assert await on(database_url, differences) == []
    assert await on(database_url, lambda connection: examine(Session(connection), tmp_path)) == []


@pytest.mark.parametrize("revision", dumps.revisions())
async def test_the_product_goes_on_where_it_was(revision: str, database_url: str, tmp_path: Path) -> None:
    """Started on an old database it answers, and a message of that time is still known."""
    await old_database(database_url, revision, tmp_path)
    settings = Settings(
        _env_file=None, database_url=database_url, data_dir=tmp_path, clock="simulated"  # type: ignore[call-arg]
    )  # fmt: skip
    async with running(settings) as product:
        seen = await product.database.read(
            lambda session: session.execute(
                text("SELECT message_id, payload FROM inbox ORDER BY id LIMIT 1")
            ).one()
        )
        message = InboundMessage(
            platform="webchat", message_id=seen.message_id, account="张伟", chat=ChatKind.PRIVATE, chat_address="",
            kind=InboundKind.TEXT, text="/我的", received_at=product.clock.now(),
        )  # fmt: skip
        assert not await product.inbound.accept(message), "a redelivery across the upgrade"
        await product.settle()
        shown = await product.database.read(
            lambda session: session.execute(text("SELECT count(*) FROM webchat_messages")).scalar_one()
        )
        fresh = InboundMessage(
            platform="webchat", message_id="after the upgrade", account="张伟", chat=ChatKind.PRIVATE, chat_address="",
            kind=InboundKind.TEXT, text="/我的", received_at=product.clock.now(),
        )  # fmt: skip
        assert await product.inbound.accept(fresh)
        await product.settle()
        again = await product.database.read(
            lambda session: session.execute(text("SELECT count(*) FROM webchat_messages")).scalar_one()
        )
        assert again == shown + 1


@pytest.mark.sqlite_only
async def test_the_file_of_before_is_kept(tmp_path: Path) -> None:
    """A file that has to change is copied beside itself, whatever still lies in its write-ahead log."""
    earlier = [revision for revision in dumps.revisions() if revision != migrate.head()]
    for revision in earlier:
        file = tmp_path / f"{revision}.db"
        url = f"sqlite+aiosqlite:///{file}"
        before = await old_database(url, revision, tmp_path)
        await migrate.upgrade(url)
        copy = f"sqlite+aiosqlite:///{file}.before-{revision}"
        assert await on(copy, dumps.rows_of) == before
        assert await on(copy, migrate.current_revision) == revision


@pytest.mark.sqlite_only
async def test_an_upgrade_that_is_cut_off_leaves_nothing_behind(tmp_path: Path) -> None:
    """The process is killed in the middle of its first start; the next one begins anew."""
    url = f"sqlite+aiosqlite:///{tmp_path}/cut.db"
    program = (
        "import asyncio, os, sys\n"
        "from sqlalchemy import Engine, event\n"
        "from bot import migrate\n"
        "made = []\n"
        "@event.listens_for(Engine, 'before_cursor_execute')\n"
        "def cut(_connection, _cursor, statement, *_rest):\n"
        "    made.append(statement.lstrip().startswith('CREATE TABLE'))\n"
        "    if sum(made) == 10:\n"
        "        os._exit(9)\n"
        "asyncio.run(migrate.upgrade(sys.argv[1]))\n"
    )
    cut = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program, url], cwd=ROOT, check=False)
    assert cut.returncode == 9
    await migrate.upgrade(url)
    assert await on(url, differences) == []
