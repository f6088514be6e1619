"""Weekly feedback of 专班 and counties: asked for, given, missing, drawn together (A4, A5, C19, I1)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from models.errors import Invalid
from models.notices.weekly import WeeklyCall, WeeklyCallLate, WeeklyMissing
from models.operations import ledger
from models.operations.desk import Desk
from models.operations.versions import INSTALLED_AT, time_mark
from models.queries import weekly as queries
from models.queries.directory import PersonInfo, ProjectInfo
from models.queries.weekly import Body
from models.rules import calendar
from models.rules.calendar import Week
from models.tables.items import WeeklyReport
from models.tables.projects import Entry, Project
from models.types import Subject

UNCHANGED: Final = "本周无变化"
NOTHING_NEW: Final = "本周无新增"
LATE_CALL: Final = timedelta(minutes=30)  # later than this, 综合专班 is told why


@dataclass(frozen=True, slots=True)
class Given:
    """What a 联络员 has given: period, bodies, the projects it counts for, whether it is late."""

    week: Week
    bodies: tuple[Body, ...]
    texts: tuple[str, ...]
    projects: tuple[ProjectInfo, ...]
    late: bool


# --- giving


def unchanged(desk: Desk, person: PersonInfo) -> Given:
    """本周无变化: feedback of the person's bodies, and a report for the projects of the unit (rule C19).

    Raises Invalid for a person who gives no weekly feedback and whose unit has no projects.
    """
    bodies = _replaced_by(desk, person)
    projects = queries.unit_projects(desk.directory, person)
    if not bodies and not projects:
        raise Invalid("您没有要报的每周反馈", mend="项目无变化请写明项目，例：ZX0031 无变化")
    week = period(desk, person)
    known = queries.reports(desk.session, week)
    rows = [known.get((body.kind, body.id)) for body in bodies]
    if bodies and all(row is not None and row.unchanged for row in rows):
        # Said again: the same receipt, nothing new.
        late = any(
            row is not None and row.submitted_at > queries.due(desk.session, desk.directory, week)
            for row in rows
        )
        return Given(week, bodies, tuple(UNCHANGED for _ in bodies), projects, late)
    given = _submit(desk, person, bodies, dict.fromkeys(bodies, UNCHANGED), unchanged=True)
    for project in projects:
        row = desk.session.get_one(Project, project.id)
        ledger.unchanged(desk, row, origin=ledger.Origin(source=desk.actor.source, reason=UNCHANGED))
    return Given(given.week, bodies, given.texts, projects, given.late)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Names of bodies after a withdrawn 本周无变化: those that report again, those whose earlier text stands."""

    missing: tuple[str, ...]
    restored: tuple[str, ...]


def take_back(desk: Desk, entry: Entry) -> TakenBack:
    """The weekly feedback given with an entry of 本周无变化 is missing again, or what it replaced stands again."""
    missing, restored = [], []
    for row, before in queries.made_unchanged(
        desk.session, entry.at, {entry.author_id, entry.on_behalf_of_id}
    ):
        author = desk.directory.people[row.author_id]
        names = [
            body.name
            for body in queries.given_by(desk.directory, author)
            if (body.kind, body.id) == (row.body_kind, row.body_id)
        ]
        desk.record(
            Subject("weekly_report", row.id), {"text": (row.text, before)}, reason=f"撤销入账 {entry.id}"
        )
        if before is None:
            missing += names
            desk.session.delete(row)
        else:
            restored += names
            row.text, row.unchanged = before, before == UNCHANGED
    desk.session.flush()
    return TakenBack(tuple(missing), tuple(restored))


def generate(desk: Desk, person: PersonInfo) -> Given:
    """从台账生成: the week in figures, stored as the feedback. Raises Invalid where the person gives none."""
    bodies = _replaced_by(desk, person)
    if not bodies:
        raise Invalid("您不负责专班或县区的每周反馈")
    week = period(desk, person)
    texts = {body: _in_figures(desk, body, week) for body in bodies}
    return _submit(desk, person, bodies, texts, unchanged=False)


def write(desk: Desk, person: PersonInfo, text: str) -> Given:
    """Add the person's own words (下周计划) to the feedback, or give them as the feedback."""
    bodies = queries.given_by(desk.directory, person)
    if not bodies:
        raise Invalid("您不负责专班或县区的每周反馈")
    if not text.strip():
        raise Invalid("内容是空的", mend="例：下周计划 完成设备安装")
    known = queries.reports(desk.session, period(desk, person))
    given = {body: known.get((body.kind, body.id)) for body in bodies}
    texts = {
        body: f"{row.text}\n{text.strip()}" if row is not None and not row.unchanged else text.strip()
        for body, row in given.items()
    }
    return _submit(desk, person, bodies, texts, unchanged=False)


def _replaced_by(desk: Desk, person: PersonInfo) -> tuple[Body, ...]:
    """The bodies whose feedback the person gives as a whole. A 带班领导 replaces nothing that a 联络员 has given.

    Raises Invalid where all that a 带班领导 could give has been given.
    """
    own = queries.bodies_of(desk.directory, person)
    if own:
        return own
    led = queries.given_by(desk.directory, person)
    known = queries.reports(desk.session, period(desk, person))
    free = tuple(
        body for body in led if (row := known.get((body.kind, body.id))) is None or row.author_id == person.id
    )
    if led and not free:
        row = known[led[0].kind, led[0].id]
        by = desk.directory.people.get(row.author_id)
        raise Invalid(
            f"{'、'.join(body.name for body in led)} 本周反馈已由{by.label if by else '联络员'}"
            f"于 {calendar.local(row.submitted_at):%m-%d %H:%M} 报送",
            mend="补充内容请回：本周反馈：…",
        )
    return free


def period(desk: Desk, person: PersonInfo) -> Week:
    """The period that feedback given now is for; the last one while its grace after an outage runs."""
    now = calendar.week_of(desk.today, desk.directory.calendar)
    before = calendar.week_of(now.first - timedelta(days=1), desk.directory.calendar)
    if queries.due(desk.session, desk.directory, before) >= desk.now:
        known = queries.reports(desk.session, before)
        if any((body.kind, body.id) not in known for body in queries.given_by(desk.directory, person)):
            return before
    return now


def _submit(
    desk: Desk, person: PersonInfo, bodies: tuple[Body, ...], texts: dict[Body, str], *, unchanged: bool
) -> Given:
    """Store each body's feedback. A later text replaces an earlier; the first one decides timeliness."""
    week = period(desk, person)
    known = queries.reports(desk.session, week)
    submitted = desk.now
    for body in bodies:
        row = known.get((body.kind, body.id))
        if row is None:
            row = WeeklyReport(
                body_kind=body.kind,
                body_id=body.id,
                period_first=week.first.isoformat(),
                author_id=person.id,
                submitted_at=desk.now,
                text=texts[body],
                unchanged=unchanged,
            )
            desk.session.add(row)
            desk.session.flush()
            changes: dict[str, tuple[object, object]] = {"text": (None, row.text)}
        else:
            submitted = min(submitted, row.submitted_at)
            changes = {"text": (row.text, texts[body])}
            row.text, row.unchanged = texts[body], unchanged
            desk.session.flush()
        desk.record(Subject("weekly_report", row.id), changes)
    known = queries.reports(desk.session, week)
    for asked in {one.id: one for one in (person, *(body.liaisons[0] for body in bodies))}.values():
        if all((body.kind, body.id) in known for body in queries.bodies_of(desk.directory, asked)):
            desk.withdraw(_call_subject(asked.id), reason="已反馈", notices=(WeeklyCall,))
    late = submitted > queries.due(desk.session, desk.directory, week)
    return Given(week, bodies, tuple(texts[body] for body in bodies), (), late)


def _in_figures(desk: Desk, body: Body, week: Week) -> str:
    """The body's week so far."""
    found = queries.figures(
        desk.session, desk.directory, body, first=queries.week_start(week), until=desk.now
    )
    return in_words(found)


def in_words(found: queries.WeekFigures) -> str:
    """转绿 1(ZX0031)、新增问题 1、办结 0、上报 2 个项目; 本周无新增 without any (rule I2)."""
    if not (found.turned_green or found.raised or found.closed or found.changed):
        return NOTHING_NEW
    green = f"转绿 {len(found.turned_green)}"
    if found.turned_green:
        green += f"({'、'.join(found.turned_green)})"
    return f"{green}、新增问题 {found.raised}、办结 {found.closed}、上报 {found.reported} 个项目"


# --- asking


def call(desk: Desk) -> int:
    """On the day of 反馈截止: ask those who have not reported (rule I1). Returns how many were asked."""
    week = calendar.week_of(desk.today, desk.directory.calendar)
    if calendar.local_date(week.feedback_due) != desk.today:
        return 0
    asked = 0
    for organisation_id in desk.directory.organisations:
        asked += _call(desk, organisation_id, week)
    return asked


def _call(desk: Desk, organisation_id: int, week: Week) -> int:
    due = queries.due(desk.session, desk.directory, week)
    if due <= desk.clock_now:
        return 0
    of_person: dict[int, list[Body]] = defaultdict(list)
    for body in queries.missing(desk.session, desk.directory, organisation_id, week):
        of_person[body.liaisons[0].id].append(body)
    for person_id, bodies in of_person.items():
        desk.notify(
            WeeklyCall(
                period=queries.period_name(week),
                period_first=week.first.isoformat(),
                bodies=tuple(body.name for body in bodies),
                due_at=due,
                postponed=due != week.feedback_due,
                of=person_id,
            ),
            to=desk.directory.people[person_id],
            key=f"weekly call {week.first} {organisation_id}",
            reason="每周反馈提醒",
            about=_call_subject(person_id),
        )
    if of_person and desk.processed_at is not None and desk.processed_at - desk.now > LATE_CALL:
        desk.notify(
            WeeklyCallLate(queries.period_name(week), desk.now, desk.processed_at, due),
            to=desk.directory.ledger_admins(organisation_id),
            key=f"weekly call late {week.first} {organisation_id}",
            reason="停机补发说明",
            about=Subject("week", week.first.toordinal()),
        )
    return len(of_person)


def tell_missing(desk: Desk) -> int:
    """On the workday after 反馈截止, or after the end of its grace: name who is missing. Returns how many."""
    days = desk.directory.calendar
    yesterday = days.subtract_workdays(desk.today, 1)
    this = calendar.week_of(yesterday, days)
    before = calendar.week_of(this.first - timedelta(days=1), days)
    told = 0
    for week in (before, this):
        due = queries.due(desk.session, desk.directory, week)
        if calendar.local_date(due) != yesterday or never_called(desk, week):
            continue
        for organisation_id in desk.directory.organisations:
            bodies = queries.missing(desk.session, desk.directory, organisation_id, week)
            if bodies:
                desk.notify(
                    WeeklyMissing(queries.period_name(week), due, names(bodies)),
                    to=desk.directory.ledger_admins(organisation_id),
                    key=f"weekly missing {week.first} {organisation_id}",
                    reason="每周反馈截止",
                    about=Subject("week", week.first.toordinal()),
                )
                told += len(bodies)
    return told


def never_called(desk: Desk, week: Week) -> bool:
    """The product was installed after the call of the week: nobody was asked, so nobody is missing."""
    installed = time_mark(desk.session, INSTALLED_AT)
    return installed is not None and installed > week.call_at


def names(bodies: tuple[Body, ...]) -> tuple[str, ...]:
    """能源专班(程凯), 临河区(王磊 临河区发改局)"""
    return tuple(f"{body.name}({_with_unit(body.liaisons[0])})" for body in bodies)


def _with_unit(person: PersonInfo) -> str:
    """The name, with the unit behind it where two share the name (rule B1)."""
    return person.label.removesuffix(")").replace("(", " ")


def _call_subject(person_id: int) -> Subject:
    """What a call is about: taken back once its person has reported."""
    return Subject("weekly_call", person_id)
