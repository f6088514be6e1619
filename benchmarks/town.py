"""A served product whose people talk and whose clock moves: what the long measurements drive.

People speak through the web chat API; what they act on and what came of it is read from the database.
"""

from __future__ import annotations

import http.client
import json
import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from benchmarks.running import PRODUCT, Server, serving

ANSWER_SECONDS: Final = 900.0
Row = sqlite3.Row


class NotAnswered(Exception):
    """The product refused what it should have taken."""


@dataclass(slots=True)
class Town:
    """Open it with `with Town(database, now):`. cpu_seconds: of all processes so far, without their starts."""

    database: Path
    now: datetime
    cpu_seconds: float = 0.0
    starts: int = 0
    said: int = 0
    _server: Server | None = None
    _stack: ExitStack = field(default_factory=ExitStack)
    _connection: http.client.HTTPConnection | None = None
    _counted: float = 0.0
    """CPU of the running process up to the last look."""

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    # --- life

    def kill(self, during: datetime | None = None, after_seconds: float = 0.0) -> None:
        """End the process as a power cut does, in the midst of moving the clock to `during` if that is given."""
        server = self._running()
        self.look()
        if during is not None:
            mover = threading.Thread(target=self._interrupted, args=(during,))
            mover.start()
            time.sleep(after_seconds)
            server.kill()
            mover.join()
            self.now = during
        else:
            server.kill()
        self._stack.close()
        self._server = self._connection = None

    def start_again(self, at: datetime | None = None) -> None:
        """A new process on the same database. at: the time that it is by then."""
        self.now = at or self.now
        self._start()

    def _start(self) -> None:
        self._stack = ExitStack()
        server = self._stack.enter_context(serving(PRODUCT, self.database, self.now.isoformat()))
        self._server, self.starts = server, self.starts + 1
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=ANSWER_SECONDS)
        self.settle()
        self._counted = server.cpu_seconds()

    def _interrupted(self, to: datetime) -> None:
        with suppress(OSError, http.client.HTTPException):
            self._post("clock", {"now": to.isoformat()})

    # --- what happens

    def say(self, some: Iterable[tuple[str, str]], *, settle: bool = True) -> int:
        """Each (name, text) in private, in order; then everything is processed and sent. Returns how many."""
        count = 0
        for name, text in some:
            self.said += 1
            count += 1
            self._post("messages", {"from": name, "chat": "private", "text": text})
        if count and settle:
            self.settle()
        return count

    def clock(self, to: datetime) -> None:
        """Move the clock; what falls due on the way is done."""
        self._post("clock", {"now": to.isoformat()})
        self.now = to

    def settle(self) -> None:
        self._post("idle", {})

    def _post(self, path: str, body: dict[str, Any]) -> None:
        assert self._connection is not None
        self._connection.request(
            "POST", f"/webchat/api/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 202):
            raise NotAnswered(f"{path} {body}：{answer.status} {content.decode(errors='replace')[:300]}")

    # --- what there is

    def rows(self, query: str, *values: object) -> list[Row]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query, values).fetchall()

    def count(self, query: str) -> int:
        return int(self.rows(query)[0][0])

    def look(self) -> int:
        """Add the CPU since the last look to cpu_seconds; returns the resident bytes."""
        server = self._running()
        used = server.cpu_seconds()
        self.cpu_seconds += used - self._counted
        self._counted = used
        return server.rss_bytes()

    def _running(self) -> Server:
        assert self._server is not None, "the product is not running"
        return self._server
