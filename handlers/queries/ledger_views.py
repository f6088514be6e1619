"""/查 台账: in which ledgers a project stands, and what each ledger holds (rules D1, D5; S75)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from handlers import access
from handlers.context import Context
from models.errors import NotFound
from models.notices.ledger_views import LedgerLine, LedgerOverview, LedgersOfProject
from models.operations import ledger
from models.queries import ledger_views as queries
from models.queries import lights as light_queries
from models.queries.directory import ProjectInfo
from models.types import Light


def show(context: Context, mention: str) -> None:
    """The ledgers of one project. Raises NotFound."""
    found = access.candidates(context, mention)
    if len(found) != 1:
        raise NotFound(mention)
    context.say(of_project(context, found[0]))


def of_project(context: Context, project: ProjectInfo) -> LedgersOfProject:
    """总账 and every view that holds the one record (rule D1)."""
    directory = context.directory
    leads = dict.fromkeys(directory.categories[number].task_force_id for number in project.category_ids)
    names = [
        "总账",
        *(f"{directory.categories[number].name}台账" for number in project.category_ids),
        f"{place_of(context, project)}台账",
    ]
    if project.task_force_id is not None:
        names.append(f"{directory.task_forces[project.task_force_id].name.removesuffix('专班')}台账")
    names.extend(
        f"{directory.task_forces[number].name}（类型牵头）" for number in leads if number is not None
    )
    row = ledger.project_row(context.desk, project.id)
    return LedgersOfProject(project.code, project.name, tuple(dict.fromkeys(names)), row.stage)


def place_of(context: Context, project: ProjectInfo) -> str:
    return context.directory.regions[project.region_id].name if project.region_id is not None else "市本级"


def overview(context: Context) -> None:
    """Every ledger that the asker may see here; in private, too, where the group sees less (rule B5)."""
    visible, here = access.visible(context), access.visible_here(context)
    if here == visible:
        context.say(_overview(context, visible, "总账"))
        return
    context.say(replace(_overview(context, here, "本群范围内的总账"), elsewhere=True))
    context.say_privately(_overview(context, visible, "总账"))


def _overview(context: Context, visible: Collection[int], title: str) -> LedgerOverview:
    directory = context.directory
    figures = queries.figures(context.session, visible, year=context.desk.today.year)
    lights = {one.project_id: one.light for one in light_queries.by_colour(context.session, visible)}
    projects = [directory.projects[number] for number in sorted(visible)]

    def lines(names_of: Callable[[ProjectInfo], tuple[str, ...]]) -> tuple[LedgerLine, ...]:
        groups: dict[str, list[int]] = {}
        for project in projects:
            for name in names_of(project):
                groups.setdefault(name, []).append(project.id)
        return tuple(line(name, ids, figures, lights) for name, ids in groups.items())

    categories = lines(lambda one: tuple(directory.categories[number].name for number in one.category_ids))
    return LedgerOverview(
        whole=line(title, [one.id for one in projects], figures, lights),
        categories=categories,
        regions=lines(lambda one: (place_of(context, one),)),
        sectors=lines(
            lambda one: (
                (directory.task_forces[one.task_force_id].name,) if one.task_force_id is not None else ()
            )
        ),
        overlapping=sum(line.projects for line in categories) - len(projects),
        on=context.desk.today,
    )


def line(
    name: str, ids: list[int], figures: Mapping[int, queries.Figures], lights: Mapping[int, Light]
) -> LedgerLine:
    """The sums over these projects. A project that was never evaluated has no light yet and counts as 绿."""
    shown = Counter(lights.get(number, Light.GREEN) for number in ids)
    return LedgerLine(
        name,
        len(ids),
        sum(figures[number].plan_fen for number in ids),
        sum(figures[number].ytd_fen for number in ids),
        lights=(shown[Light.RED], shown[Light.YELLOW], shown[Light.GREEN]),
    )
