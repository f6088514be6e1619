"""The operator's guide names every command and option, and only commands that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import commands
from models.operations.roster_files import UNIT_KINDS
from models.types import Role

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


def test_the_roster_of_the_guide_loads_as_it_stands_there(bot, tmp_path: Path) -> None:
    """Every post of the guide is held by somebody, and nothing is missing for the first day but what it says."""
    (written,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    file = tmp_path / "名册.yaml"
    file.write_text(written, encoding="utf-8")
    shown = bot("roster", "load", file, "--yes").done
    for line in (
        "新增专班 水利专班：牵头 县水利局",
        "督办专员（综合专班）、系统管理员",
        "地址 webchat:柳林镇",
    ):
        assert line in shown
    assert bot("roster", "load", file).done == "石泉县名册无变化"


@pytest.mark.parametrize("key", sorted(UNIT_KINDS))
def test_the_guide_names_every_kind_of_unit(key: str) -> None:
    assert f"`{key}`" in GUIDE


@pytest.mark.parametrize("role", list(Role))
def test_the_guide_names_every_post(role: Role) -> None:
    assert role.value in GUIDE


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_only_commands_and_files_that_are_there(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for words in re.findall(r"\.venv/bin/zhuanban ([a-z][a-z -]*[a-z])", text):
        assert words in COMMANDS, words
    for target in re.findall(r"\bmake ([a-z0-9]+)", text):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8"), target
    assert (ROOT / "models/data/calendar_cn.csv").is_file()
    assert "models/data/calendar_cn.csv" in text


def test_usage_errors_have_exit_code_2(bot) -> None:
    assert bot("nonsense").code == 2
    assert bot("projects", "import").code == 2
    assert bot("demo", "--now", "tomorrow").code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rostr",), "没有命令 rostr，相近的有 roster"),
        (("projects", "import"), "缺少 FILE"),
        (("outbox", "list", "--limit", "0"), "选项 --limit 应是 1 到 100000 的整数"),
        (("outbox", "list", "--limt", "1"), "没有选项 --limt，相近的有 --limit"),
        (("outbox", "list", "--state", "gone"), "选项 --state 应为 waiting、sending"),
        (("outbox", "retry"), "请写 --id 编号，或 --all"),
        (("roster", "load", "."), "FILE 应是一个文件，现为目录"),
        (("db", "check", "more"), "多写了参数"),
        (("demo", "--now", "tomorrow"), "选项 --now 应写成 2026-09-21T18:00+08:00"),
        (("--nonsense",), "没有选项 --nonsense"),
    ],
)
def test_usage_errors_are_said_in_chinese(bot, words: tuple[str, ...], said: str) -> None:
    answer = bot(*words)
    assert answer.code == 2
    assert f"命令写法不对：{said}" in answer.err
    assert "Error" not in answer.err
    assert "写法：" in answer.err


def test_a_group_of_commands_alone_shows_its_help(bot) -> None:
    assert "open-group" in bot("roster").err


def test_a_reader_that_goes_away_is_no_fault_of_the_database(bot) -> None:
    bot("db", "upgrade")
    with bot.start("policy", "show") as running:
        assert running.stdout is not None
        running.stdout.close()
        assert running.stderr is not None
        assert running.stderr.read() == ""
