"""One message to one handler: commands by name or alias, buttons by verb, everything else as free text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from handlers import access, identity, spoken_verbs, typed_verbs
from handlers.context import Context, Handler, Reply
from handlers.sheets import NoSheets, Sheets
from handlers.understanding import answers
from handlers.understanding.asking import is_question
from handlers.understanding.names import Names
from handlers.verbs import PREFIXES, Command, Verb
from models.db import Session, WriteSession
from models.errors import DomainError, NotTaken, NotUnderstood
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
_WORD_AND_NUMBER: Final = re.compile(
    r"\s*(?P<word>[一-鿿]{1,4}?)\s*[:：]?\s*"
    r"(?P<number>县?\s*[WwＷｗ]\s*[0-9０-９]{3,6}|[A-Za-zＡ-Ｚａ-ｚ]{2,8}[0-9０-９]{2,10})(?![0-9０-９])(?P<words>.*)",
    re.DOTALL,
)
_OF_COUNTY: Final = re.compile(r"县\s*[WwＷｗ]\s*[0-9０-９]")
# 「已阅 循环园」, 「循环园已阅」, 「更正 循环园 8500 多报」: a project's name where a code may stand.
_WORD_AND_NAME: Final = re.compile(
    r"\s*(?P<word>已阅|更正)\s*(?P<name>[一-鿿]{2,20})(?P<words>(?:\s.*)?)[。.!！]*", re.DOTALL
)
_NAME_AND_WORD: Final = re.compile(r"\s*(?P<name>[一-鿿]{2,20}?)(?:红灯)?[,，\s]*(?P<word>已阅)[。.!！]*")
_NUMBERS: Final = re.compile(r"[一-鿿]?\s*[A-Za-zＡ-Ｚａ-ｚ]{0,8}\s*[0-9０-９]{1,10}")
LONGEST_SAID: Final = 60  # characters of a text that is a command without its slash


class Snapshot(Protocol):
    """What a batch works with (bot.snapshots)."""

    @property
    def directory(self) -> Directory: ...
    @property
    def names(self) -> Names: ...
    @property
    def policies(self) -> Policies: ...


class NumberedVerbs(Protocol):
    """handlers.numbered_verbs."""

    def done(self, context: Context) -> bool: ...
    def is_hearsay(self, context: Context, text: str) -> bool: ...


class Router:
    """commands: the list of handlers.commands. verbs: what buttons do. free_text: everything else.

    settling: verbs after which the other buttons of their card lead nowhere; a message that ran one leaves a note
    in its session, for a platform that can show it. papers: the templates of official papers in use. numbered: verbs
    that are typed with a number where no card offers them.
    """

    def __init__(
        self, *, commands: Sequence[Command], verbs: Mapping[str, Verb], free_text: Handler, files: Handler,
        recalled: Handler, settling: frozenset[str] = frozenset(), papers: Papers | None = None,
        sheets: Sheets | None = None, numbered: NumberedVerbs | None = None,
    ) -> None:  # fmt: skip
        self.commands = tuple(commands)
        self._by_name = {name: command for command in commands for name in command.names}
        self._beginning_with: dict[str, list[str]] = {}
        for name in sorted(self._by_name, key=len, reverse=True):  # the longer of two goes first
            self._beginning_with.setdefault(name[0], []).append(name)
        self._verbs = dict(verbs)
        self._settling = settling
        self._free_text = free_text
        self._files = files
        self._recalled = recalled
        self._papers = papers or Papers()
        self._sheets = sheets or NoSheets()
        self._numbered = numbered

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
        context = _context(session, message, snapshot=snapshot, papers=self._papers, now=now)
        context.sheets = self._sheets
        try:
            with session.attempt():
                self._dispatch(context)
        except DomainError as error:
            if context.person is not None:
                foresight.forget(session, context.person.id)
            identity.note_refusal(context, error)
            context.replies = [_refusal(context, error)]
        return _write_replies(context, inbox_id)

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
        found = self.find_command(message.text) if message.kind is InboundKind.TEXT else None
        if message.chat is ChatKind.GROUP and context.group is None:
            # A group nobody registered has no scope: nothing can be said there but what registers it.
            if found is not None and found[0].unregistered and context.person is not None:
                found[0].run(context, found[1])
            return
        if context.person is None:
            if found and found[0].unbound:
                found[0].run(context, found[1])
            else:
                identity.ask_to_bind(context)
            return
        if message.refused and not message.files:
            raise NotTaken(message.refused)
        if message.kind is InboundKind.CLICK:
            self._click(context)
        elif message.kind is InboundKind.FILES:
            self._files(context)
        elif message.kind in (InboundKind.RECALL, InboundKind.EDIT):
            self._recalled(context)
        elif self._typed_verb(context, found):
            return
        elif found:
            found[0].run(context, found[1])
        elif (named := self._with_number(message) or self._with_name(context)) is not None:
            named[0].run(context, named[1])
        elif message.kind is InboundKind.TEXT and self._with_verb(context):
            return
        elif (near := self.near_miss(message.text)) is not None:
            raise NotUnderstood(message.text.strip()[:20], examples=near)
        else:
            self._free_text(context)

    def _typed_verb(self, context: Context, found: tuple[Command, str] | None) -> bool:
        """Do what a button's verb says that was typed; a command that names its item or project goes first."""
        if found is not None and (found[0].telling or _names_one(context.message.text, found[1])):
            return False
        typed = typed_verbs.find(context, context.message.text)
        if typed is None or typed.verb not in self._verbs:
            return False
        self._verbs[typed.verb](context, typed.args, typed.words)
        return True

    def find_command(self, text: str) -> tuple[Command, str] | None:
        """The command a text begins with and its arguments (rule C18: ／查zx0031 is /查 ZX0031)."""
        stripped = text.strip()
        prefixed = stripped[:1] in PREFIXES and stripped != ""
        body = stripped.lstrip(PREFIXES).lstrip() if prefixed else stripped
        for name in self._beginning_with.get(body[:1], ()):
            if not body.startswith(name):
                continue
            command = self._by_name[name]
            rest = body[len(name) :]
            ends = not rest or rest[0] in " \u3000:：,，" or rest[0].isascii() or _OF_COUNTY.match(rest)
            alone = command.alone and not rest.strip(" \u3000。.!！?？")
            if prefixed or alone or (command.bare and ends and not _goes_on(command, rest)):
                words = rest.lstrip(" \u3000:：,，").rstrip()
                if not words.strip("。.!！~～"):
                    words = ""  # 「/亮灯。」 (rule C18)
                return command, command.arguments(name, words)
        return None if prefixed else self._said(unicodedata.normalize("NFKC", body))

    def _said(self, text: str) -> tuple[Command, str] | None:
        """「代理孙晓雯9月22日到23日」, 「交办清单9月第4周」: words of a command that run on."""
        if len(text) > LONGEST_SAID:
            return None
        for command in self.commands:
            found = command.said.fullmatch(text.rstrip("。.!！ ")) if command.said is not None else None
            if found is not None:
                return command, (found.groupdict().get("args") or "").strip()
        return None

    def _with_number(self, message: InboundMessage) -> tuple[Command, str] | None:
        """「销号 W0191」 without a slash and without a card that offers it: the number makes the word a command."""
        said = _WORD_AND_NUMBER.match(message.text) if message.kind is InboundKind.TEXT else None
        command = self._by_name.get(said["word"]) if said is not None else None
        if said is None or command is None or is_question(said["words"]):
            return None  # 「销号 W0191 要多久？」 is a question (rule C16)
        if _goes_on(command, said["words"]):
            return None
        return command, command.arguments(said["word"], (said["number"] + said["words"]).strip())

    def _with_name(self, context: Context) -> tuple[Command, str] | None:
        """The same with the name of one project the sender may see here; anything else is free text (rule C16)."""
        text = context.message.text
        if context.message.kind is not InboundKind.TEXT or not ("已阅" in text or "更正" in text):
            return None
        said = _WORD_AND_NAME.fullmatch(text) or _NAME_AND_WORD.fullmatch(text)
        if said is None or len(found := access.candidates(context, said["name"])) != 1:
            return None
        command = self._by_name[said["word"]]
        words = (said.groupdict().get("words") or "").strip()
        if is_question(words) or (command.wordless and words):
            return None
        return command, f"{found[0].code} {words}".strip()

    def _with_verb(self, context: Context) -> bool:
        """「通过 W0191」, 「W0190 批示 …」: a verb with its number in either order."""
        if self._numbered is None:
            return False
        if self._numbered.done(context):
            return True
        turned = spoken_verbs.verb_first(context.message.text)
        if turned is None:
            return False
        said = context.message
        context.message = replace(said, text=turned)
        found = self.find_command(turned)
        if self._typed_verb(context, found):
            return True
        if not self._numbered.is_hearsay(context, turned):
            if (named := found or self._with_number(context.message)) is not None:
                named[0].run(context, named[1])
                return True
            if self._numbered.done(context):
                return True
        context.message = said
        return False

    def near_miss(self, text: str) -> tuple[str, ...] | None:
        """For a slash word that is no command: what it may have meant. None when there is no slash."""
        stripped = text.strip()
        if stripped[:1] not in ("/", "／") or answers.parse_confirmation(stripped[1:]) is not None:
            return None
        word = re.split(r"[\s:：,，0-9A-Za-z]", stripped[1:].lstrip(), maxsplit=1)[0]
        scored = sorted(
            self._by_name, key=lambda name: (-len(set(name) & set(word)), abs(len(name) - len(word)))
        )
        near = [name for name in scored if set(name) & set(word)][:2]
        return tuple(f"/{name}" for name in near) or ("/帮助", "/查 项目名称")

    def _click(self, context: Context) -> None:
        """Run the verb of a pressed button; the button's facts come from the notice that showed it."""
        action = _find_action(context)
        verb = self._verbs.get(action["verb"]) if action else None
        if action is None or verb is None:
            raise NotUnderstood("这个按钮", examples=("/我的", "/草稿"))
        verb(context, dict(action["args"]), context.message.text.strip())
        if action["verb"] in self._settling:
            note_settled(context.session)


def _goes_on(command: Command, rest: str) -> bool:
    """「签收 W0191 的材料还差一份」 without a slash: a sentence that begins with the command's word (rule C16)."""
    return command.wordless and bool(_NUMBERS.sub("", rest).strip(" \u3000:：,，、和了吧。.!！"))


def _names_one(text: str, words: str) -> bool:
    return _NAMES_ONE.match(words) is not None and not _OF_A_CARD.match(text.strip())


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
    """Refusals of a pressed button are for the presser alone, others for the chat they were caused in."""
    notice = Refusal(lines=tuple(render_error(error).split("\n")))
    return Reply(notice, context.private if context.message.kind is InboundKind.CLICK else context.chat)


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
