"""What a delegate drafts for a principal is recorded for both, and ends with the delegation (rules B3, B6, C10)."""

from __future__ import annotations

import pytest

from .city import City, becomes, lacks, norm, says, silent
from .conftest import OpenCity

PLANT, PIPES = "ZX0031", "ZX0032"


async def li_na_stands_in(open_city: OpenCity) -> City:
    """李娜(白石县) stands in for 张伟(青禾县) on 09-22 and 09-23."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "/代理 李娜 9月22日至9月23日")
    return city


async def test_b6_a_draft_for_a_principal_enters_nothing_after_the_end(open_city: OpenCity) -> None:
    city = await li_na_stands_in(open_city)
    await city.say("李娜", "污水处理厂累计5300", at="2026-09-23 23:50")
    says(city.last("李娜"), "草稿1", becomes(4700, 5300))
    for said in ("确认", "改成5400"):
        city.mark()
        await city.say("李娜", said, at="2026-09-24 00:01")
        says(city.only("李娜"), "代理已结束", "由张伟办理")
        lacks(city.only("李娜"), "4700", "5400")
        silent(city, "张伟", "市政设施专班", "青禾县")
    assert (await city.project(PLANT))["ytd_wan"] == 4700
    city.mark()
    await city.say("李娜", "取消")
    says(city.only("李娜"), "草稿1 已取消")


async def test_b6_what_a_delegate_entered_is_undone_only_while_they_stand_in(open_city: OpenCity) -> None:
    city = await li_na_stands_in(open_city)
    await city.say("李娜", "污水处理厂累计5300", at="2026-09-23 23:40")
    await city.say("李娜", "确认")
    await city.say("李娜", "/撤销", at="2026-09-23 23:45")
    says(city.last("李娜"), "已撤销 ZX0031 5300")
    undone = (await city.audit("project", PLANT))[-1]
    assert norm(undone["by_name"]) == norm("李娜(代 张伟)")
    await city.say("李娜", "污水处理厂累计5300", at="2026-09-23 23:55")
    await city.say("李娜", "确认")
    city.mark()
    await city.say("李娜", "/撤销", at="2026-09-24 00:02")
    says(city.only("李娜"), "不能撤销 ZX0031", "代理已结束", "由张伟办理")
    assert (await city.project(PLANT))["ytd_wan"] == 5300


async def test_b6_a_problem_is_raised_for_the_principal(open_city: OpenCity) -> None:
    city = await li_na_stands_in(open_city)
    await city.say("李娜", "污水处理厂进场道路要占林地，手续办不下来，请林业局协调")
    await city.say("李娜", "确认")
    assert (await city.item("W0191"))["raised_by"] == "张伟"
    assert {norm(row["by_name"]) for row in await city.audit("item", "W0191")} == {norm("李娜(代 张伟)")}
    await city.say("李娜", "ZX0032消防审批卡住了，请住建局协调", at="2026-09-23 23:58")
    city.mark()
    await city.say("李娜", "确认", at="2026-09-24 00:02")
    says(city.only("李娜"), "不能上报 ZX0032 的问题")
    assert (await city.get("items/W0192"))[0] == 404
    city.mark()
    await city.say("李娜", "/查 W0191")
    says(city.only("李娜"), "未找到,或您无权查看")


async def test_b6_a_problem_of_ones_own_project_stays_ones_own(open_city: OpenCity) -> None:
    city = await li_na_stands_in(open_city)
    await city.say("李娜", "循环园供电容量不够，请供电公司协调")
    await city.say("李娜", "确认")
    assert (await city.item("W0191"))["raised_by"] == "李娜"


@pytest.mark.parametrize(
    ("asked", "confirmed", "record", "refused"),
    [
        (("ZX0031 增加类别 省市重点",), "确认", ("project", PLANT), "不能修改 ZX0031 的类别"),
        (
            ("/纪要 9月22日协调会", "一、请市林业局9月30日前完成循环园林地组卷。"),
            "全部确认",
            ("item", "W0186"),
            "不能录入会议纪要",
        ),
    ],
)
async def test_b6_the_delegate_of_the_hub(
    open_city: OpenCity, asked: tuple[str, ...], confirmed: str, record: tuple[str, str], refused: str
) -> None:
    """高原 may draft what 孙晓雯 may; confirmed in time it is recorded for both, later it is refused."""
    city = await open_city("2026-09-22 09:00")
    await city.say("孙晓雯", "/代理 高原 9月22日至9月22日")
    for text in asked:
        await city.say("高原", text)
    await city.say("高原", confirmed)
    assert norm((await city.audit(*record))[-1]["by_name"]) == norm("高原(代 孙晓雯)")
    for text in asked:
        await city.say("高原", text.replace("增加", "去掉"))
    city.mark()
    await city.say("高原", confirmed, at="2026-09-23 08:40")
    says(city.last("高原"), refused, "由综合专班")
    silent(city, "苏静")


async def test_b6_an_improvement_names_the_delegate_and_the_principal(open_city: OpenCity) -> None:
    city = await li_na_stands_in(open_city)
    await city.say("李娜", "污水处理厂累计5500")
    city.mark()
    await city.say("李娜", "确认")
    for told in ("市政设施专班", "青禾县", "赵永年"):
        says(city.only(told), "黄 → 绿灯", "李娜(代 张伟)")
    city.mark()
    await city.say("李娜", "/撤销")
    says(city.only("青禾县"), "绿灯已撤销", "李娜(代 张伟)")


async def test_c10_the_author_undoes_what_the_delegate_confirmed(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园累计9600")
    await city.say("李娜", "/代理 钱文海 9月22日至9月22日")
    await city.say("钱文海", "确认")
    assert (await city.project("ZD0108"))["ytd_wan"] == 9600
    city.mark()
    await city.say("李娜", "/撤销", at="2026-09-22 10:06")
    says(city.only("李娜"), "已撤销 ZD0108 9600", "恢复 8600")
    assert (await city.project("ZD0108"))["ytd_wan"] == 8600
    assert (await city.audit("project", "ZD0108"))[-1]["by_name"] == "李娜"


async def test_b6_a_delegation_is_not_handed_on(open_city: OpenCity) -> None:
    """钱文海 stands in for 李娜, who stands in for 张伟: of 张伟's project only 李娜 may enter a figure."""
    city = await li_na_stands_in(open_city)
    await city.say("李娜", "/代理 钱文海 9月22日至9月23日")
    await city.say("李娜", "污水处理厂累计5300")
    city.mark()
    await city.say("钱文海", "确认 李娜 1")
    says(city.only("钱文海"), "不能确认草稿1", "由李娜（代 张伟）办理")
    assert (await city.project(PLANT))["ytd_wan"] == 4700
    await city.say("李娜", "确认")
    assert (await city.project(PLANT))["ytd_wan"] == 5300
