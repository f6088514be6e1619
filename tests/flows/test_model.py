"""An optional language model: it points at words, the grammar reads them, the author confirms them."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.settings import ModelSettings
from tests.fakes.model import KEY, NAME, FakeModel, fake_model

from .city import City, lacks, says
from .conftest import OpenCity

SAID = "城南污水处理厂土建那块忙到5500万了"


async def _with_model(open_city: OpenCity, model: FakeModel, **said: object) -> City:
    city = await open_city("2026-09-22 10:02")
    settings = ModelSettings(url=model.url, name=NAME, key=SecretStr(KEY), timeout=1.0)
    city.settings = city.settings.model_copy(update={"model": settings})
    await city.restart()
    model.suggest(**said)
    city.mark()
    return city


async def test_what_it_points_at_is_asked_about_and_marked(open_city: OpenCity) -> None:
    """The amount stands in the text; its basis does not, so it is asked for (rule C5); the card says what to check."""
    async with fake_model() as model:
        city = await _with_model(
            open_city, model, figures=[{"words": "5500万", "project": "城南污水处理厂", "basis": ""}]
        )
        await city.say("张伟", SAID)
        says(city.last("张伟"), "5500 万元是「累计完成」还是「本月完成」")
        await city.say("张伟", "累计完成")
        says(city.last("张伟"), "草稿", "ZX0031", "5500", "由模型辅助识别", "请逐项核对")
        assert model.asked == [SAID]
        assert model.wrong == []


@pytest.mark.parametrize(
    "figures",
    [
        [{"words": "5800万", "project": "城南污水处理厂", "basis": "累计"}],
        [{"words": "5500万", "project": "白石县循环经济产业园", "basis": "累计"}],
        [{"words": "55", "project": "城南污水处理厂"}],
        "5500万",
        [None, 7],
    ],
)
async def test_what_does_not_stand_in_the_text_is_dropped(open_city: OpenCity, figures: object) -> None:
    async with fake_model() as model:
        city = await _with_model(open_city, model, figures=figures, image_progress="主体已经封顶")
        await city.say("张伟", SAID)
        assert model.asked == [SAID]
        lacks(city.last("张伟"), "5500 万元是", "5800", "封顶", "模型")


@pytest.mark.parametrize("trouble", ["slow", "broken", "too large", "refuses", "no json"])
async def test_nothing_depends_on_it(open_city: OpenCity, trouble: str) -> None:
    async with fake_model() as model:
        city = await _with_model(open_city, model, figures=[])
        model.delay = 3.0 if trouble == "slow" else 0.0
        model.raw = {"broken": b"<html>", "too large": b"[" + b"1," * 60_000 + b"1]"}.get(trouble)
        model.status = 500 if trouble == "refuses" else 200
        model.answer = "不知道" if trouble == "no json" else model.answer
        await city.say("张伟", SAID)
        says(city.last("张伟"), "ZX0031", "累计完成投资是多少")
        city.mark()
        await city.say("张伟", "5500")
        says(city.last("张伟"), "5500", "草稿")


async def test_what_the_grammar_understands_is_never_shown_to_it(open_city: OpenCity) -> None:
    async with fake_model() as model:
        city = await _with_model(open_city, model)
        await city.say("张伟", "城南污水处理厂累计完成投资5500万，主体结构封顶")
        says(city.last("张伟"), "草稿", "5500")
        await city.say("张伟", "城南污水处理厂计划年底干到5500万")
        await city.say("张伟", "收到")
        assert model.asked == []


def test_a_far_address_needs_encryption_and_a_name() -> None:
    with pytest.raises(ValueError, match="https"):
        ModelSettings(url="http://model.example.com/v1", name=NAME)
    with pytest.raises(ValueError, match="MODEL__NAME"):
        ModelSettings(url="http://127.0.0.1:11434/v1")
    with pytest.raises(ValueError, match="127"):
        ModelSettings(url="ftp://127.0.0.1", name=NAME)
    assert ModelSettings(url="https://model.example.com/v1", name=NAME).secret == ""
