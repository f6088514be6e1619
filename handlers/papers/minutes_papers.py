"""会议纪要 as a paper: from the card of the confirmed tasks, or by the meeting's name (rules H1, H2, M1)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from handlers import access, document_access
from handlers.context import Context
from handlers.papers import document_receipts, documents
from handlers.verbs import Verb
from models.errors import Invalid, NotAllowed, NotFound
from models.notices.minutes import MinutesRecord, MinutesRecords
from models.operations import minutes as minutes_operations
from models.operations import minutes_papers
from models.operations.documents import label
from models.queries import minutes as queries
from models.queries.directory import PersonInfo
from models.rules.letters import reference_in
from models.tables.coordination import Minutes
from models.types import DocumentKind

Args = Mapping[str, str | int]
SHOWN: Final = 6


def run(context: Context, words: str) -> None:
    """/会议纪要 9月22日协调会, /会议纪要 纪01; without words what there is."""
    wanted = words.strip(" 《》：:，,。")
    numbered = reference_in(wanted)
    if numbered is not None and numbered[0].kind is DocumentKind.MINUTES:
        document_receipts.show_status(context, document_access.by_reference(context, numbered[0]))
        return
    found = _visible(context)
    if not wanted:
        _list(context, found)
        return
    fitting = [one for one in found if _plain(one.title) == _plain(wanted)] or [
        one for one in found if _plain(wanted) in _plain(one.title)
    ]
    if not fitting:
        if not found:
            _check_calls(context)
        raise NotFound(wanted[:20])
    if len({one.title for one in fitting}) > 1:
        _list(context, fitting)
        return
    _paper(context, fitting[0])


def press(context: Context, args: Args, _text: str) -> None:
    """[生成会议纪要]"""
    found = queries.by_id(context.session, int(args["minutes"]))
    if found is None or _as(context, found) is None:
        raise NotFound("会议纪要")
    _paper(context, found)


def _paper(context: Context, minutes: Minutes) -> None:
    """The draft, or how the issued paper stands."""
    person = _as(context, minutes)
    if person is None:
        raise NotFound(minutes.title)
    documents.show(context, minutes_papers.draft(context.act_for(person), minutes, to=person))


def _as(context: Context, minutes: Minutes) -> PersonInfo | None:
    """As whom the sender may make the paper of a meeting."""
    able = [
        one for one in access.own_and_principals(context) if queries.sees(context.directory, one, minutes)
    ]
    return able[0] if able else None


def _visible(context: Context) -> list[Minutes]:
    """Newest first."""
    organisations = dict.fromkeys(one.organisation_id for one in access.own_and_principals(context))
    found = [one for number in organisations for one in queries.newest(context.session, number)]
    return [one for one in found if _as(context, one) is not None]


def _list(context: Context, found: list[Minutes]) -> None:
    if not found:
        _check_calls(context)
        raise Invalid("还没有录入会议纪要", mend="先发 /纪要 9月22日协调会，粘贴正文并确认任务")
    context.say_privately(MinutesRecords(tuple(_record(context, one) for one in found[:SHOWN]), len(found)))


def _record(context: Context, minutes: Minutes) -> MinutesRecord:
    paper = minutes_papers.paper_of(context.desk, minutes)
    return MinutesRecord(
        minutes.id,
        minutes.title,
        minutes.at,
        len({line.text for line, _ in queries.lines(context.session, minutes.id)}),
        "" if paper is None else label(paper) if paper.serial else f"草稿（{paper.state}）",
    )


def _check_calls(context: Context) -> None:
    """Raises NotAllowed for who calls no meetings."""
    for person in access.own_and_principals(context):
        try:
            minutes_operations.check_organiser(context.desk, person)
        except NotAllowed:
            continue
        return
    raise NotAllowed("起草会议纪要", who=minutes_operations.WHO)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).removesuffix("会议纪要").removesuffix("纪要")


VERBS: Final[Mapping[str, Verb]] = {"minutes.paper": press}
