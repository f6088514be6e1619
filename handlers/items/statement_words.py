"""What an unlabelled answer says of a 提级: whom it calls on and until when (rules C4, G2).

「…，要林业局办临时用地，10月20日前」 names 责任部门, 化解路径 and 建议时限 without saying so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from handlers import naming
from handlers.context import Context
from handlers.understanding.instructed import instructed_deadline
from models.rules.escalation import Statement

_CLAUSES: Final = re.compile(r"[，,；;。\n]+")
_CALLS_ON: Final = re.compile(
    r"(?:还|就|只能|恳|烦|现)?(?:请求|请|需要|需|要|得|由|让|希望|去?找)(?P<who>[一-鿿]{2,12}?(?:局|委|办|厅|公司|中心|银行|林场|县|区))(?P<what>.*)"
)
_TURNS_TO: Final = re.compile(r"^(?:还|就|得|要|需|去|只能)*(?:找|请|靠|归|由|让)(?=[一-鿿]{2,})")
_DAY: Final = re.compile(
    r"(?:最好|希望|争取|力争|务必|请|在|于)*+(?:\d{4}年)?\d{1,2}(?:月\d{1,2}[日号]?|[日号])(?:之前|以前|前|之内|内)?(?:解决|办完|办结|完成|办好|批下来)?"
)


def filled(context: Context, organisation_id: int, said: Statement) -> Statement:
    """The statement with its gaps filled from clauses of 症结 and 路径 that answer them. Labels go first."""
    if (
        said.unit
        and not said.path
        and (calls := _CALLS_ON.fullmatch(said.unit)) is not None
        and calls["what"]
    ):
        said = replace(said, unit=calls["who"], path=said.unit)
    said = _unit_among(context, organisation_id, said)
    for name in ("crux", "done", "path"):
        said = _from(context, organisation_id, said, name)
    return said


def _unit_among(context: Context, organisation_id: int, said: Statement) -> Statement:
    """「找市林业局，走临时林地手续，10月20日前」 as 责任部门: what names no unit is the path, a day the date."""
    clauses = [one.strip() for one in _CLAUSES.split(said.unit) if one.strip()]
    if len(clauses) < 2:
        return said
    due, units, path = said.due, list[str](), list[str]()
    for clause in clauses:
        if not due and _DAY.fullmatch(clause) and _day(context, clause):
            due = clause
        elif naming.unit_in(context.directory, organisation_id, clause) is None and not said.path:
            path.append(clause)
        else:
            units.append(_TURNS_TO.sub("", clause))
    if not units:
        return said
    return replace(said, due=due, unit="，".join(units), path=said.path or "，".join(path))


def _from(context: Context, organisation_id: int, said: Statement, name: str) -> Statement:
    kept: list[str] = []
    for clause in _CLAUSES.split(getattr(said, name)):
        words = clause.strip()
        calls = _CALLS_ON.fullmatch(words)
        if not said.due and _DAY.fullmatch(words) and _day(context, words):
            said = replace(said, due=words)
        elif (
            calls is not None
            and not said.unit
            and naming.unit_in(context.directory, organisation_id, calls["who"])
        ):
            path = words if calls["what"].strip() and name != "path" else ""
            said = replace(said, unit=calls["who"], path=said.path or path)
            if not path:
                kept.append(words)
        elif words:
            kept.append(words)
    return replace(said, **{name: "，".join(kept)}) if kept else said


def _day(context: Context, words: str) -> bool:
    return instructed_deadline(words, context.desk.today, context.directory.calendar) is not None
