"""The product as `serve` runs it, with the simulated clock standing still: every check on, synchronous=FULL.

Arguments: port, database and, where it is not the moment of the city, the earliest moment at which the clock starts.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Final

# Tools of developers that libraries of the product load where they find them: 8 MB that it does not have elsewhere.
NOT_ITS_OWN: Final = ("rich", "pygments")

if __name__ == "__main__":
    port, database = sys.argv[1], Path(sys.argv[2])
    start = sys.argv[3] if len(sys.argv) > 3 else "2026-09-21T18:00+08:00"
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        del os.environ[name]
    os.environ |= {
        "BOT_DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "BOT_LISTEN": f"127.0.0.1:{port}",
        "BOT_PLATFORMS": "webchat",
        "BOT_CLOCK": "simulated",
        "BOT_CLOCK_START": start,
        "BOT_DATA_DIR": str(database.parent),
        "BOT_LOG_LEVEL": "error",
    }
    for name in NOT_ITS_OWN:
        sys.modules[name] = None  # type: ignore[assignment]  # "is not there": see importlib
    sys.argv = ["zhuanban", "serve"]
    runpy.run_module("bot", run_name="__main__")
