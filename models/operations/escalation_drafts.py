"""A 提级建议 of an item or of a red light while it is undecided: read, changed, settled (rule G2)."""

from __future__ import annotations

from datetime import date
from typing import Final

from models.errors import Invalid
from models.operations.desk import Desk
from models.rules.escalation import Asked, Statement
from models.tables.lights import EscalationDraft
from models.types import Subject

UNDECIDED: Final = "draft"
AGREED: Final = "agreed"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"


def subject(draft: EscalationDraft) -> Subject:
    return Subject("escalation_draft", draft.id)


def missing(draft: EscalationDraft, from_level: int) -> tuple[Asked, ...]:
    """What the proposal does not state yet (rules G2, G3)."""
    return _statement(draft).missing(from_level)


def _statement(draft: EscalationDraft) -> Statement:
    return Statement(
        done=draft.done or "", crux=draft.crux, unit=draft.unit, path=draft.path,
        due=draft.due_on.isoformat() if draft.due_on else "", reason=draft.reason or "",
    )  # fmt: skip


def complete(draft: EscalationDraft, from_level: int, *, of: str = "") -> Statement:
    """What the proposal states. Raises Invalid with all gaps at once (rule C4). of: number or code it is about."""
    said = _statement(draft)
    if gaps := said.missing(from_level):
        raise Invalid(f"{of} 提级还缺 {'、'.join(gaps)}".strip(), mend="请先按「修改症结…」补齐")
    return said


def revise(desk: Desk, draft: EscalationDraft, said: Statement, *, due_on: date | None) -> None:
    """[修改症结…]: what was said replaces what stood there, the rest stays. Raises Invalid when nothing was said."""
    new: dict[str, object] = {
        "done": said.done, "crux": said.crux, "unit": said.unit, "path": said.path, "reason": said.reason,
        "due_on": due_on,
    }  # fmt: skip
    changes: dict[str, tuple[object, object]] = {
        name: (getattr(draft, name), value) for name, value in new.items() if value
    }
    if not changes:
        raise Invalid("没看到要修改的内容", mend="例：症结 林地手续未批；建议时限 10月25日")
    for name, (_, value) in changes.items():
        setattr(draft, name, value)
    desk.session.flush()
    desk.record(subject(draft), changes)


def settle(desk: Desk, draft: EscalationDraft, state: str, outcome: str) -> None:
    """It is decided, or out of date. state: AGREED, REFUSED or WITHDRAWN."""
    draft.state, draft.outcome = state, outcome
    draft.decided_by_id, draft.decided_at = desk.actor.on_behalf_of, desk.now
    desk.session.flush()
    desk.record(subject(draft), {"state": (UNDECIDED, state)}, reason=outcome)


def why_refused(reason: str) -> str:
    """The reason of 不提级. Raises Invalid without one."""
    if not reason.strip():
        raise Invalid("请说明不提级的原因")
    return reason.strip()


def state_words(draft: EscalationDraft) -> str:
    """What became of it, for who comes too late."""
    return {AGREED: "已同意", REFUSED: "已决定不提级"}.get(draft.state, draft.outcome or "已撤回")
