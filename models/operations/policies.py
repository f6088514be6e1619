"""Setting the policy: a new version for what comes; open cases keep the version they were opened with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from models.operations.desk import Desk
from models.operations.versions import directory_changed
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


def store(desk: Desk, policy: Policy) -> list[PolicyChange]:
    """Put a new version into force; returns what it changes against the one before.

    The next light sweep judges every project by it. Warnings and items that are open keep their version.
    """
    changes = compare(desk.policy, policy)
    if not changes:
        return []
    desk.session.add(
        PolicyRow(organisation_id=None, version=policy.version, at=desk.now, body=policy.to_json())
    )
    desk.session.flush()
    desk.record(
        Subject("policy", policy.version),
        {change.field: (shown(change.old), shown(change.new)) for change in changes},
        first=True,
    )
    # The stored days on which lights change were worked out with the old numbers.
    desk.session.execute(update(LightState).values(next_change_on=desk.today))
    directory_changed(desk.session)  # every process holds the policy beside the directory
    return changes
