"""/会议 拟题 9月专题; 加入, 移除, 排序, 报市攻坚办 (rules G2, M1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from handlers import access, asked_words, item_access
from handlers.asked_words import Answer
from handlers.context import Context
from handlers.verbs import Command, Verb
from models.errors import Invalid, NotFound, NotUnderstood, StateForbids
from models.notices.topic_meetings import TopicsReported
from models.operations import topic_meetings as operations
from models.operations.desk import Desk
from models.queries import items as item_queries
from models.queries import topic_meetings as queries
from models.queries.items import NUMBER
from models.tables.coordination import MeetingTopic, TopicMeeting
from models.tables.drafts import Question
from models.types import Role

Args = Mapping[str, str | int]

EXAMPLE: Final = "/会议 拟题 9月专题"
TEXT: Final = "topics.text"
_MONTH: Final = re.compile(r"(?P<month>1[0-2]|[1-9])\s*月")
_MARKS: Final = re.compile(r"[\s,，、;；>→]+")
_VERB: Final = re.compile(
    r"^(?P<verb>拟题|加入|移除|排序|报市攻坚办|同意|退回)\s*[:：]?\s*(?P<rest>.*)$", re.DOTALL
)


def run(context: Context, args: str) -> None:
    """What is said behind /会议; without words the list of this month."""
    said = _VERB.match(args.strip())
    if said is None and args.strip() and _MONTH.search(args) is None:
        raise NotUnderstood("会议", examples=(EXAMPLE, "/会议 加入 W0186"))
    verb, rest = (said["verb"], said["rest"]) if said is not None else ("拟题", args)
    if verb == "拟题":
        _propose(context, rest)
        return
    meeting = queries.latest(context.session, context.sender.organisation_id)
    if meeting is None:
        raise Invalid("还没有拟题", mend=f"例：{EXAMPLE}")
    _ACTS[verb](context, meeting, rest)


def _propose(context: Context, words: str) -> None:
    desk = _desk(context)
    operations.check_settles(desk, context.sender.organisation_id)
    named = _MONTH.search(unicodedata.normalize("NFKC", words))
    meeting = operations.propose(
        desk,
        context.sender.organisation_id,
        _month(desk.today, int(named["month"]) if named else desk.today.month),
    )
    context.say_privately(operations.card(desk, meeting))


def _month(today: date, month: int) -> date:
    """The first day of the month meant: the nearest one, by half a year."""
    year = today.year + (1 if month - today.month < -6 else -1 if month - today.month > 6 else 0)
    return date(year, month, 1)


# --- settling


def _settling(context: Context, meeting: TopicMeeting, act: str) -> Desk:
    """The desk of who may settle the list while it is open. Raises NotAllowed, StateForbids."""
    desk = _desk(context)
    operations.check_settles(desk, meeting.organisation_id)
    operations.check_open(meeting, act)
    return desk


def _add(context: Context, meeting: TopicMeeting, words: str) -> None:
    desk = _settling(context, meeting, "加入")
    if not words.strip():
        _ask(context, "加入", meeting, "要加入的问题编号或项目编号，如 W0186")
        return
    number = NUMBER.search(words)
    if number is not None:
        added = operations.add(desk, meeting, item=item_access.item(context, number[0]))
    else:
        added = operations.add(desk, meeting, project=access.project(context, words.strip()))
    context.say_privately(operations.card(desk, meeting, f"已加入 {added}"))


def _remove(context: Context, meeting: TopicMeeting, words: str) -> None:
    desk = _settling(context, meeting, "移除")
    if not words.strip():
        _ask(context, "移除", meeting, "要移除的序号或编号，可写原因，如 2 已解决")
        return
    topic, reason = _topic(context, meeting, unicodedata.normalize("NFKC", words).strip())
    removed = operations.remove(desk, meeting, topic, reason)
    context.say_privately(operations.card(desk, meeting, f"已移除 {removed}"))


def _topic(context: Context, meeting: TopicMeeting, words: str) -> tuple[MeetingTopic, str]:
    """The topic that a place, number or code means, and the words behind it."""
    topics = queries.topics(context.session, meeting.id)
    head, _, rest = words.partition(" ")
    if (number := NUMBER.match(words)) is not None:
        wanted, rest = item_queries.normal_number(number[0]), words[number.end() :]
        found = [one for one in topics if operations.name(context.desk, one) == wanted]
    elif head.isdigit() and 1 <= int(head) <= len(topics):
        found = [topics[int(head) - 1]]
    else:
        found = [one for one in topics if operations.name(context.desk, one) == head.upper()]
    if not found:
        raise NotFound(head)
    return found[0], rest.strip(" ，,：:").removeprefix("原因").strip(" ：:")


def _order(context: Context, meeting: TopicMeeting, words: str) -> None:
    desk = _desk(context)
    operations.check_settles(desk, meeting.organisation_id)
    if not words.strip():
        _ask(context, "排序", meeting, "新的次序，如 2 1 3")
        return
    parts = [one for one in _MARKS.split(unicodedata.normalize("NFKC", words).strip()) if one]
    if not all(one.isdigit() for one in parts):
        raise NotUnderstood(words[:20], examples=("排序 2 1", "/会议 排序 2 1 3"))
    operations.order(desk, meeting, [int(one) for one in parts])
    context.say_privately(operations.card(desk, meeting, "已按新次序排列"))


def _report(context: Context, meeting: TopicMeeting, _words: str) -> None:
    desk = _desk(context)
    told = "、".join(one.label for one in operations.report(desk, meeting))
    context.say_privately(
        TopicsReported(meeting.id, meeting.version, meeting.month.month, told=told, act="报市攻坚办")
    )


def _approve(context: Context, meeting: TopicMeeting, _words: str) -> None:
    desk = _approver(context, meeting)
    context.say_privately(replace(operations.approve(desk, meeting), own=True))


def _send_back(context: Context, meeting: TopicMeeting, words: str) -> None:
    desk = _approver(context, meeting)
    if not words.strip():
        _ask(context, "退回", meeting, "退回议题的原因")
        return
    told = "、".join(one.label for one in operations.send_back(desk, meeting, words))
    context.say_privately(
        TopicsReported(meeting.id, meeting.version, meeting.month.month, told=told, act="退回")
    )


_ACTS: Final[Mapping[str, Callable[[Context, TopicMeeting, str], None]]] = {
    "加入": _add,
    "移除": _remove,
    "排序": _order,
    "报市攻坚办": _report,
    "同意": _approve,
    "退回": _send_back,
}


# --- buttons, answers


def _pressed(verb: str) -> Verb:
    def press(context: Context, args: Args, text: str) -> None:
        meeting_id, _, version = str(args["list"]).partition(".")
        meeting = queries.by_id(context.session, int(meeting_id))
        if meeting is None or meeting.organisation_id != context.sender.organisation_id:
            raise NotFound("会议")
        if int(version) != meeting.version and verb in ("报市攻坚办", "同意", "移除", "排序"):
            # An old card shows another list than the one that would be acted on.
            raise StateForbids(
                f"{meeting.month.month}月专题会议议题",
                state="已有变动",
                act=verb,
                allowed=("/会议 查看现在的议题",),
            )
        _ACTS[verb](context, meeting, text)

    return press


def _ask(context: Context, verb: str, meeting: TopicMeeting, what: str) -> None:
    body = {"verb": verb, "meeting": meeting.id}
    asked_words.ask(context, TEXT, body, what=what, code=f"{meeting.month.month}月专题")


def _answer(context: Context, question: Question, text: str) -> bool:
    body = dict(question.body)
    meeting = queries.by_id(context.session, int(body["meeting"]))
    if meeting is None:
        return False
    asked_words.close(context, question)
    _ACTS[str(body["verb"])](context, meeting, text)
    return True


def _desk(context: Context) -> Desk:
    return context.act_for(access.hub_member(context))


def _approver(context: Context, meeting: TopicMeeting) -> Desk:
    able = [
        one
        for one in access.own_and_principals(context)
        if one in operations.approvers(context.desk, meeting)
    ]
    return context.act_for(able[0] if able else None)


def _may(context: Context) -> bool:
    return access.in_hub(context) or access.holds(context, Role.OFFICE_HEAD)


ANSWERS: Final[Mapping[str, Answer]] = {TEXT: _answer}

VERBS: Final[Mapping[str, Verb]] = {
    "topics.add": _pressed("加入"),
    "topics.remove": _pressed("移除"),
    "topics.order": _pressed("排序"),
    "topics.report": _pressed("报市攻坚办"),
    "topics.approve": _pressed("同意"),
    "topics.send_back": _pressed("退回"),
}

COMMAND = Command(
    "会议",
    summary="拟定月度专题会议议题（综合专班）",
    usage=EXAMPLE,
    run=run,
    bare=True,
    said=re.compile(r"(?P<args>拟题.*)"),
    may=_may,
)
