"""Everything that must pass, in order; what this machine cannot run is named in the last line, never hidden.

Called by `make test`. --chromium=PATH: the browser of the browser tests. --workers=N: test processes at a time.
Exit 1 at the first step that fails (what runs beside it is waited for), and with CI=true also when anything was left
out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.referees import WECOM
from tests.statements import NOTED_IN

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent
MEMORY = Path("/dev/shm")
ROOM = 3 * 2**30  # bytes; a run has less than 1 GiB at any moment


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--chromium", default="")
    # One more than a small machine has cores: some tests wait for deadlines, for other processes, for a server.
    parser.add_argument("--workers", type=int, default=3)
    told = parser.parse_args()
    # Hundreds of small databases come and go: where memory can hold them, no disk has to.
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(
        prefix="zhuanban-", dir=MEMORY if in_memory else None, ignore_cleanup_errors=True
    ) as folder:
        # The processes that tests start must not compile every module again.
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        prepared = Path(folder) / "prepared"
        statements = Path(folder) / "statements"
        for one in (prepared, statements):
            one.mkdir()
        return run(
            told,
            {**environment, "TMPDIR": folder, "ZHUANBAN_PREPARED": str(prepared)},
            {NOTED_IN: str(statements)},
        )


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def run(told: argparse.Namespace, base: dict[str, str], noted: dict[str, str]) -> int:
    left_out: list[str] = []
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    all_cores = ["-n", str(told.workers), "--dist", "worksteal"]
    style = Step("style", [str(BIN / "ruff"), "check", "--quiet", "."])
    formatted = Step("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."])
    types = Step("types", [str(BIN / "mypy"), "--no-error-summary"])
    imports = Step("imports", [str(BIN / "lint-imports"), "--no-logo"])
    on_sqlite = Step(
        "tests on SQLite",
        [*pytest, "tests", "--ignore=tests/e2e", *all_cores, "-m", "not browser and not postgres_only"],
        noted,
    )
    # What is about the database itself, and flows that execute every statement of all of them (see tests.statements).
    on_postgres = Step(
        "tests on PostgreSQL",
        [
            *pytest,
            "tests/flows",
            "tests/durability",
            "tests/migrations",
            "tests/platforms/test_wecom_flow.py",
            "tests/platforms/test_wecom_aibot.py",
            "tests/platforms/test_wecom_link.py",
            "tests/platforms/test_wecom_outsider.py",
            *all_cores,
            "-m",
            "not sqlite_only",
        ],
        {"ZHUANBAN_TEST_DATABASE": "postgres", **noted},
    )
    on_one_core = [types, imports]  # beside each other
    if (ROOT / ".venv-e2e" / ".built").exists():
        on_one_core.append(Step("homeserver and client", [*pytest, "tests/e2e", "-n", "0"]))
    else:
        left_out.append("Matrix 端到端测试（没有主服务器的环境：make e2e-environment）")
    together = [[style, formatted], on_one_core, [on_sqlite], [on_postgres]]
    if told.chromium:
        browser = [*pytest, "tests/browser", "-n", "2", "--dist", "worksteal", "-m", "browser"]
        together.append([Step("browser", browser, {"CHROMIUM": told.chromium})])
    else:
        left_out.append("网页测试（未找到 Chromium：apt install chromium fonts-noto-cjk）")
    if not WECOM.exists():
        left_out.append("企业微信替身与第三方客户端互证（make referees）")
    for steps in together:
        if not passed(steps, base):
            return 1
    if left_out:
        print(f"未运行：{'；'.join(left_out)}")
        return 1 if os.environ.get("CI") == "true" else 0
    print("全部通过，没有跳过任何测试")
    return 0


def passed(steps: list[Step], base: dict[str, str]) -> bool:
    """Run steps beside each other; what each has to say is shown in one piece, in their order."""
    with ThreadPoolExecutor(len(steps)) as beside:
        alone = len(steps) == 1
        if alone:
            print(f"── {steps[0].name}", flush=True)
        well = True
        for step, ended in zip(
            steps, beside.map(lambda step: run_one(step, base, alone=alone), steps), strict=True
        ):
            if not alone:
                print(f"── {step.name}\n{ended.said}", end="")
            print(
                f"   {step.name}: {'ok' if ended.code == 0 else 'FAILED'} "
                f"({ended.seconds:.0f} s, processor {ended.processor:.0f} s)",
                flush=True,
            )
            well = well and ended.code == 0
        return well


@dataclass(frozen=True, slots=True)
class Ended:
    """processor: seconds of the step and all it started, but for PostgreSQL servers, which are nobody's children."""

    code: int
    said: str
    seconds: float
    processor: float


def run_one(step: Step, base: dict[str, str], *, alone: bool) -> Ended:
    """Alone it speaks for itself; beside others what it says is kept."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", dir=base["TMPDIR"], encoding="utf-8") as said:
        process = subprocess.Popen(
            step.command, cwd=ROOT, env={**base, **step.environment}, stdin=subprocess.DEVNULL,
            stdout=None if alone else said, stderr=None if alone else said,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return Ended(
            process.returncode, said.read(), time.monotonic() - started, used.ru_utime + used.ru_stime
        )


if __name__ == "__main__":
    raise SystemExit(main())
