"""What is said for a 【交办草稿】: labels, units, people and dates, taken into what D4 requires (rules B1, D4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from handlers import naming
from handlers.context import Context
from handlers.dispatches import assist_words
from handlers.dispatches.assist_words import Helper
from handlers.understanding.labels import labelled
from handlers.understanding.wanted import deadline_in
from models.errors import Invalid
from models.operations import items
from models.queries.directory import PersonInfo, UnitInfo
from models.rules import calendar
from models.rules.items import TAGS, Required, missing
from models.types import Role

LONGEST: Final = 500
FAR: Final = 300  # days: a date without a year this far ahead was meant for this year
_LABELS: Final = re.compile(
    r"(?:^|[;；,，。\n\s])\s*"
    r"(推进措施|措施|责任人|督办专员|督办人|督办|办结时限|时限|目标任务|目标|责任单位|承办单位|单位|承办专班|专班|标签)"
    r"\s*(?:[:：]|改[为成到至]|定[为到在]|\s|是|为)\s*"
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
_SEPARATORS: Final = re.compile(r"[，,；;。\s]+")
_GIVEN_TO: Final = re.compile(
    r"(?P<before>^|[，,；;\s])(?:给|由)\s?(?P<name>[\u4e00-\u9fff]{2,12}?)(?:同志)?(?:负责|办理|牵头)?(?=$|[，,；;。\s])"
)
_UNSPACED: Final = re.compile(  # 「责任人苏静，督办马德胜」
    r"(?P<before>^|[，,；;。\s])(?P<label>责任人|督办专员|督办人|督办)(?:是|为|由)?(?P<name>[\u4e00-\u9fff]{2,4})"
    r"(?=$|[，,；;。\s(（])"
)
_WATCHING: Final = re.compile(
    r"(?P<before>^|[，,；;。\s])由?(?P<name>[\u4e00-\u9fff]{2,4}?)(?:同志)?(?:负责)?"
    r"(?:督办|盯(?:着|办|住|紧)?|跟(?:进|踪|着))(?=$|[，,；;。\s])"
)
_BARE: Final = re.compile(r"(?P<before>[，,；;。\s]|^)(?P<name>[\u4e00-\u9fff]{2,4})(?=$|[，,；;。\s])")
_BARE_DAY: Final = re.compile(
    r"(?P<before>[，,；;。\s]|^)(?:于|在|限)?(?P<day>\d{1,2}月\d{1,2}[日号]|本?月底|\d{1,2}月底|节"
    r"|(?:[0-9一二两三四五六七八九十]{1,3}\s?个?(?:工作日|日|天|周)|本周)(?=之?内|以内))"
    r"(?P<till>(?<=[日号])|(?:之?前|以前)|(?:之?内|以内))(?:完成|办结)?(?=$|[，,；;。\s])"
)
_IN_CHARGE: Final = re.compile(
    r"(?P<before>^|[，,；;。\s])(?P<name>[\u4e00-\u9fff]{2,4}?)(?:同志)?(?:具体)?(?:来?负责|来?办理|来办)(?=$|[，,；;。\s])"
)
_RUNNING_ON: Final = re.compile(  # 「措施现场踏勘」, 「时限10月15日」; 「措施不力」, 「措施已落实」 tell something
    r"(?P<before>^|[，,；;。\s])(?P<label>推进措施|措施(?![不落到有和已的均都是为改])|办结时限|时限(?=\d))"
    r"(?=[\u4e00-\u9fff0-9])"
)
_LABEL_ENDS: Final = re.compile(r"(?:措施|督办|专员|督办人|目标|任务|单位|专班|协办|主办)[:：\s]*$")
_CLAUSES: Final = re.compile(r"[，,；;。\n]")
_HANDED: Final = re.compile(
    r"^(?:那就?)?(?:请|由|给|改由|交(?:给|由)?)?(?P<name>[\u4e00-\u9fff]{2,20}?)(?:办理|负责|牵头|主办|来?办)?$"
)
_ROLES_SHOW: Final = ("主办", "协办", "配合", "协助")
_ROLES: Final = re.compile(r"主办|协办|[\u4e00-\u9fff](?:局|委|办|公司|[县区])(?:配合|协助)")
LONGEST_NAME: Final = 24  # characters of a unit's name


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


def is_about(text: str) -> bool:
    """Whether a text names a part of a 交办; most messages do not."""
    said = text.strip()
    if any(form.match(said) for form in (_LABELS, _RUNNING_ON, _UNSPACED)):
        return True
    return any(sign in said for sign in _ROLES_SHOW) and _ROLES.search(said) is not None


def house(context: Context, body: DispatchBody) -> int:
    """The organisation whose item it is: its units and people are meant (rule Q3)."""
    return items.get(context.desk, body.item).organisation_id


def take(context: Context, body: DispatchBody, text: str) -> tuple[DispatchBody, list[str]] | None:
    """The draft with labelled values, or a bare value for the only gap; None when nothing could be used."""
    organisation_id = house(context, body)
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
        if (named := _only_named(context, body, text)) is not None:
            return named, problems
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
    """「给林芳，马德胜盯着」, 「林芳负责，马德胜督办」 as 「责任人 林芳，督办专员 马德胜」, where these are people."""

    def to(said: re.Match[str]) -> str:
        if naming.people_named(context.directory, organisation_id, said["name"]):
            return f"{said['before']}责任人 {said['name']}"
        named = naming.unit_in(context.directory, organisation_id, said["name"])
        return f"{said['before']}责任单位 {said['name']}" if named is not None else said[0]

    def watching(said: re.Match[str]) -> str:
        known = naming.people_named(context.directory, organisation_id, said["name"], Role.SUPERVISOR)
        return f"{said['before']}督办专员 {said['name']}" if known else said[0]

    def in_charge(said: re.Match[str]) -> str:
        known = naming.people_named(context.directory, organisation_id, said["name"])
        exact = any(one.name == said["name"] for one in known)
        return f"{said['before']}责任人 {said['name']}" if exact else said[0]

    def apart(said: re.Match[str]) -> str:
        known = naming.people_named(context.directory, organisation_id, said["name"])
        return f"{said['before']}{said['label']} {said['name']}" if known else said[0]

    def by_then(said: re.Match[str]) -> str:
        if _LABEL_ENDS.search(text[: said.start("day")]):
            return said[0]  # 「措施 3日内完成」
        return f"{said['before']}时限 {said['day']}{said['till']}"

    text = _RUNNING_ON.sub(lambda said: f"{said['before']}{said['label']} ", text)
    text = _IN_CHARGE.sub(in_charge, text)
    if "时限" not in text and "期限" not in text:
        text = _BARE_DAY.sub(by_then, text)
    text = _with_bare_name(context, organisation_id, text)
    return _WATCHING.sub(watching, _GIVEN_TO.sub(to, _UNSPACED.sub(apart, text)))


def _with_bare_name(context: Context, organisation_id: int, text: str) -> str:
    """「彭倩，10月15日，马德胜，措施 …」: a name that stands alone is the 责任人, that of a 督办专员 is theirs.

    Where several could be meant, or another is named as such, none is.
    """
    if not _SEPARATORS.search(text.strip()):
        return text
    watching: list[int] = []
    in_charge: list[int] = []
    for said in _BARE.finditer(text):
        named = naming.people_named(context.directory, organisation_id, said["name"])
        exact = [one for one in named if one.name == said["name"]]
        if not exact or _LABEL_ENDS.search(text[: said.start("name")]):
            continue
        watches = "督办" not in text and any(one.holds(Role.SUPERVISOR) for one in exact)
        (watching if watches else in_charge).append(said.start("name"))
    labels = {}
    if len(watching) == 1:
        labels[watching[0]] = "督办专员 "
    if len(in_charge) == 1 and "责任人" not in text:
        labels[in_charge[0]] = "责任人 "
    for at in sorted(labels, reverse=True):
        text = text[:at] + labels[at] + text[at:]
    return text


def _only_named(context: Context, body: DispatchBody, text: str) -> DispatchBody | None:
    """The draft for a unit or a person named with nothing else, which is no 推进措施 and no goal."""
    said = _HANDED.match(text.strip(" 。.!！"))
    if said is None:
        return None
    organisation_id, name = house(context, body), said["name"]
    unit = naming.unit_in(context.directory, organisation_id, name)
    if unit is not None and name in (unit.name, *unit.aliases):
        return _hosted(context, body, unit)
    if any(one.name == name for one in naming.people_named(context.directory, organisation_id, name)):
        return _with(context, body, Required.PERSON.value, name)
    return None


def _people(
    context: Context, organisation_id: int, value: str, roles: tuple[Role, ...]
) -> tuple[PersonInfo, ...]:
    """Who is named where the value begins; what runs on behind it tells namesakes apart, and names nobody else."""
    first = _CLAUSES.split(value, maxsplit=1)[0]
    named = naming.people_named(context.directory, organisation_id, first, *roles)
    if not named and naming.unit_in(context.directory, organisation_id, first) is not None:
        return naming.people_named(context.directory, organisation_id, value, *roles)  # 「市林业局，苏静」
    if len(named) > 1:
        among = {one.id for one in named}
        whole = naming.people_named(context.directory, organisation_id, value, *roles)
        named = tuple(one for one in whole if one.id in among) or named
    return named


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


def _with(context: Context, body: DispatchBody, label: str, value: str) -> DispatchBody:
    organisation_id = house(context, body)
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
    people = _people(context, organisation_id, value, roles)
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
    return with_person(body, field, people[0])


def _is_of(context: Context, person: PersonInfo, unit_id: int | None) -> bool:
    """Whether a person belongs to a unit, or to the county whose unit it is."""
    if unit_id is None:
        return False
    region_id = context.directory.units[unit_id].region_id
    home = context.directory.units[person.unit_id]
    return person.unit_id == unit_id or (region_id is not None and home.region_id == region_id)


def with_person(body: DispatchBody, field: Required, person: PersonInfo) -> DispatchBody:
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
