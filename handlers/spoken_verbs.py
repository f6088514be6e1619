"""Verbs in the order in which they are spoken, turned into verb, number, words (rules B10, C16, C18)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from handlers.understanding.asking import is_question, is_thanks
from handlers.verbs import Order

ITEM: Final = r"县?\s?[WwＷｗ]\s?[0-9０-９]{1,6}"
BEHIND_NUMBER: Final = r"(?![0-9０-９])\s?号?\s?(?:这?个?(?:问题|事项))?"
# What a decision is about: 「同意W0190延期」, 「W0186办结审核通过」, 「采纳W0186的反馈」, 「不同意W0186提级」.
OBJECT: Final = r"的?(?:办结时限|办结|延期|更正|提级|(?:定期)?反馈)的?(?:申请|请求|报告|材料|建议)?"
# The button that decides on it, where 同意 and 不同意 are the buttons of something else.
_BUTTON_OF: Final[Mapping[tuple[str, str], str]] = {
    ("提级", "同意"): "同意提级",
    ("提级", "不同意"): "不提级",
    ("反馈", "同意"): "采纳",
    ("反馈", "不同意"): "退回",
    ("办结", "同意"): "通过",
    ("办结", "不同意"): "不通过",
}
STRIPPED: Final = " \u3000:：,，"
_NUMBER: Final = rf"(?P<number>{ITEM}|[A-Za-zＡ-Ｚａ-ｚ]{{2}}[0-9０-９]{{4}}){BEHIND_NUMBER}"
_ENDS: Final = r"\s?吧?(?=$|[\s:：,，;；。!！])(?P<rest>.*)"
_FEEDBACK: Final = "反馈"
_FOR_DAYS: Final = (
    r"\s?(?:\d|[一二两三四五])\s?个?(?:工作日|天|日)(?:[\s,，;；。].*)?"  # 「循环园稍后3天，原因…」
)
_SENT_BACK: Final = "退回"  # names the unit that is proposed instead (rule F4)
_FINISHED: Final = "办结"  # what 办完了, 办好了, 办妥了 mean
# What may stand behind a verb at the end: 「…，退回，建议市住建局」, 「…，办结，文号 云林审〔2026〕88号」.
_TAIL_OF: Final = {_SENT_BACK: "建议", _FINISHED: "文号"}
# 「循环园林地问题请领导批示，谢谢」 asks for it instead of giving it.
_NO_NAME: Final = r"请|问题|领导|数据|情况|需|待|已|经|按|根据|落实|等"
_BLANKS: Final = re.compile(r"\s{2,}")
# What may stand before a verb at the end; 「预计10月办结」, 「尚未办结」 have other words there and tell something.
_INTENT: Final = (
    r"(?:我们|我单位|本单位|我局|现在?|特|故|因此|所以|予以|给予|做|先)*(?:申请|请求|请|提请|要求|上?报)?"
)


class SpokenVerbs:
    """order: how each word may be typed. of_object: those that may name what they decide on."""

    def __init__(self, order: Mapping[str, Order], of_object: Iterable[str]) -> None:
        wishes = _any(word for word, how in order.items() if Order.WISHED in how)
        acts = _any(word for word, how in order.items() if Order.NUMBER_FIRST in how)
        told = _any(word for word, how in order.items() if Order.TOLD in how)
        self._number_first = re.compile(
            rf"\s?[/／、]?\s?(?:关于|对|(?:请|麻烦)?[把将])?\s?{_NUMBER}\s?[:：,，]?\s?"
            rf"(?:(?:申请|请求|提请|拟)?(?P<wish>{wishes})|(?P<act>{acts}))"
            r"(?=$|[\s:：,，;；。]|[给到至由为成]|县?[WwＷｗ]\s?[0-9０-９]|[0-9０-９])"
            r"(?P<rest>.*)",
            re.DOTALL,
        )
        self._told = re.compile(
            rf"\s?(?:关于)?\s?{_NUMBER}\s?[:：,，]?\s?(?:我们|我单位|我局)?"
            rf"(?:已经?(?P<already>{told})了?|[都又]?(?P<told>{told})了|(?:都|已经?)?办[完好妥]了)"
            r"(?=$|[\s,，;；。!！])(?P<rest>.*)",
            re.DOTALL,
        )
        decides = f"(?P<verb>{_any(of_object)})"
        self._decisions = tuple(
            re.compile(form, re.DOTALL)
            for form in (
                rf"[\s/／、]*{decides}\s?(?:对|关于)?{_NUMBER}\s?(?P<object>{OBJECT}){_ENDS}",
                rf"[\s/／、]*{decides}\s?(?:对|关于)?(?P<object>{OBJECT})?\s?[:：]?\s?{_NUMBER}\s?{_ENDS}",
                (
                    rf"[\s/／、]*(?:关于|对)?{_NUMBER}\s?[:：,，]?\s?(?P<object>{OBJECT})?\s?[:：,，]?\s?"
                    rf"(?:审核|审批|予以|我)?{decides}(?P<object2>{OBJECT})?{_ENDS}"
                ),
            )
        )
        self._last = re.compile(
            rf"\s*[/／、]?\s*(?:关于|对)?\s*{_NUMBER}\s*[:：,，]?\s*(?P<rest>\S.*?)[\s,，;；。!！]\s*+"
            rf"{_INTENT}(?P<last>{_any(word for word, how in order.items() if Order.LAST in how)})"
            r"(?:处理)?(?:吧|了)?(?P<tail>[\s,，;；。]{1,2}(?P<of>建议|文号)\s?[^\s,，;；。]{2,40})?[\s。.!！]*$",
            re.DOTALL,
        )
        self._named = tuple(word for word, how in order.items() if Order.OF_NAME in how)
        self._of_name = (
            re.compile(
                rf"\s?(?P<word>{_any(self._named)})\s?(?P<name>[一-鿿]{{2,20}})(?P<words>(?:[\s:：,，].*)?)[。.!！]*",
                re.DOTALL,
            ),
            re.compile(
                r"\s?(?P<name>[一-鿿]{2,20}?)(?:红灯)?[,，\s]*(?:再|还|先|想|要|申请){0,3}"
                rf"(?P<word>{_any(word for word in self._named if Order.NAME_FIRST in order[word])})"
                rf"(?P<words>{_FOR_DAYS}|)[。.!！]*",
                re.DOTALL,
            ),
            re.compile(
                rf"\s?(?:对|就|关于|针对)?(?P<name>(?:(?!{_NO_NAME})[一-鿿]){{2,20}}?)(?:[红黄]灯)?的?\s?"
                rf"(?P<word>{_any(word for word in self._named if Order.GOES_ON in order[word])})"
                r"(?:如下|一下|意见)?[\s:：,，](?P<words>.*)",
                re.DOTALL,
            ),
        )

    def verb_first(self, text: str) -> str | None:
        """「W0190 批示 请本周内对接」 as 「批示 W0190 请本周内对接」; None for anything else, questions too.

        What a decision is about stands behind the number: 「同意延期W0190」 is 「同意 W0190 延期」.
        """
        text = single_spaced(text)
        said = self._number_first.match(text)
        if said is not None and not is_question(said["rest"]):
            return turned(said["wish"] or said["act"], said)
        said = self._told.match(text)
        if said is not None and not is_question(said["rest"]):
            return turned(said["already"] or said["told"] or _FINISHED, said)
        for form in self._decisions:
            said = form.match(text)
            if said is not None and not is_question(said["rest"]) and _decides(said):
                about = "".join(_objects(said))
                verb = button_of(said["verb"], about)
                if verb != said["verb"]:
                    about = ""
                number, rest = said["number"].strip(), said["rest"].strip(STRIPPED)
                return " ".join(filter(None, (verb, number, about, rest)))
        said = self._last.match(text)
        if said is None or is_question(said["rest"]):
            return None
        if said["of"] and said["of"] != _TAIL_OF.get(said["last"]):
            return None
        if is_thanks(said["rest"]):
            return f"{said['last']} {said['number']}"
        return f"{turned(said['last'], said)} {(said['tail'] or '').strip(STRIPPED)}".strip()

    def of_name(self, text: str) -> tuple[str, str, str] | None:
        """「已阅 循环园」, 「循环园已阅」, 「更正 循环园 8500 多报」: the verb, the name, the words behind it."""
        if not any(word in text for word in self._named):
            return None
        text = single_spaced(text)
        said = next((found for form in self._of_name if (found := form.fullmatch(text)) is not None), None)
        return (
            (said["word"], said["name"], said["words"].strip(STRIPPED + "\n")) if said is not None else None
        )


def single_spaced(text: str) -> str:
    """One blank or line break for each run of them: the expressions here allow no more than one.

    Where they allowed any number, each way to share a run between them was tried.
    """
    if "  " not in text and text.isprintable():  # of all blanks only " " is printable
        return text
    return _BLANKS.sub(lambda run: "\n" if "\n" in run[0] else " ", text)


def turned(verb: str, said: re.Match[str]) -> str:
    """The verb, then the group `number`, then the group `rest`."""
    return f"{verb} {said['number'].strip()} {said['rest'].strip(STRIPPED)}".strip()


def button_of(verb: str, about: str) -> str:
    """The button that a decision means by what it is about; the verb itself where that has no other."""
    of = about.replace("办结时限", "")
    return next((to for (what, said), to in _BUTTON_OF.items() if said == verb and what in of), verb)


def _decides(said: re.Match[str]) -> bool:
    """退回 is of a dispatch unless it names the feedback."""
    return said["verb"] != _SENT_BACK or any(_FEEDBACK in word for word in _objects(said))


def _objects(said: re.Match[str]) -> list[str]:
    return [word for name in ("object", "object2") if (word := said.groupdict().get(name))]


def _any(words: Iterable[str]) -> str:
    """Any of these words, the longest first; nothing where there are none."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word))) or r"(?!)"
