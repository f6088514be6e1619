"""One running 云川市 for a flow test: the product over real HTTP on loopback, with the simulated clock.

A test speaks only through the web chat API; `rows` looks into the database where the API shows nothing.
The clock stands still between calls of `clock`.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from bot import migrate
from bot.app import Product, running
from bot.platforms.webchat import MAX_MESSAGES
from bot.settings import Settings
from bot.tasks import Tasks
from bot.web import build
from models.db import Database
from models.operations.baseline import load_baseline
from tests import prepared
from tests.postgres import Server

Json = dict[str, Any]

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
BASELINE_AT: Final = "2026-09-21 18:00"  # the moment that the fictional baseline describes
MENTION: Final = "@助手"
_SPACES: Final = re.compile(r"(?<=[0-9A-Za-z])\s+(?=[0-9A-Za-z])|(\s+)")
_MARKS: Final = str.maketrans(
    {
        "*": None,
        "`": None,
        "\\": None,
        "。": ".",
        "、": ",",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "－": "-",
    }
)


def moment(at: str) -> datetime:
    """An aware time from "2026-09-22 10:03" (local)."""
    return datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)


def norm(text: str) -> str:
    """Text for comparison: NFKC, punctuation of one width, no emphasis marks.

    A space stays only between two letters or digits, so that 「4700 → 5500」 equals 「4700→5500」.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    return _SPACES.sub(lambda found: "" if found[1] else " ", plain)


@dataclass(frozen=True, slots=True)
class Message:
    """What the bot sent. to: a person (两位王磊 with their unit) or a group without 【】."""

    seq: int
    kind: str
    to: str
    text: str
    actions: tuple[str, ...]
    action_ids: tuple[str, ...]
    prompts: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    at: datetime
    reason: str

    @property
    def when(self) -> str:
        """Local time as "2026-09-22 10:03"."""
        return self.at.strftime("%Y-%m-%d %H:%M")

    def button(self, wanted: str) -> int | None:
        """Index of the button meant by a label: the same, else the only one that begins like it."""
        plain = _label(wanted)
        labels = [_label(label) for label in self.actions]
        for match in (
            [index for index, label in enumerate(labels) if label == plain],
            [index for index, label in enumerate(labels) if label.startswith(plain)],
            [index for index, label in enumerate(labels) if label and plain.startswith(label)],
        ):
            if len(match) == 1:
                return match[0]
        return None


def _label(text: str) -> str:
    return norm(text).strip("[].")


@dataclass(slots=True)
class _Running:
    product: Product
    client: aiohttp.ClientSession
    base: str
    stack: AsyncExitStack


class City:
    """Open with `city_at` or the fixture `open_city`."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self._running: _Running | None = None
        self._messages: list[Message] = []
        self._mark = 0
        self._said = 0

    @classmethod
    async def open(
        cls, tmp_path: Path, at: str, after: Steps | None = None, *, server: Server | None = None
    ) -> City:
        """The baseline of Part 2, brought forward to `at` by the product itself; `mark` is set there.

        after: what has been done since by the product, which was then started anew.
        """
        url = await _database(at, after, server, tmp_path / "city.db")
        city = cls(tmp_path, _settings(url, tmp_path, at))
        await city._start()
        city.mark()
        return city

    # --- life

    @property
    def product(self) -> Product:
        return self._now().product

    @property
    def client(self) -> aiohttp.ClientSession:
        """For calls that the methods below do not make; `base` is the address."""
        return self._now().client

    @property
    def base(self) -> str:
        return self._now().base

    def _now(self) -> _Running:
        assert self._running is not None, "the product is stopped"
        return self._running

    async def _start(self) -> None:
        stack = AsyncExitStack()
        try:
            product = await stack.enter_async_context(running(self.settings))
            runner = web.AppRunner(build(product), shutdown_timeout=1.0)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            base = f"http://127.0.0.1:{runner.addresses[0][1]}"
            client = await stack.enter_async_context(aiohttp.ClientSession())
        except BaseException:
            await stack.aclose()
            raise
        self._running = _Running(product, client, base, stack)
        await self._settle()

    async def stop(self) -> None:
        """End the product gracefully."""
        if self._running is not None:
            stack = self._running.stack
            self._running = None
            await stack.aclose()

    async def restart(self, at: str | None = None) -> None:
        """Stop and start again on the same database; `at` later than the clock is downtime (rule A4)."""
        await self.stop()
        if at is not None:
            self.settings = self.settings.model_copy(update={"clock_start": moment(at)})
        await self._start()

    async def kill(self, at: str | None = None) -> None:
        """As after a power cut: the next process finds what was committed at this moment.

        On PostgreSQL, where no file can be copied, the product is stopped gracefully instead.
        """
        if not self.settings.database_url.startswith("sqlite"):
            await self.restart(at)
            return
        source = self.folder / Path(self.settings.database_url.removeprefix("sqlite+aiosqlite:///")).name
        self._said += 1
        image = self.folder / f"image{self._said}.db"
        with sqlite3.connect(source) as old, sqlite3.connect(image) as new:
            old.backup(new)
        old.close()
        new.close()
        await self.stop()
        changed: Json = {"database_url": f"sqlite+aiosqlite:///{image}"}
        if at is not None:
            changed["clock_start"] = moment(at)
        self.settings = self.settings.model_copy(update=changed)
        self._messages.clear()
        await self._start()

    # --- in

    async def post(self, path: str, body: object) -> tuple[int, Json]:
        """One call of the web chat API; returns the status and the JSON."""
        data = BytesIO(json.dumps(body).encode())  # in pieces: files may be large
        kind = {"Content-Type": "application/json"}
        async with self.client.post(f"{self.base}/webchat/api/{path}", data=data, headers=kind) as response:
            answer: Json = await response.json()
            return response.status, answer

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.client.get(f"{self.base}/webchat/api/{path}") as response:
            return response.status, await response.json()

    async def say(
        self,
        who: str,
        text: str,
        *,
        group: str | None = None,
        addressed: bool = True,
        files: Sequence[tuple[str, bytes]] = (),
        message_id: str | None = None,
        quoted: str = "",
        at: str | None = None,
        settle: bool = True,
    ) -> Json:
        """Send as a person, in private or in a group; returns the API's answer. at: move the clock first."""
        if at is not None:
            await self.clock(at)
        if group is not None and addressed and MENTION not in text:
            text = f"{MENTION} {text}"
        body: Json = {"from": who, "chat": "private" if group is None else group.strip("【】"), "text": text}
        if files:
            body["attachments"] = [
                {"name": name, "base64": base64.b64encode(content).decode()} for name, content in files
            ]
        if message_id is not None:
            body["message_id"] = message_id
        if quoted:
            body["quoted"] = quoted
        status, answer = await self.post("messages", body)
        assert status == 202, f"{who}「{text[:60]}」: {status} {answer}"
        if settle:
            await self._settle()
        return answer

    async def press(
        self,
        who: str,
        action: str,
        *,
        input: str = "",  # noqa: A002 - the name of the field in the API
        to: str | None = None,
        contains: str | None = None,
        message_id: str | None = None,
        at: str | None = None,
    ) -> Json:
        """Press a button of the latest message that has it.

        to: of the messages sent there, else of those sent to `who` or to any group.
        """
        if at is not None:
            await self.clock(at)
        shown = self.with_button(who, action, to=to, contains=contains)
        return await self.press_on(shown, who, action, input=input, message_id=message_id)

    async def press_on(
        self,
        shown: Message,
        who: str,
        action: str,
        *,
        input: str = "",  # noqa: A002 - the name of the field in the API
        message_id: str | None = None,
    ) -> Json:
        """Press a button of a given message, however old."""
        index = shown.button(action)
        assert index is not None, f"没有按钮「{action}」: {shown.actions}"
        body: Json = {"from": who, "seq": shown.seq, "action": shown.action_ids[index]}
        if input:
            body["input"] = input
        if message_id is not None:
            body["message_id"] = message_id
        status, answer = await self.post("actions", body)
        assert status == 202, f"{who} [{action}]: {status} {answer}"
        await self._settle()
        return answer

    def with_button(
        self, who: str, action: str, *, to: str | None = None, contains: str | None = None
    ) -> Message:
        """The latest message with this button that `who` can see, or the latest such one sent to `to`."""
        for message in reversed(self._messages):
            if to is None:
                if message.kind == "person" and not _meant(message, who):
                    continue
            elif not _meant(message, to):
                continue
            if contains is not None and norm(contains) not in norm(message.text):
                continue
            if message.button(action) is not None:
                return message
        offered = [(message.to, message.actions) for message in self._messages[-8:]]
        raise AssertionError(f"no message for {to or who} with [{action}]; the last ones offer {offered}")

    async def clock(self, at: str) -> Json:
        """Move the simulated clock forward to a local time, doing what falls due on the way."""
        status, answer = await self.post("clock", {"now": moment(at).isoformat()})
        assert status == 200, f"clock {at}: {status} {answer}"
        await self._refresh()
        return answer

    async def _settle(self) -> None:
        status, answer = await self.post("idle", {})
        assert status == 200, f"idle: {status} {answer}"
        await self._refresh()

    async def _refresh(self) -> None:
        while True:
            after = self._messages[-1].seq if self._messages else 0
            status, found = await self.get(f"messages?after={after}")
            assert status == 200, found
            self._messages.extend(_message(one) for one in found)
            if len(found) < MAX_MESSAGES:
                return

    # --- out

    def mark(self) -> None:
        """From here on `heard`, `last` and `silent` count."""
        self._mark = self._messages[-1].seq if self._messages else 0

    def heard(self, name: str) -> list[Message]:
        """What this person or group was sent since the mark."""
        return [message for message in self.heard_by_anyone() if _meant(message, name)]

    def heard_by_anyone(self) -> list[Message]:
        return [message for message in self._messages if message.seq > self._mark]

    def ever(self) -> list[Message]:
        """Everything sent since the city was opened, the time before the first mark included."""
        return list(self._messages)

    def last(self, name: str) -> Message:
        """The latest message to this person or group since the mark. Fails when there is none."""
        found = self.heard(name)
        assert found, (
            f"nothing was sent to {name}; others: {[(m.to, m.text[:40]) for m in self.heard_by_anyone()]}"
        )
        return found[-1]

    def only(self, name: str) -> Message:
        """The one message to this person or group since the mark. Fails when there are none or several."""
        found = self.heard(name)
        assert len(found) == 1, f"{name} got {len(found)} messages: {[message.text for message in found]}"
        return found[0]

    # --- records

    async def project(self, code: str) -> Json:
        return await self._record(f"projects/{code}")

    async def item(self, no: str) -> Json:
        return await self._record(f"items/{no}")

    async def audit(self, kind: str, key: str) -> list[Json]:
        """The audit rows of a record, oldest first; empty when it has none."""
        status, answer = await self.get(f"audit/{kind}/{key}")
        if status == 404:
            return []
        assert status == 200, answer
        rows: list[Json] = answer["rows"]
        return rows

    async def _record(self, path: str) -> Json:
        status, answer = await self.get(path)
        assert status == 200, f"{path}: {status} {answer}"
        record: Json = answer
        return record

    async def rows(self, statement: str, **values: object) -> list[Json]:
        """What a SELECT finds; named parameters as :name."""

        def look(session: Session) -> list[Json]:
            return [dict(row._mapping) for row in session.execute(sql(statement), values)]

        return await self.product.database.read(look)

    async def change(self, statement: str, **values: object) -> int:
        """Set up what the API cannot: one statement through the writer; returns the rows touched."""

        def alter(session: Session) -> int:
            return int(session.execute(sql(statement), values).rowcount)  # type: ignore[attr-defined]

        return await self.product.database.write(alter)


def _meant(message: Message, name: str) -> bool:
    """A person by name (with the unit when two share it) or a group, with or without 【】."""
    wanted = norm(name).strip("【】[]")
    shown = norm(message.to).strip("【】[]")
    return shown == wanted or ("(" not in wanted and wanted != "王磊" and shown.partition("(")[0] == wanted)


def _message(one: Mapping[str, Any]) -> Message:
    actions = one["actions"]
    return Message(
        seq=one["seq"],
        kind=one["to"]["kind"],
        to=one["to"]["name"],
        text=one["text"],
        actions=tuple(action["label"] for action in actions),
        action_ids=tuple(action["id"] for action in actions),
        prompts=tuple(action.get("prompt", "") for action in actions),
        files=tuple((file["name"], file["url"]) for file in one["files"]),
        at=datetime.fromisoformat(one["at"]).astimezone(SHANGHAI),
        reason=one["reason"],
    )


# --- asserting


def figure(amount: int | str) -> str:
    """A pattern for an amount in 万元 or a percentage: thousand separators and trailing zeros are free."""
    whole, _, decimals = str(amount).partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = f"{int(whole.lstrip('-')):,}".replace(",", ",?")
    kept = decimals.rstrip("0")
    tail = rf"\.{kept}0*" if kept else r"(?:\.0+)?"
    return rf"(?<![\d.]){sign}{digits}{tail}(?![\d]|\.\d|,\d{{3}})"


_ARROW: Final = "(?:万元)?(?:→|->|=>|至|改为|变为)"


def becomes(old: int | str, new: int | str) -> re.Pattern[str]:
    """old → new, both in 万元."""
    return re.compile(rf"{figure(old)}{_ARROW}{figure(new)}")


def amount(value: int | str) -> re.Pattern[str]:
    """This figure, standing alone."""
    return re.compile(figure(value))


def labelled(label: str, value: int | str) -> re.Pattern[str]:
    """A label followed by its figure within a few characters, e.g. 差距 1.08."""
    return re.compile(rf"{re.escape(norm(label))}[^\d\n]{{0,12}}{figure(value)}")


def turns(old: str, new: str) -> re.Pattern[str]:
    """A light that changes: 黄 → 绿."""
    return re.compile(rf"{old}灯?(?:→|->|=>|转为?|变为?){new}")


def says(message: Message, *parts: str | re.Pattern[str]) -> None:
    """Every part stands in the message; width of punctuation, spaces and emphasis do not matter."""
    text = norm(message.text)
    for part in parts:
        found = norm(part) in text if isinstance(part, str) else part.search(text) is not None
        wanted = part if isinstance(part, str) else part.pattern
        assert found, f"「{wanted}」 is missing in the message to {message.to}:\n{message.text}"


def lacks(message: Message, *parts: str | re.Pattern[str]) -> None:
    """None of the parts stands in the message."""
    text = norm(message.text)
    for part in parts:
        found = norm(part) in text if isinstance(part, str) else part.search(text) is not None
        wanted = part if isinstance(part, str) else part.pattern
        assert not found, f"「{wanted}」 must not stand in the message to {message.to}:\n{message.text}"


def offers(message: Message, *labels: str) -> None:
    """Every verb is offered as a button."""
    for label in labels:
        assert message.button(label) is not None, (
            f"[{label}] is not offered: {message.actions}\n{message.text}"
        )


def mentions(message: Message, *parts: str | re.Pattern[str]) -> bool:
    """True when every part stands in the message."""
    text = norm(message.text)
    return all(
        norm(part) in text if isinstance(part, str) else part.search(text) is not None for part in parts
    )


def audited(
    rows: Sequence[Json], old: int | None, new: int, *, by: str, reason: str = "", approver: str = ""
) -> Json:
    """The audit row of a year-to-date figure (万元) that went from old to new, with `by` as its actor.

    Checks what every row must carry: who, when, from which message. Fails when there is none.
    """
    pair = tuple(None if value is None else str(value * 1_000_000) for value in (old, new))
    found = [row for row in rows if "ytd" in row["field"] and (row["old"], row["new"]) == pair]
    shown = [(row["field"], row["old"], row["new"], row["by_name"]) for row in rows]
    assert found, f"no audit row {old} → {new}: {shown}"
    row = found[-1]
    told = norm(f"{row['by_name']} {row['reason']}")
    assert norm(by) in told, told
    assert norm(reason) in told, told
    assert norm(approver) in told, told
    assert row["message_id"], row
    return row


def silent(city: City, *names: str) -> None:
    """Nobody named got anything since the mark; without names, nobody at all."""
    heard = [
        (message.to, message.text)
        for message in city.heard_by_anyone()
        if not names or any(_meant(message, name) for name in names)
    ]
    assert not heard, f"nothing should have been sent: {heard}"


# --- the city at a time, made once a run and copied

Steps = Callable[[City], Awaitable[object]]  # what tests of one file have in common
CHECKPOINTS: Final = (
    "2026-09-22 07:00",
    "2026-09-22 08:35",
    "2026-09-23 07:00",
    "2026-09-28 07:00",
    "2026-10-08 07:00",
    "2026-12-31 17:00",
)  # later times are reached from the last of these


def _settings(url: str, folder: Path, at: str) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=url,
        clock="simulated",
        clock_start=moment(at),
        data_dir=folder,
        listen="127.0.0.1:0",
    )


async def _database(at: str, after: Steps | None, server: Server | None, target: Path) -> str:
    """The URL of a fresh database with the city at that time: the file `target`, or one on the server."""
    key = f"city {at}" + (f" after {after.__module__}.{after.__qualname__}" if after else "")
    if server is not None:
        with server.first(key) as is_first:
            if is_first:
                server.keep(key, await _made(at, after, server, target))
        return server.new_database(key)
    kept = prepared.file_of(key)
    with prepared.first(kept) as is_first:
        if is_first:
            begun = kept.with_suffix(".begun")
            await _made(at, after, None, begun)
            begun.rename(kept)
    return prepared.copy(kept, target)


async def _made(at: str, after: Steps | None, server: Server | None, target: Path) -> str:
    """Load the baseline, or go on from the last time before, with the product as it runs."""
    if after is None and at <= BASELINE_AT:
        if server is None:
            return prepared.copy(prepared.city(moment(at)), target)
        url = server.new_database()
        await _load(url, at)
        return url
    before = at if after else max(time for time in (BASELINE_AT, *CHECKPOINTS) if time < at)
    url = await _database(before, None, server, target)
    with tempfile.TemporaryDirectory(dir=prepared.FOLDER) as folder:
        city = City(Path(folder), _settings(url, Path(folder), before))
        try:
            await city._start()
            await (after(city) if after else city.clock(at))
        finally:
            await city.stop()
        assert not list(Path(folder).iterdir()), "the copy is a database; files made on the way would be lost"
    return url


async def _load(url: str, start: str) -> None:
    """Schema and baseline into an empty database."""
    await migrate.upgrade(url)
    tasks = Tasks()
    database = await Database.open(url, lambda work: tasks.start(work, name="writer"))
    try:
        await database.write(lambda session: load_baseline(session, at=moment(start)))
    finally:
        await database.close()
        await tasks.stop()


@asynccontextmanager
async def city_at(
    tmp_path: Path, at: str, after: Steps | None = None, *, server: Server | None = None
) -> AsyncIterator[City]:
    """`async with city_at(tmp_path, "2026-09-22 10:02") as city:`"""
    city = await City.open(tmp_path, at, after, server=server)
    try:
        yield city
    finally:
        await city.stop()
