"""Files that an AI bot is told about by address: fetched from the vendor only, and decrypted as a whole.

The address came over the network, so it decides nothing: no private network, no redirects, no plain HTTP, except at the
addresses that the operator has configured.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import socket
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot import files
from bot.platforms.base import Fetched, Rejected, TooLarge, Unavailable
from bot.platforms.bodies import file_of
from bot.platforms.wecom.crypto import EnvelopeRefused, decrypted_file

SECONDS: Final = 50.0
PAD: Final = 32  # an encrypted file is at most so much longer


class _PublicOnly(AbstractResolver):
    """Names of addresses inside a private network are not resolved."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()
        self.refused = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        public = [one for one in found if ipaddress.ip_address(one["host"]).is_global]
        if not public:
            self.refused = True
            raise OSError("no public address")
        return public

    async def close(self) -> None:
        await self._resolver.close()


def origin(address: str) -> str:
    """host:port of an address, with the port that its scheme implies."""
    parts = urlsplit(address)
    port = parts.port or {"https": 443, "wss": 443, "http": 80, "ws": 80}.get(parts.scheme, 0)
    return f"{(parts.hostname or '').lower()}:{port}"


async def fetch_encrypted(
    url: str, *, key: bytes, name: str, limit: int, trusted: Collection[str], proxy: str | None
) -> Fetched:
    """The file behind an address. trusted: origins of configured addresses. Raises TooLarge, Rejected, Unavailable."""
    try:
        ours = origin(url) in trusted
    except ValueError:
        raise Rejected("address of a file is malformed") from None
    if not ours and not _is_public(url):
        raise Rejected("address of a file lies in a private network")
    resolver = None if ours else _PublicOnly()
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver),
                timeout=aiohttp.ClientTimeout(total=SECONDS),
            ) as session,
            session.get(url, proxy=proxy, allow_redirects=False) as response,
        ):
            if response.status >= 500:
                raise Unavailable(f"HTTP {response.status}")
            if response.status != 200:
                raise Rejected(f"HTTP {response.status}")  # given out for five minutes only
            sealed = await file_of(response, limit + PAD)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        if resolver is not None and resolver.refused:
            raise Rejected("address of a file lies in a private network") from None
        raise Unavailable(type(error).__name__) from None
    finally:
        if resolver is not None:
            await resolver.close()
    try:
        plain = decrypted_file(sealed.content, key)
    except EnvelopeRefused as error:
        raise Rejected(f"file cannot be decrypted: {error}") from None
    if len(plain) > limit:
        raise TooLarge("above the limit")
    return Fetched(_named(name, sealed.name, plain), plain)


def file_key(text: str) -> bytes:
    """The key that came with a file, base64 with or without its padding. Raises Rejected."""
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise Rejected("key of a file is malformed")
    return key


def _is_public(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return False
    try:
        return ipaddress.ip_address(parts.hostname).is_global
    except ValueError:
        return True  # a name: judged when it is resolved


def _named(name: str, told: str, content: bytes) -> str:
    """The vendor's name for a file; a picture has none of its own."""
    if not name:
        return told
    kind = files.kind_of(content)
    return f"{name}.{kind}" if kind is not None and "." not in name else name
