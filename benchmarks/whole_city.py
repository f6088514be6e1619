"""A city of full size for the long measurements: 40 units with 联络员, 带班领导 and up to 20 projects each."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from benchmarks import city, events
from models.db import sync_engine
from models.operations import lights
from models.operations.versions import directory_changed
from models.queries import policies
from models.rules.money import FEN_PER_WAN
from models.tables.lights import LightChange, LightState
from models.tables.people import Account, Person, Post, Region
from models.tables.projects import Project, ProjectPlan
from models.tables.taskforces import TaskForce
from models.types import Role

UNITS: Final = events.SENDERS
PARTS: Final = 20
"""Projects of a unit in a city of full size."""
PLAN_WAN: Final = 12_000
TOTAL_WAN: Final = 90_000
BEGUN_WAN: Final = PLAN_WAN * 8 // 12
BEGUN: Final = date(2026, 8, 31)
"""Every project is on plan at this day."""
QUIET_DAYS: Final = 120
SUPERVISORS: Final = ("马德胜", "成浩然", "戴思远", "谈云飞")
"""督办专员: the one of the fictional city, and three more for ten times its items."""
_GIVEN: Final = ("启承永宏俊泽嘉景", "年安宁远平泰康和")


def liaison(unit: int) -> str:
    return events.person(unit)


def leader(unit: int) -> str:
    return f"{events.SURNAMES[unit]}{_GIVEN[0][unit // 5]}{_GIVEN[1][unit % 8]}"


def code(number: int) -> str:
    """number counts projects from 0; project number belongs to unit number % UNITS."""
    return f"CS{number + 1:04d}"


def name(number: int) -> str:
    unit, part = number % UNITS, number // UNITS
    return f"{events.PLACES[unit]}{events.KINDS[(unit + part) % len(events.KINDS)]}{part + 1}标段工程"


def fill(path: Path, projects: int, *, quiet: bool = False) -> None:
    """Bring the city of benchmarks.city to so many projects, each in a county or the city's, under a sector 专班.

    quiet: without plans and reported of late, so that their lights stay green for months whatever happens.
    """
    engine = sync_engine(city.url_of(path))
    with Session(engine) as session:
        _add_leaders(session)
        _add_supervisors(session)
        _add_projects(session, projects, quiet=quiet)
        session.commit()
    engine.dispose()


def _add_leaders(session: Session) -> None:
    of_name = {person.name: person for person in session.execute(select(Person)).scalars()}
    for unit in range(UNITS):
        first = of_name[liaison(unit)]
        person = Person(organisation_id=first.organisation_id, name=leader(unit), unit_id=first.unit_id)
        session.add(person)
        session.flush()
        session.add(Post(person_id=person.id, role=Role.LEADER.value, unit_id=first.unit_id))
        session.add(
            Account(platform="webchat", account=person.name, person_id=person.id, bound_at=city.START)
        )
    session.flush()


def _add_supervisors(session: Session) -> None:
    like = session.execute(select(Person).where(Person.name == SUPERVISORS[0])).scalar_one()
    posts = session.execute(select(Post).where(Post.person_id == like.id)).scalars().all()
    for one in SUPERVISORS[1:]:
        person = Person(organisation_id=like.organisation_id, name=one, unit_id=like.unit_id)
        session.add(person)
        session.flush()
        for post in posts:
            session.add(
                Post(
                    person_id=person.id, role=post.role, unit_id=post.unit_id, region_id=post.region_id,
                    task_force_id=post.task_force_id,
                )
            )  # fmt: skip
        session.add(Account(platform="webchat", account=one, person_id=person.id, bound_at=city.START))
    session.flush()


def _add_projects(session: Session, projects: int, *, quiet: bool) -> None:
    """The forty that are there get the figures of all; the rest is made like them."""
    known = list(
        session.execute(select(Project).where(Project.code.like("CS%")).order_by(Project.code)).scalars()
    )
    forces = list(
        session.execute(select(TaskForce.id).where(~TaskForce.is_hub).order_by(TaskForce.id)).scalars()
    )
    regions = [None, *session.execute(select(Region.id).order_by(Region.id)).scalars()]
    session.execute(delete(ProjectPlan).where(ProjectPlan.project_id.in_([one.id for one in known])))
    rows: list[Project] = []
    for number in range(projects):
        unit = number % UNITS
        if number < UNITS:
            row = known[number]
        else:
            row = Project(
                organisation_id=known[unit].organisation_id, aliases=[], industry="市政基础设施", nature="续建",
                unit_id=known[unit].unit_id, figure_year=BEGUN.year, stage="在建", created_at=city.START, facts={},
            )  # fmt: skip
            session.add(row)
        row.code, row.name = code(number), name(number)
        row.task_force_id = forces[number % len(forces)]
        row.region_id = regions[number % len(regions)]
        # Reported in turn, as they will be: else all would be behind, and 未更新, on the same day.
        days = 1 + (number // UNITS - 1) % PARTS
        row.ytd_as_of = row.last_report_on = BEGUN + timedelta(days=QUIET_DAYS if quiet else days)
        row.total_fen = TOTAL_WAN * FEN_PER_WAN
        row.ytd_fen = (BEGUN_WAN + PLAN_WAN * days // 400) * FEN_PER_WAN
        row.planned_finish = "2029-12-31"
        rows.append(row)
    session.flush()
    if not quiet:
        session.execute(insert(ProjectPlan), [plan for row in rows for plan in _plans(row.id)])
    for table in (LightState, LightChange):  # of the forty as they were
        session.execute(delete(table).where(table.project_id.in_([one.id for one in known])))
    session.expire_all()
    policy = policies.current(session).base
    for row in rows:
        lights.ensure_state(session, row, city.START.date(), policy)
    directory_changed(session)


def _plans(project_id: int) -> list[dict[str, Any]]:
    """The same even plan for this year and the next."""
    fen = PLAN_WAN * FEN_PER_WAN
    curve = [fen * month // 12 for month in range(1, 13)]
    return [
        {"project_id": project_id, "year": year, "kind": "investment", "plan_fen": fen, "curve": curve}
        for year in (BEGUN.year, BEGUN.year + 1)
    ]
