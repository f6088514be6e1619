"""What the flow tests of lights, delivery and downtime ask again and again: who was told, when, and what."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import DeclarativeBase, Session

from models.tables.lights import LightState
from models.tables.people import Region, Unit
from models.tables.projects import Project, ProjectCategory, ProjectPlan
from models.tables.taskforces import TaskForce

from .city import City, Json, Message, mentions, moment, norm

PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"
)


def told(city: City, *parts: str | re.Pattern[str], at: str | None = None) -> set[str]:
    """Names of everybody who got a message with all these parts since the mark; at: in that minute only."""
    return set(counted(city, *parts, at=at))


def counted(city: City, *parts: str | re.Pattern[str], at: str | None = None) -> Counter[str]:
    """How many messages with all these parts each recipient got since the mark."""
    return Counter(
        message.to.strip("【】")
        for message in city.heard_by_anyone()
        if mentions(message, *parts) and (at is None or message.when == at)
    )


def about(city: City, name: str, *parts: str | re.Pattern[str]) -> list[Message]:
    """The messages to one person or group with all these parts since the mark."""
    return [message for message in city.heard(name) if mentions(message, *parts)]


def one_about(city: City, name: str, *parts: str | re.Pattern[str]) -> Message:
    """The one message to this person or group with all these parts. Fails when there are none or several."""
    found = about(city, name, *parts)
    assert len(found) == 1, f"{name} got {len(found)} messages with {parts}: {[one.text for one in found]}"
    return found[0]


async def ytd(city: City, code: str) -> int | float:
    """The year's total of a project in the ledger, in 万元."""
    found: int | float = (await city.project(code))["ytd_wan"]
    return found


async def entries(city: City, code: str) -> list[Json]:
    """What was entered for a project, oldest first."""
    found: list[Json] = (await city.project(code))["entries"]
    return found


async def open_drafts(city: City) -> list[Json]:
    return await city.rows("SELECT * FROM drafts WHERE state = 'open' ORDER BY id")


async def mine(city: City, who: str) -> str:
    """The answer to /我的."""
    await city.say(who, "/我的")
    return city.last(who).text


def people(city: City, names: set[str]) -> set[str]:
    """Those of the names that are persons, not groups, judged by what was sent since the mark."""
    groups = {message.to.strip("【】") for message in city.heard_by_anyone() if message.kind == "group"}
    return names - groups


def on(day: str, clock: str = "") -> re.Pattern[str]:
    """A date "09-28" however it is written, followed closely by a time if one is asked for."""
    month, _, number = day.partition("-")
    tail = rf"日?[^0-9\n]{{0,8}}{re.escape(clock)}" if clock else r"(?=\D|$|\d\d:)"
    return re.compile(rf"(?<!\d)0?{int(month)}[-月/.]0?{int(number)}{tail}")


def workdays(count: int) -> re.Pattern[str]:
    """So many 工作日, e.g. 2 个工作日."""
    return re.compile(rf"(?<!\d){count}个?工作日")


def iso(at: str) -> str:
    """ "2026-09-28 18:00" as the record JSON has it."""
    return moment(at).isoformat()


def case(project: Json) -> Json:
    """The latest warning of a project."""
    found: Json = project["light_cases"][-1]
    return found


def has_figure(value: Any, wanted: str) -> bool:
    """A stored figure that rounds to this one, as a number, a fraction, a share of 1, or within a text."""
    rounded = Decimal(wanted)
    for leaf in _leaves(value):
        if isinstance(leaf, str) and wanted in leaf:
            return True
        try:
            exact = Fraction(str(leaf))
        except (ValueError, ZeroDivisionError):
            continue
        for number in (exact, exact * 100):
            as_decimal = Decimal(number.numerator) / Decimal(number.denominator)
            if as_decimal.quantize(Decimal("0.01"), ROUND_HALF_UP) == rounded:
                return True
    return False


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    elif value is not None and not isinstance(value, bool):
        yield value


def in_record(value: Any, *parts: str) -> bool:
    """Every part stands somewhere in the JSON of a record."""
    text = norm(json.dumps(value, ensure_ascii=False))
    return all(norm(part) in text for part in parts)


async def confirm(city: City, who: str, *, also: str = "确认") -> None:
    """Confirm the card just shown, if the product shows one before it acts (rule C1)."""
    heard = city.heard(who)
    if heard and heard[-1].button(also) is not None:
        await city.press_on(heard[-1], who, also)


async def report(city: City, who: str, text: str) -> None:
    """Report by text and confirm the card."""
    await city.say(who, text)
    await city.press(who, "确认", to=who)


async def feed_back(city: City, who: str, text: str) -> None:
    """Give feedback by text and confirm the card."""
    await city.say(who, text)
    await confirm(city, who)


async def person_id(city: City, name: str) -> int:
    rows = await city.rows("SELECT id FROM people WHERE name = :name", name=name)
    assert len(rows) == 1, f"{name}: {rows}"
    return int(rows[0]["id"])


async def group_id(city: City, name: str) -> int:
    rows = await city.rows(
        "SELECT id FROM chat_groups WHERE name IN (:name, :bracketed)", name=name, bracketed=f"【{name}】"
    )
    assert len(rows) == 1, f"{name}: {rows}"
    return int(rows[0]["id"])


async def unbind(city: City, name: str) -> list[Json]:
    """Take away every account of a person and start again, so that the product knows; returns the rows."""
    who = await person_id(city, name)
    accounts = await city.rows("SELECT * FROM accounts WHERE person_id = :who", who=who)
    assert accounts, f"{name} has no account to take away"
    await city.change("DELETE FROM accounts WHERE person_id = :who", who=who)
    await city.restart()
    return accounts


async def add_project(
    city: City,
    code: str,
    *,
    name: str,
    unit: str,
    task_force: str,
    region: str | None,
    plan_wan: int,
    ytd_fen: int,
    light: str = "绿",
    next_change_on: str,
) -> None:
    """Put a project into the ledger as the baseline has ZX0032: even plan, figure of 08-31, settled light.

    Amounts: plan in 万元 (divisible by 12), figure in 分. Start the product again afterwards (`restart`).
    """
    assert plan_wan % 12 == 0
    monthly = plan_wan // 12 * 1_000_000

    def write(session: Session) -> None:
        model = session.execute(select(Project).where(Project.code == "ZX0032")).scalar_one()
        where = (
            session.execute(select(Region.id).where(Region.name == region)).scalar_one() if region else None
        )
        project = _copy(
            model, code=code, name=name, aliases=[], region_id=where, responsible_person_id=None,
            unit_id=session.execute(select(Unit.id).where(Unit.name == unit)).scalar_one(),
            task_force_id=session.execute(
                select(TaskForce.id).where(TaskForce.name.in_([task_force, f"{task_force}专班"]))
            ).scalar_one(),
            total_fen=3 * plan_wan * 1_000_000, ytd_fen=ytd_fen,
        )  # fmt: skip
        session.add(project)
        session.flush()
        plan = session.execute(select(ProjectPlan).where(ProjectPlan.project_id == model.id)).scalar_one()
        curve = [monthly * month for month in range(1, 13)]
        session.add(_copy(plan, project_id=project.id, plan_fen=plan_wan * 1_000_000, curve=curve))
        for kind in session.execute(
            select(ProjectCategory).where(ProjectCategory.project_id == model.id)
        ).scalars():
            session.add(_copy(kind, project_id=project.id))
        session.add(
            _copy(
                session.get_one(LightState, model.id), project_id=project.id, computed=light, shown=light,
                announced=light, reasons=[], next_change_on=date.fromisoformat(next_change_on),
            )
        )  # fmt: skip

    await city.product.database.write(write)


Row = TypeVar("Row", bound=DeclarativeBase)


def _copy(row: Row, **changes: object) -> Row:
    """A new row like this one; a generated id is left to the database."""
    columns = {attribute.key: getattr(row, attribute.key) for attribute in inspect(type(row)).column_attrs}
    columns.pop("id", None)
    return type(row)(**(columns | changes))


def utc(value: object) -> datetime:
    """A time as a raw SELECT gives it: text without zone on SQLite, a datetime on PostgreSQL."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
