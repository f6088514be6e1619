"""Problem items against the baseline city: states, people told, numbers, overdue counts (B8, F1–F6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.base import decode
from models.operations import (
    audit,
    item_dispatch,
    item_dues,
    item_rungs,
    item_screening,
    items,
    ladders,
    numbering,
    weekly,
    weekly_summaries,
)
from models.operations import item_closing as closing
from models.operations import item_feedback as feedbacks
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.queries import directory as directories
from models.queries import item_history, item_parties
from models.queries import items as item_queries
from models.queries import weekly as weekly_queries
from models.queries.directory import Directory, PersonInfo
from models.rules.calendar import SHANGHAI, week_of
from models.rules.items import Party
from models.rules.ladder import RungName
from models.rules.policies import Policies
from models.tables.audit import AuditRow
from models.tables.clockwork import Outage, Timer
from models.tables.documents import Document
from models.tables.items import Item, WeeklyReport
from models.tables.outbox import OutboxNotice
from models.tables.projects import Entry
from templates import render
from tests import prepared

from .clockwork import moment as at


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with prepared.session_on(prepared.city(at("2026-09-21T18:00")), tmp_path) as session:
        yield session


@pytest.fixture
def directory(session: Session) -> Directory:
    return directories.load(session)


def who(directory: Directory, label: str) -> PersonInfo:
    return next(person for person in directory.people.values() if person.label == label)


def desk(session: Session, directory: Directory, name: str, now: str) -> Desk:
    person = who(directory, name)
    return Desk(session, directory, Policies(), at(now), Actor(person.id, person.label))


def system(session: Session, directory: Directory, now: str, processed: str | None = None) -> Desk:
    return Desk(session, directory, Policies(), at(now), processed_at=at(processed) if processed else None)


def told(session: Session, directory: Directory) -> dict[str, list[str]]:
    """Who was told what so far, by notice class."""
    found: dict[str, list[str]] = {}
    for row in session.execute(select(OutboxNotice).order_by(OutboxNotice.id)).scalars():
        if row.recipient_kind == "person":
            found.setdefault(row.notice, []).append(directory.people[row.recipient_id].label)
    return found


def raised(session: Session, directory: Directory, *, restricted: bool = False, by: str = "魏然") -> Item:
    author = who(directory, by)
    project = directory.project_by_code["ZY0007" if not restricted else "ZX0032"]
    return item_screening.raise_item(
        desk(session, directory, by, "2026-09-22T09:20"),
        item_screening.NewItem(
            organisation_id=author.organisation_id,
            title="施工许可未取得",
            raised_by_id=author.id,
            project_id=project.id,
            wanted="住建局牵头完成消防设计审查",
            kind="施工许可",
            restricted=restricted,
        ),
    )


def dispatched(session: Session, directory: Directory, *, now: str = "2026-09-22T09:40") -> Item:
    item = raised(session, directory)
    item_dispatch.dispatch(
        desk(session, directory, "孙晓雯", now),
        item,
        item_dispatch.Dispatch(
            goal="完成消防设计审查",
            measures="并联审查",
            unit_id=directory.unit_named(1, "市住建局").id,
            person_id=who(directory, "彭倩").id,
            due_at=at("2026-10-15T18:00"),
            supervisor_id=who(directory, "马德胜").id,
            task_force_id=None,
        ),
    )
    return item


def received(session: Session, directory: Directory) -> Item:
    item = dispatched(session, directory)
    item_dispatch.receive(desk(session, directory, "彭倩", "2026-09-22T15:00"), item)
    return item


def w0186(session: Session) -> Item:
    return session.execute(select(Item).where(Item.number == "W0186")).scalar_one()


def timers(session: Session, kind: str) -> list[datetime]:
    rows = session.execute(
        select(Timer.due_at).where(Timer.kind == kind, Timer.state == "waiting").order_by(Timer.due_at)
    ).scalars()
    return [row.astimezone(SHANGHAI) for row in rows]


# --- raising and screening


def test_numbers_follow_the_baseline_and_a_failed_transaction_gives_one_back(
    session: Session, directory: Directory
) -> None:
    before = session.begin_nested()
    assert raised(session, directory).number == "W0191"
    before.rollback()
    session.expire_all()
    assert raised(session, directory).number == "W0191"
    assert raised(session, directory).number == "W0192"


def test_series_are_apart(session: Session) -> None:
    series = numbering.letter_series("试验函", 2026)
    assert [numbering.next_number(session, series) for _ in range(3)] == [1, 2, 3]
    assert numbering.next_number(session, numbering.letter_series("试验函", 2027)) == 1
    numbering.set_last(session, series, 10)
    assert numbering.next_number(session, series) == 11


def test_a_new_item_goes_to_the_hub_alone(session: Session, directory: Directory) -> None:
    item = raised(session, directory)
    assert item.state == "待甄别"
    assert told(session, directory) == {"ItemToScreen": ["孙晓雯"]}


def test_refusals_need_a_reason_and_reach_who_raised_it(session: Session, directory: Directory) -> None:
    item = raised(session, directory)
    hub = desk(session, directory, "孙晓雯", "2026-09-22T10:00")
    with pytest.raises(Invalid):
        item_screening.reject(hub, item, " ")
    item_screening.reject(hub, item, "不属协调范围")
    assert item.state == "不予受理"
    assert told(session, directory)["ItemRejected"] == ["魏然"]
    with pytest.raises(StateForbids):
        item_screening.ask_more(hub, item, "补充")


def test_merging_ends_the_duplicate_and_tells_its_reporter(session: Session, directory: Directory) -> None:
    """F13; D5: it counts nowhere."""
    item = raised(session, directory)
    hub = desk(session, directory, "孙晓雯", "2026-09-22T10:00")
    with pytest.raises(Invalid):
        item_screening.merge(hub, item, item)
    assert item_queries.open_count(session, item.project_id or 0) == 1
    item_screening.merge(hub, item, w0186(session))
    assert (item.state, item.merged_into_id) == ("已合并", w0186(session).id)
    assert item_queries.open_count(session, item.project_id or 0) == 0
    assert told(session, directory)["ItemMerged"] == ["魏然"]


def test_every_change_is_in_the_audit_and_its_chain_holds(session: Session, directory: Directory) -> None:
    item = received(session, directory)
    rows = (
        session.execute(
            select(AuditRow)
            .where(AuditRow.record_kind == "item", AuditRow.record_id == item.id)
            .order_by(AuditRow.seq)
        )
        .scalars()
        .all()
    )
    states = [(row.old, row.new, row.by_name) for row in rows if row.field == "state"]
    assert states == [
        (None, "待甄别", "魏然"),
        ("待甄别", "待签收", "孙晓雯"),
        ("待签收", "办理中", "彭倩"),
    ]
    assert list(audit.broken_chains(session)) == []


# --- 交办, 签收


def test_only_the_hub_dispatches(session: Session, directory: Directory) -> None:
    item = raised(session, directory)
    for name in ("魏然", "彭倩", "马德胜", "冯国强", "林芳"):
        with pytest.raises(NotAllowed) as refused:
            item_screening.reject(desk(session, directory, name, "2026-09-22T10:00"), item, "不办")
        assert "综合专班" in refused.value.who


def test_dispatch_tells_each_once_and_sets_the_receipt(session: Session, directory: Directory) -> None:
    """S28, F3: due 09-23 18:00; reminder 09-24 08:30; 带班领导 09-28 08:30."""
    dispatched(session, directory)
    found = told(session, directory)
    assert found["ItemAssigned"] == ["彭倩"]
    assert found["ItemAssignedToUnit"] == ["冯国强"]
    assert found["RaisedItemAssigned"] == ["魏然"]
    assert found["ItemToSupervise"] == ["马德胜"]
    assert timers(session, item_dues.RECEIPT_REMINDER) == [at("2026-09-24T08:30")]
    assert timers(session, item_dues.RECEIPT_REPORT) == [at("2026-09-28T08:30")]


def test_a_deadline_in_the_past_is_refused(session: Session, directory: Directory) -> None:
    with pytest.raises(Invalid):
        dispatched(session, directory, now="2026-10-15T18:00")


def test_receipt_stops_its_reminders_and_starts_both_ladders(session: Session, directory: Directory) -> None:
    item = received(session, directory)
    assert item.feedback_due_at == at("2026-09-30T18:00")
    assert timers(session, item_dues.RECEIPT_REMINDER) == []
    assert [(one.what, one.due_at) for one in ladders.of(session, items.subject(item))] == [
        ("反馈", at("2026-09-30T18:00")),
        ("办结", at("2026-10-15T18:00")),
    ]
    assert item_dues.remind_receipt(system(session, directory, "2026-09-24T08:30"), item) == "已无需提醒"
    with pytest.raises(StateForbids):
        item_dispatch.receive(desk(session, directory, "彭倩", "2026-09-22T15:01"), item)


def test_the_second_return_is_ruled_on_by_the_head(session: Session, directory: Directory) -> None:
    """F4: afterwards nobody returns it again."""
    item = dispatched(session, directory)
    linhe = directory.unit_named(1, "临河区").id
    back = desk(session, directory, "彭倩", "2026-09-22T11:00")
    with pytest.raises(Invalid):
        item_dispatch.send_back(back, item, "权限在区", proposed_unit_id=None)
    item_dispatch.send_back(back, item, "权限在区", proposed_unit_id=linhe)
    assert (item.state, item.returns, item.unit_id) == ("待甄别", 1, None)
    wang = who(directory, "王磊(临河区发改局)")

    def again(by: str, person: PersonInfo, unit_id: int, now: str) -> None:
        item_dispatch.dispatch(
            desk(session, directory, by, now),
            item,
            item_dispatch.Dispatch(
                goal="完成审查",
                measures="并联",
                unit_id=unit_id,
                person_id=person.id,
                due_at=at("2026-10-15T18:00"),
                supervisor_id=who(directory, "马德胜").id,
                task_force_id=None,
            ),
        )

    again("孙晓雯", wang, linhe, "2026-09-22T14:00")
    unit_id = directory.unit_named(1, "市住建局").id
    item_dispatch.send_back(
        desk(session, directory, wang.label, "2026-09-23T09:00"), item, "属市级", proposed_unit_id=unit_id
    )
    assert told(session, directory)["ItemToScreen"][-1] == "陈立新"
    assert timers(session, item_dispatch.RULING_REMINDER) == [at("2026-09-28T08:30")]
    with pytest.raises(NotAllowed):
        again("孙晓雯", who(directory, "彭倩"), unit_id, "2026-09-23T10:00")
    again("陈立新", who(directory, "彭倩"), unit_id, "2026-09-23T10:00")
    assert timers(session, item_dispatch.RULING_REMINDER) == []
    with pytest.raises(StateForbids):
        item_dispatch.send_back(
            desk(session, directory, "彭倩", "2026-09-23T11:00"), item, "还是不属", proposed_unit_id=linhe
        )


# --- feedback


def test_feedback_is_judged_by_its_submission(session: Session, directory: Directory) -> None:
    """S77: 17:58 accepted two days later is on time."""
    item = w0186(session)
    feedback = feedbacks.submit(desk(session, directory, "苏静", "2026-09-21T17:58"), item, "已补正")
    assert feedback.overdue_workdays == 0
    assert item_dues.due_passed(system(session, directory, "2026-09-21T18:00"), item, "反馈") == "逾期0次"
    supervisor = desk(session, directory, "马德胜", "2026-09-23T11:00")
    assert feedbacks.accept(supervisor, feedback).next_due_at == at("2026-09-29T18:00")
    assert (item.overdue_times, item.overdue_workdays) == (0, 0)
    with pytest.raises(StateForbids):
        feedbacks.accept(supervisor, feedback)


def test_one_feedback_under_review_at_a_time(session: Session, directory: Directory) -> None:
    item = w0186(session)
    feedbacks.submit(desk(session, directory, "苏静", "2026-09-22T10:00"), item, "已补正")
    with pytest.raises(Invalid):
        feedbacks.submit(desk(session, directory, "谭勇", "2026-09-22T10:05"), item, "又补正")


def test_nobody_rules_on_their_own_feedback(session: Session, directory: Directory) -> None:
    """F8 in spirit: also not through a delegation."""
    item = w0186(session)
    feedback = feedbacks.submit(desk(session, directory, "苏静", "2026-09-22T10:00"), item, "已补正")
    su, ma = who(directory, "苏静"), who(directory, "马德胜")
    acting = Desk(
        session,
        directory,
        Policies(),
        at("2026-09-22T11:00"),
        Actor(su.id, su.label, for_id=ma.id, for_name=ma.label),
    )
    with pytest.raises(NotAllowed):
        feedbacks.accept(acting, feedback)


def test_due_dates_passing_count_one_by_one(session: Session, directory: Directory) -> None:
    """F5: 09-21 and 09-29 missed are two, one ladder."""
    item = w0186(session)
    item_dues.due_passed(system(session, directory, "2026-09-21T18:00"), item, "反馈")
    assert item.overdue_times == 1
    item_dues.due_passed(system(session, directory, "2026-09-29T18:00"), item, "反馈")
    assert item.overdue_times == 2
    assert len([one for one in ladders.of(session, items.subject(item)) if one.what == "反馈"]) == 1
    feedback = feedbacks.submit(desk(session, directory, "苏静", "2026-09-30T10:00"), item, "已补正")
    assert feedback.overdue_workdays == 6
    next_due = feedbacks.accept(desk(session, directory, "马德胜", "2026-09-30T11:00"), feedback).next_due_at
    assert next_due == at("2026-10-12T18:00")
    assert (item.overdue_times, item.overdue_workdays) == (2, 6)


def test_an_outage_over_the_deadline_excuses_until_the_workday_of_the_restart(
    session: Session, directory: Directory
) -> None:
    """A4."""
    session.add(Outage(started_at=at("2026-09-21T17:00"), ended_at=at("2026-09-22T10:00")))
    session.flush()
    at_desk = system(session, directory, "2026-09-22T10:00")
    assert item_dues.late_workdays(at_desk, at("2026-09-21T18:00"), at("2026-09-22T18:00")) == 0
    assert item_dues.late_workdays(at_desk, at("2026-09-21T18:00"), at("2026-09-22T18:01")) == 1
    item = w0186(session)
    item_dues.due_passed(system(session, directory, "2026-09-21T18:00", "2026-09-22T10:00"), item, "反馈")
    assert item.overdue_times == 0
    assert at("2026-09-22T18:00") in timers(session, item_dues.DUE_PASSED)
    item_dues.due_passed(system(session, directory, "2026-09-22T18:00"), item, "反馈顺延")
    assert item.overdue_times == 1


# --- 办结, 销号


def test_closing_needs_evidence_a_reviewer_and_ends_everything(
    session: Session, directory: Directory
) -> None:
    """S33: F8 F9 F10 F14; 09-15 → 10-16 are 19 workdays."""
    item = w0186(session)
    su = desk(session, directory, "苏静", "2026-10-16T10:00")
    with pytest.raises(Invalid):
        closing.submit(su, item, "已批", reference="", files=())
    closing.submit(su, item, "已批", reference="云林审〔2026〕88号", files=())
    assert item.state == "待审核"
    ma = desk(session, directory, "马德胜", "2026-10-16T11:00")
    closing.fail(ma, item, "只批了一期")
    assert (item.state, item.refusals, item.submitted_at) == ("办理中", 1, None)
    assert item.due_at == at("2026-10-20T18:00")
    closing.submit(su, item, "二期已补批", reference="云林审〔2026〕91号", files=())
    closing.approve(ma, item)
    assert told(session, directory)["ItemToClose"] == ["孙晓雯"]
    closing.close(desk(session, directory, "孙晓雯", "2026-10-16T14:00"), item)
    assert item.state == "已销号"
    assert item_history.handling_workdays(directory, item, at("2026-11-30T00:00")) == 19
    assert told(session, directory)["ItemClosed"] == ["李娜"]
    assert {one.state for one in ladders.of(session, items.subject(item))} == {"ended"}
    assert timers(session, item_dues.DUE_PASSED) == [] or item.number not in timers_of(session, item)


def timers_of(session: Session, item: Item) -> list[str]:
    rows = session.execute(
        select(Timer.kind).where(
            Timer.subject_kind == "item", Timer.subject_id == item.id, Timer.state == "waiting"
        )
    ).scalars()
    return list(rows)


# --- restricted items


def test_a_restricted_item_reaches_its_circle_only(session: Session, directory: Directory) -> None:
    """B8, S37: author, author's 带班领导, 综合专班负责人; no count, no capacity for others."""
    item = raised(session, directory, restricted=True, by="周敏")
    assert {directory.people[number].label for number in item.visible_to} == {"周敏", "许建平", "陈立新"}
    assert told(session, directory) == {"ItemToScreen": ["陈立新"]}
    seen = {
        person.label for person in directory.people.values() if item_parties.sees(directory, person, item)
    }
    assert seen == {"周敏", "许建平", "陈立新"}
    assert item_queries.open_count(session, item.project_id or 0) == 0
    assert item_parties.parties(directory, who(directory, "孙晓雯"), item) == frozenset()
    assert Party.HUB in item_parties.parties(directory, who(directory, "陈立新"), item)
    with pytest.raises(NotAllowed):
        item_screening.reject(desk(session, directory, "孙晓雯", "2026-09-22T10:00"), item, "不办")


# --- weekly feedback


def test_the_call_goes_to_who_has_not_reported(session: Session, directory: Directory) -> None:
    """I1, A5: on 09-23, the last-but-one workday; other days nobody."""
    given = weekly.unchanged(desk(session, directory, "吴迪", "2026-09-22T15:00"), who(directory, "吴迪"))
    assert [body.name for body in given.bodies] == ["交通专班"]
    assert [project.code for project in given.projects] == ["ZD0115"]
    assert weekly.call(system(session, directory, "2026-09-22T10:00")) == 0
    assert weekly.call(system(session, directory, "2026-09-23T10:00")) == 11
    assert "吴迪" not in told(session, directory)["WeeklyCall"]
    assert "WeeklyCallLate" not in told(session, directory)


def test_missing_bodies_are_named_once_the_deadline_is_over(session: Session, directory: Directory) -> None:
    for body in weekly_queries.bodies(directory, who(directory, "孙晓雯").organisation_id):
        if body.name != "能源专班":
            session.add(
                WeeklyReport(
                    body_kind=body.kind,
                    body_id=body.id,
                    period_first="2026-09-21",
                    author_id=body.liaisons[0].id,
                    submitted_at=at("2026-09-23T16:00"),
                    text="本周无变化",
                    unchanged=True,
                )
            )
    session.flush()
    assert weekly.tell_missing(system(session, directory, "2026-09-23T08:30")) == 0
    assert weekly.tell_missing(system(session, directory, "2026-09-24T08:30")) == 1
    late = weekly.generate(desk(session, directory, "程凯", "2026-09-24T09:00"), who(directory, "程凯"))
    assert late.late
    assert weekly_summaries.digest(system(session, directory, "2026-09-23T17:00")) == 0
    weekly_summaries.digest(system(session, directory, "2026-09-24T17:00"))
    row = session.execute(select(OutboxNotice).where(OutboxNotice.notice == "WeeklyMissing")).scalar_one()
    assert "未反馈：能源专班(程凯)" in render(decode(row.notice, row.payload))
    row = session.execute(select(OutboxNotice).where(OutboxNotice.notice == "WeeklyDigest")).scalar_one()
    text = render(decode(row.notice, row.payload))
    assert "能源专班：本周无新增（迟报）" in text
    assert "未反馈" not in text


def test_feedback_after_an_outage_counts_for_the_week_it_was_asked_for(
    session: Session, directory: Directory
) -> None:
    """A4: down over the deadline until Monday: by 18:00 it is in time, for the week before."""
    session.add(Outage(started_at=at("2026-09-22T08:00"), ended_at=at("2026-09-28T09:00")))
    session.flush()
    given = weekly.unchanged(desk(session, directory, "程凯", "2026-09-28T15:00"), who(directory, "程凯"))
    assert (given.week.first.isoformat(), given.late) == ("2026-09-21", False)
    after = weekly.unchanged(desk(session, directory, "程凯", "2026-09-28T15:05"), who(directory, "程凯"))
    assert after.week == week_of(at("2026-09-28T00:00").date(), directory.calendar)


def test_the_week_in_figures(session: Session, directory: Directory) -> None:
    """S46: the new item of 市政设施专班's sector task is counted; restricted ones are not."""
    received(session, directory)
    raised(session, directory, restricted=True, by="周敏")
    given = weekly.generate(desk(session, directory, "魏然", "2026-09-23T11:00"), who(directory, "魏然"))
    assert given.texts == ("转绿 0、新增问题 1、办结 0、上报 0 个项目",)
    given = weekly.generate(desk(session, directory, "周敏", "2026-09-23T11:00"), who(directory, "周敏"))
    assert given.texts == ("本周无新增",)


def test_a_likely_duplicate_is_named_to_the_hub(session: Session, directory: Directory) -> None:
    """S35: the same project and type; never a restricted item (rule B8)."""
    first = raised(session, directory)
    second = raised(session, directory)
    assert [one.number for one in item_queries.alike(session, second)] == [first.number]
    secret = raised(session, directory, restricted=True, by="周敏")
    assert item_queries.alike(session, secret) == []
    row = (
        session.execute(
            select(OutboxNotice).where(OutboxNotice.notice == "ItemToScreen").order_by(OutboxNotice.id)
        )
        .scalars()
        .all()[1]
    )
    assert f"合并到{first.number}" in [action.label for action in decode(row.notice, row.payload).actions]


def test_unchanged_said_twice_is_one_report(session: Session, directory: Directory) -> None:
    """C19: the second time gives the same receipt and writes no second entry."""
    wu = who(directory, "吴迪")
    first = weekly.unchanged(desk(session, directory, "吴迪", "2026-09-22T15:00"), wu)
    entries = len(session.execute(select(Entry.id).where(Entry.kind == "unchanged")).all())
    second = weekly.unchanged(desk(session, directory, "吴迪", "2026-09-22T15:01"), wu)
    assert (first.bodies, first.projects) == (second.bodies, second.projects)
    assert len(session.execute(select(Entry.id).where(Entry.kind == "unchanged")).all()) == entries == 1


def test_feedback_and_closing_under_review_at_once(session: Session, directory: Directory) -> None:
    """F6: a failed 办结 does not wake the ladder of a feedback that is still under review."""
    item = w0186(session)
    su = desk(session, directory, "苏静", "2026-09-21T17:00")
    feedbacks.submit(su, item, "已补正")
    closing.submit(su, item, "已批", reference="云林审〔2026〕88号", files=())
    closing.fail(desk(session, directory, "马德胜", "2026-09-22T10:00"), item, "未附批复")
    states = {one.what: one.state for one in ladders.of(session, items.subject(item))}
    assert states == {"反馈": "paused", "办结": "running"}


def test_reminders_that_wait_are_taken_back_when_feedback_comes(
    session: Session, directory: Directory
) -> None:
    """Rules P3 F6: reasons that have gone; what is said about the 办结时限 stays."""
    item = item_queries.by_number(session, who(directory, "苏静").organisation_id, "W0186")
    assert item is not None
    late = system(session, directory, "2026-09-24T09:00")
    climbs = {one.what: one for one in ladders.of(session, items.subject(item)) if one.state == "running"}
    for rung in (RungName.URGE, RungName.REMINDER_LETTER):
        item_rungs.take(late, climbs[items.FEEDBACK], rung)
    item_rungs.take(late, climbs[items.CLOSING], RungName.REMIND)
    assert waiting(session) == {"ItemUrged", "ItemOverdueReported", "LetterProposed", "ItemDueSoon"}
    feedback = feedbacks.submit(desk(session, directory, "苏静", "2026-09-24T10:00"), item, "已报省林草局")
    assert waiting(session) == {"LetterProposed", "ItemDueSoon", "FeedbackToReview"}
    feedbacks.accept(desk(session, directory, "马德胜", "2026-09-24T11:00"), feedback)
    assert waiting(session) == {"ItemDueSoon", "FeedbackAccepted"}
    letters = session.execute(select(Document).where(Document.subject_id == item.id)).scalars()
    assert [(one.kind, one.state) for one in letters] == [("提醒函", "已撤回")]
    outcomes = session.execute(
        select(OutboxNotice.outcome).where(OutboxNotice.notice == "ItemUrged")
    ).scalars()
    assert set(outcomes) == {"已反馈"}


def waiting(session: Session) -> set[str]:
    return set(session.execute(select(OutboxNotice.notice).where(OutboxNotice.state == "waiting")).scalars())
