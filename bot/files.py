"""Files that people send: judged by content, stored once under their SHA-256 (rule C9)."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import zipfile
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Final

from models.types import InboundFile

MEDIA_TYPES: Final = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HEIC_BRANDS: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069\u200e\u200f]")


class FileRefused(Exception):
    """Too large, empty, or of a kind that is not taken; the text is shown to the sender."""


def kind_of(content: bytes) -> str | None:
    """jpg, png, heic, pdf, docx or xlsx by content, None for anything else. The name is not looked at."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "heic"
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError):
            return None
        if "word/document.xml" in names:
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
    return None


def safe_name(name: str) -> str:
    """A file name without path separators, control or direction characters, at most 120 characters."""
    whole = name.encode("utf-8", "ignore").decode()  # half characters cannot be stored
    cleaned = _UNSAFE.sub("_", whole.strip())[-120:].lstrip(".")
    return cleaned or "附件"


def store(folder: Path, name: str, content: bytes, *, limit_mb: int) -> InboundFile:
    """Write the content once, durably, and return what a message refers to.

    Raises FileRefused for what is not taken, OSError where the disk takes nothing; then nothing is left behind.
    """
    shown = safe_name(name)
    if not content:
        raise FileRefused(f"{shown} 是空文件，未接收")
    if len(content) > limit_mb * 1024 * 1024:
        raise FileRefused(f"{shown} 超过 {limit_mb} MB，未接收。请压缩后再发")
    kind = kind_of(content)
    if kind is None:
        raise FileRefused(f"{shown} 不是 jpg、png、heic、pdf、docx、xlsx 文件，未接收")
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(folder, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _place(target, content)
    return InboundFile(shown, digest, len(content), MEDIA_TYPES[kind])


async def kept(folder: Path, sha256: str, made: Callable[[], Awaitable[bytes | None]]) -> Path | None:
    """Where the content lies. What the product itself made (`made`) is put there when it is first asked for.

    None for a content that nobody has.
    """
    path = path_of(folder, sha256)
    if path.is_file():
        return path
    content = await made()
    if content is None:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    _place(path, content)
    return path


def _place(target: Path, content: bytes) -> None:
    """The whole content, durably, or nothing at all."""
    temporary = target.with_suffix(f".{secrets.token_hex(4)}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(target)
    finally:
        temporary.unlink(missing_ok=True)


def path_of(folder: Path, sha256: str) -> Path:
    return folder / "files" / sha256[:2] / sha256
