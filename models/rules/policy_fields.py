"""Reading and writing the fields of a policy that is stored as a JSON object; numbers stay exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)

_MOST_DECIMALS = 18
_MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class PolicyFields:
    """A JSON object being read; every method returns the default for a missing field.

    Raises ValueError with a Chinese sentence that names the policy and the field. title: e.g. 亮灯规则.
    """

    title: str
    data: Mapping[str, object]

    def only(self, known: Iterable[str]) -> None:
        """Refuse fields that the policy does not know: a misspelt threshold must not be ignored."""
        if unknown := sorted(set(self.data) - set(known)):
            raise ValueError(f"{self.title}：不认识的字段 {'、'.join(unknown)}")

    def number(self, name: str, default: Fraction) -> Fraction:
        """Integers, decimals and decimal strings; 0.1 is taken as written, not as a float stores it."""
        return self._number(name, self.data[name]) if name in self.data else default

    def numbers(self, name: str, default: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        if name not in self.data:
            return default
        value = self.data[name]
        if not isinstance(value, list | tuple):
            raise self._wrong(name, "数组", value)
        return tuple(self._number(f"{name}[{place}]", part) for place, part in enumerate(value, start=1))

    def count(self, name: str, default: int) -> int:
        value = self.data.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self._wrong(name, "整数", value)

    def count_or_none(self, name: str, default: int | None) -> int | None:
        return None if self.data.get(name, default) is None else self.count(name, default or 0)

    def flag(self, name: str, default: bool) -> bool:
        value = self.data.get(name, default)
        if isinstance(value, bool):
            return value
        raise self._wrong(name, "true 或 false", value)

    def clock(self, name: str, default: time) -> time:
        value = self.data.get(name, default.isoformat("minutes"))
        if isinstance(value, str):
            try:
                return time.fromisoformat(value)
            except ValueError:
                pass
        raise self._wrong(name, "09:00 形式的时刻", value)

    def choice(self, name: str, default: Choice) -> Choice:
        value = self.data.get(name, default)
        kind = type(default)
        try:
            return kind(str(value))
        except ValueError:
            raise self._wrong(name, f"{'、'.join(kind)} 之一", value) from None

    def _number(self, name: str, value: object) -> Fraction:
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                number = Decimal(str(value))
            except InvalidOperation:
                number = Decimal("NaN")
            # Exponents are bounded: Fraction writes them out digit by digit.
            if number.is_finite() and abs(number.adjusted()) <= _MOST_DECIMALS:
                return Fraction(number)
        raise self._wrong(name, "数字", value)

    def _wrong(self, name: str, wanted: str, value: object) -> ValueError:
        return ValueError(f"{self.title}：{name} 应为{wanted}，现为 {as_given(value)}")


def as_given(value: object) -> str:
    """A value as it stands in a refusal: enough of it to be found in the file."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}……"


def as_json(value: object) -> object:
    """Return a policy value as JSON: whole numbers as integers, other exact numbers as decimal strings.

    Raises ValueError for a number without a finite decimal form, such as 1/3.
    """
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else _decimal_text(value)
    if isinstance(value, tuple):
        return [as_json(part) for part in value]
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value) if isinstance(value, StrEnum) else value


def _decimal_text(value: Fraction) -> str:
    for decimals in range(1, _MOST_DECIMALS + 1):
        scaled = value * 10**decimals
        if scaled.denominator == 1:
            return f"{Decimal(scaled.numerator).scaleb(-decimals):f}"
    raise ValueError(f"{value} 不能写成有限小数")
