"""How an AI bot says things: streams, cards, markdown. Contents replace what was shown before under the same id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.answering import Answer
from bot.platforms.wecom.cards import BOT_TITLE, MOST_BUTTONS, Card, card, settled_card, typed_hint
from models.types import Button
from templates.merging import heading

CONTENT_BYTES: Final = 20480
_ROOM: Final = CONTENT_BYTES - 128  # for the word about what was left out
WORKING: Final = "正在处理……"
LATE: Final = "处理还没有结束，结果稍后另发"
FORGOTTEN: Final = "这条消息的答复已过时，请重新发送"
_CUT: Final = "……后面还有 {} 行，放不下。请缩小范围再查"
_NO_FILES: Final = "（附件在这里发不出，请在网页或应用里查收）"

Body = dict[str, Any]


def stream(turn: str, content: str, *, finish: bool) -> Body:
    return {"msgtype": "stream", "stream": {"id": turn, "finish": finish, "content": content}}


def whole_answer(turn: str, answer: Answer, *, address: str) -> Body:
    """Everything at once: the text as a finished stream, and below it a card for the buttons."""
    shown, others = answer.buttons[:MOST_BUTTONS], answer.buttons[MOST_BUTTONS:]
    body = stream(turn, whole_text(answer, typed_hint(others)), finish=True)
    if shown:
        body["msgtype"] = "stream_with_template_card"
        body["template_card"] = card_of(answer.text, shown, key=str(answer.numbers[0]), address=address)
    return body


def card_of(text: str, buttons: Sequence[Button], *, key: str, address: str) -> Card:
    return card(heading(text, most=BOT_TITLE), buttons, key=key, address=address)


def whole_text(answer: Answer, hint: str = "") -> str:
    """The text with what cannot be shown otherwise, cut at a line end if it is longer than anything may be."""
    more = "".join(f"\n{part}" for part in (hint, _NO_FILES if answer.files else "") if part)
    return f"{fitted(answer.text, room=_ROOM - len(more.encode()))}{more}"


def fitted(text: str, *, room: int = _ROOM) -> str:
    """The text, or as many of its lines as fit, with a word about the others. room: bytes."""
    if len(text.encode()) <= room:
        return text
    kept: list[str] = []
    used = 0
    lines = text.split("\n")
    for line in lines:
        used += len(line.encode()) + 1
        if used > room:
            break
        kept.append(line)
    return "\n".join((*kept, _CUT.format(len(lines) - len(kept))))


def markdown(content: str) -> Body:
    return {"msgtype": "markdown", "markdown": {"content": content}}


def settled(text: str, *, task_id: str, token: str) -> Body:
    """The answer to a click that settled its card's question. text: what stood above the buttons."""
    shown = settled_card(heading(text, most=BOT_TITLE), task_id=task_id, token=token)
    return {"response_type": "update_template_card", "template_card": shown}
