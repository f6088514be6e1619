"""Answers that a platform fetches itself: in the answer to its callback, or by asking again.

Such an answer lies in the outbox like any other, due a little later: when nobody has fetched it by then, delivery sends
it. What is said is read from the outbox each time, so a platform that asks twice, or asks another process, or after a
restart, is told the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from bot.clock import Clock
from models.db import Database
from models.notices.base import decode
from models.operations import turns as operations
from models.queries import turns as queries
from models.tables.outbox import OutboxNotice
from models.types import Button, OutboxState
from templates.merging import Part, merge

LOOK_SECONDS: Final = 0.5  # another process may have processed the message
AGAIN_SECONDS: Final = (
    0.05  # an older answer is being sent: looked for after so long, then twice as long each time
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that answers one message. parts: the text of each notice. waiting: rows that nobody has sent yet."""

    parts: tuple[str, ...]
    buttons: tuple[Button, ...] = ()
    files: bool = False
    waiting: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    first: bool = True

    @property
    def text(self) -> str:
        return "\n\n".join(self.parts)


class Answering:
    """collected: notes answers that a platform has fetched. kick: delivery looks for what is due."""

    def __init__(
        self, *, database: Database, clock: Clock, collected: Callable[[tuple[str, str], list[int]], Awaitable[None]],
        kick: Callable[[], None],
    ) -> None:  # fmt: skip
        self._database = database
        self._collected = collected
        self._kick = kick
        self._clock = clock
        self._expected: dict[str, asyncio.Event] = {}
        self._hurried: set[str] = set()

    def processed(self, turns: Iterable[str]) -> None:
        """These messages have been processed; their answers are committed."""
        for turn in turns:
            if (event := self._expected.get(turn)) is not None:
                event.set()

    def hurry(self, turn: str) -> None:
        """Whoever waits for this answer waits no longer than for a look."""
        self._hurried.add(turn)
        self.processed([turn])

    async def wait(self, turn: str, *, platform: str, message_id: str, seconds: float) -> Answer | None:
        """The answer to a message that was accepted, or None when it is not ready in time.

        An answer without parts: the message is done and nothing is said to it here.
        """
        event = self._expected.setdefault(turn, asyncio.Event())
        ends = asyncio.get_running_loop().time() + seconds
        pause = AGAIN_SECONDS
        try:
            while True:
                left = ends - asyncio.get_running_loop().time()
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), max(0.0, min(LOOK_SECONDS, left)))
                answer = await self.look(turn, platform=platform, message_id=message_id)
                if answer is not None and (answer.first or left <= 0):
                    return answer
                if left <= 0 or turn in self._hurried:
                    return None
                if event.is_set():  # processed, but an older answer goes first
                    await asyncio.sleep(min(pause, max(left, 0.0)))
                    pause = min(pause * 2, LOOK_SECONDS)
        finally:
            self._expected.pop(turn, None)
            self._hurried.discard(turn)

    async def look(self, turn: str, *, platform: str, message_id: str) -> Answer | None:
        """The answer as it stands in the outbox; None while the message waits to be processed."""

        def read(session: Session) -> Answer | None:
            rows = queries.answers_to(session, turn)
            if not rows:
                return None if queries.is_waiting(session, platform, message_id) else Answer(())
            return _answer(rows, first=queries.is_first(session, rows[0]))

        return await self._database.read(read)

    async def words_above(self, token: str) -> str:
        """The text of the notice that a button stood below; empty when there is no such notice."""
        number, _, _ = token.partition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 18):
            return ""

        def read(session: Session) -> str:
            row = session.get(OutboxNotice, int(number))
            return merge([Part(row.id, decode(row.notice, row.payload))])[0] if row is not None else ""

        return await self._database.read(read)

    async def handed_over(self, answer: Answer, channel: tuple[str, str]) -> None:
        """Note that the platform has the answer."""
        if answer.waiting:
            await self._collected(channel, list(answer.waiting))

    async def send_instead(self, turn: str) -> None:
        """Nobody will fetch this answer: delivery sends it at once."""
        await self._database.write(partial(operations.send_now, turn=turn, now=self._clock.now()))
        self._kick()


def _answer(rows: Sequence[OutboxNotice], *, first: bool) -> Answer:
    parts: list[str] = []
    buttons: list[Button] = []
    files = False
    for row in rows:
        notice = decode(row.notice, row.payload)
        text, some = merge([Part(row.id, notice)])
        parts.append(text)
        buttons.extend(some)
        files = files or bool(notice.files)
    waiting = tuple(row.id for row in rows if row.state == OutboxState.WAITING.value)
    return Answer(tuple(parts), tuple(buttons), files, waiting, tuple(row.id for row in rows), first)
