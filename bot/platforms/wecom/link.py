"""The long connection of an AI bot: opened by us, so an office needs no address of its own.

One connection subscribes, keeps a heartbeat, hands on what comes, and answers frames one at a time for each request id.
It comes back after a loss, later each time; a refused secret is tried more rarely, and one that was taken over by
another connection stays away, because coming back would only take it over in turn.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import math
import random
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

import aiohttp
import structlog

from bot.platforms.base import AnswerLost, Rejected, Unavailable
from bot.platforms.wecom.wire import code_of
from bot.tasks import Tasks

log = structlog.get_logger()

CHUNK: Final = 512 * 1024
MOST_CHUNKS: Final = 100
MAX_FRAME: Final = 4 * 1024 * 1024
WRONG_SECRET: Final = 853000

Frame = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between heartbeats, for an answer, the first and the longest pause, after a refused secret, after a
    takeover. Two heartbeats without an answer end a connection.
    """

    heartbeat: float = 30.0
    answer: float = 5.0
    first: float = 1.0
    longest: float = 30.0
    refused: float = 60.0
    refused_longest: float = 1800.0
    taken_over: float = 600.0


@dataclass(slots=True)
class _Turn:
    """The frames of one request. asked: those that are under way or wait."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: int = 0


class _End(Enum):
    LOST = "lost"
    REFUSED = "refused"
    TAKEN_OVER = "taken over"


class Link:
    """heard: what is done with every callback, in the order of arrival."""

    def __init__(
        self, *, url: str, bot_id: str, secret: str, proxy: str | None, heard: Callable[[Frame], Awaitable[None]],
        tasks: Tasks, pace: Pace | None = None,
    ) -> None:  # fmt: skip
        self._url = url
        self._bot_id = bot_id
        self._secret = secret
        self._proxy = proxy
        self._heard = heard
        self._tasks = tasks
        self._end = _End.LOST
        self._pace = pace or Pace()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        self._turns: dict[str, _Turn] = {}
        self._came: asyncio.Queue[Frame] = asyncio.Queue()
        self._silent = 0
        self.up = asyncio.Event()

    async def run(self) -> None:
        """Keep the connection until cancelled."""
        lost = refused = 0
        worker = self._tasks.start(self._hand_on(), name="wecom callbacks")
        try:
            while True:
                was_up, end = await self._connect()
                lost = 0 if was_up else lost
                refused = 0 if was_up else refused
                if end is _End.TAKEN_OVER:
                    log.error("another connection has taken over", platform="wecom_aibot", mend=_TAKEN_OVER)
                    await asyncio.sleep(self._pace.taken_over)
                elif end is _End.REFUSED:
                    log.error(
                        "platform needs the operator",
                        platform="wecom_aibot",
                        code=WRONG_SECRET,
                        mend=_CREDENTIALS,
                    )
                    await asyncio.sleep(self._grown(self._pace.refused, refused, self._pace.refused_longest))
                    refused += 1
                else:
                    await asyncio.sleep(self._grown(self._pace.first, lost, self._pace.longest))
                    lost += 1
        finally:
            worker.cancel()

    def _grown(self, first: float, times: int, longest: float) -> float:
        """Doubled each time, with a part left to chance, so that many who were cut off do not come back at once."""
        whole = min(first * float(1 << min(times, 20)), longest)
        return whole * (0.75 + random.random() / 2)  # noqa: S311 - no secret

    async def ask(self, cmd: str, body: Frame | None, *, request: str = "") -> Frame:
        """Send a frame and wait for its answer, whose error code is still in it.

        request: of the callback that it answers; the next frame of one request waits for the answer to the one before.
        Raises Unavailable when nothing was sent, AnswerLost when something may have been.
        """
        number = request or f"{cmd}_{secrets.token_hex(8)}"
        turn = self._turns.setdefault(number, _Turn())
        turn.asked += 1
        try:
            async with turn.lock:
                return await self._exchange(cmd, body, number)
        finally:
            turn.asked -= 1
            if not turn.asked:
                del self._turns[number]

    async def _exchange(self, cmd: str, body: Frame | None, number: str) -> Frame:
        socket = self._socket
        if socket is None or socket.closed or (not self.up.is_set() and cmd != "aibot_subscribe"):
            raise Unavailable("not connected")
        frame: Frame = {"cmd": cmd, "headers": {"req_id": number}}
        if body is not None:
            frame["body"] = body
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            await socket.send_str(json.dumps(frame, ensure_ascii=False))
            async with asyncio.timeout(
                self._pace.answer
            ):  # not of the sending: a piece of a file is half a megabyte
                return await answer
        except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
            raise AnswerLost(type(error).__name__) from None
        finally:
            self._answers.pop(number, None)

    async def upload(self, name: str, content: bytes, *, kind: str) -> str:
        """Hand over a file in pieces; returns the id under which it can be sent for three days."""
        pieces = max(1, math.ceil(len(content) / CHUNK))
        if pieces > MOST_CHUNKS:
            raise Rejected(f"file of {len(content)} bytes is above the platform's limit")
        begun = await self._must(
            "aibot_upload_media_init",
            {
                "type": kind, "filename": name, "total_size": len(content), "total_chunks": pieces,
                "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            },
        )  # fmt: skip
        upload = str(begun.get("upload_id", ""))
        for number in range(pieces):
            piece = base64.b64encode(content[number * CHUNK : (number + 1) * CHUNK]).decode()
            await self._must(
                "aibot_upload_media_chunk",
                {"upload_id": upload, "chunk_index": number, "base64_data": piece},
            )
        done = await self._must("aibot_upload_media_finish", {"upload_id": upload})
        return str(done.get("media_id", ""))

    async def _must(self, cmd: str, body: Frame) -> Frame:
        """A step that shows nothing to anybody: whatever goes wrong, it is all done again later."""
        try:
            answer = await self.ask(cmd, body)
        except AnswerLost as error:
            raise Unavailable(str(error)) from None
        if code_of(answer) != 0:
            raise Unavailable(f"errcode {code_of(answer)}")
        found = answer.get("body")
        return found if isinstance(found, dict) else {}

    # --- one connection

    async def _connect(self) -> tuple[bool, _End]:
        """One connection from its beginning to its end; whether it was ever subscribed, and how it ended."""
        reading: asyncio.Task[None] | None = None
        was_up = False
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_connect=10)) as session,
                session.ws_connect(
                    self._url, proxy=self._proxy, max_msg_size=MAX_FRAME, autoping=True
                ) as socket,
            ):
                self._socket = socket
                self._end = _End.LOST
                reading = self._tasks.start(self._read(socket), name="wecom frames")
                answer = await self.ask("aibot_subscribe", {"bot_id": self._bot_id, "secret": self._secret})
                if (code := code_of(answer)) != 0:
                    log.warning("subscription refused", platform="wecom_aibot", code=code)
                    return False, _End.REFUSED if code == WRONG_SECRET else _End.LOST
                was_up, self._silent = True, 0
                self.up.set()
                log.info("connected", platform="wecom_aibot")
                return True, await self._alive(reading)
        except (aiohttp.ClientError, TimeoutError, OSError, Unavailable) as error:
            log.warning("connection lost", platform="wecom_aibot", why=type(error).__name__)
            return was_up, _End.LOST
        finally:
            self.up.clear()
            self._socket = None
            if reading is not None:
                reading.cancel()
            for waiting in self._answers.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionResetError("the connection ended before the answer"))

    async def _alive(self, reading: asyncio.Task[None]) -> _End:
        """Send heartbeats until the connection ends, or until nobody has answered two of them."""
        while True:
            done, _ = await asyncio.wait({reading}, timeout=self._pace.heartbeat)
            if done:
                return self._end
            if self._silent >= 2:
                log.warning("heartbeat not answered", platform="wecom_aibot")
                return _End.LOST
            self._silent += 1
            if self._socket is not None:
                number = f"ping_{secrets.token_hex(8)}"
                await self._socket.send_str(json.dumps({"cmd": "ping", "headers": {"req_id": number}}))

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            frame = _frame(message.data)
            if frame is None:
                log.warning("frame not understood", platform="wecom_aibot")
                continue
            if "cmd" in frame:
                if _is_takeover(frame):
                    self._end = _End.TAKEN_OVER
                    return
                self._came.put_nowait(frame)
                continue
            number = request_of(frame)
            if number.startswith("ping"):
                self._silent = 0
            elif (waiting := self._answers.get(number)) is not None and not waiting.done():
                waiting.set_result(frame)

    async def _hand_on(self) -> None:
        while True:
            frame = await self._came.get()
            try:
                await self._heard(frame)
            except Exception:  # without this worker nobody is heard any more
                log.exception("callback not dealt with", platform="wecom_aibot")


async def subscribe_once(url: str, *, bot_id: str, secret: str, proxy: str | None, seconds: float) -> int:
    """Subscribe and hang up; returns the error code, 0 when id and secret are accepted.

    Takes the connection from whoever has it. Raises Unavailable when nobody answers within so many seconds.
    """
    number = f"aibot_subscribe_{secrets.token_hex(8)}"
    frame = {
        "cmd": "aibot_subscribe", "headers": {"req_id": number}, "body": {"bot_id": bot_id, "secret": secret},
    }  # fmt: skip
    try:
        async with (
            asyncio.timeout(seconds),
            aiohttp.ClientSession() as session,
            session.ws_connect(url, proxy=proxy, max_msg_size=MAX_FRAME) as socket,
        ):
            await socket.send_str(json.dumps(frame))
            async for message in socket:
                answer = _frame(message.data) if message.type is aiohttp.WSMsgType.TEXT else None
                if answer is not None and "cmd" not in answer and request_of(answer) == number:
                    return code_of(answer)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unavailable(type(error).__name__) from None
    raise Unavailable("hung up")


_TAKEN_OVER: Final = "同一个智能机器人在别处也连着：停掉另一处，10 分钟后自动重连"
_CREDENTIALS: Final = (
    "智能机器人的 Bot ID 或 Secret 不对：核对 BOT_WECOM__AIBOT__BOT_ID 和 BOT_WECOM__AIBOT__SECRET"
)


def request_of(frame: Frame) -> str:
    headers = frame.get("headers")
    number = headers.get("req_id", "") if isinstance(headers, dict) else ""
    return number if isinstance(number, str) else ""


def _frame(data: str) -> Frame | None:
    try:
        frame = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def _is_takeover(frame: Frame) -> bool:
    body = frame.get("body")
    event = body.get("event") if isinstance(body, dict) else None
    return isinstance(event, dict) and event.get("eventtype") == "disconnected_event"
