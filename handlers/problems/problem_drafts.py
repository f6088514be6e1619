"""Problem drafts: what somebody reports as a problem of a project (rules C1, C4, F1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from handlers import access, attachments, item_access, naming, restricted_words
from handlers.context import Context
from handlers.draft_reach import whose_right
from handlers.problems import county_level, problem_words
from handlers.problems.problem_words import ProblemBody
from handlers.understanding.answers import parse_choice
from handlers.understanding.asking import is_greeting, is_question, is_thanks
from handlers.understanding.reading import Match, ProjectLine
from handlers.understanding.wanted import is_wish, wish_in, without_wish
from models.errors import Invalid, NotFound
from models.notices.item_drafts import ProblemDraftCard, ProblemProjectChoice, ProblemRaised
from models.operations import attachments as attachment_operations
from models.operations import drafts, item_levels, item_screening, items, questions
from models.queries import drafts as draft_queries
from models.queries import item_parties, scopes
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.items import ItemAct, kind_of, tags_of
from models.tables.drafts import Draft, Question
from models.tables.items import Item
from models.types import DraftKind, DraftState, Subject

WANTED: Final = "problem.wanted"
PROJECT: Final = "problem.project"
WAITED_FOR: Final = {WANTED: "希望协调（需要谁、做什么）", PROJECT: "项目编号或名称"}
_SHORTEST: Final = 5  # characters: less tells no problem
# --- starting


def start(
    context: Context, line: ProjectLine, text: str, *, urgent: bool = False, restricted: bool = False
) -> None:
    """A line with an issue becomes a 【问题草稿】, one that lists several problems a draft each. Raises NotFound."""
    issue = line.issues[0] if line.issues else None
    if issue is not None and issue.parts:
        for part in issue.parts:
            start(
                context,
                replace(line, issues=(part,), span=None),
                part.said,
                urgent=urgent,
                restricted=restricted,
            )
        return
    title = problem_words.plainer(
        without_wish(issue.summary) or issue.summary if issue else without_wish(text)
    )
    if problem_words.found_on_site(context, text):
        title = problem_words.without_finding(title)
    wish = wish_in(_of_line(text, line)) or wish_in(text)
    body = ProblemBody(
        title=title[: problem_words.LONGEST_TITLE],
        project=line.project_id if line.match is Match.UNIQUE else None,
        mention=line.mention,
        candidates=line.candidates[:5] if line.match is Match.AMBIGUOUS else (),
        kind=kind_of(title) or kind_of(text),
        tags=tags_of(text),
        source=item_screening.ON_SITE
        if problem_words.found_on_site(context, text)
        else item_screening.ROUTINE,
        restricted=restricted,
        urgent=urgent,
        organisation=county_level.house_of(context, text),
    )
    if body.project is None and not body.candidates and line.mention:
        raise NotFound(line.mention)
    if body.project is None and not body.candidates and not restricted and _adds_to_open(context, text):
        return
    if wish is not None:
        body = problem_words.with_wanted(context, body, wish)
    if issue is not None and issue.needed_by is not None and body.wanted_by is None:
        body = replace(body, wanted_by=calendar.deadline(issue.needed_by).isoformat())
    open_with(context, body)


def _adds_to_open(context: Context, text: str) -> bool:
    """A wish without a project, while one problem draft is open, is about that one."""
    draft = draft_queries.only_open(context.session, context.sender.id, DraftKind.PROBLEM)
    if draft is None or not is_wish(text):
        return False
    _store(context, draft, problem_words.with_wanted(context, ProblemBody.from_json(draft.body), text))
    return True


def open_with(context: Context, body: ProblemBody) -> None:
    """Open the draft, take in waiting files, show the card and ask for what is missing."""
    if body.restricted and context.group is not None:
        raise Invalid("受限事项请私聊上报")  # rule B8: nothing of it in a group
    draft = drafts.open_draft(
        context.desk,
        context.sender,
        DraftKind.PROBLEM,
        body.to_json(),
        group_id=context.group_id,
        source=context.message.message_id,
    )
    attachments.take_waiting(context, draft)
    _show(context, draft, body)


def restrict_open(context: Context) -> bool:
    """「设为受限」 of the one problem draft that is open makes it a restricted one (rule B8); False without one."""
    draft = draft_queries.only_open(context.session, context.sender.id, DraftKind.PROBLEM)
    if draft is None:
        return False
    _restrict(context, draft)
    return True


def _restrict(context: Context, draft: Draft) -> None:
    body = ProblemBody.from_json(draft.body)
    if body.item is not None:
        raise Invalid("已上报的问题不能改为受限事项", mend="请另报：/问题 受限 …，并请综合专班处理原件")
    if context.group is not None or draft.group_id is not None:
        raise Invalid("受限事项请私聊上报", mend=f"请取消草稿{draft.number}，私聊发「/问题 受限 …」")
    _store(context, draft, replace(body, restricted=True))


def _of_line(text: str, line: ProjectLine) -> str:
    return text[line.span.start : line.span.end] if line.span else text


# --- showing


def show(context: Context, draft: Draft) -> None:
    _show(context, draft, ProblemBody.from_json(draft.body))


def _show(context: Context, draft: Draft, body: ProblemBody) -> None:
    questions.close_for_draft(context.desk, draft.id)
    if body.project is None and body.item is None:
        context.say(_which_project(context, draft, body))
        questions.ask(
            context.desk, context.sender, kind=PROJECT, group_id=context.group_id, draft_id=draft.id
        )
        return
    context.say(_card(context, draft, body))
    if body.wanted is None:
        questions.ask(context.desk, context.sender, kind=WANTED, group_id=context.group_id, draft_id=draft.id)


def _card(context: Context, draft: Draft, body: ProblemBody) -> ProblemDraftCard:
    directory = context.directory
    project = directory.projects.get(body.project) if body.project is not None else None
    unit = directory.units.get(body.wanted_unit) if body.wanted_unit is not None else None
    force = items.suggested_force(
        context.desk, body.organisation or context.sender.organisation_id, body.kind
    )
    return ProblemDraftCard(
        draft_id=draft.id,
        version=draft.version,
        number=draft.number,
        project=f"{project.code} {project.name}" if project else "",
        title="（请写明是什么问题）" if problem_words.is_hollow(body.title) else body.title,
        kind=body.kind,
        task_force=force.name if force else "综合专班",
        wanted=body.wanted,
        wanted_unit=unit.name if unit else None,
        wanted_by=body.due,
        tags=body.tags,
        source=body.source,
        restricted=body.restricted,
        urgent=body.urgent,
        supplements=items.get(context.desk, body.item).number if body.item is not None else "",
        house=county_level.named(context, body.organisation),
        switch=county_level.other(context, body.organisation) if body.item is None else "",
    )


def switch_house(context: Context, draft: Draft) -> None:
    """[改报市级], [改为县级]: the other organisation works on it (rules G1, Q3)."""
    body = ProblemBody.from_json(draft.body)
    house = county_level.county_of(context) if body.organisation is None else None
    unit = body.wanted and naming.unit_in(
        context.directory, house or context.sender.organisation_id, body.wanted
    )
    _store(context, draft, replace(body, organisation=house, wanted_unit=unit.id if unit else None))


def _which_project(context: Context, draft: Draft, body: ProblemBody) -> ProblemProjectChoice:
    projects = [context.directory.projects[number] for number in body.candidates]
    return ProblemProjectChoice(
        draft_id=draft.id,
        number=draft.number,
        title=body.title,
        choices=tuple(f"{project.code} {project.name}" for project in projects),
    )


# --- answering and editing


def answer(context: Context, question: Question, text: str) -> bool:
    """Use a text as the answer to an open question; False when it is none."""
    draft = draft_queries.still_open(context.session, question.draft_id)
    if draft is None:
        return False
    body = ProblemBody.from_json(draft.body)
    if question.kind == PROJECT:
        return _answer_project(context, draft, body, text)
    if text.lstrip().startswith(("/", "／")) or _is_about_another_project(context, body, text):
        return False
    if problem_words.is_hollow(body.title) and _says_more(text):
        _store(context, draft, problem_words.with_problem(context, body, text))
        return True
    unit = naming.unit_in(context.directory, body.organisation or context.sender.organisation_id, text)
    if unit is None and not is_wish(text):
        return False
    _store(context, draft, problem_words.with_wanted(context, body, text))
    _ask_about_the_next(context, draft)
    return True


def _says_more(text: str) -> bool:
    """Whether a text can tell the problem: no question, courtesy or small talk."""
    return len(text.strip()) >= _SHORTEST and not (is_question(text) or is_thanks(text) or is_greeting(text))


def _ask_about_the_next(context: Context, answered: Draft) -> None:
    """Of several problems of one message, the next whose wish is still missing (rule C4: one thing at a time)."""
    for draft in draft_queries.open_of(context.session, context.sender.id, kind=DraftKind.PROBLEM):
        if draft.source == answered.source and draft.id != answered.id:
            body = ProblemBody.from_json(draft.body)
            if body.wanted is None:
                _show(context, draft, body)
                return


def _is_about_another_project(context: Context, body: ProblemBody, text: str) -> bool:
    """Whether a text names a code of its own: a new message, not an answer."""
    codes = re.findall(r"[A-Za-z]{2}\d{4}", text)
    own = context.directory.projects[body.project].code if body.project is not None else ""
    return any(code.upper() != own for code in codes) or item_queries.normal_number(text) is not None


def _answer_project(context: Context, draft: Draft, body: ProblemBody, text: str) -> bool:
    choice = parse_choice(text)
    if choice is not None and body.candidates:
        if choice == 0:
            raise Invalid("请写项目编号或全称", mend="例：ZX0031")
        if choice > len(body.candidates):
            raise Invalid(f"没有第{choice}个", mend=f"请回 1–{len(body.candidates)}，或 0 都不是")
        chosen = body.candidates[choice - 1]
    else:
        found = access.candidates(context, text)
        if len(found) != 1:
            return False
        chosen = found[0].id
    _store(context, draft, replace(body, project=chosen, candidates=()))
    return True


def _store(context: Context, draft: Draft, body: ProblemBody) -> None:
    drafts.edit(context.desk, draft, body.to_json())
    _show(context, draft, body)


def edit(context: Context, draft: Draft, text: str) -> bool:
    """问题 …；类型 …；希望协调 …；时限 …；标签 …; a text without a label is what is wanted."""
    if restricted_words.is_mark(text):
        _restrict(context, draft)
        return True
    body = ProblemBody.from_json(draft.body)
    wanted = county_level.said_in(text) if body.item is None and county_level.county_of(context) else None
    if wanted is not None:  # 「改为县级办理」, which is no wish
        if wanted == (body.organisation is None):
            switch_house(context, draft)
        else:
            show(context, draft)
        return True
    _store(context, draft, problem_words.taken(context, ProblemBody.from_json(draft.body), text))
    return True


# --- confirming


def confirm(context: Context, draft: Draft) -> None:
    """The problem becomes an item 待甄别 with a number."""
    body = ProblemBody.from_json(draft.body)
    if body.project is None and body.item is None:
        raise Invalid("还不知道是哪个项目", mend="请先回复项目编号或名称")
    if problem_words.is_hollow(body.title) and not body.urgent:
        raise Invalid(
            f"草稿{draft.number} 还没有写是什么问题",
            mend="请回「改成 问题：…」，例：改成 问题：北侧30亩未完成征地",
        )
    author = _raiser(context, draft, body)
    desk = context.act_for(author)
    if body.item is not None:
        item = item_access.by_id(context, body.item)
        item_screening.supplement(
            item_access.desk_for(context, item, ItemAct.SUPPLEMENT),
            item,
            title=body.title,
            wanted=body.wanted,
            wanted_unit_id=body.wanted_unit,
            wanted_by=body.due,
            kind=body.kind,
        )
    else:
        item = item_screening.raise_item(
            desk,
            item_screening.NewItem(
                organisation_id=body.organisation or author.organisation_id,
                title=body.title,
                raised_by_id=draft.author_id if body.restricted else author.id,
                project_id=body.project,
                wanted=body.wanted,
                wanted_unit_id=body.wanted_unit,
                wanted_by=body.due,
                kind=body.kind,
                tags=body.tags,
                source=body.source,
                restricted=body.restricted,
                urgent=body.urgent,
                follows_id=body.follows,
            ),
        )
    attachment_operations.hand_over(desk, draft.id, Subject("item", item.id))
    drafts.close(desk, draft, DraftState.CONFIRMED)
    context.say(
        ProblemRaised(
            items.facts(desk, item),
            restricted=item.restricted,
            supplemented=body.item is not None,
            urgent_to=_urgent_to(context, item) if body.item is None else "",
        )
    )


def _raiser(context: Context, draft: Draft, body: ProblemBody) -> PersonInfo:
    """For whom it is raised: the author, or the principal whose project it is (rule B6). Raises NotAllowed."""
    author = context.directory.people[draft.author_id]
    if body.project is None:
        return author
    project = context.directory.projects[body.project]
    return whose_right(
        context,
        draft,
        lambda person: project.id in scopes.visible_projects(context.directory, person),
        act=f"上报 {project.code} 的问题",
        who=access.who_reports(context, project),
    )


def _urgent_to(context: Context, item: Item) -> str:
    """Who was told of a 紧急 problem at once (rule G7)."""
    if not item.urgent or not item_levels.can_be_grave(context.desk, item):
        return ""
    return "、".join(one.label for one in item_parties.hub_heads(context.directory, item))


ANSWERS: Final[Mapping[str, Callable[[Context, Question, str], bool]]] = {WANTED: answer, PROJECT: answer}
