"""The slash commands, one module each: a new command is a module and a line here."""

from handlers.commands import (
    audit,
    correct,
    drafts,
    query,
    report,
    undo,
)
from handlers.router import Command

COMMANDS: tuple[Command, ...] = (
    query.COMMAND,
    report.COMMAND,
    correct.COMMAND,
    undo.COMMAND,
    drafts.COMMAND,
    audit.COMMAND,
)
