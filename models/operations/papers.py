"""The kinds of papers: what each says, to which units it goes, and 签发 for all of them (rules H1–H5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from models.errors import Invalid
from models.notices.documents import DocumentIssued
from models.operations import (
    briefs,
    deliveries,
    dispatch_lists,
    documents,
    letters,
    minutes_papers,
    rankings,
    year_proposals,
)
from models.operations.desk import Desk
from models.operations.documents import Write, Written
from models.queries import documents as queries
from models.tables.documents import Document
from models.types import Subject

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """facts: what the template may use (serial: empty for a draft). units: to whom it goes with [签收].

    copy: facts of one unit's own copy, where units do not see the same. lines: the card's words where they are not
    the text itself. fields: parts that the office writes itself. missing: what is still to be filled in.
    check: raises where it may not be issued as it is. issued: what else happens at 签发; lines for the signer.
    """

    facts: Callable[[Desk, Document, str], Facts]
    units: Callable[[Desk, Document], tuple[int, ...]]
    copy: Callable[[Desk, Document, str, int], Facts] | None = None
    lines: Callable[[Desk, Document], tuple[str, ...]] | None = None
    check: Callable[[Desk, Document], None] = lambda _desk, _document: None
    fields: tuple[str, ...] = ()
    missing: Callable[[Document], tuple[str, ...]] = lambda _document: ()
    issued: Callable[[Desk, Document], tuple[str, ...]] = lambda _desk, _document: ()


def _matter_units(desk: Desk, document: Document) -> tuple[int, ...]:
    return (letters.matter_of(desk, document).unit_id,)


_LETTER: Final = Paper(
    facts=lambda desk, document, serial: letters.facts(desk, document, serial=serial),
    units=_matter_units,
    check=letters.check_before_signing,
)

PAPERS: Final[dict[str, Paper]] = {
    "提醒函": _LETTER,
    "督办函": _LETTER,
    "通报": replace(_LETTER, issued=lambda _desk, _document: (letters.OTHERS_ON_PAPER,)),
    "简报": Paper(
        facts=briefs.facts,
        units=lambda _desk, _document: (),
        lines=briefs.summary,
        fields=briefs.FIELDS,
        missing=briefs.missing,
        issued=briefs.distribute,
    ),
    "激励倾斜建议": Paper(
        facts=year_proposals.facts,
        units=lambda _desk, _document: (),
        lines=year_proposals.summary,
        fields=(year_proposals.DECISION,),
        missing=year_proposals.missing,
    ),
    "排名通报": Paper(
        facts=rankings.facts,
        units=lambda _desk, _document: (),
        lines=rankings.summary,
        check=rankings.check,
        issued=rankings.publish,
    ),
    "会议纪要": Paper(
        facts=minutes_papers.facts,
        units=minutes_papers.units,
        fields=minutes_papers.FIELDS,
        missing=minutes_papers.missing,
    ),
    "交办清单": Paper(
        facts=lambda desk, document, serial: dispatch_lists.facts(desk, document, serial=serial),
        units=dispatch_lists.units,
        copy=lambda desk, document, serial, unit: dispatch_lists.facts(
            desk, document, serial=serial, unit_id=unit
        ),
        lines=dispatch_lists.summary,
    ),
}
"""By template."""


def of(document: Document) -> Paper:
    return PAPERS[document.template]


def write(desk: Desk, document: Document, fill: Write) -> Written:
    """The draft as it reads now."""
    return _filled(desk, document, fill, of(document).facts(desk, document, ""))


def _filled(desk: Desk, document: Document, fill: Write, facts: Facts) -> Written:
    houses = documents.houses(desk, document.organisation_id)
    return fill(document.template, facts, documents.edits_of(document), houses)


def issue(desk: Desk, document: Document, fill: Write) -> DocumentIssued:
    """签发: number, frozen words and file, delivery, receipts awaited; all or nothing (rules H2–H5)."""
    documents.may_sign(desk, document)
    paper = of(document)
    missing = paper.missing(document)
    if missing:
        raise Invalid(f"还没填：{'、'.join(missing)}", mend=f"例：修改 {' …；'.join(missing)} …")
    paper.check(desk, document)
    units = paper.units(desk, document)
    numbered = documents.number_for(desk, document)
    facts = paper.facts(desk, document, numbered[2])
    documents.freeze(desk, document, _filled(desk, document, fill, facts), facts, numbered=numbered)
    assert document.attachment_id is not None
    copies: Mapping[int, int] = dict.fromkeys(units, document.attachment_id)
    if paper.copy is not None and len(units) > 1:
        copies = {
            unit: documents.keep_file(
                desk,
                document,
                _filled(desk, document, fill, paper.copy(desk, document, numbered[2], unit)).content,
                name=documents.file_name(document),
            )[0]
            for unit in units
        }
    unreached = deliveries.send(desk, document, copies)
    if document.subject_kind is not None:
        desk.record(
            Subject(document.subject_kind, document.subject_id or 0),
            {"letter": (None, document.serial)},
        )
    notes = paper.issued(desk, document)
    return issued_notice(desk, document, unreached=unreached, notes=notes)


def issued_notice(
    desk: Desk, document: Document, *, unreached: tuple[str, ...], notes: tuple[str, ...]
) -> DocumentIssued:
    rows = queries.receipts(desk.session, document.id)
    assert document.issued_at is not None
    assert document.attachment_id is not None
    names = [desk.directory.units[row.unit_id].name for row in rows]
    return DocumentIssued(
        document.id,
        serial=documents.label(document),
        kind=document.kind,
        title=document.title or "",
        by=desk.actor.label,
        at=document.issued_at,
        sha256=document.sha256 or "",
        sent_to=tuple(name for name in names if name not in unreached),
        unreached=unreached,
        notes=notes,
        receipt_due_at=rows[0].due_at if rows else None,
        attachment_id=document.attachment_id,
    )
