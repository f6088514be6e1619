"""One module per aggregate. Table modules point from child to parent only."""

from models.tables import (
    audit,
    clockwork,
    coordination,
    documents,
    drafts,
    inbox,
    items,
    lights,
    outbox,
    people,
    projects,
    taskforces,
)
from models.tables.base import Base

metadata = Base.metadata

__all__ = [
    "audit",
    "clockwork",
    "coordination",
    "documents",
    "drafts",
    "inbox",
    "items",
    "lights",
    "metadata",
    "outbox",
    "people",
    "projects",
    "taskforces",
]
