"""What waits for somebody, asked as one asks a colleague: the same as /我的 (rules C18, E15)."""

from __future__ import annotations

import pytest

from .conftest import OpenCity


@pytest.mark.parametrize(
    "said", ["我手上还有啥", "我还有什么没办的？", "我今天要办哪些事", "我这里还欠啥没反馈", "我的待办"]
)
async def test_what_is_mine(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", "/我的")
    wanted = city.last("苏静").text
    await city.say("苏静", said)
    assert city.last("苏静").text == wanted


@pytest.mark.parametrize("said", ["我有什么问题", "我们县还有什么项目是黄灯", "我还有三户没拆完"])
async def test_other_words_are_no_question_about_tasks(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", "/我的")
    tasks = city.last("苏静").text
    await city.say("苏静", said)
    assert city.last("苏静").text != tasks
