"""Commands for the policy: every number of the rules that an office may set."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy.orm import Session

from bot.cli_data import agreed, existing
from bot.cli_frame import Refused, desk_for, opened, run, settings_or_refuse
from bot.settings import Settings
from models.operations import policies
from models.queries import policies as stored
from models.rules.policy import Policy
from models.rules.policy_words import WORDS, flat, shown

MOST_BYTES = 100_000


@click.group()
def policy() -> None:
    """规则：亮灯界限、各类期限和提醒天数。"""


@policy.command("show")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，改好后可用 policy set 导入")
def policy_show(*, as_json: bool) -> None:
    """显示现行规则。"""
    found = run(_current(settings_or_refuse()))
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
        return
    click.echo(f"规则第 {found.version} 版")
    for name, value in flat(found).items():
        click.echo(f"{WORDS[name]}：{shown(value)}")


async def _current(settings: Settings) -> Policy:
    async with opened(settings) as database:
        return await database.read(stored.current)


@policy.command("set")
@click.argument("file", type=existing)
@click.option("--yes", is_flag=True, help="不再询问，直接生效")
def policy_set(file: Path, *, yes: bool) -> None:
    """导入规则（JSON，只写要改的字段也可以）。先显示变化，同意后生效。"""
    run(_set(settings_or_refuse(), file, yes=yes))


async def _set(settings: Settings, file: Path, *, yes: bool) -> None:
    data = _read(file)
    async with opened(settings) as database:
        now = await database.read(stored.current)
        changes = policies.compare(now, _changed(now, data))
        for change in changes:
            click.echo(change.line)
        if not changes:
            click.echo("与现行规则一致，没有要改的")
            return
        if not agreed("让这些变化生效？", yes=yes):
            raise Refused("未应用")
        version = await database.write(lambda session: _store(session, settings, data, file.name))
    click.echo(
        f"规则第 {version} 版已生效：下次 07:00 按新规则计算全部项目的灯，已发出的预警仍按原规则", err=True
    )


def _store(session: Session, settings: Settings, data: dict[str, object], name: str) -> int:
    """Against the policy of this transaction: somebody else may have set one in the meantime."""
    desk = desk_for(session, settings, source=f"policy set {name}")
    changed = _changed(desk.policy, data)
    policies.store(desk, changed)
    return changed.version


def _read(file: Path) -> dict[str, object]:
    if file.stat().st_size > MOST_BYTES:
        raise Refused("规则文件超过 100 KB")
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"), parse_float=str)
    except (UnicodeDecodeError, ValueError) as error:
        raise Refused(f"{file} 不是 JSON：{error}") from None
    if not isinstance(data, dict):
        raise Refused(f'{file} 应是一个 JSON 对象，例如 {{"red_feedback_workdays": 2}}')
    return data


def _changed(now: Policy, data: dict[str, object]) -> Policy:
    try:
        return now.changed_by(data)
    except ValueError as error:
        raise Refused(str(error)) from None
