"""Messages out: neither lost nor repeated nor out of order when a process dies or a platform fails (P1 P2 P5)."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bot.delivery.waiting import CLAIM_ROWS
from bot.platforms.base import InDoubt, Limits, NotThisWay, Unavailable
from models.db import Patience
from models.notices.replies import Refusal
from models.operations.outbox import put
from models.tables.outbox import Channel, OutboxNotice, SentMessage
from models.tables.people import Account
from models.tables.taskforces import ChatGroup
from models.types import OutboxState, Recipient, RecipientKind, Subject, Urgency

from .line import HandClock, Line, Window, line_on

WAIT_SECONDS = 20


async def notices(line: Line, group: str, numbers: range, *, due_in: float = -5) -> None:
    """Put notices for a group into the outbox. due_in: seconds from now; what is late already is merged."""

    def write(session: Session) -> None:
        now = line.clock.now()
        for number in numbers:
            put(
                session, Refusal((f"通知〔{number}〕",)), to=of_group(session, group), key=f"test {group} {number}",
                reason="试验", urgency=Urgency.NORMAL, now=now - timedelta(minutes=1),
                due_at=now + timedelta(seconds=due_in), about=Subject("test", number),
            )  # fmt: skip

    await line.database.write(write)


def of_group(session: Session, name: str) -> Recipient:
    found = session.execute(select(ChatGroup.id).where(ChatGroup.name == name)).scalar_one()
    return Recipient(RecipientKind.GROUP, found)


def put_for_group(session: Session, *, words: tuple[str, ...], now: datetime) -> None:
    """One notice of several lines for 【白石县】."""
    put(
        session, Refusal(words), to=of_group(session, "白石县"), key="test lines", reason="试验",
        urgency=Urgency.NORMAL, now=now, due_at=now, about=Subject("test", 1),
    )  # fmt: skip


def numbers(texts: list[str]) -> list[list[int]]:
    """The numbers of the notices in each message."""
    return [[int(found) for found in re.findall(r"〔(\d+)〕", one)] for one in texts]


async def states(line: Line) -> list[str]:
    return list(
        await line.database.read(
            lambda session: (
                session.execute(select(OutboxNotice.state).order_by(OutboxNotice.id)).scalars().all()
            )
        )
    )


async def come(window: Window) -> None:
    """Wait until a call has reached the platform and is held there."""
    async with asyncio.timeout(WAIT_SECONDS):
        await window.waiting.wait()
    window.waiting.clear()


async def test_a_reply_of_a_dead_process_goes_before_newer_ones(city_url: str) -> None:
    clock, window = HandClock(), Window(hold=asyncio.Event())
    async with line_on(city_url, clock=clock, window=window) as first:
        await first.say("张伟", "/回声 1")
        await first.inbound.drain()
        await come(window)
        await first.say("张伟", "/回声 2")
    window.hold = None
    async with line_on(city_url, clock=clock, window=window) as second:
        await second.say("张伟", "/回声 3")
        await second.say("李娜", "/回声 9")
        await second.inbound.drain()
        clock.go(1)
        await second.delivery.drain()
        assert window.to("李娜") == ["收到9"], "others do not wait"
        clock.go(29)  # at the latest now the claim of the first process has ended
        await second.move()
        assert window.to("张伟") == ["收到1", "收到2", "收到3"]
        assert set(await states(second)) == {OutboxState.SENT.value}


async def test_what_was_shown_before_the_process_died_is_not_shown_again(city_url: str) -> None:
    clock, window = HandClock(), Window(hold_answer=asyncio.Event())
    async with line_on(city_url, clock=clock, window=window) as first:
        await first.say("张伟", "/回声 1")
        await first.inbound.drain()
        await come(window)
    window.hold_answer = None
    clock.go(30)
    async with line_on(city_url, clock=clock, window=window) as second:
        await second.move()
        assert window.to("张伟") == ["收到1"]
        assert len(window.repeats) == 1
        assert await states(second) == [OutboxState.SENT.value]


async def test_a_digest_that_was_shown_takes_no_newer_notice_along(city_url: str) -> None:
    """The platform knows the digest by its key and would not show what joined it since."""
    clock, window = HandClock(), Window(hold_answer=asyncio.Event())
    async with line_on(city_url, clock=clock, window=window) as first:
        await notices(first, "白石县", range(1, 4))
        await notices(first, "青禾县", range(11, 13))
        async with asyncio.timeout(WAIT_SECONDS):
            await first.delivery.claim_due()
            while len(window.shown) < 2:
                await come(window)
        await notices(first, "白石县", range(4, 6))
    window.hold_answer = None
    clock.go(30)
    async with line_on(city_url, clock=clock, window=window) as second:
        await second.move()
        assert numbers(window.to("白石县")) == [[1, 2, 3], [4, 5]]
        assert numbers(window.to("青禾县")) == [[11, 12]]
        assert set(await states(second)) == {OutboxState.SENT.value}


async def test_a_lost_answer_neither_loses_nor_repeats(city_url: str) -> None:
    """The digest has arrived, its answer has not: it goes again as it was, and newer notices after it."""
    async with line_on(city_url, window=Window(lose=TimeoutError())) as line:
        await notices(line, "白石县", range(1, 4))
        await line.delivery.drain()
        await notices(line, "白石县", range(4, 6))
        line.window.lose = None
        line.clock.go(30)
        await line.delivery.drain()
        assert numbers(line.window.to("白石县")) == [[1, 2, 3], [4, 5]]
        assert set(await states(line)) == {OutboxState.SENT.value}


@pytest.mark.parametrize(
    ("trouble", "arrived", "doubt"),
    [
        (Unavailable("down"), "①②③", None),
        (InDoubt("no answer"), "①③", "no answer"),
        (TimeoutError(), "①③", "no answer in time"),
    ],
)
async def test_a_message_in_parts_goes_on_where_it_stopped(
    city_url: str, trouble: Exception, arrived: str, doubt: str | None
) -> None:
    """P1, P4: no part is shown twice or left out where the platform knows no repeats; what is not known is noted."""
    window = Window(idempotent=False, limits=Limits(None, 20, 40), fates=[None, trouble])
    async with line_on(city_url, window=window) as line:
        words = tuple(f"{sign}{'字' * 20}" for sign in "①②③")
        await line.database.write(partial(put_for_group, words=words, now=line.clock.now()))
        await line.delivery.drain()
        line.clock.go(30)
        await line.delivery.drain()
        assert "".join(re.findall("[①②③]", "".join(line.window.to("白石县")))) == arrived
        assert line.window.repeats == []
        noted = await line.database.read(
            lambda session: session.execute(select(SentMessage.doubt)).scalars().all()
        )
        assert noted == [doubt]


async def test_replies_wait_for_a_channel_that_waits(city_url: str) -> None:
    """After a refusal the channel rests; what is said meanwhile goes after it, in order."""
    async with line_on(city_url, window=Window(refuse=Unavailable("down"))) as line:
        await line.say("张伟", "/回声 1")
        await line.move()
        line.window.refuse = None
        await line.say("张伟", "/回声 2")
        await line.say("李娜", "/回声 9")
        await line.move()
        assert line.window.to("张伟") == []
        assert line.window.to("李娜") == ["收到9"]
        line.clock.go(1)
        await line.say("张伟", "/回声 3")
        await line.move()
        assert line.window.to("张伟") == ["收到1", "收到2", "收到3"]


@pytest.mark.parametrize("refused", [Unavailable("down"), NotThisWay("closed")])
async def test_what_goes_back_is_waited_for_by_what_is_written_with_it(
    city_url: str, refused: Exception
) -> None:
    """Given back, looked for and answered behind in one commit: the newer reply does not overtake it."""
    window, gate = Window(hold=asyncio.Event()), threading.Event()
    async with line_on(city_url, window=window) as line:
        await line.say("张伟", "/回声 1")
        await line.inbound.drain()
        await come(window)
        await line.say("张伟", "/回声 2")
        if line.database.is_sqlite:  # the writer is held, so that the next three share a commit
            held = line.tasks.start(line.database.write(lambda _: gate.wait(WAIT_SECONDS)), name="held")
            await turns()
        window.refuse = refused
        assert window.hold is not None
        window.hold.set()
        await turns()
        claimed = line.tasks.start(line.delivery.claim_due(), name="claim")
        await turns()
        answered = line.tasks.start(line.inbound.drain(), name="drain")
        await turns()
        window.refuse = None
        gate.set()
        await asyncio.gather(claimed, answered, *([held] if line.database.is_sqlite else []))
        await line.delivery.drain()
        line.clock.go(1)
        await line.delivery.drain()
        assert window.to("张伟") == ["收到1", "收到2"]


async def turns() -> None:
    """Let everything go on that can without the database."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_notice_nobody_can_read_stops_no_other(city_url: str) -> None:
    """Left by another version of the program, say."""
    async with line_on(city_url) as line:
        await notices(line, "白石县", range(1, 3))
        await line.database.write(
            lambda session: (
                session.execute(update(OutboxNotice).where(OutboxNotice.id == 1).values(notice="Unheard"))
                and None
            )
        )
        await line.delivery.drain()
        assert numbers(line.window.to("白石县")) == [[2]]
        assert await states(line) == [OutboxState.DEAD.value, OutboxState.SENT.value]


async def test_an_account_on_a_platform_that_is_off_stops_no_other(city_url: str) -> None:
    async with line_on(city_url) as line:

        def write(session: Session) -> None:
            stranger = Account(platform="gone", account="someone", last_seen_at=line.clock.now())
            session.add(stranger)
            session.flush()
            put(
                session, Refusal(("您好",)), to=Recipient(RecipientKind.ACCOUNT, stranger.id), key="stranger",
                reason="试验", urgency=Urgency.NORMAL, now=line.clock.now(), due_at=line.clock.now(),
            )  # fmt: skip

        await line.database.write(write)
        await notices(line, "白石县", range(1, 3))
        await line.delivery.drain()
        assert numbers(line.window.to("白石县")) == [[1, 2]]
        assert await states(line) == [OutboxState.DEAD.value, OutboxState.SENT.value, OutboxState.SENT.value]


@pytest.mark.sqlite_only
async def test_an_outcome_that_cannot_be_recorded_is_not_forgotten(city_url: str) -> None:
    """The file is locked when the message has gone: the row is sent again later, under the same key."""
    window = Window(hold_answer=asyncio.Event())
    impatient = Patience(attempts=2, lock_seconds=0.05, pause_seconds=0.05)
    async with line_on(city_url, window=window, patience=impatient) as line:
        await line.say("张伟", "/回声 1")
        await line.inbound.drain()
        await come(window)
        other = sqlite3.connect(line.database.url.database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert window.hold_answer is not None
        window.hold_answer.set()
        await line.delivery.stop()  # the channel has given up
        other.execute("ROLLBACK")
        other.close()
    line.clock.go(30)
    async with line_on(city_url, window=window, clock=line.clock) as line:
        await line.say("张伟", "/回声 2")
        await line.move()
        assert window.to("张伟") == ["收到1", "收到2"]
        assert set(await states(line)) == {OutboxState.SENT.value}


async def test_the_channel_is_free_again_after_an_outcome_was_not_recorded(city_url: str) -> None:
    """The same process goes on with the row when its lease has ended."""
    async with line_on(city_url) as line:
        await line.say("张伟", "/回声 1")
        await line.database.write(
            lambda session: session.execute(text("ALTER TABLE sent_messages RENAME TO away")) and None
        )
        await line.move()
        assert line.window.to("张伟") == ["收到1"]
        await line.database.write(
            lambda session: session.execute(text("ALTER TABLE away RENAME TO sent_messages")) and None
        )
        line.clock.go(30)
        await line.say("张伟", "/回声 2")
        await line.move()
        assert line.window.to("张伟") == ["收到1", "收到2"]
        assert line.window.repeats == []
        assert set(await states(line)) == {OutboxState.SENT.value}


@pytest.mark.postgres_only
async def test_of_two_processes_one_sends_and_the_order_is_kept(shared_city_url: str) -> None:
    """The first is still sending when the second handles the next message of the same person."""
    clock, window = HandClock(), Window(hold=asyncio.Event())
    async with (
        line_on(shared_city_url, clock=clock, window=window) as first,
        line_on(shared_city_url, clock=clock, window=window) as second,
    ):
        await first.say("张伟", "/回声 1")
        await first.inbound.drain()
        await come(window)
        await second.say("张伟", "/回声 2")
        await second.inbound.drain()
        await second.delivery.claim_due()
        assert window.hold is not None
        window.hold.set()
        await first.delivery.drain()
        await second.delivery.drain()
        assert window.to("张伟") == ["收到1", "收到2"]
        assert window.repeats == []


@pytest.mark.postgres_only
async def test_a_process_does_not_send_what_another_may_have_taken_over(shared_city_url: str) -> None:
    clock, window = HandClock(), Window(hold=asyncio.Event())
    async with (
        line_on(shared_city_url, clock=clock, window=window) as slow,
        line_on(shared_city_url, clock=clock, window=window) as other,
    ):
        for number in (1, 2):
            await slow.say("张伟", f"/回声 {number}")
        await slow.inbound.drain()
        await come(window)
        clock.go(20)  # the second reply still waits behind the first, in the memory of the slow process
        assert window.hold is not None
        window.hold.set()
        await slow.delivery.stop()
        assert window.to("张伟") == ["收到1"]
        clock.go(10)
        await other.delivery.drain()
        assert window.to("张伟") == ["收到1", "收到2"]
        assert window.repeats == []
        blocked = await other.database.read(lambda session: session.execute(select(Channel)).scalars().all())
        assert blocked == []


async def test_what_cannot_go_does_not_hide_what_can(city_url: str) -> None:
    """More notices than one claim reads wait for a channel that rests; another group is served all the same."""
    async with line_on(city_url, window=Window(refuse=Unavailable("down"))) as line:
        await notices(line, "白石县", range(CLAIM_ROWS + 50), due_in=-10)
        await line.delivery.drain()
        line.window.refuse = None
        await notices(line, "青禾县", range(1000, 1003), due_in=-5)
        await line.delivery.drain()
        assert numbers(line.window.to("青禾县")) == [[1000, 1001, 1002]]
        assert line.window.to("白石县") == []
        line.clock.go(2)
        await line.delivery.drain()
        told = [number for some in numbers(line.window.to("白石县")) for number in some]
        assert told == list(range(CLAIM_ROWS + 50))
