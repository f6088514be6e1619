"""Template cards: buttons below a heading. The keys are the product's own tokens; what they do is looked up later."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from models.types import Button

MOST_BUTTONS: Final = 6
BOT_TITLE: Final = 26  # characters that an AI bot's card shows above its buttons; that of an app shows 36
SETTLED: Final = "已处理"
ONE_QUESTION: Final = "-1"
_SEVERAL: Final = "-n"

Card = dict[str, Any]


def card(title: str, buttons: Sequence[Button], *, key: str, address: str) -> Card:
    """key: of the message; with what is shown it makes the card's id, so that a repeat has the same one."""
    rows = {button.token.partition(".")[0] for button in buttons}
    shown = "\0".join((address, title, *(button.token for button in buttons)))
    digest = hashlib.blake2b(shown.encode(), digest_size=6).hexdigest()
    body: Card = {
        "card_type": "button_interaction",
        "main_title": {"title": title},
        "task_id": f"zb-{key.replace('.', '-')}-{digest}{ONE_QUESTION if len(rows) == 1 else _SEVERAL}",
        "button_list": [{"text": button.label, "key": button.token} for button in buttons],
    }
    asking = [button.label for button in buttons if button.prompt]
    if asking:
        body["sub_title_text"] = f"按「{'」「'.join(asking)}」后，请按提示用文字回复"
    return body


def settled_card(title: str, *, task_id: str, token: str) -> Card:
    """The same card when its question is settled: one button that does nothing new."""
    return {
        "card_type": "button_interaction",
        "main_title": {"title": title},
        "task_id": task_id,
        "button_list": [{"text": SETTLED, "key": token, "style": 2}],
    }


def is_one_question(task_id: str) -> bool:
    """Whether all buttons of a card belonged to one question, so that one decision settles the card."""
    return task_id.endswith(ONE_QUESTION)


def typed_hint(buttons: Sequence[Button], *, heard: bool = True) -> str:
    """What to type where buttons cannot be shown. heard: whether an answer in the same place reaches us."""
    labels = list(dict.fromkeys(button.label for button in buttons))
    how = "回复文字办理" if heard else "请私聊助手，发文字办理"
    return f"{how}：{'／'.join(labels)}" if labels else ""
