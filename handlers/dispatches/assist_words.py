"""主办 and 协办 in the words of 交办, 裁定 and /协办: who answers for an item, who helps with what (rule F11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from handlers import naming
from handlers.understanding.wanted import deadline_in
from models.queries.directory import Directory, PersonInfo, UnitInfo
from models.types import Role

LONGEST_TASK: Final = 200
LONGEST_UNIT: Final = 24
_HOST: Final = re.compile(
    r"(?:^|(?<=[，,；;。\s]))(?:由|请|改由|明确由)?(?P<host>[^，,；;。\s]{2,24}?)\s*(?:为|作为|牵头)?主办(?:单位)?"
)
_HOST_LABEL: Final = re.compile(
    r"(?:^|(?<=[，,；;。\s]))主办(?:单位)?\s*[:：\s]\s*(?P<host>[^，,；;。\s]{2,24})"
)
_HELPER: Final = re.compile(
    r"(?:^|(?<=[，,；;。\s]))(?:由|请)?(?P<units>[^，,；;。\s]{2,60}?)\s*"
    r"(?:(?:配合|协助)?协办(?:单位)?|(?:予以|做好)?(?:配合|协助)(?=$|[，,；;。\s(（:：]|[做完开办])(?:工作)?)(?P<task>[^，,；;。\n]*)"
)
_HELPER_LABEL: Final = re.compile(
    r"(?:^|(?<=[，,；;。\s]))协办(?:单位)?(?:\s*[:：\s]|[为是]|(?=[^，,；;。\s]{1,20}(?:局|委|办|厅|公司|银行|会|[县区镇乡])))\s*(?P<said>[^；;。\n]+?)(?=[，,\s]\s*协办(?:单位)?(?:[:：\s]|[^，,；;。\s]{1,20}(?:局|委|办|厅|公司|银行|会|[县区镇乡]))|[，,]?\s*(?:主办|推进措施|措施|责任人|督办|办结时限|时限|目标|责任单位|标签)|[；;。\n]|$)"
)
_PARTS: Final = re.compile(r"[，,；;\n]")
_BETWEEN: Final = re.compile(r"[、和及与]|以及")
_TASK_LEAD: Final = re.compile(r"^[\s:：,，（(]*(?:的?任务[是为:：\s]*|负责|承担|完成|做好)?[\s:：]*")
_PERSON: Final = re.compile(r"责任人\s*[:：]?\s*(?P<name>[\u4e00-\u9fff]{2,4}(?:[（(][^）)]{2,20}[）)])?)")
_DUE: Final = re.compile(r"(?:(?<![，,；;\s])[，,；;\s]++)?(?:时限|期限)\s*[:：]?\s*(?P<due>[^，,；;。]+)")
_OWN_DUE: Final = re.compile(r"\s+(?:时限|期限)\s*[:：]?\s*[^，,；;。\s]+")
_DUE_WORDS: Final = re.compile(
    r"(?<![，,；;\s])[，,；;\s]*+(?:于|在)?\d{1,2}月\d{1,2}[日号]?(?:之?前|以前|内)?[，,；;\s]*(?:完成)?$"
)


@dataclass(frozen=True, slots=True)
class Helper:
    """A 协办 unit as it was named. person: None where the unit has no 联络员. task, due: empty when not said."""

    unit: UnitInfo
    unit_name: str
    person: PersonInfo | None
    task: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Roles:
    """Who was named as 主办 and 协办, and the text without that. unknown: names that mean no unit."""

    host: UnitInfo | None
    helpers: tuple[Helper, ...]
    rest: str
    unknown: tuple[str, ...]


def roles_in(directory: Directory, organisation_id: int, text: str, *, today: date) -> Roles:
    """「市住建局主办，临河区住建局协办」, 「协办 临河区住建局 现场消防水源整改」 and what is left of the text."""
    host: UnitInfo | None = None
    unknown: list[str] = []
    helpers: list[Helper] = []
    rest = text
    for pattern in (_HOST, _HOST_LABEL):
        found = pattern.search(rest)
        if found is not None and host is None:
            host = naming.unit_in(directory, organisation_id, found["host"])
            if host is None and pattern is _HOST_LABEL:
                unknown.append(found["host"])
            elif host is None and not _names_a_body(found["host"]):
                continue
            elif host is None:
                unknown.append(found["host"])
            rest = rest[: found.start()] + "；" + rest[found.end() :]
    while (found := _HELPER_LABEL.search(rest)) is not None:
        said, end = found["said"], found.end()
        own_due = _OWN_DUE.match(rest, end) if len(said.split()) > 1 else None
        if own_due is not None:  # 「协办 市林业局 移栽 时限 10月8日」: of the task that was named
            said, end = said + own_due[0], own_due.end()
        named = list(_helpers(directory, organisation_id, said, today=today))
        helpers.extend(named)
        if not named:
            unknown.append(said.strip()[:LONGEST_UNIT])
        rest = rest[: found.start()] + "；" + rest[end:]
    for found in list(_HELPER.finditer(rest))[::-1]:
        named = list(_helpers(directory, organisation_id, f"{found['units']} {found['task']}", today=today))
        if not named and not _names_a_body(found["units"]):
            continue
        if not named:
            unknown.append(found["units"])
        helpers.extend(named)
        rest = rest[: found.start()] + "；" + rest[found.end() :]
    return Roles(host, tuple(helpers), rest.strip(" ；;，,。\n"), tuple(unknown))


def helpers_in(directory: Directory, organisation_id: int, text: str, *, today: date) -> tuple[Helper, ...]:
    """「临河区住建局 现场消防水源整改 时限 10月10日」: one unit with its task, or several units."""
    return tuple(_helpers(directory, organisation_id, text, today=today))


def _helpers(directory: Directory, organisation_id: int, said: str, *, today: date) -> Iterator[Helper]:
    for words in _each_with_its_task(directory, organisation_id, said):
        yield from _helpers_of_one_task(directory, organisation_id, words, today=today)


def _each_with_its_task(directory: Directory, organisation_id: int, said: str) -> list[str]:
    """「市林业局 移栽，市水利局 排水口审批」 in two: a part that begins with a unit, set off, has a task of its own."""
    parts: list[str] = []
    for part in _PARTS.split(said.strip(" ：:，,；;")):
        names, gap, task = _head(part.strip())
        alone = parts and not (gap and task.strip())
        if parts and (alone or not _names_and_task(directory, organisation_id, f"{names} ")[0]):
            parts[-1] = f"{parts[-1]}，{part}"
        else:
            parts.append(part)
    return parts


def _helpers_of_one_task(
    directory: Directory, organisation_id: int, said: str, *, today: date
) -> Iterator[Helper]:
    words = said.strip(" ：:，,")
    names, task = _names_and_task(directory, organisation_id, words)
    due_said = _DUE.search(task)
    due = deadline_in(due_said["due"] if due_said else task, today, directory.calendar)
    person_said = _PERSON.search(task)
    named = naming.people_named(directory, organisation_id, person_said["name"]) if person_said else ()
    plain = _DUE.sub("", _PERSON.sub("", task))
    plain = _DUE_WORDS.sub("", plain).strip(" ，,；;：:）)")
    for name, unit in names:
        person = next((one for one in named if _is_of(directory, one, unit)), None)
        person = person or (named[0] if len(named) == 1 and len(names) == 1 else None)
        yield Helper(
            unit,
            name,
            person or next(iter(directory.for_unit(unit.id, Role.LIAISON)), None),
            plain[:LONGEST_TASK],
            due,
        )


def _names_and_task(
    directory: Directory, organisation_id: int, words: str
) -> tuple[list[tuple[str, UnitInfo]], str]:
    """Units at the head of a text, several joined by 、, and what follows them."""
    head, gap, tail = _head(words)
    parts = [part.strip() for part in _BETWEEN.split(head) if part.strip()]
    units = [(part, naming.unit_in(directory, organisation_id, part)) for part in parts]
    if all(unit is not None for _, unit in units) and units:
        found = [(_written(part, unit), unit) for part, unit in units if unit is not None]
        if len(found) > 1 or gap:
            return found, _TASK_LEAD.sub("", tail)
        name = found[0][0]
        return found, _TASK_LEAD.sub("", head[head.find(name) + len(name) :] + tail)
    return [], ""


def _head(words: str) -> tuple[str, str, str]:
    found = re.search(r"[\s:：,，（(]+", words)
    if found is None:
        return words, "", ""
    return words[: found.start()], found[0], words[found.end() :]


def _written(part: str, unit: UnitInfo) -> str:
    """The unit's name as it was written, e.g. 临河区住建局, for which the county stands in."""
    if part == unit.name or part in unit.aliases:
        return unit.name
    found = re.search(
        rf"{re.escape(unit.name)}[\u4e00-\u9fff]{{0,8}}?(?:局|委|办|中心|公司|街道|镇|乡)", part
    )
    if found is not None and unit.kind == "region":
        return found[0][:LONGEST_UNIT]
    return next((form for form in (unit.name, *unit.aliases) if form in part), unit.name)


def _is_of(directory: Directory, person: PersonInfo, unit: UnitInfo) -> bool:
    home = directory.units[person.unit_id]
    return home.id == unit.id or (unit.region_id is not None and home.region_id == unit.region_id)


def _names_a_body(words: str) -> bool:
    """Whether words that mean no known unit look like one."""
    return re.search(r"(?:局|委|办|厅|公司|银行|管委会|县|区)$", words) is not None
