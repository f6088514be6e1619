"""/导入 of problems: a file is previewed, nothing is written before it is confirmed (rules O2, Q1, C1; S36)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Final

from handlers import access, attachments, naming
from handlers.context import Context
from handlers.draft_reach import whose_right
from handlers.understanding.wanted import deadline_in
from handlers.verbs import Verb
from models.errors import Invalid, NotFound
from models.notices.problem_imports import ProblemImport, ProblemsImported, UnknownRow
from models.operations import drafts, item_batches
from models.operations.item_screening import NewItem
from models.queries import drafts as draft_queries
from models.queries import item_parties
from models.queries import items as item_queries
from models.queries.directory import ProjectInfo
from models.rules import calendar
from models.rules.items import FORCE_OF_KIND, Party, kind_of, tags_of
from models.rules.problem_rows import ProblemRow, ProblemSheetRefused, read_problems
from models.tables.drafts import Draft
from models.types import DraftKind, DraftState, Subject

PROVINCE: Final = "省系统"
LISTED: Final = 12
LONGEST: Final = 200
SHORTEST_NAME: Final = 6  # characters of a part of a project's name that may stand for it
ALIKE: Final = 0.6  # of 1, for a name that is only suggested
NEW, REPEATED, UNKNOWN, EMPTY = "new", "repeated", "unknown", "empty"
_ROW: Final = re.compile(r"^第?\s*(?P<row>\d{1,4})\s*行\s*(?:是|为|应为|选|:|：)?\s*(?P<project>\S.*)$")
_GO: Final = re.compile(r"^(?:确认)?导入\s*(?:\d+\s*行)?$")

Args = Mapping[str, str | int]
Row = dict[str, Any]


def start(context: Context, text: str) -> None:
    """Preview the file that came with the command or shortly before it. text: where it is from."""
    access.require_hub(context, "导入")
    if context.group is not None:
        raise Invalid("导入请私聊发送", mend="文件和命令发给助手本人")
    if context.message.files:
        attachments.keep(context)
    sheets = [file for file in attachments.waiting(context) if file.name.lower().endswith((".xlsx", ".xls"))]
    if not sheets:
        raise Invalid("没有收到表格", mend="请附 xlsx 文件并发 /导入，或先发文件、10 分钟内再发 /导入")
    file = sheets[-1]
    try:
        rows = read_problems(context.sheets.read(attachments.digest_of(context, file)))
    except ProblemSheetRefused as refused:
        raise Invalid(
            str(refused), mend="表头应有：项目名称（或项目编号）、问题；可有类型、诉求、时限、责任单位"
        ) from None
    source = text.strip()[:20] or (PROVINCE if "省" in file.name else "批量导入")
    judged = _judged(context, rows)
    draft = drafts.open_draft(
        context.desk,
        context.sender,
        DraftKind.IMPORT,
        {"file": file.name, "source": source, "rows": judged},
        group_id=None,
        source=context.message.message_id,
    )
    attachments.give(context, [file], draft)
    show(context, draft)


# --- what a row means


def _judged(context: Context, rows: tuple[ProblemRow, ...]) -> list[Row]:
    judged: list[Row] = []
    for row in rows:
        project, suggestion = _project(context, row)
        body: Row = {
            "number": row.number,
            "name": row.name or row.code,
            "text": row.text[:LONGEST],
            "kind": row.kind if row.kind in FORCE_OF_KIND else kind_of(f"{row.kind} {row.text}"),
            "wanted": row.wanted[:LONGEST],
            "by": row.by,
            "unit": row.unit,
            "cells": dict(row.cells),
            "project": project.id if project else None,
            "suggestion": suggestion.id if suggestion else None,
        }
        judged.append(_placed(context, body, judged))
    return judged


def _placed(context: Context, row: Row, others: list[Row]) -> Row:
    """The row with what becomes of it: new, repeated, unknown or empty."""
    if not row["text"]:
        return {**row, "state": EMPTY}
    if row["project"] is None:
        return {**row, "state": UNKNOWN}
    open_items = item_queries.repeated_by(
        context.session, context.sender.organisation_id, row["project"], row["kind"], row["text"]
    )
    if open_items:
        return {**row, "state": REPEATED, "repeats": open_items[0].number}
    for other in others:
        if other["project"] == row["project"] and other["text"] == row["text"]:
            return {**row, "state": REPEATED, "repeats": f"本表第{other['number']}行"}
    return {**row, "state": NEW}


def _project(context: Context, row: ProblemRow) -> tuple[ProjectInfo | None, ProjectInfo | None]:
    """The project that a row names without doubt, else the one it may mean."""
    visible = access.visible(context)
    own = [one for one in context.directory.projects.values() if one.id in visible]
    codes = {said.upper().replace(" ", "") for said in (row.code, row.name) if said}
    by_code = next((one for one in own if one.code.upper() in codes), None)
    if by_code is not None:
        return by_code, None
    name = "".join(row.name.split())
    exact = [one for one in own if name and name in ("".join(one.name.split()), *one.aliases)]
    if not exact and len(name) >= SHORTEST_NAME:
        exact = [one for one in own if name in "".join(one.name.split())]
    if len(exact) == 1:
        return exact[0], None
    near = access.private_candidates(context, row.name or row.code)
    return None, near[0] if near else _most_alike(own, name)


def _most_alike(projects: list[ProjectInfo], name: str) -> ProjectInfo | None:
    """The project whose name or alias is written most like this one; None when none is."""
    scored = [
        (SequenceMatcher(None, name, form).ratio(), one)
        for one in projects
        for form in (one.name, *one.aliases)
    ]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= ALIKE else None


# --- the draft


def show(context: Context, draft: Draft) -> None:
    rows: list[Row] = draft.body["rows"]
    projects = context.directory.projects
    new = [row for row in rows if row["state"] == NEW]
    context.say_privately(
        ProblemImport(
            draft.id,
            draft.version,
            draft.number,
            str(draft.body["file"]),
            total=len(rows),
            new=tuple(
                f"第{row['number']}行 {projects[row['project']].code} {row['text'][:40]}"
                for row in new[:LISTED]
            ),
            more=max(0, len(new) - LISTED),
            repeated=tuple((row["number"], row["repeats"]) for row in rows if row["state"] == REPEATED),
            unknown=tuple(_unknown(context, row) for row in rows if row["state"] == UNKNOWN),
            empty=tuple(row["number"] for row in rows if row["state"] == EMPTY),
        )
    )


def _unknown(context: Context, row: Row) -> UnknownRow:
    project = context.directory.projects.get(row["suggestion"] or 0)
    words = f"{project.code} {project.name}" if project is not None else ""
    return UnknownRow(row["number"], str(row["name"])[:30], words, project.id if project is not None else 0)


def edit(context: Context, draft: Draft, text: str) -> bool:
    """「第5行 ZD0115」: the project of a row."""
    said = _ROW.match(text.strip())
    if said is None:
        return False
    found = access.private_candidates(context, said["project"].strip(" 。.？?"))
    if len(found) != 1:
        raise NotFound(said["project"])
    _choose(context, draft, int(said["row"]), found[0].id)
    return True


def asked(context: Context, text: str) -> bool:
    """「第5行 ZD0115」 or 「导入4行」 while one import is open; False for any other text."""
    said = text.strip()
    if _ROW.match(said) is None and _GO.match(said) is None:
        return False
    draft = draft_queries.only_open(context.session, context.sender.id, DraftKind.IMPORT)
    if draft is None:
        return False
    if _GO.match(said):
        confirm(context, draft)
        return True
    return edit(context, draft, said)


def _choose(context: Context, draft: Draft, number: int, project_id: int) -> None:
    rows: list[Row] = draft.body["rows"]
    place = next((at for at, row in enumerate(rows) if row["number"] == number), None)
    if place is None:
        raise Invalid(f"没有第{number}行", mend=f"表中有第{rows[0]['number']}–{rows[-1]['number']}行")
    others = [row for row in rows if row["number"] != number]
    changed = _placed(context, {**rows[place], "project": project_id}, others)
    body = {**draft.body, "rows": [*rows[:place], changed, *rows[place + 1 :]]}
    drafts.edit(context.desk, draft, body)
    show(context, draft)


def press_row(context: Context, args: Args, _text: str) -> None:
    """[第5行是 ZD0115]"""
    draft = draft_queries.still_open(context.session, int(args["draft"]))
    if draft is None or draft.author_id != context.sender.id:
        raise Invalid("这份导入草稿已处理", mend="请查看 /草稿")
    if int(args["project"]) not in access.visible(context):
        raise NotFound
    _choose(context, draft, int(args["row"]), int(args["project"]))


def confirm(context: Context, draft: Draft) -> None:
    """[导入4行]: the good rows become items 待甄别, each with the row it came from."""
    author = whose_right(
        context,
        draft,
        lambda person: item_parties.is_hub(context.directory, person),
        act="导入",
        who=Party.HUB.value,
    )
    desk = context.act_for(author)
    rows: list[Row] = draft.body["rows"]
    wanted: list[NewItem] = []
    for row in rows:
        if row["state"] != NEW or _placed(context, row, [])["state"] != NEW:
            continue  # somebody may have raised it meanwhile
        due = _due(context, str(row["by"]))
        unit = naming.unit_in(context.directory, author.organisation_id, row["unit"]) if row["unit"] else None
        wanted.append(
            NewItem(
                organisation_id=author.organisation_id,
                title=row["text"],
                raised_by_id=author.id,
                project_id=row["project"],
                wanted=row["wanted"] or None,
                wanted_unit_id=unit.id if unit else None,
                wanted_by=due,
                kind=row["kind"],
                tags=tags_of(row["text"]),
                source=str(draft.body["source"]),
                source_row={"file": draft.body["file"], "row": row["number"], **row["cells"]},
            )
        )
    if not wanted:
        raise Invalid("没有可导入的行", mend="请先写明项目，例：第5行 ZD0115")
    file, about = str(draft.body["file"]), Subject("draft", draft.id)
    made = item_batches.raise_items(desk, wanted, file=file, about=about)
    drafts.close(desk, draft, DraftState.CONFIRMED)
    numbers = tuple(one.number for one in made)
    context.say_privately(ProblemsImported(numbers, len(rows) - len(numbers), str(draft.body["source"])))


def _due(context: Context, said: str) -> datetime | None:
    day = deadline_in(said, context.desk.today, context.directory.calendar) if said else None
    return calendar.deadline(day) if day is not None and day >= context.desk.today else None


VERBS: Final[Mapping[str, Verb]] = {"import.row": press_row}
