"""What can be typed or pressed: commands, labels of buttons, and the order of their words (decision 0014)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Final

from handlers.context import Context
from models.rules.items import Party
from models.tables.items import Item

PREFIXES: Final = "/／、"

# What a button does: with the facts of the notice that showed it, and the words typed behind it.
Verb = Callable[[Context, Mapping[str, str | int], str], None]


class Order(Flag):
    """Where the words of a verb may stand, besides the verb first and then the number."""

    VERB_FIRST = 0
    NUMBER_FIRST = auto()  # 「W0190 批示 请本周内对接」
    WISHED = auto()  # 「申请延期 W0190 …」, 「W0190 申请延期 …」: what is asked for
    OF_NAME = auto()  # 「更正 循环园 8500 多报」: a project's name where its code may stand
    NAME_FIRST = auto()  # 「循环园已阅」
    TOLD = auto()  # 「W0186办结了，文号 …」: who says it is done does it
    GOES_ON = auto()  # 「循环园批示：请…」: behind the name and the verb stands what is said
    LAST = auto()  # 「W0191 不归我们管，退回」: the words between the number and the verb


LONGEST_TEXT: Final = 4000  # characters that are read; only minutes are longer


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command. run receives the arguments with the command's name cut off.

    bare: also understood without the slash when the text begins with the name (交办 W0191 …). telling: its words
    alone say what is meant (/上报 管网累计2100万), so no card's button of the same label takes them. unbound: an
    account without a person may use it (rule B2). wordless: nothing belongs behind its number; without the slash a
    sentence that goes on is free text (rule C16). unregistered: heard also in a group that nobody has registered.
    alone: understood without the slash when the text is nothing but its name. said: whole texts that mean the command
    without its slash, their group `args` what stands behind its name. telling_names: names that say an argument too,
    with that argument (取消代理 is /代理 取消). order: how it may be typed besides. may: who sees it in /帮助.
    long: more than `LONGEST_TEXT` characters may stand behind it.
    """

    name: str
    summary: str
    usage: str
    run: Callable[[Context, str], None]
    aliases: tuple[str, ...] = ()
    telling_names: Mapping[str, str] = field(default_factory=dict)
    bare: bool = False
    telling: bool = False
    unbound: bool = False
    wordless: bool = False
    alone: bool = False
    unregistered: bool = False
    long: bool = False
    order: Order = Order.VERB_FIRST
    said: re.Pattern[str] | None = None
    may: Callable[[Context], bool] = lambda _: True

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that can stand behind the slash, its own name first."""
        return (self.name, *self.aliases, *self.telling_names)

    def arguments(self, name: str, words: str) -> str:
        """What run receives for the words behind one of its names."""
        return f"{self.telling_names[name]} {words}".strip() if name in self.telling_names else words


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a button that people type: where a card in the chat offers it, it is pressed (typed.typed_verbs).

    Where none does, a number that is typed too says what is meant (typed.numbered_verbs): act does it to an item,
    of_light to the project of a code. decides: whose decision it is; told by the responsible one alone, it is news of
    somebody else's (of nobody: a card knows, and without an act there is nothing to decide where no card waits).
    of_object: it may name what it decides on (同意W0190延期). wordless: nothing belongs behind its number; with more
    it is a sentence (rule C16). awaited: typed alone while nothing waits for it, that is the answer. of_list: what
    stands behind it is a list with numbers of its own. same_as: another word for that label. else_as: labels, one of
    which is meant where no card waits for this one. order: as of a command; a label that is a command's name too
    leaves it to the command.
    """

    word: str
    act: Callable[[Context, Item, str], None] | None = None
    of_light: Callable[[Context, str, str], None] | None = None
    decides: frozenset[Party] | None = None
    of_object: bool = False
    wordless: bool = False
    awaited: bool = False
    of_list: bool = False
    same_as: str = ""
    else_as: tuple[str, ...] = ()
    order: Order = Order.VERB_FIRST
