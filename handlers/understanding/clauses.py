"""A message cut into clauses: the stretches that each say one thing.

People write without punctuation, in lists, in tables and in 「标题：内容」 lines. A clause keeps what stands
over it (`label`): the heading before a colon, or the header of its table column.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.understanding.phrases import NO_WORDS, Phrases, Shown, Words
from handlers.understanding.phrases.money import SOFT_BREAK
from handlers.understanding.tables import find_tables
from handlers.understanding.values.dates import DateToken
from handlers.understanding.values.numbers import AmountToken, PercentToken
from handlers.understanding.values.quantities import is_quantity
from handlers.understanding.values.tokens import Tokens

_SEPARATOR = re.compile(r"[,，;；。!?…\n:()| ](?:(?<= ) *|(?<! )[,，;；。!?…\n:()|]*)")  # marks, or blanks
_ITEM = Phrases(
    r"(?:(?<=[;；。:,，\n !|】])|^)[ ]{0,3}"
    r"(?:(?P<n>\d{1,2})(?:[.、](?!\d)|、(?=\d{4}(?:项目|于|累计|今年|本月|[^\d]?\d月)|\d{1,2}月(?:\d|[底初中上下份前]))|[)])|[(](?P<p>\d{1,2})[)]"
    r"|(?P<h>[一二三四五六七八九十]{1,2})、)|[ ]{0,3}(?P<c>[①-⑳])|[(](?P<q>[1-9])[)]"
)
_SENTENCE_END = re.compile(r"[;；。!?\n]")
_MERE_COMMAS = frozenset({"", ",", "，", "、"})
_NEVER_INSIDE = frozenset({",", "，", "；", "。", "\n"})  # a number, the time of day, a name
_LONGEST_CLAUSE = 300
_LISTED = re.compile("、")
# 「换管6公里、投资320万」, 「手续已齐、拟11月开工」
_LISTED_ANEW = re.compile(
    r"、(?=(?:今年|本年|本[月周旬])(?:已|累计|完成|投资|投了|干了|花了)+[\d一二两三四五六七八九]|(?:完成)?投资(?:完成)?[\d一二两三四五六七八九]|累计(?:完成|投资|支付)?(?:投资)?[\d一二两三四五六七八九]|年[累投]|支付率|完成率|占(?:年|全|计|总)|[拟预]计?\d"
    r"|\d{1,2}月\d{1,2}[日号]?(?:正式|全面|全线|整体)?(?:[开竣完]工|投产|通车|通水|并网|交付|开业|开园|开门|投用|验收))"
)
_JOINS_NUMBER = re.compile(
    r"(?:月份?|季度|上半年|累计|累积|完成|投资|投入|今年|本月|本周|本旬|支付|到位|拨付|(?<!签)约|为|是|年累|占|进度|计划|任务|目标|(?:完成|支付)率|达|达到|共|截[至止]|于|到|至|近|超)$"
)
# What may stand before the first words that say something.
_PREAMBLE = re.compile(
    r"(?:(?:现将?|现就)?(?:[\u4e00-\u9fff]{0,4}?情况)?(?:报告|汇报|报送|上报|补报|反馈|反映|通报|补充|说明|更新|报)(?:一)?(?:下|个数|如下)?|如下|情况如下|具体如下"
    r"|(?:[\u4e00-\u9fff]{0,4}(?:领导|老师|同事|专班|主任|局长|科长))?(?:们)?(?:您|你|大家|早上|上午|下午|晚上)?好)\s*"
)
_TIME_OF_DAY = re.compile(r"(?:\D{0,2}|[a-z\d]?)(?<![\da-z])\d{1,2}:\d\d(?!\d)")
_ITS_DAY = re.compile(
    r"(?:开工|动工|竣工|完工|交工|通车|投产|交付|投用|开业)(?:时间|日期)$|(?:计划|预计|拟定?)(?:开工|动工|竣工|完工|交工|通车|投产|交付)$"
)
_CALLED_BY_NUMBER = re.compile(r"\d{4}(?:项目|于|累计|今年)")
_HEADS_NAMES = re.compile(r"(?:^|(?<=[\s:;；。,，]))\d{4}$")  # 「6080、华兰分别完成…」: a name by its number
_SAID_NUMBERS = "一二两三四五六七八九十百零壹贰叁肆伍陆柒捌玖拾"
_JOINS_DATE = frozenset({"截至", "截止", "于", "到", "至"})  # 「截至 上月底」, but 「基础完成 今年9600万」
_JOINS_PHRASE = re.compile(
    r"(?:[周月旬日季年度份别来内中已共前底末初额实际就都为的将要能可划预拟争取保望应须需再又还把将由从自是在至止到占达计总数份间起\-]|项目|工程|情况|数据|统计|口径)$"
)
_ASIDE = re.compile(
    r"^(?:含|其中|总投|年度|全年|原报|均为|今年|本年|开工|单位|累计|附|见|不含|包括|占|约|万元|亿元|计划|预计|目标|较|比|同比|按|另|本月|本周)"
)
# 「投资进度（占总投）71.5%」: what the number behind it is a share of.
_OF_WHAT = re.compile(r"占(?:年度?|全年|总|计划)[\u4e00-\u9fff]{0,6}")
# Only where nothing else separates, as in speech turned to text.
_SPOKEN_LENGTH, _SHORTEST_SAID = 22, 4
_SPOKEN_PAUSE = re.compile(
    r"(?:(?<=[\u4e00-\u9fff])了[啊呢吧嘛哈]?|(?<=[\u4e00-\u9fff元万亿])(?<![月天周年日旬个])[吧嘛啊呢])(?![一二两三四五六七八九十\d](?!\S{0,3}[月号])|[几了吗吧啊呢的嘛有大约个多])(?=[\u4e00-\u9fff]{4}|\d{1,2}月)"
)
# 「投了九百八十万|匝道路面铺完一层」: works told in one breath with the money before them.
_WORKS_BEHIND_MONEY = re.compile(
    r"(?![的元多左上来]|设备|机器|材料|生产线)(?![\u4e00-\u9fff\d]{0,8}(?:款|费|资金|其中))[\u4e00-\u9fff\d#]{2,8}?(?:[铺做干弄装建打浇砌修拆挖吊调]完|封顶|[做干弄装建修]好|装上|结束|收尾|贯通)"
)
_HAN_NUMBERS = "一二三四五六七八九十"


@dataclass(slots=True)
class Clause:
    """Plain positions [start, end). sentence and item group clauses; item is the sender's list number."""

    start: int
    end: int
    words: Words
    sentence: int
    item: int | None
    label: Words
    label_at: int = -1  # where the label begins, -1 for a table header
    aside: bool = False  # inside parentheses
    opens: bool = False  # first clause of its sentence or list item
    separator: str = ""
    heads: bool = False  # a colon follows
    number: int = -1  # position among the clauses of the message
    amounts: Sequence[AmountToken] = ()
    money: Sequence[AmountToken] = ()  # the amounts that count no things
    percents: Sequence[PercentToken] = ()
    dates: Sequence[DateToken] = ()

    @property
    def text(self) -> str:
        return self.words.text


def clauses_of(plain: str, tokens: Tokens, shown: Shown) -> list[Clause]:
    """All clauses of the message, tables included. shown: the signs in plain."""
    found = _cut(plain, tokens, shown)
    for number, clause in enumerate(found):
        clause.number = number
    _hand_out(found, tokens, plain)
    return found


def _items(plain: str, start: int, end: int) -> dict[int, tuple[int, int]]:
    """Where the list markers of a row end → (where they start, their number), in order."""
    found = {}
    number = 0
    for match in _ITEM.each(plain, start, end):
        words = match["n"] or match["p"]
        if match["q"] and (int(match["q"]) != number + 1 or (not number and "(2)" not in plain[start:end])):
            continue  # 「…车间(2)」 is no marker unless (1) stands before it, nor that without (2)
        if words := words or match["q"]:
            number = int(words)
        elif match["c"]:
            number = ord(match["c"]) - ord("①") + 1
        else:
            number = _HAN_NUMBERS.find(match["h"][-1]) + 1 + (10 if len(match["h"]) > 1 else 0)
        found[match.end()] = (match.start(), number)
    return found


class _Numbers:
    """Where the numbers of a text stand; no separator inside one separates anything."""

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        self.starts = frozenset(start for start, _ in ranges)
        self.in_order = sorted(end for _, end in ranges)
        self.ends = frozenset(self.in_order)
        self.inside = frozenset(at for start, end in ranges for at in range(start + 1, end))


def _cut(plain: str, tokens: Tokens, shown: Shown) -> list[Clause]:
    found: list[Clause] = []
    numbers = _Numbers(tokens.ranges())
    rows = list(_rows(plain))
    tables = find_tables(plain, rows, numbers.inside) if len(rows) > 1 else {}
    sentence, item, label = 0, None, NO_WORDS

    for start, row_end in rows:
        sentence += 1
        if start in tables:
            for column, (a, b, heading) in enumerate(tables[start]):
                if b > a:
                    cell = Clause(
                        a,
                        b,
                        Words(plain[a:b], shown.between(a, b)),
                        sentence,
                        None,
                        Words.of(heading),
                        opens=column == 0,
                        separator="|",
                        heads=plain.startswith(":", b),
                    )
                    found.append(cell)
            continue
        label, label_at, opens, depth, separator = NO_WORDS, -1, True, 0, "\n"
        outer: Clause | None = None  # the last clause before a bracket
        items = _items(plain, start, row_end) if shown.anywhere & _ITEM.bit else {}
        for a, b, after in _pieces(plain, start, row_end, numbers, items):
            if a in items:
                item, opens, label, label_at = items[a][1], True, NO_WORDS, -1
                sentence += 1
            text = plain[a:b].lstrip(" ")
            if says_something := text != "" and not text.isspace():
                begin = b - len(text)
                words = Words(text, shown.between(begin, b))
                aside = depth > 0 and separator == "("
                heads = plain.startswith((":", "):"), b)
                found.append(
                    Clause(begin, b, words, sentence, item, label, label_at, aside, opens, separator, heads)
                )
                opens = opens and _PREAMBLE.fullmatch(plain, begin, b) is not None
                if depth <= 0:
                    outer = found[-1]
            if after in _MERE_COMMAS:
                separator = after
                continue
            closes = depth > 0 and after.startswith("):")
            depth += after.count("(") - after.count(")")
            if closes and outer is not None and found[-1] is not outer:
                # 「宝泉水镇（总投资20亿元）：8月完成…」: what stands before the bracket heads what follows.
                found[-1].heads, outer.heads = False, True
                label, label_at = outer.words.stripped(), outer.start
            elif ":" in after:
                label, label_at = (words.stripped(), begin) if says_something else (label, label_at)
            elif _SENTENCE_END.search(after):
                opens, label = True, NO_WORDS
                sentence += 1
            separator = "(" if "(" in after else after
    return found


def _rows(plain: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(plain):
        end = plain.find("\n", start)
        end = len(plain) if end < 0 else end
        if end > start:
            yield start, end
        start = end + 1


def _pieces(
    plain: str, start: int, end: int, numbers: _Numbers, items: Mapping[int, tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """Ranges between separators with the separator that follows; soft breaks have an empty one."""
    markers = [begin for begin, _ in items.values()]
    breaks = [
        _before_marker(match.span(), markers) if markers else match.span()
        for match in _SEPARATOR.finditer(plain, start, end)
        if match.start() not in numbers.inside
        and (match[0] in _NEVER_INSIDE or _separates(plain, start, end, match, numbers.starts))
    ]
    breaks += [(at, at) for at in _spoken_breaks(plain, start, end, breaks, numbers)]
    breaks += [
        (at, at)
        for at in numbers.in_order[
            bisect_right(numbers.in_order, start) : bisect_right(numbers.in_order, end)
        ]
        if plain[at - 1] in "万亿元" and _WORKS_BEHIND_MONEY.match(plain, at, end)
    ]
    breaks += [  # 「甲41%、乙56%」
        match.span()
        for match in _LISTED.finditer(plain, start, end)
        if (match.start() in numbers.ends or _is_told_beside(plain, match.start(), numbers.ends))
        and not _HEADS_NAMES.search(plain, max(start, match.start() - 5), match.start())
        and (match.end() not in numbers.starts or _CALLED_BY_NUMBER.match(plain, match.end()))
    ]
    breaks += [
        one.span() for one in _LISTED_ANEW.finditer(plain, start, end) if one.start() not in numbers.ends
    ]
    hard = sorted(breaks)
    for match in SOFT_BREAK.each(plain, start, end):
        at = match.start()
        if at > start and at not in numbers.inside and _breaks_here(plain, start, at, hard, numbers.ends):
            breaks.append((at, at))
    breaks += [(begin, after) for after, (begin, _) in items.items()]
    breaks.sort()
    at = start
    if end - start > _LONGEST_CLAUSE:
        breaks = list(_none_too_long(breaks, start, end))
    pieces = []
    for a, b in breaks:
        if a < at:
            at = max(at, b)
            continue
        pieces.append((at, a, plain[a:b]))
        at = b
    pieces.append((at, end, "\n"))
    return pieces


def _is_told_beside(plain: str, at: int, ends: Container[int]) -> bool:
    """「甲1.9亿（73%）、乙…」: a number in brackets right before the mark."""
    return plain.startswith(")", at - 1) and at - 1 in ends


def _before_marker(span: tuple[int, int], markers: Sequence[int]) -> tuple[int, int]:
    """「进度：（1）…」: the colon ends where the marker begins, whose bracket is no part of it."""
    at = bisect_right(markers, span[0])
    return (span[0], min(span[1], markers[at])) if at < len(markers) else span


def _spoken_breaks(
    plain: str, start: int, end: int, breaks: Sequence[tuple[int, int]], numbers: _Numbers
) -> Iterator[int]:
    """Where a long stretch without any punctuation goes on with something else: 「都吊完了|累计是八千四」."""
    at = start
    for a, b in [*sorted(breaks), (end, end)]:
        if a - at >= _SPOKEN_LENGTH:
            yield from (
                match.end()
                for match in _SPOKEN_PAUSE.finditer(plain, at, a)
                if match.end() not in numbers.inside and match.end() - at >= _SHORTEST_SAID
            )
        at = max(at, b)


def _separates(plain: str, start: int, end: int, match: re.Match[str], starts: Container[int]) -> bool:
    a, b = match.span()
    words = match[0]
    before_digit = b < end and plain[b].isdigit()
    if words == ":" and before_digit and _TIME_OF_DAY.match(plain, max(start, a - 3)):
        return False  # 10:30
    if words == ":" and _ITS_DAY.search(plain, max(start, a - 8), a):
        return False  # 「开工时间：3月15日」
    if (
        words.isspace()
        and (before_digit or b in starts)
        and (joint := _JOINS_NUMBER.search(plain, max(start, a - 4), a))
        and (before_digit or plain[b] in _SAID_NUMBERS or joint[0] in _JOINS_DATE)
    ):
        return False  # 累计 5500
    return words not in "()" or _is_aside(plain, a, end, words)


def _none_too_long(breaks: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The breaks, and more where a stretch without any would be longer than anybody's sentence."""
    at = start
    for a, b in [*breaks, (end, end)]:
        while a - at > _LONGEST_CLAUSE:
            at += _LONGEST_CLAUSE
            yield at, at
        if a < end:
            yield a, b
        at = max(at, b)


def _breaks_here(
    plain: str, start: int, at: int, hard: Sequence[tuple[int, int]], ends: Container[int]
) -> bool:
    """A phrase begins a clause when something was said before it, not right after a date or 共, 已."""
    if at in ends:
        return False
    index = bisect_right(hard, (at, at)) - 1
    begin = hard[index][1] if index >= 0 else start
    return at - begin >= 4 and _JOINS_PHRASE.search(plain, max(begin, at - 4), at) is None


def _is_aside(plain: str, at: int, end: int, words: str) -> bool:
    """Parentheses break a clause when they hold a remark with figures, not when they are part of a name."""
    if words.startswith("("):
        close = plain.find(")", at, min(end, at + 40))
        return (
            close > 0
            and _OF_WHAT.fullmatch(plain, at + 1, close) is None
            and (_ASIDE.match(plain, at + 1) is not None or _ASIDE.match(plain[at + 1 : close]) is not None)
        )
    start = plain.rfind("(", max(0, at - 40), at)
    inside = plain[start + 1 : at]
    return start >= 0 and _ASIDE.match(inside) is not None and _OF_WHAT.fullmatch(inside) is None


def _hand_out(clauses: list[Clause], tokens: Tokens, plain: str) -> None:
    """Give each clause the tokens that begin in it."""
    if not clauses:
        return
    begins = [clause.start for clause in clauses]

    def owner(position: int) -> Clause | None:
        clause = clauses[bisect_right(begins, position) - 1]
        return clause if clause.start <= position < clause.end else None

    for amount in tokens.amounts:
        if clause := owner(amount.start):
            clause.amounts = [*clause.amounts, amount]
            if not is_quantity(plain, amount):
                clause.money = [*clause.money, amount]
    for percent in tokens.percents:
        if clause := owner(percent.start):
            clause.percents = [*clause.percents, percent]
    for day in tokens.dates:
        if clause := owner(day.start):
            clause.dates = [*clause.dates, day]
