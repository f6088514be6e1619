"""What the server's error codes mean for a message: who or what has to change before it can go."""

from __future__ import annotations

from typing import Final

from bot.platforms.base import NeedsOperator, RateLimited, Rejected, SendFailed, Unavailable, Unreachable

# The access token has ended early: a new one, and the same call once more.
REFRESH: Final = frozenset({40001, 40014, 42001})
# Busy, or something was changed at the same time: the same call later.
BUSY: Final = frozenset({-1, 6000, 45035, 45036})
# Too many calls: seconds until the next one.
TOO_MANY: Final = {45009: 60.0, 45033: 5.0}
# This person is unknown, has left, or lies outside what the app may see.
RECIPIENT: Final = frozenset({40003, 40031, 60111, 301021, 50002, 60011, 60021, 92000, 81013})
# The file was handed over too long ago, or to somebody else.
MEDIA: Final = frozenset({40007, 40145})
# This group, or the address of its robot, does not work any more; with what to do.
TARGET: Final = {
    40050: "群不存在：核对名册里这个群的地址",
    86001: "群不存在：核对名册里这个群的地址",
    86003: "群不存在：核对名册里这个群的地址",
    86008: "不是本应用建的群：核对名册里这个群的地址",
    86101: "只有群主能改：请群主办理",
    93000: "推送地址无效或已从群里移除：在群里重新添加消息推送，把新地址里的 key 写进名册",
    93001: "这个群不允许消息推送",
    93004: "消息推送被停用：在群里重新启用",
    93006: "群 ID 不对：核对名册里这个群的地址",
    93008: "机器人不在群里：重新加入",
    93019: "机器人 ID 不对：核对设置",
}
# Nothing goes until somebody changes a setting here or in the vendor's console; with what to look at.
OPERATOR: Final = {
    40001: "应用 Secret 不对：核对 BOT_WECOM__APP__SECRET",
    40013: "企业 ID 不对：核对 BOT_WECOM__CORP_ID",
    40056: "应用 AgentId 不对：核对 BOT_WECOM__APP__AGENT_ID",
    301002: "AgentId 与 Secret 不是同一个应用：核对两项设置",
    43012: "应用没有设置接收消息的 URL：在管理后台「接收消息」中填写",
    48002: "应用没有调用这个接口的权限：不要用通讯录同步的 Secret",
    48005: "接口已停用",
    48006: "接口权限已收回",
    48009: "通讯录 Secret 从新的 IP 调用受限：请用应用自己的 Secret",
    48010: "TLS 版本过低",
    50003: "应用已停用：在管理后台启用",
    60031: "接口被禁用",
    301007: "企业已被停用",
    60020: "服务器 IP 不在可信名单：在管理后台「企业可信IP」中加入，1 分钟后生效",
}


# Over the long connection: too many, or the chat has never written to the bot; not subscribed.
LINK_BUSY: Final = frozenset({846607})
LINK_DOWN: Final = frozenset({846609})
LINK_OPERATOR: Final = {
    846601: "智能机器人没有启用长连接：在智能机器人详情页选「长连接」",
    853000: "智能机器人的 Bot ID 或 Secret 不对：核对 BOT_WECOM__AIBOT__BOT_ID 和 BOT_WECOM__AIBOT__SECRET",
}


class MediaGone(Rejected):
    """The platform does not know the id of a file (any more): handed over again, it can be sent."""


def failure(code: int, *, detail: str = "") -> SendFailed:
    """The failure that an error code means. detail: the server's own words; they hold no secrets."""
    shown = f"errcode {code} {detail}".strip()[:160]
    if code in TOO_MANY:
        return RateLimited(shown, retry_after=TOO_MANY[code])
    if code in TARGET:
        return Unreachable(f"{TARGET[code]}（{shown}）")
    if code in RECIPIENT:
        return Unreachable(shown)
    if code in OPERATOR:
        return NeedsOperator(f"{OPERATOR[code]}（{shown}）")
    if code in REFRESH or code in BUSY:
        return Unavailable(shown)
    return MediaGone(shown) if code in MEDIA else Rejected(shown)


def link_failure(code: int) -> SendFailed:
    """The failure that an error code of the long connection means."""
    shown = f"errcode {code}"
    if code in LINK_BUSY:
        return RateLimited(shown, retry_after=TOO_MANY[45009])
    if code in LINK_DOWN:
        return Unavailable(shown)
    if code in LINK_OPERATOR:
        return NeedsOperator(f"{LINK_OPERATOR[code]}（{shown}）")
    return failure(code)
