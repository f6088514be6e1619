"""The command line beside a running product, in this process: the code of the console script without its start."""

from __future__ import annotations

import asyncio
import os
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner

from bot.cli import commands


async def run_command(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and all that was printed. environment: all settings that the command finds."""

    def run() -> tuple[int, str]:
        unset = {name: None for name in os.environ if name.startswith("BOT_")}
        with chdir(folder):
            result = CliRunner().invoke(commands, list(arguments), env={**unset, **environment})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return await asyncio.to_thread(run)
