"""协办: units beside the 责任单位 have tasks of their own; 办结 waits for them (rule F11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.errors import Invalid, StateForbids
from models.notices.item_assists import (
    AssistAssigned,
    AssistDue,
    AssistDueMoved,
    AssistFinished,
    AssistLine,
    AssistWaived,
    ClosingHeld,
    ClosingReady,
)
from models.operations import items
from models.operations.desk import Desk
from models.queries import attachments, drafts, item_parties
from models.queries import item_tasks as task_queries
from models.queries.directory import PersonInfo
from models.rules import calendar, ladder
from models.rules.items import ItemAct
from models.rules.ladder import RungName
from models.tables.drafts import Draft
from models.tables.items import Item, ItemAssist
from models.types import Subject

OPEN: Final = "open"
DONE: Final = "done"
WAIVED: Final = "waived"
ENDED: Final = "ended"
STATE_WORDS: Final = {OPEN: "未完成", DONE: "已完成", WAIVED: "已免除", ENDED: "已终止"}
REMINDER: Final = "item_assist_reminder"
_STEPS: Final = (RungName.REMIND, RungName.URGE)


@dataclass(frozen=True, slots=True)
class NewAssist:
    """A task for a unit. unit_name: as it was written. due_at: None for the item's 办结时限."""

    unit_id: int
    unit_name: str
    person_id: int
    task: str
    due_at: datetime | None = None


def subject(assist: ItemAssist) -> Subject:
    return Subject("item_assist", assist.id)


def line(desk: Desk, assist: ItemAssist) -> AssistLine:
    """A task as messages show it."""
    person = desk.directory.people.get(assist.person_id)
    return AssistLine(
        assist.id,
        assist.unit_name,
        person.label if person else "",
        assist.task,
        assist.due_at,
        STATE_WORDS[assist.state],
    )


# --- given and taken back


def assign(desk: Desk, item: Item, wanted: Sequence[NewAssist]) -> tuple[ItemAssist, ...]:
    """Give tasks to 协办 units, beside those there are; each 责任人 is told.

    Raises Invalid for the 责任单位 itself, for a unit that has an open task, and for a due time that has passed.
    """
    busy = {one.unit_name for one in task_queries.open_assists(desk.session, item.id)}
    made: list[ItemAssist] = []
    for one in wanted:
        due_at = one.due_at or item.due_at
        if one.unit_name in busy:
            raise Invalid(f"{one.unit_name}已是 {item.number} 的协办单位")
        if one.unit_id == item.unit_id and one.person_id == item.person_id:
            raise Invalid(f"{one.unit_name}是主办单位，不能同时协办")
        if due_at is None or due_at <= desk.now:
            raise Invalid("协办时限已过或未定", mend="请写明协办时限，例：时限 10月10日")
        busy.add(one.unit_name)
        assist = ItemAssist(
            item_id=item.id,
            unit_id=one.unit_id,
            unit_name=one.unit_name,
            person_id=one.person_id,
            task=one.task,
            due_at=due_at,
            state=OPEN,
            created_at=desk.now,
        )
        desk.session.add(assist)
        made.append(assist)
    if not made:
        return ()
    desk.session.flush()
    changes: dict[str, Any] = {
        "assisting": [*item.assisting, *([one.unit_id, one.person_id] for one in made)]
    }
    if item.restricted:
        changes["visible_to"] = sorted({*item.visible_to, *(one.person_id for one in made)})
    items.change(desk, item, **changes)
    for assist in made:
        _note(desk, item, assist, None)
        _watch(desk, assist)
    _tell_assigned(desk, item, made)
    return tuple(made)


def _tell_assigned(desk: Desk, item: Item, made: Iterable[ItemAssist]) -> None:
    responsible = item_parties.responsible(desk.directory, item)
    host = " ".join(
        one for one in (items.unit_name(desk, item), responsible.label if responsible else "") if one
    )
    for assist in made:
        person = desk.directory.people.get(assist.person_id)
        if person is not None:
            desk.notify(
                AssistAssigned(items.facts(desk, item), line(desk, assist), host),
                to=person,
                key=items.key_of(item, f"assist {assist.id}"),
                reason="协办任务",
                about=items.subject(item),
            )


def _watch(desk: Desk, assist: ItemAssist) -> None:
    """提醒 one workday before, 催办 one workday after, or when the policy of the item has them."""
    steps = items.policy_of(desk, items.get(desk, assist.item_id)).ladder
    for rung in ladder.rungs(assist.due_at, desk.directory.calendar, steps):
        if rung.name in _STEPS and rung.at > desk.now:
            desk.set_timer(REMINDER, subject(assist), due_at=rung.at, step=rung.name.value)


def remind(desk: Desk, assist: ItemAssist) -> str:
    """A task is due soon or overdue: its 责任人 is told; for the timer."""
    item = items.get(desk, assist.item_id)
    person = desk.directory.people.get(assist.person_id)
    if assist.state != OPEN or person is None:
        return "已无需提醒"
    late = ladder.overdue_workdays(assist.due_at, desk.now, desk.directory.calendar)
    desk.notify(
        AssistDue(items.facts(desk, item), line(desk, assist), late),
        to=person,
        key=f"assist {assist.id} due {late}",
        reason="协办催办" if late else "协办到期提醒",
        about=items.subject(item),
    )
    return "已提醒"


def follow(desk: Desk, item: Item, old_due_at: datetime) -> None:
    """What was due with the item is due with it still, now that it has more time; its 责任人 is told (rule F7)."""
    for assist in task_queries.open_assists(desk.session, item.id):
        person = desk.directory.people.get(assist.person_id)
        if assist.due_at != old_due_at or item.due_at is None:
            continue
        assist.due_at = item.due_at
        desk.session.flush()
        what = f"{assist.unit_name} {assist.task} 时限"
        old, new = (f"{what} {calendar.local(one):%m-%d %H:%M}" for one in (old_due_at, item.due_at))
        desk.record(items.subject(item), {"assist": (old, new)}, reason="已延期")
        desk.cancel_timers(subject(assist), REMINDER, reason="已延期")
        _watch(desk, assist)
        if person is not None and person.id != desk.actor.person_id:
            desk.notify(
                AssistDueMoved(items.facts(desk, item), line(desk, assist), old_due_at),
                to=person,
                key=items.key_of(item, f"assist {assist.id} moved"),
                reason="协办时限随延期",
                about=items.subject(item),
            )


def end_all(desk: Desk, item: Item, why: str) -> None:
    """The item is handed out anew or over: its tasks are void."""
    for assist in task_queries.assists(desk.session, item.id):
        if assist.state == OPEN:
            _end(desk, item, assist, ENDED, reason=why)
        else:
            assist.state = ENDED
    if item.assisting:
        items.change(desk, item, assisting=[])
    desk.withdraw(items.subject(item), reason=why, notices=(AssistAssigned, ClosingHeld, ClosingReady))


# --- done, waived


def finish(desk: Desk, item: Item, assist: ItemAssist, result: str) -> AssistFinished:
    """完成协办 by the 协办 unit. Returns what is said to who did it."""
    items.may(desk, item, ItemAct.FINISH_ASSIST)
    _check_open(item, assist, "完成协办")
    assist.result = result.strip() or None
    _end(desk, item, assist, DONE)
    left = len(task_queries.open_assists(desk.session, item.id))
    told = AssistFinished(
        items.facts(desk, item), line(desk, assist), desk.actor.label, result.strip(), left, own=False
    )
    desk.notify(
        told,
        to=_hosts(desk, item),
        key=f"assist {assist.id} done",
        reason="协办完成",
        about=items.subject(item),
    )
    _release(desk, item)
    return AssistFinished(told.item, told.line, told.by, told.result, left, own=True)


def waive(desk: Desk, item: Item, assist: ItemAssist, reason: str) -> AssistWaived:
    """免除协办 by the 督办专员, with a reason. Returns what is said to who waived it."""
    items.may(desk, item, ItemAct.WAIVE_ASSIST)
    items.require_reason(ItemAct.WAIVE_ASSIST, reason)
    _check_open(item, assist, "免除协办")
    assist.reason = reason
    _end(desk, item, assist, WAIVED, reason=reason)
    told = AssistWaived(items.facts(desk, item), line(desk, assist), desk.actor.label, reason, own=False)
    person = desk.directory.people.get(assist.person_id)
    if person is not None:
        desk.notify(
            told, to=person, key=f"assist {assist.id} waived", reason="免除协办", about=items.subject(item)
        )
    _release(desk, item)
    return AssistWaived(told.item, told.line, told.by, reason, own=True)


def _check_open(item: Item, assist: ItemAssist, act: str) -> None:
    if assist.state != OPEN:
        state = f"协办 {assist.unit_name} {STATE_WORDS[assist.state]}"
        raise StateForbids(item.number, state=state, act=act)


def _end(desk: Desk, item: Item, assist: ItemAssist, state: str, *, reason: str | None = None) -> None:
    before = assist.state
    assist.state, assist.ended_at, assist.ended_by_id = state, desk.now, desk.actor.person_id
    desk.session.flush()
    _note(desk, item, assist, before, reason=reason or assist.result)
    desk.cancel_timers(subject(assist), REMINDER, reason=STATE_WORDS[state])


def _note(
    desk: Desk, item: Item, assist: ItemAssist, before: str | None, *, reason: str | None = None
) -> None:
    """The history of a task stands in that of its item."""

    def words(state: str) -> str:
        return f"{assist.unit_name} {assist.task} {STATE_WORDS[state]}"

    desk.record(
        items.subject(item),
        {"assist": (words(before) if before else None, words(assist.state))},
        reason=reason,
    )


def _hosts(desk: Desk, item: Item) -> list[PersonInfo]:
    """责任人 and 督办专员, without who acts."""
    found = (
        item_parties.responsible(desk.directory, item),
        item_parties.person(desk.directory, item.supervisor_id),
    )
    return [one for one in found if one is not None and one.id != desk.actor.person_id]


# --- what 办结 waits for


def hold(desk: Desk, item: Item, draft: Draft) -> None:
    """报办结 has to wait: the 督办专员 is told which tasks hold it up."""
    responsible = item_parties.reviewers(desk.directory, item, author_ids=())
    lines = tuple(line(desk, one) for one in task_queries.open_assists(desk.session, item.id))
    desk.notify(
        ClosingHeld(
            items.facts(desk, item),
            lines,
            items.unit_name(desk, item),
            desk.actor.label,
            str(draft.body["text"]),
        ),
        to=[one for one in responsible if one.id != desk.actor.person_id],
        key=f"closing draft {draft.id} {draft.version} held",
        reason="协办未完成",
        about=items.subject(item),
    )


def _release(desk: Desk, item: Item) -> None:
    """The last task is over: who wanted to report 办结, else the 责任人, is told."""
    if task_queries.open_assists(desk.session, item.id):
        return
    desk.withdraw(items.subject(item), reason="协办已了结", notices=(ClosingHeld,))
    kept = drafts.closings_of(desk.session, item.id)
    for draft in kept:
        author = desk.directory.people.get(draft.author_id)
        if author is not None:
            _tell_ready(desk, item, draft, author)
    person = item_parties.responsible(desk.directory, item)
    if not kept and person is not None:
        desk.notify(
            ClosingReady(items.facts(desk, item), 0, 0, 0, "", ()),
            to=person,
            key=items.key_of(item, "closing ready"),
            reason="可以报办结",
            about=items.subject(item),
        )


def _tell_ready(desk: Desk, item: Item, draft: Draft, author: PersonInfo) -> None:
    desk.notify(
        ready(desk, item, draft),
        to=author,
        key=f"closing draft {draft.id} {draft.version} ready",
        reason="可以报办结",
        about=items.subject(item),
    )


def ready(desk: Desk, item: Item, draft: Draft) -> ClosingReady:
    """The kept 办结, ready to be submitted."""
    files = attachments.of(desk.session, Subject("draft", draft.id))
    return ClosingReady(
        items.facts(desk, item),
        draft.id,
        draft.version,
        draft.number,
        str(draft.body["text"]),
        tuple(file.name for file in files),
    )


def default_task(goal: str) -> str:
    """What a 协办 unit does when nothing else was said."""
    return f"配合主办单位：{goal}"
