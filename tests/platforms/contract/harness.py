"""What a platform must offer so that the contract can be tried on it. One module per platform, named after it.

A new platform or channel adds its module with `HARNESS` and `opened`; nothing else here knows a platform's name. What
it cannot do it declares in `without`, with the reason; `test_declared` checks that nothing else is left out.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum
from pathlib import Path
from typing import ClassVar, Final, TypeVar

import pytest

from bot.platforms import PLATFORMS
from models.types import Recipient, RecipientKind
from tests import postgres
from tests.flows.city import City
from tests.flows.told import person_id
from tests.platforms.offices import WHO, queue

PLANT = "ZX0031"  # 青禾县城南污水处理厂扩建工程
REPORT = "城南污水处理厂累计完成投资5500万,主体结构封顶"


class Knock(Enum):
    """Deliveries at the platform's door."""

    GENUINE = "as the platform makes them"
    NOBODY = "without any proof of who calls"
    FORGED = "with a proof that does not fit"
    STALE = "genuine, but ten minutes old"
    OVERSIZED = "far longer than any message"


class Trait(Enum):
    """What a case of the contract needs."""

    HEARS = "what people say there comes in"
    DOOR = "it comes in at an address of ours, and is answered by a status"
    GROUPS = "what is said in groups comes in"
    STAMPS = "deliveries carry a time that is checked"
    NOTICES = "it carries notices that nobody asked for"
    CALLS = "notices are sent to a server that is not ours"
    TOKENS = "that server gives out tokens, which end"
    PEOPLE = "people have accounts there, which may be lost"
    HTTP = "each send is a call of its own, which a network may spoil"
    REPEATS = "the server knows a repeated message, so a lost answer costs nothing"


class Harness(ABC):
    """The product with one platform on which 张伟 (or the county's group) is reached, and that platform's stand-in.

    without: the traits that the platform lacks, each with the reason; cases that need them are not tried on it.
    """

    name: ClassVar[str]
    without: ClassVar[Mapping[Trait, str]] = {}
    # What must stand in no log, error, metric or table.
    secrets: ClassVar[Sequence[str]] = ()
    city: City

    # --- in (Trait.HEARS)

    async def deliver(self, text: str, *, times: int = 1) -> None:
        """One private text of 张伟, delivered so often; returns as soon as it is acknowledged."""
        raise AssertionError

    async def in_group(self, text: str, *, named: bool) -> list[str]:
        """A text in the county's group, with or without naming the bot; returns what the bot said there since."""
        raise AssertionError

    async def choose(self, label: str, *, times: int = 1) -> None:
        """The button or numbered choice of the latest card, delivered so often."""
        raise AssertionError

    async def attach(self, name: str, content: bytes) -> None:
        """A picture or file without words, delivered."""
        raise AssertionError

    async def knock(self, how: Knock) -> int:
        """A report at the door; returns the status."""
        raise AssertionError

    async def garbage(self) -> list[int]:
        """Bodies that are no messages; returns the statuses."""
        raise AssertionError

    # --- out (Trait.CALLS)

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

    async def outage(self, down: bool) -> None:
        """The server answers nothing but errors."""
        raise AssertionError

    def sends(self) -> int:
        """How many messages were handed to the server, accepted or not."""
        raise AssertionError

    # --- both

    @abstractmethod
    def heard(self) -> list[str]:
        """What the recipient reads, in order, without what only the platform adds."""

    async def recipient(self) -> Recipient:
        """Whom notices go to."""
        return Recipient(RecipientKind.PERSON, await person_id(self.city, WHO))

    # --- the same everywhere

    async def settle(self) -> None:
        await self.city._settle()

    async def say(self, text: str) -> None:
        """A private text of 张伟; returns when everything it leads to has been done."""
        await self.deliver(text)
        await self.settle()

    async def queue(self, *texts: str) -> None:
        """Urgent notices for the recipient, due now."""
        await queue(self.city, *texts, to=await self.recipient())

    async def outbox(self) -> list[tuple[str, str]]:
        """State and outcome of what was queued."""
        rows = await self.city.rows(
            "SELECT state, outcome FROM outbox WHERE subject_kind = 'test' ORDER BY id"
        )
        return [(row["state"], row["outcome"] or "") for row in rows]

    async def doubts(self) -> int:
        """How many messages were noted as sent, but perhaps never shown."""
        rows = await self.city.rows(
            "SELECT count(*) AS n FROM sent_messages WHERE platform = :name AND doubt IS NOT NULL",
            name=self.name,
        )
        return int(rows[0]["n"])

    async def stored(self) -> int:
        platform = self.city.product.platforms[self.name].limits.accounts_of or self.name
        rows = await self.city.rows("SELECT count(*) AS n FROM inbox WHERE platform = :name", name=platform)
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


# Platforms that run in more than one way, by the module of the other way: each way keeps the whole contract.
WAYS: Final = {"wecom_aibot_link": "wecom_aibot"}


def everybody() -> list[str]:
    """Modules of all harnesses: one for each platform and channel, and one for each other way of running it."""
    return [*PLATFORMS, *WAYS]


def platforms(*needs: Trait) -> list[str]:
    """Names of the platforms and channels that have all of these traits."""
    return [name for name in everybody() if not set(needs) & set(harness_of(name).without)]


# What each case needs, by the module and name of its function.
NEEDS: Final[dict[str, tuple[Trait, ...]]] = {}

_Case = TypeVar("_Case", bound=Callable[..., object])


def tried(*needs: Trait) -> Callable[[_Case], _Case]:
    """A case of the contract, tried on every platform and channel that has these traits."""

    def mark(case: _Case) -> _Case:
        NEEDS[name_of(case)] = needs
        marked: _Case = pytest.mark.parametrize("on", platforms(*needs))(case)
        return marked

    return mark


def name_of(case: Callable[..., object]) -> str:
    return f"{case.__module__}.{case.__qualname__}"
