"""Rosters: read, refused with lines, compared, applied, applied again (rules B9, Q3, S62)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import Invalid
from models.operations import audit, rosters
from models.operations.baseline import ROSTER_FILE
from models.operations.lined_yaml import MOST_BYTES
from models.operations.roster_files import parse_roster
from models.queries import directory as directories
from models.queries import taskforces
from models.queries.directory import Directory, PersonInfo
from models.rules.calendar import SHANGHAI
from models.tables.audit import AuditRow
from models.tables.people import Account, BindingCode, Organisation, Person, RosterLoad, Unit
from models.tables.taskforces import TaskForce
from models.types import Role
from templates import render
from tests import prepared

NOW = datetime(2026, 9, 21, 18, tzinfo=SHANGHAI)
SOURCES = Path(rosters.__file__).parent.parent / "data" / "rosters"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with prepared.session_on(prepared.empty(), tmp_path) as session:
        yield session


def source(name: str) -> str:
    return (SOURCES / name).read_text(encoding="utf-8")


def baseline_text() -> str:
    return ROSTER_FILE.read_text(encoding="utf-8")


def person(directory: Directory, label: str) -> PersonInfo:
    return next(one for one in directory.people.values() if one.label == label)


def version(session: Session) -> str:
    return directories.version(session)


# --- the two source documents


def raw(name: str) -> dict[str, Any]:
    """The document as a plain YAML reader sees it, as a second opinion."""
    found: dict[str, Any] = yaml.safe_load(source(name))
    return found


@pytest.mark.parametrize("name", ["xinxiang.yaml", "xinmi.yaml"])
def test_a_source_document_comes_back_through_what_is_shown(session: Session, name: str) -> None:
    for one in ("xinxiang.yaml", "xinmi.yaml"):  # both in one database, so that they could be mixed up
        rosters.apply(session, parse_roster(source(one)), now=NOW)
    document = raw(name)
    directory = directories.load(session)
    organisation = next(one for one in directory.organisations.values() if one.name == document["place"])
    overview = taskforces.overview(directory, organisation.id)
    assert [line.name for line in overview.task_forces] == [one["name"] for one in document["task_forces"]]
    assert list(overview.localities) == [one["name"] for one in document["localities"]]
    assert [line.name for line in overview.categories] == [one["name"] for one in document["categories"]]
    leads = {key: one["name"] for one in document["task_forces"] for key in one.get("leads_categories", [])}
    assert [line.led_by for line in overview.categories] == [
        leads.get(one["key"], "") for one in document["categories"]
    ]
    shown = render(overview)
    assert all(one["name"] in shown for one in document["localities"])
    for one in document["task_forces"]:
        task_force = taskforces.by_name(directory, organisation.id, one["name"])
        assert task_force is not None
        card = taskforces.card(session, directory, task_force)
        assert card.duty == tuple(one.get("duties", [one.get("duty")]))
        assert list(card.lead) == one["lead"]
        assert list(card.members) == one["units"]
        assert list(card.unit_groups) == one.get("unit_groups", [])
        assert list(card.industries) == one.get("leads_industries", [])
        assert list(card.approvals) == one.get("approvals", [])
        keys = {category["key"]: category["name"] for category in document["categories"]}
        assert set(card.categories) == {keys[key] for key in one.get("leads_categories", [])}
        text = render(card)
        for words in (*card.duty, *card.lead, *card.members, *card.unit_groups, *card.categories):
            assert words in text


@pytest.mark.parametrize("name", ["xinxiang.yaml", "xinmi.yaml"])
def test_nothing_of_a_source_document_is_lost(session: Session, name: str) -> None:
    rosters.apply(session, parse_roster(source(name)), now=NOW)
    session.commit()
    session.expire_all()
    document = raw(name)
    document["document"] = {
        key: str(value) for key, value in document["document"].items()
    }  # dates as written
    for category in document["categories"]:  # the reader sees a comma in a note as a key of its own
        for key in [key for key, value in category.items() if value is None]:
            category["note"] = f"{category['note']}, {key}"
            del category[key]
    stored = session.execute(select(Organisation)).scalar_one()
    assert stored.document == document
    for one in document["task_forces"]:
        row = session.execute(select(TaskForce).where(TaskForce.name == one["name"])).scalar_one()
        beyond = {key: value for key, value in one.items() if key not in {"seq", "name", "lead", "units"}}
        assert row.facts == beyond
        assert row.seq == one["seq"]


def test_members_outside_the_task_forces_are_members(session: Session) -> None:
    rosters.apply(session, parse_roster(source("xinmi.yaml")), now=NOW)
    overview = taskforces.overview(directories.load(session), 1)
    assert overview.outside == ("市城管局", "市商务局")


def test_two_documents_stand_side_by_side(session: Session) -> None:
    for name in ("xinmi.yaml", "xinxiang.yaml"):
        rosters.apply(session, parse_roster(source(name)), now=NOW)
    directory = directories.load(session)
    hubs = [directory.hub(number) for number in directory.organisations]
    assert [hub.lead_ids != () for hub in hubs if hub] == [True, True]
    assert {unit.organisation_id for unit in directory.units.values() if unit.name == "市财政局"} == {1, 2}
    finance = taskforces.by_name(directory, 2, "财政金融")
    assert finance is not None
    assert [directory.units[number].name for number in finance.lead_ids] == ["市财政局", "市金融局"]


def test_a_city_loaded_later_becomes_the_parent(session: Session) -> None:
    rosters.apply(session, parse_roster(source("xinmi.yaml")), now=NOW)
    rosters.apply(session, parse_roster("place: 郑州市\n"), now=NOW)
    parents = dict(session.execute(select(Organisation.name, Organisation.parent_id)).all())
    assert parents == {"新密市": 2, "郑州市": None}


# --- loading again, changes


@pytest.mark.parametrize("text", [source("xinxiang.yaml"), source("xinmi.yaml"), baseline_text()])
def test_the_same_file_again_changes_nothing_and_says_so(session: Session, text: str) -> None:
    roster = parse_roster(text)
    first = rosters.apply(session, roster, now=NOW)
    assert first.changed
    before = version(session), session.execute(select(func.count()).select_from(AuditRow)).scalar_one()
    again = rosters.apply(session, roster, now=NOW)
    assert not again.changed
    assert again.text.endswith("名册无变化")
    assert before == (
        version(session),
        session.execute(select(func.count()).select_from(AuditRow)).scalar_one(),
    )
    assert session.execute(select(func.count()).select_from(RosterLoad)).scalar_one() == 1


def test_the_preview_changes_nothing_and_says_what_applying_says(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    session.commit()
    changed = parse_roster(
        baseline_text()
        .replace("{name: 谭勇, unit: 市林业局", "{name: 谭永, unit: 市林业局")
        .replace("phone: 内线8202", "phone: 内线8299")
        .replace("units: [市水利局]", "units: [市水利局, 市林业局]")
    )
    before = version(session)
    preview = rosters.diff(session, changed)
    assert not session.dirty
    assert not session.new
    assert version(session) == before
    assert set(preview.lines) == {
        "专班 水利专班：增加成员 市林业局",
        "新增人员 谭永（市林业局）：带班领导（市林业局）",
        "停用人员 谭勇（市林业局）：原职务 带班领导（市林业局）",
        "账号 webchat:谭勇 绑定 谭永（市林业局）（原属 谭勇（市林业局））",
        "人员 张伟（青禾县）：电话 内线8202 → 内线8299",
    }
    assert rosters.apply(session, changed, now=NOW).lines == preview.lines
    assert version(session) != before
    assert not rosters.diff(session, changed).changed


def test_a_person_without_accounts_is_unbound(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    before = directories.load(session)
    assert before.accounts_of[person(before, "蒋涛").id]
    unbound = parse_roster(baseline_text().replace(", accounts: {webchat: 蒋涛}", ""))
    diff = rosters.apply(session, unbound, now=NOW)
    assert diff.lines == ("账号 webchat:蒋涛 解除绑定（蒋涛（高新区））",)
    after = directories.load(session)
    jiang = person(after, "蒋涛")
    assert jiang.id not in after.accounts_of
    rows = session.execute(
        select(AuditRow).where(AuditRow.record_kind == "person", AuditRow.record_id == jiang.id)
    ).scalars()
    assert [(row.old, row.new, row.reason) for row in rows if row.field == "account:webchat"] == [
        (None, "蒋涛", "名册导入"),
        ("蒋涛", None, "名册导入"),
    ]


def test_an_account_bound_by_code_survives_a_roster_that_does_not_mention_it(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    li_na = person(directories.load(session), "李娜")
    account = Account(platform="wecom", account="lina", person_id=li_na.id, bound_at=NOW)
    session.add(account)
    session.flush()
    session.add(
        BindingCode(
            digest=b"x" * 32,
            person_id=li_na.id,
            issued_at=NOW,
            expires_at=NOW,
            used_at=NOW,
            used_by=account.id,
        )
    )
    session.flush()
    assert not rosters.apply(session, parse_roster(baseline_text()), now=NOW).changed
    none_at_all = parse_roster(baseline_text().replace("accounts: {webchat: 李娜}", "accounts: {}"))
    assert len(rosters.apply(session, none_at_all, now=NOW).lines) == 2


def test_somebody_who_changes_units_stays_the_same_person(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    before = person(directories.load(session), "苏静")
    moved = baseline_text().replace("{name: 苏静, unit: 市林业局", "{name: 苏静, unit: 市水利局")
    diff = rosters.apply(session, parse_roster(moved), now=NOW)
    assert "人员 苏静：单位 市林业局 → 市水利局" in diff.lines
    after = person(directories.load(session), "苏静")
    assert after.id == before.id


def test_somebody_who_comes_back_is_the_same_person(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    gone = "\n".join(line for line in baseline_text().split("\n") if "name: 高原" not in line)
    before = person(directories.load(session), "高原")
    rosters.apply(session, parse_roster(gone), now=NOW)
    directory = directories.load(session)
    assert all(one.name != "高原" for one in directory.people.values())
    assert before.id not in directory.accounts_of
    rosters.apply(session, parse_roster(baseline_text()), now=NOW)
    directory = directories.load(session)
    back = person(directory, "高原")
    assert back.id == before.id
    assert back.posts == before.posts
    assert directory.accounts_of[back.id]


def test_a_renamed_task_force_keeps_its_projects(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    text = baseline_text().replace("能源专班", "能源保供专班")
    diff = rosters.apply(session, parse_roster(text), now=NOW)
    assert "专班 能源专班 改名 能源保供专班" in diff.lines
    directory = directories.load(session)
    project = directory.project_by_code["ZD0120"]
    assert directory.task_forces[project.task_force_id or 0].name == "能源保供专班"
    assert directory.at_task_force(project.task_force_id or 0, Role.LIAISON)[0].name == "程凯"
    assert not rosters.diff(session, parse_roster(text)).changed


def test_a_task_force_with_projects_cannot_be_dropped(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    text = baseline_text()
    start, end = text.index("  - seq: 5"), text.index("  - seq: 6")
    without = text[:start] + text[end:]
    without = "\n".join(line for line in without.split("\n") if "task_force: 水利专班" not in line)
    with pytest.raises(Invalid, match="水利专班"):
        rosters.apply(session, parse_roster(without), now=NOW)
    assert taskforces.by_name(directories.load(session), 1, "水利") is not None


def test_a_file_without_people_leaves_the_people(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    text = baseline_text()
    only_units = text[: text.index("\npeople:")]
    assert not rosters.diff(session, parse_roster(only_units)).changed
    assert "停用" not in rosters.diff(session, parse_roster(only_units.replace("市林业局", "市林草局"))).text


def test_a_unit_with_people_is_not_taken_from_under_them(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    text = baseline_text()
    only_units = text[: text.index("\npeople:")]
    without = "\n".join(line for line in only_units.split("\n") if "name: 市林业局" not in line)
    without = without.replace(", 市林业局]", "]")
    diff = rosters.apply(session, parse_roster(without), now=NOW)
    assert "单位 市林业局：不再是成员单位" in diff.lines
    directory = directories.load(session)
    assert directory.units[person(directory, "苏静").unit_id].member is False


def test_a_unit_that_a_project_named_becomes_a_unit_of_the_roster(session: Session) -> None:
    prepared.put(prepared.city(NOW), session)
    text = baseline_text().replace(
        "groups:\n",
        "  - {name: 田野, unit: 青禾县住建局, roles: [联络员], accounts: {webchat: 田野}}\n\ngroups:\n",
        1,
    )
    diff = rosters.apply(session, parse_roster(text), now=NOW)
    assert "启用单位 青禾县住建局" in diff.lines
    directory = directories.load(session)
    unit = directory.unit_named(1, "青禾县住建局")
    assert unit.placeholder is False
    assert directory.for_unit(unit.id, Role.LIAISON)[0].name == "田野"
    count = select(func.count()).select_from(Unit).where(Unit.name == "青禾县住建局")
    assert session.execute(count).scalar_one() == 1


def test_the_history_of_a_roster_is_a_chain(session: Session) -> None:
    rosters.apply(session, parse_roster(baseline_text()), now=NOW)
    rosters.apply(session, parse_roster(baseline_text().replace("{webchat: 蒋涛}", "{}")), now=NOW)
    assert list(audit.broken_chains(session)) == []
    count = session.execute(select(func.count()).select_from(Person)).scalar_one()
    kinds = select(func.count(AuditRow.record_id.distinct())).where(AuditRow.record_kind == "person")
    assert session.execute(kinds).scalar_one() == count


# --- what is refused


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("place: 甲市\ntask_forcess: []\n", ["第1行", "task_forcess"]),
        ("place: 甲市\ntask_forces:\n  - seq: 1\n    name: 综合专班\n    led: [甲局]\n", ["第3行", "led"]),
        ("level: 市\n", ["缺少 place"]),
        ("place: 甲市\npeople:\n  - {name: 甲, unit: 乙局, roles: [队长]}\n", ["第3行", "队长", "联络员"]),
        ("place: 甲市\npeople:\n  - {name: 甲}\n", ["第3行", "缺少 unit"]),
        (
            "place: 甲市\npeople:\n  - {name: 甲, unit: 乙局, roles: [{role: 联络员, region: 丙县}]}\n",
            ["第3行", "丙县", "不在名册中"],
        ),
        (
            "place: 甲\npeople: [{name: a, unit: b, accounts: {a: 1}}, {name: c, unit: b, accounts: {a: 1}}]",
            ["a:1", "重复"],
        ),
        ("place: 甲市\ngroups:\n  - {name: 群, for: {county: 乙}}\n", ["第3行", "群"]),
        ("place: 甲市\nplace: 乙市\n", ["第2行", "place", "重复"]),
        ("place: &a 甲市\nlevel: *a\n", ["第2行", "引用"]),
        ("place: 甲市\nunits: [\n", ["YAML"]),
        ("[" * 50_000, ["YAML"]),
        ("- 甲市\n", ["键: 值"]),
        ("place: 甲市\nnotes: " + "x" * MOST_BYTES, ["MB"]),
        ('place: 甲市\nlevel: "\\ud800市"\n', ["第2行", "不可见"]),
        ('place: "甲\\0市"\n', ["第1行", "不可见"]),
        ("place: 甲市\nunits: [乙局, 丙\u202e局]\n", ["第2行", "不可见"]),
        ("place: 甲市\nunits: [乙局, 丙\u200b局]\n", ["第2行", "不可见"]),
        ('place: "甲\\n市"\n', ["第1行", "place", "一行"]),
        (f"place: 甲市\npeople:\n  - {{name: {'甲' * 81}, unit: 乙局}}\n", ["第3行", "name 太长"]),
        (f"place: 甲市\nunits: [{'甲' * 81}]\n", ["第1行", "太长"]),
        (
            "place: 甲市\ntask_forces:\n  - {name: 综合专班, leads_categories: 3}\n",
            ["第3行", "leads_categories"],
        ),
        ("place: 甲市\nx: !!python/object/apply:os.system [id]\n", ["YAML"]),
    ],
)
def test_a_faulty_file_is_refused_with_the_place_of_the_fault(text: str, words: list[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_roster(text)
    assert [word for word in words if word not in refusal.value.problem] == []


def test_a_fault_is_told_without_its_whole_value() -> None:
    people = f"people:\n  - {{name: 甲, unit: 乙局, roles: [{'队' * 5000}]}}\n"
    with pytest.raises(Invalid) as refusal:
        parse_roster(f"place: 甲市\n{people}")
    assert "第3行" in refusal.value.problem
    assert len(refusal.value.problem) < 500


def test_all_faults_are_named_at_once() -> None:
    text = "place: 甲市\nextra: 1\npeople:\n  - {name: 甲, unit: 乙局, roles: [队长]}\n  - {nom: 乙}\n"
    with pytest.raises(Invalid) as refusal:
        parse_roster(text)
    for words in ("extra", "队长", "nom", "缺少 name"):
        assert words in refusal.value.problem
