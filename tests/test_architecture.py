"""The house keeps its own order: what is added is listed, documented and worded; nothing is left behind."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import jinja2
import jinja2.meta
import pytest

import bot.platforms
import handlers.commands
import models.notices
import scheduler.jobs
import scheduler.timers
import templates
from bot.settings import setting_names
from handlers.clicks import VERBS
from handlers.commands import COMMANDS
from handlers.drafts import draft_kinds
from handlers.typed.labels import FORMS, LABELS, OF_WORD
from handlers.verbs import Command, Order
from models import errors
from models.notices.base import Notice
from models.operations import draft_summaries
from models.types import DraftKind
from scheduler.schedule import Job

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "models", "scheduler", "templates")


def modules(package: object) -> list[str]:
    return [info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_")]


def all_notices() -> list[type[Notice]]:
    for name in modules(models.notices):
        importlib.import_module(f"models.notices.{name}")
    return sorted(
        (cls for cls in Notice.registry.values() if cls.__module__.startswith("models.notices")),
        key=lambda cls: cls.__name__,
    )


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def subclasses(cls: type) -> list[type]:
    return [one for direct in cls.__subclasses__() for one in (direct, *subclasses(direct))]


def test_every_command_module_is_listed():
    for name in modules(handlers.commands):
        module = importlib.import_module(f"handlers.commands.{name}")
        made = [one for one in vars(module).values() if isinstance(one, Command)]
        assert made or name == "help", f"handlers/commands/{name}.py makes no command"
        for command in made:
            assert command in COMMANDS, f"/{command.name} of handlers/commands/{name}.py is not in COMMANDS"
    assert any(command.name == "帮助" for command in COMMANDS)


def test_command_names_and_aliases_are_unique():
    names = [name for command in COMMANDS for name in command.names]
    assert len(names) == len(set(names))


def test_every_command_is_in_the_manual():
    manual = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
    missing = [command.name for command in COMMANDS if f"`/{command.name}`" not in manual]
    assert missing == []


def test_every_job_module_is_listed_and_in_the_manual():
    manual = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
    for name in modules(scheduler.jobs):
        module = importlib.import_module(f"scheduler.jobs.{name}")
        made = [one for one in vars(module).values() if isinstance(one, Job)]
        assert made, f"scheduler/jobs/{name}.py makes no job"
        for job in made:
            assert job in scheduler.jobs.JOBS, f"job {job.name} is not in JOBS"
            assert f"`{job.name}`" in manual, f"job {job.name} is not in docs/manual.md"


def test_every_timer_module_is_listed():
    for name in modules(scheduler.timers):
        module = importlib.import_module(f"scheduler.timers.{name}")
        for kind in module.KINDS:
            assert scheduler.timers.TIMERS.get(kind.name) is kind, f"timer {kind.name} is not in TIMERS"


def test_every_platform_is_listed_and_documented():
    guides = (ROOT / "docs" / "platforms").glob("*.md")
    documented = {guide.stem for guide in guides}
    for name, module in bot.platforms.PLATFORMS.items():
        assert (module.part_of or name) in documented


def test_every_setting_is_in_the_example():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    missing = [name for name in setting_names() if f"#{name}=" not in example and f"\n{name}=" not in example]
    assert missing == []


@pytest.mark.parametrize("notice", all_notices(), ids=lambda cls: cls.__name__)
def test_each_notice_has_a_template_with_its_fields(notice):
    path = ROOT / "templates" / templates.template_name(notice.__name__)
    assert path.is_file(), f"{notice.__name__} has no {path.name}"
    source = path.read_text(encoding="utf-8")
    known = {field.name for field in dataclasses.fields(notice)}
    used = jinja2.meta.find_undeclared_variables(templates.ENVIRONMENT.parse(source))
    assert used - {"circled"} <= known, f"{path.name} uses what {notice.__name__} does not have"


def test_no_template_is_left_over():
    wanted = {ROOT / "templates" / templates.template_name(cls.__name__) for cls in all_notices()}
    found = {path for path in (ROOT / "templates" / "notices").glob("*.j2") if not path.name.startswith("_")}
    assert found - wanted == set()


def test_each_refusal_has_a_template():
    for cls in subclasses(errors.DomainError):
        assert (ROOT / "templates" / "errors" / f"{cls.code}.md.j2").is_file(), cls.__name__


def test_every_kind_of_draft_is_handled_and_named():
    kinds = {kind.value for kind in DraftKind}
    assert set(draft_kinds.KINDS) == kinds
    assert set(draft_summaries.OF_KIND) == kinds


# Labels that are understood without a card: confirmations, answers (handlers.understanding.answers), choices.
ANSWERS = {
    "确认", "确认无误", "全部确认", "逐条", "取消", "修改", "是", "是，忽略", "不是，再记一次", "0 都不是", "无变化",
    "本周无变化",
}  # fmt: skip


def test_every_label_can_be_typed():
    labels = {
        node.args[0].value.rstrip("…")
        for path in (ROOT / "models" / "notices").glob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Action"
        and isinstance(node.args[0], ast.Constant)
    }
    assert labels, "no label found"
    formed = {label for label in labels if any(re.fullmatch(form, label) for form in FORMS.values())}
    assert labels - formed - set(OF_WORD) - ANSWERS == set()


def test_a_word_has_one_entry_and_its_order_stands_once():
    assert len(OF_WORD) == len(LABELS)
    names = {name for command in COMMANDS for name in command.names}
    twice = [label.word for label in LABELS if label.word in names and label.order is not Order.VERB_FIRST]
    assert twice == []


def test_every_button_does_something():
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "models" / "notices").glob("*.py")
    )
    verbs = set(re.findall(r'Action\([^()]*?,\s*"([a-z_]+\.[a-z_]+)"', source))
    assert verbs, "no verb found"
    assert verbs - set(VERBS) == set()


def test_pins_hold_no_address():
    for name in ("constraints.txt", "pyproject.toml"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8"), name


def test_only_tasks_starts_background_tasks():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if path.name == "tasks.py":
                continue
            tree = tree_of(path)
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and node.attr in ("create_task", "ensure_future"):
                    pytest.fail(f"{path.relative_to(ROOT)}:{node.lineno} starts a task")


def test_handlers_only_hand_the_session_on():
    """Statements stand in models.queries and models.operations; what an attempt is, the router says."""
    for path in (ROOT / "handlers").rglob("*.py"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute) and node.attr != "attempt":
                of = node.value
                name = of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else ""
                assert name != "session", f"{path.relative_to(ROOT)}:{node.lineno} uses session.{node.attr}"


def test_imports_stand_at_the_top():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            tree = tree_of(path)
            for node in ast.walk(tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    inner = [one for one in ast.walk(node) if isinstance(one, (ast.Import, ast.ImportFrom))]
                    assert not inner, f"{path.relative_to(ROOT)}:{node.lineno} imports inside a function"


def test_every_room_imports_on_its_own():
    """No hidden cycle: each room can be the first that is imported."""
    for room in ROOMS:
        subprocess.run([sys.executable, "-c", f"import {room}"], cwd=ROOT, check=True)


def imported(path: Path) -> Iterator[Path]:
    """The files of the house that a file imports; a package stands for its __init__."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ROOMS:
            package = ROOT.joinpath(*node.module.split("."))
            for alias in node.names:
                for found in (
                    package / f"{alias.name}.py",
                    package / alias.name / "__init__.py",
                    package.with_suffix(".py"),
                    package / "__init__.py",
                ):
                    if found.exists():
                        yield found
                        break


def test_no_file_imports_itself_round_a_corner():
    """Layers forbid circles between folders; this one those inside a folder."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    try:
        TopologicalSorter({path: {*imported(path)} - {path} for path in files}).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(str(path.relative_to(ROOT)) for path in error.args[1]))
