"""The only place that starts background tasks: keeps references, logs what dies, cancels on stop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()


class Tasks:
    """patience: seconds until whoever has not ended is told again."""

    def __init__(self, *, patience: float = 10.0) -> None:
        self._patience = patience
        self._tasks: set[asyncio.Task[Any]] = set()
        self.failed: list[str] = []

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Run work in the background until it ends or the product stops."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def stop(self, *tasks: asyncio.Task[Any]) -> None:
        """Cancel the named tasks (all if none is named) and wait until they have ended.

        A cancellation can get lost in a library between two awaits, so whoever has not ended in time is told again.
        """
        left = {task for task in set(tasks) or self._tasks if not task.done()}
        while left:
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=self._patience)
            if left:
                log.warning("tasks do not end", tasks=sorted(task.get_name() for task in left))

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failed.append(task.get_name())
            log.error("task died", task=task.get_name(), error=type(error).__name__, exc_info=error)
