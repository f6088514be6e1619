"""What a platform and the web layer may use of the running product."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.answering import Answering
from bot.clock import Clock
from bot.metrics import Metrics
from bot.platforms.base import Accept
from bot.settings import Settings
from bot.tasks import Tasks
from models.db import Database
from models.queries.directory import Directory


@dataclass(slots=True)
class Services:
    settings: Settings
    database: Database
    clock: Clock
    accept: Accept
    tasks: Tasks
    metrics: Metrics
    files: Path
    made: Callable[[str], Awaitable[bytes | None]]  # content of a file that the product made, by SHA-256
    directory: Callable[[], Awaitable[Directory]]
    settle: Callable[[], Awaitable[None]]  # returns when nothing is due at the current clock
    advance: Callable[[datetime], Awaitable[Advanced]]  # simulated clock only
    next_event: Callable[[], Awaitable[datetime | None]]
    answering: Answering


@dataclass(frozen=True, slots=True)
class Advanced:
    """What moving the simulated clock did: jobs and timers that ran, and how many messages went out."""

    now: datetime
    jobs: tuple[tuple[str, datetime], ...]
    sent: int
