"""Reading a roster file: YAML → Roster, or a refusal that names every faulty line (rules B9, Q3).

The shape is that of the source documents (place, localities, units, task forces, categories, and whatever
else the document says), extended by people, their roles and accounts, and chat groups. An unknown key is
refused: a misspelt one must not be ignored. A file without people, or without groups, leaves them alone.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from models.errors import Invalid
from models.operations.lined_yaml import Lined, parse_document, plain
from models.operations.roster_entries import (
    Roster,
    RosterCategory,
    RosterGroup,
    RosterPerson,
    RosterPost,
    RosterRegion,
    RosterSeconded,
    RosterTaskForce,
    RosterUnit,
)
from models.rules.posts import role_named
from models.types import BodyKind, Role

MOST_FAULTS: Final = 12
MOST_NAME: Final = 80
MOST_FAULT: Final = 300  # of one fault as shown
_LINE: Final = re.compile(r"第(\d+)行")
HUB: Final = "综合专班"

_FACTS: Final = frozenset(
    {
        "document",
        "coordination_office",
        "staffing",
        "lights",
        "coordination_levels",
        "meetings",
        "instruments",
        "closed_loop",
        "problem_item_fields",
        "rewards_verbatim",
        "attachments",
        "members_as_written",
        "unit_groups",
        "member_count",
        "notes",
        "workflow",
        "key_nodes",
        "slogans_with_meaning",
    }
)
"""What a document may say beyond the tables; kept as written."""
_TOP: Final = _FACTS | {
    "place", "level", "parent", "localities", "units", "task_forces", "categories", "people", "groups", "seconded",
}  # fmt: skip
_TASK_FORCE: Final = frozenset(
    {
        "seq",
        "name",
        "duty",
        "duties",
        "lead",
        "lead_as_written",
        "units",
        "unit_groups",
        "members_as_written",
        "as_written",
        "leads_categories",
        "leads_industries",
        "approvals",
        "note",
        "hub",
    }
)
_TASK_FORCE_COLUMNS: Final = frozenset({"seq", "name", "lead", "units", "hub"})
_NAMES: Final = frozenset({"lead", "units", "aliases"})  # lists of names
UNIT_KINDS: Final = frozenset({"bureau", "region", "county_bureau", "bank", "leadership", "office"})
_ROLES_OF_UNITS: Final = frozenset({Role.LIAISON, Role.LEADER, Role.AUDITOR})
_ROLES_OF_HUB: Final = frozenset({Role.HUB_HEAD, Role.LEDGER_ADMIN, Role.SUPERVISOR, Role.INSPECTOR})


def parse_roster(text: str) -> Roster:
    """Read a roster file. Raises Invalid for what does not fit: all faults at once, with their lines."""
    top = parse_document(text, what="名册")
    reader = _Reader()
    roster = reader.roster(top, hashlib.sha256(text.encode()).hexdigest())
    if reader.faults or roster is None:
        shown = sorted(reader.faults, key=_line_of)[:MOST_FAULTS]
        more = len(reader.faults) - len(shown)
        raise Invalid(
            f"名册有误 {len(reader.faults)} 处：\n"
            + "；\n".join(_shortened(fault) for fault in shown)
            + (f"；\n另有 {more} 处" if more else ""),
            mend="请改正后重新导入",
        )
    return roster


def _shortened(fault: str) -> str:
    return fault if len(fault) <= MOST_FAULT else f"{fault[:MOST_FAULT]}……"


def _line_of(fault: str) -> int:
    """In the order of the file; what belongs to no one line comes last."""
    found = _LINE.match(fault)
    return int(found[1]) if found else sys.maxsize


# --- the roster


@dataclass(slots=True)
class _Reader:
    """Collects faults instead of stopping at the first, so that a file is mended in one go."""

    faults: list[str] = field(default_factory=list)

    def roster(self, top: Lined, sha256: str) -> Roster | None:
        self._known(top, _TOP, "名册")
        place = self._text(top, "place", needed=True) or ""
        regions = tuple(
            RosterRegion(
                name=self._text(one, "name", needed=True) or "",
                full_name=self._text(one, "full_name"),
                short=self._text(one, "short"),
                code=self._text(one, "code"),
            )
            for one in self._mappings(top, "localities", {"name", "full_name", "short", "code"})
        )  # fmt: skip
        self._once("localities", [region.name for region in regions])
        task_forces = self._task_forces(top)
        categories = self._categories(top, task_forces)
        people_lines = self._mappings(
            top, "people",
            {"name", "unit", "title", "phone", "roles", "region", "task_force", "accounts"},
        )  # fmt: skip
        units = self._units(top, regions, task_forces, people_lines)
        names = _NamesOf(
            {unit.name: unit for unit in units},
            {region.name for region in regions},
            {task_force.name for task_force in task_forces},
        )
        people = tuple(self._person(one, names) for one in people_lines)
        groups = tuple(
            self._group(one, names) for one in self._mappings(top, "groups", {"name", "for", "accounts"})
        )
        self._once("people", [f"{person.name}（{person.unit}）" for person in people])
        self._once("groups", [group.name for group in groups])
        for what, some in (("people", people), ("groups", groups)):
            self._once(
                what, [f"{platform}:{account}" for one in some for platform, account in one.accounts or ()]
            )
        return Roster(
            place=place,
            level=self._text(top, "level") or "市",
            parent=self._text(top, "parent"),
            regions=regions,
            units=units,
            task_forces=task_forces,
            categories=categories,
            people=people if "people" in top else None,
            seconded=tuple(
                self._seconded(one, names)
                for one in self._mappings(top, "seconded", {"name", "unit", "organisation", "roles"})
            ),
            groups=groups if "groups" in top else None,
            document=plain(
                {key: value for key, value in top.items() if key not in {"people", "groups", "seconded"}}
            ),
            sha256=sha256,
        )

    def _task_forces(self, top: Lined) -> tuple[RosterTaskForce, ...]:
        found = []
        for place, one in enumerate(self._mappings(top, "task_forces", _TASK_FORCE), start=1):
            seq = one.get("seq", place)
            if isinstance(seq, bool) or not isinstance(seq, int):
                self._fault(one, "seq 应是整数")
                seq = place
            lead = self._texts(one, "lead")
            duties = self._texts(one, "duties")
            name = self._text(one, "name", needed=True) or ""
            found.append(
                RosterTaskForce(
                    seq=seq,
                    name=name,
                    is_hub=self._flag(one, "hub", default=name == HUB),
                    duty=self._text(one, "duty") or "\n".join(duties),
                    lead=lead,
                    units=tuple(dict.fromkeys((*self._texts(one, "units"), *lead))),
                    facts=plain({key: value for key, value in one.items() if key not in _TASK_FORCE_COLUMNS}),
                )
            )
        self._once("task_forces", [task_force.name for task_force in found])
        self._once("task_forces 的 seq", [str(task_force.seq) for task_force in found])
        if sum(task_force.is_hub for task_force in found) > 1:
            self.faults.append("task_forces：综合专班只能有一个")
        return tuple(found)

    def _categories(self, top: Lined, task_forces: tuple[RosterTaskForce, ...]) -> tuple[RosterCategory, ...]:
        led: dict[str, str] = {}
        for task_force, one in zip(task_forces, _lined(top.get("task_forces")), strict=True):
            for key in self._texts(one, "leads_categories"):
                led[key] = task_force.name
        found = tuple(
            RosterCategory(
                key=self._text(one, "key", needed=True) or "",
                name=self._text(one, "name", needed=True) or "",
                note=self._text(one, "note"),
                aliases=self._texts(one, "aliases"),
                led_by=led.get(str(one.get("key"))),
            )
            for one in self._mappings(top, "categories", {"key", "name", "note", "aliases"})
        )
        self._once("categories", [category.name for category in found])
        self._once("categories 的 key", [category.key for category in found])
        for key in led.keys() - {category.key for category in found}:
            self.faults.append(f"task_forces：{led[key]}牵头的类别「{key}」不在 categories 中")
        return found

    def _units(
        self, top: Lined, regions: tuple[RosterRegion, ...], task_forces: tuple[RosterTaskForce, ...],
        people: list[Lined],
    ) -> tuple[RosterUnit, ...]:  # fmt: skip
        region_names = {region.name for region in regions}
        found: dict[str, RosterUnit] = {}
        stated = top.get("units", [])
        if not isinstance(stated, list):
            self._fault(top, "units 应是列表")
            stated = []
        for one in stated:
            unit = self._unit(one, region_names, top)
            if unit.name in found:
                self.faults.append(f"units：「{unit.name}」重复")
            found[unit.name] = unit
        for name in (name for task_force in task_forces for name in task_force.units):
            known = found.get(name)
            if known is None:
                found[name] = _plain_unit(name, region_names, member=True)
            elif not known.member:
                self.faults.append(f"units：「{name}」是专班成员，member 不能为 false")
        for person in people:
            said = person.get("unit")
            if isinstance(said, str) and said.strip() and said.strip() not in found:
                found[said.strip()] = _plain_unit(said.strip(), region_names, member=False)
        return tuple(found.values())

    def _unit(self, one: Any, regions: set[str], top: Lined) -> RosterUnit:
        if isinstance(one, str) and one.strip():
            self._name(top, "units 的单位名称", one.strip())
            return _plain_unit(one.strip(), regions, member=True)
        if not isinstance(one, Lined):
            self._fault(top, "units 的每一项应是单位名称，或含 name 的一组键")
            return _plain_unit("", regions, member=False)
        self._known(one, {"name", "kind", "region", "aliases", "member"}, "units")
        name = self._text(one, "name", needed=True) or ""
        guess = _plain_unit(name, regions, member=self._flag(one, "member", default=True))
        kind = self._text(one, "kind") or guess.kind
        if kind not in UNIT_KINDS:
            self._fault(one, f"kind「{kind}」应为 {'、'.join(sorted(UNIT_KINDS))} 之一")
        region = self._text(one, "region") or guess.region
        if region is not None and region not in regions:
            self._fault(one, f"region「{region}」不在 localities 中")
        aliases = self._texts(one, "aliases") if "aliases" in one else None
        return RosterUnit(name, kind, region, guess.member, aliases)

    def _person(self, one: Lined, names: _NamesOf) -> RosterPerson:
        name = self._text(one, "name", needed=True) or ""
        unit = self._text(one, "unit", needed=True) or ""
        region, task_force = self._text(one, "region"), self._text(one, "task_force")
        posts = []
        roles = one.get("roles", [])
        if not isinstance(roles, list):
            self._fault(one, "roles 应是列表")
            roles = []
        for role in roles:
            post = self._post(role, one, names, unit=unit, region=region, task_force=task_force)
            if post is not None:
                posts.append(post)
        return RosterPerson(
            name=name,
            unit=unit,
            title=self._text(one, "title"),
            phone=self._text(one, "phone"),
            posts=tuple(dict.fromkeys(posts)),
            accounts=self._accounts(one),
        )

    def _seconded(self, one: Lined, names: _NamesOf) -> RosterSeconded:
        roles = one.get("roles", [])
        if not isinstance(roles, list) or not roles:
            self._fault(one, "兼任人员要写 roles")
            roles = []
        posts = [self._post(role, one, names, unit="", region=None, task_force=None) for role in roles]
        if any(post is not None and not (post.unit or post.region or post.task_force) for post in posts):
            self._fault(one, "兼任人员的每项职务要写明单位、地区或专班")
        return RosterSeconded(
            name=self._text(one, "name", needed=True) or "",
            unit=self._text(one, "unit", needed=True) or "",
            organisation=self._text(one, "organisation", needed=True) or "",
            posts=tuple(dict.fromkeys(post for post in posts if post is not None)),
        )

    def _post(
        self,
        value: Any,
        person: Lined,
        names: _NamesOf,
        *,
        unit: str,
        region: str | None,
        task_force: str | None,
    ) -> RosterPost | None:
        """A role as written: alone, or with the body it is held for."""
        where = person
        said = value
        own_unit: str | None = None
        if isinstance(value, Lined):
            where = value
            self._known(value, {"role", "unit", "region", "task_force"}, "roles")
            said = self._text(value, "role", needed=True)
            own_unit = self._text(value, "unit")
            region, task_force = self._text(value, "region"), self._text(value, "task_force")
        try:
            role = role_named(str(said))
        except ValueError:
            self._fault(where, f"职务「{said}」应为 {'、'.join(Role)} 之一")
            return None
        bodies = [body for body in (own_unit, region, task_force) if body]
        if len(bodies) > 1:
            self._fault(where, f"职务「{role.value}」只能对应一个单位、地区或专班")
            return None
        if not bodies:
            return names.usual_body(role, unit)
        for body, known, what in (
            (own_unit, names.units, "单位"),
            (region, names.regions, "地区"),
            (task_force, names.task_forces, "专班"),
        ):  # fmt: skip
            if body and body not in known:
                self._fault(where, f"职务「{role.value}」的{what}「{body}」不在名册中")
        return RosterPost(role, own_unit, region, task_force)

    def _group(self, one: Lined, names: _NamesOf) -> RosterGroup:
        name = self._text(one, "name", needed=True) or ""
        body = one.get("for")
        kinds = {kind.value for kind in BodyKind}
        accounts = self._accounts(one)
        if not isinstance(body, Lined) or len(body) != 1 or not set(body) <= kinds:
            self._fault(
                one, f"群「{name}」的 for 应是 task_force、region、unit、office 之一，例如 {{region: 青禾县}}"
            )
            return RosterGroup(name, BodyKind.OFFICE, None, None, None, accounts)
        (kind, of), *_ = body.items()
        known = {"task_force": names.task_forces, "region": names.regions, "unit": names.units}.get(kind)
        if known is not None and of not in known:
            self._fault(one, f"群「{name}」所属的「{of}」不在名册中")
        return RosterGroup(
            name=name,
            body_kind=BodyKind(kind),
            task_force=of if kind == "task_force" else None,
            region=of if kind == "region" else None,
            unit=of if kind == "unit" else None,
            accounts=accounts,
        )

    def _accounts(self, one: Lined) -> tuple[tuple[str, str], ...] | None:
        if "accounts" not in one:
            return None
        accounts = one["accounts"]
        if accounts is None:
            return ()
        if not isinstance(accounts, Lined):
            self._fault(one, "accounts 应是「平台: 账号」")
            return ()
        found = []
        for platform, account in accounts.items():
            if not isinstance(account, (str, int)) or isinstance(account, bool) or not str(account).strip():
                self._fault(accounts, f"accounts 的 {platform} 应是账号文字")
            else:
                found.append((platform, str(account).strip()))
        return tuple(sorted(found))

    # --- values

    def _fault(self, where: Lined, problem: str) -> None:
        self.faults.append(f"第{where.line}行：{problem}")

    def _known(self, one: Lined, known: Iterable[str], what: str) -> None:
        if unknown := [key for key in one if key not in set(known)]:
            self._fault(one, f"{what}中不认识的键 {'、'.join(unknown)}")

    def _mappings(self, top: Lined, key: str, known: Iterable[str]) -> list[Lined]:
        value = top.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self._fault(top, f"{key} 应是列表")
            return []
        found = []
        for place, one in enumerate(value, start=1):
            if isinstance(one, Lined):
                self._known(one, known, key)
                found.append(one)
            else:
                self._fault(top, f"{key} 第{place}项应是一组键")
        return found

    def _text(self, one: Lined, key: str, *, needed: bool = False) -> str | None:
        value = one.get(key)
        if isinstance(value, str) and value.strip():
            if needed:
                self._name(one, key, value.strip())
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)  # a telephone number or a code written without quotes
        if value is not None and value != "":
            self._fault(one, f"{key} 应是文字")
        elif needed:
            self._fault(one, f"缺少 {key}")
        return None

    def _texts(self, one: Lined, key: str) -> tuple[str, ...]:
        value = one.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value.strip(),)
        if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
            self._fault(one, f"{key} 应是文字列表")
            return ()
        if key in _NAMES:
            for part in value:
                self._name(one, key, part.strip())
        return tuple(dict.fromkeys(part.strip() for part in value))

    def _name(self, one: Lined, key: str, value: str) -> None:
        """What is shown on one line of a card, and addressed by."""
        if len(value) > MOST_NAME:
            self._fault(one, f"{key} 太长：最多 {MOST_NAME} 字")
        elif "\n" in value:
            self._fault(one, f"{key} 应写在一行里")

    def _flag(self, one: Lined, key: str, *, default: bool) -> bool:
        value = one.get(key, default)
        if isinstance(value, bool):
            return value
        self._fault(one, f"{key} 应为 true 或 false")
        return default

    def _once(self, what: str, names: list[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if name in seen:
                self.faults.append(f"{what}：「{name}」重复")
            seen.add(name)


@dataclass(frozen=True, slots=True)
class _NamesOf:
    """What a post or a group may refer to."""

    units: Mapping[str, RosterUnit]
    regions: set[str]
    task_forces: set[str]

    def usual_body(self, role: Role, unit: str) -> RosterPost:
        """The body of a role written alone: the person's own unit or county, 综合专班, or the whole city."""
        if role in _ROLES_OF_HUB and HUB in self.task_forces:
            return RosterPost(role, task_force=HUB)
        if role in _ROLES_OF_UNITS:
            known = self.units.get(unit)
            if known is not None and known.kind == "region" and known.region is not None:
                return RosterPost(role, region=known.region)
            return RosterPost(role, unit=unit)
        return RosterPost(role)


def _lined(value: Any) -> list[Lined]:
    return [one for one in value if isinstance(one, Lined)] if isinstance(value, list) else []


def _plain_unit(name: str, regions: set[str], *, member: bool) -> RosterUnit:
    """A unit of which only the name is given: what it is shows from the name."""
    if name in regions:
        return RosterUnit(name, "region", name, member)
    region = next((region for region in regions if name.startswith(region)), None)
    if region is not None:
        return RosterUnit(name, "county_bureau", region, member)
    commercial_bank = (
        "银行" in name and not name.startswith("人民银行") and not name.startswith("中国人民银行")
    )
    return RosterUnit(name, "bank" if commercial_bank else "bureau", None, member)
