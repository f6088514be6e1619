"""/撤销 after a correction: waiting it is taken back, decided it stays, and no other entry is hit (C6, C10)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity


async def _asked(city: City) -> None:
    """A correction of ZX0031 to 4400 waits."""
    await city.say("张伟", "ZX0031累计完成4400万")
    await city.say("张伟", "8月把预付款算进去了，多报300万")
    await city.say("张伟", "确认")


async def test_c10_a_waiting_correction_is_taken_back(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:30")
    await city.say("张伟", "管网今年累计2100万")
    await city.say("张伟", "确认")
    await _asked(city)
    city.mark()
    await city.say("张伟", "/撤销")
    says(city.only("张伟"), "ZX0031", "4700 → 4400", "已撤回", "台账仍为 4700", "/更正 ZX0031")
    says(city.only("孙晓雯"), "ZX0031", "张伟", "撤回", "不用再核")
    assert (await city.project("ZX0032"))["ytd_wan"] == 2100
    city.mark()
    await city.press("孙晓雯", "同意", contains="ZX0031")
    says(city.only("孙晓雯"), "已由申请人撤回")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700
    await city.say("张伟", "/撤销")  # the next one before it
    says(city.last("张伟"), "已撤销 ZX0032 2100")


async def test_c10_before_the_card_was_sent_nobody_is_disturbed(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 20:30")
    await _asked(city)
    await city.say("张伟", "撤销")
    says(city.last("张伟"), "已撤回")
    city.mark()
    await city.clock("2026-09-24 09:30")
    assert not any("更正" in one.text for one in city.heard("孙晓雯"))


async def test_c10_a_decided_correction_is_not_undone(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:30")
    await _asked(city)
    await city.press("孙晓雯", "同意", at="2026-09-23 09:41")
    city.mark()
    await city.say("张伟", "/撤销", at="2026-09-23 09:45")
    says(city.only("张伟"), "ZX0031", "孙晓雯 09:41 已同意", "不能撤销", "/更正 ZX0031")
    lacks(city.only("张伟"), "JJ0003")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4400


async def test_c10_a_newer_entry_goes_first_and_a_refused_correction_is_no_matter(
    open_city: OpenCity,
) -> None:
    city = await open_city("2026-09-23 09:30")
    await _asked(city)
    await city.say("张伟", "管网今年累计2100万", at="2026-09-23 09:32")
    await city.say("张伟", "确认")
    await city.say("张伟", "/撤销")
    says(city.last("张伟"), "已撤销 ZX0032 2100")
    city.mark()
    await city.press("孙晓雯", "不同意", input="数字没有错", contains="ZX0031")
    await city.say("赵永年", "/撤销")  # not his
    says(city.last("赵永年"), "没有可撤销的上报")
    silent(city, "李娜")


async def test_c10_a_newer_correction_that_was_entered_at_once_goes_first(open_city: OpenCity) -> None:
    """Upwards /更正 is entered without a decision: it is the author's last act, not what waits."""
    city = await open_city("2026-09-23 09:30")
    await _asked(city)
    await city.say("张伟", "/更正 ZX0032 累计2100万 原因 8月漏报", at="2026-09-23 09:32")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0032"))["ytd_wan"] == 2100
    await city.say("张伟", "/撤销")
    says(city.last("张伟"), "已撤销 ZX0032 2100")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950
    await city.say("张伟", "/撤销")
    says(city.last("张伟"), "4700 → 4400", "已撤回")


async def test_c10_what_is_not_entered_yet_is_cancelled_and_not_undone(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "管网今年累计2100万")
    await city.say("张伟", "撤销")
    says(city.last("张伟"), "不能撤销", "草稿1 还没有入账", "取消 1")


@pytest.mark.parametrize(
    "said", ["把管网的累计改成2150万", "管网的今年累计完成投资改为2150万", "管网的累计数应为2150"]
)
async def test_c4_a_draft_is_put_right_by_the_projects_name(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "管网今年累计2100万")
    await city.say("张伟", said)
    says(city.last("张伟"), "草稿1", "1950 → 2150")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0032"))["ytd_wan"] == 2150


async def test_c10_what_was_just_entered_is_taken_back_rather_than_corrected(open_city: OpenCity) -> None:
    """Nobody has to agree to a figure of a minute ago; later, or below what stood before it, somebody has to."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "污水厂累计4720")
    await city.say("张伟", "确认")
    city.mark()
    await city.say("张伟", "刚才那个错了，是4710")
    says(
        city.only("张伟"),
        "作为「更正」报综合专班核",
        "4720 万元刚入账，也可先发「/撤销 ZX0031」再回「确认」，不用核",
    )
    await city.say("张伟", "/撤销 ZX0031")
    city.mark()
    await city.say("张伟", "确认")
    says(city.only("张伟"), "4700 → 4710", "是否确认")
    city.mark()
    await city.say("张伟", "确认")
    says(city.only("张伟"), "已入账", "4700 → 4710")
    silent(city, "孙晓雯")
    city.mark()
    await city.say("张伟", "刚才报错了，应为4600")
    says(city.only("张伟"), "作为「更正」报综合专班核")
    assert "刚入账" not in city.only("张伟").text  # 4700 before it: taking back would not do
    await city.say("张伟", "取消")
    await city.clock("2026-09-22 09:11")
    city.mark()
    await city.say("张伟", "刚才报错了，应为4705")
    assert "刚入账" not in city.only("张伟").text


async def test_c10_a_figure_put_right_twice_is_that_of_the_last_entry(open_city: OpenCity) -> None:
    """A correction entered at once is the last entry too: 「刚才那个」 means it, not what was reported before it."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "污水管网累计2100")
    await city.say("张伟", "确认")
    await city.say("张伟", "/更正 ZX0031 4720 漏报一笔设备款")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4720
    city.mark()
    await city.say("张伟", "刚才那个错了，是4730")
    says(city.only("张伟"), "ZX0031", "4720 → 4730")
    lacks(city.only("张伟"), "ZX0032")
