"""What every office on a platform needs: 张伟 there and not on web chat, notices to send, a clock for the stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy.orm import Session

from models.notices.replies import Refusal
from models.operations.outbox import put
from models.types import Recipient, RecipientKind, Subject, Urgency
from tests.flows.city import City
from tests.flows.told import person_id

WHO = "张伟"


async def move(city: City, *, platform: str, account: str) -> None:
    """From now on 张伟 is reached on this platform only."""
    moved = await city.change(
        "UPDATE accounts SET platform = :platform, account = :new WHERE platform = 'webchat' AND account = :who",
        platform=platform, new=account, who=WHO,
    )  # fmt: skip
    assert moved == 1


async def queue(
    city: City, *texts: str, to: Recipient | None = None, urgency: Urgency = Urgency.URGENT
) -> None:
    """Notices that are due now. to: 张伟 unless said otherwise."""
    told = to or Recipient(RecipientKind.PERSON, await person_id(city, WHO))
    now = city.product.clock.now()

    def write(session: Session) -> None:
        for text in texts:
            put(
                session, Refusal(tuple(text.split("\n"))), to=told, key=f"test {text}", reason="试验",
                urgency=urgency, now=now, due_at=now, about=Subject("test", 1),
            )  # fmt: skip

    await city.product.database.write(write)


async def until(done: Callable[[], object]) -> None:
    """Wait for what happens beside the queues."""
    async with asyncio.timeout(10):
        while not done():
            await asyncio.sleep(0.01)


def clock_of(city: City) -> Callable[[], float]:
    """The product's clock in seconds since the epoch; it stands where it was while the product is stopped."""
    seen = [0.0]

    def seconds() -> float:
        if city._running is not None:
            seen[0] = city.product.clock.now().timestamp()
        return seen[0]

    return seconds
