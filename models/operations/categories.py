"""类别 of a project: a ledger field that 综合专班 changes (rules B10, D1, D2)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from models.errors import Invalid, NotAllowed
from models.operations import ledger
from models.operations.desk import Desk
from models.operations.versions import directory_changed
from models.queries import item_parties
from models.queries.directory import ProjectInfo
from models.tables.projects import ProjectCategory
from models.types import Subject

WHO = "综合专班联络员（台账管理员）、负责人"


def check(desk: Desk, project: ProjectInfo, *, what: str = "类别") -> None:
    """Raises NotAllowed for anybody but 综合专班 联络员 and 负责人 (rule B10). what: the field of the ledger."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or not item_parties.is_hub(desk.directory, person):
        raise NotAllowed(f"修改 {project.code} 的{what}", who=WHO)


def change(
    desk: Desk, project: ProjectInfo, wanted: Collection[int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Set a project's categories. Returns their names before and after.

    Raises NotAllowed, and Invalid when none would be left.
    """
    check(desk, project)
    if not wanted:
        raise Invalid(f"{project.code} 至少要有一个类别", mend="请先增加新的类别，再去掉旧的")
    names = desk.directory.categories
    before = tuple(
        desk.session.execute(
            select(ProjectCategory.category_id)
            .where(ProjectCategory.project_id == project.id)
            .order_by(ProjectCategory.category_id)
        ).scalars()
    )
    after = tuple(sorted(wanted))
    old, new = ("、".join(names[number].name for number in some) for some in (before, after))
    row = ledger.project_row(desk, project.id)
    gone, added = set(before) - set(after), set(after) - set(before)
    desk.session.execute(
        delete(ProjectCategory).where(
            ProjectCategory.project_id == project.id, ProjectCategory.category_id.in_(gone)
        )
    )
    desk.session.add_all(
        ProjectCategory(project_id=project.id, category_id=number) for number in sorted(added)
    )
    if gone or added:
        row.version += 1
        desk.record(Subject("project", project.id), {"categories": (old or None, new)}, reason="台账字段")
        directory_changed(desk.session)
    desk.session.flush()
    return tuple(names[number].name for number in before), tuple(names[number].name for number in after)
