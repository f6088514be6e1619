"""Commands for the queues: what waits, what is stuck and why, and putting it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import click
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.cli_frame import Refused, desk_for, opened, run, settings_or_refuse
from models.operations.desk import Desk
from models.queries import directory as directories
from models.queries.audits import STATE_WORDS
from models.queries.ledger_sheets import recipient_name
from models.rules.calendar import SHANGHAI
from models.tables.inbox import InboxMessage
from models.tables.outbox import OutboxNotice, SentMessage
from models.types import InboxState, OutboxState, Subject

Json = dict[str, Any]

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


def _local(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat(sep=" ", timespec="minutes")[:16] if moment else None


@dataclass(frozen=True, slots=True)
class _Queue:
    """One of the two tables. name: of its rows in the audit. why: where a row says what is wrong with it."""

    name: str
    words: str
    table: type[OutboxNotice | InboxMessage]
    why: InstrumentedAttribute[str | None]
    waiting: str


_OUTBOX: Final = _Queue("outbox", "发件队列", OutboxNotice, OutboxNotice.outcome, OutboxState.WAITING.value)
_INBOX: Final = _Queue("inbox", "收件队列", InboxMessage, InboxMessage.reason, InboxState.WAITING.value)


def _list(queue: _Queue, found: Callable[[Session], list[Json]], *, as_json: bool) -> None:
    """Print what was found in a queue: one line a row, or all of it as JSON."""
    settings = settings_or_refuse()

    async def read() -> list[Json]:
        async with opened(settings) as database:
            return await database.read(found)

    rows = run(read())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value not in (None, "")))
    click.echo(f"{queue.words} {len(rows)} 条", err=True)


def _retry(
    queue: _Queue,
    state: str,
    number: int | None,
    *,
    everything: bool,
    fresh: Callable[[Desk], Json],
    unknown: str,
) -> None:
    """Put rows in this state back to waiting, one or all of them, each with an audit row.

    fresh: what else a waiting row has. unknown: the refusal when the one that is named is not there.
    """
    if (number is None) is not everything:
        raise click.UsageError("请写 --id 编号，或 --all")
    settings = settings_or_refuse()

    def put_back(desk: Desk) -> int:
        where = [queue.table.state == state]
        if number is not None:
            where.append(queue.table.id == number)
        rows = desk.session.execute(
            select(queue.table.id, queue.why).where(*where).order_by(queue.table.id)
        ).all()
        if number is not None and not rows:
            raise Refused(unknown)
        for row_id, why in rows:
            desk.session.execute(
                update(queue.table)
                .where(queue.table.id == row_id)
                .values(state=queue.waiting, attempts=0, **fresh(desk))
            )
            desk.record(Subject(queue.name, row_id), {"state": (state, queue.waiting)}, reason=why)
        return len(rows)

    async def write() -> int:
        async with opened(settings) as database:
            return await database.write(
                lambda session: put_back(desk_for(session, settings, source="queue retry"))
            )

    click.echo(f"已放回 {run(write())} 条")


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
@click.option("--doubt", is_flag=True, help="只看已发而平台没有回音的：可能没有收到，也可能收到两次")
@limit_option
@json_option
def outbox_list(*, state: str | None, doubt: bool, limit: int, as_json: bool) -> None:
    """列出待发、失败和未送达的消息及原因。"""
    if doubt and state:
        raise click.UsageError("--doubt 和 --state 只能写一个")
    wanted = (
        SentMessage.doubt.is_not(None)
        if doubt
        else OutboxNotice.state.in_((state,) if state else OPEN_OUTBOX)
    )
    _list(_OUTBOX, lambda session: _outbox_rows(session, wanted, limit), as_json=as_json)


def _outbox_rows(session: Session, wanted: ColumnElement[bool], limit: int) -> list[Json]:
    directory = directories.load(session)
    rows = session.execute(
        select(OutboxNotice, SentMessage.doubt)
        .outerjoin(SentMessage, SentMessage.id == OutboxNotice.message_id)
        .where(wanted)
        .order_by(OutboxNotice.due_at, OutboxNotice.id)
        .limit(limit)
    )
    return [
        {
            "id": row.id,
            "state": row.state,
            "words": STATE_WORDS.get(row.state, row.state) + ("（存疑）" if doubt else ""),
            "to": recipient_name(directory, row),
            "notice": row.notice,
            "reason": row.reason,
            "due_at": _local(row.due_at),
            "attempts": row.attempts,
            "outcome": row.outcome or doubt,
        }
        for row, doubt in rows
    ]


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
    _retry(
        _OUTBOX, state, number, everything=everything,
        fresh=lambda desk: {"due_at": desk.now, "lease_until": None, "ended_at": None, "outcome": None},
        unknown=f"没有编号为 {number}、状态为{STATE_WORDS[state]}的消息",
    )  # fmt: skip


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
    states = (state,) if state else OPEN_INBOX
    _list(_INBOX, lambda session: _inbox_rows(session, states, limit), as_json=as_json)


def _inbox_rows(session: Session, states: Sequence[str], limit: int) -> list[Json]:
    rows = session.execute(
        select(InboxMessage).where(InboxMessage.state.in_(states)).order_by(InboxMessage.id).limit(limit)
    ).scalars()
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
        for row in rows
    ]


def _shortened(payload: Json) -> str:
    text = " ".join(str(payload.get("text", "")).split())
    return text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}……"


@inbox.command("retry")
@id_option
@all_option
def inbox_retry(*, number: int | None, everything: bool) -> None:
    """把搁置的消息放回处理。"""
    _retry(
        _INBOX, InboxState.PARKED.value, number, everything=everything,
        fresh=lambda _desk: {"not_before": None}, unknown=f"没有编号为 {number} 的搁置消息",
    )  # fmt: skip
