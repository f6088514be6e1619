"""The fictional city: what stands in it at 2026-09-21 18:00 and before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.operations import audit
from models.operations.baseline import load_baseline
from models.queries import directory as directories
from models.queries.gaps import gaps
from models.rules.calendar import local
from models.tables.items import Item, ItemFeedback, Ladder, NumberSeries, Rung
from models.tables.lights import LightCase, LightChange, LightFeedback, LightState
from models.tables.projects import Entry, Project, ProjectPlan
from models.types import Role
from tests import prepared

from .clockwork import moment

WAN = 1_000_000


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with prepared.session_on(prepared.empty(), tmp_path) as session:
        yield session


def load(session: Session, at: str) -> None:
    assert load_baseline(session, at=moment(at))
    session.commit()


def lights(session: Session) -> dict[str, str]:
    rows = session.execute(
        select(Project.code, LightState.shown).join(LightState, LightState.project_id == Project.id)
    )
    return {row[0]: row[1] for row in rows}


def numbers(session: Session) -> dict[str, int]:
    return dict(session.execute(select(NumberSeries.series, NumberSeries.last)).all())


def test_the_figures_are_those_of_the_baseline(session: Session) -> None:
    load(session, "2026-09-21T18:00")
    rows = session.execute(
        select(Project.code, Project.total_fen, ProjectPlan.plan_fen, Project.ytd_fen, Project.ytd_as_of)
        .join(ProjectPlan, ProjectPlan.project_id == Project.id)
        .order_by(Project.code)
    )
    assert {code: (t // WAN, p // WAN, y // WAN, day.isoformat()) for code, t, p, y, day in rows} == {
        "JJ0003": (13200, 4800, 3300, "2026-09-10"),
        "SG0012": (120000, 1000, 0, "2026-09-15"),
        "ZD0108": (86000, 20000, 8600, "2026-08-31"),
        "ZD0115": (240000, 60000, 46000, "2026-09-15"),
        "ZD0120": (43000, 21000, 14000, "2026-08-31"),
        "ZX0031": (15600, 8000, 4700, "2026-08-31"),
        "ZX0032": (6200, 3000, 1950, "2026-08-31"),
        "ZY0007": (18500, 6000, 3900, "2026-08-31"),
        "ZY0009": (9000, 3600, 2500, "2026-08-31"),
    }
    entries = session.execute(select(Entry)).scalars().all()
    assert len(entries) == 9
    plans = session.execute(select(ProjectPlan)).scalars().all()
    assert all(len(plan.curve) == 12 and plan.curve[-1] == plan.plan_fen for plan in plans)


def test_who_answers_for_each_project(session: Session) -> None:
    load(session, "2026-09-21T18:00")
    directory = directories.load(session)
    found = {
        code: (person.label if (person := directory.responsible_person(project)) else None)
        for code, project in directory.project_by_code.items()
    }
    assert found == {
        "ZX0031": "张伟",
        "ZX0032": "张伟",
        "ZD0108": "李娜",
        "ZD0115": "吴迪",
        "ZY0007": "王磊(临河区发改局)",
        "ZY0009": "张伟",
        "SG0012": "王磊(高新区管委会)",
        "JJ0003": "张伟",
        "ZD0120": "邵鹏",
    }
    leaders = {
        code: [person.name for person in directory.for_unit(project.unit_id, Role.LEADER)]
        for code, project in directory.project_by_code.items()
    }
    assert leaders["ZX0031"] == ["赵永年"]
    assert leaders["SG0012"] == ["蒋涛"]
    assert leaders["ZD0120"] == []


def test_everybody_is_bound_under_their_label_and_every_group_under_its_name(session: Session) -> None:
    load(session, "2026-09-21T18:00")
    directory = directories.load(session)
    assert len(directory.people) == 36
    for person in directory.people.values():
        assert [account.account for account in directory.accounts_of[person.id]] == [person.label]
    assert len(directory.groups) == 13
    assert all(group.accounts == (("webchat", group.name),) for group in directory.groups.values())


def test_the_gaps_are_the_units_shown_without_a_leader(session: Session) -> None:
    load(session, "2026-09-21T18:00")
    assert [gap.text for gap in gaps(directories.load(session), organisation_id=1)] == [
        "市生态环境局 带班领导 未确定",
        "市金融局 带班领导 未确定",
        "市审计局 带班领导 未确定",
        "市审计局 联络员 未确定",
        "云川农商银行 带班领导 未确定",
        "云川银行 带班领导 未确定",
        "云川供电公司 带班领导 未确定",
    ]


def test_lights_cases_and_feedback_at_the_baseline(session: Session) -> None:
    load(session, "2026-09-21T18:00")
    assert {code: light for code, light in lights(session).items() if light != "绿"} == {
        "ZX0031": "黄",
        "ZD0108": "黄",
    }
    project = session.execute(select(Project).where(Project.code == "ZX0031")).scalar_one()
    state = session.get(LightState, project.id)
    assert state is not None
    assert local(state.since).isoformat() == "2026-09-19T07:00:00+08:00"
    assert state.announced == "黄"
    case = session.execute(select(LightCase).where(LightCase.project_id == project.id)).scalar_one()
    assert (case.state, local(case.pushed_at).isoformat()) == ("open", "2026-09-20T08:30:00+08:00")
    assert local(case.feedback_due_at).isoformat() == "2026-09-28T18:00:00+08:00"
    directory = directories.load(session)
    names = {
        "group": {group.id: group.name for group in directory.groups.values()},
        "person": {person.id: person.name for person in directory.people.values()},
    }
    assert [names[kind][number] for kind, number in case.audience] == [
        "市政设施专班",
        "青禾县",
        "张伟",
        "赵永年",
    ]
    change = session.execute(select(LightChange).where(LightChange.project_id == project.id)).scalar_one()
    assert (change.old_shown, change.shown, change.cause) == ("绿", "黄", "daily")
    other = session.execute(select(LightCase).where(LightCase.project_id != project.id)).scalar_one()
    assert other.state == "accepted"
    assert session.execute(select(LightFeedback.state)).scalars().all() == ["accepted"]


def test_items_at_the_baseline(session: Session) -> None:
    load(session, "2026-09-21T18:00")
    items = {item.number: item for item in session.execute(select(Item)).scalars()}
    assert {number: item.state for number, item in items.items()} == {"W0186": "办理中", "W0190": "办理中"}
    due = {
        number: local(item.feedback_due_at).isoformat()[:16]
        for number, item in items.items()
        if item.feedback_due_at
    }
    assert due == {"W0186": "2026-09-21T18:00", "W0190": "2026-09-30T18:00"}
    assert items["W0190"].tags == ["涉铁"]
    assert session.execute(select(ItemFeedback.state)).scalars().all() == ["accepted"]
    fired = session.execute(
        select(Ladder.subject_id, Ladder.what, Rung.name).join(Rung, Rung.ladder_id == Ladder.id)
    )
    assert list(fired) == [(items["W0186"].id, "反馈", "提醒")]
    assert numbers(session) == {
        "item:1": 190,
        "item:2": 44,
        "letter:督办函:2026": 11,
        "letter:提醒函:2026": 23,
        "letter:交办清单:2026": 8,
        "financing:1": 20,
    }


def test_on_the_friday_before_nothing_has_turned_yellow(session: Session) -> None:
    load(session, "2026-09-18T09:00")
    assert lights(session)["ZX0031"] == "绿"
    project = session.execute(select(Project).where(Project.code == "ZX0031")).scalar_one()
    state = session.get(LightState, project.id)
    assert state is not None
    assert state.next_change_on == date(2026, 9, 19)
    assert state.announced == "绿"
    cases = session.execute(select(LightCase.state)).scalars().all()
    assert cases == ["accepted"]  # ZD0108 only
    assert project.ytd_fen == 4700 * WAN


def test_on_make_up_sunday_before_the_push_the_light_waits_to_be_told(session: Session) -> None:
    load(session, "2026-09-20T08:00")
    project = session.execute(select(Project).where(Project.code == "ZX0031")).scalar_one()
    state = session.get(LightState, project.id)
    assert state is not None
    assert (state.shown, state.announced, state.evaluated_on) == ("黄", "绿", date(2026, 9, 20))
    assert session.execute(select(LightCase).where(LightCase.project_id == project.id)).first() is None


def test_on_monday_morning_the_feedback_of_that_day_is_not_there_yet(session: Session) -> None:
    load(session, "2026-09-21T08:30")
    assert session.execute(select(ItemFeedback)).first() is None
    item = session.execute(select(Item).where(Item.number == "W0190")).scalar_one()
    assert item.feedback_due_at is not None
    assert local(item.feedback_due_at).isoformat() == "2026-09-22T18:00:00+08:00"


@pytest.mark.parametrize(
    ("at", "states", "last"),
    [
        ("2026-09-10T12:00", {}, 185),
        ("2026-09-12T12:00", {"W0186": "待甄别"}, 189),
        ("2026-09-14T12:00", {"W0186": "待签收"}, 189),
        ("2026-09-15T18:00", {"W0186": "办理中", "W0190": "待甄别"}, 190),
    ],
)
def test_items_are_as_far_as_they_were(session: Session, at: str, states: dict[str, str], last: int) -> None:
    load(session, at)
    assert dict(session.execute(select(Item.number, Item.state)).all()) == states
    assert numbers(session)["item:1"] == last


def test_it_is_loaded_once_and_its_history_is_whole(session: Session) -> None:
    load(session, "2026-09-21T18:00")
    assert load_baseline(session, at=moment("2026-09-22T18:00")) is False
    assert not session.dirty
    assert list(audit.broken_chains(session)) == []
    calendar = directories.load(session).calendar
    assert calendar.is_workday(date(2026, 9, 20))
    assert not calendar.is_workday(date(2026, 9, 25))
