"""What is told in a roundabout way is put straight, and each number keeps its place in the author's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understanding.roundabout import straight
from handlers.understanding.text import Source
from handlers.understanding.values.numbers import amount_tokens


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("甲7月、8月分别投资1200万和800万。乙停工", "甲7月投资1200万，8月投资800万。乙停工"),
        ("甲 7、8月份分别完成投资1200万、800万", "甲 7月完成投资1200万，8月完成投资800万"),
        ("甲一季度、二季度投资分别为1亿、2亿", "甲一季度投资为1亿，二季度投资为2亿"),
        ("累计完成投资、支付分别为3.2亿、2.1亿", "累计完成投资为3.2亿，支付为2.1亿"),
        ("完成率和支付率分别达到65%和41%", "完成率达到65%，支付率达到41%"),
        ("今年完成投资较去年同期增加2000万，达到9800万", "今年完成投资达到9800万"),
        ("完成率比上周提高5个百分点，达到65%", "完成率达到65%"),
        ("7月、8月分别1万、2万，9月、10月分别3万、4万", "7月1万，8月2万，9月3万，10月4万"),
        ("甲累计4100万，扣除重复的200万，实际3900万", "甲累计实际3900万"),
        ("甲原来累计3900万，加上本月的200万，现在4100万", "甲累计现在4100万"),
        ("甲累计4100万（其中200万重复），实际3900万", "甲累计实际3900万"),
        ("甲上报数4100万多报了200万，应为3900万", "甲应为3900万"),
    ],
)
def test_each_number_stands_behind_what_it_is_of(text: str, told: str) -> None:
    assert straight(Source.of(text)).plain == told


@pytest.mark.parametrize(
    "text",
    [
        "甲、乙本月分别完成1200万、800万",  # projects: whoever knows their names shares them out
        "一标段、二标段分别完成1200万、800万",
        "7月、8月、9月分别完成1200万、800万",
        "7月、8月分别完成1200万",
        "预计10月、11月分别完成1200万、800万",  # 预计 holds for both
        "年累计分别为3.1亿、1.4亿",
        "请财政局、住建局分别落实",
        "累计4100万，扣除重复的200万，实际3800万",  # a sum that does not come out is the author's to put right
        "累计3900万，本月200万，现在4100万",  # nothing was added or taken off
    ],
)
def test_what_does_not_pair_off_stays_as_it_is(text: str) -> None:
    source = Source.of(text)
    assert straight(source) is source


@given(
    st.lists(
        st.sampled_from(["7月", "8月", "一季度", "今年累计", "本月", "甲", "、", "和", "，"]), max_size=8
    ),
    st.lists(st.sampled_from(["1200万", "３.２亿", "800\u200b万", "、", "和", "65%"]), max_size=8),
)
def test_every_number_leads_back_to_the_authors_characters(before: list[str], behind: list[str]) -> None:
    text = f"{''.join(before)}分别完成{''.join(behind)}。"
    source = straight(Source.of(text))
    for token in amount_tokens(source):
        span = source.span(token.start, token.end)
        assert span.text == text[span.start : span.end]
        assert Source.of(span.text).plain == source.plain[token.start : token.end]
