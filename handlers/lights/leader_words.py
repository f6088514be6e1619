"""已阅 and 批示 in the words of 带班领导 (rules E10, C18)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access
from handlers.context import Context
from models.types import Role

_LONGEST: Final = 40  # characters of a text that only says that a light was read
_SEEN: Final = r"(?:看到|看过|看|阅知|阅悉|阅|知悉|知晓|知道|收到|收悉)"
_READ: Final = re.compile(
    r"(?P<what>[A-Za-zＡ-Ｚａ-ｚ]{2}[0-9０-９]{4}|[一-鿿]{2,20}?|)的?\s?(?:红灯|亮灯)(?:预警|情况|通知)?[,，\s]?"
    rf"我?(?:已经?|都)?{_SEEN}了?[。.!！\s]*"
    r"|已?阅(?:知|悉|了)?[。.!！\s]*"
)
# The same with more behind it: neither a reading nor a problem of the project (rule C16).
NOTED: Final = re.compile(
    r"^\s*(?:已?阅(?:知|悉)?|(?:[A-Za-z]{2}[0-9]{4}|[一-鿿]{2,20}?|)的?\s?红灯我?(?:已经?|都)?"
    rf"{_SEEN}了?)[\s,，。;；]+(?P<words>\S.*)",
    re.DOTALL,
)


def acknowledged(context: Context, text: str) -> str | None:
    """「循环园红灯看过了」, 「阅」 of a 带班领导 as 「已阅 循环园」; None for other texts and other people."""
    if len(text) > _LONGEST or ("灯" not in text and "阅" not in text):
        return None
    said = _READ.fullmatch(text.strip())
    if said is None or not access.holds(context, Role.LEADER):
        return None
    return f"已阅 {said['what'] or ''}".strip()
