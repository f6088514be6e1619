"""No expression takes time that doubles with each character of a hostile text, or grows with its square."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import bot
import handlers
import models
import scheduler
import templates
from handlers import long_blanks
from handlers.understanding.phrases import Phrases
from tests.understanding.attacks import attacks

_SINGLE: Final = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]")
_NO_WORDS: Final = re.compile(r"\\u[0-9a-f]{4}|\\.|\[\^?|\?[:=!<>P]+")
_PIECES: Final = range(4, 34, 2)  # what doubles shows itself long before the last
_LENGTHS: Final = (250, 1_000, 4_000)  # characters, up to the longest text that is read
# Lengths of a piece of work that is done beside it (about 5 ms), so that a slow machine accuses nobody.
_SHORT: Final = 10  # for a few pieces
_LONG: Final = 30  # for the longest text
_SOON: Final = 0.05  # seconds; what is done so soon need not be compared
_YARDSTICK: Final = re.compile("a*b")
_END: Final = "\x00"  # no expression expects it
_USES: Final = re.compile(
    r"\b([A-Za-z_]\w*)(?:\.pattern)?\.(match|fullmatch|search|sub|subn|split|findall|finditer)\("
)
_ANYWHERE: Final = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})

Found = tuple[str, re.Pattern[str], frozenset[str]]  # where it stands, and how a text is held against it


def _within(value: object) -> Iterator[re.Pattern[str]]:
    """The expressions in a value of a module: in tables, and in what our own classes hold."""
    if isinstance(value, Phrases):
        yield value.pattern
    elif isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, (tuple, list, frozenset)):
        for one in value:
            yield from _within(one)
    elif isinstance(value, Mapping):
        yield from _within([*value.keys(), *value.values()])
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        yield from _within([getattr(value, name) for name in value.__dataclass_fields__])
    elif type(value).__module__.startswith("handlers."):
        yield from _within(list(getattr(value, "__dict__", {}).values()))


@cache
def _uses(file: Path) -> Mapping[str, frozenset[str]]:
    """How the names of a module are used in it."""
    found: dict[str, set[str]] = {}
    for name, how in _USES.findall(file.read_text()):
        found.setdefault(name, set()).add(how)
    return {name: frozenset(hows) for name, hows in found.items()}


@cache
def _of_its_room(file: Path) -> tuple[Path, ...]:
    rooms = {Path(room.__path__[0]) for room in (handlers, models, scheduler, templates, bot)}
    return tuple(next(room for room in rooms if room in file.parents).rglob("*.py"))


def _how(file: Path, name: str, value: object) -> frozenset[str]:
    """How an expression is used; a table of phrases is searched, one out of a list may begin or be the text."""
    if isinstance(value, Phrases):
        return frozenset({"match", "search"})
    files = [file] if name.startswith("_") else _of_its_room(file)
    return frozenset().union(*(_uses(one).get(name, frozenset()) for one in files)) or frozenset(
        {"match", "fullmatch"}
    )


def _inline(file: Path) -> Iterator[tuple[re.Pattern[str], str]]:
    """The expressions that stand where they are used: re.split(r"…", text)."""
    text = file.read_text()
    for node in ast.walk(ast.parse(text)) if "\nimport re\n" in text else ():
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id, node.func.attr != "compile") == ("re", True)
            and isinstance(node.args[0], ast.Constant)
        ):
            yield re.compile(str(node.args[0].value)), node.func.attr


@cache
def _patterns() -> Mapping[str, Found]:
    """Every expression that repeats something, by its text."""
    found: dict[str, Found] = {}
    for package in (handlers, models, scheduler, templates, bot):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if info.name.endswith("__main__") or ".migrations" in info.name:
                continue
            module = importlib.import_module(info.name)
            file = Path(str(module.__file__))
            for pattern, how in _inline(file):
                found[pattern.pattern] = (info.name, pattern, frozenset({how}))
            for name, value in vars(module).items():
                for pattern in _within(value):
                    before = found.get(pattern.pattern, ("", pattern, frozenset[str]()))[2]
                    hows = before | _how(file, name, value)
                    found[pattern.pattern] = (f"{info.name}.{name}", pattern, hows)
    return found


def _pieces(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Words of the expression, and each of their characters."""
    words = _SINGLE.findall(_NO_WORDS.sub("\n", pattern.pattern))
    return {("", one) for one in {*words, *"".join(words), *" 1，"}}


def _anywhere(pattern: re.Pattern[str], text: str) -> None:
    for _ in pattern.finditer(text):
        pass


def _ways(pattern: re.Pattern[str], hows: frozenset[str]) -> list[Callable[[str], object]]:
    ways: list[Callable[[str], object]] = []
    if "match" in hows:
        ways.append(pattern.match)
    if "fullmatch" in hows:
        ways.append(pattern.fullmatch)
    if hows & _ANYWHERE:
        ways.append(lambda text: _anywhere(pattern, text))
    return ways


def _takes(way: Callable[[str], object], text: str) -> float:
    begin = time.process_time()
    way(text)
    return time.process_time() - begin


def _yardstick() -> float:
    return min(_takes(lambda text: _anywhere(_YARDSTICK, text), "a" * 3_000) for _ in range(3))


def _is_slow(ways: list[Callable[[str], object]], text: str, most: int) -> bool:
    return any(
        _takes(way, text) > _SOON and min(_takes(way, text) for _ in range(2)) > most * _yardstick()
        for way in ways
    )


def _slow(found: Found) -> str | None:
    """What holds an expression up; None when nothing does."""
    _where, pattern, hows = found
    ways = _ways(pattern, hows)
    made = [*attacks(pattern, tries=3)]
    for lead, piece in [*_pieces(pattern), *made]:
        for count in _PIECES:
            if _is_slow(ways, long_blanks.shorter(lead + piece * count + _END), _SHORT):
                return f"{lead}|{piece}|x{count}"
    for lead, piece in made:
        for length in _LENGTHS:
            text = long_blanks.shorter(lead + piece * (length // len(piece)) + _END)
            if _is_slow(ways, text, _LONG):
                return f"{lead}|{piece}|{len(text)}"
    return None


def test_no_expression_goes_back_over_and_over() -> None:
    patterns = _patterns()
    slow = [f"{found[0]}: {text}" for found in patterns.values() if (text := _slow(found)) is not None]
    assert len(patterns) > 400
    assert "\n".join(slow) == ""
