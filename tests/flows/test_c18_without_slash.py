"""Commands as people type them, without the slash and with words that run on (rules C16, C18)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("李娜", "通讯录 要素保障", "要素保障专班：牵头 市自然资源局"),
        ("李娜", "查一下要素保障的通讯录", "要素保障专班：牵头 市自然资源局"),
        ("马德胜", "代理 孙晓雯 9月22日至9月23日", "已记录代理：孙晓雯 自 09-22 09:00 至 09-23 24:00"),
        ("马德胜", "代理孙晓雯，9月22日到23日", "已记录代理：孙晓雯 自 09-22 09:00 至 09-23 24:00"),
        ("孙晓雯", "拟题9月专题会议", "9月专题会议建议议题"),
        ("孙晓雯", "纪要 9月22日协调会", "请把《9月22日协调会》的正文粘贴过来"),
        ("张伟", "导出 总账", "青禾县台账（4 项）"),
        ("马德胜", "蓝灯", "3个工作日内到期（至 09-28 18:00）"),
        ("陈立新", "查五尽", "应办尽办"),
        ("孙晓雯", "查台账ZX0031", "财政金融专班（类型牵头） ✔"),
        ("孙晓雯", "本周小结", "【本周工作小结】"),
        ("张伟", "草稿", "没有未确认的草稿"),
        ("孙晓雯", "交办清单 9月第4周", "9月第4周没有可列入清单的交办事项"),
        ("孙晓雯", "简报第３８期", "拟第38期"),
        ("孙晓雯", "签发督办函W0186", "您不能签发督办函，此事由"),
        ("陈立新", "作废督99，日期有误", "未找到，或您无权查看"),
        ("孙晓雯", "送达督99", "未找到，或您无权查看"),
    ],
)
async def test_c18_without_the_slash(open_city: OpenCity, who: str, words: str, answer: str) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say(who, words)
    says(city.last(who), answer)


@pytest.mark.parametrize(
    "words",
    ["代理的事还没定", "导出来的表不对", "会议定在周五", "交接还没办完", "简报写得不错", "作废督12的事再议"],
)
async def test_c16_a_sentence_that_begins_like_one_does_nothing(open_city: OpenCity, words: str) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("孙晓雯", words)
    lacks(city.last("孙晓雯"), "已")


@pytest.mark.parametrize("said", ["撤销刚才那条", "撤销刚才那条。", "／撤回上一条", "撤消那条 ZX0031"])
async def test_c10_the_last_one_however_it_is_called(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水厂累计4800")
    await city.say("张伟", "确认")
    await city.say("张伟", said)
    says(city.last("张伟"), "台账恢复 4700 万元")


async def test_help_lists_names_and_not_every_way_of_speaking(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/帮助 撤销")
    says(city.last("张伟"), "也可写作：/撤消、/撤回")
    lacks(city.last("张伟"), "刚才那条")
    await city.say("张伟", "/帮助 取消代理")
    says(city.last("张伟"), "/代理：", "/取消代理")


@pytest.mark.parametrize("said", ["取消代理", "/结束代理", "／代理 取消", "取消代理 赵永年"])
async def test_b6_ending_a_delegation_in_words(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/代理 赵永年 9月22日 至 9月23日")
    await city.say("张伟", said)
    says(city.last("张伟"), "已取消")
