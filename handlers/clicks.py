"""What buttons do: one verb a line."""

from __future__ import annotations

from handlers import deliveries, exports, rankings, weekly
from handlers.commands import delegate, meeting, register_group
from handlers.drafts import draft_actions
from handlers.items import (
    county_requests,
    grave_items,
    item_actions,
    item_assists,
    item_decisions,
    item_extensions,
    item_raising,
    province_reports,
)
from handlers.lights import light_actions
from handlers.papers import documents, minutes_papers
from handlers.problems import problem_imports
from handlers.queries import five_completions, projects
from handlers.reports import undo
from handlers.verbs import Verb

VERBS: dict[str, Verb] = {
    "draft.confirm": draft_actions.press_confirm,
    "draft.confirm_checked": draft_actions.press_confirm_checked,
    "draft.confirm_line": draft_actions.press_confirm_line,
    "draft.one_by_one": draft_actions.press_one_by_one,
    "draft.edit": draft_actions.press_edit,
    "draft.cancel": draft_actions.press_cancel,
    "draft.cancel_line": draft_actions.press_cancel_line,
    "draft.answer": draft_actions.press_answer,
    "draft.switch_reading": draft_actions.press_switch,
    "draft.switch_house": draft_actions.press_switch_house,
    "draft.drop_files": draft_actions.press_drop_files,
    "entry.attach": draft_actions.press_attach,
    "correction.approve": undo.approve,
    "correction.refuse": undo.refuse,
    "project.show": projects.press_show,
    "project.none": projects.press_none,
    "project.history": projects.press_history,
    "project.entries": projects.press_entries,
    "project.items": projects.press_items,
    "people.cancel_delegation": delegate.press_cancel,
    **five_completions.VERBS,
    **exports.VERBS,
    **problem_imports.VERBS,
    **deliveries.VERBS,
    **documents.VERBS,
    **light_actions.VERBS,
    **item_actions.VERBS,
    **item_assists.VERBS,
    **item_extensions.VERBS,
    **item_decisions.VERBS,
    **item_raising.VERBS,
    **province_reports.VERBS,
    **county_requests.VERBS,
    **grave_items.VERBS,
    **meeting.VERBS,
    **minutes_papers.VERBS,
    **weekly.VERBS,
    **rankings.VERBS,
    **register_group.VERBS,
}

# After these nothing is left to decide on the card.
SETTLING: frozenset[str] = frozenset(
    {
        "draft.confirm",
        "draft.confirm_checked",
        "draft.confirm_line",
        "draft.cancel",
        "draft.cancel_line",
        "correction.approve",
        "item.receive",
        "item.approve",
        "item.accept_feedback",
        "item.close",
        "light.feedback_accept",
        "light.escalation_agree",
        "item.escalation_agree",
        "grave.yes",
        "county.accept",
        "grave.no",
        "delivery.passed_on",
        "document.issue",
        "weekly.publish",
        "ranking.adopt",
        "ranking.refuse",
        "document.drop",
        "document.receive",
        "group.register",
    }
)
