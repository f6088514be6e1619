"""The slash commands, one module each."""

from handlers.router import Command

COMMANDS: tuple[Command, ...] = ()
