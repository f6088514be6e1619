"""The product as an operator runs it: `python -m bot serve`, a process that can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import aiohttp

from .polling import until

ROOT: Final = Path(__file__).parent.parent.parent
Json = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Bot:
    """One address that processes come and go behind. Close with `end`."""

    def __init__(self, url: str, folder: Path, *, name: str = "bot") -> None:
        self.url = url
        self.folder = folder
        self.log = folder / f"{name}.log"
        self.base = f"http://127.0.0.1:{free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start a process; it is not ready yet."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        environment |= {
            "BOT_DATABASE_URL": self.url, "BOT_LISTEN": self.base.removeprefix("http://"), "BOT_CLOCK": "real",
            "BOT_PLATFORMS": "webchat", "BOT_DATA_DIR": str(self.folder), "BOT_LOG_LEVEL": "warning",
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )  # fmt: skip

    async def ready(self, client: aiohttp.ClientSession, *, seconds: float = 60) -> None:
        """Wait until the process says that it is ready."""

        async def answers() -> bool:
            assert self._process is not None
            assert self._process.poll() is None, f"ended by itself:\n{self.said()}"
            try:
                async with client.get(f"{self.base}/readyz") as response:
                    return response.status == 200
            except aiohttp.ClientError:
                return False

        await until(answers, f"the process is ready\n{self.said()}", seconds=seconds)

    def kill(self) -> None:
        """As by a power cut."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    async def stop(self, *, seconds: float = 40) -> int:
        """Ask it to end (SIGTERM) and wait for it; returns the exit code."""
        process = self._process
        assert process is not None
        process.send_signal(signal.SIGTERM)

        async def ended() -> bool:
            return process.poll() is not None

        await until(ended, f"the process ends\n{self.said()}", seconds=seconds)
        return process.returncode

    def end(self) -> None:
        """Whatever state it is in: leave no process behind."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def said(self) -> str:
        """The end of the log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:] if self.log.exists() else ""

    async def post(self, client: aiohttp.ClientSession, body: Json) -> tuple[int, Json]:
        """One message to the web chat; raises aiohttp.ClientError when nobody answers."""
        async with client.post(f"{self.base}/webchat/api/messages", json=body) as response:
            answer: Json = await response.json()
            return response.status, answer

    async def poll(self, client: aiohttp.ClientSession) -> None:
        """One long look for messages, as an open page does; ends when the process answers or goes."""
        address = f"{self.base}/webchat/api/messages?after=1000000&wait_ms=30000"
        with contextlib.suppress(aiohttp.ClientError):
            async with client.get(address) as response:
                await response.read()
