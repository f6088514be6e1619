"""/交办 清单 9月第4周: the list of what was handed out in a period (rule H1)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.papers import documents
from models.errors import Invalid
from models.operations import dispatch_lists
from models.queries import items as item_queries
from models.rules.letters import name_of_week, week_of_month

_WEEK: Final = re.compile(
    r"^(?:(?P<year>\d{4})年)?\s*(?P<month>\d{1,2})\s*月\s*(?:份)?\s*第?\s*(?P<week>[1-9一二三四五六])\s*[周星]"
)
_MONTH: Final = re.compile(r"^(?:(?P<year>\d{4})年)?\s*(?P<month>\d{1,2})\s*月(?:份)?$")
EXAMPLES: Final = "例：/交办 清单 9月第4周、/交办 清单 本周、/交办 清单 W0191 W0192"


def start(context: Context, words: str) -> None:
    """Draft the list; only 综合专班 may (rule B10)."""
    hub = access.require_hub(context, "出交办清单")
    numbers = [item_queries.normal_number(one[0]) for one in item_queries.NUMBER.finditer(words)]
    today = context.desk.today
    name, first, last = (name_of_week(today), today, today) if numbers else _period(words, today)
    document = dispatch_lists.draft(
        context.act_for(hub), organisation_id=hub.organisation_id, to=hub, period=name, first=first, last=last,
        numbers=[one for one in numbers if one is not None],
    )  # fmt: skip
    documents.show(context, document)


def _period(words: str, today: date) -> tuple[str, date, date]:
    """The period's name, first and last day. Raises Invalid for words that name none."""
    monday = today - timedelta(days=today.weekday())
    if words in ("", "本周", "这周", "这一周"):
        return name_of_week(today), monday, monday + timedelta(days=6)
    if words in ("上周", "上一周"):
        return (
            name_of_week(monday - timedelta(days=7)),
            monday - timedelta(days=7),
            monday - timedelta(days=1),
        )
    if words in ("本月", "这个月"):
        return f"{today.month}月", today.replace(day=1), today
    if (found := _WEEK.match(words)) is not None:
        number = "一二三四五六".find(found["week"]) + 1 or int(found["week"])
        year, month = int(found["year"] or today.year), int(found["month"])
        days = week_of_month(year, month, number) if 1 <= month <= 12 else None
        if days is None:
            raise Invalid(f"没有{words}", mend=EXAMPLES)
        return f"{month}月第{number}周", *days
    if (found := _MONTH.match(words)) is not None and 1 <= int(found["month"]) <= 12:
        first = date(int(found["year"] or today.year), int(found["month"]), 1)
        return f"{first.month}月", first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    raise Invalid(f"没看懂期间「{words[:20]}」", mend=EXAMPLES)
