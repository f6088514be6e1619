"""The parts of the Matrix platform on their own: reading events, wording, choices, failures, settings, the command."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr, ValidationError

from bot import choices
from bot.platforms.base import (
    AnswerLost,
    NeedsOperator,
    RateLimited,
    Rejected,
    SendFailed,
    TooLarge,
    Unavailable,
    Unreachable,
)
from bot.platforms.matrix import wording
from bot.platforms.matrix.api import Api
from bot.platforms.matrix.events import Bot, Membership, Said, read, without_quotes
from bot.platforms.matrix.failures import failure
from bot.platforms.matrix.setup import inspect, registration
from bot.settings import MatrixSettings, Settings
from models.types import Button, ChatKind, InboundKind, OutgoingMessage, SentCard
from tests.command_line import run_command
from tests.fakes import matrix as fake
from tests.fakes.matrix import Matrix, matrix_server

from .matrix_office import matrix_settings

ROOT = Path(__file__).parent.parent.parent
AT = datetime(2026, 9, 22, 2, 2, tzinfo=UTC)
ME = Bot(fake.BOT)


@pytest.fixture
async def server() -> AsyncIterator[Matrix]:
    async with matrix_server() as running:
        yield running


def api_of(server: Matrix, *, token: str = fake.AS_TOKEN, base: str = "") -> Api:
    return Api(base=base or server.base, token=token, user_id=fake.BOT, now=lambda: AT, call_seconds=10)


# --- events


def event(content: object, **more: object) -> dict[str, object]:
    return {
        "type": "m.room.message", "event_id": "$e", "room_id": "!r:x", "sender": "@a:x", "content": content, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    "nothing",
    [
        None, "text", 7, [], {}, {"type": "m.room.message"},
        event(None), event([]), event({}), event({"msgtype": 5, "body": 5}),
        event({"msgtype": "m.notice", "body": "查 ZX0031"}),
        event({"msgtype": "m.text", "body": "x"}, sender=fake.BOT),
        event({"msgtype": "m.text", "body": "x"}, sender="@" + "a" * 300 + ":x"),
        event({"msgtype": "m.text", "body": "x"}, sender="@a\n:x"),
        event({"msgtype": "m.text", "body": "x"}, event_id=None),
        event({"msgtype": "m.text", "body": "x"}, type="m.reaction"),
        event({"msgtype": "m.text", "body": "x"}, state_key=""),
        event({"membership": 5}, type="m.room.member", state_key="@a:x"),
        event({"m.relates_to": {"rel_type": "m.replace"}, "msgtype": "m.text", "body": "x"}),
        event({}, type="m.room.redaction"),
    ],
)  # fmt: skip
def test_what_is_no_ones_words_is_nothing(nothing: object) -> None:
    assert read(nothing, ME) is None


def test_a_text_without_half_characters() -> None:
    said = read(event({"msgtype": "m.text", "body": "投资\ud8005500\0万"}), ME)
    assert isinstance(said, Said)
    assert (said.text, said.kind, said.addressed) == ("投资5500万", InboundKind.TEXT, False)


def test_a_reply_inside_a_thread_that_only_older_clients_need_is_none() -> None:
    relation = {"rel_type": "m.thread", "is_falling_back": True, "m.in_reply_to": {"event_id": "$card"}}
    said = read(event({"msgtype": "m.text", "body": "1", "m.relates_to": relation}), ME)
    assert isinstance(said, Said)
    assert said.answers == ""
    said = read(
        event({"msgtype": "m.text", "body": "1", "m.relates_to": {"m.in_reply_to": {"event_id": "$card"}}}),
        ME,
    )
    assert isinstance(said, Said)
    assert said.answers == "$card"


def test_a_membership() -> None:
    moved = read(
        event({"membership": "invite", "is_direct": True}, type="m.room.member", state_key=fake.BOT), ME
    )
    assert moved == Membership("$e", "!r:x", fake.BOT, "@a:x", "invite", direct=True)


def test_only_lines_that_are_quoted_are_quotes() -> None:
    assert without_quotes("> 甲\n>\n乙 > 丙\n>丁") == ("乙 > 丙\n>丁", "甲\n")


# --- wording


def message(text: str, *labels: str, prompt: str = "") -> OutgoingMessage:
    buttons = tuple(Button(f"7.{number}", label, prompt) for number, label in enumerate(labels))
    return OutgoingMessage("7.1", "@a:x", ChatKind.PRIVATE, text, buttons, (), "", AT)


def test_text_is_escaped_and_mentions_nobody() -> None:
    content = wording.message_content(message('标题 <b>\n@room & "x" <script>'), key="k")
    assert content["m.mentions"] == {}
    assert content["body"] == '标题 <b>\n＠room & "x" <script>'
    assert content["formatted_body"] == (
        "<strong>标题 &lt;b&gt;</strong><br>＠room &amp; &quot;x&quot; &lt;script&gt;"
    )


def test_choices_keep_their_own_numbers() -> None:
    own = message("哪一个？", "1 ZX0031 城南厂", "2 ZX0032 城北厂", "0 都不是")
    assert choices.listed(own.buttons) == "请回复编号或选项文字：\n1 ZX0031 城南厂\n2 ZX0032 城北厂\n0 都不是"
    assert choices.listed(message("？", "签收").buttons) == "请回复「签收」"
    assert (
        choices.listed(message("？", "退回…", prompt="请写明原因").buttons)
        == "请回复「退回」，后面写：请写明原因"
    )
    assert choices.listed(()) == ""
    assert choices.numbers(["2 甲", "乙", "1 丙", "丁"]) == [2, 3, 1, 4]


def test_a_settled_card_loses_its_choices_once() -> None:
    content = wording.message_content(message("标题\n正文", "确认", "取消"), key="k")
    edit = wording.settled_content({"content": content}, "$e")
    assert edit is not None
    assert edit["m.new_content"]["body"] == "标题\n正文\n\n（已处理）"
    assert edit["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$e"}
    assert wording.settled_content({"content": edit["m.new_content"]}, "$e") is None
    assert wording.settled_content({}, "$e") is None


def card(*labels: str, minutes: int = 0, answer: bool = True, prompt: str = "") -> SentCard:
    buttons = tuple(Button(f"7.{number}", label, prompt) for number, label in enumerate(labels))
    return SentCard("$card", AT - timedelta(minutes=minutes), answer, buttons)


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("1", "签收", ""), ("２", "退回", ""), ("#2", "退回", ""), ("2 地块未交", "退回", "地块未交"),
        ("2、地块未交", "退回", "地块未交"), ("2。地块\n未交", "退回", "地块\n未交"),
        ("3", None, ""), ("0", None, ""), ("12", None, ""), ("2 个项目无变化", None, ""), ("2 月完成300万", None, ""),
        ("1.5", None, ""), ("2地块未交", None, ""), ("确认 2", None, ""), ("", None, ""),
    ],
)  # fmt: skip
def test_what_picks_a_choice(text: str, label: str | None, words: str) -> None:
    found = choices.picked(text, card("签收", "退回", prompt="请写明原因"))
    assert (found.button.label if found else None) == label
    assert found is None or found.words == words
    if label is not None and words:
        assert choices.picked(text, card("签收", "退回")) is None, (
            "a choice that asks for nothing takes no words"
        )


def test_a_number_means_the_last_card_unless_another_waits() -> None:
    ours, push, plain = card("确认", "取消"), card("签收", "退回", answer=False), card()
    assert isinstance(choices.meant("1", [ours, push]), choices.Chosen)
    assert isinstance(choices.meant("1", [push]), choices.Chosen)
    assert isinstance(choices.meant("1", [push, card("确认", "取消", minutes=31)]), choices.Chosen)
    assert choices.meant("1", [push, ours]) == choices.AMBIGUOUS
    assert choices.meant("1", [push, plain]) == choices.AMBIGUOUS, "the answer may have asked for something"
    assert choices.meant("1", [plain, ours]) is None
    assert choices.meant("1", []) is None
    assert choices.meant("1", [card("无变化")]) is None, "one choice has no number: 1 could be an amount"


# --- failures and the wire


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, "M_LIMIT_EXCEEDED", RateLimited), (429, "", RateLimited), (401, "M_UNKNOWN_TOKEN", NeedsOperator),
        (401, "", NeedsOperator), (403, "M_EXCLUSIVE", NeedsOperator), (404, "M_UNRECOGNIZED", NeedsOperator),
        (403, "M_FORBIDDEN", Unreachable), (404, "M_NOT_FOUND", Unreachable), (413, "M_TOO_LARGE", TooLarge),
        (413, "", TooLarge), (400, "M_BAD_JSON", Rejected), (400, "M_ROOM_IN_USE", Rejected),
        (500, "M_UNKNOWN", Unavailable), (502, "", Unavailable), (302, "", Unavailable),
    ],
)  # fmt: skip
def test_each_answer_has_its_class(status: int, code: str, kind: type[SendFailed]) -> None:
    assert isinstance(failure(status, code), kind)


def test_how_long_to_wait_is_taken_from_the_server_within_reason() -> None:
    def wait(seconds: float | None) -> float:
        failed = failure(429, "M_LIMIT_EXCEEDED", retry_after=seconds)
        assert isinstance(failed, RateLimited)
        return failed.retry_after

    assert [wait(one) for one in (None, 1.5, -3, 10**9)] == [5.0, 1.5, 0.1, 600.0]


async def test_a_masquerade_is_a_matter_of_settings(server: Matrix) -> None:
    words = "Application service cannot masquerade as this user (@x:y)."
    server.refuse["send"] = [(403, {"errcode": "M_FORBIDDEN", "error": words})]
    api = api_of(server)
    with pytest.raises(NeedsOperator):
        await api.put_event("!r:x", "t", {})
    await api.close()


async def test_a_wrong_token_is_not_tried_again_at_once_and_never_shown(server: Matrix) -> None:
    api = api_of(server, token="not-the-token-at-all")
    for _ in range(3):
        with pytest.raises(NeedsOperator) as failed:
            await api.whoami()
        assert "BOT_MATRIX__AS_TOKEN" in str(failed.value)
        assert "not-the-token" not in str(failed.value)
    await api.close()
    assert server.calls["whoami"] == 1


async def test_while_the_server_asks_to_wait_nothing_is_sent(server: Matrix) -> None:
    room = server.room("@a:x")
    server.refuse["send"] = [fake.LIMITED]
    api = api_of(server)
    for _ in range(3):
        with pytest.raises(RateLimited) as failed:
            await api.put_event(room, "t", wording.text_content("x"))
        assert failed.value.retry_after == 60
    await api.close()
    assert server.calls["send"] == 1


async def test_nobody_at_the_door_and_a_lost_answer_differ(server: Matrix) -> None:
    room = server.room("@a:x")
    api = api_of(server)
    server.lose["send"] = 2
    with pytest.raises(AnswerLost):
        await api.put_event(room, "t", wording.text_content("x"))
    first = server.screen(room)[0].event_id
    assert await api.put_event(room, "t", wording.text_content("x")) == first
    await api.close()
    nobody = api_of(server, base="http://127.0.0.1:9")
    with pytest.raises(Unavailable) as failed:
        await nobody.whoami()
    assert not isinstance(failed.value, AnswerLost)
    await nobody.close()


async def test_a_file_is_read_up_to_the_limit(server: Matrix) -> None:
    server.media[f"mxc://{fake.SERVER}/M"] = ("a.pdf", bytes(5000))
    api = api_of(server)
    assert (await api.download(fake.SERVER, "M", limit=5000)).content == bytes(5000)
    with pytest.raises(TooLarge):
        await api.download(fake.SERVER, "M", limit=4999)
    with pytest.raises(Rejected):
        await api.download(fake.SERVER, "unknown", limit=10)
    await api.close()


# --- settings and commands


def whole(server_base: str) -> Settings:
    return Settings(
        _env_file=None,
        matrix=matrix_settings(server_base),
        platforms=("matrix",),
        public_url="https://bot.example/",
    )


async def test_check_config_tries_both_directions(server: Matrix) -> None:
    settings = whole(server.base)
    server.room("@a:x", "@b:x", name="青禾县专班")
    found = await inspect(settings)
    assert [one.mend for one in found] == [""] * len(found)
    assert any("青禾县专班 !" in one.text for one in found)
    server.refuse["ping"] = [(502, {"errcode": "M_BAD_STATUS", "error": "403"})]
    assert any("BOT_MATRIX__HS_TOKEN" in one.mend for one in await inspect(settings))
    server.refuse["ping"] = [(502, {"errcode": "M_CONNECTION_FAILED"})]
    assert not any(one.mend for one in await inspect(settings)), (
        "before the first start nobody can be reached"
    )
    server.token = "rotated-token-0123456789"
    assert any("BOT_MATRIX__AS_TOKEN" in one.mend for one in await inspect(settings))


def test_the_registration_names_what_is_ours() -> None:
    told = yaml.safe_load(registration(whole("http://127.0.0.1:8008")))
    assert told["url"] == "https://bot.example/callback/matrix"
    assert (told["as_token"], told["hs_token"]) == (fake.AS_TOKEN, fake.HS_TOKEN)
    assert told["sender_localpart"] == "zhuanban"
    assert told["rate_limited"] is False
    assert told["namespaces"]["users"] == [{"exclusive": True, "regex": r"@zhuanban:yunchuan\.example"}]


async def test_the_commands(server: Matrix, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "BOT_PLATFORMS": "matrix",
        "BOT_MATRIX__HOMESERVER_URL": server.base, "BOT_MATRIX__AS_TOKEN": fake.AS_TOKEN,
        "BOT_MATRIX__HS_TOKEN": fake.HS_TOKEN, "BOT_MATRIX__USER_ID": fake.BOT,
    }  # fmt: skip

    async def run(*words: str) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, cwd=tmp_path, env=environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
        return process.returncode, out.decode()

    code, said = await run("check-config")  # a process of its own: what its start logs is looked at as well
    assert code == 0, said
    assert "凭证可用" in said
    assert not any(secret in said for secret in (fake.AS_TOKEN, fake.HS_TOKEN))
    code, said = await run_command(tmp_path, environment, "registration", "matrix")
    assert code == 0, said
    assert yaml.safe_load(said)["hs_token"] == fake.HS_TOKEN
    other = environment | {"BOT_PLATFORMS": "webchat"}
    code, said = await run_command(tmp_path, other, "registration", "matrix")
    assert code == 1
    assert "未启用" in said
    assert fake.AS_TOKEN not in said


def test_an_incomplete_section_names_what_is_missing() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, platforms=("matrix",))
    for name in ("HOMESERVER_URL", "AS_TOKEN", "HS_TOKEN", "USER_ID"):
        assert f"BOT_MATRIX__{name}" in str(refused.value)
    same = matrix_settings("http://127.0.0.1:1").model_copy(update={"hs_token": SecretStr(fake.AS_TOKEN)})
    assert any("不能相同" in problem for problem in same.problems())
    short = matrix_settings("http://127.0.0.1:1").model_copy(update={"hs_token": SecretStr("short")})
    assert any("16 位" in problem for problem in short.problems())
    for wrong in ("zhuanban", "@zhuanban", "@专班:x"):
        with pytest.raises(ValidationError):
            MatrixSettings(user_id=wrong)
    with pytest.raises(ValidationError):
        MatrixSettings(homeserver_url="matrix.example")


def test_secrets_come_from_files_and_are_masked(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{fake.AS_TOKEN}\n", encoding="utf-8")
    told = MatrixSettings(as_token_file=tmp_path / "token")
    assert told.as_token_text == fake.AS_TOKEN
    settings = whole("http://127.0.0.1:1")
    for secret in (fake.AS_TOKEN, fake.HS_TOKEN):
        assert secret not in repr(settings)
        assert secret not in json.dumps(settings.model_dump(mode="json"), ensure_ascii=False)
