"""The vendor's directory, and groups that the app makes: for the command line, beside a running product or without."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from bot.clock import WallClock
from bot.platforms.base import Member, Rejected
from bot.platforms.wecom.api import Api
from bot.platforms.wecom.wire import Answer
from bot.settings import Settings
from bot.shelf import Kept

LEFT: Final = 5  # status of a member who has left; 2 is disabled, 4 not activated yet
CHAT_EXISTS: Final = 86215


class Nowhere:
    """A shelf for one look: the command line shares no token."""

    async def look(self) -> Kept | None:
        return None

    async def put(self, kept: Kept) -> None:
        """Forgotten at once."""


def api_for(settings: Settings) -> Api:
    told = settings.wecom
    return Api(
        base=told.api_base, corp_id=told.corp_id or "", secret=told.secret, proxy=told.proxy, shelf=Nowhere(),
        now=WallClock().now, call_seconds=told.call_seconds,
    )  # fmt: skip


async def members(settings: Settings) -> Sequence[Member]:
    """Everybody in the app's visible range, department by department: a whole tree at once may be too large."""
    api = api_for(settings)
    try:
        found = await api.get("department/simplelist")
        names: dict[int, str] = {}
        people: dict[str, dict[str, Any]] = {}
        for number in sorted(int(one["id"]) for one in _objects(found, "department_id")):
            told = await api.get("department/get", id=str(number))
            department = told.get("department")
            names[number] = str(department.get("name", "")) if isinstance(department, dict) else ""
            listed = await api.get("user/list", department_id=str(number))
            people.update({str(one.get("userid", "")): one for one in _objects(listed, "userlist")})
    finally:
        await api.close()
    return [
        Member(
            account=account,
            name=str(one.get("name", "")).strip(),
            units=tuple(names[number] for number in one.get("department") or () if names.get(number)),
            left=one.get("status") == LEFT,
        )
        for account, one in sorted(people.items())
        if account
    ]


async def open_group(settings: Settings, name: str, key: str, accounts: Sequence[str]) -> str:
    """Make a group of the app, or find the one that was made before under this key."""
    api = api_for(settings)
    chat = f"zb{hashlib.blake2b(key.encode(), digest_size=12).hexdigest()}"
    try:
        try:
            await api.post(
                "appchat/create",
                {"name": name[:50], "owner": accounts[0], "userlist": list(accounts), "chatid": chat},
            )
        except Rejected as error:
            if str(CHAT_EXISTS) not in str(error):
                raise
            await api.get("appchat/get", chatid=chat)
    finally:
        await api.close()
    return chat


def _objects(answer: Answer, name: str) -> list[dict[str, Any]]:
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
