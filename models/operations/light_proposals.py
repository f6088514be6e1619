"""提级建议 for a red light that nobody has decided on: they lapse with the light, and come back with it (E12, E13)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from models.notices.light_proposals import LightProposalRestored, LightProposalWithdrawn
from models.notices.lights import LightEscalationProposed
from models.operations import escalation_drafts as drafts
from models.operations.desk import Desk
from models.queries.directory import PersonInfo
from models.tables.lights import EscalationDraft, LightCase


def withdraw(desk: Desk, case: LightCase, outcome: str) -> None:
    """The warning is over: what is undecided is withdrawn with that reason, and who had the card is told.

    Where the clock ended it, or the card was not sent yet, nobody is: a card says so when it is pressed.
    """
    for draft in _of(desk, case, drafts.UNDECIDED):
        why = f"{case.light}灯{outcome}"
        draft.state, draft.outcome, draft.decided_at = drafts.WITHDRAWN, why, desk.now
        about = drafts.subject(draft)
        desk.record(
            about, {"state": (drafts.UNDECIDED, drafts.WITHDRAWN), "outcome": (None, why)}, reason=why
        )
        unsent = desk.withdraw(about, reason=why, notices=(LightEscalationProposed, LightProposalRestored))
        if unsent or desk.actor.person_id is None:
            continue
        code = desk.directory.projects[case.project_id].code
        desk.notify(
            LightProposalWithdrawn(draft.id, code, why), to=_heads(desk, case),
            key=f"escalation_draft:{draft.id}:withdrawn {desk.now.isoformat()}", reason="提级建议撤回", about=about,
        )  # fmt: skip
    desk.session.flush()


def restore(desk: Desk, case: LightCase, *, ended_at: datetime) -> None:
    """What lapsed at that moment waits again (rule E13)."""
    for draft in _of(desk, case, drafts.WITHDRAWN):
        if draft.decided_at != ended_at:
            continue
        draft.state, draft.outcome, draft.decided_at = drafts.UNDECIDED, None, None
        about = drafts.subject(draft)
        desk.record(about, {"state": (drafts.WITHDRAWN, drafts.UNDECIDED)})
        if desk.withdraw(about, reason="提级建议已恢复", notices=(LightProposalWithdrawn,)):
            continue
        code = desk.directory.projects[case.project_id].code
        desk.notify(
            LightProposalRestored(draft.id, code), to=_heads(desk, case),
            key=f"escalation_draft:{draft.id}:restored {desk.now.isoformat()}", reason="提级建议恢复", about=about,
        )  # fmt: skip
    desk.session.flush()


def _heads(desk: Desk, case: LightCase) -> list[PersonInfo]:
    """综合专班负责人, without the person who acts now."""
    head = desk.directory.hub_head(desk.directory.projects[case.project_id].organisation_id)
    return [head] if head is not None and head.id != desk.actor.person_id else []


def _of(desk: Desk, case: LightCase, state: str) -> list[EscalationDraft]:
    return list(
        desk.session.execute(
            select(EscalationDraft).where(
                EscalationDraft.subject_kind == "light_case",
                EscalationDraft.subject_id == case.id,
                EscalationDraft.state == state,
            )
        ).scalars()
    )
