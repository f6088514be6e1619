"""A policy of a county's own: what it does not set is the city's (rule Q3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from models.queries import policies
from models.tables.audit import AuditRow
from models.tables.clockwork import Policy as PolicyRow
from tests.rules.test_levels import COUNTY as CHAIN

from .conftest import ROOT, Answer, Installation

COUNTY = ("--organisation", "青禾县")


@pytest.fixture
def policy(city: Installation, tmp_path: Path) -> Callable[..., Answer]:
    """`policy("set", {…}, "--yes")`"""

    def run(what: str, data: object, *more: str) -> Answer:
        file = tmp_path / "规则.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        return city("policy", what, file, *more)

    return run


def _of(city: Installation, name: str | None) -> policies.Policies:
    found = city.write(policies.current)
    return found.base if name is None else found.of({"云川市": 1, "青禾县": 2}[name])


def test_a_county_sets_its_own_and_the_rest_is_the_citys(city, policy) -> None:
    answer = policy("set", {"lights": {"yellow_at": 5}, "supervision_reply_workdays": 2}, *COUNTY, "--yes")
    assert answer.done.splitlines() == [
        "落后多少个百分点起为黄灯（含）：10 → 5",
        "督办函拟定的反馈限期（工作日）：4 → 2",
    ]
    assert "规则第 2 版已生效" in answer.err
    assert "青禾县" in answer.err
    county, whole = _of(city, "青禾县"), _of(city, None)
    assert (county.lights.yellow_at, county.lights.red_above, county.version) == (5, 30, 2)
    assert (whole.lights.yellow_at, whole.version) == (10, 1)
    shown = city("policy", "show", *COUNTY).done
    assert "青禾县 规则第 2 版" in shown
    assert "落后多少个百分点起为黄灯（含）：5（自定）" in shown
    assert "落后超过多少个百分点为红灯：30（默认）" in shown
    assert "青禾县另有自定的规则" in city("policy", "show").done
    answer = policy(
        "set", {"lights": {"red_above": 25, "yellow_at": 12}}, "--organisation", "云川市", "--yes"
    )
    assert "青禾县自定的不变：落后多少个百分点起为黄灯（含）" in answer.done
    assert "落后超过多少个百分点为红灯：25（按云川市）" in city("policy", "show", *COUNTY).done
    county = _of(city, "青禾县")
    assert (county.lights.yellow_at, county.lights.red_above, county.version) == (5, 25, 3)
    now = city.write(policies.current)
    assert now.at(2, 2).lights.red_above == 30  # what was opened by version 2 keeps it
    assert now.at(2, 1).lights.yellow_at == 10


def test_what_a_county_sets_is_audited_with_its_name(city, policy) -> None:
    policy("set", {"red_feedback_workdays": 2}, *COUNTY, "--yes")
    rows = city.write(
        lambda session: session.execute(
            select(AuditRow.field, AuditRow.old, AuditRow.new).where(AuditRow.record_kind == "policy")
        ).all()
    )
    assert [tuple(row) for row in rows] == [
        ("organisation", None, "青禾县"),
        ("red_feedback_workdays", "3", "2"),
    ]
    assert city("db", "check").done == "数据库完好"


def test_check_changes_nothing(city, policy) -> None:
    assert policy("check", {"undo_minutes": 5}, *COUNTY).done == "可撤销（分钟）：10 → 5"
    assert city.write(lambda session: session.execute(select(PolicyRow)).all()) == []


def test_the_whole_file_gives_the_rest_back_to_the_city(city, policy) -> None:
    policy("set", {"undo_minutes": 5, "red_feedback_workdays": 2}, *COUNTY, "--yes")
    own = json.loads(city("policy", "show", "--json", *COUNTY).done)
    assert own == {"undo_minutes": 5, "red_feedback_workdays": 2}
    answer = policy("set", {"red_feedback_workdays": 2}, *COUNTY, "--whole", "--yes")
    assert answer.done == "可撤销（分钟）：5 → 10"
    assert "没有要改的" in policy("set", {"red_feedback_workdays": 2}, *COUNTY, "--yes").done


@pytest.mark.parametrize(
    ("data", "more", "reasons"),
    [
        ({"undo_minutes": 5}, ("--organisation", "黑石县"), ("没有组织「黑石县」", "云川市、青禾县")),
        ({"lights": {"yellow_at": 40}}, COUNTY, ("yellow_at 不能大于 red_above", "起为黄灯", "请改好文件")),
        ({"item_feedback_workdays": 0}, COUNTY, ("应在 1 到 250 之间，现为 0", "事项反馈间隔")),
        ({"yellow_feedback_workdays": 999_999}, COUNTY, ("应在 0 到 250 之间", "黄灯反馈期限")),
        ({"lights": {"stale_after_days": 10**9}}, COUNTY, ("不能大于 3650",)),
        ({"wrong_codes": 3}, COUNTY, ("wrong_codes", "全系统共用")),
        ({"黄灯": 5}, COUNTY, ("不认识的字段 黄灯",)),
        ({"signing": {"督办函": ["县长"]}}, COUNTY, ("督办函 的角色应为",)),
    ],
)
def test_what_does_not_fit_is_named_with_its_mend(city, policy, data, more, reasons) -> None:
    for what in ("check", "set"):
        refused = policy(what, data, *more, *(("--yes",) if what == "set" else ())).refused
        for reason in reasons:
            assert reason in refused
    assert city.write(lambda session: session.execute(select(PolicyRow)).all()) == []


def test_a_city_may_not_set_what_a_countys_own_numbers_contradict(city, policy) -> None:
    policy("set", {"lights": {"yellow_at": 20}}, *COUNTY, "--yes")
    refused = policy("set", {"lights": {"red_above": 15}}, "--yes").refused
    assert "与青禾县自定的规则合不上" in refused
    assert _of(city, None).lights.red_above == 30


# --- the chain of levels (rules G1, Q3)


def test_a_county_sets_the_chain_by_which_it_coordinates(city, policy) -> None:
    answer = policy("set", {"levels": CHAIN}, *COUNTY, "--yes")
    lines = answer.done.splitlines()
    assert [line.partition("：")[0] for line in lines] == [f"层级 {number} 级" for number in range(5)]
    assert lines[0] == (
        "层级 0 级：县级自行解决（台账写法 县级；流程图写法 县；报谁 县级） → "
        "乡镇（街道）自行解决（台账写法 乡镇级；流程图写法 乡镇）"
    )
    county, whole = _of(city, "青禾县").levels, _of(city, None).levels
    assert [one.name for one in county.levels] == [
        "乡镇（街道）自行解决", "县专班", "分管副县长", "县委县政府", "市综合专班",
    ]  # fmt: skip
    assert (county.own_top, whole.own_top, whole[0].name) == (3, 4, "县级自行解决")
    shown = city("policy", "show", *COUNTY).done
    assert "层级 1 级：县专班（谁决定提到本级 综合专班负责人）（自定）" in shown
    assert "层级 1 级：市攻坚办（谁决定提到本级 综合专班负责人）" in city("policy", "show").done
    again = json.loads(city("policy", "show", "--json", *COUNTY).done)
    assert "没有要改的" in policy("set", again, *COUNTY, "--yes").done
    assert "县专班（谁决定提到本级 综合专班负责人） → 市攻坚办" in (
        policy("set", {}, *COUNTY, "--whole", "--yes").done
    )
    assert _of(city, "青禾县").levels.own_top == 0
    assert city("db", "check").done == "数据库完好"


@pytest.mark.parametrize(
    ("levels", "reasons"),
    [
        (CHAIN[:3], ("应写 5 级（0 级到 4 级），现有 3 级",)),
        (["乡镇", "", "分管副县长", "县委县政府", "市综合专班"], ("1 级的名称不能为空",)),
        (
            ["乡镇", "县专班", "县专班", "县委县政府", "市综合专班"],
            ("1 级和 2 级的名称都是「县专班」", "应各不相同"),
        ),
        (
            ["乡镇", "县专班", {"name": "副县长", "decider": "书记"}, "县委", "市"],
            ("2 级的谁批示应为", "分管副市长"),
        ),
        ({"1": "县专班"}, ("应是 5 级的数组",)),
    ],
)
def test_a_chain_that_does_not_fit_changes_nothing(city, policy, levels, reasons) -> None:
    for what in ("check", "set"):
        more = ("--yes",) if what == "set" else ()
        refused = policy(what, {"levels": levels}, *COUNTY, *more).refused
        for reason in (*reasons, "请改好文件再运行"):
            assert reason in refused
    assert city.write(lambda session: session.execute(select(PolicyRow)).all()) == []


def test_the_chain_in_the_guide_can_be_set(city, policy) -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    shown = next(block for block in guide.split("```")[1::2] if '"levels"' in block)
    assert json.loads(shown) == {"levels": CHAIN}
    assert "县专班" in policy("check", json.loads(shown), *COUNTY).done
