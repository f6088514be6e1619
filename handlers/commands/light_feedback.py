"""/反馈 ZX0031 …: on a warning, or /反馈 W0186 … on a problem item (rules E9, F5)."""

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_feedback
from handlers.lights import light_actions
from handlers.lights.light_words import split_code
from handlers.verbs import Command
from models.errors import NotUnderstood

EXAMPLES = ("/反馈 ZX0031 原因…，9月27日累计5200，10月18日追平", "/反馈 W0186 已报省局，预计10月10日批复")


def run(context: Context, args: str) -> None:
    mention, text = split_code(args)
    if not mention:
        raise NotUnderstood(bare="/反馈", examples=EXAMPLES)
    if (numbered := item_access.number_in_front(args)) is not None:
        item_feedback.start(context, *numbered)
        return
    light_actions.feed_back(context, access.project(context, mention), text)


COMMAND = Command(
    "反馈", summary="对亮灯或问题事项限时反馈", usage=EXAMPLES[0], run=run, may=access.works_on_items
)
