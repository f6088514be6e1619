"""The command line beside a running product, in this process: the code of the console script without its start."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import commands


def invoke(*arguments: str | Path, environment: Mapping[str, str | None], stdin: str | None = None) -> Result:
    """The command in this folder and thread. Raises what it raises but its exit; environment: None unsets."""
    result = CliRunner().invoke(commands, [str(one) for one in arguments], input=stdin, env=environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


async def run_command(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and all that was printed. environment: all settings that the command finds."""

    def run() -> tuple[int, str]:
        unset = {name: None for name in os.environ if name.startswith("BOT_")}
        with chdir(folder):
            result = invoke(*arguments, environment={**unset, **environment})
        return result.exit_code, result.output

    return await asyncio.to_thread(run)
