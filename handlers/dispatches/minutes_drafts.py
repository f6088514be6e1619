"""【纪要草稿】: pasted minutes as proposed tasks, completed by place, then confirmed (rules C1, C4, M1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from handlers import access, asked_words, item_access, naming
from handlers.addressees import addressed
from handlers.context import Context
from handlers.draft_reach import whose_right
from handlers.hearing import hear
from handlers.understanding.instructed import has_passed, instructed_deadline
from handlers.understanding.minutes import by_place, decisions
from handlers.understanding.reading import Match
from models.errors import Invalid, NotFound
from models.notices.minutes import MinutesCard, MinutesLineShown, MinutesWanted
from models.operations import drafts, items, minutes, questions
from models.operations.minutes import Decision
from models.queries import drafts as draft_queries
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.tables.drafts import Draft, Question
from models.types import DraftKind, DraftState, Role

TEXT: Final = "minutes.text"
GAPS: Final = "minutes.gaps"
LONGEST: Final = 20_000  # characters of pasted minutes
OPEN: Final = "open"
ENTERED: Final = "entered"
DROPPED: Final = "dropped"
NO_DUE: Final = "缺时限"
NO_UNIT: Final = "单位不明确"
PAST: Final = "时限已过"
NO_PERSON: Final = "缺责任人"
_DROP: Final = re.compile(r"^(?:去掉|删除|删去|删掉|不要|取消)|(?:去掉|删除|删去|删掉|不要了?|不列了?)$")
_PERSON: Final = re.compile(r"责任人\s*[:：是为]?\s*(?P<name>[^\s，,；;。]+)")


@dataclass(frozen=True, slots=True)
class Line:
    """One proposed task. due: ISO, local. item: the one that carries it already."""

    no: int
    text: str
    units: tuple[int, ...] = ()
    person: int | None = None
    due: str | None = None
    passed: bool = False
    project: int | None = None
    item: int | None = None
    state: str = OPEN


@dataclass(frozen=True, slots=True)
class MinutesBody:
    title: str
    text: str
    lines: tuple[Line, ...]
    minutes: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MinutesBody:
        lines = tuple(Line(**{**one, "units": tuple(one["units"])}) for one in data["lines"])
        return cls(data["title"], data["text"], lines, data["minutes"])


# --- starting


def start(context: Context, title: str, text: str) -> None:
    """/纪要 with the text, or ask for it."""
    organiser(context)
    if not text.strip():
        questions.ask(
            context.desk, context.sender, kind=TEXT, body={"title": title}, group_id=context.group_id
        )
        context.say(MinutesWanted(title))
        return
    found = decisions(text[:LONGEST])
    if not found:
        raise Invalid(
            "没有读到议定事项", mend="每项请写明谁、办什么、几月几日前，例：一、请市林业局9月30日前完成组卷"
        )
    lines = tuple(_read(context, no, one) for no, one in enumerate(found, start=1))
    body = MinutesBody(title, text[:LONGEST], lines)
    draft = drafts.open_draft(
        context.desk, context.sender, DraftKind.MINUTES, body.to_json(), group_id=None,
        source=context.message.message_id,
    )  # fmt: skip
    _show(context, draft, body)


def organiser(context: Context) -> PersonInfo:
    """The sender, or the principal, who may enter minutes (rule B10). Raises NotAllowed."""
    for person in access.own_and_principals(context)[1:]:
        if person.holds(Role.HUB_HEAD, Role.LEDGER_ADMIN):
            return person
    minutes.check_organiser(context.desk, context.sender)
    return context.sender


def pasted(context: Context, text: str) -> bool:
    """Whether the text is the body of minutes that was asked for; then it is taken."""
    question = questions.open_question(context.desk, context.sender, group_id=context.group_id)
    if question is None or question.kind != TEXT:
        return False
    if asked_words.withdraws(text):
        asked_words.drop(context, question)
        return True
    title = str(question.body["title"])
    asked_words.close(context, question)
    start(context, title, text)
    return True


def _read(context: Context, no: int, text: str) -> Line:
    """Who, until when, about what, as far as the words say."""
    here = context.sender.organisation_id
    said = addressed(context.directory, here, text)
    project = next((one.project_id for one in hear(context, text).lines if one.match is Match.UNIQUE), None)
    line = _with_due(context, Line(no, text, project=project), text)
    units = tuple(one.unit.id for one in said.addressees)
    person = said.addressees[0].person if len(said.addressees) == 1 else None
    return _linked(context, replace(line, units=units, person=person.id if person else None))


def _linked(context: Context, line: Line) -> Line:
    """The line with the open item that carries it, if the sender sees one (rule M1)."""
    number = item_queries.normal_number(line.text)
    found = minutes.carrying(
        context.desk, context.sender.organisation_id, number=number, project_id=line.project, unit_ids=line.units,
        text=line.text,
    )  # fmt: skip
    if found is None or not item_access.visible(context, found):
        return replace(line, item=None)
    units = line.units or ((found.unit_id,) if found.unit_id is not None else ())
    return replace(line, item=found.id, units=units, person=line.person or found.person_id)


def _with_due(context: Context, line: Line, text: str) -> Line:
    day = instructed_deadline(text, context.desk.today, context.directory.calendar)
    if day is None:
        return line
    passed = has_passed(day, context.desk.today, text) or calendar.deadline(day) <= context.now
    return replace(line, due=calendar.deadline(day).isoformat(), passed=passed)


def _problems(context: Context, line: Line) -> tuple[str, ...]:
    found = []
    if not line.units:
        found.append(NO_UNIT)
    elif line.item is None and any(_person(context, line, unit) is None for unit in line.units):
        found.append(NO_PERSON)
    if line.due is None:
        found.append(NO_DUE)
    elif line.passed or datetime.fromisoformat(line.due) <= context.now:
        found.append(PAST)
    return tuple(found)


def _person(context: Context, line: Line, unit_id: int) -> int | None:
    """责任人: who was named, else the unit's 联络员 (rule G4)."""
    if line.person is not None and len(line.units) == 1:
        return line.person
    return next((one.id for one in context.directory.for_unit(unit_id, Role.LIAISON)), None)


# --- showing


def waiting(draft: Draft) -> dict[int, int | None]:
    """Numbers of the lines that are not settled, with the projects they are about."""
    return {one.no: one.project for one in MinutesBody.from_json(draft.body).lines if one.state == OPEN}


def show(context: Context, draft: Draft) -> None:
    _show(context, draft, MinutesBody.from_json(draft.body))


def _show(
    context: Context,
    draft: Draft,
    body: MinutesBody,
    *,
    entered: tuple[str, ...] = (),
    problems: tuple[str, ...] = (),
) -> None:
    lines = tuple(_shown(context, one) for one in body.lines)
    context.say_privately(
        MinutesCard(
            draft.id, draft.version, draft.number, body.title, lines=lines, entered=entered, problems=problems,
            minutes_id=body.minutes or 0,
        )
    )  # fmt: skip
    questions.close_for_draft(context.desk, draft.id)
    if any(one.problems for one in lines if one.state == OPEN):
        questions.ask(context.desk, context.sender, kind=GAPS, group_id=None, draft_id=draft.id)


def _shown(context: Context, line: Line) -> MinutesLineShown:
    names = "、".join(
        context.directory.units[one].name for one in line.units if one in context.directory.units
    )
    named = _person(context, line, line.units[0]) if len(line.units) == 1 else None
    person = context.directory.people.get(named or 0)
    due = datetime.fromisoformat(line.due) if line.due is not None and not line.passed else None
    item = item_queries.by_id(context.session, line.item)
    return MinutesLineShown(
        line.no, line.text, names, person.label if person else "", due, item.number if item else "",
        problems=_problems(context, line) if line.state == OPEN else (), state=line.state,
    )  # fmt: skip


# --- answering, editing


def edit(context: Context, draft: Draft, text: str) -> bool:
    """「②10月12日 ③市住建局 10月10日」, 「去掉 2」; without places it is about the only line with a gap."""
    body = MinutesBody.from_json(draft.body)
    dropped = re.fullmatch(r"(?:去掉|删除|删去|删掉|不要|取消)\s*第?\s*(?P<rest>.+)", text.strip())
    said = by_place(f"{dropped['rest']} " if dropped else text)
    if dropped and said:
        said = tuple((no, "去掉") for no, _ in said)
    if not said:
        gaps = [one.no for one in body.lines if one.state == OPEN and _problems(context, one)]
        if len(gaps) != 1:
            return False
        said = ((gaps[0], text),)
    _change(context, draft, body, said)
    return True


def edit_line(context: Context, draft: Draft, no: int, text: str) -> bool:
    """「10月12日」, said of one line; places of its own go before it."""
    _change(context, draft, MinutesBody.from_json(draft.body), by_place(text) or ((no, text),))
    return True


def _change(context: Context, draft: Draft, body: MinutesBody, said: Sequence[tuple[int, str]]) -> None:
    problems: list[str] = []
    lines = {one.no: one for one in body.lines}
    for no, words in said:
        if no not in lines or lines[no].state != OPEN:
            problems.append(f"没有待定的第 {no} 项")
            continue
        changed = _changed(context, lines[no], words)
        if changed is None:
            problems.append(f"没看懂第 {no} 项的「{words[:20]}」")
        else:
            lines[no] = changed
    body = replace(body, lines=tuple(lines.values()))
    _store(context, draft, body)
    if draft.state == DraftState.OPEN.value:
        _show(context, draft, body, problems=tuple(dict.fromkeys(problems)))


def _changed(context: Context, line: Line, words: str) -> Line | None:
    """The line with unit, person and date of the words; None when they say none of these."""
    if _DROP.search(words.strip()):
        return replace(line, state=DROPPED)
    changed = _with_due(context, line, words)
    here = context.sender.organisation_id
    named = _PERSON.search(words)
    said = addressed(context.directory, here, words)
    if said.addressees:
        person = said.addressees[0].person if len(said.addressees) == 1 else None
        changed = replace(
            changed, units=tuple(one.unit.id for one in said.addressees), person=person.id if person else None
        )
    elif (unit := naming.unit_in(context.directory, here, words)) is not None:
        changed = replace(changed, units=(unit.id,), person=None)
    if named is not None:
        people = naming.people_named(context.directory, here, named["name"])
        if len(people) == 1:
            changed = replace(changed, person=people[0].id, units=changed.units or (people[0].unit_id,))
    if changed == line:
        again = said.addressees or instructed_deadline(words, context.desk.today, context.directory.calendar)
        return line if again else None  # what was said already is no riddle
    return _linked(context, changed)


def _store(context: Context, draft: Draft, body: MinutesBody) -> None:
    drafts.edit(context.desk, draft, body.to_json())
    if not any(one.state == OPEN for one in body.lines):
        entered = any(one.state == ENTERED for one in body.lines)
        drafts.close(context.desk, draft, DraftState.CONFIRMED if entered else DraftState.CANCELLED)
        context.say_privately(
            MinutesCard(
                draft.id,
                draft.version,
                draft.number,
                body.title,
                lines=tuple(_shown(context, one) for one in body.lines),
                minutes_id=body.minutes or 0,
            )
        )


def answer(context: Context, question: Question, text: str) -> bool:
    draft = draft_queries.still_open(context.session, question.draft_id)
    if draft is None or text.lstrip().startswith(("/", "／")):
        return False
    return edit(context, draft, text)


# --- confirming


def confirm(context: Context, draft: Draft) -> None:
    """[全部确认]: every clear line is entered; the others stay, with what they lack (rules C8, M1)."""
    body = MinutesBody.from_json(draft.body)
    _confirm(context, draft, body, [one for one in body.lines if one.state == OPEN])


def confirm_line(context: Context, draft: Draft, no: int) -> None:
    """[确认 2]"""
    body = MinutesBody.from_json(draft.body)
    line = next((one for one in body.lines if one.no == no), None)
    if line is None:
        raise NotFound(str(no))
    if line.state != OPEN:
        raise Invalid(f"第 {no} 项已{'确认' if line.state == ENTERED else '去掉'}")
    _confirm(context, draft, body, [line])


def drop_line(context: Context, draft: Draft, no: int) -> None:
    """[去掉 2]"""
    edit_line(context, draft, no, "去掉")


def _confirm(context: Context, draft: Draft, body: MinutesBody, wanted: list[Line]) -> None:
    desk = context.act_for(
        whose_right(
            context,
            draft,
            lambda person: minutes.organises(context.desk, person),
            act="录入会议纪要",
            who=minutes.WHO,
        )
    )
    clear = [one for one in wanted if not _problems(context, one)]
    if not clear:
        _show(context, draft, body, problems=("还不能确认，请先补齐标「」的内容",))
        return
    row = minutes.enter(desk, body.title, body.text, body.minutes)
    numbers = minutes.confirm(desk, row, [one for line in clear for one in _decisions(context, line)])
    done = {one.no for one in clear}
    body = replace(
        body, minutes=row.id,
        lines=tuple(replace(one, state=ENTERED) if one.no in done else one for one in body.lines),
    )  # fmt: skip
    drafts.edit(desk, draft, body.to_json())
    if not any(one.state == OPEN for one in body.lines):
        drafts.close(desk, draft, DraftState.CONFIRMED)
    _show(context, draft, body, entered=numbers)


def _decisions(context: Context, line: Line) -> list[Decision]:
    assert line.due is not None
    carried = items.get(context.desk, line.item) if line.item is not None else None
    found = []
    for place, unit_id in enumerate(line.units):
        linked = carried is not None and (carried.unit_id == unit_id or (place == 0 and len(line.units) == 1))
        person = (carried.person_id if linked and carried is not None else None) or _person(
            context, line, unit_id
        )
        assert person is not None
        found.append(
            Decision(
                text=line.text, unit_id=unit_id, person_id=person, due_at=datetime.fromisoformat(line.due),
                project_id=line.project, item_id=line.item if linked else None,
            )
        )  # fmt: skip
    return found


ANSWERS: Final[Mapping[str, Callable[[Context, Question, str], bool]]] = {GAPS: answer}
