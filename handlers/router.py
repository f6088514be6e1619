"""One message to one handler: commands by name or alias, buttons by verb, everything else as free text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from handlers import identity, long_blanks, missing_words
from handlers.context import Context, Handler, Reply
from handlers.lights import leader_words
from handlers.sheets import NoSheets, Sheets
from handlers.typed import numbered_verbs, typed_verbs
from handlers.typed.labels import LABELS, OF_WORD
from handlers.typed.lookup import Found, Lookup
from handlers.understanding.names.names import Names
from handlers.verbs import LONGEST_TEXT, Command, Verb
from models.db import Session, WriteSession
from models.errors import AnothersDraft, DomainError, Invalid, NotTaken, NotUnderstood, WordsMissing
from models.notices.ledger import FilesRefused
from models.notices.replies import Parked, Refusal
from models.operations import foresight, people
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.operations.outbox import Written, note_settled, put
from models.queries import outbox as outbox_queries
from models.queries.directory import Directory
from models.rules.policies import Policies
from models.types import ChatKind, InboundKind, InboundMessage, RecipientKind, Urgency
from templates import render_error
from templates.documents import Papers

REPLY_LEASE: Final = timedelta(seconds=30)
_NAMES_ONE: Final = re.compile(r"县?\s*[A-Za-zＡ-Ｚａ-ｚ]{1,8}\s*[0-9０-９]{2,10}|\S+\s*[绿黄红]|清单")
# 退回 of a feedback on a project's light has no command of its own.
_OF_A_CARD: Final = re.compile(r"[/／、]?\s*退回\s*[A-Za-zＡ-Ｚａ-ｚ]{2,8}\s*[0-9０-９]")


class Snapshot(Protocol):
    """What a batch works with (bot.snapshots)."""

    @property
    def directory(self) -> Directory: ...
    @property
    def names(self) -> Names: ...
    @property
    def policies(self) -> Policies: ...


class Router:
    """commands: the list of handlers.commands. verbs: what buttons do. free_text: everything else.

    settling: verbs after which the other buttons of their card lead nowhere; a message that ran one leaves a note
    in its session, for a platform that can show it. papers: the templates of official papers in use.
    """

    def __init__(
        self, *, commands: Sequence[Command], verbs: Mapping[str, Verb], free_text: Handler, files: Handler,
        recalled: Handler, settling: frozenset[str] = frozenset(), papers: Papers | None = None,
        sheets: Sheets | None = None,
    ) -> None:  # fmt: skip
        self.commands = tuple(commands)
        self._lookup = Lookup(self.commands, LABELS)
        self._verbs = dict(verbs)
        self._settling = settling
        self._free_text = free_text
        self._files = files
        self._recalled = recalled
        self._papers = papers or Papers()
        self._sheets = sheets or NoSheets()

    def handle(
        self,
        session: WriteSession,
        message: InboundMessage,
        *,
        snapshot: Snapshot,
        inbox_id: int,
        now: datetime,
    ) -> list[Written]:
        """Do what one message asks, and write its replies. A refusal undoes the act and becomes the reply.

        Any other error passes through with the act undone. Returns the replies for delivery in memory.
        """
        message = long_blanks.cut(message)
        context = _context(session, message, snapshot=snapshot, papers=self._papers, now=now)
        context.sheets = self._sheets
        self._attempt(session, context, message)
        while context.rest:
            before, context.replies = context.replies, []
            part = replace(message, text=context.rest)
            context.message, context.rest = part, ""
            self._attempt(session, context, part)
            context.replies = [*before, *context.replies]
        refused = message.refused if message.files or message.text.strip() else ()
        if refused and context.person is not None and (context.group or not message.chat_address):
            context.say(FilesRefused(refused))
        return _write_replies(context, inbox_id)

    def _attempt(self, session: WriteSession, context: Context, message: InboundMessage) -> None:
        """Do what one message asks, or undo it and answer with the refusal."""
        try:
            with session.attempt():
                self._dispatch(context)
                if context.person is not None:
                    missing_words.done_otherwise(context, message)
        except DomainError as error:
            if context.person is not None:
                foresight.forget(session, context.person.id)
            identity.note_refusal(context, error)
            context.replies = [_refusal(context, error)]
            self._ask_or_close(context, error, answered=context.message is not message)

    def _ask_or_close(self, context: Context, error: DomainError, *, answered: bool) -> None:
        """Wait for words that are missing; what cannot be done any more asks for none. answered: they were given."""
        if context.person is None:
            return
        if isinstance(error, WordsMissing):
            clicked = context.message.kind is InboundKind.CLICK
            missing_words.ask(context, error, _find_action(context) if clicked else None)
        elif answered and not isinstance(error, (Invalid, NotUnderstood)):
            missing_words.close(context)

    def tell_parked(
        self, session: Session, message: InboundMessage, *, snapshot: Snapshot, inbox_id: int, now: datetime
    ) -> list[Written]:
        """Tell the sender that a message could not be processed and is kept for a person to look at."""
        context = _context(session, message, snapshot=snapshot, papers=self._papers, now=now)
        context.sheets = self._sheets
        context.say_privately(Parked(text=message.text[:40]))
        return _write_replies(context, inbox_id)

    def _dispatch(self, context: Context) -> None:
        message = context.message
        if message.kind is InboundKind.LEFT:
            people.left(context.desk, context.account_id)
            return
        known = context.directory.account_by_address.get((message.platform, message.account))
        if known is not None and known.unreachable_since is not None:
            people.came_back(context.desk, known.id)
        if message.kind is InboundKind.CAME:
            return
        found = self._lookup.command(message.text) if message.kind is InboundKind.TEXT else None
        too_long = len(message.text) > LONGEST_TEXT and not (found is not None and found[0].long)
        if message.chat is ChatKind.GROUP and context.group is None:
            # A group nobody registered has no scope: nothing can be said there but what registers it.
            if found is not None and found[0].unregistered and context.person is not None:
                found[0].run(context, found[1])
            return
        if context.person is None:
            if found and found[0].unbound and not too_long:
                found[0].run(context, found[1])
            else:
                identity.ask_to_bind(context)
            return
        if message.refused and not message.files and not message.text.strip():
            raise NotTaken(message.refused)
        if too_long and message.kind is InboundKind.CLICK:
            raise Invalid(f"写了 {len(message.text)} 字，太长", mend=f"请精简到 {LONGEST_TEXT} 字以内再发")
        if too_long and message.kind is InboundKind.TEXT:
            self._free_text(context)  # the minutes that were asked for, or too long for anything else
        elif message.kind is InboundKind.CLICK:
            self._click(context)
        elif message.kind is InboundKind.FILES:
            if not self._with_words(context):
                self._files(context)
        elif message.kind in (InboundKind.RECALL, InboundKind.EDIT):
            self._recalled(context)
        elif self._does(context, found) or self._does_turned(context):
            return
        elif (near := self._lookup.near_miss(context, message.text)) is not None:
            raise NotUnderstood(message.text.strip()[:20], examples=near)
        elif not self._with_words(context):
            self._free_text(context)

    def _with_words(self, context: Context) -> bool:
        """Do what waited for words, now that this message gives them (rule C4)."""
        if missing_words.dropped(context):
            return True
        whole = missing_words.completed(context)
        if whole is None:
            return False
        context.message = whole
        self._dispatch(context)
        return True

    def _does(self, context: Context, found: Found | None, *, turned: bool = False) -> bool:
        """Do what a typed verb says: a card's button, then a command, then a label with its number (rule C18).

        found: the command the text begins with. turned: the words stood in another order, in which people also tell
        what somebody else did.
        """
        if self._typed_verb(context, found):
            return True
        if turned and numbered_verbs.is_hearsay(context):
            return False
        text = context.message.text
        meant = found or self._lookup.numbered(text) or self._lookup.named(context, text)
        if meant is None:
            return numbered_verbs.done(context)
        _run(context, *meant)
        return True

    def _does_turned(self, context: Context) -> bool:
        """「W0190 批示 …」, 「同意W0190延期」: with the verb first it is a verb like others."""
        said = context.message
        verb_first = self._lookup.verb_first(said.text) or leader_words.acknowledged(context, said.text)
        if verb_first is None:
            return False
        context.message = replace(said, text=verb_first)
        # 「同意W0190延期」 tells of nobody else.
        ordered = said.text.lstrip("/／、 \u3000")[:2] == verb_first[:2]
        if self._does(context, self._lookup.command(verb_first), turned=not ordered):
            return True
        context.message = said
        return False

    def _typed_verb(self, context: Context, found: Found | None) -> bool:
        """Do what a button's verb says that was typed; a command that names its item or project goes first."""
        if found is not None and (found[0].telling or _names_one(context.message.text, found[1])):
            return False
        typed = typed_verbs.find(context, context.message.text)
        if typed is None or typed.verb not in self._verbs:
            return False
        self._verbs[typed.verb](context, typed.args, typed.words)
        return True

    def _click(self, context: Context) -> None:
        """Run the verb of a pressed button; the button's facts come from the notice that showed it."""
        action = _find_action(context)
        verb = self._verbs.get(action["verb"]) if action else None
        if action is None or verb is None:
            raise NotUnderstood("这个按钮", examples=("/我的", "/草稿"))
        verb(context, dict(action["args"]), context.message.text.strip())
        if action["verb"] in self._settling:
            note_settled(context.session)


def _names_one(text: str, words: str) -> bool:
    return _NAMES_ONE.match(words) is not None and not _OF_A_CARD.match(text.strip())


def _run(context: Context, command: Command, words: str) -> None:
    """Raises NotUnderstood that says so where the command stands alone and needs words."""
    try:
        command.run(context, words)
    except NotUnderstood as error:
        if error.what or words.strip() or not error.examples:
            raise
        label = OF_WORD.get(command.name)
        waits = numbered_verbs.nothing_waits(command.name) if label is not None and label.awaited else None
        raise waits or NotUnderstood(examples=error.examples, bare=f"/{command.name}") from None


def _find_action(context: Context) -> dict[str, Any] | None:
    row_id, _, index = context.message.action.partition(".")
    if not (
        row_id.isascii() and row_id.isdigit() and index.isascii() and index.isdigit() and len(row_id) < 18
    ):
        return None
    actions = outbox_queries.actions_of(context.session, int(row_id))
    return actions[int(index)] if int(index) < len(actions) else None


def _context(
    session: Session, message: InboundMessage, *, snapshot: Snapshot, papers: Papers, now: datetime
) -> Context:
    directory = snapshot.directory
    known = directory.account_by_address.get((message.platform, message.account))
    account_id = (
        known.id if known else people.account_id_of(session, message.platform, message.account, now=now)
    )
    person = directory.people.get(known.person_id) if known and known.person_id is not None else None
    group = (
        directory.group_by_address.get((message.way, message.chat_address))
        if message.chat is ChatKind.GROUP
        else None
    )
    actor = Actor(
        person.id if person else None, person.label if person else message.account, source=message.message_id
    )
    desk = Desk(session, directory, snapshot.policies, now, actor)
    return Context(desk, snapshot.names, message, account_id, person, group, papers)


def _refusal(context: Context, error: DomainError) -> Reply:
    """Refusals of a button, or at another's draft, are for that person alone, others for the chat they arose in."""
    notice = Refusal(lines=tuple(render_error(error).split("\n")))
    alone = context.message.kind is InboundKind.CLICK or isinstance(error, AnothersDraft)
    return Reply(notice, context.private if alone else context.chat)


def _write_replies(context: Context, inbox_id: int) -> list[Written]:
    written: list[Written] = []
    message = context.message
    for index, reply in enumerate(context.replies):
        turn = message.turn if reply.to == context.chat else ""
        wait = timedelta(seconds=message.collect_seconds) if turn else timedelta(0)
        # Group channels have a limit and are claimed; so is what carries files, which are looked up then. What is asked
        # for waits until it has been, or has not in time.
        known_way = bool(turn or not message.channel)
        in_memory = (
            reply.to.kind is not RecipientKind.GROUP and not reply.notice.files and not wait and known_way
        )
        row_id = put(
            context.session, reply.notice, to=reply.to, key=f"reply:{inbox_id}:{index}", reason="回复",
            urgency=Urgency.REPLY, now=context.now, due_at=context.now + wait, platform=message.way,
            about=reply.notice.about, lease_until=context.now + REPLY_LEASE if in_memory else None, turn=turn,
        )  # fmt: skip
        if row_id is not None and in_memory:
            written.append(Written(row_id, reply.notice, reply.to, message.way, message.account, turn))
    return written
