"""What the commands share: settings, the database, and faults as one readable line instead of a traceback."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, NoReturn, TypeVar

import click
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from click.exceptions import NoArgsIsHelpError
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from bot import logs, migrate
from bot.app import CLOCK_MARK
from bot.clock import WallClock
from bot.platforms import PLATFORMS
from bot.settings import InvalidSettings, Settings, read_settings, unknown_names
from bot.tasks import Tasks
from models.db import Database
from models.errors import Invalid
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.operations.versions import time_mark
from models.queries import directory as directories
from models.queries import policies
from models.queries.directory import Directory

T = TypeVar("T")

OPERATOR: Final = Actor(None, "系统管理员（命令行）", source="cli")
DISK_FULL: Final = "磁盘已满，没有写完。请清理磁盘后再试"


class Moment(click.ParamType[datetime]):
    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail("应写成 2026-09-21T18:00+08:00", param, ctx)
        if moment.tzinfo is None:
            self.fail("要带时区，例如 2026-09-21T18:00+08:00", param, ctx)
        return moment


class Commands(click.Group):
    """Commands whose faults of the surroundings end in one line, wherever they happen, also in printing."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, NoArgsIsHelpError):  # click ends quietly (`… | head`), or shows the help
            raise
        except Exception as error:
            words = words_for(error)
            if words is not None:
                refuse(words)
            if isinstance(error, click.UsageError):
                raise Misused(misused(error), error.ctx) from None
            raise

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise Misused(misused(error), error.ctx) from None


class Misused(click.UsageError):
    """A command written wrongly, said in Chinese with the form that is right."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"命令写法不对：{self.message}", file=file, err=file is None)
        if self.ctx is not None:
            form = self.ctx.get_usage().partition(": ")[2]
            click.echo(f"写法：{form}\n说明：{self.ctx.command_path} --help", file=file, err=file is None)


def misused(error: click.UsageError) -> str:
    """What is wrong with a command. What this product says itself (in Chinese) stays as it is."""
    if isinstance(error, click.NoSuchCommand):
        near = f"，相近的有 {'、'.join(error.possibilities)}" if error.possibilities else ""
        return f"没有命令 {error.command_name}{near}"
    if isinstance(error, click.NoSuchOption):
        near = f"，相近的有 {'、'.join(error.possibilities)}" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name_of(error.param)}"
    if isinstance(error, click.BadParameter):
        return f"{_name_of(error.param)} {_value_words(error)}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面要写值，或不该写值"
    if error.message.isascii():
        return "多写了参数，或少写了子命令" if "unexpected" in error.message.lower() else error.message
    return error.message


def _name_of(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "参数"
    if isinstance(parameter, click.Option):
        return f"选项 {max(parameter.opts, key=len)}"
    return parameter.make_metavar(click.Context(click.Command("")))


def _value_words(error: click.BadParameter) -> str:
    """Why a value does not fit, by what its parameter takes."""
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return f"应为 {'、'.join(map(str, kind.choices))} 之一"
    if isinstance(kind, click.IntRange):
        return f"应是 {kind.min} 到 {kind.max} 的整数"
    if isinstance(kind, click.Path):
        return "应是一个文件，现为目录" if "directory" in error.message else "读不到：请检查路径和权限"
    return error.message


class Refused(Exception):
    """The command cannot do what is asked; the text is the whole answer."""


def refuse(*lines: str) -> NoReturn:
    """Say why on standard error and end with exit code 1."""
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(1)


def settings_or_refuse(**overrides: Any) -> Settings:
    try:
        settings = read_settings(**overrides)
    except InvalidSettings as error:
        refuse("设置有误：", *(f"  {line}" for line in error.lines))
    known = [name for name, module in PLATFORMS.items() if not module.part_of]
    unknown = [name for name in settings.platforms if name not in known]
    if unknown:
        refuse(f"BOT_PLATFORMS：没有平台 {'、'.join(unknown)}，可用：{'、'.join(known)}")
    for name in unknown_names():
        click.echo(f"提醒：没有名为 {name} 的设置，已忽略", err=True)
    logs.configure(level=settings.log_level, style=settings.log_format)
    return settings


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end. A server ends in order on SIGINT by itself; anything else was cut short."""
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        refuse("已中断")


def words_for(error: BaseException) -> str | None:
    """A fault of the surroundings in words, with the mend; None for what is a fault of the program.

    Never repeats the database address, which may hold a password.
    """
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        words = _words(one)
        if words is not None:
            return words
        one = getattr(one, "orig", None) or one.__cause__ or one.__context__
    return None


def _words(error: BaseException) -> str | None:
    if isinstance(error, (migrate.SchemaIsNewer, Refused)):
        return str(error)
    if isinstance(error, Invalid):
        return f"{error.problem}。{error.mend}" if error.mend else error.problem
    if isinstance(error, sqlite3.Error):
        return _sqlite_words(str(error))
    if isinstance(error, OSError):
        return _system_words(error)
    if type(error).__module__.startswith("asyncpg"):
        return _postgres_words(type(error).__name__)
    return None


def _sqlite_words(text: str) -> str | None:
    for part, words in (
        ("locked", "数据库被占用：另一个程序正在写入。请稍候再试；一直如此请查是否有未退出的进程"),
        ("unable to open", "打不开数据库文件：请检查 BOT_DATABASE_URL 所指的目录是否存在、能否写入"),
        ("readonly", "数据库文件不可写：请检查文件和目录的权限、磁盘是否以只读方式挂载"),
        ("is full", DISK_FULL),
        ("disk I/O", "读写磁盘出错：请检查磁盘是否已满或损坏"),
        ("not a database", "不是数据库文件或文件已损坏：请核对 BOT_DATABASE_URL，或用 restore 从备份恢复"),
        ("malformed", "数据库文件已损坏：请停止服务，用 restore 从备份恢复"),
        ("already exists", "数据库里有别的程序的表：请核对 BOT_DATABASE_URL，换一个空的或本程序的数据库"),
        ("no such table", "数据库结构不完整：请运行 db upgrade"),
    ):
        if part in text:
            return words
    return None


def _system_words(error: OSError) -> str | None:
    name = f" {error.filename}" if isinstance(error.filename, (str, Path)) else ""
    code = error.errno
    if code in {errno.ENOSPC, errno.EDQUOT}:
        return DISK_FULL
    if code in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"没有权限写入{name}：请检查文件和目录的权限"
    if code == errno.ENOENT:
        return f"找不到{name}"
    if code in {errno.ENOTDIR, errno.EEXIST, errno.EISDIR}:
        return f"路径不可用{name}：中间一段不是目录，或应是文件的地方是目录"
    if code == errno.ENAMETOOLONG:
        return "路径太长：请换一个短的文件名或目录名"
    if isinstance(error, ConnectionError) or code in {-2, -3, errno.ETIMEDOUT, errno.EHOSTUNREACH}:
        return "连不上数据库服务器：请检查 BOT_DATABASE_URL 中的主机和端口，以及服务器是否在运行"
    return None


def _postgres_words(name: str) -> str | None:
    if name == "DiskFullError":
        return "数据库服务器磁盘已满，没有写完。请清理后再试"
    if name.startswith("Duplicate"):
        return "数据库里有别的程序的表：请核对 BOT_DATABASE_URL，换一个空的或本程序的数据库"
    if name.startswith("Invalid") and ("Password" in name or "Catalog" in name or "Authorization" in name):
        return "数据库服务器拒绝了连接：请核对 BOT_DATABASE_URL 中的用户、密码和库名"
    if name in {"CannotConnectNowError", "ConnectionDoesNotExistError", "TooManyConnectionsError"}:
        return "数据库服务器暂时不接受连接，请稍候再试"
    return None


# --- database


def sqlite_file(settings: Settings) -> Path | None:
    """The file of the embedded database; None for PostgreSQL."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


async def ready(settings: Settings, *, create: bool) -> None:
    """Check that the database is there in this program's form. create: make one that is missing.

    Raises Refused for a missing, empty or older database, SchemaIsNewer for a newer one.
    """
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        if not create:
            raise Refused(f"数据库文件不存在：{file}。请核对 BOT_DATABASE_URL，或先运行 db upgrade 建立")
        await migrate.upgrade(settings.database_url)
        return
    state = await migrate.check(settings.database_url)
    stored, wanted = state["stored"], state["wanted"]
    if stored == wanted:
        return
    if stored is None:
        if not create:
            raise Refused("数据库是空的：请先运行 db upgrade")
        await migrate.upgrade(settings.database_url)
        return
    raise_if_newer(stored)
    raise Refused(f"数据库的结构版本 {stored} 比本程序旧：请先运行 backup，再运行 db upgrade")


def raise_if_newer(revision: str) -> None:
    """Raises SchemaIsNewer for a revision that this program does not know."""
    try:
        ScriptDirectory.from_config(migrate.config()).get_revision(revision)
    except CommandError:
        raise migrate.SchemaIsNewer(
            f"数据库的结构版本 {revision} 比本程序新。请升级程序，或用升级前的备份"
        ) from None


@asynccontextmanager
async def opened(settings: Settings, *, create: bool = False) -> AsyncIterator[Database]:
    """The database of the settings for one command; a running server may use it at the same time."""
    await ready(settings, create=create)
    tasks = Tasks()
    database = await Database.open(settings.database_url, lambda work: tasks.start(work, name="writer"))
    try:
        yield database
    finally:
        await database.close()
        await tasks.stop()


def now_for(session: Session, settings: Settings) -> datetime:
    """The product's time: of a simulated clock where the database keeps it, else the real one."""
    if settings.clock == "real":
        return WallClock().now()
    moments = [one for one in (time_mark(session, CLOCK_MARK), settings.clock_start) if one is not None]
    return max(moments) if moments else WallClock().now()


def desk_for(
    session: Session, settings: Settings, *, source: str, directory: Directory | None = None
) -> Desk:
    """A desk at which the operator works; source names the command in the audit. directory: where it is known."""
    return Desk(
        session,
        directory or directories.load(session),
        policies.current(session),
        now_for(session, settings),
        actor=Actor(None, OPERATOR.name, source=source),
    )
