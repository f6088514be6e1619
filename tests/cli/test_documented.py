"""The operator's guide names every command and option, and only commands that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from bot.cli import commands

from .conftest import ROOT

GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def every(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from every(one, (*path, name))
    else:
        yield " ".join(path), command


COMMANDS = dict(every(commands))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_is_in_the_guide(path: str) -> None:
    assert f"zhuanban {path}" in GUIDE


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_is_in_the_guide(path: str) -> None:
    for parameter in COMMANDS[path].params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in GUIDE, f"{path} {parameter.opts[0]}"


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_option_says_what_it_does(path: str) -> None:
    command = COMMANDS[path]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{path} {parameter.opts[0]}"


def test_the_guide_names_no_command_that_is_not_there() -> None:
    for words in re.findall(r"zhuanban ([a-z][a-z -]*[a-z])", GUIDE):
        name = words.split(" -")[0].strip()
        assert name in COMMANDS, name


def test_usage_errors_have_exit_code_2(bot) -> None:
    assert bot("nonsense").code == 2
    assert bot("projects", "import").code == 2
    assert bot("demo", "--now", "tomorrow").code == 2
