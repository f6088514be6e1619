"""【交办草稿】: what D4 requires is gathered step by step, then confirmed (rules B1, C4, D4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from handlers import assist_words, item_access, naming
from handlers.assist_words import Helper
from handlers.context import Context
from handlers.understanding.answers import parse_choice
from handlers.understanding.labels import labelled
from handlers.understanding.wanted import deadline_in, read_wanted
from models.errors import Invalid, NotFound
from models.notices.item_dispatch import ItemDispatched
from models.notices.item_drafts import DispatchDraftCard, DispatchGaps, ItemPersonChoice
from models.operations import drafts, item_assists, item_dispatch, items, questions
from models.operations.item_assists import NewAssist
from models.queries import drafts as draft_queries
from models.queries.directory import PersonInfo, UnitInfo
from models.rules import calendar
from models.rules.items import TAGS, ItemAct, Required, finish_of, missing
from models.tables.drafts import Draft, Question
from models.tables.items import Item
from models.types import DraftKind, DraftState, Role

MISSING: Final = "dispatch.missing"
PERSON: Final = "dispatch.person"
LONGEST: Final = 500
FAR: Final = 300  # days: a date without a year this far ahead was meant for this year
_LABELS: Final = re.compile(
    r"(?:^|[;；,，。\n\s])\s*"
    r"(推进措施|措施|责任人|督办专员|督办人|督办|办结时限|时限|目标任务|目标|责任单位|承办单位|单位|承办专班|专班|标签)"
    r"\s*(?:[:：]|改为|改成|\s|是|为)\s*"
)
_FIELDS: Final[Mapping[str, Required]] = {
    "推进措施": Required.MEASURES,
    "措施": Required.MEASURES,
    "责任人": Required.PERSON,
    "督办专员": Required.SUPERVISOR,
    "督办人": Required.SUPERVISOR,
    "督办": Required.SUPERVISOR,
    "办结时限": Required.DUE,
    "时限": Required.DUE,
    "目标任务": Required.GOAL,
    "目标": Required.GOAL,
    "责任单位": Required.UNIT,
    "承办单位": Required.UNIT,
    "单位": Required.UNIT,
}
_EMPTY_ACTIONS: Final = frozenset({"办结", "办好", "办妥", "办理", "解决", "完成"})
_SEPARATORS: Final = re.compile(r"[，,；;。\s]+")
_GIVEN_TO: Final = re.compile(
    r"(?P<before>^|[，,；;\s])(?:给|由)(?P<name>[\u4e00-\u9fff]{2,12}?)(?:同志)?(?:负责|办理|牵头)?(?=$|[，,；;。\s])"
)
_UNSPACED: Final = re.compile(  # 「责任人苏静，督办马德胜」
    r"(?P<before>^|[，,；;。\s])(?P<label>责任人|督办专员|督办人|督办)(?:是|为|由)?(?P<name>[\u4e00-\u9fff]{2,4})"
    r"(?=$|[，,；;。\s(（])"
)
_WATCHING: Final = re.compile(
    r"(?P<before>^|[，,；;。\s])由?(?P<name>[\u4e00-\u9fff]{2,4}?)(?:同志)?(?:负责)?督办(?=$|[，,；;。\s])"
)
_ROLES: Final = re.compile(r"主办|协办")
LONGEST_NAME: Final = 24  # characters of a unit's name
_EXAMPLES: Final[Mapping[Required, str]] = {
    Required.GOAL: "目标 10月15日前完成审查",
    Required.MEASURES: "措施 开辟绿色通道并联审查",
    Required.UNIT: "责任单位 市住建局",
    Required.PERSON: "责任人 彭倩",
    Required.DUE: "时限 10月15日",
    Required.SUPERVISOR: "督办专员 马德胜",
}


@dataclass(frozen=True, slots=True)
class DispatchBody:
    """What is known so far. asked, choices: a field for which one of several people must be chosen."""

    item: int
    goal: str | None = None
    measures: str | None = None
    unit: int | None = None
    person: int | None = None
    due: str | None = None  # ISO, local
    supervisor: int | None = None
    task_force: int | None = None
    tags: tuple[str, ...] = ()
    asked: str | None = None
    asked_name: str = ""
    choices: tuple[int, ...] = ()
    assists: tuple[tuple[int, str, int, str, str | None], ...] = ()  # unit, its name, person, task, due (ISO)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DispatchBody:
        lists = {name: tuple(data[name]) for name in ("choices", "tags")}
        return cls(**{**data, **lists, "assists": tuple(map(tuple, data.get("assists", ())))})

    @property
    def due_at(self) -> datetime | None:
        return datetime.fromisoformat(self.due) if self.due else None

    def missing(self) -> tuple[Required, ...]:
        values = {
            Required.GOAL: self.goal,
            Required.MEASURES: self.measures,
            Required.UNIT: self.unit,
            Required.PERSON: self.person,
            Required.DUE: self.due,
            Required.SUPERVISOR: self.supervisor,
        }
        return missing([name for name, value in values.items() if value is not None])


def start(context: Context, item: Item, text: str = "") -> None:
    """[交办] or /交办 编号 …: take what is said, ask for what is missing, or show the card."""
    item_access.desk_for(context, item, ItemAct.DISPATCH)
    draft = next(
        (
            one
            for one in draft_queries.open_of(context.session, context.sender.id, kind=DraftKind.DISPATCH)
            if one.body["item"] == item.id
        ),
        None,
    )
    body = DispatchBody.from_json(draft.body) if draft is not None else _known(context, item)
    problems: list[str] = []
    if text.strip():
        taken = _take(context, body, text)
        if taken is None:
            problems.append(f"没看懂「{text.strip()[:30]}」")
        else:
            body, problems = taken
    if draft is None:
        draft = drafts.open_draft(
            context.desk,
            context.sender,
            DraftKind.DISPATCH,
            body.to_json(),
            group_id=context.group_id,
            source=context.message.message_id,
        )
    elif body.to_json() != draft.body:
        drafts.edit(context.desk, draft, body.to_json())
    if item.returns and text.strip() and not (problems or body.missing() or body.asked):
        confirm(context, draft)  # 改交办, 裁定: what was known before is confirmed already
        return
    _show(context, draft, body, problems)


def _known(context: Context, item: Item) -> DispatchBody:
    """What the item says already: the unit and date that were wished for, a goal made of the wish."""
    due = item.due_at or item.wanted_by
    force = items.task_force(context.desk, item)
    unit_id, person_id = item.unit_id or item.wanted_unit_id, item.person_id
    if item.returns and person_id is None and unit_id in context.directory.units:
        person = next(iter(context.directory.for_unit(unit_id, Role.LIAISON)), None)
        person_id = person.id if person else None
    return DispatchBody(
        item=item.id,
        goal=item.goal or proposed_goal(context, item),
        measures=item.measures,
        unit=unit_id,
        person=person_id,
        due=calendar.local(due).isoformat() if due is not None and due > context.now else None,
        supervisor=item.supervisor_id,
        task_force=force.id if force else None,
        tags=tuple(item.tags),
    )


def proposed_goal(context: Context, item: Item) -> str | None:
    """「10-15 前完成消防设计审查并核发施工许可」 of what was wished for and the type; None without either."""
    finish = finish_of(item.kind)
    action = ""
    if item.wanted:
        action = read_wanted(
            item.wanted, calendar.local_date(item.raised_at), context.directory.calendar
        ).action
    unit = context.directory.units.get(item.wanted_unit_id or 0)
    if unit is not None:  # who does it stands beside the goal, as 责任单位
        action = (
            action.removeprefix(unit.name).removeprefix(unit.name.removeprefix("市")).removeprefix("牵头")
        )
    if not action and finish is None:
        return None
    if finish is not None and action in _EMPTY_ACTIONS:
        action = ""
    if finish is not None and (item.kind or "") not in action:
        action = f"{action}并{finish}" if action else finish
    by = f"{calendar.local(item.wanted_by):%m-%d} 前" if item.wanted_by else ""
    return f"{by}{action}"


# --- taking what is said


def _house(context: Context, body: DispatchBody) -> int:
    """The organisation whose item it is: its units and people are meant (rule Q3)."""
    return items.get(context.desk, body.item).organisation_id


def _take(context: Context, body: DispatchBody, text: str) -> tuple[DispatchBody, list[str]] | None:
    """The draft with labelled values, or a bare value for the only gap; None when nothing could be used."""
    organisation_id = _house(context, body)
    text = _with_labels(context, organisation_id, text)
    said = assist_words.roles_in(context.directory, organisation_id, text, today=context.desk.today)
    problems = [f"没有找到单位「{name}」，请写通讯录里的单位全称" for name in said.unknown]
    if said.host is not None:
        body = _hosted(context, body, said.host)
    body, refused = _helped(body, said.helpers)
    problems.extend(refused)
    parts = labelled(_LABELS, said.rest)
    found = said.host is not None or bool(said.helpers)
    head = _head_unit(context, organisation_id, said.rest) if said.host is None else None
    if head is not None and (parts or _is_returned(context, body)):
        found, body = True, _hosted(context, body, head)
    if not parts and not found and not problems:
        gaps = body.missing()
        if len(gaps) != 1:
            return None
        parts = [(gaps[0].value, text.strip())]
    # People come last: a unit named in the same text decides between namesakes.
    for label, value in sorted(
        parts, key=lambda part: _FIELDS.get(part[0]) in (Required.PERSON, Required.SUPERVISOR)
    ):
        try:
            body = _with(context, body, label, value)
        except Invalid as error:
            problems.append(f"{error.problem}。{error.mend}" if error.mend else error.problem)
    return body, problems


def _with_labels(context: Context, organisation_id: int, text: str) -> str:
    """「给林芳，马德胜督办」 as 「责任人 林芳，督办专员 马德胜」, where these are people."""

    def to(said: re.Match[str]) -> str:
        if naming.people_named(context.directory, organisation_id, said["name"]):
            return f"{said['before']}责任人 {said['name']}"
        named = naming.unit_in(context.directory, organisation_id, said["name"])
        return f"{said['before']}责任单位 {said['name']}" if named is not None else said[0]

    def watching(said: re.Match[str]) -> str:
        known = naming.people_named(context.directory, organisation_id, said["name"], Role.SUPERVISOR)
        return f"{said['before']}督办专员 {said['name']}" if known else said[0]

    def apart(said: re.Match[str]) -> str:
        known = naming.people_named(context.directory, organisation_id, said["name"])
        return f"{said['before']}{said['label']} {said['name']}" if known else said[0]

    return _WATCHING.sub(watching, _GIVEN_TO.sub(to, _UNSPACED.sub(apart, text)))


def _is_returned(context: Context, body: DispatchBody) -> bool:
    """Whether the item came back from a unit, so that another one is what is asked for."""
    return items.get(context.desk, body.item).returns > 0


def _head_unit(context: Context, organisation_id: int, text: str) -> UnitInfo | None:
    """The unit that a text begins with: 「临河区住建局，责任人 王磊」."""
    head = _SEPARATORS.split(text.strip(), maxsplit=1)[0].removeprefix("由").removeprefix("改由")
    if not head or len(head) > LONGEST_NAME:
        return None
    return naming.unit_in(context.directory, organisation_id, head)


def _hosted(context: Context, body: DispatchBody, unit: UnitInfo) -> DispatchBody:
    """The unit answers for the item; its 联络员 is 责任人."""
    person = next(iter(context.directory.for_unit(unit.id, Role.LIAISON)), None)
    return replace(body, unit=unit.id, person=person.id if person else None, asked=None, choices=())


def _helped(body: DispatchBody, helpers: tuple[Helper, ...]) -> tuple[DispatchBody, list[str]]:
    """协办 units with their tasks, the newest word about each unit; and what could not be taken."""
    known = {one[1]: one for one in body.assists}
    problems: list[str] = []
    for one in helpers:
        if one.person is None:
            problems.append(f"{one.unit_name}没有联络员，请写明协办责任人")
            continue
        due = calendar.deadline(one.due).isoformat() if one.due else None
        before = known.get(one.unit_name)
        task, due = one.task or (before[3] if before else ""), due or (before[4] if before else None)
        known[one.unit_name] = (one.unit.id, one.unit_name, one.person.id, task, due)
    return replace(body, assists=tuple(known.values())), problems


def _new_assists(body: DispatchBody) -> tuple[NewAssist, ...]:
    return tuple(
        NewAssist(
            unit_id,
            name,
            person_id,
            task or item_assists.default_task(body.goal or ""),
            datetime.fromisoformat(due) if due else None,
        )
        for unit_id, name, person_id, task, due in body.assists
    )


def _assist_words(context: Context, body: DispatchBody) -> tuple[str, ...]:
    """Each 协办 unit in a few words, for the card."""
    return tuple(
        f"{one.unit_name} {_label(context, one.person_id)}，{one.task}"
        + (f"（{calendar.local(one.due_at):%m-%d %H:%M} 前）" if one.due_at else "")
        for one in _new_assists(body)
    )


def _with(context: Context, body: DispatchBody, label: str, value: str) -> DispatchBody:
    organisation_id = _house(context, body)
    if not value:
        raise Invalid(f"{label}是空的")
    if label == "标签":
        return replace(body, tags=tuple(tag for tag in TAGS if tag in value))
    if label.endswith("专班"):
        return replace(body, task_force=_task_force(context, organisation_id, value))
    field = _FIELDS[label]
    if field is Required.GOAL:
        return replace(body, goal=value[:LONGEST])
    if field is Required.MEASURES:
        return replace(body, measures=value[:LONGEST])
    if field is Required.DUE:
        return _with_due(body, _due(context, value))
    if field is Required.UNIT:
        unit = naming.unit_in(context.directory, organisation_id, value)
        if unit is None:
            raise Invalid(f"没有找到单位「{value[:20]}」", mend="请写通讯录里的单位全称")
        return replace(body, unit=unit.id)
    roles = (Role.SUPERVISOR,) if field is Required.SUPERVISOR else ()
    people = naming.people_named(context.directory, organisation_id, value, *roles)
    if not people:
        raise Invalid(f"没有找到{field.value}「{value[:20]}」", mend="请写姓名，同名的加单位")
    if len(people) > 1:
        at_unit = [person for person in people if _is_of(context, person, body.unit)]
        people = tuple(at_unit) if len(at_unit) == 1 else people
    if len(people) > 1:
        return replace(
            body, asked=field.value, asked_name=people[0].name, choices=tuple(person.id for person in people)
        )
    if field is Required.PERSON and not _is_of(context, people[0], body.unit):
        body = replace(body, unit=people[0].unit_id)  # the named person's, not the one that was wished for
    return _with_person(body, field, people[0])


def _is_of(context: Context, person: PersonInfo, unit_id: int | None) -> bool:
    """Whether a person belongs to a unit, or to the county whose unit it is."""
    if unit_id is None:
        return False
    region_id = context.directory.units[unit_id].region_id
    home = context.directory.units[person.unit_id]
    return person.unit_id == unit_id or (region_id is not None and home.region_id == region_id)


def _with_person(body: DispatchBody, field: Required, person: PersonInfo) -> DispatchBody:
    if field is Required.SUPERVISOR:
        if not person.holds(Role.SUPERVISOR):
            raise Invalid(f"{person.label} 不是督办专员", mend="请写督办专员的姓名")
        return replace(body, supervisor=person.id, asked=None, choices=())
    return replace(body, person=person.id, unit=body.unit or person.unit_id, asked=None, choices=())


def _with_due(body: DispatchBody, due: datetime) -> DispatchBody:
    """A proposed goal that names the old date names the new one."""
    goal = body.goal
    if goal is not None and body.due_at is not None:
        goal = goal.replace(f"{body.due_at:%m-%d} 前", f"{due:%m-%d} 前", 1)
    return replace(body, due=due.isoformat(), goal=goal)


def _due(context: Context, value: str) -> datetime:
    """18:00 of the day that a text names (rule A2)."""
    day = deadline_in(value, context.desk.today, context.directory.calendar)
    if day is None:
        raise Invalid(f"没看懂时限「{value[:20]}」", mend="例：时限 10月15日")
    due = calendar.deadline(day)
    if due <= context.now or ((day - context.desk.today).days > FAR and "年" not in value):
        raise Invalid(f"时限 {due:%m-%d %H:%M} 已过", mend="请给一个将来的日期")
    return due


def _task_force(context: Context, organisation_id: int, value: str) -> int:
    for force in context.directory.task_forces.values():
        if force.organisation_id == organisation_id and value.removesuffix("专班") in force.name:
            return force.id
    raise Invalid(f"没有找到专班「{value[:20]}」")


# --- showing


def show(context: Context, draft: Draft) -> None:
    _show(context, draft, DispatchBody.from_json(draft.body), [])


def _show(context: Context, draft: Draft, body: DispatchBody, problems: list[str]) -> None:
    questions.close_for_draft(context.desk, draft.id)
    item = items.get(context.desk, body.item)
    facts = items.facts(context.desk, item)
    if body.asked is not None:
        context.say(
            ItemPersonChoice(
                facts,
                draft_id=draft.id,
                field=body.asked,
                field_name=body.asked,
                name=body.asked_name,
                choices=tuple((number, context.directory.people[number].label) for number in body.choices),
            )
        )
        questions.ask(context.desk, context.sender, kind=PERSON, group_id=context.group_id, draft_id=draft.id)
        return
    gaps = body.missing()
    if gaps or problems:
        context.say(
            DispatchGaps(
                facts,
                draft_number=draft.number,
                missing=tuple(gap.value for gap in gaps),
                problems=tuple(problems),
                example="；".join(_EXAMPLES[gap] for gap in gaps),
                person=_label(context, body.person),
            )
        )
        questions.ask(
            context.desk, context.sender, kind=MISSING, group_id=context.group_id, draft_id=draft.id
        )
        return
    assert body.goal is not None and body.measures is not None and body.due_at is not None  # noqa: PT018
    assert body.unit is not None
    force = context.directory.task_forces.get(body.task_force or 0)
    context.say(
        DispatchDraftCard(
            facts,
            draft_id=draft.id,
            version=draft.version,
            number=draft.number,
            goal=body.goal,
            measures=body.measures,
            unit=context.directory.units[body.unit].name,
            person=_label(context, body.person),
            due_at=body.due_at,
            supervisor=_label(context, body.supervisor),
            task_force=force.name if force else "综合专班",
            tags=body.tags,
            assists=_assist_words(context, body),
        )
    )


def _label(context: Context, person_id: int | None) -> str:
    person = context.directory.people.get(person_id) if person_id is not None else None
    return person.label if person else ""


# --- answering, editing, confirming


def answer(context: Context, question: Question, text: str) -> bool:
    """Use a text as the answer to what is missing or to a choice; False when it is none."""
    draft = draft_queries.still_open(context.session, question.draft_id)
    if draft is None:
        return False
    if question.kind == PERSON:
        body = DispatchBody.from_json(draft.body)
        choice = parse_choice(text)
        if choice is not None:
            if not 1 <= choice <= len(body.choices):
                raise Invalid(f"没有第{choice}位", mend=f"请回 1–{len(body.choices)}，或直接写姓名和单位")
            return choose(context, draft, body.choices[choice - 1])
        named = [
            one
            for one in naming.people_named(context.directory, _house(context, body), text)
            if one.id in body.choices
        ]
        if len(named) == 1:
            return choose(context, draft, named[0].id)
    return edit(context, draft, text)


def choose(context: Context, draft: Draft, person_id: int) -> bool:
    """One of several people of a name was chosen (rule B1)."""
    body = DispatchBody.from_json(draft.body)
    if body.asked is None or person_id not in body.choices:
        _show(context, draft, body, [])
        return True
    body = _with_person(body, Required(body.asked), context.directory.people[person_id])
    drafts.edit(context.desk, draft, body.to_json())
    _show(context, draft, body, [])
    return True


def edit(context: Context, draft: Draft, text: str) -> bool:
    """Labelled values, or the only missing one; False when nothing could be used."""
    taken = _take(context, DispatchBody.from_json(draft.body), text)
    if taken is None:
        return False
    body, problems = taken
    drafts.edit(context.desk, draft, body.to_json())
    _show(context, draft, body, problems)
    return True


def amended(context: Context, text: str) -> bool:
    """「措施 …」, 「时限 10月20日」 while one 交办草稿 is open and nothing is asked: it is taken into it."""
    if _LABELS.match(text.strip()) is None and _ROLES.search(text) is None:
        return False  # most messages: without reading every draft that is open
    draft = draft_queries.only_open(context.session, context.sender.id, DraftKind.DISPATCH)
    return draft is not None and edit(context, draft, text)


def confirm(context: Context, draft: Draft) -> None:
    """[确认交办]"""
    body = DispatchBody.from_json(draft.body)
    item = item_access.by_id(context, body.item)
    desk = item_access.desk_for(context, item, ItemAct.DISPATCH)
    if body.asked is not None or body.missing():
        _show(context, draft, body, [])
        return
    if body.person not in context.directory.people or body.supervisor not in context.directory.people:
        raise NotFound("责任人或督办专员")
    assert body.goal is not None and body.measures is not None and body.due_at is not None  # noqa: PT018
    assert body.unit is not None and body.person is not None and body.supervisor is not None  # noqa: PT018
    receipt = item_dispatch.dispatch(
        desk,
        item,
        item_dispatch.Dispatch(
            goal=body.goal,
            measures=body.measures,
            unit_id=body.unit,
            person_id=body.person,
            due_at=body.due_at,
            supervisor_id=body.supervisor,
            task_force_id=body.task_force,
            tags=body.tags,
            assists=_new_assists(body),
        ),
    )
    drafts.close(desk, draft, DraftState.CONFIRMED)
    context.say(
        ItemDispatched(
            items.facts(desk, item),
            unit=items.unit_name(desk, item),
            person=_label(context, body.person),
            due_at=body.due_at,
            receipt_due_at=receipt.due,
        )
    )


ANSWERS: Final[Mapping[str, Callable[[Context, Question, str], bool]]] = {MISSING: answer, PERSON: answer}
