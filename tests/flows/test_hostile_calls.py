"""Calls of the web chat that no page makes: each has a clear answer, and the product goes on."""

from __future__ import annotations

import gzip
from base64 import b64encode
from io import BytesIO

import pytest

from .conftest import OpenCity

NOW = "2026-09-22 10:02"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("name", ["\ud800进度表.pdf", "进度\udc00表.pdf"])
async def test_half_characters_in_the_name_of_a_file_are_left_out(open_city: OpenCity, name: str) -> None:
    city = await open_city(NOW)
    attached = {"name": name, "base64": b64encode(b"%PDF-1.7 x").decode()}
    body = {"from": "张伟", "text": "", "attachments": [attached]}
    status, answer = await city.post("messages", body)
    assert (status, answer.get("refused")) == (202, None)
    await city.clock("2026-09-22 10:03")
    assert city.only("张伟").text.startswith("收到1个文件")


@pytest.mark.parametrize("seq", [-1, 0, 2**63 - 1, 2**63, 10**300])
async def test_a_message_that_cannot_be_is_not_found(open_city: OpenCity, seq: int) -> None:
    city = await open_city(NOW)
    status, answer = await city.post("actions", {"from": "张伟", "seq": seq, "action": "确认"})
    assert status == 404
    assert answer["error"].startswith("没有编号为")


@pytest.mark.parametrize("to", ["9999-12-31T23:59:59+00:00", "2040-01-01T00:00:00+08:00"])
async def test_the_clock_does_not_leap_into_another_age(open_city: OpenCity, to: str) -> None:
    """It would do every job of every day on the way, and answer nobody until then."""
    city = await open_city(NOW)
    status, answer = await city.post("clock", {"now": to})
    assert (status, answer["error"][:8]) == (400, "一次最多往前走三")
    await city.clock("2026-09-22 10:03")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{}", {"Content-Type": "application/json; charset=nonsense"}),
        ('{"from": "张伟", "text": "在吗"}'.encode("gbk"), JSON),
        (b"not packed at all", {**JSON, "Content-Encoding": "gzip"}),
        (b"[" * 100_000, JSON),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    open_city: OpenCity, body: bytes, headers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    city = await open_city(NOW)
    async with city.client.post(f"{city.base}/webchat/api/messages", data=body, headers=headers) as response:
        answer = await response.json()
        assert response.status == 400
    assert answer["error"].startswith(("请求正文不是 JSON", "缺少 from"))
    captured = capsys.readouterr()
    assert "request failed" not in captured.out + captured.err


async def test_a_body_that_is_too_large_says_how_to_send_it(open_city: OpenCity) -> None:
    """Unpacked, that is: a packed one may grow a thousandfold."""
    city = await open_city(NOW)
    address = f"{city.base}/webchat/api/messages"
    for body, headers in (
        (BytesIO(b" " * (64 * 1024 * 1024 + 1)), JSON),
        (gzip.compress(b" " * (64 * 1024 * 1024 + 1)), {**JSON, "Content-Encoding": "gzip"}),
    ):
        async with city.client.post(address, data=body, headers=headers) as response:
            assert response.status == 413
            assert (await response.json())["error"].endswith("请分几次发")
    await city.say("张伟", "/帮助")
    assert city.heard("张伟")


async def test_a_page_file_of_an_endless_name_is_not_found(open_city: OpenCity) -> None:
    city = await open_city(NOW)
    async with city.client.get(f"{city.base}/static/{'a' * 4000}") as response:
        assert response.status == 404
