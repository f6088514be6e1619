"""/查 项目: the page of one project, its history and its reports (rules B3–B5, S16)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.items import item_cards
from handlers.understanding import answers
from models.notices.ledger import (
    History,
    HistoryLine,
    NotAllFound,
    Option,
    PastYear,
    ProjectChoice,
    ProjectGlimpse,
    ProjectPage,
    RestInPrivate,
)
from models.operations import ledger, questions, red_days
from models.operations.standing import standing
from models.queries import audits, entries, plans, scopes
from models.queries import items as item_queries
from models.queries import lights as light_queries
from models.queries.directory import ProjectInfo
from models.rules.money import percent, wan
from models.tables.drafts import Question
from models.types import Light, Subject

SHOWN: Final = 10
YEARS_SHOWN: Final = 3
MOST_AT_ONCE: Final = 5  # pages


CHOICE: Final = "query.project"
_PART: Final = re.compile(
    r"^(?P<name>.+?)(?:(?<![\s的])[\s的]++)?(?P<part>历史|上报记录|上报历史|上报情况|(?:在办)?问题|进度|进展|情况|亮灯|资金)$"
)


def show(context: Context, mention: str) -> bool:
    """Answer with the project's page, or a choice; False when nothing the asker may see fits.

    In a group only what belongs into it is shown there; the rest goes to the asker alone (rule B5).
    """
    found = access.candidates(context, mention)
    if not found and context.group is not None:
        found = access.private_candidates(context, mention)
        if not found:
            return False
        context.say(RestInPrivate())
        context.say_privately(_answer(context, found, private=True))
        return True
    if not found:
        return _glimpse(context, mention)
    context.say(_answer(context, found, private=False))
    return True


def show_several(context: Context, mentions: Sequence[str]) -> bool:
    """The page of each; False when the asker may see none of them. In a group as `show` (rule B5)."""
    here: dict[int, ProjectInfo] = {}
    elsewhere: dict[int, ProjectInfo] = {}
    unknown: list[str] = []
    for mention in mentions[:MOST_AT_ONCE]:
        found = access.candidates(context, mention)
        private = access.private_candidates(context, mention) if not found and context.group else ()
        if len(found) == 1:
            here[found[0].id] = found[0]
        elif len(private) == 1:
            elsewhere[private[0].id] = private[0]
        else:
            unknown.append(mention)
    if not here and not elsewhere:
        return False
    for info in here.values():
        context.say(page(context, info))
    for info in elsewhere.values():
        context.say_privately(page(context, info))
    if unknown:
        context.say(NotAllFound(tuple(unknown)))
    if elsewhere:
        context.say(RestInPrivate(some=bool(here)))
    return True


def _answer(
    context: Context, found: tuple[ProjectInfo, ...], *, private: bool
) -> ProjectPage | ProjectChoice:
    if len(found) == 1:
        return page(context, found[0])
    questions.ask(
        context.desk, context.sender, kind=CHOICE, body={"codes": [one.code for one in found]},
        group_id=None if private else context.group_id,
    )  # fmt: skip
    return ProjectChoice(
        options=tuple(
            Option(number, one.code, one.name, ledger.project_row(context.desk, one.id).ytd_fen)
            for number, one in enumerate(found, start=1)
        )
    )


def answer(context: Context, question: Question, text: str) -> bool:
    """「2」 after a choice; 「0 都不是」 ends it."""
    choice = answers.parse_choice(text)
    codes = list(question.body["codes"])
    if choice is None or choice > len(codes):
        return False
    questions.close(context.desk, context.sender, group_id=context.group_id)
    if choice == 0:
        context.say(NotAllFound(()))  # said, not raised: a refusal would leave the question open
        return True
    context.say(page(context, access.project(context, codes[choice - 1])))
    return True


def press_show(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    context.say(page(context, access.project(context, str(args["code"]))))


def press_none(context: Context, _args: Mapping[str, str | int], _text: str) -> None:
    """[0 都不是]"""
    question = questions.open_question(context.desk, context.sender, group_id=context.group_id)
    if question is not None and question.kind == CHOICE:
        questions.close(context.desk, context.sender, group_id=context.group_id)
    context.say(NotAllFound(()))


def show_part(context: Context, wanted: str) -> bool:
    """「循环园 上报记录」, 「循环园的问题」: what a button of the page shows; False when the words name no project."""
    said = _PART.match(wanted)
    if said is None:
        return False
    found = access.candidates(context, said["name"].strip())
    if not found and context.group is not None:
        found = access.private_candidates(context, said["name"].strip())
        if found:
            context.say(RestInPrivate())
            context = replace(context, group=None)
    if len(found) > 1:
        context.say(_answer(context, found, private=context.group is None))
    if len(found) != 1:
        return bool(found)
    press = _PARTS.get(said["part"].removeprefix("在办"), press_show)
    press(context, {"code": found[0].code}, "")
    return True


def page(context: Context, info: ProjectInfo) -> ProjectPage:
    """The page with what is asked about a light besides: since when, and how far the feedback is (rules E9, E12)."""
    shown = _page(context, info)
    case = light_queries.case(context.session, info.id)
    state = light_queries.state(context.session, info.id)
    if case is None or state is None or case.light != state.shown:
        return shown
    return replace(
        shown, warned=Light(case.light), red_days=state.red_days if state.shown == Light.RED.value else 0,
        feedback=red_days.feedback_words(context.desk, case), feedback_due_at=case.feedback_due_at,
    )  # fmt: skip


def _page(context: Context, info: ProjectInfo) -> ProjectPage:
    desk, directory = context.desk, context.directory
    row = ledger.project_row(desk, info.id)
    plan = plans.investment(context.session, info.id, desk.today.year)
    responsible = directory.responsible_person(info)
    return ProjectPage(
        code=info.code,
        name=info.name,
        categories=tuple(directory.categories[number].name for number in info.category_ids),
        unit=directory.units[info.unit_id].name,
        place=directory.regions[info.region_id].name if info.region_id is not None else "市本级",
        task_force=directory.task_forces[info.task_force_id].name if info.task_force_id is not None else "",
        stage=row.stage,
        image_progress=row.image_progress or "",
        image_progress_as_of=row.image_progress_as_of,
        ytd_fen=row.ytd_fen,
        plan_fen=plan.plan_fen if plan else None,
        year=row.figure_year,
        ytd_as_of=row.ytd_as_of,
        since_start_fen=None if row.prior_years_fen is None else row.prior_years_fen + row.ytd_fen,
        total_fen=row.total_fen,
        standing=standing(desk, row),
        shown=_shown(context, info.id),
        planned_start=row.planned_start or "",
        started_on=row.started_on or "",
        planned_finish=row.planned_finish or "",
        finished_on=row.finished_on or "",
        open_items=item_queries.open_count(context.session, info.id),
        arrived_fen=row.arrived_fen,
        allocated_fen=row.allocated_fen,
        paid_fen=row.paid_fen,
        funds_as_of=row.funds_as_of,
        responsible=responsible.label if responsible else "",
        last_report_on=row.last_report_on,
        today=desk.today,
        past=_past_years(context, info.id),
    )


def _past_years(context: Context, project_id: int) -> tuple[PastYear, ...]:
    """The closed years, the newest first: questions about them go on being answered (rule D6)."""
    found = []
    for closed in plans.closed_years(context.session, project_id, most=YEARS_SHOWN):
        plan = plans.investment(context.session, project_id, closed.year)
        share = percent(Fraction(closed.ytd_fen, plan.plan_fen)) if plan else None
        found.append(
            PastYear(closed.year, closed.ytd_fen, closed.as_of, plan.plan_fen if plan else None, share)
        )
    return tuple(found)


def _shown(context: Context, project_id: int) -> str:
    """绿, or 绿(调) for an adjusted light (rule E14)."""
    light, adjusted = light_queries.shown(context.session, project_id)
    return f"{light.value}(调)" if adjusted else light.value


def _glimpse(context: Context, mention: str) -> bool:
    """Name, location and stage for those who may see no more (rule B3); never in a group."""
    seen: frozenset[int] = frozenset()
    for person in access.in_every_house(context):
        seen |= scopes.glimpsed_projects(context.directory, person)
    if not seen or context.group is not None:
        return False
    result = context.names.match(mention, visible=seen, place=access.place(context))
    if result.project_id is None:
        return False
    info = context.directory.projects[result.project_id]
    row = ledger.project_row(context.desk, info.id)
    place = context.directory.regions[info.region_id].name if info.region_id is not None else ""
    context.say(ProjectGlimpse(code=info.code, name=info.name, place=place, stage=row.stage))
    return True


def press_history(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    info = access.project(context, str(args["code"]))
    context.say(history_of(context, Subject("project", info.id), f"{info.code} 历史"))


def history_of(
    context: Context, subject: Subject, title: str, *, skip: int = 0, record: tuple[str, int] = ("", 0)
) -> History:
    """record: kind and id where the reader may ask for more, and export it. skip: lines shown before."""
    rows, total = audits.latest(context.session, subject, limit=SHOWN, skip=skip)
    return History(
        title=title,
        total=total,
        record=record,
        skipped=skip,
        lines=tuple(
            HistoryLine(
                row.at,
                row.by_name,
                audits.named(context.directory, row),
                audits.REASON_WORDS.get(row.reason or "", row.reason or ""),
            )
            for row in rows
        ),
        messages=()
        if skip
        else tuple(
            HistoryLine(sent.at, sent.to, sent.state, sent.reason)
            for sent in audits.messages_about(context.session, subject, context.directory, limit=SHOWN)
        ),
    )


def press_entries(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    info = access.project(context, str(args["code"]))
    rows = entries.of_project(context.session, info.id, limit=SHOWN)
    people = context.directory.people
    lines = []
    for row in rows:
        author = people.get(row.author_id) if row.author_id is not None else None
        figure = (
            f"今年累计 {wan(row.ytd_fen)} 万元（{row.as_of:%m-%d}）"
            if row.ytd_fen is not None
            else "无新数字"
        )
        mark = "，已撤销" if row.undone_at is not None else ""
        lines.append(HistoryLine(row.at, author.label if author else "系统", figure + mark, row.reason or ""))
    context.say(History(title=f"{info.code} 上报记录", total=len(lines), lines=tuple(lines), messages=()))


def press_items(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    info = access.project(context, str(args["code"]))
    item_cards.show_project(context, info)


_PARTS: Final[Mapping[str, Callable[[Context, Mapping[str, str | int], str], None]]] = {
    "历史": press_history,
    "问题": press_items,
    **dict.fromkeys(("上报记录", "上报历史", "上报情况"), press_entries),
}
