"""/提醒函 W0186, /督办函 W0186, /签发, /作废 督12 原因, /送达 交09 线下 接收人 … (rules H1–H6)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, document_access, item_access, rankings
from handlers.context import Context
from handlers.papers import document_receipts, documents
from handlers.verbs import Command
from models.errors import Invalid, NotAllowed, NotFound, NotUnderstood
from models.operations import documents as operations
from models.operations import letters
from models.operations.items import CLOSING, FEEDBACK
from models.queries import documents as queries
from models.queries import item_parties
from models.queries import lights as light_queries
from models.queries.directory import PersonInfo
from models.queries.items import NUMBER
from models.rules.letters import Reference, reference_in
from models.tables.documents import Document
from models.tables.items import Item
from models.types import DocumentKind, Role, Subject

_CODE: Final = re.compile(r"^[A-Za-zＡ-Ｚａ-ｚ]{2}\s?[\d０-９]{3,6}")
# A number that ends where the words go on: 「作废督12的事再议」 is a sentence (rule C16).
_PAPER: Final = (
    r"(?:云攻坚)?(?:督(?:办函)?|提(?:醒函)?|交(?:办清单)?|通(?:报)?|纪|建|简报)\s*(?:[〔\[(（]?\d{4}[〕\])）]?\s*)?"
    r"第?\d{1,4}\s*[号期]?(?=$|[\s,，:：;；])"
)
_KIND: Final = re.compile(rf"^(?P<kind>{'|'.join(kind.value for kind in DocumentKind)})(?:草稿)?\s*")
_WHAT: Final = re.compile(f"{FEEDBACK}|{CLOSING}")
# 「W0186提醒函签发」: what it is about stands first.
_TURNED: Final = re.compile(
    rf"(?P<about>县?W\d{{1,6}}|[A-Z]{{2}}\d{{4}})的?(?P<kind>{'|'.join(kind.value for kind in DocumentKind)})(?:草稿)?",
    re.IGNORECASE,
)
_BEGINS: Final = {
    DocumentKind.LIST: "/交办 清单 本周",
    DocumentKind.REMINDER: "/提醒函 W0186",
    DocumentKind.SUPERVISION: "/督办函 W0186",
    DocumentKind.CIRCULAR: "/通报 W0186",
    DocumentKind.BRIEF: "/简报",
    DocumentKind.MINUTES: "/会议纪要 9月22日协调会",
    DocumentKind.PROPOSAL: "/我的",
}
DRAFTERS: Final = "综合专班联络员、负责人、督办专员"


def reference(kind: DocumentKind, text: str) -> Reference | None:
    """云攻坚提〔2026〕24号, 提24, or the bare number behind the type's command."""
    found = reference_in(text)
    if found is not None:
        return found[0]
    bare = re.fullmatch(r"第?\s*(\d{1,4})\s*[号期]?", text.strip())
    return Reference(kind, int(bare[1]), None) if bare is not None else None


def letter(context: Context, args: str, kind: DocumentKind) -> None:
    """Show the draft or the issued paper that is named, or draft a new one about an item or a light."""
    words = args.strip()
    numbered = reference(kind, words)
    if numbered is not None:
        document_receipts.show_status(context, document_access.by_reference(context, numbered))
        return
    if not words:
        _list(context, kind)
        return
    if (found := NUMBER.match(words)) is not None:
        document = _about_item(context, kind, item_access.item(context, found[0]))
    elif (found := _CODE.match(words)) is not None:
        document = _about_light(context, kind, found[0])
    else:
        raise NotUnderstood(words[:20], examples=(f"/{kind.value} W0186", f"/{kind.value}"))
    rest = words[found.end() :].strip(" ：:，,")
    if rest:
        documents.change(context, document, rest)
    else:
        documents.show(context, document)


def _list(context: Context, kind: DocumentKind) -> None:
    found = document_access.waiting(context, kinds=(kind,))
    if not found and drafter(context) is None:
        raise NotAllowed(f"起草{kind.value}", who=DRAFTERS)
    if len(found) == 1:
        documents.show(context, found[0])
        return
    documents.list_waiting(context, found, kind.value)


def circular(context: Context, args: str) -> None:
    """/通报, /通报 9月: the ranking of the month; /通报 W0186: a 通报 about one matter."""
    words = args.strip()
    if reference_in(words) is not None or not rankings.show_month(context, words):
        letter(context, words, DocumentKind.CIRCULAR)


def drafter(context: Context, item: Item | None = None) -> PersonInfo | None:
    """The sender, or who they stand in for, if they may draft papers (rule B10); of an item its 督办专员 too."""
    for person in access.own_and_principals(context):
        if item_parties.is_hub(context.directory, person):
            return person
        if person.holds(Role.SUPERVISOR) and (item is None or item.supervisor_id == person.id):
            return person
    return None


def _about_item(context: Context, kind: DocumentKind, item: Item) -> Document:
    waiting = letters.open_draft(context.desk, kind, Subject("item", item.id))
    if waiting is not None and document_access.visible(context, waiting):
        return waiting
    person = drafter(context, item)
    if person is None:
        raise NotAllowed(f"起草 {item.number} 的{kind.value}", who=DRAFTERS)
    return letters.draft_about_item(context.act_for(person), kind, item, to=person)


def _about_light(context: Context, kind: DocumentKind, mention: str) -> Document:
    project = access.project(context, mention)
    case = light_queries.case(context.session, project.id)
    if case is None:
        raise Invalid(
            f"{project.code} 现在没有亮灯告警，不必发{kind.value}", mend=f"可查：/查 {project.code}"
        )
    waiting = letters.open_draft(context.desk, kind, Subject("light_case", case.id))
    if waiting is not None and document_access.visible(context, waiting):
        return waiting
    person = drafter(context)
    if person is None:
        raise NotAllowed(f"起草 {project.code} 的{kind.value}", who=DRAFTERS)
    return letters.draft_about_case(context.act_for(person), kind, case, to=person)


# --- /签发, /作废, /送达


def issue(context: Context, args: str) -> None:
    """/签发 督办函 W0186: the one draft that is meant, by who may."""
    words = args.strip()
    if (turned := _TURNED.fullmatch(words)) is not None:
        words = f"{turned['kind']} {turned['about']}"
    named = _KIND.match(words)
    kind = DocumentKind(named["kind"]) if named else None
    about = words[named.end() :].strip() if named else words
    kinds = (kind,) if kind else tuple(DocumentKind)
    numbered = reference_in(about)
    if numbered is not None:
        issued = document_access.by_reference(context, numbered[0])
        operations.require_waiting(context.desk, issued, "再签发")
    found = [one for one in document_access.waiting(context, kinds=kinds) if _is_about(one, about)]
    if not found:
        # Who may not sign is told who may, whether or not there is something to sign.
        signers = operations.signers_of(
            context.desk, kind or DocumentKind.SUPERVISION, context.sender.organisation_id
        )
        if not any(person in signers for person in access.own_and_principals(context)):
            raise NotAllowed(
                f"签发{kind.value if kind else '公文'}",
                who=operations.who_signs_kind(
                    context.desk, kind or DocumentKind.SUPERVISION, context.sender.organisation_id
                ),
            )
        raise Invalid(
            "没有待签发的公文草稿" + (f"「{words[:20]}」" if words else ""),
            mend=f"可先 {_BEGINS[kind or DocumentKind.SUPERVISION]} 起草",
        )
    mine = [one for one in found if document_access.signs(context, one)]
    if len(mine) > 1:
        to_sign = [one for one in mine if one.for_person_id == context.sender.id]
        mine = to_sign if len(to_sign) == 1 and not words else mine
    if len(mine or found) > 1:
        documents.list_waiting(context, mine or found, "签发")
        return
    meant = (mine or found)[0]
    if not words and meant.for_person_id not in {one.id for one in access.own_and_principals(context)}:
        documents.show(context, meant)  # it was put to nobody who says so: read first, then sign (rule H3)
        return
    documents.issue(context, meant)


def _is_about(document: Document, words: str) -> bool:
    shown, said = str(document.body.get("shown") or "").upper(), words.upper().replace(" ", "")
    if not words or not shown or not said.startswith(shown.replace(" ", "")):
        return not words
    what = _WHAT.search(said)  # 「提醒函 W0186 办结」 beside one for the feedback
    return what is None or document.what in ("", what[0])


def void(context: Context, args: str) -> None:
    found = reference_in(args.strip())
    if found is None:
        raise NotUnderstood("", examples=("/作废 督12 事实有误", "/作废 云攻坚督〔2026〕12号 原因"))
    documents.void(context, document_access.by_reference(context, found[0]), found[1])


def deliver(context: Context, args: str) -> None:
    """How a paper stands, or its delivery on paper."""
    found = reference_in(args.strip())
    if found is None:
        raise NotUnderstood("", examples=("/送达 交09 线下 接收人 邵鹏（附照片）", "/送达 督12"))
    document = document_access.by_reference(context, found[0])
    if not found[1]:
        if not queries.receipts(context.session, document.id):
            raise NotFound(args.strip()[:20])
        document_receipts.show_status(context, document)
        return
    document_receipts.on_paper(context, document, found[1])


def may_draft(context: Context) -> bool:
    return drafter(context) is not None or any(
        item_parties.person(context.directory, one.for_person_id) == context.sender
        for one in document_access.waiting(context)
    )


def _may_sign(context: Context) -> bool:
    return any(
        person in operations.signers_of(context.desk, kind, person.organisation_id)
        for person in access.own_and_principals(context)
        for kind in DocumentKind
    )


# 「W0186起草提醒函」, 「W0186给市林业局发督办函」: only a draft is made (rule H3).
_DRAFTS: Final = (
    r"(?:给|对)?(?P<args>县?\s?[Ww]\s?\d{1,6})(?!\d)[\s:,]*(?:请|要|想|再|给[一-鿿]{2,10})?"
    r"(?:起草|拟定?|下?发|出|印发)(?:一?[份个])?"
)

COMMAND = Command(
    "提醒函", summary="起草、查看提醒函", usage="/提醒函 W0186",
    run=lambda context, args: letter(context, args, DocumentKind.REMINDER), aliases=("提醒函草稿",), bare=True,
    may=may_draft, said=re.compile(rf"{_DRAFTS}提醒函(?:草稿)?吧?"),
)  # fmt: skip
SUPERVISION = Command(
    "督办函", summary="起草、查看督办函", usage="/督办函 W0186",
    run=lambda context, args: letter(context, args, DocumentKind.SUPERVISION), aliases=("督办函草稿",), bare=True,
    may=may_draft, said=re.compile(rf"{_DRAFTS}督办函(?:草稿)?吧?"),
)  # fmt: skip
CIRCULAR = Command(
    "通报",
    summary="月度排名通报；就一件事项通报",
    usage="/通报 9月",
    run=circular,
    may=may_draft,
    said=re.compile(r"(?:排名)?通报(?P<args>\d{1,2}月份?)|(?:月度|排名)通报"),
)
ISSUE = Command(
    "签发",
    summary="签发公文，编号并送达",
    usage="/签发 督办函 W0186",
    run=issue,
    bare=True,
    may=_may_sign,
    said=re.compile(
        r"(?=签发|.{2,40}签发吧?$)(?:签发(?:月度|排名)?)?"
        r"(?P<args>(?:(?:县?[Ww]\s?\d{1,6}|[A-Za-z]{2}\d{4})的?\s?)?(?:提醒函|督办函|通报|简报|交办清单|会议纪要)"
        r"\s?(?:草稿)?\s?(?:县?[Ww]\s?\d{1,6})?)(?:\s?签发吧?)?"
    ),
)
VOID = Command(
    "作废",
    summary="作废已签发的公文，写明原因",
    usage="/作废 督12 事实有误",
    run=void,
    bare=True,
    said=re.compile(rf"作废(?P<args>{_PAPER}.*)"),
    may=_may_sign,
)
DELIVER = Command(
    "送达", summary="看谁签收了；登记线下送达", usage="/送达 交09 线下 接收人 邵鹏", run=deliver, bare=True,
    said=re.compile(rf"送达(?P<args>{_PAPER}.*)"), may=access.in_hub,
)  # fmt: skip
