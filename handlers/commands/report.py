"""/上报 项目 …: the same as saying it in plain words."""

from handlers import access, free_text, hearing
from handlers.context import Context
from handlers.problems import problem_telling
from handlers.verbs import Command
from models.errors import NotUnderstood


def run(context: Context, args: str) -> None:
    said = hearing.spelled_out(context, args)
    if problem_telling.restricted_told(context, said):
        return
    reading = hearing.hear(context, said)
    if not args or not free_text.act_on(context, reading, said):
        raise NotUnderstood(args[:20], examples=("/上报 ZX0031 累计5500万", "/上报 ZX0031 无变化"))


COMMAND = Command(
    "上报",
    summary="上报进度",
    usage="/上报 ZX0031 累计5500万，设备安装完成",
    run=run,
    telling=True,
    may=access.in_ledger,
)
