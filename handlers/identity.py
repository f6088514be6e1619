"""People without a bound account, and refusals that are kept in the audit (rules B1, B2, B4)."""

from __future__ import annotations

from handlers.context import Context
from models.errors import DomainError, NotAllowed, NotFound
from models.notices.replies import NotBound
from models.operations import people
from models.types import Subject


def ask_to_bind(context: Context) -> None:
    """An unbound account may use only /帮助 and /绑定; the attempt is counted for the daily digest."""
    people.count_unbound_message(context.desk, context.account_id)
    context.say_privately(NotBound())


def note_refusal(context: Context, error: DomainError) -> None:
    """Attempts at what is not the asker's are kept in the audit (rule B4)."""
    if context.person is None or not isinstance(error, (NotFound, NotAllowed)):
        return
    what = context.message.text[:200] or context.message.action
    context.desk.record(
        Subject("access", context.person.id), {"attempt": (None, f"{error.code}: {what}")}, reason=error.code
    )
