"""工作小结 and 工作计划 of the categories, the 汇总 made of them, and its publication (rules A5, I1, I2)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Final

from models.errors import Invalid, NotAllowed
from models.notices.base import encode
from models.notices.weekly import (
    DigestCategory,
    DigestLine,
    SummaryLine,
    WeeklyDigest,
    WeeklyPublished,
    WeeklyPublishedReceipt,
    WeeklySummary,
)
from models.operations import weekly
from models.operations.desk import Desk, group
from models.queries import item_parties, outages
from models.queries import weekly as queries
from models.queries.directory import PersonInfo
from models.queries.weekly import Body
from models.rules import calendar
from models.rules.calendar import Week
from models.tables.items import WeeklyReport
from models.types import Subject

PLAN: Final = "工作计划："
PLAN_WORDS: Final = ("下周计划", "下周工作计划", "工作计划")


def ask(desk: Desk) -> int:
    """08:30 on the last workday of the period: each lead 联络员 gets the drafts of their categories."""
    week = calendar.week_of(desk.today, desk.directory.calendar)
    if calendar.local_date(week.summary_due) != desk.today or weekly.never_called(desk, week):
        return 0
    asked = 0
    for organisation_id in desk.directory.organisations:
        of_person: dict[int, list[Body]] = defaultdict(list)
        for body in queries.categories(desk.directory, organisation_id):
            of_person[body.liaisons[0].id].append(body)
        for person_id, bodies in of_person.items():
            desk.notify(
                card(desk, week, tuple(bodies), of=person_id),
                to=desk.directory.people[person_id],
                key=f"weekly summary {week.first} {organisation_id}",
                reason="每周小结",
                about=Subject("week", week.first.toordinal()),
            )
            asked += len(bodies)
    return asked


def due(desk: Desk, week: Week) -> datetime:
    """小结截止 of a period; an outage over it or over the question puts it off (rule A4)."""
    days = desk.directory.calendar
    excused = outages.excused_until(desk.session, week.summary_due, days)
    asked = outages.covering(desk.session, asked_at(desk, week))
    return excused if asked is None else max(excused, outages.grace_after(asked.ended_at, days))


def asked_at(desk: Desk, week: Week) -> datetime:
    return calendar.at(calendar.local_date(week.summary_due), desk.push_window.opens)


def period(desk: Desk, person: PersonInfo) -> Week:
    """The period that a 小结 given now is for; the last one while its grace after an outage runs (rule A4)."""
    now = calendar.week_of(desk.today, desk.directory.calendar)
    before = calendar.week_of(now.first - timedelta(days=1), desk.directory.calendar)
    if due(desk, before) < desk.now:
        return now
    known = queries.reports(desk.session, before)
    rows = [known.get((body.kind, body.id)) for body in queries.categories_of(desk.directory, person)]
    return before if any(row is None or row.unchanged for row in rows) else now


def card(desk: Desk, week: Week, bodies: tuple[Body, ...], *, of: int) -> WeeklySummary:
    """of: id of the 联络员 whose categories they are."""
    known, until = queries.reports(desk.session, week), due(desk, week)
    return WeeklySummary(
        period=queries.period_name(week),
        period_first=week.first.isoformat(),
        lines=tuple(_line(desk, week, body, known.get((body.kind, body.id))) for body in bodies),
        due_at=until,
        late=desk.now > until,
        of=of,
        postponed=until > week.summary_due,
    )


def _line(desk: Desk, week: Week, body: Body, row: WeeklyReport | None) -> SummaryLine:
    text, plan = split(row.text) if row is not None else (_drafted(desk, week, body), plans(desk, week, body))
    return SummaryLine(body.id, body.name, text, plan, row is not None and not row.unchanged)


def _drafted(desk: Desk, week: Week, body: Body) -> str:
    """The category's week in figures; 本周无新增 for one without any (rule I2)."""
    found = queries.figures(
        desk.session, desk.directory, body, first=queries.week_start(week), until=desk.now
    )
    return weekly.in_words(found)


def plans(desk: Desk, week: Week, body: Body) -> str:
    """What the 专班 and counties of the category's projects have said they plan."""
    mine = {one.id for one in queries.projects_of(desk.directory, body)}
    known = queries.reports(desk.session, week)
    said = []
    for other in queries.bodies(desk.directory, _organisation(desk, body)):
        row = known.get((other.kind, other.id))
        if row is None or mine.isdisjoint(one.id for one in queries.projects_of(desk.directory, other)):
            continue
        said.extend(_plan_lines(row.text, other.name))
    return "；".join(dict.fromkeys(said))


def _plan_lines(text: str, name: str) -> list[str]:
    found = []
    for line in text.split("\n"):
        for word in PLAN_WORDS:
            if line.startswith(word):
                found.append(f"{name}：{line.removeprefix(word).strip(' ：:，,')}")
                break
    return found


def _organisation(desk: Desk, body: Body) -> int:
    return desk.directory.categories[body.id].organisation_id


def split(text: str) -> tuple[str, str]:
    """小结 and 计划 of a stored text."""
    summary, _, plan = text.partition(f"\n{PLAN}")
    return summary, plan


def plan(desk: Desk, person: PersonInfo, week: Week, text: str) -> tuple[Body, ...]:
    """Set the 工作计划: of the category that the text begins with, else of all of the person's."""
    bodies = _of(desk, person)
    named = tuple(body for body in bodies if text.strip().startswith(body.name))
    words = text.strip()
    if named:
        words = words.removeprefix(named[0].name).strip(" ：:，,")
    for word in PLAN_WORDS:
        words = words.removeprefix(word).strip(" ：:，,")
    if not words:
        raise Invalid("计划是空的", mend="例：补充计划 专项债券 完成设备安装")
    known = queries.reports(desk.session, week)
    for body in named or bodies:
        row = known.get((body.kind, body.id))
        summary = split(row.text)[0] if row is not None else _drafted(desk, week, body)
        _store(
            desk,
            person,
            week,
            body,
            f"{summary}\n{PLAN}{words}",
            submitted=row is not None and not row.unchanged,
        )
    return bodies


def submit(desk: Desk, person: PersonInfo, week: Week) -> tuple[Body, ...]:
    """Hand in the 小结 and 计划 of all the person's categories as they read now."""
    bodies = _of(desk, person)
    known = queries.reports(desk.session, week)
    for body in bodies:
        line = _line(desk, week, body, known.get((body.kind, body.id)))
        if not line.submitted:
            _store(desk, person, week, body, f"{line.text}\n{PLAN}{line.plan}", submitted=True)
    return bodies


def _of(desk: Desk, person: PersonInfo) -> tuple[Body, ...]:
    bodies = queries.categories_of(desk.directory, person)
    if not bodies:
        raise NotAllowed("报类别小结", who="类别牵头专班的联络员")
    return bodies


def _store(desk: Desk, person: PersonInfo, week: Week, body: Body, text: str, *, submitted: bool) -> None:
    """Unchanged marks a text that was written down but not handed in."""
    row = queries.reports(desk.session, week).get((body.kind, body.id))
    before = row.text if row is not None else None
    if row is None:
        row = WeeklyReport(
            body_kind=body.kind, body_id=body.id, period_first=week.first.isoformat(), author_id=person.id,
            submitted_at=desk.now, text=text, unchanged=not submitted,
        )  # fmt: skip
        desk.session.add(row)
    else:
        if row.unchanged and submitted:
            row.submitted_at = desk.now
        row.text, row.unchanged = text, not submitted
    desk.session.flush()
    desk.record(Subject("weekly_report", row.id), {"text": (before, text)})


# --- 汇总


def digest(desk: Desk) -> int:
    """On the last workday of the period: the 汇总 draft for 综合专班. Returns how many bodies are missing."""
    week = calendar.week_of(desk.today, desk.directory.calendar)
    if calendar.local_date(week.digest_at) != desk.today or weekly.never_called(desk, week):
        return 0
    missing = 0
    for organisation_id in sorted(desk.directory.keeping_ledgers):
        draft = build(desk, organisation_id, week, until=desk.now)
        missing += len(draft.missing) + len(draft.postponed)
        desk.notify(
            draft,
            to=desk.directory.ledger_admins(organisation_id),
            key=f"weekly digest {week.first} {organisation_id}",
            reason="每周汇总草稿",
            about=Subject("week", week.first.toordinal()),
        )
    return missing


def build(desk: Desk, organisation_id: int, week: Week, *, until: datetime) -> WeeklyDigest:
    """The 汇总 of what was handed in until then; who is missing is named, a grace after an outage too (rule A4)."""
    due = queries.due(desk.session, desk.directory, week)
    known = {
        key: row for key, row in queries.reports(desk.session, week).items() if row.submitted_at <= until
    }
    bodies = queries.bodies(desk.directory, organisation_id)
    missing = weekly.names(tuple(body for body in bodies if (body.kind, body.id) not in known))
    in_grace = due > until
    draft = WeeklyDigest(
        period=queries.period_name(week),
        lines=tuple(
            DigestLine(body.name, row.text.replace("\n", "；"), row.submitted_at > due)
            for body in bodies
            if (row := known.get((body.kind, body.id))) is not None
        ),
        missing=() if in_grace else missing,
        postponed=missing if in_grace else (),
        due_at=due,
        categories=tuple(
            _category(desk, week, body, known.get((body.kind, body.id)))
            for body in queries.categories(desk.directory, organisation_id)
        ),
        period_first=week.first.isoformat(),
    )
    seen = hashlib.blake2b(repr(encode(draft)).encode(), digest_size=6).hexdigest()
    return WeeklyDigest(
        draft.period, draft.lines, draft.missing, draft.postponed, draft.due_at, draft.categories,
        draft.period_first, seen,
    )  # fmt: skip


def _category(desk: Desk, week: Week, body: Body, row: WeeklyReport | None) -> DigestCategory:
    lead = desk.directory.task_forces[desk.directory.categories[body.id].task_force_id or 0].name
    text, plan_ = split(row.text) if row is not None and not row.unchanged else ("", "")
    return DigestCategory(body.name, lead, text, plan_, "" if text else _drafted(desk, week, body))


def publish(desk: Desk, organisation_id: int, first: str, seen: str) -> WeeklyPublishedReceipt | WeeklyDigest:
    """[发布] by 综合专班: to every group, once. The draft is returned instead when it has changed since.

    Raises NotAllowed, naming who may, and Invalid before the time of the 汇总.
    """
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or not item_parties.is_hub(desk.directory, person):
        raise NotAllowed("发布每周汇总", who="综合专班联络员、负责人")
    week = calendar.week_of(date.fromisoformat(first), desk.directory.calendar)
    if desk.now < week.digest_at:
        raise Invalid(f"本周汇总在 {week.digest_at:%m-%d %H:%M} 形成", mend="请到时再发布")
    known = queries.reports(desk.session, week).get((queries.DIGEST, organisation_id))
    if known is not None:
        by = str(json.loads(known.text)["by"])  # 「宋佳(代 孙晓雯)」, as it was published
        return WeeklyPublishedReceipt(queries.period_name(week), 0, known.submitted_at, by, again=True)
    draft = build(desk, organisation_id, week, until=desk.now)
    if seen and draft.seen != seen:
        return draft
    published = WeeklyPublished(
        draft.period, draft.categories, draft.lines, draft.missing, draft.postponed, draft.due_at,
        by=desk.actor.label, at=desk.now,
    )  # fmt: skip
    row = WeeklyReport(
        body_kind=queries.DIGEST, body_id=organisation_id, period_first=first, author_id=person.id,
        submitted_at=desk.now, text=json.dumps(encode(published), ensure_ascii=False), unchanged=False,
    )  # fmt: skip
    desk.session.add(row)
    desk.session.flush()
    desk.record(Subject("weekly_report", row.id), {"published": (None, draft.period)})
    groups = [one.id for one in desk.directory.groups.values() if one.organisation_id == organisation_id]
    desk.notify(
        published,
        to=[group(number) for number in groups],
        key=f"weekly published {first} {organisation_id}",
        reason="每周汇总通报",
        about=Subject("week", week.first.toordinal()),
    )
    return WeeklyPublishedReceipt(draft.period, len(groups), desk.now, desk.actor.label, again=False)
