"""The platform's end of an AI bot's long connection: one connection, subscribed first, answers checked frame by frame.

The community client completes its own flow against it (tests/platforms/test_wecom_certified.py).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.fakes.serving import serving
from tests.fakes.wecom_aibot import BOT, CONTENT, SECRET, Screen, check_card

Json = dict[str, Any]
CHUNK: Final = 512 * 1024


@dataclass(slots=True)
class Telephone:
    """The server. frames: everything the bot sent, in order. shown: by chat, what stands there.

    refuse: error codes for the next frames of a command. lose: commands whose next frame is carried out, but whose
    answer never arrives. deaf: heartbeats are not answered. talked: chats that have written to the bot.
    """

    screen: Screen
    frames: list[Json] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    shown: dict[str, list[Json]] = field(default_factory=dict)
    updated: list[Json] = field(default_factory=list)
    refuse: dict[str, list[int]] = field(default_factory=dict)
    lose: set[str] = field(default_factory=set)
    deaf: bool = False
    down: bool = False  # nobody is let in
    talked: set[str] = field(default_factory=set)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    url: str = ""

    _socket: web.WebSocketResponse | None = None
    _asked: dict[str, tuple[str, str]] = field(default_factory=dict)  # request → kind and chat
    _answered: set[str] = field(default_factory=set)
    _uploads: dict[str, tuple[Json, dict[int, bytes]]] = field(default_factory=dict)

    @property
    def credentials(self) -> tuple[str, str]:
        return BOT, SECRET

    @property
    def connected(self) -> bool:
        return self._socket is not None

    def in_chat(self, chat: str) -> list[Json]:
        return self.shown.get(chat.lower(), [])

    async def call(self, body: Json) -> str:
        """Hand a message or event to the bot; returns its request id."""
        request = f"req_{secrets.token_hex(8)}"
        kind = body["event"]["eventtype"] if body["msgtype"] == "event" else "message"
        chat = (body.get("chatid") or body["from"]["userid"]).lower()
        body = {name: value for name, value in body.items() if name != "response_url"}
        self.talked.add(chat)
        self._asked[request] = (kind, chat)
        await self.push(
            "aibot_event_callback" if body["msgtype"] == "event" else "aibot_msg_callback", request, body
        )
        return request

    async def push(self, cmd: str, request: str, body: Json) -> None:
        assert self._socket is not None, "the bot is not connected"
        await self._socket.send_str(
            json.dumps({"cmd": cmd, "headers": {"req_id": request}, "body": body}, ensure_ascii=False)
        )

    async def cut(self) -> None:
        """The connection breaks."""
        if self._socket is not None:
            await self._socket.close()

    async def script(self) -> None:
        """Everything that a member can do, once: text, picture, first opening of the day, a pressed button."""
        key = secrets.token_bytes(32)
        person = {"aibotid": BOT, "chattype": "single", "from": {"userid": "lisi"}}
        await self.call({**person, "msgid": "m1", "msgtype": "text", "text": {"content": "你好"}})
        picture = self.screen.put("p.png", b"\x89PNG\r\n\x1a\nx", key)
        image = {"url": picture, "aeskey": base64.b64encode(key).decode()}
        await self.call({**person, "msgid": "m2", "msgtype": "image", "image": image})
        entered = {"eventtype": "enter_chat"}
        await self.call({**person, "msgid": "m3", "msgtype": "event", "event": entered})
        card = {"event_key": "k", "task_id": "t1", "card_type": "button_interaction"}
        pressed = {"eventtype": "template_card_event", "template_card_event": card}
        await self.call({**person, "msgid": "m4", "msgtype": "event", "event": pressed})

    # --- server

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/link", self._serve)]

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        if self.down:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=8 * 1024 * 1024)
        await socket.prepare(request)
        subscribed = False
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    break
                assert "\\u" not in message.data.replace("\\\\u", "")
                frame: Json = json.loads(message.data)
                self.frames.append(frame)
                cmd, number = frame["cmd"], frame["headers"]["req_id"]
                self.calls[cmd] += 1
                if cmd == "ping" and subscribed:
                    if not self.deaf:
                        await self._say(socket, number, 0)
                    continue
                if cmd == "aibot_subscribe":
                    code = await self._subscribe(socket, frame.get("body", {}))
                    subscribed = code == 0
                    if cmd in self.lose:
                        self.lose.discard(cmd)
                        continue
                    await self._say(socket, number, code)
                    continue
                if not subscribed:
                    await self._say(socket, number, 846609)
                    continue
                code, result = self._take(cmd, number, frame.get("body", {}))
                if cmd in self.lose:
                    self.lose.discard(cmd)
                    continue
                await self._say(socket, number, code, result)
        finally:
            if self._socket is socket:
                self._socket = None
        return socket

    async def _say(
        self, socket: web.WebSocketResponse, number: str, code: int, body: Json | None = None
    ) -> None:
        answer: Json = {
            "headers": {"req_id": number},
            "errcode": code,
            "errmsg": "ok" if code == 0 else "refused",
        }
        if body is not None:
            answer["body"] = body
        await socket.send_str(json.dumps(answer))

    async def _subscribe(self, socket: web.WebSocketResponse, body: Json) -> int:
        if waiting := self.refuse.get("aibot_subscribe"):
            return waiting.pop(0)
        if body.get("bot_id") != BOT or body.get("secret") != SECRET:
            return 853000
        old, self._socket = self._socket, socket
        if old is not None and old is not socket:
            event = {"msgid": secrets.token_hex(8), "aibotid": BOT, "msgtype": "event",
                     "event": {"eventtype": "disconnected_event"}}  # fmt: skip
            frame = {"cmd": "aibot_event_callback", "headers": {"req_id": "x"}, "body": event}
            await old.send_str(json.dumps(frame))
            await old.close()
        return 0

    def _take(self, cmd: str, number: str, body: Json) -> tuple[int, Json | None]:
        if waiting := self.refuse.get(cmd):
            return waiting.pop(0), None
        if cmd == "aibot_respond_msg":
            return self._respond(number, body), None
        if cmd == "aibot_respond_welcome_msg":
            return self._welcome(number, body), None
        if cmd == "aibot_respond_update_msg":
            kind, _ = self._asked.get(number, ("", ""))
            if kind != "template_card_event":
                return 846605, None
            assert body["response_type"] == "update_template_card"
            check_card(body["template_card"])
            self.updated.append(body)
            return 0, None
        if cmd == "aibot_send_msg":
            return self._send(body), None
        return self._upload(cmd, body)

    def _respond(self, number: str, body: Json) -> int:
        kind, chat = self._asked.get(number, ("", ""))
        if kind != "message":
            return 846605
        if number in self._answered:
            return 846606
        if body.get("msgtype") != "stream":
            return 40008
        stream = body["stream"]
        if not stream.get("id") or len(stream["content"].encode()) > CONTENT:
            return 40058
        if stream.get("finish"):
            self._answered.add(number)
            self.shown.setdefault(chat, []).append({"msgtype": "stream", "text": stream["content"]})
        return 0

    def _welcome(self, number: str, body: Json) -> int:
        kind, chat = self._asked.get(number, ("", ""))
        if kind != "enter_chat" or number in self._answered:
            return 846605
        if body.get("msgtype") not in ("text", "template_card"):
            return 40008
        self._answered.add(number)
        self.shown.setdefault(chat, []).append({"msgtype": "text", "text": body["text"]["content"]})
        return 0

    def _send(self, body: Json) -> int:
        chat = str(body.get("chatid", "")).lower()
        if chat not in self.talked:
            return 846607
        kind = body.get("msgtype")
        if kind == "markdown":
            text = body["markdown"]["content"]
            if not text or len(text.encode()) > CONTENT:
                return 40058
            self.shown.setdefault(chat, []).append({"msgtype": kind, "text": text})
            return 0
        if kind == "template_card":
            check_card(body["template_card"])
            card = body["template_card"]
            self.shown.setdefault(chat, []).append(
                {"msgtype": kind, "text": card["main_title"]["title"], "card": card}
            )
            return 0
        if kind in ("file", "image") and body[kind].get("media_id") in self.media:
            self.shown.setdefault(chat, []).append(
                {"msgtype": kind, "text": self.media[body[kind]["media_id"]][0]}
            )
            return 0
        return 40008

    def _upload(self, cmd: str, body: Json) -> tuple[int, Json | None]:
        if cmd == "aibot_upload_media_init":
            number = secrets.token_hex(8)
            self._uploads[number] = (body, {})
            return 0, {"upload_id": number}
        begun, pieces = self._uploads.get(body.get("upload_id", ""), ({}, {}))
        if not begun:
            return 40007, None
        if cmd == "aibot_upload_media_chunk":
            piece = base64.b64decode(body["base64_data"])
            if len(piece) > CHUNK or not 0 <= body["chunk_index"] < begun["total_chunks"]:
                return 45001, None
            pieces[body["chunk_index"]] = piece
            return 0, {}
        if cmd != "aibot_upload_media_finish":
            return 40008, None
        whole = b"".join(pieces[at] for at in sorted(pieces))
        digest = hashlib.md5(whole, usedforsecurity=False).hexdigest()
        if (
            len(pieces) != begun["total_chunks"]
            or len(whole) != begun["total_size"]
            or digest != begun["md5"]
        ):
            return 40006, None
        media = secrets.token_hex(8)
        self.media[media] = (begun["filename"], whole)
        return 0, {"type": begun["type"], "media_id": media, "created_at": "1705046400"}


@asynccontextmanager
async def telephone(port: int = 0) -> AsyncIterator[Telephone]:
    """A server by itself, without the other stand-ins."""
    made = Telephone(Screen())
    async with serving([*made.routes(), *made.screen.routes()], port=port) as place:
        made.url, made.screen.base = f"ws://{place}/link", f"http://{place}"
        yield made
