"""What is not the asker's is answered as what does not exist, however it is said; records by code (B4, C18)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity

NOT_FOUND = "未找到，或您无权查看"


@pytest.mark.parametrize(
    ("theirs", "nobodys"),
    [
        ("城南污水处理厂怎么样了", "城北大桥怎么样了"),
        ("城南污水处理厂进度怎么样", "城北大桥进度怎么样"),
        ("查一下城南污水处理厂", "查一下城北大桥"),
        ("ZX0031怎么样了", "ZX9999怎么样了"),
        ("ZX0031已经开工了", "ZX9999已经开工了"),
        ("城南污水处理厂已经竣工了", "城北大桥已经竣工了"),
        ("历史 ZX0031", "历史 ZX9999"),
    ],
)
async def test_b4_the_same_words_for_both(open_city: OpenCity, theirs: str, nobodys: str) -> None:
    city = await open_city("2026-09-22 10:05")
    for said in (theirs, nobodys):
        await city.say("李娜", said)
        assert city.last("李娜").text == NOT_FOUND
        await city.say("李娜", "取消")
    attempts = await _attempts(city, "李娜")
    assert any(theirs in one for one in attempts)


async def _attempts(city: City, name: str) -> list[str]:
    rows = await city.rows(
        "SELECT new FROM audit WHERE record_kind = 'access' AND by_name = :name", name=name
    )
    return [str(row["new"]) for row in rows]


@pytest.mark.parametrize("said", ["天气怎么样", "中午吃什么"])
async def test_c15_small_talk_is_no_project(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:05")
    await city.say("李娜", said)
    says(city.only("李娜"), "没看懂")


@pytest.mark.parametrize("said", ["历史 ZX0031", "ZX0031 历史", "ＺＸ0031的历史"])
async def test_c18_what_a_page_offers_by_its_code(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:05")
    await city.say("张伟", said)
    says(city.only("张伟"), "ZX0031 历史", "今年累计")
    await city.say("张伟", "ZX0031 上报记录")
    says(city.last("张伟"), "ZX0031 上报记录", "4700")
    await city.say("张伟", "ZX0031问题")
    says(city.last("张伟"), "ZX0031", "在办问题 0")
    assert (
        await city.rows("SELECT id FROM drafts WHERE author_id = (SELECT id FROM people WHERE name='张伟')")
        == []
    )
    lacks(city.last("张伟"), "形象进度")
