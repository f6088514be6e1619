"""No expression of the handlers takes time that doubles with each character of a hostile text."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Final

import handlers
from handlers.understanding.name_phrases import NAME_LEAD
from handlers.understanding.numbers import AMOUNT_RUN
from handlers.understanding.phrases import Phrases

# They take as much as they find, and nothing behind them sends them back.
_HEADS: Final = frozenset({NAME_LEAD.pattern, AMOUNT_RUN.pattern})
_REPEATS: Final = re.compile(r"\)[*+{]")
_NO_WORDS: Final = re.compile(r"\\u[0-9a-f]{4}|\\.|\[\^?|\?[:=!<>P]+")
_LENGTHS: Final = (12, 16, 20, 24, 28, 32)  # pieces; what doubles shows itself long before the last
_LONG: Final = 0.05  # seconds
_END: Final = "\x00"  # no expression expects it


def _found(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, Phrases):
        yield value.pattern
    elif isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _found(one)


def _patterns() -> dict[str, tuple[str, re.Pattern[str]]]:
    """Every expression with a repeated group, by its text, with where it stands."""
    found: dict[str, tuple[str, re.Pattern[str]]] = {}
    for info in pkgutil.walk_packages(handlers.__path__, "handlers."):
        for name, value in vars(importlib.import_module(info.name)).items():
            for pattern in _found(value):
                if _REPEATS.search(pattern.pattern):
                    found.setdefault(pattern.pattern, (f"{info.name}.{name}", pattern))
    return found


def _pieces(pattern: re.Pattern[str]) -> set[str]:
    """Words of the expression, and each of their characters."""
    words = re.findall(r"[\u4e00-\u9fff]+|[a-z0-9]", _NO_WORDS.sub("\n", pattern.pattern))
    return {*words, *"".join(words), *" 1，"}


def _is_slow(pattern: re.Pattern[str], piece: str) -> bool:
    for length in _LENGTHS:
        text = piece * length + _END
        begin = time.process_time()
        pattern.match(text)
        if pattern.pattern not in _HEADS:
            pattern.fullmatch(text)
        if time.process_time() - begin > _LONG:
            return True
    return False


def test_no_expression_goes_back_over_and_over() -> None:
    patterns = _patterns()
    slow = [
        f"{where}: {piece}"
        for where, pattern in patterns.values()
        if (piece := next((one for one in sorted(_pieces(pattern)) if _is_slow(pattern, one)), None))
    ]
    assert len(patterns) > 60
    assert slow == []
