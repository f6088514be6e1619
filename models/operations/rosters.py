"""Loading a roster: what would change, and changing it (rules B9, Q3).

The difference that is shown and the change that is made come from one pass over the same rows, so that they
cannot disagree. Loading the same file again changes nothing. Accounts that people bound themselves with a
code stay unless the file says otherwise for their platform.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.errors import Invalid
from models.operations import audit, gaps
from models.operations.audit import SYSTEM, Actor
from models.operations.desk import Desk
from models.operations.roster_files import (
    Roster,
    RosterPerson,
    RosterPost,
    RosterRegion,
    RosterTaskForce,
    parse_roster,
)
from models.operations.versions import directory_changed
from models.queries import directory as directories
from models.queries import policies
from models.tables.items import Item
from models.tables.people import Account, BindingCode, Organisation, Person, Post, Region, RosterLoad, Unit
from models.tables.projects import Project, ProjectCategory
from models.tables.taskforces import Category, ChatGroup, GroupAccount, TaskForce, TaskForceUnit
from models.types import BodyKind, Role, Subject

__all__ = ["Roster", "RosterDiff", "apply", "diff", "load", "parse_roster"]

_REASON: Final = "名册导入"
_KINDS: Final = {
    "bureau": "部门",
    "region": "县区",
    "county_bureau": "县区部门",
    "bank": "银行",
    "leadership": "市领导",
    "office": "办公机构",
}


@dataclass(frozen=True, slots=True)
class RosterDiff:
    """What a roster changes, one Chinese line each; empty when the database says the same already."""

    place: str
    lines: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return bool(self.lines)

    @property
    def text(self) -> str:
        if not self.lines:
            return f"{self.place}名册无变化"
        return "\n".join((f"{self.place}名册有 {len(self.lines)} 处变化：", *self.lines))


def diff(session: Session, roster: Roster) -> RosterDiff:
    """What apply would change; only reads. Raises Invalid like apply."""
    return _Merge(session, roster, stamp=None).run()


def apply(session: Session, roster: Roster, *, now: datetime, by: Actor = SYSTEM) -> RosterDiff:
    """Make the database say what the roster says; the caller commits.

    Changed people, posts and accounts are kept in the audit. Raises Invalid, before anything is changed, for
    a task force, region or category that projects or items still use.
    """
    wanted = diff(session, roster)
    if not wanted.changed:
        return wanted
    merge = _Merge(session, roster, stamp=_Stamp(now, by))
    merge.run()
    session.add(
        RosterLoad(
            organisation_id=merge.organisation_id,
            at=now,
            sha256=roster.sha256,
            summary={"lines": list(wanted.lines)},
        )
    )
    session.flush()
    directory_changed(session)
    return wanted


def load(session: Session, roster: Roster, *, now: datetime, by: Actor = SYSTEM) -> RosterDiff:
    """Apply a roster and tell 综合专班 what gaps it leaves (rule B9); an unchanged one tells nothing."""
    found = apply(session, roster, now=now, by=by)
    if found.changed:
        directory = directories.load(session)
        desk = Desk(session, directory, policies.current(session), now, by)
        loaded = session.execute(
            select(RosterLoad.id, RosterLoad.organisation_id).order_by(RosterLoad.id.desc()).limit(1)
        ).one()
        gaps.report(
            desk, organisation_id=loaded.organisation_id, key=f"import:{loaded.id}", after_import=True
        )
    return found


@dataclass(frozen=True, slots=True)
class _Stamp:
    now: datetime
    by: Actor


class _Named(Protocol):
    id: Any
    name: Any


@dataclass(slots=True)
class _Merge:
    """One pass. stamp is None for a preview: rows are then neither changed nor added."""

    session: Session
    roster: Roster
    stamp: _Stamp | None
    lines: list[str] = field(default_factory=list)
    organisation: Organisation | None = None
    region_ids: dict[str, int] = field(default_factory=dict)
    unit_ids: dict[str, int] = field(default_factory=dict)
    task_force_ids: dict[str, int] = field(default_factory=dict)
    renamed: dict[tuple[str, str], str] = field(default_factory=dict)
    """(kind, old name) → new name."""

    @property
    def organisation_id(self) -> int:
        return self.organisation.id if self.organisation else 0

    def run(self) -> RosterDiff:
        with self.session.no_autoflush:
            self._organisation()
            self._regions()
            self._units()
            self._task_forces()
            self._categories()
            self._people()
            self._seconded()
            self._groups()
        if self.stamp is not None:
            self.session.flush()
        return RosterDiff(self.roster.place, tuple(self.lines))

    # --- organisation

    def _organisation(self) -> None:
        roster = self.roster
        row = self.session.execute(
            select(Organisation).where(Organisation.name == roster.place)
        ).scalar_one_or_none()
        parent = self.session.execute(
            select(Organisation.id).where(Organisation.name == roster.parent)
        ).scalar_one_or_none()
        document = dict(roster.document)
        if row is None:
            self.lines.append(f"新增组织 {roster.place}（{roster.level}）")
            if self.stamp is None:
                return
            row = Organisation(name=roster.place, level=roster.level, parent_id=parent, document=document)
            self.session.add(row)
            self.session.flush()
            self._adopt_children(row)
        else:
            self._set(row, "level", roster.level, f"组织级别 {row.level} → {roster.level}")
            if parent is not None:
                self._set(row, "parent_id", parent, f"上级组织改为 {roster.parent}")
            # Lists of the file that have rows of their own are compared row by row, not here.
            listed = {"task_forces", "categories", "localities", "units", "level", "parent"}
            changed = sorted(
                key
                for key in {*row.document, *document} - listed
                if row.document.get(key) != document.get(key)
            )
            if changed:
                self.lines.append(f"文件其他内容有变：{'、'.join(changed)}")
            if self.stamp is not None and row.document != document:
                row.document = document
        self.organisation = row

    def _adopt_children(self, row: Organisation) -> None:
        """Counties loaded before their city name it as their parent (rule Q3)."""
        for other in self.session.execute(select(Organisation)).scalars():
            if other.parent_id is None and other.document.get("parent") == row.name and other.id != row.id:
                other.parent_id = row.id

    # --- regions, units

    def _regions(self) -> None:
        rows = self._rows(Region)
        matched = self._match("地区", rows, self.roster.regions, code=_code_of)
        for seq, region in enumerate(self.roster.regions, start=1):
            row = matched[region.name]
            if row is None:
                self.lines.append(f"新增地区 {region.name}")
                if self.stamp is not None:
                    row = Region(organisation_id=self.organisation_id, name=region.name)
                    self.session.add(row)
            if row is not None:
                known = row.id is not None
                for name in ("name", "full_name", "short", "code"):
                    value = getattr(region, name)
                    text = f"地区 {region.name}：{name} {getattr(row, name)} → {value}"
                    self._set(row, name, value, text if known and name != "name" else "")
                self._set(row, "seq", seq, f"地区 {region.name}：次序改为第{seq}" if known else "")
        for row in _left_over(rows, matched):
            self._refuse_if_used("地区", row, (Project.region_id, Unit.region_id, Post.region_id))
            self.lines.append(f"取消地区 {row.name}")
            self._delete(row)
        self._flush()
        self.region_ids = {row.name: row.id for row in self._rows(Region)} if self.stamp else {}

    def _units(self) -> None:
        rows = self.session.execute(
            select(Unit).where(Unit.organisation_id == self.organisation_id).order_by(Unit.id)
        ).scalars()
        known = {row.name: row for row in rows}
        region_names = {row.id: row.name for row in self._rows(Region)}
        for unit in self.roster.units:
            row = known.get(unit.name)
            aliases = list(unit.aliases) if unit.aliases is not None else (row.aliases if row else [])
            if row is None:
                self.lines.append(f"新增单位 {unit.name}（{_KINDS[unit.kind]}）")
                if self.stamp is not None:
                    row = Unit(
                        organisation_id=self.organisation_id,
                        name=unit.name,
                        kind=unit.kind,
                        aliases=aliases,
                        region_id=self.region_ids.get(unit.region or ""),
                        member=unit.member,
                        placeholder=False,
                    )
                    self.session.add(row)
                continue
            if row.retired_at is not None or row.placeholder:
                self.lines.append(f"{'恢复' if row.retired_at else '启用'}单位 {unit.name}")
                self._quietly(row, retired_at=None, placeholder=False)
            self._set(
                row,
                "kind",
                unit.kind,
                f"单位 {unit.name}：类别 {_KINDS.get(row.kind, row.kind)} → {_KINDS[unit.kind]}",
            )
            was_in = region_names.get(row.region_id) if row.region_id is not None else None
            if was_in != unit.region:
                self.lines.append(
                    f"单位 {unit.name}：所在地区 {was_in or '市本级'} → {unit.region or '市本级'}"
                )
                self._quietly(row, region_id=self.region_ids.get(unit.region or ""))
            self._set(
                row, "member", unit.member, f"单位 {unit.name}：{'列为' if unit.member else '不再是'}成员单位"
            )
            self._set(row, "aliases", aliases, f"单位 {unit.name}：简称改为 {'、'.join(aliases) or '无'}")
        stated = {unit.name for unit in self.roster.units}
        for row in known.values():
            if row.name in stated or row.retired_at is not None or row.placeholder:
                continue
            if self._is_used(row):
                if row.member:
                    self.lines.append(f"单位 {row.name}：不再是成员单位")
                    self._quietly(row, member=False)
            else:
                self.lines.append(f"停用单位 {row.name}")
                self._quietly(row, retired_at=self.stamp.now if self.stamp else None)
        self._flush()
        self.unit_ids = {name: number for number, name in self._unit_names().items()} if self.stamp else {}

    def _unit_names(self) -> dict[int, str]:
        rows = self.session.execute(
            select(Unit.id, Unit.name).where(Unit.organisation_id == self.organisation_id)
        )
        return {row.id: row.name for row in rows}

    def _is_used(self, unit: Unit) -> bool:
        """A unit with people, projects or items keeps its row in the directory."""
        uses = [
            select(Project.id).where(Project.unit_id == unit.id),
            select(Item.id).where((Item.unit_id == unit.id) | (Item.wanted_unit_id == unit.id)),
        ]
        if self.roster.people is None:  # else the file names every person, and none of this unit
            uses.append(select(Person.id).where(Person.unit_id == unit.id, Person.retired_at.is_(None)))
        return any(self.session.execute(one.limit(1)).first() is not None for one in uses)

    # --- task forces, categories

    def _task_forces(self) -> None:
        rows = self._rows(TaskForce)
        matched = self._match("专班", rows, self.roster.task_forces, code=_seq_of)
        members = self._members()
        names = self._unit_names()
        for row in _left_over(rows, matched):
            users: list[Any] = [Project.task_force_id, Item.task_force_id]
            if self.roster.people is None:
                users.append(Post.task_force_id)
            self._refuse_if_used("专班", row, users)
            self.lines.append(f"取消专班 {row.name}")
            if self.stamp is not None:
                self.session.execute(delete(TaskForceUnit).where(TaskForceUnit.task_force_id == row.id))
                self.session.execute(delete(Post).where(Post.task_force_id == row.id))
                for category in self._rows(Category):
                    if category.task_force_id == row.id:
                        category.task_force_id = None
                for group in self._rows(ChatGroup):
                    if group.task_force_id == row.id:
                        group.task_force_id = None
                self.session.flush()
            self._delete(row)
        for task_force in self.roster.task_forces:
            row = matched[task_force.name]
            if row is None:
                lead = "、".join(task_force.lead) or "未定"
                self.lines.append(f"新增专班 {task_force.name}：牵头 {lead}，成员 {len(task_force.units)} 个")
                if self.stamp is not None:
                    row = TaskForce(
                        organisation_id=self.organisation_id,
                        seq=task_force.seq,
                        name=task_force.name,
                        is_hub=task_force.is_hub,
                        duty=task_force.duty,
                        facts=dict(task_force.facts),
                    )
                    self.session.add(row)
                    self.session.flush()
                    self._write_members(row.id, task_force)
                continue
            title = f"专班 {task_force.name}"
            self._set(row, "name", task_force.name, "")
            self._set(row, "seq", task_force.seq, f"{title}：序号 {row.seq} → {task_force.seq}")
            self._set(
                row,
                "is_hub",
                task_force.is_hub,
                f"{title}：{'改为' if task_force.is_hub else '不再是'}综合专班",
            )
            self._set(row, "duty", task_force.duty, f"{title}：职责有变")
            self._set(row, "facts", dict(task_force.facts), f"{title}：其他内容有变")
            old = [(names[unit_id], lead) for unit_id, lead in members[row.id]]
            new = _members_of(task_force)
            if old != new:
                self.lines.append(_member_line(title, old, new))
                if self.stamp is not None:
                    self.session.execute(delete(TaskForceUnit).where(TaskForceUnit.task_force_id == row.id))
                    self._write_members(row.id, task_force)
        self._flush()
        self.task_force_ids = {row.name: row.id for row in self._rows(TaskForce)} if self.stamp else {}

    def _members(self) -> dict[int, list[tuple[int, bool]]]:
        found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for row in self.session.execute(
            select(TaskForceUnit).order_by(TaskForceUnit.task_force_id, TaskForceUnit.seq)
        ).scalars():
            found[row.task_force_id].append((row.unit_id, row.lead))
        return found

    def _write_members(self, task_force_id: int, task_force: RosterTaskForce) -> None:
        for seq, (name, lead) in enumerate(_members_of(task_force), start=1):
            self.session.add(
                TaskForceUnit(task_force_id=task_force_id, unit_id=self.unit_ids[name], seq=seq, lead=lead)
            )

    def _categories(self) -> None:
        rows = self._rows(Category)
        matched = self._match("类别", rows, self.roster.categories, code=_key_of)
        task_force_names = {row.id: row.name for row in self._rows(TaskForce)}
        for row in _left_over(rows, matched):
            self._refuse_if_used("类别", row, (ProjectCategory.category_id,))
            self.lines.append(f"取消类别 {row.name}")
            self._delete(row)
        for seq, category in enumerate(self.roster.categories, start=1):
            row = matched[category.name]
            led_by = self.task_force_ids.get(category.led_by or "")
            if row is None:
                self.lines.append(f"新增类别 {category.name}（牵头 {category.led_by or '未定'}）")
                if self.stamp is not None:
                    self.session.add(
                        Category(
                            organisation_id=self.organisation_id,
                            seq=seq,
                            key=category.key,
                            name=category.name,
                            aliases=list(category.aliases),
                            task_force_id=led_by,
                            note=category.note,
                        )
                    )
                continue
            title = f"类别 {category.name}"
            self._set(row, "name", category.name, "")
            self._set(row, "seq", seq, f"{title}：次序改为第{seq}")
            self._set(row, "key", category.key, f"{title}：代码 {row.key} → {category.key}")
            self._set(row, "note", category.note, f"{title}：说明有变")
            self._set(
                row,
                "aliases",
                list(category.aliases),
                f"{title}：别名改为 {'、'.join(category.aliases) or '无'}",
            )
            was = task_force_names.get(row.task_force_id) if row.task_force_id is not None else None
            was = self.renamed.get(("专班", was), was) if was else None
            if was != category.led_by:
                self.lines.append(f"{title}：牵头 {was or '未定'} → {category.led_by or '未定'}")
                self._quietly(row, task_force_id=led_by)
        self._flush()

    # --- people

    def _people(self) -> None:
        if self.roster.people is None:
            return
        unit_names = self._unit_names()
        rows = (
            self.session.execute(
                select(Person).where(Person.organisation_id == self.organisation_id).order_by(Person.id)
            )
            .scalars()
            .all()
        )
        matched = _match_people(
            {(row.name, unit_names[row.unit_id]): row for row in rows}, self.roster.people
        )
        posts = self._stored_posts()
        accounts = self._stored_accounts()
        self._let_go(matched, accounts)
        for person in self.roster.people:
            row = matched[person.name, person.unit]
            label = f"{person.name}（{person.unit}）"
            is_new = row is None or row.retired_at is not None
            if is_new:
                self.lines.append(
                    f"新增人员 {label}：{'、'.join(post.text for post in person.posts) or '无职务'}"
                )
            if row is None and self.stamp is not None:
                row = Person(
                    organisation_id=self.organisation_id,
                    name=person.name,
                    unit_id=self.unit_ids[person.unit],
                    title=person.title,
                    phone=person.phone,
                )
                self.session.add(row)
                self.session.flush()
                self._record("person", row.id, {"name": (None, person.name), "unit": (None, person.unit)})
            elif row is not None:
                if row.retired_at is not None:
                    self._quietly(row, retired_at=None)
                    self._record("person", row.id, {"retired": ("是", None)})
                self._person_fields(row, person, was_in=unit_names[row.unit_id], label=label)
            self._posts(
                row, person, posts.get(row.id, []) if row is not None else [], label="" if is_new else label
            )
            self._accounts(row, person, accounts.get(row.id, {}) if row is not None else {}, label)
        taken = {id(row) for row in matched.values() if row is not None}
        for row in rows:
            if id(row) not in taken and row.retired_at is None:
                self._retire(row, posts.get(row.id, []), accounts.get(row.id, {}), unit_names[row.unit_id])
        self._flush()

    def _person_fields(self, row: Person, person: RosterPerson, *, was_in: str, label: str) -> None:
        changes: dict[str, tuple[object, object]] = {}
        if was_in != person.unit:
            self.lines.append(f"人员 {person.name}：单位 {was_in} → {person.unit}")
            changes["unit"] = (was_in, person.unit)
            self._quietly(row, unit_id=self.unit_ids.get(person.unit))
        for name, what in (("title", "职务名称"), ("phone", "电话")):
            old, new = getattr(row, name), getattr(person, name)
            if old != new:
                self.lines.append(f"人员 {label}：{what} {old or '无'} → {new or '无'}")
                changes[name] = (old, new)
                self._quietly(row, **{name: new})
        self._record("person", row.id, changes)

    def _posts(self, row: Person | None, person: RosterPerson, old: list[RosterPost], *, label: str) -> None:
        """The label is empty for a new person, whose posts stand in the line that adds them."""
        if set(old) == set(person.posts):
            return
        was, now = "、".join(post.text for post in old), "、".join(post.text for post in person.posts)
        if label:
            self.lines.append(f"人员 {label}：职务 {was or '无'} → {now or '无'}")
        if self.stamp is None or row is None:
            return
        self._replace_posts(row.id, person.posts)
        self._record("person", row.id, {"posts": (was or None, now or None)})

    def _replace_posts(self, person_id: int, posts: Sequence[RosterPost]) -> None:
        """The posts that a person holds in this organisation; those in others stay."""
        foreign = self._foreign_posts(person_id)
        self.session.execute(delete(Post).where(Post.person_id == person_id, Post.id.not_in(foreign)))
        for post in posts:
            self.session.add(
                Post(
                    person_id=person_id,
                    role=post.role.value,
                    unit_id=self.unit_ids.get(post.unit or ""),
                    region_id=self.region_ids.get(post.region or ""),
                    task_force_id=self.task_force_ids.get(post.task_force or ""),
                )
            )

    def _foreign_posts(self, person_id: int) -> list[int]:
        """Ids of posts for bodies of other organisations; a post for no body belongs to the person's own."""
        rows = self.session.execute(
            select(Post.id, self._post_organisation(), Person.organisation_id)
            .join(Person, Person.id == Post.person_id)
            .outerjoin(Unit, Unit.id == Post.unit_id)
            .outerjoin(Region, Region.id == Post.region_id)
            .outerjoin(TaskForce, TaskForce.id == Post.task_force_id)
            .where(Post.person_id == person_id)
        )
        return [post_id for post_id, here, home in rows if (here or home) != self.organisation_id]

    @staticmethod
    def _post_organisation() -> Any:
        return func.coalesce(Unit.organisation_id, Region.organisation_id, TaskForce.organisation_id)

    def _seconded(self) -> None:
        """People of other organisations who hold posts here (rule Q3): by name, unit and organisation."""
        posts = self._stored_posts(seconded=True)
        stated: set[int] = set()
        for one in self.roster.seconded:
            person_id = self.session.execute(
                select(Person.id)
                .join(Unit, Unit.id == Person.unit_id)
                .join(Organisation, Organisation.id == Person.organisation_id)
                .where(
                    Person.name == one.name, Unit.name == one.unit, Organisation.name == one.organisation,
                    Person.retired_at.is_(None),
                )
            ).scalar_one_or_none()  # fmt: skip
            label = f"{one.name}（{one.organisation}{one.unit}）"
            if person_id is None:
                raise Invalid(f"兼任人员 {label} 不在通讯录中", mend="请先导入其所在组织的名册")
            stated.add(person_id)
            self._second(person_id, label, posts.get(person_id, []), one.posts)
        for person_id in posts.keys() - stated:
            row = self.session.get_one(Person, person_id)
            self._second(person_id, row.name, posts[person_id], ())
        self._flush()

    def _second(
        self, person_id: int, label: str, old: Sequence[RosterPost], new: Sequence[RosterPost]
    ) -> None:
        if set(old) == set(new):
            return
        was, now = ("、".join(post.text for post in some) for some in (old, new))
        self.lines.append(f"兼任 {label}：职务 {was or '无'} → {now or '无'}")
        if self.stamp is not None:
            self._replace_posts(person_id, new)
            self._record("person", person_id, {"posts": (was or None, now or None)})

    def _accounts(
        self, row: Person | None, person: RosterPerson, old: Mapping[tuple[str, str], bool], label: str
    ) -> None:
        """old: address → whether the person bound it with a code."""
        wanted = _wanted_accounts(person, old)
        for platform, account in sorted(wanted - set(old)):
            known = self._account(platform, account)
            before = self._holder(known)
            self.lines.append(
                f"账号 {platform}:{account} 绑定 {label}" + (f"（原属 {before}）" if before else "")
            )
            if self.stamp is not None and row is not None:
                if known is None:
                    known = Account(platform=platform, account=account)
                    self.session.add(known)
                known.person_id, known.bound_at = row.id, self.stamp.now
                self.session.flush()
                self._record("person", row.id, {f"account:{platform}": (None, account)})
        for address in sorted(set(old) - wanted):
            self._unbind(address, row, label)

    def _let_go(
        self,
        matched: Mapping[tuple[str, str], Person | None],
        accounts: dict[int, dict[tuple[str, str], bool]],
    ) -> None:
        """Accounts that the file gives to somebody else leave their holder without a line of their own."""
        roster_people = self.roster.people or ()
        owner = {
            address: (person.name, person.unit)
            for person in roster_people
            for address in person.accounts or ()
        }
        for key, row in matched.items():
            if row is not None:
                held = accounts.get(row.id, {})
                for address in [address for address in held if owner.get(address, key) != key]:
                    if self.stamp is not None:
                        self._record("person", row.id, {f"account:{address[0]}": (address[1], None)})
                    del held[address]

    def _unbind(self, address: tuple[str, str], row: Person | None, label: str) -> None:
        platform, account = address
        self.lines.append(f"账号 {platform}:{account} 解除绑定（{label}）")
        if self.stamp is None or row is None:
            return
        known = self._account(platform, account)
        if known is not None:
            known.person_id = known.bound_at = None
        self._record("person", row.id, {f"account:{platform}": (account, None)})

    def _retire(
        self, row: Person, posts: list[RosterPost], accounts: Mapping[tuple[str, str], bool], unit: str
    ) -> None:
        label = f"{row.name}（{unit}）"
        self.lines.append(
            f"停用人员 {label}" + (f"：原职务 {'、'.join(post.text for post in posts)}" if posts else "")
        )
        given = {address for person in self.roster.people or () for address in person.accounts or ()}
        for address in sorted(set(accounts) - given):
            self._unbind(address, row, label)
        if self.stamp is None:
            return
        self.session.execute(delete(Post).where(Post.person_id == row.id))
        row.retired_at = self.stamp.now
        changes: dict[str, tuple[object, object]] = {"retired": (None, "是")}
        if posts:
            changes["posts"] = ("、".join(post.text for post in posts), None)
        self._record("person", row.id, changes)

    def _stored_posts(self, *, seconded: bool = False) -> dict[int, list[RosterPost]]:
        """Posts in this organisation, of its own people or of those of others."""
        here = func.coalesce(self._post_organisation(), Person.organisation_id) == self.organisation_id
        found: dict[int, list[RosterPost]] = defaultdict(list)
        rows = self.session.execute(
            select(Post, Unit.name, Region.name, TaskForce.name)
            .join(Person, Person.id == Post.person_id)
            .outerjoin(Unit, Unit.id == Post.unit_id)
            .outerjoin(Region, Region.id == Post.region_id)
            .outerjoin(TaskForce, TaskForce.id == Post.task_force_id)
            .where(here, (Person.organisation_id != self.organisation_id) == seconded)
            .order_by(Post.id)
        )
        for post, unit, region, task_force in rows:
            found[post.person_id].append(
                RosterPost(
                    Role(post.role),
                    unit,
                    self.renamed.get(("地区", region), region),
                    self.renamed.get(("专班", task_force), task_force),
                )
            )
        return found

    def _stored_accounts(self) -> dict[int, dict[tuple[str, str], bool]]:
        rows = self.session.execute(
            select(Person.id, Account.platform, Account.account, BindingCode.id)
            .join(Person, Person.id == Account.person_id)
            .outerjoin(
                BindingCode,
                (BindingCode.used_by == Account.id) & (BindingCode.person_id == Account.person_id),
            )
            .where(Person.organisation_id == self.organisation_id)
            .order_by(Account.id)
        )
        found: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
        for person_id, platform, account, code in rows:
            found[person_id][platform, account] = code is not None
        return found

    def _account(self, platform: str, account: str) -> Account | None:
        return self.session.execute(
            select(Account).where(Account.platform == platform, Account.account == account)
        ).scalar_one_or_none()

    def _holder(self, account: Account | None) -> str | None:
        if account is None or account.person_id is None:
            return None
        row = self.session.execute(
            select(Person.name, Unit.name)
            .join(Unit, Unit.id == Person.unit_id)
            .where(Person.id == account.person_id)
        ).one_or_none()
        return f"{row[0]}（{row[1]}）" if row else None

    # --- groups

    def _groups(self) -> None:
        if self.roster.groups is None:
            return
        rows = {row.name: row for row in self._rows(ChatGroup)}
        bodies = self._body_names()
        addresses: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for address in self.session.execute(select(GroupAccount)).scalars():
            addresses[address.group_id].add((address.platform, address.account))
        for group in self.roster.groups:
            row = rows.get(group.name)
            body = (group.body_kind.value, group.task_force, group.region, group.unit)
            name_of_body = group.task_force or group.region or group.unit or "市攻坚办"
            ids = {
                "body_kind": group.body_kind.value,
                "task_force_id": self.task_force_ids.get(group.task_force or ""),
                "region_id": self.region_ids.get(group.region or ""),
                "unit_id": self.unit_ids.get(group.unit or ""),
            }
            if row is None:
                self.lines.append(f"新增群【{group.name}】（{name_of_body}）")
                if self.stamp is not None:
                    row = ChatGroup(organisation_id=self.organisation_id, name=group.name, **ids)
                    self.session.add(row)
                    self.session.flush()
            elif bodies[row.id] != body:
                self.lines.append(f"群【{group.name}】：改属 {name_of_body}")
                self._quietly(row, **ids)
            old = addresses.get(row.id, set()) if row is not None and row.id is not None else set()
            wanted = old if group.accounts is None else set(group.accounts)
            for platform, account in sorted(old - wanted):
                self.lines.append(f"群【{group.name}】：去掉地址 {platform}:{account}")
                if self.stamp is not None and row is not None:
                    self.session.execute(
                        delete(GroupAccount).where(
                            GroupAccount.platform == platform, GroupAccount.account == account
                        )
                    )
            for platform, account in sorted(wanted - old):
                self.lines.append(f"群【{group.name}】：地址 {platform}:{account}")
                if self.stamp is not None and row is not None:
                    self.session.execute(
                        delete(GroupAccount).where(
                            GroupAccount.platform == platform, GroupAccount.account == account
                        )
                    )
                    self.session.add(GroupAccount(group_id=row.id, platform=platform, account=account))
        stated = {group.name for group in self.roster.groups}
        for row in rows.values():
            if row.name in stated:
                continue
            # Its row stays for the history of what was said there; without an address nothing reaches it.
            if addresses.get(row.id):
                self.lines.append(f"停用群【{row.name}】")
                if self.stamp is not None:
                    self.session.execute(delete(GroupAccount).where(GroupAccount.group_id == row.id))
        self._flush()

    def _body_names(self) -> dict[int, tuple[str, str | None, str | None, str | None]]:
        rows = self.session.execute(
            select(ChatGroup.id, ChatGroup.body_kind, TaskForce.name, Region.name, Unit.name)
            .outerjoin(TaskForce, TaskForce.id == ChatGroup.task_force_id)
            .outerjoin(Region, Region.id == ChatGroup.region_id)
            .outerjoin(Unit, Unit.id == ChatGroup.unit_id)
        )
        return {
            number: (
                BodyKind(kind).value,
                self.renamed.get(("专班", task_force or ""), task_force),
                self.renamed.get(("地区", region or ""), region),
                unit,
            )
            for number, kind, task_force, region, unit in rows
        }

    # --- rows

    def _rows(self, table: type[Any]) -> list[Any]:
        return list(
            self.session.execute(
                select(table).where(table.organisation_id == self.organisation_id).order_by(table.id)
            ).scalars()
        )

    def _match(self, what: str, rows: Sequence[Any], stated: Sequence[Any], *, code: Any) -> dict[str, Any]:
        """Name → its row. A row whose name has gone but whose code stands in the file was renamed."""
        by_name = {row.name: row for row in rows}
        found = {one.name: by_name.get(one.name) for one in stated}
        free = {code(row): row for row in rows if row.name not in found and code(row) is not None}
        for one in stated:
            if found[one.name] is None and (row := free.pop(code(one), None)) is not None:
                self.lines.append(f"{what} {row.name} 改名 {one.name}")
                self.renamed[what, row.name] = one.name
                found[one.name] = row
        return found

    def _set(self, row: Any, name: str, value: object, line: str) -> None:
        """Change a field if it differs. An empty line says nothing about it."""
        if getattr(row, name) == value:
            return
        if line:
            self.lines.append(line)
        self._quietly(row, **{name: value})

    def _quietly(self, row: Any, **values: object) -> None:
        if self.stamp is not None:
            for name, value in values.items():
                setattr(row, name, value)

    def _delete(self, row: Any) -> None:
        if self.stamp is not None:
            self.session.delete(row)
            self.session.flush()

    def _flush(self) -> None:
        if self.stamp is not None:
            self.session.flush()

    def _refuse_if_used(self, what: str, row: _Named, columns: Iterable[Any]) -> None:
        for column in columns:
            count = self.session.execute(
                select(func.count()).select_from(column.class_).where(column == row.id)
            ).scalar_one()
            if count:
                raise Invalid(
                    f"{what}「{row.name}」仍有 {count} 条{_USERS[column.class_]}，不能从名册中去掉",
                    mend="请先改归别处，或在名册中保留",
                )

    def _record(self, kind: str, number: int, changes: dict[str, tuple[object, object]]) -> None:
        if self.stamp is not None and changes:
            audit.record(
                self.session,
                Subject(kind, number),
                changes,
                by=self.stamp.by,
                at=self.stamp.now,
                reason=_REASON,
            )


_USERS: Final[dict[type[Any], str]] = {
    Project: "项目",
    Item: "事项",
    Unit: "单位",
    Post: "任职",
    ProjectCategory: "项目",
}


def _code_of(one: Region | RosterRegion) -> object:
    return one.code


def _seq_of(one: TaskForce | RosterTaskForce) -> object:
    return one.seq


def _key_of(one: Any) -> object:
    return one.key


def _left_over(rows: Sequence[Any], matched: Mapping[str, Any]) -> list[Any]:
    kept = {id(row) for row in matched.values() if row is not None}
    return [row for row in rows if id(row) not in kept]


def _members_of(task_force: RosterTaskForce) -> list[tuple[str, bool]]:
    return [(name, name in task_force.lead) for name in task_force.units]


def _member_line(title: str, old: list[tuple[str, bool]], new: list[tuple[str, bool]]) -> str:
    parts = []
    for what, was, now in (
        ("成员", [name for name, _ in old], [name for name, _ in new]),
        ("牵头", [name for name, lead in old if lead], [name for name, lead in new if lead]),
    ):
        if added := [name for name in now if name not in was]:
            parts.append(f"增加{what} {'、'.join(added)}")
        if removed := [name for name in was if name not in now]:
            parts.append(f"去掉{what} {'、'.join(removed)}")
    return f"{title}：{'，'.join(parts) or '成员次序有变'}"


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
