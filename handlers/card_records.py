"""The records that the buttons of cards are about: how they are named, whether a verb can still be done.

A button's args name its record; which kind of record that is follows from the verb. Used for verbs that are typed
(handlers.typed.typed_verbs); who may do something is checked by the verb itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from handlers.context import Context
from models.queries import (
    corrections,
    documents,
    item_history,
    items,
    lights,
    minutes,
    outbox,
    topic_meetings,
)
from models.queries import drafts as draft_queries
from models.queries import item_tasks as task_queries
from models.rules.items import ENDED, MOVES, ItemAct
from models.tables.documents import Document
from models.tables.items import Item
from models.types import DraftState, FeedbackState, ItemState

Args = Mapping[str, Any]

ITEM_ACTS: Final[Mapping[str, ItemAct]] = {
    "item.dispatch": ItemAct.DISPATCH,
    "item.ask_more": ItemAct.ASK_MORE,
    "item.supplement": ItemAct.SUPPLEMENT,
    "item.merge": ItemAct.MERGE,
    "item.merge_into": ItemAct.MERGE,
    "item.not_same": ItemAct.MERGE,
    "item.reject": ItemAct.REJECT,
    "item.receive": ItemAct.RECEIVE,
    "item.send_back": ItemAct.SEND_BACK,
    "item.feed_back": ItemAct.FEED_BACK,
    "item.submit": ItemAct.SUBMIT,
    "item.extend": ItemAct.EXTEND,
    "item.approve": ItemAct.APPROVE,
    "item.fail": ItemAct.FAIL,
    "item.close": ItemAct.CLOSE,
    "item.reopen": ItemAct.REOPEN,
    "item.rebound": ItemAct.RATE,
    "item.effective": ItemAct.RATE,
    "item.set_due": ItemAct.SET_DUE,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record behind buttons: verbs that begin like this and have this arg are about it."""

    verbs: str
    arg: str
    names: Callable[[Context, Any], tuple[str, ...]]
    waits: Callable[[Context, str, Any], bool]


def names(context: Context, verb: str, args: Args) -> tuple[str, ...]:
    """Number or code of the record, the one people call it by first; none where it has no name."""
    kind = _kind(verb, args)
    return kind.names(context, args[kind.arg]) if kind is not None else ()


def waits(context: Context, verb: str, args: Args) -> bool:
    """Whether what a button offered can still be done; who may do it is not asked here."""
    kind = _kind(verb, args)
    return kind is None or kind.waits(context, verb, args[kind.arg])


def lapsed(context: Context, verb: str, args: Args) -> bool:
    """Whether what a button decided on has gone by itself: a 提级建议 is withdrawn when the light gets better."""
    if not verb.startswith(("light.escalation", "item.escalation")) or "draft" not in args:
        return False
    proposal = lights.proposal_by_id(context.session, args["draft"])
    return proposal is not None and proposal.state == "withdrawn"


def _kind(verb: str, args: Args) -> Kind | None:
    return next((kind for kind in KINDS if verb.startswith(kind.verbs) and kind.arg in args), None)


# --- items


def _item_names(context: Context, item_id: int) -> tuple[str, ...]:
    item = items.by_id(context.session, item_id)
    if item is None:
        return ()
    project = context.directory.projects.get(item.project_id or 0)
    return (item.number, *([project.code] if project is not None else []))


def _item_waits(context: Context, verb: str, item_id: int) -> bool:
    item = items.by_id(context.session, item_id)
    if item is None:
        return False
    act = ITEM_ACTS.get(verb)
    if act is ItemAct.SET_DUE and item.due_at is not None:
        return False
    if act is ItemAct.RATE and item_history.effect(context.session, item) is not None:
        return False
    state = ItemState(item.state)
    return state in MOVES[act].sources if act is not None else state not in ENDED


def _feedback_names(context: Context, feedback_id: int) -> tuple[str, ...]:
    feedback = item_history.feedback_by_id(context.session, feedback_id)
    return _item_names(context, feedback.item_id) if feedback is not None else ()


def _feedback_waits(context: Context, _verb: str, feedback_id: int) -> bool:
    feedback = item_history.feedback_by_id(context.session, feedback_id)
    return feedback is not None and feedback.state == FeedbackState.SUBMITTED.value


# --- lights and figures


def _project_names(context: Context, project_id: int | None) -> tuple[str, ...]:
    project = context.directory.projects.get(project_id or 0)
    return (project.code,) if project is not None else ()


def _correction_names(context: Context, correction_id: int) -> tuple[str, ...]:
    correction = corrections.by_id(context.session, correction_id)
    return _project_names(context, correction.project_id) if correction is not None else ()


def _correction_waits(context: Context, _verb: str, correction_id: int) -> bool:
    correction = corrections.by_id(context.session, correction_id)
    return correction is not None and correction.state == "waiting"


def _light_feedback_names(context: Context, feedback_id: int) -> tuple[str, ...]:
    feedback = lights.feedback_by_id(context.session, feedback_id)
    return _case_names(context, feedback.case_id) if feedback is not None else ()


def _light_feedback_waits(context: Context, _verb: str, feedback_id: int) -> bool:
    feedback = lights.feedback_by_id(context.session, feedback_id)
    return feedback is not None and feedback.state == FeedbackState.SUBMITTED.value


def _proposal_names(context: Context, draft_id: int) -> tuple[str, ...]:
    proposal = lights.proposal_by_id(context.session, draft_id)
    return _project_names(context, proposal.project_id) if proposal is not None else ()


def _proposal_waits(context: Context, _verb: str, draft_id: int) -> bool:
    proposal = lights.proposal_by_id(context.session, draft_id)
    return proposal is not None and proposal.state == "draft"


def _item_proposal_names(context: Context, draft_id: int) -> tuple[str, ...]:
    proposal = lights.proposal_by_id(context.session, draft_id)
    return _item_names(context, proposal.subject_id) if proposal is not None else ()


def _tasks(context: Context, ids: str) -> list[Item]:
    found = (items.by_id(context.session, int(one)) for one in ids.split(","))
    return [one for one in found if one is not None]


def _task_names(context: Context, ids: str) -> tuple[str, ...]:
    """Numbers of the tasks, and of the problem whose 批示 gave them."""
    tasks = _tasks(context, ids)
    parents = (items.by_id(context.session, one.parent_id) for one in tasks[:1])
    return (*(one.number for one in tasks), *(one.number for one in parents if one is not None))


def _grave_waits(context: Context, _verb: str, item_id: int) -> bool:
    item = items.by_id(context.session, item_id)
    return item is not None and item.urgent and item_history.noted(context.session, item.id, "grave") is None


def _minutes_names(context: Context, minutes_id: int) -> tuple[str, ...]:
    found = minutes.by_id(context.session, minutes_id)
    return (found.title,) if found is not None else ()


def _meeting_names(context: Context, shown: str) -> tuple[str, ...]:
    meeting = topic_meetings.by_id(context.session, int(shown.partition(".")[0]))
    return (f"{meeting.month.month}月专题",) if meeting is not None else ()


def _meeting_waits(context: Context, verb: str, shown: str) -> bool:
    meeting_id, _, version = shown.partition(".")
    meeting = topic_meetings.by_id(context.session, int(meeting_id))
    decides = verb in ("topics.approve", "topics.send_back")
    return (
        meeting is not None
        and meeting.version == int(version)
        and meeting.state == ("reported" if decides else "draft")
    )


def _awaits_close(context: Context, _verb: str, item_id: int) -> bool:
    item = items.by_id(context.session, item_id)
    return item is not None and item.state == ItemState.AWAITING_CLOSE.value


def _tasks_wait(context: Context, _verb: str, ids: str) -> bool:
    return any(ItemState(one.state) not in ENDED for one in _tasks(context, ids))


def _case_names(context: Context, case_id: int) -> tuple[str, ...]:
    case = lights.case_by_id(context.session, case_id)
    return _project_names(context, case.project_id) if case is not None else ()


def _passed_names(context: Context, outbox_id: int) -> tuple[str, ...]:
    about, _waits = outbox.undelivered(context.session, outbox_id)
    named = {"light_case": _case_names, "item": _item_names}.get(about.kind) if about is not None else None
    return named(context, about.id) if named is not None and about is not None else ()


def _passed_waits(context: Context, _verb: str, outbox_id: int) -> bool:
    return outbox.undelivered(context.session, outbox_id)[1]


def _case_waits(context: Context, verb: str, case_id: int) -> bool:
    case = lights.case_by_id(context.session, case_id)
    if case is None or case.state == lights.ENDED:
        return False
    return verb != "light.acknowledge" or case.acknowledged_at is None


# --- drafts, projects


def _draft_waits(context: Context, _verb: str, draft_id: int) -> bool:
    draft = draft_queries.by_id(context.session, draft_id)
    return draft is not None and draft.state == DraftState.OPEN.value


def _unnamed(_context: Context, _number: int) -> tuple[str, ...]:
    return ()


def _coded(_context: Context, code: str) -> tuple[str, ...]:
    return (code,)


def _always(_context: Context, _verb: str, _code: str) -> bool:
    return True


def _assist_waits(context: Context, _verb: str, assist_id: int) -> bool:
    assist = task_queries.assist_by_id(context.session, assist_id)
    return assist is not None and assist.state == "open"


def _assist_names(context: Context, assist_id: int) -> tuple[str, ...]:
    assist = task_queries.assist_by_id(context.session, assist_id)
    return _item_names(context, assist.item_id) if assist is not None else ()


def _extension_waits(context: Context, _verb: str, extension_id: int) -> bool:
    request = task_queries.extension_by_id(context.session, extension_id)
    return request is not None and request.state == "waiting"


def _extension_names(context: Context, extension_id: int) -> tuple[str, ...]:
    request = task_queries.extension_by_id(context.session, extension_id)
    return _item_names(context, request.item_id) if request is not None else ()


# --- official papers


def _paper_names(context: Context, document_id: int) -> tuple[str, ...]:
    document = documents.by_id(context.session, document_id)
    return (
        tuple(str(name) for name in (document.body.get("shown"), document.serial) if name)
        if document is not None
        else ()
    )


def _document_names(context: Context, document_id: int) -> tuple[str, ...]:
    """By its kind too: 提醒函 W0186 beside 督办函 W0186."""
    document = documents.by_id(context.session, document_id)
    names = _paper_names(context, document_id)
    return (*names, f"{document.kind} {names[0]}") if document is not None and names else names


def _document_waits(context: Context, _verb: str, document_id: int) -> bool:
    document = documents.by_id(context.session, document_id)
    return document is not None and document.state in documents.OPEN


def _receipt_names(context: Context, receipt_id: int) -> tuple[str, ...]:
    receipt = documents.receipt_by_id(context.session, receipt_id)
    return _paper_names(context, receipt.document_id)[::-1] if receipt is not None else ()


def _receipt_waits(context: Context, verb: str, receipt_id: int) -> bool:
    receipt = documents.receipt_by_id(context.session, receipt_id)
    return receipt is not None and (receipt.received_at is None or verb == "document.read")


# --- objections to a ranking


def _objection(context: Context, of: str) -> tuple[Document | None, Mapping[str, Any] | None]:
    """of: document:number."""
    document_id, _, number = of.partition(":")
    document = documents.by_id(context.session, int(document_id))
    raised = document.body.get("objections", ()) if document is not None else ()
    return document, next((one for one in raised if one["number"] == int(number)), None)


def _objection_names(context: Context, of: str) -> tuple[str, ...]:
    document, found = _objection(context, of)
    if document is None or found is None:
        return ()
    return (str(document.body["tallies"][found["key"]]["name"]),)


def _objection_waits(context: Context, _verb: str, of: str) -> bool:
    document, found = _objection(context, of)
    waiting = document is not None and document.state in documents.OPEN
    return waiting and found is not None and found["state"] == "open"


def _own_line_waits(context: Context, _verb: str, document_id: int) -> bool:
    """Until the objections end: what was not said by then stands as it is (rule I4)."""
    document = documents.by_id(context.session, document_id)
    if document is None or document.state not in documents.OPEN:
        return False
    return context.now <= datetime.fromisoformat(document.body["objections_until"])


KINDS: Final = (
    Kind("ranking.", "of", _objection_names, _objection_waits),
    Kind("ranking.", "document", _paper_names, _own_line_waits),
    Kind("document.", "document", _document_names, _document_waits),
    Kind("document.", "receipt", _receipt_names, _receipt_waits),
    Kind("extension.", "extension", _extension_names, _extension_waits),
    Kind("assist.", "assist", _assist_names, _assist_waits),
    Kind("correction.", "correction", _correction_names, _correction_waits),
    Kind("item.escalation", "draft", _item_proposal_names, _proposal_waits),
    Kind("county.", "request", _item_proposal_names, _proposal_waits),
    Kind("county.", "item", _item_names, _awaits_close),
    Kind("minutes.", "minutes", _minutes_names, _always),
    Kind("topics.", "list", _meeting_names, _meeting_waits),
    Kind("grave.", "item", _item_names, _grave_waits),
    Kind("task.", "tasks", _task_names, _tasks_wait),
    Kind("item.", "feedback", _feedback_names, _feedback_waits),
    Kind("item.", "item", _item_names, _item_waits),
    Kind("light.feedback_", "feedback", _light_feedback_names, _light_feedback_waits),
    Kind("light.escalation", "draft", _proposal_names, _proposal_waits),
    Kind("delivery.", "outbox", _passed_names, _passed_waits),
    Kind("light.", "case", _case_names, _case_waits),
    Kind("draft.", "draft", _unnamed, _draft_waits),
    Kind("", "code", _coded, _always),
)
"""The first that fits a button is meant."""
