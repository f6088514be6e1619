"""What check-config finds out beyond the settings: who and what of the roster this office can reach here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.platforms.base import Finding, NeedsOperator, SendFailed, Unavailable, Unreachable
from bot.platforms.wecom.accounts import PLATFORM
from bot.platforms.wecom.aibot_heard import CHANNEL as BOT
from bot.platforms.wecom.api import Api
from bot.settings import Settings
from models.db import Database, DatabaseUnavailable
from models.queries import directory

ANOTHER_APP: Final = (40056, 301002)
MOST_TRIED: Final = 30  # accounts, one call each
MOST_NAMED: Final = 10

T = TypeVar("T")


async def looked(settings: Settings, read: Callable[[Session], T]) -> T | None:
    """What stands in the database; None where there is none yet, or none that answers."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return None
    database = Database(settings.database_url)
    try:
        return await database.read(read)
    except (DatabaseUnavailable, SQLAlchemyError, OSError):
        return None
    finally:
        await database.close()


async def app_is_ours(api: Api, agent_id: int) -> Finding | None:
    """Whether id and secret belong to one app; what else is wrong with this call says nothing about that."""
    try:
        await api.get("menu/get", agentid=str(agent_id))
    except SendFailed as error:
        if any(f"errcode {code} " in f"{error} " for code in ANOTHER_APP):
            return Finding(f"自建应用 {agent_id}：不可用", str(error))
    return None


def out_of_order(api_base: str, error: SendFailed) -> Finding:
    """The server is not reached, or does not take our credentials."""
    mend = str(error)
    if isinstance(error, Unavailable) and not isinstance(error, NeedsOperator):
        mend = f"连不上：核对 BOT_WECOM__API_BASE、BOT_WECOM__PROXY 和出网 443 端口（{error}）"
    return Finding(f"接口 {api_base}：不可用", mend)


async def whom_it_sees(api: Api, settings: Settings) -> Finding | None:
    """Whether the people of the roster lie in the app's visible range."""
    found = await looked(settings, directory.load)
    accounts = [one.account for one in found.accounts.values() if one.platform == PLATFORM] if found else []
    tried = sorted(accounts)[:MOST_TRIED]
    if not tried:
        return None
    hidden: list[str] = []
    for account in tried:
        try:
            await api.get("user/get", userid=account)
        except Unreachable:
            hidden.append(account)
        except SendFailed as error:
            return Finding(f"名册里的企业微信账号：没有试成（{str(error)[:100]}）")
    if not hidden:
        return Finding(f"名册里的企业微信账号：试了 {len(tried)} 个，都在应用可见范围内")
    named = "、".join(hidden[:MOST_NAMED])
    return Finding(
        f"名册里的企业微信账号：试了 {len(tried)} 个，应用看不到 {len(hidden)} 个：{named}",
        "核对账号的写法，或在管理后台把他们加进应用的可见范围",
    )


async def groups_without_way(settings: Settings) -> list[Finding]:
    """Groups of the roster to which nothing can be pushed by what is switched on."""
    found = await looked(settings, directory.load)
    if found is None:
        return []
    answers_only = {BOT} if not settings.wecom.aibot.connection_secret else set()
    on = set(settings.channels) - answers_only
    deaf = sorted(
        group.name for group in found.groups.values() if not any(name in on for name, _ in group.accounts)
    )
    if not deaf:
        return []
    named = "、".join(deaf[:MOST_NAMED]) + ("等" if len(deaf) > MOST_NAMED else "")
    return [
        Finding(
            f"收不到推送的群 {len(deaf)} 个：{named}。在群里添加消息推送，把 key 写进名册这个群的 wecom_webhook"
        )
    ]
