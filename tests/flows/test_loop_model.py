"""Random people do random allowed and forbidden things for months and a year, with power cuts: what must hold, holds.

The machine knows no rule of the product. It presses whatever buttons were shown (old ones too, strangers too), types
verbs with numbers, moves the clock and kills the process; what must hold is read from the database and from what
people were sent.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.orm import Session

from bot.integrity import examine

from .city import City, Message, moment, says

T = TypeVar("T")

pytestmark = [pytest.mark.sqlite_only, pytest.mark.timeout(600)]

BEGIN: Final = "2026-09-22 09:00"
# Everybody who has something to do with the loop, and some who have not.
PEOPLE: Final = (
    *(
        "陈立新",
        "孙晓雯",
        "马德胜",
        "林芳",
        "韩志刚",
        "苏静",
        "谭勇",
        "高原",
        "周敏",
        "许建平",
        "何涛",
        "曹颖",
    ),
    *("郭卫东", "吴迪", "罗平", "唐静", "程凯", "邵鹏", "冯国强", "彭倩", "魏然", "赵永年", "张伟", "钱文海"),
    *("李娜", "孟庆云", "王磊(临河区发改局)", "王磊(高新区管委会)", "郑海峰", "沈国栋", "黄明", "刘洋"),
)
RAISED: Final = (
    ("魏然", "ZY0007施工许可办不下来,卡在消防设计审查,请住建局牵头,{day}前完成"),
    ("张伟", "ZX0031进场道路被堵,请住建局{day}前协调"),
    ("李娜", "循环园二期道路林地没批,请林业局{day}前办结"),
    ("吴迪", "ZD0115涉铁方案还没批复,请交通局{day}前协调"),
    ("周敏", "ZX0032专项债资金拨付不到位,请财政局{day}前拨付"),
)
TYPED: Final = (
    "签收 {no}",
    "/签收 {no}",
    "/退回 {no} 审查权限不在我单位 建议 市水利局",
    "/反馈 {no} 正在组卷，下周报审",
    "{no} 已报省局，补正材料中",
    "/办结 {no} 已批复 文号 云林审〔2026〕88号",
    "/审核 {no} 通过",
    "/审核 {no} 不通过 缺附件",
    "/销号 {no}",
    "/重开 {no} 现场又停工",
    "/合并 {no} {other}",
    "/延期 {no} {later} 需专家论证",
    "/提级 {no} 2级",
    "/批示 {no} 请交通局本周内对接",
    "交办 {no} 措施 并联审查;责任人 彭倩;督办专员 马德胜;时限 {later}",
    "交办 {no} 措施 专人盯办;责任人 苏静;督办专员 马德胜;时限 {later}",
    "/协办 {no} 市水利局 现场配合",
    "/督办函 {no}",
    *("确认交办", "确认", "确认 1", "取消", "通过", "采纳", "签收", "/撤销"),
    *("/我的", "/问题 {no}", "/查 {no}", "/审计 {no}", "/查 {no} 流程", "/查 ZX0032", "/亮灯 蓝"),
)
WORDS: Final = (
    "",
    "缺批复文件",
    "情况属实",
    "措施 专人盯办;责任人 彭倩;督办专员 马德胜;时限 {later}",
    "市住建局主办,临河区住建局协办",
    "{later}",
    "W0186",
    "已协调3次未果;症结 占用林场;责任部门 市林业局;路径 临时用地手续;时限 {later}",
)
SECRET: Final = "疑似超范围支出"
MAY_SEE_SECRET: Final = frozenset({"周敏", "许建平", "陈立新"})
# Who may bring an item into a state (rule B10).
MAY_BRING: Final = {
    "待签收": {"孙晓雯", "陈立新"},
    "待销号": {"马德胜", "陈立新"},
    "已销号": {"孙晓雯", "陈立新"},
    "已合并": {"孙晓雯", "陈立新"},
    "不予受理": {"孙晓雯", "陈立新"},
}
ENDED: Final = ("已销号", "已合并", "不予受理")


class Loop(RuleBasedStateMachine):
    """One city; each step is one thing that somebody does, or time that passes."""

    MOST_RAISED = 6
    PASSES: tuple[int, ...] = (0, 0, 1, 1, 3, 7, 16)
    """Days that pass at once."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._at = moment(BEGIN)
        self._read_to = 0
        self._raised = 0
        self._just_started = True

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    @initialize()
    def open(self) -> None:
        self.city = self._do(City.open(Path(self._folder.name), BEGIN))
        self._do(self.city.say("周敏", f"/问题 受限 ZX0032 专项债资金{SECRET},待审计核"))
        self._do(self.city.say("周敏", "确认"))

    def teardown(self) -> None:
        if not hasattr(self, "city"):
            return
        try:
            assert self._do(self._faults()) == []
        finally:
            self._do(self.city.stop())
            self._runner.close()
            self._folder.cleanup()

    async def _faults(self) -> list[str]:
        def look(session: Session) -> list[str]:
            return examine(session, self.city.folder)

        return await self.city.product.database.read(look)

    # --- what people do

    @precondition(lambda self: self._raised < self.MOST_RAISED)
    @rule(one=st.sampled_from(RAISED), days=st.integers(5, 30))
    def raise_problem(self, one: tuple[str, str], days: int) -> None:
        self._raised += 1
        who, text = one
        due = self._at.date() + timedelta(days=days)
        self._do(self.city.say(who, text.format(day=f"{due.month}月{due.day}日")))
        self._do(self.city.say(who, "确认"))

    @rule(data=st.data(), who=st.sampled_from(PEOPLE), text=st.sampled_from(TYPED))
    def type_verb(self, data: st.DataObject, who: str, text: str) -> None:
        self._just_started = False
        numbers = [str(row["number"]) for row in self._items()]
        chosen, other = data.draw(st.sampled_from(numbers)), data.draw(st.sampled_from(numbers))
        self._do(self.city.say(who, self._filled(text, chosen, other)))

    @rule(data=st.data(), words=st.sampled_from(WORDS), stranger=st.integers(0, 3))
    def press(self, data: st.DataObject, words: str, stranger: int) -> None:
        """One of the last buttons shown; now and then somebody presses what was shown to others."""
        self._just_started = False
        shown = [one for one in self.city.ever()[-40:] if one.actions]
        if not shown:
            return
        message = data.draw(st.sampled_from(shown))
        index = data.draw(st.integers(0, len(message.actions) - 1))
        who = data.draw(st.sampled_from(PEOPLE)) if not stranger or message.kind == "group" else message.to
        body = {"from": who, "seq": message.seq, "action": message.action_ids[index]}
        if words:
            body["input"] = self._filled(words, "W0186", "W0190")
        status, answer = self._do(self.city.post("actions", body))
        assert status == 202, (who, message, answer)
        self._do(self.city._settle())

    @rule(data=st.data(), hour=st.sampled_from(["08:35", "10:05", "17:59", "21:40"]))
    def let_time_pass(self, data: st.DataObject, hour: str) -> None:
        days = data.draw(st.sampled_from(self.PASSES))
        later = moment(f"{self._at.date() + timedelta(days=days):%Y-%m-%d} {hour}")
        if later > self._at:
            self._at = later
            self._do(self.city.clock(f"{later:%Y-%m-%d %H:%M}"))

    @precondition(lambda self: not self._just_started)
    @rule(days=st.sampled_from([0, 1, 3]))
    def power_cut(self, days: int) -> None:
        day = self._at.date() + timedelta(days=days)
        self._at = max(self._at, moment(f"{day:%Y-%m-%d} 10:00"))
        self._do(self.city.kill(f"{self._at:%Y-%m-%d %H:%M}"))
        self._read_to, self._just_started = 0, True

    @rule(code=st.sampled_from(["ZX0031", "ZX0032", "ZD0115", "SG0012"]))
    def ask_how_many_are_open(self, code: str) -> None:
        """Rules D5 B8: the list, the project's card and the records count the same, without what is restricted."""
        open_now = [one for one in self._items() if one["state"] not in ENDED]
        here = self._rows(f"SELECT id FROM projects WHERE code = '{code}'")[0]["id"]
        for asked, counted in (
            ("/查 问题", len(open_now)),
            (f"/查 {code}", sum(one["project_id"] == here for one in open_now)),
        ):
            self._do(self.city.say("孙晓雯", asked))
            says(self.city.last("孙晓雯"), re.compile(rf"在办问题 ?{counted}(?!\d)"))

    def _filled(self, text: str, number: str, other: str) -> str:
        later = self._at.date() + timedelta(days=13)
        return text.format(no=number, other=other, later=f"{later:%Y-%m-%d}")

    def _rows(self, statement: str) -> list[dict[str, Any]]:
        return self._do(self.city.rows(statement))

    def _items(self) -> list[dict[str, Any]]:
        return self._rows("SELECT * FROM items WHERE restricted = 0 ORDER BY id")

    # --- what holds

    @invariant()
    def nothing_crashed(self) -> None:
        assert self._rows("SELECT payload, reason FROM inbox WHERE state = 'parked'") == []
        assert self._rows("SELECT notice, outcome FROM outbox WHERE state = 'dead'") == []

    @invariant()
    def every_open_item_has_one_holder_and_one_next_date(self) -> None:
        parents = {row["parent_id"] for row in self._rows("SELECT parent_id FROM items")}
        for item in self._items():
            if item["state"] in ("待签收", "办理中", "待审核") and item["id"] not in parents:
                assert item["person_id"], item
                assert item["unit_id"], item
                assert item["state"] != "办理中" or item["feedback_due_at"] or item["due_at"], item
            if item["state"] in ENDED:
                left = self._rows(
                    "SELECT kind, body FROM timers WHERE state = 'waiting' AND subject_kind = 'item' "
                    f"AND subject_id = {item['id']} AND key NOT LIKE '%effect%' AND body NOT LIKE '%effect%'"
                )
                assert left == [], (item["number"], left)

    @invariant()
    def numbers_have_no_gap(self) -> None:
        fresh = sorted(int(row["number"][1:]) for row in self._rows("SELECT number FROM items"))
        fresh = [number for number in fresh if number > 190]
        assert fresh == list(range(191, 191 + len(fresh)))

    @invariant()
    def each_rung_fired_once(self) -> None:
        twice = "SELECT ladder_id, name FROM rungs GROUP BY ladder_id, name HAVING count(*) > 1"
        assert self._rows(twice) == []
        open_twice = (
            "SELECT subject_id, what FROM ladders WHERE subject_kind = 'item' AND state <> 'ended' "
            "GROUP BY subject_id, what HAVING count(*) > 1"
        )
        assert self._rows(open_twice) == []

    @invariant()
    def the_restricted_item_is_told_to_nobody_else(self) -> None:
        for message in self._unread():
            if SECRET in message.text:
                assert message.kind == "person", message
                assert message.to.partition("(")[0] in MAY_SEE_SECRET, message

    def _unread(self) -> list[Message]:
        found = [one for one in self.city.ever() if one.seq > self._read_to]
        self._read_to = max([self._read_to, *(one.seq for one in found)])
        return found

    @invariant()
    def only_who_may_moved_an_item(self) -> None:
        moved = self._rows(
            "SELECT a.new AS state, p.name AS name, i.number AS number FROM audit a "
            "JOIN items i ON a.record_kind = 'item' AND a.record_id = i.id JOIN people p ON p.id = a.by_id "
            "WHERE a.field = 'state' AND i.parent_id IS NULL"  # a 批示 makes tasks of its own (rule G4)
        )
        for row in moved:
            assert row["name"] in MAY_BRING.get(row["state"], {row["name"]}), row


class Year(Loop):
    """A whole year: the turn of the year, four quarters, every holiday of the calendar."""

    MOST_RAISED = 24
    PASSES = (1, 4, 9, 16, 28)
    UNTIL = "2027-09-22 09:00"

    def teardown(self) -> None:
        """What nobody does any more still has its time: the rest of the year passes, then all of it must hold."""
        if hasattr(self, "city") and self._at < moment(self.UNTIL):
            self._do(self.city.clock(self.UNTIL))
            self.nothing_crashed()
            self.every_open_item_has_one_holder_and_one_next_date()
            self.each_rung_fired_once()
            self.the_restricted_item_is_told_to_nobody_else()
        super().teardown()


Loop.TestCase.settings = settings(
    max_examples=2, stateful_step_count=40, derandomize=True, deadline=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck), print_blob=True,
)  # fmt: skip
test_months_at_random = Loop.TestCase
Year.TestCase.settings = settings(Loop.TestCase.settings, max_examples=1, stateful_step_count=120)
test_a_year_at_random = Year.TestCase
