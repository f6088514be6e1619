"""What a project sheet calls organisations, units, task forces, categories and people (rules D3, Q1)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from models.errors import Invalid
from models.queries.directory import Directory, OrganisationInfo, UnitInfo
from models.rules.project_rows import ProjectRow

WHOLE_PLACE: Final = ("市本级", "县本级", "本级")
_QUOTES: Final = re.compile(r"[“”\"「」『』‘’']")
_BRACKETS: Final = re.compile(r"[(（][^)）]*[)）]")
_YEAR_BEFORE: Final = re.compile(r"^\d{4}年度?")
_OFFICES: Final = ("人民政府", "管委会", "管理委员会", "政府")


Problem = tuple[str, str]
"""The field of a row, and what is wrong with its cell."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row belongs. unit_id: None for a unit nobody knows yet. stranger: the person is not in the roster.

    problems: names that cannot be resolved; the row cannot be taken then.
    """

    organisation_id: int = 0
    region_id: int | None = None
    unit_id: int | None = None
    task_force_id: int | None = None
    person_id: int | None = None
    category_ids: tuple[int, ...] | None = None
    stranger: bool = False
    problems: tuple[Problem, ...] = ()


class Names:
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
        self._places: dict[tuple[object, ...], Place] = {}

    def place(self, row: ProjectRow) -> Place:
        """Everything that a row names."""
        said = (row.region, row.unit, row.task_force, row.categories, row.person)
        place = self._places.get(said)
        if place is None:
            place = self._places[said] = self._place(row)
        return place

    def _place(self, row: ProjectRow) -> Place:
        body = self._body(row.region)
        if isinstance(body, str):
            return Place(problems=(("region", body),))
        organisation_id, region_id = body
        problems: list[Problem] = []
        unit_id = self._unit(organisation_id, region_id, row.unit)
        if isinstance(unit_id, str):
            problems.append(("unit", unit_id))
        task_force_id: int | None = None
        if row.task_force:
            task_force_id = self.task_forces.get((organisation_id, row.task_force))
            if task_force_id is None:
                place = self.directory.organisations[organisation_id].name
                problems.append(("task_force", f"「{row.task_force}」不在{place}名册中"))
        category_ids = {name: self._category(organisation_id, name) for name in row.categories or ()}
        problems += [
            ("categories", f"「{name}」不在名册的类别中")
            for name, number in category_ids.items()
            if number is None
        ]
        person: int | str | None = None
        if row.person and not isinstance(unit_id, str):
            person = self._person(organisation_id, unit_id, row.person)
            if isinstance(person, str):
                problems.append(("person", person))
        if problems or isinstance(unit_id, str) or isinstance(person, str):
            return Place(problems=tuple(problems))
        return Place(
            organisation_id, region_id, unit_id, task_force_id, person,
            None if row.categories is None
            else tuple(dict.fromkeys(one for one in category_ids.values() if one is not None)),
            stranger=bool(row.person) and person is None,
        )  # fmt: skip

    def _body(self, region: str | None) -> tuple[int, int | None] | str:
        """Organisation and region of a row, or the problem."""
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

    def _unit(self, organisation_id: int, region_id: int | None, name: str) -> int | str | None:
        """Id of a unit, None for one that nobody knows yet, or the problem."""
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

    def _category(self, organisation_id: int, name: str) -> int | None:
        known_as = self.categories[organisation_id]
        return known_as.get(name) or known_as.get(_bare(name))

    def _person(self, organisation_id: int, unit_id: int | None, name: str) -> int | str | None:
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


def _bare(name: str) -> str:
    """Without quotation marks, a year in front and brackets: “三个一批”, 2023年三级重点, 金融工具（基金）."""
    return _YEAR_BEFORE.sub("", _BRACKETS.sub("", _QUOTES.sub("", name))).strip()
