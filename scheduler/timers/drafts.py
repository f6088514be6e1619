"""A draft's reminder at 16:30 and its end at 18:00 of the workday after its last change (rule C11)."""

from __future__ import annotations

from typing import Final

from models.notices.drafts import DraftExpiring
from models.operations import drafts
from models.operations.desk import Desk
from models.operations.report_lines import DONE, ReportBody
from models.queries import drafts as queries
from models.rules.money import wan
from models.tables.drafts import Draft
from models.tables.items import Item
from models.types import DraftKind, DraftState, Subject
from scheduler.schedule import TimerKind

_ABOUT_ITEM: Final = {
    DraftKind.DISPATCH.value: "交办",
    DraftKind.FEEDBACK.value: "反馈",
    DraftKind.CLOSING.value: "办结",
}


def remind(desk: Desk, draft_id: int, _body: dict[str, object]) -> str:
    draft = queries.still_open(desk.session, draft_id)
    if draft is None:
        return "草稿已了结"
    author = desk.directory.people.get(draft.author_id)
    if author is None:
        return "作者已离任"
    desk.notify(
        DraftExpiring(
            draft_id=draft.id,
            version=draft.version,
            number=draft.number,
            text=words(desk, draft),
            expires_at=draft.expires_at,
        ),
        to=author,
        key=f"draft:{draft.id}:{draft.version}:expiring",
        reason="草稿到期提醒",
        about=Subject("draft", draft.id),
    )
    return "已提醒"


def expire(desk: Desk, draft_id: int, _body: dict[str, object]) -> str:
    draft = queries.still_open(desk.session, draft_id)
    if draft is None:
        return "草稿已了结"
    drafts.close(desk, draft, DraftState.EXPIRED, reason="到期未确认")
    return "已到期"


def words(desk: Desk, draft: Draft) -> str:
    """A few words that say what the draft is about."""
    if (act := _ABOUT_ITEM.get(draft.kind)) is not None:
        item = desk.session.get_one(Item, int(draft.body["item"]))
        return f"{item.number} {act}"
    if draft.kind == DraftKind.IMPORT.value:
        return f"导入 {draft.body['file']}"
    if draft.kind == DraftKind.LIGHT_FEEDBACK.value:
        return f"{desk.directory.projects[int(draft.body['project'])].code} 亮灯反馈"
    if draft.kind == DraftKind.CATEGORY.value:
        return f"{desk.directory.projects[int(draft.body['project'])].code} 类别"
    if draft.kind != DraftKind.REPORT.value:
        return f"问题 {str(draft.body.get('title') or draft.body.get('text') or '')[:30]}"
    parts = []
    for line in ReportBody.from_json(draft.body).lines:
        if line.state in DONE:
            continue
        code = desk.directory.projects[line.project_id].code if line.project_id is not None else line.mention
        parts.append(f"{code} {wan(line.amount_fen)}" if line.amount_fen is not None else code)
    return "、".join(parts)


KINDS: Final = (
    TimerKind(drafts.REMINDER, "草稿到期提醒", remind),
    TimerKind(drafts.EXPIRY, "草稿到期", expire),
)
