"""/审计 项目|问题编号: the history of one record, and what was said about it and why (rule Q2)."""

import re

from handlers import access, exports, item_access
from handlers.context import Context
from handlers.items import item_cards
from handlers.queries.projects import history_of
from handlers.verbs import Command
from models.errors import NotUnderstood
from models.types import Role, Subject

_ITEM = re.compile(r"^(?:县)?[WＷwｗ][\d０-９]{3,6}$")


def run(context: Context, args: str) -> None:
    wanted = args.strip()
    if not wanted:
        raise NotUnderstood("", examples=("/审计 ZX0031", "/审计 W0186"))
    if wanted in ("导出", "导出记录"):
        exports.show_exports(context)
        return
    if _ITEM.match(wanted):
        item = item_access.item(context, wanted)
        subject = Subject("item", item.id)
        context.say_privately(
            history_of(context, subject, f"{item.number} 审计", record=(subject.kind, subject.id))
        )
        context.say_privately(item_cards.evaluation(context, item))
        return
    info = access.project(context, wanted)
    context.say_privately(
        history_of(context, Subject("project", info.id), f"{info.code} 审计", record=("project", info.id))
    )


def may(context: Context) -> bool:
    return context.sender.holds(
        Role.LEDGER_ADMIN,
        Role.HUB_HEAD,
        Role.SUPERVISOR,
        Role.LIAISON,
        Role.LEADER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    )


COMMAND = Command("审计", summary="一条记录的历史和消息", usage="/审计 ZX0031", run=run, alone=True, may=may)
