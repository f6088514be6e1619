"""The slash commands, one module each: a new command is a module and a line here."""

from handlers.commands import (
    acknowledge,
    adjust,
    audit,
    correct,
    drafts,
    instruct,
    light_feedback,
    lights,
    query,
    report,
    snooze,
    undo,
)
from handlers.router import Command

COMMANDS: tuple[Command, ...] = (
    query.COMMAND,
    report.COMMAND,
    correct.COMMAND,
    undo.COMMAND,
    drafts.COMMAND,
    lights.COMMAND,
    light_feedback.COMMAND,
    acknowledge.COMMAND,
    snooze.COMMAND,
    instruct.COMMAND,
    adjust.COMMAND,
    audit.COMMAND,
)
