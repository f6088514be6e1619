"""The AI bot by callback: private chats and groups, streams, cards, reply addresses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.platforms import PLATFORMS
from bot.platforms.wecom.aibot_heard import without_mention
from bot.settings import Settings, WecomAibotSettings, WecomSettings
from tests import postgres
from tests.conftest import ON_POSTGRES
from tests.fakes import wecom_aibot as fake
from tests.flows.samples import jpeg, pdf

from .bots import GROUP, GROUP_NAME, BotOffice, bot_office, bot_settings
from .conftest import LIAISON
from .vectors import BOT, VECTORS

PLANT = "ZX0031"
LEADER = "ZhaoYongNian"  # 赵永年's id there: of the same county, and not the author
REPORT = "城南污水处理厂累计完成投资5500万,主体结构封顶"


@pytest.fixture(params=["bot alone", "bot and app"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BotOffice]:
    databases: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with bot_office(tmp_path, databases=databases, app=request.param == "bot and app") as made:
        yield made


@pytest.fixture
async def alone(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BotOffice]:
    databases: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with bot_office(tmp_path, databases=databases, app=False) as made:
        yield made


async def ytd(office: BotOffice) -> int:
    found: int = (await office.city.project(PLANT))["ytd_wan"]
    return found


async def test_report_card_and_confirmation(office: BotOffice) -> None:
    """The answer to a report is a finished stream with its card; the click changes the card, its words follow."""
    caller = office.caller
    told = await caller.whole(caller.text(LIAISON, REPORT))
    assert told["msgtype"] == "stream_with_template_card"
    assert told["stream"]["finish"] is True
    assert PLANT in told["stream"]["content"]
    card = told["template_card"]
    assert {"确认", "取消"} <= {button["text"] for button in card["button_list"]}
    assert card["main_title"]["title"] == told["stream"]["content"].split("\n")[0]
    assert {row["state"] for row in await office.answers()} == {"sent"}

    changed = await caller.say(caller.click(LIAISON, card, "确认"))
    assert changed["response_type"] == "update_template_card"
    assert changed["template_card"]["task_id"] == card["task_id"]
    assert [button["text"] for button in changed["template_card"]["button_list"]] == ["已处理"]
    await office.settle()
    assert await ytd(office) == 5500
    (posted,) = office.screen.posted
    assert posted["msgtype"] == "markdown"
    assert "5500" in posted["markdown"]["content"].replace(",", "")
    assert office.server.calls["message/send"] == 0
    assert {row["state"] for row in await office.answers()} == {"sent"}


async def test_a_settled_card_pressed_again_is_answered(office: BotOffice) -> None:
    caller = office.caller
    card = (await caller.whole(caller.text(LIAISON, REPORT)))["template_card"]
    settled = (await caller.say(caller.click(LIAISON, card, "确认")))["template_card"]
    await office.settle()
    await caller.say(caller.click(LIAISON, settled, "已处理"))
    await office.settle()
    assert await ytd(office) == 5500
    assert len(office.screen.posted) == 2


async def test_a_press_that_is_refused_leaves_the_card_to_its_author(office: BotOffice) -> None:
    """C2: what somebody else presses in the group changes no card there: the author still confirms by it."""
    await office.city.change(
        "UPDATE accounts SET platform = 'wecom', account = :new WHERE account = '赵永年'", new=LEADER
    )
    office.server.members.add(LEADER)
    await office.city.restart()
    caller = office.caller
    told = await caller.whole(caller.text(LIAISON, f"@{fake.NAME} {REPORT}", group=GROUP))
    card = told["template_card"]
    for label in ("确认", "取消"):
        assert await caller.say(caller.click(LEADER, card, label, group=GROUP)) == {}
    await office.settle()
    assert await ytd(office) == 4700
    changed = await caller.say(caller.click(LIAISON, card, "确认", group=GROUP))
    assert [button["text"] for button in changed["template_card"]["button_list"]] == ["已处理"]
    await office.settle()
    assert await ytd(office) == 5500


async def test_one_of_several_deliveries_of_a_press_changes_the_card(office: BotOffice) -> None:
    """The platform delivers a press once; whatever lies between may not."""
    caller = office.caller
    card = (await caller.whole(caller.text(LIAISON, REPORT)))["template_card"]
    press = caller.click(LIAISON, card, "确认")
    answers = await asyncio.gather(*(caller.say(press) for _ in range(4)))
    assert [one["response_type"] for one in answers if one] == ["update_template_card"]
    await office.settle()
    assert await ytd(office) == 5500


async def test_redeliveries_have_one_effect_and_the_same_answer(office: BotOffice) -> None:
    """Three identical deliveries at once, one sealed anew, one after a restart: the state of the same stream."""
    entries = len((await office.city.project(PLANT))["entries"])
    caller = office.caller
    said = caller.text(LIAISON, REPORT)
    query, body = caller.sealed(said)
    raws = await asyncio.gather(*(caller.post(query, body) for _ in range(3)))
    answers = [caller.opened(raw, query) for status, raw in raws if status == 200]
    assert len(answers) == 3
    answers.append(await caller.whole(said))
    await office.city.restart()
    answers.append(await office.caller.whole(said))
    assert all(one == answers[-1] for one in answers)
    drafts = await office.city.rows("SELECT id FROM drafts WHERE state = 'open' AND kind = 'report'")
    assert len((await office.city.project(PLANT))["entries"]) == entries
    card = answers[-1]["template_card"]
    assert len({button["key"] for button in card["button_list"]}) == len(card["button_list"])
    assert len([row for row in await office.answers() if row["turn"]]) == 1, drafts


async def test_a_group_hears_its_answer_and_others_their_own(office: BotOffice) -> None:
    """A mention in a registered group: the name is cut off, the answer is public, the personal rest is not in it."""
    caller = office.caller
    told = await caller.whole(caller.text(LIAISON, f"@{fake.NAME}\u2005/查 {PLANT}", group=GROUP))
    assert PLANT in told["stream"]["content"]
    rows = await office.city.rows(
        "SELECT recipient_kind, platform FROM outbox WHERE reason = '回复' ORDER BY id"
    )
    assert ("group", "wecom_aibot") in {(row["recipient_kind"], row["platform"]) for row in rows}
    assert GROUP_NAME


async def test_a_group_nobody_registered_is_not_answered(
    alone: BotOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log tells the operator the group's number, which stands nowhere else."""
    caller = alone.caller
    assert await caller.say(caller.text(LIAISON, f"@{fake.NAME} /查 {PLANT}", group="wrUNKNOWN")) == {}
    assert "wrUNKNOWN" in "".join(capsys.readouterr())


async def test_a_quote_is_data(office: BotOffice) -> None:
    """C16: what is quoted never confirms or commands; what the member typed decides."""
    caller = office.caller
    quote = {"msgtype": "text", "text": {"content": "确认 " + REPORT}}
    await caller.whole(caller.text(LIAISON, "/我的", quote=quote))
    await office.settle()
    assert await ytd(office) == 4700
    heard = await office.city.rows("SELECT payload FROM inbox WHERE platform = 'wecom' ORDER BY id DESC")
    payload = heard[0]["payload"]
    told = json.loads(payload) if isinstance(payload, str) else payload
    assert told["text"] == "/我的"
    assert told["quoted"] == quote["text"]["content"]


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("@云川助手 /查 甲", ("云川助手", "助手"), "/查 甲"),
        ("@云川助手\u2005 /查 @云川助手", ("云川助手",), "/查 @云川助手"),
        ("@云川 助手\u00a0在吗", ("云川 助手",), "在吗"),
        ("@助手二号 /查", ("助手",), "@助手二号 /查"),
        ("@张三 @助手 /查", ("助手",), "@张三 @助手 /查"),
        ("@攻坚助手 /查 甲 @李四", (), "/查 甲 @李四"),
        ("@助手/我的", ("助手",), "/我的"),
        ("邮箱 a@b.c", ("助手",), "邮箱 a@b.c"),
    ],
)
def test_only_the_bots_own_name_is_cut_off(text: str, names: tuple[str, ...], left: str) -> None:
    assert without_mention(text, names) == left


async def test_every_kind_of_message(office: BotOffice) -> None:
    caller = office.caller
    voice = await caller.whole(caller.body(LIAISON, "voice", {"content": "/我的"}))
    assert voice["stream"]["content"]
    silent = await caller.whole(caller.body(LIAISON, "voice", {"content": ""}))
    assert "文字" in silent["stream"]["content"]
    video = await caller.whole(caller.body(LIAISON, "video", {"url": "https://example.org/v"}))
    assert "视频" in video["stream"]["content"]
    assert await caller.say(caller.body(LIAISON, "hologram", {"x": 1})) == {}
    assert await caller.say(caller.event(LIAISON, "feedback_event", {"id": "FB1", "type": 2})) == {}
    welcome = await caller.say(caller.event(LIAISON, "enter_chat"))
    assert welcome["msgtype"] == "text"
    assert "/帮助" in welcome["text"]["content"] or "帮助" in welcome["text"]["content"]


async def test_pictures_and_files_are_fetched_and_decrypted(office: BotOffice) -> None:
    """C9: within a mixed message in one go; the address works for minutes only, so it is used at once."""
    key = office.caller.envelope.key
    caller = office.caller
    picture = office.screen.put("p.jpg", jpeg(), key)
    mixed = {
        "msg_item": [
            {"msgtype": "text", "text": {"content": REPORT}},
            {"msgtype": "image", "image": {"url": picture}},
        ]
    }
    told = await caller.whole(caller.body(LIAISON, "mixed", mixed))
    assert "照片.jpg" in told["stream"]["content"], told
    assert PLANT in told["stream"]["content"]
    letter = office.screen.put("函.pdf", pdf(), key)
    told = await caller.whole(caller.body(LIAISON, "file", {"url": letter}))
    assert told["stream"]["content"]
    assert len(office.screen.fetched) == 2
    stored = await office.city.rows("SELECT name FROM attachments")
    assert {"照片.jpg", "函.pdf"} <= {row["name"] for row in stored}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "https://127.0.0.1/x",
        "https://10.1.2.3/x",
        "https://[::1]/x",
        "https://localhost/x",
        "file:///etc/passwd",
        "http://example.org/x",
        "https://169.254.169.254/latest",
    ],
)
async def test_nothing_is_fetched_from_inside(alone: BotOffice, url: str) -> None:
    caller = alone.caller
    told = await caller.whole(caller.body(LIAISON, "image", {"url": url}))
    assert "再发一次" in told["stream"]["content"]
    assert alone.screen.fetched == []


async def test_what_takes_long_is_asked_for_again(office: BotOffice) -> None:
    """The first frame says that it is being worked on; the same stream ends with the whole answer."""
    key = office.caller.envelope.key
    caller = office.caller
    slow = office.screen.put("p.jpg", jpeg(), key)
    office.screen.hold = asyncio.Event()
    said = caller.body(LIAISON, "image", {"url": slow})
    first = await caller.say(said)
    assert first["stream"] == {"id": first["stream"]["id"], "finish": False, "content": "正在处理……"}
    again = await caller.say(caller.poll(said, first["stream"]["id"]))
    assert again["stream"]["finish"] is False
    office.screen.hold.set()
    told = await caller.whole(said)
    assert told["stream"]["id"] == first["stream"]["id"]
    assert "收到1张图片" in told["stream"]["content"]
    assert office.screen.posted == []


async def test_what_nobody_asks_for_goes_to_the_reply_address(office: BotOffice) -> None:
    """The platform stops asking: after five minutes the answer is sent, once."""
    caller = office.caller
    slow = office.screen.put("p.jpg", jpeg(), caller.envelope.key)
    office.screen.hold = asyncio.Event()
    await caller.say(caller.body(LIAISON, "image", {"url": slow}))
    office.screen.hold.set()
    await office.settle()
    assert office.screen.posted == []
    await office.city.clock("2026-09-22 10:08")
    (posted,) = office.screen.posted
    assert "收到1张图片" in posted["markdown"]["content"]
    await office.city.clock("2026-09-22 10:30")
    assert len(office.screen.posted) == 1


async def test_a_stream_that_nobody_knows_is_ended(alone: BotOffice) -> None:
    caller = alone.caller
    said = caller.text(LIAISON, "x")
    told = await caller.say(caller.poll(said, "S-20240112-0001"))
    assert told["stream"]["finish"] is True
    assert told["stream"]["id"] == "S-20240112-0001"


async def test_a_lost_answer_of_the_reply_address_is_not_repeated(alone: BotOffice) -> None:
    """It may have arrived and works once: the row says that it is in doubt."""
    caller = alone.caller
    card = (await caller.whole(caller.text(LIAISON, REPORT)))["template_card"]
    alone.screen.lose = True
    await caller.say(caller.click(LIAISON, card, "确认"))
    await alone.settle()
    await alone.city.clock("2026-09-22 10:30")
    assert len(alone.screen.posted) == 1
    doubts = await alone.city.rows(
        "SELECT doubt FROM sent_messages WHERE platform = 'wecom_aibot' ORDER BY id DESC"
    )
    assert doubts[0]["doubt"]


async def test_an_expired_reply_address_leads_to_the_app(office: BotOffice) -> None:
    caller = office.caller
    card = (await caller.whole(caller.text(LIAISON, REPORT)))["template_card"]
    office.screen.codes.clear()
    click = caller.click(LIAISON, card, "确认")
    office.screen.codes.clear()
    await caller.say(click)
    await office.settle()
    assert await ytd(office) == 5500
    assert office.screen.posted == []
    states = [row["state"] for row in await office.answers()][-1]
    if "wecom" in office.city.product.platforms:
        assert states == "sent"
        assert "5500" in office.server.to(LIAISON)[-1].text.replace(",", "")
    else:
        assert states != "sent"


async def test_an_outage_is_waited_for(alone: BotOffice) -> None:
    caller = alone.caller
    card = (await caller.whole(caller.text(LIAISON, REPORT)))["template_card"]
    alone.screen.gone = True
    await caller.say(caller.click(LIAISON, card, "确认"))
    await alone.settle()
    assert alone.screen.posted == []
    alone.screen.gone = False
    await alone.city.clock("2026-09-22 10:04")
    assert len(alone.screen.posted) == 1


async def test_encrypted_ids_are_converted_once(office: BotOffice) -> None:
    """Without a conversion the sender is a stranger, who is asked to bind."""
    office.server.open_ids["woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA"] = LIAISON
    caller = office.caller
    for _ in range(2):
        told = await caller.whole(caller.text("woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA", "/我的"))
        if "wecom" in office.city.product.platforms:
            assert "绑定" not in told["stream"]["content"]
        else:
            assert "绑定" in told["stream"]["content"]
    assert office.server.calls["batch/openuserid_to_userid"] == (
        1 if "wecom" in office.city.product.platforms else 0
    )


# --- the door


async def test_the_address_is_checked(alone: BotOffice) -> None:
    case = VECTORS["url_verification"][1]
    made = alone.caller.envelope.seal("2729513020832469123", timestamp=str(alone.caller.at), nonce="n")
    query = {
        "msg_signature": made.signature, "timestamp": made.timestamp, "nonce": "n", "echostr": made.encrypt,
    }  # fmt: skip
    url = alone.caller.url
    async with alone.city.client.get(url, params=query) as response:
        assert (response.status, await response.text()) == (200, case["expected_body"])
    async with alone.city.client.get(url, params={**query, "msg_signature": "0" * 40}) as response:
        assert (response.status, await response.read()) == (403, b"")


async def test_what_is_not_the_platforms_is_refused_without_effect(alone: BotOffice) -> None:
    caller = alone.caller
    said = caller.text(LIAISON, REPORT)
    query, body = caller.sealed(said)
    for changed, content, status in (
        ({**query, "msg_signature": "0" * 40}, body, 403),
        ({**query, "timestamp": str(caller.at - 600)}, body, 403),
        (query, b"", 400),
        (query, b"hello", 400),
        (query, b"[]", 400),
        (query, b'{"encrypt": 5}', 400),
        (query, b'{"encrypt": "\\ud800"}', 400),
        (query, b"x" * (1024 * 1024 + 1), 413),
    ):
        assert (await caller.post(changed, content))[0] == status
    old = caller.sealed(said, stamp=caller.at - 600)
    assert (await caller.post(*old))[0] == 403
    for wrong in ({**said, "aibotid": "another"}, {**said, "msgid": ""}):
        assert (await caller.post(*caller.sealed(wrong)))[0] in (400, 403)
    for odd in ("[1]", "null", "{}", '{"msgtype": 5}'):
        made = caller.envelope.seal(odd, timestamp=str(caller.at), nonce="1")
        sealed_query = {"msg_signature": made.signature, "timestamp": made.timestamp, "nonce": "1"}
        assert (await caller.post(sealed_query, json.dumps({"encrypt": made.encrypt}).encode()))[0] in (
            400,
            403,
        )
    assert await alone.city.rows("SELECT id FROM inbox WHERE platform = 'wecom'") == []


async def test_what_is_out_of_form_is_answered_without_an_error(alone: BotOffice) -> None:
    """Signed, so it comes from the platform; what cannot be read counts as not there."""
    caller = alone.caller
    click = {"selected_items": {"selected_item": [7, {"option_ids": 5}]}}
    text = caller.text(LIAISON, "/草稿")
    for odd in (
        caller.event(LIAISON, "template_card_event", click),
        {**text, "msgid": "1", "text": []},
        {
            **text,
            "msgid": "2",
            "msgtype": "mixed",
            "mixed": {"msg_item": ["a", {"msgtype": "image", "image": 5}]},
        },
        {**text, "msgid": "3", "msgtype": "stream", "stream": []},
        {**text, "msgid": "4", "text": {"content": "半个\ud83d字\0"}},
    ):
        made = caller.envelope.seal(json.dumps(odd), timestamp=str(caller.at), nonce="1")
        query = {"msg_signature": made.signature, "timestamp": made.timestamp, "nonce": "1"}
        body = json.dumps({"encrypt": made.encrypt}).encode()
        assert (await caller.post(query, body))[0] == 200, odd


async def test_nothing_secret_is_logged(alone: BotOffice, capsys: pytest.CaptureFixture[str]) -> None:
    caller = alone.caller
    card = (await caller.whole(caller.text(LIAISON, REPORT)))["template_card"]
    click = caller.click(LIAISON, card, "确认")
    alone.screen.codes.clear()
    await caller.say(click)
    await caller.post({"msg_signature": "0"}, b"{}")
    await alone.settle()
    said = "".join(capsys.readouterr())
    assert "callback refused" in said
    secrets = (fake.TOKEN, fake.KEY, REPORT, "response_code", BOT["token"])
    assert [secret for secret in secrets if secret in said] == []


# --- settings


def test_what_is_set_is_what_runs() -> None:
    whole = bot_settings("http://127.0.0.1:1", app=True)
    assert Settings(_env_file=None, platforms=("wecom",), wecom=whole).channels == (
        "wecom", "wecom_aibot", "wecom_webhook",
    )  # fmt: skip
    alone = Settings(
        _env_file=None, platforms=("webchat", "wecom"), wecom=bot_settings("http://127.0.0.1:1", app=False)
    )
    assert alone.channels == ("webchat", "wecom_aibot", "wecom_webhook")
    told = WecomAibotSettings.model_validate({"names": "云川助手, 助手", "bot_id": "b", "token": "t"})
    assert told.names == ("云川助手", "助手")
    assert any("ENCODING_AES_KEY" in problem for problem in told.problems())
    assert any("BOT_ID" in problem for problem in WecomAibotSettings(secret=SecretStr("s")).problems())
    assert any("SECRET" in problem for problem in WecomAibotSettings(bot_id="b").problems())
    assert WecomAibotSettings(bot_id="b", secret=SecretStr("s")).problems() == []
    with pytest.raises(ValidationError):
        WecomSettings(ws_url="openws.work.weixin.qq.com")


async def test_check_config_says_which_way_the_bot_is_on(tmp_path: Path) -> None:
    by_callback = Settings(
        _env_file=None, platforms=("wecom",), wecom=bot_settings("http://127.0.0.1:1", app=False),
        database_url=f"sqlite+aiosqlite:///{tmp_path}/none.db", public_url="https://office.example",
    )  # fmt: skip
    inspect = PLATFORMS["wecom_aibot"].inspect
    assert inspect is not None
    said = "\n".join(finding.text for finding in await inspect(by_callback))
    assert "https://office.example/callback/wecom/aibot" in said
    assert "没有自建应用" in said
    link = by_callback.wecom.model_copy(
        update={
            "ws_url": "ws://127.0.0.1:1/link",
            "aibot": WecomAibotSettings(bot_id="b", secret=SecretStr(fake.SECRET)),
        }
    )
    said = "\n".join(
        f"{finding}" for finding in await inspect(by_callback.model_copy(update={"wecom": link}))
    )
    assert "ws://127.0.0.1:1/link" in said
    assert "连不上" in said
    assert fake.SECRET not in said
