"""Calls that need no token: the address itself is the secret, so it is never shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from bot.platforms.base import AnswerLost, RateLimited, Rejected, Unavailable
from bot.platforms.bodies import json_answer

MAX_ANSWER: Final = 1024 * 1024
TOO_MANY_SECONDS: Final = 60.0  # after "too many requests" of a server on the way
# Nothing of the call has left: no address, no connection, no secure line, a proxy that does not pass it on.
NEVER_LEFT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientProxyConnectionError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
)

Answer = dict[str, Any]


class Wire:
    """One session for all calls. proxy, call_seconds (the longest that one call may last): as in the settings."""

    def __init__(self, proxy: str | None, *, call_seconds: float) -> None:
        self._proxy = proxy
        self._call_seconds = call_seconds
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(
        self, url: str, body: Mapping[str, object] | aiohttp.FormData, *, params: Mapping[str, str] | None = None
    ) -> Answer:  # fmt: skip
        """The answer, with its error code still in it.

        Raises Unavailable and RateLimited when nothing was executed, AnswerLost when something may have been, Rejected
        for a status.
        """
        if self._session is None:
            # A connection for each call: one that was kept may have been closed at the other end a moment ago, and then
            # nobody could say whether the call was read. Connecting ends in good time, so that it is told from waiting.
            limits = aiohttp.ClientTimeout(total=self._call_seconds, sock_connect=self._call_seconds / 2)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True), timeout=limits
            )
        data: bytes | aiohttp.FormData
        headers: dict[str, str] = {}
        if isinstance(body, aiohttp.FormData):
            data = body
        else:
            data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            async with self._session.post(
                url, params=params, data=data, headers=headers, proxy=self._proxy, allow_redirects=False
            ) as response:
                if response.status == 429:
                    raise RateLimited("HTTP 429", retry_after=TOO_MANY_SECONDS)
                if response.status >= 500:
                    raise Unavailable(f"HTTP {response.status}")
                if response.status != 200:
                    raise Rejected(f"HTTP {response.status}")
                answer = await json_answer(response, MAX_ANSWER)
        except NEVER_LEFT as error:
            raise Unavailable(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AnswerLost(type(error).__name__) from None
        if answer is None:
            raise AnswerLost("answer is not JSON")
        return told(answer)


def told(answer: Answer) -> Answer:
    """An answer that says what became of the call.

    Raises AnswerLost for any other: something on the way has answered, and nobody knows what the platform did.
    """
    if "errcode" not in answer:
        raise AnswerLost("answer without errcode")
    return answer


def code_of(answer: Answer) -> int:
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else -1
