"""What an import of a project sheet would do, in data and in words (rules Q1, D3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from models.rules.money import wan
from models.rules.project_rows import ProjectRow, Recognised, Rejection

WORDS: Final[Mapping[str, str]] = {
    "name": "名称", "aliases": "别名", "industry": "行业", "nature": "项目性质", "tier": "梯次",
    "region_id": "县区", "owner": "建设单位", "content": "建设内容", "unit_id": "责任单位",
    "task_force_id": "责任专班", "responsible_person_id": "责任人", "sponsor": "包联领导",
    "total_fen": "总投资", "planned_start": "计划开工", "planned_finish": "计划竣工",
    "prior_years_fen": "截至上年底累计", "ytd_fen": "今年累计", "stage": "阶段",
    "started_on": "实际开工", "finished_on": "实际竣工", "facts": "其他列", "categories": "类别",
    "plan_fen": "年度计划", "curve": "月度计划",
}  # fmt: skip
"""How the fields of a project are called."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a known project that the sheet says otherwise; old and new as stored."""

    field: str
    old: object
    new: object


@dataclass(slots=True)
class Accepted:
    """A row that can be imported, with every name resolved. unit_id: None for a unit nobody knows yet."""

    row: ProjectRow
    organisation_id: int
    region_id: int | None
    unit_id: int | None
    task_force_id: int | None
    person_id: int | None
    category_ids: tuple[int, ...] | None
    project_id: int | None = None
    changes: tuple[Change, ...] = ()

    def plan_year(self, today: date) -> int:
        """The year that its annual plan is for."""
        return self.row.plan_year or today.year


@dataclass(slots=True)
class Preview:
    """What an import would do. kept: reported figures that the sheet says otherwise; they stay as is."""

    rows: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        return sum(one.project_id is None for one in self.accepted)

    @property
    def changed(self) -> int:
        return sum(bool(one.changes) for one in self.accepted)

    @property
    def to_write(self) -> list[Accepted]:
        """Rows that are new or say something else than the ledger."""
        return [one for one in self.accepted if one.project_id is None or one.changes]

    @property
    def headline(self) -> str:
        """212 行: 可导入 205 | 有问题 7"""
        return f"{self.rows} 行: 可导入 {len(self.accepted)} | 有问题 {self.rows - len(self.accepted)}"

    def lines(self, *, most: int = 200) -> list[str]:
        """The whole preview in words; of each list at most that many lines, then how many more there are."""
        same = len(self.accepted) - len(self.to_write)
        found = [self.headline, f"新增 {self.new} | 有变化 {self.changed} | 与台账一致 {same}"]
        if not self.to_write:
            found.append("没有要导入的变化")
        changes = [
            f"第{one.row.row}行 {one.row.code} {words_of(change)}"
            for one in self.accepted
            for change in one.changes
        ]
        for title, some in (
            ("有问题", [one.text for one in self.rejections]),
            ("已识别", [one.text for one in self.recognised]),
            ("变化", changes),
            ("未改动（以台账为准）", self.kept),
            ("新单位（名册中没有，先占位）", self.new_units),
            ("提示", self.notes),
        ):
            if some:
                found.append(f"{title} {len(some)}：")
                found += [f"  {line}" for line in some[:most]]
                if len(some) > most:
                    found.append(f"  …… 另有 {len(some) - most} 条")
        return found


def words_of(change: Change) -> str:
    """总投资 80000 → 82000"""
    name = WORDS.get(change.field, change.field)
    if change.field in {"facts", "curve"}:
        return f"{name}有变"
    if change.field.endswith("_id") or change.field == "categories":
        return f"{name}有变"
    old, new = (
        wan(value)
        if isinstance(value, int) and change.field.endswith("_fen")
        else "、".join(map(str, value))
        if isinstance(value, (list, tuple))
        else str(value or "空")
        for value in (change.old, change.new)
    )
    return f"{name} {old or '空'} → {new or '空'}"
