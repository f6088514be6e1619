"""A strict chat completions endpoint: it refuses what the protocol does not allow, and answers what it was told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.serving import serving

NAME, KEY = "qwen-local", "k-123"


@dataclass(slots=True)
class FakeModel:
    """answer: the content of every answer, or a raw body. asked: the messages it was shown, in order."""

    answer: str = "{}"
    raw: bytes | None = None
    delay: float = 0.0
    status: int = 200
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    url: str = ""

    def suggest(self, **said: Any) -> None:
        self.answer = json.dumps(said, ensure_ascii=False)

    async def _complete(self, request: web.Request) -> web.Response:
        body = await request.json()
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            self.wrong.append("key")
        if set(body) != {"model", "temperature", "max_tokens", "messages"} or body["model"] != NAME:
            self.wrong.append("body")
        if [one["role"] for one in body["messages"]] != ["system", "user"]:
            self.wrong.append("roles")
        if self.wrong:
            return web.json_response({"error": self.wrong}, status=400)
        self.asked.append(body["messages"][1]["content"])
        await asyncio.sleep(self.delay)
        if self.raw is not None:
            return web.Response(body=self.raw, content_type="application/json", status=self.status)
        choice = {"index": 0, "message": {"role": "assistant", "content": self.answer}}
        return web.json_response({"choices": [choice]}, status=self.status)


@asynccontextmanager
async def fake_model() -> AsyncIterator[FakeModel]:
    model = FakeModel()
    async with serving([web.post("/v1/chat/completions", model._complete)]) as place:
        model.url = f"http://{place}/v1"
        yield model
