"""The forms in which dates are written, found in a plain text; what days they mean is decided in dates.py."""

from __future__ import annotations

import calendar as gregorian
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from handlers.understanding.phrases import matches
from handlers.understanding.values.numbers import count_in


@dataclass(slots=True)
class DateToken:
    """One date form on the plain text. kind names the form, the numbers are what it says.

    before: 前 or 之前 follows (included in the range). first, second: meaning depends on kind.
    """

    start: int
    end: int
    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str = ""
    offset: int = 0
    before: bool = False
    to_month: int | None = None


_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
# Four digits alone are a year only where the words of a date follow; 2000万 is an amount.
_YEAR = (
    r"(?:(?<![\d.])20\d\d(?:年|(?=[上下]半年|前三个?季|年|第?[一二三四1-4]季|q[1-4]))"
    r"|(?:[今明去]|(?<![目以之])前)年|本年度?|上年度?)"
)
_PART = r"(?:底|末|初|中旬|上旬|下旬|中(?=[,，。;；前]|之前|$)|上半月|下半月)"
_BEFORE = r"(?:之前|以前|前(?!期|来|往|后|段|置|沿|面|述|三|两|方|天)|之内|以内|内(?!部|容|部|河|外|环))?"
_NOT_A_NUMBERED_THING = (
    r"(?![楼线车厂地道路桥塔机井院栋库门坝泵变研教宿综隧洞闸仓炉标文令公块段区口墩台孔池罐渠管"
    r"、\-#病住办科学锅主辅墙沉]|实(?!际))"
)
# What makes 「5.20」 or 「8/15」 a day although neither 月 nor 日 is said: the words before it, or those behind it.
_MEASURED = r"(?:[亿万个千百元吨亩平套座栋根台眼倍兆伏版级条项段标℃度米里号楼户]|公[里顷]|小时|[a-z])"
_DAY_AFTER = re.compile(
    r"(?:截[至止]到?|截止到|[\s,，。;；]到|(?<![低高小大等多少优位])于|最[迟晚]|不晚于|(?:时间|日期)\S{0,4})\s?$"
    r"|(?:时间|日期|开工|动工|完工|竣工|通车|投产|开业|交付|封顶|开标)\S{0,4}(?:[定改推延拖调]\S{0,3}[在于到至为成]|[为是])\s?$"
)
_OF_A_DAY = re.compile(r"日期|时间|[开竣完动]工|投产|通车")
_MOVED_TO = re.compile(r"(?:[改挪推延拖]|调整?|顺延|提前)[到至为成]\s?$")  # 「改成11/15」
_DAY_BEFORE = re.compile(
    r"\s?[也都均]?(?:(?:日|号|起|已|就|才|正式|顺利|全[线面部]|整体|提前)?"
    r"(?:新?开工|动工|复工|竣工|完工|投产|通车|进场|交[付工]|并网|开业|封顶|批[复了]|通过|验收|送电|通电|举[行办]|召开|挂网|开会|出具|完成(?!率|投资\d)|拿到?|取得"
    r"|办[结好完]|移交|到[货场位]|恢复|对外|试运行|送达|[报发]的|上报|开[始的工标]|施工|一次|新开工|下达|正式|已|全部|全面|全线|提供|迁完|拆完|送|摘牌|揭牌|签约|开[通园门](?!率)|[三四五]方|试[营运投]|办的|补报|永久)"
    r"|累[计积](?!\d{1,2}[月.])|[动破开复完竣通投交并]的(?:[工土建车产付网业])?|要[到去来在开交]"
    r"|(?:调度|专题|推进|协调|例)会|本[周旬月日]|[周旬日月]报|[上下]午|左右(?=开|完|竣|通|投|交|能|可|拿|进)|起)"
)
_A_SUM_BEFORE = re.compile(r"(?:累计|投资|完成|合计|支付|到位|共|约|为|是|达|占)\s?$")
_CUT_OFF_BEFORE = re.compile(r"(?:截[至止]到?|截止到|(?<![低高小大等多少优位])于)\s?$")
# 「1-6完成…」 may mean the months, 「5-8开工」 means a day.
_BY_A_HYPHEN = re.compile(
    r"(?:正式)?(?:开工|动工|复工|竣工|完工|投产|通车|进场|交[付工]|并网|开业|对外|批复|验收|通过|送电|出具|开标|办结|举行|破土)"
)
_LOOK_BACK, _LOOK_AHEAD = 14, 8
# Where a form can begin at all, by its next characters: the forms themselves are dear to try in vain.
# Whoever adds a form adds its beginning; a test compares both.
_BEGINS_DATE = re.compile(
    r"""[\d一二两三四五六七八九十半本这当上下次月年季今明去前后昨大周星礼国中端春元清劳节q头第](?:
      (?<=\d)(?=\d{0,3}(?:[年月日号个工天周星礼季上下前第一二三四q./\-至到、]|[1-4]季))
    | (?<=[一二两三四五六七八九十半])(?=[一二两三四五六七八九十半]{0,2}[月日号个工天周星礼季至到、,\-])
    | (?<=[五十])(?=一) | (?<=[本这上下])(?=[年月旬个季周星礼一半下上]) | (?<=[当次])(?=月)
    | (?<=月)(?=[底末初中内]) | (?<=年)(?=[年底末终内中前关]) | (?<=[今明去前后昨])(?=[年天日早晚晨儿])
    | (?<=[前头])(?=[\d两二三四五六七八九十]) | (?<=大)(?=[后前]) | (?<=周)(?=[一二三四五六日天末内])
    | (?<=中)(?=[秋旬]) | (?<=节)(?=[前后]) | (?<=q)(?=[1-4])
    | (?<=第)(?=[一二三四1-4]季) | (?<=季)(?=度) | (?<=星)(?=期) | (?<=礼)(?=拜) | (?<=国)(?=庆) | (?<=端)(?=午)
    | (?<=春)(?=节) | (?<=元)(?=旦) | (?<=清)(?=明) | (?<=劳)(?=动)
    )""",
    re.VERBOSE,
)
_FORMS = re.compile(
    rf"""(?:
      (?P<full>(?<!\d)(20\d\d)(?:年(?=\d{{1,2}}(?:[月/]\d|\.\d{{1,2}}(?![\d亿万个千%元])))|(?=[./-]\d{{1,2}}[./-]\d)[./-])(\d{{1,2}})[月./-](\d{{1,2}})[日号]?)
    | (?P<months>(?:(?<![;；:\n])|(?![^月]{{0,4}}、))({_YEAR})?({_N})(?:月份?)?(?:、{_N}(?=、))?
        [-至到、]({_N})(?:[两三四]个)?月份?(?:底|末|([上中下]旬))?)
    | (?P<january>({_YEAR})?一[、,]?二月份?)
    | (?P<month>(?<![\d.])({_YEAR})?的?({_N})月(?:份)?({_PART}
        |(?<=月)(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})
        (?:[日号](?!楼)|(?![\d日号个月栋座台套户公米.家人亿万一二三四五六七八九十]|,\d\d\d)))?)
    | (?P<relmonth>(本|这个|这|当|上个|上|下个|下|次)月(?:份)?({_PART}|({_N})[日号])?)
    | (?P<baremonth>(?<![\d一二三四五六七八九十本这当上下个次])月(底|末|初|中(?!心|间)|内))
    | (?P<quarter>({_YEAR})?(?:第?([一二三四1-4])季(?:度|(?![\u4e00-\u9fff])|(?=[末底初内前后累完投共已实超就到是为]))
        |q([1-4])|([本这上下])(?:个)?季度
        |(?<![一二三四])季度)(末|底|初|内)?(?<!度内))
    | (?P<half>({_YEAR})?(上半年|下半年|前[两三]个?季度)(?:末|底)?)
    | (?P<firstmonths>({_YEAR})?[前头]([两二三四五六七八九十]|1[01]|[2-9])个?月(?!内|的?时间))
    | (?P<halfmonth>(上半月|下半月|[本上下这]旬|[上中下]旬))
    | (?P<yearend>({_YEAR})?(?:年)?(?:(?<=年)|(?=年))(年底|年末|年终|年内|年中|底|末)(?!线))
    | (?P<daysago>大后天|大前天|今(?:[天日早晚晨]|儿个?)|明(?:[天日早晚]|儿个?)|后[天儿]|昨(?:[天日晚]|儿个?)|前[天儿])
    | (?P<weekday>(?:(本|这|下下|下|上上|上)个?)?(?:周|星期|礼拜)([一二三四五六日天])(?!期|年|边))
    | (?P<week>(本|这|下下|下|上上|上)一?个?(?:周|星期|礼拜)(内|末|初|之内|以内)?
        |(?<![一二两三四五六七八九十\d])周[末内])
    | (?P<within>(\d{{1,3}}|[一二两三四五六七八九十半]{{1,3}})个?
        (工作日|工作天|天|日|周|星期|礼拜|月)(?=之内|以内|内))
    | (?P<dayno>(?<![\d.a-z#])({_N})[号日]{_NOT_A_NUMBERED_THING})
    | (?P<feast>(五一|国庆|中秋|端午|春节|元旦|清明|劳动节|十一(?=前|之前|以前))(?:节|假期)?(?:长假)?)
    | (?P<feasts>(?<![季环细章])节(?=前|后)|(?<![\d一二三四五六七八九十今明去前本上])年(?=前|关))
    | (?P<dotted>(?<![\d.a-z#])(\d{{1,2}})[./](\d{{1,2}})
        (?=\ ?(?:前|之前|以前|日|号|起|开工|动工|复工|竣工|完工|投产|通车|进场|进的场
            |验的|验收|正式|试营业|试运行|办的|交付|并网|开业)))
    | (?P<range>(?<![\d.a-z#])(\d{{1,2}})[./](\d{{1,2}})
        (?=[-到至](?:\d{{1,2}}[./]\d{{1,2}}(?![\d.个亿万元%公里米套座栋])|\d{{1,2}}[日号])))
    | (?P<ranged>(?<=\d[-到至])(\d{{1,2}})[./](\d{{1,2}})(?![\d.个亿万元%公里米套座栋]))
    | (?P<latest>(?<=最[迟晚])(\d{{1,2}})[./-](\d{{1,2}})(?![\d.个亿万]))
    | (?P<bare>(?<![\d.a-z#/\-])(\d{{1,2}})([./-])(\d{{1,2}})(?![\d./%\-]|\ ?{_MEASURED}))
    | (?P<year>{_YEAR}(?!龄|限|报|份))
    ){_BEFORE}""",
    re.VERBOSE,
)
_HEADS_YEAR = {"今年": 0, "本年": 0, "本年度": 0, "明年": 1, "去年": -1, "上年": -1, "上年度": -1, "前年": -2}
_DAYS = {"今": 0, "明": 1, "后": 2, "昨": -1, "前": -2, "大后": 3, "大前": -3}
_WEEKS = {"": 0, "本": 0, "这": 0, "下": 1, "下下": 2, "上": -1, "上上": -2}
_MONTHS = {"本": 0, "这个": 0, "这": 0, "当": 0, "上个": -1, "上": -1, "下个": 1, "下": 1, "次": 1}


def _int(words: str | None) -> int | None:
    return count_in(words) if words else None


def _said_year(words: str | None, today: date) -> int | None:
    if not words:
        return None
    words = words if words in _HEADS_YEAR else words.removesuffix("年")
    if words in _HEADS_YEAR:
        return today.year + _HEADS_YEAR[words]
    return int(words)


@lru_cache(maxsize=128)
def _days_in(year: int, month: int) -> int:
    return gregorian.monthrange(year, month)[1]


def last_day(year: int, month: int) -> date:
    return date(year, month, _days_in(year, month))


def shift_month(today: date, by: int) -> tuple[int, int]:
    index = today.year * 12 + today.month - 1 + by
    return index // 12, index % 12 + 1


def date_tokens(plain: str, today: date) -> Iterator[DateToken]:
    """Every date form of a plain text, in order. Impossible dates (13月, 31日 in June) are left out."""
    for match in matches(_FORMS, _BEGINS_DATE, plain, 0, len(plain)):
        token = _token(match, today)
        if token is not None:
            yield token


def _token(match: re.Match[str], today: date) -> DateToken | None:
    form = match.lastgroup or ""
    start, end = match.span()
    before = match.string.startswith(("前", "之前", "以前"), match.end(form), end)
    groups = tuple(match[index] for index in _FORM_GROUPS[form])

    def token(
        kind: str,
        *,
        year: int | None = None,
        month: int | None = None,
        day: int | None = None,
        part: str = "",
        offset: int = 0,
        to_month: int | None = None,
    ) -> DateToken:
        return DateToken(start, end, kind, year, month, day, part, offset, before, to_month)

    if form == "full":
        return _checked(token("day", year=int(groups[0]), month=int(groups[1]), day=int(groups[2])))
    if form == "months":
        first, last = _int(groups[1]), _int(groups[2])
        if not first or not last or not 1 <= first <= last <= 12:
            return None
        return token(
            "months", year=_said_year(groups[0], today), month=first, to_month=last, part=groups[3] or ""
        )
    if form == "month":
        month, tail = _int(groups[1]), groups[2] or ""
        year = _said_year(groups[0], today)
        day = (
            _int(tail.rstrip("日号"))
            if tail[:1] and (tail[0].isdigit() or tail[0] in "一二三四五六七八九十")
            else None
        )
        if not month or month > 12:
            return None
        if day is not None:
            return _checked(token("day", year=year, month=month, day=day))
        return token("month", year=year, month=month, part=tail)
    if form == "relmonth":
        year, month = shift_month(today, _MONTHS[groups[0]])
        day = _int(groups[2])
        if day is not None:
            return _checked(token("day", year=year, month=month, day=day))
        return token("month", year=year, month=month, part=groups[1] or "", offset=1)
    if form == "baremonth":
        return token(
            "month", year=today.year, month=today.month, part="" if groups[0] == "内" else groups[0], offset=1
        )
    if form == "quarter":
        quarter = _int(groups[1] or groups[2])
        if quarter is None:
            shift = {"上": -1, "下": 1}.get(groups[3] or "", 0)
            year, month = shift_month(today, shift * 3)
            quarter = (month + 2) // 3
        else:
            year = _said_year(groups[0], today)
        return token("months", year=year, month=quarter * 3 - 2, to_month=quarter * 3, part="quarter")
    if form == "half":
        halves = {"上半年": (1, 6), "下半年": (7, 12), "前两个季度": (1, 6), "前两季度": (1, 6)}
        first, last = halves.get(groups[1], (1, 9))
        return token("months", year=_said_year(groups[0], today), month=first, to_month=last, part="half")
    if form == "january":
        return token("months", year=_said_year(groups[0], today), month=1, to_month=2)
    if form == "firstmonths":
        count = _int(groups[1].replace("两", "二")) or 1
        return token("months", year=_said_year(groups[0], today), month=1, to_month=count, part="months")
    if form == "halfmonth":
        return token("month", year=today.year, month=today.month, part=_this_part(groups[0], today), offset=1)
    if form == "yearend":
        year = _said_year(groups[0], today) or today.year
        return token("months", year=year, month=1, to_month=6 if groups[1] == "年中" else 12, part="yearend")
    if form == "daysago":
        return token("relative", offset=_DAYS[match[form].rstrip("天日早晚晨儿个")])
    if form == "weekday":
        return token(
            "weekday",
            day="一二三四五六日天".index(groups[1]) % 7 if groups[1] != "天" else 6,
            part=groups[0] or "",
            offset=_WEEKS[groups[0] or ""],
        )
    if form == "week":
        return token("week", offset=_WEEKS[groups[0] or ""], part=groups[1] or "")
    if form == "within":
        return _within(match, groups, before=before)
    if form == "dayno":
        day = _int(groups[0])
        return token("dayno", day=day) if day and 1 <= day <= 31 else None
    if form == "feast":
        return token("feast", part=groups[0])
    if form == "feasts":
        return token("feast", part="春节" if match[form] == "年" else "")
    if form == "bare":
        if not _is_a_day(match.string, start, match.end(form), groups[1], before=before):
            return None
        return _checked(token("day", month=int(groups[0]), day=int(groups[2])))
    if form in {"dotted", "latest", "range", "ranged"}:
        return _checked(token("day", month=int(groups[0]), day=int(groups[1])))
    return token("year", year=_said_year(match[form], today))


def _is_a_day(plain: str, start: int, end: int, mark: str, *, before: bool) -> bool:
    """Whether the words around 「5.20」 make it a day. mark: what stands between; a hyphen needs more to go by."""
    behind = plain[max(0, start - _LOOK_BACK) : start]
    if mark == "-" and not (before or _BY_A_HYPHEN.match(plain, end) or _CUT_OFF_BEFORE.search(behind)):
        return False
    if (
        before
        or _DAY_AFTER.search(behind)
        or (mark in "/." and _MOVED_TO.search(behind) and (mark == "/" or _OF_A_DAY.search(behind)))
    ):
        return True
    if mark == "/" and (not behind or behind[-1] in " ，,\n") and plain[end : end + 1] == " ":
        return _A_SUM_BEFORE.search(behind) is None  # 「水镇 5/15 酒店主体四层」
    return (
        _A_SUM_BEFORE.search(behind) is None and _DAY_BEFORE.match(plain, end, end + _LOOK_AHEAD) is not None
    )


_FORM_GROUPS: dict[str, range] = {}


def _number_the_groups() -> None:
    starts = sorted((index, name) for name, index in _FORMS.groupindex.items())
    for position, (index, name) in enumerate(starts):
        end = starts[position + 1][0] if position + 1 < len(starts) else _FORMS.groups + 1
        _FORM_GROUPS[name] = range(index + 1, end)


_number_the_groups()


def _this_part(words: str, today: date) -> str:
    if words in {"上旬", "中旬", "下旬", "上半月", "下半月"}:
        return words
    ten = min((today.day - 1) // 10, 2) + {"上旬": -1, "下旬": 1}.get(words, 0)
    return ("上旬", "中旬", "下旬")[max(0, min(ten, 2))]


def _checked(token: DateToken) -> DateToken | None:
    year, month, day = token.year or 2024, token.month or 0, token.day or 0
    if not 1 <= month <= 12 or not 1 <= day <= _days_in(year, month):
        return None
    return token


def _within(match: re.Match[str], groups: tuple[str, ...], *, before: bool) -> DateToken | None:
    words, unit = groups[0], groups[1]
    count = 0 if words == "半" else (_int(words) or 0)
    if words == "半" and unit == "月":
        return DateToken(match.start(), match.end(), "within", day=15, part="天", before=before)
    if not count:
        return None
    return DateToken(match.start(), match.end(), "within", day=count, part=unit, before=before)
