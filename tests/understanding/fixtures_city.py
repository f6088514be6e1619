"""The fictional city of the scenarios: its projects, who sees which, and a calendar."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

from handlers.understanding import Names, ProjectName, read
from handlers.understanding.reading import Figure, Issue, ProjectLine, Promise, Reading
from handlers.understanding.registry import CsvCalendar, load_units

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
TODAY = date(2026, 9, 22)
CALENDAR = CsvCalendar.load(ROOT / "models/data/calendar_cn.csv")

PROJECTS = [
    ProjectName(31, "ZX0031", "青禾县城南污水处理厂扩建工程", (), "青禾县"),
    ProjectName(32, "ZX0032", "青禾县城南污水管网改造工程", (), "青禾县"),
    ProjectName(108, "ZD0108", "白石县循环经济产业园基础设施项目", ("循环园",), "白石县"),
    ProjectName(115, "ZD0115", "云川至白石快速通道工程", ("云白快速",), None),
    ProjectName(7, "ZY0007", "临河区第三人民医院门诊综合楼", (), "临河区"),
    ProjectName(9, "ZY0009", "青禾县实验中学扩建项目", (), "青禾县"),
    ProjectName(12, "SG0012", "高新区新型电池材料产业园一期", (), "高新区"),
    ProjectName(3, "JJ0003", "青禾灌区续建配套与现代化改造", (), "青禾县"),
    ProjectName(120, "ZD0120", "平原220千伏输变电工程", (), "高新区"),
]
CODES = {one.id: one.code for one in PROJECTS}
NAMES = Names.of(PROJECTS, load_units(ROOT / "models/data/unit_aliases.yaml"))
QINGHE = frozenset(one.id for one in PROJECTS if one.place == "青禾县")


def zhang(text: str, today: date = TODAY) -> Reading:
    """What 青禾县's liaison writes."""
    return read(text, NAMES, today, calendar=CALENDAR, place="青禾县", visible=QINGHE)


def anyone(text: str, today: date = TODAY) -> Reading:
    """What somebody who sees every project writes."""
    return read(text, NAMES, today, calendar=CALENDAR)


def wan(fen: int) -> int | float:
    value = fen / 1_000_000
    return int(value) if value == int(value) else value


def _short(value: object) -> object:
    if isinstance(value, Figure):
        found: list[object] = [wan(value.amount.fen), value.basis.value]
        if not value.amount.unit_said:
            found.append("unit assumed")
        if value.period:
            found.append((value.period.name, value.period.first.isoformat(), value.period.last.isoformat()))
        if value.as_of:
            found.append(value.as_of.isoformat())
        return tuple(found)
    if isinstance(value, Promise):
        return (value.due.isoformat(), None if value.fen is None else wan(value.fen))
    if isinstance(value, Issue):
        return {
            key: _short(getattr(value, key))
            for key in ("summary", "units", "needed_by", "level")
            if getattr(value, key) not in (None, ())
        }
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_short(one) for one in value]
    return value


def facts(line: ProjectLine) -> dict[str, object]:
    """Everything a line says beyond its defaults, projects by code, money in 万元."""
    found: dict[str, object] = {"match": line.match.value, "mention": line.mention}
    for one in fields(line):
        value = getattr(line, one.name)
        if one.name in {"match", "mention", "span"} or value in (None, (), False):
            continue
        if one.name == "project_id":
            found["project"] = CODES[value]
        elif one.name == "candidates":
            found["candidates"] = [CODES[key] for key in value]
        elif one.name == "funds":
            found["funds"] = {name: wan(amount.fen) for name, amount in value}
        elif one.name == "percentages":
            found["percentages"] = [(one.basis_points / 100, one.of) for one in value]
        else:
            found[one.name] = _short(value)
    return found


def summary(reading: Reading) -> dict[str, object]:
    """The whole reading beyond its defaults."""
    found: dict[str, object] = {"intents": [one.value for one in reading.intents]}
    if reading.lines:
        found["lines"] = [facts(line) for line in reading.lines]
    for name in ("item_refs", "unchanged", "urgent"):
        if getattr(reading, name):
            found[name] = _short(getattr(reading, name))
    if reading.unread:
        found["unread"] = [span.text for span in reading.unread]
    return found
