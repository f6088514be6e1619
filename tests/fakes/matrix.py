"""A stand-in for a Matrix homeserver: rooms, people's screens, files, and the transactions that it sends.

It takes the calls of the client-server API that the real one takes and refuses what it refuses; stricter than the
real one about what a bot should never send: open HTML, mentions nobody meant, an event above the size limit.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from tests.fakes.serving import serving

Json = dict[str, Any]

SERVER: Final = "yunchuan.example"
BOT: Final = f"@zhuanban:{SERVER}"
AS_TOKEN: Final = "as-token-0123456789-abcdefghijklm"
HS_TOKEN: Final = "hs-token-9876543210-zyxwvutsrqpon"
MOST: Final = 65_536
CLIENT: Final = "/_matrix/client/v3"
Refusal = tuple[int, Json]
LIMITED: Final[Refusal] = (
    429,
    {"errcode": "M_LIMIT_EXCEEDED", "error": "Too fast", "retry_after_ms": 60_000},
)


@dataclass(slots=True)
class Room:
    """members: everyone with a standing, e.g. join, invite, leave. events: as everybody in it sees them."""

    id: str
    members: dict[str, str] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot on somebody's screen, edits applied."""

    room: str
    event_id: str
    content: Json

    @property
    def text(self) -> str:
        return str(self.content["body"])

    @property
    def kind(self) -> str:
        return str(self.content["msgtype"])

    def number(self, label: str) -> str:
        """What to send for a choice: its number, or the words where it is the only one."""
        only = re.search(r"请回复「(.+?)」", self.text)
        if only is not None and only[1].startswith(label):
            return only[1]
        for line in self.text.partition("请回复编号")[2].split("\n"):
            found = re.match(r"(\d+) (.+)", line)
            if found and found[2].startswith(label):
                return found[1]
        raise AssertionError(f"no choice {label} in: {self.text}")


@dataclass(slots=True)
class Matrix:
    """The homeserver. Made by `matrix_server`.

    calls: how often each kind of call came. refuse: answers for the next calls of a kind, in order. lose: how many of
    the next calls of a kind are carried out without their answer arriving; the client library repeats a PUT once.
    gone: every call is refused at the door. hold: files are given out only once it is set.
    """

    users: set[str] = field(default_factory=lambda: {BOT})
    rooms: dict[str, Room] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    refuse: dict[str, list[Refusal]] = field(default_factory=dict)
    lose: Counter[str] = field(default_factory=Counter)
    token: str = AS_TOKEN
    base: str = ""
    gone: bool = False
    hold: asyncio.Event | None = None

    _transactions: dict[tuple[str, str], str] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    # --- what people see and do

    def room(self, *people: str, name: str = "", bot: str = "join") -> str:
        """A room with these people in it, and the bot."""
        made = Room(
            f"!{secrets.token_hex(6)}:{SERVER}", dict.fromkeys(people, "join") | {BOT: bot}, name=name
        )
        self.users |= set(people)
        self.rooms[made.id] = made
        return made.id

    def private(self, person: str) -> str:
        """The newest room that the bot shares with this person alone; made by the person if there is none."""
        for room in reversed(self.rooms.values()):
            here = {who for who, how in room.members.items() if how in ("join", "invite")}
            joined = room.members[BOT] == "join"
            if here == {person, BOT} and joined and not room.name.startswith("群"):
                room.members[person] = "join"
                return room.id
        return self.room(person)

    def screen(self, room: str) -> list[Shown]:
        """What the bot said in a room."""
        edits = {}
        for event in self.rooms[room].events:
            relation = event["content"].get("m.relates_to", {})
            if relation.get("rel_type") == "m.replace":
                edits[relation["event_id"]] = event["content"]["m.new_content"]
        return [
            Shown(room, event["event_id"], edits.get(event["event_id"], event["content"]))
            for event in self.rooms[room].events
            if event["sender"] == BOT and "m.new_content" not in event["content"]
        ]

    def to(self, person: str) -> list[Shown]:
        """What the bot said to this person alone, in every room there has been."""
        return [
            shown
            for room in self.rooms.values()
            if set(room.members) == {person, BOT} and not room.name.startswith("群")
            for shown in self.screen(room.id)
        ]

    def event(
        self, sender: str, room: str, content: Json, *, kind: str = "m.room.message", **more: Any
    ) -> Json:
        """An event as it stands in a transaction; it is in the room from now on."""
        made = {
            "type": kind, "sender": sender, "room_id": room, "event_id": f"${secrets.token_urlsafe(24)}",
            "origin_server_ts": 1, "content": content, "unsigned": {"age": 5}, **more,
        }  # fmt: skip
        self.rooms[room].events.append(made)
        return made

    def text(self, sender: str, room: str, body: str, **more: Any) -> Json:
        return self.event(sender, room, {"msgtype": "m.text", "body": body, **more})

    def standing(self, who: str, room: str, how: str, *, by: str = "", direct: bool = False) -> Json:
        """A membership event; the room changes with it."""
        self.rooms[room].members[who] = how
        content = {"membership": how, **({"is_direct": True} if direct else {})}
        return self.event(by or who, room, content, kind="m.room.member", state_key=who)

    def restart(self) -> None:
        """As a server that comes up again: it remembers no transaction of its clients."""
        self._transactions.clear()

    # --- server

    def routes(self) -> list[web.RouteDef]:
        room = f"{CLIENT}/rooms/{{room}}"
        return [
            web.get(f"{CLIENT}/account/whoami", self._called("whoami", self._whoami)),
            web.post(f"{CLIENT}/register", self._called("register", self._register)),
            web.put(f"{CLIENT}/profile/{{user}}/displayname", self._called("name", self._nothing)),
            web.get(f"{CLIENT}/profile/{{user}}", self._called("profile", self._profile)),
            web.post(f"{CLIENT}/createRoom", self._called("create", self._create)),
            web.get(f"{CLIENT}/directory/room/{{alias}}", self._called("alias", self._alias)),
            web.get(f"{CLIENT}/joined_rooms", self._called("rooms", self._joined_rooms)),
            web.post(f"{room}/invite", self._called("invite", self._invite)),
            web.post(f"{room}/join", self._called("join", self._join)),
            web.get(f"{room}/joined_members", self._called("members", self._members)),
            web.get(f"{room}/state/m.room.name", self._called("room name", self._room_name)),
            web.put(f"{room}/send/{{type}}/{{txn}}", self._called("send", self._send)),
            web.get(f"{room}/event/{{event}}", self._called("event", self._event)),
            web.get(f"{room}/messages", self._called("messages", self._messages)),
            web.post("/_matrix/media/v3/upload", self._called("upload", self._upload)),
            web.get(
                "/_matrix/client/v1/media/download/{server}/{media}", self._called("download", self._download)
            ),
            web.post("/_matrix/client/v1/appservice/{id}/ping", self._called("ping", self._nothing)),
            web.route("*", "/{rest:.*}", self._unrecognised),
        ]

    async def _unrecognised(self, request: web.Request) -> web.Response:
        return problem(404, "M_UNRECOGNIZED", request.method)

    def _called(self, kind: str, handler: Any) -> Any:
        async def run(request: web.Request) -> web.StreamResponse:
            self.calls[kind] += 1
            if self.gone:
                return web.Response(status=503, text="<html>down</html>")
            if self.refuse.get(kind):
                status, body = self.refuse[kind].pop(0)
                return web.json_response(body, status=status)
            if "access_token" in request.query:
                return problem(401, "M_MISSING_TOKEN", "tokens belong into the header")
            if request.headers.get("Authorization") != f"Bearer {self.token}":
                return problem(401, "M_UNKNOWN_TOKEN", "Unrecognised access token.")
            done: web.StreamResponse = await handler(request)
            if self.lose[kind]:
                self.lose[kind] -= 1
                assert request.transport is not None
                request.transport.abort()
            return done

        return run

    async def _nothing(self, _request: web.Request) -> web.Response:
        return web.json_response({})

    async def _whoami(self, _request: web.Request) -> web.Response:
        return web.json_response({"user_id": BOT})

    async def _register(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("type") != "m.login.application_service" or f"@{body.get('username')}:{SERVER}" != BOT:
            return problem(400, "M_EXCLUSIVE", "not yours")
        return problem(400, "M_USER_IN_USE", "User ID already taken.")

    async def _profile(self, request: web.Request) -> web.Response:
        if request.match_info["user"] not in self.users:
            return problem(404, "M_NOT_FOUND", "Profile was not found")
        return web.json_response({"displayname": "x"})

    async def _create(self, request: web.Request) -> web.Response:
        body = await request.json()
        local = body.get("room_alias_name", "")
        alias = f"#{local}:{SERVER}"
        if local:
            if not local.startswith(f"_{BOT[1:].partition(':')[0]}_"):
                return problem(400, "M_EXCLUSIVE", "alias of somebody else")
            if alias in self.aliases:
                return problem(400, "M_ROOM_IN_USE", "Room alias already taken")
        if body.get("preset") != "private_chat" or body.get("visibility") == "public":
            return problem(400, "M_BAD_JSON", "a room for anybody")
        room = Room(f"!{secrets.token_hex(6)}:{SERVER}", {BOT: "join"}, name="")
        room.members |= dict.fromkeys(body.get("invite", ()), "invite")
        self.rooms[room.id] = room
        self.aliases[alias] = room.id
        return web.json_response({"room_id": room.id})

    async def _alias(self, request: web.Request) -> web.Response:
        room = self.aliases.get(unquote(request.match_info["alias"]))
        return web.json_response({"room_id": room}) if room else problem(404, "M_NOT_FOUND", "no such alias")

    async def _joined_rooms(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {"joined_rooms": [room.id for room in self.rooms.values() if room.members.get(BOT) == "join"]}
        )

    def _mine(self, request: web.Request) -> Room | None:
        room = self.rooms.get(request.match_info["room"])
        return room if room is not None and room.members.get(BOT) == "join" else None

    async def _invite(self, request: web.Request) -> web.Response:
        room, who = self._mine(request), (await request.json()).get("user_id")
        if room is None or room.members.get(who) == "join":
            return problem(403, "M_FORBIDDEN", "is already in the room.")
        room.members[who] = "invite"
        return web.json_response({})

    async def _join(self, request: web.Request) -> web.Response:
        room = self.rooms.get(request.match_info["room"])
        if room is None or room.members.get(BOT) not in ("invite", "join"):
            return problem(403, "M_FORBIDDEN", "You are not invited to this room.")
        room.members[BOT] = "join"
        return web.json_response({"room_id": room.id})

    async def _members(self, request: web.Request) -> web.Response:
        room = self._mine(request)
        if room is None:
            return problem(403, "M_FORBIDDEN", "Appservice not in room")
        joined = {who: {} for who, how in room.members.items() if how == "join"}
        return web.json_response({"joined": joined})

    async def _room_name(self, request: web.Request) -> web.Response:
        room = self._mine(request)
        return (
            web.json_response({"name": room.name})
            if room is not None and room.name
            else problem(404, "M_NOT_FOUND", "Event not found.")
        )

    async def _send(self, request: web.Request) -> web.Response:
        where = (request.match_info["room"], request.match_info["txn"])
        if where in self._transactions:
            return web.json_response({"event_id": self._transactions[where]})
        raw = await request.read()
        room = self._mine(request)
        if room is None:
            return problem(403, "M_FORBIDDEN", f"User {BOT} not in room")
        if len(raw) > MOST - 2000:
            return problem(413, "M_TOO_LARGE", "event too large")
        fault = self._fault(raw)
        if fault:
            return problem(400, "M_BAD_JSON", fault)
        event = self.event(BOT, room.id, json.loads(raw))
        self._transactions[where] = event["event_id"]
        return web.json_response({"event_id": event["event_id"]})

    def _fault(self, raw: bytes) -> str:
        """What is wrong with a message that the bot wants to send; empty when nothing is."""
        content = json.loads(raw)
        if not isinstance(content.get("body"), str) or not content["body"]:
            return "no body"
        if content.get("m.mentions") != {} or "@room" in json.dumps(content, ensure_ascii=False):
            return "somebody is mentioned"
        if content.get("msgtype") in ("m.file", "m.image"):
            known = content.get("url") in self.media and content.get("filename")
            return "" if known else "unknown file"
        if content.get("msgtype") != "m.text" or content.get("format") != "org.matrix.custom.html":
            return "no text"
        tags = _Tags()
        tags.feed(content["formatted_body"])
        plain = content["body"].replace("\n", "")
        return tags.fault or ("" if tags.text == plain else "the two bodies differ")

    async def _event(self, request: web.Request) -> web.Response:
        room = self._mine(request)
        wanted = request.match_info["event"]
        found = [event for event in (room.events if room else ()) if event["event_id"] == wanted]
        return web.json_response(found[0]) if found else problem(404, "M_NOT_FOUND", "Event not found.")

    async def _messages(self, request: web.Request) -> web.Response:
        room = self._mine(request)
        if room is None:
            return problem(403, "M_FORBIDDEN", "not in room")
        told = json.loads(request.query["filter"])
        chunk = [
            event
            for event in reversed(room.events)
            if event["sender"] in told.get("senders", [event["sender"]])
        ]
        return web.json_response({"chunk": chunk[: int(request.query["limit"])]})

    async def _upload(self, request: web.Request) -> web.Response:
        address = f"mxc://{SERVER}/{secrets.token_hex(8)}"
        self.media[address] = (request.query.get("filename", ""), await request.read())
        return web.json_response({"content_uri": address})

    async def _download(self, request: web.Request) -> web.Response:
        address = f"mxc://{request.match_info['server']}/{request.match_info['media']}"
        if address not in self.media:
            return problem(404, "M_NOT_FOUND", "Not found")
        if self.hold is not None:
            await self.hold.wait()
        return web.Response(body=self.media[address][1], content_type="application/octet-stream")


class _Tags(HTMLParser):
    """The text of a formatted body; fault: a tag that it should not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.fault = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("strong", "br") or attrs:
            self.fault = f"tag {tag}"

    def handle_data(self, data: str) -> None:
        self.text += data


def problem(status: int, code: str, words: str) -> web.Response:
    return web.json_response({"errcode": code, "error": words}, status=status)


@asynccontextmanager
async def matrix_server() -> AsyncIterator[Matrix]:
    """A running server; its address is `base`."""
    server = Matrix()
    async with serving(server.routes()) as place:
        server.base = f"http://{place}"
        yield server


@dataclass(slots=True)
class Caller:
    """Calls the product back as the homeserver does. url: the address of the registration file."""

    url: str
    client: aiohttp.ClientSession
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def put(
        self, events: Sequence[object], *, number: str = "", token: str = HS_TOKEN, raw: bytes | None = None
    ) -> tuple[int, Json]:
        """One transaction; returns the status and the JSON."""
        body = json.dumps({"events": list(events)}).encode() if raw is None else raw
        where = f"{self.url}/_matrix/app/v1/transactions/{number or next(self.numbers)}"
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        async with self.client.put(where, data=BytesIO(body), headers=headers) as response:
            return response.status, await response.json()

    async def deliver(self, *events: object, number: str = "") -> None:
        """A transaction that must be taken."""
        assert await self.put(events, number=number) == (200, {})
