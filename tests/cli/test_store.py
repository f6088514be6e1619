"""backup, restore, db check: on real files, beside a running server (interfaces of the command line)."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from bot import migrate
from bot.cli_frame import DISK_FULL, words_for
from models.tables.audit import AuditRow
from models.tables.clockwork import Timer
from models.tables.outbox import OutboxNotice
from models.tables.projects import Project

from .conftest import Installation


def copy_of(file: Path) -> dict[str, int]:
    """Figures by project code, read without the product."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return dict(connection.execute("SELECT code, ytd_fen FROM projects"))


def attachment(bot: Installation, name: str = "a" * 64, content: bytes = b"%PDF-1.7") -> Path:
    file = bot.folder / "var" / "files" / name[:2] / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def set_figure(bot: Installation, fen: int) -> None:
    bot.write(
        lambda session: session.execute(update(Project).where(Project.code == "ZX0031").values(ytd_fen=fen))
    )


# --- backup and restore


def test_there_and_back(city: Installation, tmp_path: Path) -> None:
    kept = attachment(city)
    target = tmp_path / "备份" / "一.db"
    assert city("backup", target).done.endswith("附件 1 个")
    was = copy_of(target)["ZX0031"]
    set_figure(city, 1)
    kept.unlink()
    answer = city("restore", target)
    assert answer.done == f"已从 {target} 恢复，附件 1 个"
    assert copy_of(city.database)["ZX0031"] == was
    assert kept.read_bytes() == b"%PDF-1.7"
    (replaced,) = city.database.parent.glob("zhuanban.db.replaced-*")
    assert str(replaced.relative_to(tmp_path)) in answer.err
    assert copy_of(replaced)["ZX0031"] == 1
    assert city("db", "check").done == "数据库完好"


def test_a_backup_never_overwrites(city: Installation, tmp_path: Path) -> None:
    target = tmp_path / "一.db"
    target.write_text("重要")
    assert "已存在，没有覆盖" in city("backup", target).refused
    assert target.read_text() == "重要"
    (tmp_path / "二.db.files").mkdir()
    assert "已存在，没有覆盖" in city("backup", tmp_path / "二.db").refused


def test_a_backup_that_fails_leaves_nothing(city: Installation, tmp_path: Path) -> None:
    (tmp_path / "挡路").write_text("")
    assert "路径不可用" in city("backup", tmp_path / "挡路" / "一.db").refused
    city.database.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    assert city("backup", tmp_path / "二.db").refused
    assert sorted(path.name for path in tmp_path.iterdir()) == ["var", "挡路"]


def test_restoring_into_an_empty_installation(city: Installation, tmp_path: Path) -> None:
    target = tmp_path / "一.db"
    city("backup", target)
    for file in city.database.parent.iterdir():
        file.unlink()
    assert city("restore", target).code == 0
    assert "ZX0031" in copy_of(city.database)


def test_a_damaged_database_can_be_replaced(city: Installation, tmp_path: Path) -> None:
    target = tmp_path / "一.db"
    city("backup", target)
    city.database.write_bytes(b"\x00" * 8192)
    assert "已损坏" in city("outbox", "list").refused
    assert city("restore", target).code == 0
    assert city("db", "check").done == "数据库完好"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "不是本程序的数据库"), (b"not a database, certainly not one" * 40, "不是数据库文件")],
)
def test_what_is_no_backup_is_refused(city: Installation, tmp_path: Path, content: bytes, words: str) -> None:
    target = tmp_path / "一.db"
    target.write_bytes(content)
    before = copy_of(city.database)
    assert words in city("restore", target).refused
    assert copy_of(city.database) == before


def test_a_backup_of_a_newer_program_is_refused(city: Installation, tmp_path: Path) -> None:
    target = tmp_path / "一.db"
    city("backup", target)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    assert "9999 比本程序新" in city("restore", target).refused
    assert not list(city.database.parent.glob("*.replaced-*"))


def test_waiting_notices_of_a_backup_are_announced(city: Installation, tmp_path: Path) -> None:
    city.write(queue_one)
    target = tmp_path / "一.db"
    city("backup", target)
    assert "备份中有 1 条待发消息" in city("restore", target).err


def queue_one(session) -> None:
    session.execute(
        text(
            "INSERT INTO outbox (key, recipient_kind, recipient_id, notice, payload, reason, urgency,"
            " created_at, due_at, state, attempts) VALUES (x'00', 'person', 1, 'Text', '{}', '试', 'normal',"
            " '2099-01-01 00:00:00', '2099-01-01 00:00:00', 'waiting', 0)"
        )
    )


# --- beside a running server


@contextmanager
def serving(bot: Installation, port: int) -> Iterator[subprocess.Popen[str]]:
    server = bot.start(
        "serve",
        environment={"BOT_LISTEN": f"127.0.0.1:{port}", "BOT_CLOCK": "simulated"},
        stdout=subprocess.DEVNULL,
    )
    try:
        assert server.stderr is not None
        for line in server.stderr:
            if "已启动" in line:
                break
        else:
            raise AssertionError("did not start")
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def post(port: int, path: str, body: dict[str, object]) -> dict[str, object]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def test_a_backup_of_a_running_server_is_consistent_and_a_restore_is_refused(
    city: Installation, tmp_path: Path, unused_tcp_port: int
) -> None:
    target = tmp_path / "一.db"
    with serving(city, unused_tcp_port):
        for number in range(20):
            post(
                unused_tcp_port, "/webchat/api/messages",
                {"from": "张伟", "text": "/帮助", "message_id": f"m{number}"},
            )  # fmt: skip
        backup = city.start("backup", target)
        for number in range(20, 40):
            post(
                unused_tcp_port, "/webchat/api/messages",
                {"from": "张伟", "text": "/帮助", "message_id": f"m{number}"},
            )  # fmt: skip
        _, error = backup.communicate(timeout=60)
        assert backup.returncode == 0, error
        assert "先停止服务" in city("restore", target).refused
        post(unused_tcp_port, "/webchat/api/idle", {})
    assert "ZX0031" in copy_of(target)
    with closing(sqlite3.connect(target)) as connection:
        (stored,) = connection.execute("SELECT count(*) FROM inbox").fetchone()
        (seen,) = connection.execute("SELECT count(*) FROM seen_messages").fetchone()
    assert 20 <= stored <= 40
    assert stored == seen  # both are written in one transaction
    assert city("restore", target).code == 0


# --- db check


def test_a_sound_database(city: Installation) -> None:
    assert city("db", "check").done == "数据库完好"


def test_a_changed_history_is_found(city: Installation) -> None:
    number = city.write(
        lambda session: session.execute(
            select(AuditRow.record_id).where(AuditRow.record_kind == "project").limit(1)
        ).scalar_one()
    )
    city.write(
        lambda session: session.execute(
            update(AuditRow)
            .where(AuditRow.record_kind == "project", AuditRow.record_id == number, AuditRow.seq == 1)
            .values(new="改过")
        )
    )
    answer = city("db", "check")
    assert answer.out.strip() == f"审计链断开：project {number}"
    assert answer.refused == "发现 1 处问题"


def test_a_cut_off_history_is_found(city: Installation) -> None:
    newest = city.write(
        lambda session: session.execute(
            select(AuditRow.id).where(AuditRow.record_kind == "project").order_by(AuditRow.id.desc()).limit(1)
        ).scalar_one()
    )
    city.write(lambda session: session.execute(text("DELETE FROM audit WHERE id = :id"), {"id": newest}))
    assert "审计链断开：project" in city("db", "check").out


def test_dangling_references_are_found(city: Installation) -> None:
    def harm(session) -> None:
        session.connection().exec_driver_sql("COMMIT")
        session.connection().exec_driver_sql("PRAGMA foreign_keys=OFF")
        session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        session.execute(update(Project).where(Project.code == "ZX0031").values(unit_id=99999))

    city.write(harm)
    answer = city("db", "check")
    assert answer.code == 1
    assert answer.out.startswith("外键：projects 第 ")
    assert "指向不存在的 units" in answer.out


def test_orphans_are_found(city: Installation) -> None:
    def harm(session) -> None:
        queue_one(session)
        session.execute(update(OutboxNotice).where(OutboxNotice.key == b"\0").values(recipient_id=99999))
        session.execute(
            update(Timer).where(Timer.state == "waiting", Timer.subject_kind == "item").values(subject_id=777)
        )

    city.write(harm)
    answer = city("db", "check")
    assert "收件人不存在：待发消息" in answer.out
    assert "定时所属的记录不存在：定时" in answer.out
    assert "item 777" in answer.out


def test_missing_and_cut_attachments_are_found(city: Installation) -> None:
    def attach(session) -> None:
        for number, size in ((1, 8), (2, 9)):
            session.execute(
                text(
                    "INSERT INTO stored_files (id, sha256, size, media_type, stored_at)"
                    " VALUES (:id, :sha, :size, 'application/pdf', '2026-09-21 10:00:00')"
                ),
                {"id": number, "sha": str(number) * 64, "size": size},
            )
            session.execute(
                text(
                    "INSERT INTO attachments (file_id, name, sender_id, at, expires_at, source) VALUES"
                    " (:id, :name, 1, '2026-09-21 10:00:00', '2026-09-21 10:10:00', 'm')"
                ),
                {"id": number, "name": f"{number}.pdf"},
            )

    city.write(attach)
    attachment(city, "2" * 64)
    answer = city("db", "check")
    assert "附件文件不存在：1.pdf" in answer.out
    assert "附件文件大小不符：2.pdf" in answer.out


def test_a_table_that_differs_from_the_program_is_found(city: Installation) -> None:
    city.write(lambda session: session.execute(text("DROP INDEX ix_audit_at")))
    city.write(lambda session: session.execute(text("ALTER TABLE roster_loads ADD COLUMN note VARCHAR")))
    answer = city("db", "check")
    assert "表结构与程序不符：add_index ix_audit_at" in answer.out
    assert "表结构与程序不符：remove_column roster_loads.note" in answer.out


# --- faults of the surroundings


def test_a_missing_database_is_named_and_not_made(bot: Installation) -> None:
    for command in (
        ["db", "check"],
        ["outbox", "list"],
        ["inbox", "list"],
        ["backup", "x.db"],
        ["export", "items", "x.xlsx"],
    ):
        words = bot(*command).refused
        assert words.startswith("数据库文件不存在：")
        assert len(words.splitlines()) == 1
    assert list(bot.folder.iterdir()) == []


def test_a_newer_schema_is_refused(city: Installation) -> None:
    city.write(lambda session: session.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    for command in (["db", "check"], ["db", "upgrade"], ["outbox", "list"], ["serve"]):
        assert city(*command).refused == "数据库的结构版本 9999 比本程序新。请升级程序，或用升级前的备份"


def test_an_empty_database_is_refused(bot: Installation) -> None:
    bot.database.parent.mkdir()
    bot.write(lambda session: session.execute(text("CREATE TABLE x (y)")))
    assert bot("outbox", "list").refused == "数据库是空的：请先运行 db upgrade"


def test_a_locked_database_is_one_line(city: Installation, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("date,kind,holiday\n2027-01-01,off,元旦\n", encoding="utf-8")
    with closing(sqlite3.connect(city.database, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        words = city("calendar", "import", file).refused
    assert words.startswith("数据库被占用")
    assert len(words.splitlines()) == 1


def test_a_folder_that_is_a_file(bot: Installation) -> None:
    (bot.folder / "var").write_text("")
    words = bot("db", "upgrade", BOT_DATA_DIR="files").refused
    assert len(words.splitlines()) == 1
    assert "var" in words


def test_a_database_of_another_program_is_one_line(bot: Installation) -> None:
    bot.database.parent.mkdir()
    with closing(sqlite3.connect(bot.database)) as other:
        other.execute("CREATE TABLE projects (a)")
        other.commit()
    words = bot("db", "upgrade").refused
    assert words.startswith("数据库里有别的程序的表：请核对 BOT_DATABASE_URL")
    assert len(words.splitlines()) == 1


def test_a_full_disk_is_one_line(city: Installation) -> None:
    """A page limit makes SQLite answer as it does on a full disk."""
    with closing(sqlite3.connect(city.database, isolation_level=None)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(sqlite3.OperationalError) as raised:
            connection.execute("CREATE TABLE filler AS SELECT randomblob(9000000)")
    assert words_for(raised.value) == DISK_FULL


def test_a_full_output_device_is_one_line(city: Installation) -> None:
    city.write(queue_one)
    with Path("/dev/full").open("w") as full:
        process = city.start("outbox", "list", stdout=full)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in error
    assert "磁盘已满" in error


def test_a_port_in_use_is_one_line(city: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        process = city.start("serve", environment={"BOT_LISTEN": listen, "BOT_PLATFORMS": "webchat"})
        _, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert error.splitlines()[-1] == f"不能监听 {listen}：端口已被别的程序占用。换一个端口：改 BOT_LISTEN"
    assert "Traceback" not in error


def test_secrets_stay_secret(bot: Installation) -> None:
    answer = bot("db", "check", BOT_DATABASE_URL="postgresql+asyncpg://bot:s3cret@127.0.0.1:9/none")
    assert "s3cret" not in answer.err
    assert answer.refused.startswith("连不上数据库服务器")


def test_postgresql_has_its_own_tools(bot: Installation) -> None:
    answer = bot("backup", "x.db", BOT_DATABASE_URL="postgresql+asyncpg://bot:s3cret@127.0.0.1:9/none")
    assert "pg_dump" in answer.refused


def test_upgrade_names_the_schema(bot: Installation) -> None:
    assert bot("db", "upgrade").done == f"数据库结构：{migrate.head()}"
    assert bot("db", "upgrade").done == f"数据库结构：{migrate.head()}"
    assert [file.name for file in bot.database.parent.iterdir()] == ["zhuanban.db"]


# --- settings


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BOT_UPLOAD_LIMIT_MB", "二十", "BOT_UPLOAD_LIMIT_MB：应是整数"),
        ("BOT_UPLOAD_LIMIT_MB", "0", "BOT_UPLOAD_LIMIT_MB：不能小于 1"),
        ("BOT_WECOM__CALL_SECONDS", "99", "BOT_WECOM__CALL_SECONDS：不能大于 12"),
        ("BOT_CLOCK", "fake", "BOT_CLOCK：应为 real、simulated 之一"),
        ("BOT_LOG_LEVEL", "loud", "BOT_LOG_LEVEL：应为 debug、info、warning、error 之一"),
        ("BOT_CLOCK_START", "昨天", "BOT_CLOCK_START：应写成 2026-09-21T18:00+08:00"),
        ("BOT_TIMEZONE", "UTC", "BOT_TIMEZONE：只能是 Asia/Shanghai，或者不设"),
        ("BOT_WECOM", "x", "BOT_WECOM：要逐项写成 BOT_WECOM__…"),
        (
            "BOT_WEBCHAT__TOKEN_FILE",
            "/nowhere/token",
            "读不到 BOT_WEBCHAT__TOKEN_FILE 所指的文件 /nowhere/token",
        ),
        ("BOT_MODEL__KEY_FILE", "/nowhere/key", "读不到 BOT_MODEL__KEY_FILE 所指的文件 /nowhere/key"),
        ("BOT_MODEL__KEY", "一把\n钥匙", "BOT_MODEL__KEY 只能用半角字母、数字和符号"),
        ("BOT_MODEL__URL", "http://[::1", "BOT_MODEL__URL：应写成 http://127.0.0.1"),
        ("BOT_WECOM__API_BASE", "https://a:b:c", "BOT_WECOM__API_BASE：应写成 https://主机"),
        ("BOT_WECOM__PROXY", "http://10.0.0.1:99999", "BOT_WECOM__PROXY：应写成 http://主机:端口"),
        ("BOT_WECOM__WS_URL", "wss://[::1", "BOT_WECOM__WS_URL：应写成 wss://主机"),
        ("BOT_MATRIX__HOMESERVER_URL", "https://a:b", "BOT_MATRIX__HOMESERVER_URL：应写成 https://主机"),
        ("BOT_LISTEN", "127.0.0.1:²", "BOT_LISTEN：应写成 地址:端口"),
        ("BOT_LISTEN", "127.0.0.1:８０８０", "BOT_LISTEN：应写成 地址:端口"),
        ("BOT_CLOCK_START", "9999-12-31T23:59+00:00", "BOT_CLOCK_START：年份应在 2000 到 2099 之间"),
        ("BOT_CLOCK_START", "0001-01-01T00:00+08:00", "BOT_CLOCK_START：年份应在 2000 到 2099 之间"),
        ("BOT_DATA_DIR", __file__, "test_store.py 是文件，应是目录"),
        ("BOT_DATA_DIR", "长" * 300, "路径太长"),
        ("BOT_UPLOAD_LIMIT_MB", "9" * 5000, "BOT_UPLOAD_LIMIT_MB：应是整数"),
        (
            "BOT_DATABASE_URL",
            "sqlite+aiosqlite:///",
            "BOT_DATABASE_URL：应写成 sqlite+aiosqlite:///目录/文件.db",
        ),
        ("BOT_DATABASE_URL", "sqlite+aiosqlite:///:memory:", "要写文件名"),
        ("BOT_DATABASE_URL", "sqlite+aiosqlite:///x.db?mode=ro", "后面不带参数"),
        ("BOT_DATABASE_URL", "postgresql+asyncpg://u:p@s/ecret@h/x", "密码里的 @ : / ? # % 要写成 %40"),
        (
            "BOT_DATABASE_URL",
            "postgresql+asyncpg://u:secret@h:99999/x",
            "BOT_DATABASE_URL：应写成 postgresql",
        ),
        (
            "BOT_DATABASE_URL",
            "postgresql+asyncpg://u:secret@h/x?sslmode=require",
            "加密连接写成 ?ssl=require",
        ),
    ],
)
def test_a_faulty_setting_is_named_with_its_mend_in_chinese(
    bot: Installation, name: str, value: str, said: str
) -> None:
    refused = bot("check-config", **{name: value}).refused
    assert said in refused
    assert "Input should" not in refused
    assert "ecret" not in refused


def test_a_secret_file_that_is_no_text_is_named_with_its_setting(bot: Installation) -> None:
    (bot.folder / "secret").write_bytes(b"\xff\xfes\x00")
    refused = bot(
        "check-config", BOT_PLATFORMS="webchat,wecom", BOT_WECOM__APP__SECRET_FILE=str(bot.folder / "secret")
    ).refused
    assert "读不到 BOT_WECOM__APP__SECRET_FILE 所指的文件" in refused
    assert "不是文本" in refused
    assert "codec" not in refused


def test_a_token_that_no_header_can_hold_is_refused(bot: Installation) -> None:
    matrix = {
        "BOT_PLATFORMS": "webchat,matrix", "BOT_MATRIX__HOMESERVER_URL": "http://127.0.0.1:9",
        "BOT_MATRIX__USER_ID": "@zhuanban:example.gov.cn", "BOT_MATRIX__HS_TOKEN": "b" * 20,
    }  # fmt: skip
    refused = bot("check-config", **matrix, BOT_MATRIX__AS_TOKEN="a" * 20 + "\n" + "a" * 20).refused
    assert "BOT_MATRIX__AS_TOKEN 只能用半角字母、数字和符号" in refused
    assert "HS_TOKEN 只能" not in refused


def test_an_empty_token_protects_nothing(bot: Installation) -> None:
    """It would be equal to the token of a caller who sends none."""
    (bot.folder / "token").write_text("\n")
    refused = bot(
        "check-config", BOT_LISTEN="0.0.0.0:8080", BOT_WEBCHAT__TOKEN_FILE=str(bot.folder / "token")
    ).refused
    assert "网页聊天口令是空的" in refused


def test_a_misspelt_setting_in_the_file_is_named(bot: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bot.folder)
    (bot.folder / ".env").write_text("# 注释\nBOT_LISTN=127.0.0.1:9999\nBOT_LOG_FORMAT=json\n")
    assert "提醒：没有名为 BOT_LISTN 的设置，已忽略" in bot("check-config").err
    assert "BOT_LOG_FORMAT" not in bot("check-config").err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("BOT_DATA_DIR=附件\n".encode("gbk"), ".env 不是 UTF-8 文本：请另存为 UTF-8 编码"),
        ("BOT_LOG_FORMAT=json\n".encode("utf-16"), ".env 不是 UTF-8 文本：请另存为 UTF-8 编码"),
        (
            b'BOT_LOG_FORMAT=json\nBOT_CLOCK="real\nBOT_LISTEN=x\n',
            ".env 第2行读不懂：应写成 名称=值，引号要成对",
        ),
    ],
)
def test_a_file_of_settings_that_cannot_be_read_is_refused(
    bot: Installation, content: bytes, said: str
) -> None:
    """What follows an open quotation mark would not count, and nobody would know."""
    (bot.folder / ".env").write_bytes(content)
    for command in ("check-config", "serve"):
        assert said in bot(command).refused


def test_a_file_of_settings_as_windows_writes_it(bot: Installation) -> None:
    (bot.folder / ".env").write_bytes(b"\xef\xbb\xbfBOT_LISTEN=127.0.0.1:9999\r\nBOT_LOG_FORMAT=json\r\n")
    assert "监听：127.0.0.1:9999" in bot("check-config").done
