"""Sending on WeCom when things go wrong: tokens that end, limits, lost answers, people and settings that are wrong."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot import files
from bot.platforms.base import (
    AnswerLost,
    NeedsOperator,
    OutgoingMessage,
    RateLimited,
    Rejected,
    SendFailed,
    TooLarge,
    Unavailable,
    Unreachable,
)
from bot.platforms.wecom.api import Api
from bot.platforms.wecom.app import inspect
from bot.platforms.wecom.checking import groups_without_way
from bot.platforms.wecom.failures import failure
from bot.settings import Settings, WecomSettings
from bot.shelf import Kept, Shelf
from models.types import ChatKind, OutgoingFile
from tests.fakes import wecom as fake
from tests.fakes.wecom import Wecom, wecom_server
from tests.flows.samples import jpeg, pdf

from .conftest import LIAISON, Office, wecom_settings

ROOT = Path(__file__).parent.parent.parent
AT = datetime(2026, 9, 22, 2, 2, tzinfo=UTC)


class Pocket:
    """A shelf in memory."""

    def __init__(self) -> None:
        self.kept: Kept | None = None

    async def look(self) -> Kept | None:
        return self.kept

    async def put(self, kept: Kept) -> None:
        self.kept = kept


@pytest.fixture
async def server() -> AsyncIterator[Wecom]:
    async with wecom_server() as running:
        running.members = {"lisi"}
        yield running


@pytest.fixture
async def api(server: Wecom) -> AsyncIterator[Api]:
    made = api_of(server)
    yield made
    await made.close()


def api_of(server: Wecom, *, secret: str = fake.SECRET, shelf: Pocket | Shelf | None = None) -> Api:
    return Api(
        base=server.base,
        corp_id=fake.CORP,
        secret=secret,
        proxy=None,
        shelf=shelf or Pocket(),
        now=lambda: AT,
        call_seconds=10,
    )


def a_text(words: str) -> dict[str, object]:
    return {"touser": "lisi", "agentid": fake.AGENT, "msgtype": "text", "text": {"content": words}}


# --- token


async def test_twenty_sends_at_once_ask_for_one_token(server: Wecom, api: Api) -> None:
    await asyncio.gather(*(api.post("message/send", a_text(str(number))) for number in range(20)))
    assert server.calls["gettoken"] == 1
    assert len(server.shown) == 20


@pytest.mark.parametrize("code", [40014, 42001])
async def test_a_token_that_ends_early_is_replaced_once_for_all(server: Wecom, api: Api, code: int) -> None:
    await api.post("message/send", a_text("first"))
    if code == 42001:
        server.end_tokens()
    else:
        server._tokens.clear()
    await asyncio.gather(*(api.post("message/send", a_text(str(number))) for number in range(20)))
    assert server.calls["gettoken"] == 2
    assert len(server.shown) == 21


async def test_a_token_that_is_never_right_is_asked_for_twice_only(server: Wecom, api: Api) -> None:
    server.refuse["message/send"] = [42001, 42001, 42001]
    with pytest.raises(Unavailable):
        await api.post("message/send", a_text("x"))
    assert server.calls["gettoken"] == 2
    assert server.calls["message/send"] == 2


async def test_a_wrong_secret_is_not_tried_again_and_again(server: Wecom) -> None:
    """Repeated wrong secrets block the address for an hour."""
    api = api_of(server, secret="wrong")
    for _ in range(5):
        with pytest.raises(NeedsOperator) as failed:
            await api.post("message/send", a_text("x"))
        assert "BOT_WECOM__APP__SECRET" in str(failed.value)
        assert "wrong" not in str(failed.value)
    await api.close()
    assert server.calls["gettoken"] == 1


async def test_processes_share_a_token_that_the_database_does_not_show(office: Office) -> None:
    database = office.city.product.database
    shelf = Shelf(database, name="token of two", secret=fake.SECRET)
    one, other = api_of(office.server, shelf=shelf), api_of(office.server, shelf=shelf)
    await one.get("getcallbackip")
    await other.get("getcallbackip")
    assert office.server.calls["gettoken"] == 1
    (token,) = office.server._tokens
    kept = await office.city.rows("SELECT value FROM meta WHERE name = 'token of two'")
    assert token not in kept[0]["value"]
    assert await Shelf(database, name="token of two", secret="another").look() is None
    await one.close()
    await other.close()


# --- the wire


async def test_bodies_are_plain_utf8(server: Wecom, api: Api) -> None:
    words = "红灯 🔴 𠮷林大道"
    await api.post("message/send", a_text(words))
    assert words.encode() in server.bodies[0]
    assert server.shown[0].text == words


async def test_nobody_at_the_door_is_unavailable_and_a_lost_answer_is_known(server: Wecom, api: Api) -> None:
    server.lose = {"message/send"}
    with pytest.raises(AnswerLost):
        await api.post("message/send", a_text("x"))
    server.gone = True
    with pytest.raises(Unavailable) as failed:
        await api.post("message/send", a_text("x"))
    assert not isinstance(failed.value, AnswerLost)
    nobody = Api(
        base="http://127.0.0.1:9",
        corp_id="ww",
        secret="s",
        proxy=None,
        shelf=Pocket(),
        now=lambda: AT,
        call_seconds=10,
    )
    with pytest.raises(Unavailable) as failed:
        await nobody.post("message/send", a_text("x"))
    assert not isinstance(failed.value, AnswerLost)
    await nobody.close()


async def test_a_file_is_read_up_to_the_limit(server: Wecom, api: Api) -> None:
    server.media["M"] = ("a.pdf", bytes(5000))
    assert (await api.download("M", limit=5000)).content == bytes(5000)
    with pytest.raises(TooLarge):
        await api.download("M", limit=4999)
    with pytest.raises(Rejected):
        await api.download("unknown", limit=10)
    server.end_tokens()
    assert (await api.download("M", limit=5000)).name == "a.pdf"
    assert server.calls["gettoken"] == 2


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ((45009, 45033), RateLimited),
        ((-1, 6000, 45035, 45036, 42001, 40014), Unavailable),
        ((40001, 40013, 40056, 301002, 43012, 48002, 50003, 60020, 60031, 301007), NeedsOperator),
        ((40003, 40031, 60111, 301021, 50002, 60011, 60021, 92000, 81013), Unreachable),
        ((40008, 40032, 40033, 40058, 42014, 42027, 44004, 45002, 60140, 99999), Rejected),
    ],
)
def test_each_code_has_its_class(codes: tuple[int, ...], kind: type[SendFailed]) -> None:
    for code in codes:
        assert type(failure(code, detail="hint: [1]")) is kind, code
        assert str(code) in str(failure(code))


# --- through the outbox


async def outbox(office: Office) -> Counter[str]:
    rows = await office.city.rows("SELECT state FROM outbox WHERE subject_kind = 'test'")
    return Counter(row["state"] for row in rows)


async def test_a_rate_limit_is_waited_for_in_order(office: Office) -> None:
    office.server.refuse["message/send"] = [45009]
    await office.queue("第一", "第二", "第三")
    await office.settle()
    assert office.heard() == []
    assert office.server.calls["message/send"] == 1, "no call while the platform asks to wait"
    office.server.members.add("stranger")
    caller = office.caller
    await caller.deliver(caller.text("stranger", "你好"))
    await office.settle()
    assert office.server.calls["message/send"] == 1, "the limit is the app's, not one member's"
    await office.city.clock("2026-09-22 10:02:59")
    assert office.server.calls["message/send"] == 1
    await office.city.clock("2026-09-22 10:04")
    assert [text.split("\n")[0] for text in office.heard()] == ["第一", "第二", "第三"]
    assert await outbox(office) == {"sent": 3}


@pytest.mark.parametrize("code", [60020, -1])
async def test_what_a_setting_or_a_busy_server_holds_up_goes_later(office: Office, code: int) -> None:
    office.server.refuse["message/send"] = [code]
    await office.queue("迟到但不丢")
    await office.settle()
    assert office.heard() == []
    await office.city.clock("2026-09-22 10:30")
    assert [text.split("\n")[0] for text in office.heard()] == ["迟到但不丢"]


async def test_what_is_forwarded_at_once_is_answered_to_the_last(office: Office) -> None:
    """P2: forty messages forwarded together are eighty texts and cards; the platform drops what is above 30."""
    caller = office.caller
    await asyncio.gather(
        *(
            caller.deliver(caller.text(LIAISON, f"城南污水处理厂累计完成投资{5001 + number}万"))
            for number in range(40)
        )
    )
    await office.settle()
    assert len(office.server.shown) <= 15
    for minute in range(3, 30):
        await office.city.clock(f"2026-09-22 10:{minute:02}")
    assert office.server.dropped == 0
    shown = "\n".join(office.heard())
    assert [number for number in range(40) if f"→ {5001 + number} 万元" not in shown] == []


async def test_our_own_limit_keeps_below_the_platforms(office: Office) -> None:
    """The platform drops what is beyond 30 a minute without an error: replies count, too."""
    caller = office.caller
    for number in range(40):
        await caller.deliver(caller.text(LIAISON, f"/查 没有的{number}"))
    await office.settle()
    assert len(office.server.shown) <= 1000 / 60, (
        "a steady stream would pass what the platform takes in an hour"
    )
    for minute in range(3, 9):
        await office.city.clock(f"2026-09-22 10:{minute:02}")
    assert office.server.dropped == 0
    assert len(office.server.shown) == 40


@pytest.mark.parametrize("path", ["message/send", "gettoken"])
async def test_an_answer_that_is_not_the_platforms_is_no_success(office: Office, path: str) -> None:
    """Something on the way says 200 and an empty object: nobody has seen the message, so it goes again, once."""
    office.server.end_tokens()
    office.server.stray = {path}
    await office.queue("城南")
    await office.settle()
    assert office.heard() == []
    await office.city.clock("2026-09-22 10:10")
    assert sum("城南" in text for text in office.heard()) == 1


async def test_many_who_are_not_reached_are_told_to_the_operator(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Section 8 of the vendor's rules: six within an hour have not all left; the app does not see them."""
    platform = office.city.product.platforms["wecom"]

    async def write_to(numbers: range) -> str:
        for number in numbers:
            message = OutgoingMessage(
                key=f"{number}.1", address=f"member{number}", chat=ChatKind.PRIVATE, text="x", buttons=(), reason="",
                at=AT, files=(),
            )  # fmt: skip
            with pytest.raises(Unreachable):
                await platform.send(message)
        return "".join(capsys.readouterr())

    assert "many members not reached" not in await write_to(range(5))
    said = await write_to(range(5, 6))
    assert "many members not reached" in said
    assert "可见范围" in said


async def test_two_equal_answers_are_both_shown(office: Office) -> None:
    """The platform drops a message that equals an earlier one; the serial number keeps ours apart."""
    caller = office.caller
    await caller.deliver(caller.text(LIAISON, "/帮助"))
    await office.settle()
    await caller.deliver(caller.text(LIAISON, "/帮助"))
    await office.settle()
    assert len(office.heard()) == 2


async def test_files_go_as_messages_of_their_own(office: Office) -> None:
    folder = office.city.product.services.files
    platform = office.city.product.platforms["wecom"]
    for number, (name, content, kind) in enumerate(
        [("照片.jpg", jpeg(), "image"), ("提醒函.pdf", pdf(), "file")]
    ):
        stored = files.store(folder, name, content, limit_mb=1)
        message = OutgoingMessage(
            key=f"9.{number}", address=LIAISON, chat=ChatKind.PRIVATE, text="", buttons=(), reason="", at=AT,
            files=(OutgoingFile(stored.name, stored.sha256, stored.media_type),),
        )  # fmt: skip
        for _ in range(2):  # a repeat is the same to the byte
            await platform.send(message)
        shown = office.server.shown[-1]
        assert shown.kind == kind
        assert office.server.media[shown.body["media_id"]] == (name, content)
    assert len(office.server.shown) == 2
    assert office.server.calls["media/upload"] == 2


async def test_a_file_is_the_same_to_the_byte_after_a_restart(office: Office) -> None:
    """A process that died between sending and recording: the platform knows the repeat only by the same id."""
    platform = office.city.product.platforms["wecom"]
    stored = files.store(office.city.product.services.files, "照片.jpg", jpeg(), limit_mb=1)
    message = OutgoingMessage(
        key="9.1", address=LIAISON, chat=ChatKind.PRIVATE, text="", buttons=(), reason="", at=AT,
        files=(OutgoingFile(stored.name, stored.sha256, stored.media_type),),
    )  # fmt: skip
    await platform.send(message)
    await office.city.restart()
    await office.city.product.platforms["wecom"].send(message)
    assert len(office.server.shown) == 1
    assert office.server.calls["media/upload"] == 1


@pytest.mark.parametrize("code", [40007, 40145])
async def test_a_file_that_the_platform_has_forgotten_is_handed_over_again_once(
    office: Office, code: int
) -> None:
    platform = office.city.product.platforms["wecom"]
    stored = files.store(office.city.product.services.files, "照片.jpg", jpeg(), limit_mb=1)
    message = OutgoingMessage(
        key="9.1", address=LIAISON, chat=ChatKind.PRIVATE, text="", buttons=(), reason="", at=AT,
        files=(OutgoingFile(stored.name, stored.sha256, stored.media_type),),
    )  # fmt: skip
    await platform.send(message)
    office.server.refuse["message/send"] = [code]
    await platform.send(replace(message, key="9.2"))
    assert office.server.calls["media/upload"] == 2
    assert len(office.server.shown) == 2
    office.server.refuse["message/send"] = [code, code]
    with pytest.raises(Rejected):
        await platform.send(replace(message, key="9.3"))
    assert office.server.calls["media/upload"] == 3


# --- settings


async def test_check_config_tries_the_credentials(server: Wecom) -> None:
    settings = Settings(_env_file=None, wecom=wecom_settings(server.base), platforms=("wecom",))
    found = await inspect(settings)
    assert [finding.mend for finding in found] == ["", ""]
    assert "/callback/wecom/app" in found[0].text
    changed = wecom_settings(server.base)
    changed = changed.model_copy(
        update={"app": changed.app.model_copy(update={"secret": SecretStr("bad-secret")})}
    )
    found = await inspect(settings.model_copy(update={"wecom": changed}))
    assert "BOT_WECOM__APP__SECRET" in found[1].mend
    server.refuse["getcallbackip"] = [60020]
    found = await inspect(settings)
    assert "可信IP" in found[1].mend
    assert not any(secret in str(found) for secret in (fake.SECRET, "bad-secret"))


async def test_check_config_names_an_app_and_a_secret_that_do_not_belong_together(server: Wecom) -> None:
    told = wecom_settings(server.base)
    told = told.model_copy(update={"app": told.app.model_copy(update={"agent_id": 7})})
    found = await inspect(Settings(_env_file=None, wecom=told, platforms=("wecom",)))
    assert "301002" in "".join(finding.mend for finding in found)
    assert "AgentId" in "".join(finding.mend for finding in found)


@pytest.mark.parametrize("code", [46003, 48002, 60011])
async def test_check_config_judges_an_app_by_that_alone(server: Wecom, code: int) -> None:
    """What else may be wrong with the call that tells is not the operator's business."""
    server.refuse["menu/get"] = [code]
    settings = Settings(_env_file=None, wecom=wecom_settings(server.base), platforms=("wecom",))
    assert [finding.mend for finding in await inspect(settings)] == ["", ""]


async def test_check_config_says_what_to_look_at_when_nobody_answers() -> None:
    told = wecom_settings("http://127.0.0.1:9")
    found = await inspect(Settings(_env_file=None, wecom=told, platforms=("wecom",)))
    assert "BOT_WECOM__API_BASE" in found[1].mend
    assert "443" in found[1].mend


@pytest.mark.parametrize("proxy", ["10.0.0.1:3128", "socks5://10.0.0.1:1080", "http://"])
def test_a_proxy_that_cannot_be_one_is_refused_at_the_start(proxy: str) -> None:
    """Every call through it would fail in a way that nobody can tell from a lost answer."""
    with pytest.raises(ValidationError, match="http://主机:端口"):
        WecomSettings(proxy=proxy)
    assert WecomSettings(proxy="").proxy is None
    assert WecomSettings(proxy="http://u:p@10.0.0.1:3128").proxy == "http://u:p@10.0.0.1:3128"


async def test_check_config_names_whom_and_what_it_cannot_reach(office: Office) -> None:
    """People of the roster outside the app's visible range, and groups without any robot."""
    found = await inspect(office.city.settings)
    assert [finding.mend for finding in found] == [""] * 3
    assert "1 个，都在应用可见范围内" in found[2].text
    office.server.members.clear()
    hidden = (await inspect(office.city.settings))[2]
    assert LIAISON in hidden.text
    assert "可见范围" in hidden.mend
    only = office.city.settings.model_copy(update={"platforms": ("wecom",)})
    (deaf,) = await groups_without_way(only)
    assert "收不到推送的群 13 个" in deaf.text
    assert await groups_without_way(office.city.settings) == []


@pytest.mark.parametrize("wrong", [False, True])
async def test_the_command_says_what_is_wrong(server: Wecom, tmp_path: Path, *, wrong: bool) -> None:
    environment = {
        "PATH": os.environ["PATH"], "BOT_PLATFORMS": "wecom", "BOT_WECOM__CORP_ID": fake.CORP,
        "BOT_WECOM__API_BASE": server.base, "BOT_WECOM__APP__AGENT_ID": str(fake.AGENT),
        "BOT_WECOM__APP__SECRET": "not-the-secret" if wrong else fake.SECRET, "BOT_WECOM__APP__TOKEN": fake.TOKEN,
        "BOT_WECOM__APP__ENCODING_AES_KEY": fake.KEY, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "check-config", cwd=tmp_path, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    said = out.decode() + err.decode()
    assert process.returncode == (1 if wrong else 0), said
    assert ("→ 应用 Secret 不对" in said) is wrong
    assert ("凭证可用" in said) is not wrong
    assert not any(secret in said for secret in ("not-the-secret", fake.SECRET, fake.TOKEN, fake.KEY))


def test_an_incomplete_section_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, platforms=("wecom",), wecom=WecomSettings(corp_id="ww1"))
    for name in ("APP__AGENT_ID", "APP__SECRET", "APP__TOKEN", "APP__ENCODING_AES_KEY"):
        assert f"BOT_WECOM__{name}" in str(refused.value)
    assert "BOT_WECOM__CORP_ID" not in str(refused.value)
    assert Settings(_env_file=None).wecom.corp_id is None, "without the platform nothing is asked for"


def test_secrets_come_from_files_and_are_masked(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{fake.SECRET}\n", encoding="utf-8")
    told = WecomSettings.model_validate({"app": {"secret_file": tmp_path / "secret", "token": fake.TOKEN}})
    assert (told.secret, told.token) == (fake.SECRET, fake.TOKEN)
    whole = Settings(_env_file=None, wecom=wecom_settings("http://127.0.0.1:1"))
    for secret in (fake.SECRET, fake.TOKEN, fake.KEY):
        assert secret not in repr(whole)
        assert secret not in json.dumps(whole.model_dump(mode="json"), ensure_ascii=False)


def test_a_key_of_the_wrong_length_is_refused_at_the_start() -> None:
    told = wecom_settings("http://127.0.0.1:1")
    short = told.model_copy(
        update={"app": told.app.model_copy(update={"encoding_aes_key": SecretStr("a" * 42)})}
    )
    assert any("ENCODING_AES_KEY" in problem for problem in short.problems())
    blank = told.model_copy(update={"app": told.app.model_copy(update={"token": SecretStr("with blank")})})
    assert any("APP__TOKEN" in problem for problem in blank.problems())
    assert told.problems() == []
