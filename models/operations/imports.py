"""Importing a project sheet: what would change, and changing it (rules Q1, D1–D3).

`preview` reads a sheet against the directory and the ledger and changes nothing; `apply` writes accepted
rows, slice by slice if the caller likes: a row that is there already is compared again with the ledger of then.
Figures that people reported (今年累计, 阶段, actual dates) are never overwritten by a sheet; they are listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.operations.desk import Desk
from models.operations.import_changes import change_projects
from models.operations.import_comparison import compare
from models.operations.import_inserts import insert_projects
from models.operations.import_names import Names
from models.operations.import_preview import Accepted, Preview, words_of
from models.operations.versions import directory_changed
from models.queries.directory import Directory
from models.rules.money import wan
from models.rules.partial_dates import first_day, last_day
from models.rules.project_rows import ProjectRow, Rejection, read_rows
from models.rules.sheet_columns import Sheet, find_sheet
from models.tables.people import Unit
from models.tables.projects import Project

__all__ = ["Accepted", "Applied", "Preview", "apply", "preview", "slices", "words_of"]

MOST_NEW: Final = 2000
"""New projects of one slice: about a quarter of a second, in which nobody else can write."""
COST_OF_CHANGE: Final = 50
"""Changing a known project costs up to that many new ones: a light that turns may open a warning with its notices."""
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Applied:
    new: int
    changed: int


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
    names = Names(directory, organisation)
    found = Preview()
    seen = _Seen()
    for row in read_rows(sheet, rows[sheet.first :], first=sheet.first + 1):
        if row is None:
            continue
        found.rows += 1
        if isinstance(row, list):
            found.rejections += row
            continue
        place = names.place(row)
        problems = _figure_problems(sheet, row, today)
        problems += [Rejection(sheet.cell(row.row, name), said) for name, said in place.problems]
        problems += seen.problems(sheet, row)
        if problems:
            found.rejections += problems
            continue
        if place.stranger and row.person:
            row.facts["责任人"] = row.person  # not in the roster yet
        found.accepted.append(
            Accepted(
                row, place.organisation_id, place.region_id, place.unit_id, place.task_force_id,
                place.person_id, place.category_ids,
            )
        )  # fmt: skip
        found.recognised += row.recognised
    compare(session, directory, sheet, found, today)
    found.new_units += dict.fromkeys(one.row.unit for one in found.accepted if one.unit_id is None)
    _note_years(found, today)
    return found


def _figure_problems(sheet: Sheet, row: ProjectRow, today: date) -> list[Rejection]:
    """今年累计 is of this year, not of a day to come, and not above the total investment (rule C7)."""
    problems: list[Rejection] = []
    if row.ytd_fen is not None and row.ytd_as_of is not None:
        said = row.ytd_as_of
        if first_day(said) > today:
            problems.append(Rejection(sheet.cell(row.row, "ytd_as_of"), f"「{said}」晚于今天"))
        elif last_day(said).year != today.year:
            problems.append(
                Rejection(
                    sheet.cell(row.row, "ytd_as_of"), f"「{said}」不在今年：今年累计应是{today.year}年的数"
                )
            )
    if row.ytd_fen is not None and row.total_fen is not None and row.ytd_fen > row.total_fen:
        problems.append(
            Rejection(sheet.cell(row.row, "ytd_fen"), f" {wan(row.ytd_fen)} 超过总投资 {wan(row.total_fen)}")
        )
    return problems


class _Seen:
    """Codes and names of the rows above, by the number of the row."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._names: dict[str, int] = {}

    def problems(self, sheet: Sheet, row: ProjectRow) -> list[Rejection]:
        """What stands twice."""
        number = row.row
        by_code, by_name = (
            self._codes.setdefault(row.code.upper(), number),
            self._names.setdefault(row.name, number),
        )
        if by_code == by_name == number:
            return []
        return [
            Rejection(sheet.cell(number, name), f"「{said}」与第{above}行重复")
            for name, said, above in (("code", row.code, by_code), ("name", row.name, by_name))
            if above != number
        ]


def _note_years(found: Preview, today: date) -> None:
    years: dict[int, int] = defaultdict(int)
    for one in found.accepted:
        if one.row.plan_year is not None and one.row.plan_year != today.year and one.row.plan_fen is not None:
            years[one.row.plan_year] += 1
    for year, count in sorted(years.items()):
        found.notes.append(f"{count} 行的计划年度是 {year} 年，不是今年：年度计划已记，不参加今年的投资灯")


# --- applying


def slices(rows: Sequence[Accepted]) -> Iterator[list[Accepted]]:
    """Rows in portions for `apply`: each is one commit and keeps others from writing for well under a second."""
    some: list[Accepted] = []
    cost = 0
    for one in rows:
        some.append(one)
        cost += 1 if one.project_id is None else COST_OF_CHANGE
        if cost >= MOST_NEW:
            yield some
            some, cost = [], 0
    if some:
        yield some


def apply(desk: Desk, rows: Sequence[Accepted]) -> Applied:
    """Write accepted rows; the caller commits. Known projects are compared again before they change.

    New ones come with plan, first light, an entry of kind "import" where a figure is given, and audit rows.
    """
    session = desk.session
    unit_ids = _make_units(desk, rows)
    here = _ids_by_code(session, rows)
    new: list[Accepted] = []
    known: list[tuple[Accepted, int]] = []
    for row in rows:
        one = row
        if one.unit_id is None:
            one = replace(one, unit_id=unit_ids[one.organisation_id, one.row.unit])
        project_id = one.project_id or here.get((one.organisation_id, one.row.code))
        if project_id is None:
            new.append(one)
        else:
            known.append((one, project_id))
    if new:
        insert_projects(desk, new)
    changed = change_projects(desk, known) if known else 0
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
