"""What the people of a simulated year do on a workday. They see the state of things and act as their plan says.

Every plan is drawn from the number of its record alone, so that a year is the same year each time it is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import Final

from benchmarks import events
from benchmarks import whole_city as place
from benchmarks.town import Row, Town
from models.rules.calendar import Calendar, local_date

HUB: Final = "孙晓雯"
HEAD: Final = "陈立新"
NEVER: Final = 10_000
_TROUBLES: Final = (
    "施工许可办不下来，卡在消防设计审查",
    "占用林地手续未批",
    "进场道路被堵，材料进不了场",
    "专项债资金拨付不到位",
    "涉铁方案还没批复",
    "环评批复未取得",
    "施工用电未接通",
    "征地拆迁未完成",
)

Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """Workdays count from the step before. late: workdays by which feedback is late; NEVER: what is never done."""

    allowed: int
    """Workdays that are asked for when the problem is raised."""
    sign_after: int
    late: int
    close_after: int
    sends_back: bool
    extends: bool
    refused: bool
    effect: str

    @classmethod
    def of(cls, number: int) -> ItemPlan:
        dice = Random(f"item {number}")
        kind = (
            dice.random()
        )  # most are worked on, some are late, some climb to the top, some are never answered
        late = 0 if kind < 0.74 else dice.randint(1, 4) if kind < 0.86 else dice.randint(5, 12)
        return cls(
            allowed=dice.randint(12, 25),
            sign_after=NEVER if kind > 0.99 else 3 if kind > 0.93 else dice.randint(0, 1),
            late=NEVER if kind > 0.97 else late,
            close_after=NEVER if kind > 0.97 else dice.randint(5, 20) + (15 if kind > 0.86 else 0),
            sends_back=dice.random() < 0.08,
            extends=dice.random() < 0.1,
            refused=dice.random() < 0.1,
            effect="有效" if dice.random() < 0.8 else "反弹 又停工了" if dice.random() < 0.1 else "",
        )


@dataclass(slots=True)
class Done:
    """How often people did what must each be found in the database afterwards."""

    raised: int = 0
    reported: int = 0


@dataclass(slots=True)
class People:
    town: Town
    calendar: Calendar
    projects: int
    problems_a_day: int
    done: Done = field(default_factory=Done)
    _day: int = 0
    """Workdays since the beginning."""

    def begin(self, number: int) -> None:
        self._day = number

    @property
    def today(self) -> date:
        return local_date(self.town.now)

    # --- 08:40: what has come in since yesterday

    def acknowledge(self) -> Iterator[Said]:
        """带班领导: 已阅 on most red lights, some later, some never (rule E10)."""
        for row in self.town.rows(
            "SELECT c.id, c.pushed_at, p.code, l.name AS leader FROM light_cases c "
            "JOIN projects p ON p.id = c.project_id JOIN people l ON l.id = c.leader_id "
            "WHERE c.state <> 'ended' AND c.light = '红' AND c.acknowledged_at IS NULL AND p.code LIKE 'CS%' "
            "ORDER BY c.id"
        ):
            dice = Random(f"case {row['id']}").random()
            wait = 0 if dice < 0.7 else 3 if dice < 0.9 else NEVER
            if self._since(row["pushed_at"]) >= wait:
                yield row["leader"], f"/已阅 {row['code']}"

    def dispatch(self) -> Iterator[Said]:
        """综合专班 hands out what waits; what was sent back goes to another unit (rules F1, F4)."""
        for row in self._items("待甄别"):
            number = _number(row)
            host = (number * 7 + 3 + row["returns"]) % place.UNITS
            words = (
                f"{'改交办' if row['returns'] else '交办'} {row['number']} 措施 专人盯办、每周调度;"
                f"责任人 {place.liaison(host)};督办专员 {place.SUPERVISORS[number % len(place.SUPERVISORS)]}"
            )
            yield HUB, words if row["due_at"] else f"{words};时限 {self._in(15):%Y-%m-%d}"
            if not row["returns"]:
                yield HUB, "确认交办"

    def receive(self) -> Iterator[Said]:
        """责任人: 签收, or 退回 with a proposed unit (rules F3, F4)."""
        for row in self._items("待签收"):
            plan = ItemPlan.of(_number(row))
            if plan.sends_back and not row["returns"]:
                other = events.unit((_number(row) + 11) % place.UNITS)
                yield row["person"], f"/退回 {row['number']} 审批权限不在我单位 建议 {other}"
            elif self._since(row["dispatched_at"]) >= plan.sign_after:
                yield row["person"], f"/签收 {row['number']}"

    # --- 10:00: reports and problems

    def reports(self) -> list[Said]:
        """Every 联络员 reports one project a day: each of twenty about once a month, a few are left out."""
        part = self._day % (self.projects // place.UNITS)
        some = []
        for unit in range(place.UNITS):
            number = part * place.UNITS + unit
            if Random(f"report {number} {self._day}").random() < 0.97:
                words = f"{place.code(number)}截至{self.today.month}月{self.today.day}日今年累计完成投资"
                some.append((place.liaison(unit), f"{words}{self._figure(number)}万元，主体结构正常施工"))
        self.done.reported += len(some)
        return some

    def problems(self) -> list[Said]:
        """So many 联络员 raise a problem of one of their projects, each another kind."""
        dice = Random(f"problems {self._day}")
        some = []
        for unit in dice.sample(range(place.UNITS), self.problems_a_day):
            number = dice.randrange(self.projects // place.UNITS) * place.UNITS + unit
            by = self._in(dice.randint(12, 25))
            trouble, host = dice.choice(_TROUBLES), events.unit(dice.randrange(place.UNITS))
            words = f"{place.code(number)}{trouble}，请{host}牵头，{by.month}月{by.day}日前办结"
            some.append((place.liaison(unit), words))
        self.done.raised += len(some)
        return some

    # --- 15:00: work on items and lights

    def work(self) -> Iterator[Said]:
        """责任人: 反馈, 延期 and 办结 as planned (rules F5, F7, F9)."""
        busy = {
            row["item_id"]
            for row in self.town.rows("SELECT item_id FROM item_feedbacks WHERE state = 'submitted'")
        } | {
            row["item_id"]
            for row in self.town.rows("SELECT item_id FROM item_extensions WHERE state = 'waiting'")
        }
        for row in self._items("办理中"):
            plan = ItemPlan.of(_number(row))
            who, number = row["person"], row["number"]
            if row["id"] in busy:
                continue
            if self._since(row["received_at"]) >= plan.close_after:
                yield who, f"/办结 {number} 已批复，文号 云审〔{self.today.year}〕{_number(row)}号"
            elif plan.extends and not row["extensions"] and 0 <= self._until(row["due_at"]) <= 3:
                yield who, f"/延期 {number} {self._in(8):%Y-%m-%d} 需专家论证"
            elif self._until(row["feedback_due_at"]) <= (1 if plan.late == 0 else -plan.late):
                yield who, f"/反馈 {number} 已现场对接，正在组卷，下周报审"
                yield who, "确认"

    def review(self) -> Iterator[Said]:
        """督办专员 rule on what came in today; 综合专班 closes what has passed (rules F7, F8, F10)."""
        for row in self.town.rows(
            "SELECT f.id, i.number, s.name AS supervisor FROM item_feedbacks f JOIN items i ON i.id = f.item_id "
            "JOIN people s ON s.id = i.supervisor_id WHERE f.state = 'submitted' ORDER BY f.id"
        ):
            back = Random(f"feedback {row['id']}").random() < 0.05
            yield row["supervisor"], f"退回 {row['number']} 没有时间节点" if back else f"采纳 {row['number']}"
        for row in self.town.rows(
            "SELECT i.number, s.name AS supervisor FROM item_extensions e JOIN items i ON i.id = e.item_id "
            "JOIN people s ON s.id = i.supervisor_id WHERE e.state = 'waiting' ORDER BY e.id"
        ):
            yield row["supervisor"], f"同意 {row['number']}"
        for row in self._items("待审核"):
            refuse = ItemPlan.of(_number(row)).refused and not row["refusals"]
            yield (
                row["supervisor"],
                f"不通过 {row['number']} 缺批复原件" if refuse else f"通过 {row['number']}",
            )

    def close(self) -> Iterator[Said]:
        for row in self._items("待销号"):
            yield HUB, f"/销号 {row['number']}"

    def effects(self) -> Iterator[Said]:
        """Who raised an item says what its closing was worth (rule F12)."""
        for row in self.town.rows(
            "SELECT DISTINCT i.number, r.name AS raiser FROM outbox o "
            "JOIN items i ON i.id = o.subject_id AND o.subject_kind = 'item' "
            "JOIN people r ON r.id = i.raised_by_id "
            "WHERE o.notice = 'EffectAsked' AND o.created_at >= ? AND i.state = '已销号' ORDER BY i.id",
            f"{self.town.now.astimezone(UTC):%Y-%m-%d} 00:00",
        ):
            if words := ItemPlan.of(int(row["number"][1:])).effect:
                verb, _, why = words.partition(" ")
                yield row["raiser"], f"{verb} {row['number']} {why}".strip()

    def light_feedback(self) -> Iterator[Said]:
        """联络员 give feedback on a warning, most in time (rule E9)."""
        for row in self.town.rows(
            "SELECT c.id, c.feedback_due_at, p.code, l.name AS liaison FROM light_cases c "
            "JOIN projects p ON p.id = c.project_id JOIN people l ON l.id = c.liaison_id "
            "WHERE c.state = 'open' AND p.code LIKE 'CS%' AND NOT EXISTS "
            "(SELECT 1 FROM light_feedbacks f WHERE f.case_id = c.id AND f.state = 'submitted') ORDER BY c.id"
        ):
            dice = Random(f"light {row['id']}")
            late = 0 if dice.random() < 0.85 else dice.choice((2, 4, 6, NEVER))
            if self._until(row["feedback_due_at"]) <= (1 if late == 0 else -late):
                day = self._in(20)
                words = f"雨季影响施工，已增加人员设备，{day.month}月{day.day}日追平计划"
                yield row["liaison"], f"/反馈 {row['code']} {words}"

    def light_review(self) -> Iterator[Said]:
        for row in self.town.rows(
            "SELECT f.id, p.code, r.name AS reviewer FROM light_feedbacks f "
            "JOIN light_cases c ON c.id = f.case_id JOIN projects p ON p.id = c.project_id "
            "JOIN people r ON r.id = c.reviewer_id WHERE f.state = 'submitted' ORDER BY f.id"
        ):
            back = Random(f"light feedback {row['id']}").random() < 0.1
            yield row["reviewer"], f"退回 {row['code']} 没有每周目标" if back else f"采纳 {row['code']}"

    def decide(self) -> Iterator[Said]:
        """综合专班负责人 agrees to every third 提级建议 and refuses the others (rules E12, G2)."""
        for row in self.town.rows(
            "SELECT d.id, coalesce(i.number, p.code) AS name FROM escalation_drafts d "
            "LEFT JOIN items i ON d.subject_kind = 'item' AND i.id = d.subject_id "
            "LEFT JOIN projects p ON d.subject_kind = 'light_case' AND p.id = d.project_id "
            "WHERE d.state = 'draft' ORDER BY d.id"
        ):
            yield HEAD, f"同意提级 {row['name']}" if row["id"] % 3 == 0 else f"不提级 {row['name']} 已有措施"

    def weekly(self) -> Iterator[Said]:
        """专班 and counties give their week from the ledger on Thursdays (rule I1)."""
        if self.today.weekday() != 3:
            return
        for row in self.town.rows(
            "SELECT DISTINCT p.name, a.account FROM posts o JOIN people p ON p.id = o.person_id "
            "JOIN accounts a ON a.person_id = p.id AND a.platform = 'webchat' WHERE o.role = '联络员' "
            "AND (o.task_force_id IS NOT NULL OR o.region_id IS NOT NULL) ORDER BY p.id"
        ):
            yield row["account"], "从台账生成"

    # --- what they see

    def _items(self, state: str) -> list[Row]:
        """The items of the year in a state; those of the fictional city are left to themselves."""
        return self.town.rows(
            "SELECT i.*, p.name AS person, s.name AS supervisor FROM items i "
            "LEFT JOIN people p ON p.id = i.person_id LEFT JOIN people s ON s.id = i.supervisor_id "
            "WHERE i.state = ? AND i.number > 'W0190' AND i.parent_id IS NULL AND i.raised_by_id IS NOT NULL "
            "ORDER BY i.id",
            state,
        )

    def _since(self, moment: str) -> int:
        """Workdays from the day of a stored moment to today."""
        return self.calendar.workdays_between(_day(moment), self.today)

    def _until(self, moment: str | None) -> int:
        """Workdays from today to the day of a stored moment, below 0 when it is over."""
        if moment is None:
            return NEVER
        day = _day(moment)
        return self.calendar.workdays_between(self.today, day) - self.calendar.workdays_between(
            day, self.today
        )

    def _in(self, workdays: int) -> date:
        return self.calendar.add_workdays(self.today, workdays)

    def _figure(self, number: int) -> int:
        """Year to date in 万元: most are on plan, some fall behind, half of these catch up in time."""
        dice = Random(f"pace {number}")
        kind = dice.random()
        pace = 1.0 if kind < 0.8 else 0.6 if kind < 0.93 else 0.15
        first = self.today.year == place.BEGUN.year
        begun = place.BEGUN if first else date(self.today.year - 1, 12, 31)
        months = (self.today - begun).days / 30.5
        turn = 5.0 if dice.random() < 0.5 else 99.0
        slow = min(months, turn) - (0.66 if first else 0.0)  # all were on plan until the city began
        grown = months - slow * (1 - pace) if months <= turn else turn * pace + (months - turn) * 1.6
        told = int((place.BEGUN_WAN if first else 0) + grown * place.PLAN_WAN / 12) + 1
        # Never beyond the annual plan, which would have to be confirmed as checked (rule C7), and never the same again.
        return min(told, place.PLAN_WAN - 20 + (self.today - begun).days // 27)


def _number(row: Row) -> int:
    return int(row["number"][1:])


def _day(moment: str) -> date:
    return local_date(datetime.fromisoformat(moment).replace(tzinfo=UTC))
