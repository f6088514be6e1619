"""outbox list|retry, inbox list|retry: what is stuck, why, and putting it back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.tables.audit import AuditRow
from models.tables.inbox import InboxMessage
from models.tables.outbox import OutboxNotice, SentMessage
from models.tables.people import Person

from .conftest import Installation

AT = datetime(2026, 9, 22, 2, tzinfo=UTC)


def notice(session: Session, number: int, state: str, outcome: str | None = None) -> None:
    person = session.execute(select(Person.id).where(Person.name == "张伟")).scalar_one()
    session.execute(
        insert(OutboxNotice).values(
            id=number,
            key=bytes([number]),
            recipient_kind="person",
            recipient_id=person,
            notice="Text",
            payload={},
            reason="项目转黄",
            urgency="normal",
            created_at=AT,
            due_at=AT,
            state=state,
            attempts=4,
            outcome=outcome,
            ended_at=AT if state in {"dead", "sent"} else None,
        )
    )


def message(session: Session, number: int, state: str, **values: Any) -> None:
    session.execute(
        insert(InboxMessage).values(
            id=number,
            platform="webchat",
            message_id=f"m{number}",
            sender_key="webchat:张伟",
            payload={"text": "城南污水处理厂累计完成投资5500万，" * 5},
            received_at=AT,
            state=state,
            attempts=5,
            **values,
        )
    )


@pytest.fixture
def queues(city: Installation) -> Installation:
    def fill(session: Session) -> None:
        notice(session, 1, "waiting")
        notice(session, 2, "dead", "无法送达：不在应用可见范围")
        notice(session, 3, "dead", "无法生成文本：KeyError")
        notice(session, 4, "sent")
        notice(session, 5, "undelivered", "未送达，已请李娜转报")
        message(session, 1, "done", done_at=AT)
        message(session, 2, "parked", reason="KeyError: 'x'")
        message(session, 3, "waiting")

    city.write(fill)
    return city


def states(bot: Installation, table: type[OutboxNotice | InboxMessage]) -> dict[int, str]:
    return bot.write(lambda session: {row.id: row.state for row in session.execute(select(table)).scalars()})


def listed(bot: Installation, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bot(*arguments, "--json").done)
    return found


def test_what_waits_and_what_is_stuck_is_listed_with_the_reason(queues: Installation) -> None:
    answer = queues("outbox", "list")
    assert "失败  张伟" in answer.done
    assert "无法送达：不在应用可见范围" in answer.done
    assert answer.err.strip() == "发件队列 4 条"
    assert {row["id"]: row["state"] for row in listed(queues, "outbox", "list")} == {
        1: "waiting", 2: "dead", 3: "dead", 5: "undelivered",
    }  # fmt: skip
    (row,) = listed(queues, "outbox", "list", "--state", "sent")
    assert (row["id"], row["words"], row["to"], row["due_at"]) == (4, "已发", "张伟", "2026-09-22 10:00")
    assert len(listed(queues, "outbox", "list", "--limit", "1")) == 1


def test_what_was_sent_without_an_answer_is_listed_as_doubtful(queues: Installation) -> None:
    """Rule P1: a message that may have come twice, or not at all, can be found."""
    assert listed(queues, "outbox", "list", "--doubt") == []

    def doubt(session: Session) -> None:
        session.add(SentMessage(id=1, platform="wecom", address="x", at=AT, doubt="no answer in time"))
        session.flush()
        session.get_one(OutboxNotice, 4).message_id = 1

    queues.write(doubt)
    (row,) = listed(queues, "outbox", "list", "--doubt")
    assert (row["id"], row["words"], row["outcome"]) == (4, "已发（存疑）", "no answer in time")
    assert "只能写一个" in queues("outbox", "list", "--doubt", "--state", "sent").err


def test_one_dead_notice_is_put_back(queues: Installation) -> None:
    assert queues("outbox", "retry", "--id", "2").done == "已放回 1 条"
    assert states(queues, OutboxNotice) == {
        1: "waiting",
        2: "waiting",
        3: "dead",
        4: "sent",
        5: "undelivered",
    }
    row = queues.write(
        lambda session: session.execute(
            select(OutboxNotice.attempts, OutboxNotice.outcome, OutboxNotice.ended_at).where(
                OutboxNotice.id == 2
            )
        ).one()
    )
    assert tuple(row) == (0, None, None)
    (trace,) = queues.write(
        lambda session: [
            (one.old, one.new, one.reason)
            for one in session.execute(select(AuditRow).where(AuditRow.record_kind == "outbox")).scalars()
        ]
    )
    assert trace == ("dead", "waiting", "无法送达：不在应用可见范围")


def test_all_dead_notices_are_put_back(queues: Installation) -> None:
    assert queues("outbox", "retry", "--all").done == "已放回 2 条"
    assert queues("outbox", "retry", "--all", "--state", "undelivered").done == "已放回 1 条"
    assert set(states(queues, OutboxNotice).values()) == {"waiting", "sent"}


def test_what_is_not_dead_is_not_put_back(queues: Installation) -> None:
    assert queues("outbox", "retry", "--id", "4").refused == "没有编号为 4、状态为失败的消息"
    assert states(queues, OutboxNotice)[4] == "sent"


def test_parked_messages_are_listed_and_put_back(queues: Installation) -> None:
    rows = listed(queues, "inbox", "list")
    assert [(row["id"], row["words"], row["reason"]) for row in rows] == [
        (2, "搁置", "KeyError: 'x'"),
        (3, "待处理", None),
    ]
    assert rows[0]["text"].endswith("……")
    assert queues("inbox", "retry", "--id", "2").done == "已放回 1 条"
    assert states(queues, InboxMessage) == {1: "done", 2: "waiting", 3: "waiting"}
    assert queues("inbox", "retry", "--all").done == "已放回 0 条"
    assert queues("inbox", "retry", "--id", "1").refused == "没有编号为 1 的搁置消息"


@pytest.mark.parametrize("queue", ["outbox", "inbox"])
def test_neither_one_nor_all_is_a_usage_error(queues: Installation, queue: str) -> None:
    assert queues(queue, "retry").code == 2
    assert queues(queue, "retry", "--all", "--id", "2").code == 2
    assert queues(queue, "list", "--state", "lost").code == 2
