"""/小结: 小结 and 工作计划 of the categories; /小结 汇总: the draft of the week (rules I1, I2)."""

import re

from handlers import access, weekly
from handlers.context import Context
from handlers.verbs import Command
from models.queries import weekly as queries


def run(context: Context, args: str) -> None:
    words = args.strip()
    if words.startswith("汇总"):
        weekly.show_digest(context)
    elif words.startswith("提交"):
        weekly.submit_summary(context)
    elif words:
        weekly.plan(context, words)
    else:
        weekly.show_summary(context)


def _may(context: Context) -> bool:
    return access.in_hub(context) or any(
        queries.categories_of(context.directory, person) for person in access.own_and_principals(context)
    )


COMMAND = Command(
    "小结",
    summary="每周小结和计划（类别牵头专班）",
    usage="/小结 专项债券 完成设备安装",
    run=run,
    may=_may,
    said=re.compile(r"(?:本周)?(?:工作)?小结"),
)
