"""What the vendor's server sees of us, call by call: whatever it answers, each thing is said once, in order.

Runs on both databases: what is repeated and what is not is decided by rows.
"""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.flows.city import City

from .conftest import LIAISON, Office

PLANT = "ZX0031"
REPORT = "城南污水处理厂累计完成投资5500万,主体结构封顶"
THREE = ["第一", "第二", "第三"]


def first_lines(office: Office) -> list[str]:
    return [one.text.split("\n")[0] for one in office.server.to(LIAISON) if one.kind == "text"]


async def states(city: City) -> list[str]:
    rows = await city.rows("SELECT state FROM outbox WHERE subject_kind = 'test' ORDER BY id")
    return [row["state"] for row in rows]


@pytest.mark.parametrize("code", [42001, 45009, 60020, 40058])
async def test_each_thing_is_said_once_and_in_order_whatever_is_answered(office: Office, code: int) -> None:
    """Section 8: a new token and once more, later, held, put aside; nothing is lost, and nothing overtakes."""
    server = office.server
    server.refuse["message/send"] = [code]
    await office.queue(*THREE)
    await office.settle()
    await office.city.clock("2026-09-22 10:40")
    refused = code == 40058
    assert first_lines(office) == (THREE[1:] if refused else THREE)
    assert await states(office.city) == (["dead", "sent", "sent"] if refused else ["sent"] * 3)
    assert server.calls["gettoken"] == (2 if code == 42001 else 1)
    assert all(b"\\u" not in body for body in server.bodies)


async def test_an_answer_that_names_an_invalid_member_reached_nobody(office: Office) -> None:
    """The call succeeds, and says on the side that the member is not there."""
    office.server.aside = {LIAISON}
    await office.queue("没到")
    await office.settle()
    assert "sent" not in await states(office.city)
    rows = await office.city.rows("SELECT unreachable_reason FROM accounts WHERE account = :who", who=LIAISON)
    assert rows[0]["unreachable_reason"]
    sends = office.server.calls["message/send"]
    await office.queue("也不试")
    await office.settle()
    assert office.server.calls["message/send"] == sends


async def test_replays_of_every_kind_have_one_effect(office: Office) -> None:
    """Three identical, one sealed anew with the same MsgId, two of them at once, and once more after a kill."""
    caller = office.caller
    inner = caller.text(LIAISON, REPORT, message_id="7328000000000000001")
    same = caller.sealed(inner)
    for made in (same, same, same, caller.sealed(inner)):
        assert await caller.post(*made) == (200, b"")
    assert await asyncio.gather(*(caller.post(*caller.sealed(inner)) for _ in range(4))) == [(200, b"")] * 4
    await office.city.kill()
    caller = office.caller
    assert await caller.post(*same) == (200, b"")
    await office.settle()
    assert len([text for text in first_lines(office) if PLANT in text]) == 1
    stored = await office.city.rows("SELECT count(*) AS n FROM inbox WHERE platform = 'wecom'")
    assert stored[0]["n"] == 1


async def test_killed_between_send_and_record_one_answer_is_shown(office: Office) -> None:
    """The vendor has it, we have not noted it: it goes again to the byte, and the vendor knows it for a repeat."""
    await office.queue("只说一次")
    await office.settle()
    await office.city.change(
        "UPDATE outbox SET state = 'waiting', message_id = NULL WHERE subject_kind = 'test'"
    )
    await office.city.kill()
    await office.city.clock("2026-09-22 10:05")
    assert first_lines(office) == ["只说一次"]
    assert office.server.calls["message/send"] == 2
    first, again = [body for body in office.server.bodies if "只说一次".encode() in body]
    assert json.loads(first) == json.loads(again)
    assert first == again
    assert await states(office.city) == ["sent"]
