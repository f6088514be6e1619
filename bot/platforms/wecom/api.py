"""The server API: one access token for all processes, calls whose answers are read by their code."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

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
from bot.platforms.wecom.failures import OPERATOR, REFRESH, failure
from bot.platforms.wecom.wire import MAX_ANSWER, Answer, code_of
from bot.shelf import Kept

log = structlog.get_logger()

TOKEN_LASTS: Final = 7200  # seconds, where the server does not say it
EARLY: Final = timedelta(seconds=300)  # a token is not used any more so long before its end
# After an answer that only a person can mend, nobody is asked again for so long. Wrong secrets block the address.
PAUSE: Final = timedelta(seconds=30)
WRONG_SECRET_PAUSE: Final = timedelta(minutes=5)


class TokenShelf(Protocol):
    """Where the token lies for every process (bot.shelf)."""

    async def look(self) -> Kept | None: ...

    async def put(self, kept: Kept) -> None: ...


class Api:
    """One self-built app's calls. now: the product's clock. call_seconds: the longest that one call may last.

    Raises SendFailed from every call.
    """

    def __init__(
        self, *, base: str, corp_id: str, secret: str, proxy: str | None, shelf: TokenShelf,
        now: Callable[[], datetime], call_seconds: float,
    ) -> None:  # fmt: skip
        self._call_seconds = call_seconds
        self._base = base.rstrip("/")
        self._corp_id = corp_id
        self._secret = secret
        self._proxy = proxy
        self._shelf = shelf
        self._now = now
        self._session: aiohttp.ClientSession | None = None
        self._known: Kept | None = None
        self._asking = asyncio.Lock()
        self._paused_until: datetime | None = None
        self._paused_by = ""
        self._busy_until: dict[str, datetime] = {}  # by path: too many calls
        self.server_time: datetime | None = None  # of the last answer that told it

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, path: str, body: Mapping[str, object]) -> Answer:
        """Call with a JSON body in plain UTF-8: the server refuses escaped characters."""
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return await self._with_token(
            path, lambda token: self._ask("POST", path, {"access_token": token}, data, headers)
        )

    async def get(self, path: str, **params: str) -> Answer:
        return await self._with_token(
            path, lambda token: self._ask("GET", path, {**params, "access_token": token})
        )

    async def upload(self, name: str, content: bytes, *, kind: str) -> str:
        """Hand over a file; returns the id under which it can be sent for three days."""

        def ask(token: str) -> Awaitable[Answer]:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("media", content, filename=name, content_type="application/octet-stream")
            return self._ask("POST", "media/upload", {"access_token": token, "type": kind}, form)

        answer = await self._with_token("media/upload", ask)
        return str(answer.get("media_id", ""))

    async def download(self, media_id: str, *, limit: int) -> Fetched:
        """A file that a member sent. Raises TooLarge above limit bytes, Rejected when it is gone."""
        code, detail, spent = 0, "", ""
        for _ in range(2):
            spent = await self._token(spent=spent)
            params = {"access_token": spent, "media_id": media_id}
            try:
                async with self._client().get(
                    self._url("media/get"), params=params, proxy=self._proxy, allow_redirects=False
                ) as response:
                    if response.content_type not in ("application/json", "text/plain"):
                        if response.status != 200:
                            raise Unavailable(f"HTTP {response.status}")
                        return await file_of(response, limit)
                    code, detail = await _outcome(response)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise Unavailable(type(error).__name__) from None
            if code not in REFRESH:
                break
        raise self._failure(code, detail, path="media/get")

    async def check(self) -> None:
        """Ask for a token, whether or not one is known: says whether id, secret and address are accepted."""
        await self._new_token()

    # --- token

    async def _with_token(self, path: str, ask: Callable[[str], Awaitable[Answer]]) -> Answer:
        token = await self._token()
        answer = await ask(token)
        if code_of(answer) in REFRESH:
            answer = await ask(await self._token(spent=token))
        code = code_of(answer)
        if code != 0:
            raise self._failure(code, str(answer.get("errmsg", "")), path=path)
        return answer

    async def _token(self, *, spent: str = "") -> str:
        """The current token. spent: one that was refused; only if nobody has replaced it yet is a new one asked for."""
        async with self._asking:
            for look in (self._remembered, self._shelf.look):
                kept = await look()
                if kept is not None and kept.value != spent and kept.expires_at > self._now():
                    self._known = kept
                    return kept.value
            self._known = await self._new_token()
            await self._shelf.put(self._known)
            return self._known.value

    async def _remembered(self) -> Kept | None:
        return self._known

    async def _new_token(self) -> Kept:
        asked_at = self._now()
        answer = await self._ask("GET", "gettoken", {"corpid": self._corp_id, "corpsecret": self._secret})
        code = code_of(answer)
        if code != 0:
            raise self._failure(
                code, str(answer.get("errmsg", "")), path="gettoken", pause=WRONG_SECRET_PAUSE
            )
        token, seconds = answer.get("access_token"), answer.get("expires_in", TOKEN_LASTS)
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise Unavailable("answer without access_token")
        lasts = timedelta(seconds=seconds)
        return Kept(token, asked_at + lasts - min(EARLY, lasts / 2))

    # --- the wire

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._call_seconds), auto_decompress=True
            )
        return self._session

    def _url(self, path: str) -> str:
        return f"{self._base}/cgi-bin/{path}"

    async def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        data: bytes | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One call; errors of the platform are in the answer. The address holds secrets and is never shown."""
        now = self._now()
        if self._paused_until is not None and now < self._paused_until:
            raise NeedsOperator(self._paused_by)
        if (free_at := self._busy_until.get(path)) is not None and now < free_at:
            raise RateLimited("asked to wait", retry_after=(free_at - now).total_seconds())
        try:
            async with self._client().request(
                method, self._url(path), params=params, data=data, headers=headers, proxy=self._proxy,
                allow_redirects=False,
            ) as response:  # fmt: skip
                self._note_time(response)
                if response.status >= 500:
                    raise Unavailable(f"HTTP {response.status}")
                if response.status != 200:
                    raise Rejected(f"HTTP {response.status}")
                body = await json_answer(response, MAX_ANSWER)
        except (aiohttp.ClientConnectorError, aiohttp.ClientProxyConnectionError) as error:
            raise Unavailable(type(error).__name__) from None  # nothing was sent
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AnswerLost(type(error).__name__) from None
        if body is None:
            raise AnswerLost("answer is not JSON")
        return body

    def _note_time(self, response: aiohttp.ClientResponse) -> None:
        try:
            self.server_time = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            return

    def _failure(self, code: int, detail: str, *, path: str, pause: timedelta = PAUSE) -> SendFailed:
        failed = failure(code, detail=detail.replace(self._secret, "***"))
        if isinstance(failed, RateLimited):
            self._busy_until[path] = self._now() + timedelta(seconds=failed.retry_after)
        if code in OPERATOR:
            self._paused_until = self._now() + pause
            self._paused_by = str(failed)
            log.error("platform needs the operator", platform="wecom", code=code, mend=OPERATOR[code])
        return failed


async def _outcome(response: aiohttp.ClientResponse) -> tuple[int, str]:
    body = await json_answer(response, MAX_ANSWER)
    if body is None or response.status >= 500:
        return -1, f"HTTP {response.status}"
    return code_of(body) or -1, str(body.get("errmsg", ""))
