"""Many small writes as one: whatever arrives while a commit is under way shares the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

from bot.tasks import Tasks
from models.db import Database, WriteSession

In = TypeVar("In")
Out = TypeVar("Out")

CAP: Final = 512


@dataclass(slots=True)
class _Waiting(Generic[In, Out]):
    item: In
    future: asyncio.Future[Out]


class Batched(Generic[In, Out]):
    """Call it with an item; the answer comes once the item is committed.

    work gets the session and the items of one commit and returns one answer for each. first: before processing.
    """

    def __init__(
        self,
        database: Database,
        tasks: Tasks,
        work: Callable[[WriteSession, Sequence[In]], Sequence[Out]],
        *,
        name: str,
        first: bool = False,
    ) -> None:
        self._database = database
        self._tasks = tasks
        self._work = work
        self._name = name
        self._first = first
        self._waiting: list[_Waiting[In, Out]] = []
        self._flushing = False

    async def __call__(self, item: In) -> Out:
        """Raises what work raises (for every item of the batch), or DatabaseUnavailable."""
        waiting: _Waiting[In, Out] = _Waiting(item, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if not self._flushing:
            self._flushing = True
            self._tasks.start(self._flush(), name=self._name)
        return await waiting.future  # of this caller alone: who gives up cancels no write

    async def _flush(self) -> None:
        try:
            while self._waiting:
                taken: list[_Waiting[In, Out]] = []
                try:
                    answers = await self._database.write(
                        partial(self._take_and_work, taken=taken), first=self._first
                    )
                except Exception as error:  # noqa: BLE001 - each caller gets it
                    if not taken:  # refused before it began: everybody who waits is told
                        taken, self._waiting = self._waiting, []
                    for one in taken:
                        if not one.future.done():
                            one.future.set_exception(error)
                            one.future.exception()  # a caller that has gone must not make it a warning
                    continue
                for one, answer in zip(taken, answers, strict=True):
                    if not one.future.done():
                        one.future.set_result(answer)
        finally:
            self._flushing = False

    def _take_and_work(self, session: WriteSession, *, taken: list[_Waiting[In, Out]]) -> Sequence[Out]:
        # Taken when the writer gets here, so that late-comers join this commit; a retry works on the same and more.
        joining = self._waiting[:CAP]
        # Not CAP: on SQLite the writer is another thread, and an item may arrive between these two lines.
        del self._waiting[: len(joining)]
        taken.extend(joining)
        return self._work(session, [one.item for one in taken])
