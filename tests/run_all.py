"""Everything that must pass, in order; what this machine cannot run is named in the last line, never hidden.

Called by `make test`. --chromium=PATH: the browser of the browser tests. Exit 1 at the first step that fails,
and with CI=true also when anything was left out.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.referees import WECOM

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent
MEMORY = Path("/dev/shm")
ROOM = 3 * 2**30  # bytes; a run has less than 1 GiB at any moment


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--chromium", default="")
    chromium = parser.parse_args().chromium
    # Hundreds of small databases come and go: where memory can hold them, no disk has to.
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(
        prefix="zhuanban-", dir=MEMORY if in_memory else None, ignore_cleanup_errors=True
    ) as folder:
        # The processes that tests start must not compile every module again.
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        return run(chromium, {**environment, "TMPDIR": folder})


def run(chromium: str, base: dict[str, str]) -> int:
    left_out: list[str] = []
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    both_cores = ["-n", "2", "--dist", "worksteal"]
    steps: list[tuple[str, list[str], dict[str, str]]] = [
        ("style", [str(BIN / "ruff"), "check", "--quiet", "."], {}),
        ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."], {}),
        ("types", [str(BIN / "mypy"), "--no-error-summary"], {}),
        ("imports", [str(BIN / "lint-imports"), "--no-logo"], {}),
        (
            "tests on SQLite",
            [*pytest, "tests", "--ignore=tests/e2e", *both_cores, "-m", "not browser and not postgres_only"],
            {},
        ),
        (
            "tests on PostgreSQL",
            [
                *pytest,
                "tests/flows",
                "tests/durability",
                "tests/migrations",
                "tests/platforms/test_wecom_flow.py",
                "tests/platforms/test_wecom_aibot.py",
                "tests/platforms/test_wecom_link.py",
                *both_cores,
                "-m",
                "not sqlite_only",
            ],
            {"ZHUANBAN_TEST_DATABASE": "postgres"},
        ),
    ]
    if chromium:
        steps.append(
            ("browser", [*pytest, "tests/browser", *both_cores, "-m", "browser"], {"CHROMIUM": chromium})
        )
    else:
        left_out.append("网页测试（未找到 Chromium：apt install chromium fonts-noto-cjk）")
    if (ROOT / ".venv-e2e" / ".built").exists():
        steps.append(("homeserver and client", [*pytest, "tests/e2e", "-n", "0"], {}))
    else:
        left_out.append("Matrix 端到端测试（没有主服务器的环境：make e2e-environment）")
    if not WECOM.exists():
        left_out.append("企业微信替身与第三方客户端互证（make referees）")
    for name, command, environment in steps:
        started = time.monotonic()
        print(f"── {name}", flush=True)
        used = processor_seconds()
        code = subprocess.run(command, cwd=ROOT, env={**base, **environment}, check=False).returncode
        print(
            f"   {name}: {'ok' if code == 0 else 'FAILED'} "
            f"({time.monotonic() - started:.0f} s, processor {processor_seconds() - used:.0f} s)",
            flush=True,
        )
        if code != 0:
            return 1
    if left_out:
        print(f"未运行：{'；'.join(left_out)}")
        return 1 if os.environ.get("CI") == "true" else 0
    print("全部通过，没有跳过任何测试")
    return 0


def processor_seconds() -> float:
    """Used so far by the steps that have ended; a PostgreSQL server does not count, it is nobody's child."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
