"""Importing the working-day calendar of a year (rule A1)."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.errors import Invalid
from models.operations.versions import directory_changed
from models.rules import calendar
from models.tables.items import Item
from models.tables.people import CalendarDay
from models.types import ItemState

MOST_BYTES: Final = 1024 * 1024
MOST_FAULTS: Final = 12
MOST_NAME: Final = 40
YEARS: Final = range(2000, 2100)
_SATURDAY: Final = 5
_DONE: Final = (ItemState.CLOSED.value, ItemState.MERGED.value, ItemState.REJECTED.value)
_WEEKDAYS: Final = "一二三四五六日"
_NAME_KEYS: Final = ("holiday", "name")
_DAY_KEYS: Final = frozenset({"date", "kind", "workday", "isOffDay", *_NAME_KEYS})


@dataclass(frozen=True, slots=True)
class Day:
    """A day that the notice names: worked or not, and the holiday it belongs to."""

    day: date
    workday: bool
    name: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The years of a calendar and what changed. fixed: 办结时限 to come, by year; people named them and they stay."""

    years: tuple[int, ...]
    days: int
    changed: int
    fixed: Mapping[int, int]


def parse_days(text: str) -> tuple[Day, ...]:
    """Read `date,kind,holiday` lines, or JSON: a list of days, or {"year", "days": […]}.

    A JSON day has date, and kind (off, work), workday (true, false) or isOffDay, and a name or holiday.
    Raises Invalid naming each faulty line: bad dates, a day twice, a make-up workday that is no weekend day.
    """
    if len(text) > MOST_BYTES:
        raise Invalid("工作日历文件超过 1 MB")
    days = _from_json(text) if text.lstrip("\ufeff \r\n\t")[:1] in {"[", "{"} else _from_csv(text)
    if not days:
        raise Invalid("工作日历中没有任何一天", mend="每行写 日期,off 或 work,节日名")
    faults = [
        f"{one.day} 的年份应在 {YEARS[0]} 到 {YEARS[-1]} 之间" for one in days if one.day.year not in YEARS
    ]
    faults += [
        f"{one.day} 的节日名应是 {MOST_NAME} 字以内的文字，没有不可见的字符"
        for one in days
        if len(one.name) > MOST_NAME or not one.name.isprintable()
    ]
    faults += [
        f"{one.day} 是周{_WEEKDAYS[one.day.weekday()]}，本来就上班，不能是调休上班日"
        for one in days
        if one.workday and one.day.weekday() < _SATURDAY
    ]
    lacking = {one.day.year for one in days} - {one.day.year for one in days if not one.workday}
    faults += [f"{year} 年没有一个放假日，请核对" for year in sorted(lacking)]
    if faults:
        raise Invalid("工作日历有误：\n" + "\n".join(faults[:MOST_FAULTS]))
    return tuple(sorted(days, key=lambda one: one.day))


def replace_years(session: Session, days: Sequence[Day], *, now: datetime) -> Imported:
    """Make the stored calendar of each year in days exactly what they say; the caller commits.

    What was counted in workdays is moved by calendar_changes. The same calendar again changes nothing.
    """
    years = tuple(sorted({one.day.year for one in days}))
    changed = 0
    for year in years:
        first, last = date(year, 1, 1), date(year, 12, 31)
        wanted = {one.day: (one.workday, one.name) for one in days if one.day.year == year}
        stored = {
            row.day: (row.workday, row.name)
            for row in session.execute(
                select(CalendarDay.day, CalendarDay.workday, CalendarDay.name).where(
                    CalendarDay.day.between(first, last)
                )
            )
        }
        differing = {day for day in wanted.keys() | stored.keys() if wanted.get(day) != stored.get(day)}
        if not differing:
            continue
        changed += len(differing)
        session.execute(delete(CalendarDay).where(CalendarDay.day.between(first, last)))
        session.add_all(
            CalendarDay(day=day, workday=value, name=name) for day, (value, name) in wanted.items()
        )
    session.flush()
    if changed:
        directory_changed(session)
    return Imported(years, len(days), changed, {year: open_dues(session, year, now) for year in years})


def open_dues(session: Session, year: int, now: datetime) -> int:
    """办结时限 still to come that lie in a year."""
    start = max(now, calendar.at(date(year, 1, 1), "00:00"))
    end = calendar.at(date(year + 1, 1, 1), "00:00")
    statement = select(func.count(Item.id)).where(
        Item.due_at >= start, Item.due_at < end, Item.state.not_in(_DONE)
    )
    return int(session.execute(statement).scalar_one())


def _from_csv(text: str) -> list[Day]:
    try:
        known = calendar.parse_calendar(text)
    except ValueError as error:
        raise Invalid(f"工作日历有误：{error}") from None
    names: dict[str, str] = {}
    for row in csv.reader(text.removeprefix("\ufeff").splitlines()):
        if len(row) > 2:
            names[row[0].strip()] = row[2].strip()
    return [Day(day, workday, names.get(day.isoformat(), "")) for day, workday in known.items()]


def _from_json(text: str) -> list[Day]:
    try:
        loaded = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise Invalid("工作日历不是有效的 JSON") from None
    rows = loaded.get("days") if isinstance(loaded, dict) else loaded
    if not isinstance(rows, list):
        raise Invalid("工作日历的 JSON 应是日期列表，或含 days 的对象")
    found: dict[date, Day] = {}
    faults: list[str] = []
    stated = loaded.get("year") if isinstance(loaded, dict) else None
    for place, row in enumerate(rows, start=1):
        try:
            one = _json_day(row)
        except ValueError as error:
            faults.append(f"第{place}天：{error}")
            continue
        if one.day in found:
            faults.append(f"第{place}天：日期 {one.day} 重复")
        if stated is not None and stated != one.day.year:
            faults.append(f"第{place}天：日期 {one.day} 不在 {stated} 年")
        found[one.day] = one
    if faults:
        raise Invalid("工作日历有误：\n" + "\n".join(faults[:MOST_FAULTS]))
    return list(found.values())


def _json_day(row: object) -> Day:
    if not isinstance(row, dict):
        raise ValueError("应是一组键 date、kind、holiday")  # noqa: TRY004 - one kind of fault for the caller
    if unknown := sorted(str(key) for key in row.keys() - _DAY_KEYS):
        raise ValueError(f"不认识的键 {'、'.join(unknown)}")
    said = row.get("date")
    try:
        day = date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"日期「{said}」应写成 2026-10-01 的形式")
    kinds = [
        value
        for key, value in (
            ("kind", {"work": True, "off": False}.get(str(row.get("kind")))),
            ("workday", row.get("workday")),
            ("isOffDay", not row["isOffDay"] if isinstance(row.get("isOffDay"), bool) else None),
        )
        if key in row
    ]
    if len(set(kinds)) != 1 or not isinstance(kinds[0], bool):
        raise ValueError(f"{day} 的 kind 应为 work（上班）或 off（放假）")
    name = next((row[key] for key in _NAME_KEYS if isinstance(row.get(key), str)), "")
    return Day(day, kinds[0], str(name))
