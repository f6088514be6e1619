"""What becomes of a 提级建议 for a red light while nobody has decided on it (rules E12, E13)."""

from __future__ import annotations

from dataclasses import dataclass

from models.notices.base import Notice
from models.notices.lights import OfProposal
from models.types import Subject


@dataclass(frozen=True, slots=True)
class LightProposalWithdrawn(Notice):
    """The light has left 红 before the decision. reason: what ended it."""

    draft_id: int
    code: str
    reason: str

    @property
    def about(self) -> Subject | None:
        return Subject("escalation_draft", self.draft_id)


@dataclass(frozen=True, slots=True)
class LightProposalRestored(OfProposal, Notice):
    """What had ended the red light was undone: the proposal waits again."""

    draft_id: int
    code: str
