"""Texts for Matrix: plain and HTML, both without any mention but those the product means; settled cards."""

from __future__ import annotations

import html
from typing import Any, Final

from bot import choices
from models.types import Button, OutgoingMessage

HTML: Final = "org.matrix.custom.html"
SETTLED: Final = "（已处理）"
# Ours, so that a message is found again when the answer to sending it was lost.
KEY: Final = "zhuanban.key"


def message_content(message: OutgoingMessage, *, key: str) -> dict[str, Any]:
    """An m.room.message: m.text, because clients stay silent about an m.notice."""
    below = choices.listed(message.buttons)
    return {**text_content(f"{message.text}\n\n{below}" if below else message.text), KEY: key}


def text_content(text: str) -> dict[str, Any]:
    """Both bodies. An empty m.mentions tells clients that no word of the text is one, not even @room."""
    plain = text.replace("@room", "＠room")
    return {
        "msgtype": "m.text",
        "body": plain,
        "format": HTML,
        "formatted_body": _as_html(plain),
        "m.mentions": {},
    }


def _as_html(text: str) -> str:
    """Escaped; the first of several lines is the heading."""
    first, *rest = (html.escape(line, quote=True) for line in text.split("\n"))
    return "<br>".join([f"<strong>{first}</strong>" if rest and first else first, *rest])


def settled_content(event: dict[str, Any], event_id: str) -> dict[str, Any] | None:
    """The edit that takes a card's choices away; None when it shows none (any more)."""
    body = event.get("content", {}).get("body")
    if not isinstance(body, str):
        return None
    for mark in (f"\n\n{choices.HEADING}", f"\n\n{choices.SINGLE}"):
        text, found, _ = body.rpartition(mark)
        if found:
            new = text_content(f"{text}\n\n{SETTLED}")
            return {
                **new,
                "body": f"* {new['body']}",
                "formatted_body": f"* {new['formatted_body']}",
                "m.new_content": new,
                "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
            }
    return None


def file_content(name: str, *, address: str, media_type: str, size: int, key: str) -> dict[str, Any]:
    picture = media_type in ("image/jpeg", "image/png")
    return {
        "msgtype": "m.image" if picture else "m.file",
        "body": name,
        "filename": name,
        "url": address,
        "info": {"mimetype": media_type, "size": size},
        "m.mentions": {},
        KEY: key,
    }


def tokens_of_one_question(buttons: tuple[Button, ...]) -> bool:
    """Whether all choices belong to one question, so that choosing one settles the card."""
    return len({button.token.partition(".")[0] for button in buttons}) == 1
