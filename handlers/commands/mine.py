"""/我的: what waits for the sender: overdue, due within three workdays, others (rules D5, E15, S18)."""

from __future__ import annotations

from handlers import my_tasks
from handlers.context import Context
from handlers.verbs import Command


def run(context: Context, _args: str) -> None:
    context.say_privately(my_tasks.of_sender(context))


COMMAND = Command("我的", summary="我的待办", usage="/我的", run=run, aliases=("我的待办", "待办"), bare=True)
