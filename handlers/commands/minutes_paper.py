"""/会议纪要 9月22日协调会: the paper of a meeting whose tasks were confirmed (rules H1, M1)."""

from handlers.commands import minutes
from handlers.context import Context
from handlers.papers import minutes_papers
from handlers.verbs import Command


def run(context: Context, args: str) -> None:
    """With the text of the minutes behind the name it is /纪要."""
    if "\n" in args.strip():
        minutes.run(context, args)
    else:
        minutes_papers.run(context, args)


COMMAND = Command(
    "会议纪要",
    summary="会议纪要成文，签发后编号送达",
    usage="/会议纪要 9月22日协调会",
    run=run,
    may=minutes.may,
)
