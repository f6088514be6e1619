"""/审核, /审核 W0186 通过, /审核 W0186 不通过 原因: rulings on 办结 and feedback (rules B10, E9, F5, F8)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_actions, item_cards
from handlers.mine import my_tasks
from handlers.typed import item_verbs
from handlers.verbs import Command
from models.errors import Invalid, NotAllowed, NotUnderstood
from models.notices.items import Task
from models.queries import item_history
from models.rules.items import ItemAct
from models.tables.items import Item
from models.types import ItemState, Role

EXAMPLES: Final = ("/审核 W0186 通过", "/审核 W0186 不通过 缺批复文件")
WHO: Final = "督办专员、综合专班负责人"
_CODE: Final = re.compile(r"^[A-Za-zＡ-Ｚａ-ｚ]{2}\s?[\d０-９]{3,6}")
_VERDICT: Final = re.compile(
    r"^(?:审核)?(?P<word>不通过|不同意|不采纳|通过|同意|采纳|退回)\s*[:：，,。]?\s*(?P<reason>.*)$", re.DOTALL
)
_YES: Final = frozenset({"通过", "同意", "采纳"})


def run(context: Context, args: str) -> None:
    words = args.strip()
    if not words:
        _list(context)
        return
    if (numbered := item_access.number_in_front(words)) is not None:
        _item(context, item_access.item(context, numbered[0]), numbered[1])
    elif (code := _CODE.match(words)) is not None:
        _light(context, code[0], words[code.end() :])
    else:
        raise NotUnderstood(words[:20], examples=EXAMPLES)


def _verdict(words: str) -> tuple[bool, str] | None:
    """Whether it passes, and why not; None without a verdict. Raises NotUnderstood for other words."""
    plain = words.strip(" ：:，,。")
    if not plain:
        return None
    said = _VERDICT.match(plain)
    if said is None:
        raise NotUnderstood(plain[:20], examples=EXAMPLES)
    return said["word"] in _YES, said["reason"].strip()


def _item(context: Context, item: Item, words: str) -> None:
    """办结 first, where both wait."""
    verdict = _verdict(words)
    pending = item_history.feedback_under_review(context.session, item.id)
    closing = item.state == ItemState.UNDER_REVIEW.value
    act = ItemAct.REVIEW_FEEDBACK if pending is not None and not closing else ItemAct.APPROVE
    item_access.desk_for(context, item, act)
    if verdict is None:
        item_cards.show(context, item)
        return
    passes, reason = verdict
    args: dict[str, str | int] = {"item": item.id}
    if closing:
        (item_actions.approve if passes else item_actions.fail)(context, args, reason)
    elif pending is not None:
        args["feedback"] = pending.id
        (item_actions.accept_feedback if passes else item_actions.return_feedback)(context, args, reason)


def _light(context: Context, code: str, words: str) -> None:
    """Feedback on a project's light (rule E9)."""
    project = access.project(context, code)
    verdict = _verdict(words)
    if verdict is None:
        raise NotUnderstood("", examples=(f"/审核 {project.code} 采纳", f"/审核 {project.code} 退回 原因"))
    passes, reason = verdict
    (item_verbs.accept_of_light if passes else item_verbs.give_back_of_light)(context, project.code, reason)


def _list(context: Context) -> None:
    """What waits for the sender's ruling."""
    tasks = my_tasks.of_sender(context)
    found = replace(
        tasks, overdue=_ruled(tasks.overdue), soon=_ruled(tasks.soon), others=_ruled(tasks.others)
    )
    if found.overdue or found.soon or found.others:
        context.say_privately(found)
        return
    if not may(context):
        raise NotAllowed("审核反馈和办结", who=WHO)
    raise Invalid("没有等您审核的事项", mend="全部待办请发 /我的")


def _ruled(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    return tuple(task for task in tasks if "待审核" in task.text)


def may(context: Context) -> bool:
    return access.holds(context, Role.SUPERVISOR, Role.HUB_HEAD)


COMMAND = Command("审核", summary="审核反馈、办结", usage="/审核 W0186 通过", run=run, may=may)
