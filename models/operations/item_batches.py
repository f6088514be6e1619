"""Many problems from one file: entered together, told in one message each (rules J2, O2, Q1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from models.notices.problem_imports import ImportedItem, ImportedToScreen
from models.operations import item_screening, items
from models.operations.desk import Desk
from models.operations.item_screening import NewItem
from models.queries.directory import PersonInfo
from models.tables.items import Item
from models.types import Role, Subject


def raise_items(desk: Desk, wanted: Sequence[NewItem], *, file: str, about: Subject) -> tuple[Item, ...]:
    """Items 待甄别 with the next numbers. Who else screens them, and the 专班 that lead the categories of what was
    found on site, get one message each with all of theirs.
    """
    made = [item_screening.create(desk, one) for one in wanted]
    theirs: dict[PersonInfo, list[Item]] = defaultdict(list)
    for item in made:
        for person in dict.fromkeys((*item_screening.decides_on(desk, item), *_leads(desk, item))):
            theirs[person].append(item)
    for person, some in theirs.items():
        desk.notify(
            ImportedToScreen(
                file,
                desk.actor.label,
                tuple(
                    ImportedItem(one.id, one.number, one.title, items.facts(desk, one).project)
                    for one in some
                ),
                screens=all(person in item_screening.decides_on(desk, one) for one in some),
            ),
            to=person,
            key=f"import {about.id} {some[0].id}",
            reason="导入的问题",
            about=about,
            without=(desk.actor.person_id,) if desk.actor.person_id is not None else (),
        )
    return tuple(made)


def _leads(desk: Desk, item: Item) -> tuple[PersonInfo, ...]:
    """联络员 of the 专班 that lead the project's categories, for what was found on site (rule J2)."""
    project = desk.directory.projects.get(item.project_id or 0)
    if item.source != item_screening.ON_SITE or project is None:
        return ()
    forces = [desk.directory.categories[number].task_force_id for number in project.category_ids]
    return tuple(
        person
        for force_id in dict.fromkeys(forces)
        if force_id is not None
        for person in desk.directory.at_task_force(force_id, Role.LIAISON)
    )
