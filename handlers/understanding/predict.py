"""The `parse` command: one JSON object per line in, one prediction per line out, in 万元 and ISO dates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from handlers.understanding.names.names import Names
from handlers.understanding.read import read
from handlers.understanding.reading import Amount, Basis, Figure, Issue, Match, ProjectLine, Reading
from handlers.understanding.registry import CsvCalendar, KnownMoney, Registry, load_units
from handlers.understanding.values.dates import WorkCalendar
from handlers.understanding.year_turn import is_of_an_earlier_year

FEN_PER_WAN = 1_000_000
# 「两个项目一共完成3600万」: asked about, and no works.
_MERE_MONEY = re.compile(r"[^，,；;。]*(?<!年产)(?<![\d.])\d[\d.]*+(?:万元?|亿元?)(?:了|多)?")
_FIELD = {
    Basis.SINCE_START: "cumulative_invest_wan",
    Basis.CUMULATIVE: "cumulative_invest_wan",
    Basis.UNSAID: "cumulative_invest_wan",
    Basis.YEAR_TO_DATE: "ytd_invest_wan",
    Basis.PERIOD: "period_invest_wan",
}
_BASE_ORDER = ("annual_plan", "total_invest", "unspecified", "works")
_AGREES = 150  # basis points between a percentage and the share it should be


def predictions(
    line: Mapping[str, Any], names: Names, calendar: WorkCalendar, registry: Registry | None = None
) -> dict[str, Any]:
    """One message (id, today, sender_unit, text) as a prediction; projects by registry key or else by code.

    Where the words leave open which investment figure is meant, the registry's money decides as far as only
    one reading is possible (rule C5); else the words are taken as since the start.
    """
    today = date.fromisoformat(str(line["today"]))
    place = line.get("sender_unit") or None
    text = str(line.get("text") or "")
    reading = read(text, names, today, calendar=calendar, place=place)
    return {
        "id": line.get("id"),
        "intent": intent_label(reading),
        "refs": list(reading.item_refs),
        "projects": [_project(one, names, registry, text, today) for one in reading.lines if one.mention],
    }


def intent_label(reading: Reading) -> str:
    """One word for the message: its only part, or mixed."""
    parts = set(reading.intents)
    return next(iter(parts)).value if len(parts) == 1 else "mixed"


def _project(
    line: ProjectLine, names: Names, registry: Registry | None, text: str, today: date
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "mention": line.mention,
        "project_id": None,
        "name": None,
        "match": line.match.value,
        "candidates": [_key(one, names, registry) for one in line.candidates],
        "image_progress": None if _MERE_MONEY.fullmatch(line.image_progress or "") else line.image_progress,
        "state": line.state,
        "started_on": line.started_on,
        "finished_on": line.finished_on,
        "expected_start": _iso(line.expected_start),
        "expected_finish": _iso(line.expected_finish),
        "promised_by": _iso(line.promised_by),
        "correction": line.correction,
        "payment_rate": None if line.payment_rate is None else line.payment_rate / 100,
        "issues": [_issue(part) for one in line.issues for part in one.parts or (one,)],
    }
    known = None
    if line.match is Match.UNIQUE and line.project_id is not None:
        row["project_id"] = _key(line.project_id, names, registry)
        row["name"] = names.projects[line.project_id].name
        known = registry.money.get(line.project_id) if registry else None
    for figure in sorted(line.figures, key=_until):
        if is_of_an_earlier_year(figure, text, today):
            continue
        row[_FIELD[likely_basis(figure, line, known)]] = _wan(figure.amount)
    paid = dict(line.funds).get("paid")
    if paid is not None:
        row["paid_wan"] = _wan(paid)
    if line.percentages:
        chosen = min(line.percentages, key=lambda one: _BASE_ORDER.index(one.of))
        row["percent"], row["percent_of"] = chosen.basis_points / 100, chosen.of
    if line.figures or line.percentages or paid is not None:
        row["as_of"] = _iso(_as_of(line))
    return row


def _until(figure: Figure) -> date:
    """The end of a figure's stretch: of 「11月620万（10月580万）」 the later one is the last to be written."""
    return figure.period.last if figure.period is not None else date.min


def likely_basis(figure: Figure, line: ProjectLine, known: KnownMoney | None) -> Basis:
    """The basis the words name; for an open one year to date when the registry rules the other out."""
    if figure.basis not in {Basis.UNSAID, Basis.CUMULATIVE} or known is None:
        return figure.basis
    if any(one.basis is Basis.YEAR_TO_DATE for one in line.figures):
        return figure.basis
    if any(one.of == "total_invest" for one in line.percentages):
        return figure.basis
    if known.before == 0:
        return figure.basis  # both are the same figure
    fen = figure.amount.fen
    if known.before and fen < known.before:
        return Basis.YEAR_TO_DATE
    for percent in line.percentages:
        of_plan = (
            known.annual_plan and abs(fen * 10_000 // known.annual_plan - percent.basis_points) <= _AGREES
        )
        of_total = known.total and abs(fen * 10_000 // known.total - percent.basis_points) <= _AGREES
        if of_plan and not of_total and percent.of in {"annual_plan", "unspecified"}:
            return Basis.YEAR_TO_DATE
    return figure.basis


def _key(project: int, names: Names, registry: Registry | None) -> str:
    return registry.keys[project] if registry else names.projects[project].code


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "summary": issue.summary,
        "units": list(issue.units),
        "needed_by": _iso(issue.needed_by),
        "level": issue.level,
    }


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
    registry = Registry.load(projects_csv)
    names = Names.of(registry.projects, load_units(units_yaml) if units_yaml else {})
    calendar = CsvCalendar.load(calendar_csv) if calendar_csv else CsvCalendar({})
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = predictions(json.loads(line), names, calendar, registry)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"line {number}: not a message with id, today and text ({error})") from error
        yield json.dumps(row, ensure_ascii=False)
