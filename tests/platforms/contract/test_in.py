"""The contract of every platform, inwards: what is said is acted on once; what is not genuine never comes in."""

from __future__ import annotations

import pytest

from tests.flows.samples import jpeg
from tests.platforms.contract.harness import PLANT, REPORT, Harness, Knock, Trait, tried

HEARING = tried(Trait.HEARS)
AT_THE_DOOR = tried(Trait.HEARS, Trait.DOOR)


@HEARING
async def test_a_report_becomes_a_card_and_a_choice_the_entry(harness: Harness) -> None:
    await harness.say(REPORT)
    assert PLANT in harness.heard()[-1]
    assert "5500" in harness.heard()[-1].replace(",", "")
    assert await harness.ytd() == 4700
    await harness.choose("确认")
    assert await harness.ytd() == 5500
    assert len(harness.heard()) == 2


@HEARING
async def test_what_is_delivered_again_counts_once(harness: Harness) -> None:
    """C12: at once, made anew by the platform, and after a restart."""
    entries = len((await harness.city.project(PLANT))["entries"])
    await harness.deliver(REPORT, times=3)
    await harness.settle()
    assert len(harness.heard()) == 1
    await harness.choose("确认", times=3)
    assert await harness.ytd() == 5500
    assert len((await harness.city.project(PLANT))["entries"]) == entries + 1
    assert len(harness.heard()) == 2


@HEARING
async def test_two_equal_texts_are_two_messages(harness: Harness) -> None:
    await harness.deliver("/帮助")
    await harness.deliver("/帮助")
    await harness.settle()
    assert len(harness.heard()) == 2
    assert await harness.stored() == 2


@HEARING
@pytest.mark.parametrize("command", ["/查 zx0031", "／查ZX0031", "、查 ZX0031"])
async def test_commands_in_every_spelling(harness: Harness, command: str) -> None:
    await harness.say(command)
    assert PLANT in harness.heard()[-1]


@HEARING
async def test_an_attachment_is_offered_on_the_card(harness: Harness) -> None:
    """C9: it comes before the report, and is fetched before the report is read."""
    await harness.attach("现场.jpg", jpeg())
    await harness.say(REPORT)
    assert any("现场.jpg" in text and PLANT in text for text in harness.heard()), harness.heard()


@HEARING
async def test_an_attachment_of_another_kind_is_said(harness: Harness) -> None:
    await harness.attach("程序.jpg", b"MZ" + bytes(500))
    await harness.settle()
    assert "程序.jpg" in harness.heard()[-1]
    assert "未接收" in harness.heard()[-1]


@AT_THE_DOOR
@pytest.mark.parametrize("how", [Knock.NOBODY, Knock.FORGED])
async def test_a_caller_who_is_not_the_platform_is_turned_away(harness: Harness, how: Knock) -> None:
    assert await harness.knock(how) in (401, 403)
    await harness.settle()
    assert (await harness.stored(), harness.heard()) == (0, [])


@tried(Trait.HEARS, Trait.DOOR, Trait.STAMPS)
async def test_an_old_delivery_is_turned_away(harness: Harness) -> None:
    assert await harness.knock(Knock.STALE) == 403
    assert await harness.stored() == 0


@HEARING
async def test_more_than_a_message_is_not_read(harness: Harness) -> None:
    refused = await harness.knock(Knock.OVERSIZED)
    assert refused == (413 if Trait.DOOR not in harness.without else 0)
    assert await harness.stored() == 0
    await harness.say(REPORT)
    assert await harness.stored() == 1


@HEARING
async def test_garbage_is_refused_cleanly(harness: Harness) -> None:
    statuses = await harness.garbage()
    assert {status // 100 for status in statuses} == ({4} if Trait.DOOR not in harness.without else set())
    assert await harness.stored() == 0
    if Trait.DOOR not in harness.without:
        assert await harness.knock(Knock.GENUINE) in (200, 202)
        await harness.settle()
    else:
        await harness.say(REPORT)
    assert len(harness.heard()) == 1


@AT_THE_DOOR
async def test_what_cannot_be_stored_is_not_acknowledged(harness: Harness) -> None:
    """The platform delivers it again; then it is taken, once."""
    database = harness.city.product.database
    database._closing = True
    assert await harness.knock(Knock.GENUINE) == 503
    database._closing = False
    assert await harness.knock(Knock.GENUINE) in (200, 202)
    await harness.settle()
    assert len(harness.heard()) == 1


@HEARING
async def test_killed_between_acknowledgement_and_answer(harness: Harness) -> None:
    await harness.deliver(REPORT)
    await harness.city.kill()
    await harness.settle()
    shown = len([text for text in harness.heard() if PLANT in text])
    if shown > 1:  # only where the platform cannot know a repeat, and then it is on record (rule P1)
        assert Trait.REPEATS in harness.without
        assert await harness.city.rows("SELECT id FROM sent_messages WHERE doubt IS NOT NULL")
    assert shown in (1, 2)
    await harness.choose("确认")
    assert await harness.ytd() == 5500


@tried(Trait.HEARS, Trait.GROUPS)
async def test_a_group_is_heard_only_when_the_bot_is_named(harness: Harness) -> None:
    """C15: other talk is neither answered nor stored."""
    assert await harness.in_group("查 ZX0031", named=False) == []
    assert await harness.stored() == 0
    (answer,) = await harness.in_group("查 ZX0031", named=True)
    assert PLANT in answer
    assert harness.heard() == []
