"""/帮助 [命令]: what the asker may do, and how."""

from collections.abc import Callable, Sequence

from handlers.context import Context
from handlers.help import help_for
from handlers.verbs import Command


def command(listed: Callable[[], Sequence[Command]]) -> Command:
    """The command over all that are listed, itself included."""

    def run(context: Context, args: str) -> None:
        context.say(help_for(context, listed(), args))

    return Command(
        "帮助",
        summary="能做什么、怎么做",
        usage="/帮助；/帮助 查",
        run=run,
        aliases=("help", "？", "?", "怎么报", "怎么用", "使用说明", "怎么操作"),
        unbound=True,
        alone=True,
    )
