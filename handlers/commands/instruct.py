"""/批示 ZD0108 … or W0191 …, or 「批示 …」 after 已阅: stored and forwarded, or made tasks (rules E10, G4)."""

import re

from handlers import access, item_access
from handlers.context import Context
from handlers.hearing import hear
from handlers.items import item_decisions
from handlers.lights import light_actions
from handlers.lights.light_words import split_code
from handlers.understanding.reading import Match
from handlers.verbs import Command, Order
from models.errors import Invalid, NotUnderstood
from models.operations.light_receipts import CITY_LEADERS
from models.queries.directory import ProjectInfo
from models.types import Role

_ADDRESS = re.compile(r"^(?:请|对|关于|针对|就|[\s:：,，])+")
EXAMPLES = ("批示 请本周内拿出赶工方案", "/批示 ZD0108 请本周内拿出赶工方案")


def run(context: Context, args: str) -> None:
    words = args.strip()
    if not words:
        raise NotUnderstood("批示", examples=EXAMPLES)
    if (numbered := item_access.number_in_front(words)) is not None:
        item_decisions.instruct(context, item_access.item(context, numbered[0]), numbered[1])
        return
    project, text = _named(context, words)
    if (item := item_decisions.waiting_of(context, project)) is not None:
        item_decisions.instruct(context, item, text)
        return
    if project is None:
        project, text = _meant(context, words), words
    light_actions.instruct(context, project, text)


def _meant(context: Context, words: str) -> ProjectInfo:
    """The project of the warning read last, unless the words are about another one (rule E10: never the wrong one).

    Raises Invalid where they only mention another.
    """
    lines = {
        line.project_id: line.mention
        for line in hear(context, words).lines
        if line.match is Match.UNIQUE and line.project_id is not None
    }
    others = [context.directory.projects[number] for number in lines]
    if len(others) == 1 and _ADDRESS.sub("", words).startswith(lines[others[0].id]):
        return others[0]
    latest = light_actions.project_of(context, light_actions.latest_case(context, "批示"))
    if not lines or latest.id in lines:
        return latest
    raise Invalid(
        f"批示里写到 {'、'.join(one.code for one in others)}，不清楚批示哪个项目",
        mend=f"请写明编号，例：/批示 {others[0].code} …；最近亮灯的是 {latest.code}",
    )


def _named(context: Context, words: str) -> tuple[ProjectInfo | None, str]:
    """The project that the words begin with, by code; None when they begin with the 批示 itself."""
    mention, rest = split_code(words)
    if mention.isascii():
        return access.project(context, mention), rest
    found = access.candidates(context, mention) if rest else ()
    exact = [one for one in found if mention in (one.name, *one.aliases)]
    return (exact[0], rest) if exact else (None, words)


def _may(context: Context) -> bool:
    return access.holds(context, Role.LEADER, Role.HUB_HEAD, *CITY_LEADERS)


COMMAND = Command(
    "批示",
    summary="对亮灯项目、提级问题批示（带班领导、市领导）",
    usage=EXAMPLES[1],
    run=run,
    order=Order.NUMBER_FIRST | Order.OF_NAME | Order.GOES_ON,
    bare=True,
    said=re.compile(
        r"我?批示(?:一下|如下|意见)?[\s:：,，]*(?:(?<=[\s:：,，])|(?=请|由|要求|责成|务必|尽快|抓紧))(?P<args>\S.*)",
        re.DOTALL,
    ),
    may=_may,
)
