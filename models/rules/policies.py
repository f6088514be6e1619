"""The policies of a city and its counties: what one does not set holds as in the one above it (rule Q3).

Versions are counted through the whole installation, so that a record's version, together with its organisation, says
by which numbers it was opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from models.rules.items import COUNTY_LEVEL, TOP_LEVEL
from models.rules.policy import Policy

COMMON: Final = ("wrong_codes", "wrong_code_block_minutes", "unbound_attempts_reported")
"""Fields about accounts that belong to nobody yet: the same for everybody."""


@dataclass(frozen=True, slots=True)
class PolicySetting:
    """One stored version: all that an organisation sets itself; None: the whole installation."""

    version: int
    organisation_id: int | None
    body: Mapping[str, Any]


class PolicyClash(ValueError):
    """What an organisation sets itself does not go with what it takes over from above."""

    def __init__(self, organisation_id: int, reason: str) -> None:
        super().__init__(reason)
        self.organisation_id = organisation_id


@dataclass(frozen=True)
class Policies:
    """settings: oldest first. parents: organisation → the one above it, None for a city. counties: which are one."""

    settings: tuple[PolicySetting, ...] = ()
    parents: Mapping[int, int | None] = field(default_factory=dict)
    counties: frozenset[int] = frozenset()

    @cached_property
    def base(self) -> Policy:
        """Of the whole installation: where nobody's organisation is known."""
        return self._effective(None, None)

    @cached_property
    def version(self) -> int:
        """The last version that was given out; 1 where nothing was ever set."""
        return self.settings[-1].version if self.settings else Policy().version

    def of(self, organisation_id: int | None) -> Policy:
        """What holds in an organisation now."""
        if organisation_id is None:
            return self.base
        known = self._now.get(organisation_id)
        if known is None:
            known = self._now[organisation_id] = self._effective(organisation_id, None)
        return known

    def at(self, organisation_id: int, version: int) -> Policy:
        """What held in an organisation when that version was the last one: by it a case was opened."""
        now = self.of(organisation_id)
        if version >= now.version:
            return now
        key = (organisation_id, version)
        if key not in self._then:
            self._then[key] = self._effective(organisation_id, version)
        return self._then[key]

    def own(self, organisation_id: int | None) -> dict[str, Any]:
        """What an organisation sets itself, as stored."""
        found = self._last(organisation_id, None)
        return dict(found.body) if found is not None else {}

    def ever(self, name: str) -> frozenset[int]:
        """Every value that a whole-number field has had anywhere: what a case may have been opened with."""
        stored = (one.body[name] for one in self.settings if name in one.body)
        return frozenset((getattr(Policy(), name), *stored))

    def setters(self, organisation_id: int | None) -> tuple[int | None, ...]:
        """Whose settings hold in an organisation, its own first, the installation's last."""
        return tuple(reversed(tuple(self._chain(organisation_id))))

    def changed(
        self, organisation_id: int | None, data: Mapping[str, Any], *, whole: bool = False
    ) -> Policies:
        """With a next version in which an organisation sets these fields too.

        whole: only these, so that what it set before and data does not name falls back. Raises ValueError, naming the
        field, for what does not fit, also in an organisation that falls back on this one.
        """
        if organisation_id is not None and (common := sorted(set(data) & set(COMMON))):
            raise ValueError(f"规则：{'、'.join(common)} 是全系统共用的，不能单独为一个组织设置")
        body = merged({} if whole else self.own(organisation_id), data)
        setting = PolicySetting(self.version + 1, organisation_id, body)
        found = Policies((*self.settings, setting), self.parents, self.counties)
        found.of(organisation_id)
        found.check()
        return found

    def check(self) -> None:
        """Raises PolicyClash where the numbers that hold in an organisation do not go together."""
        for organisation_id in self.parents:
            try:
                self.of(organisation_id)
            except ValueError as error:
                raise PolicyClash(organisation_id, str(error)) from None

    @cached_property
    def _now(self) -> dict[int, Policy]:
        return {}

    @cached_property
    def _then(self) -> dict[tuple[int, int], Policy]:
        return {}

    def _effective(self, organisation_id: int | None, version: int | None) -> Policy:
        body: dict[str, Any] = {}
        latest = Policy().version
        for one in self._chain(organisation_id):
            found = self._last(one, version)
            if found is not None:
                body, latest = merged(body, found.body), max(latest, found.version)
        policy = Policy.from_json(body, version=latest)
        if organisation_id not in self.counties:
            return policy
        own = self._last(organisation_id, version)
        top = TOP_LEVEL - 1 if own is not None and "levels" in own.body else COUNTY_LEVEL
        return replace(policy, levels=replace(policy.levels, own_top=top))

    def _chain(self, organisation_id: int | None) -> Iterator[int | None]:
        """The installation, then from the city down to the organisation."""
        line: list[int] = []
        while organisation_id is not None and organisation_id not in line:
            line.append(organisation_id)
            organisation_id = self.parents.get(organisation_id)
        yield None
        yield from reversed(line)

    def _last(self, organisation_id: int | None, version: int | None) -> PolicySetting | None:
        return next(
            (
                one
                for one in reversed(self.settings)
                if one.organisation_id == organisation_id and (version is None or one.version <= version)
            ),
            None,
        )


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of new over those of old; sections (lights, signing) field by field."""
    found = dict(old)
    for name, value in new.items():
        before = found.get(name)
        found[name] = (
            {**before, **value} if isinstance(value, Mapping) and isinstance(before, Mapping) else value
        )
    return found
