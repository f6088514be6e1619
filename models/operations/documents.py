"""The life of an official paper: draft, 核稿, 签发, 作废 (rules H2–H4). Delivery and receipts: deliveries.

Words come from a template (`Write`, handed in by who may render); numbers only from 签发. Nothing is issued by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from models.errors import NotAllowed, StateForbids, WordsMissing
from models.notices.documents import DocumentDropped, DocumentRestored, DocumentWithdrawn
from models.notices.item_rungs import LetterProposed
from models.notices.lights import LightLetterDrafted
from models.operations import attachments, numbering, outbox, timers
from models.operations.audit import SYSTEM
from models.operations.desk import Desk
from models.queries import audits, item_parties
from models.queries import documents as queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules import letters as rules
from models.rules.letters import Edit
from models.tables.documents import Document
from models.types import DocumentKind, DocumentState, Subject

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WAITING: Final = frozenset({DocumentState.DRAFT, DocumentState.CHECKING, DocumentState.TO_SIGN})


class Written(Protocol):
    """A filled template."""

    @property
    def title(self) -> str: ...
    @property
    def lines(self) -> tuple[str, ...]: ...
    @property
    def content(self) -> bytes: ...


class Write(Protocol):
    """Fills the template of a name with facts. Raises Invalid for a faulty template or edit.

    houses: organisations whose own template is taken before the installation's, the nearest first.
    """

    def __call__(
        self, name: str, facts: Mapping[str, Any], edits: Sequence[Edit] = (), houses: Sequence[str] = ()
    ) -> Written: ...


# --- drafts


def draft(
    desk: Desk,
    kind: DocumentKind,
    *,
    organisation_id: int,
    to: PersonInfo,
    template: str = "",
    about: Subject | None = None,
    what: str = "",
    body: dict[str, Any] | None = None,
) -> Document:
    """A new draft, without a number (rule H2). to: whom it waits for."""
    document = Document(
        organisation_id=organisation_id,
        kind=kind.value,
        template=template or kind.value,
        state=DocumentState.DRAFT.value,
        subject_kind=about.kind if about else None,
        subject_id=about.id if about else None,
        what=what,
        for_person_id=to.id,
        author_id=desk.actor.on_behalf_of,
        at=desk.now,
        version=1,
        body=body or {},
        lines=[],
        facts={},
    )
    desk.session.add(document)
    desk.session.flush()
    desk.record(
        queries.subject(document), {"kind": (None, kind.value), "state": (None, document.state)}, first=True
    )
    return document


def houses(desk: Desk, organisation_id: int) -> tuple[str, ...]:
    """Whose templates a paper is made from: the organisation's own, else those of the one above it (rule Q3)."""
    return tuple(one.name for one in desk.directory.lineage(organisation_id))


def label(document: Document) -> str:
    """云攻坚督〔2026〕12号 once issued, else 督办函草稿."""
    if document.serial is None:
        return f"{document.kind}草稿"
    return (
        f"{document.kind}{document.serial}" if document.kind == DocumentKind.BRIEF.value else document.serial
    )


def require_waiting(desk: Desk, document: Document, act: str) -> None:
    """Raises StateForbids, telling what has become of the draft meanwhile."""
    if DocumentState(document.state) in WAITING:
        return
    raise StateForbids(f"这份{document.kind}", state=_became(desk, document), act=act)


def _became(desk: Desk, document: Document) -> str:
    """已签发（云攻坚督〔2026〕12号）, 已定不发（马德胜 09-22 10:00：措辞不妥）."""
    dropped = document.state == DocumentState.DROPPED.value
    state = "已定不发" if dropped else document.state
    by = desk.directory.people.get(document.ended_by_id or 0) if dropped else None
    when = f"{by.label} {calendar.local(document.ended_at):%m-%d %H:%M}" if by and document.ended_at else ""
    reason = document.end_reason if document.end_reason != DocumentState.DROPPED.value else ""
    said = "：".join(one for one in (when, reason) if one) or document.serial
    return f"{state}（{said}）" if said else state


def note_in_body(desk: Desk, document: Document, **values: Any) -> None:
    """Keep something with the draft that leaves its words as they are."""
    desk.record(queries.subject(document), {name: (None, _shown(value)) for name, value in values.items()})
    document.body = {**document.body, **values}
    desk.session.flush()


def change_body(desk: Desk, document: Document, **values: Any) -> None:
    """What was decided on the draft: 限期, edits, fields. Every change raises the version; saying the same does not."""
    body = dict(document.body)
    if all(body.get(name) == value for name, value in values.items()):
        return
    desk.record(
        queries.subject(document),
        {name: (_shown(body.get(name)), _shown(value)) for name, value in values.items()},
    )
    document.body = {**body, **values}
    document.version += 1
    document.changed_by_id = desk.actor.person_id
    desk.session.flush()


def _shown(value: object) -> object:
    return str(value) if isinstance(value, list | dict) else value


def edits_of(document: Document) -> tuple[Edit, ...]:
    return tuple(Edit.from_json(one) for one in document.body.get("edits", ()))


# --- hands


def signers(desk: Desk, document: Document) -> tuple[PersonInfo, ...]:
    """Who holds the signing right for its type (rule H3)."""
    return signers_of(desk, DocumentKind(document.kind), document.organisation_id)


def signers_of(desk: Desk, kind: DocumentKind, organisation_id: int) -> tuple[PersonInfo, ...]:
    return desk.directory.holders(
        *desk.policy_of(organisation_id).signing.of(kind), organisation_id=organisation_id
    )


def who_signs(desk: Desk, document: Document) -> str:
    """综合专班负责人 陈立新, as a refusal names them."""
    return who_signs_kind(desk, DocumentKind(document.kind), document.organisation_id)


def who_signs_kind(desk: Desk, kind: DocumentKind, organisation_id: int) -> str:
    """The same for papers of a type."""
    roles = "、".join(role.value for role in desk.policy_of(organisation_id).signing.of(kind))
    people = "、".join(person.label for person in signers_of(desk, kind, organisation_id))
    return f"{roles} {people}".strip()


def works_on(desk: Desk, person: PersonInfo, document: Document) -> bool:
    """Who may change or drop a draft: whom it waits for, its author, 综合专班, who may sign (rule B10)."""
    if person.id in (document.for_person_id, document.author_id, document.checked_by_id):
        return True
    return item_parties.is_hub(desk.directory, person) or person in signers(desk, document)


def hand_to(desk: Desk, document: Document, person: PersonInfo, state: DocumentState) -> None:
    """报签 or 送核稿: the draft now waits for this person. Who hands on what the clock had drafted answers for it."""
    require_waiting(desk, document, "转送")
    changes: dict[str, tuple[object, object]] = {
        "state": (document.state, state.value),
        "for_person_id": (document.for_person_id, person.id),
    }
    if document.author_id is None and desk.actor.on_behalf_of is not None:
        document.author_id = desk.actor.on_behalf_of
        changes["author_id"] = (None, document.author_id)
    desk.record(queries.subject(document), changes)
    document.state, document.for_person_id = state.value, person.id
    desk.session.flush()


def checked(desk: Desk, document: Document) -> None:
    """核稿 passed by the acting person."""
    desk.record(queries.subject(document), {"checked_by_id": (document.checked_by_id, desk.actor.person_id)})
    document.checked_by_id = desk.actor.person_id
    desk.session.flush()


def drop(desk: Desk, document: Document, reason: str) -> None:
    """不发: the draft is over and has used no number; who drafted it or had it on the desk is told."""
    require_waiting(desk, document, "不发")
    _end(desk, document, DocumentState.DROPPED, reason or "不发")
    desk.notify(
        DocumentDropped(
            document.id, document.kind, str(document.body.get("shown") or ""), desk.actor.label, reason
        ),
        to=[
            one
            for one in _holders(desk, document)
            if queries.sees(desk.session, desk.directory, one, document)
        ],
        key=f"document {document.id} dropped",
        reason="公文不发告知",
        about=queries.subject(document),
    )


def withdraw(desk: Desk, about: Subject, *, reason: str, what: str = "") -> int:
    """Take back the drafts about a record whose reason has gone; who holds one is told. Returns how many."""
    taken = 0
    for document in queries.of_subject(desk.session, about):
        if DocumentState(document.state) not in WAITING or what not in ("", document.what):
            continue
        _end(desk, document, DocumentState.WITHDRAWN, reason)
        taken += 1
        _tell_withdrawn(desk, document, about, reason)
    return taken


def restore(desk: Desk, about: Subject, *, ended_at: datetime) -> None:
    """Drafts that were taken back at this moment wait again, as they did before; who held one is told (rule E13)."""
    unsaid = desk.withdraw(about, reason="草稿已恢复", notices=(DocumentWithdrawn,))
    for document in queries.of_subject(desk.session, about):
        if document.state != DocumentState.WITHDRAWN.value or document.ended_at != ended_at:
            continue
        record = queries.subject(document)
        steps = audits.last_steps(desk.session, record, ("state",), limit=1)
        before = steps[0].old if steps and steps[0].old else DocumentState.DRAFT.value
        desk.record(record, {"state": (document.state, before)}, reason="亮灯变化已撤销")
        document.state, document.end_reason, document.ended_at, document.ended_by_id = (
            before,
            None,
            None,
            None,
        )
        desk.session.flush()
        if not unsaid:
            desk.notify(
                DocumentRestored(document.id, document.kind, str(document.body.get("shown") or "")),
                to=_holders(desk, document),
                key=f"document {document.id} restored {desk.now.isoformat()}",
                reason="草稿恢复",
                about=about,
            )


def _holders(desk: Desk, document: Document) -> list[PersonInfo]:
    """Whom a draft waits for, and who drafted it, without the person who acts now."""
    return [
        desk.directory.people[number]
        for number in dict.fromkeys((document.for_person_id, document.author_id))
        if number in desk.directory.people and number != desk.actor.person_id
    ]


def _tell_withdrawn(desk: Desk, document: Document, about: Subject, reason: str) -> None:
    """Whom the draft waited for, unless its card was not sent yet or the acting person has it.

    A draft that nobody touched and the clock outdated is not worth a message: its card says so when it is pressed.
    """
    if desk.actor.person_id is None and document.version == 1:
        return
    unsent = outbox.waiting(desk.session, about, (LetterProposed, LightLetterDrafted))
    if any(fields["letter_id"] == document.id for _, fields in unsent):
        return
    desk.notify(
        DocumentWithdrawn(document.id, document.kind, str(document.body.get("shown") or ""), reason),
        to=_holders(desk, document),
        key=f"document {document.id} withdrawn",
        reason="草稿撤回",
        about=about,
    )


def _end(desk: Desk, document: Document, state: DocumentState, reason: str) -> None:
    desk.record(queries.subject(document), {"state": (document.state, state.value)}, reason=reason)
    document.state, document.end_reason = state.value, reason
    document.ended_at, document.ended_by_id = desk.now, desk.actor.person_id
    desk.session.flush()


# --- 签发


def may_sign(desk: Desk, document: Document) -> None:
    """Raises NotAllowed naming who may, StateForbids for a paper that waits for nobody (rule H3)."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if desk.actor is SYSTEM or person is None or person not in signers(desk, document):
        raise NotAllowed(f"签发{document.kind}", who=who_signs(desk, document))
    require_waiting(desk, document, "签发")


def number_for(desk: Desk, document: Document) -> tuple[int, int, str]:
    """Year, number and 文号 that the paper gets now; a failed transaction gives the number back (rule H2).

    A 简报 that names its 期号 begins the series where nothing was issued in it before.
    """
    kind = DocumentKind(document.kind)
    year = desk.today.year
    series = series_of(desk, kind, year, document.organisation_id)
    proposed = document.body.get("issue")
    if kind is DocumentKind.BRIEF and proposed and numbering.last_number(desk.session, series) == 0:
        numbering.set_last(desk.session, series, int(proposed) - 1)
    number = numbering.next_number(desk.session, series)
    code = queries.office(desk.session, document.organisation_id).code
    return year, number, rules.serial(kind, code=code, year=year, number=number)


def series_of(desk: Desk, kind: DocumentKind, year: int, organisation_id: int) -> str:
    """The number series of an organisation's papers of a type (rule Q3: each has its own)."""
    first = organisation_id == min(desk.directory.organisations)
    return numbering.letter_series(kind.value, year, None if first else organisation_id)


def freeze(
    desk: Desk, document: Document, paper: Written, facts: dict[str, Any], *, numbered: tuple[int, int, str]
) -> None:
    """Issued: number, words, file and hash as they are now and will always be (rule H4)."""
    document.year, document.number, document.serial = numbered
    document.title, document.lines, document.facts = paper.title, list(paper.lines), facts
    document.attachment_id, document.sha256 = keep_file(
        desk, document, paper.content, name=file_name(document)
    )
    desk.record(
        queries.subject(document),
        {
            "state": (document.state, DocumentState.ISSUED.value),
            "serial": (None, document.serial),
            "sha256": (None, document.sha256),
        },
    )
    document.state = DocumentState.ISSUED.value
    document.issued_at, document.issued_by_id = desk.now, desk.actor.person_id
    document.issued_for_id = desk.actor.for_id
    desk.session.flush()


def file_name(document: Document) -> str:
    title = "".join(char for char in (document.title or document.kind) if char not in '\\/:*?"<>|\n')
    return f"{document.serial or '草稿'} {title}"[:100] + ".docx"


def keep_file(desk: Desk, document: Document, content: bytes, *, name: str) -> tuple[int, str]:
    """Store a file that the product made; returns the attachment's id and the SHA-256."""
    return attachments.keep_made(
        desk,
        content,
        name=name,
        media_type=DOCX,
        owner=Subject("document", document.id),
        sender_id=desk.actor.person_id or document.for_person_id,
    )


# --- 作废


def void(desk: Desk, document: Document, reason: str) -> None:
    """作废 keeps the number used and needs a reason (rule H2)."""
    if document.serial is None:
        raise StateForbids(f"这份{document.kind}", state=document.state, act="作废", allowed=("不发",))
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or person not in signers(desk, document):
        raise NotAllowed(f"作废 {document.serial}", who=who_signs(desk, document))
    if document.state == DocumentState.VOID.value:
        raise StateForbids(label(document), state=f"已作废（{document.end_reason}）", act="再作废")
    if not reason.strip():
        raise WordsMissing("作废要写明原因", mend="例：事实有误")
    _end(desk, document, DocumentState.VOID, reason.strip())
    for row in queries.receipts(desk.session, document.id):
        timers.cancel_timers(desk.session, Subject("document_receipt", row.id), reason="公文已作废")
    desk.withdraw(queries.subject(document), reason="公文已作废")
