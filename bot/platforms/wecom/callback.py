"""What the self-built app's callback says: the body around the envelope, and the message inside it.

Both are XML without document types or entities; the outer one is read before anything is known to be genuine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, ParseError, XMLParser

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.platforms.wecom.accounts import account_of
from bot.platforms.wecom.crypto import EnvelopeRefused, Fault
from models.types import ChatKind, InboundKind, InboundMessage, PendingFile

MESSAGE_KINDS: Final = ("text", "image", "voice", "video", "location", "link", "file")
_KINDS: Final = frozenset({*MESSAGE_KINDS, "event"})
# What a parser refuses, and the carriage return, which it turns into the end of a line.
_REFUSED: Final = r"\x00-\x08\x0b-\x1f\ufffe\uffff"
_FIELD: Final = re.compile(
    rf"<([A-Za-z][A-Za-z0-9_]*)>(?:<!\[CDATA\[([^\]{_REFUSED}]*)\]\]>|([^<&\]{_REFUSED}]*))</\1>[ \t\n]*"
)
# The vendor says that it is about to limit or switch off the app, or has: the operator has to act.
ALERTS: Final = frozenset(
    {
        "inactive_alert",
        "close_inactive_agent",
        "reopen_inactive_agent",
        "low_active_alert",
        "low_active",
        "active_restored",
    }
)
NO_TRANSCRIPT: Final = "语音没有转成文字，请用文字重发"
NO_VIDEO: Final = "不接收视频，请发照片或文件，并用文字说明"
NO_LOCATION: Final = "不接收位置，请用文字说明地点"


@dataclass(frozen=True, slots=True)
class Heard:
    """One decrypted callback. kind: a message kind, `event`, or `unknown` with the wire's word in raw_kind.

    fields: the text of every other element by its name on the wire; choices: what was chosen on a card by question.
    """

    kind: str
    raw_kind: str
    receiver: str
    agent_id: str
    sender: str
    created: str
    message_id: str
    event: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names this message or event; a repeat has the same one.

        Events have no id of their own: sender and second, as the vendor suggests, are the same for two buttons
        pressed within a second, so what was pressed belongs to it.
        """
        if self.message_id:
            return f"msg:{self.message_id}"
        about = [self.fields.get(name, "") for name in ("EventKey", "TaskId", "ChangeType")]
        whom = self.fields.get("Id") or self.fields.get("UserID", "")
        return ":".join(("evt", self.sender, self.created, self.event, *about, whom))


def encrypted_part(body: bytes) -> str:
    """The one Encrypt element of a callback's body. Raises EnvelopeRefused (FORM)."""
    plain = flat_fields(body)
    if plain is not None and [name for name, _ in plain].count("Encrypt") == 1:
        return dict(plain)["Encrypt"].strip()
    root = _parsed(body)
    found = [child for child in root if child.tag == "Encrypt"]
    if root.tag != "xml" or len(found) != 1 or len(found[0]):
        raise EnvelopeRefused(Fault.FORM, "not one Encrypt element")
    return (found[0].text or "").strip()


def read(text: str) -> Heard:
    """A decrypted callback. Raises EnvelopeRefused (FORM)."""
    body = text.encode()
    fields: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    plain = flat_fields(body)
    if plain is None:
        root = _parsed(body)
        plain = [(child.tag, child.text or "") for child in root if not len(child)]
        choices = _choices(root)
    for name, value in plain:
        fields.setdefault(name, value)
    raw_kind = fields.pop("MsgType", "").strip().lower()
    kind = raw_kind if raw_kind in _KINDS else "unknown"
    return Heard(
        kind=kind,
        raw_kind=raw_kind,
        receiver=fields.pop("ToUserName", ""),
        agent_id=fields.pop("AgentID", "").strip(),
        sender=fields.pop("FromUserName", ""),
        created=fields.pop("CreateTime", "").strip(),
        message_id=fields.pop("MsgId", "").strip(),
        event=fields.pop("Event", "").strip().lower(),
        fields=fields,
        choices=choices,
    )


def as_message(heard: Heard, *, platform: str, agent_id: int, at: datetime) -> InboundMessage | None:
    """What the product has to do with it; None for what it does not use."""
    made = _Made(heard, platform, f"app:{agent_id}:{heard.key}", at)
    if heard.kind == "event":
        return _from_event(heard, made)
    told = heard.fields
    if heard.kind == "text":
        return made.message(text=told.get("Content", ""))
    if heard.kind == "voice":
        spoken = told.get("Recognition", "").strip()  # not promised by the vendor: used when it is there
        return made.message(text=spoken) if spoken else made.message(refused=NO_TRANSCRIPT)
    if heard.kind in ("image", "file"):
        name = told.get("FileName", "")
        return made.message(
            kind=InboundKind.FILES,
            pending=PendingFile(told.get("MediaId", ""), name or ("照片" if heard.kind == "image" else "")),
        )
    if heard.kind == "link":
        parts = (told.get(name, "").strip() for name in ("Title", "Description", "Url"))
        return made.message(quoted="\n".join(part for part in parts if part))
    if heard.kind == "video":
        return made.message(refused=NO_VIDEO)
    if heard.kind == "location":
        return made.message(refused=NO_LOCATION)
    return None


def passive_text(text: str, *, to: str, corp_id: str, at: int) -> str:
    """An answer as it stands in the answer to its callback. at: seconds since the epoch."""
    return (
        f"<xml><ToUserName><![CDATA[{_cdata(to)}]]></ToUserName>"
        f"<FromUserName><![CDATA[{_cdata(corp_id)}]]></FromUserName><CreateTime>{at}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{_cdata(text)}]]></Content></xml>"
    )


def _cdata(text: str) -> str:
    return text.replace("]]>", "]]]]><![CDATA[>")


@dataclass(frozen=True, slots=True)
class _Made:
    """Makes the messages of one callback: they share everything but their content."""

    heard: Heard
    platform: str
    message_id: str
    at: datetime

    def message(
        self, *, kind: InboundKind = InboundKind.TEXT, text: str = "", quoted: str = "", action: str = "",
        ticket: str = "", refused: str = "", pending: PendingFile | None = None, account: str = "",
    ) -> InboundMessage:  # fmt: skip
        return InboundMessage(
            platform=self.platform,
            message_id=self.message_id,
            account=account_of(account or self.heard.sender),
            chat=ChatKind.PRIVATE,
            chat_address="",
            kind=kind,
            text=text.replace("\0", ""),
            received_at=self.at,
            quoted=quoted,
            action=action,
            ticket=ticket,
            refused=(refused,) if refused else (),
            pending=(pending,) if pending is not None else (),
        )


def _from_event(heard: Heard, made: _Made) -> InboundMessage | None:
    told = heard.fields
    if heard.event in ("template_card_event", "template_card_menu_event"):
        chosen = "\n".join(choice for options in heard.choices.values() for choice in options)
        ticket = f"{told.get('ResponseCode', '')} {told.get('TaskId', '')}".strip()
        return made.message(
            kind=InboundKind.CLICK, text=chosen, action=told.get("EventKey", ""), ticket=ticket
        )
    if heard.event == "click":  # an item of the app's menu: its key is what a member could have typed
        typed = told.get("EventKey", "").strip()
        return made.message(text=typed) if typed.startswith("/") else None
    if heard.event == "subscribe":
        return made.message(kind=InboundKind.CAME)
    if heard.event == "unsubscribe":
        return made.message(kind=InboundKind.LEFT)
    if heard.event == "change_contact" and told.get("ChangeType") == "delete_user" and told.get("UserID"):
        return made.message(kind=InboundKind.LEFT, account=told["UserID"])
    return None


def _choices(root: Element) -> dict[str, tuple[str, ...]]:
    return {
        item.findtext("QuestionKey", ""): tuple(one.text or "" for one in item.findall("OptionIds/OptionId"))
        for item in root.findall("SelectedItems/SelectedItem")
    }


def flat_fields(body: bytes) -> list[tuple[str, str]] | None:
    """The fields of a document that has nothing below them, which almost all are; None: let the parser look.

    Only what reads the same under every rule of XML is taken: no attribute, reference, declaration or comment, no sign
    that a parser would change or refuse. That costs a fifth of the parser's time.
    """
    if not body.startswith(b"<xml>") or not body.endswith(b"</xml>"):
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    found: list[tuple[str, str]] = []
    at, end = len("<xml>"), len(text) - len("</xml>")
    while at < end:
        field_ = _FIELD.match(text, at, end)
        if field_ is None:
            return None
        name, quoted, plain = field_.groups()
        found.append((name, plain if quoted is None else quoted))
        at = field_.end()
    return found


def _parsed(body: bytes) -> Element:
    # The parser in C takes UTF-16 for what it is whatever it is told, and that would hide the words from this look:
    # what is not UTF-8 is refused, and so is a NUL, which no text holds.
    if b"\0" in body:
        raise EnvelopeRefused(Fault.FORM, "not text")
    try:
        body.decode()
        # Without a document type there are no entities to expand and nothing outside to fetch: that parser will do.
        # The rest goes the safe way.
        if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            safe: Element = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
            return safe
        parser = XMLParser(encoding="utf-8")  # noqa: S314 - see above
        parser.feed(body)
        return parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise EnvelopeRefused(Fault.FORM, "not XML as expected") from None
