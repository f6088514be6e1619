"""Loading a roster: people, their posts and accounts (rules B9, Q3).

Accounts that people bound themselves with a code stay unless the file says otherwise for their platform.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from models.operations.roster_entries import RosterPerson, RosterPost
from models.operations.roster_merging import Merge
from models.operations.roster_posts import replace_posts, stored_posts
from models.tables.people import Account, BindingCode, Person, Post, Unit


def merge_people(merge: Merge) -> None:
    """People with their posts and accounts; a file without people leaves them alone."""
    if merge.roster.people is None:
        return
    unit_names = merge.unit_names()
    rows = (
        merge.session.execute(
            select(Person).where(Person.organisation_id == merge.organisation_id).order_by(Person.id)
        )
        .scalars()
        .all()
    )
    matched = _match_people({(row.name, unit_names[row.unit_id]): row for row in rows}, merge.roster.people)
    posts = stored_posts(merge)
    accounts = _stored_accounts(merge)
    _let_go(merge, matched, accounts)
    for person in merge.roster.people:
        row = matched[person.name, person.unit]
        label = f"{person.name}（{person.unit}）"
        is_new = row is None or row.retired_at is not None
        if is_new:
            merge.lines.append(
                f"新增人员 {label}：{'、'.join(post.text for post in person.posts) or '无职务'}"
            )
        if row is None and merge.stamp is not None:
            row = Person(
                organisation_id=merge.organisation_id,
                name=person.name,
                unit_id=merge.unit_ids[person.unit],
                title=person.title,
                phone=person.phone,
            )
            merge.session.add(row)
            merge.session.flush()
            merge.record("person", row.id, {"name": (None, person.name), "unit": (None, person.unit)})
        elif row is not None:
            if row.retired_at is not None:
                merge.quietly(row, retired_at=None)
                merge.record("person", row.id, {"retired": ("是", None)})
            _person_fields(merge, row, person, was_in=unit_names[row.unit_id], label=label)
        _posts(
            merge,
            row,
            person,
            posts.get(row.id, []) if row is not None else [],
            label="" if is_new else label,
        )
        _accounts(merge, row, person, accounts.get(row.id, {}) if row is not None else {}, label)
    taken = {id(row) for row in matched.values() if row is not None}
    for row in rows:
        if id(row) not in taken and row.retired_at is None:
            _retire(merge, row, posts.get(row.id, []), accounts.get(row.id, {}), unit_names[row.unit_id])
    merge.flush()


def _person_fields(merge: Merge, row: Person, person: RosterPerson, *, was_in: str, label: str) -> None:
    changes: dict[str, tuple[object, object]] = {}
    if was_in != person.unit:
        merge.lines.append(f"人员 {person.name}：单位 {was_in} → {person.unit}")
        changes["unit"] = (was_in, person.unit)
        merge.quietly(row, unit_id=merge.unit_ids.get(person.unit))
    for name, what in (("title", "职务名称"), ("phone", "电话")):
        old, new = getattr(row, name), getattr(person, name)
        if old != new:
            merge.lines.append(f"人员 {label}：{what} {old or '无'} → {new or '无'}")
            changes[name] = (old, new)
            merge.quietly(row, **{name: new})
    merge.record("person", row.id, changes)


def _posts(
    merge: Merge, row: Person | None, person: RosterPerson, old: list[RosterPost], *, label: str
) -> None:
    """The label is empty for a new person, whose posts stand in the line that adds them."""
    if set(old) == set(person.posts):
        return
    was, now = "、".join(post.text for post in old), "、".join(post.text for post in person.posts)
    if label:
        merge.lines.append(f"人员 {label}：职务 {was or '无'} → {now or '无'}")
    if merge.stamp is None or row is None:
        return
    replace_posts(merge, row.id, person.posts)
    merge.record("person", row.id, {"posts": (was or None, now or None)})


def _accounts(
    merge: Merge, row: Person | None, person: RosterPerson, old: Mapping[tuple[str, str], bool], label: str
) -> None:
    """old: address → whether the person bound it with a code."""
    wanted = _wanted_accounts(person, old)
    for platform, account in sorted(wanted - set(old)):
        known = _account(merge, platform, account)
        before = _holder(merge, known)
        merge.lines.append(
            f"账号 {platform}:{account} 绑定 {label}" + (f"（原属 {before}）" if before else "")
        )
        if merge.stamp is not None and row is not None:
            if known is None:
                known = Account(platform=platform, account=account)
                merge.session.add(known)
            known.person_id, known.bound_at = row.id, merge.stamp.now
            merge.session.flush()
            merge.record("person", row.id, {f"account:{platform}": (None, account)})
    for address in sorted(set(old) - wanted):
        _unbind(merge, address, row, label)


def _let_go(
    merge: Merge,
    matched: Mapping[tuple[str, str], Person | None],
    accounts: dict[int, dict[tuple[str, str], bool]],
) -> None:
    """Accounts that the file gives to somebody else leave their holder without a line of their own."""
    roster_people = merge.roster.people or ()
    owner = {
        address: (person.name, person.unit) for person in roster_people for address in person.accounts or ()
    }
    for key, row in matched.items():
        if row is not None:
            held = accounts.get(row.id, {})
            for address in [address for address in held if owner.get(address, key) != key]:
                if merge.stamp is not None:
                    merge.record("person", row.id, {f"account:{address[0]}": (address[1], None)})
                del held[address]


def _unbind(merge: Merge, address: tuple[str, str], row: Person | None, label: str) -> None:
    platform, account = address
    merge.lines.append(f"账号 {platform}:{account} 解除绑定（{label}）")
    if merge.stamp is None or row is None:
        return
    known = _account(merge, platform, account)
    if known is not None:
        known.person_id = known.bound_at = None
    merge.record("person", row.id, {f"account:{platform}": (account, None)})


def _retire(
    merge: Merge, row: Person, posts: list[RosterPost], accounts: Mapping[tuple[str, str], bool], unit: str
) -> None:
    label = f"{row.name}（{unit}）"
    merge.lines.append(
        f"停用人员 {label}" + (f"：原职务 {'、'.join(post.text for post in posts)}" if posts else "")
    )
    given = {address for person in merge.roster.people or () for address in person.accounts or ()}
    for address in sorted(set(accounts) - given):
        _unbind(merge, address, row, label)
    if merge.stamp is None:
        return
    merge.session.execute(delete(Post).where(Post.person_id == row.id))
    row.retired_at = merge.stamp.now
    changes: dict[str, tuple[object, object]] = {"retired": (None, "是")}
    if posts:
        changes["posts"] = ("、".join(post.text for post in posts), None)
    merge.record("person", row.id, changes)


def _stored_accounts(merge: Merge) -> dict[int, dict[tuple[str, str], bool]]:
    rows = merge.session.execute(
        select(Person.id, Account.platform, Account.account, BindingCode.id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(
            BindingCode,
            (BindingCode.used_by == Account.id) & (BindingCode.person_id == Account.person_id),
        )
        .where(Person.organisation_id == merge.organisation_id)
        .order_by(Account.id)
    )
    found: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
    for person_id, platform, account, code in rows:
        found[person_id][platform, account] = code is not None
    return found


def _account(merge: Merge, platform: str, account: str) -> Account | None:
    return merge.session.execute(
        select(Account).where(Account.platform == platform, Account.account == account)
    ).scalar_one_or_none()


def _holder(merge: Merge, account: Account | None) -> str | None:
    if account is None or account.person_id is None:
        return None
    row = merge.session.execute(
        select(Person.name, Unit.name)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.id == account.person_id)
    ).one_or_none()
    return f"{row[0]}（{row[1]}）" if row else None


def _match_people(
    stored: Mapping[tuple[str, str], Person], stated: Sequence[RosterPerson]
) -> dict[tuple[str, str], Person | None]:
    """(name, unit) → row. Somebody of a unique name who is only in another unit has moved there."""
    found: dict[tuple[str, str], Person | None] = {
        (one.name, one.unit): stored.get((one.name, one.unit)) for one in stated
    }
    free: dict[str, list[Person]] = defaultdict(list)
    for key, row in stored.items():
        if key not in found and row.retired_at is None:
            free[row.name].append(row)
    wanted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, known in found.items():
        if known is None:
            wanted[key[0]].append(key)
    for name, keys in wanted.items():
        if len(keys) == 1 and len(free[name]) == 1:
            found[keys[0]] = free[name][0]
    return found


def _wanted_accounts(person: RosterPerson, old: Mapping[tuple[str, str], bool]) -> set[tuple[str, str]]:
    """What the file says, and on platforms it does not mention what the person bound with a code."""
    if person.accounts == ():
        return set()
    stated = set(person.accounts or ())
    platforms = {platform for platform, _ in stated}
    return stated | {address for address, by_code in old.items() if by_code and address[0] not in platforms}
