"""What is read as sent to the province, and as its answer (rules G1, O2)."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules import province

TODAY = date(2026, 10, 20)
NUMBER = "云攻坚〔2026〕41号"


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("已报省 文号 云攻坚〔2026〕41号", NUMBER, None),
        ("4级 已报省文号云攻坚〔2026〕41号", NUMBER, None),
        ("10月13日已报省", "", date(2026, 10, 13)),
        ("昨天已上传省系统，云攻坚[2026]41号", NUMBER, date(2026, 10, 19)),
        ("报省文号 云攻坚（2026）第41号", NUMBER, None),
        ("已上传 文号 云攻坚〔2026〕41号", NUMBER, None),
        ("文号 YGJ-41", "YGJ-41", None),
        ("材料已报省系统 文号 云攻坚〔2026〕41号", NUMBER, None),
    ],
)
def test_sent(text: str, number: str, day: date | None) -> None:
    assert province.says_sent(text)
    assert province.sent(text, TODAY) == province.Sent(number, day)


@pytest.mark.parametrize(
    "text", ["4级 原因 已报省厅，症结 方案未批", "省里才能定，已报省三次", "2级 症结 …", "4级", ""]
)
def test_not_sent(text: str) -> None:
    assert not province.says_sent(text)


@pytest.mark.parametrize(
    ("text", "promise", "day"),
    [
        (
            "省综合专班10月20日复:已协调铁路局,11月5日前批复",
            "已协调铁路局,11月5日前批复",
            date(2026, 10, 20),
        ),
        ("省里今天答复，同意", "同意", date(2026, 10, 20)),
        ("10月19日省综合专班来文：11月5日前批复", "11月5日前批复", date(2026, 10, 19)),
        ("省发改委批复：同意", "同意", None),
        ("省综合专班：已协调", "已协调", None),
        ("省级批复：11月5日前批", "11月5日前批", None),
    ],
)
def test_reply(text: str, promise: str, day: date | None) -> None:
    assert province.is_reply(text)
    assert province.reply(text, TODAY) == province.Reply(text, promise, day)


@pytest.mark.parametrize(
    "text", ["请省里协调，交通局10月25日前报", "省里催问批复进展，请交通局10月25日前报", "郑海峰批示：抓紧"]
)
def test_no_reply(text: str) -> None:
    assert not province.is_reply(text)
