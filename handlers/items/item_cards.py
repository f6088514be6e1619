"""Showing problem items: one with its history, or a list (rules B3, B8, D5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_assists as assist_handlers
from handlers.items import item_raising, province_reports
from models.notices.base import Action
from models.notices.item_assists import finish_action, waive_actions
from models.notices.item_extensions import extend_action, extension_actions
from models.notices.items import (
    HistoryLine,
    ItemCard,
    ItemEvaluation,
    ItemLine,
    ItemList,
    decision_actions,
    feedback_actions,
    receive_actions,
    reopen_action,
    review_actions,
    ruling_actions,
    set_due_action,
)
from models.operations import item_assists, item_dues, item_levels, item_reopening, items
from models.queries import audits, item_history, item_parties, scopes
from models.queries import item_tasks as task_queries
from models.queries import items as item_queries
from models.queries.directory import ProjectInfo
from models.rules import calendar
from models.rules.items import ENDED, ItemAct, allowed
from models.rules.posts import LEADERS
from models.tables.audit import AuditRow
from models.tables.items import Item
from models.types import ItemState

MOST_LINES: Final = 20
MOST_HISTORY: Final = 8
_HISTORY_FIELDS: Final = (
    "state",
    "feedback_state",
    "letter_draft",
    "escalation_draft",
    "level",
    "supplement",
    "effect",
    "follows",
    "followed_by",
    "assist",
    "extension",
    "province_number",
    "province_reply",
)
_REASONED: Final = frozenset({"state", "feedback_state", "supplement", "extension"})
_FEEDBACK: Final = {"submitted": "提交反馈", "accepted": "采纳反馈", "returned": "退回反馈"}


def show(context: Context, item: Item) -> None:
    """The item's card; the buttons are those the sender may use now."""
    context.say(item_card(context, item))


def item_card(context: Context, item: Item) -> ItemCard:
    """All that is known of an item that the sender may see (use item_access first)."""
    directory = context.directory
    facts = items.facts(context.desk, item)
    force = items.task_force(context.desk, item)
    responsible = item_parties.person(directory, item.person_id)
    supervisor = item_parties.person(directory, item.supervisor_id)
    raiser = item_parties.person(directory, item.raised_by_id)
    what, next_at = next_step(context, item)
    times, workdays = item_dues.overdue_now(context.desk, item)
    into = item_queries.by_id(context.session, item.merged_into_id)
    parent = item_queries.by_id(context.session, item.parent_id)
    return ItemCard(
        facts,
        state="待批示" if item_levels.awaits_decision(context.desk, item) else item.state,
        level=item_levels.level_of(context.desk, item).name,
        holder=holder(context, item),
        next_step=what,
        next_at=next_at,
        overdue=next_at is not None and next_at < context.now,
        task_force=force.name if force else "综合专班",
        kind=item.kind,
        tags=tuple(item.tags),
        restricted=item.restricted,
        wanted=item.wanted,
        goal=item.goal,
        measures=item.measures,
        unit=items.unit_name(context.desk, item),
        person=responsible.label if responsible else "",
        supervisor=supervisor.label if supervisor else "",
        raised_by=raiser.label if raiser else "",
        raised_at=item.raised_at,
        dispatched_at=item.dispatched_at,
        received_at=item.received_at,
        due_at=item.due_at,
        feedback_due_at=item.feedback_due_at if item.state == ItemState.IN_PROGRESS.value else None,
        closed_at=item.closed_at,
        merged_into=into.number if into is not None else "",
        handling_workdays=item_history.handling_workdays(context.directory, item, context.now),
        returns=item.returns,
        refusals=item.refusals,
        extensions=item.extensions,
        overdue_times=times,
        overdue_workdays=workdays,
        parent=parent.number if parent is not None else "",
        tasks=tuple(_line(context, one) for one in task_queries.tasks_of(context.session, item.id)),
        assists=_assists(context, item),
        instructions=_instructions(context, item),
        history=_history(context, item),
        verbs=_verbs(context, item),
        above=_above(context, item),
        province=province_reports.lines(context, item),
    )


def _above(context: Context, item: Item) -> tuple[str, ...]:
    """How the city's item of a county's item stands: status, decisions, due dates, tasks (rules G5, Q3)."""
    linked = item_queries.of_origin(context.session, item.id)
    if linked is None:
        return ()
    what, at = next_step(context, linked)
    by = f"，{what} {calendar.local(at):%m-%d %H:%M} 前" if at is not None else ""
    due = f"，办结时限 {calendar.local(linked.due_at):%m-%d %H:%M}" if linked.due_at is not None else ""
    level = item_levels.level_of(context.desk, linked).name
    going_on = "" if ItemState(linked.state) in ENDED else f"，现由{holder(context, linked)}{by}{due}"
    lines = [f"市级 {linked.number}：{linked.state}，{level}{going_on}"]
    lines.extend(
        f"市级批示（{calendar.local(one.at):%m-%d %H:%M}）{one.text}"
        for one in _instructions(context, linked)
    )
    lines.extend(
        f"市级任务 {one.number} {one.holder}，{one.state}"
        + (f"，{one.what} {calendar.local(one.due_at):%m-%d %H:%M} 前" if one.due_at is not None else "")
        for one in (_line(context, task) for task in task_queries.tasks_of(context.session, linked.id))
    )
    return tuple(lines)


def holder(context: Context, item: Item) -> str:
    """Who has the item in hand now."""
    directory = context.directory
    if item_levels.awaits_decision(context.desk, item):
        found = item_levels.deciders(context.desk, item)
        return "、".join(one.label for one in found) or item_levels.leaders(context.desk, item)
    match ItemState(item.state):
        case ItemState.SCREENING | ItemState.AWAITING_CLOSE:
            return "、".join(one.label for one in item_parties.screeners(directory, item)) or "综合专班"
        case ItemState.UNDER_REVIEW:
            authors = item_history.closing_authors(context.session, item.id)
            found = item_parties.closing_reviewers(directory, item, authors, context.now)
            return "、".join(one.label for one in found) or "综合专班负责人"
        case ItemState.AWAITING_RECEIPT | ItemState.IN_PROGRESS:
            person = item_parties.responsible(directory, item)
            unit = items.unit_name(context.desk, item)
            return (f"{unit} {person.label}" if person else unit) or "各任务承办单位"
    return "无"


def next_step(context: Context, item: Item) -> tuple[str, datetime | None]:
    """What is awaited, and until when."""
    if item_levels.awaits_decision(context.desk, item):
        return "批示", None
    match ItemState(item.state):
        case ItemState.SCREENING:
            return "甄别", None
        case ItemState.AWAITING_RECEIPT:
            return "签收", item_dues.receipt_due(context.desk, item)
        case ItemState.IN_PROGRESS if item.due_at is None and item.feedback_due_at is None:
            return "完成批示任务", _last_task_due(context, item)
        case ItemState.IN_PROGRESS:
            closing_first = item.due_at is not None and (
                item.feedback_due_at is None or item.due_at < item.feedback_due_at
            )
            return ("办结", item.due_at) if closing_first else ("定期反馈", item.feedback_due_at)
        case ItemState.UNDER_REVIEW:
            return "审核办结", None
        case ItemState.AWAITING_CLOSE:
            return "销号", None
    return "无", None


def _last_task_due(context: Context, item: Item) -> datetime | None:
    tasks = task_queries.tasks_of(context.session, item.id)
    return max((one.due_at for one in tasks if one.due_at is not None), default=None)


def evaluation(context: Context, item: Item) -> ItemEvaluation:
    """What is kept for evaluation (rule F14)."""
    times, workdays = item_dues.overdue_now(context.desk, item)
    return ItemEvaluation(
        items.facts(context.desk, item),
        handling_workdays=item_history.handling_workdays(context.directory, item, context.now) or 0,
        returns=item.returns,
        refusals=item.refusals,
        extensions=item.extensions,
        overdue_times=times,
        overdue_workdays=workdays,
    )


def _verbs(context: Context, item: Item) -> tuple[Action, ...]:
    """Buttons for the acts that the sender may do now."""
    args = (("item", item.id),)
    facts = items.facts(context.desk, item)
    may = allowed(ItemState(item.state), item_access.parties(context, item))
    if item_levels.awaits_decision(context.desk, item):
        leads = access.holds(context, *LEADERS)
        return decision_actions(facts) if leads else ()
    found: list[Action] = []
    if item_queries.undecided(context.session, item) and any(
        one in item_levels.deciders(context.desk, item) for one in access.own_and_principals(context)
    ):
        found.extend(decision_actions(facts))
    if ItemAct.DISPATCH in may:
        found.append(Action("交办", "item.dispatch", args))
    if ItemAct.RECEIVE in may:
        found.extend(receive_actions(facts))
    if ItemAct.FEED_BACK in may:
        found.extend(feedback_actions(facts))
    if ItemAct.EXTEND in may and item.due_at is not None:
        found.append(extend_action(facts))
    if ItemAct.DECIDE_EXTENSION in may:
        request = task_queries.extension_waiting(context.session, item.id)
        found.extend(extension_actions(facts, request.id) if request is not None else ())
    pending = item_history.feedback_under_review(context.session, item.id)
    if ItemAct.REVIEW_FEEDBACK in may and pending is not None:
        found.extend(review_actions(facts, pending.id))
    if ItemAct.APPROVE in may:
        found.extend(ruling_actions(facts))
    if ItemAct.CLOSE in may:
        found.append(Action("销号", "item.close", args))
    if ItemAct.REOPEN in may and item_reopening.refused(context.desk, item) is None:
        found.append(reopen_action(facts))
    if (raising := _raise_action(context, item)) is not None:
        found.append(raising)
    found.extend(province_reports.actions(context, item))
    if ItemAct.SET_DUE in may and item_reopening.awaits_due(item):
        found.append(set_due_action(facts))
    left = tuple(
        item_assists.line(context.desk, one) for one in task_queries.open_assists(context.session, item.id)
    )
    if left and ItemAct.FINISH_ASSIST in may:
        found.extend(finish_action(facts, one.id) for one in assist_handlers.own_open(context, item)[:1])
    if left and ItemAct.WAIVE_ASSIST in may:
        found.extend(waive_actions(facts, left))
    return tuple(found)


def _assists(context: Context, item: Item) -> tuple[str, ...]:
    """协办 units with their tasks (rule F11)."""
    lines = (item_assists.line(context.desk, one) for one in task_queries.assists(context.session, item.id))
    return tuple(
        f"{line.unit} {line.person}，{line.task}（{line.state}，{calendar.local(line.due_at):%m-%d %H:%M} 前）"
        for line in lines
    )


def _raise_action(context: Context, item: Item) -> Action | None:
    """[提级 3级] for who decides on that step (rule G2); others propose with /提级."""
    to_level = item.level + 1
    may = not item_levels.goes_above(context.desk, item, to_level) and item.parent_id is None
    started = item.state in (ItemState.IN_PROGRESS.value, ItemState.AWAITING_RECEIPT.value)
    if not (may and started and item_raising.decided_by(context, item, to_level)):
        return None
    return Action(f"提级 {to_level}级", "item.raise", (("item", item.id), ("level", to_level)))


def _history(context: Context, item: Item) -> tuple[HistoryLine, ...]:
    """The last steps, oldest first."""
    rows = audits.last_steps(context.session, items.subject(item), _HISTORY_FIELDS, limit=MOST_HISTORY)
    return tuple(HistoryLine(row.at, _words(row)) for row in rows)


def _words(row: AuditRow) -> str:
    what = {
        "state": "重开" if row.old == ItemState.CLOSED.value else row.new or "",
        "feedback_state": _FEEDBACK.get(row.new or "", row.new or ""),
        "letter_draft": f"{row.new}草稿",
        "escalation_draft": f"提级建议（{row.new}级）",
        "level": f"层级 {row.old} → {row.new}",
        "supplement": "退回补充",
        "effect": f"效果{row.new}",
        "follows": f"承接 {row.new}",
        "followed_by": f"另立新问题 {row.new}",
        "assist": f"协办 {row.new}",
        "extension": f"延期 {row.new}",
        "province_number": f"报省 文号 {row.new}",
        "province_reply": "登记省级批复",
    }[row.field]
    reason = f"：{row.reason}" if row.reason and row.field in _REASONED else ""
    return f"{what} {row.by_name}{reason}"


def _instructions(context: Context, item: Item) -> tuple[HistoryLine, ...]:
    """批示 on the item, oldest first (rule G4)."""
    rows = item_history.instructions(context.session, item.id)
    return tuple(HistoryLine(row.at, f"{_name(context, row.by_id)}：{row.text}") for row in rows)


def _name(context: Context, person_id: int) -> str:
    person = item_parties.person(context.directory, person_id)
    return person.label if person else "已离任"


# --- lists


def visible_of_project(context: Context, project: ProjectInfo) -> list[Item]:
    """在办 items of a project that the sender may see here; the only list to count from (rules B8, D5)."""
    return [
        item
        for item in item_queries.of_project(context.session, project.id)
        if item_access.visible(context, item)
    ]


def show_project(context: Context, project: ProjectInfo) -> None:
    found = visible_of_project(context, project)
    context.say(_list(context, f"{project.code} {project.name}", found))


def open_visible(context: Context) -> list[Item]:
    """Every open item that the sender may see, in a group too what the group may not (rule B5)."""
    houses = dict.fromkeys(one.organisation_id for one in access.in_every_house(context))
    return [
        item
        for house in houses
        for item in item_queries.open_of_organisation(context.session, house)
        if item_access.visible_privately(context, item)
    ]


def show_all(context: Context) -> None:
    """Every open item that the sender may see here, with what a city sees of its counties' own."""
    found = open_visible(context)
    if context.group is not None:
        show_cut(context, "您可查看的问题", found)
        return
    oversees = scopes.asker(context.directory, context.sender).oversees
    counties = (
        item_queries.county_counts(
            context.session, context.directory, context.desk.policies, context.sender.organisation_id
        )
        if oversees
        else []
    )
    level = context.desk.policy_of(context.sender.organisation_id).levels[0].name
    context.say(
        replace(_list(context, "您可查看的问题", found), counties=tuple(counties), county_level=level)
    )


def show_in_state(context: Context, state: str) -> None:
    """The open items in one state that the sender may see; empty: all of them."""
    if not state:
        show_all(context)
        return
    show_cut(context, state, [item for item in open_visible(context) if item.state == state])


def show_cut(context: Context, heading: str, found: list[Item]) -> None:
    """What the sender may see; in a group what it may see too, the rest in private (rule B5)."""
    if context.group is not None:  # that there is a restricted one is not hinted at either (rule B8)
        found = [item for item in found if not item.restricted]
    here = [item for item in found if item_access.visible(context, item)]
    if len(here) == len(found):
        show_found(context, heading, found)
        return
    context.say(replace(_list(context, f"{heading}（本群范围内）", here), elsewhere=True))
    context.say_privately(_list(context, heading, found))


def show_found(context: Context, heading: str, found: list[Item]) -> None:
    """Several items that the sender may see here."""
    context.say(_list(context, heading, found))


def _list(context: Context, heading: str, found: list[Item]) -> ItemList:
    """Problems first; the tasks of a 批示 stand behind them and are no problems of their own (rules D5, G4)."""
    found = sorted(found, key=lambda item: item.parent_id is not None)
    lines = tuple(_line(context, item) for item in found[:MOST_LINES])
    tasks = sum(item.parent_id is not None for item in found)
    return ItemList(heading=heading, items=lines, more=max(0, len(found) - MOST_LINES), tasks=tasks)


def _line(context: Context, item: Item) -> ItemLine:
    what, at = next_step(context, item)
    return ItemLine(
        number=item.number,
        title=item.title,
        state="待批示" if item_levels.awaits_decision(context.desk, item) else item.state,
        holder=holder(context, item) if item.state not in ENDED else items.unit_name(context.desk, item),
        what=what,
        due_at=at,
    )
