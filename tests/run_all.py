"""Everything that must pass, in order; what this machine cannot run is named in the last line, never hidden.

Called by `make test`. --chromium=PATH: the browser of the browser tests. Exit 1 at the first step that fails,
and with CI=true also when anything was left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--chromium", default="")
    chromium = parser.parse_args().chromium
    left_out: list[str] = []
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    steps: list[tuple[str, list[str], dict[str, str]]] = [
        ("style", [str(BIN / "ruff"), "check", "--quiet", "."], {}),
        ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."], {}),
        ("types", [str(BIN / "mypy"), "--no-error-summary"], {}),
        ("imports", [str(BIN / "lint-imports"), "--no-logo"], {}),
        ("tests on SQLite", [*pytest, "tests", "-n", "2", "-m", "not browser"], {}),
        (
            "tests on PostgreSQL",
            [
                *pytest,
                "tests/flows",
                "tests/durability",
                "tests/migrations",
                "-n",
                "2",
                "-m",
                "not sqlite_only",
            ],
            {"ZHUANBAN_TEST_DATABASE": "postgres"},
        ),
    ]
    if chromium:
        steps.append(("browser", [*pytest, "tests/browser", "-m", "browser"], {"CHROMIUM": chromium}))
    else:
        left_out.append("网页测试（未找到 Chromium：apt install chromium fonts-noto-cjk）")
    for name, command, environment in steps:
        started = time.monotonic()
        print(f"── {name}", flush=True)
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode
        print(
            f"   {name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - started:.0f} s)", flush=True
        )
        if code != 0:
            return 1
    if left_out:
        print(f"未运行：{'；'.join(left_out)}")
        return 1 if os.environ.get("CI") == "true" else 0
    print("全部通过，没有跳过任何测试")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
