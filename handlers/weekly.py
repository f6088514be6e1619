"""Weekly feedback given by button or by word (rules C19, I1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.understanding.asking import is_question
from handlers.understanding.reading import Intent, Reading
from handlers.verbs import Verb
from models.errors import Invalid, NotAllowed
from models.notices.weekly import WeeklyGenerated, WeeklySummarySubmitted, WeeklyUnchanged
from models.operations import weekly, weekly_summaries
from models.queries import weekly as queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.calendar import Week

Args = Mapping[str, str | int]


def _giver(context: Context, text: str = "") -> PersonInfo:
    """The sender, or the principal they stand in for who gives weekly feedback (rule B6).

    text: what was typed, which names the body where the sender gives it for several people.
    """
    people = access.own_and_principals(context)
    giving = [one for one in people if queries.given_by(context.directory, one)]
    if len(giving) > 1:
        named = [
            one
            for one in giving
            if any(body.name in text for body in queries.given_by(context.directory, one))
        ]
        giving = named or giving
    return (giving or people)[0]


def _asked(context: Context, args: Args) -> PersonInfo | None:
    """The 联络员 whom a card asks; None for an older card, and where somebody else has taken over since (rule B7).

    Raises NotAllowed where the sender stands in for them no more.
    """
    asked = context.directory.people.get(int(args.get("of", 0)))
    if asked is None or not asked.posts:
        return None
    access.acting_still_for(context, asked.id, "报每周反馈")
    return asked


def unchanged(context: Context, text: str = "", *, person: PersonInfo | None = None) -> None:
    """「本周无变化」 typed, or the button of a card that asks a person."""
    person = person or _giver(context, text)
    given = weekly.unchanged(context.act_for(person), person)
    context.say(
        WeeklyUnchanged(
            period=queries.period_name(given.week),
            bodies=tuple(body.name for body in given.bodies),
            projects=tuple(f"{one.code} {one.name}" for one in given.projects),
            at=context.now,
            late=given.late,
        )
    )


def press_unchanged(context: Context, args: Args, _text: str) -> None:
    person = _asked(context, args) or _giver(context)
    _check_period(context, args, person)
    unchanged(context, person=person)


def generate(context: Context, args: Args, _text: str) -> None:
    """[从台账生成]"""
    person = _asked(context, args) or _giver(context)
    _check_period(context, args, person)
    _generated(context, person, weekly.generate(context.act_for(person), person), "")


def add(context: Context, args: Args, text: str) -> None:
    """[补充]: next week's plan in the person's own words."""
    person = _asked(context, args) or _giver(context)
    _check_period(context, args, person)
    _generated(context, person, weekly.write(context.act_for(person), person, text), _plan_in(text))


_WEEK: Final = re.compile(
    r"\s*(?:(?:每周|本周|这周|一周)(?:工作)?(?:反馈|情况|工作|小结|进展|动态)(?:如下|是)?|周报|周反馈)\s*(?:[:：,，]|\s(?=\S)|\n)\s*(?=\S)"
)
# 「本周无新增」, 「这周没什么新情况」: as 本周无变化, in the words of the published text (rule I2).
_NOTHING: Final = re.compile(
    r"\s*(?:我们|我[县局区]|本[县局区])?(?:本周|这周|这一周|本星期|这星期)\s*(?:暂时?|目前|也|都|还是)*(?:没有?|无)(?:什么|啥|任何|新的?|要报的?)*"
    r"(?:新增|新情况|新进展|进展|新动静|动静|情况|事项|内容|要报|可报)(?:的)?(?:内容|事项|情况)?(?:要报|可报|上报|反馈)?[了的]*[\s。.!！]*"
)
# 「本周完成组卷2宗」: of no project in particular.
_THIS_WEEK: Final = re.compile(
    r"\s*(?:本周|这周|这一周|本星期)(?![一二三四五六日天末内底前])\s*[:：,，]?\s*"
    r"(?=.{0,200}?(?:完成|开展|推进|办理|办结|上报|报送|组织|召开|协调|对接|调度|督导|检查|审查|审批|批复|取得|落实|启动|进场|施工|安装|浇筑|封顶|移交|梳理|解决|整改))",
    re.DOTALL,
)
# 「本周交通专班：桥梁方案已报铁路局」, 「交通专班本周情况：…」: whose week it is stands before the colon.
_WHOSE_WEEK: Final = re.compile(
    r"\s*(?:(?:本周|这周)\s?[一-鿿]{2,8}(?:专班|[县区局])|[一-鿿]{2,8}(?:专班|[县区局])(?:本周|这周))"
    r"(?:的?(?:工作)?(?:反馈|情况|工作|小结|进展))?\s?[:：]\s?(?=\S)"
)
_HEADED: Final = re.compile(r"\s*(?:本周|这周|本星期)\s*[:：]?\s*(?=\S)")
_PLAN: Final = re.compile(r"下周(?:工作)?(?:计划|打算|安排)\s*[:：,，]?\s*(?P<plan>\S[^。；;\n]*)")


def gives(context: Context) -> bool:
    """Whether the sender, or who they stand in for, gives weekly feedback."""
    return any(queries.given_by(context.directory, one) for one in access.own_and_principals(context))


def add_words(context: Context, text: str) -> None:
    """「下周计划 …」 typed: added to the week's feedback, as with [补充]."""
    person = _giver(context, text)
    _generated(context, person, weekly.write(context.act_for(person), person, text), _plan_in(text))


def _plan_in(text: str) -> str:
    """What stands behind 「下周计划」 at the head of a text: the card has that label already."""
    said = text.strip()
    plan = _PLAN.match(said)
    return said[plan.start("plan") :] if plan is not None else said


def told_week(context: Context, reading: Reading, text: str) -> bool:
    """「本周反馈：完成组卷2宗」, what the call invites to; False for other words and of who gives none (rule I1).

    A week told without that heading is feedback where it names no project, item or amount, and reports no problem.
    """
    nothing = _NOTHING.fullmatch(text) is not None
    loose = _of_no_project(reading) and not is_question(text)
    found = _WEEK.match(text) or (_THIS_WEEK.match(text) if loose else None) or _with_plan(reading, text)
    if found is None and "周" in text and not any(line.figures or line.issues for line in reading.lines):
        found = _WHOSE_WEEK.match(text)
    if not (nothing or found) or not gives(context):  # who stands in for whom is asked of few texts
        return False
    if nothing or found is None:
        unchanged(context, text)
        return True
    said = text[found.end() :].strip()
    plan = _PLAN.search(said)
    person = _giver(context, text)
    given = weekly.write(context.act_for(person), person, said)
    _generated(context, person, given, plan["plan"].strip() if plan else "", whole=True)
    return True


def _with_plan(reading: Reading, text: str) -> re.Match[str] | None:
    """「本周门诊楼四层封顶，下周计划做屋面」 without a figure: the week's feedback, whatever project it names."""
    if "下周" not in text or reading.item_refs or any(line.figures or line.issues for line in reading.lines):
        return None
    return _HEADED.match(text) if _PLAN.search(text) else None


def _of_no_project(reading: Reading) -> bool:
    """Whether nothing in a text is of one project or item, an amount, a problem, a question or 无变化."""
    if reading.unchanged or reading.item_refs or Intent.QUERY in reading.intents or reading.urgent:
        return False
    return not any(
        line.project_id is not None or line.candidates or line.figures or line.issues or line.unchanged
        for line in reading.lines
    )


def _generated(
    context: Context, person: PersonInfo, given: weekly.Given, plan: str, *, whole: bool = False
) -> None:
    """whole: all lines of the feedback, for words that somebody wrote; else the first, which the ledger made."""
    lines = tuple(
        f"{body.name} 本周：{text.replace(chr(10), '；') if whole else text.partition(chr(10))[0]}"
        for body, text in zip(given.bodies, given.texts, strict=True)
    )
    context.say(
        WeeklyGenerated(
            period=queries.period_name(given.week),
            period_first=given.week.first.isoformat(),
            lines=lines,
            submitted_at=context.now,
            late=given.late,
            plan=plan,
            of=person.id,
        )
    )


# --- 小结, 汇总


def show_summary(context: Context, person: PersonInfo | None = None) -> None:
    """/小结: the categories of the sender, or of who they stand in for."""
    person = person or _summarizer(context)
    week = weekly_summaries.period(context.desk, person)
    categories = queries.categories_of(context.directory, person)
    context.say_privately(weekly_summaries.card(context.act_for(person), week, categories, of=person.id))


def _summarizer(context: Context) -> PersonInfo:
    people = access.own_and_principals(context)
    found = next((one for one in people if queries.categories_of(context.directory, one)), None)
    if found is None:
        raise NotAllowed("报类别小结", who="类别牵头专班的联络员")
    return found


def _summary_week(context: Context) -> Week:
    return calendar.week_of(context.desk.today, context.directory.calendar)


def plan(context: Context, text: str, *, person: PersonInfo | None = None) -> None:
    """补充计划, /小结 专项债券 …: the 工作计划, shown with the 小结."""
    person = person or _summarizer(context)
    weekly_summaries.plan(
        context.act_for(person), person, weekly_summaries.period(context.desk, person), text
    )
    show_summary(context, person)


def submit_summary(context: Context, *, person: PersonInfo | None = None) -> None:
    """提交小结: all of them, those of the 联络员 whom a card asks or the sender's."""
    person = person or _summarizer(context)
    week = weekly_summaries.period(context.desk, person)
    bodies = weekly_summaries.submit(context.act_for(person), person, week)
    context.say_privately(
        WeeklySummarySubmitted(
            queries.period_name(week),
            tuple(body.name for body in bodies),
            context.now,
            context.now > weekly_summaries.due(context.desk, week),
        )
    )


def press_plan(context: Context, args: Args, text: str) -> None:
    """[补充计划]"""
    _check_week(context, args)
    plan(context, text, person=_asked(context, args))


def press_submit_summary(context: Context, args: Args, _text: str) -> None:
    """[提交小结]"""
    _check_week(context, args)
    submit_summary(context, person=_asked(context, args))


def press_publish(context: Context, args: Args, _text: str) -> None:
    """[发布]"""
    hub = access.hub_member(context) or context.sender
    context.say_privately(
        weekly_summaries.publish(
            context.act_for(hub), hub.organisation_id, str(args["period"]), str(args.get("seen", ""))
        )
    )


def show_digest(context: Context) -> None:
    """/小结 汇总: the draft as it reads now, for 综合专班."""
    hub = access.require_hub(context, "看每周汇总草稿")
    context.say_privately(
        weekly_summaries.build(context.desk, hub.organisation_id, _summary_week(context), until=context.now)
    )


def _check_week(context: Context, args: Args) -> None:
    week = weekly_summaries.period(context.desk, _summarizer(context))
    if str(args["period"]) != week.first.isoformat():
        raise Invalid("这张卡片是以前一周的", mend="请发 /小结 看本周的")


def _check_period(context: Context, args: Args, person: PersonInfo) -> None:
    """A card of an earlier week gives nothing for this one."""
    week = weekly.period(context.desk, person)
    if str(args["period"]) != week.first.isoformat():
        raise Invalid("这张卡片是以前一周的", mend="本周情况请回「本周无变化」或直接发送")


VERBS: Final[Mapping[str, Verb]] = {
    "weekly.generate": generate,
    "weekly.unchanged": press_unchanged,
    "weekly.add": add,
    "weekly.plan": press_plan,
    "weekly.submit_summary": press_submit_summary,
    "weekly.publish": press_publish,
}
