"""Our stand-ins of WeCom, certified by clients of other people; the referee lives in an environment of its own.

    make referees

Only collected where it is there (see conftest): tests/run_all.py names it in its last line when it is not.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from bot.platforms.wecom.crypto import Envelope, Sealed
from tests.fakes import wecom as app_fake
from tests.fakes.wecom_link import telephone
from tests.referees import WECOM

SCRIPT = Path(__file__).parent / "wecom_referee.py"


async def ask(*arguments: str, given: str = "") -> object:
    process = await asyncio.create_subprocess_exec(
        str(WECOM), str(SCRIPT), *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate(given.encode())
    assert process.returncode == 0, err.decode()[-2000:]
    return json.loads(out.decode().strip().split("\n")[-1])


async def test_the_community_client_completes_its_flow_on_our_server() -> None:
    """Subscribe, heartbeat, stream, push, upload in pieces, encrypted picture, welcome, card update."""
    async with telephone() as server:

        async def drive() -> None:
            while not server.connected:
                await asyncio.sleep(0.05)
            await server.script()

        _, done = await asyncio.gather(drive(), ask("link", server.url, *server.credentials))
        assert done == {"text": True, "image": True, "welcome": True, "card": True}
        shown = [(one["msgtype"], one["text"]) for one in server.in_chat("lisi")]
        assert sorted(shown) == sorted(
            [("stream", "收到：你好"), ("markdown", "推送"), ("file", "a.pdf"), ("text", "您好")]
        )
        assert server.calls["ping"] >= 2
        assert len(server.updated) == 1
        assert {len(content) for _, content in server.media.values()} == {700_000}


async def test_the_community_library_opens_what_we_seal_and_the_other_way_round() -> None:
    texts = ["<xml><a>红灯 🔴 𠮷</a></xml>", "", "x" * 31, "项" * 30000]
    ours = Envelope(token=app_fake.TOKEN, encoding_aes_key=app_fake.KEY, receiver=app_fake.CORP)
    cases = []
    for text in texts:
        made = ours.seal(text, timestamp="1705046401", nonce="2233873036")
        cases.append(
            {
                "token": app_fake.TOKEN, "key": app_fake.KEY, "receiver": app_fake.CORP, "signature": made.signature,
                "timestamp": made.timestamp, "nonce": made.nonce, "encrypt": made.encrypt, "text": text,
            }
        )  # fmt: skip
    found = await ask("callback", given=json.dumps(cases))
    assert isinstance(found, list)
    assert [one["opened"] for one in found] == texts
    for text, one in zip(texts, found, strict=True):
        parts = {
            name: one["sealed"].split(f"<{name}><![CDATA[")[1].split("]]>")[0]
            for name in ("Encrypt", "MsgSignature")
        }
        assert ours.open(Sealed(parts["Encrypt"], parts["MsgSignature"], "1705046401", "2233873036")) == text
