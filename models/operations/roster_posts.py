"""Loading a roster: posts, also those of people of other organisations (兼任, rule Q3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, select

from models.errors import Invalid
from models.operations.roster_entries import RosterPost
from models.operations.roster_merging import Merge
from models.tables.people import Organisation, Person, Post, Region, Unit
from models.tables.taskforces import TaskForce
from models.types import Role


def merge_seconded(merge: Merge) -> None:
    """People of other organisations who hold posts here: by name, unit and organisation.

    Raises Invalid for one whom no roster loaded so far knows.
    """
    posts = stored_posts(merge, seconded=True)
    stated: set[int] = set()
    for one in merge.roster.seconded:
        person_id = merge.session.execute(
            select(Person.id)
            .join(Unit, Unit.id == Person.unit_id)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(
                Person.name == one.name,
                Unit.name == one.unit,
                Organisation.name == one.organisation,
                Person.retired_at.is_(None),
            )
        ).scalar_one_or_none()
        label = f"{one.name}（{one.organisation}{one.unit}）"
        if person_id is None:
            raise Invalid(f"兼任人员 {label} 不在通讯录中", mend="请先导入其所在组织的名册")
        stated.add(person_id)
        _second(merge, person_id, label, posts.get(person_id, []), one.posts)
    for person_id in posts.keys() - stated:
        row = merge.session.get_one(Person, person_id)
        _second(merge, person_id, row.name, posts[person_id], ())
    merge.flush()


def _second(
    merge: Merge, person_id: int, label: str, old: Sequence[RosterPost], new: Sequence[RosterPost]
) -> None:
    if set(old) == set(new):
        return
    was, now = ("、".join(post.text for post in some) for some in (old, new))
    merge.lines.append(f"兼任 {label}：职务 {was or '无'} → {now or '无'}")
    if merge.stamp is not None:
        replace_posts(merge, person_id, new)
        merge.record("person", person_id, {"posts": (was or None, now or None)})


def replace_posts(merge: Merge, person_id: int, posts: Sequence[RosterPost]) -> None:
    """The posts that a person holds in this organisation; those in others stay."""
    merge.session.execute(
        delete(Post).where(Post.person_id == person_id, Post.id.not_in(_foreign_posts(merge, person_id)))
    )
    for post in posts:
        merge.session.add(
            Post(
                person_id=person_id,
                role=post.role.value,
                unit_id=merge.unit_ids.get(post.unit or ""),
                region_id=merge.region_ids.get(post.region or ""),
                task_force_id=merge.task_force_ids.get(post.task_force or ""),
            )
        )


def stored_posts(merge: Merge, *, seconded: bool = False) -> dict[int, list[RosterPost]]:
    """Posts in this organisation by person, of its own people or of those of others."""
    here = func.coalesce(_post_organisation(), Person.organisation_id) == merge.organisation_id
    found: dict[int, list[RosterPost]] = defaultdict(list)
    rows = merge.session.execute(
        select(Post, Unit.name, Region.name, TaskForce.name)
        .join(Person, Person.id == Post.person_id)
        .outerjoin(Unit, Unit.id == Post.unit_id)
        .outerjoin(Region, Region.id == Post.region_id)
        .outerjoin(TaskForce, TaskForce.id == Post.task_force_id)
        .where(here, (Person.organisation_id != merge.organisation_id) == seconded)
        .order_by(Post.id)
    )
    for post, unit, region, task_force in rows:
        found[post.person_id].append(
            RosterPost(
                Role(post.role),
                unit,
                merge.renamed.get(("地区", region), region),
                merge.renamed.get(("专班", task_force), task_force),
            )
        )
    return found


def _foreign_posts(merge: Merge, person_id: int) -> list[int]:
    """Ids of posts for bodies of other organisations; a post for no body belongs to the person's own."""
    rows = merge.session.execute(
        select(Post.id, _post_organisation(), Person.organisation_id)
        .join(Person, Person.id == Post.person_id)
        .outerjoin(Unit, Unit.id == Post.unit_id)
        .outerjoin(Region, Region.id == Post.region_id)
        .outerjoin(TaskForce, TaskForce.id == Post.task_force_id)
        .where(Post.person_id == person_id)
    )
    return [post_id for post_id, here, home in rows if (here or home) != merge.organisation_id]


def _post_organisation() -> ColumnElement[int]:
    return func.coalesce(Unit.organisation_id, Region.organisation_id, TaskForce.organisation_id)
