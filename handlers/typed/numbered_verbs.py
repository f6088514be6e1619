"""A verb typed with an item's number or a project's code, where no card in the chat offers it any more.

「通过 W0191」 does what the button does, or is refused with the reason (rule B10); what each label does stands in
handlers.typed.labels.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers import item_access
from handlers.context import Context
from handlers.spoken_verbs import OBJECT, single_spaced
from handlers.typed import item_verbs
from handlers.typed.labels import OF_WORD
from handlers.understanding.asking import is_question
from models.errors import Invalid
from models.rules.items import Party

_SAID: Final = re.compile(
    r"\s*[/／、]?\s*(?P<verb>[一-鿿]{2,6}?)\s*[:：]?\s*"
    r"(?:(?P<item>县?\s*[Ww]\s*\d{1,6})|(?P<code>[A-Za-z]{2}\d{4}))(?!\d)[\s:,;。]*(?P<words>.*)$",
    re.DOTALL,
)
_OBJECT: Final = re.compile(rf"^{OBJECT}(?:$|[\s:,;。]+)")
_OBJECT_BEHIND: Final = re.compile(rf"{OBJECT}$")  # 「同意延期」
_MAY_BE: Final = re.compile(r"\s*[/／、]?\s*[一-鿿]{2,6}\s*[:：]?\s*[县A-Za-zＡ-Ｚａ-ｚ]")
_BARE: Final = re.compile(r"[\s/／、]*(?P<verb>[一-鿿]{2,6})[\s。.!！]*")
_LATER: Final = re.compile(r"\s*(?P<verb>稍后)\s*(?:\d|[一二两三])\s*个?\s*(?:工作日|天|日)")


def done(context: Context) -> bool:
    """Do what a verb with a number says; False when the text is none of these."""
    text = single_spaced(context.message.text)
    if _MAY_BE.match(text) is None:
        return False  # most messages: without another form of the whole text
    said = _SAID.match(unicodedata.normalize("NFKC", text))
    label = OF_WORD.get(said["verb"]) if said is not None else None
    if said is None or label is None:
        return False
    words = said["words"].strip()
    if label.of_object:
        words = _OBJECT.sub("", words)  # 「同意 W0190 延期」
    if is_question(words) or (label.wordless and words.strip("吧。.!！ ")):
        return False  # a sentence that merely begins with the word is free text (rule C16)
    if said["code"] is not None:
        if label.of_light is None:
            return False
        label.of_light(context, said["code"], words)
        return True
    if label.act is not None:
        label.act(context, item_access.item(context, said["item"]), words)
        return True
    if label.decides is None:
        return False
    item = item_access.item(context, said["item"])
    raise Invalid(f"{item.number} 现在没有可「{label.word}」的", mend=f"查看：/查 {item.number}；待办：/我的")


def returned(context: Context, args: str) -> bool:
    """「退回 ZX0031 没有目标」, 「退回 W0186 …」 of the 督办专员: a feedback that waits for the ruling is meant."""
    said = _SAID.match(f"退回 {single_spaced(unicodedata.normalize('NFKC', args))}")
    if said is None:
        return False
    words = said["words"].strip()
    if said["code"] is not None:
        item_verbs.give_back_of_light(context, said["code"], words)
        return True
    item = item_access.item(context, said["item"])
    if not item_verbs.gives_back_feedback(context, item):
        return False
    item_verbs.give_back(context, item, words)
    return True


def is_hearsay(context: Context) -> bool:
    """「W0186 通过」 of the one who works on it tells of somebody else's decision: a feedback, no act of theirs."""
    said = _SAID.match(unicodedata.normalize("NFKC", single_spaced(context.message.text)))
    label = OF_WORD.get(said["verb"]) if said is not None else None
    if said is None or said["item"] is None or label is None or label.decides is None:
        return False
    mine = item_access.parties(context, item_access.item(context, said["item"]))
    return Party.RESPONSIBLE in mine and label.decides.isdisjoint(mine)


def nothing_waits(text: str) -> Invalid | None:
    """What to answer to 「采纳」, 「同意」 alone when no card waits for it; None for other words."""
    words = text.strip().rstrip("。.!！ ").removesuffix("吧")
    forms = (
        _BARE.fullmatch(words),
        _BARE.fullmatch(_OBJECT_BEHIND.sub("", words, count=1)),
        _LATER.match(text),
    )
    label = next((known for said in forms if said and (known := OF_WORD.get(said["verb"]))), None)
    if label is None or not (label.awaited or label.act is not None or label.decides is not None):
        return None
    return Invalid(f"现在没有等您「{label.word}」的事项", mend="请写明编号，或看待办：/我的")
