"""The in-memory snapshot that a batch works with: directory, names and policy of one version."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers.understanding.names.names import Names, ProjectName
from models.queries import directory as directories
from models.queries import policies
from models.queries.directory import Directory
from models.rules.policies import Policies


@dataclass(frozen=True, slots=True)
class Snapshot:
    directory: Directory
    names: Names
    policies: Policies

    def stale(self, session: Session) -> bool:
        """True when a commit, or the current transaction, has changed what this was read from."""
        return directories.version(session) != self.directory.version


class Snapshots:
    def __init__(self) -> None:
        self._latest: Snapshot | None = None

    def current(self, session: Session) -> Snapshot:
        """The snapshot of the version this session sees; one primary-key read unless it changed."""
        latest = self._latest
        if latest is None or latest.stale(session):
            latest = self._latest = read_snapshot(session)
        return latest


def read_snapshot(session: Session) -> Snapshot:
    directory = directories.load(session)
    names = Names.of(
        [
            ProjectName(
                id=project.id,
                code=project.code,
                name=project.name,
                aliases=project.aliases,
                place=directory.regions[project.region_id].name if project.region_id else None,
            )
            for project in directory.projects.values()
        ],
        {unit.name: unit.aliases for unit in directory.units.values()},
    )
    return Snapshot(directory, names, policies.current(session))
