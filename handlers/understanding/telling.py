"""What a clause without figures says: a state, a promise, a problem, a request, a fact, or nothing of use."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers.understanding.clauses import Clause
from handlers.understanding.dates import as_deadline, as_event, as_period
from handlers.understanding.issues import (
    after_problem_label,
    asks,
    asks_nothing,
    is_problem_label,
    tells_hardship,
    tells_obstacle,
    trimmed,
)
from handlers.understanding.message import Draft, Message, is_meta_request
from handlers.understanding.money_phrases import FIGURE_FILLER, FORECAST
from handlers.understanding.name_words import folded
from handlers.understanding.phrases import Words, any_of, either
from handlers.understanding.problem_phrases import NO_PROBLEM, OBSTACLE, PROBLEM_LABEL, REQUEST
from handlers.understanding.reading import Promise
from handlers.understanding.signs import first_character_of
from handlers.understanding.state_phrases import (
    EXPECTED,
    FINISHES,
    NOT_STARTED,
    RESUMED,
    STARTS,
    SUSPENDED,
    UNCHANGED,
)
from handlers.understanding.states import lies_ahead, state_of
from handlers.understanding.talk_phrases import (
    CATCH_UP,
    CLOSING,
    COMMITMENT,
    CORRECTION,
    COURTESY,
    FEEDBACK_HEAD,
    META,
    QUESTION,
)

ADVANCES = any_of(
    r"已|完成|正在|施工|封顶|浇筑|安装|拿到(?!什)|在审|在办|在编|开始|进场|开工|竣工|目前|预计|计划|累计|投资|形象"
    r"|[做办批干打挖铺砌吊装浇建修刷]完|[做办批建修装铺]好|到位|结束|取得|批了|出来了|(?<!不)下来了|贯通|合龙|\d%"
)
_PAST = any_of(r"已(?:于|经|在)|(?:日|号|底)已")
_TOO_FAR = 300  # days; a promise a year ahead is a date that has passed
_FORESEES = any_of(r"预计|预期|有望")
_SHORT = 20
_CONSEQUENCE = any_of(r"否则|不然|要不然")
_PLEADS = any_of(r"(?<![申邀报提敬呈有])请|恳|希望|建议|麻烦|需要?|能否|可否|能不能|盼|求")
_DONE = any_of(
    r"已(?!经?[不无没])|完毕|完成|结束|取得|封顶|拿到(?!什)|在审|正?在办|正?在编|报[省市部]厅?$|批了|贯通|合龙|\d%|百分之|[一二三四五六七八九]成(?![本立果效品为])"
    r"|[做办批干打挖铺砌吊装浇建修刷]完(?!不)"
)
_HAS_DONE = any_of(r"已|完成了")
_INTENDS = any_of(
    r"计划|打算|准备(?!就绪|工作)|下一?步|下周|明天|下月|(?:汛期?|雨季|入冬|上冻|封冻|开学|麦收|秋收)之?前"
)
_REPORTS_LATER = any_of(
    r"(?:定了|定下来|确定了?|出来了?)(?:之?后)?再(?:补?报|汇报|说|告)|(?:晚点|稍后|晚些|待会|随后|回头|马上|明天)(?:再)?(?:报|补)"
)
_GAIN = any_of(
    r"百分点|离\S{0,4}(?:计划|任务|目标)\S{0,3}[远差]|\d个多?点|加班加点$|(?:加快|加紧|抓紧)(?:推进|施工|建设|工程)?(?:进度|步伐|速度|推进)?$|迎头赶上|加大(?:投入|力度)$"
)
_VISIT = any_of(r"调研|视察|观摩|拉练|督导|现场检查|现场办公")
_EXPLAINS = any_of(r"主要|原因|因|由于|受(?!益)")
_REASON = any_of(
    r"""
    (?:慢|少|低|滞后|落后|不足)(?:主要|都)?是(?:因为|由于) 异议 不认可 口径问题
    灯(?:主要|就)?是?(?:因为|由于) [因由](?:于|为)?\S{2,14}(?:停|慢|滞后|耽误|延误|影响)
    ^(?:前期|主要)?(?:是)?(?:因为?|由于|受)(?!益) 原因[是为:] 的原因 主要原因 受\S{1,14}影响
    """
)
_COUNTED_WORK = re.compile(
    r"[已又新再]?[建装修铺栽挖打浇砌拆签迁种埋架]了?\d[\d.]*[多余]?(?:个|套|栋|座|户|公里|米|层|根|台|片|棵|亩|平|吨|处|条)"
)
_COUNT_ALONE = re.compile(
    r"[\d.,万]+\s*(?:个|套|栋|座|户|公里|千米|米|层|根|台|片|棵|亩|吨|处|条|方|立方米?|平方米?|平米|%)"
)
_BECAUSE = any_of(r"\s*(?:(?:主要)?是?(?:因为|由于)|主要(?:是|原因))")
_STOREYS = re.compile(r"(?:已?到)?\d{1,2}层了?")
_AT_BEST = any_of(r"最好|才[行好]|[就也]行|为[好盼宜]|就好|争取|力争|务必|确保")
_ORDINAL = any_of(r"^[一二三四五六]是|^第[一二三四五六](?![期批])")
_SLIP = any_of(
    r"[哦噢啊呃哎唉]*(?:不是|不对|(?:[说打发写填报输念记看弄搞算抄敲]|刚才[说报写])错了?(?:行|数|位|了)*|错了|口误|[看串抄填]+(?:串|错)?[行岔]了?)+[哦噢啊呃了]*"
)
_POLITE_QUESTION = re.compile(
    r"麻烦(?=问|查|看|告诉|给?发|给我|列|导出|统计)|帮(?:我|忙)(?=问|查|看|发|列|统计)|请问|查一下|能不能(?:告诉|发|查|看)"
)
_DAY_TOLD_WRONG = any_of(
    r"(?:(?P<start>开工|动工|开建)|竣工|完工|建成|投产|通车|交付)的?(?:时间|日期|日子)\S{0,6}?(?:[报写填说弄搞输][错反串]|有误|不对|不准|错了|不是)"
)
_IS_RIGHT = any_of(r"(?:应该?|实际|准确的?|正确的?)*(?:是|为|在)|改[为成]|更正为")
_ASKS_ELSEWHERE = any_of(
    r"我们?(?:先|再|去|马上|这就|得)*(?:问|查|核|核实|了解|确认|落实|核对)(?:一)?下\S{0,12}(?:再|后|回头|马上|稍后)"
)
_ITSELF = any_of(r"\s*(?:本|该|整个)?(?:项目|工程)?(?:全线|全面|整体|正式)")
_SOFT_FORECAST = re.compile(r"预计|预期|力争|争取|计划")
_FAR = 20  # characters
_WHICH = any_of(r"哪些|哪个|哪几|有几个|多少(?:个|项)|有没有")
# An amount that was not understood is no fact: 「累计一亿一千二」.
_SAID_MONEY = re.compile(r"[零一二两三四五六七八九十百千万亿\d.]{2,}(?:左右|上下|出头|多)?")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
_MORE_AT_HEAD = re.compile(rf"(?:(?!{FIGURE_FILLER.pattern})[\u4e00-\u9fff]){{2}}")
# The same at a glance, where neither character begins any of those words.
_PLAINLY_MORE = re.compile(rf"(?:(?!{first_character_of(FIGURE_FILLER.pattern)})[\u4e00-\u9fff]){{2}}")


# What take_words looks for in a clause without dates before it takes a fact.
_SAYS_ELSE = either(UNCHANGED, NO_PROBLEM, PROBLEM_LABEL, _SLIP, QUESTION)
_TELLS_STATE = either(SUSPENDED, NOT_STARTED, RESUMED, STARTS, FINISHES)
_TALK = either(META, COURTESY)  # only at the head of a clause
_MORE_THAN_A_FACT = (
    either(REQUEST, OBSTACLE, CLOSING, FORECAST, _INTENDS, _CONSEQUENCE)
    | either(_REASON, _REPORTS_LATER, _GAIN, FEEDBACK_HEAD, CORRECTION)
    | _SAYS_ELSE
    | _TELLS_STATE
)
_MORE_OVER_A_FACT = either(PROBLEM_LABEL, FORECAST)  # in its label


@dataclass(frozen=True, slots=True)
class _Said:
    """A clause with the two questions that most others depend on: does it ask for help, tell an obstacle?"""

    words: Words
    asked: bool
    obstacle: bool


def take_words(message: Message, clause: Clause, words: Words) -> None:
    """A clause without figures: a state, a problem, a request, a fact, or nothing of use."""
    stripped = words.stripped(" ,，。:")
    if not stripped.text:
        return
    if _is_mere_fact(message, clause, words, stripped):
        message.former = None if clause.opens else message.former
        _keep_fact(message, clause, words)
        return
    if _says_something_else(message, clause, stripped):
        return
    short = len(stripped.text) <= _SHORT
    said = _Said(words, asks(words), tells_obstacle(words))
    if (
        clause.dates
        and not message.feedback
        and not message.closing
        and not said.obstacle
        and not said.asked
        and _take_state(message, clause, words)
    ):
        return
    if (message.closing and short and stripped.hold(CLOSING)) or is_meta_request(stripped):
        return
    if _take_promise(message, clause, said):
        return
    if not said.obstacle and not said.asked and clause.dates and _take_state(message, clause, words):
        return
    if _take_problem(message, clause, said):
        return
    if _take_state(message, clause, words):
        return
    _take_fact(message, clause, words)


def _is_mere_fact(message: Message, clause: Clause, words: Words, stripped: Words) -> bool:
    """Shows no sign of anything else: what most clauses of a long report are, at a fraction of the cost."""
    if (
        words.bits & _MORE_THAN_A_FACT
        or clause.dates
        or message.verb
        or message.in_problem
        or message.after_obstacle
        or message.tells_problem
        or message.event_day
        or message.plain.startswith("?", clause.end)
    ):
        return False
    label = clause.label.bits
    if not (words.bits & _TALK or label & (_MORE_THAN_A_FACT | _TALK)):
        return True
    return not (
        label & _MORE_OVER_A_FACT
        or stripped.begin_with(META)
        or _is_talk(words.stripped())
        or words.begin_with(_ITSELF)
        or message.told_lag == clause.sentence
        or _SOFT_FORECAST.match(message.plain, clause.end)
    )


def _says_something_else(message: Message, clause: Clause, stripped: Words) -> bool:
    """No change, no problem, a heading over problems, a slip, a question. stripped: without marks around."""
    if not (stripped.bits & _SAYS_ELSE or message.verb or message.plain.startswith("?", clause.end)):
        return False
    if len(stripped.text) <= _SHORT and stripped.hold(UNCHANGED):
        if message.current and message.current[0].mention:
            for draft in message.current:
                draft.line = replace(draft.line, unchanged=True)
        else:
            message.unchanged = True
        return True
    if stripped.hold(NO_PROBLEM) and not stripped.hold(FINISHES) and not stripped.hold(STARTS):
        return True
    if is_problem_label(stripped) and (clause.heads or stripped.are(PROBLEM_LABEL)):
        message.in_problem = True
        return True
    if _takes_back(message, clause, stripped):
        return True
    if _is_question(message, clause, stripped):
        message.query = True
        return True
    return False


def _takes_back(message: Message, clause: Clause, stripped: Words) -> bool:
    """「市中医院…哦不是，是…」: the name before was a slip; 「1300万…打错了，1030万」: the figure before."""
    if not stripped.are(_SLIP):
        return False
    if message.current and message.current[-1].figures:
        message.context.slip = message.current[-1].figures.pop()
        return True
    if (
        len(message.drafts) != 1
        or message.correction
        or any(one.money for one in message.clauses[: clause.number])
    ):
        return message.correction or len(message.drafts) == 1
    message.forget_the_only_mention()
    return True


def take_corrected_day(message: Message, clause: Clause, words: Words) -> bool:
    """「竣工时间前天报错了，不是9月20号，是9月28号」: the day that counts is the one that is said to be right."""
    if wrong := words.find(_DAY_TOLD_WRONG):
        message.day_wrong = "start" if wrong["start"] else "finish"
        message.used.extend((day.start, day.end) for day in clause.dates)
        return True
    if not message.day_wrong or not clause.dates:
        return False
    message.used.extend((day.start, day.end) for day in clause.dates)
    stripped = words.stripped()
    if stripped.text.startswith("不是"):
        return True
    if not stripped.begin_with(_IS_RIGHT):
        return False
    day, what = clause.dates[-1], message.day_wrong
    message.day_wrong = ""
    ahead = lies_ahead(day, words, message.today)
    due, on = as_deadline(day, message.today, message.calendar), as_event(day, message.today)
    for draft in message.nobody():
        if what == "start":
            line = (
                replace(draft.line, expected_start=due)
                if ahead
                else replace(draft.line, state="started", started_on=on)
            )
        else:
            line = (
                replace(draft.line, expected_finish=due)
                if ahead
                else replace(draft.line, state="finished", finished_on=on)
            )
        draft.line = line
    return True


def _is_question(message: Message, clause: Clause, stripped: Words) -> bool:
    if stripped.hold(_ASKS_ELSEWHERE):
        return False
    looks_up = message.verb.startswith("查")
    if not (looks_up or stripped.hold(QUESTION) or message.plain.startswith("?", clause.end)):
        return False
    return looks_up or not asks(Words.of(_POLITE_QUESTION.sub("", stripped.text)))


def _of_somebody_else(message: Message, clause: Clause) -> bool:
    """「水利局承诺月底拆完」: a commitment of a unit, not of the sender."""
    said = clause.words.find(COMMITMENT)
    if said is None:
        return False
    end = clause.start + said.start()
    start = max(message.plain.rfind(mark, 0, end) for mark in ",，;；。:\n") + 1
    return bool(message.names.units.find(message.plain, max(start, end - _FAR), end, message.names.places))


def asks_for_figures(words: Words) -> bool:
    """「哪些项目支付率低于50%」: the number in these words is part of what is asked."""
    return words.hold(_WHICH) and not asks(words)


def take_commitment(message: Message, clause: Clause, words: Words) -> None:
    """The day of a commitment that also tells an amount: 「承诺6月30日前到位资金5000万」."""
    if clause.words.hold(COMMITMENT):
        _take_promise(message, clause, _Said(words, asks(words), tells_obstacle(words)))


def _take_promise(message: Message, clause: Clause, said: _Said) -> bool:
    """「承诺5月25日前全部拆完」, 「10月18日追平」."""
    words = said.words
    if said.asked or not clause.dates or words.hold(_PAST):
        return False
    if not message.feedback and (words.hold(FINISHES) or words.hold(STARTS)):
        return False
    day = clause.dates[-1]
    due = as_deadline(day, message.today, message.calendar)
    if due is None or not 0 <= (due - message.today).days <= _TOO_FAR:
        return False
    catch_up = words.hold(CATCH_UP)
    if not message.feedback and _of_somebody_else(message, clause):
        return False
    commits = Words.of(f"{clause.label.text}:{words.text}").hold(COMMITMENT)
    if words.hold(_FORESEES) and not (catch_up or commits):
        return False
    if not (catch_up or commits or (message.feedback and day.before)):
        return False
    if not message.feedback and not message.current and not catch_up:
        return False
    for draft in message.nobody():
        draft.line = replace(draft.line, promised_by=due)
        if catch_up:
            draft.promises.append(Promise(due, None, message.source.span(clause.start, clause.end)))
    if commits and not catch_up:
        message.feedback = True
    message.used.append((clause.start, clause.end))
    return True


def _take_problem(message: Message, clause: Clause, said: _Said) -> bool:
    words = said.words
    if words.stripped().begin_with(_CONSEQUENCE):
        return True
    start = clause.start
    if clause.words.hold(PROBLEM_LABEL):
        start = after_problem_label(message.plain, clause.start, clause.end)
    labelled = start > clause.start or is_problem_label(clause.label)
    if labelled:
        message.in_problem = True
        for draft in message.nobody() if message.current else ():
            draft.problem.label = clause.label.text
    requested = said.asked or (
        message.in_request
        and bool(clause.dates)
        and (clause.dates[0].before or words.hold(_AT_BEST) or not words.hold(EXPECTED))
    )
    answered = (message.feedback or message.closing) and not message.tells_problem
    if message.feedback and requested and not words.hold(_PLEADS):
        requested = False
    if requested and asks_nothing(words):
        return True  # 「请对…予以销号」: what was asked for was blanked out
    if requested and not (answered and not said.asked):
        message.in_request = True
        for draft in message.nobody():
            draft.problem.requests.append(clause)
            draft.asked_in = clause.sentence, clause.item
            if said.obstacle:
                draft.problem.told.append(clause)
        message.used.append((clause.start, clause.end))
        return True
    obstacle = said.obstacle or (message.after_obstacle and not clause.opens and not words.hold(ADVANCES))
    message.after_obstacle = False
    if answered and tells_hardship(words) and not words.hold(_DONE):
        return True  # the reason for what is answered
    if answered or not (obstacle or message.in_problem or (message.tells_problem and message.current)):
        return False
    if (
        message.tells_figures
        and not message.asks_something
        and not message.in_problem
        and (tells_hardship(words) or words.begin_with(_BECAUSE))
    ):
        return True  # the reason behind the figures
    if (
        not (message.current and (message.current[0].mention or message.references))
        and not message.tells_problem
    ):
        return False
    if _is_talk(words.stripped()) or not _WORDS.search(words.text):
        return False
    if (
        not obstacle
        and not message.in_problem
        and (words.hold(_DONE) or message.tells_no_problem_in(clause.sentence))
    ):
        return False
    a, b = message.told_range(clause, words.text, start)
    if b - a < 2:
        return False
    for draft in message.nobody():
        if obstacle or message.in_problem or not draft.problem.requests:
            if obstacle or clause.item is not None:
                _begin_another(draft, clause, a)
            draft.problem.obstacles.append((a, b))
        draft.problem.told.append(clause)
        _take_stop(message, draft, clause, words)
    message.used.append((a, b))
    message.after_obstacle = obstacle
    return True


def _begin_another(draft: Draft, clause: Clause, start: int) -> None:
    """An obstacle in a new list item, or after an obstacle and its request in a new sentence, is another problem."""
    item, draft.told_in = draft.told_in, clause.item
    ordinal = clause.words.begin_with(_ORDINAL)
    if draft.problem.obstacles and draft.asked_in is None and (ordinal or item != clause.item is not None):
        draft.problem.begins.append((start, True))
        return
    if draft.asked_in is None or not draft.problem.obstacles or draft.asked_in[0] == clause.sentence:
        return
    listed = clause.item != draft.asked_in[1] or ordinal
    draft.problem.begins.append((start, listed))
    draft.asked_in = None


def _is_talk(words: Words) -> bool:
    """Greetings, and words that say nothing of a project."""
    return words.begin_with(META) or words.begin_with(COURTESY)


def _take_stop(message: Message, draft: Draft, clause: Clause, words: Words) -> None:
    found = state_of(clause, words, today=message.today, calendar=message.calendar, former=None)
    if found.state in {"suspended", "not_started"}:
        draft.line = replace(draft.line, state=found.state)


def _take_state(message: Message, clause: Clause, words: Words) -> bool:
    if not clause.dates and message.event_day is not None:
        clause.dates = [message.event_day]  # 「9月10日，…正式投产」
        message.event_day = None
    told = message.told_day
    if told and not clause.dates and clause.sentence == told[0] and words.begin_with(_ITSELF):
        clause.dates = [told[1]]  # 「11月22日投料成功，…，项目正式投产」
    if not words.bits & _TELLS_STATE and message.former is None:
        return False
    found = state_of(clause, words, today=message.today, calendar=message.calendar, former=message.former)
    message.former = found.former
    if not message.current:
        return False
    if found.resumed:
        for draft in message.current:
            _forget_stop(message, draft)
    values = {
        "state": found.state,
        "started_on": found.started_on,
        "finished_on": found.finished_on,
        "expected_start": found.expected_start,
        "expected_finish": found.expected_finish,
    }
    if said := {key: value for key, value in values.items() if value is not None}:
        for draft in message.current:
            draft.line = replace(draft.line, **said)  # type: ignore[arg-type]  # fields of ProjectLine
        message.used.extend((day.start, day.end) for day in clause.dates)
    message.told_plan = message.told_plan or found.former is not None or found.consumed
    return found.consumed or found.former is not None


def take_start(message: Message, clause: Clause, words: Words) -> None:
    """The day in 「3月28日开工以来累计完成3200万」, beside the figure."""
    found = state_of(clause, words, today=message.today, calendar=message.calendar, former=None)
    if found.state == "started" and found.started_on and not found.consumed:
        for draft in message.current:
            draft.line = replace(draft.line, state=found.state, started_on=found.started_on)


def _forget_stop(message: Message, draft: Draft) -> None:
    """「停工4天，今天恢复施工」: the stop is over, so it is no problem any more."""
    problem = draft.problem
    if not problem.requests and all(
        SUSPENDED.pattern.search(message.plain, *one) for one in problem.obstacles
    ):
        problem.obstacles, problem.told = [], []


def _take_fact(message: Message, clause: Clause, words: Words) -> None:
    stripped = words.stripped()
    if _is_talk(stripped):
        return
    if stripped.hold(_GAIN):
        message.told_lag = clause.sentence
        return
    if message.told_lag == clause.sentence and stripped.begin_with(_EXPLAINS):
        return  # 「比序时进度慢18个点，主要是图纸变更」
    if message.correction and stripped.hold(CORRECTION):
        return  # 「昨天报的数不对」
    if message.feedback and clause.heads and stripped.hold(FEEDBACK_HEAD):
        return  # 「关于…黄灯的情况说明：」
    if stripped.hold(_REPORTS_LATER) or (message.feedback and stripped.hold(_REASON)):
        return
    if clause.label.hold(FORECAST):
        return
    forecast = not message.feedback and _without_plan(words).hold(FORECAST)
    if forecast or _plans(message, clause, words):
        visit = stripped.hold(_VISIT)
        message.told_plan = message.told_plan or (
            not visit and any(draft.mention for draft in message.current)
        )
        return
    if _SOFT_FORECAST.match(message.plain, clause.end) and not stripped.hold(ADVANCES):
        return  # 「压矿评估|预计6月20日出」: only what the forecast is about
    _keep_fact(message, clause, words)


def _keep_fact(message: Message, clause: Clause, words: Words) -> None:
    a, b = message.told_range(clause, words.text, clause.start)
    heads = {day.start: day.end for day in clause.dates if day.kind in {"relative", "week"}}
    while a in heads:
        a, b = trimmed(message.plain, heads[a], b, clause.words)
    told = message.plain[a:b]
    if clause.words.bits & META.bit and META.pattern.match(told):
        return
    if _is_of_the_name(message, told):
        return
    if not _says_more(told) and not _STOREYS.fullmatch(told):
        if not (clause.label_at >= 0 and _COUNT_ALONE.fullmatch(told) and _WORDS.search(clause.label.text)):
            return
        a = clause.label_at  # 「已建：92套」
    if clause.dates and clause.dates[-1].kind in {"day", "dayno", "relative"}:
        message.told_day = clause.sentence, clause.dates[-1]
    for draft in message.nobody():
        draft.facts.append((a, b))
    message.used.append((a, b))


def _is_of_the_name(message: Message, told: str) -> bool:
    """「常青绿筑 年产10万吨 本月投资540万」: more of the project's own name."""
    own = [message.names.folded[one.project_id] for one in message.current if one.project_id is not None]
    if not own or (_WORDS.match(told) and not any(told[:2] in name for name in own)):
        return False
    more = folded(told)
    return any(more in name for name in own)


def _says_more(text: str) -> bool:
    """Whether two neighbouring characters are left when all that stands around figures is taken out."""
    return (
        _PLAINLY_MORE.match(text) is not None
        or _MORE_AT_HEAD.match(text) is not None
        or _COUNTED_WORK.match(text) is not None
        or _WORDS.search(_SAID_MONEY.sub("", FIGURE_FILLER.sub("", text))) is not None
    )


def _without_plan(words: Words) -> Words:
    return Words.of(words.text.replace("计划", "")) if "计划" in words.text else words


def _plans(message: Message, clause: Clause, words: Words) -> bool:
    """A clause about what lies ahead."""
    if words.hold(_INTENDS) and not words.hold(_HAS_DONE):
        return True
    for day in clause.dates:
        period = as_period(day, message.today)
        if day.part == "yearend" and period is not None and period.last > message.today:
            return not words.hold(_HAS_DONE)  # 「年内封顶」
        this_year = day.kind in {"month", "months", "day"} and day.year is None and day.month is not None
        ahead = this_year and ((day.month or 0), day.day or 31) > (
            message.today.month,
            message.today.day,
        )
        if (
            period is None
            or period.first > message.today
            or (ahead and (day.day or day.part in {"底", "末"} or (day.month or 0) > message.today.month))
        ):
            return day.kind not in {"feast", "within", "dayno"}
    return False
