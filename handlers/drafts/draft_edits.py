"""Changing a draft in words before it is confirmed, whole or one line of it (rules B5, C2)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.draft_reach import place_of, within_reach
from handlers.drafts import draft_kinds
from handlers.reports import report_drafts
from handlers.understanding import answers
from handlers.understanding.answers import parse_bare_amount
from handlers.understanding.asking import is_thanks
from handlers.understanding.draft_words import Edit, parse_edit
from models.errors import Invalid
from models.notices.ledger import WhichDraft
from models.operations import draft_summaries, drafts
from models.queries import drafts as draft_queries
from models.tables.drafts import Draft
from models.types import DraftKind

_NODS: Final = re.compile(
    r"(?:对的?|好的?|可以|没问题|没错|无误|行|嗯|都对|不对|有误|收到|知道了?|确认一下|ok|OK)*[,，\s]*(?:入账|录入|报上去)?(?:吧|的|了)?[。!！]?"
)

# Asked of a card that waits: 「怎么改」, 「为什么要核对单位」, 「还差什么」, 「入账了吗」.
_ASKED_OF_IT: Final = re.compile(
    r"(?:这个?|那|接下来|下一步|然后|现在|刚才的?|上面的?)?(?:要|该|应该)?(?:怎么|如何)(?:再|才能)?"
    r"(?:修?改|更改|确认|入账|办|弄|做|操作|提交)(?:数|数字|草稿|它)?[了呢啊\s?？。]*"
    r"|为(?:什么|啥)(?:还)?(?:要|得|需要|不能|没有?|让我?)*(?:再)?(?:核对|核实|检查|确认|入账)?(?:一下|无误|单位)?[了呢啊\s?？。]*"
    r"|(?:现在|这个?|我)?(?:还|都)(?:差|缺|要|需要)(?:我)?(?:做|补|填|点|些)?(?:什么|啥|哪些)(?:内容|东西|材料)?[了呢啊\s?？。]*"
    r"|(?:都|已经?|刚才的?|这样(?:就)?)*(?:入账|报上去?|上报|提交|录入|录上|成功|算报|报成功|好|行|完)了?(?:吗|没有?|么)[\s?？。]*"
)


def by_word(context: Context, text: str, *, naming: bool = False) -> bool:
    """「改成5280」, 「第3条改成5150」, 「管网的不对，是2180」; False where no open draft is meant.

    naming: only what names a draft or a line itself, which is no answer to an open question.
    """
    said = parse_edit(text)
    if said is None or (naming and said.draft is None and said.line is None and not said.mention):
        return False
    return change(context, said, _meant(context, said))


def _meant(context: Context, said: Edit) -> list[Draft]:
    """The sender's own drafts, or where they have none of the kind named those of their principals (rule B6).

    Raises Invalid, naming those that are open, where none has the number.
    """
    mine = within_reach(context)
    if said.draft is not None:
        numbered = [one for one in mine if one.number == said.draft]
        return numbered[:1] or [drafts.by_number(context.desk, context.sender.id, said.draft)]
    return [one for one in mine if one.author_id == context.sender.id] or mine


def change(context: Context, said: Edit, mine: list[Draft]) -> bool:
    """Carry out a change in one of these drafts; False where none is meant."""
    if not mine:
        return False
    if said.mention:
        return _of_project(context, mine, said)
    if said.line is not None and len(mine) > 1:
        mine = [one for one in mine if said.line in draft_kinds.waiting(one)] or mine
    if len(mine) > 1 and parse_bare_amount(said.to) is not None:  # a figure: of a report
        mine = [one for one in mine if one.kind == DraftKind.REPORT.value] or mine
    if len(mine) > 1:
        _ask_which(context, mine)
        return True
    return draft_kinds.edit(place_of(context, mine), mine[0], said.to, no=said.line)


def unconfirmed(context: Context, text: str) -> Invalid | None:
    """What to answer to 「对的」, 「不对」, 「好的，入账吧」, 「谢谢」, 「怎么改」, 「5400」 while a draft waits here.

    None of them confirms it (rule C2): who thanks may think that it is entered.
    """
    plain = text.strip()
    if (
        answers.parse_yes_no(text) is None
        and not is_thanks(plain)
        and _NODS.fullmatch(plain) is None
        and _ASKED_OF_IT.fullmatch(plain) is None
        and answers.parse_bare_amount(plain) is None
    ):
        return None
    mine = [
        one
        for one in draft_queries.open_of(context.session, context.sender.id)
        if one.group_id == context.group_id
    ]
    if not mine:
        return None
    numbers = "、".join(f"草稿{one.number}" for one in mine)
    number = f" {mine[0].number}" if len(mine) > 1 else ""
    check = len(mine) == 1 and report_drafts.needs_check(mine[0])
    verb = "确认无误" if check else "确认"
    why = "（一次增加较多或超过年度计划，要先核对单位）" if check else ""
    return Invalid(
        f"{numbers} 还没有确认{why}",
        mend=f"看好了请回「{verb}{number}」，要改请回「改成…」，不报了请回「取消{number}」",
    )


def _of_project(context: Context, mine: list[Draft], said: Edit) -> bool:
    """The line of the project that is named, in whichever draft it stands; False when it stands in none."""
    found = access.private_candidates(context, said.mention)
    if len(found) != 1:
        return False
    holding = [
        (draft, no)
        for draft in mine
        if draft.kind == DraftKind.REPORT.value
        for no, project in draft_kinds.waiting(draft).items()
        if project == found[0].id
    ]
    if not holding:
        return False
    if len(holding) > 1:
        _ask_which(context, [draft for draft, _no in holding])
        return True
    draft, no = holding[0]
    return draft_kinds.edit(place_of(context, [draft]), draft, said.to, no=no)


def _ask_which(context: Context, mine: list[Draft]) -> None:
    named = tuple((one.number, draft_summaries.summary(context.desk, one)) for one in mine)
    place_of(context, mine).say(WhichDraft(verb="修改", drafts=named))
