"""Short answers inside an open question: a choice, a confirmation, yes or no, a bare amount, 无变化.

Everything here takes the whole message or answers None; a longer sentence is a new message, not an answer.
A text longer than LONGEST is not looked at: none of these answers is as long, with all its numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers.understanding.phrases.states import UNCHANGED
from handlers.understanding.reading import Amount, Span
from handlers.understanding.text import plain_form
from handlers.understanding.values.numbers import count_in, parse_amount

LONGEST = 120  # characters
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBER = rf"[{_CIRCLED}]|\d{{1,3}}(?!\d)|[一二两三四五六七八九十]{{1,3}}"
_NONE_OF_THEM = re.compile(
    r"0?(?:、|\.|:)?(?:以上)?(?:都|全)?不是|0|零|都不对|没有(?:一个)?(?:是)?|一个都不是"
)
_CHOICE = re.compile(rf"(?:我?选|选择|是)?(?:第)?({_NUMBER})(?:个|项|号|条)?(?:项目)?(?:吧|的)?")
_BY_PLACE = {"前者": 1, "前一个": 1, "头一个": 1, "后者": 2}  # 后者 is said of two only
_VERBS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("confirm_checked", re.compile(r"(?:我)?(?:再次)?(?:已)?(?:核对|核实|确认)(?:过了?)?无误")),
    ("confirm_all", re.compile(r"(?:全部|都|一起|统一)确认|确认(?:全部|所有|都)")),
    (
        "cancel_all",
        re.compile(r"(?:全部|全都?|都|所有的?)(?:都)?(?:取消|不要|作废|不报)了?|取消(?:全部|所有)(?:草稿)?"),
    ),
    (
        "confirm",
        re.compile(
            r"(?:(?:好的?|可以|没问题|没错|对的?|嗯|行|是的?)+[,，。\s]*|(?:剩下|其余|其他)的?(?:也|都)?)?"
            r"确认(?:入账|入库|提交|上报|交办)?(?:了?[,，。\s]*(?:谢谢|辛苦)了?)?|确定|提交"
        ),
    ),
    (
        "cancel",
        re.compile(
            r"取消(?:上报)?|撤回草稿|不要了|作废|[去删划]掉"
            r"|(?:那就?|还是|先|唉)*算了(?:[,，\s]*(?:就|我|先|还是)*(?:不|别)(?:用|要|再)*[报填发录](?:送)?)?"
            r"|(?:我|这个|这条|这次|今天|那|就|还是|先|暂时?|算了)*(?:不|别)(?:用|要|想|再)*上?[报填录](?=了|吧|$)"
        ),
    ),
    ("edit", re.compile(r"修改|改一下|改")),
    ("one_by_one", re.compile(r"逐条(?:确认)?|一条一条")),
)
_NUMBERS_FIRST = re.compile(
    rf"(?:草稿\s?)?(?P<numbers>(?:第?(?>{_NUMBER})(?:条|项|个)?[、,，和\s]*)+)[全都也就]?[全都也就]?"
    r"(?P<verb>确认无误|确认|取消|不要了?|(?:先|就)?不报了?|[去删划]掉)(?:了|吧)?"
)
_AFTER_VERB = re.compile(
    rf"\s*(?:草稿)?\s*(?P<numbers>(?:第?(?>{_NUMBER})(?:条|项|号|个)?[、,，和\s]*)*)(?:吧|啊|了|哈|呢)?[。.!]*"
)
_YES = re.compile(
    r"(?:是的?|对的?|嗯+|没错|正确|好的?|可以|行|对头|yes|ok|对对|就是|确实(?:是)?|是这样)(?:的|了|啊|呀|哈)?"
)
_NO = re.compile(r"(?:不是|不对|错了?|不行|不可以|否|没有|no|不)(?:的|了|啊|呀)?")
_YES_LEAD = re.compile(
    r"^(?:是的?|对的?|嗯+|没错|应该是|应为|应是|改[为成]|更正为|就是|不是|不对)[,，、。:\s]*(?:应该?(?:是|为)|改[为成]|是|为)?[:\s]*"
)
_LEDGER_WORDS = re.compile(
    r"^(?:(?:今年|本年|开工以来)?(?:累计|总共|一共)?(?:完成)?(?:投资)?(?:是|为|:)?)(?=[\d零一二两三四五六七八九十壹贰叁肆伍陆柒捌玖约近¥￥])"
)


class AnswerKind(StrEnum):
    CONFIRM = "confirm"
    CONFIRM_CHECKED = "confirm_checked"  # 确认无误 (rule C7)
    CONFIRM_ALL = "confirm_all"
    CANCEL = "cancel"
    CANCEL_ALL = "cancel_all"
    EDIT = "edit"
    ONE_BY_ONE = "one_by_one"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """kind, and what is said after it. numbers: of drafts, or of lines. lines: ①②, as cards number lines."""

    kind: AnswerKind
    numbers: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()


def _number(words: str) -> int | None:
    if words in _CIRCLED:
        return _CIRCLED.index(words) + 1
    return count_in(words)


def _short(text: str) -> str:
    """The text as the expressions here expect it; nothing for a text that is too long for an answer."""
    return "" if len(text) > LONGEST else plain_form(text).strip(" 。.!,，")


def parse_choice(text: str) -> int | None:
    """「2」, 「第二个」, 「②」 → 2; 「0 都不是」, 「都不是」 → 0; None when the text is no choice."""
    words = _short(text).replace(" ", "")
    if _NONE_OF_THEM.fullmatch(words):
        return 0
    if (place := _BY_PLACE.get(words.rstrip("吧的"))) is not None:
        return place
    match = _CHOICE.fullmatch(words)
    return _number(match[1]) if match else None


_SPACED = re.compile(r"(?<=^确)\s+(?=认)|(?<=^取)\s+(?=消)|(?<=认)\s+(?=无\s*误)|(?<=无)\s+(?=误)")


def parse_confirmation(text: str) -> Confirmation | None:
    """确认, 确认 2, 确认无误2, 全部确认①②, 取消3, 修改③ …; None when anything else is said."""
    if len(text) > LONGEST:
        return None
    words = _short(_SPACED.sub("", text))  # 「确 认」 (rule C18)
    if (turned := _NUMBERS_FIRST.fullmatch(words)) is not None:  # 「①确认」
        verb_said = turned["verb"] if turned["verb"].startswith("确认") else "取消"
        words = f"{verb_said}{turned['numbers']}"
    for kind, pattern in _VERBS:
        verb = pattern.match(words)
        if verb is None:
            continue
        tail = _AFTER_VERB.fullmatch(words, verb.end())
        if tail is None:
            continue
        said = re.findall(_NUMBER, tail["numbers"])
        plain = [_number(one) for one in said if one not in _CIRCLED]
        if None in plain:
            return None
        return Confirmation(
            AnswerKind(kind),
            numbers=tuple(dict.fromkeys(one for one in plain if one is not None)),
            lines=tuple(dict.fromkeys(_CIRCLED.index(one) + 1 for one in said if one in _CIRCLED)),
        )
    return None


def parse_bare_amount(text: str) -> Amount | None:
    """「3520」 (万元, unit_said False), 「是，5500万」, 「累计3520万元」.

    None unless the whole answer is one amount.
    """
    if len(text) > LONGEST:
        return None
    words = plain_form(text)
    lead = _YES_LEAD.match(words.strip())
    body = words.strip()[lead.end() :] if lead else words.strip()
    ledger = _LEDGER_WORDS.match(body)
    body = (body[ledger.end() :] if ledger else body).rstrip("。!吧了啊哈 ")
    found = parse_amount(body)
    if found is None:
        return None
    at = words.find(body)
    return Amount(found.fen, found.unit_said, found.approximate, Span(at, at + len(body), body))


def parse_yes_no(text: str) -> bool | None:
    """True for 是, 对, 没错 …; False for 不是, 不对 …; None otherwise."""
    words = _short(text)
    if _YES.fullmatch(words):
        return True
    return False if _NO.fullmatch(words) else None


def is_unchanged(text: str) -> bool:
    """「无变化」, 「没有变化」, 「同上周」 and nothing else (rule C19)."""
    words = _short(text)
    match = UNCHANGED.pattern.search(words)
    return match is not None and len(words) <= len(match[0]) + 4
