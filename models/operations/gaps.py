"""Telling 综合专班 about the gaps of the roster (rule B9)."""

from __future__ import annotations

from models.notices.people import RosterGaps
from models.operations.desk import Desk, group
from models.queries import gaps as queries
from models.queries.directory import PersonInfo
from models.types import Recipient, Subject


def report(desk: Desk, *, organisation_id: int, key: str, after_import: bool = False) -> int:
    """Send one notice with all gaps of an organisation to its 综合专班; none without gaps. Returns how many.

    key: the week or the import that it is for; the same key is told once.
    """
    found = queries.gaps(desk.directory, organisation_id=organisation_id)
    groups = queries.lost_groups(desk.session, desk.directory, organisation_id)
    recipients = _recipients(desk, organisation_id)
    if (found or groups) and recipients:
        about = Subject("roster", organisation_id)
        if not after_import:  # of several weeks caught up at once the last one says it all (rule A4)
            desk.withdraw(about, reason="已有新的名册检查", notices=(RosterGaps,))
        desk.notify(
            RosterGaps(
                tuple(gap.text for gap in found),
                after_import=after_import,
                groups=tuple(gap.text for gap in groups),
            ),
            to=recipients,
            key=f"roster_gaps:{organisation_id}:{key}",
            reason="名册缺口",
            about=about,
        )
    return len(found) + len(groups)


def _recipients(desk: Desk, organisation_id: int) -> list[Recipient | PersonInfo]:
    """The group of 综合专班, or its ledger administrators where it has no group."""
    hub = desk.directory.hub(organisation_id)
    chat = desk.directory.group_of_task_force(hub.id) if hub is not None else None
    if chat is not None and chat.accounts:
        return [group(chat.id)]
    return list(desk.directory.ledger_admins(organisation_id))
