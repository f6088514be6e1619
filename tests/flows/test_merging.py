"""A duplicate is merged into the item that survives (S35, rule F13)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import one_about, told


async def _raised_again(city: City) -> None:
    await city.say("李娜", "循环园二期道路林地没批,请林业局尽快办理")
    await city.press("李娜", "确认", to="李娜")


async def test_s35_merged_into_the_likely_original(open_city: OpenCity) -> None:
    """S35: rule F13. The card names the open item; the reporter hears of the survivor's end; it counts nowhere."""
    city = await open_city("2026-09-22 10:00")
    await _raised_again(city)
    card = one_about(city, "孙晓雯", "W0191")
    says(card, "李娜", "可能与 W0186 重复")
    offers(card, "合并到W0186", "不是")
    assert (await city.item("W0191"))["state"] == "待甄别"
    await city.press_on(card, "李娜", "合并到W0186")
    says(city.last("李娜"), "综合专班")
    await city.say("孙晓雯", "/查 ZD0108")
    says(city.last("孙晓雯"), "在办问题 2")
    city.mark()
    await city.press_on(card, "孙晓雯", "合并到W0186")
    says(one_about(city, "李娜", "W0191"), "W0186", "苏静")
    assert told(city) == {"孙晓雯", "李娜"}
    item = await city.item("W0191")
    assert item["state"] == "已合并"
    assert item["merged_into_id"] == (await city.item("W0186"))["id"]
    await city.say("孙晓雯", "/查 ZD0108")
    says(city.last("孙晓雯"), "在办问题 1")
    await city.press_on(card, "孙晓雯", "交办")
    says(city.last("孙晓雯"), "已合并")
    await city.say("孙晓雯", "/我的")
    lacks(city.last("孙晓雯"), "W0191")

    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕91号")
    await city.press("马德胜", "通过", contains="W0186")
    city.mark()
    await city.press("孙晓雯", "销号", contains="W0186")
    assert any("W0191" in message.text and "W0186" in message.text for message in city.heard("李娜"))


async def test_s35_it_is_no_duplicate(open_city: OpenCity) -> None:
    """S35: [不是] leaves it to be screened."""
    city = await open_city("2026-09-22 10:00")
    await _raised_again(city)
    await city.say("孙晓雯", "不是重复 W0191")
    offers(city.last("孙晓雯"), "交办")
    assert (await city.item("W0191"))["state"] == "待甄别"


async def test_f13_by_command_and_a_chain(open_city: OpenCity) -> None:
    """Rules F13 B10 B4: /合并; a duplicate of a duplicate follows the survivor; who may not is told who may."""
    city = await open_city("2026-09-22 10:00")
    await _raised_again(city)
    await city.say("黄明", "督导一组现场发现: 循环园园区道路占用林地,手续不全")
    await city.press("黄明", "确认", to="黄明")
    city.mark()
    await city.say("李娜", "/合并 W0191 到 W0186")
    says(city.only("李娜"), "综合专班")
    await city.say("孙晓雯", "合并W0192到W0192")
    says(city.last("孙晓雯"), "不能合并")
    await city.say("孙晓雯", "/合并 W0192")
    says(city.last("孙晓雯"), "合并到哪个编号")  # rule C4: the next message may name it
    await city.say("孙晓雯", "/合并 W0192 到 W0999")
    says(city.last("孙晓雯"), "未找到，或您无权查看")
    city.mark()
    await city.say("孙晓雯", "／合并w0192 到w0191")
    says(one_about(city, "黄明", "W0192"), "W0191")
    await city.say("孙晓雯", "合并 W0191 W0186")
    assert (await city.item("W0192"))["merged_into_id"] == (await city.item("W0186"))["id"]
    await city.say("孙晓雯", "/合并 W0186 到 W0190")  # of another project: asked once (F13)
    await city.say("孙晓雯", "确认合并")
    says(one_about(city, "苏静", "W0186"), "W0190")
    silent(city, "谭勇")
    assert (await city.item("W0191"))["merged_into_id"] == (await city.item("W0190"))["id"]
    await city.clock("2026-10-13 10:00")
    assert not [one for one in city.heard("苏静") if "催办" in one.text or "提醒" in one.text]


async def test_f13_of_another_project_is_asked_once(open_city: OpenCity) -> None:
    """Rule F13: two projects are named before the duplicate disappears; 「不合并」 leaves both as they are."""
    city = await open_city("2026-09-22 09:00")
    await city.say("王磊(临河区发改局)", "ZY0007消防水池施工图审查没通过，请市住建局10月15日前帮助完成")
    await city.say("王磊(临河区发改局)", "确认")
    city.mark()
    await city.say("孙晓雯", "合并W0191到W0190")
    says(city.last("孙晓雯"), "不是同一个项目", "ZY0007 临河区第三人民医院门诊综合楼")
    says(city.last("孙晓雯"), "ZD0115 云川至白石快速通道工程")
    silent(city, "王磊(临河区发改局)")
    await city.say("孙晓雯", "不合并")
    assert (await city.item("W0191"))["state"] == "待甄别"
    await city.say("孙晓雯", "合并 W0191 到 W0190")
    await city.press("孙晓雯", "确认合并", to="孙晓雯")
    says(city.last("王磊(临河区发改局)"), "已合并到 W0190")
    await city.say("孙晓雯", "确认合并 W0191")
    says(city.last("孙晓雯"), "W0191 当前已合并到 W0190，不能合并")


async def test_f13_confirmed_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("王磊(临河区发改局)", "ZY0007消防水池施工图审查没通过，请市住建局10月15日前帮助完成")
    await city.say("王磊(临河区发改局)", "确认")
    await city.say("孙晓雯", "W0191合并到W0190")
    await city.say("孙晓雯", "确认合并")
    assert (await city.item("W0191"))["state"] == "已合并"
