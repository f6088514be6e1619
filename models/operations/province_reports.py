"""Level 4: the paper for 省综合专班, its 文号, the province's reply and the checkpoint behind it (rules G1–G5, O2).

The duties below go on; nothing here changes them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.province_reports import (
    ProvinceCheckpoint,
    ProvinceMaterial,
    ProvinceReplied,
    ProvinceSent,
)
from models.operations import attachments, county_links, documents, item_levels, items, letters
from models.operations.desk import Desk
from models.operations.documents import DOCX, Write
from models.queries import documents as document_queries
from models.queries import figures, item_history, item_parties
from models.queries import province_reports as queries
from models.queries.directory import PersonInfo
from models.rules import calendar, ladder, money
from models.rules.escalation import HUB, Statement
from models.rules.items import ENDED, TOP_LEVEL, Party
from models.rules.ladder import RungName
from models.rules.province import Reply
from models.tables.coordination import ProvinceReport
from models.tables.items import Item
from models.types import FeedbackState, ItemState, Role

TEMPLATE: Final = "报省材料"
CHECKPOINT: Final = "province_checkpoint"
NEAR: Final = "near"
PASSED: Final = "passed"
WHO: Final = "综合专班联络员、负责人"
_NO_NUMBER: Final = "（上传省系统后回填）"
_ADDRESSEE: Final = "省综合专班"
_MOST_STEPS: Final = 8


# --- the paper


def prepare(
    desk: Desk, item: Item, said: Statement, *, due_on: date | None, fill: Write
) -> tuple[PersonInfo, ...]:
    """The item is at level 4 now: the paper is made and goes to who uploads it. Returns whom.

    Of a restricted item only 综合专班负责人, who sees it, gets the paper (rule B8).
    """
    uploaders = item_parties.allowed_only(desk.directory, item, item_parties.screeners(desk.directory, item))
    if not uploaders:
        raise Invalid("通讯录里没有综合专班联络员，无人上传省系统", mend="请先补充名册")
    report = ProvinceReport(item_id=item.id, made_at=desk.now)
    desk.session.add(report)
    desk.session.flush()
    figures_on, facts = _facts(desk, item, said, due_on)
    paper = fill(TEMPLATE, facts, houses=documents.houses(desk, item.organisation_id))
    report.attachment_id, _ = attachments.keep_made(
        desk, paper.content, name=f"报省材料{item.number}.docx", media_type=DOCX,
        owner=queries.subject(report), sender_id=desk.actor.person_id or uploaders[0].id,
    )  # fmt: skip
    desk.record(items.subject(item), {"province_material": (None, report.attachment_id)})
    desk.notify(
        ProvinceMaterial(
            items.facts(desk, item), desk.actor.label, said.reason, figures_on, report.attachment_id
        ),
        to=uploaders, key=f"province_report {report.id}", reason="报省材料", about=items.subject(item),
    )  # fmt: skip
    return uploaders


def _facts(
    desk: Desk, item: Item, said: Statement, due_on: date | None
) -> tuple[date | None, dict[str, Any]]:
    """What the template may use, and the day of its figures."""
    office = document_queries.office(desk.session, item.organisation_id)
    person = item_parties.responsible(desk.directory, item)
    project = desk.directory.projects.get(item.project_id or 0)
    figures_on, standing = _standing(desk, item)
    asked = said.reason or item.wanted or said.path
    return figures_on, {
        "发文机关": office.issuer,
        "文号": _NO_NUMBER,
        "标题": f"关于提请省级协调“{item.title}”的报告",
        "主送": _ADDRESSEE,
        "落款": office.signature,
        "日期": letters.day_words(desk.now),
        "抄送": "",
        "编号": item.number,
        "事项": item.title,
        "项目": f"{project.code} {project.name}" if project is not None else "（不涉及具体项目）",
        "项目进展": standing,
        "症结": said.crux,
        "责任部门": said.unit,
        "责任人": f"{items.unit_name(desk, item)} {person.label}".strip() if person is not None else "",
        "措施": _done(desk, item, said),
        "化解路径": said.path,
        "请求事项": asked,
        "建议时限": _day(due_on) if due_on is not None else "",
        "截止日": letters.day_words(desk.now),
    }


def _standing(desk: Desk, item: Item) -> tuple[date | None, str]:
    """The project's figures with their day."""
    if item.project_id is None:
        return None, ""
    known = figures.of(desk.session, item.project_id)
    total = f"总投资{money.wan(known.total_fen)}万元，" if known.total_fen is not None else ""
    plan = f"年度计划{money.wan(known.plan_fen)}万元，" if known.plan_fen is not None else ""
    as_of = f"（截至{_day(known.ytd_as_of)}）" if known.ytd_as_of is not None else "（尚无上报）"
    return known.ytd_as_of, f"{total}{plan}今年累计完成{money.wan(known.ytd_fen)}万元{as_of}"


def _done(desk: Desk, item: Item, said: Statement) -> list[str]:
    """已采取措施: what was said and planned, decided above and fed back, with dates."""
    lines = [one for one in (said.done, item.measures or "") if one]
    dated = []
    for one in item_history.instructions(desk.session, item.id):
        giver = item_parties.person(desk.directory, one.by_id)
        dated.append((one.at, f"{giver.label if giver else ''}批示：{one.text}"))
    dated.extend(
        (one.submitted_at, one.text)
        for one in item_history.feedbacks(desk.session, item.id)
        if one.state == FeedbackState.ACCEPTED.value
    )
    latest = sorted(dated, key=lambda pair: pair[0])[-_MOST_STEPS:]
    lines.extend(f"{_day(calendar.local_date(at))}，{text}" for at, text in latest)
    return lines or ["已交责任单位办理"]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- what 综合专班 enters (rule B10)


def check_enters(desk: Desk, item: Item, act: str) -> None:
    """Whether the acting person may enter it now. Raises NotAllowed, StateForbids."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or Party.HUB not in item_parties.parties(desk.directory, person, item):
        raise NotAllowed(f"{act} {item.number}", who=WHO)
    if ItemState(item.state) in ENDED:
        raise StateForbids(item.number, state=item.state, act=act)
    if not item_levels.at_province(desk, item):
        chain = item_levels.chain_of(desk, item)
        ahead = chain.own_top == TOP_LEVEL
        raise StateForbids(
            item.number, state=f"是{chain[item.level].full}层级", act=act,
            allowed=(f"请{chain[HUB].name}先发 /提级 {item.number} 4级",) if ahead else (),
        )  # fmt: skip


def mark_sent(desk: Desk, item: Item, number: str, sent_on: date) -> tuple[str, tuple[PersonInfo, ...]]:
    """The paper went up under this 文号. Returns the 文号 that stood there before, and who was told."""
    check_enters(desk, item, "登记报省文号")
    if not number:
        raise Invalid("没看到报省文号", mend=f"例：/提级 {item.number} 已报省 文号 云攻坚〔2026〕41号")
    if sent_on > desk.today:
        raise Invalid(f"报省日期 {sent_on:%m-%d} 还没到", mend="请写实际上传的日期")
    report = _report(desk, item)
    before = report.number or ""
    desk.record(
        items.subject(item),
        {"province_number": (report.number, number), "province_sent_on": (report.sent_on, sent_on)},
        reason="报省",
    )
    changed = (report.number, report.sent_on) != (number, sent_on)
    report.number, report.sent_on = number, sent_on
    desk.session.flush()
    heads = _others(
        desk, item, desk.directory.holders(Role.OFFICE_HEAD, organisation_id=item.organisation_id)
    )
    if not changed:
        return before, ()
    desk.notify(
        ProvinceSent(
            items.facts(desk, item), desk.actor.label, number, sent_on, before, told="", own=False
        ),
        to=heads, key=f"province_report {report.id} sent {number} {sent_on}", reason="已报省",
        about=items.subject(item),
    )  # fmt: skip
    return before, heads


def reply(desk: Desk, item: Item, said: Reply, *, checkpoint_on: date | None) -> ProvinceReplied:
    """The province's answer; the day it names is chased (rule G4). Returns the receipt."""
    check_enters(desk, item, "登记省级批复")
    if not said.promise:
        raise Invalid("没看到批复内容", mend=example(item))
    checkpoint_at = calendar.deadline(checkpoint_on) if checkpoint_on is not None else None
    if checkpoint_at is not None and checkpoint_at <= desk.now:
        raise Invalid(f"节点 {calendar.local(checkpoint_at):%m-%d %H:%M} 已过", mend=example(item))
    report = _report(desk, item)
    replied_on = said.day or desk.today
    desk.record(
        items.subject(item),
        {
            "province_reply": (report.reply, said.words),
            "province_replied_on": (report.replied_on, replied_on),
            "province_checkpoint": (report.checkpoint_on, checkpoint_on),
        },
        reason="省级批复",
    )
    report.reply, report.replied_on, report.checkpoint_on = said.words, replied_on, checkpoint_on
    desk.session.flush()
    _watch(desk, report)
    told = _others(desk, item, (*_concerned(desk, item), *item_parties.hub_heads(desk.directory, item)))
    notice = ProvinceReplied(
        items.facts(desk, item), desk.actor.label, said.words, replied_on, checkpoint_at,
        late=replied_on > desk.today, told="", own=False,
    )  # fmt: skip
    desk.notify(
        notice, to=told, key=f"province_report {report.id} reply {desk.now.isoformat()}", reason="省级批复",
        about=items.subject(item),
    )  # fmt: skip
    county_links.instructed(desk, item, f"省级批复：{said.words}")
    return ProvinceReplied(
        items.facts(desk, item), desk.actor.label, said.words, replied_on, checkpoint_at,
        late=replied_on > desk.today, told="、".join(one.label for one in told), own=True,
    )  # fmt: skip


def example(item: Item) -> str:
    """How an answer of the province is entered."""
    return f"例：/批示 {item.number} 省综合专班10月20日复：已协调铁路局，11月5日前批复"


def _report(desk: Desk, item: Item) -> ProvinceReport:
    """The report of this time at level 4; one is begun for an item that came there without."""
    report = queries.latest(desk.session, item.id)
    if report is None or (item.level_since is not None and report.made_at < item.level_since):
        report = ProvinceReport(item_id=item.id, made_at=desk.now)
        desk.session.add(report)
        desk.session.flush()
    return report


def _concerned(desk: Desk, item: Item) -> tuple[PersonInfo, ...]:
    """责任人 and 督办专员."""
    people = (
        item_parties.responsible(desk.directory, item),
        item_parties.person(desk.directory, item.supervisor_id),
    )
    return tuple(one for one in people if one is not None)


def _others(desk: Desk, item: Item, people: tuple[PersonInfo, ...]) -> tuple[PersonInfo, ...]:
    """Those who may see it, without who acts."""
    allowed = item_parties.allowed_only(desk.directory, item, dict.fromkeys(people))
    return tuple(one for one in allowed if one.id != desk.actor.person_id)


# --- the checkpoint


def checkpoint_at(report: ProvinceReport) -> datetime:
    """18:00 of the day that the province named; only for a report that has one."""
    assert report.checkpoint_on is not None
    return calendar.deadline(report.checkpoint_on)


def _watch(desk: Desk, report: ProvinceReport) -> None:
    """Chase the day that the province named; an earlier one is chased no longer. Passed: told as rule A3 says."""
    desk.cancel_timers(queries.subject(report), reason="省级批复已更新")
    if report.checkpoint_on is None:
        return
    due = calendar.deadline(report.checkpoint_on)
    steps = items.policy_of(desk, items.get(desk, report.item_id)).ladder
    rungs = ladder.rungs(due, desk.directory.calendar, steps)
    near = next(one.at for one in rungs if one.name is RungName.REMIND)
    passed = calendar.announced_at(due, desk.directory.calendar, desk.push_window)
    for step, moment in ((NEAR, near), (PASSED, passed)):
        if moment > desk.now:
            desk.set_timer(CHECKPOINT, queries.subject(report), due_at=moment, step=step)


def chase(desk: Desk, report_id: int, step: str) -> str:
    """The checkpoint comes near or has passed: 责任人, 督办专员 and 综合专班 are told once."""
    report = queries.by_id(desk.session, report_id)
    item = items.get(desk, report.item_id) if report is not None else None
    if report is None or item is None or report.checkpoint_on is None:
        return "已无需提醒"
    if ItemState(item.state) in ENDED or not item_levels.at_province(desk, item):
        return "已无需提醒"
    hub = item_parties.screeners(desk.directory, item)
    for enters, people in ((True, hub), (False, _concerned(desk, item))):
        desk.notify(
            ProvinceCheckpoint(
                items.facts(desk, item), report.number or "", report.reply or "",
                calendar.deadline(report.checkpoint_on), passed=step == PASSED, enters=enters,
            ),
            to=[one for one in item_parties.allowed_only(desk.directory, item, people) if enters or one not in hub],
            key=f"province_report {report.id} {step} {report.checkpoint_on}",
            reason="省级批复节点", about=items.subject(item),
        )  # fmt: skip
    return "已提醒"


def sent_down(desk: Desk, item: Item) -> None:
    """The item left level 4: its checkpoint is chased no longer."""
    report = queries.latest(desk.session, item.id)
    if report is not None:
        desk.cancel_timers(queries.subject(report), reason="已退回下级")
    desk.withdraw(items.subject(item), reason="已退回下级", notices=(ProvinceMaterial, ProvinceCheckpoint))
