"""Where a project stands, in the words of a card: shares, gap, light."""

from __future__ import annotations

from models.notices.ledger import Standing
from models.operations import lights
from models.operations.desk import Desk
from models.rules.lights import Evaluation, LightReason, ReasonKind
from models.rules.money import percent, points
from models.tables.projects import Project
from models.types import Light


def standing(desk: Desk, project: Project, *, ytd_fen: int | None = None, **what_if: object) -> Standing:
    """The standing today, or as it would be with another figure or date (see lights.preview)."""
    what_if.setdefault("reported_today", ytd_fen is not None or bool(what_if))
    preview = lights.preview(desk, project, ytd_fen=ytd_fen, **what_if)  # type: ignore[arg-type]
    return of(preview.evaluation, before=preview.before, after=preview.after, adjusted=preview.adjusted)


def of(evaluation: Evaluation, *, before: Light, after: Light, adjusted: bool = False) -> Standing:
    gap = evaluation.gap
    return Standing(
        light=after,
        light_before=before,
        completion=None if evaluation.completion is None else percent(evaluation.completion),
        scheduled=None if evaluation.scheduled is None else percent(evaluation.scheduled),
        gap=None if gap is None else points(abs(gap)),
        behind=gap is not None and gap > 0,
        reasons=tuple(reason_words(reason) for reason in evaluation.reasons),
        adjusted=adjusted,
    )


def reason_words(reason: LightReason) -> str:
    """投资, 开工, 竣工, 资金 or 「未更新」36天."""
    if reason.kind is ReasonKind.STALE:
        return f"未更新{reason.days}天"
    return reason.kind.value
