"""What a handler receives: who speaks, where, what, when, and a desk to work at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from handlers.sheets import NoSheets, Sheets
from handlers.understanding.names.names import Names
from models.db import Session
from models.notices.base import Notice
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.queries.directory import Directory, GroupInfo, PersonInfo
from models.rules.policy import Policy
from models.types import ChatKind, InboundMessage, Recipient, RecipientKind
from templates.documents import Papers


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: a notice and where it goes. private: to the person even when the chat is a group."""

    notice: Notice
    to: Recipient


@dataclass(slots=True)
class Context:
    """One message being handled. person is empty for an unbound account (rule B2). papers: templates of documents.

    sheets: reads and writes spreadsheets. rest: what of the text is to be handled next, as a message of its own.
    """

    desk: Desk
    names: Names
    message: InboundMessage
    account_id: int
    person: PersonInfo | None
    group: GroupInfo | None
    papers: Papers = field(default_factory=Papers)
    sheets: Sheets = field(default_factory=NoSheets)
    replies: list[Reply] = field(default_factory=list)
    rest: str = ""

    @property
    def session(self) -> Session:
        return self.desk.session

    @property
    def directory(self) -> Directory:
        return self.desk.directory

    @property
    def policy(self) -> Policy:
        """Of the organisation at home of who speaks; of the whole installation for an unbound account."""
        return self.desk.policy_of(self.person.organisation_id if self.person else None)

    @property
    def now(self) -> datetime:
        return self.desk.now

    @property
    def sender(self) -> PersonInfo:
        """The person who speaks; only called where an unbound account cannot come."""
        assert self.person is not None
        return self.person

    @property
    def chat(self) -> Recipient:
        """Where the answer goes: the group in a group, else the person or the unbound account."""
        if self.message.chat is ChatKind.GROUP and self.group is not None:
            return Recipient(RecipientKind.GROUP, self.group.id)
        return self.private

    @property
    def private(self) -> Recipient:
        if self.person is not None:
            return Recipient(RecipientKind.PERSON, self.person.id)
        return Recipient(RecipientKind.ACCOUNT, self.account_id)

    @property
    def group_id(self) -> int | None:
        return self.group.id if self.group else None

    def say(self, notice: Notice) -> None:
        """Answer in this chat."""
        self.replies.append(Reply(notice, self.chat))

    def say_privately(self, notice: Notice) -> None:
        """Answer the person alone, also when they spoke in a group."""
        self.replies.append(Reply(notice, self.private))

    def act_for(self, principal: PersonInfo | None) -> Desk:
        """The desk of an act done for principal (rule B6), or for oneself when that is None or the sender."""
        actor = self.desk.actor
        if principal is None or principal.id == actor.person_id:
            return self.desk
        return self.desk.acting_as(
            Actor(
                actor.person_id,
                actor.name,
                for_id=principal.id,
                for_name=principal.label,
                source=actor.source,
            )
        )


Handler = Callable[[Context], None]
