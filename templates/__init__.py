"""Every word the product sends. `render(notice)` picks the template named after the notice's class."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from models.errors import DomainError
from models.notices.base import Notice
from models.rules.calendar import local
from models.rules.money import wan

# Characters of a value that a client could take as markup or a mention; shown as their full-width twins.
_DEFUSED: Final = str.maketrans({"@": "＠", "<": "＜", ">": "＞", "`": "｀", "*": "＊", "~": "～"})
_LINKS: Final = re.compile(r"\]\(")
_SUSPECT: Final = re.compile(r"[@<>`*~\]]")  # most values hold none of them
_WEEKDAYS: Final = "一二三四五六日"


def defuse(value: object) -> str:
    """A value made safe for a chat message: no control or bidi characters, line breaks, mentions, markup or links."""
    text = str(value)
    if not text.isprintable():  # a printable text holds none of what is taken out
        text = "".join(
            " " if char in "\r\n\t\v\f\u2028\u2029" else char
            for char in text
            if char in "\r\n\t\v\f" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"}
        )
    if _SUSPECT.search(text) is None:
        return text
    return _LINKS.sub("］(", text.translate(_DEFUSED))


def cn_date(value: date) -> str:
    """09-28"""
    return f"{value.month:02d}-{value.day:02d}"


def period_end(value: date) -> str:
    """8月末 for the last day of a month, otherwise 截至08-20."""
    last = (value + timedelta(days=1)).month != value.month
    return f"{value.month}月末" if last else f"截至{cn_date(value)}"


def gap_words(value: str) -> str:
    """差距 1.08 个百分点; 超前 0.27 个百分点 for a project that is ahead of its schedule."""
    return f"超前 {value[1:]} 个百分点" if value.startswith("-") else f"差距 {value} 个百分点"


def cn_time(value: datetime) -> str:
    """09-28 18:00, local time."""
    here = local(value)
    return f"{here.month:02d}-{here.day:02d} {here.hour:02d}:{here.minute:02d}"


def cn_day(value: date) -> str:
    """9月28日, as people write it: local day of a moment."""
    here = local(value) if isinstance(value, datetime) else value
    return f"{here.month}月{here.day}日"


def clock_time(value: datetime) -> str:
    """10:03, local time."""
    here = local(value)
    return f"{here.hour:02d}:{here.minute:02d}"


def weekday(value: date) -> str:
    """周一"""
    return "周" + _WEEKDAYS[value.weekday()]


def _finalize(value: object) -> Markup:
    """Every value is defused once; what a macro returns is template text and stays."""
    return value if isinstance(value, Markup) else Markup(defuse(value))  # noqa: S704 - defused for chat


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("templates", "."),
        auto_reload=False,  # templates are part of the program: no look at the disk for each message
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        finalize=_finalize,
        autoescape=True,  # so that macros return Markup; the escaping itself is _finalize
    )
    environment.filters.update(
        cn_date=cn_date,
        period_end=period_end,
        cn_day=cn_day,
        cn_time=cn_time,
        clock=clock_time,
        weekday=weekday,
        wan=wan,
        gap_words=gap_words,
    )
    environment.globals.update(circled=circled)
    return environment


def circled(number: int) -> str:
    """① … ⑳, then (21)."""
    return chr(0x245F + number) if 1 <= number <= 20 else f"({number})"


ENVIRONMENT: Final = _environment()


@cache
def _template(name: str) -> Template:
    return ENVIRONMENT.get_template(name)


def template_name(notice_name: str) -> str:
    """notices/light_turned.md.j2 for LightTurned."""
    return f"notices/{snake(notice_name)}.md.j2"


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@cache
def _worded(notice_name: str) -> tuple[Template, tuple[str, ...]]:
    """The template of a notice class and the fields it is given."""
    fields = tuple(field.name for field in dataclasses.fields(Notice.registry[notice_name]))  # type: ignore[arg-type]
    return _template(template_name(notice_name)), fields


def render(notice: Notice) -> str:
    """The text of a notice: plain lines, safe to hand to any platform's encoder."""
    template, fields = _worded(type(notice).__name__)
    return _tidy(template.render({name: getattr(notice, name) for name in fields}))


def render_error(error: DomainError) -> str:
    """The text of a refusal."""
    facts: dict[str, Any] = dict(vars(error))
    return _tidy(_template(f"errors/{error.code}.md.j2").render(facts))


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    return "\n".join(lines)
