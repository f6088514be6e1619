"""/查: a project or a list of them, an item, a list of lights, a task force."""

import re

from handlers import document_access
from handlers.context import Context
from handlers.items import item_cards, item_flow, item_search
from handlers.papers import document_receipts
from handlers.queries import (
    body_problems,
    five_completions,
    ledger_views,
    light_lists,
    project_lists,
    projects,
    task_forces,
)
from handlers.understanding.asking import STATES
from handlers.verbs import Command
from models.errors import NotFound, NotUnderstood
from models.rules.letters import reference_in

_ITEM = re.compile(r"^(?:县)?[WＷwｗ][\d０-９]{3,6}$")
_FLOW = re.compile(
    rf"^(?P<number>县?\s*[WＷwｗ]\s*[\d０-９]{{1,6}})\s*(?:的)?(?:办理)?(?:{item_flow.ASKED.pattern}).{{0,6}}$"
)
_PROBLEMS = re.compile(r"的?(?:在办)?(?:问题|事项)$")
_FIVE = re.compile(r"五个?「?尽」?(?:指标|情况)?")
_LIGHT = re.compile(r"^(?P<colour>[红黄绿蓝])(?:灯的?(?:项目)?)?$")
_CODE = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]{2,8}[0-9０-９]{2,10}")
EXAMPLES = ("/查 项目", "/查 ZX0031", "/查 黄灯", "/查 W0186", "/查 专班")


def run(context: Context, args: str) -> None:
    wanted = args.strip()
    if not wanted:
        raise NotUnderstood("", examples=EXAMPLES)
    if (light := _LIGHT.match(wanted)) is not None:
        light_lists.show(context, light["colour"])
    elif wanted.startswith("专班") or wanted.endswith("专班"):
        task_forces.show(context, wanted.removeprefix("专班").strip())
    elif (flow := _FLOW.match(wanted)) is not None:
        item_search.show_numbered(context, flow["number"], standing=True)
    elif _FIVE.fullmatch(wanted):
        five_completions.show(context)
    elif wanted in ("问题", "事项", "在办问题", "问题事项"):
        item_cards.show_all(context)
    elif wanted in STATES.values():
        item_cards.show_in_state(context, wanted)
    elif wanted.startswith("台账"):
        _show_ledgers(context, wanted.removeprefix("台账").strip())
    elif _ITEM.match(wanted):
        item_search.show_numbered(context, wanted)
    elif not (
        _show_codes(context, wanted)
        or project_lists.show(context, wanted)
        or projects.show(context, wanted)
        or projects.show_part(context, wanted)
        or _show_code_in(context, wanted)
        or item_search.show(context, wanted)
        or body_problems.show(context, _PROBLEMS.sub("", wanted))
        or _show_paper(context, wanted)
    ):
        raise NotFound(wanted)


def _show_ledgers(context: Context, wanted: str) -> None:
    """「台账」: every ledger; 「台账 青禾县」: the projects of one; 「台账 ZX0031」: the ledgers of a project."""
    if not wanted:
        ledger_views.overview(context)
    elif not project_lists.show(context, wanted):
        ledger_views.show(context, wanted)


def _show_codes(context: Context, wanted: str) -> bool:
    """「ZX0031、ZX0032」: each of them."""
    codes = [one for one in re.split(r"[\s,，、;；和]+", wanted) if one]
    if len(codes) < 2 or not all(map(_CODE.fullmatch, codes)):
        return False
    return projects.show_several(context, codes)


def _show_code_in(context: Context, wanted: str) -> bool:
    """「ZX0031的进度」: the project whose code stands in the words."""
    code = _CODE.search(wanted)
    return code is not None and code[0] != wanted and projects.show(context, code[0])


def _show_paper(context: Context, wanted: str) -> bool:
    """「提24号」, 「云攻坚督〔2026〕12号」: the issued paper, to whom it went or who works on it."""
    paper = reference_in(wanted)
    if paper is None or paper[1]:
        return False
    document_receipts.show_status(context, document_access.by_reference(context, paper[0]))
    return True


COMMAND = Command(
    "查",
    summary="查项目、问题、亮灯、专班",
    usage="/查 ZX0031；/查 项目；/查 青禾县；/查 黄灯；/查 W0186；/查 台账",
    run=run,
    aliases=("查询",),
    said=re.compile(r"(?:查询?)?\s*(?P<args>五个?「?尽」?(?:指标|情况)?|(?<=[查询])台账.*)"),
)
