"""Copies of the embedded database: made while it runs, and put back while it does not.

A backup is a SQLite database of its own, and beside it a folder `<name>.files` with the attachments, which
are stored under their SHA-256 and never change. PostgreSQL has its own tools for this.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from models.rules.calendar import SHANGHAI

BUSY_SECONDS: Final = 5.0
_SIDE_FILES: Final = ("-wal", "-shm", "-journal")


class BackupRefused(Exception):
    """Nothing was changed; the text says why and the mend."""


class ServerRunning(BackupRefused):
    def __init__(self) -> None:
        super().__init__("数据库正在使用：请先停止服务（和其他打开它的程序），再恢复")


@dataclass(frozen=True, slots=True)
class Made:
    """bytes: size of the copy. files: attachments in the backup, all of them."""

    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Restored:
    """kept: where the replaced database is now, None if there was none. files: attachments put back."""

    kept: Path | None
    files: int


def files_of(backup: Path) -> Path:
    """The folder of attachments beside a backup."""
    return backup.with_name(f"{backup.name}.files")


def make(database: Path, data_folder: Path, target: Path) -> Made:
    """Copy the database as it is at one moment, then the attachments. Writers are not held up.

    Raises BackupRefused when target exists, sqlite3.Error or OSError when copying fails; no trace is left.
    """
    beside = files_of(target)
    for path in (target, beside):
        if path.exists():
            raise BackupRefused(f"{path} 已存在，没有覆盖：请换一个文件名")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.part")
    files_unfinished = beside.with_name(f"{beside.name}.part")
    unfinished.unlink(missing_ok=True)
    shutil.rmtree(files_unfinished, ignore_errors=True)
    try:
        with closing(_connect(database, mode="rw")) as source:  # rw: reading needs the shared memory of WAL
            source.execute("VACUUM INTO ?", (str(unfinished),))
        _refuse_unsound(unfinished, "备份没有通过检查（{}）：请先运行 db check")
        _sync(unfinished)
        # Attachments are stored before the row that names them: copied later, they are complete.
        count = _copy_files(data_folder / "files", files_unfinished)
        if files_unfinished.exists():
            files_unfinished.rename(beside)
        unfinished.rename(target)
        _sync(target.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        shutil.rmtree(files_unfinished, ignore_errors=True)
        raise
    return Made(target.stat().st_size, count)


def restore(backup: Path, database: Path, data_folder: Path, *, now: datetime) -> Restored:
    """Put a backup in the place of the database; the replaced one is kept beside it under the time.

    The caller has checked the backup's schema. Raises BackupRefused for a file that is no sound database,
    ServerRunning when anything has the database open. Attachments are added, none is removed.
    """
    _refuse_unsound(backup, f"{backup} 不能用来恢复：{{}}")
    if database.exists() and backup.resolve() == database.resolve():
        raise BackupRefused("备份文件就是正在使用的数据库文件")
    database.parent.mkdir(parents=True, exist_ok=True)
    incoming = database.with_name(f"{database.name}.incoming")
    incoming.unlink(missing_ok=True)
    kept: Path | None = None
    try:
        shutil.copyfile(backup, incoming)
        _sync(incoming)
        count = _copy_files(files_of(backup), data_folder / "files")
        with _alone(database):
            if database.exists():
                kept = _free_name(database, now)
                _keep(database, kept)
            incoming.replace(database)
            for suffix in _SIDE_FILES:
                database.with_name(database.name + suffix).unlink(missing_ok=True)
        _sync(database.parent)
    finally:
        incoming.unlink(missing_ok=True)
    return Restored(kept, count)


def _refuse_unsound(file: Path, words: str) -> None:
    problem = soundness(file)
    if problem is not None:
        raise BackupRefused(words.format(problem))


def soundness(file: Path) -> str | None:
    """What is wrong with a database file, None if nothing."""
    if not file.is_file():
        return "找不到文件" if not file.exists() else "不是文件"
    try:
        with closing(_connect(file, mode="ro")) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if answer != "ok":
                return "文件已损坏"
            if revision(connection) is None:
                return "不是本程序的数据库"
    except sqlite3.DatabaseError as error:
        return (
            "不是数据库文件或已损坏"
            if "not a database" in str(error) or "malformed" in str(error)
            else str(error)
        )
    return None


def revision_of(file: Path) -> str | None:
    """The schema revision of a database file."""
    with closing(_connect(file, mode="ro")) as connection:
        return revision(connection)


def waiting_of(file: Path) -> int:
    """How many notices a backup would still send."""
    with closing(_connect(file, mode="ro")) as connection:
        row = connection.execute(
            "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')"
        ).fetchone()
    return int(row[0])


def revision(connection: sqlite3.Connection) -> str | None:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    return str(row[0]) if row else None


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Make sure that nobody else has the database open, and merge its log. Raises ServerRunning."""
    if not database.exists():
        yield
        return
    with closing(_connect(database, mode="rw", wait=0.5)) as connection:
        try:
            # Leaving WAL needs every other connection gone, also one that is idle.
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise ServerRunning from None
            raise
        except sqlite3.DatabaseError:
            mode = "delete"  # damaged beyond opening: exactly then a restore is wanted
        if mode != "delete":
            raise ServerRunning
        yield
        with suppress(sqlite3.Error):
            connection.rollback()


def _connect(file: Path, *, mode: str, wait: float = BUSY_SECONDS) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file.resolve().as_uri()}?mode={mode}", uri=True, timeout=wait, isolation_level=None
    )


def _copy_files(source: Path, target: Path) -> int:
    """Copy what is not there yet; returns how many files the source has."""
    count = 0
    for file in sorted(source.rglob("*")) if source.is_dir() else ():
        if not file.is_file() or "." in file.name:  # with a dot: still being written
            continue
        count += 1
        copy = target / file.relative_to(source)
        if copy.exists():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        part = copy.with_name(f"{copy.name}.part")
        shutil.copyfile(file, part)
        _sync(part)
        part.rename(copy)
    return count


def _keep(database: Path, kept: Path) -> None:
    try:
        os.link(database, kept)  # so that at no moment there is no database
    except OSError:  # a file system without hard links
        database.rename(kept)


def _free_name(database: Path, now: datetime) -> Path:
    stamp = now.astimezone(SHANGHAI).strftime("%Y%m%d-%H%M%S")
    name = database.with_name(f"{database.name}.replaced-{stamp}")
    number = 1
    while name.exists():
        number += 1
        name = database.with_name(f"{database.name}.replaced-{stamp}-{number}")
    return name


def _sync(path: Path) -> None:
    """Make a file or a folder's entries durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
