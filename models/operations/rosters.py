"""Loading a roster: what would change, and changing it (rules B9, Q3).

The difference that is shown and the change that is made come from one pass over the same rows, so that they
cannot disagree. Loading the same file again changes nothing. Accounts that people bound themselves with a
code stay unless the file says otherwise for their platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Invalid
from models.operations import gaps, roster_waiting
from models.operations.audit import SYSTEM, Actor
from models.operations.desk import Desk
from models.operations.roster_entries import Roster
from models.operations.roster_files import parse_roster
from models.operations.roster_groups import merge_groups
from models.operations.roster_merging import Merge, Stamp
from models.operations.roster_people import merge_people
from models.operations.roster_places import merge_organisation, merge_regions, merge_units
from models.operations.roster_posts import merge_seconded
from models.operations.roster_task_forces import merge_categories, merge_task_forces
from models.operations.versions import directory_changed
from models.queries import directory as directories
from models.queries import policies
from models.rules.policies import PolicyClash
from models.tables.people import Organisation, RosterLoad

__all__ = ["Roster", "RosterDiff", "apply", "diff", "load", "parse_roster"]


@dataclass(frozen=True, slots=True)
class RosterDiff:
    """What a roster changes, one Chinese line each; empty when the database says the same already."""

    place: str
    lines: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return bool(self.lines)

    @property
    def text(self) -> str:
        if not self.lines:
            return f"{self.place}名册无变化"
        return "\n".join((f"{self.place}名册有 {len(self.lines)} 处变化：", *self.lines))


def diff(session: Session, roster: Roster) -> RosterDiff:
    """What apply would change; only reads. Raises Invalid like apply."""
    return _run(Merge(session, roster, stamp=None))


def apply(session: Session, roster: Roster, *, now: datetime, by: Actor = SYSTEM) -> RosterDiff:
    """Make the database say what the roster says; the caller commits.

    Changed people, posts and accounts are kept in the audit; what waits for who has left a post is passed on.
    Raises Invalid, before anything is changed, for a task force, region or category that projects or items still use.
    """
    wanted = diff(session, roster)
    if not wanted.changed:
        return wanted
    before = roster_waiting.people_before(session)
    merge = Merge(session, roster, stamp=Stamp(now, by))
    _run(merge)
    _check_policies(session)
    session.add(
        RosterLoad(
            organisation_id=merge.organisation_id,
            at=now,
            sha256=roster.sha256,
            summary={"lines": list(wanted.lines)},
        )
    )
    session.flush()
    if before is not None:
        roster_waiting.pass_on(session, before, now=now)
    directory_changed(session)
    return wanted


def _check_policies(session: Session) -> None:
    """A county that comes under another city takes over that city's numbers (rule Q3)."""
    try:
        policies.current(session).check()
    except PolicyClash as clash:
        place = session.get_one(Organisation, clash.organisation_id).name
        raise Invalid(
            f"{place}自定的规则与上级的合不上：{clash}", mend=f"请先用 policy set 改{place}的规则"
        ) from None


def load(session: Session, roster: Roster, *, now: datetime, by: Actor = SYSTEM) -> RosterDiff:
    """Apply a roster and tell 综合专班 what gaps it leaves (rule B9); an unchanged one tells nothing."""
    found = apply(session, roster, now=now, by=by)
    if found.changed:
        directory = directories.load(session)
        desk = Desk(session, directory, policies.current(session), now, by)
        loaded = session.execute(
            select(RosterLoad.id, RosterLoad.organisation_id).order_by(RosterLoad.id.desc()).limit(1)
        ).one()
        gaps.report(
            desk, organisation_id=loaded.organisation_id, key=f"import:{loaded.id}", after_import=True
        )
    return found


def _run(merge: Merge) -> RosterDiff:
    """One pass, what others point to first."""
    with merge.session.no_autoflush:
        merge_organisation(merge)
        merge_regions(merge)
        merge_units(merge)
        merge_task_forces(merge)
        merge_categories(merge)
        merge_people(merge)
        merge_seconded(merge)
        merge_groups(merge)
    if merge.stamp is not None:
        merge.session.flush()
    return RosterDiff(merge.roster.place, tuple(merge.lines))
