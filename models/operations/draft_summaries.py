"""What a draft is about in a few words, for lists, questions and reminders (rules C2, C11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from models.operations import items
from models.operations.desk import Desk
from models.operations.report_lines import DONE, ReportBody, ReportLine, judge
from models.rules.money import wan
from models.tables.drafts import Draft
from models.types import DraftKind


def summary(desk: Desk, draft: Draft) -> str:
    """ZX0032 → 2100；W0191 反馈；问题 ZY0007 施工许可未取得."""
    return OF_KIND[draft.kind](desk, draft)


def _report(desk: Desk, draft: Draft) -> str:
    lines = ReportBody.from_json(draft.body).lines
    return "；".join(_line(desk, line) for line in [one for one in lines if one.state not in DONE] or lines)


def _line(desk: Desk, line: ReportLine) -> str:
    """The project, and the year's total as it would be entered."""
    if line.project_id is None:
        named = f"「{line.mention}」"
        return named if line.amount_fen is None else f"{named} → {wan(line.amount_fen)}"
    code = desk.directory.projects[line.project_id].code
    if line.amount_fen is None:
        return f"{code} {line.image_progress[:12] or ('无变化' if line.unchanged else '待补金额')}"
    verdict = judge(desk, line, author_id=0).verdict
    total = verdict.year_to_date if verdict is not None else None
    return f"{code} → {wan(line.amount_fen if total is None else total)}"


def _problem(desk: Desk, draft: Draft) -> str:
    project = desk.directory.projects.get(draft.body["project"] or 0)
    return f"问题 {project.code + ' ' if project else ''}{draft.body['title'][:20]}"


def _item(desk: Desk, draft: Draft) -> str:
    return items.get(desk, int(draft.body["item"])).number


def _project(desk: Desk, draft: Draft) -> str:
    return desk.directory.projects[int(draft.body["project"])].code


def _categories(desk: Desk, draft: Draft) -> str:
    names = (desk.directory.categories[number].name for number in draft.body["after"])
    return f"{_project(desk, draft)} 类别 {'、'.join(names)}"


def _minutes(_desk: Desk, draft: Draft) -> str:
    left = sum(line["state"] == "open" for line in draft.body["lines"])
    return f"纪要 {draft.body['title']} 拟任务 {left}"


def _import(_desk: Desk, draft: Draft) -> str:
    count = sum(row["state"] == "new" for row in draft.body["rows"])
    return f"导入 {draft.body['file']}（{count} 行）"


OF_KIND: Final[Mapping[str, Callable[[Desk, Draft], str]]] = {
    DraftKind.REPORT.value: _report,
    DraftKind.PROBLEM.value: _problem,
    DraftKind.DISPATCH.value: lambda desk, draft: f"{_item(desk, draft)} 交办",
    DraftKind.FEEDBACK.value: lambda desk, draft: f"{_item(desk, draft)} 反馈",
    DraftKind.CLOSING.value: lambda desk, draft: f"{_item(desk, draft)} 办结",
    DraftKind.LIGHT_FEEDBACK.value: lambda desk, draft: f"{_project(desk, draft)} 亮灯反馈",
    DraftKind.CATEGORY.value: _categories,
    DraftKind.MINUTES.value: _minutes,
    DraftKind.IMPORT.value: _import,
}
