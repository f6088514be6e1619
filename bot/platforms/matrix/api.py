"""The client-server API, called with the application service's token. Every call can be repeated unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import structlog

from bot.platforms.base import (
    AnswerLost,
    Fetched,
    NeedsOperator,
    RateLimited,
    Rejected,
    SendFailed,
    Unavailable,
)
from bot.platforms.bodies import file_of, json_answer
from bot.platforms.matrix.failures import Gone, failure

log = structlog.get_logger()

PAUSE: Final = timedelta(seconds=30)  # after an answer that only a person can mend, nobody is asked so long
MAX_ANSWER: Final = 4 * 1024 * 1024
CLIENT: Final = "/_matrix/client/v3"
LOOKED_BACK: Final = 50  # events of ours in a room among which a message is looked for

Answer = dict[str, Any]


class Api:
    """base: the homeserver's address. user_id: the bot. now: the product's clock. call_seconds: the longest of a call.

    Calls raise SendFailed.
    """

    def __init__(
        self, *, base: str, token: str, user_id: str, now: Callable[[], datetime], call_seconds: float
    ) -> None:
        self._call_seconds = call_seconds
        self._base = base.rstrip("/")
        self._token = token
        self._user_id = user_id
        self._now = now
        self._session: aiohttp.ClientSession | None = None
        self._paused_until: datetime | None = None
        self._paused_by = ""
        self._busy_until: datetime | None = None  # too many messages: the limit is the bot's, not a room's

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    # --- rooms

    async def put_event(self, room: str, transaction: str, content: Mapping[str, object]) -> str:
        """Send a message; the same transaction again is answered with the event that it made before."""
        path = f"{CLIENT}/rooms/{_part(room)}/send/m.room.message/{_part(transaction)}"
        return _text(await self.call("PUT", path, content, counted=True), "event_id")

    async def event(self, room: str, event_id: str) -> Answer:
        return await self.call("GET", f"{CLIENT}/rooms/{_part(room)}/event/{_part(event_id)}")

    async def latest(self, room: str, *, own: bool) -> list[Answer]:
        """The newest events of a room, newest first. own: only messages of the bot."""
        wanted = {"senders": [self._user_id], "types": ["m.room.message"]} if own else {}
        only = json.dumps(wanted, separators=(",", ":"))
        answer = await self.call(
            "GET", f"{CLIENT}/rooms/{_part(room)}/messages",
            params={"dir": "b", "limit": str(LOOKED_BACK), "filter": only},
        )  # fmt: skip
        return [one for one in answer.get("chunk", ()) if isinstance(one, dict)]

    async def members(self, room: str) -> frozenset[str]:
        """Who has joined."""
        answer = await self.call("GET", f"{CLIENT}/rooms/{_part(room)}/joined_members")
        return frozenset(answer.get("joined") or ())

    async def joined_rooms(self) -> list[str]:
        answer = await self.call("GET", f"{CLIENT}/joined_rooms")
        return [room for room in answer.get("joined_rooms", ()) if isinstance(room, str)]

    async def room_name(self, room: str) -> str:
        """Empty for a room without one."""
        try:
            return _text(await self.call("GET", f"{CLIENT}/rooms/{_part(room)}/state/m.room.name"), "name")
        except Gone:
            return ""

    async def join(self, room: str) -> None:
        await self.call("POST", f"{CLIENT}/rooms/{_part(room)}/join", {})

    async def invite(self, room: str, user: str) -> None:
        await self.call("POST", f"{CLIENT}/rooms/{_part(room)}/invite", {"user_id": user})

    async def create_room(self, body: Mapping[str, object]) -> str:
        return _text(await self.call("POST", f"{CLIENT}/createRoom", body), "room_id")

    async def room_of_alias(self, alias: str) -> str:
        return _text(await self.call("GET", f"{CLIENT}/directory/room/{_part(alias)}"), "room_id")

    # --- accounts

    async def whoami(self) -> str:
        return _text(await self.call("GET", f"{CLIENT}/account/whoami"), "user_id")

    async def is_known(self, user: str) -> bool:
        """Whether the homeserver knows this person."""
        try:
            await self.call("GET", f"{CLIENT}/profile/{_part(user)}")
        except Gone as error:
            if error.code == "M_NOT_FOUND":
                return False
        return True

    async def register(self, localpart: str) -> None:
        """Make the bot's account; nothing happens when there is one."""
        body = {"type": "m.login.application_service", "username": localpart, "inhibit_login": True}
        try:
            await self.call("POST", f"{CLIENT}/register", body)
        except Rejected as error:
            if "M_USER_IN_USE" not in str(error):
                raise

    async def set_name(self, name: str) -> None:
        await self.call("PUT", f"{CLIENT}/profile/{_part(self._user_id)}/displayname", {"displayname": name})

    async def ping(self, service: str) -> None:
        """Ask the homeserver to call us back."""
        await self.call("POST", f"/_matrix/client/v1/appservice/{_part(service)}/ping", {})

    # --- files

    async def upload(self, name: str, content: bytes, *, media_type: str) -> str:
        """Hand over a file; returns its mxc address."""
        answer = await self.call(
            "POST", "/_matrix/media/v3/upload", params={"filename": name}, data=content, media_type=media_type
        )
        return _text(answer, "content_uri")

    async def download(self, server: str, media: str, *, limit: int) -> Fetched:
        """A file that somebody sent. Raises TooLarge above limit bytes, Rejected when it is gone."""
        path = f"/_matrix/client/v1/media/download/{_part(server)}/{_part(media)}"
        self._check_pause()
        try:
            async with self._client().get(
                f"{self._base}{path}",
                params={"allow_redirect": "false"},
                headers=self._headers(),
                allow_redirects=False,
            ) as response:
                if response.status == 200:
                    return await file_of(response, limit)
                body = await json_answer(response, MAX_ANSWER) or {}
                failed = self._failure(response, body)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(type(error).__name__) from None
        raise Rejected(str(failed)) if isinstance(failed, Gone) else failed

    # --- the wire

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
        media_type: str = "application/json",
        counted: bool = False,
    ) -> Answer:
        """One call. counted: the server limits how many there are of these."""
        self._check_pause()
        now = self._now()
        if counted and self._busy_until is not None and now < self._busy_until:
            raise RateLimited("asked to wait", retry_after=(self._busy_until - now).total_seconds())
        if body is not None:
            data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {**self._headers(), **({"Content-Type": media_type} if data is not None else {})}
        try:
            async with self._client().request(
                method, f"{self._base}{path}", params=params, data=data, headers=headers, allow_redirects=False
            ) as response:  # fmt: skip
                answer = await json_answer(response, MAX_ANSWER)
                if response.status == 200 and answer is not None:
                    return answer
                failed = self._failure(response, answer or {})
                if counted and isinstance(failed, RateLimited):
                    self._busy_until = now + timedelta(seconds=failed.retry_after)
        except (aiohttp.ClientConnectorError, aiohttp.ClientProxyConnectionError) as error:
            raise Unavailable(type(error).__name__) from None  # nothing was sent
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AnswerLost(type(error).__name__) from None
        if response.status == 200:
            raise AnswerLost("answer is not JSON")
        raise failed

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._call_seconds))
        return self._session

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _check_pause(self) -> None:
        if self._paused_until is not None and self._now() < self._paused_until:
            raise NeedsOperator(self._paused_by)

    def _failure(self, response: aiohttp.ClientResponse, body: Answer) -> SendFailed:
        code, detail = _text(body, "errcode"), _text(body, "error").replace(self._token, "***")
        failed = failure(response.status, code, detail=detail, retry_after=_wait_of(response, body))
        if isinstance(failed, NeedsOperator):
            self._paused_until = self._now() + PAUSE
            self._paused_by = str(failed)
            log.error("platform needs the operator", platform="matrix", code=code, mend=str(failed))
        return failed


def _part(value: str) -> str:
    return quote(value, safe="")


def _text(body: Answer, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _wait_of(response: aiohttp.ClientResponse, body: Answer) -> float | None:
    """Seconds, from the header or from the older field of the body."""
    header = response.headers.get("Retry-After", "")
    if header.isascii() and header.isdigit() and len(header) < 7:
        return float(header)
    told = body.get("retry_after_ms")
    return told / 1000 if isinstance(told, int) and not isinstance(told, bool) else None
