"""Importing a project sheet: what would change, and changing it (rules Q1, D1–D3).

`preview` reads a sheet against the directory and the ledger and changes nothing; `apply` writes accepted
rows, in slices if the caller likes: a row that is there already is compared again with the ledger of then.
Figures that people reported (今年累计, 阶段, actual dates) are never overwritten by a sheet; they are listed.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from models.db import insert_many
from models.errors import Invalid
from models.operations import lights
from models.operations.audit import GENESIS, Actor, row_digest
from models.operations.desk import Desk
from models.operations.versions import directory_changed
from models.queries.directory import Directory, OrganisationInfo, UnitInfo
from models.queries.lights import FINISHED, STARTED
from models.rules.lights import Evaluation, ProjectFacts, YearPlan, evaluate, next_change_day
from models.rules.money import wan
from models.rules.partial_dates import first_day, last_day
from models.rules.project_rows import (
    ProjectRow,
    Recognised,
    Rejection,
    Sheet,
    find_sheet,
    linear_curve,
    read_row,
)
from models.tables.audit import AuditHead, AuditRow
from models.tables.base import Base
from models.tables.lights import LightChange, LightState
from models.tables.people import Unit
from models.tables.projects import Entry, Project, ProjectCategory, ProjectPlan
from models.types import Light, Subject

REASON: Final = "台账导入"
WHOLE_PLACE: Final = ("市本级", "县本级", "本级")
INVESTMENT: Final = "investment"

_WORDS: Final[Mapping[str, str]] = {
    "name": "名称", "aliases": "别名", "industry": "行业", "nature": "项目性质", "tier": "梯次",
    "region_id": "县区", "owner": "建设单位", "content": "建设内容", "unit_id": "责任单位",
    "task_force_id": "责任专班", "responsible_person_id": "责任人", "sponsor": "包联领导",
    "total_fen": "总投资", "planned_start": "计划开工", "planned_finish": "计划竣工",
    "prior_years_fen": "截至上年底累计", "ytd_fen": "今年累计", "stage": "阶段",
    "started_on": "实际开工", "finished_on": "实际竣工", "facts": "其他列", "categories": "类别",
    "plan_fen": "年度计划", "curve": "月度计划",
}  # fmt: skip
_FREE: Final = (
    "name", "industry", "nature", "tier", "owner", "content", "sponsor", "total_fen", "planned_start",
    "planned_finish",
)  # fmt: skip
"""Columns that a sheet may change as they are."""
_REPORTED: Final = ("prior_years_fen", "stage", "started_on", "finished_on")
"""Columns that a sheet may fill but not change."""
_LIGHT_FIELDS: Final = frozenset(
    {"planned_start", "planned_finish", "plan_fen", "curve", "started_on", "finished_on"}
)
_QUOTES: Final = re.compile(r"[“”\"「」『』‘’']")
_BRACKETS: Final = re.compile(r"[(（][^)）]*[)）]")
_YEAR_BEFORE: Final = re.compile(r"^\d{4}年度?")
_OFFICES: Final = ("人民政府", "管委会", "管理委员会", "政府")
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a known project that the sheet says otherwise; old and new as stored."""

    field: str
    old: object
    new: object


@dataclass(slots=True)
class Accepted:
    """A row that can be imported, with every name resolved. unit_id: None for a unit nobody knows yet."""

    row: ProjectRow
    organisation_id: int
    region_id: int | None
    unit_id: int | None
    task_force_id: int | None
    person_id: int | None
    category_ids: tuple[int, ...] | None
    project_id: int | None = None
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class Preview:
    """What an import would do. kept: reported figures that the sheet says otherwise; they stay as is."""

    rows: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        return sum(one.project_id is None for one in self.accepted)

    @property
    def changed(self) -> int:
        return sum(bool(one.changes) for one in self.accepted)

    @property
    def to_write(self) -> list[Accepted]:
        """Rows that are new or say something else than the ledger."""
        return [one for one in self.accepted if one.project_id is None or one.changes]

    @property
    def headline(self) -> str:
        """212 行: 可导入 205 | 有问题 7"""
        return f"{self.rows} 行: 可导入 {len(self.accepted)} | 有问题 {self.rows - len(self.accepted)}"

    def lines(self, *, most: int = 200) -> list[str]:
        """The whole preview in words; of each list at most that many lines, then how many more there are."""
        same = len(self.accepted) - len(self.to_write)
        found = [self.headline, f"新增 {self.new} | 有变化 {self.changed} | 与台账一致 {same}"]
        if not self.to_write:
            found.append("没有要导入的变化")
        changes = [
            f"第{one.row.row}行 {one.row.code} {words_of(change)}"
            for one in self.accepted
            for change in one.changes
        ]
        for title, some in (
            ("有问题", [one.text for one in self.rejections]),
            ("已识别", [one.text for one in self.recognised]),
            ("变化", changes),
            ("未改动（以台账为准）", self.kept),
            ("新单位（名册中没有，先占位）", self.new_units),
            ("提示", self.notes),
        ):
            if some:
                found.append(f"{title} {len(some)}：")
                found += [f"  {line}" for line in some[:most]]
                if len(some) > most:
                    found.append(f"  …… 另有 {len(some) - most} 条")
        return found


@dataclass(frozen=True, slots=True)
class Applied:
    new: int
    changed: int


def words_of(change: Change) -> str:
    """总投资 80000 → 82000"""
    name = _WORDS.get(change.field, change.field)
    if change.field in {"facts", "curve"}:
        return f"{name}有变"
    if change.field.endswith("_id") or change.field == "categories":
        return f"{name}有变"
    old, new = (
        wan(value)
        if isinstance(value, int) and change.field.endswith("_fen")
        else "、".join(map(str, value))
        if isinstance(value, (list, tuple))
        else str(value or "空")
        for value in (change.old, change.new)
    )
    return f"{name} {old or '空'} → {new or '空'}"


# --- preview


def preview(
    session: Session,
    directory: Directory,
    rows: Sequence[Sequence[str]],
    *,
    today: date,
    organisation: str | None = None,
) -> Preview:
    """Read a sheet; changes nothing. rows: texts from the first row of the sheet.

    organisation: the name of the place that all rows belong to; otherwise each row's 县区 decides.
    Raises SheetRefused for a sheet without the needed columns, Invalid for an unknown organisation or an
    empty roster.
    """
    sheet = find_sheet(rows)
    names = _Names(directory, organisation)
    found = Preview()
    codes: dict[str, int] = {}
    titles: dict[str, int] = {}
    for number, cells in enumerate(rows[sheet.first :], start=sheet.first + 1):
        row = read_row(sheet, cells, number)
        if row is None:
            continue
        found.rows += 1
        if isinstance(row, list):
            found.rejections += row
            continue
        accepted = _place(names, sheet, row)
        problems = _figure_problems(sheet, row, today) + (accepted if isinstance(accepted, list) else [])
        for value, seen, name in ((row.code.upper(), codes, "code"), (row.name, titles, "name")):
            if value in seen:
                problems.append(
                    Rejection(sheet.cell(number, name), f"「{getattr(row, name)}」与第{seen[value]}行重复")
                )
            else:
                seen[value] = number
        if isinstance(accepted, list) or problems:
            found.rejections += problems
            continue
        found.accepted.append(accepted)
        found.recognised += row.recognised
    _compare(session, directory, sheet, found, today)
    placeholders: dict[str, None] = {}
    for one in found.accepted:
        if one.unit_id is None:
            placeholders[one.row.unit] = None
    found.new_units += placeholders
    _note_years(found, today)
    return found


def _figure_problems(sheet: Sheet, row: ProjectRow, today: date) -> list[Rejection]:
    """今年累计 is of this year, not of a day to come, and not above the total investment (rule C7)."""
    problems: list[Rejection] = []
    if row.ytd_fen is not None and row.ytd_as_of is not None:
        where, said = sheet.cell(row.row, "ytd_as_of"), row.ytd_as_of
        if first_day(said) > today:
            problems.append(Rejection(where, f"「{said}」晚于今天"))
        elif last_day(said).year != today.year:
            problems.append(Rejection(where, f"「{said}」不在今年：今年累计应是{today.year}年的数"))
    if row.ytd_fen is not None and row.total_fen is not None and row.ytd_fen > row.total_fen:
        problems.append(
            Rejection(sheet.cell(row.row, "ytd_fen"), f" {wan(row.ytd_fen)} 超过总投资 {wan(row.total_fen)}")
        )
    return problems


def _note_years(found: Preview, today: date) -> None:
    years: dict[int, int] = defaultdict(int)
    for one in found.accepted:
        if one.row.plan_year is not None and one.row.plan_year != today.year and one.row.plan_fen is not None:
            years[one.row.plan_year] += 1
    for year, count in sorted(years.items()):
        found.notes.append(f"{count} 行的计划年度是 {year} 年，不是今年：年度计划已记，不参加今年的投资灯")


class _Names:
    """Resolves what a sheet calls things; answers are kept, since thousands of rows say the same."""

    def __init__(self, directory: Directory, organisation: str | None) -> None:
        self.directory = directory
        self.fixed: OrganisationInfo | None = None
        if not directory.organisations:
            raise Invalid("还没有名册", mend="请先运行 roster load 导入名册")
        if organisation is not None:
            self.fixed = next(
                (one for one in directory.organisations.values() if one.name == organisation), None
            )
            if self.fixed is None:
                known = "、".join(one.name for one in directory.organisations.values())
                raise Invalid(f"没有组织「{organisation}」", mend=f"现有：{known}")
        self.region_ids = {
            (region.organisation_id, region.name): region.id for region in directory.regions.values()
        }
        self.units: dict[int, list[UnitInfo]] = defaultdict(list)
        for unit in directory.units.values():
            self.units[unit.organisation_id].append(unit)
        self.task_forces = {(one.organisation_id, one.name): one.id for one in directory.task_forces.values()}
        self.categories: dict[int, dict[str, int]] = defaultdict(dict)
        for category in directory.categories.values():
            known_as = self.categories[category.organisation_id]
            for name in (_bare(category.name), *category.aliases, category.name):
                known_as[name] = category.id
        self._bodies: dict[str | None, tuple[int, int | None] | str] = {}
        self._units: dict[tuple[int, int | None, str], int | str | None] = {}

    def body(self, region: str | None) -> tuple[int, int | None] | str:
        """Organisation and region of a row, or the problem."""
        if region not in self._bodies:
            self._bodies[region] = self._body(region)
        return self._bodies[region]

    def _body(self, region: str | None) -> tuple[int, int | None] | str:
        organisations = [self.fixed] if self.fixed else list(self.directory.organisations.values())
        if region and region not in WHOLE_PLACE:
            for one in organisations:
                region_id = self.region_ids.get((one.id, region))
                if region_id is not None:
                    return one.id, region_id
            for one in organisations:
                if one.name == region:
                    return one.id, None
            return f"「{region}」不在名册的县区中"
        tops = (
            [one for one in organisations if one.parent_id is None]
            if len(organisations) > 1
            else organisations
        )
        if len(tops) == 1:
            return tops[0].id, None
        return (
            f"不能判断属于哪个组织（{'、'.join(one.name for one in tops)}）：请填写，或用 --organisation 指定"
        )

    def unit(self, organisation_id: int, region_id: int | None, name: str) -> int | str | None:
        """Id of a unit, None for one that nobody knows yet, or the problem."""
        key = (organisation_id, region_id, name)
        if key not in self._units:
            self._units[key] = self._unit(organisation_id, region_id, name)
        return self._units[key]

    def _unit(self, organisation_id: int, region_id: int | None, name: str) -> int | str | None:
        units = self.units[organisation_id]
        for unit in units:
            if unit.name == name:
                return unit.id
        for office in _OFFICES:  # 青禾县人民政府 is the county
            body = name.removesuffix(office)
            for unit in units if body != name else ():
                if unit.name == body and unit.kind == "region":
                    return unit.id
        likely = [
            unit for unit in units if name in unit.aliases or (len(name) > 1 and unit.name.endswith(name))
        ]
        if not likely:
            return None
        # 「住建局」 alone may be the city's or a county's: a ledger wants the whole name.
        bare = (
            any(unit.name == f"市{name}" or unit.name.startswith("市") for unit in likely) and name[0] != "市"
        )
        if len(likely) == 1 and not bare and likely[0].region_id in (None, region_id):
            return likely[0].id
        return f"「{name}」不明确，请写全称：{'、'.join(unit.name for unit in likely[:4])}" + (
            "或县区的单位" if len(likely) == 1 else ""
        )

    def category(self, organisation_id: int, name: str) -> int | None:
        known_as = self.categories[organisation_id]
        return known_as.get(name) or known_as.get(_bare(name))

    def person(self, organisation_id: int, unit_id: int | None, name: str) -> int | str | None:
        """Id of a person, None for a name that is not in the roster, or the problem."""
        some = [
            person
            for person in self.directory.people_by_name.get(name.partition("(")[0], ())
            if person.organisation_id == organisation_id and name in (person.name, person.label)
        ]
        own = [person for person in some if person.unit_id == unit_id]
        if len(own) == 1 or len(some) == 1:
            return (own or some)[0].id
        return f"「{name}」有 {len(some)} 人，请写成 {some[0].label}" if some else None


def _place(names: _Names, sheet: Sheet, row: ProjectRow) -> Accepted | list[Rejection]:
    body = names.body(row.region)
    if isinstance(body, str):
        return [Rejection(sheet.cell(row.row, "region"), body)]
    organisation_id, region_id = body
    problems: list[Rejection] = []
    unit_id = names.unit(organisation_id, region_id, row.unit)
    if isinstance(unit_id, str):
        problems.append(Rejection(sheet.cell(row.row, "unit"), unit_id))
    task_force_id: int | None = None
    if row.task_force:
        task_force_id = names.task_forces.get((organisation_id, row.task_force))
        if task_force_id is None:
            place = names.directory.organisations[organisation_id].name
            problems.append(
                Rejection(sheet.cell(row.row, "task_force"), f"「{row.task_force}」不在{place}名册中")
            )
    category_ids: list[int] | None = None
    if row.categories is not None:
        category_ids = []
        for name in row.categories:
            category_id = names.category(organisation_id, name)
            if category_id is None:
                problems.append(Rejection(sheet.cell(row.row, "categories"), f"「{name}」不在名册的类别中"))
            else:
                category_ids.append(category_id)
    person_id: int | None = None
    if row.person and not isinstance(unit_id, str):
        person = names.person(organisation_id, unit_id, row.person)
        if isinstance(person, str):
            problems.append(Rejection(sheet.cell(row.row, "person"), person))
        elif person is None:
            row.facts["责任人"] = row.person  # not in the roster yet
        else:
            person_id = person
    if problems or isinstance(unit_id, str):
        return problems
    return Accepted(
        row, organisation_id, region_id, unit_id, task_force_id, person_id,
        tuple(dict.fromkeys(category_ids)) if category_ids is not None else None,
    )  # fmt: skip


def _bare(name: str) -> str:
    """Without quotation marks, a year in front and brackets: “三个一批”, 2023年三级重点, 金融工具（基金）."""
    return _YEAR_BEFORE.sub("", _BRACKETS.sub("", _QUOTES.sub("", name))).strip()


# --- comparing with the ledger


@dataclass(frozen=True, slots=True)
class _Stored:
    """A project of the ledger and what hangs on it."""

    project: Any
    category_ids: tuple[int, ...]
    plans: Mapping[int, tuple[int, Sequence[int]]]


_COLUMNS: Final = (
    Project.id, Project.organisation_id, Project.code, Project.aliases, Project.region_id, Project.unit_id,
    Project.task_force_id, Project.responsible_person_id, Project.prior_years_fen, Project.stage,
    Project.started_on, Project.finished_on, Project.ytd_fen, Project.ytd_as_of, Project.facts,
    *(getattr(Project, name) for name in _FREE),
)  # fmt: skip


def _compare(session: Session, directory: Directory, sheet: Sheet, found: Preview, today: date) -> None:
    """Find the known projects among the accepted rows, and what the sheet says otherwise."""
    ids = {(one.organisation_id, one.code.upper()): one.id for one in directory.projects.values()}
    title_of = {(one.organisation_id, one.name): one for one in directory.projects.values()}
    known = [
        number
        for one in found.accepted
        if (number := ids.get((one.organisation_id, one.row.code.upper()))) is not None
    ]
    stored = _stored(session, directory, known)
    accepted: list[Accepted] = []
    for one in found.accepted:
        namesake = title_of.get((one.organisation_id, one.row.name))
        if namesake is not None and namesake.code.upper() != one.row.code.upper():
            found.rejections.append(
                Rejection(sheet.cell(one.row.row, "name"), f"「{one.row.name}」与台账 {namesake.code} 同名")
            )
            continue
        one.project_id = ids.get((one.organisation_id, one.row.code.upper()))
        if one.project_id is not None:
            was = stored[one.project_id]
            problem = _curve_problem(sheet, one, was, today)
            if problem is not None:
                found.rejections.append(problem)
                continue
            one.changes = tuple(_changes(one, was, today))
            found.kept += _kept(one, was)
        accepted.append(one)
    found.accepted = accepted
    found.rejections.sort(key=lambda rejection: rejection.cell.row)


def _stored(session: Session, directory: Directory, ids: Sequence[int]) -> dict[int, _Stored]:
    found: dict[int, _Stored] = {}
    for at in range(0, len(ids), _CHUNK):
        some = ids[at : at + _CHUNK]
        plans: dict[int, dict[int, tuple[int, Sequence[int]]]] = defaultdict(dict)
        for plan in session.execute(
            select(ProjectPlan.project_id, ProjectPlan.year, ProjectPlan.plan_fen, ProjectPlan.curve).where(
                ProjectPlan.project_id.in_(some), ProjectPlan.kind == INVESTMENT
            )
        ):
            plans[plan.project_id][plan.year] = (plan.plan_fen, plan.curve)
        for row in session.execute(select(*_COLUMNS).where(Project.id.in_(some))):
            info = directory.projects.get(row.id)
            found[row.id] = _Stored(row, info.category_ids if info else (), plans[row.id])
    return found


def _year(one: Accepted, today: date) -> int:
    return one.row.plan_year or today.year


def _curve_problem(sheet: Sheet, one: Accepted, was: _Stored, today: date) -> Rejection | None:
    """A new annual plan cannot keep an uneven monthly plan that was made for another total."""
    plan = was.plans.get(_year(one, today))
    if one.row.plan_fen is None or one.row.curve is not None or plan is None or plan[0] == one.row.plan_fen:
        return None
    if list(plan[1]) in ([], linear_curve(plan[0])):
        return None
    return Rejection(
        sheet.cell(one.row.row, "plan_fen"),
        f" {wan(plan[0])} → {wan(one.row.plan_fen)}：台账中已有分月计划，请同时给出12个月的月度计划",
    )


def _changes(one: Accepted, was: _Stored, today: date) -> Iterable[Change]:
    """Empty cells say nothing. Reported columns are filled when they are empty, never changed."""
    row, project = one.row, was.project
    for name in _FREE:
        value = getattr(row, name)
        if value is not None and value != getattr(project, name):
            yield Change(name, getattr(project, name), value)
    if row.aliases is not None and list(row.aliases) != list(project.aliases):
        yield Change("aliases", list(project.aliases), list(row.aliases))
    if row.region is not None and one.region_id != project.region_id:
        yield Change("region_id", project.region_id, one.region_id)
    if one.unit_id is None or one.unit_id != project.unit_id:
        yield Change("unit_id", project.unit_id, one.unit_id)
    for name, value in (("task_force_id", one.task_force_id), ("responsible_person_id", one.person_id)):
        if value is not None and value != getattr(project, name):
            yield Change(name, getattr(project, name), value)
    for name in _REPORTED:
        value = getattr(row, name)
        if value is not None and getattr(project, name) is None:
            yield Change(name, None, value)
    if row.ytd_fen is not None and project.ytd_as_of is None and row.ytd_fen != project.ytd_fen:
        yield Change("ytd_fen", project.ytd_fen, row.ytd_fen)
    facts = {**project.facts, **row.facts}
    if facts != project.facts:
        yield Change("facts", project.facts, facts)
    if one.category_ids is not None and set(one.category_ids) != set(was.category_ids):
        yield Change("categories", sorted(was.category_ids), sorted(one.category_ids))
    if row.plan_fen is not None:
        plan_fen, curve = was.plans.get(_year(one, today), (None, ()))
        wanted = list(row.curve) if row.curve is not None else linear_curve(row.plan_fen)
        if plan_fen != row.plan_fen:
            yield Change("plan_fen", plan_fen, row.plan_fen)
        if (row.curve is not None or plan_fen != row.plan_fen) and list(curve) != wanted:
            yield Change("curve", list(curve), wanted)


def _kept(one: Accepted, was: _Stored) -> Iterable[str]:
    """Reported figures that the sheet says otherwise."""
    row, project = one.row, was.project
    where = f"第{row.row}行 {project.code}"
    if row.ytd_fen is not None and project.ytd_as_of is not None and row.ytd_fen != project.ytd_fen:
        yield f"{where} 今年累计：表中 {wan(row.ytd_fen)}，台账 {wan(project.ytd_fen)}，请上报或 /更正"
    for name in _REPORTED:
        new, old = getattr(row, name), getattr(project, name)
        if new is not None and old is not None and new != old:
            shown = (wan(new), wan(old)) if name.endswith("_fen") else (new, old)
            yield f"{where} {_WORDS[name]}：表中 {shown[0]}，台账 {shown[1]}"


# --- applying


def apply(desk: Desk, rows: Sequence[Accepted]) -> Applied:
    """Write accepted rows; the caller commits. Known projects are compared again before they change.

    New ones come with plan, first light, an entry of kind "import" where a figure is given, and audit rows.
    """
    session = desk.session
    unit_ids = _make_units(desk, rows)
    here = _ids_by_code(session, rows)
    new = []
    known = []
    for one in rows:
        project_id = one.project_id or here.get((one.organisation_id, one.row.code))
        if project_id is None:
            new.append(one)
        else:
            known.append((one, project_id))

    def unit_of(one: Accepted) -> int:
        return one.unit_id if one.unit_id is not None else unit_ids[one.organisation_id, one.row.unit]

    if new:
        _insert(desk, new, unit_of)
    changed = _update(desk, known, unit_of) if known else 0
    if new or changed or unit_ids:
        directory_changed(session)
    return Applied(len(new), changed)


def _ids_by_code(session: Session, rows: Sequence[Accepted]) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    codes = [one.row.code for one in rows]
    organisations = {one.organisation_id for one in rows}
    for at in range(0, len(codes), _CHUNK):
        for row in session.execute(
            select(Project.id, Project.organisation_id, Project.code).where(
                Project.organisation_id.in_(organisations), Project.code.in_(codes[at : at + _CHUNK])
            )
        ):
            found[row.organisation_id, row.code] = row.id
    return found


def _make_units(desk: Desk, rows: Sequence[Accepted]) -> dict[tuple[int, str], int]:
    """Units that only the sheet names: placeholders without people, until a roster says more."""
    wanted: dict[tuple[int, str], int | None] = {}
    for one in rows:
        if one.unit_id is None:
            wanted.setdefault((one.organisation_id, one.row.unit), one.region_id)
    ids: dict[tuple[int, str], int] = {}
    for (organisation_id, name), region_id in wanted.items():
        unit = desk.session.execute(
            select(Unit).where(Unit.organisation_id == organisation_id, Unit.name == name)
        ).scalar_one_or_none()
        if unit is None:
            unit = Unit(
                organisation_id=organisation_id, name=name, kind="county_bureau" if region_id else "bureau",
                region_id=region_id, aliases=[], member=False, placeholder=True,
            )  # fmt: skip
            desk.session.add(unit)
        elif unit.retired_at is not None:
            unit.retired_at, unit.placeholder = None, True
        desk.session.flush()
        ids[organisation_id, name] = unit.id
    return ids


def _insert(desk: Desk, rows: Sequence[Accepted], unit_of: Callable[[Accepted], int]) -> None:
    session, now, today = desk.session, desk.now, desk.today
    _bulk(session, Project, [_project_values(one, unit_of(one), now, today) for one in rows])
    ids = _ids_by_code(session, rows)
    plans: list[dict[str, Any]] = []
    categories: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    states: list[dict[str, Any]] = []
    turns: list[dict[str, Any]] = []
    history: list[tuple[int, dict[str, object]]] = []
    for one in rows:
        row = one.row
        project_id = ids[one.organisation_id, row.code]
        plan: YearPlan | None = None
        first: dict[str, object] = {"created": _summary(row)}
        if row.plan_fen is not None:
            plan = YearPlan(_year(one, today), row.plan_fen, row.curve or tuple(linear_curve(row.plan_fen)))
            plans.append(
                {
                    "project_id": project_id, "year": plan.year, "kind": INVESTMENT, "plan_fen": plan.total,
                    "curve": list(plan.curve),
                }
            )  # fmt: skip
        categories += [{"project_id": project_id, "category_id": number} for number in one.category_ids or ()]
        if row.ytd_fen is not None:
            day = _as_of(row, today)
            entries.append(_entry(desk, project_id, row, day))
            first |= {"ytd_fen": row.ytd_fen, "ytd_as_of": day}
        state, turn = _first_light(desk, project_id, row, plan)
        states.append(state)
        if turn is not None:
            turns.append(turn)
        history.append((project_id, first))
    for table, values in (
        (ProjectPlan, plans), (ProjectCategory, categories), (Entry, entries), (LightState, states),
        (LightChange, turns),
    ):  # fmt: skip
        _bulk(session, table, values)
    _first_audit(session, history, by=desk.actor, at=now)


def _bulk(session: Session, table: type[Base], values: Sequence[Mapping[str, Any]]) -> None:
    """All rows at once, past the unit of work."""
    insert_many(session, cast("Table", table.__table__), values)


def _project_values(one: Accepted, unit_id: int, now: datetime, today: date) -> dict[str, Any]:
    row = one.row
    return {
        "organisation_id": one.organisation_id, "code": row.code, "name": row.name,
        "aliases": list(row.aliases or ()), "industry": row.industry, "nature": row.nature, "tier": row.tier,
        "task_force_id": one.task_force_id, "region_id": one.region_id, "owner": row.owner,
        "content": row.content, "unit_id": unit_id, "responsible_person_id": one.person_id,
        "sponsor": row.sponsor,
        "total_fen": row.total_fen, "prior_years_fen": row.prior_years_fen, "figure_year": today.year,
        "ytd_fen": row.ytd_fen or 0, "ytd_as_of": _as_of(row, today) if row.ytd_fen is not None else None,
        "stage": _stage(row), "planned_start": row.planned_start, "planned_finish": row.planned_finish,
        "started_on": row.started_on, "finished_on": row.finished_on, "version": 1, "created_at": now,
        "facts": row.facts,
    }  # fmt: skip


def _summary(row: ProjectRow) -> str:
    """What a new project came with, as one line of its history."""
    amounts = (
        f"{_WORDS[name]} {wan(value)} 万元"
        for name in ("total_fen", "plan_fen", "prior_years_fen")
        if (value := getattr(row, name)) is not None
    )
    return "；".join((row.name, f"责任单位 {row.unit}", *amounts))


def _stage(row: ProjectRow) -> str:
    """As written; else by what is known: a new project has not started until somebody says so (rule E3)."""
    if row.stage is not None:
        return row.stage
    if row.finished_on is not None:
        return "竣工"
    return "前期" if row.nature in {"新建", "前期"} and row.started_on is None else "在建"


def _as_of(row: ProjectRow, today: date) -> date:
    return min(last_day(row.ytd_as_of), today) if row.ytd_as_of is not None else today


def _entry(desk: Desk, project_id: int, row: ProjectRow, day: date) -> dict[str, Any]:
    return {
        "project_id": project_id, "kind": "import", "author_id": desk.actor.person_id,
        "on_behalf_of_id": desk.actor.for_id, "at": desk.now, "year": day.year, "as_of": day,
        "ytd_fen": row.ytd_fen,
        "changes": {"ytd_fen": [None, row.ytd_fen], "ytd_as_of": [None, day.isoformat()]},
        "source": desk.actor.source, "reason": REASON, "version_after": 1,
    }  # fmt: skip


def _first_light(
    desk: Desk, project_id: int, row: ProjectRow, plan: YearPlan | None
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What models.operations.lights.ensure_state makes for one project, as rows of a bulk insert."""
    stage, today, policy = _stage(row), desk.today, desk.policy
    facts = ProjectFacts(
        plan=plan if plan is not None and plan.year == today.year else None,
        year_to_date=row.ytd_fen or 0,
        planned_start=first_day(row.planned_start) if row.planned_start else None,
        started_on=first_day(row.started_on) if row.started_on else None,
        started=stage in STARTED,
        planned_finish=last_day(row.planned_finish) if row.planned_finish else None,
        finished_on=first_day(row.finished_on) if row.finished_on else None,
        finished=stage in FINISHED,
        last_report_on=today,
    )
    evaluation = evaluate(facts, today, policy.lights)
    light = evaluation.light.value
    reasons = [lights.reason_json(reason) for reason in evaluation.reasons]
    state = {
        "project_id": project_id, "computed": light, "shown": light, "reasons": reasons, "since": desk.now,
        "announced": Light.GREEN.value, "evaluated_on": today,
        "next_change_on": next_change_day(facts, today, policy.lights), "red_days": 0,
        "policy_version": policy.version,
    }  # fmt: skip
    if evaluation.light is Light.GREEN:
        return state, None
    return state, {
        "project_id": project_id, "at": desk.now, "processed_at": desk.now, "old_computed": Light.GREEN.value,
        "computed": light, "old_shown": Light.GREEN.value, "shown": light, "reasons": reasons,
        "figures": _figures(row, facts, evaluation), "cause": "import", "policy_version": policy.version,
    }  # fmt: skip


def _figures(row: ProjectRow, facts: ProjectFacts, evaluation: Evaluation) -> dict[str, Any]:
    shares = {"completion": evaluation.completion, "scheduled": evaluation.scheduled, "gap": evaluation.gap}
    return {
        "ytd_fen": row.ytd_fen or 0,
        "plan_fen": facts.plan.total if facts.plan else None,
        **{name: None if share is None else str(share) for name, share in shares.items()},
    }


def _first_audit(
    session: Session, history: Sequence[tuple[int, dict[str, object]]], *, by: Actor, at: datetime
) -> None:
    """audit.record for many projects that have no history yet, in two inserts."""
    rows: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for project_id, values in history:
        subject, digest, seq = Subject("project", project_id), GENESIS, 0
        for name, value in values.items():
            if value is None:
                continue
            seq, new = seq + 1, str(value)
            digest = row_digest(
                digest, record=subject, seq=seq, at=at, field=name, old=None, new=new, actor=by.label,
                source=by.source, reason=REASON,
            )  # fmt: skip
            rows.append(
                {
                    "record_kind": subject.kind, "record_id": project_id, "seq": seq, "at": at, "field": name,
                    "old": None, "new": new, "by_id": by.person_id, "for_id": by.for_id, "by_name": by.label,
                    "message_id": by.source, "reason": REASON, "digest": digest,
                }
            )  # fmt: skip
        heads.append({"record_kind": subject.kind, "record_id": project_id, "seq": seq, "digest": digest})
    _bulk(session, AuditRow, rows)
    _bulk(session, AuditHead, heads)


def _update(desk: Desk, rows: Sequence[tuple[Accepted, int]], unit_of: Callable[[Accepted], int]) -> int:
    """Change known projects to what the sheet says; returns how many really changed."""
    stored = _stored(desk.session, desk.directory, [project_id for _, project_id in rows])
    count = 0
    for one, project_id in rows:
        one.unit_id = unit_of(one)
        changes = tuple(_changes(one, stored[project_id], desk.today))
        if changes:
            _change(desk, desk.session.get_one(Project, project_id), one, changes)
            count += 1
    return count


def _change(desk: Desk, project: Project, one: Accepted, changes: Sequence[Change]) -> None:
    session, row = desk.session, one.row
    values = {change.field: change.new for change in changes}
    record: dict[str, tuple[object, object]] = {}
    for change in changes:
        record[change.field] = (_audited(change.old), _audited(change.new))
        if change.field not in {"categories", "plan_fen", "curve"}:
            setattr(project, change.field, change.new)
    if "categories" in values:
        session.execute(delete(ProjectCategory).where(ProjectCategory.project_id == project.id))
        if one.category_ids:
            _bulk(
                session,
                ProjectCategory,
                [{"project_id": project.id, "category_id": number} for number in one.category_ids],
            )
    if row.plan_fen is not None and ("plan_fen" in values or "curve" in values):
        _write_plan(session, project.id, _year(one, desk.today), row)
    project.version += 1
    entry_id: int | None = None
    if "ytd_fen" in values:
        day = _as_of(row, desk.today)
        project.ytd_as_of, project.figure_year = day, day.year
        record["ytd_as_of"] = (None, day)
        entry = Entry(**{**_entry(desk, project.id, row, day), "version_after": project.version})
        session.add(entry)
        session.flush()
        entry_id = entry.id
    session.flush()
    desk.record(Subject("project", project.id), record, reason=REASON)
    if "ytd_fen" in values or _LIGHT_FIELDS & values.keys():
        lights.reevaluate(desk, project, cause="import", entry_id=entry_id)


def _write_plan(session: Session, project_id: int, year: int, row: ProjectRow) -> None:
    assert row.plan_fen is not None
    curve = list(row.curve) if row.curve is not None else linear_curve(row.plan_fen)
    plan = session.get(ProjectPlan, (project_id, year, INVESTMENT))
    if plan is None:
        session.add(
            ProjectPlan(project_id=project_id, year=year, kind=INVESTMENT, plan_fen=row.plan_fen, curve=curve)
        )
    else:
        plan.plan_fen, plan.curve = row.plan_fen, curve


def _audited(value: object) -> object:
    """Lists and mappings as JSON in a fixed order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, (dict, list)) else value
