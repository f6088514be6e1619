"""What is told in a roundabout way, put straight before it is read.

「7月、8月分别完成1200万、800万」 is read as 「7月完成1200万，8月完成800万」: only what belongs to one project, periods
and figures by name. Several projects are shared out where their names are known (telling/taking.py). Where the words do
not pair off with the numbers, the text stays as it is.

「完成投资较去年同期增加2000万，达到9800万」 is read as 「完成投资达到9800万」.

「累计4100万，扣除重复的200万，实际3900万」 is read as 「累计实际3900万」, where the sum is right; otherwise it is left
for the author to put right.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from handlers.understanding.phrases import Words, somewhere
from handlers.understanding.text import Source
from handlers.understanding.values.numbers import amount_tokens, percent_tokens

_Span = tuple[int, int]

_GROWTH_UP_TO = re.compile(
    r"[较比同环][^,，。;；:：\n\d]{0,12}(?:增加|增长|提高|上升|新增|多完成|多)了?[\d.]{1,9}(?:[万亿]元?|%|个百分点)?[,，\s]{1,2}"
    r"(?=(?:累计)?(?:已经?)?达到?(?:了|约|近)?\s?\d)"
)

# A quick look before the next two.
_CHANGED = somewhere("[扣剔减刨加]|[去除][掉去]|[多漏少][报算填]|重复|补[上报]")
_TAKEN_OFF = re.compile(
    r"[,，;；(\s]{0,2}(?:其中|里面|里)?(?:需要?|应)?(?:扣[除掉减]?|剔除|减[去掉]?|[去刨]掉|刨[除去]|核减|除去|多[报算填]了?|(?:含有?)?重复)"
    r"[^\d,，。;；\n]{0,10}"
)
_OF_WHICH = re.compile(r"[,，;；(\s]{0,2}(?:其中|里面|里)[^\d,，。;；\n]{0,10}")
_TOO_MUCH = re.compile(r"(?:是|属于?|为)?(?:重复[报算填]?|多[报算填])[了的]{0,2}(?=[,，;；)\s])")
_PUT_ON = re.compile(
    r"[,，;；(\s]{0,2}(?:这次|本次|再|又|还)?(?:加上?|补[上报]|[漏少][报算填]了?)[^\d,，。;；\n]{0,10}"
)
_COMES_TO = re.compile(
    r"[)\s]?(?:之后|以后|后)?[,，;；)\s]{0,2}净?"
    r"(?P<words>(?:实际|实有|应|为|是|剩|还有|等于|现在|目前|就是|合计|共|累计|总|完成|达)[^\d,，。;；\n]{0,8})"
)
_BEFORE_NOW = re.compile(
    r"(?:(?:上[次回周]|之前|此前|原来|原先|原)(?:[上填]?报)?|[上填]报)[的了是为数]*(?=(?:累计|投资|完成)*$)"
)
_NEAR = 20  # characters

# Each kind, and what is written for it or behind it.
_CUT_SHORT_AS = (
    r"(?P<until>(?<![拦堵])截)(?=(?:20)?\d{1,4}[年月.]|昨|今[天日]|上月|月底|目前)"
    r"|(?<=[,，;；。:：(\s])(?P<of_which>[里这那]{1,2}[头面边](?=\d|土建|设备|安装|本[月周旬年]|今年))"
    r"|(?<=[,，;；。])(?P<parts>拆开来?[看说]?)(?=[:：])"
    r"|(?P<slip>(?:(?<=[,，。;；…\s啊哦噢呃额哎])|^)(?:不对|说错了|错了)(?=是[\u4e00-\u9fff])(?!是[因由不原系什谁我你他您的你]))"
    r"|(?P<wrong>(?<=[万亿元\d])[,，\s]?(?:报|写|填)?[多少]了(?=[,，。\s]{1,2}(?:正确|准确|实际|应)))"
    r"|(?P<right>(?<=[,，。;；\s])(?:正确|准确)的?(?:数字?|数据)?(?:应该?)?[是为:：]+(?=\s?\d))"
)
_CUT_SHORT = re.compile(_CUT_SHORT_AS)
_IS_CUT_SHORT = somewhere(_CUT_SHORT_AS)
_WRITTEN = {
    "until": "至",
    "of_which": "其中",
    "parts": "其中",
    "slip": "，",
    "wrong": "不对",
    "right": "应为",
}
_BEHIND = ("until", "slip")  # the words stay, and what is written follows them

_SETTLES = re.compile(r"(?:最终|最后)(?:还是|就)?(?:按|定)\s?(?=[\d一二两三四五六七八九十])")
_TAKES_BACK = re.compile(r"不能算|不算|不对|不是|那是|应该|等等|又发|重新|[算写报]错")
_FEWEST = 2  # amounts

_SAID = re.compile("分别|依次")
_MONTH = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?:今年|本年|20\d\d年)?"
_PERIOD = (
    rf"{_YEAR}(?<!\d)(?:{_MONTH}-)?{_MONTH}(?:月份?(?:[上中下]旬|当月)?|(?:两|三|四)个?月)|{_YEAR}第?[一二三四]季度"
    rf"|{_YEAR}[上下]半[年月]|[上中下]旬|[本当上]月|上个月|这个月|[本上]周"
)
_TOTAL = r"(?:自?(?:项目)?开工(?:建设)?(?:以来|至今)|今年(?:以来)?|本年度?|年度|当年|年初(?:以来|至今)|年内)"
_FIGURE = (
    rf"{_TOTAL}?(?:总?累计|实际|支付|拨付)|{_TOTAL}|(?:年度|全年|今年|本年)?计划|总投资"
    r"|(?:投资|计划|资金|任务)?(?:完成|支付|拨付|到位)率"
)
_WORK = r"(?:的?(?:固定资产)?(?:完成)?(?:投资|产值)?额?)"
_SUBJECT = re.compile(rf"(?P<what>{_PERIOD}|{_FIGURE}|完成投资)(?P<work>{_WORK})")
_MONTHS_TOLD_ONCE = re.compile(r"(?P<number>\d{1,2})(?:[两三四]个?)?月份?")  # 「7、8月份」, 「7、8两月」
_BARE_MONTH = re.compile(r"(?<![\d.])(?P<what>\d{1,2})$")
_JOINS = re.compile(r"[、和与及跟]")
_MARKS = ",，。；;:：\n|"
_VERB = re.compile(r"[^\d,，。；;:：\n|%]{0,10}")
_BETWEEN = re.compile(r"[\s、,，和与及]+")
_NOT_DONE = re.compile(r"预[计期估]|计划|拟|力争|将|有望|目标|确保|争取|准备|打算|安排|能")
_NO_AMOUNT = frozenset("月日号季年个%成")  # behind a number: a day, a count, a percentage
_MOST = 12  # numbers told at once
_LOOK_BACK = 120  # characters


def straight(source: Source) -> Source:
    """The text put straight; positions still lead back to the author's own characters."""
    return _one_by_one(_worked_out(_without_growth(_settled(_in_full(source)))))


def _settled(source: Source) -> Source:
    """「4.68亿，不能算预付款，那是4.55亿，最终按4.57亿」: the amount that is settled on instead of those before it."""
    plain = source.plain
    said = _SETTLES.search(plain)
    if said is None:
        return source
    opens = max(plain.rfind(mark, 0, said.start()) for mark in "。；;\n") + 1
    told = [one for one in amount_tokens(source) if opens <= one.start <= said.end()]
    if len(told) < _FEWEST or told[-1].start != said.end():
        return source
    between = plain[told[0].end : said.start()]
    if _TAKES_BACK.search(between) is None:
        return source
    return _put_together(source, [(0, told[0].start), (said.end(), len(plain))])


def _in_full(source: Source) -> Source:
    """What speech cuts short, as it is written: 「截3月25日」, 「里头本月350万」, 「甲，不对是乙」."""
    plain = source.plain
    if _IS_CUT_SHORT.search(plain) is None:
        return source
    pieces: list[_Span | str] = []
    done = 0
    for found in _CUT_SHORT.finditer(plain):
        kind = found.lastgroup or ""
        at = found.end() if kind in _BEHIND else found.start()
        pieces += [(done, at), _WRITTEN[kind]]
        done = found.end()
    return _put_together(source, [*pieces, (done, len(plain))])


def _worked_out(source: Source) -> Source:
    """What a sum comes to instead of the sum, if its parts add up."""
    plain = source.plain
    if _CHANGED.search(plain) is None or _COMES_TO.search(plain) is None:
        return source
    amounts = [one for one in amount_tokens(source) if one.amount is not None]
    pieces: list[_Span | str] = []
    done = 0
    for had, change, left in zip(amounts, amounts[1:], amounts[2:], strict=False):
        behind = _TOO_MUCH.match(plain, change.end, left.start)  # 「其中200万重复，」
        comes_to = _COMES_TO.fullmatch(plain, behind.end() if behind else change.end, left.start)
        if had.start < done or comes_to is None or not (had.amount and change.amount and left.amount):
            continue
        off = (_OF_WHICH if behind else _TAKEN_OFF).fullmatch(plain, had.end, change.start) is not None
        on = _PUT_ON.fullmatch(plain, had.end, change.start) is not None
        come = had.amount.fen - change.amount.fen if off else had.amount.fen + change.amount.fen
        if not (off or on) or come != left.amount.fen:
            continue
        earlier = _BEFORE_NOW.search(plain, max(done, had.start - _NEAR), had.start)
        pieces += [(done, earlier.start()), (earlier.end(), had.start)] if earlier else [(done, had.start)]
        pieces.append(comes_to.span("words"))
        done = left.start
    return _put_together(source, [*pieces, (done, len(plain))]) if pieces else source


def _without_growth(source: Source) -> Source:
    """By how much a figure grew says nothing of the figure behind it."""
    plain = source.plain
    found = [one.span() for one in _GROWTH_UP_TO.finditer(plain)] if "达" in plain else []
    if not found:
        return source
    edges = [0, *(edge for span in found for edge in span), len(plain)]
    return _put_together(source, list(zip(edges[::2], edges[1::2], strict=True)))


def _one_by_one(source: Source) -> Source:
    """Each number behind what it is of."""
    plain = source.plain
    if _SAID.search(plain) is None:
        return source
    numbers = sorted(
        [
            *(
                (one.start, one.end)
                for one in amount_tokens(source)
                if plain[one.end : one.end + 1] not in _NO_AMOUNT
            ),
            *((one.start, one.end) for one in percent_tokens(Words.of(plain))),
        ]
    )
    pieces: list[_Span | str] = []
    done = 0
    for said in _SAID.finditer(plain):
        listed = _listed(plain, said.end(), numbers)
        begin = max(done, said.start() - _LOOK_BACK)
        subjects = _subjects(plain, begin, said.start(), len(listed)) if listed else []
        if not subjects:
            continue
        verb = (said.end(), listed[0][0])
        pieces.append((done, subjects[0][0][0]))
        for number, (subject, work) in enumerate(subjects):
            pieces += [subject, work, verb, listed[number], "，"]
        pieces.pop()
        done = listed[-1][1]
    return _put_together(source, [*pieces, (done, len(plain))]) if pieces else source


def _listed(plain: str, at: int, numbers: Sequence[_Span]) -> list[_Span]:
    """The numbers behind 分别, one right behind the other; none unless at least two."""
    first = bisect_left(numbers, (at, at))
    found = numbers[first : first + _MOST]
    if not found or _VERB.fullmatch(plain, at, found[0][0]) is None:
        return []
    several = [found[0]]
    for before, one in pairwise(found):
        if _BETWEEN.fullmatch(plain, before[1], one[0]) is None:
            break
        several.append(one)
    return several if len(several) > 1 else []


def _subjects(plain: str, at: int, end: int, count: int) -> list[tuple[_Span, str]]:
    """Of what each of as many numbers is, and the words that the last says for all of them; none when it is not plain.

    at, end: where the words may stand.
    """
    start = max(at, *(plain.rfind(mark, at, end) + 1 for mark in _MARKS))
    cuts = [(one.start(), one.end()) for one in _JOINS.finditer(plain, start, end)]
    parts = [(a[1], b[0]) for a, b in pairwise([(start, start), *cuts, (end, end)])]
    if len(parts) != count:
        return []
    last = _SUBJECT.fullmatch(plain, *parts[-1])
    if last is None:
        return []
    month = _MONTHS_TOLD_ONCE.fullmatch(last["what"])
    found: list[tuple[_Span, str]] = []
    for number, part in enumerate(parts[:-1]):
        told = _within(plain, part, first=number == 0)
        if told is not None:
            found.append((told.span(), "" if told["work"] else last["work"]))
        elif month and (bare := _BARE_MONTH.search(plain, *part)):
            found.append((bare.span(), f"月{last['work']}"))
        else:
            return []
    first = found[0][0][0]
    sentence = max(at, *(plain.rfind(mark, at, first) + 1 for mark in "。；;\n"))
    if _NOT_DONE.search(plain, sentence, first):
        return []  # 「预计7月、8月分别完成…」: it holds for both
    if month:
        here = last.start("what")
        return [*found, ((here, here + len(month["number"])), f"月{last['work']}")]
    return [*found, (last.span(), "")]


def _within(plain: str, part: _Span, *, first: bool) -> re.Match[str] | None:
    """The subject that a part is; of the first part, in front of which the project is named, what it ends with."""
    if not first:
        return _SUBJECT.fullmatch(plain, *part)
    for at in range(*part):
        if found := _SUBJECT.fullmatch(plain, at, part[1]):
            return found
    return None


def _put_together(source: Source, pieces: Sequence[_Span | str]) -> Source:
    """A word of our own stands where the piece before it ended."""
    offsets = source.offsets or range(len(source.plain) + 1)
    plain: list[str] = []
    places: list[int] = []
    for piece in pieces:
        if isinstance(piece, str):
            plain.append(piece)
            places += [places[-1]] * len(piece)
        else:
            plain.append(source.plain[slice(*piece)])
            places += offsets[slice(*piece)]
    return Source(source.original, "".join(plain), (*places, offsets[len(source.plain)]))
