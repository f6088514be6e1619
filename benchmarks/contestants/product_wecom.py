"""The product as `serve` runs it with WeCom beside the web chat; the vendor's server is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import sealed
from bot.cli import commands

START_SECONDS = 30.0


def vendor(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The vendor's stand-in, and its address."""
    told = folder / "vendor.port"
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.contestants.wecom_vendor", str(told)])
    ends = time.monotonic() + START_SECONDS
    while not told.exists() and time.monotonic() < ends:
        time.sleep(0.02)
    return process, f"http://127.0.0.1:{told.read_text(encoding='utf-8')}"


if __name__ == "__main__":
    port, database = sys.argv[1], Path(sys.argv[2])
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        del os.environ[name]
    process, base = vendor(database.parent)
    os.environ |= {
        "BOT_DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "BOT_LISTEN": f"127.0.0.1:{port}",
        "BOT_PLATFORMS": "webchat,wecom",
        "BOT_CLOCK": "simulated",
        "BOT_CLOCK_START": "2026-09-21T18:00+08:00",
        "BOT_DATA_DIR": str(database.parent),
        "BOT_LOG_LEVEL": "error",
        "BOT_WECOM__CORP_ID": sealed.CORP,
        "BOT_WECOM__API_BASE": base,
        "BOT_WECOM__APP__AGENT_ID": str(sealed.AGENT),
        "BOT_WECOM__APP__SECRET": "not checked by the stand-in",
        "BOT_WECOM__APP__TOKEN": sealed.TOKEN,
        "BOT_WECOM__APP__ENCODING_AES_KEY": sealed.KEY,
    }
    try:
        commands.main(args=["serve"], prog_name="zhuanban", standalone_mode=False)
    finally:
        process.terminate()
        process.wait()
