"""Lists of projects: all that the asker may see, or those of a place, body, category, stage or light (D1, B5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.queries import ledger_views
from models.notices.ledger_views import ProjectLine, ProjectList
from models.operations.standing import of as standing_of
from models.queries import ledger_views as figures_of
from models.queries import lights as queries
from models.queries.directory import ProjectInfo
from models.rules.lights import Evaluation, ProjectFacts, ReasonKind, evaluate
from models.tables.projects import Project
from models.types import Light

MOST_LINES: Final = 30
EVERYTHING: Final = "您可查看的项目"
STAGES: Final = ("谋划", "签约", "前期", "开工", "在建", "竣工", "投产", "达效")
_ALL: Final = frozenset(
    {"", "项目", "工程", "全部", "所有", "全部项目", "所有项目", "我的项目", "项目清单", "项目列表"}
)
_BETWEEN: Final = " ,，、的"
_LIGHTS: Final = {f"{light.value}{end}": light for light in Light for end in ("灯", "")}
_STALE: Final = ReasonKind.STALE.value  # 未更新
_UNTOLD: Final = ("今天未报", "本周未报", "本月未报")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Everything has to hold. title: the words as they were understood."""

    ids: frozenset[int]
    title: str
    lights: tuple[Light, ...] = ()  # one of these; empty for any
    stage: str = ""
    untold: str = ""  # marked 未更新 (rule E7), or without a report today, this week or this month


def show(context: Context, words: str) -> bool:
    """Answer with the list that the words mean; False when they mean none, or none that the asker may see (B4)."""
    wanted = _wanted(context, words)
    if wanted is None:
        return False
    seen = access.visible(context)
    if not wanted.ids & seen:
        return False
    everything = _list(context, wanted, seen)
    if context.group is not None and wanted.title == EVERYTHING:
        wanted = replace(wanted, title="本群范围内的项目")
    here = _list(context, wanted, access.visible_here(context))
    cut = len(here.lines) + here.more < len(everything.lines) + everything.more
    context.say(replace(here, elsewhere=True) if cut else here)
    if cut:
        context.say_privately(everything)
    return True


def matching(context: Context, words: str) -> tuple[str, frozenset[int]] | None:
    """What such a list is called, and the projects on it that the asker may see in private; None for none (B4)."""
    wanted = _wanted(context, words)
    if wanted is None:
        return None
    lit, _rows = _fitting(context, wanted, access.visible(context))
    return (wanted.title, frozenset(one.project_id for one in lit)) if lit else None


# --- what the words mean


def _wanted(context: Context, words: str) -> _Wanted | None:
    """「青禾县专项债券」, 「交通专班黄灯」: every word must be known; longer names win."""
    left = words.strip()
    every = frozenset(context.directory.projects)
    if left in _ALL:
        return _Wanted(every, EVERYTHING)
    named = sorted(_names(context), key=lambda one: -len(one[0]))
    wanted = _Wanted(every, "")
    while left := left.strip(_BETWEEN).removeprefix("项目").removeprefix("台账").strip(_BETWEEN):
        light = next((one for one in _LIGHTS if left.startswith(one)), "")
        stage = next((one for one in STAGES if left.startswith(one)), "")
        name, ids = next(((name, ids) for name, ids in named if left.startswith(name)), ("", every))
        untold = next((one for one in (_STALE, *_UNTOLD) if left.startswith(one)), "")
        said = light or stage or untold or name
        if not said:
            return None
        wanted = replace(
            wanted,
            ids=wanted.ids & ids if said == name else wanted.ids,
            lights=(*wanted.lights, _LIGHTS[light]) if light else wanted.lights,
            stage=stage if said == stage else wanted.stage,
            untold=untold if said == untold else wanted.untold,
            title=wanted.title + (f"{_LIGHTS[light].value}灯" if light else said),
        )
        left = left[len(said) :]
    return replace(wanted, title=f"{wanted.title}项目")


def _names(context: Context) -> Iterator[tuple[str, frozenset[int]]]:
    """Names under which projects are put together, with the projects they mean.

    Only names of the asker's own organisation: a city and its county both have a 综合专班 and a 市住建局 (rule Q3).
    """
    directory = context.directory
    houses = {one.organisation_id for one in access.own_and_principals(context)}
    projects = [one for one in directory.projects.values() if one.organisation_id in houses]
    for region in directory.regions.values():
        if region.organisation_id not in houses:
            continue
        yield region.name, _ids(one for one in projects if one.region_id == region.id)
    yield "市本级", _ids(one for one in projects if one.region_id is None)
    for force in directory.task_forces.values():
        if force.organisation_id not in houses:
            continue
        held = _ids(one for one in projects if one.task_force_id == force.id)
        yield force.name, held
        if len(short := force.name.removesuffix("专班")) > 1 and not force.is_hub:
            yield short, held
    for category in directory.categories.values():
        if category.organisation_id not in houses:
            continue
        held = _ids(one for one in projects if category.id in one.category_ids)
        for name in (category.name, *category.aliases):
            yield name, held
    by_unit: dict[int, set[int]] = {}
    for one in projects:
        by_unit.setdefault(one.unit_id, set()).add(one.id)
    for unit_id, held_ids in by_unit.items():
        unit = directory.units[unit_id]
        for name in (unit.name, *unit.aliases):
            yield name, frozenset(held_ids)


def _ids(projects: Iterator[ProjectInfo]) -> frozenset[int]:
    return frozenset(one.id for one in projects)


# --- the list


def _fitting(
    context: Context, wanted: _Wanted, seen: Collection[int]
) -> tuple[list[queries.Lit], dict[int, Project]]:
    lit = queries.by_colour(context.session, wanted.ids & frozenset(seen))
    rows = queries.projects_of(context.session, [one.project_id for one in lit])
    fitting = [
        one
        for one in lit
        if (not wanted.lights or one.light in wanted.lights)
        and wanted.stage in ("", rows[one.project_id].stage)
    ]
    if wanted.untold:
        facts = queries.facts_for(context.session, [rows[one.project_id] for one in fitting])
        fitting = [
            one
            for one in fitting
            if _is_untold(context, wanted.untold, one.project_id, facts[one.project_id])
        ]
    return fitting, rows


def _is_untold(context: Context, untold: str, project_id: int, facts: ProjectFacts) -> bool:
    """Whether nothing has been reported for so long; what is finished has nothing more to report."""
    today = context.desk.today
    if untold == _STALE:
        return evaluate(facts, today, context.desk.lights_of(project_id)).is_stale
    first = {
        "今天未报": today,
        "本周未报": today - timedelta(days=today.weekday()),
        "本月未报": today.replace(day=1),
    }[untold]
    return not facts.has_finished(today) and (facts.last_report_on is None or facts.last_report_on < first)


def _list(context: Context, wanted: _Wanted, seen: Collection[int]) -> ProjectList:
    lit, rows = _fitting(context, wanted, seen)
    today = context.desk.today
    facts = queries.facts_for(context.session, [rows[one.project_id] for one in lit])
    evaluations = {
        number: evaluate(one, today, context.desk.lights_of(number)) for number, one in facts.items()
    }
    lit.sort(key=lambda one: (-one.light.rank, -(evaluations[one.project_id].gap or 0)))
    figures = figures_of.figures(context.session, [one.project_id for one in lit], year=today.year)
    lights = {one.project_id: one.light for one in lit}
    return ProjectList(
        on=today,
        whole=ledger_views.line(wanted.title, list(lights), figures, lights),
        lines=tuple(
            _line(rows[one.project_id], one, evaluations[one.project_id], figures[one.project_id].plan_fen)
            for one in lit[:MOST_LINES]
        ),
        more=max(0, len(lit) - MOST_LINES),
        elsewhere=False,
    )


def _line(row: Project, lit: queries.Lit, evaluation: Evaluation, plan_fen: int) -> ProjectLine:
    return ProjectLine(
        code=row.code, name=row.name, adjusted=lit.adjusted, ytd_fen=row.ytd_fen, plan_fen=plan_fen,
        as_of=row.ytd_as_of, standing=standing_of(evaluation, before=lit.light, after=lit.light),
    )  # fmt: skip
