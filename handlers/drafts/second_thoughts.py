"""「刚才报错了，应为5100」, 「不是，是管网那个」: what was said last, taken back in passing (rules C2, C4, C6)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.drafts import draft_edits
from handlers.reports import basis_words, reports
from handlers.understanding.answers import parse_bare_amount
from handlers.understanding.draft_words import Edit
from handlers.understanding.reading import Basis, Figure, Match, ProjectLine
from models.errors import Invalid
from models.queries import drafts as draft_queries
from models.queries import entries

_AMENDS: Final = re.compile(
    r"(?P<why>(?:不好意思|抱歉|我|刚才|刚刚|上面|前面|上一条|那个|那条|这个|这条|的|数字?|数据|金额)*"
    r"(?:[报说写填发弄打算输搞]的?(?:数字?|数据|金额)?)?(?:错了?|不对|有误|不准|成[^\s,，。;；\d]{1,8}?了)(?:了|啊|哈)?)(?:[\s,，。；;:：]+(?=[0-9０-９])|[\s,，。；;:：]*"
    r"(?:是|应该?是|应该?为|应|改成|改为|更正为|实际[是为]?))[:：\s]*"
    r"(?P<basis>(?:今年)?累计(?:完成)?(?:投资)?)?[是为]?\s*(?P<amount>[0-9０-９一二三四五六七八九].*)",
    re.DOTALL,
)
_ANOTHER: Final = re.compile(
    r"(?:不是|不对|弄错了?|搞错了?|错了?)(?:这个|那个|了|啊)?[\s,，、。；;]*(?:应该?是|我?说的是|我?指的是|是)?"
    r"(?P<mention>[^\s,，。；;\d][^,，。；;]{1,19}?)(?:那个|这个|那条|这条|那边)?(?:项目)?(?:的)?[。!！]?"
)
_NOT_BUT: Final = re.compile(
    r"(?:弄错了|错了|不对)?[，,\s]*不是(?P<wrong>[^\s,，。；;\d][^,，。；;]{1,19}?)(?:那个|这个|项目)?(?:的)?[\s,，、；;]+(?:而?是|应该?是|应为)"
    r"(?P<mention>[^\s,，。；;\d][^,，。；;]{1,19}?)(?:那个|这个|项目)?(?:的)?[。!！]?"
)
_RECENT: Final = timedelta(hours=24)


def amended(context: Context, text: str) -> bool:
    """Edit the open draft, or draft a correction of the author's last entry; False for any other text.

    Raises Invalid when there is nothing that could be meant.
    """
    if _means_another(context, text) or (basis_words.alone(text) and _change(context, text)):
        return True
    said = _AMENDS.fullmatch(text.strip())
    amount = parse_bare_amount(said["amount"].strip("。!！ ")) if said is not None else None
    if said is None or amount is None:
        return False
    if _change(context, f"{said['basis'] or ''}{said['amount']}"):
        return True
    last = entries.latest_of(context.session, context.sender.id, since=context.now - _RECENT)
    if last is None or last.ytd_fen is None or last.project_id not in access.visible_here(context):
        raise Invalid("最近24小时没有您入账的数字，不清楚要改哪一条", mend="请写全，例：污水处理厂累计5490万")
    project = context.directory.projects[last.project_id]
    line = ProjectLine(
        mention=project.code, match=Match.UNIQUE, project_id=project.id,
        figures=(Figure(amount=amount, basis=Basis.YEAR_TO_DATE),),
    )  # fmt: skip
    reports.start(context, [line], correction=True, reason=said["why"])
    return True


def _means_another(context: Context, text: str) -> bool:
    """「不是，是管网那个」 with an open draft: the project is put right, the figure stays."""
    both = _NOT_BUT.fullmatch(text.strip())
    if both is not None and len(access.candidates(context, both["mention"])) == 1:
        mine = draft_queries.open_of(context.session, context.sender.id)
        return draft_edits.change(context, Edit(both["mention"], mention=both["wrong"]), mine)
    said = _ANOTHER.fullmatch(text.strip())
    if said is None or len(access.candidates(context, said["mention"])) != 1:
        return False
    return _change(context, said["mention"])


def _change(context: Context, to: str) -> bool:
    """In the sender's own draft: what they said last is meant."""
    mine = draft_queries.open_of(context.session, context.sender.id)
    return draft_edits.change(context, Edit(to), mine)
