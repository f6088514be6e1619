"""A real Synapse on loopback with SQLite, from the environment that `make e2e` builds."""

from __future__ import annotations

import asyncio
import secrets
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp
import yaml

ROOT: Final = Path(__file__).parent.parent.parent
PYTHON: Final = ROOT / ".venv-e2e" / "bin" / "python"
SERVER: Final = "yunchuan.example"
START_SECONDS: Final = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Homeserver:
    """registration: the application service's file, as `python -m bot registration matrix` prints it."""

    folder: Path
    registration: str
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def write(self) -> None:
        """Configuration, keys and the registration, once."""
        (self.folder / "zhuanban.yaml").write_text(self.registration, encoding="utf-8")
        (self.folder / "log.yaml").write_text(
            yaml.safe_dump(
                {
                    "version": 1,
                    "handlers": {
                        "file": {"class": "logging.FileHandler", "filename": str(self.folder / "log")}
                    },
                    "root": {"level": "INFO", "handlers": ["file"]},
                }
            ),
            encoding="utf-8",
        )
        limit = {"per_second": 1000, "burst_count": 1000}
        told = {
            "server_name": SERVER,
            "pid_file": str(self.folder / "pid"),
            "listeners": [
                {
                    "port": self.port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": False,
                    "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "log_config": str(self.folder / "log.yaml"),
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "macaroon_secret_key": secrets.token_hex(16),
            "form_secret": secrets.token_hex(16),
            "trusted_key_servers": [],
            "report_stats": False,
            "enable_registration": True,
            "enable_registration_without_verification": True,
            "app_service_config_files": [str(self.folder / "zhuanban.yaml")],
            "rc_message": limit,
            "rc_registration": limit,
            "rc_login": {"address": limit, "account": limit},
            "rc_invites": {"per_room": limit, "per_user": limit, "per_issuer": limit},
        }  # fmt: skip
        (self.folder / "homeserver.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
        subprocess.run([*self._command(), "--generate-keys"], check=True, cwd=self.folder)

    def _command(self) -> list[str]:
        return [str(PYTHON), "-m", "synapse.app.homeserver", "-c", str(self.folder / "homeserver.yaml")]

    def _launched(self) -> subprocess.Popen[bytes]:
        with (self.folder / "out").open("ab") as out:
            return subprocess.Popen(self._command(), cwd=self.folder, stdout=out, stderr=out)

    async def start(self) -> None:
        """Returns when it answers."""
        process = self._process = self._launched()
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as client:
            while True:
                assert process.poll() is None, (self.folder / "out").read_text(encoding="utf-8")[-2000:]
                with suppress(aiohttp.ClientError):
                    async with client.get(f"{self.base}/_matrix/client/versions") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.1)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None
