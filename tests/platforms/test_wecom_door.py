"""The door of the callback: what is let in, what is turned away with which status, and that nothing secret is said."""

from __future__ import annotations

import pytest

from bot.platforms.wecom.crypto import Envelope
from tests.fakes import wecom as fake

from .conftest import LIAISON, Office
from .vectors import VECTORS

TEXT = "城南污水处理厂累计完成投资5500万"
OUTSIDE = "wwffffffffffffffff"


async def stored(office: Office) -> int:
    rows = await office.city.rows("SELECT count(*) AS n FROM inbox WHERE platform = 'wecom'")
    return int(rows[0]["n"])


async def test_the_address_check_is_answered_to_the_byte(office: Office) -> None:
    caller = office.caller
    made = caller.envelope.seal("1079454827005904999", timestamp=str(caller.at), nonce="9")
    query = {
        "msg_signature": made.signature,
        "timestamp": made.timestamp,
        "nonce": "9",
        "echostr": made.encrypt,
    }
    async with caller.client.get(caller.url, params=query) as response:
        assert (response.status, await response.read()) == (200, b"1079454827005904999")
        assert response.content_type == "text/plain"
    for changed in ({"msg_signature": "0" * 40}, {"nonce": "8"}, {"timestamp": "1"}, {"echostr": ""}):
        async with caller.client.get(caller.url, params={**query, **changed}) as response:
            assert (response.status, await response.read()) == (403, b"")


async def test_a_signature_that_does_not_fit_is_refused(office: Office) -> None:
    caller = office.caller
    query, body = caller.sealed(caller.text(LIAISON, TEXT))
    for changed in ({"msg_signature": "0" * 40}, {"nonce": "1"}, {"timestamp": str(caller.at - 1)}):
        assert await caller.post({**query, **changed}, body) == (403, b"")
    assert await caller.post({}, body) == (403, b"")
    assert await caller.post(query, body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[AAAA")) == (
        403,
        b"",
    )
    assert await stored(office) == 0


@pytest.mark.parametrize("late", [-301, 301, -600])
async def test_another_time_is_refused_and_the_skew_logged(
    office: Office, late: int, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = office.caller
    assert await caller.post(*caller.sealed(caller.text(LIAISON, TEXT), stamp=caller.at + late)) == (403, b"")
    assert await stored(office) == 0
    assert str(late) in capsys.readouterr().out


@pytest.mark.parametrize("late", [-300, 300])
async def test_the_edge_of_the_window_is_inside(office: Office, late: int) -> None:
    caller = office.caller
    assert await caller.post(*caller.sealed(caller.text(LIAISON, TEXT), stamp=caller.at + late)) == (200, b"")


async def test_bodies_that_are_no_callback_are_refused(office: Office) -> None:
    caller = office.caller
    query, body = caller.sealed(caller.text(LIAISON, TEXT))
    for wrong in (b"", b"hello", b"\xff", b"{}", b"<xml/>", body + body):
        assert await caller.post(query, wrong) == (400, b"")
    for case in VECTORS["http_bodies"]:
        if case["expect"] == "reject":
            assert await caller.post(query, case["body"].encode()) == (400, b"")
    assert await stored(office) == 0


async def test_what_is_signed_but_broken_is_refused(office: Office) -> None:
    """Only somebody with the token could make these; still no status 500."""
    caller = office.caller
    for case in VECTORS["negative"]:
        if case["expect_error"] in (-40001, -40004, -40005):
            continue
        signature = caller.envelope.sign(str(caller.at), "1", case["encrypt"])
        query = {"msg_signature": signature, "timestamp": str(caller.at), "nonce": "1"}
        body = f"<xml><Encrypt><![CDATA[{case['encrypt']}]]></Encrypt></xml>".encode()
        assert await caller.post(query, body) == (400, b""), case["id"]
    for inner in ("", "no xml", '<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>'):
        assert await caller.post(*caller.sealed(inner)) == (400, b"")
    assert await stored(office) == 0


async def test_another_corp_or_app_is_refused(office: Office) -> None:
    caller = office.caller
    caller.envelope = Envelope(token=fake.TOKEN, encoding_aes_key=fake.KEY, receiver=OUTSIDE)
    assert await caller.post(*caller.sealed(caller.text(LIAISON, TEXT))) == (403, b"")
    caller = office.caller
    own = caller.text(LIAISON, TEXT)
    assert await caller.post(*caller.sealed(own.replace(fake.CORP, OUTSIDE))) == (403, b"")
    assert await caller.post(*caller.sealed(caller.inner(LIAISON, "text", agent=7, Content=TEXT))) == (
        403,
        b"",
    )
    assert await stored(office) == 0


async def test_a_body_above_the_limit_is_not_read(office: Office) -> None:
    caller = office.caller
    query, body = caller.sealed(caller.text(LIAISON, TEXT))
    assert await caller.post(query, body + b" " * 1024 * 1024) == (413, b"")

    async def pieces():
        for _ in range(40):
            yield b" " * 64 * 1024

    async with caller.client.post(caller.url, params=query, data=pieces()) as response:
        assert response.status == 413
    assert await stored(office) == 0


async def test_a_body_that_is_not_packed_as_it_says_is_refused(office: Office) -> None:
    """Anybody can send it: a refusal, not an error of ours."""
    caller = office.caller
    query, body = caller.sealed(caller.text(LIAISON, TEXT))
    packed = {"Content-Encoding": "gzip"}
    async with caller.client.post(caller.url, params=query, data=body, headers=packed) as response:
        assert (response.status, await response.read()) == (400, b"")
    assert await stored(office) == 0


async def test_nothing_secret_is_logged(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """Through a good day and a bad one: no token, secret, key, ciphertext or message text in any line."""
    caller = office.caller
    query, body = caller.sealed(caller.text(LIAISON, TEXT))
    await caller.post({**query, "msg_signature": "0" * 40}, body)
    await caller.post(query, body)
    office.server.refuse["message/send"] = [42001, 45009]
    await office.settle()
    office.server.refuse["gettoken"] = [40001]
    office.server.end_tokens()
    await office.city.clock("2026-09-22 10:04")
    said = "".join(capsys.readouterr())
    assert "callback refused" in said
    assert "platform needs the operator" in said
    spoken = [fake.SECRET, fake.TOKEN, fake.KEY, TEXT, "access_token=", query["msg_signature"]]
    assert [secret for secret in spoken if secret in said] == []
    async with office.city.client.get(f"{office.city.base}/metrics") as response:
        metrics = await response.text()
    assert 'zhuanban_messages_in_total{platform="wecom",result="refused"} 1.0' in metrics
    assert [secret for secret in spoken if secret in metrics] == []
