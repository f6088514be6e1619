"""What an event of a room says, pure: content in, what a person typed out. Quoted text is data (rule C16)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any, Final

from models.types import InboundKind, PendingFile

Event = dict[str, Any]

MENTION: Final = "@助手"
MAX_TEXT: Final = 20_000
MAX_ID: Final = 255  # of user, room and event ids, as the protocol has it
NO_VIDEO: Final = "不接收视频，请发照片或文件，并用文字说明"
NO_VOICE: Final = "听不了语音，请用文字重发"
NO_LOCATION: Final = "不接收位置，请用文字说明地点"
SEALED_FILE: Final = "附件是加密的，打不开。请在未加密的聊天里重发"
SEALED_ROOM: Final = "那个聊天开了端到端加密，助手读不到。请在这个聊天里发（不要开启加密）"
_REFUSED: Final = {"m.video": NO_VIDEO, "m.audio": NO_VOICE, "m.location": NO_LOCATION}
_MXC: Final = re.compile(r"mxc://([A-Za-z0-9.:\[\]_-]{1,255})/([A-Za-z0-9_-]{1,255})")
_PILL: Final = re.compile(
    r'<a\s[^>]*href="https://matrix\.to/#/([^"?]{1,300})[^"]*"[^>]*>(.{0,200}?)</a>', re.DOTALL
)
_AFTER_NAME: Final = re.compile(r"^[\s\u3000]*[:：,，]?[\s\u3000]*")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody did in a room, before it is known whose room that is.

    answers: the event that it replies to. about: the event that it changes or takes back. addressed: the bot is named
    in it, or one of its messages is replied to by a client that says so.
    """

    event_id: str
    room: str
    sender: str
    kind: InboundKind
    text: str = ""
    quoted: str = ""
    answers: str = ""
    about: str = ""
    addressed: bool = False
    pending: tuple[PendingFile, ...] = ()
    refused: tuple[str, ...] = ()
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody's standing in a room has changed. how: join, invite, leave, ban or knock. by: who did it."""

    event_id: str
    room: str
    who: str
    by: str
    how: str
    direct: bool


@dataclass(frozen=True, slots=True)
class Bot:
    """user_id: its Matrix id. words: what names it in a text, besides its id. shown: its name, as clients show it."""

    user_id: str
    shown: str = "专班助手"
    words: tuple[str, ...] = field(default=(MENTION, "@专班助手", "＠助手"))


def read(event: object, bot: Bot) -> Said | Membership | None:
    """What there is to act on; None for everything else, the bot's own doings and other bots' notices included."""
    if not isinstance(event, dict) or not isinstance(event.get("content"), dict):
        return None
    content: Event = event["content"]
    told = [_id(event, name) for name in ("event_id", "room_id", "sender")]
    if not all(told):
        return None
    event_id, room, sender = told
    if event.get("type") == "m.room.member":
        who = _id(event, "state_key")
        how = content.get("membership")
        if not who or not isinstance(how, str):
            return None
        return Membership(event_id, room, who, sender, how, content.get("is_direct") is True)
    if sender == bot.user_id or "state_key" in event:
        return None
    if event.get("type") == "m.room.redaction":
        about = _id(event, "redacts") or _id(content, "redacts")
        return Said(event_id, room, sender, InboundKind.RECALL, about=about) if about else None
    if event.get("type") == "m.room.encrypted":
        return Said(event_id, room, sender, InboundKind.TEXT, refused=(SEALED_ROOM,), sealed=True)
    if event.get("type") != "m.room.message":
        return None
    relation = content.get("m.relates_to")
    relation = relation if isinstance(relation, dict) else {}
    if relation.get("rel_type") == "m.replace":
        about = _id(relation, "event_id")
        return Said(event_id, room, sender, InboundKind.EDIT, about=about) if about else None
    return _message(content, relation, bot, event_id=event_id, room=room, sender=sender)


def _message(
    content: Event, relation: Event, bot: Bot, *, event_id: str, room: str, sender: str
) -> Said | None:
    kind = content.get("msgtype")
    body = _words(content.get("body"))
    answers = _answered(relation)
    addressed = _is_addressed(content, body, bot)
    if kind in ("m.text", "m.emote"):
        typed, quoted = without_quotes(body)
        return Said(
            event_id, room, sender, InboundKind.TEXT, _without_names(typed, content, bot), quoted, answers,
            addressed=addressed,
        )  # fmt: skip
    if kind in ("m.image", "m.file"):
        name = _words(content.get("filename")) or body
        caption = body if content.get("filename") and body != name else ""
        typed, quoted = without_quotes(caption)
        text = _without_names(typed, content, bot)
        url = content.get("url")
        sealed = not isinstance(url, str) or mxc(url) is None
        return Said(
            event_id, room, sender, InboundKind.TEXT if text else InboundKind.FILES, text, quoted, answers,
            addressed=addressed,
            pending=() if sealed else (PendingFile(str(url), name[:120]),),
            refused=(SEALED_FILE,) if sealed else (),
        )  # fmt: skip
    if isinstance(kind, str) and kind in _REFUSED:
        return Said(
            event_id, room, sender, InboundKind.TEXT, answers=answers, addressed=addressed,
            refused=(_REFUSED[kind],),
        )  # fmt: skip
    return None  # m.notice is what bots say: answering it could go on for ever


def mxc(address: str) -> tuple[str, str] | None:
    """Server and id of a stored file; None for anything that is not exactly that."""
    found = _MXC.fullmatch(address)
    return (found[1], found[2]) if found else None


def without_quotes(body: str) -> tuple[str, str]:
    """What was typed and what was quoted: lines that begin with > are somebody else's words."""
    typed: list[str] = []
    quoted: list[str] = []
    for line in body.split("\n"):
        if line.startswith("> ") or line == ">":
            quoted.append(line[2:])
        else:
            typed.append(line)
    return "\n".join(typed).strip(), "\n".join(quoted)


def _answered(relation: Event) -> str:
    """The event replied to; a thread names its last one only for clients that show no threads."""
    answered = relation.get("m.in_reply_to")
    if not isinstance(answered, dict):
        return ""
    if relation.get("rel_type") == "m.thread" and relation.get("is_falling_back") is True:
        return ""
    return _id(answered, "event_id")


def _is_addressed(content: Event, body: str, bot: Bot) -> bool:
    mentions = content.get("m.mentions")
    named = mentions.get("user_ids") if isinstance(mentions, dict) else None
    if isinstance(named, list) and bot.user_id in named:
        return True
    typed, _ = without_quotes(body)
    if any(word in typed for word in (bot.user_id, *bot.words)):
        return True
    return any(user == bot.user_id for user, _ in _pills(content))


def _without_names(text: str, content: Event, bot: Bot) -> str:
    """The text without the bot's name: in front as clients write a mention, or anywhere as a word of ours."""
    shown = {label for user, label in _pills(content) if user == bot.user_id and label}
    for name in sorted({bot.user_id, *bot.words, *shown}, key=len, reverse=True):
        if name in text:
            before, _, after = text.partition(name)
            text = f"{before.rstrip()} {_AFTER_NAME.sub('', after)}".strip()
    if text.startswith(bot.shown):  # how clients write a mention in the plain text
        text = _AFTER_NAME.sub("", text.removeprefix(bot.shown))
    return text


def _pills(content: Event) -> list[tuple[str, str]]:
    """Users that a message links to, with the words of the link."""
    formatted = content.get("formatted_body")
    if content.get("format") != "org.matrix.custom.html" or not isinstance(formatted, str):
        return []
    return [
        (html.unescape(user).replace("%40", "@").replace("%3A", ":"), html.unescape(label).strip())
        for user, label in _PILL.findall(formatted[:MAX_TEXT])
    ]


def _id(of: Event, name: str) -> str:
    value = of.get(name)
    return (
        value if isinstance(value, str) and len(value.encode("utf-8", "replace")) <= MAX_ID and value.isprintable()
        else ""
    )  # fmt: skip


def _words(value: object) -> str:
    """Text as the database can keep it: no NUL, no half characters."""
    if not isinstance(value, str):
        return ""
    return value[:MAX_TEXT].replace("\0", "").encode("utf-8", "ignore").decode()
