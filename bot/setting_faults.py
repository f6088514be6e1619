"""What can be wrong with a setting besides its form: files that cannot be read, addresses that lead nowhere.

Nothing here repeats a value that may be a secret.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

HIGHEST_PORT: Final = 65535
POSTGRES_FORM: Final = (
    "应写成 postgresql+asyncpg://用户:密码@主机:端口/库，密码里的 @ : / ? # % 要写成 %40 %3A %2F %3F %23 %25"
)


def is_address(value: str) -> bool:
    """Whether a URL names a host, and a port that there can be."""
    try:
        parts = urlsplit(value)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def database_fault(value: str) -> str | None:
    """Why no database can be behind this address; None when there may be one."""
    if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        return "应以 sqlite+aiosqlite:/// 或 postgresql+asyncpg:// 开头"
    embedded = value.startswith("sqlite")
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        return "读不懂，应写成 sqlite+aiosqlite:///目录/文件.db" if embedded else POSTGRES_FORM
    if embedded:
        # In memory every connection would have a database of its own, and nothing would be kept.
        if not url.database or url.database.startswith(":memory:") or url.query:
            return "应写成 sqlite+aiosqlite:///目录/文件.db：要写文件名，后面不带参数"
        return None
    if "@" in f"{url.host}{url.database}" or (url.port is not None and not 0 < url.port <= HIGHEST_PORT):
        return POSTGRES_FORM
    if "sslmode" in url.query:
        return "本程序连接 PostgreSQL 不用 sslmode：加密连接写成 ?ssl=require"
    return None


def file_fault(file: Path) -> str | None:
    """Why a secret cannot be read from this file; None when it can."""
    try:
        file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return f"所指的文件 {file} 不是文本：请核对是不是这个文件"
    except (OSError, ValueError):
        return f"所指的文件 {file}：请核对路径和权限"
    return None


def env_faults(file: Path) -> Iterator[str]:
    """What cannot be read in the file of settings: such a line and those after it would silently not count."""
    if not file.is_file():
        return
    try:
        with file.open(encoding="utf-8-sig") as stream:
            broken = [one.original.line for one in parse_stream(stream) if one.error]
    except UnicodeDecodeError:
        yield f"{file} 不是 UTF-8 文本：请另存为 UTF-8 编码"
        return
    except OSError:
        yield f"读不到 {file}：请核对权限"
        return
    for line in broken:
        yield f"{file} 第{line}行读不懂：应写成 名称=值，引号要成对"
