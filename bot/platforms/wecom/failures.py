"""What the server's error codes mean for a message: who or what has to change before it can go."""

from __future__ import annotations

from typing import Final

from bot.platforms.base import RateLimited, Rejected, SendFailed, Unavailable, Unreachable

# The access token has ended early: a new one, and the same call once more.
REFRESH: Final = frozenset({40001, 40014, 42001})
# Busy, or something was changed at the same time: the same call later.
BUSY: Final = frozenset({-1, 6000, 45035, 45036})
# Too many calls: seconds until the next one.
TOO_MANY: Final = {45009: 60.0, 45033: 5.0}
# This person is unknown, has left, or lies outside what the app may see.
RECIPIENT: Final = frozenset({40003, 40031, 60111, 301021, 50002, 60011, 60021, 92000, 81013})
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
CODE_USED_UP: Final = 60140  # a card can be changed once for each click, within three days


class NeedsOperator(Unavailable):
    """Held, not lost: goes as soon as the setting is right."""


def failure(code: int, *, detail: str = "") -> SendFailed:
    """The failure that an error code means. detail: the server's own words; they hold no secrets."""
    shown = f"errcode {code} {detail}".strip()[:160]
    if code in TOO_MANY:
        return RateLimited(shown, retry_after=TOO_MANY[code])
    if code in RECIPIENT:
        return Unreachable(shown)
    if code in OPERATOR:
        return NeedsOperator(f"{OPERATOR[code]}（{shown}）")
    if code in REFRESH or code in BUSY:
        return Unavailable(shown)
    return Rejected(shown)
