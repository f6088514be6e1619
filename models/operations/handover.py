"""交接: posts, open items, drafts and duties go to the successor at once; history keeps the names (rule B7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.errors import Invalid
from models.notices.handover import HandedOver, HandoverReceived
from models.operations import items, paper_handover
from models.operations.desk import Desk
from models.operations.versions import directory_changed
from models.queries import item_parties
from models.queries import items as item_queries
from models.queries import lights as light_queries
from models.queries.directory import PersonInfo, PostInfo, ProjectInfo
from models.tables.drafts import Draft, Question
from models.tables.items import Item, ItemAssist
from models.tables.lights import LightCase
from models.tables.outbox import OutboxNotice
from models.tables.people import Delegation, Person, Post
from models.tables.projects import Project
from models.types import (
    DraftState,
    ItemState,
    Light,
    OutboxState,
    RecipientKind,
    Role,
    Subject,
    Urgency,
)

REASON: Final = "交接"
_Names = tuple[str, ...]
_Facts = tuple[str, str, str, _Names, _Names, _Names, int, _Names, int, _Names]


@dataclass(slots=True)
class _Moved:
    """What went over, for the receipt."""

    items: list[str] = field(default_factory=list)
    supervised: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    assists: int = 0
    drafts: int = 0
    papers: list[str] = field(default_factory=list)
    lights: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    messages: int = 0
    hidden: set[str] = field(default_factory=set)
    """Numbers of restricted items that who hands over does not see (rule B8)."""


def hand_over(
    desk: Desk, old: PersonInfo, new: PersonInfo, posts: Sequence[PostInfo], *, what: str
) -> HandedOver:
    """Move these posts of a person, and all that hangs on them, to another. what: the duty in words.

    Duties bound to the person alone go over when no post is left, else with the post that covers them.
    Raises Invalid for no post or for the same person.
    """
    if old.id == new.id:
        raise Invalid("不能交接给本人", mend="请写接任人的姓名")
    if not posts:
        raise Invalid(f"{old.label}没有{what or '可交接的'}职责", mend=f"查看请发 /通讯录 {old.name}")
    if old.organisation_id != new.organisation_id:
        raise Invalid(f"{new.label}不在本机构名册", mend="请先导入名册")
    left = tuple(post for post in old.posts if post not in posts)
    covers = _covering(desk, posts, everything=not left)
    if not left and (beside := _posts_elsewhere(desk, old)):
        # With the last post at home go those in other houses: who takes over their items must see them (rule Q3).
        what = "、".join([what, *(_words_elsewhere(desk, there) for there, _ in beside)]).strip("、")
        posts = (*posts, *(post for _, held in beside for post in held))
    moved = _Moved()
    _posts(desk, old, new, posts)
    _items(desk, old, new, posts=posts, covers=covers, moved=moved)
    _lights(desk, old, new, posts=posts, covers=covers, moved=moved)
    _projects(desk, old, new, covers, moved)
    moved.papers = paper_handover.move(desk, old, new, posts=posts, everything=not left)
    if not left:
        _inherit(desk.session, old, new)
        _drafts(desk.session, desk, old, new, moved)
        _waiting(desk.session, old, new, moved)
        _delegations(desk, old)
    directory_changed(desk.session)
    return _tell(desk, old, new, what, moved)


def _covering(desk: Desk, posts: Sequence[PostInfo], *, everything: bool) -> Callable[[int | None], bool]:
    """Whether what belongs to a unit goes over with the posts."""
    directory = desk.directory
    regions = {post.region_id for post in posts if post.region_id is not None}
    units = {post.unit_id for post in posts if post.unit_id is not None}
    for post in posts:
        if post.task_force_id is not None:
            units |= set(directory.task_forces[post.task_force_id].lead_ids)

    def covers(unit_id: int | None) -> bool:
        if everything:
            return True
        unit = directory.units.get(unit_id or 0)
        return unit is not None and (
            unit.id in units or (unit.region_id is not None and unit.region_id in regions)
        )

    return covers


# --- posts


def _posts_elsewhere(desk: Desk, person: PersonInfo) -> list[tuple[PersonInfo, tuple[PostInfo, ...]]]:
    """The person as they are in other organisations, with the posts held there."""
    return [(there, there.posts) for there in desk.directory.houses(person)[1:]]


def _words_elsewhere(desk: Desk, there: PersonInfo) -> str:
    name = desk.directory.organisations[there.organisation_id].name
    return f"{name}（本级）{'、'.join(post_words(desk, post).removeprefix(name) for post in there.posts)}"


def _posts(desk: Desk, old: PersonInfo, new: PersonInfo, posts: Sequence[PostInfo]) -> None:
    session = desk.session
    for post in posts:
        where = (
            Post.role == post.role.value,
            Post.unit_id.is_(None) if post.unit_id is None else Post.unit_id == post.unit_id,
            Post.region_id.is_(None) if post.region_id is None else Post.region_id == post.region_id,
            Post.task_force_id.is_(None)
            if post.task_force_id is None
            else Post.task_force_id == post.task_force_id,
        )
        session.execute(delete(Post).where(Post.person_id == old.id, *where))
        if post not in new.posts:
            session.add(
                Post(
                    person_id=new.id,
                    role=post.role.value,
                    unit_id=post.unit_id,
                    region_id=post.region_id,
                    task_force_id=post.task_force_id,
                )
            )
        words = post_words(desk, post)
        desk.record(Subject("person", old.id), {"post": (words, None)}, reason=f"{REASON}给{new.label}")
        desk.record(Subject("person", new.id), {"post": (None, words)}, reason=f"{REASON}自{old.label}")
    session.flush()


def post_words(desk: Desk, post: PostInfo) -> str:
    """白石县联络员"""
    directory = desk.directory
    body = ""
    if post.task_force_id is not None:
        body = directory.task_forces[post.task_force_id].name
    elif post.region_id is not None:
        body = directory.regions[post.region_id].name
    elif post.unit_id is not None:
        body = directory.units[post.unit_id].name
    return post.role.value if post.role.value.startswith(body) and body else f"{body}{post.role.value}"


def _inherit(session: Session, old: PersonInfo, new: PersonInfo) -> None:
    """What is still addressed to the predecessor, e.g. the review of what they submitted, goes to the successor."""
    session.execute(update(Person).where(Person.id == old.id).values(heir_id=new.id))
    session.execute(update(Person).where(Person.id == new.id).values(heir_id=None))


# --- items


def _items(
    desk: Desk,
    old: PersonInfo,
    new: PersonInfo,
    *,
    posts: Sequence[PostInfo],
    covers: Callable[[int | None], bool],
    moved: _Moved,
) -> None:
    """责任人, 督办专员, 协办 and the place of who raised it, of items that are open or may come back."""
    supervises = any(post.role is Role.SUPERVISOR for post in posts)
    actor = desk.directory.people.get(desk.actor.person_id or 0)
    for item in item_queries.touching(desk.session, old.id):
        if item.restricted and (actor is None or not item_parties.sees(desk.directory, actor, item)):
            moved.hidden.add(item.number)
        changes: dict[str, Any] = {}
        if item.person_id == old.id and covers(item.unit_id) and item.state != ItemState.CLOSED.value:
            changes["person_id"] = new.id
            moved.items.append(item.number)
        if item.supervisor_id == old.id and supervises:
            changes["supervisor_id"] = new.id
            moved.supervised.append(item.number)
        if item_parties.raiser_id(item) == old.id and covers(_unit_of(desk, item)):
            changes["heir_id"] = new.id
            moved.raised.append(item.number)
        if any(number == old.id and covers(unit_id) for unit_id, number in item.assisting):
            changes["assisting"] = [
                [unit_id, new.id if number == old.id and covers(unit_id) else number]
                for unit_id, number in item.assisting
            ]
        if item.restricted and old.id in item.visible_to and (changes or covers(old.unit_id)):
            changes["visible_to"] = sorted({*item.visible_to, new.id} - {old.id})
        if changes:
            items.change(desk, item, reason=f"{REASON} {old.label} → {new.label}", **changes)
    for assist in desk.session.execute(
        select(ItemAssist).where(ItemAssist.person_id == old.id, ItemAssist.state == "open")
    ).scalars():
        if covers(assist.unit_id):
            assist.person_id = new.id
            moved.assists += 1


def _unit_of(desk: Desk, item: Item) -> int | None:
    """The unit whose people raised the item: that of its project."""
    project = desk.directory.projects.get(item.project_id or 0)
    return project.unit_id if project is not None else None


# --- lights, projects


def _lights(
    desk: Desk,
    old: PersonInfo,
    new: PersonInfo,
    *,
    posts: Sequence[PostInfo],
    covers: Callable[[int | None], bool],
    moved: _Moved,
) -> None:
    roles = {post.role for post in posts}
    rows = desk.session.execute(
        select(LightCase).where(LightCase.ended_at.is_(None)).order_by(LightCase.id)
    ).scalars()
    for case in rows:
        project = desk.directory.projects.get(case.project_id)
        if project is None or not _concerns(desk, project, posts, covers):
            continue
        changed = False
        if case.liaison_id == old.id and Role.LIAISON in roles:
            case.liaison_id, changed = new.id, True
            moved.lights.append(project.code)
        if case.reviewer_id == old.id and Role.LIAISON in roles:
            case.reviewer_id, changed = new.id, True
            if light_queries.waiting_feedback(desk.session, case.id) is not None:
                moved.lights.append(f"{project.code}（待审核）")
        if case.leader_id == old.id and Role.LEADER in roles:
            case.leader_id, changed = new.id, True
            if case.light == Light.RED.value and case.acknowledged_at is None:
                moved.lights.append(f"{project.code}（待已阅）")
        if changed or [RecipientKind.PERSON.value, old.id] in case.audience:
            case.audience = [
                [kind, new.id if kind == RecipientKind.PERSON.value and number == old.id else number]
                for kind, number in case.audience
            ]


def _concerns(
    desk: Desk, project: ProjectInfo, posts: Sequence[PostInfo], covers: Callable[[int | None], bool]
) -> bool:
    """Whether the posts stand for the project's unit, county or sector."""
    if covers(project.unit_id):
        return True
    forces = [desk.directory.task_forces.get(project.task_force_id or 0)]
    for force in forces:
        if force is not None and any(
            post.task_force_id == force.id or post.unit_id in force.lead_ids for post in posts
        ):
            return True
    return any(post.region_id is not None and post.region_id == project.region_id for post in posts)


def _projects(
    desk: Desk, old: PersonInfo, new: PersonInfo, covers: Callable[[int | None], bool], moved: _Moved
) -> None:
    """责任人 of projects that names the person."""
    for row in desk.session.execute(
        select(Project).where(Project.responsible_person_id == old.id).order_by(Project.id)
    ).scalars():
        if covers(row.unit_id):
            desk.record(
                Subject("project", row.id), {"responsible_person_id": (old.label, new.label)}, reason=REASON
            )
            row.responsible_person_id = new.id
            moved.projects.append(row.code)


# --- drafts, messages, delegations


def _drafts(session: Session, desk: Desk, old: PersonInfo, new: PersonInfo, moved: _Moved) -> None:
    """Open drafts go over under free numbers; the old cards work for the successor alone (rule C2)."""
    used = set(
        session.execute(
            select(Draft.number).where(Draft.author_id == new.id, Draft.state == DraftState.OPEN.value)
        ).scalars()
    )
    for draft in session.execute(
        select(Draft)
        .where(Draft.author_id == old.id, Draft.state == DraftState.OPEN.value)
        .order_by(Draft.id)
    ).scalars():
        number = draft.number if draft.number not in used else next(n for n in range(1, 999) if n not in used)
        used.add(number)
        desk.record(Subject("draft", draft.id), {"author_id": (old.label, new.label)}, reason=REASON)
        draft.author_id, draft.number = new.id, number
        moved.drafts += 1
    session.execute(delete(Question).where(Question.person_id == old.id))
    session.flush()


def _waiting(session: Session, old: PersonInfo, new: PersonInfo, moved: _Moved) -> None:
    """Messages that have not gone out yet."""
    result = session.execute(
        update(OutboxNotice)
        .where(
            OutboxNotice.recipient_kind == RecipientKind.PERSON.value,
            OutboxNotice.recipient_id == old.id,
            OutboxNotice.state == OutboxState.WAITING.value,
            OutboxNotice.urgency != Urgency.REPLY.value,
        )
        .values(recipient_id=new.id)
        .execution_options(synchronize_session=False)
    )
    moved.messages = int(result.rowcount)  # type: ignore[attr-defined]


def _delegations(desk: Desk, old: PersonInfo) -> None:
    """Nobody stands in any more for who has no duties left."""
    for row in desk.session.execute(
        select(Delegation).where(
            Delegation.principal_id == old.id,
            Delegation.cancelled_at.is_(None),
            Delegation.ends_at > desk.now,
        )
    ).scalars():
        row.cancelled_at = desk.now
        desk.record(Subject("person", old.id), {"delegation": ("代理", None)}, reason=REASON)


def _tell(desk: Desk, old: PersonInfo, new: PersonInfo, what: str, moved: _Moved) -> HandedOver:
    key = f"handover {old.id} {new.id} {desk.now.isoformat()}"
    bound = bool(desk.directory.accounts_of.get(new.id))
    facts = _facts(old, new, what, moved, without=set())
    desk.notify(HandoverReceived(*facts), to=new, key=f"{key} new", reason="交接告知接任人")
    told = HandedOver(*facts, bound, own=False)
    if old.id != desk.actor.person_id:
        desk.notify(told, to=old, key=f"{key} old", reason="交接告知原任人")
    return HandedOver(*_facts(old, new, what, moved, without=moved.hidden), bound, own=True)


def _facts(old: PersonInfo, new: PersonInfo, what: str, moved: _Moved, *, without: Collection[str]) -> _Facts:
    """The receipt's fields; nothing is said of the items with these numbers."""

    def told(names: list[str]) -> tuple[str, ...]:
        return tuple(name for name in names if not any(number in name for number in without))

    return (
        old.label, new.label, what, told(moved.items), told(moved.supervised), told(moved.raised), moved.assists,
        tuple(moved.lights), moved.drafts, told(moved.papers),
    )  # fmt: skip
