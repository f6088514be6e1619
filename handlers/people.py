"""Which person a name in a command means."""

from __future__ import annotations

from handlers.context import Context
from models.errors import NotFound, NotUnderstood
from models.notices.people import PersonChoice
from models.queries import people
from models.queries.directory import PersonInfo


def named(context: Context, text: str, *, command: str) -> PersonInfo | None:
    """The person of the sender's organisation; None after asking which of several is meant (rule B1).

    command: what to send again with the chosen label.
    Raises NotUnderstood without a name, NotFound for nobody.
    """
    if not text.strip():
        raise NotUnderstood(command, examples=(f"{command} 姓名", f"{command} 姓名(单位)"))
    found = people.find(context.directory, text, organisation_id=context.sender.organisation_id)
    if not found:
        raise NotFound(text.strip()[:20])
    if len(found) == 1:
        return found[0]
    context.say_privately(PersonChoice(tuple(person.label for person in found), command))
    return None
