"""A draft's reminder at 16:30 and its end at 18:00 of the workday after its last change (rule C11)."""

from __future__ import annotations

from typing import Final

from models.notices.drafts import DraftExpiring, DraftLapsed
from models.operations import draft_summaries, drafts
from models.operations.desk import Desk
from models.queries import drafts as queries
from models.types import DraftState, Subject
from scheduler.schedule import TimerKind


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
            text=draft_summaries.summary(desk, draft),
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
    text = draft_summaries.summary(desk, draft)
    unsent = drafts.close(desk, draft, DraftState.EXPIRED, reason="到期未确认")
    author = desk.directory.people.get(draft.author_id)
    if not unsent or author is None:
        return "已到期"
    desk.notify(
        DraftLapsed(draft_id=draft.id, number=draft.number, text=text, at=draft.expires_at),
        to=author,
        key=f"draft:{draft.id}:{draft.version}:lapsed",
        reason="草稿在停机期间到期",
        about=Subject("draft", draft.id),
    )
    return "已到期，提醒未发出，已告知作者"


KINDS: Final = (
    TimerKind(drafts.REMINDER, "草稿到期提醒", remind),
    TimerKind(drafts.EXPIRY, "草稿到期", expire),
)
