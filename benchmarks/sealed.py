"""The events as WeCom's self-built app calls back: the same text in encrypted, signed XML, about 2.3 kB.

Seals by itself, apart from the product: what the product opens must not be its own making.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from benchmarks import events

PATH: Final = "/callback/wecom/app"
CORP: Final = "ww5f3a1b2c4d6e7f80"
AGENT: Final = 1000002
TOKEN: Final = "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo"
KEY: Final = "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"
AT: Final = 1_789_984_800  # 2026-09-21 18:00 in China, where the clock of the product stands
_AES: Final = base64.b64decode(KEY + "=")


def account(sender: int) -> str:
    """The id of a liaison there."""
    return f"liaison{sender:02d}"


def request(run: str, number: int, port: int, *, genuine: bool = True) -> bytes:
    """The whole HTTP request of one event; not genuine: with a signature that does not fit."""
    encrypt = _encrypted(_inner(run, number))
    nonce = str(number)
    parts = "".join(sorted((TOKEN, str(AT), nonce, encrypt)))
    signature = hashlib.sha1(parts.encode(), usedforsecurity=False).hexdigest() if genuine else "0" * 40
    body = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    ).encode()
    head = (
        f"POST {PATH}?msg_signature={signature}&timestamp={AT}&nonce={nonce} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _inner(run: str, number: int) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName>"
        f"<FromUserName><![CDATA[{account(number % events.SENDERS)}]]></FromUserName><CreateTime>{AT}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{events.text(number)}]]></Content>"
        f"<MsgId>{events.message_id(run, number)}</MsgId><AgentID>{AGENT}</AgentID></xml>"
    ).encode()


def _encrypted(message: bytes) -> str:
    raw = os.urandom(16) + struct.pack(">I", len(message)) + message + CORP.encode()
    pad = 32 - len(raw) % 32
    encryptor = Cipher(AES(_AES), CBC(_AES[:16])).encryptor()
    return base64.b64encode(encryptor.update(raw + bytes([pad]) * pad) + encryptor.finalize()).decode()
