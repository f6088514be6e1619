"""Any text at all: no exception, linear time, positions that lead back to the author's characters."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.understanding.fixtures_city import anyone, zhang

PIECES = [
    *["城南污水处理厂", "累计完成投资", "5500万", "5.5亿", "75%", "9月底前", "请住建局协调", "二期"],
    *[
        "ZX0031",
        "〔2026〕3号",
        "W0186",
        "本月",
        "计划",
        "没批",
        "【青禾县】",
        "不是",
        "，不对，",
        "写错了",
        "刚才报的",
        "一二三",
        "1.",
    ],
    *"()|，；：?😀０\n \u200b\x00\u202e",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=60))
def test_nothing_breaks_and_spans_hold(text: str) -> None:
    reading = zhang(text)
    spans = [*reading.unread]
    for line in reading.lines:
        spans += [figure.amount.span for figure in line.figures]
        spans += [percent.span for percent in line.percentages]
        spans += [amount.span for _, amount in line.funds]
    for span in spans:
        assert text[span.start : span.end] == span.text


def test_document_numbers_that_touch_each_other() -> None:
    text = "〔2026〕3号〔2026〕3号〔2026〕3号\u200b城南污水处理厂"
    for line in zhang(text).lines:
        assert line.mention in text


@pytest.mark.parametrize("said", ["5,2OO万", "52oo万元", "5２００万"])
def test_a_letter_for_zero(said: str) -> None:
    (figure,) = zhang(f"城南污水处理厂累计完成投资{said}").lines[0].figures
    assert figure.amount.fen == 5200 * 1_000_000
    assert figure.amount.span.text.startswith(said)


def test_unseen_characters_do_not_change_the_reading() -> None:
    text = "城南污水\u200b处理厂\u202e累计完成投资55\x0000万\ufeff,主体\u200b结构封顶"
    (line,) = zhang(text).lines
    assert line.figures[0].amount.fen == 5500 * 1_000_000
    assert text[line.figures[0].amount.span.start : line.figures[0].amount.span.end] == "55\x0000万"


def test_blanks_around_numbers_as_input_methods_put_them() -> None:
    (line,) = zhang("城南污水处理厂 8 月份累计完成投资 5500 万元").lines
    assert line.figures[0].amount.fen == 5500 * 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "城南污水处理厂累计完成投资5500万,主体结构封顶,设备开始安装。",
        "城南污水处理厂累计完成投资主体结构封顶设备开始安装",
        "1", "1,", "一", "1亿2千", "9月", "(", "a:", " ", "1.\n", "请", "〔2026〕3号", "不是1",
        "|项目|累计|\n|污水|5|\n", "改",
        "了吧啊主体", "5，不对", "5，不对啊啊", "刚刚刚才", "3.1-3.15", "人民政府", "问题1.没批;",
    ],
)  # fmt: skip
def test_time_grows_with_length_and_not_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        begin = time.process_time()
        anyone(text)
        return time.process_time() - begin

    seconds(1_000)
    short, long = seconds(10_000), seconds(100_000)
    assert long < 30 * short + 1.0
