"""Which command a text means, in whichever order its words stand (rules C16, C18; decision 0014)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.items import more_time
from handlers.spoken_verbs import SpokenVerbs, single_spaced
from handlers.understanding import answers
from handlers.understanding.asking import is_question
from handlers.verbs import PREFIXES, Command, Label
from models.rules.letters import reference_in

LONGEST_SAID: Final = 60  # characters of a text that is a command without its slash
_WORD_AND_NUMBER: Final = re.compile(
    r"\s*(?P<word>[一-鿿]{1,4}?)\s*[:：]?\s*"
    r"(?P<number>县?\s*[WwＷｗ]\s*[0-9０-９]{3,6}|[A-Za-zＡ-Ｚａ-ｚ]{2,8}[0-9０-９]{2,10})(?![0-9０-９])(?P<words>.*)",
    re.DOTALL,
)
_OF_COUNTY: Final = re.compile(r"县\s*[WwＷｗ]\s*[0-9０-９]")
_NUMBERS: Final = re.compile(r"[一-鿿]?\s*[A-Za-zＡ-Ｚａ-ｚ]{0,8}\s*[0-9０-９]{1,10}")

Found = tuple[Command, str]  # a command and its arguments


class Lookup:
    """Over every command, and over the labels of buttons for the order in which their words may stand."""

    def __init__(self, commands: Sequence[Command], labels: Sequence[Label]) -> None:
        self._by_name = {name: command for command in commands for name in command.names}
        self._beginning_with: dict[str, list[str]] = {}
        for name in sorted(self._by_name, key=len, reverse=True):  # the longer of two goes first
            self._beginning_with.setdefault(name[0], []).append(name)
        self._said = [(command, command.said) for command in commands if command.said is not None]
        self._spoken = SpokenVerbs(
            {label.word: label.order for label in labels}
            | {name: command.order for name, command in self._by_name.items()},
            of_object=[label.word for label in labels if label.of_object],
        )

    def command(self, text: str) -> Found | None:
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
                if len(words) <= LONGEST_SAID and not any(map(str.isspace, words)):
                    words = words.rstrip("。.!！~～;；")  # 「/亮灯。」, 「/审计 ZX0031。」 (rule C18)
                return command, command.arguments(name, words)
        if prefixed or len(body) > LONGEST_SAID:
            return None
        return self._running_on(unicodedata.normalize("NFKC", body))

    def _running_on(self, text: str) -> Found | None:
        """「代理孙晓雯9月22日到23日」, 「交办清单9月第4周」: words of a command that run on."""
        plain = text.rstrip("。.!！ ")
        for command, said in self._said:
            found = said.fullmatch(plain)
            if found is not None:
                return command, (found.groupdict().get("args") or "").strip()
        return None

    def numbered(self, text: str) -> Found | None:
        """「销号 W0191」 without a slash and without a card that offers it: the number makes the word a command."""
        said = _WORD_AND_NUMBER.match(single_spaced(text))
        command = self._by_name.get(said["word"]) if said is not None else None
        if said is None or command is None or is_question(said["words"]):
            return None  # 「销号 W0191 要多久？」 is a question (rule C16)
        if _goes_on(command, said["words"]):
            return None
        return command, command.arguments(said["word"], (said["number"] + said["words"]).strip())

    def named(self, context: Context, text: str) -> Found | None:
        """The same with the name of one project the sender may see here; anything else is free text (rule C16)."""
        said = self._spoken.of_name(text)
        if said is None or len(found := access.candidates(context, said[1])) != 1:
            return None
        command, words = self._by_name[said[0]], said[2]
        if is_question(words) or (command.wordless and words):
            return None
        return command, f"{found[0].code} {words}".strip()

    def verb_first(self, text: str) -> str | None:
        """A text whose verb stands behind its number, or among other words, with the verb first; None for others."""
        return self._spoken.verb_first(text) or more_time.of_item(text)

    def near_miss(self, context: Context, text: str) -> tuple[str, ...] | None:
        """For a slash word that is no command: what the sender, who may do it, may have meant (rules B10, C15).

        None when there is no slash.
        """
        stripped = text.strip()
        if stripped[:1] not in ("/", "／") or answers.parse_confirmation(stripped[1:]) is not None:
            return None
        word = re.split(r"[\s:：,，0-9A-Za-z]", stripped[1:].lstrip(), maxsplit=1)[0]
        scored = sorted(
            (name for name in self._by_name if set(name) & set(word)),
            key=lambda name: (
                -len(set(name) & set(word)), name[:1] != word[:1], abs(len(name) - len(word))
            ),
        )  # fmt: skip
        near = (name for name in scored if self._by_name[name].may(context))
        return tuple(f"/{name}" for name in islice(near, 2)) or ("/帮助", "/查 项目名称")


def _goes_on(command: Command, rest: str) -> bool:
    """「签收 W0191 的材料还差一份」 without a slash: a sentence that begins with the command's word (rule C16)."""
    if command.wordless and (paper := reference_in(rest.strip())) is not None and not paper[1]:
        return False
    return command.wordless and bool(_NUMBERS.sub("", rest).strip(" \u3000:：,，、和了吧。.!！"))
