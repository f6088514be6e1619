"""Clients that are not ours against our stand-ins; run by the referee's own interpreter, never imported by a test.

    REFEREE/bin/python tests/platforms/wecom_referee.py link URL BOT SECRET
    REFEREE/bin/python tests/platforms/wecom_referee.py callback < cases.json

link: the community client of the long connection does everything it can. callback: the community library opens what we
have sealed. Prints JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys

PICTURE = b"\x89PNG\r\n\x1a\nx"


async def link(url: str, bot: str, secret: str) -> None:
    from wecom_aibot_sdk import WSClient

    client = WSClient(bot, secret, ws_url=url, heartbeat_interval=300)
    done: dict[str, object] = {}
    finished = asyncio.Event()

    async def on_text(frame: dict) -> None:
        await client.reply_stream(frame, "s1", "正在处理")
        await client.reply_stream(frame, "s1", "收到：" + frame["body"]["text"]["content"], finish=True)
        await client.send_message("lisi", {"msgtype": "markdown", "markdown": {"content": "推送"}})
        uploaded = await client.upload_media(b"x" * 700_000, type="file", filename="a.pdf")
        await client.send_media_message("lisi", "file", uploaded["media_id"])
        done["text"] = True
        check()

    async def on_image(frame: dict) -> None:
        image = frame["body"]["image"]
        found = await client.download_file(image["url"], image["aeskey"])
        done["image"] = found["buffer"] == PICTURE
        check()

    async def on_enter(frame: dict) -> None:
        await client.reply_welcome(frame, {"msgtype": "text", "text": {"content": "您好"}})
        done["welcome"] = True
        check()

    async def on_card(frame: dict) -> None:
        card = {
            "card_type": "button_interaction", "main_title": {"title": "标题"}, "task_id": "t1",
            "button_list": [{"text": "已处理", "key": "k"}],
        }  # fmt: skip
        await client.update_template_card(frame, card)
        done["card"] = True
        check()

    def check() -> None:
        if len(done) == 4:
            finished.set()

    client.on("message.text", on_text)
    client.on("message.image", on_image)
    client.on("event.enter_chat", on_enter)
    client.on("event.template_card_event", on_card)
    await client.connect()
    async with asyncio.timeout(20):
        await finished.wait()
    await asyncio.sleep(1.0)  # heartbeats
    await client.disconnect()
    print(json.dumps(done))


def callback() -> None:
    """Open and seal with the community library; cases carry keys, an envelope and its text."""
    from wechatpy.enterprise.crypto import WeChatCrypto

    found = []
    for case in json.load(sys.stdin):
        crypto = WeChatCrypto(case["token"], case["key"], case["receiver"])
        body = f"<xml><Encrypt><![CDATA[{case['encrypt']}]]></Encrypt></xml>"
        opened = crypto.decrypt_message(body, case["signature"], case["timestamp"], case["nonce"])
        sealed = crypto.encrypt_message(case["text"], case["nonce"], case["timestamp"])
        found.append({"opened": opened.decode() if isinstance(opened, bytes) else opened, "sealed": sealed})
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    if sys.argv[1] == "link":
        asyncio.run(link(*sys.argv[2:5]))
    else:
        callback()
