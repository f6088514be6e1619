"""The product's database for the measurements: the fictional city and 40 liaisons with a project each."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import events, sealed
from bot.demo import make_city
from bot.settings import Settings
from models.db import sync_engine
from models.operations import lights
from models.operations.versions import directory_changed
from models.queries import policies
from models.rules.money import FEN_PER_WAN
from models.tables.people import Account, Organisation, Person, Post, Unit
from models.tables.projects import Project, ProjectPlan
from models.types import Role

START: Final = datetime.fromisoformat("2026-09-21T18:00+08:00")


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def make(path: Path) -> None:
    """Create the database at a path that does not exist."""
    settings = Settings(database_url=url_of(path), clock="simulated", clock_start=START, data_dir=path.parent)
    asyncio.run(make_city(settings, START))
    engine = sync_engine(url_of(path))
    with Session(engine) as session:
        _add_liaisons(session)
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _add_liaisons(session: Session) -> None:
    organisation_id = session.execute(
        select(Organisation.id).where(Organisation.parent_id.is_(None))
    ).scalar_one()
    policy = policies.current(session).base
    for sender in range(events.SENDERS):
        unit = Unit(organisation_id=organisation_id, name=events.unit(sender), kind="bureau", aliases=[])
        session.add(unit)
        session.flush()
        person = Person(organisation_id=organisation_id, name=events.person(sender), unit_id=unit.id)
        session.add(person)
        session.flush()
        session.add(Post(person_id=person.id, role=Role.LIAISON.value, unit_id=unit.id))
        session.add(
            Account(platform="webchat", account=events.person(sender), person_id=person.id, bound_at=START)
        )
        project = Project(
            organisation_id=organisation_id, code=events.code(sender), name=events.project(sender), aliases=[],
            industry="市政基础设施", nature="续建", unit_id=unit.id, total_fen=events.TOTAL_WAN * FEN_PER_WAN,
            figure_year=START.year, ytd_fen=events.FIRST_WAN * FEN_PER_WAN, ytd_as_of=date(2026, 8, 31), stage="在建",
            planned_finish="2027-12-31", last_report_on=date(2026, 8, 31), created_at=START, facts={},
        )  # fmt: skip
        session.add(project)
        session.flush()
        plan_fen = events.PLAN_WAN * FEN_PER_WAN
        session.add(
            ProjectPlan(
                project_id=project.id, year=START.year, kind="investment", plan_fen=plan_fen,
                curve=[plan_fen * month // 12 for month in range(1, 13)],
            )
        )  # fmt: skip
        session.flush()
        lights.ensure_state(session, project, START.date(), policy)
    directory_changed(session)


def add_accounts(path: Path) -> None:
    """The liaisons are also on WeCom."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO accounts (platform, account, person_id, bound_at) "
            "SELECT 'wecom', ?, person_id, bound_at FROM accounts WHERE platform = 'webchat' AND account = ?",
            [(sealed.account(sender), events.person(sender)) for sender in range(events.SENDERS)],
        )
