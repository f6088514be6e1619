"""Whether the whole project has started, stopped or finished, and when; what is announced for it.

Only the project itself counts: in 「厂房主体完工」 the subject is a part, so nothing is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from handlers.understanding.clauses import Clause
from handlers.understanding.phrases import Words, any_of
from handlers.understanding.phrases.corrections import INSTEAD, REPORTED, THAT, WHEN, WHERE, WRONG
from handlers.understanding.phrases.signs import first_character_of
from handlers.understanding.phrases.states import (
    EXPECTED,
    FINISHES,
    NOT_FINISHES,
    NOT_STARTED,
    NOT_SUSPENDED,
    POSTPONED,
    RESUMED,
    STARTS,
    SUSPENDED,
    WHOLE_SUBJECT,
)
from handlers.understanding.values.dates import DateToken, WorkCalendar, as_deadline, as_event
from handlers.understanding.values.days_ahead import due_ahead, lies_ahead

_FORMER = any_of(
    rf"本来|本该|本应|原来|原定|原计划|原先|原本|原拟|原打算|应[该当]?[于在](?=\d)|该(?=\d)|[报填写打录输]成了?|原[先来]?[报填]|前期[报填]|{WHEN}{WHERE}{{0,3}}{REPORTED}(?:{THAT}|成了?)?(?!错)"
)
# A day that was reported, and is put right now.
_MISTOLD = any_of(
    rf"[报填写打录输]成|原[先来]?[报填]|前期[报填]|{WHEN}{WHERE}{{0,3}}(?:上报|报送|[报填写]){THAT}"
)
_HAPPENED = any_of(r"已|了|刚")
_NOT_RESUMED = any_of(r"未复工|没复工|节后复工情况")
_NEGATED = re.compile(r"(?:没|未|不|尚未|还没|没有)(?:能|有|全部|正式)?$")
_BEFORE_START = any_of(
    r"开工(?:面|会|大会|动员|累计|总累计|条件|手续|证|令|准备|前|报告|仪式(?=准备|筹备|方案))|开工(?:以来|至今|到现在|到目前|后|率)|未开工|具备开工"
)
_NUMBER_OR_REMARK = re.compile(r"\d{1,2}[点时](?:半|整|\d{1,2}分)?|\d+[.年月日号/]?\d*[月日号]?|\[[^\]]*\]")
_A_PART = re.compile(rf"\s*(?!{first_character_of(WHOLE_SUBJECT.pattern)})[\u4e00-\u9fff]")  # at a glance
_NO_WORD = re.compile(r"[^\u4e00-\u9fffa-z0-9#]+")
_COUNTED = re.compile(r"[\u4e00-\u9fff]{0,3}\d+(?:\.\d+)?(?:套|个|栋|座|条|台|公里|户|米|%|片|处|万|亩)")
_IS_DENIED = re.compile(r"(?:不应该?|不该|不能|不算|并非|不是|不属于)[\u4e00-\u9fff]{0,2}$")
_PAUSED = re.compile(
    r"停(?:工|建|摆)?了?[\d一二两三四五六七八九十半好几多来余]{1,4}个?(?:天|日|周|月|星期|礼拜)(?:多|左右)?[,，\s]*"
)
# 「林业局那边还没动静」, 「W0186还没动静」: a bureau does not move, or an item; that says nothing of the site.
_OTHERS_ARE_STILL = re.compile(r"[局委办厅]|公司|[Ww]\s?\d")
_STARTED_OF_MANY = re.compile(
    r"了?\d+(?:\.\d+)?(?:套|个(?!多?月|半月|星期|礼拜|多月)|栋|座|条|台|公里|户|片|处|标段|段|口|家)"
)
# 「开工小区19个」: some of what the project consists of.
_STARTED_OF_A_KIND = re.compile(
    r"了?(?:小区|社区|楼栋|标段|单体|站点|片区|地块|路段|工点|点位|桥梁|村庄?)数?(?:共|为|是|:)?(?:\d|[一二两三四五六七八九十])"
)
_OBJECT = re.compile(r"(?!时间|日期|定|预计|计划|在|于)[\u4e00-\u9fff]{1,8}\d")
# 「按计划3月20日开工，实际4月8日才开工」: it has happened.
_CAME_LATE = re.compile(r"(?:实际|直到|一直到|[日号])[^,，。;；]{0,10}才(?!能)")
_NOT_YET = re.compile(
    r"条件|手续|资料|前|时间|档案|图(?!书)|备案|[结决]算|审计|文件|报告|手册|说明|报验|申请|方案"
)  # its papers are no end: 「竣工档案同步整理」
_ITS_TIME = re.compile(
    r"(?:时间|日期|日子|日(?!期))(?P<later>\S{0,2}(?:往后|推迟|延后|后移|后推|延期|顺延|调整|变更|有变|变了|要改|要推|[改变]一?下|改改|改动|变动))?"
)
_TOLD_WRONG = re.compile(rf"的?(?:(?:时间|日期|日子|日(?!\d))\S{{0,6}}?(?:{WRONG}|不是)|不是(?=\d))")
_ANNOUNCED = re.compile(
    r"的?(?:时间|日期|日子)(?:[也都已经终于总算基本]*(?:定了|定下来了?|确定了?|明确了?|敲定了?|有了))?\s*$"
)
_IS_VOID = re.compile(
    r"(?:报|填|写|定|说)的.{0,12}(?:作废|不算|太赶|来不及|不行|不现实)"
)  # 「上次报的10月25号作废」
_FEW = 3  # characters
_NEARLY_A_YEAR = 270  # days
_IS_RIGHT = any_of(rf"(?:实际|准确的?|正确的?){{0,3}}(?:{INSTEAD}|[是为在])|(?:实际|按|[现就暂]?定)(?=\d)")
_DOUBTED = any_of(
    r"(?:开工|动工|开建)的?(?:时间|日期|日子)?[还都也尚暂]?(?:未定|没定|待定|不定|不确定|没准|说不准|再定|另定|不好定|没个准)|(?:开工|动工|开建)\S{0,4}(?:没(?:有)?把握|没[戏谱]|不好说|两说|不现实|不乐观|悬(?!挑|浇|索)|够呛|有难度|难度大|无望|有困难|有风险|不了|不太?可能|来不及)"
)
_AND_THEN = re.compile(r"(?:验收)?(?:以|之)?后[\u4e00-\u9fff]{4}")  # 「投产后设备运行稳定」
_SINCE_THIS = re.compile(r"\s?(?:正式)?(?:开工|动工|开建)")
_REASON = re.compile(r"\s*(?:主要)?[因由从受]")
_UP_TO = re.compile(r"[至止到]$")
_SINCE = any_of(r"(?:开工|动工|开建)(?:建设)?(?:以来|至今|到现在|算起|后)")


_PRODUCES = re.compile(r"投产|投的产|投运|投用|投入(?:使用|运)|运营")
_YIELDS = re.compile(r"达效")


@dataclass(frozen=True, slots=True)
class Former:
    """A day that no longer counts, so that the next one does. what: start or finish.

    wrong: it was never right. awaited: it has not been told yet (开工时间定了，9月20日).
    """

    what: str
    wrong: bool = False
    awaited: bool = False


@dataclass(slots=True)
class Standing:
    """How a whole project stands; what is not said is None. state, started_on …: as in a ProjectLine."""

    state: str | None = None
    started_on: str | None = None
    finished_on: str | None = None
    phase: str | None = None  # 投产, 达效
    expected_start: date | None = None
    expected_finish: date | None = None

    def take(self, said: Standing) -> None:
        """What is said later; what is not said stays as it was told before."""
        self.state = said.state or self.state
        self.started_on = said.started_on or self.started_on
        self.finished_on = said.finished_on or self.finished_on
        self.phase = said.phase or self.phase
        self.expected_start = said.expected_start or self.expected_start
        self.expected_finish = said.expected_finish or self.expected_finish


@dataclass(slots=True)
class State(Standing):
    """What one clause says of it."""

    resumed: bool = False  # work goes on after a stop
    consumed: bool = False  # the clause says nothing else
    former: Former | None = None  # when the clause only tells a day that no longer counts

    @property
    def says_something(self) -> bool:
        return bool(
            self.state or self.started_on or self.finished_on or self.expected_start or self.expected_finish
        )


# A day without a year that is further off lies behind: 「12月20日停工」, said in February.
_SOON = 150  # days


def _stops_later(clause: Clause, stop: re.Match[str], today: date, calendar: WorkCalendar) -> bool:
    """「高考禁噪6月5号到10号停工」, said in May: works go on until then."""
    for day in clause.dates:
        if day.end > clause.start + stop.start():
            continue
        due = due_ahead(day, today, calendar)
        if due is not None and (due - today).days < _SOON:
            return True
    return False


def state_of(
    clause: Clause, words: Words, *, today: date, calendar: WorkCalendar, former: Former | None
) -> State:
    """What the clause says of the whole project. words: the clause with project names blanked out.

    former: the day that the clause before gave as outdated (本来6月要竣工, 现在推到8月底) or as wrong.
    """
    found = State()
    stop, resumed = words.find(SUSPENDED), words.find(RESUMED)
    if stop and resumed and resumed.start() > stop.start():
        stop = None
    if stop and stop[0] == "停了" and not _subject_is_whole(words.text, stop.start(), clause):
        stop = None  # 「开挖停了一周」: a part
    if stop and _stops_later(clause, stop, today, calendar):
        return found
    if stop and not words.hold(NOT_SUSPENDED):
        found.state = "suspended"
        return found
    if (
        former
        and clause.dates
        and _stands_instead(found, clause, words, former, today=today, calendar=calendar)
    ):
        return found
    not_started = words.find(NOT_STARTED)
    if not_started and _IS_DENIED.search(words.text, 0, not_started.start()):
        not_started = None  # 「5月28日就开工了，不应算未按期开工」
    if not_started and _STARTED_OF_MANY.match(words.text, not_started.end()):
        not_started = None  # 「未开工10个」
    if not_started and (
        not not_started[0].endswith(("动静", "没动"))
        or (
            _subject_is_whole(words.text, not_started.start(), clause)
            and not _OTHERS_ARE_STILL.search(words.text, 0, not_started.start())
        )
    ):
        found.state, found.consumed = "not_started", True
        return found
    if resumed and _resumes_later(clause, words, resumed, today):
        found.consumed = True
        found.state = "suspended" if words.hold(SUSPENDED) else None
        return found
    if resumed and not words.hold(EXPECTED) and not words.hold(_NOT_RESUMED):
        found.state, found.resumed = "started", True
        stopped = words.find(SUSPENDED)  # 「因为大风停工的甲、乙今天恢复施工了」
        begin = stopped.end() + 1 if stopped and words.text.startswith("的", stopped.end()) else 0
        if stopped and (pause := _PAUSED.match(words.text, stopped.start(), resumed.start())):
            begin = begin or pause.end()  # 「停了两个月今天复工了」
        found.consumed = resumed.end() == len(words.text.rstrip(" 了")) and _subject_is_whole(
            words.text[begin:], resumed.start() - begin, clause
        )
        return found
    _start(found, clause, words, today, calendar)
    _finish(found, clause, words, today, calendar)
    return found


def _resumes_later(clause: Clause, words: Words, resumed: re.Match[str], today: date) -> bool:
    """「业主说月底复工」: work still stands."""
    day = _date_for(clause, clause.start + resumed.start())
    if day is None or day.kind == "feast" or words.hold(_HAPPENED):
        return False
    return lies_ahead(day, words, today) or (day.kind == "dayno" and (day.day or 0) > today.day)


def _stands_instead(
    found: State, clause: Clause, words: Words, former: Former, *, today: date, calendar: WorkCalendar
) -> bool:
    """The day behind one that no longer counts: 「推到8月底」, 「不是9月20号，是9月28号」."""
    stripped = words.stripped()
    if (former.wrong and stripped.text.startswith("不是")) or _IS_VOID.search(words.text):
        found.former, found.consumed = former, True
        return True
    moved = words.find(POSTPONED)
    if words.hold(STARTS) or words.hold(FINISHES):
        return False
    told = former.awaited and _is_a_day_alone(clause)
    if (
        not told
        and not (former.wrong and stripped.begin_with(_IS_RIGHT))
        and not (
            moved and (_REASON.match(words.text) or _subject_is_whole(words.text, moved.start(), clause))
        )
    ):
        return False
    found.consumed = True
    day = clause.dates[-1]
    if day.kind == "feast" and not day.before:
        return True  # 「得国庆后了」 names no day
    due, on = as_deadline(day, today, calendar), as_event(day, today)
    ahead = not (former.wrong or former.awaited) or (
        ("实际" not in words.text or on is None or on[:4] < f"{today.year}")  # not 「实际是去年11月」
        and lies_ahead(day, words, today)
    )
    if former.what == "start":
        found.expected_start, found.started_on = (due, None) if ahead else (None, on)
        found.state = None if ahead else "started"
    else:
        found.expected_finish, found.finished_on = (due, None) if ahead else (None, on)
        found.state = None if ahead else "finished"
    return True


def _is_a_day_alone(clause: Clause) -> bool:
    """「9月20日」, 「定在9月20日」."""
    return len(clause.text.strip()) - sum(day.end - day.start for day in clause.dates) <= _FEW


def _was_told_wrong(clause: Clause, words: Words, verb_end: int) -> bool:
    """「竣工时间前天报错了」, and the right one is not yet told: 「竣工时间有误应为11月30日」."""
    if not _TOLD_WRONG.match(words.text, verb_end):
        return False
    moved = words.find(POSTPONED)
    return moved is None or not any(day.start >= clause.start + moved.start() for day in clause.dates)


def _subject_is_whole(text: str, end: int, clause: Clause) -> bool:
    words = text[:end]
    for day in clause.dates:
        if day.start < clause.start:
            continue
        said = clause.text[day.start - clause.start : day.end - clause.start]
        words = words.replace(said, " ")
    if _A_PART.match(words):
        return False
    words = _NUMBER_OR_REMARK.sub(" ", words)
    return not _NO_WORD.sub("", WHOLE_SUBJECT.sub("", words))


def _date_for(clause: Clause, at: int) -> DateToken | None:
    """The date that belongs to a verb at position at: the last before it, else the first after it."""
    moved = clause.words.find(POSTPONED)
    if moved and (after := [day for day in clause.dates if day.start >= clause.start + moved.start()]):
        return after[-1]
    before = [day for day in clause.dates if day.start < at]
    return before[-1] if before else (clause.dates[0] if clause.dates else None)


def _has_passed(day: DateToken, today: date, calendar: WorkCalendar) -> bool:
    """「计划8月底投产」 said in September: what was planned, and no plan for next year."""
    due, on = as_deadline(day, today, calendar), as_event(day, today)
    if due is None or on is None or day.year is not None or day.kind not in {"day", "month"}:
        return False
    return on <= today.isoformat() and (due - today).days > _NEARLY_A_YEAR


def _moves_to(words: Words, clause: Clause, day: DateToken) -> bool:
    """「原定3月底开工估计要到4月中旬」: the day stands behind the words that move the date."""
    moved = words.find(POSTPONED)
    return moved is not None and len(clause.dates) > 1 and day.start >= clause.start + moved.start()


def _start(found: State, clause: Clause, words: Words, today: date, calendar: WorkCalendar) -> None:
    verb = words.find(STARTS)
    if verb is None:
        return
    text = words.text
    since = words.hold(_SINCE)
    day = _date_for(clause, clause.start + verb.start())
    if since:
        if (
            day is not None
            and day.kind in {"day", "dayno", "month", "year", "relative"}
            and _SINCE_THIS.match(text, day.end - clause.start)
            and not _UP_TO.search(text, 0, day.start - clause.start)
            and (told := as_event(day, today))
        ):
            found.state, found.started_on = "started", told
        return
    if _STARTED_OF_MANY.match(text, verb.end()) or _STARTED_OF_A_KIND.match(text, verb.end()):
        return  # 「已开工21个小区」
    if (
        words.hold(_BEFORE_START)
        or words.hold(_DOUBTED)
        or _NEGATED.search(text[: verb.start()])
        or not _subject_is_whole(text, verb.start(), clause)
    ):
        return
    if _was_told_wrong(clause, words, verb.end()):
        found.former, found.consumed = Former("start", wrong=True), True
        return
    if day is None and _ANNOUNCED.match(text, verb.end()):
        found.former, found.consumed = Former("start", awaited=True), True
        return
    ahead = day is not None and lies_ahead(day, words, today)
    if day is not None and words.hold(_FORMER) and not _moves_to(words, clause, day):
        # 「原定4月底开工，现推迟到6月28日」
        found.former, found.consumed = Former("start", wrong=words.hold(_MISTOLD)), not ahead
        return
    if day is not None and ahead:
        found.expected_start, found.consumed = as_deadline(day, today, calendar), True
        return
    if words.hold(EXPECTED) and not (day is not None and _CAME_LATE.search(text)):
        if day is not None and _has_passed(day, today, calendar):
            found.former, found.consumed = Former("start"), True
            return
        if day is not None:
            found.expected_start = as_deadline(day, today, calendar)
        found.consumed = True
        return
    if verb[0].endswith("进场") and day is None:
        return
    if moved := _ITS_TIME.match(text, verb.end()):
        later = moved["later"]
        found.former, found.consumed = (
            (Former("start", wrong=later.startswith("改")) if later else None),
            True,
        )
        if day is None or later or day.start < clause.start + verb.end():
            return  # 「开工时间往后推，由5月底调整到7月底」
    found.state, found.consumed = "started", True
    if day is not None:
        found.started_on = as_event(day, today)


def _finish(found: State, clause: Clause, words: Words, today: date, calendar: WorkCalendar) -> None:
    verb = words.find(FINISHES)
    if verb is None or words.hold(NOT_FINISHES):
        return
    text = words.text
    if _NEGATED.search(text[: verb.start()]) or not _subject_is_whole(text, verb.start(), clause):
        return
    if _COUNTED.match(text, verb.end()) or _STARTED_OF_A_KIND.match(text, verb.end()):
        return  # 投运180个
    if verb[0].endswith(("建成", "通水", "交付", "启用")) and _OBJECT.match(text, verb.end()):
        return  # 建成充电桩86套: an object, not the project
    if _was_told_wrong(clause, words, verb.end()):
        found.former, found.consumed = Former("finish", wrong=True), True
        return
    day = _date_for(clause, clause.start + verb.start())
    if day is None and _ANNOUNCED.match(text, verb.end()):
        found.former, found.consumed = Former("finish", awaited=True), True
        return
    if day is not None and (lies_ahead(day, words, today) or words.hold(EXPECTED)):
        if words.hold(_FORMER) and not _moves_to(words, clause, day):
            found.former = Former("finish", wrong=words.hold(_MISTOLD))
            return
        if _has_passed(day, today, calendar):
            found.former, found.consumed = Former("finish"), True
            return
        found.expected_finish, found.consumed = as_deadline(day, today, calendar), True
        return
    moved = _ITS_TIME.match(text, verb.end())
    if moved and moved["later"]:
        found.former, found.consumed = Former("finish", wrong=moved["later"].startswith("改")), True
        return
    told = moved and day is not None and day.start >= clause.start + verb.end()
    if words.hold(EXPECTED) or (not told and _NOT_YET.match(text, verb.end())):
        return
    if words.hold(_FORMER):
        found.former = Former("finish")
        return
    found.state, found.consumed = "finished", not _AND_THEN.match(text, verb.end())
    found.phase = "达效" if _YIELDS.search(verb[0]) else "投产" if _PRODUCES.search(verb[0]) else None
    if day is not None:
        found.finished_on = as_event(day, today)
