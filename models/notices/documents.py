"""What is said about official papers: drafts, 签发, 送达, 回执, 作废 (rules H1–H6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.types import Subject

EDIT_PROMPT = "如：限期改为 10月9日；第2段改为 …；把“甲”改为“乙”；增加 …"


def draft_actions(document_id: int, version: int, *, signs: bool, edit: str = "修改") -> tuple[Action, ...]:
    """What may be done with a draft; signs: the reader may sign this type."""
    args = (("document", document_id), ("version", version))
    return (
        Action(edit, "document.edit", args, prompt=EDIT_PROMPT),
        Action("签发", "document.issue", args) if signs else Action("报签", "document.submit", args),
        Action("不发", "document.drop", args, prompt="不发的原因（可不填）"),
    )


@dataclass(frozen=True, slots=True)
class AboutDocument:
    """What notices about one paper share."""

    document_id: int

    @property
    def about(self) -> Subject | None:
        return Subject("document", self.document_id)


@dataclass(frozen=True, slots=True)
class DocumentDraft(AboutDocument, Notice):
    """The card of a draft. name: what tells it apart, e.g. W0186. by: who sent it here, with what was asked."""

    mergeable: ClassVar[bool] = False

    version: int
    kind: str
    name: str
    title: str
    to: str
    lines: tuple[str, ...]
    state: str
    reply_by: datetime | None
    issue: int | None
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    by: str
    checked_by: str
    signs: bool
    checks: bool
    signers: str

    @property
    def label(self) -> str:
        return self.name

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("document", self.document_id), ("version", self.version))
        export = Action("导出docx", "document.export", args[:1])
        if self.checks:
            return (
                Action("核稿通过", "document.check_pass", args),
                Action("修改", "document.edit", args, prompt=EDIT_PROMPT),
                Action("退回修改", "document.send_back", args, prompt="请写明修改意见"),
                export,
            )
        edit = "编辑" if self.kind == "简报" else "修改"
        usual = draft_actions(self.document_id, self.version, signs=self.signs, edit=edit)
        more: tuple[Action, ...] = (export,)
        if self.signs:
            more = (
                (export, Action("退回修改", "document.send_back", args, prompt="请写明修改意见"))
                if self.by
                else more
            )
        else:
            more = (export, Action("送核稿", "document.check", args, prompt="核稿人姓名"))
        return (*usual, *more)


@dataclass(frozen=True, slots=True)
class DocumentExported(AboutDocument, Notice):
    """The draft, or the issued paper, as a file."""

    kind: str
    serial: str
    title: str
    attachment_id: int

    @property
    def files(self) -> tuple[int, ...]:
        return (self.attachment_id,)


@dataclass(frozen=True, slots=True)
class DocumentDone(AboutDocument, Notice):
    """What was done with a draft, to who did it. to: who has it now."""

    kind: str
    name: str
    act: str
    to: str


@dataclass(frozen=True, slots=True)
class DocumentSentBack(AboutDocument, Notice):
    """退回修改, to the author."""

    mergeable: ClassVar[bool] = False

    version: int
    kind: str
    name: str
    by: str
    reason: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return draft_actions(self.document_id, self.version, signs=False)


@dataclass(frozen=True, slots=True)
class DocumentWithdrawn(AboutDocument, Notice):
    """The reason of a draft has gone before it was issued."""

    kind: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentDropped(AboutDocument, Notice):
    """不发, to who drafted it or had it on the desk. reason: empty where none was given."""

    kind: str
    name: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentRestored(AboutDocument, Notice):
    """What had ended the reason of a draft was undone: it waits again (rule E13)."""

    kind: str
    name: str

    @property
    def actions(self) -> tuple[Action, ...]:
        label = f"{self.kind}草稿 {self.name}".strip()
        return (Action(label, "document.show", (("document", self.document_id),)),)


@dataclass(frozen=True, slots=True)
class DocumentIssued(AboutDocument, Notice):
    """Signed: to the signer and to who drafted it. unreached: units where nobody could be told."""

    serial: str
    kind: str
    title: str
    by: str
    at: datetime
    sha256: str
    sent_to: tuple[str, ...]
    unreached: tuple[str, ...]
    notes: tuple[str, ...]
    receipt_due_at: datetime | None
    attachment_id: int

    @property
    def files(self) -> tuple[int, ...]:
        return (self.attachment_id,)


@dataclass(frozen=True, slots=True)
class DocumentDelivered(AboutDocument, Notice):
    """The paper, to a unit's 联络员 and 带班领导 (rule H5)."""

    mergeable: ClassVar[bool] = False

    receipt_id: int
    kind: str
    serial: str
    title: str
    unit: str
    reply_by: datetime | None
    receipt_due_at: datetime
    attachment_id: int
    leader: bool

    @property
    def files(self) -> tuple[int, ...]:
        return (self.attachment_id,)

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("receipt", self.receipt_id),)
        sign = Action("签收", "document.receive", args)
        return (sign, Action("已阅", "document.read", args)) if self.leader else (sign,)


@dataclass(frozen=True, slots=True)
class DocumentAnnounced(Notice):
    """One line to a group: title and number only (rule H5)."""

    units: tuple[str, ...]
    serial: str
    title: str


@dataclass(frozen=True, slots=True)
class DocumentReceived(AboutDocument, Notice):
    """签收 was recorded; again: it had been before."""

    serial: str
    title: str
    unit: str
    receiver: str
    at: datetime
    again: bool
    reply_by: datetime | None


@dataclass(frozen=True, slots=True)
class DocumentRead(AboutDocument, Notice):
    """已阅 was noted; the unit's 签收 is still due."""

    serial: str
    unit: str
    received: bool
    receipt_due_at: datetime

    receipt_id: int

    @property
    def actions(self) -> tuple[Action, ...]:
        return () if self.received else (Action("签收", "document.receive", (("receipt", self.receipt_id),)),)


@dataclass(frozen=True, slots=True)
class DocumentReceiptReminder(AboutDocument, Notice):
    """No receipt in time (rule H5)."""

    receipt_id: int
    serial: str
    title: str
    sent_at: datetime
    due_at: datetime
    attachment_id: int | None

    @property
    def files(self) -> tuple[int, ...]:
        return (self.attachment_id,) if self.attachment_id is not None else ()

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("签收", "document.receive", (("receipt", self.receipt_id),)),)


@dataclass(frozen=True, slots=True)
class DocumentReceiptMoved(AboutDocument, Notice):
    """Another calendar has moved the date until which a paper is to be signed for (S67)."""

    receipt_id: int
    serial: str
    title: str
    old: datetime
    new: datetime

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("签收", "document.receive", (("receipt", self.receipt_id),)),)


@dataclass(frozen=True, slots=True)
class DocumentVoided(Notice):
    """作废, to everybody who got it."""

    serial: str
    title: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class PaperDelivery(AboutDocument, Notice):
    """线下送达 was registered (rule H6). items: numbers now marked 已线下送达."""

    serial: str
    unit: str
    receiver: str
    at: datetime
    by: str
    files_count: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentStatus(AboutDocument, Notice):
    """An issued paper: who received it, who has not."""

    serial: str
    kind: str
    title: str
    state: str
    issued_at: datetime
    by: str
    received: tuple[str, ...]
    waiting: tuple[str, ...]
    attachment_id: int | None

    @property
    def files(self) -> tuple[int, ...]:
        return (self.attachment_id,) if self.attachment_id is not None else ()


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft of a list. name: W0186, 9月第4周…"""

    document_id: int
    version: int
    kind: str
    name: str
    state: str
    holder: str


@dataclass(frozen=True, slots=True)
class DocumentList(Notice):
    """Drafts that wait, to choose from. verb: what was asked for."""

    verb: str
    lines: tuple[DraftLine, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(
            Action(f"{line.kind}草稿 {line.name}".strip(), "document.show", (("document", line.document_id),))
            for line in self.lines[:6]
        )
