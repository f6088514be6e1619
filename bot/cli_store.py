"""Commands for the database itself: check, backup, restore."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot import backup as copies
from bot.cli_frame import Refused, opened, raise_if_newer, ready, run, settings_or_refuse, sqlite_file
from bot.clock import WallClock
from bot.integrity import examine
from bot.settings import Settings


@click.command("check")
def db_check() -> None:
    """检查数据库：结构、外键、审计链、无主记录、附件文件。"""
    settings = settings_or_refuse()
    faults = run(_examine(settings))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(_said(f"发现 {len(faults)} 处问题"))
    click.echo("数据库完好")


def _said(words: str) -> int:
    click.echo(words, err=True)
    return 1


async def _examine(settings: Settings) -> list[str]:
    async with opened(settings) as database:
        return await database.read(lambda session: examine(session, settings.data_dir))


def embedded(settings: Settings) -> Path:
    """The file of the embedded database. Raises Refused for PostgreSQL."""
    file = sqlite_file(settings)
    if file is None:
        raise Refused("数据库是 PostgreSQL：请用 pg_dump 备份、pg_restore 恢复，并另行复制附件目录")
    return file


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """备份内置数据库和附件，服务运行时也可以。不覆盖已有文件。"""
    settings = settings_or_refuse()
    made = run(_backup(settings, file))
    click.echo(f"{file}：数据库 {made.bytes} 字节，附件 {made.files} 个")


async def _backup(settings: Settings, file: Path) -> copies.Made:
    database = embedded(settings)
    if not database.exists():
        raise Refused(f"数据库文件不存在：{database}。请核对 BOT_DATABASE_URL")
    try:
        return await asyncio.to_thread(copies.make, database, settings.data_dir, file)
    except copies.BackupRefused as error:
        raise Refused(str(error)) from None


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """用备份恢复内置数据库和附件。先停止服务；被替换的数据库留在原处旁边。"""
    settings = settings_or_refuse()
    done, waiting = run(_restore(settings, file))
    click.echo(f"已从 {file} 恢复，附件 {done.files} 个")
    if done.kept is not None:
        click.echo(f"原数据库保留为 {done.kept}", err=True)
    if waiting:
        click.echo(
            f"备份中有 {waiting} 条待发消息，启动后会发出（备份以后已发过的会再发一次），"
            "可先用 outbox list 查看",
            err=True,
        )


async def _restore(settings: Settings, file: Path) -> tuple[copies.Restored, int]:
    database = embedded(settings)
    problem = await asyncio.to_thread(copies.soundness, file)
    if problem is not None:
        raise Refused(f"{file} 不能用来恢复：{problem}")
    revision = await asyncio.to_thread(copies.revision_of, file)
    assert revision is not None
    raise_if_newer(revision)
    try:
        done = await asyncio.to_thread(
            copies.restore, file, database, settings.data_dir, now=WallClock().now()
        )
    except copies.BackupRefused as error:
        raise Refused(str(error)) from None
    waiting = await asyncio.to_thread(copies.waiting_of, file)
    try:
        await ready(settings, create=False)
    except Refused:
        click.echo("备份的结构版本较旧：请运行 db upgrade", err=True)
    return done, waiting
