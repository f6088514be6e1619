"""Commands between the roster and a platform's own directory: sync, open-group."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from bot.cli_data import agreed, not_applied, roster
from bot.cli_frame import Refused, desk_for, opened, run, settings_or_refuse
from bot.platforms import PLATFORMS
from bot.platforms.base import SendFailed
from bot.settings import Settings
from models.operations import directory_sync
from models.queries import directory as directories

__all__ = ["roster"]


@roster.command("sync")
@click.argument("platform")
@click.option("--yes", is_flag=True, help="不再询问，直接应用")
def roster_sync(platform: str, *, yes: bool) -> None:
    """按平台通讯录绑定账号、标记离开。先显示变化，同意后应用；从不删人。"""
    settings = settings_or_refuse()
    run(_sync(settings, platform, yes=yes))


async def _sync(settings: Settings, platform: str, *, yes: bool) -> None:
    module = PLATFORMS.get(platform)
    if module is None or module.members is None or platform not in settings.channels:
        raise Refused(f"平台 {platform} 没有启用，或没有通讯录")
    try:
        listed = await module.members(settings)
    except SendFailed as error:
        raise Refused(f"取不到通讯录：{error}") from None
    async with opened(settings) as database:
        wanted = await database.read(
            lambda session: directory_sync.difference(session, directories.load(session), platform, listed)
        )
        for line in wanted.lines():
            click.echo(line)
        if not wanted.changed:
            return
        if not agreed("应用这些变化？", yes=yes):
            raise not_applied()

        def write(session: Session) -> None:
            desk = desk_for(session, settings, source=f"roster sync {platform}")
            fresh = directory_sync.difference(session, desk.directory, platform, listed)
            if fresh.lines() != wanted.lines():
                raise Refused("刚才名册有变化，没有应用。请再运行一次")
            directory_sync.apply(desk, platform, fresh)

        await database.write(write)
    click.echo("已应用", err=True)


@roster.command("open-group")
@click.argument("platform")
@click.argument("group")
@click.argument("accounts", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="不再询问，直接建群")
def roster_open_group(platform: str, group: str, accounts: tuple[str, ...], *, yes: bool) -> None:
    """在平台上建一个由应用推送的群，第一个账号是群主。同一个群再建一次得到同一个群。"""
    settings = settings_or_refuse()
    run(_open_group(settings, platform, group, accounts, yes=yes))


async def _open_group(
    settings: Settings, platform: str, group: str, accounts: tuple[str, ...], *, yes: bool
) -> None:
    module = PLATFORMS.get(platform)
    if module is None or module.open_group is None or platform not in settings.channels:
        raise Refused(f"平台 {platform} 没有启用，或不能由应用建群")
    if len(set(accounts)) < 2:
        raise Refused("至少要两个不同的账号")
    async with opened(settings) as database:
        directory = await database.read(directories.load)
    if group not in {one.name for one in directory.groups.values()}:
        raise Refused(f"名册里没有群【{group}】，请先写进名册并导入")
    if not agreed(f"在 {platform} 建群【{group}】，成员 {'、'.join(accounts)}？", yes=yes):
        raise not_applied()
    try:
        address = await module.open_group(settings, group, group, accounts)
    except SendFailed as error:
        raise Refused(f"没有建成：{error}") from None
    click.echo(f"{platform}: {address}")
    click.echo(f"请把上面这行写进名册里群【{group}】的 accounts，再导入名册", err=True)
