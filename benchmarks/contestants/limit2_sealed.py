"""Limit 2 where events come signed and encrypted: checked, decrypted, parsed, then as limit2.py.

Nothing but what the work itself asks for: the signature, AES, the receiver and the XML, each by the quickest library.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
import sys
from base64 import b64decode
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from benchmarks import sealed

HEAD = 20  # 16 random bytes and the length


class Refused(Exception):
    """The signature or the receiver does not fit."""


class Opener:
    """Checks and opens callbacks of one application."""

    def __init__(self, token: str, key: str, receiver: str) -> None:
        self._token = token
        self._receiver = receiver.encode()
        whole = b64decode(key + "=")
        self._cipher = Cipher(AES(whole), CBC(whole[:16]))

    def open(self, said: Mapping[str, str], content: bytes) -> ET.Element:
        """The event. Refused, KeyError, ValueError or ET.ParseError where it is not genuine or not whole."""
        encrypt = ET.fromstring(content).findtext("Encrypt", "")
        parts = sorted((self._token, said["timestamp"], said["nonce"], encrypt))
        signature = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
        if not hmac.compare_digest(signature, said["msg_signature"]):
            raise Refused
        decryptor = self._cipher.decryptor()
        raw = decryptor.update(b64decode(encrypt)) + decryptor.finalize()
        raw = raw[: -raw[-1]]
        end = HEAD + int.from_bytes(raw[16:HEAD], "big")
        if raw[end:] != self._receiver:
            raise Refused
        return ET.fromstring(raw[HEAD:end])


def build(database: str) -> web.Application:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY, message_id TEXT UNIQUE, body TEXT)"
    )
    opener = Opener(sealed.TOKEN, sealed.KEY, sealed.CORP)

    async def receive(request: web.Request) -> web.Response:
        content = await request.read()
        try:
            event = opener.open(request.query, content)
        except (ValueError, KeyError, ET.ParseError):
            return web.Response(status=400)
        except Refused:
            return web.Response(status=403)
        connection.execute(
            "INSERT OR IGNORE INTO inbox (message_id, body) VALUES (?, ?)",
            (event.findtext("MsgId"), event.findtext("Content")),
        )
        return web.Response()

    application = web.Application()
    application.router.add_post(sealed.PATH, receive)
    return application


if __name__ == "__main__":
    web.run_app(build(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
