"""The `parse` command: one JSON object per line in, one prediction per line out, in 万元 and ISO dates."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from handlers.understanding.dates import WorkCalendar
from handlers.understanding.names import Names, ProjectName
from handlers.understanding.read import read
from handlers.understanding.reading import Amount, Basis, Figure, Intent, Match, ProjectLine, Reading

FEN_PER_WAN = 1_000_000
_FIELD = {
    Basis.SINCE_START: "cumulative_invest_wan",
    Basis.CUMULATIVE: "cumulative_invest_wan",
    Basis.UNSAID: "cumulative_invest_wan",
    Basis.YEAR_TO_DATE: "ytd_invest_wan",
    Basis.PERIOD: "period_invest_wan",
}
_BASE_ORDER = ("annual_plan", "total_invest", "unspecified", "works")


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


def load_registry(path: Path) -> tuple[list[ProjectName], dict[int, str]]:
    """Project names of a registry file, and id → code. Columns: 项目编号, 名称, 县区; 别名 (split by 、) if present."""
    names, codes = [], {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 1):
            aliases = tuple(one for one in (row.get("别名") or "").replace("，", "、").split("、") if one)
            names.append(ProjectName(number, row["项目编号"], row["名称"], aliases, row.get("县区") or None))
            codes[number] = row["项目编号"]
    return names, codes


def load_units(path: Path) -> dict[str, list[str]]:
    """canonical unit → short forms, from a YAML file of groups of units."""
    loaded = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    table: dict[str, list[str]] = {}
    for group in loaded.values():
        for name, shorts in (group or {}).items():
            table.setdefault(name, []).extend(shorts or [])
    return table


def predictions(
    line: Mapping[str, Any], names: Names, calendar: WorkCalendar, codes: Mapping[int, str] | None = None
) -> dict[str, Any]:
    """One message (id, today, sender_unit, text) as a prediction. codes: project id → registry key, the code by default."""
    reading = read(
        str(line.get("text") or ""),
        names,
        date.fromisoformat(str(line["today"])),
        calendar=calendar,
        place=line.get("sender_unit") or None,
    )
    keys = codes if codes is not None else {one.id: one.code for one in names.projects.values()}
    today = date.fromisoformat(str(line["today"]))
    return {
        "id": line.get("id"),
        "intent": intent_label(reading),
        "refs": list(reading.item_refs),
        "projects": [_project(one, names, keys, today) for one in reading.lines if one.mention],
    }


def intent_label(reading: Reading) -> str:
    """One word for the message: its only part, or mixed."""
    parts = set(reading.intents)
    return next(iter(parts)).value if len(parts) == 1 else "mixed"


def _project(line: ProjectLine, names: Names, keys: Mapping[int, str], today: date) -> dict[str, Any]:
    unique = line.match is Match.UNIQUE and line.project_id is not None
    row: dict[str, Any] = {
        "mention": line.mention,
        "project_id": keys[line.project_id] if unique and line.project_id is not None else None,
        "name": names.projects[line.project_id].name if unique and line.project_id is not None else None,
        "match": line.match.value,
        "candidates": [keys[one] for one in line.candidates],
        "image_progress": line.image_progress,
        "state": line.state,
        "started_on": line.started_on,
        "finished_on": line.finished_on,
        "expected_start": _iso(line.expected_start),
        "expected_finish": _iso(line.expected_finish),
        "promised_by": _iso(line.promised_by),
        "correction": line.correction,
        "payment_rate": None if line.payment_rate is None else line.payment_rate / 100,
        "issues": [
            {
                "summary": one.summary,
                "units": list(one.units),
                "needed_by": _iso(one.needed_by),
                "level": one.level,
            }
            for one in line.issues
        ],
    }
    for figure in line.figures:
        row[_field(figure, today)] = _wan(figure.amount)
    paid = dict(line.funds).get("paid")
    if paid is not None:
        row["paid_wan"] = _wan(paid)
    if line.percentages:
        chosen = min(line.percentages, key=lambda one: _BASE_ORDER.index(one.of))
        row["percent"], row["percent_of"] = chosen.basis_points / 100, chosen.of
    if line.figures or line.percentages or paid is not None:
        row["as_of"] = _iso(_as_of(line))
    return row


def _field(figure: Figure, today: date) -> str:
    return _FIELD[figure.basis] if today else ""


def _as_of(line: ProjectLine) -> date | None:
    named = [one.as_of for one in line.figures if one.as_of is not None]
    return max(named) if named else line.as_of


def _wan(amount: Amount) -> float:
    return amount.fen / FEN_PER_WAN


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def run_parse(
    projects_csv: Path, units_yaml: Path | None, calendar_csv: Path | None, lines: Iterable[str]
) -> Iterator[str]:
    """Predictions as JSON lines. Raises ValueError naming the line when an input line is not a message."""
    projects, codes = load_registry(projects_csv)
    names = Names.of(projects, load_units(units_yaml) if units_yaml else {})
    calendar = CsvCalendar.load(calendar_csv) if calendar_csv else CsvCalendar({})
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            message = json.loads(line)
            row = predictions(message, names, calendar, codes)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"line {number}: not a message with id, today and text ({error})") from error
        yield json.dumps(row, ensure_ascii=False)


__all__: Sequence[str] = ("CsvCalendar", "Intent", "predictions", "run_parse", "timedelta")
