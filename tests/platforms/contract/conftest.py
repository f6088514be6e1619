"""A harness for the platform that a test is parametrised with (`on`), with a fault proxy where it calls out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import ON_POSTGRES
from tests.fakes.fault_proxy import FaultProxy, fault_proxy
from tests.platforms.contract.harness import Harness, opener


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> postgres.Server | None:
    return request.getfixturevalue("postgres_databases") if ON_POSTGRES else None


@pytest.fixture
async def harness(on: str, tmp_path: Path, databases: postgres.Server | None) -> AsyncIterator[Harness]:
    async with opener(on)(tmp_path, databases, None) as running:
        yield running


@dataclass(slots=True)
class Line:
    """A platform behind a proxy."""

    harness: Harness
    proxy: FaultProxy


@pytest.fixture
async def line(on: str, tmp_path: Path, databases: postgres.Server | None) -> AsyncIterator[Line]:
    async with fault_proxy() as proxy:

        def through(address: str) -> str:
            proxy.target = address
            return proxy.base

        async with opener(on)(tmp_path, databases, through) as running:
            yield Line(running, proxy)
