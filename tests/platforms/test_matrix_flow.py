"""A liaison's day on Matrix: transactions of the homeserver in, the client-server API out, choices as numbers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import files
from models.types import ChatKind, OutgoingFile, OutgoingMessage
from tests import postgres
from tests.conftest import ON_POSTGRES
from tests.fakes import matrix as fake
from tests.flows.samples import jpeg, pdf
from tests.flows.test_identity import WANG as BOSS
from tests.flows.test_identity import issue, unbind
from tests.flows.told import person_id

from .matrix_office import ZHANG, MatrixOffice, matrix_office
from .offices import until

PLANT = "ZX0031"  # 青禾县城南污水处理厂扩建工程
REPORT = "城南污水处理厂累计完成投资5500万,主体结构封顶"


@pytest.fixture
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MatrixOffice]:
    databases: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with matrix_office(tmp_path, databases) as running:
        yield running


async def ytd(office: MatrixOffice) -> int:
    found: int = (await office.city.project(PLANT))["ytd_wan"]
    return found


async def inbox(office: MatrixOffice) -> int:
    rows = await office.city.rows("SELECT count(*) AS n FROM inbox WHERE platform = 'matrix'")
    return int(rows[0]["n"])


async def test_report_choice_ledger_and_push(office: MatrixOffice) -> None:
    """From free text to a card with numbers, to the ledger, to a push that the clock causes."""
    await office.say(REPORT)
    card = office.card()
    assert PLANT in card.text
    assert "\n1 确认" in card.text
    assert await ytd(office) == 4700

    await office.say("1")
    assert await ytd(office) == 5500
    await until(lambda: "（已处理）" in office.server.to(ZHANG)[0].text)
    assert "请回复" not in office.server.to(ZHANG)[0].text
    assert PLANT in office.server.to(ZHANG)[0].text

    before = len(office.heard())
    await office.city.clock("2026-09-28 18:00")
    assert len(office.heard()) > before, "a week without any push to the liaison"
    assert office.server.screen(office.group), "a week without any push to the group"


async def test_the_words_of_a_choice_do_the_same(office: MatrixOffice) -> None:
    await office.say(REPORT)
    await office.say("确认")
    assert await ytd(office) == 5500


async def test_a_number_with_words_answers_what_a_choice_asks_for(office: MatrixOffice) -> None:
    await office.say(REPORT)
    await office.say(f"{office.card().number('修改')} 改成5280")
    assert "5280" in office.card().text.replace(",", "")
    await office.choose("确认")
    assert await ytd(office) == 5280


async def test_a_number_counts_only_where_one_question_is_open(office: MatrixOffice) -> None:
    """A push behind the card: the bare number could mean either; a reply to the card is clear."""
    await office.say(REPORT)
    card = office.card()
    confirm = card.number("确认")
    await office.city.clock("2026-09-28 18:00")
    behind = [one for one in office.server.to(ZHANG) if "请回复编号" in one.text][-1]
    assert behind != card
    await office.say(REPORT.replace("5500", "5600"))
    await office.queue("请注意")
    await office.settle()
    assert "请注意" in office.heard()[-1]
    await office.say(confirm)
    assert await ytd(office) == 4700, "the last thing said has no choices: a number is no answer to it"
    card = office.card()
    await office.say(card.number("确认"), **{"m.relates_to": {"m.in_reply_to": {"event_id": card.event_id}}})
    assert await ytd(office) == 5600


async def test_an_old_card_acts_on_nothing_newer(office: MatrixOffice) -> None:
    await office.say(REPORT)
    first = office.card()
    await office.choose("确认")
    await office.say(
        first.number("确认"), **{"m.relates_to": {"m.in_reply_to": {"event_id": first.event_id}}}
    )
    rows = (await office.city.project(PLANT))["entries"]
    assert await ytd(office) == 5500
    assert len([row for row in rows if "5500" in str(row)]) == 1


async def test_a_transaction_that_comes_again_counts_once(office: MatrixOffice) -> None:
    """Under its number, at once and after a restart; and an event that comes in another transaction."""
    event = office.server.text(ZHANG, office.room, REPORT)
    caller = office.caller
    answers = await asyncio.gather(*(caller.put([event], number="17") for _ in range(3)))
    assert answers == [(200, {})] * 3
    await office.settle()
    assert len(office.heard()) == 1
    await office.city.restart()
    await office.caller.deliver(event, number="17")
    await office.caller.deliver({**event, "unsigned": {"age": 9000}}, number="18")
    await office.settle()
    assert len(office.heard()) == 1
    other = office.server.text(ZHANG, office.room, "/帮助")
    await office.caller.deliver(other, number="17")
    await office.settle()
    assert len(office.heard()) == 2, "a new homeserver counts from one again"


@pytest.mark.parametrize("slash", ["/查 zx0031", "／查ZX0031", "、查 ZX0031"])
async def test_commands_in_every_spelling(office: MatrixOffice, slash: str) -> None:
    await office.say(slash)
    assert PLANT in office.heard()[-1]


# --- groups


@pytest.mark.parametrize(
    "more",
    [
        {"body": "@助手 查 ZX0031"},
        {"body": "＠助手　/查 ZX0031"},
        {"body": f"{fake.BOT} /查 ZX0031"},
        {"body": "专班助手: 查 ZX0031", "m.mentions": {"user_ids": [fake.BOT]}},
        {"body": "专班助手: /查 ZX0031", "m.mentions": {"user_ids": [fake.BOT]},
         "format": "org.matrix.custom.html",
         "formatted_body": f'<a href="https://matrix.to/#/{fake.BOT}">专班助手</a>: /查 ZX0031'},
    ],
    ids=["word", "full-width", "id", "name", "pill"],
)  # fmt: skip
async def test_a_group_is_answered_when_the_bot_is_named(
    office: MatrixOffice, more: dict[str, object]
) -> None:
    await office.say(str(more.pop("body")), room=office.group, **more)
    assert PLANT in office.server.screen(office.group)[-1].text
    assert office.heard() == []


async def test_group_talk_is_neither_answered_nor_kept(office: MatrixOffice) -> None:
    """C15; and a room that nobody registered stays silent even when the bot is named."""
    await office.say("查 ZX0031", room=office.group)
    await office.say("> @助手 查 ZX0031\n同意楼上", room=office.group)
    await office.caller.deliver(
        office.server.event(ZHANG, office.group, {"msgtype": "m.image", "body": "a.jpg", "url": "mxc://x/y"})
    )
    assert await inbox(office) == 0
    elsewhere = office.server.room(ZHANG, f"@a:{fake.SERVER}", f"@b:{fake.SERVER}", name="群 闲聊")
    await office.say("@助手 查 ZX0031", room=elsewhere)
    assert office.server.screen(elsewhere) == []
    assert office.heard() == []


# --- people and rooms


async def test_an_invitation_is_accepted_and_makes_a_private_chat(office: MatrixOffice) -> None:
    room = office.server.room(ZHANG, bot="invite")
    await office.caller.deliver(office.server.standing(fake.BOT, room, "invite", by=ZHANG, direct=True))
    await office.settle()
    assert office.server.rooms[room].members[fake.BOT] == "join"
    await office.queue("有新情况")
    await office.settle()
    assert [one.text for one in office.server.screen(room)] == ["有新情况"]


async def test_what_is_said_before_the_bot_has_joined_is_heard(office: MatrixOffice) -> None:
    """Clients invite and send at once; the homeserver hands on only what comes after the joining."""
    room = office.server.room(ZHANG, bot="invite")
    office.server.text(ZHANG, room, "before the invitation")
    invite = office.server.standing(fake.BOT, room, "invite", by=ZHANG, direct=True)
    early = office.server.text(ZHANG, room, "/查 ZX0031")
    await office.caller.deliver(invite)
    await office.caller.deliver(early)
    await office.settle()
    (answer,) = office.server.screen(room)
    assert PLANT in answer.text


async def test_a_stranger_of_another_server_is_not_followed(office: MatrixOffice) -> None:
    stranger = "@mallory:elsewhere.example"
    room = office.server.room(stranger, bot="invite")
    await office.caller.deliver(office.server.standing(fake.BOT, room, "invite", by=stranger, direct=True))
    assert office.server.rooms[room].members[fake.BOT] == "invite"


async def test_an_invitation_that_cannot_be_taken_does_not_stop_what_follows(office: MatrixOffice) -> None:
    """The transaction comes again some times; then the others go on."""
    room = office.server.room(ZHANG, bot="invite")
    invite = office.server.standing(fake.BOT, room, "invite", by=ZHANG)
    text = office.server.text(ZHANG, office.room, "/帮助")
    office.server.refuse["join"] = [(500, {"errcode": "M_UNKNOWN"})] * 9
    seen = [(await office.caller.put([invite, text], number="5"))[0] for _ in range(6)]
    assert seen == [503, 503, 503, 503, 200, 200]
    await office.settle()
    assert len(office.heard()) == 1


async def test_a_person_without_a_room_gets_one_once(office: MatrixOffice) -> None:
    """Made when there is something to say; asked for twice after a lost answer, it is still one."""
    office.server.users.add(ZHANG)
    office.server.lose["create"] = 1
    await office.queue("您好")
    await office.settle()
    await office.city.clock("2026-09-22 10:05")
    assert office.server.calls["create"] == 2
    assert office.heard() == ["您好"]
    rooms = [room for room in office.server.rooms.values() if room.members.get(ZHANG) == "invite"]
    assert len(rooms) == 1


async def test_a_third_person_ends_a_private_room(office: MatrixOffice) -> None:
    """What is for one pair of eyes never goes where a third one reads."""
    room = office.room
    await office.say("/帮助", room=room)
    third = f"@curious:{fake.SERVER}"
    await office.caller.deliver(office.server.standing(third, room, "join"))
    await office.queue("机密")
    await office.settle()
    assert "机密" not in str(office.server.screen(room))
    assert any("机密" in text for text in office.heard())


async def test_a_sealed_room_is_left_for_an_open_one(office: MatrixOffice) -> None:
    room = office.room
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}
    await office.caller.deliver(office.server.event(ZHANG, room, sealed, kind="m.room.encrypted"))
    await office.settle()
    assert office.server.screen(room) == []
    assert "加密" in office.heard()[-1]


async def test_whoever_leaves_is_not_written_to_until_they_are_back(office: MatrixOffice) -> None:
    """P3: what is for them goes to whoever stands in."""
    room = office.room
    await office.say("/帮助", room=room)
    heard = len(office.heard())
    await office.caller.deliver(office.server.standing(ZHANG, room, "leave"))
    await office.settle()
    zhang = await person_id(office.city, "张伟")
    look = "SELECT unreachable_since FROM accounts WHERE person_id = :id AND platform = 'matrix'"
    assert (await office.city.rows(look, id=zhang))[0]["unreachable_since"] is not None
    await office.queue("找人转告")
    await office.settle()
    assert len(office.heard()) == heard
    again = office.server.room(ZHANG, bot="invite")
    await office.caller.deliver(office.server.standing(fake.BOT, again, "invite", by=ZHANG, direct=True))
    await office.settle()
    assert (await office.city.rows(look, id=zhang))[0]["unreachable_since"] is None


async def test_being_removed_from_a_private_room_counts_as_leaving(office: MatrixOffice) -> None:
    room = office.room
    await office.say("/帮助", room=room)
    await office.caller.deliver(office.server.standing(fake.BOT, room, "leave", by=ZHANG))
    await office.settle()
    rows = await office.city.rows("SELECT unreachable_since FROM accounts WHERE account = :a", a=ZHANG)
    assert rows[0]["unreachable_since"] is not None


async def test_a_stranger_is_asked_to_bind_and_bound_with_a_code(office: MatrixOffice) -> None:
    """B2: before the code nothing is kept."""
    await unbind(office.city, BOSS)
    code = await issue(office.city, BOSS)
    boss = f"@wanglei:{fake.SERVER}"
    room = office.server.private(boss)
    office.server.media[f"mxc://{fake.SERVER}/M1"] = ("a.jpg", jpeg())
    picture = {"msgtype": "m.image", "body": "a.jpg", "url": f"mxc://{fake.SERVER}/M1"}
    await office.caller.deliver(office.server.event(boss, room, picture))
    await office.settle()
    assert office.server.calls["download"] == 0
    await office.say(f"/绑定 {code}", room=room, who=boss)
    asked, bound = (one.text for one in office.server.screen(room))
    assert "未绑定" in asked
    assert "已绑定" in bound


# --- files, quotes, edits


async def test_a_picture_is_fetched_before_the_text_behind_it(office: MatrixOffice) -> None:
    """C9: stored once under its hash, and offered on the card of the report that follows at once."""
    office.server.media[f"mxc://{fake.SERVER}/M1"] = ("IMG_1.jpg", jpeg())
    picture = {"msgtype": "m.image", "body": "现场.jpg", "url": f"mxc://{fake.SERVER}/M1"}
    await office.caller.deliver(
        office.server.event(ZHANG, office.room, picture), office.server.text(ZHANG, office.room, REPORT)
    )
    await office.settle()
    assert any("现场.jpg" in text and PLANT in text for text in office.heard()), office.heard()
    assert office.server.calls["download"] == 1


async def test_a_caption_is_what_was_typed(office: MatrixOffice) -> None:
    office.server.media[f"mxc://{fake.SERVER}/M1"] = ("a.pdf", pdf())
    file = {
        "msgtype": "m.file", "body": REPORT, "filename": "监理月报.pdf", "url": f"mxc://{fake.SERVER}/M1",
    }  # fmt: skip
    await office.caller.deliver(office.server.event(ZHANG, office.room, file))
    await office.settle()
    assert "监理月报.pdf" in office.card().text
    assert PLANT in office.card().text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"msgtype": "m.audio", "body": "语音"}, "文字"),
        ({"msgtype": "m.video", "body": "v.mp4"}, "视频"),
        ({"msgtype": "m.location", "body": "x", "geo_uri": "geo:1,2"}, "位置"),
        ({"msgtype": "m.file", "body": "a.pdf", "file": {"url": "mxc://x/y", "key": {}}}, "加密"),
        ({"msgtype": "m.image", "body": "a.jpg", "url": "http://169.254.169.254/latest"}, "打不开"),
        ({"msgtype": "m.image", "body": "a.jpg", "url": f"mxc://{fake.SERVER}/GONE"}, "再发一次"),
        ({"msgtype": "m.image", "body": "a.jpg", "url": f"mxc://{fake.SERVER}/BIG"}, "20 MB"),
    ],
    ids=["audio", "video", "location", "sealed", "address", "gone", "big"],
)  # fmt: skip
async def test_what_cannot_be_used_is_said(
    office: MatrixOffice, content: dict[str, object], words: str
) -> None:
    office.server.media[f"mxc://{fake.SERVER}/BIG"] = ("big.jpg", jpeg() + bytes(21 * 1024 * 1024))
    await office.caller.deliver(office.server.event(ZHANG, office.room, content))
    await office.settle()
    assert words in office.heard()[-1]


async def test_quoted_words_are_data(office: MatrixOffice) -> None:
    """C16: neither the quote that a client puts in front nor a line that somebody quotes is acted on."""
    await office.say(REPORT)
    body = f"> <{fake.BOT}> 确认\n> 第二行\n\n谢谢"
    await office.say(body, **{"m.relates_to": {"m.in_reply_to": {"event_id": "$unknown"}}})
    await office.say("> 确认")
    assert await ytd(office) == 4700


async def test_a_recalled_or_edited_message_leaves_the_ledger(office: MatrixOffice) -> None:
    """C17: the author is told what to use instead; whoever recalls another's message changes nothing either."""
    event = office.server.text(ZHANG, office.room, REPORT)
    await office.caller.deliver(event)
    await office.settle()
    await office.choose("确认")
    heard = len(office.heard())
    changed = {
        "msgtype": "m.text", "body": "* 改", "m.new_content": {"msgtype": "m.text", "body": "改"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": event["event_id"]},
    }  # fmt: skip
    await office.caller.deliver(office.server.event(ZHANG, office.room, changed))
    await office.settle()
    assert "/更正" in office.heard()[heard]
    for more in ({"redacts": event["event_id"]}, {}):
        content = {} if more else {"redacts": event["event_id"]}
        await office.caller.deliver(
            office.server.event(ZHANG, office.room, content, kind="m.room.redaction", **more)
        )
        await office.settle()
    assert len(office.heard()) == heard + 3
    assert await ytd(office) == 5500
    unknown = {**changed, "m.relates_to": {"rel_type": "m.replace", "event_id": "$never"}}
    before = await inbox(office)
    await office.caller.deliver(office.server.event(ZHANG, office.group, unknown))
    assert await inbox(office) == before


async def test_files_go_as_messages_of_their_own_and_once(office: MatrixOffice) -> None:
    folder = office.city.product.services.files
    platform = office.city.product.platforms["matrix"]
    room = office.room
    await office.say("/帮助", room=room)
    for number, (name, content, kind) in enumerate(
        [("照片.jpg", jpeg(), "m.image"), ("提醒函.pdf", pdf(), "m.file")]
    ):
        stored = files.store(folder, name, content, limit_mb=1)
        message = OutgoingMessage(
            key=f"9.{number}", address=ZHANG, chat=ChatKind.PRIVATE, text="", buttons=(), reason="",
            files=(OutgoingFile(stored.name, stored.sha256, stored.media_type),), at=office.city.product.clock.now(),
        )  # fmt: skip
        for _ in range(2):
            await platform.send(message)
        shown = office.server.screen(room)[-1]
        assert shown.kind == kind
        assert office.server.media[shown.content["url"]] == (name, content)
    assert len(office.server.screen(room)) == 3
    assert office.server.calls["upload"] == 2


async def test_a_lost_answer_shows_nothing_twice_even_if_the_server_forgets(office: MatrixOffice) -> None:
    """The homeserver knows a transaction again until it restarts; after that the room is looked at."""
    room = office.room
    await office.say("/帮助", room=room)
    office.server.lose["send"] = 2
    await office.queue("只说一次")
    await office.settle()
    office.server.restart()
    await office.city.clock("2026-09-22 10:05")
    assert [one.text for one in office.server.screen(room)][1:] == ["只说一次"]
    rows = await office.city.rows("SELECT state FROM outbox WHERE subject_kind = 'test'")
    assert [row["state"] for row in rows] == ["sent"]


async def test_killed_between_sending_and_recording_and_the_server_restarted(office: MatrixOffice) -> None:
    room = office.room
    await office.say("/帮助", room=room)
    await office.queue("只说一次")
    await office.settle()
    await office.city.change(
        "UPDATE outbox SET state = 'waiting', message_id = NULL WHERE subject_kind = 'test'"
    )
    office.server.restart()
    await office.city.restart()
    await office.city.clock("2026-09-22 10:05")
    assert [one.text for one in office.server.screen(room)][1:] == ["只说一次"]


async def test_a_group_that_sent_the_bot_away_is_an_operators_matter(office: MatrixOffice) -> None:
    office.server.rooms[office.group].members[fake.BOT] = "leave"
    await office.queue("群里说一声", to_group=True)
    await office.settle()
    rows = await office.city.rows(
        "SELECT state, outcome FROM outbox WHERE subject_kind = 'test' AND notice <> 'Forwarded'"
    )
    assert [row["state"] for row in rows] == ["undelivered"], "the 联络员 of its body is asked to pass it on"
    assert "M_FORBIDDEN" in rows[0]["outcome"]
