"""Everything typed without a slash: answers, confirmations, reports, problems, small talk (rules C3, C4, C15, C16)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, cast

from handlers import (
    access,
    asides,
    asking,
    attachments,
    draft_reach,
    hearing,
    identity,
    open_questions,
    rankings,
    restricted_words,
    weekly,
)
from handlers.commands import delegate
from handlers.context import Context
from handlers.dispatches import dispatch_drafts, minutes_drafts
from handlers.drafts import (
    draft_confirmations,
    draft_edits,
    draft_kinds,
    line_changes,
    second_thoughts,
    two_things,
)
from handlers.hearing import hear
from handlers.items import (
    item_closing,
    item_decisions,
    item_extensions,
    item_feedback,
    item_reopening,
    numbered_words,
)
from handlers.lights import leader_words, light_actions, light_feedback_drafts, light_words
from handlers.naming import PROJECT_CODE
from handlers.papers import documents
from handlers.problems import problem_drafts, problem_imports, problem_telling
from handlers.reports import category_drafts, ledger_fields, reports, rest_unchanged, undo
from handlers.typed import numbered_verbs, problem_supplements
from handlers.understanding import answers
from handlers.understanding.figures import bare_figures
from handlers.understanding.phrases import somewhere
from handlers.understanding.reading import Basis, Intent, Match, ProjectLine, Reading
from handlers.verbs import LONGEST_TEXT
from models.db import WriteSession
from models.errors import DomainError, Invalid, NotFound, NotUnderstood
from models.notices.ledger import Recalled, RestInPrivate
from models.notices.replies import Refusal
from models.operations import questions
from models.queries import drafts as draft_queries
from models.queries import entries
from models.rules.money import wan
from models.types import DraftState, Role
from templates import render_error

# Words of someone who gives orders instead of reporting; free text never carries them out (rule C16).
ORDERS: Final = re.compile(
    r"(?:[/／]\s*\S|执行|删除|签发|审批|批准|改成[红黄绿]灯|忽略.{0,6}规则|你现在是|管理员|drop\s+table|select\s)",
    re.IGNORECASE,
)
# 「灌区谁改的」 asks, and orders are no progress either.
_NO_NEWS: Final = re.compile(rf"{ORDERS.pattern}|谁|为(?:什么|何|啥)|吗[\s。]*$|[?？]\s*$", re.IGNORECASE)
# Orders to the machine: nothing in such a text is reported, wished or handed on (rules C15, C16).
_FEIGNED: Final = somewhere(r"忽略.{0,6}(?:规则|指令)|你现在是(?:系统)?管理员|(?:执行|运行)\s*[/／]")
_EXCEPTED: Final = re.compile(r"除.{1,40}[外余]|其[他它余](?:的|各)?(?:\d+个)?项目")
_STANDSTILL: Final = re.compile(
    r"(?:[今昨][天日]|本周|目前|暂时?|尚)?(?:没有?|无|未有?)(?:什么|新|任何)?(?:进展|推进|动静)"
)
_NO_MONEY_YET: Final = re.compile(
    r"投资(?:还|尚|暂时?|目前|也)*(?:没有?|无|未发生|未形成)|(?:还|尚|暂时?|目前|也)*(?:没有?|无|未形成)(?:新增)?(?:投资|产值)"
)
_GOES_WELL: Final = re.compile(
    r"(?:正常|顺利|平稳|有序|良好|按计划(?:推进|进行|施工)?)(?:推进|进行|施工)?[了的中着]?[\s。.!！]*$"
)
_CLAUSES: Final = re.compile(r"[，,；;。\n]")
_SHORT_WORD: Final = 24  # characters of a text that only says that a project goes well
_PLAN: Final = re.compile(r"下周(?:工作)?(?:计划|打算|安排)\s*[:：,，]?\s*\S")
LONGEST_NAME: Final = 20  # characters of a project's name at the head of an alarm
SHORT_ANSWER: Final = 5  # characters: no shorter text names a project with a figure


def handle(context: Context) -> None:
    """One typed message. An open question is asked first, then confirmations, then what the text itself says."""
    text = hearing.spelled_out(context, context.message.text.strip())
    if not text:
        _only_quoted(context)
        return
    if minutes_drafts.pasted(context, context.message.text.strip()):
        return
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(text[:12] + "…（太长）", examples=("污水处理厂累计5500万", "/查 ZX0031"))
    if problem_telling.restricted_told(context, text):
        return
    question = questions.open_question(context.desk, context.sender, group_id=context.group_id)
    if question is not None and open_questions.dropped(context, question, text):
        return
    said = answers.parse_confirmation(text.lstrip("/／"))
    if said is not None and draft_confirmations.by_word(context, said):
        return
    if said is None and (theirs := draft_reach.of_principal(context, text)) is not None:
        draft_confirmations.by_word(context, theirs[0], owner=theirs[1])
        return
    if said is None and (line_changes.done(context, text) or two_things.done(context, text)):
        return
    reading: Reading | None = None
    if question is not None and said is None and draft_edits.by_word(context, text, naming=True):
        return
    if question is not None:
        if len(text) > SHORT_ANSWER:
            reading = hear(context, text)
        if (
            reading is None or not asides.is_message_of_its_own(context, question, reading, text)
        ) and open_questions.answered(context, question, text):
            return
    if documents.edit_by_word(context, text):
        return
    if said is None and (
        draft_edits.by_word(context, text)
        or second_thoughts.amended(context, text)
        or undo.withdrawn_in_words(context, text)
        or dispatch_drafts.amended(context, text)
        or category_drafts.asked(context, text)
        or ledger_fields.refuse(context, text)
        or problem_imports.asked(context, text)
    ):
        return
    if question is None:
        delegate.told(context, text)
        if open_questions.lapsed(context, text):
            return
    if reading is None:
        reading = hear(context, text)
    if context.group is not None and _belongs_elsewhere(context, reading):
        # A report of a project that the group has nothing to do with: its card goes to the author alone (rule B5).
        context.say(RestInPrivate())
        context = replace(context, group=None)
        reading = hear(context, text)
    if act_on(context, reading, text):
        return
    if item_extensions.ask_of_ones_own(context, text) or item_reopening.due_told(context, text):
        return
    if context.message.files:
        handle_files(context)  # 「照片在这」: what is of no use by itself came with files
        return
    if question is not None and (
        asking.code_alone(context, text) or open_questions.still_waiting(context, question)
    ):
        return
    if question is None:
        if (
            asking.polite(context, text)
            or problem_supplements.told(context, text)
            or item_feedback.told_anew(context, text)
        ):
            return
        if numbered_words.why_refused(context, text):
            return
        item_reopening.effect_hinted(context, text)
        numbered_words.hinted(context, text)
        if asking.named_alone(context, text) or problem_telling.headed(context, text):
            return
    refusal = draft_edits.unconfirmed(context, text) or numbered_verbs.nothing_waits(text)
    if refusal is None and asking.thanked(context, text):
        return
    raise refusal or _unclear_amounts(context, reading, text) or NotUnderstood()


def _belongs_elsewhere(context: Context, reading: Reading) -> bool:
    """Whether all that is told is of projects outside the scope of this group on which the sender reports."""
    if Intent.QUERY in reading.intents or reading.item_refs:
        return False
    told = [line for line in reading.lines if line.mention and _says_something(line)]
    return bool(told) and all(
        line.match is Match.NONE
        and len(found := access.private_candidates(context, line.mention)) == 1
        and access.reporter(context, found[0]) is not None
        for line in told
    )


def act_on(context: Context, reading: Reading, text: str) -> bool:
    """Do what a reading asks for; False when there is nothing in it to act on."""
    if _FEIGNED.search(text) is not None:
        return False
    reading, text, rest = rest_unchanged.split_off(context, reading, text)
    if light_words.wants_adjustment(text):
        target = next((line.project_id for line in reading.lines if line.project_id is not None), None)
        if target is not None:
            light_actions.request_adjustment(context, context.directory.projects[target], text)
            return True
        if (code := PROJECT_CODE.search(text)) is not None:
            raise NotFound(code[0])  # the same whether there is none or it is not the sender's (rule B4)
    if reading.item_refs:
        # 「W0190铁路局在审，ZD0115今年累计48000万」: a named project's figure is a report besides (rule C4).
        besides = [line for line in reading.lines if line.mention and _reported_besides(context, line)]
        if _said_of_item(context, reading, text, besides=bool(besides)):
            if besides:
                reports.start(context, list(map(_figures_alone, besides)))
            return True
    light_feedback_drafts.remind_of_duty(context, text)
    if (warned := light_feedback_drafts.from_reading(context, reading, text)) is not None:
        if not (warned.figures or warned.issues):
            return True
        reading = replace(reading, lines=(warned,))  # what it reports or asks for besides
    if asking.answered(context, reading, text):
        return True
    known = bare_figures.Known(context.names, access.visible_here(context), access.place(context))
    completed = bare_figures.completed(_plain(reading), text, known, lambda clause: hear(context, clause))
    reading = rest_unchanged.added(context, completed.reading, rest)
    if context.sender.holds(Role.LEADER) and (noted := leader_words.NOTED.match(text)):
        # A sentence that begins with 已阅 decides nothing (rule C16), and is no problem of a project either.
        raise Invalid("已阅请单独回「已阅」", mend=f"批示请回「批示 {noted['words'][:30]}」")
    if weekly.told_week(context, reading, text) or rankings.objected(context, text):
        return True
    if _PLAN.match(text) and weekly.gives(context):
        weekly.add_words(context, text)
        return True
    if reading.unchanged and not any(line.figures for line in reading.lines):
        if _EXCEPTED.search(text):
            raise Invalid(
                "「本周无变化」会计入本单位全部项目", mend="请先报有变化的项目，或写明无变化的项目名称"
            )
        if (line := _of_one_project(context, reading, text)) is not None:
            reports.start(context, [line])
        else:
            weekly.unchanged(context, text)
        return True
    reported = [
        line
        for line in reading.lines
        if (_reports(line, reading) or line.project_id in completed.asked)
        and not (line.issues and _may_not_report(context, line))
    ]
    if reported:
        reported = [
            line for line in reading.lines if line in reported or _listed_without_content(line, reading)
        ]
    troubled = [line for line in reading.lines if line.issues]
    if reading.urgent and Intent.QUERY not in reading.intents:
        if _alarmed(context, reading, text):
            return True
        if not troubled and reported:
            # 紧急 with a figure: the figure is reported, and the problem is raised all the same (rule G7).
            _raise_alarm(context, reported[0], text)
        reported = [line for line in reported if line.figures]
    if troubled and not reported and not any(line.project_id for line in troubled):
        item_decisions.told_without_verb(context, text)
        if _of_nothing_named(reading) and problem_supplements.told(context, text):
            return True
    untaken = bare_figures.untaken(replace(reading, lines=tuple(reported)), text) if reported else ()
    # What waits for an answer comes last: its question is the open one (rule C4).
    first_problems = len(reported) == 1 and not _has_figure(reported[0]) and not reported[0].unchanged
    if reported and not first_problems:
        reports.start(context, reported, untaken=untaken)
    for line in troubled:
        problem_drafts.start(context, line, text, urgent=reading.urgent)
    if reported and first_problems:
        reports.start(context, reported, untaken=untaken)
    if reported or troubled:
        return True
    if _goes_well(reading, text):
        reports.start(context, list(reading.lines))  # 「管网进度正常」: the figure is asked for
        return True
    _refuse_forecast(context, reading)
    light_feedback_drafts.refuse_promise(context, reading)
    unknown = next((line for line in reading.lines if line.match is not Match.UNIQUE and line.mention), None)
    if unknown is not None and Intent.QUERY not in reading.intents and _says_something(unknown):
        raise NotFound(unknown.mention)
    return False


def _unclear_amounts(context: Context, reading: Reading, text: str) -> Invalid | None:
    """「循环园一标段、二标段分别完成…」: a project and amounts, and nobody can say which is what (rule C4)."""
    amounts = bare_figures.untaken(reading, text)
    if not amounts or Intent.QUERY in reading.intents or not any(line.mention for line in reading.lines):
        return None
    named = next((line.project_id for line in reading.lines if line.project_id is not None), None)
    example = context.directory.projects[named].code if named is not None else "项目名称"
    problem = f"没看清 {'、'.join(amounts)} 是哪个项目的什么数"
    return Invalid(problem, mend=f"请一个项目一句，写明口径，例：{example} 累计5500万")


def _figures_alone(line: ProjectLine) -> ProjectLine:
    """「W0186还没动静」 besides a figure tells of the item: no state of the project, no day, no progress."""
    return replace(line, image_progress=None, state=None, started_on=None, finished_on=None)


def _said_of_item(context: Context, reading: Reading, text: str, *, besides: bool) -> bool:
    """What is said of an item. besides: a figure is told too, which a refusal of the rest does not take along."""
    if not besides:
        return numbered_words.from_reading(context, reading, text)
    said = len(context.replies)
    try:
        with cast("WriteSession", context.session).attempt():  # a refusal leaves nothing behind
            return numbered_words.from_reading(context, reading, text)
    except DomainError as error:
        del context.replies[said:]
        identity.note_refusal(context, error)
        context.say(Refusal(lines=tuple(render_error(error).split("\n"))))
        return True


def _of_nothing_named(reading: Reading) -> bool:
    """Whether no line names a project, known or not, and nothing is urgent: what was asked for may be meant."""
    return not reading.urgent and not any(line.mention or line.candidates for line in reading.lines)


def _reported_besides(context: Context, line: ProjectLine) -> bool:
    return line.project_id is not None and _has_figure(line) and not _may_not_report(context, line)


def _goes_well(reading: Reading, text: str) -> bool:
    """Whether a text says of one project that it goes well and nothing else (rule C4)."""
    if (
        len(reading.lines) != 1
        or len(text) > _SHORT_WORD
        or Intent.QUERY in reading.intents
        or reading.item_refs
    ):
        return False
    line = reading.lines[0]
    return line.match is Match.UNIQUE and not _says_something(line) and _GOES_WELL.search(text) is not None


def _refuse_forecast(context: Context, reading: Reading) -> None:
    """「到9月30日能完成52000」, 「截至10月底累计53000」: nothing of it has been completed yet (rules C1, D3)."""
    for line in reading.lines:
        promise = next((one for one in line.promises if one.fen is not None), None)
        if promise is None or line.project_id is None or Intent.QUERY in reading.intents:
            continue
        code = context.directory.projects[line.project_id].code
        raise Invalid(
            f"{code} {promise.due:%m-%d} 的 {wan(promise.fen or 0)} 万元是预计数，不入账",
            mend=f"请报已完成的数，例：{code} 今年累计…万；亮灯的追赶目标请发 /反馈 {code} …",
        )


def _alarmed(context: Context, reading: Reading, text: str) -> bool:
    """紧急 is said of a problem, whatever its words are; a figure is not asked for now (rule G7)."""
    if any(line.figures for line in reading.lines) or sum(bool(line.issues) for line in reading.lines) > 1:
        return False
    line = next((line for line in reading.lines if line.match is not Match.NONE), None)
    if line is None and restricted_words.CALL.match(text):
        told = restricted_words.CALL.sub("", text)
        line = _begins_with_project(context, told)
        if line is None and len(told) > SHORT_ANSWER and not any(one.mention for one in reading.lines):
            line = ProjectLine(mention="", match=Match.NONE)  # the card asks for the project, or goes without
    if line is None:
        return False
    _raise_alarm(context, line, text)
    return True


def _raise_alarm(context: Context, line: ProjectLine, text: str) -> None:
    """A 问题草稿 marked 紧急 with everything that was told: nothing of it is left to a report."""
    told = restricted_words.CALL.sub("", text).removeprefix(line.mention).lstrip(" ，,：:") or text
    issues = tuple(replace(one, summary=told, parts=()) for one in line.issues[:1])
    problem_drafts.start(context, replace(line, issues=issues), told, urgent=True)


def _begins_with_project(context: Context, told: str) -> ProjectLine | None:
    """「灌区渠首闸漫堤」: the longest beginning that is one project's name; the author sees it on the card."""
    for length in range(min(len(told), LONGEST_NAME), 1, -1):
        found = access.candidates(context, told[:length])
        if len(found) == 1:
            return ProjectLine(mention=told[:length], match=Match.UNIQUE, project_id=found[0].id)
    return None


def _of_one_project(context: Context, reading: Reading, text: str) -> ProjectLine | None:
    """「灌区渠首闸完成，投资无变化」: of the project with whose name the news begin, not of the week (C19)."""
    told = "，".join(one.strip() for one in _CLAUSES.split(text) if one.strip() and "变" not in one)
    if not told or "周" in text or reading.lines:
        return None
    line = _begins_with_project(context, told)
    news = told[len(line.mention) :].strip(" ，,：:") if line is not None else ""
    return replace(line, image_progress=news or None, unchanged=True) if line is not None else None


def _plain(reading: Reading) -> Reading:
    """「今天无进展」 is no problem and no progress: nothing changed."""
    lines = tuple(map(_without_standstill, reading.lines))
    return reading if lines == reading.lines else replace(reading, lines=lines)


def _without_standstill(line: ProjectLine) -> ProjectLine:
    if len(line.issues) == 1 and not line.figures and _NO_MONEY_YET.fullmatch(line.issues[0].summary.strip()):
        return replace(line, issues=(), unchanged=True)  # 「10月8日开工，投资还没有」
    only = len(line.issues) == 1 and _STANDSTILL.fullmatch(line.issues[0].summary.strip()) is not None
    if not only or line.figures or line.image_progress or line.state:
        return line
    return replace(line, issues=(), unchanged=True)


def _may_not_report(context: Context, line: ProjectLine) -> bool:
    """Whether the project is known and others report on it: who only sees a problem there raises it (rule J2)."""
    project = context.directory.projects.get(line.project_id) if line.project_id is not None else None
    return project is not None and access.reporter(context, project) is None


def _reports(line: ProjectLine, reading: Reading) -> bool:
    """Whether the line holds something for the ledger."""
    if Intent.QUERY in reading.intents and not line.figures:
        return False
    if line.issues and line.state == "suspended" and not (line.figures or line.image_progress):
        return False  # the problem tells of the standstill; no figure is asked for
    facts = bool(
        line.figures
        or line.unchanged
        or line.image_progress
        or line.state
        or line.started_on
        or line.finished_on
    )
    if not line.figures and line.image_progress and _NO_NEWS.search(line.image_progress):
        return False
    return facts and (line.match is not Match.NONE or bool(line.figures) or len(reading.lines) > 1)


def _listed_without_content(line: ProjectLine, reading: Reading) -> bool:
    """「4、灌区进展顺利」 in the sender's own list: an unclear line is asked about, never dropped (rules C4, C8)."""
    if line.number is None or not line.mention or line.issues or Intent.QUERY in reading.intents:
        return False
    return not (line.figures or line.image_progress or line.percentages or line.promises or line.promised_by)


def _has_figure(line: ProjectLine) -> bool:
    return any(figure.basis is not Basis.UNSAID for figure in line.figures)


def _says_something(line: ProjectLine) -> bool:
    told = line.figures or line.issues or line.image_progress or line.percentages
    return bool(told or line.state or line.started_on or line.finished_on or line.unchanged)


def _only_quoted(context: Context) -> None:
    """Nothing was typed: forwarded text is data (rule C16); files alone are kept."""
    if context.message.files:
        handle_files(context)
        return
    raise NotUnderstood("转发的内容" if context.message.quoted else "")


def handle_files(context: Context) -> None:
    """Pictures and files without a text (rule C9)."""
    question = questions.open_question(context.desk, context.sender, group_id=context.group_id)
    if question is not None and item_closing.answered_by_files(context, question):
        return
    draft = attachments.came_alone(context)
    if draft is not None:
        draft_kinds.show(context, draft)


def handle_recall(context: Context) -> None:
    """The platform message was recalled or edited: the ledger stays, the author is told how to change it (C17)."""
    draft = draft_queries.of_message(context.session, context.sender.id, context.message.quoted)
    if draft is None or draft.state in (DraftState.CANCELLED.value, DraftState.EXPIRED.value):
        return
    codes = [
        context.directory.projects[one.project_id].code for one in entries.of_draft(context.session, draft.id)
    ]
    context.say_privately(
        Recalled(
            code="、".join(dict.fromkeys(codes)), confirmed=draft.state == DraftState.CONFIRMED.value,
            number=draft.number,
        )
    )  # fmt: skip
