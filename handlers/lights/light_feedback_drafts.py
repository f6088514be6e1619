"""Feedback on a warning said in a sentence: 「ZX0031黄灯原因是…」 becomes a 【反馈草稿】 (rules C1, C16, E9)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.hearing import hear
from handlers.lights import light_actions, light_words
from handlers.naming import PROJECT_CODE
from handlers.understanding.asking import asked_lights
from handlers.understanding.reading import Intent, Match, ProjectLine, Reading
from handlers.understanding.telling.telling_facts import ADVANCES
from handlers.understanding.wanted import wish_in
from models.errors import Invalid, NotFound
from models.notices.light_drafts import LightFeedbackDraftCard
from models.operations import drafts
from models.operations import light_feedback as feedbacks
from models.queries import drafts as draft_queries
from models.queries import lights as queries
from models.queries.directory import ProjectInfo
from models.rules.calendar import local
from models.tables.drafts import Draft
from models.types import DraftKind, DraftState, Light

_LONGEST: Final = 2000  # characters, as of /反馈
_TELLS_WHY: Final = re.compile(
    r"[红黄]灯.{0,8}(?:原因|因为|由于|是因|主要|反馈|整改|说明|回复|情况)|(?:原因|反馈|说明|回复).{0,16}[红黄]灯|亮灯.{0,4}(?:原因|反馈|因为)"
    r"|收到.{0,8}[红黄]灯.{0,40}(?:整改|追|赶|措施|承诺|保证|确保)|未更新.{0,4}(?:原因|因为|由于|是因)"
)
_NAMED_FEEDBACK: Final = re.compile(r"\s*(?:项目)?的?反馈(?:如下|意见|情况)?(?:\s*[:：,，]|\s(?=\S))")
_TAKEN_OUT: Final = re.compile(r"^[\s，,：:的]+(?:反馈(?:如下|意见|情况)?(?:\s*[:：,，]\s*|\s+))?")
_RECEIVED: Final = re.compile(
    r"\s*(?:好的?[,，])?(?:(?:收到|知悉|知道了?|已阅|看到了?)\S{0,8}?[红黄]灯(?:预警|提醒|通知)?|\S{0,8}?[红黄]灯(?:预警|提醒|通知)?(?:已经?)?(?:收到|知悉|知道|看到|已阅)了?)[\s。.!！]*"
)
_PARTS: Final = re.compile(r"[;；\n]+")
_BEGINS_WITH_DAY: Final = re.compile(r"\s*(?:\d{1,2}月|\d{1,2}[日号]|每周|[本下]周|月底)")


def from_reading(context: Context, reading: Reading, text: str) -> ProjectLine | None:
    """The line of the project whose warning the text explains, with a draft opened for it; None for other texts.

    Raises Invalid where the project has no warning, or where none of several is named.
    """
    said_so = "反馈" in text and _says_feedback(reading, text)
    told = (
        said_so
        or (("灯" in text or "未更新" in text) and _TELLS_WHY.search(text) is not None)
        or _says_how_to_catch_up(context, reading, text)
    )
    if not told or Intent.QUERY in reading.intents or asked_lights(text) is not None:
        return None
    if (apart := _told_apart(context, text)) is not None:
        return apart
    named = [one for one in reading.lines if one.match is Match.UNIQUE]
    if not named and (code := PROJECT_CODE.search(text)) is not None:
        raise NotFound(code[0])  # the same whether there is none or it is not the sender's (rule B4)
    if not named and not any(one.mention or one.figures for one in reading.lines):
        return _of_own_warning(context, text)
    if len(named) > 1 and len(named) == len(reading.lines):
        return _of_several(context, named, text)
    if len(named) != 1 or len(reading.lines) != 1:
        return None
    project = context.directory.projects[named[0].project_id or 0]
    if not _may_feed_back(context, project):
        return None
    if said_so and queries.case(context.session, project.id) is None and not _only_promises(named[0]):
        return None
    feedbacks.open_case(context.desk, project)
    _open(context, project, _TAKEN_OUT.sub("", text.removeprefix(named[0].mention)).strip() or text)
    asks = named[0].issues and wish_in(text) is not None
    return replace(named[0], image_progress=None, promises=(), issues=named[0].issues if asks else ())


def _told_apart(context: Context, text: str) -> ProjectLine | None:
    """「污水厂黄灯原因：…；管网黄灯原因：…」: each project's words are its own feedback."""
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    if len(parts) < 2 or not all(_TELLS_WHY.search(part) for part in parts):
        return None
    readings = [hear(context, part) for part in parts]
    meant = {line.project_id for one in readings for line in one.lines if len(one.lines) == 1}
    if None in meant or len(meant) != len(parts):
        return None
    lines = [from_reading(context, reading, part) for reading, part in zip(readings, parts, strict=True)]
    return next((line for line in lines if line is not None), None)


def remind_of_duty(context: Context, text: str) -> None:
    """「收到黄灯预警」 of who owes feedback: what is wanted, and until when. Raises Invalid (rules C16, E9)."""
    if "灯" not in text or _RECEIVED.fullmatch(text) is None:
        return
    for person in access.own_and_principals(context):
        for case in queries.cases_awaiting_feedback_of(context.session, person.id):
            code = context.directory.projects[case.project_id].code
            due = local(case.feedback_due_at)
            raise Invalid(
                f"{code} {case.light}灯请于 {due:%m-%d %H:%M} 前反馈",
                mend=f"例：/反馈 {code} 原因、措施、追赶目标",
            )


def _may_feed_back(context: Context, project: ProjectInfo) -> bool:
    may = {one.id for one in feedbacks.authors(context.desk, project)}
    return bool(may & {one.id for one in access.own_and_principals(context)})


def _of_several(context: Context, named: list[ProjectLine], text: str) -> ProjectLine | None:
    """「ZX0031、ZX0032黄灯原因都是设备晚到」: a draft for each; None unless all wait for the sender."""
    projects = [context.directory.projects[line.project_id or 0] for line in named]
    if any(line.figures or line.unchanged for line in named) or not all(
        _may_feed_back(context, one) and queries.case(context.session, one.id) is not None for one in projects
    ):
        return None
    words = text
    for line in named:
        words = words.strip().removeprefix(line.mention).lstrip(" 、，,和及与")
    for project in projects:
        _open(context, project, words)
    return replace(named[0], image_progress=None, promises=(), issues=())


def _says_how_to_catch_up(context: Context, reading: Reading, text: str) -> bool:
    """「主要是工人放假，10月20日累计4500，月底追平」: what a warning that waits for feedback asks for.

    What has been done is reported, not fed back; without such a warning a promise is no entry (rule C1).
    """
    if len(reading.lines) != 1 or not (line := reading.lines[0]).promises:
        return False
    if line.project_id is None:  # 「10月11日5900，10月18日追平」 after 退回: of the warning that waits
        nobody = not (line.mention or line.figures or line.candidates or reading.item_refs)
        return nobody and _BEGINS_WITH_DAY.match(text) is not None
    done = (
        line.figures
        or line.unchanged
        or (line.image_progress and ADVANCES.pattern.search(line.image_progress))
    )
    if done or any(wish.needed_by for wish in line.issues):
        return False
    case = queries.case(context.session, line.project_id)
    return case is not None and case.state == queries.OPEN


def refuse_promise(context: Context, reading: Reading) -> None:
    """「循环园…10月底前能追上」 where no warning waits for it: nobody records it, so the sender is told (C1, C4)."""
    if Intent.QUERY in reading.intents:
        return
    for line in reading.lines:
        if line.project_id is None or not (line.promises or line.promised_by):
            continue
        project = context.directory.projects[line.project_id]
        if not _may_feed_back(context, project):
            continue
        case = queries.case(context.session, project.id)
        if case is None:
            raise Invalid(
                f"{project.code} 没有等反馈的亮灯，这句没有记下",
                mend=f"有进展请报数，例：{project.code} 累计5500万",
            )
        raise Invalid(
            f"{project.code} {case.light}灯的反馈已报过，这句没有记下",
            mend=f"要补充请发 /反馈 {project.code} 原因、措施、追赶目标",
        )


def _only_promises(line: ProjectLine) -> bool:
    return bool(line.promises) and not (line.figures or line.unchanged)


def _says_feedback(reading: Reading, text: str) -> bool:
    """「循环园的反馈：…」: the project's name before it; 「本周反馈：…」 is the week's (rule I1)."""
    words = text.strip()
    return any(
        one.mention and words.startswith(one.mention) and _NAMED_FEEDBACK.match(words, len(one.mention))
        for one in reading.lines
    )


def _of_own_warning(context: Context, text: str) -> ProjectLine | None:
    """「收到黄灯预警，10月18日前追平」: the only warning that waits for the sender's feedback is meant (rule C4)."""
    cases = [
        case
        for person in access.own_and_principals(context)
        for case in queries.cases_awaiting_feedback_of(context.session, person.id)
    ]
    projects = [context.directory.projects[case.project_id] for case in cases]
    if len(projects) > 1:
        codes = "、".join(sorted(one.code for one in projects))
        raise Invalid(
            f"等您反馈的亮灯有 {len(projects)} 个：{codes}",
            mend="请写明项目，例：" + f"/反馈 {projects[0].code} …",
        )
    if not projects:
        return None
    _open(context, projects[0], text)
    return ProjectLine(mention=projects[0].code, match=Match.UNIQUE, project_id=projects[0].id)


def _open(context: Context, project: ProjectInfo, words: str) -> None:
    """A draft of these words; an earlier one for the same warning that still waits is replaced by it."""
    words = light_words.without_title(words)
    for old in draft_queries.open_of(context.session, context.sender.id, kind=DraftKind.LIGHT_FEEDBACK):
        if old.body["project"] == project.id:
            drafts.close(context.desk, old, DraftState.CANCELLED, reason="重新反馈")
    draft = drafts.open_draft(
        context.desk, context.sender, DraftKind.LIGHT_FEEDBACK, {"project": project.id, "text": words[:_LONGEST]},
        group_id=context.group_id, source=context.message.message_id,
    )  # fmt: skip
    show(context, draft)


def show(context: Context, draft: Draft) -> None:
    project, words = _project(context, draft), str(draft.body["text"])
    case = feedbacks.open_case(context.desk, project)
    judges = feedbacks.reviewers(context.desk, case)
    promises = tuple(
        feedbacks.words_of(one.due, one.fen) for one in light_actions.promises_in(context, project, words)
    )
    context.say(
        LightFeedbackDraftCard(
            draft_id=draft.id, version=draft.version, number=draft.number, code=project.code, name=project.name,
            light=Light(case.light), text=words, reviewer=judges[0].label if judges else "",
            promises=promises, due_at=case.feedback_due_at if case.state != queries.ACCEPTED else None,
        )
    )  # fmt: skip


def edit(context: Context, draft: Draft, text: str) -> bool:
    drafts.edit(context.desk, draft, {**draft.body, "text": text.strip()[:_LONGEST]})
    show(context, draft)
    return True


def confirm(context: Context, draft: Draft) -> None:
    """Hand it in; judged by this moment (rule A7)."""
    light_actions.feed_back(context, _project(context, draft), str(draft.body["text"]))
    drafts.close(context.desk, draft, DraftState.CONFIRMED)


def _project(context: Context, draft: Draft) -> ProjectInfo:
    return context.directory.projects[int(draft.body["project"])]
