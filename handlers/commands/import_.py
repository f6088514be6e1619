"""/导入 with a sheet of problems, e.g. 调度反馈 of the provincial system (rules O2, Q1)."""

from __future__ import annotations

from handlers import access
from handlers.context import Context
from handlers.problems import problem_imports
from handlers.verbs import Command
from models.errors import Invalid


def run(context: Context, args: str) -> None:
    wanted = args.strip()
    if wanted in ("台账", "项目", "项目台账", "总账"):
        raise Invalid("项目台账现在由系统管理员在服务器上导入", mend="问题清单请附 xlsx 后发 /导入")
    problem_imports.start(context, wanted.removeprefix("问题").strip())


COMMAND = Command(
    "导入",
    summary="导入问题清单（xlsx），先预览后确认",
    usage="/导入（附 省系统调度反馈.xlsx）",
    run=run,
    may=access.in_hub,
)
