"""What delivery works on: rows of the outbox, the messages made of them, and what became of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from models.notices.base import Notice
from models.operations.outbox import Written
from models.types import ChatKind, OutgoingFile, OutgoingMessage, Recipient, Urgency

# A process that dies keeps what it had claimed for this long; the others take it over within 30 seconds.
# No process begins to send what it may have lost before the sending ends.
LEASE: Final = timedelta(seconds=25)
RANK: Final = {Urgency.REPLY.value: 0, Urgency.URGENT.value: 0, Urgency.NORMAL.value: 1}


@dataclass(frozen=True, slots=True)
class Due:
    """What decides when a row that is due may go; the notice itself is read only once it goes."""

    id: int
    recipient_kind: str
    recipient_id: int
    platform: str | None
    urgency: str
    created_at: datetime
    due_at: datetime
    state: str
    attempts: int
    lease_until: datetime | None
    turn: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A claimed outbox row."""

    id: int
    notice: Notice
    recipient: Recipient
    urgency: str
    due_at: datetime
    created_at: datetime
    reason: str
    attempts: int
    turn: str = ""


@dataclass(frozen=True, slots=True)
class Send:
    """One message to be sent: the rows it carries, in order."""

    channel: tuple[str, str]
    chat: ChatKind
    rows: tuple[Row, ...]
    until: datetime  # the end of its lease; another process may send it after that
    files: tuple[OutgoingFile, ...] = ()
    again: bool = False  # it was under way when an earlier lease ended


@dataclass(slots=True)
class UnderWay:
    """A message on its way, part by part. left: parts that have not gone yet.

    doubt: why it is not certain that every part has come, and once. platform_id: of the part with the buttons, else of
    the last.
    """

    left: list[OutgoingMessage]
    parts: int
    doubt: str | None = None
    platform_id: str | None = None
    with_buttons: bool = False

    @property
    def begun(self) -> bool:
        return len(self.left) < self.parts

    def went(self, platform_id: str | None) -> None:
        message = self.left.pop(0)
        if message.buttons or not self.with_buttons:
            self.platform_id = platform_id
        self.with_buttons = self.with_buttons or bool(message.buttons)

    def went_perhaps(self, why: str) -> None:
        """It is not sent again: shown twice is worse than said to be in doubt."""
        self.left.pop(0)
        self.doubt = self.doubt or why


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that its platform accepted, to be recorded. clears: the channel may have been waiting."""

    channel: tuple[str, str]
    row_ids: list[int]
    at: datetime
    platform_id: str | None
    parts: int
    paced: bool
    doubt: str | None
    clears: bool


@dataclass(frozen=True, slots=True)
class Replies:
    """Replies of one transaction. waiting: to be sent once it is committed; shown: how many each platform has shown."""

    waiting: tuple[Written, ...] = ()
    shown: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Claim:
    sends: list[Send] = field(default_factory=list)
    # The next moment at which a row that waits now may go, if any.
    next_at: datetime | None = None
    passed_on: bool = False  # to somebody else, in rows that this claim has not seen

    def wait_until(self, moment: datetime) -> None:
        self.next_at = min(self.next_at or moment, moment)


@dataclass(frozen=True, slots=True)
class Minute:
    """What a channel has taken within the last minute. used: messages, counting every part."""

    used: int
    oldest: datetime | None
    paced: int
    last_paced: datetime | None


NOTHING: Final = Minute(0, None, 0, None)


def reply_of(written: Written, now: datetime) -> Send:
    """A reply as a message of its own; its channel is the one it answers."""
    row = Row(
        written.id, written.notice, written.recipient, Urgency.REPLY.value, now, now, "回复", 0, written.turn
    )
    return Send((written.platform, written.account), ChatKind.PRIVATE, (row,), now + LEASE)
