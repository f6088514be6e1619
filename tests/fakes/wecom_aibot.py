"""The platform's side of an AI bot by callback: seals what members say, opens answers, asks streams again.

The screens keep what members and groups see; a stream's content replaces what it showed before.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.platforms.wecom.crypto import Envelope, Sealed
from tests.fakes.wecom import answer, parsed

Json = dict[str, Any]

BOT: Final = "aibBSIehdocBslTBOQII0du"
TOKEN: Final = "oY1pngcMDieBrhftPnBeD2CY"
KEY: Final = "nPlWzE1TT0CFGumYeGBZ30JhLWipBf4CkucVEHmsZct"
SECRET: Final = "aibot-secret-0123456789-abcdefghijk"
NAME: Final = "云川助手"
CONTENT: Final = 20480


@dataclass(slots=True)
class Screen:
    """What stands in the chats. posted: bodies at reply addresses. codes: reply addresses that still work.

    lose: the next call of a reply address is carried out, its answer never arrives. files: by path, as handed out.
    """

    posted: list[Json] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    lose: bool = False
    gone: bool = False
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    base: str = ""
    hold: asyncio.Event | None = None  # files are given out only once it is set

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/cgi-bin/aibot/response", self._respond),
            web.get("/files/{name}", self._give_out),
        ]

    def reply_url(self) -> str:
        code = secrets.token_hex(8)
        self.codes.add(code)
        return f"{self.base}/cgi-bin/aibot/response?response_code={code}"

    def put(self, name: str, content: bytes, key: bytes) -> str:
        """Encrypt a file as the platform does; returns its address."""
        pad = 32 - len(content) % 32
        encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
        path = secrets.token_hex(6)
        self.files[path] = (
            name,
            encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize(),
        )
        return f"{self.base}/files/{path}"

    async def _respond(self, request: web.Request) -> web.Response:
        if self.gone:
            return web.Response(status=503)
        raw = await request.read()
        if b"\\u" in raw:
            return answer(40033, "invalid character")
        body = parsed(raw)
        code = request.query.get("response_code", "")
        if code not in self.codes:
            return answer(60140, "invalid response_code")
        if body is None or (fault := _post_fault(body)):
            return answer(40058, "wrong json format")
        assert fault is False
        self.codes.discard(code)
        self.posted.append(body)
        if self.lose:
            self.lose = False
            assert request.transport is not None
            request.transport.abort()
        return answer(0)

    async def _give_out(self, request: web.Request) -> web.Response:
        self.fetched.append(request.match_info["name"])
        if self.hold is not None:
            await self.hold.wait()
        found = self.files.get(request.match_info["name"])
        if found is None:
            return web.Response(status=404)
        return web.Response(
            body=found[1],
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{found[0]}"'},
        )


def _post_fault(body: Json) -> bool:
    if body.get("msgtype") == "markdown":
        content = body.get("markdown", {}).get("content")
        return not isinstance(content, str) or not content or len(content.encode()) > CONTENT
    return body.get("msgtype") != "template_card" or "template_card" not in body


@dataclass(slots=True)
class BotCaller:
    """Calls the product back as the platform does; answers are opened with the same key and checked."""

    url: str
    client: aiohttp.ClientSession
    screen: Screen
    at: int
    envelope: Envelope = field(
        default_factory=lambda: Envelope(token=TOKEN, encoding_aes_key=KEY, receiver="")
    )

    def body(
        self, sender: str, kind: str, content: Json | None = None, *, group: str = "", message_id: str = "", **more: Any
    ) -> Json:  # fmt: skip
        said: Json = {
            "msgid": message_id or f"CAIQ{secrets.token_hex(8)}", "aibotid": BOT,
            "chattype": "group" if group else "single",
            "from": {"userid": sender}, "msgtype": kind, "response_url": self.screen.reply_url(), **more,
        }  # fmt: skip
        if group:
            said["chatid"] = group
        if content is not None:
            said[kind] = content
        return said

    def text(self, sender: str, words: str, *, group: str = "", message_id: str = "", **more: Any) -> Json:
        return self.body(sender, "text", {"content": words}, group=group, message_id=message_id, **more)

    def event(self, sender: str, kind: str, content: Json | None = None, *, group: str = "") -> Json:
        event: Json = {"eventtype": kind}
        if content is not None:
            event[kind] = content
        return self.body(sender, "event", event, group=group, create_time=self.at)

    def click(self, sender: str, card: Json, label: str, *, group: str = "") -> Json:
        """A pressed button of a card."""
        keys = {button["text"]: button["key"] for button in card["button_list"]}
        pressed = {
            "card_type": card["card_type"], "event_key": keys[label], "task_id": card["task_id"], "selected_items": {},
        }  # fmt: skip
        return self.event(sender, "template_card_event", pressed, group=group)

    def poll(self, said: Json, stream: str) -> Json:
        kept = {name: said[name] for name in ("aibotid", "chatid", "chattype", "from") if name in said}
        return {
            **kept,
            "msgid": f"CAIQ{secrets.token_hex(8)}",
            "msgtype": "stream",
            "stream": {"id": stream},
        }

    def sealed(self, said: Json, *, stamp: int | None = None) -> tuple[dict[str, str], bytes]:
        made = self.envelope.seal(
            json.dumps(said, ensure_ascii=False),
            timestamp=str(self.at if stamp is None else stamp),
            nonce=str(secrets.randbelow(10**10)),
        )
        query = {"msg_signature": made.signature, "timestamp": made.timestamp, "nonce": made.nonce}
        return query, json.dumps({"encrypt": made.encrypt}).encode()

    async def post(self, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        async with self.client.post(self.url, params=query, data=BytesIO(body), headers=headers) as response:
            return response.status, await response.read()

    async def say(self, said: Json) -> Json:
        """One delivery that must be taken; returns the opened answer."""
        query, body = self.sealed(said)
        status, raw = await self.post(query, body)
        assert status == 200, (status, raw)
        return self.opened(raw, query)

    def opened(self, raw: bytes, query: dict[str, str]) -> Json:
        """What an answer says; it must carry the request's nonce and a number for its time."""
        sealed = json.loads(raw)
        assert set(sealed) == {"encrypt", "msgsignature", "timestamp", "nonce"}
        assert sealed["nonce"] == query["nonce"]
        assert isinstance(sealed["timestamp"], int)
        text = self.envelope.open(
            Sealed(sealed["encrypt"], sealed["msgsignature"], str(sealed["timestamp"]), sealed["nonce"])
        )
        said: Json = json.loads(text)
        check(said)
        return said

    async def whole(self, said: Json) -> Json:
        """Say something and ask its stream again until it is finished; returns the last answer."""
        told = await self.say(said)
        for _ in range(30):
            if told.get("msgtype") not in ("stream", "stream_with_template_card") or told["stream"]["finish"]:
                return told
            told = await self.say(self.poll(said, told["stream"]["id"]))
        raise AssertionError("a stream that never ends")


def check(said: Json) -> None:
    """Refuse what the platform would refuse."""
    if not said:
        return
    kinds = {"stream", "stream_with_template_card", "template_card", "text"}
    if "response_type" in said:
        assert said["response_type"] == "update_template_card"
        check_card(said["template_card"])
        return
    assert said["msgtype"] in kinds, said
    if "stream" in said:
        assert set(said["stream"]) <= {"id", "finish", "content", "msg_item", "feedback"}
        assert len(said["stream"]["content"].encode()) <= CONTENT
    if "template_card" in said:
        check_card(said["template_card"])


def check_card(card: Json) -> None:
    assert card["card_type"] == "button_interaction"
    assert 1 <= len(card["main_title"]["title"]) <= 26
    assert 1 <= len(card["button_list"]) <= 6
    assert all(button["text"] and button["key"] for button in card["button_list"])
    assert len({button["key"] for button in card["button_list"]}) == len(card["button_list"])
    assert len(card["task_id"]) <= 128
    assert set(card["task_id"]) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-@")
