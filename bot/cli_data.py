"""Commands that bring data in and take it out: roster, projects, calendar, parse, export."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy.orm import Session
from yaml import YAMLError

from bot.cli_frame import OPERATOR, Refused, desk_for, now_for, opened, refuse, run, settings_or_refuse
from bot.interpreter import tune_interpreter
from bot.settings import Settings
from bot.spreadsheets import TableRefused, read_file, write_table
from handlers.understanding.predict import run_parse
from models.operations import calendar_changes, calendars, imports, receipt_dates, rosters
from models.operations.audit import Actor
from models.operations.exports import note_export
from models.queries import directory as directories
from models.queries import ledger_sheets as exports
from models.queries.directory import Directory
from models.rules.sheet_columns import SheetRefused

MOST_LINES: Final = 200

existing = click.Path(exists=True, dir_okay=False, path_type=Path)
Build = Callable[[Session, Directory], exports.Ledger]


def agreed(question: str, *, yes: bool) -> bool:
    """Ask at a terminal; without one nothing is agreed to."""
    return yes or (sys.stdin.isatty() and click.confirm(question, err=True))


def not_applied() -> Refused:
    return Refused("未应用" if sys.stdin.isatty() else "未应用：看过上面的变化后，加 --yes 再运行")


# --- roster


@click.group()
def roster() -> None:
    """名册。"""


@roster.command("load")
@click.argument("file", type=existing)
@click.option("--yes", is_flag=True, help="不再询问，直接应用")
def roster_load(file: Path, *, yes: bool) -> None:
    """导入名册：单位、专班、人员、群和平台账号。先显示变化，同意后应用。"""
    settings = settings_or_refuse()
    run(_roster_load(settings, file, yes=yes))


async def _roster_load(settings: Settings, file: Path, *, yes: bool) -> None:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{file} 不是 UTF-8 文本：请另存为 UTF-8 编码后再导入") from None
    parsed = rosters.parse_roster(text)
    async with opened(settings, create=True) as database:
        difference = await database.read(lambda session: rosters.diff(session, parsed))
        click.echo(difference.text)
        if not difference.changed:
            return
        if not agreed("应用这些变化？", yes=yes):
            raise not_applied()
        by = Actor(None, OPERATOR.name, source=f"roster load {file.name}")
        await database.write(
            lambda session: rosters.apply(session, parsed, now=now_for(session, settings), by=by)
        )
    click.echo("已应用", err=True)


# --- projects


@click.group()
def projects() -> None:
    """项目台账。"""


@projects.command("import")
@click.argument("file", type=existing)
@click.option("--yes", is_flag=True, help="不再询问，直接导入可导入的行")
@click.option("--organisation", help="所有行都属于这个组织（不写：按县区判断）")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出预览和结果")
def projects_import(file: Path, *, yes: bool, organisation: str | None, as_json: bool) -> None:
    """导入项目表（csv、xlsx、xls）。先列出每个问题的行和格，同意后导入其余各行。"""
    settings = settings_or_refuse()
    run(_projects_import(settings, file, yes=yes, organisation=organisation, as_json=as_json))


async def _projects_import(
    settings: Settings, file: Path, *, yes: bool, organisation: str | None, as_json: bool
) -> None:
    tune_interpreter()
    try:
        rows = await asyncio.to_thread(read_file, file)
    except TableRefused as error:
        raise Refused(f"{file}：{error}") from None
    async with opened(settings, create=True) as database:

        def look(session: Session) -> tuple[imports.Preview, Directory]:
            directory = directories.load(session)
            today = desk_for(session, settings, source="", directory=directory).today
            return imports.preview(
                session, directory, rows, today=today, organisation=organisation
            ), directory

        try:
            preview, directory = await database.read(look)
        except SheetRefused as error:
            raise Refused(f"{file}：{error}") from None
        if not as_json:
            for line in preview.lines(most=MOST_LINES):
                click.echo(line)
        done: imports.Applied | None = None
        refused = ""
        if preview.rows and not preview.accepted:
            refused = "没有可导入的行"
        elif preview.to_write and not agreed(f"导入 {len(preview.to_write)} 行？", yes=yes):
            refused = str(not_applied())
        elif preview.to_write:
            done = imports.Applied(0, 0)
            for some in imports.slices(preview.to_write):

                def write(session: Session, some: list[imports.Accepted] = some) -> imports.Applied:
                    source = f"projects import {file.name}"
                    return imports.apply(
                        desk_for(session, settings, source=source, directory=directory), some
                    )

                part = await database.write(write)
                done = imports.Applied(done.new + part.new, done.changed + part.changed)
    if as_json:
        click.echo(json.dumps(_preview_json(preview, done), ensure_ascii=False, indent=1))
    if refused:
        raise Refused(refused)
    if done is None:
        click.echo("与台账一致，没有变化", err=True)
    else:
        click.echo(f"已导入：新增 {done.new} 个，更新 {done.changed} 个", err=True)


def _preview_json(preview: imports.Preview, done: imports.Applied | None) -> dict[str, Any]:
    return {
        "rows": preview.rows,
        "accepted": len(preview.accepted),
        "new": preview.new,
        "changed": preview.changed,
        "rejected": [
            {
                "row": one.cell.row,
                "column": one.cell.column,
                "title": one.cell.title,
                "problem": one.problem.strip(),
            }
            for one in preview.rejections
        ],
        "recognised": [
            {"row": one.cell.row, "column": one.cell.column, "written": one.written, "read": one.read}
            for one in preview.recognised
        ],
        "kept": preview.kept,
        "new_units": preview.new_units,
        "notes": preview.notes,
        "applied": None if done is None else {"new": done.new, "changed": done.changed},
    }


# --- calendar


@click.group("calendar")
def calendar_commands() -> None:
    """工作日历。"""


@calendar_commands.command("import")
@click.argument("file", type=existing)
def calendar_import(file: Path) -> None:
    """导入某年的工作日历（csv 或 JSON），替换这一年原有的。"""
    settings = settings_or_refuse()
    run(_calendar_import(settings, file))


async def _calendar_import(settings: Settings, file: Path) -> None:
    if file.stat().st_size > calendars.MOST_BYTES:
        raise Refused("工作日历文件超过 1 MB")
    try:
        days = calendars.parse_days(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(f"{file} 不是 UTF-8 文本：请另存为 UTF-8 编码后再导入") from None
    async with opened(settings, create=True) as database:
        done, moved, receipts = await database.write(lambda session: _import_days(session, settings, days))
    years = "、".join(map(str, done.years))
    if not done.changed:
        click.echo(f"{years} 年工作日历无变化")
        return
    click.echo(f"{years} 年工作日历已导入：{done.days} 天，{done.changed} 天有变化")
    for change in moved:
        line = change.line
        told = f"已告知 {change.owner.label}" if change.owner is not None else "没有责任人可告知"
        click.echo(
            f"时限改动：{line.name} {line.what} {line.old:%m-%d %H:%M} → {line.new:%m-%d %H:%M}，{told}"
        )
    for one in receipts:
        click.echo(
            f"签收时限改动：{one.serial} {one.unit} {one.old:%m-%d %H:%M} → {one.new:%m-%d %H:%M}，已告知"
        )
    for year, fixed in done.fixed.items():
        if fixed:
            click.echo(f"{year} 年内有未到期的办结时限：事项 {fixed}，由人定的日期未改，请核对", err=True)


def _import_days(
    session: Session, settings: Settings, days: Sequence[calendars.Day]
) -> tuple[calendars.Imported, tuple[calendar_changes.Moved, ...], tuple[receipt_dates.MovedReceipt, ...]]:
    """The days, the deadlines and the receipts of papers that they move."""
    before = directories.load(session).calendar
    done = calendars.replace_years(session, days, now=now_for(session, settings))
    if not done.changed:
        return done, (), ()
    desk = desk_for(session, settings, source="calendar import")
    return done, *calendar_changes.recompute(desk, before)


# --- parse


@click.command()
@click.option("--projects", "projects_csv", type=existing, required=True, help="项目名册 csv")
@click.option("--units", "units_yaml", type=existing, help="单位简称 yaml")
@click.option("--calendar", "calendar_csv", type=existing, help="工作日历 csv")
def parse(projects_csv: Path, units_yaml: Path | None, calendar_csv: Path | None) -> None:
    """读标准输入的每行 JSON 消息，逐行输出理解结果。不用数据库和网络。"""
    run(_parse(projects_csv, units_yaml, calendar_csv))


async def _parse(projects_csv: Path, units_yaml: Path | None, calendar_csv: Path | None) -> None:
    tune_interpreter()
    bad = 0
    waiting = _numbered()
    done = 0
    while True:  # after a bad line the rest is still answered
        part = _Lines(waiting)
        try:
            for answer in run_parse(projects_csv, units_yaml, calendar_csv, part):
                click.echo(answer)
        except (ValueError, KeyError, AttributeError, YAMLError) as error:
            if part.last == done:
                raise Refused(
                    f"读不懂项目、单位或日历文件（{type(error).__name__}）：请核对列名和编码"
                ) from None
            bad += 1
            click.echo(f"第{part.last}行：不是含 id、today、text 的 JSON 消息", err=True)
            done = part.last
            continue
        break
    if bad:
        raise Refused(f"{bad} 行没有读懂")


def _numbered() -> Iterator[tuple[int, str]]:
    stream = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    yield from enumerate(stream, start=1)


class _Lines:
    """Hands on lines and remembers the number of the last one."""

    def __init__(self, numbered: Iterator[tuple[int, str]]) -> None:
        self._numbered = numbered
        self.last = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in self._numbered:
            self.last = number
            yield line


# --- export


@click.group()
def export() -> None:
    """导出台账为 xlsx。每次导出都记入审计。"""


new_file = click.Path(exists=False, dir_okay=False, path_type=Path)


@export.command("projects")
@click.argument("file", type=new_file)
def export_projects(file: Path) -> None:
    """导出项目总账；列与 projects import 相同，可以改后再导入。"""
    _export(file, exports.projects)


@export.command("items")
@click.argument("file", type=new_file)
@click.option("--with-restricted", is_flag=True, help="包括受限事项")
def export_items(file: Path, *, with_restricted: bool) -> None:
    """导出问题事项台账。"""
    _export(file, lambda session, directory: exports.items(session, directory, restricted=with_restricted))


@export.command("outbox")
@click.argument("file", type=new_file)
def export_outbox(file: Path) -> None:
    """导出发送记录。"""
    _export(file, exports.outbox)


def _export(file: Path, build: Build) -> None:
    settings = settings_or_refuse()
    if file.exists():
        refuse(f"{file} 已存在，没有覆盖：请换一个文件名")
    if file.suffix.lower() != ".xlsx":
        refuse(f"{file}：文件名应以 .xlsx 结尾")
    run(_export_to(settings, file, build))


async def _export_to(settings: Settings, file: Path, build: Build) -> None:
    unfinished = file.with_name(f".{file.name}.part")
    async with opened(settings) as database:
        ledger = await database.read(lambda session: build(session, directories.load(session)))
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            await asyncio.to_thread(write_table, unfinished, ledger.what, ledger.header, ledger.rows)
            await database.write(
                lambda session: note_export(
                    desk_for(session, settings, source=f"export {file.name}"),
                    what=ledger.what,
                    scope="全部",
                    rows=len(ledger.rows),
                    name=file.name,
                )
            )
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)
    click.echo(f"{file}：{ledger.what} {len(ledger.rows)} 行")
    if ledger.left_out:
        click.echo(f"受限事项 {ledger.left_out} 件未导出，需要时加 --with-restricted", err=True)
