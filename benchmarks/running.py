"""Starting contestants, loading them, and looking at what they stored and what it cost."""

from __future__ import annotations

import gc
import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks import city
from benchmarks.load import Result
from bot.interpreter import tune_interpreter

START_SECONDS: Final = 60.0
CALM_SECONDS: Final = 0.2
WAIT_SECONDS: Final = 120.0
ROOT: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of row that exists once an event is finished; count is SQL over the rows that are new."""

    table: str
    count: str = "count(*)"
    where: str = "1"


@dataclass(frozen=True, slots=True)
class Contestant:
    """waiting: SQL for the events that are answered and not finished yet; empty when an answer finishes them.

    wire: how events are put to it, see benchmarks.load.
    """

    name: str
    rows: tuple[Row, ...]
    waiting: str = ""
    wire: str = "webchat"


LIMIT2: Final = Contestant("limit2", (Row("inbox"),))
LIMIT2_SEALED: Final = Contestant("limit2_sealed", (Row("inbox"),), wire="wecom")
STRAIGHTFORWARD: Final = Contestant("straightforward", (Row("inbox"), Row("drafts")))
PRODUCT: Final = Contestant(
    "product",
    (
        Row("inbox", where="state = 'done'"),
        Row("drafts"),
        Row("audit", "count(DISTINCT record_id)", "record_kind = 'draft'"),
        Row("outbox", where="urgency = 'reply'"),
    ),
    waiting="SELECT count(*) FROM inbox WHERE state = 'waiting'",
)
WECOM: Final = Contestant("product_wecom", PRODUCT.rows, PRODUCT.waiting, wire="wecom")
DELIVERED: Final = "SELECT coalesce(max(seq), 0) FROM webchat_messages"
"""The number of the last reply of the product that has reached the platform."""
SENDING: Final = "SELECT count(*) FROM outbox WHERE state = 'sending'"
"""Messages on their way to the platform; what its limits hold back is not."""


@dataclass(slots=True)
class Server:
    """A running contestant."""

    contestant: Contestant
    database: Path
    port: int
    process: subprocess.Popen[bytes]

    def load(self, run: str, *, first: int, count: int, connections: int, settling: bool = False) -> Result:
        """Closed loop from a process of its own; returns when every event is answered.

        settling: the senders confirm or cancel each draft before they report again.
        """
        return _generate(
            "loop", port=self.port, run=run, first=first, count=count, connections=connections,
            settling=settling, wire=self.contestant.wire,
        )  # fmt: skip

    def pace(self, run: str, *, first: int, count: int, rate: float) -> Result:
        """Open loop; returns when every reply has been seen."""
        return _generate("pace", port=self.port, run=run, first=first, count=count, rate=rate)

    def cpu_seconds(self) -> float:
        """CPU that the whole process tree has used."""
        top = psutil.Process(self.process.pid)
        total = 0.0
        for one in (top, *top.children(recursive=True)):
            times = one.cpu_times()
            total += times.user + times.system
        return total

    def rss_bytes(self) -> int:
        top = psutil.Process(self.process.pid)
        return sum(one.memory_info().rss for one in (top, *top.children(recursive=True)))

    def count(self, query: str) -> int:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            return int(connection.execute(query).fetchone()[0])

    def marks(self) -> tuple[int, ...]:
        """The last id of each kind of row; what comes later is new."""
        return tuple(
            self.count(f"SELECT coalesce(max(id), 0) FROM {row.table}") for row in self.contestant.rows
        )

    def made_since(self, marks: tuple[int, ...]) -> tuple[int, ...]:
        """Rows of finished events, one number for each kind of row."""
        return tuple(
            self.count(f"SELECT {row.count} FROM {row.table} WHERE id > {mark} AND {row.where}")
            for row, mark in zip(self.contestant.rows, marks, strict=True)
        )

    def wait_until(self, query: str, reached: Callable[[int], bool]) -> float:
        """Look every few milliseconds with a cheap query; returns the monotonic time at which it was first true."""
        limit = time.monotonic() + WAIT_SECONDS
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            while not reached(connection.execute(query).fetchone()[0]):
                if time.monotonic() > limit:
                    raise TimeoutError(f"{self.contestant.name}: work not finished in {WAIT_SECONDS:.0f} s")
                time.sleep(0.005)
        return time.monotonic()

    def wait_for_calm(self) -> None:
        """Until nothing has been on its way to the platform for a while; the next load would share the machine."""
        began = time.monotonic()
        while time.monotonic() - began < CALM_SECONDS:
            if self.count(SENDING):
                self.wait_until(SENDING, lambda sending: sending == 0)
                began = time.monotonic()
            time.sleep(0.005)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(contestant: Contestant, database: Path, *more: str) -> Iterator[Server]:
    """Start a contestant on its database and stop it in the end. A killed one may be entered again.

    more: further arguments of the contestant. What it says on standard error is kept beside the database.
    """
    port = free_port()
    with errors_of(database).open("ab") as errors:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                f"benchmarks.contestants.{contestant.name}",
                str(port),
                str(database),
                *more,
            ],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    server = Server(contestant, database, port, process)
    try:
        _wait_for_port(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()


def errors_of(database: Path) -> Path:
    """The file with what a contestant said on standard error."""
    return database.with_suffix(".errors")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for_port(server: Server) -> None:
    limit = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=1) as one:
                # A port that nobody listens on yet may be given to this very socket, which then reaches itself.
                if one.getsockname() == one.getpeername():
                    raise ConnectionRefusedError
        except OSError:
            if server.process.poll() is not None:
                errors = errors_of(server.database).read_text(errors="replace")
                raise RuntimeError(f"{server.contestant.name} 未能启动：{errors[-2000:]}") from None
            if time.monotonic() > limit:
                raise TimeoutError(f"{server.contestant.name} 未在 {START_SECONDS:.0f} 秒内启动") from None
            time.sleep(0.02)
        else:
            return


def _generate(kind: str, **order: Any) -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps({"kind": kind, **order}).encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"负载进程失败：{done.stderr.decode()[-2000:]}")
    return Result(**json.loads(done.stdout))


class Workbench:
    """The folder of one run; databases are made in it. The city is made once and copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._city: Path | None = None
        self._made = 0

    def database(self, contestant: Contestant) -> Path:
        """A new database for a contestant: the city for the product, an empty place for the others."""
        target = self.place(contestant.name)
        if contestant in (PRODUCT, WECOM):
            shutil.copyfile(self.city, target)
        if contestant is WECOM:
            city.add_accounts(target)
        return target

    def place(self, name: str) -> Path:
        """A path of a database that is not there yet."""
        self._made += 1
        folder = self.folder / f"{self._made:03d}-{name}"
        folder.mkdir()
        return folder / "bench.db"

    def clear(self) -> None:
        """Remove every database but the city."""
        for folder in self.folder.iterdir():
            if self._city is None or folder != self._city.parent:
                shutil.rmtree(folder)

    @property
    def city(self) -> Path:
        if self._city is None:
            made = self.place("city")
            city.make(made)
            self._city = made
        return self._city


def percentile(values: list[float], share: float) -> float:
    """The smallest value that is not below a share (0 to 1) of all."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@contextmanager
def tuned() -> Iterator[None]:
    """The interpreter set as in the product's own process; other measurements find it as it was."""
    threshold, interval = gc.get_threshold(), sys.getswitchinterval()
    tune_interpreter()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*threshold)
        sys.setswitchinterval(interval)
