"""The verb of a button typed as text: 采纳, 退回 没有每周目标, 已阅 ZD0108 does what pressing it does.

Only a verb that a card shown in this chat offers, and only while that card still waits for it; who may is checked by
the verb itself. A sentence that merely begins with such a word is free text (rule C16).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from handlers import access, card_records
from handlers.context import Context
from handlers.spoken_verbs import OBJECT, button_of, single_spaced
from handlers.typed.labels import FORMS, OF_WORD
from handlers.understanding.asking import asks_outright
from models.errors import Invalid
from models.queries import outbox
from models.rules.letters import reference_in
from models.types import Recipient, RecipientKind

LOOKED_AT: Final = 60  # the newest notices of a chat among which a typed verb is looked for
NAMED_LOOKED_AT: Final = (
    2_000  # when its number is typed too: who has much to decide has older cards that wait
)
KEPT: Final = timedelta(days=60)
_SAID: Final = re.compile(
    rf"[/、]?\s*(?P<label>{'|'.join((*FORMS.values(), *sorted(OF_WORD, key=len, reverse=True)))})"
    r"(?:…|\.\.\.|(?<=反弹|签收)了)?"
    r"(?:$|[\s:,。;]+|(?=县?[Ww]\d|[A-Za-z]{2}\d|(?:督(?:办函)?|提(?:醒函)?|交(?:办清单)?|通(?:报)?)\s?第?\d|[\d一二两三]\s?个?工作日))"
    r"(?P<number>县?[Ww]\s?\d{1,6}|[A-Za-z]{2,8}\d{2,10}|(?:督(?:办函)?|提(?:醒函)?|交(?:办清单)?|通(?:报)?)\s?第?\d{1,3}(?![\d月])号?)?[\s:,。;]*(?P<words>.*)$",
    re.DOTALL,
)
_NAME: Final = re.compile(
    r"(?P<name>[^\s:：,，。；;]{2,20}?)(?:的?(?:亮灯|[红黄]灯)?反馈)?(?:[\s:：,，。；;]+|$)(?P<rest>.*)",
    re.DOTALL,
)
_POLITE: Final = re.compile(
    r"^(?:好的?|收到|嗯+|行|明白|知道了|了解)[\s，,。!！；;]+|^(?:那?就先|先|那就|那)(?=[按定退不同通采])"
)
# 「延期不同意，理由不充分」: what it is about, then the ruling.
_OF_WHAT: Final = re.compile(
    r"^(?:办结|延期|反馈|提级)(?:申请|建议)?(?=(?:不?同意|采纳|退回|不?通过)(?:$|[\s，,。;；:：吧]))"
)
_OBJECT: Final = re.compile(rf"^{OBJECT}吧?(?:$|[\s:：,，。;；]+)")
_WHOSE: Final = re.compile(r"^(?:考评)?异议(?:[\s:：,，]+|$)")  # 「不采纳 白石县的异议，投资按月末计」
_SHORT: Final = 24  # characters of a text that only says that something was passed on
_PASSED_ON: Final = re.compile(
    r"(?P<number>县?[Ww]\d{1,6}|[A-Za-z]{2}\d{4})?[\s:：,，的]*(?:红灯|黄灯|亮灯|预警)?(?:我|都|已经?)*"
    r"(?:[向跟给和](?P<to>[一-鿿]{2,6}?))?转报(?:给|过|了)*(?P<behind>[一-鿿]{2,6}?)?[了过]?[\s。.!！]*"
)
_TITLE: Final = re.compile(r"(?:主任|书记|县长|区长|局长|处长|市长|总|领导)$")
_LABEL_BEGINS: Final = frozenset("".join((*FORMS, *(word[0] for word in OF_WORD))))
_FEEDBACK: Final = "light.feedback"
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x3002: 0x3B}
# Verbs that only show something: the newest card is meant.
_SHOWS: Final = ("project.", "completion.", "weekly.", "people.", "item.show", "document.export")
# What may be put right again on the card it shows, of which the newest is meant as well.
_ARRANGES: Final = ("topics.add", "topics.remove", "topics.order")


@dataclass(frozen=True, slots=True)
class TypedVerb:
    """A button meant by a text: its verb and facts, and the words that go with it."""

    verb: str
    args: Mapping[str, str | int]
    words: str


@dataclass(frozen=True, slots=True)
class _Offer:
    verb: str
    args: dict[str, Any]
    about: tuple[str, ...]  # number of the item, code of the project


def find(context: Context, text: str) -> TypedVerb | None:
    """The button that a text means, or None when it is none or nothing of the kind was offered here.

    Raises Invalid naming the numbers when several cards still wait for the verb and the text names none.
    """
    stripped = _POLITE.sub("", single_spaced(text).strip()).removesuffix("吧")
    of_what = _OF_WHAT.match(stripped)
    about = of_what[0] if of_what is not None else ""  # what the decision is said to be about
    stripped = stripped[len(about) :]
    if "转报" in stripped and len(stripped) <= _SHORT:
        stripped = _passed_on(context, stripped)
    if stripped.lstrip("/／、").lstrip()[:1] not in _LABEL_BEGINS:
        return None  # most messages: without the long pattern
    said = _SAID.match(stripped.translate(_HALF_WIDTH))
    if said is None:
        return None
    words = stripped[said.start("words") :].strip()
    if asks_outright(words):
        return None
    meant = OF_WORD.get(said["label"])  # none for a form, which has its number in it
    number = (said["number"] or "").replace(" ", "").upper()
    if number and meant is not None and meant.of_list:
        number, words = "", stripped[said.start("number") :].strip()  # the list itself has no number
    behind = _OBJECT.match(words) if number and meant is not None and meant.of_object else None
    if behind is not None:  # 「同意W0190延期」
        about, words = about or behind[0], words[behind.end() :]
    label = button_of((meant.same_as if meant is not None else "") or said["label"], about)
    # 「同意延期」 agrees to nothing else that waits.
    other_words = meant.else_as if meant is not None and not about else ()
    for recipient in _chats(context):
        offers = _offers(context, recipient, label, number, with_words=bool(words))
        if number and not offers:
            offers = _older(context, recipient, label, number, with_words=bool(words))
        if other_words and not _any_waits(context, offers):
            others = [
                one
                for word in other_words
                for one in _offers(context, recipient, word, number, with_words=bool(words))
            ]
            offers = [one for one in others if _any_waits(context, [one])] or offers
        if not offers:
            continue
        own = recipient in (context.chat, context.private)
        waiting = [offer for offer in offers if card_records.waits(context, offer.verb, offer.args)]
        waiting = waiting or (offers[:1] if own else [])
        if not waiting:
            continue
        if number:  # of the project itself before the items of the project
            waiting = [offer for offer in waiting if offer.about[:1] == (number,)] or waiting
            if len(waiting) > 1:
                _refuse_several(waiting, said["label"], number)
            return TypedVerb(waiting[0].verb, waiting[0].args, words)
        if waiting[0].verb == _FEEDBACK and _names_another(context, waiting, words):
            return None  # the command looks for that project
        if len(waiting) > 1:
            if (by_name := _of_named_record(waiting, words)) is not None:
                return by_name
            if (by_name := _of_named_project(context, waiting, words)) is not None:
                return by_name
            _refuse_several(waiting, said["label"], number)
        if offers[0] is not waiting[0]:
            _refuse_lapsed(context, offers[0], waiting[0], said["label"])
        # 「不采纳 白石县 …」 of the only one: whose it is is no reason.
        return _of_named_record(waiting[:1], words) or TypedVerb(waiting[0].verb, waiting[0].args, words)
    return None


def _refuse_several(waiting: list[_Offer], label: str, number: str) -> None:
    """Several cards wait for the verb, and what was typed fits them all; where it only shows, the newest is meant."""
    if waiting[0].verb.startswith((*_SHOWS, *_ARRANGES)):
        return
    names = list(dict.fromkeys(_own_name(offer, waiting) for offer in waiting if offer.about))
    if names == [number]:  # the number alone does not tell them apart
        raise Invalid(
            f"{number} 有 {len(waiting)} 件可「{label}」", mend="请点各自卡片上的按钮，待办请看 /我的"
        )
    raise Invalid(
        f"有 {len(waiting)} 件可「{label}」：{'、'.join(names)}",
        mend=f"请写明编号，例：{label} {names[0]}" if names else "",
    )


def _of_named_record(waiting: list[_Offer], words: str) -> TypedVerb | None:
    """「采纳 白石县 报送 21/24」: the one card that the words begin with the name of."""
    named = [(one, name) for one in waiting for name in one.about if name and words.startswith(name)]
    if len({id(one) for one, _name in named}) != 1:
        return None
    offer, name = named[0]
    rest = words[len(name) :].strip(" \u3000:：,，的")
    return TypedVerb(offer.verb, offer.args, _WHOSE.sub("", rest))


def _passed_on(context: Context, text: str) -> str:
    """「SG0012 已向蒋主任转报」 as 「已转报 SG0012」; as it was where something else was passed on to somebody."""
    said = _PASSED_ON.fullmatch(text)
    to = (said["to"] or said["behind"] or "") if said is not None else ""
    if said is None or not (
        not to or _TITLE.search(to) or any(one.name == to for one in context.directory.people.values())
    ):
        return text
    return f"已转报 {said['number'] or ''}".strip()


def _refuse_lapsed(context: Context, newest: _Offer, other: _Offer, label: str) -> None:
    """「同意提级」 when the newest proposal has just gone: an older one may not be meant (rules C16, E12)."""
    if card_records.lapsed(context, newest.verb, newest.args) and newest.about and other.about:
        raise Invalid(
            f"{newest.about[0]} 的已撤回，不用办了",
            mend=f"另有 {other.about[0]} 可「{label}」，请写明编号，例：{label} {other.about[0]}",
        )


def _own_name(offer: _Offer, among: list[_Offer]) -> str:
    """The first of its names that no other has: 提醒函 W0186 beside 督办函 W0186."""
    others = {name for one in among if one is not offer for name in one.about}
    return next((name for name in offer.about if name not in others), offer.about[0])


def _of_named_project(context: Context, waiting: list[_Offer], words: str) -> TypedVerb | None:
    """「反馈 实验中学 厂家供货晚」, 「采纳 管网」: the card of the project that the first word names (rule C3)."""
    code, rest = _named(context, words)
    fitting = [one for one in waiting if code and one.about[:1] == (code,)]
    return TypedVerb(fitting[0].verb, fitting[0].args, rest) if len(fitting) == 1 else None


def _names_another(context: Context, waiting: list[_Offer], words: str) -> bool:
    """「反馈 管网 …」 while only the plant's card waits: never taken for the plant's."""
    code, _rest = _named(context, words)
    return bool(code) and all(code not in one.about for one in waiting)


def _named(context: Context, words: str) -> tuple[str, str]:
    """The code of the one project that the first word names, and what follows; empty where it names none."""
    said = _NAME.match(words)
    found = access.private_candidates(context, said["name"]) if said is not None else ()
    return (found[0].code, said["rest"].strip()) if said is not None and len(found) == 1 else ("", "")


def _any_waits(context: Context, offers: list[_Offer]) -> bool:
    return any(card_records.waits(context, one.verb, one.args) for one in offers)


def _chats(context: Context) -> tuple[Recipient, ...]:
    """Where the cards were shown: here, in private, and to those the sender stands in for now (rule B6)."""
    principals = (
        context.directory.standing_in_for(context.sender.id, context.now)
        if context.person is not None
        else ()
    )
    of_principals = (Recipient(RecipientKind.PERSON, one.id) for one in principals)
    return tuple(dict.fromkeys((context.chat, context.private, *of_principals)))


def _offers(
    context: Context, recipient: Recipient, label: str, number: str, *, with_words: bool
) -> list[_Offer]:
    """What the newest notices to this chat offer under a label, newest first, each only once."""
    if recipient.kind is RecipientKind.ACCOUNT:
        return []
    rows = outbox.shown_to(context.session, recipient, since=context.now - KEPT, limit=LOOKED_AT)
    return list(_offered(context, rows, label, number, with_words=with_words))


def _older(
    context: Context, recipient: Recipient, label: str, number: str, *, with_words: bool
) -> list[_Offer]:
    """The newest of the older notices that offers a label about a numbered record.

    A card says the number it is about; 「督12」 stands on none as it is typed.
    """
    if recipient.kind is RecipientKind.ACCOUNT:
        return []
    said = number.removeprefix("县")
    rows = outbox.shown_to(
        context.session, recipient, since=context.now - KEPT, limit=NAMED_LOOKED_AT, after=LOOKED_AT,
        naming=said if said.isascii() else "",
    )  # fmt: skip
    return list(islice(_offered(context, rows, label, number, with_words=with_words), 1))


def _offered(
    context: Context, rows: list[list[dict[str, Any]]], label: str, number: str, *, with_words: bool
) -> Iterator[_Offer]:
    seen: set[tuple[str, str]] = set()
    for actions in rows:
        for action in actions:
            if _plain(action["label"]) != _plain(label) or (with_words and not action["prompt"]):
                continue
            verb, args = str(action["verb"]), dict(action["args"])
            # Of several cards of one record, as it was changed, the newest is meant.
            record = {name: value for name, value in args.items() if name != "version"}
            key = (verb, json.dumps(record, sort_keys=True))
            if key in seen:
                continue
            seen.add(key)
            about = card_records.names(context, verb, args)
            if not number or number in about or _is_paper(number, about):
                yield _Offer(verb, args, about)


def _plain(label: str) -> str:
    return label.rstrip("…").replace(" ", "")


def _is_paper(number: str, about: tuple[str, ...]) -> bool:
    """「督12」 is 云攻坚督〔2026〕12号."""
    said = reference_in(number)
    held = [found[0] for one in about if (found := reference_in(one)) is not None]
    return said is not None and any((one.kind, one.number) == (said[0].kind, said[0].number) for one in held)
