"""A folder of its own for each test, with the settings of a fresh installation."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy.orm import Session

from models.db import sync_engine
from models.rules.calendar import SHANGHAI
from tests import prepared
from tests.command_line import invoke

T = TypeVar("T")

ROOT = Path(__file__).parent.parent.parent
DATA = Path(__file__).parent / "data"
ROSTERS = ROOT / "models" / "data" / "rosters"


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def refused(self) -> str:
        """The reason; an orderly refusal is words without a traceback."""
        assert self.code == 1, (self.code, self.out, self.err)
        assert "Traceback" not in self.err
        return self.err.strip()

    @property
    def done(self) -> str:
        assert self.code == 0, (self.code, self.out, self.err)
        return self.out.strip()


class Installation:
    """Runs commands in its folder. database: the embedded file that the default settings name."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self.folder = folder
        self.url = url or f"sqlite+aiosqlite:///{folder}/var/zhuanban.db"
        self.database = folder / "var" / "zhuanban.db"

    def __call__(self, *arguments: str | Path, stdin: str | None = None, **environment: str) -> Answer:
        """In this process: fast, the same code as the console script."""
        result = invoke(*arguments, environment={"BOT_DATABASE_URL": self.url, **environment}, stdin=stdin)
        return Answer(result.exit_code, result.stdout, result.stderr)

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        """As an operator does: a process of its own."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BOT_")},
            "BOT_DATABASE_URL": self.url, "PYTHONPATH": str(ROOT), **options.pop("environment", {}),
        }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *map(str, arguments)], cwd=self.folder, env=environment, text=True,
            stdin=subprocess.DEVNULL, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )  # fmt: skip

    def write(self, work: Callable[[Session], T]) -> T:
        """Change the embedded database from outside."""
        engine = sync_engine(self.url)
        try:
            with Session(engine) as session:
                value = work(session)
                session.commit()
                return value
        finally:
            engine.dispose()

    def fill(self) -> None:
        """The fictional city as it is on 2026-09-21 18:00."""
        self.database.parent.mkdir(exist_ok=True)
        prepared.copy(prepared.city(datetime(2026, 9, 21, 18, tzinfo=SHANGHAI)), self.database)


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A fresh installation on the embedded database."""
    for name in list(os.environ):
        if name.startswith("BOT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Installation(tmp_path, None)


@pytest.fixture
def city(bot: Installation) -> Installation:
    bot.fill()
    return bot
