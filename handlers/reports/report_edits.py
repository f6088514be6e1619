"""「形象进度改成…」, 「日期是9月20日」: what a card shows besides the figure, changed while it is open (rule C2)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from handlers.context import Context
from handlers.hearing import hear
from handlers.reports import report_answers
from handlers.understanding.reading import Basis
from models.operations.report_lines import ReportLine
from models.rules.money import wan

_NEWS: Final = re.compile(
    r"(?:把|将)?(?:形象)?进度(?:描述|情况)?\s*(?:改成|改为|应为|应该是|更正为|换成|写成)[:：]?\s*(?P<to>\S.*)",
    re.DOTALL,
)
_MORE: Final = re.compile(
    r"(?:形象)?进度(?:描述|情况)?\s*(?:再)?(?:加上|补充|加)[:：]?\s*(?P<to>\S.*)", re.DOTALL
)
_DAY: Final = re.compile(
    r"(?:数据|截止|截至)?(?:日期|时间)\s*(?:改成|改为|应为|应该是|是|为|填)?[:：]?\s*(?:截[至止]到?)?(?P<day>.{2,12}?)的?[。.!！]?"
)
LONGEST: Final = 500


def of_the_project_named(context: Context, line: ReportLine, text: str) -> ReportLine:
    """「②是管网，累计2100」: the line for the project that the text names with a figure; as it was for other texts."""
    named = [one for one in hear(context, text).lines if one.project_id is not None and one.figures]
    if len(named) != 1 or named[0].project_id in (None, line.project_id):
        return line
    code = context.directory.projects[named[0].project_id or 0].code
    return report_answers.project_from(context, replace(line, candidates=()), code) or line


def changed(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    """The line with other news or another cut-off date; None for a text about neither."""
    words = text.strip()
    if (said := _NEWS.fullmatch(words)) is not None:
        return replace(line, image_progress=said["to"].strip()[:LONGEST])
    if (said := _MORE.fullmatch(words)) is not None:
        return replace(
            line, image_progress="，".join(filter(None, (line.image_progress, said["to"].strip())))[:LONGEST]
        )
    said = _DAY.fullmatch(words)
    if said is None or line.amount_fen is None or line.said == Basis.PERIOD.value:
        return None
    reading = hear(context, f"截至{said['day']}累计完成投资{wan(line.amount_fen)}万元")
    days = [figure.as_of for one in reading.lines for figure in one.figures if figure.as_of is not None]
    return replace(line, as_of=days[0].isoformat()) if len(days) == 1 else None
