"""Commands for the policy: every number of the rules that an office may set, for a city or a county (rule Q3)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from bot.cli_data import agreed, existing, not_applied
from bot.cli_frame import Refused, desk_for, opened, run, settings_or_refuse
from bot.settings import Settings
from models.operations import policies
from models.queries import directory as directories
from models.queries import policies as stored
from models.queries.directory import OrganisationInfo
from models.rules.policies import Policies, PolicyClash
from models.rules.policy_words import WORDS, flat, shown

MOST_BYTES = 100_000
EVERYBODY = "全部组织"

Function = TypeVar("Function", bound=Callable[..., Any])


def _of_organisation(command: Function) -> Function:
    return click.option(
        "--organisation",
        "place",
        metavar="名称",
        help="只管一个市或县（如 青禾县）：它没写的项按上级；不写则管全部组织",
    )(command)


@click.group()
def policy() -> None:
    """规则：亮灯界限、各类期限和提醒天数；市、县可以各有各的。"""


@policy.command("show")
@_of_organisation
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，改好后可用 policy set 导入")
def policy_show(*, place: str | None, as_json: bool) -> None:
    """显示现行规则。"""
    found, organisations = run(_current(settings_or_refuse()))
    here = _named(organisations, place)
    if as_json:
        body = found.base.to_json() if here is None else found.own(here)
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    now = found.of(here)
    click.echo(f"{place or EVERYBODY} 规则第 {now.version} 版")
    for name, value in flat(now).items():
        click.echo(f"{WORDS[name]}：{shown(value)}{_source(found, organisations, here, name)}")
    if here is None:
        for other in (one for one in organisations.values() if found.own(one.id)):
            click.echo(f"{other.name}另有自定的规则：zhuanban policy show --organisation {other.name}")


def _source(found: Policies, organisations: dict[int, OrganisationInfo], here: int | None, name: str) -> str:
    """Where an organisation's number comes from; nothing for the installation."""
    if here is None:
        return ""
    section, _, part = name.rpartition(".")
    for setter in found.setters(here):
        own = found.own(setter)
        said = own.get(section, {}) if section else own
        if part in said or isinstance(said, list):  # a list is set as a whole
            return (
                "（自定）"
                if setter == here
                else f"（按{organisations[setter].name if setter else EVERYBODY}）"
            )
    return "（默认）"


async def _current(settings: Settings) -> tuple[Policies, dict[int, OrganisationInfo]]:
    async with opened(settings) as database:
        return await database.read(lambda session: (stored.current(session), _organisations(session)))


def _organisations(session: Session) -> dict[int, OrganisationInfo]:
    return directories.load(session).organisations


def _named(organisations: dict[int, OrganisationInfo], place: str | None) -> int | None:
    if place is None:
        return None
    found = next((one.id for one in organisations.values() if one.name == place.strip()), None)
    if found is None:
        known = "、".join(one.name for one in organisations.values()) or "无，请先 roster load"
        raise Refused(f"没有组织「{place}」。现有：{known}")
    return found


@policy.command("check")
@click.argument("file", type=existing)
@_of_organisation
@click.option("--whole", is_flag=True, help="文件就是全部自定项：以前自定而没写进来的，恢复按上级")
def policy_check(file: Path, *, place: str | None, whole: bool) -> None:
    """只检查规则文件，显示会有的变化，不改动。"""
    settings = settings_or_refuse()
    data = _read(file)
    found, organisations = run(_current(settings))
    _preview(found, organisations, place, data, whole=whole)


@policy.command("set")
@click.argument("file", type=existing)
@_of_organisation
@click.option("--whole", is_flag=True, help="文件就是全部自定项：以前自定而没写进来的，恢复按上级")
@click.option("--yes", is_flag=True, help="不再询问，直接生效")
def policy_set(file: Path, *, place: str | None, whole: bool, yes: bool) -> None:
    """导入规则（JSON，只写要改的字段也可以）。先显示变化，同意后生效。"""
    run(_set(settings_or_refuse(), file, place, whole=whole, yes=yes))


async def _set(settings: Settings, file: Path, place: str | None, *, whole: bool, yes: bool) -> None:
    data = _read(file)
    async with opened(settings) as database:
        found, organisations = await database.read(
            lambda session: (stored.current(session), _organisations(session))
        )
        if not _preview(found, organisations, place, data, whole=whole):
            return
        if not agreed("让这些变化生效？", yes=yes):
            raise not_applied()
        here = _named(organisations, place)
        version = await database.write(
            lambda session: _store(session, settings, here, data, file.name, whole=whole)
        )
    click.echo(
        f"规则第 {version} 版已生效：下次 07:00 按新规则计算{place or '全部项目'}的灯，"
        "已发出的预警和已交办的事项仍按原规则",
        err=True,
    )


def _preview(
    found: Policies,
    organisations: dict[int, OrganisationInfo],
    place: str | None,
    data: dict[str, Any],
    *,
    whole: bool,
) -> bool:
    """Show what would change, for the organisation and for those that fall back on it. Whether anything would."""
    here = _named(organisations, place)
    new = _changed(found, organisations, here, data, whole=whole)
    if policies.same(found, new, here):
        click.echo("与现行规则一致，没有要改的")
        return False
    changes = policies.compare(found.of(here), new.of(here))
    for change in changes:
        click.echo(change.line)
    if not changes:
        click.echo("数值不变，但今后不再随上级变动" if not whole else "数值不变，今后随上级变动")
    for one in organisations.values():
        if one.id != here and found.own(one.id):
            kept = {change.field for change in changes} - {
                change.field for change in policies.compare(found.of(one.id), new.of(one.id))
            }
            if here in found.setters(one.id) and kept:
                click.echo(
                    f"{one.name}自定的不变：{'、'.join(WORDS[name] for name in WORDS if name in kept)}"
                )
    return True


def _store(
    session: Session,
    settings: Settings,
    here: int | None,
    data: dict[str, Any],
    name: str,
    *,
    whole: bool,
) -> int:
    """Against the policy of this transaction: somebody else may have set one in the meantime."""
    desk = desk_for(session, settings, source=f"policy set {name}")
    _changed(desk.policies, desk.directory.organisations, here, data, whole=whole)
    policies.store(desk, here, data, whole=whole)
    return desk.policies.version + 1


def _read(file: Path) -> dict[str, Any]:
    if file.stat().st_size > MOST_BYTES:
        raise Refused("规则文件超过 100 KB")
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"), parse_float=str, object_pairs_hook=_each_once)
    except RecursionError:
        raise Refused(f"{file} 不是有效的 JSON：括号套得太深") from None
    except (UnicodeDecodeError, ValueError) as error:
        raise Refused(f"{file} 不是有效的 JSON：{_json_place(error)}") from None
    if not isinstance(data, dict):
        raise Refused(f'{file} 应是一个 JSON 对象，例如 {{"red_feedback_workdays": 2}}')
    return data


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises Refused for a field written twice: only one of its two values could count."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"规则文件中 {twice} 写了两次，请只留一个")
    return found


def _changed(
    now: Policies,
    organisations: dict[int, OrganisationInfo],
    here: int | None,
    data: dict[str, Any],
    *,
    whole: bool,
) -> Policies:
    try:
        return now.changed(here, data, whole=whole)
    except PolicyClash as clash:
        place = organisations[clash.organisation_id].name
        raise Refused(f"与{place}自定的规则合不上：{_explained(clash)}。请先改{place}的规则") from None
    except ValueError as error:
        raise Refused(f"{_explained(error)}。请改好文件再运行；policy show 可看现行规则") from None


def _explained(error: ValueError) -> str:
    """The reason, with what the fields it names are called."""
    reason = str(error)
    told = {name: text for name, text in WORDS.items() if not name.startswith(("signing.", "levels."))}
    words = {name.rpartition(".")[2]: text for name, text in told.items()}
    named = [
        f"{name} 是「{text}」"
        for name, text in words.items()
        if re.search(rf"(?<![a-z_]){name}(?![a-z_])", reason)
    ]
    return f"{reason}（{'；'.join(named)}）" if named else reason


def _json_place(error: ValueError) -> str:
    """Where reading stopped, in words of this product."""
    if isinstance(error, json.JSONDecodeError):
        return f"第{error.lineno}行第{error.colno}个字起读不懂，请检查引号、逗号和括号（引号、逗号要用半角）"
    return "请另存为 UTF-8 编码后再试"
