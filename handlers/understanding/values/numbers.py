"""Money and percentages as people write them. A grammar: it takes the whole span or does not understand it.

Amounts are exact integers (fen); no float is ever involved. 「三亿二」 is 3.2亿 because 亿 is followed by one
digit; 「三亿二千」 is refused, since it may mean 3亿2千万 as well as 3亿零2千.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.understanding.phrases import Words, any_of, matches
from handlers.understanding.reading import Amount, Percentage
from handlers.understanding.text import Source

FEN_PER_YUAN = 100
WAN, YI = 10_000, 100_000_000
_MOST_DIGITS = 15  # 999 万亿 is above every public budget; longer runs are serial numbers

_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟两圆", "一二三四五六七八九十百千二元")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_PLACES = {"千": 1000, "百": 100, "十": 10}

_CHINESE = "零一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟点"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?"
_PIECE = rf"(?:{_NUMBER}|[{_CHINESE}]+)"
_UNIT = r"(?:[千百十仟佰拾]?万亿|[千百十仟佰拾]?[万亿]|[千百]|w(?![a-z0-9]))"
# 「2100万多写了个零」 hedges nothing.
_MORE = "多(?![写打输填敲算统报计记录加])(?:一?点儿?(?![\\d零一二三四五六七八九十]))?"
_TAIL = (
    rf"(?:[余来几]|{_MORE})?(?:元?人民币|元|块钱|圆)?(?:[整正](?![\u4e00-\u9fff]))?"
    rf"(?:左右|上下|出头|以上|{_MORE})?"
)
_HALF_MORE = "半(?![年个天月日小数程成夜边截期层幅座栋幢周晌])"  # 「一亿半」, but 「投资1亿，半年…」
# After the first piece everything is optional, so the expression never has to go back.
AMOUNT_RUN = re.compile(
    rf"(?<![\da-z#.])[¥￥]?(?:{_PIECE}(?:个半(?=[万亿]))?|[大小]?半个?(?=亿))"
    rf"(?:[余多来几]?个?[余多来几]?{_UNIT}(?:[余来几]|{_MORE}|{_HALF_MORE})?零?{_PIECE}?)*{_TAIL}(?:[\d{_CHINESE}]角(?:[\d{_CHINESE}]分)?)?"
)
# A Chinese digit that stands alone counts something else (_NOT_ALONE).
_BEGINS_AMOUNT = re.compile(
    rf"[¥￥\d{_CHINESE}](?:(?<=[^{_CHINESE}])|(?=[\d{_CHINESE}余多来几个万亿w元块圆整正左上出以角]))|[大小]?半个?亿"
)
_THOUSANDS = re.compile(r"[一二两三四五六七八九]千[一二三四五六七八九]")
_USUAL = re.compile(rf"({_NUMBER})([万亿])?(元)?")
_HALVES = re.compile(r"([^万亿半个]+)(?:个半([万亿])|个?([万亿])半)|半个?(亿)")
_SHAPE = re.compile(
    r"(?:(?P<yi>[^万亿]+?|[^亿]+万)亿)?(?:(?P<gap>零)?(?P<wan>[^万亿]+)万)?(?P<rest>[^万亿]*)"
)
# 「今年投了八千万三号楼封顶」: the last digit belongs to the building, not to the money.
_COUNTS_ON = re.compile(r"[万亿][一二两三四五六七八九1-9]$")
_BUILDINGS = re.compile(
    r"[号#栋幢层座台]|楼|期(?![末初中间])|标段?(?!准)|沉池|次(?:结构|砌)|段(?!时)|区(?!间)"
)
_HEDGE_ENDS = frozenset("约概近多到过超逾")
_HEDGES_BEFORE = re.compile(r"(?:大约|大概|将近|接近|差不多|不到|超过|约|近|超|逾)$")
_HEDGE = re.compile(r"多一?点儿?|[余多来]|左右|上下|出头|以上")
_GOES_ON_BY_HYPHEN = re.compile(r"-\d")  # 「5-6复工」: neither is money
_MOST_BARE_DIGITS = 8  # a longer number without a unit is a telephone or an account, never 万元
# 「累计完成投资55000000」: nothing but money, whatever its unit; rule C7 asks about it.
_TOTALLED = re.compile(r"(?:累计|年累)(?:共|已|完成|实现|投资|额|[是为达到约:：\s])*$")


_UNIT_BEHIND = re.compile(r" ?\((?:单位:?)?([万亿])元?\)")  # 「13.2（亿元）」
_HOUR = re.compile(r"[012]?\d:[0-5]\d(?![\d.,万亿元w%])")
_MINUTES = re.compile(r"\D?\d{1,2}:[0-5]\d(?!\d)")
_CALLED = re.compile(
    r"(?:电话|手机|联系|传真|座机|微信|账号|工号|编号|[qQ]{2})[号码方式人]{0,2}(?:不?是)?[:：\s]*$"
)
# 「一」, 「三」, 「十五」 without a unit count something else; 「八千六」 may be money.
_NOT_ALONE = re.compile(
    r"[零一二两三四五六七八九十点壹贰叁肆伍陆柒捌玖拾]+[余多来几]?(?:左右|上下|以上)?|[零百千佰仟]+"
)
_YUAN = re.compile(r"(?:元人民币|元|块钱)")
_PLAIN = re.compile(rf"{_NUMBER}")
_SPOKEN_DECIMAL = re.compile(r"([零一二三四五六七八九十百千]+)点([零一二三四五六七八九]+)")


@dataclass(slots=True)
class Exact:
    """A decimal number: digits ÷ 10^scale."""

    digits: int
    scale: int = 0

    def times(self, factor: int) -> int | None:
        """The product if it is a whole number."""
        product, rest = divmod(self.digits * factor, 10**self.scale)
        return None if rest else product


def _plain_number(words: str) -> Exact | None:
    words = words.replace(",", "")
    if len(words) > _MOST_DIGITS + 1:
        return None
    whole, _, decimals = words.partition(".")
    return Exact(int(whole + decimals), len(decimals))


def chinese_number(words: str) -> int | None:
    """「两千三百零五」, 「十五」, 「两千三」 (2300), 「6千」 below 10,000; None if it is not one number."""
    words = words.translate(_CAPITALS)
    total, pending, last_place, zero = 0, None, 10_000, False
    for char in words:
        if char in _PLACES:
            place = _PLACES[char]
            if place >= last_place or (pending is None and (place != 10 or total or zero)):
                return None
            total += (1 if pending is None else pending) * place
            pending, last_place, zero = None, place, False
        elif char == "零":
            if pending is not None or zero or not total:
                return None
            zero = True
        elif char in _DIGITS or (char.isascii() and char.isdigit()):
            if pending is not None:
                return None
            pending = _DIGITS[char] if char in _DIGITS else int(char)
        else:
            return None
    if pending is None:
        return None if zero else (total if total or words == "零" else None)
    if total == 0 or zero or last_place == 10:
        return total + pending
    return total + pending * last_place // 10  # 两千三: the next place is left unsaid


def count_in(words: str) -> int | None:
    """「3」, 「３」, 「三」, 「两」, 「十五」: how many; None if it is not one number."""
    return int(words) if words.isdecimal() else chinese_number(words)


def _below_wan(words: str) -> Exact | None:
    """A number without 万 and 亿: 5300, 5,300.5, 一千五百, 6千, 3.5千, 一点二."""
    if _PLAIN.fullmatch(words):
        return _plain_number(words)
    if words[-1:] in _PLACES and _PLAIN.fullmatch(words[:-1]):
        head = _plain_number(words[:-1])
        return None if head is None else Exact(head.digits * _PLACES[words[-1]], head.scale)
    if words == "零":
        return Exact(0)
    if spoken := _SPOKEN_DECIMAL.fullmatch(words):
        whole = 0 if spoken[1] == "零" else chinese_number(spoken[1])
        decimals = "".join(str(_DIGITS[char]) for char in spoken[2])
        return None if whole is None else Exact(int(f"{whole}{decimals}"), len(decimals))
    value = chinese_number(words)
    return None if value is None else Exact(value)


def _rest_value(rest: str, *, after: int) -> int | None:
    """What follows 亿 or 万 without a unit of its own. after: the unit before it."""
    if len(rest) == 1 and (rest.isdigit() or rest in _DIGITS) and rest not in "零0":
        return (_DIGITS[rest] if rest in _DIGITS else int(rest)) * after // 10
    if rest.startswith("零"):
        return None if rest == "零" else _below_thousand(rest[1:])
    if after == YI and _THOUSANDS.fullmatch(
        rest
    ):  # 「一亿八千二」: the next place is left unsaid, and so is 万
        thousands = chinese_number(rest)
        return None if thousands is None else thousands * WAN
    if after == WAN and ("千" in rest[:2] or (rest.isdigit() and rest.isascii() and 3 <= len(rest) <= 4)):
        value = _below_wan(rest)
        return value.times(1) if value else None
    return None


def _below_thousand(words: str) -> int | None:
    """What follows 零; 「一千」 may stand there after 亿, and 「一十五」 is common in accounts."""
    value = _below_wan(words)
    return value.times(1) if value else None


def _yuan(core: str, *, factor: int) -> int | None:
    """The value of a number with 万 and 亿 in it, times factor; None if not understood."""
    shape = _SHAPE.fullmatch(core)
    if shape is None:
        return None
    total, unit = 0, 0
    if shape["yi"]:
        yi = shape["yi"]
        scale = YI
        if yi.endswith("万"):
            yi, scale = yi[:-1], YI * WAN
        head = _below_wan(yi)
        value = head.times(scale * factor) if head else None
        if value is None:
            return None
        total, unit = value, YI
    if shape["wan"]:
        head = _below_wan(shape["wan"].removeprefix("零") if unit else shape["wan"])
        value = head.times(WAN * factor) if head else None
        if value is None or (unit and value >= YI * factor):
            return None
        total, unit = total + value, WAN
    rest = shape["rest"]
    if rest:
        if unit:
            extra = _rest_value(rest, after=unit)
            value = None if extra is None else extra * factor
        else:
            head = _below_wan(rest)
            value = head.times(factor) if head else None
        if value is None:
            return None
        total += value
    return total


@dataclass(slots=True)
class AmountToken:
    """A run of the plain text that reads as a number of money. amount is None when not understood.

    unit: "元" when 元 or 块钱 stands there, "万" for 万, 亿, w alone, "" for a bare number.
    """

    start: int
    end: int
    amount: Amount | None
    unit: str


def _read_run(run: str) -> tuple[int, str, bool] | None:
    """fen, unit and approximate of one run; None when any character of it was not understood."""
    if usual := _USUAL.fullmatch(run):
        words, wan, yuan = usual.groups()
        number = _plain_number(words)
        scale = YI if wan == "亿" else WAN if wan or not yuan else 1
        fen = number.times(scale * FEN_PER_YUAN) if number else None
        return None if fen is None else (fen, "元" if yuan else "万" if wan else "", False)
    run = run.lstrip("¥￥")
    if run.endswith("人民币"):
        run = run.removesuffix("人民币")
    approximate = _HEDGE.search(run) is not None
    core = _HEDGE.sub("", run) if approximate else run
    jiao = 0
    if core.endswith(("角", "分")):
        core, jiao_words = _split_jiao(core)
        if jiao_words is None:
            return None
        jiao = jiao_words
    core = core.removesuffix("整").removesuffix("正")
    plain = _YUAN.sub("", core)
    said_yuan = plain != core
    if said_yuan and not core.endswith(("元", "元人民币", "块钱")):
        return None
    if "半" in plain:
        plain = _halves_written_out(plain)
    plain = plain.translate(_CAPITALS).replace("个", "").replace("w", "万")
    if not plain:
        return None
    unit = "元" if said_yuan else ("万" if "万" in plain or "亿" in plain else "")
    factor = FEN_PER_YUAN if unit else FEN_PER_YUAN * WAN
    value = _yuan(plain, factor=factor)
    return None if value is None else (value + jiao, unit, approximate)


def _halves_written_out(words: str) -> str:
    """「一个半亿」 and 「一亿半」 as 1.5亿, 「半个亿」 as 0.5亿; empty when it is not one whole number and a half.

    「两千万半」 may mean 2000.5万 as well as 2500万.
    """
    match = _HALVES.fullmatch(words)
    whole = 0 if match is None or match[4] else count_in(match[1])
    if match is None or whole is None or (match[3] == "万" and whole >= 10):
        return ""
    return f"{whole}.5{match[2] or match[3] or match[4]}"


def _split_jiao(core: str) -> tuple[str, int | None]:
    head, yuan, tail = core.rpartition("元")
    match = re.fullmatch(r"(?:(.)角)?(?:(.)分)?", tail.translate(_CAPITALS))
    if not yuan or match is None:
        return core, None
    jiao, fen = (chinese_number(part) if part else 0 for part in match.groups())
    return head + yuan, None if jiao is None or fen is None else jiao * 10 + fen


def amount_tokens(source: Source) -> Iterator[AmountToken]:
    """Every run that looks like a number, in order. What it counts is for the reader to find out."""
    text = source.plain
    for match in matches(AMOUNT_RUN, _BEGINS_AMOUNT, text, 0, len(text)):
        start, end = match.span()
        run = match[0]
        if _COUNTS_ON.search(run) and _BUILDINGS.match(text, end):
            run, end = run[:-1], end - 1
        if run[0] in _CHINESE and _NOT_ALONE.fullmatch(run):
            continue
        read = None if "几" in run else _read_run(run)
        if read is not None and not read[1] and _is_no_sum(text, start, run):
            read = None
        if read is None:
            yield AmountToken(start, end, None, "")
            continue
        fen, unit, approximate = read
        if not approximate and text[start - 1 : start] in _HEDGE_ENDS:
            approximate = _HEDGES_BEFORE.search(text[max(0, start - 3) : start]) is not None
        if not unit and (behind := _UNIT_BEHIND.match(text, end)):
            unit = "万"
            fen *= WAN if behind[1] == "亿" else 1
            end = behind.end()
        yield AmountToken(
            start,
            end,
            Amount(fen, unit_said=bool(unit), approximate=approximate, span=source.span(start, end)),
            unit,
        )


def _is_no_sum(text: str, start: int, run: str) -> bool:
    """A bare number that is a telephone number, the minutes of 「8:30」 or the like."""
    return (
        (start > 0 and text[start - 1] == ":" and _MINUTES.match(text, max(0, start - 3)) is not None)
        or (text.startswith(":", start + len(run)) and _HOUR.match(text, start) is not None)
        or (
            sum(map(str.isdigit, run)) >= _MOST_BARE_DIGITS
            and _TOTALLED.search(text, max(0, start - 12), start) is None
        )
        or _GOES_ON_BY_HYPHEN.match(text, start + len(run)) is not None
        or (start > 0 and _CALLED.search(text, max(0, start - 8), start) is not None)
    )


def parse_amount(text: str) -> Amount | None:
    """The whole text as one amount, hedges allowed; None when anything is left over, and for a range."""
    source = Source.of(text.strip())
    plain = source.plain
    begin = len(plain) - len(plain.lstrip(" "))
    hedge = re.match(r"(?:大约|大概|将近|接近|差不多|不到|超过|约|近|超|逾|人民币)*", plain[begin:])
    begin += hedge.end() if hedge else 0
    match = AMOUNT_RUN.match(plain, begin)
    if match is None or plain[match.end() :].strip(" 。") or match.end() == begin:
        return None
    token = next(amount_tokens(source), None)
    return token.amount if token and token.end == match.end() else None


_FRACTION = re.compile(
    r"(?<![一二两三四五六七八九十\d])([一二两三四五六七八九十]{1,3}|\d{1,4})分之([一二两三四五六七八九十]{1,3}|\d{1,4})"
)
_TENTHS = re.compile(r"([一二两三四五六七八九十])成([一二三四五六七八九半])?")
PERCENT_RUN = any_of(
    rf"(?<![\d.a-z])\d+(?:\.\d+)?%|百分之(?:\d+(?:\.\d+)?|[{_CHINESE}]+)|{_FRACTION.pattern}|{_TENTHS.pattern}(?!本|立|果|效|型|功|品)"
    r"|(?<!双)过半|(?<!了)一半"
)


def _basis_points(words: str) -> int | None:
    if words.endswith("%"):
        return _rounded(words[:-1])
    if words.startswith("百分之"):
        number = words[3:].translate(_CAPITALS)
        if number == "百":
            return 10_000
        value = _below_wan(number)
        return None if value is None else int(value.digits * 100 // 10**value.scale)
    if words in {"过半", "一半"}:
        return 5_000
    if tenths := _TENTHS.fullmatch(words):
        whole = chinese_number(tenths[1])
        extra = 5 if tenths[2] == "半" else (_DIGITS[tenths[2]] if tenths[2] else 0)
        return None if whole is None else whole * 1000 + extra * 100
    fraction = _FRACTION.fullmatch(words)
    if fraction is None:
        return None
    below = int(fraction[1]) if fraction[1].isdigit() else chinese_number(fraction[1])
    above = int(fraction[2]) if fraction[2].isdigit() else chinese_number(fraction[2])
    if not below or above is None or above > below:
        return None
    return (above * 20_000 + below) // (2 * below)


def _rounded(number: str) -> int | None:
    value = _plain_number(number)
    if value is None:
        return None
    return int((value.digits * 200 + 10**value.scale) // (2 * 10**value.scale))


@dataclass(slots=True)
class PercentToken:
    """A percentage in the plain text."""

    start: int
    end: int
    basis_points: int


def percent_tokens(words: Words) -> Iterator[PercentToken]:
    """Every percentage of a plain text, in order."""
    for match in words.each(PERCENT_RUN):
        points = _basis_points(match[0])
        if points is not None:
            yield PercentToken(*match.span(), points)


def parse_percentage(text: str) -> Percentage | None:
    """The whole text as one percentage: 75％, 七成五, 过半, 三分之二, 百分之七点五; None otherwise."""
    source = Source.of(text.strip())
    words = source.plain
    hedge = re.match(r"(?:大约|大概|将近|接近|差不多|不到|超过|约|近|超|逾)*", words)
    begin = hedge.end() if hedge else 0
    match = PERCENT_RUN.pattern.match(words, begin)
    if match is None or re.fullmatch(r"多|左右|上下|以上|出头|", words[match.end() :]) is None:
        return None
    points = _basis_points(match[0])
    return None if points is None else Percentage(points, "unspecified", source.span(*match.span()))
