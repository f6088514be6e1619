"""SQLite databases to begin with, made once for all test processes of a run and copied: filling one takes a second."""

from __future__ import annotations

import asyncio
import atexit
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import migrate
from models.db import sync_engine
from models.operations.baseline import load_baseline

_SHARED: Final = "ZHUANBAN_PREPARED"  # the environment tells the processes of a run where


def _folder() -> Path:
    if _SHARED not in os.environ:
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="prepared-")
        atexit.register(shutil.rmtree, os.environ[_SHARED], ignore_errors=True)
    return Path(os.environ[_SHARED])


FOLDER: Final = _folder()


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def empty() -> Path:
    """The newest schema without rows."""

    def make(file: Path) -> None:
        thread = Thread(
            target=lambda: asyncio.run(migrate.upgrade(url_of(file)))
        )  # a loop may run in this one
        thread.start()
        thread.join()

    return kept("empty", make)


@contextmanager
def session_on(made: Path, folder: Path, *, expire_on_commit: bool = True) -> Iterator[Session]:
    """A session on a copy in the folder of a test."""
    engine = sync_engine(copy(made, folder / "test.db"))
    with Session(engine, expire_on_commit=expire_on_commit) as session:
        yield session
    engine.dispose()


def city(at: datetime) -> Path:
    """The newest schema with the fictional city at that time."""

    def make(file: Path) -> None:
        copy(empty(), file)
        with_session(file, lambda session: load_baseline(session, at=at))

    return kept(f"city {at.isoformat()}", make)


def kept(name: str, make: Callable[[Path], object]) -> Path:
    """The file of that name; make(file) writes it the first time. Not to be changed: copy it."""
    file = file_of(name)
    with first(file) as is_first:
        if is_first:
            begun = file.with_suffix(".begun")
            make(begun)
            begun.rename(file)
    return file


def file_of(name: str) -> Path:
    return FOLDER / f"{name.replace(':', '.')}.db"


@contextmanager
def first(file: Path) -> Iterator[bool]:
    """Whether this process is the one that makes the file; the others wait for it."""
    if file.exists():
        yield False
        return
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not file.exists()


def with_session(file: Path, work: Callable[[Session], object]) -> None:
    """Do something in a file and commit it."""
    engine = sync_engine(url_of(file))
    with Session(engine) as session:
        work(session)
        session.commit()
    engine.dispose()


def copy(file: Path, target: Path) -> str:
    """Copy a file to a new one; returns its URL."""
    with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return url_of(target)


def put(file: Path, session: Session) -> None:
    """Copy a file over the database of a session that has not begun."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    connection = engine.raw_connection()
    try:
        with closing(sqlite3.connect(file)) as old:
            old.backup(connection.driver_connection)  # type: ignore[arg-type]
    finally:
        connection.close()
