"""/撤销 and decisions on corrections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.reports import still_reported
from models.errors import Invalid, NotAllowed, NotFound, NotUnderstood, StateForbids
from models.notices.ledger import CorrectionClosed, CorrectionWithdrawn, UnchangedUndone, Undone
from models.operations import ledger, weekly
from models.operations.desk import Desk
from models.operations.standing import standing
from models.queries import corrections, entries, item_history
from models.queries import drafts as draft_queries
from models.queries.directory import PersonInfo
from models.tables.projects import Correction, Entry
from models.types import DraftKind, Role

JUST_NOW: Final = timedelta(minutes=10)  # an act on an item that 撤销 alone may mean
LAST: Final = r"(?:刚才(?:那条|的|报的|那个)|上一?条|刚刚那条|[那这]条)(?=$|[\s:：,，A-Za-z])"
_LAST: Final = re.compile(LAST + r"[\s:：,，]*")
_WHY: Final = re.compile(
    r"(?:这个|那个|我|刚才|因为|数字?|数据|金额|单位|项目|日期|又|是|都|报|写|填|弄|搞|算|看|输|打|发|不对|不准|有误|重复|错|重|漏|多|少|[了的啊\s,，])+[。.!！]*"
)
# 「撤回，日期错了是10月29日」
_WHY_AND_MORE: Final = re.compile(
    r"(?:因为|由于|我)?(?:数字?|数据|金额|单位|日期|时间|内容)(?:是|又|都|给)*(?:[报写填弄搞算看输打]?错了?|不对|有误|不准|重复)(?![\u4e00-\u9fff]{0,6}[项工])"
)
# 「把刚才那条撤了」, 「刚才报错了，撤回」: the last entry, and nothing else is named.
_LAST_IN_WORDS: Final = re.compile(
    r"(?:把|将)?(?:我?(?:刚才|刚刚|上面|前面)(?:我?报)?(?:的|那[条个]|这[条个]|错)?(?:数字?|了)?|上一?条|[那这]条)[\s,，]*"
    r"(?:先|请|帮我|给我|要|就|都)*撤(?:[回销消掉](?:了|一下)?|了|一下)(?:吧|啊)?[。.!！]*"
)

_WITHDRAWS: Final = re.compile(
    r"(?:(?:撤回|取消|撤销|收回)(?:我的|那个|刚才的?|这个)?(?P<between>.{0,20}?)更正(?:申请)?(?P<behind>.{0,20})"
    r"|(?:把|将)?(?:我的|那个|刚才的?|这个)?(?P<before>.{0,20}?)更正(?:申请)?(?:就|先|还是|都)?"
    r"(?:不报|不要|不改|撤回|撤销|取消|作废|收回)(?:了|吧)*)[。.!！]?"
)
DECIDED: Final = {"approved": "已同意", "refused": "已退回", "withdrawn": "已由申请人撤回"}


def undo(context: Context, mention: str) -> None:
    """Revert the sender's last confirmed entry, or the last one of a named project (rule C10)."""
    if "更正" in mention and withdrawn_in_words(context, f"撤销{mention}"):
        return
    if (named := item_access.number_in_front(mention)) is not None and "延期" not in mention:
        raise _no_entry(item_access.item(context, named[0]).number)
    if "反馈" in mention:
        raise Invalid("反馈报出后不能撤回", mend="要改请重新反馈，替换还没审核的那份，例：/反馈 ZX0031 …")
    if "延期" in mention:
        raise Invalid("延期申请报出后不能撤回", mend="请等审批结果；不需要了请告知审批人不同意")
    last = _LAST.match(mention)
    if last is not None:
        mention = mention[last.end() :]
    if _WHY.fullmatch(mention) or _WHY_AND_MORE.match(mention):  # 「撤回刚才那个，数字不对」
        mention = ""
    project = access.project(context, mention) if mention else None
    number = project.id if project else None
    correction = ledger.correction_to_withdraw(context.desk, context.sender.id, project_id=number)
    if correction is not None:
        _withdraw(context, correction)
        return
    entry = _undoable(context, number)
    desk = _desk_for(context, context.directory.people.get(entry.on_behalf_of_id or 0), entry.project_id)
    if project is None and entry.kind == "unchanged" and entry.draft_id is None:
        _undo_unchanged(context, desk, entry)
        return
    closed = entry.changes.get(ledger.CLOSED)
    before = closed or entry.changes.get("ytd_fen")
    row = ledger.undo(desk, entry)
    siblings = entries.of_draft(context.session, entry.draft_id) if entry.draft_id is not None else []
    more = [
        context.directory.projects[one.project_id].code
        for one in siblings
        if one.undone_at is None and one.id != entry.id and one.kind == "report"
    ]
    context.say(
        Undone(
            code=row.code, undone_fen=before[1] if before else None,
            back_fen=closed[0] if closed else row.ytd_fen, standing=standing(context.desk, row), more=tuple(more),
            year=entry.year if closed else None,
        )
    )  # fmt: skip


def _undoable(context: Context, project_id: int | None) -> Entry:
    """The entry to revert. A refusal says how to drop what is not entered yet, where that may be meant."""
    try:
        return ledger.undoable(context.desk, context.sender.id, project_id=project_id)
    except Invalid as error:
        last = item_history.last_act_of(context.session, context.sender.id, since=context.now - JUST_NOW)
        if last is not None and project_id is None and item_access.visible(context, last[0]):
            raise _no_entry(last[0].number) from None
        waiting = draft_queries.open_of(context.session, context.sender.id, kind=DraftKind.REPORT)
        if not waiting:
            raise
        number = waiting[-1].number
        more = f"草稿{number} 还没有入账，不报了请回「取消 {number}」"
        raise Invalid(error.problem, mend=f"{error.mend}；{more}" if error.mend else more) from None


def _no_entry(number: str) -> Invalid:
    return Invalid(
        f"{number} 不能撤销，/撤销 只退回刚入账的数字",
        mend=f"不办了、交错了请告知综合专班；查看：/查 {number}",
    )


def withdrawn_in_words(context: Context, text: str) -> bool:
    """「撤回更正」, 「那个更正不报了」: what waits for the administrator is taken back; False without one (C6).

    「把刚才那条撤了」: the last entry (rule C10).
    """
    if "撤" in text and _LAST_IN_WORDS.fullmatch(text.strip()):
        undo(context, "")
        return True
    said = _WITHDRAWS.fullmatch(text.strip())
    if said is None:
        return False
    mention = (said["between"] or said["behind"] or said["before"] or "").strip(" ，,的了吧")
    found = access.candidates(context, mention) if mention else ()
    waiting = corrections.waiting_of(context.session, context.sender.id)
    if found:
        waiting = [one for one in waiting if one.project_id in {project.id for project in found}]
    if not waiting or (mention and not found):
        return False
    if len(waiting) > 1:
        codes = "、".join(context.directory.projects[one.project_id].code for one in waiting)
        raise Invalid(f"有 {len(waiting)} 件更正待核：{codes}", mend=f"请写明项目，例：撤回更正 {codes[:6]}")
    _withdraw(context, waiting[0])
    return True


def _withdraw(context: Context, correction: Correction) -> None:
    desk = _desk_for(context, ledger.principal_of(context.desk, correction), correction.project_id)
    row = ledger.withdraw_correction(desk, correction)
    context.say(
        CorrectionWithdrawn(
            row.code, correction.old_fen, correction.new_fen, desk.actor.label, row.ytd_fen, own=True
        )
    )


def _desk_for(context: Context, principal: PersonInfo | None, project_id: int) -> Desk:
    """What a delegate entered is undone for the principal, too, and only while the delegation lasts (rule B6).

    Nobody takes back what they entered of a project that is not theirs any more (rules B4, B7).
    """
    code = context.directory.projects[project_id].code
    desk = access.acting_still_for(context, principal.id if principal is not None else None, f"撤销 {code}")
    still_reported.check(context, principal or context.sender, project_id, "撤销")
    return desk


def _undo_unchanged(context: Context, desk: Desk, entry: Entry) -> None:
    """「本周无变化」 is one entry to its author, however many projects it counted for (rules C10, C19)."""
    at = entry.at
    weeks = weekly.take_back(desk, entry)
    undone, kept = ledger.undo_together(desk, entry)
    context.say(
        UnchangedUndone(
            said_at=at,
            projects=tuple(one.code for one in undone),
            kept=tuple(one.code for one in kept),
            bodies=weeks.missing,
            restored=weeks.restored,
        )
    )


def decide_correction(context: Context, args: Mapping[str, str | int], text: str, *, approve: bool) -> None:
    """[同意] [不同意] on a correction: the ledger administrator, or who stands in for them, and not its author."""
    person = access.require_role(
        context, Role.LEDGER_ADMIN, Role.HUB_HEAD, act="核定更正", who="综合专班台账管理员"
    )
    correction = corrections.by_id(context.session, int(args["correction"]))
    if correction is None:
        raise NotUnderstood("这个按钮")
    project = context.directory.projects[correction.project_id]
    if project.organisation_id != person.organisation_id:
        raise NotFound(project.code)
    code = project.code
    if correction.state != "waiting":
        raise StateForbids(f"{code} 的更正", state=DECIDED[correction.state], act="再次核定")
    desk = context.act_for(person)
    _check_is_not_the_applicant(context, desk, correction)
    if approve and ledger.renew_correction(desk, correction):
        context.say_privately(ledger.correction_card(desk, correction, changed=True))
        return
    ledger.decide_correction(desk, correction, approve=approve, reason=text[:200])
    row = ledger.project_row(desk, correction.project_id)
    context.say_privately(
        CorrectionClosed(
            code=code, approved=approve, by=desk.actor.label, at=context.now, ytd_fen=row.ytd_fen,
            standing=standing(desk, row),
        )
    )  # fmt: skip


def _check_is_not_the_applicant(context: Context, desk: Desk, correction: Correction) -> None:
    """Who asked for a figure to be lowered does not settle it too, not even in the place of who may (rule C6)."""
    applicant = ledger.principal_of(desk, correction)
    own = {correction.author_id, applicant.id if applicant is not None else None}
    if context.sender.id not in own:
        return
    organisation = context.directory.projects[correction.project_id].organisation_id
    others = (
        *context.directory.ledger_admins(organisation),
        *context.directory.holders(Role.HUB_HEAD, organisation_id=organisation),
    )
    who = "、".join(dict.fromkeys(one.label for one in others if one.id not in own))
    raise NotAllowed("核定自己申请的更正", who=who or "综合专班台账管理员")


def approve(context: Context, args: Mapping[str, str | int], text: str) -> None:
    decide_correction(context, args, text, approve=True)


def refuse(context: Context, args: Mapping[str, str | int], text: str) -> None:
    decide_correction(context, args, text, approve=False)
