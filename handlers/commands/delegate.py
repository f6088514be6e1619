"""/代理: name somebody who receives one's messages and acts in one's place for a time (rule B6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from handlers.context import Context
from handlers.people import named
from handlers.understanding.phrases import somewhere
from handlers.understanding.text import plain_form
from handlers.understanding.values.numbers import count_in
from handlers.verbs import Command
from models.errors import Invalid, NotAllowed
from models.notices.people import DelegationCancelled, DelegationList, DelegationRecorded
from models.operations import people
from models.rules import calendar

EXAMPLES: Final = ("/代理 孙晓雯 9月22日 至 9月23日", "/代理 取消")
_CANCEL: Final = ("取消", "结束", "终止", "停止")
_DAY: Final = (
    r"(?:(?P<year{0}>20\d\d)[年/.-])?(?P<month{0}>\d{{1,2}})[月/.-](?P<day{0}>\d{{1,2}})[日号]?"
    r"|(?P<only{0}>\d{{1,2}})[日号]|(?P<word{0}>今天|明天|后天)"
)
_MOMENT: Final = (
    r"(?:{day})(?:\s*(?P<half{n}>上午|中午|下午|晚上?))?"
    r"(?:\s*(?P<hour{n}>\d{{1,2}})[:：点时](?:(?P<minute{n}>\d{{2}})分?)?)?"
)
_SEPARATOR: Final = r"\s*(?:至|到|—|–|~|-)+\s*"
_PERIOD: Final = re.compile(
    _MOMENT.format(day=_DAY.format(1), n=1)
    + "(?:"
    + _SEPARATOR
    + _MOMENT.format(day=_DAY.format(2), n=2)
    + ")?"
)
# Behind the first day of an absence that is told in a sentence.
_UNTIL: Final = re.compile(rf"(?:至|到|—|–|~|-)\s*(?:{_DAY.format(2)})")
_UP_TO: Final = re.compile(r"(?:直?[到至]|截[至止]到?)\s*$")
# 「3天」, 「一周」, 「5个工作日」 instead of the last day.
_LASTS: Final = re.compile(
    r"(?P<many>(?<!\d)\d{1,2}|[一二两三四五六七八九十]{1,2})\s*个?(?P<unit>天|周|星期|礼拜|工作日)(?!前|后)"
)
_OTHER_DAYS: Final = re.compile(r"周|星期|礼拜|天(?!气)|月底|节后|至|到(?!位|场|岗)")
_LONGEST_OVER_NEW_YEAR: Final = timedelta(days=120)  # beyond it the dates are the wrong way round
_CHOICE: Final = re.compile(r"第?\d[位个号]?|[一-鿿]{2,20}")  # which of several people of the name
# Somebody who is away, or who asks another to act in their place.
_AWAY: Final = somewhere(
    r"(?:我|本人)[^，,。；;]{0,16}(?:出差|请假|休假|年假|病假|产假|外出|住院|不在|学习|培训|党校)"
    r"|(?:代|替|顶)我|(?<!招标)(?<!采购)代理(?!公司|机构|人|商|费|单位|招标)"
)
_OF_MINE: Final = re.compile(r"我|本人")
# 「我提前回来了，取消代理」
_BACK: Final = re.compile(
    r"(?:取消|结束|终止|停止|撤销|不用|不需要)(?:我的|这个|原来的)?代理(?:了|吧)?[\s。.!！]*$"
)
_OF_A_RECORD: Final = re.compile(r"[WwＷｗ]\s*\d|[A-Za-z]{2}\d{4}")
_BETWEEN: Final = " ,，、:：;；"
_FROM: Final = re.compile(r"(?:从|自)$")
_NOON: Final = {"中午": time(12, 0), "下午": time(12, 0), "晚": time(18, 0), "晚上": time(18, 0)}
_NOON_ENDS: Final = {"上午": time(12, 0), "中午": time(12, 0)}
_WORDS: Final = {"今天": 0, "明天": 1, "后天": 2}


def run(context: Context, text: str) -> None:
    """Without an argument: what stands now. 取消 ends all delegations the sender has given."""
    if not text:
        given, received = people.delegations(context.desk, context.sender)
        context.say_privately(DelegationList(given, received))
    elif text.split(maxsplit=1)[0] in _CANCEL:
        cancel(context, text.split(maxsplit=1)[1] if " " in text.strip() else "")
    else:
        _delegate(context, text)


def cancel(context: Context, name: str = "") -> None:
    """name: 「取消 宋佳」 ends what was given to 宋佳 alone."""
    named_alone = name.strip(" 。.的吧了") and "代理" not in name
    of = [one.id for one in context.directory.people.values() if one.name in name] if named_alone else None
    lines = people.cancel_delegations(context.desk, context.sender, of=of)
    if not lines and named_alone:
        raise Invalid(f"您没有委托{name.strip()[:12]}代理", mend="现有的代理请发 /代理")
    if not lines:
        raise Invalid("您没有正在进行或将要开始的代理", mend="设置请发 /代理 姓名 9月22日 至 9月23日")
    for line in lines:
        context.say_privately(DelegationCancelled(line, mine=True))


def press_cancel(context: Context, args: Mapping[str, str | int], text: str) -> None:
    """The button 取消代理 (verb people.cancel_delegation)."""
    del args, text
    cancel(context)


def _delegate(context: Context, text: str) -> None:
    today = context.desk.today
    plain = plain_form(text)
    if len(_others_named(context, plain)) > 1:
        raise NotAllowed("替别人设置代理", who="本人")
    match = _PERIOD.search(plain)
    lasts = _LASTS.search(plain, match.end() if match is not None else 0)
    if match is not None and _has_second(match):
        lasts = None
    ends = [one.end() for one in (match, lasts) if one is not None]
    chosen = plain[max(ends) :].strip(" 止。.") if ends else ""
    if not ends or (chosen and _CHOICE.fullmatch(chosen) is None):
        raise Invalid("请写明代理人姓名和起止日期", mend=f"例：{EXAMPLES[0]}")
    begins = min(one.start() for one in (match, lasts) if one is not None)
    name = _UP_TO.sub("", _FROM.sub("", plain[:begins].strip(_BETWEEN))).strip(_BETWEEN)
    if match is None:
        starts_at, ends_at = _whole(today)
    else:
        starts_at, ends_at = _until(plain, match, today) or _bounds(match, today)
    if lasts is not None:
        ends_at = _after(calendar.local_date(starts_at), lasts, context.directory.calendar)
    person = named(context, f"{name} {chosen}".strip(), command="/代理")
    line = people.delegate(context.desk, context.sender, person, starts_at=starts_at, ends_at=ends_at)
    context.say_privately(DelegationRecorded(line))


def _others_named(context: Context, plain: str) -> set[str]:
    """Names of people of the sender's organisation in the text, the sender's own apart."""
    named = {
        one.name
        for one in context.directory.people.values()
        if one.organisation_id == context.sender.organisation_id and one.name in plain
    }
    return {
        name
        for name in named - {context.sender.name}
        if not any(name != other and name in other for other in named)
    }


def _after(first: date, lasts: re.Match[str], days: calendar.Calendar) -> datetime:
    """24:00 of the last of so many days, the first included."""
    count = count_in(lasts["many"]) or 1
    if lasts["unit"] == "工作日":
        last = days.add_workdays(first, count - 1 if days.is_workday(first) else count)
    else:
        last = first + timedelta(days=count * (1 if lasts["unit"] == "天" else 7) - 1)
    return _whole(last)[1]


def _has_second(match: re.Match[str]) -> bool:
    return any(match[f"{part}2"] for part in ("month", "word", "only"))


def told(context: Context, text: str) -> None:
    """「我9月29日出差，请马德胜代我」 grants nothing: the command is shown, filled in (rules B6, C16).

    Raises Invalid for such a text, NotAllowed for one about somebody else's absence; others pass.
    """
    if context.group is not None or not _AWAY.search(text) or _OF_A_RECORD.search(text):
        return
    if _BACK.search(text):
        raise Invalid("取消代理要用指令", mend="请回：/代理 取消")
    own = context.sender.organisation_id
    asked = [
        one
        for one in context.directory.people.values()
        if one.organisation_id == own and one.id != context.sender.id and _stands_in(one.name, text)
    ]
    if not asked:
        return
    if not _OF_MINE.search(text) and len(_others_named(context, plain_form(text))) > 1:
        raise NotAllowed("替别人设置代理", who="本人")
    bounds = _told_bounds(plain_form(text), context.desk.today, context.directory.calendar)
    if bounds is None:
        raise Invalid(
            "没看清代理从哪天到哪天",
            mend=f"请回：/代理 {asked[0].label} 开始日期 至 结束日期，例：{EXAMPLES[0]}",
        )
    first, last = bounds[0], calendar.local(bounds[1] - timedelta(seconds=1))
    raise Invalid(
        "代理要用指令设置",
        mend=f"请核对日期后回：/代理 {asked[0].label} {_day_words(first)} 至 {_day_words(last)}",
    )


def _told_bounds(plain: str, today: date, days: calendar.Calendar) -> tuple[datetime, datetime] | None:
    """「明天起休假，到10月9日」, 「9月29日请假3天」; None where the days are told in words that are not read."""
    said = _PERIOD.search(plain)
    if said is None:
        return None if _OTHER_DAYS.search(plain) else _whole(today)
    if (until_then := _until(plain, said, today)) is not None:
        return until_then
    starts_at, ends_at = _bounds(said, today)
    if _has_second(said):
        return starts_at, ends_at
    first, rest = calendar.local_date(starts_at), plain[said.end() :]
    until = _UNTIL.search(rest)
    if until is not None:
        return starts_at, _whole(_day(until, 2, today, not_before=first))[1]
    if (lasts := _LASTS.search(rest)) is not None:
        return starts_at, _after(first, lasts, days)
    return None if _OTHER_DAYS.search(rest) else (starts_at, ends_at)


def _stands_in(name: str, text: str) -> bool:
    said = re.escape(name)
    return (
        re.search(
            rf"(?:请|由|让|找|委托|交给|托)\s*{said}|{said}(?:来|帮)?(?:代我|替我|顶我|代理|代办|代班)", text
        )
        is not None
    )


def _whole(day: date) -> tuple[datetime, datetime]:
    return calendar.at(day, "00:00"), calendar.at(day + timedelta(days=1), "00:00")


def _day_words(moment: datetime) -> str:
    day = calendar.local_date(moment)
    return f"{day.month}月{day.day}日"


def _until(plain: str, match: re.Match[str], today: date) -> tuple[datetime, datetime] | None:
    """「到9月23日」 alone: from today to the end of that day, or to that hour; None for other words."""
    if _UP_TO.search(plain, 0, match.start()) is None or _has_second(match):
        return None
    last, clock = _day(match, 1, today, not_before=today), _clock(match, 1)
    end = _whole(last)[1] if clock is None else calendar.at(last, clock)
    return _whole(today)[0], end


def _bounds(match: re.Match[str], today: date) -> tuple[datetime, datetime]:
    """Start and end; an end given as a date means 24:00 of that day, a single date the whole day."""
    first = _day(match, 1, today, not_before=None)
    start = calendar.at(first, _clock(match, 1) or _NOON.get(match["half1"] or "", time(0, 0)))
    last = _day(match, 2, today, not_before=first) if _has_second(match) else first
    clock = _clock(match, 2) or _NOON_ENDS.get(match["half2"] or "")
    end = calendar.at(last, clock) if clock is not None else calendar.at(last + timedelta(days=1), "00:00")
    return start, end


def _day(match: re.Match[str], which: int, today: date, *, not_before: date | None) -> date:
    """A date without a year is this year's, or next year's when that lies before the start or long past."""
    if word := match[f"word{which}"]:
        return today + timedelta(days=_WORDS[word])
    year, month, day = (match[f"{part}{which}"] for part in ("year", "month", "day"))
    if only := match[f"only{which}"]:  # 「9月22日到23日」
        month, day = str((not_before or today).month), only
    try:
        found = date(int(year or today.year), int(month), int(day))
        if not year and found < (not_before or today - timedelta(days=180)):
            later = date(found.year + 1, found.month, found.day)
            if not_before is None or later - not_before <= _LONGEST_OVER_NEW_YEAR:
                found = later
    except ValueError:
        raise Invalid(f"没有{month}月{day}日这一天", mend=f"例如 {EXAMPLES[0]}") from None
    return found


def _clock(match: re.Match[str], which: int) -> time | None:
    hour = match[f"hour{which}"]
    if hour is None:
        return None
    late = match[f"half{which}"] in ("下午", "晚", "晚上") and int(hour) < 12
    try:
        return time(int(hour) + 12 * late, int(match[f"minute{which}"] or 0))
    except ValueError:
        raise Invalid(f"时刻 {hour} 点不对", mend=f"例如 {EXAMPLES[0]}") from None


COMMAND = Command(
    name="代理",
    summary="请假期间由他人代收代办",
    usage="/代理 孙晓雯 9月22日 至 9月23日；/代理 取消；/代理（查看）",
    run=run,
    telling_names={f"{word}代理": word for word in _CANCEL} | {f"代理{word}": word for word in _CANCEL},
    bare=True,
    said=re.compile(
        r"(?:请|由)?代理(?P<args>[一-鿿]{2,4}(?:\(.{2,12}\))?[\s,，]*(?:从|自)?(?:\d|今天|明天|后天|直?[到至]\s*(?:\d|今天|明天|后天)|[一两三四五六七八九十]\s*(?:天|周|星期|个工作日)).*)"
    ),
)
