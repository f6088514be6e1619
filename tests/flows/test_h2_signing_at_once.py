"""Many drafts of one type signed at once: consecutive numbers without gaps, on both databases (rules B6, H2, H3)."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.postgres import Server

from .city import City, Message, city_at, moment
from .test_s45_dispatch_list import handed_out

LETTERS = ("W0186", "W0190", "W0191", "W0192", "W0193")
_SERIAL = re.compile(r"云攻坚督〔2026〕(\d+)号")


async def waiting_to_be_signed(city: City) -> None:
    """Five 督办函 lie with 陈立新, for whom 孙晓雯 stands in."""
    await handed_out(city)
    for number in LETTERS:
        await city.say("孙晓雯", f"/督办函 {number}")
        await city.press("孙晓雯", "报签", to="孙晓雯", contains=number)
    await city.say("陈立新", "/代理 孙晓雯 9月23日 至 9月25日")


async def _press(city: City, card: Message, who: str) -> None:
    index = card.button("签发")
    assert index is not None, card
    status, _ = await city.post("actions", {"from": who, "seq": card.seq, "action": card.action_ids[index]})
    assert status == 202


async def _signed_at_once(city: City) -> None:
    last = (await city.rows("SELECT last FROM number_series WHERE series = 'letter:督办函:2026'"))[0]["last"]
    cards = [city.with_button("陈立新", "签发", to="陈立新", contains=number) for number in LETTERS]
    assert len({card.seq for card in cards}) == len(LETTERS)
    city.mark()
    await asyncio.gather(*(_press(city, card, who) for card in cards for who in ("陈立新", "孙晓雯")))
    await city.say("陈立新", "/我的")
    rows = await city.rows(
        "SELECT state, number, serial FROM documents WHERE kind = '督办函' AND number > :last ORDER BY number",
        last=last,
    )
    assert [row["number"] for row in rows] == list(range(last + 1, last + 1 + len(LETTERS)))
    assert {row["state"] for row in rows} == {"已签发"}
    assert [int(_SERIAL.fullmatch(row["serial"])[1]) for row in rows] == [row["number"] for row in rows]  # type: ignore[index]
    waiting = await city.rows("SELECT id FROM documents WHERE kind = '督办函' AND state = '报签'")
    assert waiting == []
    # Who came second on a paper is told what has become of it; nobody signed it twice.
    late = [
        message
        for name in ("陈立新", "孙晓雯")
        for message in city.heard(name)
        if message.reason == "回复" and "已签发（" in message.text.replace("(", "（")
    ]
    assert len(late) == len(LETTERS), [(one.to, one.text[:60]) for one in city.heard_by_anyone()]


@pytest.mark.sqlite_only  # which runs both kinds: the run on PostgreSQL would repeat them
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_h2_numbers_are_consecutive_when_signed_at_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: Server | None = request.getfixturevalue("postgres_databases") if kind == "postgres" else None
    async with city_at(tmp_path, "2026-09-23 15:00", waiting_to_be_signed, server=server) as city:
        assert moment("2026-09-23 15:00") == city.settings.clock_start
        await _signed_at_once(city)
