"""五个「尽」: pairs of what is done and what should be, each a list that can be opened (rules D5, E3; S73)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries import lights
from models.queries.directory import Directory
from models.queries.items import of_its_house
from models.rules.items import FORCE_OF_KIND
from models.tables.items import Item
from models.tables.projects import Project
from models.types import ItemState, Light

_VOID: Final = (ItemState.MERGED.value, ItemState.REJECTED.value)


@dataclass(frozen=True, slots=True)
class Completion:
    """One indicator. done, left: what each of them is called. kept: whether there is a ledger for it yet."""

    name: str
    what: str
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    kept: bool = True

    @property
    def total(self) -> int:
        return len(self.done) + len(self.left)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: the projects that may be seen, on a day."""

    directory: Directory
    visible: Collection[int]
    today: date


def completions(session: Session, scope: Scope) -> tuple[Completion, ...]:
    """All five, in the order of the source document."""
    return tuple(indicator(session, scope) for indicator in INDICATORS)


def _approvals(_session: Session, _scope: Scope) -> Completion:
    return Completion("应办尽办", "前期手续", kept=False)


def _elements(session: Session, scope: Scope) -> Completion:
    """Problems of land, planning, environment, heritage and forest: closed of all that were raised (rule F2)."""
    kinds = [kind for kind, force in FORCE_OF_KIND.items() if force == "要素保障"]
    rows = session.execute(
        select(Item)
        .where(
            Item.kind.in_(kinds),
            Item.project_id.is_not(None),
            of_its_house(),
            Item.parent_id.is_(None),
            Item.restricted.is_(False),
            Item.state.not_in(_VOID),
        )
        .order_by(Item.id)
    ).scalars()
    found = [item for item in rows if item.project_id in scope.visible]
    closed = ItemState.CLOSED.value
    return Completion(
        "应保尽保",
        "要素",
        tuple(f"{item.number} {item.title}" for item in found if item.state == closed),
        tuple(f"{item.number} {item.title}（{item.state}）" for item in found if item.state != closed),
    )


def _financing(_session: Session, _scope: Scope) -> Completion:
    return Completion("应报尽报", "融资", kept=False)


def _starts(session: Session, scope: Scope) -> Completion:
    """Projects whose planned start lies in or before this month: started of all (rules E3, I3)."""
    rows = list(session.execute(select(Project).order_by(Project.code)).scalars())
    seen = [row for row in rows if row.id in scope.visible]
    facts = lights.facts_for(session, seen)
    done, left = [], []
    for row in seen:
        planned = facts[row.id].planned_start
        if planned is None or (planned.year, planned.month) > (scope.today.year, scope.today.month):
            continue
        words = f"{row.code} {row.name}"
        if facts[row.id].has_started(scope.today):
            done.append(words)
        else:
            left.append(f"{words}（计划{row.planned_start}开工，未开工）")
    return Completion("应开尽开", "开工", tuple(done), tuple(left))


def _lights(session: Session, scope: Scope) -> Completion:
    """Projects with a green light of all that have a light (rule E5)."""
    lit = lights.by_colour(session, scope.visible)
    names = scope.directory.projects

    def words(project_id: int) -> str:
        return f"{names[project_id].code} {names[project_id].name}"

    return Completion(
        "能快尽快",
        "绿灯",
        tuple(words(one.project_id) for one in lit if one.light is Light.GREEN),
        tuple(
            f"{words(one.project_id)}（{one.light.value}灯）" for one in lit if one.light is not Light.GREEN
        ),
    )


INDICATORS: Final[tuple[Callable[[Session, Scope], Completion], ...]] = (
    _approvals,
    _elements,
    _financing,
    _starts,
    _lights,
)
