"""What can be said: frozen dataclasses of facts. Words stand in templates/notices/<snake_name>.md.j2.

A notice is stored as JSON in the outbox and rebuilt from its type hints, so fields are plain values: str, int, bool,
date, datetime, enumerations, tuples, other frozen dataclasses, and optionals of these.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar

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
    decision is not, unless it had to wait. label: tells its buttons apart in a merged message, e.g. ZX0031.
    """

    mergeable: ClassVar[bool] = True
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
    return {name: _plain(getattr(notice, name)) for name in _names(type(notice))}  # type: ignore[arg-type]


def decode(name: str, payload: JsonObject) -> Notice:
    """Rebuild a stored notice. Raises KeyError for an unknown class, TypeError for fields that do not fit."""
    cls = Notice.registry[name]
    value = _build(cls, payload)
    assert isinstance(value, Notice)
    return value


def _plain(value: object) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if dataclasses.is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _names(value.__class__)}
    raise TypeError(f"a notice cannot hold {type(value).__name__}")


@functools.cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _build(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        return _build(options[0], value) if len(options) == 1 else value
    if origin is tuple:
        args = typing.get_args(hint)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_build(args[0], part) for part in value)
        return tuple(_build(arg, part) for arg, part in zip(args, value, strict=True))
    if isinstance(hint, type):
        if dataclasses.is_dataclass(hint):
            hints = _hints(hint)
            return hint(**{name: _build(hints[name], part) for name, part in value.items()})
        if issubclass(hint, Enum):
            return hint(value)
        if hint is datetime:
            return datetime.fromisoformat(value)
        if hint is date:
            return date.fromisoformat(value)
    return value
