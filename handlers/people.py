"""Which person a name in a command means."""

from __future__ import annotations

import re
from typing import Final

from handlers.context import Context
from models.errors import NotFound, NotUnderstood, WordsMissing
from models.queries import people
from models.queries.directory import PersonInfo

_CHOSEN: Final = re.compile(r"(?P<name>\S+)\s+第?(?P<which>\d|[一-鿿]{2,20})(?:[位个号])?")


def named(context: Context, text: str, *, command: str) -> PersonInfo:
    """The person of the sender's organisation; behind the name a number or a unit may choose (rule B1).

    command: the command that needs the person, for examples.
    Raises NotUnderstood without a name, NotFound for nobody, WordsMissing to ask which of several is meant.
    """
    if not text.strip():
        raise NotUnderstood(command, examples=(f"{command} 姓名", f"{command} 姓名(单位)"))
    name, which = text.strip(), ""
    if (said := _CHOSEN.fullmatch(name)) is not None:
        name, which = said["name"], said["which"]
    found = people.find(context.directory, name, organisation_id=context.sender.organisation_id)
    if not found:
        raise NotFound(name[:20])
    meant = [
        one for place, one in enumerate(found, 1) if which in ("", str(place)) or _is_of(context, one, which)
    ]
    if len(meant) == 1:
        return meant[0]
    labels = "，".join(f"{place} {one.label}" for place, one in enumerate(found, 1))
    raise WordsMissing(f"有{len(found)}位：{labels}", mend=f"例：1，或再发 {command} {found[0].label}")


def _is_of(context: Context, person: PersonInfo, unit: str) -> bool:
    return unit in context.directory.units[person.unit_id].name or unit in person.label
