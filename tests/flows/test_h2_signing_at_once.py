"""Many drafts of one type signed at once: consecutive numbers without gaps, on both databases (rules B6, H2, H3)."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.postgres import Server

from .city import City, Message, city_at, moment, offers, says
from .conftest import OpenCity
from .test_s45_dispatch_list import handed_out
from .told import told

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


async def test_h3_a_draft_that_was_put_to_nobody_is_shown_first(open_city: OpenCity) -> None:
    """Rule H3: 「签发」 alone signs what lies before the signer; 马德胜's own draft is shown, then signed."""
    city = await open_city("2026-09-24 09:30")
    city.mark()
    await city.say("陈立新", "签发")
    card = city.only("陈立新")
    says(card, "【提醒函草稿】W0186", "致市林业局")
    offers(card, "签发")
    assert await city.rows("SELECT serial FROM documents WHERE serial LIKE '%24号'") == []
    await city.say("陈立新", "签发")
    says(city.last("苏静"), "云攻坚提〔2026〕24号")


async def test_h5_signed_at_night(open_city: OpenCity) -> None:
    """Rules A3, H5: signed at 20:00 it goes out at 08:30, and the receipt is due a workday after that."""
    city = await open_city("2026-09-29 20:00")
    await city.say("陈立新", "签发督办函 W0186")
    assert not city.heard("苏静")
    await city.clock("2026-09-30 08:30")
    says(city.last("苏静"), "督〔2026〕12号", "请于 10-08 18:00 前")
    await city.clock("2026-10-08 09:00")
    assert not told(city, "签收提醒")
    await city.clock("2026-10-09 08:30")
    says(city.last("苏静"), "【签收提醒】", "09-29 20:00 签发，应于 10-08 18:00 前签收")


async def test_h2_a_term_that_is_over_is_to_be_changed_first(open_city: OpenCity) -> None:
    """Rule H2: an old draft is not signed with a date in the past; the example is a day to come."""
    city = await open_city("2026-10-12 09:30")
    await city.press("陈立新", "签发", to="陈立新", contains="督办函草稿】致市林业局")
    says(city.last("陈立新"), "限期 10-10 18:00 已过", "修改 限期改为 10月15日")
    assert await city.rows("SELECT serial FROM documents WHERE serial LIKE '%督%12号'") == []
