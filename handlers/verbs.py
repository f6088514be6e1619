"""What can be typed or pressed: commands, and what buttons do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from handlers.context import Context

PREFIXES: Final = "/／、"

# What a button does: with the facts of the notice that showed it, and the words typed behind it.
Verb = Callable[[Context, Mapping[str, str | int], str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command. run receives the arguments with the command's name cut off.

    bare: also understood without the slash when the text begins with the name (交办 W0191 …). telling: its words
    alone say what is meant (/上报 管网累计2100万), so no card's button of the same label takes them. unbound: an
    account without a person may use it (rule B2). wordless: nothing belongs behind its number; without the slash a
    sentence that goes on is free text (rule C16). unregistered: heard also in a group that nobody has registered.
    alone: understood without the slash when the text is nothing but its name. said: whole texts that mean the command
    without its slash, their group `args` what stands behind its name. telling_names: names that say an argument too,
    with that argument (取消代理 is /代理 取消). may: who sees it in /帮助.
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
    said: re.Pattern[str] | None = None
    may: Callable[[Context], bool] = lambda _: True

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that can stand behind the slash, its own name first."""
        return (self.name, *self.aliases, *self.telling_names)

    def arguments(self, name: str, words: str) -> str:
        """What run receives for the words behind one of its names."""
        return f"{self.telling_names.get(name, '')} {words}".strip()
