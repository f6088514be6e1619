"""The demonstration: the fictional 云川市 on an embedded database, the main job played once, then the web chat."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientSession, web
from sqlalchemy.orm import Session

from bot import migrate
from bot.app import CLOCK_MARK, running
from bot.settings import Settings, read_settings
from bot.tasks import Tasks
from bot.web import build
from models.db import Database
from models.operations.baseline import load_baseline
from models.operations.versions import time_mark
from models.rules.calendar import local

DEFAULT_NOW: Final = "2026-09-21T18:00+08:00"
STORY: Final = ("ZX0031", "ZD0108")  # messages about other projects are counted, not shown


@dataclass(slots=True)
class Demo:
    port: int
    fresh: bool = False
    now: datetime | None = None

    async def play(self, write: Callable[[str], Any]) -> None:
        """Play the main job on a throw-away database and write what each person sees."""
        with tempfile.TemporaryDirectory(prefix="zhuanban-") as folder:
            start = datetime.fromisoformat(DEFAULT_NOW)
            settings = _settings(Path(folder), f"sqlite+aiosqlite:///{folder}/play.db", 0, start)
            await make_city(settings, start)
            async with running(settings) as product:
                runner = web.AppRunner(build(product), access_log=None)
                await runner.setup()
                site = web.TCPSite(runner, "127.0.0.1", 0)
                await site.start()
                port = runner.addresses[0][1]
                async with ClientSession(f"http://127.0.0.1:{port}") as client:
                    await _Stage(client, write).perform()
                await runner.cleanup()

    async def prepare(self) -> Settings:
        """The settings of the served demonstration, with its database made or continued."""
        folder = Path("var")
        target = folder / "demo.db"
        start = self.now or datetime.fromisoformat(DEFAULT_NOW)
        configured = read_settings().database_url
        default = Settings.model_fields["database_url"].default
        url = f"sqlite+aiosqlite:///{target}" if configured == default else configured
        settings = _settings(folder, url, self.port, start)
        if self.fresh and url.startswith("sqlite"):
            path = Path(url.removeprefix("sqlite+aiosqlite:///"))
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        await make_city(settings, start)
        return settings


async def make_city(settings: Settings, start: datetime) -> None:
    """Create the database with the baseline, unless it is there already."""

    def load(session: Session) -> None:
        if time_mark(session, CLOCK_MARK) is None:
            load_baseline(session, at=start)

    await migrate.upgrade(settings.database_url)
    tasks = Tasks()
    database = await Database.open(settings.database_url, lambda work: tasks.start(work, name="writer"))
    try:
        await database.write(load)
    finally:
        await database.close()


def _settings(folder: Path, url: str, port: int, start: datetime) -> Settings:
    return read_settings(
        database_url=url, listen=f"127.0.0.1:{port}", platforms=("webchat",), clock="simulated", clock_start=start,
        data_dir=folder,
    )  # fmt: skip


class _Stage:
    """Drives the web chat API as people would and prints what they see."""

    def __init__(self, client: ClientSession, write: Callable[[str], Any]) -> None:
        self._client = client
        self._write = write
        self._seen = 0
        self._moment = ""  # of the last heading, local

    async def perform(self) -> None:
        self._write("专班助手演示 · 虚构的云川市 · 模拟时钟\n")
        await self._clock("2026-09-22T10:02:00+08:00")
        await self._show_light("ZX0031")
        await self._say("张伟", "城南污水处理厂累计完成投资5500万，主体结构封顶，设备开始安装")
        await self._clock("2026-09-22T10:03:00+08:00")
        await self._say("张伟", "确认")
        await self._show_light("ZX0031")
        await self._clock("2026-09-23T09:00:00+08:00")
        await self._say("彭倩", "/查 ZX0031")
        self._write("\n白石县循环园长期没有新的进度，节后转红：\n")
        await self._clock("2026-09-28T08:30:00+08:00")
        await self._press("钱文海", "已阅")
        self._write(
            "\n完。以上在临时库里演示，已删除。自己试：make demo 打开网页聊天，从头说一遍；"
            "每条消息发给谁、为什么发，在「全部消息」里看。\n"
        )

    async def _clock(self, to: str) -> None:
        async with self._client.post("/webchat/api/clock", json={"now": to}) as answer:
            answer.raise_for_status()
        await self._show()
        self._head(datetime.fromisoformat(to))

    def _head(self, at: datetime) -> None:
        """A heading with the local time, where it has moved since the last one."""
        moment = f"{local(at):%Y-%m-%d %H:%M}"
        if moment != self._moment:
            self._moment = moment
            self._write(f"\n── {moment} ──\n")

    async def _say(self, who: str, text: str) -> None:
        self._write(f"{who} ▸ 私聊：{text}\n")
        async with self._client.post("/webchat/api/messages", json={"from": who, "text": text}) as answer:
            answer.raise_for_status()
        await self._show()

    async def _press(self, who: str, label: str) -> None:
        async with self._client.get("/webchat/api/messages") as answer:
            messages = await answer.json()
        for message in reversed(messages):
            if message["to"]["name"] == who and any(
                label in action["label"] for action in message["actions"]
            ):
                self._write(f"{who} ▸ [{label}]\n")
                body = {"from": who, "seq": message["seq"], "action": label}
                async with self._client.post("/webchat/api/actions", json=body) as answer:
                    answer.raise_for_status()
                await self._show()
                return

    async def _show(self) -> None:
        async with self._client.post("/webchat/api/idle", json={}) as answer:
            answer.raise_for_status()
        async with self._client.get("/webchat/api/messages", params={"after": self._seen}) as answer:
            messages = await answer.json()
        others = 0
        for message in messages:
            self._seen = message["seq"]
            if message["reason"] != "回复" and not any(code in message["text"] for code in STORY):
                others += 1
                continue
            self._head(datetime.fromisoformat(message["at"]))
            name = message["to"]["name"]
            where = f"群【{name}】" if message["to"]["kind"] == "group" else name
            indented = message["text"].replace("\n", "\n      ")
            self._write(f"助手 ▸ {where}：{indented}\n")
            if message["actions"]:
                self._write(
                    "      " + " ".join(f"[{action['label']}]" for action in message["actions"]) + "\n"
                )
        if others:
            self._write(f"（另有 {others} 条与这两个项目无关的消息，略）\n")

    async def _show_light(self, code: str) -> None:
        async with self._client.get(f"/webchat/api/projects/{code}") as answer:
            record = await answer.json()
        self._write(
            f"台账 {code}：今年累计 {record['ytd_wan']} 万元（{record['ytd_as_of']}），{record['light']}灯\n"
        )
