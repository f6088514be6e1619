"""What a platform must offer so that the contract can be tried on it. One module per platform, named after it.

A new platform adds its module with `HARNESS`; nothing else here knows a platform's name.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum
from pathlib import Path
from typing import ClassVar

from sqlalchemy.orm import Session

from bot.platforms import PLATFORMS
from models.notices.replies import Refusal
from models.operations.outbox import put
from models.types import Recipient, RecipientKind, Subject, Urgency
from tests import postgres
from tests.flows.city import City
from tests.flows.told import person_id

WHO = "张伟"
PLANT = "ZX0031"  # 青禾县城南污水处理厂扩建工程
REPORT = "城南污水处理厂累计完成投资5500万,主体结构封顶"


class Knock(Enum):
    """Deliveries at the platform's door."""

    GENUINE = "as the platform makes them"
    NOBODY = "without any proof of who calls"
    FORGED = "with a proof that does not fit"
    STALE = "genuine, but ten minutes old"
    OVERSIZED = "far longer than any message"


class Harness(ABC):
    """The product with one platform on which 张伟 is reached, and that platform's stand-in.

    stamps: deliveries carry a time that is checked. hears_groups: it hands on what is said in groups. calls_out: it
    has a server that messages are sent to (then everything below "out" works).
    """

    name: ClassVar[str]
    stamps: ClassVar[bool] = False
    hears_groups: ClassVar[bool] = True
    calls_out: ClassVar[bool] = True
    # What must stand in no log, error, metric or table.
    secrets: ClassVar[Sequence[str]] = ()
    city: City

    # --- in

    @abstractmethod
    async def deliver(self, text: str, *, times: int = 1) -> None:
        """One private text of 张伟, delivered so often; returns as soon as it is acknowledged."""

    @abstractmethod
    async def in_group(self, text: str, *, named: bool) -> list[str]:
        """A text in the county's group, with or without naming the bot; returns what the bot said there since."""

    @abstractmethod
    async def choose(self, label: str, *, times: int = 1) -> None:
        """The button or numbered choice of the latest card, delivered so often."""

    @abstractmethod
    async def attach(self, name: str, content: bytes) -> None:
        """A picture or file without words, delivered."""

    @abstractmethod
    async def knock(self, how: Knock) -> int:
        """A report at the door; returns the status."""

    @abstractmethod
    async def garbage(self) -> list[int]:
        """Bodies that are no messages; returns the statuses."""

    @abstractmethod
    def heard(self) -> list[str]:
        """What 张伟 reads, in order, without what only the platform adds."""

    # --- out

    def limit(self) -> None:
        """The next send is answered with "too many" and 60 seconds to wait."""
        raise AssertionError

    def end_token(self) -> Callable[[], None]:
        """Our token is not accepted any more; returns what an operator or the platform does to mend it."""
        raise AssertionError

    def lose_person(self) -> str:
        """The platform does not know 张伟 any more; returns what is noted about it."""
        raise AssertionError

    def refuse_once(self) -> str:
        """The next send is refused for good; returns the code."""
        raise AssertionError

    def outage(self, down: bool) -> None:
        """The server answers nothing but errors."""
        raise AssertionError

    def sends(self) -> int:
        """How many messages were handed to the server, accepted or not."""
        raise AssertionError

    # --- the same everywhere

    async def settle(self) -> None:
        await self.city._settle()

    async def say(self, text: str) -> None:
        """A private text of 张伟; returns when everything it leads to has been done."""
        await self.deliver(text)
        await self.settle()

    async def queue(self, *texts: str) -> None:
        """Urgent notices for 张伟, due now."""
        to = Recipient(RecipientKind.PERSON, await person_id(self.city, WHO))
        now = self.city.product.clock.now()

        def write(session: Session) -> None:
            for text in texts:
                put(
                    session, Refusal(tuple(text.split("\n"))), to=to, key=f"test {text}", reason="试验",
                    urgency=Urgency.URGENT, now=now, due_at=now, about=Subject("test", 1),
                )  # fmt: skip

        await self.city.product.database.write(write)

    async def outbox(self) -> list[tuple[str, str]]:
        """State and outcome of what was queued."""
        rows = await self.city.rows(
            "SELECT state, outcome FROM outbox WHERE subject_kind = 'test' ORDER BY id"
        )
        return [(row["state"], row["outcome"] or "") for row in rows]

    async def stored(self) -> int:
        rows = await self.city.rows("SELECT count(*) AS n FROM inbox WHERE platform = :name", name=self.name)
        return int(rows[0]["n"])

    async def ytd(self) -> int:
        found: int = (await self.city.project(PLANT))["ytd_wan"]
        return found


# Opens a harness. through: gives the address that the product is told for the server's own.
Open = Callable[
    [Path, postgres.Server | None, Callable[[str], str] | None], AbstractAsyncContextManager[Harness]
]


def harness_of(name: str) -> type[Harness]:
    found: type[Harness] = importlib.import_module(f"tests.platforms.contract.{name}").HARNESS
    return found


def opener(name: str) -> Open:
    found: Open = importlib.import_module(f"tests.platforms.contract.{name}").opened
    return found


def platforms(which: Callable[[type[Harness]], bool] = lambda _: True) -> list[str]:
    """Names of the platforms that a case is about."""
    return [name for name in PLATFORMS if which(harness_of(name))]
