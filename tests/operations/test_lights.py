"""Lights in the fictional city: turned by clock and reports, pushed, ended, undone (rules E6–E14, D6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.lights import (
    AcknowledgeMissing,
    AcknowledgeReminder,
    AdjustmentEnding,
    CheckpointMissed,
    LightCorrected,
    LightDigestLine,
    LightEscalationProposed,
    LightFeedbackOverdue,
    LightFeedbackReminder,
    LightFeedbackReturned,
    LightFeedbackSubmitted,
    LightImproved,
    LightInstructionGiven,
    LightLetterDrafted,
    LightTurned,
    PlansMissing,
    RedDaysNotice,
    RedForMeeting,
)
from models.operations import (
    ledger,
    light_adjustments,
    light_feedback,
    light_receipts,
    lights,
    red_days,
)
from models.queries import lights as queries
from models.rules.calendar import local
from models.rules.policy import Policy
from models.tables.clockwork import Outage
from models.tables.clockwork import Policy as PolicyRow
from models.tables.documents import Document
from models.tables.lights import Checkpoint, EscalationDraft, LightAdjustment, LightCase, LightState
from models.tables.outbox import OutboxNotice
from models.tables.projects import ProjectPlan, YearClose
from models.types import Light, OutboxState
from templates import render
from templates.merging import Part, merge
from tests import prepared

from .clockwork import WAN, Clockwork, moment

ZX0031_AUDIENCE = ["【市政设施专班】", "【青禾县】", "张伟", "赵永年"]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with prepared.session_on(prepared.empty(), tmp_path, expire_on_commit=False) as session:
        yield session


def state(city: Clockwork, code: str) -> LightState:
    return city.session.get_one(LightState, city.project(code).id, populate_existing=True)


def case(city: Clockwork, code: str) -> LightCase:
    found = queries.latest_case(city.session, city.project(code).id)
    assert found is not None
    return found


def light_draft(session: Session) -> EscalationDraft:
    return session.execute(
        select(EscalationDraft).where(EscalationDraft.subject_kind == "light_case")
    ).scalar_one()


def at(value: object) -> str:
    return f"{local(value):%m-%d %H:%M}"  # type: ignore[arg-type]


def promise(day: str, wan: int | None) -> object:
    class Promised:
        due = date.fromisoformat(day)
        fen = None if wan is None else wan * WAN

    return Promised()


# --- the clock turns lights (S19, S20)


def test_s19_turned_on_saturday_pushed_on_the_make_up_sunday(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-18 12:00")
    city.go("2026-09-19 12:00")
    assert state(city, "ZX0031").shown == "黄"
    assert state(city, "ZX0031").announced == "绿"
    assert city.said() == []
    city.go("2026-09-20 08:30")
    pushed = city.said(LightTurned, about="ZX0031")
    assert sorted(one.to for one in pushed) == sorted(ZX0031_AUDIENCE)
    assert {one.due for one in pushed} == {"09-20 08:30"}
    assert {(one.notice.gap, at(one.notice.feedback_due_at), one.notice.reviewer) for one in pushed} == {
        ("10.42", "09-28 18:00", "彭倩")
    }
    [line] = city.said(LightDigestLine, about="ZX0031")
    assert (line.to, line.due) == ("【综合专班】", "09-20 08:30")
    change = queries.changes(session, city.project("ZX0031").id)[0]
    assert at(change.at) == "09-19 07:00"


def test_s20_exactly_thirty_is_yellow_and_red_is_pushed_after_the_holiday(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-21 18:00")
    city.go("2026-09-24 23:00")
    assert state(city, "ZD0108").shown == "黄"
    city.go("2026-09-25 07:00")
    assert state(city, "ZD0108").shown == "红"
    city.listen()
    city.go("2026-09-28 08:29")
    assert city.said(LightTurned) == []
    city.go("2026-09-28 08:30")
    pushed = {one.to: one.notice for one in city.said(LightTurned, about="ZD0108")}
    assert sorted(pushed) == sorted(["【综合专班】", "【白石县】", "李娜", "钱文海"])
    assert {notice.gap for notice in pushed.values()} == {"31.33"}
    assert [action.label for action in pushed["钱文海"].actions] == ["已阅", "稍后", "反馈"]
    assert at(pushed["钱文海"].acknowledge_by) == "09-29 18:00"
    assert pushed["李娜"].acknowledge_by is None
    assert city.said(LightDigestLine, about="ZD0108") == [], "综合专班 is the sector group itself"
    assert at(case(city, "ZD0108").feedback_due_at) == "10-08 18:00"
    earlier = queries.ended_cases(session, city.project("ZD0108").id)
    assert [one.outcome for one in earlier] == ["转红"]


def test_the_daily_sweep_agrees_with_a_full_evaluation_for_months(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-21 18:00")
    day = date(2026, 9, 22)
    while day < date(2027, 1, 20):
        city.go(f"{day} 06:00")
        assert lights.differences(city.desk()) == [], day
        day += timedelta(days=1)
    session.execute(
        update(LightState).where(LightState.project_id == city.project("ZX0031").id).values(computed="红")
    )
    session.expire_all()
    assert lights.differences(city.desk()) == ["ZX0031"]


def test_a_light_stays_silent_when_only_its_reasons_change(session: Session) -> None:
    """S54, the variant: 资金灯 joins 投资灯, the project stays 黄."""
    city = Clockwork.opened(session, "2026-09-22 10:00")
    project = city.project("ZX0031")
    session.add(
        ProjectPlan(
            project_id=project.id, year=2026, kind="payment", plan_fen=6000 * WAN,
            curve=[500 * WAN * month for month in range(1, 13)],
        )
    )  # fmt: skip
    session.flush()
    seen = lights.preview(city.desk(), project, paid_fen=3200 * WAN)
    assert [reason.kind.value for reason in seen.evaluation.reasons] == ["投资", "资金"]
    assert (seen.before, seen.after) == (Light.YELLOW, Light.YELLOW)
    city.listen()
    project.paid_fen = 3200 * WAN
    lights.reevaluate(city.desk("周敏"), project, cause="funds")
    assert [reason["kind"] for reason in state(city, "ZX0031").reasons] == ["投资", "资金"]
    assert city.said() == []


def test_preview_changes_nothing_and_says_what_confirming_would_do(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-22 10:02")
    seen = lights.preview(city.desk(), city.project("ZX0031"), ytd_fen=5500 * WAN)
    assert (seen.before, seen.after) == (Light.YELLOW, Light.GREEN)
    assert state(city, "ZX0031").shown == "黄"
    not_started = lights.preview(city.desk(), city.project("SG0012"), started_on="2026-09-20")
    assert not_started.after is Light.GREEN


def test_s26_one_message_lists_all_projects_with_their_own_deadlines_and_buttons(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-29 18:31")
    city.go("2026-09-30 08:30")
    for code in ("ZX0032", "ZY0007"):
        assert state(city, code).shown == "黄"
    notices = [one.notice for one in city.said(LightTurned) if one.to in ("张伟", "王磊(临河区发改局)")]
    assert len(notices) == 2
    text, buttons = merge([Part(number, notice) for number, notice in enumerate(notices, start=1)])
    assert text.count("反馈截止 10-13 18:00") == 2
    assert [button.label for button in buttons] == ["反馈 ZX0032", "反馈 ZY0007"]


def test_s25_stale_and_back(session: Session) -> None:
    city = Clockwork.opened(session, "2026-10-20 23:00")
    city.go("2026-10-21 08:30")
    pushed = city.said(LightTurned, about="ZD0115")
    assert sorted(one.to for one in pushed) == sorted(["【交通专班】", "吴迪", "郭卫东"])
    text = render(pushed[0].notice)
    assert "「未更新」 36 天" in text
    assert {"上报", "本周无变化", "反馈"} <= {action.label for action in pushed[0].notice.actions}
    city.go("2026-10-21 09:00")
    city.deliver()
    city.listen()
    ledger.unchanged(city.desk("吴迪"), city.project("ZD0115"), origin=ledger.Origin())
    assert state(city, "ZD0115").shown == "绿"
    assert city.told(LightImproved, about="ZD0115") == sorted(["【交通专班】", "郭卫东"])


# --- improvements, and their undoing (S01, E13)


def test_s01_improvement_goes_to_the_warned_except_the_author(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-22 10:03")
    city.enter("张伟", "ZX0031", 5500)
    assert city.told(LightImproved) == sorted({*ZX0031_AUDIENCE} - {"张伟"})
    [line] = city.said(LightDigestLine)
    assert (line.to, line.due) == ("【综合专班】", "09-23 08:30")
    ended = case(city, "ZX0031")
    assert (ended.state, ended.outcome) == ("ended", "已转绿")
    city.listen()
    city.go("2026-10-16 12:00")
    assert city.said(LightFeedbackReminder, about="ZX0031") == []


def test_an_evening_improvement_is_pushed_in_the_morning(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-22 19:00")
    city.enter("张伟", "ZX0031", 5500)
    assert city.said(LightImproved) == []
    assert case(city, "ZX0031").state == "ended"
    city.go("2026-09-23 08:30")
    assert city.told(LightImproved) == sorted({*ZX0031_AUDIENCE} - {"张伟"})
    [line] = city.said(LightDigestLine, about="ZX0031")
    assert line.due == "09-23 08:30"


def test_undone_before_its_push_is_not_pushed(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-22 19:00")
    entry = city.enter("张伟", "ZX0031", 5500)
    city.go("2026-09-22 19:05")
    ledger.undo(city.desk("张伟"), entry)
    again = case(city, "ZX0031")
    assert (again.state, again.outcome, at(again.feedback_due_at)) == ("open", None, "09-28 18:00")
    city.go("2026-09-23 09:00")
    assert city.said(LightTurned, LightImproved, LightCorrected, LightDigestLine, about="ZX0031") == []
    city.go("2026-09-24 16:00")
    assert city.told(LightFeedbackReminder, about="ZX0031") == ["张伟"]


def test_undone_after_its_push_is_corrected_in_one_line(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-22 10:03")
    entry = city.enter("张伟", "ZX0031", 5500)
    city.go("2026-09-22 10:06")
    city.deliver()
    city.listen()
    ledger.undo(city.desk("张伟"), entry)
    assert city.told(LightCorrected) == sorted({*ZX0031_AUDIENCE} - {"张伟"})
    assert city.said(LightTurned) == []
    assert [one.pushed_at for one in session.execute(select(LightCase)).scalars()].count(
        moment("2026-09-20 08:30")
    ) == 1
    city.listen()
    city.go("2026-09-23 08:30")
    assert city.said(LightDigestLine, about="ZX0031") == [], "综合专班 never heard of it"
    city.go("2026-09-24 16:00")
    assert city.told(LightFeedbackReminder, about="ZX0031") == ["张伟"]


def test_undone_in_the_evening_is_corrected_in_the_morning_and_told_to_the_hub(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-22 18:25")
    entry = city.enter("张伟", "ZX0031", 5500)
    city.go("2026-09-22 18:32")
    city.deliver()
    ledger.undo(city.desk("张伟"), entry)
    city.listen()
    city.go("2026-09-23 08:30")
    assert city.told(LightCorrected) == sorted({*ZX0031_AUDIENCE} - {"张伟"})


def test_what_was_never_sent_needs_no_correction(session: Session) -> None:
    """The platform was down: the improvement still waits when it is undone (rule E13, S61)."""
    city = Clockwork.opened(session, "2026-09-22 10:03")
    entry = city.enter("张伟", "ZX0031", 5500)
    city.go("2026-09-22 10:06")
    ledger.undo(city.desk("张伟"), entry)
    assert city.said(LightImproved, LightCorrected, LightDigestLine) == []
    withdrawn = session.execute(
        select(OutboxNotice.outcome).where(OutboxNotice.state == OutboxState.WITHDRAWN.value)
    ).scalars()
    assert set(withdrawn) == {"亮灯变化已撤销"}
    assert state(city, "ZX0031").announced == "黄"


def test_the_same_transition_is_pushed_once_a_day(session: Session) -> None:
    """S09: green at 10:03, undone at 10:06, green again at 10:07: the third is said on the next day."""
    city = Clockwork.opened(session, "2026-09-22 10:03")
    entry = city.enter("张伟", "ZX0031", 5500)
    city.deliver()
    city.go("2026-09-22 10:06")
    ledger.undo(city.desk("张伟"), entry)
    city.deliver()
    city.go("2026-09-22 10:07")
    city.listen()
    city.enter("张伟", "ZX0031", 5300)
    assert state(city, "ZX0031").shown == "绿"
    assert city.said(LightImproved) == []
    city.go("2026-09-23 08:30")
    assert city.told(LightImproved) == sorted({*ZX0031_AUDIENCE} - {"张伟"})


def test_undone_improvement_gives_back_red_days_feedback_and_reading(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-28 08:00")
    city.go("2026-09-29 10:00")
    assert state(city, "ZD0108").red_days == 2
    light_feedback.submit(city.desk("李娜"), city.directory.project_by_code["ZD0108"], "正在赶工")
    entry = city.enter("李娜", "ZD0108", 11000)
    assert (state(city, "ZD0108").shown, state(city, "ZD0108").red_days) == ("黄", 0)
    assert case(city, "ZD0108").outcome == "已转黄"
    city.go("2026-09-29 10:05")
    city.deliver()
    ledger.undo(city.desk("李娜"), entry)
    assert (state(city, "ZD0108").shown, state(city, "ZD0108").red_days) == ("红", 2)
    assert case(city, "ZD0108").state == "open"
    city.listen()
    city.go("2026-09-30 08:30")
    assert state(city, "ZD0108").red_days == 3
    assert city.told(AcknowledgeReminder) == ["钱文海"], "已阅 is wanted again"
    city.go("2026-09-30 16:30")
    assert city.said(LightFeedbackReminder, about="ZD0108") == [], "the feedback is still under review"


def test_a_worsening_that_was_wrong_is_corrected_and_what_it_ended_is_open_again(session: Session) -> None:
    """A lower figure, approved by mistake and corrected on the same day."""
    city = Clockwork.opened(session, "2026-09-22 10:00")
    project = city.project("ZX0031")

    def correct(wan: int) -> None:
        ledger.enter(
            city.desk("孙晓雯"), project, {"ytd_fen": wan * WAN}, kind="correction", origin=ledger.Origin()
        )

    correct(2000)
    assert state(city, "ZX0031").shown == "红"
    red = case(city, "ZX0031")
    assert city.told(LightTurned, about="ZX0031") == sorted(ZX0031_AUDIENCE)
    city.go("2026-09-22 11:00")
    city.deliver()
    city.listen()
    correct(4700)
    assert state(city, "ZX0031").shown == "黄"
    assert (red.state, red.outcome) == ("ended", "更正撤销")
    assert city.told(LightCorrected) == sorted(ZX0031_AUDIENCE)
    reopened = queries.case(session, project.id)
    assert reopened is not None
    assert (reopened.light, at(reopened.feedback_due_at)) == ("黄", "09-28 18:00")


def test_unsent_warnings_are_withdrawn_and_those_people_hear_of_no_improvement(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-18 12:00")
    city.go("2026-09-20 08:30")
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.notice == "LightTurned", OutboxNotice.recipient_kind == "group")
        .values(state=OutboxState.SENT.value)
    )
    city.go("2026-09-20 10:00")
    city.listen()
    city.enter("张伟", "ZX0031", 5500)
    assert city.told(LightImproved) == sorted(["【市政设施专班】", "【青禾县】"])


# --- feedback and its ladder (S23, E9)


def test_e9_ladder_of_a_yellow_light(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-22 10:00")
    steps: dict[str, list[str]] = {}
    for when in ("09-24 16:00", "09-29 09:00", "10-08 09:00", "10-10 09:00", "10-16 10:00"):
        city.listen()
        city.go(f"2026-{when}")
        steps[when] = city.told(
            LightFeedbackReminder, LightFeedbackOverdue, LightLetterDrafted, about="ZX0031"
        )
    assert steps == {
        "09-24 16:00": ["张伟"],
        "09-29 09:00": ["张伟"],
        "10-08 09:00": sorted(["彭倩", "赵永年"]),
        "10-10 09:00": ["陈立新"],
        "10-16 10:00": [],
    }


def test_e9_what_waits_is_taken_back_when_feedback_comes(session: Session) -> None:
    """Rules E9 P3: said by a rung but not sent yet, e.g. while the platform is down."""
    city = Clockwork.opened(session, "2026-09-22 10:00")
    city.listen()
    city.go("2026-10-08 10:00")
    desk = city.desk("张伟")
    project = desk.directory.project_by_code["ZX0031"]
    kinds = (LightFeedbackReminder, LightFeedbackOverdue, LightLetterDrafted)
    assert sorted(city.told(*kinds, about="ZX0031")) == sorted(["张伟", "张伟", "彭倩", "赵永年"])
    feedback = light_feedback.submit(desk, project, "已签补充协议")
    assert city.told(*kinds, about="ZX0031") == ["彭倩"]
    light_feedback.accept(city.desk("彭倩"), feedback)
    assert city.told(*kinds, about="ZX0031") == []
    [letter] = session.execute(select(Document).where(Document.subject_kind == "light_case")).scalars()
    assert (letter.kind, letter.state) == ("提醒函", "已撤回")


def test_s23_returned_accepted_and_checked(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-22 10:00")
    project = city.directory.project_by_code["ZX0031"]
    first = light_feedback.submit(city.desk("张伟"), project, "设备采购晚到")
    assert city.told(LightFeedbackSubmitted) == ["彭倩"]
    with pytest.raises(Invalid):
        light_feedback.send_back(city.desk("彭倩"), first, " ")
    light_feedback.send_back(city.desk("彭倩"), first, "没有每周追赶目标")
    [returned] = city.said(LightFeedbackReturned)
    assert (returned.to, at(returned.notice.due_at)) == ("张伟", "09-28 18:00")
    second = light_feedback.submit(
        city.desk("张伟"), project, "9月27日累计5200,10月11日5900,10月18日追平",
        promises=[promise("2026-09-27", 5200), promise("2026-10-11", 5900), promise("2026-10-18", None)],
    )  # fmt: skip
    light_feedback.accept(city.desk("彭倩"), second)
    assert case(city, "ZX0031").state == "accepted"
    with pytest.raises(StateForbids):
        light_feedback.accept(city.desk("彭倩"), second)
    city.listen()
    city.go("2026-09-28 08:30")
    missed = city.said(CheckpointMissed)
    assert sorted(one.to for one in missed) == sorted(["张伟", "彭倩"])
    assert {one.due for one in missed} == {"09-28 08:30"}
    assert city.said(LightFeedbackReminder, about="ZX0031") == []
    city.go("2026-10-09 10:00")
    city.enter("张伟", "ZX0031", 6900)
    city.listen()
    city.go("2026-10-20 10:00")
    assert city.said(CheckpointMissed) == []
    assert [point.state for point in session.execute(select(Checkpoint)).scalars()] == [
        "missed",
        "met",
        "met",
    ]


def test_feedback_is_for_the_unit_and_its_ruling_for_the_sector(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-22 10:00")
    project = city.directory.project_by_code["ZX0031"]
    with pytest.raises(NotAllowed) as refused:
        light_feedback.submit(city.desk("李娜"), project, "不是我的")
    assert "联络员" in refused.value.who
    feedback = light_feedback.submit(city.desk("张伟"), project, "设备采购晚到")
    with pytest.raises(NotAllowed) as refused:
        light_feedback.accept(city.desk("张伟"), feedback)
    assert "彭倩" in refused.value.who
    with pytest.raises(Invalid):
        light_feedback.submit(city.desk("张伟"), city.directory.project_by_code["JJ0003"], "绿灯没有反馈")


def test_feedback_late_by_an_outage_is_not_late(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-29 10:00")
    session.add(Outage(started_at=moment("2026-09-28 12:00"), ended_at=moment("2026-09-29 09:00")))
    session.flush()
    feedback = light_feedback.submit(
        city.desk("张伟"), city.directory.project_by_code["ZX0031"], "系统故障期间已完成安装"
    )
    assert feedback.overdue_workdays == 0


# --- 已阅, 稍后, 批示 (S21, S27)


def red_city(session: Session, now: str = "2026-09-28 10:00") -> Clockwork:
    city = Clockwork.opened(session, "2026-09-28 08:00")
    city.go(now)
    return city


def test_s21_reading_and_instructing(session: Session) -> None:
    city = red_city(session)
    warning = case(city, "ZD0108")
    with pytest.raises(NotAllowed) as refused:
        light_receipts.acknowledge(city.desk("李娜"), warning)
    assert "钱文海" in refused.value.who
    assert light_receipts.acknowledge(city.desk("钱文海"), warning)
    assert not light_receipts.acknowledge(city.desk("钱文海"), warning)
    city.listen()
    meant = light_receipts.latest_for(city.desk("钱文海"), city.person("钱文海"))
    assert meant is not None
    assert meant.id == warning.id
    told = light_receipts.instruct(
        city.desk("钱文海"), city.directory.project_by_code["ZD0108"], "请集聚区9月30日前拿出赶工方案"
    )
    assert [person.label for person in told] == ["李娜"]
    assert city.told(LightInstructionGiven) == ["李娜"]
    city.go("2026-10-09 12:00")
    assert city.said(AcknowledgeReminder, AcknowledgeMissing) == []


def test_s21_not_read(session: Session) -> None:
    city = red_city(session)
    city.listen()
    city.go("2026-10-20 12:00")
    assert [(one.to, one.due) for one in city.said(AcknowledgeReminder)] == [("钱文海", "09-30 08:30")]
    [missing] = city.said(AcknowledgeMissing)
    assert (missing.to, missing.due) == ("陈立新", "10-08 08:30")
    assert render(missing.notice).startswith("钱文海 2 个工作日未阅")


def test_s27_later_delays_the_reminder_only(session: Session) -> None:
    city = red_city(session)
    warning = case(city, "ZD0108")
    with pytest.raises(Invalid):
        light_receipts.snooze(city.desk("钱文海"), warning, 4, "现场调度")
    with pytest.raises(Invalid):
        light_receipts.snooze(city.desk("钱文海"), warning, 3, " ")
    light_receipts.snooze(city.desk("钱文海"), warning, 3, "正在现场调度")
    with pytest.raises(Invalid, match="本轮红灯已用过一次稍后"):
        light_receipts.snooze(city.desk("钱文海"), warning, 1, "再缓")
    city.listen()
    city.go("2026-10-09 08:30")
    assert [(one.to, one.due) for one in city.said(AcknowledgeReminder)] == [("钱文海", "10-09 08:30")]
    assert [(one.to, one.due) for one in city.said(AcknowledgeMissing)] == [("陈立新", "10-08 08:30")]
    assert city.told(RedDaysNotice) == sorted(["钱文海", "陈立新"])


# --- red days (S22, E12)


def test_s22_five_ten_twenty(session: Session) -> None:
    city = red_city(session)
    city.listen()
    city.go("2026-10-30 12:00")
    assert sorted((one.to, one.due) for one in city.said(RedDaysNotice)) == sorted(
        [("钱文海", "10-09 08:30"), ("陈立新", "10-09 08:30")]
    )
    [card] = city.said(LightEscalationProposed)
    assert (card.to, card.due) == ("陈立新", "10-15 08:30")
    assert [action.label for action in card.notice.actions] == ["修改症结…", "同意提级", "不提级"]
    assert [(one.to, one.due) for one in city.said(RedForMeeting)] == [("陈立新", "10-29 08:30")]
    assert [row.project_id for row in queries.red_for(session, 20)] == [city.project("ZD0108").id]


def test_steps_of_red_days_are_those_of_the_policy_of_the_case(session: Session) -> None:
    """Rule E12: a policy that came later moves no step of a light that was red before."""
    city = red_city(session)
    earlier = replace(Policy(), version=7, red_days_notice=7)
    later = replace(Policy(), version=8, red_days_notice=5)
    for one in (earlier, later):
        session.add(PolicyRow(organisation_id=None, version=one.version, at=city.now, body=one.to_json()))
    case(city, "ZD0108").policy_version = 7
    session.flush()
    city.listen()
    city.go("2026-10-14 12:00")
    assert {one.due for one in city.said(RedDaysNotice)} == {"10-12 08:30"}


def test_s22_proposal_is_prefilled_edited_and_decided_by_the_head_only(session: Session) -> None:
    city = red_city(session)
    project = city.directory.project_by_code["ZD0108"]
    light_feedback.submit(
        city.desk("李娜"), project,
        "症结 园区道路林地手续未批;责任部门 市林业局;化解路径 并联组卷上报;建议时限 10月25日",
    )  # fmt: skip
    city.go("2026-10-15 08:30")
    draft = light_draft(session)
    assert (draft.crux, draft.unit, draft.path, draft.due_on) == (
        "园区道路林地手续未批", "市林业局", "并联组卷上报", date(2026, 10, 25),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        red_days.agree(city.desk("孙晓雯"), draft)
    red_days.edit(city.desk("陈立新"), draft, red_days.stated("林地手续未批,两个作业面停工"), due_on=None)
    assert draft.crux == "林地手续未批,两个作业面停工"
    red_days.agree(city.desk("陈立新"), draft)
    assert draft.state == "agreed"
    with pytest.raises(StateForbids):
        red_days.refuse(city.desk("陈立新"), draft, "改主意")


def test_undecided_proposal_lapses_when_the_light_leaves_red(session: Session) -> None:
    city = red_city(session)
    city.go("2026-10-15 10:00")
    draft = light_draft(session)
    city.enter("李娜", "ZD0108", 12500)
    assert (draft.state, draft.outcome) == ("withdrawn", "红灯已转黄")
    with pytest.raises(StateForbids):
        red_days.agree(city.desk("陈立新"), draft)


# --- 调灯 (S24, E14)


def adjust(city: Clockwork, code: str, light: Light, until: str) -> None:
    light_adjustments.adjust(
        city.desk("陈立新"), city.project(code), light, until=date.fromisoformat(until), reason="批次已受理",
        document="云自然资函〔2026〕12号",
    )  # fmt: skip


def test_s24_adjusted_until_a_day(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-30 12:00")
    city.go("2026-10-08 10:00")
    assert state(city, "SG0012").shown == "黄"
    assert "计划9月开工，未开工" in render(city.said(LightTurned, about="SG0012")[0].notice)
    city.deliver()
    city.listen()
    adjust(city, "SG0012", Light.GREEN, "2026-11-06")
    assert (state(city, "SG0012").computed, state(city, "SG0012").shown) == ("黄", "绿")
    assert {one.notice.adjusted for one in city.said(LightImproved)} == {True}
    city.listen()
    city.go("2026-11-06 23:00")
    assert [(one.to, one.due) for one in city.said(AdjustmentEnding)] == [("陈立新", "11-03 08:30")]
    assert state(city, "SG0012").shown == "绿"
    city.go("2026-11-07 07:00")
    assert state(city, "SG0012").shown == "黄"
    city.go("2026-11-09 08:30")
    assert "高新区" in "".join(city.told(LightTurned, about="SG0012"))
    city.go("2026-12-01 07:00")
    assert state(city, "SG0012").shown == "红"


@pytest.mark.parametrize(
    ("who", "until", "reason", "document", "error"),
    [
        ("陈立新", "2026-11-08", "受理", "文号", Invalid),
        ("陈立新", "2026-10-07", "受理", "文号", Invalid),
        ("陈立新", "2026-11-06", "", "文号", Invalid),
        ("陈立新", "2026-11-06", "受理", "", Invalid),
        ("孙晓雯", "2026-11-06", "受理", "文号", NotAllowed),
    ],
)
def test_s24_refused(
    session: Session, *, who: str, until: str, reason: str, document: str, error: type[Exception]
) -> None:
    city = Clockwork.opened(session, "2026-10-08 10:00")
    with pytest.raises(error):
        light_adjustments.adjust(
            city.desk(who), city.project("SG0012"), Light.GREEN, until=date.fromisoformat(until),
            reason=reason, document=document,
        )  # fmt: skip
    assert session.execute(select(LightAdjustment)).all() == []


def test_red_days_stand_still_under_an_adjustment_and_go_on_after_it(session: Session) -> None:
    city = red_city(session, "2026-10-09 10:00")
    assert state(city, "ZD0108").red_days == 5
    adjust(city, "ZD0108", Light.YELLOW, "2026-10-13")
    city.go("2026-10-13 23:00")
    assert (state(city, "ZD0108").shown, state(city, "ZD0108").red_days) == ("黄", 5)
    city.go("2026-10-14 08:30")
    assert (state(city, "ZD0108").shown, state(city, "ZD0108").red_days) == ("红", 6)
    city.go("2026-10-20 08:30")
    assert light_draft(session).state == "draft"


# --- downtime and the turn of the year (A4, D6, S67)


def test_a_push_missed_by_downtime_counts_from_when_it_goes_out(session: Session) -> None:
    city = Clockwork.opened(session, "2026-09-25 12:00")
    city.go("2026-09-30 10:00", down=True)
    warning = case(city, "ZD0108")
    assert at(warning.pushed_at) == "09-30 10:00"
    assert at(warning.feedback_due_at) == "10-10 18:00"
    assert state(city, "ZD0108").red_days == 3, "each day is judged with its own schedule"
    changes = [
        change for change in queries.changes(session, city.project("ZD0108").id) if change.shown == "红"
    ]
    assert at(changes[0].at) == "09-25 07:00"


def test_s67_the_turn_of_the_year(session: Session) -> None:
    city = Clockwork.opened(session, "2026-12-30 12:00")
    project = city.project("ZD0115")
    project.prior_years_fen, project.ytd_fen = 100_000 * WAN, 58_000 * WAN
    session.add(
        ProjectPlan(project_id=city.project("ZX0031").id, year=2027, kind="investment", plan_fen=9000 * WAN,
                    curve=[]),
    )  # fmt: skip
    session.flush()
    city.listen()
    city.go("2027-01-04 09:00")
    session.refresh(project)
    assert (project.prior_years_fen, project.ytd_fen, project.figure_year) == (158_000 * WAN, 0, 2027)
    assert city.project("ZX0031").prior_years_fen is None, "not recorded stays not recorded"
    closed = session.get_one(YearClose, (project.id, 2026))
    assert closed.ytd_fen == 58_000 * WAN
    [missing] = city.said(PlansMissing)
    assert missing.to == "孙晓雯"
    assert "ZD0115 云川至白石快速通道工程" in missing.notice.projects
    assert not any(one.startswith("ZX0031") for one in missing.notice.projects)
    seen = lights.preview(city.desk(), project)
    assert seen.evaluation.scheduled is None
    city.listen()
    city.go("2027-01-06 09:00")
    assert city.said(PlansMissing) == []
