"""Everything typed without a slash."""

from __future__ import annotations

from handlers.context import Context
from models.errors import NotUnderstood


def handle(context: Context) -> None:
    raise NotUnderstood(context.message.text[:20])


def handle_files(context: Context) -> None:
    raise NotUnderstood("附件")


def handle_recall(context: Context) -> None:
    raise NotUnderstood("撤回")
