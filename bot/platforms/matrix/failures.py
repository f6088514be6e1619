"""What the homeserver's error codes mean: who or what has to change before a call can succeed."""

from __future__ import annotations

from typing import Final

from bot.platforms.base import (
    NeedsOperator,
    RateLimited,
    Rejected,
    SendFailed,
    TooLarge,
    Unavailable,
    Unreachable,
)

LIMITED_SECONDS: Final = 5.0  # when the server does not say how long
LONGEST_WAIT: Final = 600.0
# Nothing goes until somebody changes a setting here or at the homeserver; with what to look at.
OPERATOR: Final = {
    "M_UNKNOWN_TOKEN": "主服务器不认 AS_TOKEN：核对 BOT_MATRIX__AS_TOKEN 与注册文件，改后重启主服务器",
    "M_MISSING_TOKEN": "主服务器没有收到 AS_TOKEN：检查中间的反向代理",
    "M_EXCLUSIVE": "BOT_MATRIX__USER_ID 不在注册文件的用户范围内：重新生成注册文件",
    "M_UNRECOGNIZED": "地址不是 Matrix 主服务器：核对 BOT_MATRIX__HOMESERVER_URL",
    "M_USER_DEACTIVATED": "助手账号已被停用：请主服务器管理员恢复",
    "M_RESOURCE_LIMIT_EXCEEDED": "主服务器已到资源上限：请其管理员处理",
}
# The room or the person is not there for us (any more).
GONE: Final = frozenset({"M_FORBIDDEN", "M_NOT_FOUND", "M_GUEST_ACCESS_FORBIDDEN"})


class Gone(Unreachable):
    """Room, person or alias; code is the server's."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Taken(Rejected):
    """An alias that exists already."""


def failure(status: int, code: str, *, detail: str = "", retry_after: float | None = None) -> SendFailed:
    """The failure that an answer means. detail: the server's own words, cut short; retry_after: seconds."""
    shown = f"HTTP {status} {code} {detail}".strip()[:160]
    if code == "M_LIMIT_EXCEEDED" or status == 429:
        wait = LIMITED_SECONDS if retry_after is None else retry_after
        return RateLimited(shown, retry_after=min(max(wait, 0.1), LONGEST_WAIT))
    if code in OPERATOR:
        return NeedsOperator(f"{OPERATOR[code]}（{shown}）")
    if status == 401:
        return NeedsOperator(f"{OPERATOR['M_UNKNOWN_TOKEN']}（{shown}）")
    if code == "M_FORBIDDEN" and "masquerade" in detail:
        return NeedsOperator(f"{OPERATOR['M_EXCLUSIVE']}（{shown}）")
    if code in GONE:
        return Gone(code, shown)
    if code == "M_ROOM_IN_USE":
        return Taken(shown)
    if code == "M_TOO_LARGE" or status == 413:
        return TooLarge(shown)
    if status >= 500 or not code:
        return Unavailable(shown)
    return Rejected(shown)
