"""Reading the self-built app's callbacks: bodies, every kind of message and event, and their keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from bot.platforms.wecom.callback import (
    NO_LOCATION,
    NO_TRANSCRIPT,
    NO_VIDEO,
    Heard,
    as_message,
    encrypted_part,
    flat_fields,
    read,
)
from bot.platforms.wecom.crypto import EnvelopeRefused, Sealed
from models.types import InboundKind, InboundMessage, PendingFile

from .vectors import APP, VECTORS, Case, app_envelope, sealed

AT = datetime(2024, 1, 12, 8, 0, tzinfo=UTC)
BODIES = [case for case in VECTORS["http_bodies"] if case["credentials"] == "app"]
INNER = {case["id"]: case for case in VECTORS["inner_messages"]}


def heard(case_id: str) -> Heard:
    return read(app_envelope().open(sealed(INNER[case_id])))


def message(case_id: str) -> InboundMessage | None:
    return as_message(heard(case_id), platform="wecom", agent_id=APP["agent_id"], at=AT)


def event(name: str, **fields: str) -> InboundMessage | None:
    inner = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in fields.items())
    text = (
        "<xml><ToUserName>ww</ToUserName><FromUserName>LiSi</FromUserName><CreateTime>1705046400</CreateTime>"
        f"<MsgType>event</MsgType><Event>{name}</Event>{inner}<AgentID>7</AgentID></xml>"
    )
    return as_message(read(text), platform="wecom", agent_id=7, at=AT)


@pytest.mark.parametrize("case", BODIES, ids=[case["id"] for case in BODIES])
def test_a_body_is_accepted_or_refused_as_it_should(case: Case) -> None:
    query = URL(f"/?{case['query_string']}", encoded=True).query
    if case["expect"] == "accept":
        encrypt = encrypted_part(case["body"].encode())
        given = Sealed(encrypt, query["msg_signature"], query["timestamp"], query["nonce"])
        assert app_envelope().open(given) == case["plaintext"]
        return
    with pytest.raises(EnvelopeRefused) as refused:
        encrypted_part(case["body"].encode())
    assert int(refused.value.fault) == case["expect_error"]


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"<xml>", b"<a/>", b'<?xml version="1.0" encoding="x-no"?><xml/>']
)
def test_garbage_is_refused_cleanly(body: bytes) -> None:
    with pytest.raises(EnvelopeRefused):
        encrypted_part(body)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_no_character_set_hides_a_document_type(charset: str) -> None:
    """The outer body is parsed before anything is known to be genuine: its entities must never be expanded."""
    body = '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>'
    with pytest.raises(EnvelopeRefused):
        encrypted_part(body.encode(charset))


_MARKS = [*"<>&]![/ \t\n\r\0\x0b\x7f\u2028\ufffeaé城😀", "]]>", "<![CDATA[", "</a>", "&lt;"]
_SIGNS = st.lists(st.sampled_from(_MARKS), max_size=8).map("".join)
_TAGS = st.sampled_from(["a", "Encrypt", "-b", "c:d", "_e"])
_FIELDS = st.lists(st.tuples(_TAGS, _SIGNS, st.booleans()), max_size=4)


@given(_FIELDS, st.sampled_from(["", " ", "\n", "x", "<!-- -->"]))
@example([("a", "x]]>y", True)], "")
@example([("a", "one\r\ntwo", True)], "\n")
def test_what_is_read_without_the_parser_is_what_the_parser_reads(
    fields: list[tuple[str, str, bool]], between: str
) -> None:
    inner = between.join(
        f"<{name}><![CDATA[{text}]]></{name}>" if quoted else f"<{name}>{text}</{name}>"
        for name, text, quoted in fields
    )
    body = f"<xml>{inner}</xml>".encode()
    found = flat_fields(body)
    if found is not None:
        assert found == [(child.tag, child.text or "") for child in fromstring(body)]


@pytest.mark.parametrize("case", VECTORS["inner_messages"], ids=list(INNER))
def test_hardly_any_message_needs_the_parser(case: Case) -> None:
    nested = "SelectedItems" in case["plaintext"] or "Info>" in case["plaintext"]
    assert (flat_fields(case["plaintext"].encode()) is None) == nested


NAMES = {
    "content": "Content", "media_id": "MediaId", "pic_url": "PicUrl", "format": "Format", "recognition": "Recognition",
    "label": "Label", "thumb_media_id": "ThumbMediaId", "url": "Url", "event_key": "EventKey", "task_id": "TaskId",
    "card_type": "CardType", "response_code": "ResponseCode", "change_type": "ChangeType",
}  # fmt: skip
NUMBERS = {
    "scale": ("Scale",),
    "lat": ("Location_X", "Latitude"),
    "lon": ("Location_Y", "Longitude"),
    "precision": ("Precision",),
}


@pytest.mark.parametrize("case", VECTORS["inner_messages"], ids=list(INNER))
def test_every_kind_is_read(case: Case) -> None:
    got = heard(case["id"])
    for name, value in case["expect"].items():
        if name in NAMES:
            assert got.fields.get(NAMES[name]) == value
        elif name in NUMBERS:
            assert [float(got.fields[key]) for key in NUMBERS[name] if key in got.fields] == [float(value)]
        elif name == "selected":
            assert got.choices == {question: tuple(options) for question, options in value.items()}
        else:
            shown = {
                "kind": got.kind, "raw_type": got.raw_kind, "userid": got.sender, "agent_id": int(got.agent_id or 0),
                "msg_id": got.message_id or None, "event": got.event, "dedupe": got.key,
            }  # fmt: skip
            assert shown[name] == value


def test_a_text_is_what_was_typed() -> None:
    made = message("I01")
    assert made is not None
    assert made.message_id == "app:1000002:msg:7322000000000000001"
    assert (made.account, made.kind, made.text) == (
        "lisi",
        InboundKind.TEXT,
        INNER["I01"]["expect"]["content"],
    )


def test_a_picture_is_fetched_later() -> None:
    made = message("I02")
    assert made is not None
    assert made.kind is InboundKind.FILES
    assert made.pending == (PendingFile("MEDIA_IMG_1", "照片"),)


@pytest.mark.parametrize(
    ("case_id", "words"), [("I03", NO_TRANSCRIPT), ("I04", NO_LOCATION), ("I05", NO_VIDEO)]
)
def test_what_cannot_be_used_is_said(case_id: str, words: str) -> None:
    made = message(case_id)
    assert made is not None
    assert (made.refused, made.text) == ((words,), "")


def test_a_link_is_data_only() -> None:
    made = message("I06")
    assert made is not None
    assert (made.text, made.quoted) == ("", "开工公告\n详见链接\nhttps://example.org/a?b=1&c=2")


@pytest.mark.parametrize("case_id", ["I07", "I08", "I09", "I12", "I13"])
def test_what_is_not_used_is_ignored(case_id: str) -> None:
    """I08 is a menu item whose key is no command."""
    assert message(case_id) is None


@pytest.mark.parametrize(("case_id", "token"), [("I10", "btn.ack"), ("I11", "menu.mute")])
def test_a_pressed_button_is_a_click(case_id: str, token: str) -> None:
    made = message(case_id)
    assert made is not None
    assert (made.kind, made.action) == (InboundKind.CLICK, token)
    assert made.ticket == f"{INNER[case_id]['expect']['response_code']} {INNER[case_id]['expect']['task_id']}"


def test_a_menu_item_is_a_command() -> None:
    made = event("click", EventKey="/我的")
    assert made is not None
    assert (made.kind, made.text, made.account) == (InboundKind.TEXT, "/我的", "lisi")


def test_members_come_and_go() -> None:
    for name, fields, kind, account in (
        ("subscribe", {}, InboundKind.CAME, "lisi"),
        ("unsubscribe", {}, InboundKind.LEFT, "lisi"),
        ("change_contact", {"ChangeType": "delete_user", "UserID": "WangWu"}, InboundKind.LEFT, "wangwu"),
    ):
        made = event(name, **fields)
        assert made is not None
        assert (made.kind, made.account) == (kind, account)


def test_two_buttons_within_a_second_are_two_events() -> None:
    one = event("template_card_event", EventKey="17.0", TaskId="t")
    other = event("template_card_event", EventKey="17.1", TaskId="t")
    again = event("template_card_event", EventKey="17.0", TaskId="t")
    assert one is not None
    assert other is not None
    assert again is not None
    assert one.message_id == again.message_id != other.message_id
