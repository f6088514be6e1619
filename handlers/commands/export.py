"""/导出 总账, /导出 问题: xlsx cut to the asker's scope (rules B3, B8, Q2)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, exports
from handlers.context import Context
from handlers.verbs import Command
from models.errors import NotUnderstood
from models.types import Role

_PROJECTS: Final = re.compile(r"总?台?账|项目(?:台账|总账)?|全部")
_ITEMS: Final = re.compile(r"问题(?:事项)?(?:台账|清单)?|事项")


def run(context: Context, args: str) -> None:
    wanted = args.strip()
    if _PROJECTS.fullmatch(wanted):
        exports.projects(context)
    elif _ITEMS.fullmatch(wanted):
        exports.items(context)
    elif wanted:
        exports.listed(context, wanted)
    else:
        raise NotUnderstood("", examples=("/导出 总账", "/导出 青禾县", "/导出 问题"))


def may(context: Context) -> bool:
    """Everybody with ledger contents in their scope: not the system administrator."""
    people = access.own_and_principals(context)
    return any(post.role is not Role.ADMINISTRATOR for person in people for post in person.posts)


COMMAND = Command(
    "导出",
    summary="按您的范围导出台账（xlsx）",
    usage="/导出 总账；/导出 青禾县；/导出 问题",
    run=run,
    bare=True,
    may=may,
)
