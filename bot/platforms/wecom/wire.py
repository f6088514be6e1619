"""Calls that need no token: the address itself is the secret, so it is never shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from bot.platforms.base import AnswerLost, Rejected, Unavailable
from bot.platforms.bodies import json_answer

MAX_ANSWER: Final = 1024 * 1024

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

        Raises Unavailable when nothing was executed, AnswerLost when something may have been, Rejected for a status.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._call_seconds))
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
                if response.status >= 500:
                    raise Unavailable(f"HTTP {response.status}")
                if response.status != 200:
                    raise Rejected(f"HTTP {response.status}")
                answer = await json_answer(response, MAX_ANSWER)
        except (aiohttp.ClientConnectorError, aiohttp.ClientProxyConnectionError) as error:
            raise Unavailable(type(error).__name__) from None  # nothing was sent
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AnswerLost(type(error).__name__) from None
        if answer is None:
            raise AnswerLost("answer is not JSON")
        return answer


def code_of(answer: Answer) -> int:
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else -1
