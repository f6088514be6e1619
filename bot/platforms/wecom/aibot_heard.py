"""What an AI bot is told, by callback or over its connection: the same JSON, read into the product's messages."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.platforms.wecom.accounts import PLATFORM, account_of
from bot.platforms.wecom.callback import NO_TRANSCRIPT, NO_VIDEO
from bot.platforms.wecom.crypto import EnvelopeRefused, Fault
from models.types import ChatKind, InboundKind, InboundMessage, PendingFile

CHANNEL: Final = "wecom_aibot"
GREETING: Final = "/帮助"  # what a member who opens the chat for the first time that day is answered with
_BLANKS: Final = " \t\r\n\u2005\u00a0\u3000"
_PICTURE: Final = "照片"
_QUOTED: Final = {"image": "［图片］", "file": "［文件］", "video": "［视频］"}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One message, event or poll. kind: the wire's msgtype. chat: empty in a private chat. event: of kind event."""

    kind: str
    event: str
    message_id: str
    bot_id: str
    chat: str
    sender: str
    reply_url: str
    body: Json

    @property
    def address(self) -> str:
        """Of the chat that it was said in."""
        return self.chat or account_of(self.sender)


def encrypted_part(body: bytes) -> str:
    """The encrypted text of a callback's body. Raises EnvelopeRefused (FORM)."""
    encrypt = _object(body).get("encrypt")
    if not isinstance(encrypt, str) or not encrypt.isascii():
        raise EnvelopeRefused(Fault.FORM, "no encrypt")
    return encrypt


def read(text: str | bytes) -> Said:
    """A decrypted callback. Raises EnvelopeRefused (FORM)."""
    return said(_object(text))


def said(body: Json) -> Said:
    """A message as it comes over the connection. Raises EnvelopeRefused (FORM)."""
    kind = _text(body, "msgtype").lower()
    if not kind:
        raise EnvelopeRefused(Fault.FORM, "no msgtype")
    return Said(
        kind=kind,
        event=_text(_part(body, "event"), "eventtype").lower(),
        message_id=_text(body, "msgid"),
        bot_id=_text(body, "aibotid"),
        chat=_text(body, "chatid") if _text(body, "chattype") != "single" else "",
        sender=_text(_part(body, "from"), "userid"),
        reply_url=_text(body, "response_url"),
        body=body,
    )


def as_message(
    one: Said, *, names: Collection[str], at: datetime, turn: str, collect_seconds: int
) -> InboundMessage | None:
    """What the product has to do with it; None for what it does not use."""
    made = _Made(one, at, turn, collect_seconds)
    quoted = _quoted(_part(one.body, "quote"))
    if one.kind in ("text", "mixed"):
        words, pictures = _mixed(one)
        text = without_mention(words, names) if one.chat else words
        if not text and pictures:
            return made.message(kind=InboundKind.FILES, quoted=quoted, pending=pictures)
        return made.message(text=text, quoted=quoted, pending=pictures)
    if one.kind == "voice":
        spoken = _text(_part(one.body, "voice"), "content").strip()
        return made.message(text=spoken, quoted=quoted) if spoken else made.message(refused=NO_TRANSCRIPT)
    if one.kind in ("image", "file"):
        file = _pending(_part(one.body, one.kind), _PICTURE if one.kind == "image" else "")
        return made.message(kind=InboundKind.FILES, quoted=quoted, pending=(file,))
    if one.kind == "video":
        return made.message(refused=NO_VIDEO)
    if one.kind == "event" and one.event == "template_card_event":
        return _click(one, made)
    if one.kind == "event" and one.event == "enter_chat":
        return made.message(text=GREETING)
    return None


def task_of(one: Said) -> str:
    """The card that a click came from."""
    return _text(_part(_part(one.body, "event"), "template_card_event"), "task_id")


def without_mention(text: str, names: Collection[str]) -> str:
    """What was said to the bot, its name cut off the front; without known names the first mention is taken for it."""
    body = text.lstrip(_BLANKS)
    if not body.startswith("@"):
        return text.strip(_BLANKS)
    for name in sorted(names, key=len, reverse=True):
        rest = body[1:].removeprefix(name)
        if rest != body[1:] and (not rest or rest[0] in _BLANKS or rest[0] in "/／、"):
            return rest.strip(_BLANKS)
    if not names:
        end = next((at for at, char in enumerate(body) if char in _BLANKS), len(body))
        return body[end:].strip(_BLANKS)
    return text.strip(_BLANKS)


@dataclass(frozen=True, slots=True)
class _Made:
    """Makes the message of one callback."""

    one: Said
    at: datetime
    turn: str
    collect_seconds: int

    def message(
        self, *, kind: InboundKind = InboundKind.TEXT, text: str = "", quoted: str = "", action: str = "",
        ticket: str = "", refused: str = "", pending: tuple[PendingFile, ...] = (),
    ) -> InboundMessage:  # fmt: skip
        return InboundMessage(
            platform=PLATFORM,
            message_id=f"aibot:{self.one.bot_id}:{self.one.message_id}",
            account=account_of(self.one.sender),
            chat=ChatKind.GROUP if self.one.chat else ChatKind.PRIVATE,
            chat_address=self.one.chat,
            kind=kind,
            text=text,
            received_at=self.at,
            quoted=quoted,
            action=action,
            ticket=ticket,
            refused=(refused,) if refused else (),
            pending=pending,
            channel=CHANNEL,
            turn=self.turn,
            collect_seconds=self.collect_seconds,
        )


def _click(one: Said, made: _Made) -> InboundMessage:
    card = _part(_part(one.body, "event"), "template_card_event")
    chosen: list[str] = []
    for item in _list(_part(card, "selected_items"), "selected_item"):
        chosen.extend(
            option for option in _list(_part(item, "option_ids"), "option_id") if isinstance(option, str)
        )
    return made.message(
        kind=InboundKind.CLICK, text="\n".join(chosen), action=_text(card, "event_key"),
        ticket=f"{made.turn} {_text(card, 'task_id')}",
    )  # fmt: skip


def _mixed(one: Said) -> tuple[str, tuple[PendingFile, ...]]:
    if one.kind == "text":
        return _text(_part(one.body, "text"), "content"), ()
    words: list[str] = []
    pictures: list[PendingFile] = []
    for item in _list(_part(one.body, "mixed"), "msg_item"):
        if _text(item, "msgtype") == "text":
            words.append(_text(_part(item, "text"), "content"))
        elif _text(item, "msgtype") == "image":
            pictures.append(_pending(_part(item, "image"), _PICTURE))
    return "\n".join(word for word in words if word), tuple(pictures)


def _quoted(quote: Json) -> str:
    """What a message quotes, as text: data, never a command (rule C16)."""
    kind = _text(quote, "msgtype")
    if kind in ("text", "voice"):
        return _text(_part(quote, kind), "content")
    if kind == "mixed":
        said = [
            _text(_part(item, "text"), "content") if _text(item, "msgtype") == "text" else _QUOTED["image"]
            for item in _list(_part(quote, "mixed"), "msg_item")
        ]
        return "\n".join(part for part in said if part)
    return _QUOTED.get(kind, "")


def _pending(file: Json, name: str) -> PendingFile:
    """The address, and before it the file's own key where it has one."""
    return PendingFile(f"{_text(file, 'aeskey')} {_text(file, 'url')}".strip(), name)


def _object(text: str | bytes) -> Json:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise EnvelopeRefused(Fault.FORM, "not JSON") from None
    if not isinstance(body, dict):
        raise EnvelopeRefused(Fault.FORM, "not a JSON object")
    return body


# What stands where an object or a list should be counts as nothing there: a callback of the connection comes once, and
# one that cannot be read must not stop those behind it.


def _part(body: object, name: str) -> Json:
    part = body.get(name) if isinstance(body, dict) else None
    return part if isinstance(part, dict) else {}


def _list(body: object, name: str) -> list[object]:
    part = body.get(name) if isinstance(body, dict) else None
    return part if isinstance(part, list) else []


def _text(body: object, name: str) -> str:
    """Text as the database can keep it: no NUL, no half characters."""
    value = body.get(name) if isinstance(body, dict) else None
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    text = str(value)
    return text if text.isprintable() else text.replace("\0", "").encode("utf-8", "ignore").decode()
