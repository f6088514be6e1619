"""The fictional city that ships with the product: for the demo and the acceptance scenarios.

The data files describe 2026-09-21 18:00. Loaded for an earlier moment the figures are the same, but what
happened after it (lights, pushes, feedback, steps of items) is left out. Lights are computed by the rules.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.operations import audit, item_dues, ladders, numbering, rosters
from models.operations.audit import SYSTEM, Actor
from models.operations.desk import Desk
from models.operations.lights import reason_json
from models.operations.lined_yaml import Lined, parse_document
from models.operations.roster_files import parse_roster
from models.operations.versions import directory_changed
from models.queries import directory as directories
from models.queries import lights as lights_of
from models.queries.directory import Directory, PersonInfo, ProjectInfo, UnitInfo
from models.rules import calendar
from models.rules.calendar import SHANGHAI, local_date
from models.rules.ladder import rungs
from models.rules.lights import Evaluation, ProjectFacts, evaluate, next_change_day
from models.rules.money import FEN_PER_WAN
from models.rules.policies import Policies
from models.tables.items import Item, ItemFeedback, Ladder, NumberSeries, Rung
from models.tables.lights import LightCase, LightChange, LightFeedback, LightState
from models.tables.people import CalendarDay, Organisation, Unit
from models.tables.projects import Entry, Project, ProjectCategory, ProjectPlan
from models.types import FeedbackState, ItemState, Light, Subject

DATA: Final = Path(__file__).parent.parent / "data"
ROSTER_FILE: Final = DATA / "baseline" / "roster.yaml"
COUNTY_FILE: Final = DATA / "baseline" / "county.yaml"
LEDGER_FILE: Final = DATA / "baseline" / "ledger.yaml"
CALENDAR_FILE: Final = DATA / "calendar_cn.csv"

_DAILY: Final = time(7, 0)


def load_baseline(session: Session, *, at: datetime) -> bool:
    """Fill an empty database with the fictional city as it is at a moment; the caller commits.

    Returns False, changing nothing, when the city is there already.
    """
    roster = parse_roster(ROSTER_FILE.read_text(encoding="utf-8"))
    if session.execute(select(Organisation.id).where(Organisation.name == roster.place)).first():
        return False
    rosters.apply(session, roster, now=at)
    load_calendar(session)
    ledger = parse_document(LEDGER_FILE.read_text(encoding="utf-8"), what="台账")
    organisation_id = session.execute(
        select(Organisation.id).where(Organisation.name == roster.place)
    ).scalar_one()
    _Loader(session, organisation_id, at, ledger).load()
    _load_county(session, ledger, at=at)
    session.flush()
    directory_changed(session)
    return True


def _load_county(session: Session, ledger: Lined, *, at: datetime) -> None:
    """The county beside the city, with the last numbers it has issued (rule Q3)."""
    roster = parse_roster(COUNTY_FILE.read_text(encoding="utf-8"))
    rosters.apply(session, roster, now=at)
    county_id = session.execute(select(Organisation.id).where(Organisation.name == roster.place)).scalar_one()
    numbering.set_last(session, numbering.item_series(county_id), ledger["county_numbers"]["item"])


def load_calendar(session: Session) -> int:
    """Store the shipped holiday table (rule A1). Returns how many days were not there yet."""
    known = set(session.execute(select(CalendarDay.day)).scalars())
    rows = csv.DictReader(CALENDAR_FILE.read_text(encoding="utf-8").splitlines())
    new = [
        CalendarDay(day=date.fromisoformat(row["date"]), workday=row["kind"] == "work", name=row["holiday"])
        for row in rows
        if date.fromisoformat(row["date"]) not in known
    ]
    session.add_all(new)
    session.flush()
    return len(new)


@dataclass(slots=True)
class _LightRun:
    """The light of a project at a moment, and the changes that led to it."""

    evaluation: Evaluation
    since: datetime
    evaluated_on: date
    turns: list[tuple[datetime, Light, Evaluation, str]]
    """(when, light before, evaluation from then on, cause)"""


class _Loader:
    def __init__(self, session: Session, organisation_id: int, at: datetime, ledger: Lined) -> None:
        self.session = session
        self.organisation_id = organisation_id
        self.at = at
        self.before = at - timedelta(microseconds=1)  # what falls due at that very moment is still to come
        self.ledger = ledger
        self.policies = Policies()
        self.policy = self.policies.base
        self.directory: Directory = directories.load(session)
        self.people = {person.label: person for person in self.directory.people.values()}

    def load(self) -> None:
        for one in self.ledger["projects"]:
            self._unit_of_project(one)
        self.session.flush()
        self.directory = directories.load(self.session)
        for one in self.ledger["projects"]:
            self._project(one)
        self.session.flush()
        self.directory = directories.load(self.session)
        for one in self.ledger["warnings"]:
            self._warning(one)
        for one in self.ledger["items"]:
            self._item(one)
        self._numbers()

    # --- projects

    def _unit_of_project(self, one: Lined) -> None:
        """A 责任单位 that only a project names is a unit without people of its own."""
        if self.directory.unit_named(self.organisation_id, one["unit"]) is not None:
            return
        region = next(
            (region for region in self.directory.regions.values() if region.name == one.get("region")), None
        )
        known = self.session.execute(
            select(Unit.id).where(Unit.organisation_id == self.organisation_id, Unit.name == one["unit"])
        ).first()
        if known is None:
            self.session.add(
                Unit(
                    organisation_id=self.organisation_id,
                    name=one["unit"],
                    kind="county_bureau",
                    region_id=region.id if region else None,
                    aliases=[],
                    member=False,
                    placeholder=True,
                )
            )
            self.session.flush()

    def _project(self, one: Lined) -> None:
        report = one["report"]
        year = int(self.ledger["year"])
        as_of = min(date.fromisoformat(report["as_of"]), local_date(self.at))
        entered_at = min(_moment(report["at"]), self.at)
        author = self.people[report["by"]]
        ytd_fen = report["ytd"] * FEN_PER_WAN
        plan_fen = one["plan"] * FEN_PER_WAN
        curve = _curve(one, plan_fen)
        region = next((r for r in self.directory.regions.values() if r.name == one.get("region")), None)
        row = Project(
            organisation_id=self.organisation_id,
            code=one["code"],
            name=one["name"],
            aliases=list(one.get("aliases", [])),
            industry=one.get("industry"),
            nature=one.get("nature"),
            task_force_id=self._task_force(one["task_force"]),
            region_id=region.id if region else None,
            unit_id=self._unit(one["unit"]).id,
            total_fen=one["total"] * FEN_PER_WAN,
            figure_year=year,
            ytd_fen=ytd_fen,
            ytd_as_of=as_of,
            stage=one["stage"],
            planned_start=one.get("planned_start"),
            planned_finish=one.get("planned_finish"),
            last_report_on=as_of,
            created_at=_moment(self.ledger["entered_at"]),
            facts={},
        )
        self.session.add(row)
        self.session.flush()
        self.session.add(
            ProjectPlan(project_id=row.id, year=year, kind="investment", plan_fen=plan_fen, curve=curve)
        )
        names = {category.name: category.id for category in self.directory.categories.values()}
        for name in one["categories"]:
            self.session.add(ProjectCategory(project_id=row.id, category_id=names[name]))
        self.session.add(
            Entry(
                project_id=row.id,
                kind="report",
                author_id=author.id,
                on_behalf_of_id=author.id,
                at=entered_at,
                year=year,
                as_of=as_of,
                ytd_fen=ytd_fen,
                changes={"ytd_fen": [None, ytd_fen]},
                version_after=1,
            )
        )
        audit.record(
            self.session,
            Subject("project", row.id),
            {"name": (None, row.name), "total_fen": (None, row.total_fen), "plan_fen": (None, plan_fen)},
            by=SYSTEM,
            at=row.created_at,
            reason="台账初始导入",
        )
        audit.record(
            self.session,
            Subject("project", row.id),
            {"ytd_fen": (None, ytd_fen), "ytd_as_of": (None, as_of)},
            by=Actor(author.id, author.label),
            at=entered_at,
            reason="上报",
        )
        self.session.flush()
        self._light(row, entered_at)

    # --- lights

    def _light(self, row: Project, entered_at: datetime) -> None:
        facts = lights_of.facts_of(self.session, row)
        run = self._run(facts, entered_at)
        shown = run.evaluation.light
        warning = next(
            (
                one
                for one in self.ledger["warnings"]
                if one["project"] == row.code and _moment(one["pushed_at"]) <= self.at
            ),
            None,
        )
        for when, before, evaluation, cause in run.turns:
            self.session.add(
                LightChange(
                    project_id=row.id,
                    at=when,
                    processed_at=when,
                    old_computed=before.value,
                    computed=evaluation.light.value,
                    old_shown=before.value,
                    shown=evaluation.light.value,
                    reasons=[reason_json(reason) for reason in evaluation.reasons],
                    figures={
                        "ytd_fen": row.ytd_fen,
                        "plan_fen": facts.plan.total if facts.plan else None,
                        "completion": _text(evaluation.completion),
                        "scheduled": _text(evaluation.scheduled),
                        "gap": _text(evaluation.gap),
                        **_push(warning, before, evaluation.light),
                    },
                    cause=cause,
                    policy_version=self.policy.version,
                )
            )
        self.session.add(
            LightState(
                project_id=row.id,
                computed=shown.value,
                shown=shown.value,
                reasons=[reason_json(reason) for reason in run.evaluation.reasons],
                since=run.since,
                announced=warning["light"] if warning else Light.GREEN.value,
                announced_at=_moment(warning["pushed_at"]) if warning else None,
                evaluated_on=run.evaluated_on,
                next_change_on=next_change_day(facts, run.evaluated_on, self.policy.lights),
                policy_version=self.policy.version,
            )
        )

    def _run(self, facts: ProjectFacts, entered_at: datetime) -> _LightRun:
        """Follow the light from the last report to now: on the report, then daily at 07:00 (rule E6)."""
        day = local_date(entered_at)
        evaluation = evaluate(facts, day, self.policy.lights)
        since = entered_at
        turns: list[tuple[datetime, Light, Evaluation, str]] = []
        if evaluation.light is not Light.GREEN:
            turns.append((entered_at, Light.GREEN, evaluation, "report"))
        while calendar.at(day + timedelta(days=1), _DAILY) <= self.at:
            day += timedelta(days=1)
            later = evaluate(facts, day, self.policy.lights)
            if later.light is not evaluation.light:
                since = calendar.at(day, _DAILY)
                turns.append((since, evaluation.light, later, "daily"))
            evaluation = later
        return _LightRun(evaluation, since, day, turns)

    def _warning(self, one: Lined) -> None:
        pushed_at = _moment(one["pushed_at"])
        if pushed_at > self.at:
            return
        project = self._project_info(one["project"])
        liaison, leader, reviewer = (self.people[one[name]] for name in ("liaison", "leader", "reviewer"))
        feedback = _reached(one.get("feedback"), "submitted_at", self.at)
        reviewed = _reached(feedback, "reviewed_at", self.at)
        due_at = _moment(one["feedback_due"])
        case = LightCase(
            project_id=project.id,
            light=one["light"],
            pushed_at=pushed_at,
            feedback_due_at=due_at,
            reviewer_id=reviewer.id,
            liaison_id=liaison.id,
            leader_id=leader.id,
            audience=self._audience(project, liaison, leader),
            state="accepted" if reviewed else "open",
            policy_version=self.policy.version,
        )
        self.session.add(case)
        self.session.flush()
        if feedback is not None:
            author = self.people[feedback["by"]]
            self.session.add(
                LightFeedback(
                    case_id=case.id,
                    author_id=author.id,
                    on_behalf_of_id=author.id,
                    text=feedback["text"],
                    promises=[],
                    submitted_at=_moment(feedback["submitted_at"]),
                    state=(FeedbackState.ACCEPTED if reviewed else FeedbackState.SUBMITTED).value,
                    reviewed_by_id=self.people[reviewed["reviewed_by"]].id if reviewed else None,
                    reviewed_at=_moment(reviewed["reviewed_at"]) if reviewed else None,
                )
            )
        self._ladder(Subject("light_case", case.id), "反馈", due_at, feedback, reviewed)

    def _audience(self, project: ProjectInfo, *people: PersonInfo) -> list[list[str | int]]:
        """Groups and people that a warning goes to (rule E8)."""
        groups = [
            self.directory.group_of_task_force(project.task_force_id) if project.task_force_id else None,
            self.directory.group_of_region(project.region_id) if project.region_id else None,
        ]
        audience: list[list[str | int]] = [["group", group.id] for group in groups if group is not None]
        audience.extend(["person", person.id] for person in people)
        return audience

    def _ladder(
        self,
        about: Subject,
        what: str,
        due_at: datetime,
        submitted: Mapping[str, Any] | None,
        reviewed: Mapping[str, Any] | None,
    ) -> None:
        """A ladder as far as it has come: reminded, standing still, ended, or waiting (rule F6)."""
        steps = ladders.steps_of(about, self.policy)
        ladder = Ladder(
            subject_kind=about.kind,
            subject_id=about.id,
            what=what,
            due_at=due_at,
            state=ladders.RUNNING,
            policy_version=self.policy.version,
        )
        self.session.add(ladder)
        self.session.flush()
        until = min(self.before, _moment(submitted["submitted_at"])) if submitted else self.before
        for rung in rungs(due_at, self.directory.calendar, steps):
            if rung.at <= until:
                self.session.add(
                    Rung(ladder_id=ladder.id, name=rung.name.value, due_at=rung.at, fired_at=rung.at)
                )
        self.session.flush()
        ladders.set_timers(self.session, ladder, self.directory.calendar, steps)
        if submitted:
            ladders.pause(self._desk(_moment(submitted["submitted_at"])), about, what)
        if reviewed:
            ladders.end(self._desk(_moment(reviewed["reviewed_at"])), about, "反馈已采纳", what)

    def _desk(self, now: datetime) -> Desk:
        return Desk(self.session, self.directory, self.policies, now)

    # --- items

    def _item(self, one: Lined) -> None:
        raised_at = _moment(one["raised_at"])
        if raised_at > self.at:
            return
        dispatched_at, received_at = (
            moment if (moment := _moment(one[name])) <= self.at else None
            for name in ("dispatched_at", "received_at")
        )
        project = self._project_info(one["project"])
        feedback = _reached(one.get("feedback"), "submitted_at", self.at)
        reviewed = _reached(feedback, "reviewed_at", self.at)
        first_due = _moment(one["feedback_due"])
        state = (
            ItemState.IN_PROGRESS
            if received_at
            else ItemState.AWAITING_RECEIPT
            if dispatched_at
            else ItemState.SCREENING
        )
        item = Item(
            organisation_id=self.organisation_id,
            number=one["number"],
            project_id=project.id,
            title=one["title"],
            wanted=one.get("wanted"),
            wanted_unit_id=self._unit(one["wanted_unit"]).id if "wanted_unit" in one else None,
            kind=one["type"],
            tags=list(one.get("tags", [])),
            level=one["level"],
            state=state.value,
            task_force_id=self._task_force(one["task_force"]) if dispatched_at else None,
            goal=one["goal"] if dispatched_at else None,
            measures=one["measures"] if dispatched_at else None,
            unit_id=self._unit(one["unit"]).id if dispatched_at else None,
            person_id=self.people[one["person"]].id if dispatched_at else None,
            supervisor_id=self.people[one["supervisor"]].id if dispatched_at else None,
            due_at=_moment(one["due_at"]) if dispatched_at else None,
            raised_by_id=self.people[one["raised_by"]].id,
            raised_at=raised_at,
            dispatched_at=dispatched_at,
            received_at=received_at,
            feedback_due_at=(_moment(reviewed["next_due"]) if reviewed else first_due)
            if received_at
            else None,
            policy_version=self.policy.version,
            level_version=self.policy.version,
        )
        self.session.add(item)
        self.session.flush()
        about = Subject("item", item.id)
        self._item_history(about, one, dispatched_at, received_at)
        if received_at is None:
            item_dues.arm(self._desk(self.before), item)
            return
        if feedback is not None:
            author = self.people[feedback["by"]]
            self.session.add(
                ItemFeedback(
                    item_id=item.id,
                    author_id=author.id,
                    on_behalf_of_id=author.id,
                    text=feedback["text"],
                    submitted_at=_moment(feedback["submitted_at"]),
                    due_at=first_due,
                    state=(FeedbackState.ACCEPTED if reviewed else FeedbackState.SUBMITTED).value,
                    reviewed_by_id=self.people[reviewed["reviewed_by"]].id if reviewed else None,
                    reviewed_at=_moment(reviewed["reviewed_at"]) if reviewed else None,
                )
            )
        self._ladder(about, "反馈", first_due, feedback, reviewed)
        if reviewed:
            self._ladder(about, "反馈", _moment(reviewed["next_due"]), None, None)
        self._ladder(about, "办结", _moment(one["due_at"]), None, None)
        item_dues.arm(self._desk(self.before), item)

    def _item_history(
        self, about: Subject, one: Lined, dispatched_at: datetime | None, received_at: datetime | None
    ) -> None:
        """Audit rows of the steps so far."""
        screener = self.directory.ledger_admins(self.organisation_id)[0]
        steps: list[tuple[ItemState | None, ItemState, datetime, PersonInfo]] = [
            (None, ItemState.SCREENING, _moment(one["raised_at"]), self.people[one["raised_by"]])
        ]
        if dispatched_at:
            steps.append((ItemState.SCREENING, ItemState.AWAITING_RECEIPT, dispatched_at, screener))
        if received_at:
            steps.append(
                (ItemState.AWAITING_RECEIPT, ItemState.IN_PROGRESS, received_at, self.people[one["person"]])
            )
        for old, new, when, person in steps:
            audit.record(
                self.session,
                about,
                {"state": (old.value if old else None, new.value)},
                by=Actor(person.id, person.label),
                at=when,
            )

    # --- numbers and names

    def _numbers(self) -> None:
        for series, last in self.ledger["numbers"].items():
            name = f"{series}:{self.organisation_id}" if series in {"item", "financing"} else series
            issued = last
            if series == "item":
                later = [
                    int(one["number"][1:])
                    for one in self.ledger["items"]
                    if _moment(one["raised_at"]) > self.at
                ]
                issued = min([last, *(number - 1 for number in later)])
            self.session.add(NumberSeries(series=name, last=issued))

    def _unit(self, name: str) -> UnitInfo:
        found = self.directory.unit_named(self.organisation_id, name)
        assert found is not None, name
        return found

    def _task_force(self, name: str) -> int:
        return next(
            task_force.id
            for task_force in self.directory.task_forces.values()
            if task_force.name == name and task_force.organisation_id == self.organisation_id
        )

    def _project_info(self, code: str) -> ProjectInfo:
        return self.directory.project_by_code[code]


def _push(warning: Lined | None, old: Light, new: Light) -> dict[str, object]:
    """The mark of a transition that its audience was told (rule E13)."""
    if warning is None or warning["light"] != new.value:
        return {}
    on = local_date(_moment(warning["pushed_at"]))
    return {"push": {"on": on.isoformat(), "from": old.value, "to": new.value}}


def _text(share: Fraction | None) -> str | None:
    return None if share is None else str(share)


def _reached(one: Any, name: str, at: datetime) -> Lined | None:
    """The mapping if what it tells of has happened by then."""
    return one if isinstance(one, Lined) and _moment(one[name]) <= at else None


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=SHANGHAI)


def _curve(one: Lined, plan_fen: int) -> list[int]:
    if one["curve"] == "even":
        return [plan_fen * month // 12 for month in range(1, 13)]
    return [wan * FEN_PER_WAN for wan in one["curve"]]
