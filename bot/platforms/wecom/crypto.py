"""The envelope of WeCom callbacks: signature, AES-256-CBC, PKCS#7 to 32 bytes, receiver id. Nothing is guessed.

Stricter than many public readers: padding, lengths and the character set are checked before anything is used.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK: Final = 16
_PAD: Final = 32  # the vendor pads to 32, twice the cipher's block
_HEAD: Final = 20  # 16 random bytes and the length
_KEY: Final = re.compile(r"[A-Za-z0-9]{43}")


class Fault(IntEnum):
    """Why an envelope was refused; the numbers are the vendor's."""

    SIGNATURE = -40001
    FORM = -40002  # the body around the envelope
    KEY = -40004
    RECEIVER = -40005
    DECRYPTION = -40007
    BUFFER = -40008  # padding, length or character set inside
    BASE64 = -40010


class EnvelopeRefused(Exception):
    """A callback that is not what the platform would send. The text holds nothing of its content."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(f"{int(fault)} {detail}")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted message with what its signature was made from, as it stands in a callback or an answer."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


class Envelope:
    """Opens and seals the messages of one application.

    token, encoding_aes_key: as set in the vendor's console. receiver: the corp id; empty for an AI bot.
    Raises EnvelopeRefused (KEY) when the key cannot be one.
    """

    def __init__(self, *, token: str, encoding_aes_key: str, receiver: str) -> None:
        self._token = token
        self._receiver = receiver.encode()
        self._key = _decoded_key(encoding_aes_key)
        self._cipher = _cipher(self._key)  # set up once: messages share key and initial vector

    def sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        """Hex SHA-1 over the four strings in order of their code points."""
        parts = "".join(sorted((self._token, timestamp, nonce, encrypt)))
        return hashlib.sha1(parts.encode(), usedforsecurity=False).hexdigest()

    def open(self, sealed: Sealed) -> str:
        """The message inside. Nothing is decrypted before the signature fits. Raises EnvelopeRefused."""
        expected = self.sign(sealed.timestamp, sealed.nonce, sealed.encrypt)
        if not hmac.compare_digest(expected.encode(), sealed.signature.encode()):
            raise EnvelopeRefused(Fault.SIGNATURE, "signature does not fit")
        try:
            data = base64.b64decode(sealed.encrypt, validate=True)
        except (binascii.Error, ValueError):
            raise EnvelopeRefused(Fault.BASE64, "not base64") from None
        plain = _unpadded(_decrypted(data, self._cipher))
        if len(plain) < _HEAD:
            raise EnvelopeRefused(Fault.BUFFER, "too short")
        end = _HEAD + int(struct.unpack(">I", plain[16:_HEAD])[0])
        if end > len(plain):
            raise EnvelopeRefused(Fault.BUFFER, "declared length beyond the end")
        if not hmac.compare_digest(plain[end:], self._receiver):
            raise EnvelopeRefused(Fault.RECEIVER, "meant for another receiver")
        try:
            return plain[_HEAD:end].decode("utf-8")
        except UnicodeDecodeError:
            raise EnvelopeRefused(Fault.BUFFER, "not UTF-8") from None

    def seal(self, text: str, *, timestamp: str, nonce: str, prefix: bytes | None = None) -> Sealed:
        """Encrypt and sign. prefix: the 16 random bytes in front; given only to reproduce a known ciphertext."""
        message = text.encode()
        head = (prefix or secrets.token_bytes(16)) + struct.pack(">I", len(message))
        raw = head + message + self._receiver
        pad = _PAD - len(raw) % _PAD
        encryptor = self._cipher.encryptor()
        data = encryptor.update(raw + bytes([pad]) * pad) + encryptor.finalize()
        encrypt = base64.b64encode(data).decode()
        return Sealed(encrypt, self.sign(timestamp, nonce, encrypt), timestamp, nonce)

    @property
    def key(self) -> bytes:
        """The decoded key; files that come without a key of their own are encrypted with it."""
        return self._key


def decrypted_file(content: bytes, key: bytes) -> bytes:
    """A file encrypted as a whole under a key of 32 bytes. Raises EnvelopeRefused."""
    return _unpadded(_decrypted(content, _cipher(key)))


def _cipher(key: bytes) -> Cipher[CBC]:
    return Cipher(AES(key), CBC(key[:_BLOCK]))


def _decrypted(data: bytes, cipher: Cipher[CBC]) -> bytes:
    if not data:
        raise EnvelopeRefused(Fault.BUFFER, "empty")
    if len(data) % _BLOCK:
        raise EnvelopeRefused(Fault.DECRYPTION, "not whole blocks")
    decryptor = cipher.decryptor()
    return decryptor.update(data) + decryptor.finalize()


def _decoded_key(text: str) -> bytes:
    if not _KEY.fullmatch(text):
        raise EnvelopeRefused(Fault.KEY, "EncodingAESKey is not 43 letters and digits")
    # The 43rd character may carry spare bits, as in the vendor's own example: no canonical form is asked for.
    return base64.b64decode(text + "=")


def _unpadded(data: bytes) -> bytes:
    pad = data[-1]
    if not 1 <= pad <= _PAD or pad > len(data) or data[-pad:] != bytes([pad]) * pad:
        raise EnvelopeRefused(Fault.BUFFER, "padding is wrong")
    return data[:-pad]
