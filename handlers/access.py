"""The only doors to projects: may this person see it, report on it? (rules B3–B6, B10)

What is outside the asker's scope is answered like what does not exist (rule B4): both raise NotFound.
"""

from __future__ import annotations

from handlers.context import Context
from handlers.understanding.reading import Match
from models.errors import NotAllowed, NotFound
from models.operations.desk import Desk
from models.queries import item_parties, scopes
from models.queries.directory import PersonInfo, ProjectInfo
from models.rules.items import Party
from models.rules.posts import LEADERS
from models.types import Role


def own_and_principals(context: Context) -> tuple[PersonInfo, ...]:
    """The sender, and everybody they stand in for now (rule B6)."""
    return (context.sender, *context.directory.standing_in_for(context.sender.id, context.now))


def hub_member(context: Context) -> PersonInfo | None:
    """The sender, or else who they stand in for, as 综合专班联络员 or 负责人 (rules B6, B10); None for others."""
    return next(
        (one for one in own_and_principals(context) if item_parties.is_hub(context.directory, one)), None
    )


def require_hub(context: Context, act: str) -> PersonInfo:
    """The same; raises NotAllowed for others, naming the act."""
    person = hub_member(context)
    if person is None:
        raise NotAllowed(act, who=Party.HUB.value)
    return person


def in_hub(context: Context) -> bool:
    """Whether the sender, or who they stand in for, is of 综合专班."""
    return hub_member(context) is not None


def in_every_house(context: Context) -> tuple[PersonInfo, ...]:
    """The same people as they are in each organisation in which they hold posts (rule Q3).

    Only for what belongs to one organisation, such as an item or a project: elsewhere a post of a county gives no
    right.
    """
    return tuple(
        there for person in own_and_principals(context) for there in context.directory.houses(person)
    )


def visible(context: Context) -> frozenset[int]:
    """Ids of the projects the sender may see in private, for themselves or as a delegate."""
    people = in_every_house(context)
    own = scopes.visible_projects(context.directory, people[0])
    for other in people[1:]:
        own |= scopes.visible_projects(context.directory, other)
    return own


def visible_here(context: Context) -> frozenset[int]:
    """The same, cut to the scope of the group when spoken in one (rule B5)."""
    seen = visible(context)
    return seen & scopes.group_projects(context.directory, context.group) if context.group else seen


def place(context: Context) -> str | None:
    """The sender's county, which decides between projects of similar name."""
    unit = context.directory.units[context.sender.unit_id]
    regions = [post.region_id for post in context.sender.posts if post.region_id is not None]
    region_id = next(iter(regions), unit.region_id)
    return context.directory.regions[region_id].name if region_id is not None else None


def project(context: Context, mention: str) -> ProjectInfo:
    """The one project that a code, name or alias means to this sender, here.

    Raises NotFound, also when several fit: callers that can offer a choice use `candidates`.
    """
    found = candidates(context, mention)
    if len(found) != 1:
        raise NotFound(mention)
    return found[0]


def private_candidates(context: Context, mention: str) -> tuple[ProjectInfo, ...]:
    """The projects a mention may mean to this sender when nobody else listens."""
    return _matching(context, mention, visible(context))


def candidates(context: Context, mention: str) -> tuple[ProjectInfo, ...]:
    """The projects a mention may mean to this sender, here: none, one, or at most five to choose from."""
    return _matching(context, mention, visible_here(context))


def _matching(context: Context, mention: str, seen: frozenset[int]) -> tuple[ProjectInfo, ...]:
    if not mention.strip():
        return ()
    result = context.names.match(mention, visible=seen, place=place(context))
    if result.match is Match.UNIQUE and result.project_id is not None:
        return (context.directory.projects[result.project_id],)
    return tuple(context.directory.projects[number] for number in result.candidates)


def reporter(context: Context, target: ProjectInfo) -> PersonInfo | None:
    """For whom the sender may report on a project: themselves, or a principal; None when nobody."""
    return next(
        (
            person
            for person in in_every_house(context)
            if scopes.reports_on(context.directory, person, target)
        ),
        None,
    )


def acting_still_for(
    context: Context, principal_id: int | None, act: str, *, author_id: int | None = None
) -> Desk:
    """The desk of an act begun for this principal, or for oneself with None. author_id: who began it.

    Raises NotAllowed when the delegation has ended since, or is another's: it is not handed on (rule B6).
    """
    if principal_id is None or any(one.id == principal_id for one in own_and_principals(context)):
        return context.act_for(context.directory.people.get(principal_id or 0))
    principal = context.directory.people[principal_id]
    if author_id is not None and principal in context.directory.standing_in_for(author_id, context.now):
        raise NotAllowed(act, who=f"{context.directory.people[author_id].label}（代 {principal.label}）")
    heir = context.directory.people.get(principal.heir_id or 0) if not principal.posts else None
    raise NotAllowed(f"{act}（对{principal.label}的代理已结束）", who=(heir or principal).label)


def who_reports(context: Context, target: ProjectInfo) -> str:
    """Who reports on a project, by name (rule B10): of its unit or who stands in (E8), of the sector 专班."""
    directory = context.directory
    own = [one.label for one in directory.for_unit(target.unit_id, Role.LIAISON)]
    found = [f"{directory.units[target.unit_id].name}{'、'.join(own)}"]
    force = directory.task_forces.get(target.task_force_id) if target.task_force_id is not None else None
    sector = (
        [one.label for one in directory.at_task_force(force.id, Role.LIAISON)] if force is not None else []
    )
    if force is not None and set(sector) - set(own):
        found.append(f"{force.name}联络员{'、'.join(one for one in sector if one not in own)}")
    if force is None or not force.is_hub:
        found.append("综合专班联络员")
    return "、".join(found)


def may_report(context: Context, target: ProjectInfo) -> PersonInfo:
    """The same; raises NotAllowed naming who may."""
    person = reporter(context, target)
    if person is None:
        raise NotAllowed(f"上报 {target.code}", who=who_reports(context, target))
    return person


def holds(context: Context, *roles: Role) -> bool:
    """Whether the sender, or a principal they stand in for, holds one of the roles."""
    return any(person.holds(*roles) for person in own_and_principals(context))


def in_ledger(context: Context) -> bool:
    """Whether the sender has any part in the ledger: the system administrator has none (rule B3)."""
    return _holds_more_than(context, Role.ADMINISTRATOR)


def works_on_items(context: Context) -> bool:
    """Whether items may be handed to the sender's unit: 市领导, audit and administrator handle none (rule B10)."""
    return _holds_more_than(context, Role.ADMINISTRATOR, Role.AUDITOR, *LEADERS)


def _holds_more_than(context: Context, *roles: Role) -> bool:
    """Who holds no post at all may still be named 责任人."""
    return any(
        not person.posts or any(post.role not in roles for post in person.posts)
        for person in own_and_principals(context)
    )


def desk_as(context: Context, *roles: Role) -> Desk:
    """The desk of who of the sender and their principals holds one of the roles (rule B6).

    The sender's own where nobody does: the operation says who may (rule B10).
    """
    return context.act_for(
        next((person for person in own_and_principals(context) if person.holds(*roles)), None)
    )


def require_role(context: Context, *roles: Role, act: str, who: str) -> PersonInfo:
    """The sender, or the principal they stand in for, who holds one of the roles; raises NotAllowed."""
    for person in own_and_principals(context):
        if person.holds(*roles):
            return person
    raise NotAllowed(act, who=who)
