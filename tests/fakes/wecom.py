"""A stand-in for the WeCom server: takes the calls that the real one takes, refuses what it refuses, calls back.

It speaks HTTP on loopback and shares nothing with the adapter but the envelope, which known vectors certify.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.platforms.wecom.crypto import Envelope
from tests.fakes.serving import serving

Json = dict[str, Any]

CORP: Final = "ww0b3119b02d4fb096"
AGENT: Final = 1000002
SECRET: Final = "app-secret-0123456789-abcdefghijklmnop"
TOKEN: Final = "90io8irenIeprdPE"
KEY: Final = "l1rGUnO7WHsDklrS3ZjVubsC0BAJwawP0jO9zLDlz1z"
PER_MINUTE: Final = 30
CUT: Final = 2048


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on a member's screen."""

    to: str
    kind: str
    body: Json
    response_code: str

    @property
    def text(self) -> str:
        """What the member reads: the text, or a card's heading."""
        return self.body["content"] if self.kind == "text" else self.body["main_title"]["title"]

    @property
    def buttons(self) -> dict[str, str]:
        """Keys by label."""
        return {button["text"]: button["key"] for button in self.body.get("button_list", ())}


@dataclass(slots=True)
class Wecom:
    """The server and every member's screen. Made by `wecom_server`.

    calls: how often each path was called. refuse: error codes for the next calls of a path, in order. lose: paths whose
    next call is carried out, but the answer never arrives. stray: paths whose next call something on the way
    answers, with JSON that is not the platform's. gone: every call is refused at the door. hold: files are
    given out only once it is set. dropped: messages
    beyond the rate, which the sender is not told about.
    """

    members: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)  # of push addresses
    pushed: list[tuple[str, Json]] = field(default_factory=list)  # key and body of every push that was taken
    groups: dict[str, Json] = field(default_factory=dict)  # of the app, by chat id
    departments: dict[int, tuple[str, list[Json]]] = field(default_factory=dict)  # name and members by number
    open_ids: dict[str, str] = field(default_factory=dict)  # plain ids by encrypted ones
    calls: Counter[str] = field(default_factory=Counter)
    shown: list[Shown] = field(default_factory=list)
    settled: list[Json] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    refuse: dict[str, list[int]] = field(default_factory=dict)
    lose: set[str] = field(default_factory=set)
    stray: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)  # members whom a call that succeeds names as not reached
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    base: str = ""
    gone: bool = False
    hold: asyncio.Event | None = None
    dropped: int = 0
    now: Callable[[], float] | None = None  # seconds, for the rate of a minute; the real time unless told

    _tokens: set[str] = field(default_factory=set)
    _ended: set[str] = field(default_factory=set)
    _known: set[str] = field(default_factory=set)
    _codes: set[str] = field(default_factory=set)
    _tasks: dict[str, str] = field(default_factory=dict)
    _times: dict[str, list[float]] = field(default_factory=dict)

    def to(self, member: str) -> list[Shown]:
        return [one for one in self.shown if one.to == member.lower()]

    def card(self, member: str) -> Shown:
        """The latest card of a member."""
        return [one for one in self.to(member) if one.kind == "template_card"][-1]

    def end_tokens(self) -> None:
        """Every token so far ends before its time."""
        self._ended |= self._tokens
        self._tokens = set()

    # --- server

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/cgi-bin/gettoken", self._gettoken),
            web.get("/cgi-bin/getcallbackip", self._called(self._ips)),
            web.post("/cgi-bin/message/send", self._called(self._send)),
            web.post("/cgi-bin/message/update_template_card", self._called(self._update)),
            web.post("/cgi-bin/media/upload", self._called(self._upload)),
            web.get("/cgi-bin/media/get", self._called(self._get_media)),
            web.post("/cgi-bin/appchat/send", self._called(self._send_to_group)),
            web.post("/cgi-bin/appchat/create", self._called(self._make_group)),
            web.get("/cgi-bin/appchat/get", self._called(self._get_group)),
            web.get("/cgi-bin/department/simplelist", self._called(self._departments)),
            web.get("/cgi-bin/department/get", self._called(self._department)),
            web.get("/cgi-bin/user/list", self._called(self._users)),
            web.get("/cgi-bin/user/get", self._called(self._user)),
            web.get("/cgi-bin/menu/get", self._called(self._menu)),
            web.post("/cgi-bin/batch/openuserid_to_userid", self._called(self._plain_ids)),
            web.post("/cgi-bin/webhook/send", self._push),
            web.post("/cgi-bin/webhook/upload_media", self._push_media),
        ]

    async def _gettoken(self, request: web.Request) -> web.Response:
        self.calls["gettoken"] += 1
        if (injected := self._injected("gettoken")) is not None:
            return injected
        if request.query.get("corpid") != CORP:
            return answer(40013, "invalid corpid")
        if request.query.get("corpsecret") != SECRET:
            return answer(40001, "invalid credential")
        token = secrets.token_urlsafe(64)
        self._tokens.add(token)
        return answer(0, access_token=token, expires_in=7200)

    def _injected(self, path: str) -> web.Response | None:
        if path in self.stray:
            self.stray.discard(path)
            return web.json_response({})
        waiting = self.refuse.get(path)
        return answer(waiting.pop(0), "injected") if waiting else None

    def _called(self, handler: Any) -> Any:
        async def run(request: web.Request) -> web.StreamResponse:
            path = request.path.removeprefix("/cgi-bin/")
            self.calls[path] += 1
            if self.gone:
                return web.Response(status=503)
            if (injected := self._injected(path)) is not None:
                return injected
            token = request.query.get("access_token", "")
            if token in self._ended:
                return answer(42001, "access_token expired")
            if token not in self._tokens:
                return answer(40014, "invalid access_token")
            done: web.StreamResponse = await handler(request)
            if path in self.lose:
                self.lose.discard(path)
                assert request.transport is not None
                request.transport.abort()
            return done

        return run

    async def _ips(self, _request: web.Request) -> web.Response:
        return answer(0, ip_list=["101.226.103.*"])

    async def _send(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.bodies.append(raw)
        if b"\\u" in raw:
            return answer(40033, "invalid character")
        body = parsed(raw)
        if body is None:
            return answer(40058, "wrong json format")
        if body.get("agentid") != AGENT:
            return answer(301002, "agentid and secret do not belong together")
        asked = [one.lower() for one in str(body.get("touser", "")).split("|") if one]
        if not asked:
            return answer(40008, "touser empty")
        reached = [one for one in asked if one in {member.lower() for member in self.members}]
        lost = "|".join(one for one in asked if one not in reached)
        if not reached:
            return answer(81013, "all invalid", invaliduser=lost)
        kind = body.get("msgtype")
        if kind == "text":
            fault = 0 if body.get("text", {}).get("content") else 44004
        elif kind == "template_card":
            fault = self._card_fault(body.get("template_card", {}), raw)
        elif kind in ("image", "file"):
            fault = 0 if body.get(kind, {}).get("media_id") in self.media else 40007
        else:
            fault = 40008
        if fault:
            return answer(fault, "refused")
        if {one.lower() for one in self.aside} >= set(reached):
            return answer(0, msgid=secrets.token_hex(8), invaliduser="|".join(reached))
        code = secrets.token_urlsafe(24)
        self._codes.add(code)
        digest = hashlib.sha256(raw).hexdigest()
        if body.get("enable_duplicate_check") == 1 and digest in self._known:
            return answer(0, msgid="repeat", invaliduser=lost)
        self._known.add(digest)
        for member in reached:
            if not self._within_rate(member):
                self.dropped += 1
            else:
                content = dict(body[kind])
                if kind == "text":
                    content["content"] = content["content"].encode()[:CUT].decode("utf-8", "ignore")
                self.shown.append(Shown(member, kind, content, code))
        return answer(0, msgid=secrets.token_hex(8), invaliduser=lost, response_code=code)

    def _card_fault(self, card: Json, raw: bytes) -> int:
        keys = [str(button.get("key", "")) for button in card.get("button_list", ())]
        task = str(card.get("task_id", ""))
        if card.get("card_type") != "button_interaction" or not card.get("main_title", {}).get("title"):
            return 42027
        if (
            not 1 <= len(keys) <= 6
            or len(set(keys)) != len(keys)
            or any(len(key) > 1024 or not key for key in keys)
        ):
            return 42045
        if any(not button.get("text") for button in card["button_list"]):
            return 42045
        if not re.fullmatch(r"[A-Za-z0-9_\-@]{1,128}", task):
            return 42014
        if self._tasks.setdefault(task, hashlib.sha256(raw).hexdigest()) != hashlib.sha256(raw).hexdigest():
            return 42014
        return 0

    def _within_rate(self, member: str, *, most: int = PER_MINUTE) -> bool:
        """Whether a minute has room for one more."""
        now = self.now() if self.now is not None else asyncio.get_running_loop().time()
        times = self._times.setdefault(member, [])
        times[:] = [*(at for at in times if at > now - 60), now]
        return len(times) <= most

    async def _update(self, request: web.Request) -> web.Response:
        body = parsed(await request.read())
        if body is None or body.get("agentid") != AGENT or not body.get("userids"):
            return answer(40058, "wrong json format")
        if body.get("response_code") not in self._codes:
            return answer(60140, "invalid response_code")
        self._codes.discard(body["response_code"])
        self.settled.append(body)
        return answer(0)

    async def _send_to_group(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.bodies.append(raw)
        body = parsed(raw)
        if body is None or b"\\u" in raw:
            return answer(40033, "invalid character")
        if body.get("chatid") not in self.groups:
            return answer(86001, "chatid not exist")
        if body.get("msgtype") not in ("text", "file", "image"):
            return answer(40008, "invalid message type")
        self.groups[body["chatid"]]["shown"].append(body)
        return answer(0)

    async def _make_group(self, request: web.Request) -> web.Response:
        body = parsed(await request.read()) or {}
        chat = body.get("chatid", "")
        if chat in self.groups:
            return answer(86215, "chatid exists")
        if not re.fullmatch(r"[0-9a-zA-Z]{1,32}", chat) or not 1 <= len(body.get("name", "")) <= 50:
            return answer(86003, "invalid chatid")
        if len(body.get("userlist", ())) < 2 or body.get("owner") not in body["userlist"]:
            return answer(86006, "members")
        self.groups[chat] = {**body, "shown": []}
        return answer(0, chatid=chat)

    async def _get_group(self, request: web.Request) -> web.Response:
        found = self.groups.get(request.query.get("chatid", ""))
        return answer(0, chat_info=found) if found is not None else answer(86001, "chatid not exist")

    async def _departments(self, _request: web.Request) -> web.Response:
        found = [{"id": number, "parentid": 1, "order": 1} for number in self.departments]
        return answer(0, department_id=found)

    async def _department(self, request: web.Request) -> web.Response:
        number = int(request.query["id"])
        name, _ = self.departments[number]
        return answer(0, department={"id": number, "name": name, "parentid": 1})

    async def _user(self, request: web.Request) -> web.Response:
        wanted = request.query.get("userid", "").lower()
        found = wanted in {member.lower() for member in self.members}
        return answer(0, userid=wanted, status=1) if found else answer(60111, "userid not found")

    async def _menu(self, request: web.Request) -> web.Response:
        ours = request.query.get("agentid") == str(AGENT)
        return answer(46003, "menu no exist") if ours else answer(301002, "not allow")

    async def _users(self, request: web.Request) -> web.Response:
        _, users = self.departments[int(request.query["department_id"])]
        return answer(
            0, userlist=[{"department": [int(request.query["department_id"])], **one} for one in users]
        )

    async def _plain_ids(self, request: web.Request) -> web.Response:
        body = parsed(await request.read()) or {}
        asked = body.get("open_userid_list", [])
        found = [{"open_userid": one, "userid": self.open_ids[one]} for one in asked if one in self.open_ids]
        return answer(
            0, userid_list=found, invalid_open_userid_list=[one for one in asked if one not in self.open_ids]
        )

    def _push_fault(self, request: web.Request) -> web.Response | None:
        path = request.path.removeprefix("/cgi-bin/")
        self.calls[path] += 1
        if self.gone:
            return web.Response(status=503)
        if (injected := self._injected(path)) is not None:
            return injected
        if request.query.get("key", "") not in self.keys:
            return answer(93000, "invalid webhook url")
        return None

    async def _push(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.bodies.append(raw)
        if (fault := self._push_fault(request)) is not None:
            return fault
        body, key = parsed(raw), request.query["key"]
        if body is None or b"\\u" in raw:
            return answer(40033, "invalid character")
        kind = body.get("msgtype")
        if kind == "markdown":
            content = body.get("markdown", {}).get("content", "")
            if not content or len(content.encode()) > 4096:
                return answer(40058, "content too long or empty")
        elif kind != "file" or body.get("file", {}).get("media_id") not in self.media:
            return answer(40008, "invalid message type")
        if not self._within_rate(f"webhook {key}", most=20):
            return answer(45009, "api freq out of limit")
        self.pushed.append((key, body))
        if "webhook/send" in self.lose:
            self.lose.discard("webhook/send")
            assert request.transport is not None
            request.transport.abort()
        return answer(0)

    async def _push_media(self, request: web.Request) -> web.Response:
        if (fault := self._push_fault(request)) is not None:
            return fault
        return await self._upload(request)

    async def _upload(self, request: web.Request) -> web.Response:
        parts = await request.multipart()
        part = await parts.next()
        if not isinstance(part, aiohttp.BodyPartReader) or part.name != "media" or not part.filename:
            return answer(44001, "empty media")
        content = bytes(await part.read())
        media_id = secrets.token_hex(12)
        self.media[media_id] = (part.filename, content)
        return answer(0, type=request.query.get("type"), media_id=media_id, created_at="1705046400")

    async def _get_media(self, request: web.Request) -> web.Response:
        found = self.media.get(request.query.get("media_id", ""))
        if found is None:
            return answer(40007, "invalid media_id")
        name, content = found
        if self.hold is not None:
            await self.hold.wait()
        return web.Response(
            body=content,
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def answer(code: int, message: str = "ok", **more: object) -> web.Response:
    """Errors, too, come with status 200."""
    return web.json_response({"errcode": code, "errmsg": message, **more})


def parsed(raw: bytes) -> Json | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


@asynccontextmanager
async def wecom_server(more: Sequence[web.RouteDef] = ()) -> AsyncIterator[Wecom]:
    """A running server; its address is `base`. more: of other stand-ins at the same address."""
    server = Wecom()
    async with serving([*server.routes(), *more]) as place:
        server.base = f"http://{place}"
        yield server


# --- calling back


@dataclass(slots=True)
class Caller:
    """Calls the product back as the platform does: sealed, signed, stamped.

    url: the address that the operator gave. at: seconds since the epoch, for stamp and CreateTime.
    """

    url: str
    client: aiohttp.ClientSession
    at: int
    envelope: Envelope = field(
        default_factory=lambda: Envelope(token=TOKEN, encoding_aes_key=KEY, receiver=CORP)
    )
    count: int = 0

    def sealed(self, inner: str, *, stamp: int | None = None) -> tuple[dict[str, str], bytes]:
        """Query and body of one delivery; every sealing has its own nonce."""
        made = self.envelope.seal(
            inner, timestamp=str(self.at if stamp is None else stamp), nonce=str(secrets.randbelow(10**10))
        )
        query = {"msg_signature": made.signature, "timestamp": made.timestamp, "nonce": made.nonce}
        body = (
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
            f"<Encrypt><![CDATA[{made.encrypt}]]></Encrypt></xml>"
        )
        return query, body.encode()

    async def post(self, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        async with self.client.post(
            self.url, params=query, data=BytesIO(body), headers={"Content-Type": "text/xml"}
        ) as response:
            return response.status, await response.read()

    async def deliver(self, inner: str) -> None:
        """One delivery that must be taken."""
        status, said = await self.post(*self.sealed(inner))
        assert (status, said) == (200, b"")

    def inner(
        self, sender: str, kind: str, *, message_id: str | None = None, agent: int = AGENT, **fields: str
    ) -> str:
        """The XML of a message or an event; text is CDATA, as on the wire."""
        parts = {"ToUserName": CORP, "FromUserName": sender, "MsgType": kind, **fields}
        if kind != "event":
            self.count += 1
            parts["MsgId"] = message_id or f"73220000000000{self.count:05}"
        shown = "".join(f"<{name}><![CDATA[{cdata(value)}]]></{name}>" for name, value in parts.items())
        return f"<xml>{shown}<CreateTime>{self.at}</CreateTime><AgentID>{agent}</AgentID></xml>"

    def text(self, sender: str, content: str, *, message_id: str | None = None) -> str:
        return self.inner(sender, "text", message_id=message_id, Content=content)

    def click(self, sender: str, shown: Shown, label: str) -> str:
        """A pressed button of a card on the member's screen."""
        return self.inner(
            sender, "event", Event="template_card_event", EventKey=shown.buttons[label], TaskId=shown.body["task_id"],
            CardType="button_interaction", ResponseCode=shown.response_code,
        )  # fmt: skip


def cdata(text: str) -> str:
    return text.replace("]]>", "]]]]><![CDATA[>")
