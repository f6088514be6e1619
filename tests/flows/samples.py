"""Small files of the kinds that are taken, and some that are not."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile


def jpeg(mark: str = "a") -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + mark.encode() + b"\xff\xd9"


def png(mark: str = "a") -> bytes:
    return b"\x89PNG\r\n\x1a\n" + mark.encode()


def heic(mark: str = "a") -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + mark.encode()


def pdf(mark: str = "a") -> bytes:
    return b"%PDF-1.4\n" + mark.encode() + b"\n%%EOF\n"


def docx(mark: str = "a") -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document>{mark}</w:document>")
    return packed.getvalue()


def archive(mark: str = "a") -> bytes:
    """A zip that is no Office document."""
    packed = BytesIO()
    with ZipFile(packed, "w") as one:
        one.writestr("readme.txt", mark)
    return packed.getvalue()


def program() -> bytes:
    """A Windows program, whatever its name says."""
    return b"MZ\x90\x00" + b"\x00" * 64
