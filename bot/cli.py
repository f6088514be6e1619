"""The commands of `python -m bot`."""

from __future__ import annotations

import asyncio
import errno
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import click
from aiohttp import web

from bot import logs, migrate
from bot.app import running
from bot.cli_data import calendar_commands, export, parse, projects
from bot.cli_directory import roster
from bot.cli_frame import Commands, Moment, refuse, run, settings_or_refuse
from bot.cli_policy import policy
from bot.cli_queues import inbox, outbox
from bot.cli_store import backup, db_check, restore
from bot.demo import DEFAULT_NOW, Demo
from bot.interpreter import tune_interpreter
from bot.platforms import PLATFORMS
from bot.platforms.base import Finding, PlatformModule
from bot.settings import Settings
from bot.web import build
from templates.documents import Papers

_CANNOT_LISTEN: Final = {
    errno.EADDRINUSE: "端口已被别的程序占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.EACCES: "没有权限（1024 以下的端口要管理员）",
}


@click.group(cls=Commands)
def commands() -> None:
    """专班助手：项目台账、亮灯、预警和督办的聊天机器人。"""


@commands.command()
def serve() -> None:
    """按环境变量或 .env 运行。"""
    settings = settings_or_refuse()
    run(_serve(settings))


async def _serve(settings: Settings) -> None:
    async with running(settings) as product:
        tune_interpreter()
        await serve_until_stopped(
            build(product), settings, announce="专班助手已启动", other_port="改 BOT_LISTEN"
        )


async def serve_until_stopped(
    application: web.Application, settings: Settings, *, announce: str, other_port: str
) -> None:
    """Serve until SIGINT or SIGTERM; the address goes to standard error. other_port: how to ask for another one."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            why = _CANNOT_LISTEN.get(error.errno or 0, error.strerror)
            refuse(f"不能监听 {settings.listen}：{why}。换一个端口：{other_port}")
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        click.echo(f"{announce}：http://{settings.listen}/", err=True)
        await stop.wait()
        click.echo("正在停止……", err=True)
    finally:
        await runner.cleanup()


@commands.command()
@click.option("--once", is_flag=True, help="只演示一遍，不打开网页聊天")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="网页聊天端口")
@click.option("--fresh", is_flag=True, help="清空演示库，从基线重新开始")
@click.option("--now", type=Moment(), default=None, help=f"模拟时钟起点，默认 {DEFAULT_NOW}")
def demo(*, once: bool, port: int, fresh: bool, now: datetime | None) -> None:
    """用虚构的云川市演示主流程，然后打开网页聊天。"""
    logs.configure(level="warning", style="text")
    run(_demo(Demo(port=port, fresh=fresh, now=now), once=once))


async def _demo(show: Demo, *, once: bool) -> None:
    await show.play(sys.stdout.write)
    if once:
        return
    settings = await show.prepare()
    async with running(settings) as product:
        await serve_until_stopped(
            build(product), settings,
            announce="网页聊天（演示数据，模拟时钟）", other_port=f'用 make demo ARGS="--port {show.port + 10}"',
        )  # fmt: skip


@commands.command("check-config")
def check_config() -> None:
    """检查设置：哪些启用，缺什么；能试的平台都试一次。"""
    settings = settings_or_refuse()
    findings: list[Finding] = []
    click.echo(f"数据库：{'SQLite' if settings.database_url.startswith('sqlite') else 'PostgreSQL'}")
    click.echo(f"监听：{settings.listen}")
    click.echo(f"时钟：{'真实' if settings.clock == 'real' else '模拟'}")
    for name in PLATFORMS:
        click.echo(f"平台 {name}：{'启用' if name in settings.channels else '未启用'}")
        module = PLATFORMS[name]
        if name in settings.channels and module.inspect is not None:
            findings.extend(run(_inspected(module, settings)))
    click.echo(f"附件目录：{settings.data_dir}")
    papers = Papers(settings.documents_dir)
    own = f"；另有自己模板的组织：{'、'.join(papers.houses())}" if papers.houses() else ""
    click.echo(f"公文模板：{settings.documents_dir or '自带'}{own}")
    faults = papers.faults()
    for fault in faults:
        click.echo(f"  {fault}")
    if faults:
        refuse(f"公文模板有 {len(faults)} 处问题，见上面「公文模板」下的各行；改好之前用它的公文不能签发")
    if any(finding.mend for finding in findings):
        refuse("有平台不能正常工作，见上面带「→」的各行")


async def _inspected(module: PlatformModule, settings: Settings) -> Sequence[Finding]:
    """Try a platform and say what was found."""
    findings = await module.inspect(settings) if module.inspect is not None else ()
    for finding in findings:
        click.echo(f"  {finding.text}{f' → {finding.mend}' if finding.mend else ''}")
    return findings


@commands.command()
@click.argument("platform", type=click.Choice([name for name in PLATFORMS if PLATFORMS[name].registration]))
def registration(platform: str) -> None:
    """输出平台一侧要装的注册文件（含密钥，只给平台管理员）。"""
    settings = settings_or_refuse()
    if platform not in settings.platforms:
        refuse(f"平台 {platform} 未启用：请先在 BOT_PLATFORMS 中加上，并填好它的设置")
    make = PLATFORMS[platform].registration
    if make is not None:
        click.echo(make(settings), nl=False)


@commands.group()
def db() -> None:
    """数据库。"""


@db.command("upgrade")
def db_upgrade() -> None:
    """升级到最新结构。"""
    settings = settings_or_refuse()
    run(migrate.upgrade(settings.database_url))
    click.echo(f"数据库结构：{migrate.head()}")


db.add_command(db_check)
for command in (roster, projects, calendar_commands, policy, parse, export, outbox, inbox, backup, restore):
    commands.add_command(command)
