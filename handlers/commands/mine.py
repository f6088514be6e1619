"""/我的: what waits for the sender: overdue, due within three workdays, others (rules D5, E15, S18)."""

from __future__ import annotations

import re
from typing import Final

from handlers.context import Context
from handlers.mine import my_tasks
from handlers.verbs import Command

# 「我手上还有啥」, 「我还有什么没办的」, 「我今天要办哪些事」
_ASKED: Final = re.compile(
    r"(?:请问|看看|查一?下)?(?:我|俺|我们?这边)(?:手[上里头]|名下|这里)?(?:现在|目前|今天|明天|本周|这周|还|都){0,3}"
    r"(?:(?:有|剩|欠|要办|要做|要干|该办|该做)(?:什么|啥|哪些|几件|多少)"
    r"(?:事情?|活儿?|待办|任务|工作|要办的?|该办的?|要反馈的?|没[办弄做]完?的?|没反馈的?)?|待办|要办的?(?:事|有))"
    r"(?:没办|要办|没反馈|没完成|要做|没弄)?[了呢吗的吧啊]?[\s?？]*"
    r"|(?:请问|看看)?(?:现在|目前|今天|本周|这周|还|都){0,3}有(?:没有)?(?:什么|啥|哪些|几件|多少)(?:事情?|问题|事项|工作)?(?:是|还)?"
    r"(?:需要|要|等着?|该|等待)我(?:来|去)?(?:审定|决定|批示|签批|审核|协调|处理|签发|办理?|定|批|签|审|看)(?:的)?[了呢吗吧啊]?[\s?？]*"
)


def run(context: Context, _args: str) -> None:
    context.say_privately(my_tasks.of_sender(context))


COMMAND = Command(
    "我的", summary="我的待办", usage="/我的", run=run, aliases=("我的待办", "待办"), bare=True, said=_ASKED
)
