"""People with a real Matrix client (matrix-nio). Runs in the environment of `make e2e`; one JSON line in, one out."""

from __future__ import annotations

import asyncio
import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from nio import (
    AsyncClient,
    InviteMemberEvent,
    LoginResponse,
    RegisterResponse,
    RoomCreateResponse,
    RoomMessage,
    RoomPreset,
    RoomSendResponse,
    SyncResponse,
    UploadResponse,
)

Json = dict[str, Any]
PASSWORD = "correct horse battery staple"
SECONDS = 30.0


class Person:
    """One account. seen: messages by room, in order, edits applied; invites: rooms it was asked into."""

    def __init__(self, base: str, user: str) -> None:
        self.client = AsyncClient(base, user)
        self.seen: dict[str, list[Json]] = {}
        self.invites: list[str] = []
        self.client.add_event_callback(self._heard, RoomMessage)
        self.client.add_event_callback(self._invited, InviteMemberEvent)

    async def register(self) -> None:
        name = self.client.user[1:].partition(":")[0]
        answer = await self.client.register(name, PASSWORD)
        if not isinstance(answer, RegisterResponse):
            login = await self.client.login(PASSWORD)
            assert isinstance(login, LoginResponse), login
        await self.sync()

    async def sync(self) -> None:
        """What is new; while the server restarts there is nothing."""
        try:
            answer = await self.client.sync(timeout=500)
        except Exception:  # noqa: BLE001 - whatever a client sees of a server that is down
            await asyncio.sleep(0.2)
            return
        if not isinstance(answer, SyncResponse):
            await asyncio.sleep(0.2)

    async def _heard(self, room: Any, event: Any) -> None:
        content = event.source["content"]
        known = self.seen.setdefault(room.room_id, [])
        relation = content.get("m.relates_to", {})
        if relation.get("rel_type") == "m.replace":
            for one in known:
                if one["event_id"] == relation["event_id"]:
                    one["body"] = content["m.new_content"]["body"]
            return
        known.append({"event_id": event.event_id, "sender": event.sender, "body": content.get("body", "")})

    async def _invited(self, room: Any, event: Any) -> None:
        if event.membership == "invite" and event.state_key == self.client.user_id:
            self.invites.append(room.room_id)

    async def wait(self, room: str, sender: str, part: str, after: str) -> Json:
        """The first message of the sender with these words, behind the message `after` if one is named."""
        async with asyncio.timeout(SECONDS):
            while True:
                for one in self._behind(room, after):
                    if one["sender"] == sender and part in one["body"]:
                        return one
                await self.sync()

    def _behind(self, room: str, after: str) -> list[Json]:
        known = self.seen.get(room, [])
        ids = [one["event_id"] for one in known]
        if not after:
            return known
        return known[ids.index(after) + 1 :] if after in ids else []

    async def say(self, room: str, content: Json) -> str:
        async with asyncio.timeout(SECONDS):
            while True:
                answer = await self.client.room_send(room, "m.room.message", content)
                if isinstance(answer, RoomSendResponse):
                    return str(answer.event_id)
                await asyncio.sleep(0.2)

    async def new_room(self, *, invite: list[str], name: str, direct: bool) -> str:
        preset = RoomPreset.trusted_private_chat if direct else RoomPreset.private_chat
        answer = await self.client.room_create(name=name, invite=invite, is_direct=direct, preset=preset)
        assert isinstance(answer, RoomCreateResponse), answer
        return str(answer.room_id)

    async def upload(self, path: str, media_type: str) -> str:
        content = Path(path).read_bytes()
        answer, _ = await self.client.upload(
            BytesIO(content), content_type=media_type, filename="x", filesize=len(content)
        )
        assert isinstance(answer, UploadResponse), answer
        return str(answer.content_uri)


async def answer(people: dict[str, Person], base: str, told: Json) -> Any:
    person = people.setdefault(told["user"], Person(base, told["user"]))
    match told["do"]:
        case "register":
            return await person.register()
        case "room":
            return await person.new_room(invite=told["invite"], name=told["name"], direct=told["direct"])
        case "say":
            return await person.say(told["room"], told["content"])
        case "wait":
            return await person.wait(told["room"], told["sender"], told["part"], told["after"])
        case "upload":
            return await person.upload(told["path"], told["media_type"])
        case "seen":
            await person.sync()
            return person.seen.get(told["room"], [])
        case "join":
            async with asyncio.timeout(SECONDS):
                while not person.invites:
                    await person.sync()
            room = person.invites.pop(0)
            await person.client.join(room)
            return room
    raise AssertionError(told)


async def main(base: str) -> None:
    people: dict[str, Person] = {}
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            said: Json = {"answer": await answer(people, base, json.loads(line))}
        except Exception as error:  # noqa: BLE001 - the test shows it
            said = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
    for person in people.values():
        await person.client.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
