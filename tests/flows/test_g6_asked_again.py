"""What was given once is not asked for again: requests sent back, merged items, objections (C4, F13, G3, G6)."""

from __future__ import annotations

import pytest

from .city import City, says, silent
from .conftest import OpenCity


async def _sent_back(city: City) -> None:
    """县W0045 was put to the city and sent back to 青禾县."""
    await city.say("张伟", "城南污水处理厂进场道路被村民堵了，请乡镇协调")
    await city.say("张伟", "确认")
    await city.say(
        "张伟",
        "/提级 县W0045 已协调3次未果；症结 进场道路需占用国有林场；责任部门 市林业局；"
        "路径 临时使用林地手续；时限 10月20日",
    )
    await city.say("陈立新", "退回县级")
    await city.say("陈立新", "请县里先与林场协商")


async def test_g6_the_county_says_only_what_it_has_done_since(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40", _sent_back)
    await city.say("张伟", "/提级 县W0045")
    says(city.last("张伟"), "请补：已采取措施")
    assert "责任部门" not in city.last("张伟").text.split("\n")[0]
    city.mark()
    await city.say("张伟", "与林场协商两次未达成一致")
    says(
        city.only("陈立新"), "青禾县提请市级协调 县W0045", "问题症结：进场道路需占用国有林场",
        "已采取措施：与林场协商两次",        "责任部门：市林业局", "化解路径：临时使用林地手续", "建议时限：10-20",
    )  # fmt: skip


async def test_g6_in_one_message(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40", _sent_back)
    city.mark()
    await city.say("张伟", "/提级 县W0045 与林场协商两次未达成一致；时限 10月25日")
    says(
        city.only("陈立新"),
        "已采取措施：与林场协商两次",
        "建议时限：10-25",
        "问题症结：进场道路需占用国有林场",
    )


async def test_f13_a_merged_item_names_its_survivor(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:10")
    await city.say("李娜", "循环园二期道路林地手续没批，请林业局抓紧办理")
    await city.say("李娜", "确认")
    await city.say("孙晓雯", "合并 W0191 到 W0186")
    await city.say("李娜", "/重开 W0191 又停工")
    says(city.last("李娜"), "W0191 当前已合并到 W0186")
    await city.say("张伟", "/重开 W0191 又停工")
    says(city.last("张伟"), "未找到，或您无权查看")


async def test_i4_an_objection_is_ruled_on_in_two_messages(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:30")
    await city.say("李娜", "异议 9月22日报送系统故障，应计及时")
    await city.say("孙晓雯", "采纳")
    says(city.last("孙晓雯"), "要写明改为多少")
    city.mark()
    await city.say("孙晓雯", "报送 1/1")
    says(city.last("孙晓雯"), "重算", "白石县 报送分 100.00")
    silent(city, "沈国栋")


@pytest.mark.parametrize(
    ("first", "asked", "then"),
    [
        ("稍后 2个工作日", "稍后的原因", "正在现场处置"),
        ("稍后 ZD0108 正在现场处置", "稍后几个工作日（最多3个），例", "2个工作日"),
    ],
)
async def test_e11_only_what_is_missing_is_asked(
    open_city: OpenCity, first: str, asked: str, then: str
) -> None:
    city = await open_city("2026-09-28 10:00")
    await city.say("钱文海", first)
    says(city.last("钱文海"), asked)
    await city.say("钱文海", then)
    says(city.last("钱文海"), "10-08 起恢复提醒", "反馈截止 10-08 18:00")
    cases = await city.rows("SELECT snooze_reason FROM light_cases WHERE snooze_reason IS NOT NULL")
    assert [row["snooze_reason"] for row in cases] == ["正在现场处置"]
