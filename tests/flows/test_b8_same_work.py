"""What is restricted costs an outsider as much as what is not there: the same statements (rules B4, B8)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from .city import City, norm
from .conftest import OpenCity

RESTRICTED, MISSING = "W0191", "W0999"
_QUEUES = re.compile(
    r"\b(?:outbox|inbox|timers|meta|webchat_\w+|sent_messages|job_runs|leases|outages|turns)\b"
)


async def restricted(city: City) -> None:
    """W0191 on ZX0031, restricted, handed to a unit; nobody but its circle knows of it."""
    await city.say("周敏", "/问题 受限 ZX0031 专项债资金疑似超范围支出,待审计核")
    await city.press("周敏", "确认", to="周敏")


@contextmanager
def statements() -> Iterator[Counter[str]]:
    """What is asked of the database about records, without the queues that run beside and their transactions."""
    found: Counter[str] = Counter()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN") and not _QUEUES.search(statement):
            found[" ".join(statement.split())[:400]] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def asked(city: City, who: str, text: str) -> tuple[Counter[str], str]:
    city.mark()
    with statements() as found:
        await city.say(who, text)
    return found, norm(city.last(who).text)


COMMANDS = (
    "/查 {}",
    "查{}",
    "/流程 {}",
    "/历史 {}",
    "/审计 {}",
    "/反馈 {} 已会商两次",
    "/办结 {} 已批 文号 云林审〔2026〕88号",
    "/延期 {} 到 10月28日 专家评审",
    "/签收 {}",
    "/退回 {} 不属本单位职责 建议市财政局",
    "/重开 {} 反弹",
    "/提级 {} 2级",
    "/批示 {} 请抓紧",
    "/交办 {} 责任人 苏静",
    "/合并 {} 到 W0186",
    "/合并 W0186 到 {}",
    "/销号 {}",
    "/督办函 {}",
    "/提醒函 {}",
    "/通报 {}",
    "/协办 {} 免除 市住建局",
    "/会议 加入 {}",
    "采纳 {}",
    "不予受理 {} 重复",
    "{} 办得怎么样了",
    "/导出 {}",
)


@pytest.mark.parametrize("who", ["张伟", "苏静", "马德胜"])
async def test_b8_a_restricted_item_is_as_one_that_is_not_there(open_city: OpenCity, who: str) -> None:
    """Same words, same statements, for every command that names an item."""
    city = await open_city("2026-09-22 10:00", restricted)
    different = []
    for command in COMMANDS:
        await asked(city, who, command.format(MISSING))  # what is loaded once is loaded
        hidden, words = await asked(city, who, command.format(RESTRICTED))
        missing, other = await asked(city, who, command.format(MISSING))
        if words.replace(RESTRICTED, "") != other.replace(MISSING, ""):
            different.append((command, words, other))
        if hidden != missing:
            different.append((command, dict(hidden - missing), dict(missing - hidden)))
    assert not different, "\n".join(map(str, different))


SEARCHES = (
    "/查 ZX0032",
    "/问题",
    "/问题 ZX0032",
    "/查 超范围支出",
    "/查 黄灯",
    "/亮灯",
    "/亮灯 蓝",
    "/我的",
    "/五尽",
    "/导出 问题",
    "/通讯录 财政金融",
    "ZX0032 专项债资金疑似超范围支出,请市财政局10月20日前核",
)


@pytest.mark.parametrize("who", ["张伟", "孙晓雯", "马德胜"])
async def test_b8_a_search_costs_the_same_with_and_without(open_city: OpenCity, who: str) -> None:
    """Lists, counts, searches and the search for duplicates: as before the restricted item was raised."""
    city = await open_city("2026-09-22 10:00")

    async def all_of_them() -> dict[str, tuple[Counter[str], str]]:
        found = {}
        for text in SEARCHES:
            found[text] = await asked(city, who, text)
            await city.say(who, "取消")
        return found

    await all_of_them()
    before = await all_of_them()
    await restricted(city)
    await all_of_them()
    after = await all_of_them()
    different = [
        (text, dict(after[text][0] - before[text][0]), dict(before[text][0] - after[text][0]), after[text][1])
        for text in SEARCHES
        if after[text] != before[text]
    ]
    assert not different, "\n".join(map(str, different))


async def test_b8_the_count_does_tell_one_from_the_other(open_city: OpenCity) -> None:
    """Who sees the item is answered with more: these tests can fail."""
    city = await open_city("2026-09-22 10:00", restricted)
    await asked(city, "陈立新", f"/查 {MISSING}")
    hidden, words = await asked(city, "陈立新", f"/查 {RESTRICTED}")
    missing, other = await asked(city, "陈立新", f"/查 {MISSING}")
    assert "超范围" in words
    assert "未找到" in other
    assert sum(hidden.values()) > sum(missing.values())
