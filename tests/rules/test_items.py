"""The moves of a problem item, what 交办 needs, types and tags (rules B10, D4, F1, F2)."""

from __future__ import annotations

from datetime import date

import pytest

from models.errors import NotAllowed, StateForbids
from models.rules.items import (
    ENDED,
    FORCE_OF_KIND,
    MOVES,
    OPEN,
    ItemAct,
    Party,
    Required,
    allowed,
    check,
    finish_of,
    force_of,
    kind_of,
    missing,
    number_of,
    reopen_until,
    tags_of,
)
from models.types import ItemState


def test_the_way_from_screening_to_the_end() -> None:
    """F1: 待甄别 → 待签收 → 办理中 → 待审核 → 待销号 → 已销号."""
    state = ItemState.SCREENING
    seen = [state]
    for act in (ItemAct.DISPATCH, ItemAct.RECEIVE, ItemAct.SUBMIT, ItemAct.APPROVE, ItemAct.CLOSE):
        move = MOVES[act]
        assert state in move.sources
        assert move.target is not None
        state = move.target
        seen.append(state)
    assert [one.value for one in seen] == ["待甄别", "待签收", "办理中", "待审核", "待销号", "已销号"]


@pytest.mark.parametrize(
    ("act", "source", "target"),
    [
        (ItemAct.SEND_BACK, "待签收", "待甄别"),
        (ItemAct.FAIL, "待审核", "办理中"),
        (ItemAct.REOPEN, "已销号", "办理中"),
        (ItemAct.REJECT, "待甄别", "不予受理"),
        (ItemAct.MERGE, "待甄别", "已合并"),
    ],
)
def test_side_moves(act: ItemAct, source: str, target: str) -> None:
    move = MOVES[act]
    assert ItemState(source) in move.sources
    assert move.target is ItemState(target)


def test_only_the_hub_hands_out() -> None:
    """B10: the refusal names 综合专班."""
    for party in set(Party) - {Party.HUB}:
        with pytest.raises(NotAllowed) as refused:
            check(ItemAct.DISPATCH, number="W0191", state=ItemState.SCREENING, parties={party})
        assert "综合专班" in refused.value.who
    check(ItemAct.DISPATCH, number="W0191", state=ItemState.SCREENING, parties={Party.HUB})


def test_who_may_comes_before_the_state() -> None:
    """A stranger learns nothing of the state."""
    with pytest.raises(NotAllowed):
        check(ItemAct.RECEIVE, number="W0191", state=ItemState.CLOSED, parties={Party.RAISER})


def test_a_forbidding_state_names_what_is_possible() -> None:
    with pytest.raises(StateForbids) as refused:
        check(ItemAct.RECEIVE, number="W0191", state=ItemState.IN_PROGRESS, parties={Party.RESPONSIBLE})
    assert refused.value.state == "办理中"
    assert refused.value.allowed == ("反馈", "报办结", "延期")


def test_nothing_but_reopening_and_its_effect_is_possible_at_the_end() -> None:
    for state in ENDED:
        assert set(allowed(state, set(Party))) <= {ItemAct.REOPEN, ItemAct.RATE}
    assert set(ItemState) == OPEN | ENDED


def test_decisions_against_somebody_need_a_reason() -> None:
    needing = {act for act, move in MOVES.items() if move.needs_reason}
    assert needing == {
        ItemAct.ASK_MORE,
        ItemAct.REJECT,
        ItemAct.SEND_BACK,
        ItemAct.FAIL,
        ItemAct.REOPEN,
        ItemAct.EXTEND,
        ItemAct.DECIDE_EXTENSION,
        ItemAct.WAIVE_ASSIST,
    }


def test_gaps_are_named_together_and_in_order() -> None:
    """D4, C4: S28 has goal, unit and date, and lacks the rest."""
    has = {Required.GOAL, Required.UNIT, Required.DUE}
    assert [gap.value for gap in missing(has)] == ["推进措施", "责任人", "督办专员"]
    assert missing(set(Required)) == ()


@pytest.mark.parametrize(
    ("text", "kind", "force"),
    [
        ("施工许可未取得，卡在消防设计审查", "施工许可", "市政设施"),
        ("园区道路占用林地手续未批", "林地", "要素保障"),
        ("跨既有铁路桥梁方案未获铁路部门批复", "铁路", "交通"),
        ("专项债资金疑似超范围支出", "专项债", "财政金融"),
        ("土地指标没有落实", "用地", "要素保障"),
        ("高压线迁改没完成", "供电", "能源"),
        ("取水许可未办", "取水", "水利"),
        ("学位紧张", "教育", "社会事业"),
        ("施工单位内部扯皮", None, "综合"),
    ],
)
def test_type_and_suggested_task_force(text: str, kind: str | None, force: str) -> None:
    """F2; what is in no list goes to 综合."""
    assert kind_of(text) == kind
    assert force_of(kind) == force


def test_every_type_of_the_rule_has_a_task_force() -> None:
    assert len(FORCE_OF_KIND) == 26
    assert set(FORCE_OF_KIND.values()) == {
        "要素保障",
        "财政金融",
        "市政设施",
        "交通",
        "水利",
        "能源",
        "社会事业",
    }
    assert all(kind_of(f"{kind}有问题") == kind for kind in FORCE_OF_KIND)
    assert finish_of("施工许可") == "核发施工许可"


def test_tags_are_apart_from_the_type() -> None:
    """F2: a river bridge over a railway is 涉铁 and 涉河, whatever its type."""
    assert tags_of("跨既有铁路桥梁方案未批，桥墩涉河道") == ("涉铁", "涉河")
    assert tags_of("施工许可未取得") == ()


def test_numbers_of_city_and_county() -> None:
    assert number_of(191, "市") == "W0191"
    assert number_of(45, "县") == "县W0045"
    assert number_of(12345, "市") == "W12345"


def test_reopening_is_possible_for_thirty_calendar_days() -> None:
    """F1, S34: closed on 10-16, the last day is 11-15."""
    assert reopen_until(date(2026, 10, 16), 30) == date(2026, 11, 15)


def test_a_refusal_does_not_offer_what_is_only_done_when_asked() -> None:
    """F1, F12: 定办结时限 and 反馈效果 follow a question of the bot."""
    with pytest.raises(StateForbids) as refused:
        check(ItemAct.RECEIVE, number="W0191", state=ItemState.CLOSED, parties=set(Party))
    assert refused.value.allowed == ("重开",)
    with pytest.raises(StateForbids) as refused:
        check(ItemAct.APPROVE, number="W0191", state=ItemState.IN_PROGRESS, parties={Party.SUPERVISOR})
    assert "定办结时限" not in refused.value.allowed


def test_f2_a_tag_gives_way_to_what_it_is_stuck_at() -> None:
    """Tags are set apart from the type (rule F2): 涉铁 alone suggests 铁路, beside another word it does not."""
    assert kind_of("涉铁段电力迁改没人管") == "供电"
    assert kind_of("涉铁方案未批") == "铁路"
