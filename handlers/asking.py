"""Questions in plain words, and courtesies: what is asked is shown, nothing is changed (rules B4, C15, C16)."""

from __future__ import annotations

import re
from typing import Final

from handlers import my_tasks
from handlers.context import Context
from handlers.queries import item_search, ledger_views, light_lists, project_lists, projects
from handlers.understanding import asking
from handlers.understanding.reading import Intent, Reading
from models.notices.people import Courtesy

_COLOUR: Final = re.compile(r"([红黄绿蓝])灯")
_WHICH: Final = re.compile(r"哪[些几个]|几个|多少|有没有|名单|清单|都有")
EVERY_LEDGER: Final = "各"


def answered(context: Context, reading: Reading, text: str) -> bool:
    """「污水处理厂进度怎么样」, 「我们县有几个项目」, 「林地那个问题到哪一步了」; False: nothing fits."""
    if any(line.figures for line in reading.lines):
        return False
    colour = _COLOUR.search(text)
    about = asking.asked_projects(text)
    if about == EVERY_LEDGER:
        ledger_views.overview(context)
        return True
    if about is not None and (colour is None or about != colour[0]) and project_lists.show(context, about):
        return True
    if colour is not None and _WHICH.search(text):
        light_lists.show(context, colour[1])
        return True
    problem = asking.asked_problem(text)
    if problem and item_search.show(context, problem, standing=True):
        return True
    if Intent.QUERY not in reading.intents:
        return False
    line = next((one for one in reading.lines if one.mention and not one.issues), None)
    return line is not None and projects.show(context, line.mention)


def polite(context: Context, text: str) -> bool:
    """「您好」, 「收到」: a word back, and what to do next; a courtesy acknowledges and settles nothing."""
    if asking.is_greeting(text):
        context.say(Courtesy(name=context.sender.name, greeting=True))
    elif asking.is_thanks(text):
        waiting = my_tasks.to_receive(context) if context.group is None else ()
        context.say(Courtesy(context.sender.name, greeting=False, waiting=waiting))
    else:
        return False
    return True
