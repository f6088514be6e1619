"""What can be said: frozen dataclasses of facts. Words stand in templates/notices/<snake_name>.md.j2.

A notice is stored as JSON in the outbox and rebuilt from its type hints, so fields are plain values: str, int, bool,
date, datetime, enumerations, tuples, other frozen dataclasses, and optionals of these.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar, Final

from models.types import Subject

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """A button. verb and args say what it does; prompt asks for text that goes with it (empty: none needed)."""

    label: str
    verb: str
    args: tuple[tuple[str, str | int], ...] = ()
    prompt: str = ""


class Notice:
    """Base of everything that can be said.

    mergeable: may share one message with other notices that wait for the same recipient. A card that asks for a
    decision is not, unless it had to wait. label: tells its buttons apart in a merged message, e.g. ZX0031. personal:
    about the reader's own account or delegations, so that nobody who stands in for them gets it (rule B6).
    """

    mergeable: ClassVar[bool] = True
    personal: ClassVar[bool] = False
    registry: ClassVar[dict[str, type[Notice]]] = {}

    def __init_subclass__(cls) -> None:
        # dataclass(slots=True) builds the class twice; the second one is the real one.
        Notice.registry[cls.__name__] = cls

    @property
    def label(self) -> str:
        return ""

    @property
    def about(self) -> Subject | None:
        """The record a reply is about, for the history that /审计 shows."""
        return None

    @property
    def actions(self) -> tuple[Action, ...]:
        return ()

    @property
    def files(self) -> tuple[int, ...]:
        """Ids of stored attachments that go with it."""
        return ()

    @classmethod
    def combine(cls, notices: tuple[Notice, ...]) -> Notice | None:
        """One notice that says what several of this class say, or None when they are listed one after another."""
        del notices
        return None


def encode(notice: Notice) -> JsonObject:
    """The notice's fields as JSON."""
    return _fields(notice)


def decode(name: str, payload: JsonObject) -> Notice:
    """Rebuild a stored notice. Raises KeyError for an unknown class, TypeError for fields that do not fit."""
    cls = Notice.registry[name]
    value = _record(cls, payload)
    assert isinstance(value, Notice)
    return value


_JSON: Final = frozenset({str, int, bool, type(None)})  # are what they are; most fields


def _plain(value: object) -> Any:
    if value.__class__ in _JSON:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if dataclasses.is_dataclass(value):
        return _fields(value)
    raise TypeError(f"a notice cannot hold {type(value).__name__}")


def _fields(record: object) -> JsonObject:
    return {
        name: value if value.__class__ in _JSON else _plain(value)
        for name, value in ((name, getattr(record, name)) for name in _names(record.__class__))  # type: ignore[arg-type]
    }


@functools.cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


Build = Callable[[Any], Any]


@functools.cache
def _parts(cls: type) -> dict[str, Build | None]:
    return {name: _builder(hint) for name, hint in typing.get_type_hints(cls).items()}


@functools.cache
def _builder(hint: Any) -> Build | None:
    """How JSON becomes a value of this type; None: it is one already. Found out once for each type."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        return _builder(options[0]) if len(options) == 1 else None
    if origin is tuple:
        args = typing.get_args(hint)
        if len(args) == 2 and args[1] is Ellipsis:
            return functools.partial(_all_of, _builder(args[0]))
        return functools.partial(_each_of, tuple(_builder(arg) for arg in args))
    if isinstance(hint, type):
        if dataclasses.is_dataclass(hint):
            return functools.partial(_record, hint)
        if issubclass(hint, Enum):
            return hint
        if issubclass(hint, date):
            return hint.fromisoformat
    return None


def _built(build: Build | None, value: Any) -> Any:
    return value if build is None or value is None else build(value)


def _record(cls: type, value: JsonObject) -> Any:
    parts = _parts(cls)
    return cls(**{name: _built(parts[name], part) for name, part in value.items()})


def _all_of(build: Build | None, value: list[Any]) -> tuple[Any, ...]:
    return tuple(value) if build is None else tuple([_built(build, part) for part in value])


def _each_of(builds: tuple[Build | None, ...], value: list[Any]) -> tuple[Any, ...]:
    return tuple(_built(build, part) for build, part in zip(builds, value, strict=True))
