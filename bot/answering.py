"""Answers that a platform fetches itself: in the answer to its callback, or by asking again.

Such an answer lies in the outbox like any other, due a little later: when nobody has fetched it by then, delivery sends
it. What is said is read from the outbox each time, so a platform that asks twice, or asks another process, or after a
restart, is told the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol

import structlog
from sqlalchemy.orm import Session

from bot.clock import Clock
from models.db import Database, DatabaseUnavailable
from models.notices.base import decode
from models.operations import turns as operations
from models.queries import turns as queries
from models.tables.outbox import OutboxNotice
from models.types import Button, OutboxState
from templates.merging import Part, merge

log = structlog.get_logger()

HANDED: Final = "已写进平台回调的应答，平台是否读到不确定"
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


class Collected(Protocol):
    """Notes answers that a platform has fetched (Delivery.collected)."""

    async def __call__(
        self, channel: tuple[str, str], row_ids: list[int], *, doubt: str | None = None
    ) -> None: ...


class Answering:
    """collected: notes answers that a platform has fetched. kick: delivery looks for what is due."""

    def __init__(
        self, *, database: Database, clock: Clock, collected: Collected, kick: Callable[[], None],
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
                    async with asyncio.timeout(max(0.0, min(LOOK_SECONDS, left))):
                        await event.wait()
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

    async def hand_over(self, answer: Answer, channel: tuple[str, str]) -> None:
        """Note an answer before it is handed over where nothing says whether it arrived.

        A process that dies in between leaves it in doubt: it is not sent another way, and `handed_before` finds it
        when the platform repeats its call. Ends with `arrived` or `take_back`.
        """
        await self._collected(channel, list(answer.waiting), doubt=HANDED)

    async def arrived(self, answer: Answer) -> None:
        """The platform has read it."""
        try:
            await self._database.write(partial(operations.note_arrived, row_ids=answer.waiting))
        except DatabaseUnavailable:
            log.warning("answer stays in doubt", rows=list(answer.waiting))

    async def take_back(self, answer: Answer) -> None:
        """The platform has not read it: delivery sends it at once."""
        now = self._clock.now()
        await self._database.write(partial(operations.take_back, row_ids=answer.waiting, now=now))
        self._kick()

    async def handed_before(self, turn: str) -> Answer | None:
        """An answer that was noted as handed over by a process that died; None when there is none."""

        def read(session: Session) -> Answer | None:
            rows = queries.in_doubt(session, turn)
            if not rows:
                return None
            return replace(_answer(rows, first=True), waiting=tuple(row.id for row in rows))

        return await self._database.read(read)

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
