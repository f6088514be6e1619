"""Lists of lights: by colour, and 蓝 for what is due within a few workdays (rules E15, B5)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from handlers import access, item_access
from handlers.context import Context
from models.notices.lights import DueLine, DueListing, LightLine, LightListing
from models.operations import item_dues
from models.operations.light_announcements import gap_text, reason_lines
from models.queries import item_history, item_parties, scopes
from models.queries import item_tasks as task_queries
from models.queries import items as item_queries
from models.queries import lights as queries
from models.rules import calendar
from models.rules.lights import evaluate
from models.tables.items import Item
from models.types import ItemState, Light

BLUE = "蓝"


def show(context: Context, colour: str, *, whole_city: bool = False) -> None:
    """colour: 绿, 黄, 红, 蓝, or empty for all that are not green. In a group only what belongs there.

    whole_city: the lights of the whole city were asked for; who sees but a part is told that it is a part.
    """
    if colour == BLUE:
        _show_due(context)
        return
    everything = _listing(context, access.visible(context), colour)
    here = _listing(context, access.visible_here(context), colour)
    cut = context.group is not None and len(here.lines) < len(everything.lines)
    if whole_city and not any(
        scopes.asker(context.directory, one).oversees for one in access.own_and_principals(context)
    ):
        everything, here = replace(everything, partly=True), replace(here, partly=True)
    context.say(replace(here, elsewhere=True) if cut else here)
    if cut:
        context.say_privately(everything)


def _listing(context: Context, visible: Collection[int], colour: str) -> LightListing:
    lit = queries.by_colour(context.session, visible)
    wanted = [one for one in lit if (one.light.value == colour if colour else one.light is not Light.GREEN)]
    rows = queries.projects_of(context.session, [one.project_id for one in wanted])
    facts = queries.facts_for(context.session, list(rows.values()))
    today = context.desk.today
    evaluations = {
        number: evaluate(one, today, context.desk.lights_of(number)) for number, one in facts.items()
    }
    counts = tuple(sum(one.light is light for one in lit) for light in (Light.RED, Light.YELLOW, Light.GREEN))
    return LightListing(
        colour=colour, counts=(counts[0], counts[1], counts[2]),
        lines=tuple(
            LightLine(
                code=rows[one.project_id].code, name=rows[one.project_id].name, light=one.light,
                adjusted=one.adjusted, gap=gap_text(evaluations[one.project_id]),
                reasons=reason_lines(evaluations[one.project_id]),
            )
            for one in wanted
        ),
        elsewhere=False,
    )  # fmt: skip


# --- 蓝


def _show_due(context: Context) -> None:
    workdays = context.policy.soon_workdays
    days = context.directory.calendar
    until = calendar.deadline(days.add_workdays(context.desk.today, workdays))
    people = access.own_and_principals(context)

    def sees(item: Item) -> bool:
        who = people[:1] if item.restricted else people  # rule B8: not for delegates
        return any(item_parties.sees(context.directory, person, item) for person in who)

    everything = _due(context, until, access.visible(context), sees)
    here = _due(context, until, access.visible_here(context), lambda item: item_access.visible(context, item))
    cut = context.group is not None and len(here) < len(everything)
    context.say(_due_listing(context, here, until=until, workdays=workdays, elsewhere=cut))
    if cut:
        context.say_privately(
            _due_listing(context, everything, until=until, workdays=workdays, elsewhere=False)
        )


def _due_listing(
    context: Context, lines: list[DueLine], *, until: datetime, workdays: int, elsewhere: bool
) -> DueListing:
    return DueListing(
        workdays=workdays,
        until=until,
        due=tuple(line for line in lines if line.due_at >= context.now),
        overdue=tuple(line for line in lines if line.due_at < context.now),
        elsewhere=elsewhere,
    )


def _due(
    context: Context, until: datetime, visible: Collection[int], sees: Callable[[Item], bool]
) -> list[DueLine]:
    """What is due by then or overdue, by due time: feedback on lights, 定期反馈, 办结 and 签收 of items."""
    found = [
        DueLine(
            code=context.directory.projects[case.project_id].code,
            what=f"{case.light}灯反馈",
            due_at=case.feedback_due_at,
        )
        for case in queries.cases_awaiting_feedback(context.session, until)
        if case.project_id in visible
    ]
    for item in item_queries.in_hand(context.session):
        if sees(item):
            found.extend(line for line in _of_item(context, item) if line.due_at <= until)
    found.extend(
        DueLine(code=item.number, what=f"协办 {assist.unit_name}", due_at=assist.due_at)
        for assist, item in task_queries.all_open_assists(context.session)
        if assist.due_at <= until and sees(item)
    )
    return sorted(found, key=lambda line: (line.due_at, line.code))


def _of_item(context: Context, item: Item) -> list[DueLine]:
    if item.state == ItemState.AWAITING_RECEIPT.value:
        receipt = item_dues.receipt_due(context.desk, item)
        return [DueLine(code=item.number, what="签收", due_at=receipt)] if receipt else []
    found: list[DueLine] = []
    under_review = item_history.feedback_under_review(context.session, item.id) is not None
    if item.feedback_due_at is not None and not under_review:
        found.append(DueLine(code=item.number, what="定期反馈", due_at=item.feedback_due_at))
    if item.due_at is not None:
        found.append(DueLine(code=item.number, what="办结", due_at=item.due_at))
    return found
