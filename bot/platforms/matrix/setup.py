"""What the operator does at the homeserver: the registration file, and what check-config finds out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import yaml

from bot.clock import WallClock
from bot.platforms.base import Finding, SendFailed
from bot.platforms.matrix.api import Api
from bot.settings import Settings

SERVICE: Final = "zhuanban"
SHOWN_ROOMS: Final = 20


def callback(settings: Settings) -> str:
    base = (settings.public_url or f"http://{settings.listen}").rstrip("/")
    return f"{base}/callback/matrix"


def registration(settings: Settings) -> str:
    """The file that the homeserver reads: who we are, where to call us, which names are ours. Holds both tokens."""
    told = settings.matrix
    local, _, server = (told.user_id or "")[1:].partition(":")
    at = re.escape(server)
    body = {
        "id": SERVICE,
        "url": callback(settings),
        "as_token": told.as_token_text,
        "hs_token": told.hs_token_text,
        "sender_localpart": local,
        "rate_limited": False,
        "namespaces": {
            "users": [{"exclusive": True, "regex": f"@{re.escape(local)}:{at}"}],
            "aliases": [{"exclusive": True, "regex": f"#_{re.escape(local)}_.*:{at}"}],
            "rooms": [],
        },
    }
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False)


async def inspect(settings: Settings) -> Sequence[Finding]:
    """Try both directions: our token at the homeserver, and its way back to us; then name the rooms."""
    told = settings.matrix
    api = Api(
        base=told.homeserver_url or "", token=told.as_token_text, user_id=told.user_id or "", now=WallClock().now,
        call_seconds=told.call_seconds,
    )  # fmt: skip
    found = [Finding(f"回调地址：{callback(settings)}（注册文件里的 url）")]
    try:
        found.extend(await _tried(api, settings))
    except SendFailed as error:
        found.append(Finding(f"主服务器 {told.homeserver_url}：不可用", str(error)))
    finally:
        await api.close()
    return found


async def _tried(api: Api, settings: Settings) -> list[Finding]:
    told = settings.matrix
    own = await api.whoami()
    if own != told.user_id:
        return [
            Finding(
                f"AS_TOKEN 属于 {own}，不是 {told.user_id}",
                "核对 BOT_MATRIX__USER_ID 与注册文件的 sender_localpart",
            )
        ]
    found = [Finding(f"主服务器 {told.homeserver_url}：凭证可用，账号 {own}")]
    try:
        await api.ping(SERVICE)
        found.append(Finding("主服务器能连到助手"))
    except SendFailed as error:
        if "M_BAD_STATUS" in str(error):
            found.append(Finding("主服务器连到了助手，但被拒绝", "核对 BOT_MATRIX__HS_TOKEN 与注册文件"))
        else:
            found.append(Finding(f"主服务器没有连到助手（助手没有运行时正常）：{str(error)[:100]}"))
    for room in (await api.joined_rooms())[:SHOWN_ROOMS]:
        name = await api.room_name(room)
        if name:
            found.append(Finding(f"助手所在房间：{name} {room}（群登记进名册时用这个编号）"))
    return found
