"""Drafts and papers at the buttons and by word: show, change, 报签, 核稿, 签发, 不发, 作废 (rules H1–H4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from handlers import access, document_access, naming
from handlers.context import Context
from handlers.papers import document_edits
from handlers.papers.document_receipts import VERBS as RECEIPT_VERBS
from handlers.papers.document_receipts import show_status
from handlers.verbs import Verb
from models.errors import Invalid, NotAllowed, NotFound, WordsMissing
from models.notices.documents import (
    DocumentDone,
    DocumentDraft,
    DocumentExported,
    DocumentIssued,
    DocumentList,
    DocumentSentBack,
    DraftLine,
)
from models.operations import deliveries, documents, papers, questions, year_proposals
from models.operations.desk import Desk
from models.queries import documents as queries
from models.queries.directory import PersonInfo
from models.tables.documents import Document
from models.tables.drafts import Question
from models.types import DocumentState

Args = Mapping[str, str | int]
EDIT: Final = "document.edit"


def _document(context: Context, args: Args) -> Document:
    return document_access.by_id(context, int(args["document"]))


# --- showing


def show(context: Context, document: Document, *, notes: tuple[str, ...] = ()) -> None:
    """The card of a draft, or how an issued paper stands."""
    if DocumentState(document.state) not in documents.WAITING:
        show_status(context, document)
        return
    context.say_privately(
        card(context, document, signs=document_access.signs(context, document), notes=notes)
    )


def card(
    context: Context, document: Document, *, signs: bool, by: str = "", notes: tuple[str, ...] = (),
    reader: PersonInfo | None = None,
) -> DocumentDraft:  # fmt: skip
    """The draft as it reads now. reader: whom it is shown to, the sender if nobody else."""
    kind = papers.of(document)
    paper = papers.write(context.desk, document, context.papers.write)
    reply_by = document.body.get("reply_by")
    checker = context.directory.people.get(document.checked_by_id or 0)
    reader = reader or context.sender
    checks = (
        document.state == DocumentState.CHECKING.value and reader.id == document.for_person_id and not signs
    )
    return DocumentDraft(
        document.id,
        version=document.version,
        kind=document.kind,
        name=str(document.body.get("shown") or ""),
        title=paper.title,
        to="" if kind.lines is not None else str(kind.facts(context.desk, document, "").get("主送", "")),
        lines=kind.lines(context.desk, document) if kind.lines is not None else paper.lines,
        state=document.state,
        reply_by=datetime.fromisoformat(str(reply_by)) if reply_by else None,
        issue=document.body.get("issue"),
        missing=kind.missing(document),
        notes=notes,
        by=by,
        checked_by=checker.label if checker else "",
        signs=signs,
        checks=checks,
        signers=documents.who_signs(context.desk, document),
    )


def press_show(context: Context, args: Args, _text: str) -> None:
    """[督办函草稿 W0186]"""
    show(context, _document(context, args))


def list_waiting(context: Context, found: list[Document], verb: str) -> None:
    """Several drafts fit: say which there are, of two of one name for what each is."""
    people = context.directory.people
    named = Counter((one.kind, str(one.body.get("shown") or "")) for one in found)

    def name(one: Document) -> str:
        shown = str(one.body.get("shown") or "")
        return f"{shown} {one.what}".strip() if named[one.kind, shown] > 1 else shown

    context.say_privately(
        DocumentList(
            verb,
            tuple(
                DraftLine(
                    one.id, one.version, one.kind, name(one), one.state,
                    people[one.for_person_id].label if one.for_person_id in people else "综合专班",
                )
                for one in found
            ),
        )
    )  # fmt: skip


# --- changing


def press_edit(context: Context, args: Args, text: str) -> None:
    """[修改], [编辑]"""
    document = _document(context, args)
    change(context, document, text)


def change(context: Context, document: Document, text: str) -> None:
    """Change the draft as the words ask; without words, ask for them."""
    desk = document_access.desk_for(context, document, "修改")
    documents.require_waiting(context.desk, document, "修改")
    if not text.strip():
        questions.ask(context.desk, context.sender, kind=EDIT, body={"document": document.id}, group_id=None)
        context.say_privately(
            DocumentDone(document.id, document.kind, _name(document), "等您改稿：请直接发要改什么", "")
        )
        return
    document_edits.apply(context, desk, document, text)
    show(context, document)


def answer_edit(context: Context, question: Question, text: str) -> bool:
    """The message after [修改] without words."""
    document = queries.by_id(context.session, int(question.body["document"]))
    if document is None or not document_edits.understands(context, document, text):
        return False
    questions.close(context.desk, context.sender, group_id=question.group_id)
    change(context, document, text)
    return True


def edit_by_word(context: Context, text: str) -> bool:
    """「修改 限期改为 10月9日」 with a draft that waits for the sender; False for any other text."""
    meant = document_edits.meant(context, text)
    if meant is None:
        return False
    change(context, *meant)
    return True


# --- hands


def press_submit(context: Context, args: Args, _text: str) -> None:
    """[报签]: to who holds the signing right."""
    document = _document(context, args)
    submit(context, document, str(args.get("version", document.version)))


def submit(context: Context, document: Document, version: str = "") -> None:
    desk = document_access.desk_for(context, document, "报签")
    documents.require_waiting(context.desk, document, "报签")
    if _changed_meanwhile(context, document, version):
        return
    signers = tuple(
        person
        for person in documents.signers(desk, document)
        if queries.sees(
            context.session, context.directory, person, document
        )  # of a restricted item (rule B8)
    )
    if not signers:
        raise Invalid(f"没有人有{document.kind}的签发权", mend="请系统管理员检查规则或名册")
    missing = papers.of(document).missing(document)
    if missing:
        raise Invalid(f"还没填：{'、'.join(missing)}", mend=f"例：修改 {' …；'.join(missing)} …")
    documents.hand_to(desk, document, signers[0], DocumentState.TO_SIGN)
    others = tuple(person for person in signers if person.id != context.sender.id)
    for person in others:
        desk.notify(
            card(context, document, signs=True, by=desk.actor.label, reader=person),
            to=person,
            key=f"document {document.id} {document.version} to sign {desk.now.isoformat()}",
            reason="公文报签",
            about=queries.subject(document),
        )
    _done(context, document, "报签", to="、".join(person.label for person in signers))


def press_check(context: Context, args: Args, text: str) -> None:
    """[送核稿]: to a colleague of 综合专班."""
    document = _document(context, args)
    desk = document_access.desk_for(context, document, "送核稿")
    documents.require_waiting(context.desk, document, "送核稿")
    named = naming.people_named(context.directory, document.organisation_id, text)
    if len(named) != 1:
        raise (
            WordsMissing("要写明核稿人姓名", mend="例：孙晓雯")
            if not text.strip()
            else Invalid("请写明核稿人姓名", mend="例：送核稿 孙晓雯")
        )
    checker = named[0]
    if not queries.sees(context.session, context.directory, checker, document):
        raise Invalid(f"{checker.label}不能看这份公文", mend="请在综合专班里选核稿人")
    documents.hand_to(desk, document, checker, DocumentState.CHECKING)
    desk.notify(
        card(context, document, signs=False, by=desk.actor.label, reader=checker),
        to=checker,
        key=f"document {document.id} {document.version} to check {desk.now.isoformat()}",
        reason="公文核稿",
        about=queries.subject(document),
    )
    _done(context, document, "送核稿", to=checker.label)


def press_check_pass(context: Context, args: Args, _text: str) -> None:
    """[核稿通过]: on to who signs."""
    document = _document(context, args)
    documents.require_waiting(context.desk, document, "核稿")
    if document.for_person_id not in {person.id for person in access.own_and_principals(context)}:
        holder = context.directory.people.get(document.for_person_id)
        raise NotAllowed("核这份稿", who=holder.label if holder else "核稿人")
    if _changed_meanwhile(context, document, str(args["version"])):
        return
    documents.checked(context.act_for(document_access.acting(context, document)), document)
    submit(context, document)


def press_send_back(context: Context, args: Args, text: str) -> None:
    """[退回修改]: back to who drafted it, with what is to be changed."""
    document = _document(context, args)
    desk = document_access.desk_for(context, document, "退回")
    documents.require_waiting(context.desk, document, "退回")
    if not text.strip():
        raise WordsMissing("要写明修改意见", mend="例：限期太短，改为10月12日")
    author = context.directory.people.get(document.author_id or 0)
    if author is None or author.id == context.sender.id:
        raise Invalid("这份草稿没有可退回的经办人", mend="可直接修改或不发")
    documents.hand_to(desk, document, author, DocumentState.DRAFT)
    desk.notify(
        DocumentSentBack(
            document.id, document.version, document.kind, _name(document), desk.actor.label, text.strip()
        ),
        to=author,
        key=f"document {document.id} {document.version} back {desk.now.isoformat()}",
        reason="公文退回修改",
        about=queries.subject(document),
    )
    _done(context, document, "退回修改", to=author.label)


def press_drop(context: Context, args: Args, text: str) -> None:
    """[不发]"""
    document = _document(context, args)
    desk = document_access.desk_for(context, document, "不发")
    reason = text.strip().removeprefix(document.kind).removeprefix("草稿")  # 「不发 W0186提醒函 已电话催办」
    documents.drop(desk, document, reason.strip(" ，,：:"))
    _done(context, document, "不发，未占用文号", to="")


# --- 签发, 导出, 作废


def press_issue(context: Context, args: Args, _text: str) -> None:
    """[签发]"""
    document = _document(context, args)
    issue(context, document, str(args.get("version", "")))


def issue(context: Context, document: Document, version: str = "") -> DocumentIssued | None:
    """签发 by who may; None when the draft was changed by somebody else since the card was shown."""
    desk = context.act_for(document_access.acting(context, document))
    documents.may_sign(desk, document)
    if _changed_meanwhile(context, document, version):
        return None
    notice = papers.issue(desk, document, context.papers.write)
    context.say_privately(notice)
    _tell_drafters(desk, document, notice)
    return notice


def _tell_drafters(desk: Desk, document: Document, notice: DocumentIssued) -> None:
    """Who drafted or checked it hears the number."""
    people = [
        desk.directory.people[number]
        for number in (document.author_id, document.checked_by_id, document.changed_by_id)
        if number in desk.directory.people and number != desk.actor.person_id
    ]
    people = [one for one in people if queries.sees(desk.session, desk.directory, one, document)]
    desk.notify(
        notice,
        to=list(dict.fromkeys(people)),
        key=f"document {document.id} issued drafters",
        reason="公文签发告知",
        about=queries.subject(document),
    )


def press_agree(context: Context, args: Args, text: str) -> None:
    """[同意] of a 激励倾斜建议: decision and reasons are stored, then it is signed."""
    document = _document(context, args)
    if document.template != year_proposals.TEMPLATE:
        raise NotFound(str(document.id))
    year_proposals.decide(context.act_for(document_access.acting(context, document)), document, text)
    issue(context, document)


def press_refuse(context: Context, args: Args, text: str) -> None:
    """[不同意]: dropped, with the reason."""
    document = _document(context, args)
    documents.may_sign(context.act_for(document_access.acting(context, document)), document)
    if not text.strip():
        raise WordsMissing("不同意要写明理由", mend="例：数据还要核对")
    press_drop(context, args, text)


def press_export(context: Context, args: Args, _text: str) -> None:
    """[导出docx]"""
    export(context, _document(context, args))


def export(context: Context, document: Document) -> None:
    """The draft as a file, without a number; an issued paper as it was frozen."""
    if document.attachment_id is not None:
        context.say_privately(
            DocumentExported(
                document.id,
                document.kind,
                document.serial or "",
                document.title or "",
                document.attachment_id,
            )
        )
        return
    desk = document_access.desk_for(context, document, "导出")
    paper = papers.write(desk, document, context.papers.write)
    name = f"{document.kind}草稿 {_name(document)}".strip() + ".docx"
    attachment_id, _ = documents.keep_file(desk, document, paper.content, name=name)
    context.say_privately(DocumentExported(document.id, document.kind, "", paper.title, attachment_id))


def void(context: Context, document: Document, reason: str) -> None:
    """/作废: the number stays used; everybody who got the paper is told."""
    desk = context.act_for(document_access.acting(context, document))
    documents.void(desk, document, reason)
    deliveries.tell_void(desk, document)
    show_status(context, document)


# --- shared


def _changed_meanwhile(context: Context, document: Document, version: str) -> bool:
    """The card is older than what somebody else has changed since: show it as it is now, do nothing."""
    if not version or version == str(document.version) or document.changed_by_id == context.sender.id:
        return False
    by = context.directory.people.get(document.changed_by_id or 0)
    show(context, document, notes=(f"{by.label if by else '经办人'}刚改过这份草稿，请看新稿后再办",))
    return True


def _name(document: Document) -> str:
    return str(document.body.get("shown") or "")


def _done(context: Context, document: Document, act: str, *, to: str) -> None:
    context.say_privately(DocumentDone(document.id, document.kind, _name(document), act, to))


VERBS: Final[Mapping[str, Verb]] = {
    "document.show": press_show,
    "document.edit": press_edit,
    "document.submit": press_submit,
    "document.check": press_check,
    "document.check_pass": press_check_pass,
    "document.send_back": press_send_back,
    "document.drop": press_drop,
    "document.issue": press_issue,
    "document.export": press_export,
    "document.agree": press_agree,
    "document.refuse": press_refuse,
    **RECEIPT_VERBS,
}
