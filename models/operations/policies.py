"""Setting the policy of the installation, a city or a county: a new version for what comes (rule Q3).

Open cases keep the version they were opened with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from models.operations.desk import Desk
from models.operations.versions import directory_changed
from models.rules.policies import Policies
from models.rules.policy import Policy
from models.rules.policy_words import WORDS, flat, shown
from models.tables.clockwork import Policy as PolicyRow
from models.tables.lights import LightState
from models.types import Subject


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One field, named as in WORDS; values as stored."""

    field: str
    old: object
    new: object

    @property
    def line(self) -> str:
        return f"{WORDS[self.field]}：{shown(self.old)} → {shown(self.new)}"


def compare(old: Policy, new: Policy) -> list[PolicyChange]:
    """What differs, in the order in which the policy is shown."""
    before, after = flat(old), flat(new)
    return [PolicyChange(name, before[name], after[name]) for name in WORDS if before[name] != after[name]]


def same(old: Policies, new: Policies, organisation_id: int | None) -> bool:
    """Whether nothing changes: in a city or county not even what it sets itself although it is as above."""
    if organisation_id is None:
        return not compare(old.base, new.base)
    return old.own(organisation_id) == new.own(organisation_id)


def store(
    desk: Desk, organisation_id: int | None, data: Mapping[str, Any], *, whole: bool = False
) -> list[PolicyChange]:
    """Put a new version of an organisation's own numbers into force; returns what it changes there.

    organisation_id: None for the whole installation. whole: what data does not name falls back. The next light sweep
    judges every project by it. Warnings and items that are open keep their version. Raises ValueError for what does
    not fit.
    """
    new = desk.policies.changed(organisation_id, data, whole=whole)
    if same(desk.policies, new, organisation_id):
        return []
    changes = compare(desk.policies.of(organisation_id), new.of(organisation_id))
    desk.session.add(
        PolicyRow(
            organisation_id=organisation_id, version=new.version, at=desk.now, body=new.own(organisation_id)
        )
    )
    desk.session.flush()
    place = "" if organisation_id is None else desk.directory.organisations[organisation_id].name
    desk.record(
        Subject("policy", new.version),
        {
            "organisation": (None, place or None),
            **{change.field: (shown(change.old), shown(change.new)) for change in changes},
        },
        first=True,
    )
    # The stored days on which lights change were worked out with the old numbers.
    desk.session.execute(update(LightState).values(next_change_on=desk.today))
    directory_changed(desk.session)  # every process holds the policy beside the directory
    return changes
