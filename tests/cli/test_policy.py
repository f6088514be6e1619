"""The policy command: every number, shown and set, and what it then does to the lights."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.operations import lights
from models.operations.desk import Desk
from models.queries import directory as directories
from models.queries import policies
from models.rules.award_policy import AwardPolicy
from models.rules.calendar import SHANGHAI
from models.rules.ladder import RungName
from models.rules.levels import COUNT
from models.rules.light_policy import LightPolicy
from models.rules.policies import Policies
from models.rules.policy import Policy
from models.rules.policy_words import WORDS, flat
from models.rules.ranking import Part
from models.tables.audit import AuditRow
from models.tables.clockwork import Policy as PolicyRow
from models.tables.lights import LightChange, LightState
from models.types import DocumentKind

from .conftest import Answer, Installation


def test_every_field_has_words() -> None:
    light = {f"lights.{one.name}" for one in fields(LightPolicy)}
    own = {one.name for one in fields(Policy)} - {
        "version",
        "lights",
        "push_window",
        "signing",
        "ladder",
        "awards",
        "weights",
        "levels",
    }
    signing = {f"signing.{kind.value}" for kind in DocumentKind}
    ladder = {f"ladder.{name.value}" for name in RungName}
    weights = {f"weights.{part.value}" for part in Part}
    awards = {f"awards.{one.name}" for one in fields(AwardPolicy)}
    levels = {f"levels.{number}" for number in range(COUNT)}
    assert set(WORDS) == light | own | signing | ladder | awards | weights | levels
    assert list(flat(Policy())) == list(WORDS)


def test_the_stored_form_is_read_back_unchanged() -> None:
    said = {"lights": {"red_above": "22.5"}, "awards": {"press_below": 60}, "undo_minutes": 3}
    policy = Policies().changed(None, said).base
    assert Policy.from_json(policy.to_json(), version=policy.version) == policy


@pytest.fixture
def set_policy(city: Installation, tmp_path: Path) -> Callable[..., Answer]:
    def run(data: object, *more: str) -> Answer:
        file = tmp_path / "规则.json"
        file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return city("policy", "set", file, *more)

    return run


def test_setting_shows_old_and_new_and_is_audited(city, set_policy) -> None:
    assert "规则第 1 版" in city("policy", "show").done
    answer = set_policy({"lights": {"yellow_at": 8.5}, "red_feedback_workdays": 2}, "--yes")
    assert answer.done.splitlines() == [
        "落后多少个百分点起为黄灯（含）：10 → 8.5",
        "红灯反馈期限（工作日）：3 → 2",
    ]
    assert "规则第 2 版" in answer.err
    shown = city("policy", "show").done
    assert "规则第 2 版" in shown
    assert "落后多少个百分点起为黄灯（含）：8.5" in shown
    assert "黄灯反馈期限（工作日）：5" in shown
    rows = city.write(
        lambda session: session.execute(
            select(AuditRow.field, AuditRow.old, AuditRow.new).where(AuditRow.record_kind == "policy")
        ).all()
    )
    assert [tuple(row) for row in rows] == [
        ("lights.yellow_at", "10", "8.5"),
        ("red_feedback_workdays", "3", "2"),
    ]
    assert city("db", "check").done == "数据库完好"
    again = set_policy({"red_feedback_workdays": 2}, "--yes")
    assert "没有要改的" in again.done


def test_what_was_shown_as_json_can_be_set_again(city, set_policy) -> None:
    assert "没有要改的" in set_policy(city("policy", "show", "--json").done, "--yes").done


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"yellow": 5}, "不认识的字段 yellow"),
        ({"lights": {"yellow_at": 40}}, "yellow_at 不能大于 red_above"),
        ({"lights": 3}, "lights 应是对象"),
        ({"red_feedback_workdays": -1}, "red_feedback_workdays 不能为负"),
        ({"weights": {"投资": 50}}, "weights 各项合计应为 100"),
        ({"weights": {"投产": 5}}, "不认识的字段 投产"),
        ({"ladder": {"督办函": 2}}, "先后"),
        ({"ladder": {"约谈": 2}}, "不认识的字段 约谈"),
        ({"red_feedback_workdays": "三天"}, "应为整数"),
        ([1], "应是一个 JSON 对象"),
        ({"signing": {"督办函": {}}}, "督办函 的角色应为"),
        ({"signing": {"督办函": [["联络员"]]}}, "督办函 的角色应为"),
        ('{"red_feedback_workdays": 1, "red_feedback_workdays": 9}', "red_feedback_workdays 写了两次"),
        ('{"lights": {"yellow_at": 1, "yellow_at": 9}}', "yellow_at 写了两次"),
        ("[" * 50_000, "括号套得太深"),
        ("{", "不是有效的 JSON：第1行第2个字起读不懂"),
    ],
)
def test_a_bad_policy_changes_nothing(city, set_policy, data: object, reason: str) -> None:
    assert reason in set_policy(data, "--yes").refused
    assert city.write(lambda session: session.execute(select(PolicyRow)).all()) == []


def test_a_refusal_does_not_repeat_a_long_value(set_policy) -> None:
    refused = set_policy({"red_feedback_workdays": "三" * 5000}, "--yes").refused
    assert "red_feedback_workdays 应为整数" in refused
    assert len(refused) < 400


def test_without_consent_nothing_changes(city, set_policy) -> None:
    assert "未应用" in set_policy({"undo_minutes": 5}).refused
    assert city.write(lambda session: session.execute(select(PolicyRow)).all()) == []


def test_the_next_sweep_judges_every_project_by_it_and_the_check_waits_for_that(city, set_policy) -> None:
    set_policy({"lights": {"yellow_at": 0, "red_above": 5}}, "--yes")

    def at(day: datetime, session) -> Desk:
        return Desk(session, directories.load(session), policies.current(session), day)

    begin = city.write(lambda session: session.execute(select(PolicyRow.at)).scalar_one()).astimezone(
        SHANGHAI
    )
    morning = begin.replace(hour=7, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert city.write(lambda session: lights.differences(at(morning - timedelta(hours=4), session))) == []
    city.write(lambda session: lights.evaluate_day(at(morning, session)))
    versions = city.write(lambda session: set(session.execute(select(LightState.policy_version)).scalars()))
    assert versions == {2}
    causes = city.write(
        lambda session: set(
            session.execute(select(LightChange.cause).where(LightChange.policy_version == 2)).scalars()
        )
    )
    assert causes == {"policy"}
    assert city.write(lambda session: lights.differences(at(morning + timedelta(hours=20), session))) == []
