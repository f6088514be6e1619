"""Which database a test runs on: SQLite, or PostgreSQL when ZHUANBAN_TEST_DATABASE says so.

Property tests compare results, not times: a busy machine must not fail them.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests import dialects, postgres
from tests.statements import NOTED_IN, Notes, leave_out_repeats

settings.register_profile("unhurried", deadline=None, print_blob=True)
settings.load_profile("unhurried")
dialects.register()

ON_POSTGRES = os.environ.get("ZHUANBAN_TEST_DATABASE") == "postgres"


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """A command that a test runs in this process says where logs go: to a stream that is closed behind it."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """The PostgreSQL of the run; whoever uses it last stops it."""
    server = postgres.Server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def postgres_databases(postgres_server: postgres.Server) -> Iterator[postgres.Server]:
    """The server, for databases that last as long as the test."""
    yield postgres_server
    postgres_server.clear()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of its own for each test."""
    if ON_POSTGRES:
        server: postgres.Server = request.getfixturevalue("postgres_databases")
        return server.new_database()
    return f"sqlite+aiosqlite:///{tmp_path}/test.db"


def pytest_configure(config: pytest.Config) -> None:
    if not ON_POSTGRES and NOTED_IN in os.environ:
        config.pluginmanager.register(Notes(Path(os.environ[NOTED_IN])))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if ON_POSTGRES:
        leave_out_repeats(config, items)


def pytest_collection_finish() -> None:
    """What is there by now stays: the collector need not walk through all modules and tests again and again."""
    gc.collect()
    gc.freeze()
