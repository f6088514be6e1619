"""/提级 and the buttons of a 提级建议: what G2 asks for is gathered in one question, then decided or passed on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Final

from handlers import access, asked_words, item_access, naming
from handlers.asked_words import Answer, answered_by
from handlers.context import Context
from handlers.items import statement_words
from handlers.understanding.instructed import has_passed, instructed_deadline
from handlers.verbs import Verb
from models.errors import Invalid, NotFound
from models.notices.escalations import EscalationGaps, ItemEscalationDecided, ItemEscalationPassedOn
from models.operations import county_links, item_levels, items, questions
from models.operations import escalation_drafts as drafts
from models.operations import item_raising as raising
from models.operations.desk import Desk
from models.queries import lights as queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.escalation import Asked, Statement, stated
from models.tables.drafts import Question
from models.tables.items import Item
from models.tables.lights import EscalationDraft

Args = Mapping[str, str | int]

STATEMENT: Final = "item.raise"
EDIT: Final = "item.escalation_edit"
REFUSAL: Final = "item.escalation_refuse"
_SEVERAL: Final = re.compile(r"[、，,；;和及与]")


# --- /提级


def start(context: Context, item: Item, to_level: int, text: str) -> None:
    """提级 with what was said, over what the item says already."""
    desk = _desk(context, item, to_level)
    before = raising.known(desk, item, to_level)
    # A county tells first what it has done (rule G3): what stands before any label is that.
    gaps = before.missing(item.level, above=True) if item_levels.goes_above(desk, item, to_level) else ()
    said = stated(text, gaps) if text.strip() else Statement()
    # What the sentence says itself goes before what is known: 「…，10月20日前」 is its date (rule C4).
    said = statement_words.filled(context, _house(context, item, to_level), said)
    raising.check(desk, item, to_level, reason=said.reason)
    go_on(context, desk, item, to_level, before.with_(said))


def go_on(context: Context, desk: Desk, item: Item, to_level: int, said: Statement) -> None:
    """Ask for what is missing, in one question (rules C4, G2, G3); else raise it or put it to who decides."""
    said = statement_words.filled(context, _house(context, item, to_level), said)
    said, due_on, problems = understood(context, item, to_level, said)
    gaps = said.missing(item.level, above=item_levels.goes_above(desk, item, to_level))
    if gaps or problems:
        body = {"item": item.id, "code": item.number, "level": to_level, "said": asdict(said)}
        questions.ask(context.desk, context.sender, kind=STATEMENT, body=body, group_id=None)
        context.say_privately(EscalationGaps(items.facts(desk, item), to_level, gaps, problems))
        return
    asked_words.settle(context, ANSWERS)
    if not raising.decides(desk, item, to_level):
        _pass_on(context, desk, item, to_level, said, due_on=due_on)
        return
    told = raising.raise_item(desk, item, to_level, said, due_on=due_on, fill=context.papers.write)
    _say_decided(context, desk, item, to_level, agreed=True, reason=said.reason, told=_names(told))


def understood(
    context: Context, item: Item, to_level: int, said: Statement
) -> tuple[Statement, date | None, tuple[str, ...]]:
    """The statement with the full names of the units, the day it proposes, and what cannot be taken of it."""
    problems: list[str] = []
    house = _house(context, item, to_level)
    units = [
        naming.unit_in(context.directory, house, one) for one in _SEVERAL.split(said.unit) if one.strip()
    ]
    names = [unit.name for unit in units if unit is not None]
    if len(names) < len(units) and (unit := naming.unit_in(context.directory, house, said.unit)) is not None:
        names = [unit.name]
    if names:
        said = replace(said, unit="、".join(dict.fromkeys(names)))
    due_on: date | None = None
    if said.due:
        due_on = instructed_deadline(said.due, context.desk.today, context.directory.calendar)
        if due_on is None:
            problems.append(f"没看懂时限「{said.due[:20]}」，例：时限 10月25日")
        elif calendar.deadline(due_on) <= context.now or has_passed(due_on, context.desk.today, said.due):
            problems.append(f"时限 {due_on:%m-%d} 已过，请另写日期")
            due_on = None
        if due_on is None:
            said = replace(said, due="")
    return said, due_on, tuple(problems)


def _house(context: Context, item: Item, to_level: int) -> int:
    """The organisation whose units a 提级 to this level names."""
    above = item_levels.goes_above(context.desk, item, to_level)
    city = county_links.city_of(context.desk, item) if above else None
    return city.id if city is not None else item.organisation_id


def _pass_on(
    context: Context, desk: Desk, item: Item, to_level: int, said: Statement, *, due_on: date | None
) -> None:
    if (waiting := raising.open_draft(desk, item, to_level)) is not None and waiting.by_id is not None:
        raise Invalid(f"{item.number} 的提级建议已在等待决定", mend=f"查看：/查 {item.number}")
    raising.propose(desk, item, to_level, said, due_on=due_on)
    told = raising.deciders(desk, item, to_level)
    context.say_privately(ItemEscalationPassedOn(items.facts(desk, item), to_level, _names(told)))


def _desk(context: Context, item: Item, to_level: int) -> Desk:
    """The desk of the sender, or of the principal whose right decides or at least proposes (rule B6)."""
    people = access.own_and_principals(context)
    able = [one for one in people if raising.decides(context.act_for(one), item, to_level)]
    return context.act_for(next(iter([*able, *_proposers(context, item, people)]), None))


def _proposers(context: Context, item: Item, people: tuple[PersonInfo, ...]) -> list[PersonInfo]:
    return [one for one in people if raising.proposes(context.desk, one, item)]


def press_raise(context: Context, args: Args, text: str) -> None:
    """[提级 2级]"""
    start(context, item_access.by_id(context, int(args["item"])), int(args["level"]), text)


def _answer_statement(context: Context, question: Question, text: str) -> bool:
    body = dict(question.body)
    item = item_access.by_id(context, int(body["item"]))
    to_level = int(body["level"])
    before = Statement(**body["said"])
    asked_words.close(context, question)
    desk = _desk(context, item, to_level)
    gaps: tuple[Asked, ...] = before.missing(item.level, above=item_levels.goes_above(desk, item, to_level))
    raising.check(desk, item, to_level, reason=before.reason)
    go_on(context, desk, item, to_level, before.with_(stated(text, gaps)))
    return True


# --- the buttons of a proposal


def press_edit(context: Context, args: Args, text: str) -> None:
    """[修改症结…]"""
    draft, desk = _proposal(context, args)
    raising.check_undecided(desk, draft, "修改")
    if not text.strip():
        _ask(context, EDIT, draft, "要改的内容：症结 …；责任部门 …；化解路径 …；建议时限 …")
        return
    asked_words.settle(context, ANSWERS)
    item = items.get(desk, draft.subject_id)
    asked = drafts.missing(draft, item.level) if args.get("gaps") else ()
    said, due_on, problems = understood(context, item, draft.to_level, stated(text, asked))
    if problems:
        raise Invalid(problems[0], mend="例：症结 林地手续未批；建议时限 10月25日")
    raising.edit(desk, draft, said, due_on=due_on)
    context.say_privately(raising.card(desk, draft, edited=True))


def press_agree(context: Context, args: Args, _text: str) -> None:
    """[同意提级]"""
    draft, desk = _proposal(context, args)
    raising.check_undecided(desk, draft, "同意提级")
    item = items.get(desk, draft.subject_id)
    if gaps := drafts.missing(draft, item.level):
        asked_words.ask_gaps(context, EDIT, draft.id, gaps, code=item.number)
        return
    told = raising.agree(desk, draft, fill=context.papers.write)
    _say_decided(context, desk, item, draft.to_level, agreed=True, told=_names(told))


def press_refuse(context: Context, args: Args, text: str) -> None:
    """[不提级]"""
    draft, desk = _proposal(context, args)
    raising.check_undecided(desk, draft, "不提级")
    if not text.strip():
        _ask(context, REFUSAL, draft, "不提级的原因")
        return
    asked_words.settle(context, ANSWERS)
    raising.refuse(desk, draft, text)
    item = items.get(desk, draft.subject_id)
    _say_decided(context, desk, item, draft.to_level, agreed=False, reason=text.strip())


def _say_decided(
    context: Context, desk: Desk, item: Item, to_level: int, *, agreed: bool, reason: str = "", told: str = ""
) -> None:
    facts = items.facts(desk, item)
    context.say_privately(
        ItemEscalationDecided(
            facts,
            desk.actor.label,
            to_level,
            agreed=agreed,
            reason=reason,
            told=told,
            own=True,
            level_name=item_levels.chain_of(desk, item)[to_level].name,
        )
    )


def _proposal(context: Context, args: Args) -> tuple[EscalationDraft, Desk]:
    draft = queries.proposal_by_id(context.session, int(args["draft"]))
    if draft is None or draft.subject_kind != raising.ITEM:
        raise NotFound("提级建议")
    item = item_access.by_id(context, draft.subject_id)
    return draft, _desk(context, item, draft.to_level)


# --- shared


def decided_by(context: Context, item: Item, to_level: int) -> bool:
    """Whether the sender, or who they stand in for, decides on this step."""
    people = access.own_and_principals(context)
    return any(raising.decides(context.act_for(one), item, to_level) for one in people)


def _ask(context: Context, kind: str, draft: EscalationDraft, what: str) -> None:
    number = items.get(context.desk, draft.subject_id).number
    asked_words.ask(context, kind, {"draft": draft.id}, what=what, code=number)


def _names(people: tuple[PersonInfo, ...]) -> str:
    return "、".join(one.label for one in people)


ANSWERS: Final[Mapping[str, Answer]] = {
    STATEMENT: _answer_statement,
    EDIT: answered_by(press_edit),
    REFUSAL: answered_by(press_refuse),
}

VERBS: Final[Mapping[str, Verb]] = {
    "item.raise": press_raise,
    "item.escalation_edit": press_edit,
    "item.escalation_agree": press_agree,
    "item.escalation_refuse": press_refuse,
}
