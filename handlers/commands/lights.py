"""/亮灯 [绿|黄|红|蓝], /黄灯 …: projects by light; 蓝 is what is due soon (rule E15)."""

import re

from handlers import access
from handlers.context import Context
from handlers.queries import light_lists, project_lists
from handlers.verbs import Command
from models.errors import NotUnderstood

_COLOUR = re.compile(r"^([红黄绿蓝]?)灯?$")
EXAMPLES = ("/亮灯 红", "/亮灯 蓝")


def run(context: Context, args: str) -> None:
    found = _COLOUR.match(args)
    if found is None and project_lists.show(context, args.removesuffix("情况")):
        return
    if found is None:
        raise NotUnderstood(args[:20], examples=EXAMPLES)
    light_lists.show(context, found[1])


COMMAND = Command(
    "亮灯",
    summary="按亮灯列项目；蓝灯列临期事项",
    usage="/亮灯 红",
    run=run,
    may=access.in_ledger,
    telling_names={f"{colour}灯": colour for colour in "红黄绿蓝"},
    said=re.compile(
        r"(?:看|查)?(?:一下)?(?:现在|目前)?的?"
        r"(?:亮灯\s*(?=[红黄绿蓝情]|$|[一-鿿]{2,6}(?:[县区市]|专班)(?:情况)?$)|红黄绿?灯|(?=[红黄绿蓝]灯))"
        r"(?P<args>[红黄绿蓝]?|[一-鿿]{2,6}(?:[县区市]|专班))灯?的?(?:情况)?(?:怎么样)?"
    ),
)
