"""/导出 and [导出] of a history: files cut to the asker's scope, each one audited (rules B3, B8, Q2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.queries import project_lists
from handlers.queries.projects import history_of
from handlers.verbs import Verb
from models.errors import NotAllowed, NotFound
from models.notices.exports import ExportLine, ExportList, ExportMade
from models.operations import attachments, exports
from models.queries import audits, ledger_sheets, scopes
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.queries.ledger_sheets import Ledger, Value
from models.rules import calendar
from models.types import Role, Subject

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AUDIT_HEADER: Final = ("时间", "谁", "事项", "原值", "新值", "原因", "来源消息")
_AUDITS_EXPORTS: Final = (Role.AUDITOR, Role.HUB_HEAD, Role.LEDGER_ADMIN, Role.ADMINISTRATOR)
SHOWN: Final = 10

Args = Mapping[str, str | int]


def projects(context: Context) -> None:
    """/导出 总账: every project the asker may see."""
    visible = access.visible(context)
    if not visible:
        raise NotFound("总账")
    ledger = ledger_sheets.projects(context.session, context.directory, only=visible)
    scope = scope_name(context)
    name = "总账" if scope == WHOLE else f"{scope}台账"
    _send(context, ledger, name=name, scope=scope, unit="项")


def listed(context: Context, words: str) -> None:
    """/导出 青禾县, 专项债券, ZX0031: one of the views of the ledger, cut to the asker's scope (rules D1, Q2).

    Raises NotFound for what does not exist as for what is outside the scope (rule B4).
    """
    found = project_lists.matching(context, words.removesuffix("台账"))
    if found is None:
        one = access.private_candidates(context, words.removesuffix("台账"))
        if len(one) != 1:
            raise NotFound(words)
        found = (one[0].code, frozenset({one[0].id}))
    title, ids = found
    ledger = ledger_sheets.projects(context.session, context.directory, only=ids)
    title = title.removesuffix("项目") or "总账"
    _send(context, ledger, name=f"{title}台账", scope=f"{scope_name(context)}：{title}", unit="项")


def items(context: Context) -> None:
    """/导出 问题: every item the asker may see; restricted ones are in no file (rule B8)."""
    seen = frozenset(
        item.id
        for item in item_queries.of_organisation(context.session, context.sender.organisation_id)
        if not item.restricted and item_access.visible_privately(context, item)
    )
    ledger = ledger_sheets.items(context.session, context.directory, only=seen)
    scope = scope_name(context)
    name = f"{'' if scope == WHOLE else scope}问题台账"
    _send(context, ledger, name=name, scope=scope, unit="件")


WHOLE: Final = "全部"


def scope_name(context: Context) -> str:
    """How the scope is called: 全部, 青禾县, 市政设施专班, or the unit; a delegate's with that of their principals."""
    people = access.own_and_principals(context)
    if any(scopes.asker(context.directory, one).oversees for one in people):
        return WHOLE
    return "、".join(dict.fromkeys(_scope_of(context, one) for one in people))


def _scope_of(context: Context, person: PersonInfo) -> str:
    directory = context.directory
    who = scopes.asker(directory, person)
    if who.region_ids:
        return "、".join(directory.regions[number].name for number in sorted(who.region_ids))
    forces = [directory.task_forces[number].name for number in sorted(who.led_task_force_ids)]
    return "、".join(forces) or directory.units[person.unit_id].name


def _send(context: Context, ledger: Ledger, *, name: str, scope: str, unit: str) -> None:
    desk = context.desk
    content = context.sheets.write(ledger.what, ledger.header, ledger.rows)
    file_name = f"{name}{desk.today:%Y%m%d}.xlsx"
    subject = exports.note_export(desk, what=ledger.what, scope=scope, rows=len(ledger.rows), name=file_name)
    number, _ = attachments.keep_made(
        desk, content, name=file_name, media_type=XLSX, owner=subject, sender_id=context.sender.id
    )
    context.say_privately(ExportMade(name, len(ledger.rows), unit, context.now, number))


# --- histories


def _record(context: Context, args: Args) -> tuple[Subject, str]:
    """The record of a button and its name, if the presser may see it. Raises NotFound."""
    number = int(args["id"])
    if args["kind"] == "item":
        item = item_access.by_id(context, number)
        return Subject("item", item.id), item.number
    project = context.directory.projects.get(number)
    if args["kind"] != "project" or project is None or project.id not in access.visible(context):
        raise NotFound
    return Subject("project", project.id), project.code


def press_more(context: Context, args: Args, _text: str) -> None:
    """[更多]: the next older lines."""
    subject, name = _record(context, args)
    context.say_privately(
        history_of(
            context, subject, f"{name} 审计", skip=int(args["skip"]), record=(subject.kind, subject.id)
        )
    )


def press_export(context: Context, args: Args, _text: str) -> None:
    """[导出]: the whole history of a record."""
    subject, name = _record(context, args)
    rows, _ = audits.latest(context.session, subject, limit=None)
    lines: list[Sequence[Value]] = []
    for row in reversed(rows):
        old, new = audits.values_named(context.directory, row)
        field = audits.FIELD_WORDS.get(row.field, row.field)
        lines.append(
            (
                calendar.local(row.at).replace(tzinfo=None, microsecond=0),
                row.by_name,
                field,
                old,
                new,
                row.reason,
                row.message_id,
            )
        )
    ledger = Ledger(f"{name} 审计", AUDIT_HEADER, lines)
    _send(context, ledger, name=f"{name}审计", scope=name, unit="条")


def show_exports(context: Context) -> None:
    """/审计 导出: who exported what (rule Q2)."""
    able = [one for one in access.own_and_principals(context) if one.holds(*_AUDITS_EXPORTS)]
    if not able:
        raise NotAllowed("查看导出记录", who="审计、综合专班负责人、台账管理员、系统管理员")
    people: set[int | None] | None = None
    if not any(one.holds(Role.ADMINISTRATOR) for one in able):
        houses = {one.organisation_id for one in able}
        people = {one.id for one in context.directory.people.values() if one.organisation_id in houses}
        if any(context.directory.organisations[house].parent_id is None for house in houses):
            people.add(None)  # of the command line
    context.say_privately(
        ExportList(
            tuple(
                ExportLine(one.at, one.by, one.what, one.scope, one.rows)
                for one in audits.exports(context.session, limit=SHOWN, by=people)
            )
        )
    )


VERBS: Final[Mapping[str, Verb]] = {"audit.more": press_more, "audit.export": press_export}
