"""The slash commands, one module each: a new command is a module and a line here."""

from handlers.commands import (
    acknowledge,
    address_book,
    adjust,
    audit,
    bind,
    closing,
    correct,
    delegate,
    dispatch,
    drafts,
    instruct,
    light_feedback,
    lights,
    mine,
    problem,
    query,
    receipt,
    report,
    snooze,
    undo,
)
from handlers.commands import (
    help as help_command,
)
from handlers.router import Command

COMMANDS: tuple[Command, ...] = (
    help_command.command(lambda: COMMANDS),
    bind.COMMAND,
    query.COMMAND,
    report.COMMAND,
    correct.COMMAND,
    undo.COMMAND,
    drafts.COMMAND,
    mine.COMMAND,
    problem.COMMAND,
    dispatch.COMMAND,
    receipt.COMMAND,
    receipt.SEND_BACK,
    closing.COMMAND,
    closing.CLOSE,
    lights.COMMAND,
    light_feedback.COMMAND,
    acknowledge.COMMAND,
    snooze.COMMAND,
    instruct.COMMAND,
    adjust.COMMAND,
    delegate.COMMAND,
    address_book.COMMAND,
    audit.COMMAND,
)
