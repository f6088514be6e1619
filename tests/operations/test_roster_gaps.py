"""Gaps of the roster on Monday and after an import, and the administrator's digest (rules B9, B2, A1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.notices.base import decode
from models.operations import rosters
from models.operations.baseline import ROSTER_FILE
from models.operations.desk import Desk
from models.operations.roster_files import parse_roster
from models.queries import directory as directories
from models.queries.gaps import gaps
from models.rules.policies import Policies
from models.tables.outbox import OutboxNotice
from models.tables.people import Account, BindingAttempt, CalendarDay
from models.tables.taskforces import ChatGroup
from scheduler.jobs import admin_digest, roster_gaps
from templates import render
from tests import prepared

from .clockwork import moment as at


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with prepared.session_on(prepared.city(at("2026-09-18T18:00")), tmp_path) as session:
        yield session


def desk(session: Session, now: str) -> Desk:
    return Desk(session, directories.load(session), Policies(), at(now))


def told(session: Session, reason: str) -> list[tuple[str, int, str]]:
    rows = session.execute(select(OutboxNotice).where(OutboxNotice.reason == reason)).scalars()
    return [(row.recipient_kind, row.recipient_id, render(decode(row.notice, row.payload))) for row in rows]


def unbind(session: Session, account: str) -> None:
    session.execute(update(Account).where(Account.account == account).values(person_id=None))


def test_monday_tells_the_hub_every_gap_in_one_message(session: Session) -> None:
    unbind(session, "蒋涛")
    roster_gaps.run(desk(session, "2026-09-21T08:30"))
    ((kind, group_id, text),) = told(session, "名册缺口")
    group = session.get(ChatGroup, group_id)
    assert group is not None
    assert (kind, group.name) == ("group", "综合专班")
    assert "高新区 带班领导 蒋涛 未绑定" in text
    for unit in ("市生态环境局", "市金融局", "云川供电公司", "云川农商银行", "云川银行"):
        assert f"{unit} 带班领导 未确定" in text
    assert "市审计局 联络员 未确定" in text
    assert text.startswith("本周名册检查：带班领导、联络员有 8 处缺口")


@pytest.mark.parametrize(
    ("day", "sends"),
    [
        ("2026-09-18", False),  # Friday
        ("2026-09-20", False),  # Sunday, made up: the last workday of its week
        ("2026-09-21", True),  # Monday
        ("2026-09-22", False),
        ("2026-10-08", True),  # Thursday after the holiday: first workday of its week
        ("2026-10-09", False),
    ],
)
def test_only_the_first_workday_of_a_week(session: Session, day: str, sends: bool) -> None:
    roster_gaps.run(desk(session, f"{day}T08:30"))
    assert bool(told(session, "名册缺口")) is sends


def test_the_same_monday_tells_once(session: Session) -> None:
    for _ in range(2):
        roster_gaps.run(desk(session, "2026-09-21T08:30"))
    assert len(told(session, "名册缺口")) == 1


def test_a_failed_delivery_is_a_gap_until_another_account_is_reached(session: Session) -> None:
    failed = at("2026-09-17T10:00")
    session.execute(update(Account).where(Account.account == "唐静").values(unreachable_since=failed))
    texts = [gap.text for gap in gaps(directories.load(session))]
    assert "市水利局 联络员 唐静 消息送达失败（09-17起）" in texts
    person_id = session.execute(select(Account.person_id).where(Account.account == "唐静")).scalar_one()
    session.add(Account(platform="wecom", account="tangjing", person_id=person_id))
    session.flush()
    assert not [gap for gap in gaps(directories.load(session)) if gap.unit == "市水利局"]


def test_one_reachable_person_per_post_is_enough(session: Session) -> None:
    text = ROSTER_FILE.read_text(encoding="utf-8").replace(
        "\ngroups:\n", "\n  - {name: 田野, unit: 市水利局, roles: [联络员]}\n\ngroups:\n"
    )
    rosters.apply(session, parse_roster(text), now=at("2026-09-18T18:00"))
    assert not [gap for gap in gaps(directories.load(session)) if gap.unit == "市水利局"]
    unbind(session, "唐静")
    people = [gap.text for gap in gaps(directories.load(session)) if gap.unit == "市水利局"]
    assert people == ["市水利局 联络员 唐静 未绑定", "市水利局 联络员 田野 未绑定"]


def test_an_import_tells_the_gaps_once_and_an_unchanged_one_nothing(session: Session) -> None:
    text = ROSTER_FILE.read_text(encoding="utf-8").replace(", accounts: {webchat: 蒋涛}", "")
    now = at("2026-09-22T10:00")
    assert rosters.load(session, parse_roster(text), now=now).changed
    ((_, _, said),) = told(session, "名册缺口")
    assert said.startswith("名册已更新，")
    assert "高新区 带班领导 蒋涛 未绑定" in said
    assert not rosters.load(session, parse_roster(text), now=now + timedelta(hours=1)).changed
    assert len(told(session, "名册缺口")) == 1


# --- the administrator


def attempts(session: Session, account: str, *moments: str) -> None:
    row = session.execute(select(Account).where(Account.account == account)).scalar_one_or_none()
    if row is None:
        row = Account(platform="webchat", account=account)
        session.add(row)
        session.flush()
    for moment in moments:
        session.add(BindingAttempt(account_id=row.id, kind="unbound_message", at=at(moment)))
    session.flush()


def test_three_attempts_in_a_day_are_one_line_for_the_administrator(session: Session) -> None:
    attempts(session, "甲", "2026-09-22T07:00", "2026-09-22T09:00", "2026-09-22T23:59")
    attempts(session, "乙", "2026-09-22T09:00", "2026-09-22T09:01")
    attempts(session, "丙", "2026-09-21T23:59", "2026-09-22T09:00", "2026-09-22T09:01")
    admin_digest.run(desk(session, "2026-09-23T08:30"))
    ((_, person_id, text),) = told(session, "未绑定账号多次发消息")
    assert directories.load(session).people[person_id].name == "刘洋"
    assert "09-22 webchat 账号 甲 共 3 次" in text
    assert "乙" not in text
    assert "丙" not in text
    admin_digest.run(desk(session, "2026-09-24T08:30"))
    assert len(told(session, "未绑定账号多次发消息")) == 1


def test_attempts_of_a_holiday_come_with_the_next_digest(session: Session) -> None:
    attempts(session, "甲", *(f"2026-09-26T0{hour}:00" for hour in range(3)))
    admin_digest.run(desk(session, "2026-09-28T08:30"))
    assert "09-26 webchat 账号 甲 共 3 次" in told(session, "未绑定账号多次发消息")[0][2]


def test_a_year_without_a_table_is_told_once(session: Session) -> None:
    admin_digest.run(desk(session, "2026-12-31T08:30"))
    assert told(session, "节假日表缺年") == []
    for day in ("2027-01-01", "2027-01-04", "2027-01-05"):
        admin_digest.run(desk(session, f"{day}T08:30"))
    ((_, _, text),) = told(session, "节假日表缺年")
    assert "缺少 2027 年节假日表" in text


def test_no_table_at_all_fails_nothing(session: Session) -> None:
    session.execute(delete(CalendarDay))
    assert admin_digest.run(desk(session, "2026-09-23T08:30"))["calendar_missing"] == 1
