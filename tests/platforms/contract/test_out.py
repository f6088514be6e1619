"""The contract of every platform, outwards: in order, nothing lost, nothing twice, whatever the network does."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from tests.fakes.fault_proxy import Fault
from tests.platforms.contract.conftest import Line
from tests.platforms.contract.harness import PLANT, REPORT, Harness, Knock, Trait, tried

CALLING = tried(Trait.NOTICES, Trait.CALLS)
THROUGH_A_NETWORK = tried(Trait.NOTICES, Trait.CALLS, Trait.HTTP)
LATER = "2026-09-22 10:40"
THREE = ["第一件", "第二件", "第三件"]


@tried(Trait.NOTICES)
async def test_a_long_text_comes_in_numbered_parts_none_cut(harness: Harness) -> None:
    """P4"""
    lines = [f"第{number}行：平原大道改造工程进度滞后，请抓紧" for number in range(1, 401)]
    await harness.queue("\n".join(lines))
    await harness.settle()
    texts = harness.heard()
    assert len(texts) > 1
    limits = harness.city.product.platforms[harness.name].limits
    for number, text in enumerate(texts, start=1):
        assert text.startswith(f"({number}/{len(texts)})\n")
        assert limits.size(text) <= limits.text_length
    shown = "\n".join(text.split("\n", 1)[1] for text in texts).split("\n")
    assert [line for line in shown if line.startswith("第")] == lines


@tried()
async def test_markup_and_mentions_of_a_stranger_stay_words(harness: Harness) -> None:
    """What somebody typed comes back as plain characters, and calls nobody."""
    typed = "<a href='http://evil.example'>@all @room **急**</a>"
    if Trait.HEARS in harness.without:
        await harness.queue(typed)
        await harness.settle()
    else:
        await harness.say(f"/查 {typed}")
    text = harness.heard()[-1]
    assert not re.search(r"(?<!\w)@(?:all|room)\b", text)
    assert "<a" not in text


@CALLING
async def test_a_rate_limit_is_waited_for_in_order(harness: Harness) -> None:
    harness.limit()
    await harness.queue(*THREE)
    await harness.settle()
    assert (harness.heard(), harness.sends()) == ([], 1), "no call while the platform asks to wait"
    await harness.city.clock("2026-09-22 10:02:59")
    assert harness.sends() == 1
    await harness.city.clock("2026-09-22 10:05")
    assert harness.heard() == THREE
    assert [state for state, _ in await harness.outbox()] == ["sent"] * 3


@tried(Trait.NOTICES, Trait.CALLS, Trait.TOKENS)
async def test_a_token_that_ends_holds_up_nothing_for_good(harness: Harness) -> None:
    await harness.queue("之前")
    await harness.settle()
    mend = harness.end_token()
    await harness.queue(*THREE)
    await harness.settle()
    mend()
    await harness.city.clock(LATER)
    assert harness.heard()[0] == "之前"
    shown = "\n".join(harness.heard())
    assert [shown.count(one) for one in THREE] == [1, 1, 1]
    assert shown.index("第一件") < shown.index("第二件") < shown.index("第三件")


@CALLING
async def test_an_outage_loses_nothing(harness: Harness) -> None:
    await harness.outage(True)
    await harness.queue(*THREE)
    await harness.city.clock("2026-09-22 10:20")
    assert harness.heard() == []
    await harness.outage(False)
    await harness.city.clock("2026-09-22 10:50")
    shown = "\n".join(harness.heard())
    assert [shown.count(one) for one in THREE] == [1, 1, 1]
    assert shown.index("第一件") < shown.index("第二件") < shown.index("第三件")
    assert [state for state, _ in await harness.outbox()] == ["sent"] * 3


@CALLING
async def test_what_is_never_taken_is_put_aside_and_the_rest_goes_on(harness: Harness) -> None:
    code = harness.refuse_once()
    await harness.queue("坏消息", "好消息")
    await harness.settle()
    await harness.city.clock("2026-09-22 11:00")
    (bad, why), (good, _) = await harness.outbox()
    assert (bad, good) == ("dead", "sent")
    assert code in why
    assert harness.heard() == ["好消息"]


@tried(Trait.NOTICES, Trait.CALLS, Trait.PEOPLE)
async def test_whoever_is_gone_is_noted_and_not_tried_again(harness: Harness) -> None:
    """P3: noted on the account, and passed to whoever stands in."""
    why = harness.lose_person()
    await harness.queue("找不到人")
    await harness.settle()
    rows = await harness.city.rows(
        "SELECT unreachable_since, unreachable_reason FROM accounts WHERE platform = :name "
        "AND person_id = (SELECT id FROM people WHERE name = '张伟')",
        name=harness.name,
    )
    assert rows[0]["unreachable_since"] is not None
    assert why in rows[0]["unreachable_reason"]
    sends = harness.sends()
    await harness.queue("也找不到")
    await harness.settle()
    assert harness.sends() == sends
    assert not {"sent", "waiting", "sending"} & {state for state, _ in await harness.outbox()}


@THROUGH_A_NETWORK
@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name.lower())
async def test_a_bad_network_loses_nothing_and_shows_nothing_twice(line: Line, fault: Fault) -> None:
    harness = line.harness
    await harness.queue("之前")  # the way there is known
    await harness.settle()
    heard = len(harness.heard())
    line.proxy.spoil = [fault] if fault is Fault.BLACK_HOLE else [fault] * 3
    await harness.queue(*THREE)
    await harness.settle()
    await harness.city.clock(LATER)
    assert line.proxy.spoil == []
    assert line.proxy.spoilt in (1, 3)
    shown = "\n".join(harness.heard()[heard:])
    await nothing_lost(harness, shown, THREE)
    there = [one for one in THREE if one in shown]
    assert sorted(there, key=shown.index) == there
    assert [state for state, _ in await harness.outbox()] == ["sent"] * 4


@THROUGH_A_NETWORK
@pytest.mark.parametrize(
    "fault", [Fault.REFUSE, Fault.TRUNCATE, Fault.REPLY_LOST], ids=lambda one: one.name.lower()
)
async def test_the_first_words_survive_a_bad_network(line: Line, fault: Fault) -> None:
    """Before anything is known: tokens, rooms and the message itself may each be spoilt."""
    line.proxy.spoil = [fault] * 6
    await line.harness.queue("您好")
    await line.harness.settle()
    await line.harness.city.clock(LATER)
    await nothing_lost(line.harness, "\n".join(line.harness.heard()), ["您好"])
    assert [state for state, _ in await line.harness.outbox()] == ["sent"]


@tried(Trait.HEARS, Trait.NOTICES, Trait.CALLS, Trait.HTTP)
async def test_a_card_through_a_bad_network_is_one_card(line: Line) -> None:
    harness = line.harness
    await harness.say("/帮助")
    heard = len(harness.heard())
    line.proxy.spoil = [Fault.REPLY_LOST, Fault.REPLY_LOST]
    await harness.say(REPORT)
    await harness.city.clock("2026-09-22 10:10")
    assert len([text for text in harness.heard()[heard:] if PLANT in text]) == 1
    await harness.choose("确认")
    assert await harness.ytd() == 5500


@tried()
async def test_nothing_secret_is_said(harness: Harness, capsys: pytest.CaptureFixture[str]) -> None:
    """Through bad callers and a bad server: no key, token or message text in a log, an outcome or a metric."""
    if Trait.HEARS not in harness.without:
        if Trait.DOOR not in harness.without:
            await harness.knock(Knock.NOBODY)
            await harness.knock(Knock.FORGED)
        await harness.garbage()
        await harness.say(REPORT)
    if Trait.CALLS not in harness.without:
        harness.limit()
        await harness.queue("一", REPORT)
        await harness.settle()
        mend = harness.end_token() if Trait.TOKENS not in harness.without else None
        await harness.city.clock("2026-09-22 10:08")
        if mend is not None:
            mend()
        harness.refuse_once()
        await harness.queue("二")
        await harness.city.clock("2026-09-22 10:30")
        await harness.outage(True)
        await harness.queue("三")
        await harness.settle()
    said = "".join(capsys.readouterr())
    async with harness.city.client.get(f"{harness.city.base}/metrics") as response:
        said += await response.text()
    rows = await harness.city.rows("SELECT outcome FROM outbox")
    kept = await harness.city.rows("SELECT value FROM meta")
    said += "".join(str(row) for row in (*rows, *kept))
    assert [one for one in (*harness.secrets, REPORT) if one in said] == []
    assert harness.name in said


async def nothing_lost(harness: Harness, shown: str, texts: Sequence[str]) -> None:
    """Each text once; where a message cannot be repeated, what is missing is at least noted to be in doubt."""
    counts = [shown.count(one) for one in texts]
    doubts = await harness.doubts()
    assert max(counts) <= 1, shown
    assert counts.count(0) <= doubts, shown
    assert doubts == 0 or Trait.REPEATS in harness.without
