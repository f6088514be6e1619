"""/查 专班: duty, lead and member units of a task force, as the roster says."""

from __future__ import annotations

from handlers.context import Context
from models.errors import NotFound
from models.queries import taskforces


def show(context: Context, name: str) -> None:
    """Answer for one task force of the asker's organisation, or without a name for all of them.

    Raises NotFound for a name that fits none.
    """
    organisation_id = context.sender.organisation_id
    if not name.strip():
        context.say(taskforces.overview(context.directory, organisation_id))
        return
    task_force = taskforces.by_name(context.directory, organisation_id, name)
    if task_force is None:
        raise NotFound(name.strip()[:20])
    context.say(taskforces.card(context.session, context.directory, task_force))
