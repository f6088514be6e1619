"""「W0191 不归我们管，退回」: the verb at the end is the verb, and no feedback (rules C18, C16, F4, F7, F9)."""

from __future__ import annotations

import pytest

from .city import City, says, silent
from .conftest import OpenCity
from .told import one_about


async def _dispatched(city: City) -> None:
    await city.say("魏然", "ZY0007施工许可办不下来，请住建局10月15日前解决")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办 W0191 责任人 彭倩 督办专员 马德胜 措施 并联审查")
    await city.say("孙晓雯", "确认交办")


@pytest.mark.parametrize(
    "said", ["W0191不归我们管，退回", "W0191 不归我们管。申请退回", "w0191，不归我们管 退回吧"]
)
async def test_f4_returned(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 09:20", _dispatched)
    await city.say("彭倩", said)
    says(city.last("彭倩"), "建议承办单位")
    city.mark()
    await city.say("彭倩", "市教育局")
    says(one_about(city, "孙晓雯", "W0191"), "不归我们管", "建议 市教育局")
    assert (await city.item("W0191"))["state"] == "待甄别"


async def test_f3_received_with_a_courtesy(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:20", _dispatched)
    await city.say("彭倩", "W0191 收到，签收")
    says(city.last("彭倩"), "W0191 已签收")


async def test_f9_closed(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:20")
    await city.say("苏静", "W0186 二期林地手续已批，申请办结")
    says(city.last("苏静"), "W0186", "批复文件", "文号")
    city.mark()
    await city.say("苏静", "文号 云林审〔2026〕91号")
    says(one_about(city, "马德胜", "W0186"), "待审核", "二期林地手续已批", "云林审〔2026〕91号")


@pytest.mark.parametrize("said", ["W0186 省局已受理，预计10月办结", "W0186 材料在补正，尚未办结"])
async def test_f5_what_tells_of_it_is_a_feedback(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 09:20")
    await city.say("苏静", said)
    says(city.last("苏静"), "反馈草稿", said.removeprefix("W0186 "))


@pytest.mark.parametrize(
    "said",
    [
        "W0190 铁路局审批慢，想延期到10月23日",
        "W0190，铁路局审批慢，申请延期5个工作日",
        "W0190铁路局审批慢，我们申请把时限延长至10月23日",
    ],
)
async def test_f7_more_time(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-13 09:00")
    city.mark()
    await city.say("吴迪", said)
    says(one_about(city, "马德胜", "首次延期申请"), "10-16 → 10-23", "铁路局审批慢")


async def test_f1_not_taken_and_more_asked(open_city: OpenCity) -> None:
    """By who may; another is told who may (rule B10)."""
    city = await open_city("2026-09-22 09:20")
    await city.say("魏然", "ZY0007施工许可办不下来，请住建局10月15日前解决")
    await city.say("魏然", "确认")
    city.mark()
    await city.say("魏然", "W0191 与本人无关，不予受理")
    says(city.last("魏然"), "不能", "综合专班")
    silent(city, "孙晓雯")
    await city.say("孙晓雯", "W0191 卡点没有写清楚，退回补充")
    says(one_about(city, "魏然", "退回补充"), "卡点没有写清楚")
