"""Words that complete an item which 综合专班 sent back for more, typed without the button (rules C1, C4, F1)."""

from __future__ import annotations

from typing import Final

from handlers import item_access
from handlers.context import Context
from handlers.items import item_actions
from handlers.typed import typed_verbs
from handlers.understanding.asking import is_question
from models.queries import item_history

SHORTEST: Final = 6  # characters: less is small talk
_VERB: Final = "item.supplement"


def told(context: Context, text: str) -> bool:
    """A text of no other use, while one item waits for more: a draft that its author confirms; else False."""
    if context.group is not None or len(text) < SHORTEST or is_question(text):
        return False
    meant = typed_verbs.find(context, f"补充 {text}")
    if meant is None or meant.verb != _VERB:
        return False
    item = item_access.by_id(context, int(meant.args["item"]))
    if not item_history.waits_for_more(context.session, item.id):
        return False
    item_actions.start_supplement(context, item, text)
    return True
