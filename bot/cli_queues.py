"""Commands for the queues: what waits, what is stuck and why, and putting it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import click
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.cli_frame import Refused, desk_for, opened, run, settings_or_refuse
from bot.exports import recipient_name
from bot.settings import Settings
from models.operations.desk import Desk
from models.queries import directory as directories
from models.queries.audits import STATE_WORDS
from models.rules.calendar import SHANGHAI
from models.tables.inbox import InboxMessage
from models.tables.outbox import OutboxNotice
from models.types import InboxState, OutboxState, Subject

INBOX_WORDS: Final = {"waiting": "待处理", "parked": "搁置", "done": "已处理"}
OPEN_OUTBOX: Final = tuple(
    state.value
    for state in (OutboxState.WAITING, OutboxState.SENDING, OutboxState.DEAD, OutboxState.UNDELIVERED)
)
OPEN_INBOX: Final = (InboxState.WAITING.value, InboxState.PARKED.value)
SHOWN_TEXT: Final = 40

json_option = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
limit_option = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=200, show_default=True, help="最多列出多少条"
)
id_option = click.option("--id", "number", type=click.IntRange(1), help="只放回这一条")
all_option = click.option("--all", "everything", is_flag=True, help="全部放回")


def _one_or_all(number: int | None, *, everything: bool) -> None:
    if (number is None) is not everything:
        raise click.UsageError("请写 --id 编号，或 --all")


def _print(rows: Sequence[dict[str, Any]], *, as_json: bool, words: str) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value not in (None, "")))
    click.echo(f"{words} {len(rows)} 条", err=True)


def _local(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat(sep=" ", timespec="minutes")[:16] if moment else None


async def _put_back(settings: Settings, act: Callable[[Desk], int]) -> int:
    async with opened(settings) as database:
        return await database.write(lambda session: act(desk_for(session, settings, source="queue retry")))


# --- outbox


@click.group()
def outbox() -> None:
    """发件队列。"""


@outbox.command("list")
@click.option(
    "--state",
    type=click.Choice([state.value for state in OutboxState]),
    help="只看这一状态（不写：待发、发送中、失败、未送达）",
)
@limit_option
@json_option
def outbox_list(*, state: str | None, limit: int, as_json: bool) -> None:
    """列出待发、失败和未送达的消息及原因。"""
    settings = settings_or_refuse()
    states = (state,) if state else OPEN_OUTBOX
    _print(run(_outbox_list(settings, states, limit)), as_json=as_json, words="发件队列")


async def _outbox_list(settings: Settings, states: Sequence[str], limit: int) -> list[dict[str, Any]]:
    def look(session: Session) -> list[dict[str, Any]]:
        directory = directories.load(session)
        return [
            {
                "id": row.id,
                "state": row.state,
                "words": STATE_WORDS.get(row.state, row.state),
                "to": recipient_name(directory, row),
                "notice": row.notice,
                "reason": row.reason,
                "due_at": _local(row.due_at),
                "attempts": row.attempts,
                "outcome": row.outcome,
            }
            for row in session.execute(
                select(OutboxNotice)
                .where(OutboxNotice.state.in_(states))
                .order_by(OutboxNotice.due_at, OutboxNotice.id)
                .limit(limit)
            ).scalars()
        ]

    async with opened(settings) as database:
        return await database.read(look)


@outbox.command("retry")
@click.option(
    "--state",
    type=click.Choice([OutboxState.DEAD.value, OutboxState.UNDELIVERED.value]),
    default=OutboxState.DEAD.value,
    show_default=True,
    help="放回哪一状态的消息",
)
@id_option
@all_option
def outbox_retry(*, state: str, number: int | None, everything: bool) -> None:
    """把失败的消息放回待发。"""
    _one_or_all(number, everything=everything)
    settings = settings_or_refuse()
    count = run(_put_back(settings, lambda desk: _retry_outbox(desk, state, number)))
    click.echo(f"已放回 {count} 条")


def _retry_outbox(desk: Desk, state: str, number: int | None) -> int:
    where = [OutboxNotice.state == state]
    if number is not None:
        where.append(OutboxNotice.id == number)
    rows = desk.session.execute(
        select(OutboxNotice.id, OutboxNotice.outcome).where(*where).order_by(OutboxNotice.id)
    ).all()
    if number is not None and not rows:
        raise Refused(f"没有编号为 {number}、状态为{STATE_WORDS[state]}的消息")
    for row in rows:
        desk.session.execute(
            update(OutboxNotice)
            .where(OutboxNotice.id == row.id)
            .values(
                state=OutboxState.WAITING.value, attempts=0, due_at=desk.now, lease_until=None, ended_at=None,
                outcome=None,
            )
        )  # fmt: skip
        desk.record(
            Subject("outbox", row.id), {"state": (state, OutboxState.WAITING.value)}, reason=row.outcome
        )
    return len(rows)


# --- inbox


@click.group()
def inbox() -> None:
    """收件队列。"""


@inbox.command("list")
@click.option(
    "--state",
    type=click.Choice([state.value for state in InboxState]),
    help="只看这一状态（不写：待处理和搁置）",
)
@limit_option
@json_option
def inbox_list(*, state: str | None, limit: int, as_json: bool) -> None:
    """列出待处理和因错误搁置的消息及原因。"""
    settings = settings_or_refuse()
    states = (state,) if state else OPEN_INBOX
    _print(run(_inbox_list(settings, states, limit)), as_json=as_json, words="收件队列")


async def _inbox_list(settings: Settings, states: Sequence[str], limit: int) -> list[dict[str, Any]]:
    def look(session: Session) -> list[dict[str, Any]]:
        return [
            {
                "id": row.id,
                "state": row.state,
                "words": INBOX_WORDS[row.state],
                "platform": row.platform,
                "from": row.sender_key,
                "received_at": _local(row.received_at),
                "attempts": row.attempts,
                "text": _shortened(row.payload),
                "reason": row.reason,
            }
            for row in session.execute(
                select(InboxMessage)
                .where(InboxMessage.state.in_(states))
                .order_by(InboxMessage.id)
                .limit(limit)
            ).scalars()
        ]

    async with opened(settings) as database:
        return await database.read(look)


def _shortened(payload: dict[str, Any]) -> str:
    text = " ".join(str(payload.get("text", "")).split())
    return text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}……"


@inbox.command("retry")
@id_option
@all_option
def inbox_retry(*, number: int | None, everything: bool) -> None:
    """把搁置的消息放回处理。"""
    _one_or_all(number, everything=everything)
    settings = settings_or_refuse()
    count = run(_put_back(settings, lambda desk: _retry_inbox(desk, number)))
    click.echo(f"已放回 {count} 条")


def _retry_inbox(desk: Desk, number: int | None) -> int:
    where = [InboxMessage.state == InboxState.PARKED.value]
    if number is not None:
        where.append(InboxMessage.id == number)
    rows = desk.session.execute(
        select(InboxMessage.id, InboxMessage.reason).where(*where).order_by(InboxMessage.id)
    ).all()
    if number is not None and not rows:
        raise Refused(f"没有编号为 {number} 的搁置消息")
    for row in rows:
        desk.session.execute(
            update(InboxMessage)
            .where(InboxMessage.id == row.id)
            .values(state=InboxState.WAITING.value, attempts=0, not_before=None)
        )
        desk.record(
            Subject("inbox", row.id),
            {"state": (InboxState.PARKED.value, InboxState.WAITING.value)},
            reason=row.reason,
        )
    return len(rows)
