"""What must be in the database after a simulated year: everything that people did, once each, and nothing stuck."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks import city
from benchmarks.running import ROOT, errors_of
from benchmarks.town import Town
from benchmarks.year_people import Done
from models.rules.calendar import Calendar
from scheduler.jobs import JOBS

_TWO_LADDERS: Final = (
    "SELECT count(*) FROM (SELECT 1 FROM ladders WHERE state <> 'ended' GROUP BY subject_kind, subject_id, what "
    "HAVING count(*) > 1)"
)
_REPORTS: Final = (
    "SELECT count(*) FROM entries WHERE kind = 'report' AND project_id IN "
    "(SELECT id FROM projects WHERE code LIKE 'CS%')"
)
_FAULTS: Final = (
    ("停放的收件", "SELECT count(*) FROM inbox WHERE state = 'parked'"),
    ("未处理的收件", "SELECT count(*) FROM inbox WHERE state = 'waiting'"),
    ("发不出的消息", "SELECT count(*) FROM outbox WHERE state = 'dead'"),
    ("发送中的消息", "SELECT count(*) FROM outbox WHERE state = 'sending'"),
    ("停放的定时", "SELECT count(*) FROM timers WHERE state = 'parked' OR attempts > 0"),
    ("亮灯与重算不符", "SELECT count(*) FROM job_runs WHERE json_extract(result, '$.differing') > 0"),
    ("同一件事两架阶梯", _TWO_LADDERS),
    (
        "一级阶梯执行两次",
        "SELECT count(*) FROM (SELECT 1 FROM rungs GROUP BY ladder_id, name HAVING count(*) > 1)",
    ),
    (
        "一条通知送出两次",
        "SELECT count(*) FROM (SELECT 1 FROM webchat_messages GROUP BY key HAVING count(*) > 1)",
    ),
    (
        "在办而没有下一个时限",
        "SELECT count(*) FROM items WHERE state = '办理中' AND feedback_due_at IS NULL AND due_at IS NULL",
    ),
)
_EXPECTED: Final = ("专班助手已启动", "正在停止")


class WrongYear(Exception):
    """What is in the database is not what people did: the figures say nothing."""


def check(town: Town, done: Done, calendar: Calendar) -> None:
    """Everything raised and reported is there, nothing is stuck, every job ran once. Raises WrongYear."""
    wrong = [f"{name} {count}" for name, query in _FAULTS if (count := town.count(query))]
    now = town.now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    due = town.count(f"SELECT count(*) FROM outbox WHERE state = 'waiting' AND due_at < '{now}'")
    late = town.count(f"SELECT count(*) FROM timers WHERE state = 'waiting' AND due_at < '{now}'")
    wrong += [f"{name} {count}" for name, count in (("到时未发", due), ("到时未执行的定时", late)) if count]
    counts = (
        ("提出的问题", done.raised, "SELECT count(*) FROM items WHERE number > 'W0190' AND source = '日常调度'"),
        ("入账的上报", done.reported, _REPORTS),
    )  # fmt: skip
    wrong += [
        f"{name}：应有 {wanted}，实有 {there}"
        for name, wanted, query in counts
        if (there := town.count(query)) != wanted
    ]
    wrong += _jobs(town, calendar)
    if wrong:
        raise WrongYear("；".join(wrong))


def _jobs(town: Town, calendar: Calendar) -> list[str]:
    """Each job once for each time it was due, and at no other."""
    wrong = []
    for job in JOBS:
        wanted = list(job.schedule.between(city.START, town.now, calendar))
        rows = town.rows("SELECT due_at FROM job_runs WHERE job = ? ORDER BY due_at", job.name)
        ran = [datetime.fromisoformat(row["due_at"]).replace(tzinfo=UTC) for row in rows]
        if ran != wanted:
            wrong.append(f"任务 {job.name}：应执行 {len(wanted)} 次，实为 {len(ran)} 次")
    return wrong


def check_database(database: Path) -> None:
    """`db check` finds nothing, and the process had no error to say. Raises WrongYear."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | {
        "BOT_DATABASE_URL": city.url_of(database),
        "BOT_DATA_DIR": str(database.parent),
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot", "db", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise WrongYear(f"db check：{done.stdout[-1000:]}{done.stderr[-500:]}")
    said = errors_of(database).read_text(errors="replace").splitlines()
    if errors := [line for line in said if not line.startswith(_EXPECTED)]:
        raise WrongYear("进程报错：" + "\n".join(errors[:20]))
