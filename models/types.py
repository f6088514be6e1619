"""Enumerations and small value objects shared by every room.

Values of enumerations are what is stored; where a value is Chinese it is also what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Light(StrEnum):
    """A project's light (rules E2, E15): 蓝 is never a light of a project."""

    GREEN = "绿"
    YELLOW = "黄"
    RED = "红"

    def __init__(self, value: str) -> None:
        self.rank = "绿黄红".index(value)
        """0 for green, 1 for yellow, 2 for red."""

    def worse_than(self, other: Light) -> bool:
        return self.rank > other.rank


class Role(StrEnum):
    """Posts a person may hold (rule B10)."""

    LIAISON = "联络员"
    LEADER = "带班领导"
    HUB_HEAD = "综合专班负责人"
    LEDGER_ADMIN = "台账管理员"
    SUPERVISOR = "督办专员"
    INSPECTOR = "督导组"
    CITY_LEADER = "市领导"
    DEPUTY_MAYOR = "分管副市长"
    EXECUTIVE_DEPUTY_MAYOR = "常务副市长"
    OFFICE_HEAD = "市攻坚办负责人"
    AUDITOR = "审计"
    ADMINISTRATOR = "系统管理员"


class BodyKind(StrEnum):
    """What a chat group is registered for (rule B5)."""

    TASK_FORCE = "task_force"
    REGION = "region"
    UNIT = "unit"
    OFFICE = "office"


class RecipientKind(StrEnum):
    PERSON = "person"
    GROUP = "group"
    ACCOUNT = "account"  # an unbound platform account: replies only


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"


class InboundKind(StrEnum):
    TEXT = "text"
    CLICK = "click"
    FILES = "files"
    RECALL = "recall"
    EDIT = "edit"
    LEFT = "left"  # the platform says that the account can no longer be reached
    CAME = "came"  # the account can be reached (again)


class InboxState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"


class OutboxState(StrEnum):
    """Life of one notice (rule P1)."""

    WAITING = "waiting"  # 待发
    SENDING = "sending"  # claimed by a process until its lease ends
    SENT = "sent"  # 已发, alone or as part of a digest
    DEAD = "dead"  # 失败, a person has to look
    WITHDRAWN = "withdrawn"  # its reason had gone before it was sent
    UNDELIVERED = "undelivered"  # 未送达: told to somebody else instead, until reached or confirmed (rule P3)


class Urgency(StrEnum):
    """How a notice may be timed (rules A3, G7, P2)."""

    REPLY = "reply"  # to the person who just acted: immediate at any hour
    URGENT = "urgent"  # 紧急: ignores the push window, first in its channel
    NORMAL = "normal"  # inside the push window, merged with what waits


class DraftState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class DraftKind(StrEnum):
    REPORT = "report"
    PROBLEM = "problem"
    FEEDBACK = "feedback"
    LIGHT_FEEDBACK = "light_feedback"
    DISPATCH = "dispatch"  # 交办
    CLOSING = "closing"  # 办结 that waits for 协办
    CATEGORY = "category"  # 类别 of a project
    IMPORT = "import"  # problems of a file
    MINUTES = "minutes"  # 会议纪要


class DocumentKind(StrEnum):
    """Types of official papers (rule H1); the value is what is stored and shown."""

    LIST = "交办清单"
    REMINDER = "提醒函"
    SUPERVISION = "督办函"
    CIRCULAR = "通报"
    BRIEF = "简报"
    MINUTES = "会议纪要"
    PROPOSAL = "激励倾斜建议"


class DocumentState(StrEnum):
    """Life of a paper (rule H2)."""

    DRAFT = "草稿"
    CHECKING = "核稿"
    TO_SIGN = "待签发"
    ISSUED = "已签发"
    VOID = "已作废"
    DROPPED = "不发"
    WITHDRAWN = "已撤回"


class LineState(StrEnum):
    """State of one line of a report draft (rule C8)."""

    READY = "ready"
    CHECK_UNIT = "check_unit"  # C7: needs 确认无误
    NEEDS_REASON = "needs_reason"  # C6: a lower figure
    ASK_PROJECT = "ask_project"  # C3: several candidates
    ASK_BASIS = "ask_basis"  # C5: 累计 or 本月
    ASK_READING = "ask_reading"  # C5: this year or since the start
    ASK_FIGURE = "ask_figure"  # C4: the figure is missing
    ASK_REPEAT = "ask_repeat"  # C13: the same figure within 24 hours
    REFUSED = "refused"  # C7: above total investment
    UNKNOWN = "unknown"  # project not found, or not the author's
    ENTERED = "entered"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """States of a problem item (rule F1)."""

    SCREENING = "待甄别"
    AWAITING_RECEIPT = "待签收"
    IN_PROGRESS = "办理中"
    UNDER_REVIEW = "待审核"
    AWAITING_CLOSE = "待销号"
    CLOSED = "已销号"
    MERGED = "已合并"
    REJECTED = "不予受理"


class FeedbackState(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a notice is for. id is the row id of a person, group or platform account."""

    kind: RecipientKind
    id: int


@dataclass(frozen=True, slots=True)
class Subject:
    """The record a notice, timer or audit row is about, e.g. Subject("project", 31)."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class InboundFile:
    """A file that came with a message, already stored under its SHA-256."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file that its platform keeps for a while. reference: what fetching it needs; name: may be empty."""

    reference: str
    name: str


NO_SUGGESTION: Final = "-"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One verified message of a platform, as every platform delivers it.

    chat_address: the group's address, empty in a private chat. text: only what the person typed (rule C16);
    quoted: forwarded or quoted text, data only. action: token of the pressed button; text is then its input.
    pending: files that are fetched before the message is processed. refused: why something that came with it was not
    taken, in words for the sender. ticket: what the platform needs to show that its button has been pressed.
    suggested: what a language model answered about the text, NO_SUGGESTION for nothing, empty while none was asked.
    channel: the way it came, where a platform has several to the same accounts; its answer goes back there. turn: what
    an answer has to name. collect_seconds: for so long the platform itself asks for the answer before it is sent.
    """

    platform: str
    message_id: str
    account: str
    chat: ChatKind
    chat_address: str
    kind: InboundKind
    text: str
    received_at: datetime
    quoted: str = ""
    action: str = ""
    files: tuple[InboundFile, ...] = ()
    pending: tuple[PendingFile, ...] = ()
    refused: tuple[str, ...] = ()
    ticket: str = ""
    suggested: str = ""
    channel: str = ""
    turn: str = ""
    collect_seconds: int = 0

    @property
    def way(self) -> str:
        """The channel that the message came on."""
        return self.channel or self.platform


@dataclass(frozen=True, slots=True)
class Button:
    """A rendered button. token comes back in a click; prompt asks for text to go with it (empty: none)."""

    token: str
    label: str
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class SentCard:
    """A message that went to a chat. id: the platform's, if it has any. answer: it replied to somebody there."""

    id: str | None
    at: datetime
    answer: bool
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    name: str
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What a platform is asked to send. key: the same key is the same message, for platforms that can tell.

    turn: of the message that this answers, where that message named one.
    """

    key: str
    address: str
    chat: ChatKind
    text: str
    buttons: tuple[Button, ...]
    files: tuple[OutgoingFile, ...]
    reason: str
    at: datetime
    turn: str = ""
