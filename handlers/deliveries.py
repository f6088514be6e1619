"""[已转报] on a notice that was meant for somebody else (rule P3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers.context import Context
from handlers.verbs import Verb
from models.notices.replies import PassedOn
from models.operations import passing_on


def press_passed_on(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    context.say_privately(PassedOn(name=passing_on.passed_on(context.desk, int(args["outbox"]))))


VERBS: Final[Mapping[str, Verb]] = {"delivery.passed_on": press_passed_on}
