"""/亮灯 [绿|黄|红|蓝], /黄灯 …: projects by light; 蓝 is what is due soon (rule E15)."""

import re

from handlers.context import Context
from handlers.queries import light_lists
from handlers.verbs import Command
from models.errors import NotUnderstood

_COLOUR = re.compile(r"^([红黄绿蓝]?)灯?$")
_NAMED = re.compile(r"^\s*[/／、]?\s*([红黄绿蓝])灯")
EXAMPLES = ("/亮灯 红", "/亮灯 蓝")


def run(context: Context, args: str) -> None:
    found = _COLOUR.match(args.strip().removeprefix("亮灯").strip())
    if found is None:
        raise NotUnderstood(args[:20], examples=EXAMPLES)
    named = _NAMED.match(context.message.text)  # the alias tells the colour
    light_lists.show(context, named[1] if named is not None else found[1])


COMMAND = Command(
    "亮灯",
    summary="按亮灯列项目；蓝灯列临期事项",
    usage="/亮灯 红",
    run=run,
    aliases=("红灯", "黄灯", "绿灯", "蓝灯"),
    said=re.compile(r"(?:看|查)?(?P<args>(?:亮灯\s*)?[红黄绿蓝]灯|亮灯\s*[红黄绿蓝]?)"),
)
