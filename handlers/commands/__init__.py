"""The slash commands, one module each: a new command is a module and a line here."""

from handlers.commands import (
    acknowledge,
    adjust,
    audit,
    closing,
    correct,
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
from handlers.router import Command

COMMANDS: tuple[Command, ...] = (
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
    audit.COMMAND,
)
