"""The files the `parse` command starts from: project registry, short forms of units, working days."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from handlers.understanding.names.names import ProjectName
from handlers.understanding.values.numbers import parse_amount


@dataclass(frozen=True, slots=True)
class KnownMoney:
    """What the registry says of a project's money, in fen; None where a column is missing or empty.

    before: invested since the start up to the end of the year before the plan year.
    """

    total: int | None
    annual_plan: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Registry:
    """projects: ids are row numbers; keys: id → 项目编号; money: id → figures."""

    projects: tuple[ProjectName, ...]
    keys: Mapping[int, str]
    money: Mapping[int, KnownMoney]

    @classmethod
    def load(cls, path: Path) -> Registry:
        """Columns: 项目编号, 名称, 县区; where present 别名 (split by 、) and the money in 万元."""
        projects, keys, money = [], {}, {}
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), 1):
                aliases = tuple(one for one in (row.get("别名") or "").replace("，", "、").split("、") if one)
                place = row.get("县区") or None
                projects.append(ProjectName(number, row["项目编号"], row["名称"], aliases, place))
                keys[number] = row["项目编号"]
                money[number] = KnownMoney(
                    _fen(row.get("总投资(万元)")),
                    _fen(row.get("年度计划投资(万元)")),
                    _fen(row.get("截至上年底累计完成投资(万元)")),
                )
        return cls(tuple(projects), keys, money)


def _fen(wan: str | None) -> int | None:
    amount = parse_amount(wan) if wan else None
    return amount.fen if amount else None


class CsvCalendar:
    """Days off and make-up days of a `date,kind,holiday` file; Monday to Friday where it has nothing."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._kinds = kinds

    @classmethod
    def load(cls, path: Path) -> CsvCalendar:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return cls({row["date"]: row["kind"] for row in csv.DictReader(lines)})

    def is_workday(self, day: date) -> bool:
        kind = self._kinds.get(day.isoformat())
        return kind == "work" if kind else day.weekday() < 5


def load_units(path: Path) -> dict[str, list[str]]:
    """Canonical unit → short forms, from a YAML file of groups of units."""
    loaded = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    table: dict[str, list[str]] = {}
    for group in loaded.values():
        for name, shorts in (group or {}).items():
            table.setdefault(name, []).extend(shorts or [])
    return table
