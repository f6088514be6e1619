"""A calendar as the operator imports it: by the command, beside the running city."""

from __future__ import annotations

import asyncio
from pathlib import Path

from click.testing import CliRunner

from bot.cli import commands

from .city import City, moment


async def import_days(city: City, folder: Path, days: str, at: str) -> str:
    """days: the file's text. at: the moment of the import. Returns what the command prints."""
    file = folder / "days.csv"
    file.write_text(days, encoding="utf-8")
    result = await asyncio.to_thread(
        CliRunner().invoke,
        commands,
        ["calendar", "import", str(file)],
        env={
            "BOT_DATABASE_URL": city.settings.database_url,
            "BOT_CLOCK": "simulated",
            "BOT_CLOCK_START": moment(at).isoformat(),
        },
    )
    assert result.exit_code == 0, result.output
    return result.stdout
