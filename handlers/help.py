"""/帮助: what the asker may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.context import Context
from handlers.verbs import Command
from models.errors import NotUnderstood
from models.notices.base import Notice
from models.notices.people import CommandHelp, Help, HelpGroup, HelpLine

_OTHER: Final = "其他"
GROUPS: Final = {
    "上报与查询": "上报 更正 撤销 草稿 查 我的",
    "问题事项": "问题 交办 协办 签收 退回 反馈 延期 完成协办 免除协办 办结 审核 销号 重开 合并 提级",
    "亮灯": "亮灯 调灯 已阅 稍后 批示",
    "公文与通报": "提醒函 督办函 签发 作废 送达 小结 通报 简报 会议纪要",
    "专项工作": "实地 容缺 融资 资金 会议 纪要 签到 储备 挂图",
    "人员与系统": "帮助 绑定 绑定群 代理 交接 通讯录 导入 导出 审计",
}
_GROUP_OF: Final = {name: title for title, names in GROUPS.items() for name in names.split()}
_ORDER: Final = {name: place for place, name in enumerate(_GROUP_OF)}


def help_for(context: Context, commands: Sequence[Command], name: str = "") -> Notice:
    """Commands the asker may use, by subject; with a name, that command's usage. Unbound: the few they have.

    Raises NotUnderstood for a name that is no command of theirs.
    """
    person = context.person
    allowed = [
        command for command in commands if (command.may(context) if person is not None else command.unbound)
    ]
    said = name.strip().lstrip("/／").strip()
    if said:
        for command in allowed:
            if said in command.names:
                return CommandHelp(command.name, command.summary, command.usage, command.names[1:])
        raise NotUnderstood(said[:20], examples=("/帮助", "/帮助 查"))
    return Help(
        name=person.label if person is not None else "", groups=_grouped(allowed), bound=person is not None
    )


def _grouped(commands: Sequence[Command]) -> tuple[HelpGroup, ...]:
    found = []
    for title in (*GROUPS, _OTHER):
        lines = [
            HelpLine(command.name, command.summary)
            for command in sorted(commands, key=lambda one: _ORDER.get(one.name, len(_ORDER)))
            if _GROUP_OF.get(command.name, _OTHER) == title
        ]
        if lines:
            found.append(HelpGroup(title, tuple(lines)))
    return tuple(found)
