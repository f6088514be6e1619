"""What waits for a person: items, warnings, drafts, decisions; overdue first (rules B6, D5, E15, H2, H5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.mine import my_lights, my_papers, my_weeks
from models.notices.base import Action
from models.notices.escalations import proposal_actions, request_actions
from models.notices.item_assists import finish_action
from models.notices.item_extensions import extension_actions
from models.notices.items import (
    MyTasks,
    Task,
    decision_actions,
    effect_actions,
    feedback_actions,
    receive_actions,
    review_actions,
    ruling_actions,
    set_due_action,
)
from models.notices.province_reports import sent_action
from models.notices.rankings import objection_actions
from models.operations import (
    draft_summaries,
    item_closing,
    item_dues,
    item_extensions,
    item_levels,
    item_raising,
    item_screening,
    items,
    ranking_lists,
    rankings,
)
from models.queries import (
    corrections,
    documents,
    item_history,
    item_parties,
    lights,
    province_reports,
    restricted,
)
from models.queries import drafts as draft_queries
from models.queries import item_tasks as task_queries
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.queries.rankings import Month
from models.rules import calendar
from models.rules.money import wan
from models.rules.posts import LEADERS
from models.tables.drafts import Draft
from models.tables.items import Item
from models.types import DraftKind, ItemState, Role

_LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)


def of_sender(context: Context) -> MyTasks:
    """Everything that waits for the sender, and for those they stand in for."""
    tasks: list[Task] = []
    for person in access.own_and_principals(context):
        suffix = "" if person.id == context.sender.id else f"（代 {person.label}）"
        found = list(_of_person(context, person))
        for there in context.directory.houses(person)[1:]:
            said = {task.text for task in found}
            found.extend(task for task in _elsewhere(context, there) if task.text not in said)
        tasks.extend(Task(task.text + suffix, task.due_at, task.verbs) for task in found)
    tasks.sort(key=lambda task: task.due_at or _LATEST)
    until = soon_until(context)
    now = context.now
    return MyTasks(
        overdue=tuple(task for task in tasks if task.due_at is not None and task.due_at < now),
        soon=tuple(task for task in tasks if task.due_at is not None and now <= task.due_at <= until),
        others=tuple(task for task in tasks if task.due_at is None or task.due_at > until),
        soon_until=until,
        soon_workdays=context.policy.soon_workdays,
    )


def _elsewhere(context: Context, person: PersonInfo) -> Iterator[Task]:
    """Items of another organisation in which the person holds posts (rule Q3)."""
    yield from _items_in_hand(context, person)
    yield from _raised_items(context, person)
    yield from _proposals(context, person)
    yield from _item_decisions(context, person)
    yield from _numbers_to_enter(context, person)


def soon_until(context: Context) -> datetime:
    """蓝: due until 18:00 of this many workdays from today (rule E15)."""
    return calendar.workday_deadline(
        context.desk.today, context.policy.soon_workdays, context.directory.calendar
    )


def _of_person(context: Context, person: PersonInfo) -> Iterator[Task]:
    yield from _items_in_hand(context, person)
    yield from _assists(context, person)
    yield from my_lights.tasks(context, person)
    yield from my_weeks.tasks(context, person)
    yield from _drafts(context, person)
    yield from my_papers.tasks(context, person, _units(context, person))
    yield from _effects(context, person)
    yield from _raised_items(context, person)
    yield from _proposals(context, person)
    yield from _item_decisions(context, person)
    yield from _numbers_to_enter(context, person)
    yield from my_lights.decisions(context, person)
    yield from _corrections(context, person)
    yield from _objections(context, person)


# --- duties


def _items_in_hand(context: Context, person: PersonInfo) -> Iterator[Task]:
    """签收, 定期反馈 and 办结 of the items for which the person is 责任人 or the unit's 联络员."""
    for item in item_queries.in_hand_of(context.session, person.id, _units(context, person)):
        if not _shows(context, person, item):
            continue
        facts = items.facts(context.desk, item)
        if item.state == ItemState.AWAITING_RECEIPT.value:
            yield Task(
                f"{item.number} 待签收 {item.title}",
                item_dues.receipt_due(context.desk, item),
                receive_actions(facts),
            )
            continue
        reviewed = item_history.feedback_under_review(context.session, item.id) is None
        verbs = feedback_actions(facts)
        if reviewed and item.feedback_due_at is not None:
            yield Task(f"{item.number} 定期反馈 {item.title}", item.feedback_due_at, verbs)
        if item.due_at is not None and (not reviewed or item.due_at <= soon_until(context)):
            yield Task(f"{item.number} 办结 {item.title}", item.due_at, () if reviewed else verbs[1:])


def to_receive(context: Context) -> tuple[str, ...]:
    """Numbers of the items that wait for 签收 by the sender, or by those they stand in for. Not for a group."""
    return tuple(
        dict.fromkeys(
            item.number
            for person in access.own_and_principals(context)
            for item in item_queries.in_hand_of(context.session, person.id, _units(context, person))
            if item.state == ItemState.AWAITING_RECEIPT.value and _shows(context, person, item)
        )
    )


def papers_to_receive(context: Context) -> tuple[str, ...]:
    """文号 of the official papers that wait for 签收 by the sender, or by those they stand in for. Not for a group."""
    return tuple(
        dict.fromkeys(
            name
            for person in access.own_and_principals(context)
            for name in my_papers.to_receive(context, person, _units(context, person))
        )
    )


def effects_to_tell(context: Context) -> tuple[str, ...]:
    """Numbers of the closed items of whose effect the sender was asked (rule F12). Not for a group."""
    return tuple(
        item.number
        for person in access.own_and_principals(context)
        for item in item_history.effect_asked_of(context.session, person.id, item_closing.EFFECT)
        if _shows(context, person, item)
    )


def to_finish(context: Context) -> tuple[str, ...]:
    """Numbers of the items of which a 协办 task waits for the sender, or for those they stand in for."""
    return tuple(
        dict.fromkeys(
            item.number
            for person in access.own_and_principals(context)
            for _, item in task_queries.assists_of(context.session, person.id, _units(context, person))
            if _shows(context, person, item)
        )
    )


def _shows(context: Context, person: PersonInfo, item: Item) -> bool:
    """Whether the sender is shown an item of the person: a delegate is shown no restricted one (rules B6, B8)."""
    own = person.id == context.sender.id
    return item_parties.sees(context.directory, person, item) and (own or not item.restricted)


def _units(context: Context, person: PersonInfo) -> list[int]:
    """Units for which the person is 联络员 or stands in."""
    units = [
        unit_id
        for unit_id in {post.unit_id for post in person.posts} | {person.unit_id}
        if unit_id is not None and person in context.directory.for_unit(unit_id, Role.LIAISON)
    ]
    stands_in = [
        unit.id
        for unit in context.directory.units.values()
        if unit.region_id is not None and person in context.directory.for_unit(unit.id, Role.LIAISON)
    ]
    return [*units, *stands_in]


def _assists(context: Context, person: PersonInfo) -> Iterator[Task]:
    """Tasks of the 协办 units for which the person speaks (rule F11)."""
    for assist, item in task_queries.assists_of(context.session, person.id, _units(context, person)):
        if _shows(context, person, item):
            yield Task(
                f"{item.number} 协办 {assist.task}",
                assist.due_at,
                (finish_action(items.facts(context.desk, item), assist.id),),
            )


def _drafts(context: Context, person: PersonInfo) -> Iterator[Task]:
    for draft in draft_queries.open_of(context.session, person.id):
        if person.id != context.sender.id and restricted.is_draft(context.session, draft):
            continue  # not for who stands in (rule B8)
        args = (("draft", draft.id), ("version", draft.version))
        yield Task(
            f"草稿{draft.number} {draft_summaries.summary(context.desk, draft)} 待确认",
            draft.expires_at,
            (
                *_confirm(draft, args),
                Action("取消", "draft.cancel", args),
            ),
        )


def _confirm(draft: Draft, args: tuple[tuple[str, str | int], ...]) -> tuple[Action, ...]:
    """A dispatch that still has gaps is completed, not confirmed."""
    label = "确认交办" if draft.kind == DraftKind.DISPATCH.value else "确认"
    return (Action(label, "draft.confirm", args),)


def _effects(context: Context, person: PersonInfo) -> Iterator[Task]:
    """跟踪问效 that waits for who raised the item (rule F12)."""
    for item in item_history.effect_asked_of(context.session, person.id, item_closing.EFFECT):
        if not _shows(context, person, item):
            continue
        facts = items.facts(context.desk, item)
        yield Task(f"{item.number} 效果待反馈 {item.title}", None, effect_actions(facts))


# --- decisions


def _raised_items(context: Context, person: PersonInfo) -> Iterator[Task]:
    """Problems put to 市领导 (rules G2, G4)."""
    if not person.holds(*LEADERS):
        return
    for item in item_queries.waiting_for_decision(context.session, person.organisation_id):
        if person in item_levels.deciders(context.desk, item) and _shows(context, person, item):
            facts = items.facts(context.desk, item)
            yield Task(f"{item.number} 待批示 {item.title}", None, decision_actions(facts))


def _proposals(context: Context, person: PersonInfo) -> Iterator[Task]:
    """提级建议 on problem items that the person decides on (rule G2)."""
    if not person.holds(Role.HUB_HEAD, Role.OFFICE_HEAD, *LEADERS):
        return
    for draft, item in lights.undecided_of_items(context.session, [person.organisation_id]):
        if person in item_raising.deciders(context.desk, item, draft.to_level) and _shows(
            context, person, item
        ):
            yield Task(
                f"{item.number} 提级建议待决定（{draft.to_level}级） {item.title}",
                None,
                proposal_actions(draft.id),
            )
    if not person.holds(Role.HUB_HEAD):
        return
    requests = lights.county_requests(
        context.session, context.directory, context.desk.policies, person.organisation_id
    )
    for draft, item in requests:
        county = context.directory.organisations[item.organisation_id].name
        yield Task(f"{county} {item.number} 提请市级协调 {draft.crux}", None, request_actions(draft.id))


def _item_decisions(context: Context, person: PersonInfo) -> Iterator[Task]:
    """Items to screen, and feedback to rule on."""
    hub = item_parties.is_hub_liaison(context.directory, person)
    head = person.holds(Role.HUB_HEAD)
    if hub or head:
        for item in item_queries.in_states(context.session, person.organisation_id, ItemState.SCREENING):
            if person not in item_screening.decides_on(context.desk, item) or not _shows(
                context, person, item
            ):
                continue
            yield Task(
                f"{item.number} 待甄别 {item.title}",
                None,
                (Action("交办", "item.dispatch", (("item", item.id),)),),
            )
    yield from _closings(context, person)
    if not (head or person.holds(Role.SUPERVISOR)):
        return
    for item in item_queries.without_due(context.session, person.organisation_id):
        reviewers = item_parties.reviewers(context.directory, item, author_ids=())
        if person in reviewers and _shows(context, person, item):
            facts = items.facts(context.desk, item)
            yield Task(f"{item.number} 重开待定办结时限 {item.title}", None, (set_due_action(facts),))
    for request, item in task_queries.extensions_waiting(context.session, person.organisation_id):
        if person in item_extensions.deciders(context.desk, item, request) and _shows(context, person, item):
            facts = items.facts(context.desk, item)
            yield Task(
                f"{item.number} 延期申请至 {calendar.local(request.new_due_at):%m-%d} {item.title}",
                None,
                extension_actions(facts, request.id),
            )
    for feedback, item in item_history.feedbacks_under_review(context.session, person.organisation_id):
        authors = {feedback.author_id, feedback.on_behalf_of_id or feedback.author_id}
        reviewers = item_parties.reviewers(context.directory, item, author_ids=authors)
        if person not in reviewers or not _shows(context, person, item):
            continue
        verbs = review_actions(items.facts(context.desk, item), feedback.id)
        yield Task(f"{item.number} 反馈待审核 {item.title}", None, verbs)


def _closings(context: Context, person: PersonInfo) -> Iterator[Task]:
    """办结 to rule on, and items to close."""
    for item in item_queries.in_states(
        context.session, person.organisation_id, ItemState.UNDER_REVIEW, ItemState.AWAITING_CLOSE
    ):
        if not _shows(context, person, item):
            continue
        if item.state == ItemState.AWAITING_CLOSE.value:
            if person in item_parties.screeners(context.directory, item):
                yield Task(
                    f"{item.number} 待销号 {item.title}",
                    None,
                    (Action("销号", "item.close", (("item", item.id),)),),
                )
            continue
        authors = item_history.closing_authors(context.session, item.id)
        if context.sender.id in item_parties.conflicted(context.directory, authors, context.now):
            continue
        if person in item_parties.closing_reviewers(context.directory, item, authors, context.now):
            verbs = ruling_actions(items.facts(context.desk, item))
            yield Task(f"{item.number} 办结待审核 {item.title}", None, verbs)


def _numbers_to_enter(context: Context, person: PersonInfo) -> Iterator[Task]:
    """报省材料 whose 文号 is given elsewhere and entered by hand (rules B10, G1)."""
    if not item_parties.is_hub(context.directory, person):
        return
    for item in province_reports.without_number(context.session, person.organisation_id):
        if _shows(context, person, item):
            facts = items.facts(context.desk, item)
            yield Task(f"{item.number} 报省待回填文号 {item.title}", None, (sent_action(facts),))


def _objections(context: Context, person: PersonInfo) -> Iterator[Task]:
    """Objections to last month's ranking that 综合专班 has to rule on (rule I4)."""
    if person not in context.directory.ledger_admins(person.organisation_id):
        return
    month = Month.before(context.desk.today)
    document = rankings.of_month(context.desk, person.organisation_id, month)
    if document is None or document.state not in documents.OPEN:
        return
    for one in ranking_lists.open_objections(document):
        name = document.body["tallies"][one["key"]]["name"]
        yield Task(
            f"{name} {month.name}考评异议待处理：{one['text'][:30]}",
            None,
            objection_actions(document.id, int(one["number"])),
        )


def _corrections(context: Context, person: PersonInfo) -> Iterator[Task]:
    if not person.holds(Role.LEDGER_ADMIN):
        return
    for one in corrections.waiting(context.session):
        project = context.directory.projects.get(one.project_id)
        if project is None or project.organisation_id != person.organisation_id:
            continue
        args = (("correction", one.id),)
        yield Task(
            f"{project.code} 更正待核 {wan(one.old_fen)} → {wan(one.new_fen)} 万元",
            None,
            (
                Action("同意", "correction.approve", args),
                Action("不同意", "correction.refuse", args, "不同意的原因"),
            ),
        )
