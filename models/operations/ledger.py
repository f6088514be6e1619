"""The ledger: what a confirmed report, correction or reversal changes (rules C6, C10, C19, D2, D3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, or_, select

from models.errors import Invalid, UsedInDocument
from models.notices.ledger import CorrectionDecided, CorrectionWaiting, CorrectionWithdrawn
from models.operations import lights
from models.operations.desk import Desk
from models.operations.standing import standing
from models.queries import corrections, drafts
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.tables.projects import Correction, Entry, FigureUse, Project, YearClose
from models.types import Subject

CLOSED: Final = "closed_ytd_fen"  # in the changes of an entry: the figure of its closed year
FIELDS: Final = (
    "ytd_fen", "ytd_as_of", "figure_year", "period_fen", "period_name", "period_as_of", "image_progress",
    "image_progress_as_of", "stage", "started_on", "finished_on", "planned_finish", "prior_years_fen", "basis",
    "arrived_fen", "allocated_fen", "paid_fen", "funds_as_of", "last_report_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry comes from: the draft and its line, the platform message, the reason given."""

    draft_id: int | None = None
    line: int | None = None
    source: str | None = None
    reason: str | None = None


def project_row(desk: Desk, project_id: int) -> Project:
    return desk.session.get_one(Project, project_id)


def enter(
    desk: Desk,
    project: Project,
    values: dict[str, Any],
    *,
    kind: str,
    origin: Origin,
    as_of: date | None = None,
    reported: bool = True,
    reported_on: date | None = None,
) -> Entry:
    """Write confirmed values into a project: row, entry, audit, light. values: column → new value (see FIELDS).

    as_of: the day the figures are valid for (today by default). reported: counts as a report for rule E7, of
    reported_on (today by default): what was approved later was reported when it was handed in (rule A7).
    """
    day = as_of or desk.today
    changes: dict[str, tuple[Any, Any]] = {}
    if reported:
        said_on = reported_on or desk.today
        values = {**values, "last_report_on": max(project.last_report_on or said_on, said_on)}
    for name, new in values.items():
        if name not in FIELDS:
            raise ValueError(f"not a ledger field: {name}")
        old = getattr(project, name)
        if old != new:
            changes[name] = (old, new)
            setattr(project, name, new)
    project.version += 1
    entry = Entry(
        project_id=project.id,
        kind=kind,
        author_id=desk.actor.person_id,
        on_behalf_of_id=desk.actor.for_id,
        at=desk.now,
        year=day.year,
        as_of=day,
        ytd_fen=project.ytd_fen if "ytd_fen" in values else None,
        changes={name: [_stored(old), _stored(new)] for name, (old, new) in changes.items()},
        draft_id=origin.draft_id,
        line=origin.line,
        source=origin.source or desk.actor.source,
        reason=origin.reason,
        version_after=project.version,
    )
    desk.session.add(entry)
    desk.session.flush()
    desk.record(Subject("project", project.id), dict(changes), reason=origin.reason)
    lights.reevaluate(desk, project, cause=kind, entry_id=entry.id)
    return entry


def enter_closed_year(
    desk: Desk,
    project: Project,
    values: dict[str, Any],
    *,
    ytd_fen: int,
    kind: str,
    origin: Origin,
    as_of: date,
    reported: bool = True,
    reported_on: date | None = None,
) -> Entry:
    """A figure of a year that was closed: that year gets it, the running year stays as it is (rule D6).

    截至上年底累计 follows where it is recorded. values: other columns, as for `enter`. as_of: a day of that year.
    """
    close = closed_year(desk, project.id, as_of.year)
    assert close is not None
    old, old_as_of = close.ytd_fen, close.as_of
    close.ytd_fen, close.as_of = ytd_fen, as_of
    if project.prior_years_fen is not None:
        values = {**values, "prior_years_fen": project.prior_years_fen + ytd_fen - old}
    entry = enter(
        desk,
        project,
        values,
        kind=kind,
        origin=origin,
        as_of=as_of,
        reported=reported,
        reported_on=reported_on,
    )
    entry.ytd_fen = ytd_fen
    entry.changes = {**entry.changes, CLOSED: [old, ytd_fen]}
    desk.record(
        Subject("project", project.id),
        {
            f"ytd_fen_{as_of.year}": (old, ytd_fen),
            f"ytd_as_of_{as_of.year}": (old_as_of, as_of),
        },
        reason=origin.reason,
    )
    return entry


def closed_year(desk: Desk, project_id: int, year: int) -> YearClose | None:
    """What a past year ended with; None when it was not closed here."""
    return desk.session.get(YearClose, (project_id, year))


def unchanged(desk: Desk, project: Project, *, origin: Origin) -> Entry:
    """本周无变化: a timely report without a figure (rule C19)."""
    return enter(desk, project, {}, kind="unchanged", origin=origin)


def ytd_at(desk: Desk, project_id: int, day: date) -> tuple[int, date] | None:
    """The year-to-date figure that was valid at the end of a day, and its own date; None before the first one."""
    found = desk.session.execute(
        select(Entry.ytd_fen, Entry.as_of)
        .where(
            Entry.project_id == project_id,
            Entry.year == day.year,
            Entry.as_of <= day,
            Entry.ytd_fen.is_not(None),
            Entry.undone_at.is_(None),
        )
        .order_by(Entry.as_of.desc(), Entry.id.desc())
        .limit(1)
    ).one_or_none()
    return (found.ytd_fen, found.as_of) if found is not None else None


def same_figure_since(desk: Desk, project_id: int, author_id: int, ytd_fen: int) -> Entry | None:
    """The author's entry of the same figure within the repeat window, if there is one (rule C13)."""
    policy = desk.policy_of(desk.directory.projects[project_id].organisation_id)
    return desk.session.execute(
        select(Entry)
        .where(
            Entry.project_id == project_id,
            Entry.author_id == author_id,
            Entry.ytd_fen == ytd_fen,
            Entry.undone_at.is_(None),
            Entry.kind == "report",
            Entry.at >= desk.now - timedelta(hours=policy.repeat_hours),
        )
        .order_by(Entry.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def last_change(desk: Desk, project_id: int) -> Entry | None:
    """The newest entry of a project."""
    return desk.session.execute(
        select(Entry).where(Entry.project_id == project_id).order_by(Entry.id.desc()).limit(1)
    ).scalar_one_or_none()


# --- undo


def undoable(desk: Desk, person_id: int, *, project_id: int | None = None) -> Entry:
    """The author's last confirmed entry, if it may still be undone (rule C10). Raises Invalid saying why not."""
    entry = _last_own(desk, person_id, project_id)
    if entry is None:
        raise Invalid("没有可撤销的上报", mend="更正已入账的数请用 /更正 项目 数字")
    project = desk.directory.projects[entry.project_id]
    code, limit = project.code, desk.policy_of(project.organisation_id).undo_minutes
    use = desk.session.execute(
        select(FigureUse).where(FigureUse.entry_id == entry.id).order_by(FigureUse.id).limit(1)
    ).scalar_one_or_none()
    if use is not None:
        raise UsedInDocument(use.document, at=use.at, project=code)
    if desk.now - entry.at > timedelta(minutes=limit):
        if (
            undone := _undone_since(desk, person_id, desk.now - timedelta(minutes=limit), project_id)
        ) is not None:
            reverted = desk.directory.projects[undone.project_id].code
            raise Invalid(f"{reverted} 的入账刚才已撤销，没有别的可撤销", mend=f"查看：/查 {reverted}")
        raise Invalid(f"最近一次入账已超过 {limit} 分钟，不能撤销", mend=f"请用 /更正 {code}")
    if CLOSED not in entry.changes and entry.year < project_row(desk, entry.project_id).figure_year:
        raise Invalid(f"{entry.year} 年已结转，不能撤销", mend=f"请用 /更正 {code}")
    newest = last_change(desk, entry.project_id)
    if newest is not None and newest.id != entry.id:
        raise Invalid(f"{code} 此后又有新的入账，不能撤销", mend=f"请用 /更正 {code}")
    return entry


def _undone_since(desk: Desk, person_id: int, since: datetime, project_id: int | None) -> Entry | None:
    """The author's last entry that was reverted since then: 撤销 sent twice means that one (rule C10)."""
    where = [Entry.author_id == person_id, Entry.at >= since, Entry.undone_at.is_not(None)]
    if project_id is not None:
        where.append(Entry.project_id == project_id)
    return desk.session.execute(
        select(Entry).where(*where).order_by(Entry.at.desc(), Entry.id.desc()).limit(1)
    ).scalar_one_or_none()


def _last_own(desk: Desk, person_id: int, project_id: int | None) -> Entry | None:
    """The newest entry that the author confirmed, or a delegate for them (rule B6), and that stands."""
    own = or_(
        Entry.kind.in_(("report", "unchanged")),
        and_(Entry.kind == "correction", Entry.line.is_not(None)),  # entered directly, not decided on
    )
    where = [Entry.undone_at.is_(None), own]
    if project_id is not None:
        where.append(Entry.project_id == project_id)
    newest = (  # each by its index; for either at once the ledger would be read from its end
        desk.session.execute(
            select(Entry)
            .where(whose == person_id, *where)
            .order_by(Entry.at.desc(), Entry.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        for whose in (Entry.author_id, Entry.on_behalf_of_id)
    )
    return max((one for one in newest if one is not None), key=lambda one: one.id, default=None)


def correction_to_withdraw(desk: Desk, person_id: int, *, project_id: int | None = None) -> Correction | None:
    """The correction that is the author's last confirmed act and waits for its decision (rules C6, C10).

    Raises Invalid when it was approved within the minutes in which an entry may be undone: somebody has acted on it.
    """
    where = [Correction.author_id == person_id]
    if project_id is not None:
        where.append(Correction.project_id == project_id)
    last = desk.session.execute(
        select(Correction).where(*where).order_by(Correction.id.desc()).limit(1)
    ).scalar_one_or_none()
    if last is None or last.state not in ("waiting", "approved"):
        return None
    newest = _last_own(desk, person_id, project_id)
    if newest is not None and newest.at > last.at:
        return None
    if last.state == "waiting":
        return last
    project = desk.directory.projects[last.project_id]
    limit = desk.policy_of(project.organisation_id).undo_minutes
    if last.decided_at is None or desk.now - last.decided_at > timedelta(minutes=limit):
        return None
    by = desk.directory.people.get(last.decided_by_id or 0)
    who, at = by.label if by else "综合专班", calendar.local(last.decided_at)
    raise Invalid(
        f"{project.code} 的更正{who} {at:%H:%M} 已同意，不能撤销",
        mend=f"请用 /更正 {project.code}",
    )


def withdraw_correction(desk: Desk, correction: Correction) -> Project:
    """The author takes a waiting correction back; who was asked to decide is told. Returns the project, unchanged."""
    project = project_row(desk, correction.project_id)
    about = Subject("correction", correction.id)
    if not _take_back(desk, correction, "申请人撤回"):
        desk.notify(
            CorrectionWithdrawn(
                code=project.code, old_fen=correction.old_fen, new_fen=correction.new_fen, by=desk.actor.label,
                ytd_fen=project.ytd_fen, own=False,
            ),
            to=desk.directory.ledger_admins(project.organisation_id), key=f"correction:{correction.id}:withdrawn",
            reason="更正撤回", about=about,
        )  # fmt: skip
    return project


def _take_back(desk: Desk, correction: Correction, why: str) -> int:
    """Returns how many cards of it were not sent yet, and now never will be."""
    about = Subject("correction", correction.id)
    correction.state, correction.decided_at = "withdrawn", desk.now
    desk.record(about, {"state": ("waiting", "withdrawn")}, reason=why)
    return desk.withdraw(about, reason=why, notices=(CorrectionWaiting,))


def undo(desk: Desk, entry: Entry) -> Project:
    """Revert an entry; it and the reversal stay in the history. Returns the project as it is now."""
    project = project_row(desk, entry.project_id)
    values = {name: _loaded(name, pair[0]) for name, pair in entry.changes.items() if name != CLOSED}
    entry.undone_at = desk.now
    desk.session.flush()
    origin = Origin(source=desk.actor.source, reason=f"撤销入账 {entry.id}")
    if CLOSED in entry.changes:
        values.pop("prior_years_fen", None)
        enter_closed_year(
            desk, project, values, ytd_fen=entry.changes[CLOSED][0], kind="undo", origin=origin, as_of=entry.as_of,
            reported=False,
        )  # fmt: skip
    else:
        enter(desk, project, values, kind="undo", origin=origin, as_of=entry.as_of, reported=False)
    reversal = last_change(desk, project.id)
    if reversal is not None:
        reversal.ytd_fen = None  # what stands again is the entry before, with its own date
    return project


def undo_together(desk: Desk, entry: Entry) -> tuple[list[Project], list[Project]]:
    """Revert what was entered at once for several projects (本周无变化): undone, and changed since and kept."""
    together = desk.session.execute(
        select(Entry)
        .where(
            Entry.author_id == entry.author_id,
            Entry.source == entry.source,
            Entry.at == entry.at,
            Entry.kind == entry.kind,
            Entry.draft_id.is_(None),
            Entry.undone_at.is_(None),
        )
        .order_by(Entry.id)
    ).scalars()
    undone: list[Project] = []
    kept: list[Project] = []
    for one in list(together):
        newest = last_change(desk, one.project_id)
        if newest is not None and newest.id == one.id:
            undone.append(undo(desk, one))
        else:
            kept.append(project_row(desk, one.project_id))
    return undone, kept


# --- corrections


def figure_of_year(desk: Desk, project: Project, day: date) -> int:
    """The figure that a correction of that day replaces: year-to-date, or what the closed year ended with."""
    close = closed_year(desk, project.id, day.year) if day.year < project.figure_year else None
    return close.ytd_fen if close is not None else project.ytd_fen


def renew_correction(desk: Desk, correction: Correction) -> bool:
    """Whether the ledger has moved under a waiting correction; then it is shown again on what it replaces now (C14)."""
    project = project_row(desk, correction.project_id)
    now_fen = figure_of_year(desk, project, correction.as_of)
    if now_fen == correction.old_fen:
        return False
    desk.record(Subject("correction", correction.id), {"old_fen": (correction.old_fen, now_fen)})
    correction.old_fen = now_fen
    return True


def request_correction(
    desk: Desk,
    project: Project,
    *,
    new_fen: int,
    as_of: date,
    reason: str,
    extra: dict[str, Any],
    origin: Origin,
) -> Correction:
    """A lower figure waits for the ledger administrator; the ledger keeps the old value until then (rule C6)."""
    assert desk.actor.person_id is not None
    for older in corrections.waiting_of(desk.session, desk.actor.person_id, project_id=project.id):
        _take_back(desk, older, "由新的更正替代")
    correction = Correction(
        project_id=project.id,
        author_id=desk.actor.person_id,
        at=desk.now,
        old_fen=figure_of_year(desk, project, as_of),
        new_fen=new_fen,
        as_of=as_of,
        reason=reason,
        changes={name: _stored(value) for name, value in extra.items()},
        draft_id=origin.draft_id,
    )
    desk.session.add(correction)
    desk.session.flush()
    desk.record(Subject("correction", correction.id), {"state": (None, "waiting")}, reason=reason)
    desk.notify(
        correction_card(desk, correction),
        to=desk.directory.ledger_admins(project.organisation_id), key=f"correction:{correction.id}", reason="更正待核",
        about=Subject("correction", correction.id),
    )  # fmt: skip
    return correction


def correction_card(desk: Desk, correction: Correction, *, changed: bool = False) -> CorrectionWaiting:
    """What the ledger administrator decides on. changed: the ledger moved since it was shown first."""
    project = project_row(desk, correction.project_id)
    last = last_change(desk, project.id) if changed else None
    by = (
        desk.directory.people.get(last.author_id) if last is not None and last.author_id is not None else None
    )
    return CorrectionWaiting(
        correction_id=correction.id, code=project.code, name=project.name, old_fen=correction.old_fen,
        new_fen=correction.new_fen, author=_applicant(desk, correction), reason=correction.reason,
        changed_by=by.label if by else "", changed_at=last.at if last is not None else None,
    )  # fmt: skip


def principal_of(desk: Desk, correction: Correction) -> PersonInfo | None:
    """For whom a delegate asked for it: the author of the draft, or whom its line names (rule B6)."""
    draft = drafts.by_id(desk.session, correction.draft_id)
    if draft is None:
        return None
    named = [
        line.get("for_id")
        for line in draft.body.get("lines", ())
        if line.get("project_id") == correction.project_id
    ]
    found = desk.directory.people.get(next((one for one in named if one is not None), draft.author_id))
    return found if found is not None and found.id != correction.author_id else None


def _applicant(desk: Desk, correction: Correction) -> str:
    """张伟, or 赵永年(代 张伟)."""
    author, principal = desk.directory.people.get(correction.author_id), principal_of(desk, correction)
    name = author.label if author else ""
    return f"{name}(代 {principal.label})" if principal is not None else name


def decide_correction(desk: Desk, correction: Correction, *, approve: bool, reason: str = "") -> Entry | None:
    """The ledger administrator agrees or refuses; both sides are told. The caller has checked the right and state."""
    project = project_row(desk, correction.project_id)
    correction.state = "approved" if approve else "refused"
    correction.decided_by_id = desk.actor.person_id
    correction.decided_at = desk.now
    correction.decision = reason or None
    desk.record(
        Subject("correction", correction.id), {"state": ("waiting", correction.state)}, reason=reason or None
    )
    entry: Entry | None = None
    if approve:
        values: dict[str, Any] = {name: _loaded(name, value) for name, value in correction.changes.items()}
        origin = Origin(
            correction.draft_id, None, desk.actor.source,
            f"{correction.reason}（{_applicant(desk, correction)}申请，{desk.actor.label}同意）",
        )  # fmt: skip
        handed_in = calendar.local_date(correction.at)
        if correction.as_of.year < project.figure_year:
            entry = enter_closed_year(
                desk, project, values, ytd_fen=correction.new_fen, kind="correction", origin=origin,
                as_of=correction.as_of, reported_on=handed_in,
            )  # fmt: skip
        else:
            values |= {"ytd_fen": correction.new_fen, "ytd_as_of": correction.as_of}
            entry = enter(
                desk, project, values, kind="correction", origin=origin, as_of=correction.as_of,
                reported_on=handed_in,
            )  # fmt: skip
        correction.entry_id = entry.id
    desk.withdraw(Subject("correction", correction.id), reason="更正已有结论", notices=(CorrectionWaiting,))
    asked = (desk.directory.people.get(correction.author_id), principal_of(desk, correction))
    told = tuple(one for one in asked if one is not None and one.id != desk.actor.person_id)
    if told:
        desk.notify(
            CorrectionDecided(
                code=project.code, approved=approve, by=desk.actor.label, at=desk.now, reason=reason,
                old_fen=correction.old_fen, new_fen=correction.new_fen,
                standing=standing(desk, project),
            ),
            to=told, key=f"correction:{correction.id}:decided", reason="更正结论",
            about=Subject("project", project.id),
        )  # fmt: skip
    return entry


# --- stored form


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


_DATES: Final = {"ytd_as_of", "period_as_of", "image_progress_as_of", "funds_as_of", "last_report_on"}


def _loaded(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DATES and isinstance(value, str) else value
