"""An obstacle or a request for help, put into the drafts of the projects it is about."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.issues import (
    Said,
    after_problem_label,
    asks,
    asks_nothing,
    is_problem_label,
    tells_hardship,
    tells_obstacle,
)
from handlers.understanding.message import Draft, Message
from handlers.understanding.phrases import Words, any_of
from handlers.understanding.phrases.problems import PROBLEM_LABEL
from handlers.understanding.phrases.states import EXPECTED
from handlers.understanding.states import state_of
from handlers.understanding.telling.telling_facts import ADVANCES, BUILDS, FINISHED, WORDS, is_talk

CONSEQUENCE = any_of(r"否则|不然|要不然")
_PLEADS = any_of(r"(?<![申邀报提敬呈有])请|恳|希望|建议|麻烦|需要?|能否|可否|能不能|盼|求")
_DONE = any_of(
    r"已(?!经?[不无没])|完毕|完成|结束|取得|封顶|拿到(?!什)|在审|正?在办|正?在编|报[省市部]厅?$|批了|(?<![没未不])下来了|贯通|合龙|\d%|百分之|[一二三四五六七八九\d]成(?![本立果效品为交])|(?<![未没不])通过(?![不才])|(?<!不)合格"
    rf"|{FINISHED}(?!不)|{BUILDS}|[迁拆搬移清挪撤](?:走|掉|净|空)了?"
    r"|(?:交付|移交|开挖|铺设|架设|安装|吊装|(?<!报)[打铺挖砌栽植拉装浇])了?\d[\d.]*(?:公里|千?米|根|栋|层|户|套|台|座|眼|孔|方|亩|棵|吨|片|榀|个|条|处|块)"
)
_BECAUSE = any_of(r"\s*(?:(?:主要)?是?(?:因为|由于)|主要(?:是|原因))")
_FOR_A_REASON = any_of(r"\s*(?:主要|也)?(?:是)?(?:因为?|由于|受(?!益))")
_AT_BEST = any_of(
    r"最好|[要得](?:能(?!源)|定下|有(?:结果|结论|说法|着落|答复))|才[行好]|[就也]行|为[好盼宜]|就好|争取|力争|务必|确保"
)
_NEEDS = re.compile(r"\s*[\u4e00-\u9fff\d]{4,}?(?:还?[要需须得]|需要)(?=[\u4e00-\u9fff]{2,10})")
_PLEADS_FOR = any_of(r"请|恳|望|麻烦|建议|能否|能不能|拜托|盼|前")
_MUST = any_of(r"必须|务必|[要得须需应](?!求|要|到|不|当是|是)|最好|才[行好能]|就要$|就得$")
_AT_LATEST = any_of(r"最[迟晚]|不[晚迟]于|必须|务必")
# 「需10月15日前到位」, 「10月15日前要拿到」: what has to be given, no works that are planned for then.
_GIVEN = r"(?:拿[到下出]|批[复下准]|办[下好完结理]|解决|到位|接通|给[出个到]|拨[付下]|下达|移交|协调[好到下])"
_MUST_DO = any_of(
    rf"必须|务必|[要得须需]把|(?:需要?|急需|须|得|要)(?:在|于)?(?=\d{{1,2}}月\S{{1,8}}{_GIVEN})|(?<=[前日号底])(?:需要?|须|得|要)(?={_GIVEN})"
)
_FORMERLY = any_of(r"\s*(?:之前|此前|前期|当时|原来|那时|前段时间|前阵子)")
_JOINED = 2  # characters
_ORDINAL = any_of(r"^[一二三四五六]是|^第[一二三四五六](?![期批回次轮版年天个家])")
_FURTHER = any_of(r"^[二三四五六]是|^第[二三四五六](?![期批回次轮版年天个家])")


def take_problem(message: Message, clause: Clause, said: Said) -> bool:
    words = said.words
    if words.stripped().begin_with(CONSEQUENCE):
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
    requested = requested or _demands(message, clause, words)
    if message.former is not None and not message.asks_something and words.begin_with(_FOR_A_REASON):
        return True  # why a day was moved
    answered = (message.feedback or message.closing) and not message.tells_problem
    if message.feedback and requested and not words.hold(_PLEADS):
        requested = False
    if requested and asks_nothing(words):
        return True  # 「请对…予以销号」: what was asked for was blanked out
    if requested and not (answered and not said.asked):
        described = _described_by(message, clause, words) if message.current else None
        message.in_request = True
        for draft in message.nobody():
            _ask_another(message, draft, clause, described, said)
            draft.problem.requests.append(clause)
            draft.asked_in = clause.sentence, clause.item
            if said.obstacle:
                draft.problem.told.append(clause)
            if described:
                draft.problem.obstacles.append(described)
        message.used.append((clause.start, clause.end))
        return True
    obstacle = said.obstacle or (message.after_obstacle and not clause.opens and not words.hold(ADVANCES))
    message.after_obstacle = False
    reason = answered and (tells_hardship(words) or (said.obstacle and words.begin_with(_FORMERLY)))
    if reason and not words.hold(_DONE):
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
    if is_talk(words.stripped()) or not WORDS.search(words.text):
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
            if obstacle or clause.item is not None or clause.opens or clause.words.begin_with(_ORDINAL):
                _begin_another(message, draft, clause, a)
            draft.problem.obstacles.append((a, b))
        draft.problem.told.append(clause)
        _take_stop(message, draft, clause, words)
    message.used.append((a, b))
    message.after_obstacle = obstacle
    return True


def forget_obstacle(message: Message) -> None:
    """「商户有意见，要求白天不能施工，已做通工作」: the obstacle told just before is over; earlier ones are not."""
    message.after_obstacle = False
    for draft in message.nobody():
        problem = draft.problem
        if not problem.obstacles or problem.requests:
            continue
        start, _ = problem.obstacles.pop()
        problem.told = [one for one in problem.told if not one.start <= start < one.end]
        while draft.facts and _leads_to(message, draft.facts[-1], start):
            start = draft.facts.pop()[0]
        if not problem.obstacles and draft.standing.state == "suspended":
            draft.standing.state = None


def _leads_to(message: Message, fact: tuple[int, int], start: int) -> bool:
    """「塔吊司机闹薪资，停了两天」: how the obstacle that begins at start came about, and no progress."""
    return 0 <= start - fact[1] <= _JOINED and not ADVANCES.pattern.search(message.plain, *fact)


def _described_by(message: Message, clause: Clause, words: Words) -> tuple[int, int] | None:
    """「桥转体要铁路局给天窗点」 tells what is wanting and who has to act, both."""
    found = _NEEDS.match(words.text)
    if found is None or words.hold(_PLEADS_FOR) or words.hold(_AT_BEST):
        return None
    a, b = message.told_range(clause, words.text, clause.start)
    return (a, b) if b > a else None


def _demands(message: Message, clause: Clause, words: Words) -> bool:
    """「国庆节前必须有结论，请…会商」: by when, in a clause of its own before the request or beside the obstacle."""
    at_latest = words.hold(_AT_LATEST)
    if not any(day.before or day.kind == "within" or at_latest for day in clause.dates):
        return False
    if not (at_latest or words.hold(_MUST)):
        return False
    if words.hold(_MUST_DO) and not message.asks_something:
        return any(tells_obstacle(one.words) for one in message.clauses if one is not clause)
    return any(
        one.sentence == clause.sentence and asks(one.words) for one in message.clauses[clause.number + 1 :]
    )


def _begin_another(message: Message, draft: Draft, clause: Clause, start: int) -> None:
    """An obstacle in a new list item, or after an obstacle and its request in a new sentence, is another problem."""
    item, draft.told_in = draft.told_in, clause.item
    ordinal = clause.words.begin_with(_ORDINAL) or (message.counts_problems and clause.opens)
    if draft.problem.obstacles and draft.asked_in is None and (ordinal or item != clause.item is not None):
        draft.problem.begins.append((start, True))
        return
    if draft.asked_in is None or not draft.problem.obstacles or draft.asked_in[0] == clause.sentence:
        return
    listed = clause.item != draft.asked_in[1] or ordinal
    draft.problem.begins.append((start, listed))
    draft.asked_in = None


def _ask_another(
    message: Message, draft: Draft, clause: Clause, described: tuple[int, int] | None, said: Said
) -> None:
    """A request that tells its own problem, or stands in a list item of its own, begins another one as well.

    「①请资规局6月10日前审定；②请交通局对接」: the day holds for the first only.
    """
    if draft.problem.obstacles and described:
        _begin_another(message, draft, clause, described[0])
        return
    if draft.asked_in is None or not (said.asked or described):
        return
    if draft.problem.obstacles and draft.told_in is None:
        return  # 「用地没批。建议：①请资规局…；②请县里…」: what is asked for one problem
    listed = draft.asked_in[1] is not None and clause.item not in {None, draft.asked_in[1]}
    if listed or clause.words.begin_with(_FURTHER):
        draft.problem.begins.append((clause.start, True))


def _take_stop(message: Message, draft: Draft, clause: Clause, words: Words) -> None:
    found = state_of(clause, words, today=message.today, calendar=message.calendar, former=None)
    if found.state in {"suspended", "not_started"}:
        draft.standing.state = found.state
