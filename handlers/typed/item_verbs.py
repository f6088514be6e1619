"""What the labels of buttons do to a numbered record where no card in the chat offers them any more (rule B10).

Each does what the button does, or is refused with the reason: who may, in which state it is, that nothing of the kind
is waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_actions, item_extensions
from handlers.lights import light_actions
from handlers.reports import undo
from handlers.verbs import Verb
from models.errors import DomainError, Invalid, NotAllowed
from models.operations import light_feedback as light_feedbacks
from models.queries import corrections, item_history, lights
from models.queries import item_tasks as task_queries
from models.rules.items import ItemAct, Party
from models.tables.items import Item
from models.types import Role

ItemVerb = Callable[[Context, Item, str], None]


def pressed(press: Verb) -> ItemVerb:
    """The act of a button that needs nothing but the item."""
    return lambda context, item, words: press(context, {"item": item.id}, words)


# --- feedback on an item


def accept(context: Context, item: Item, _words: str) -> None:
    item_actions.accept_feedback(context, _of_feedback(context, item), "")


def give_back(context: Context, item: Item, words: str) -> None:
    item_actions.return_feedback(context, _of_feedback(context, item), words)


def gives_back_feedback(context: Context, item: Item) -> bool:
    """退回 is of a dispatch, except by the 督办专员 while a feedback waits for the ruling."""
    waiting = item_history.feedback_under_review(context.session, item.id) is not None
    return waiting and Party.SUPERVISOR in item_access.parties(context, item)


def _of_feedback(context: Context, item: Item) -> Mapping[str, int]:
    item_access.desk_for(context, item, ItemAct.REVIEW_FEEDBACK)
    feedback = item_history.feedback_under_review(context.session, item.id)
    if feedback is None:
        raise Invalid(f"{item.number} 没有待审核的反馈", mend=f"查看：/查 {item.number}")
    return {"item": item.id, "feedback": feedback.id}


# --- more time for an item


def agree(context: Context, item: Item, words: str) -> None:
    item_extensions.press_agree(context, _of_extension(context, item), words)


def refuse(context: Context, item: Item, words: str) -> None:
    item_extensions.press_refuse(context, _of_extension(context, item), words)


def _of_extension(context: Context, item: Item) -> Mapping[str, int]:
    item_access.desk_for(context, item, ItemAct.DECIDE_EXTENSION)
    request = task_queries.extension_waiting(context.session, item.id)
    if request is None:
        raise Invalid(f"{item.number} 没有待审批的延期申请", mend=f"查看：/查 {item.number}")
    return {"item": item.id, "extension": request.id}


# --- feedback on a project's light (rule E9)


def accept_of_light(context: Context, code: str, words: str) -> None:
    light_actions.press_accept(context, _of_light(context, "采纳", code), words)


def give_back_of_light(context: Context, code: str, words: str) -> None:
    light_actions.press_return(context, _of_light(context, "退回", code), words)


def agree_of_project(context: Context, code: str, words: str) -> None:
    """「同意 ZX0032 更正」: the correction that waits (rule C6), else the feedback on the light."""
    if (correction := _waiting_correction(context, code)) is not None:
        undo.approve(context, correction, words)
    else:
        accept_of_light(context, code, words)


def refuse_of_project(context: Context, code: str, words: str) -> None:
    if (correction := _waiting_correction(context, code)) is not None:
        undo.refuse(context, correction, words)
    else:
        give_back_of_light(context, code, words)


def _waiting_correction(context: Context, code: str) -> Mapping[str, int] | None:
    """The oldest one of the project; None where there is none, or a feedback waits and 更正 is not said."""
    project = access.project(context, code)
    waiting = [one for one in corrections.waiting(context.session) if one.project_id == project.id]
    if not waiting or ("更正" not in context.message.text and _has_feedback(context, code)):
        return None
    return {"correction": waiting[0].id}


def _has_feedback(context: Context, code: str) -> bool:
    try:
        _of_light(context, "采纳", code)
    except DomainError:
        return False
    return True


def _of_light(context: Context, verb: str, code: str) -> Mapping[str, int]:
    project = access.project(context, code)
    case = light_actions.case_of(context, project)
    feedback = lights.waiting_feedback(context.session, case.id)
    if feedback is None:
        may = light_feedbacks.reviewers(context.desk, case)
        if not {one.id for one in may} & {one.id for one in access.own_and_principals(context)}:
            raise NotAllowed(f"{verb} {code.upper()} 的反馈", who="、".join(one.label for one in may))
        raise Invalid(f"{code.upper()} 没有待审核的亮灯反馈", mend=f"查看：/查 {code.upper()}")
    return {"feedback": feedback.id}


# --- 提级 of a red light (rule E12)


def raise_of_light(context: Context, code: str, words: str) -> None:
    light_actions.press_escalation_agree(context, _of_proposal(context, "同意提级", code), words)


def keep_of_light(context: Context, code: str, words: str) -> None:
    light_actions.press_escalation_refuse(context, _of_proposal(context, "不提级", code), words)


def _of_proposal(context: Context, verb: str, code: str) -> Mapping[str, int]:
    project = access.project(context, code)
    if not access.holds(context, Role.HUB_HEAD):
        raise NotAllowed(f"{verb} {project.code}", who="综合专班负责人")
    waiting = lights.undecided_of_lights(context.session)
    draft = next((one for one, case in waiting if case.project_id == project.id), None)
    if draft is None:
        raise Invalid(f"{project.code} 没有待决定的提级建议", mend=f"查看：/查 {project.code}")
    return {"draft": draft.id}
