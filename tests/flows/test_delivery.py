"""Delivery: send limits, a platform that is down, people out of reach (S60–S62; rules P1–P5 A3 A4 B9)."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Final

import pytest
from sqlalchemy.orm import Session

from bot.platforms import PLATFORMS
from models.notices.replies import Refusal
from models.operations.outbox import put
from models.tables.people import BindingCode
from models.types import (
    ChatKind,
    InboundKind,
    InboundMessage,
    OutgoingMessage,
    Recipient,
    RecipientKind,
    Subject,
    Urgency,
)
from tests.fakes.flaky import NAME as FLAKY
from tests.fakes.flaky import Flaky

from .city import City, Message, lacks, mentions, moment, norm, offers, says
from .conftest import OpenCity
from .told import about, confirm, counted, group_id, iso, one_about, person_id, report, told, unbind, utc

GAOXIN_WANG = "王磊(高新区管委会)"
GROUP: Final = "白石县"
DUE: Final = "2026-09-28 10:15"


def line(number: int, *, filling: str = "") -> str:
    """The text of one notice; the brackets keep 〔7〕 apart from 〔17〕."""
    return f"通知〔{number}〕请及时办理{filling}"


async def queue(
    city: City,
    to: Recipient,
    numbers: range | list[int],
    *,
    due: str,
    urgent: frozenset[int] = frozenset(),
    filling: str = "",
    platform: str | None = None,
) -> None:
    """Put notices into the outbox, one per number, in this order, all due in the same minute."""

    def write(session: Session) -> None:
        for number in numbers:
            put(
                session, Refusal((line(number, filling=filling),)), to=to, key=f"test {to} {number}",
                reason="试验", urgency=Urgency.URGENT if number in urgent else Urgency.NORMAL,
                now=city.product.clock.now(), due_at=moment(due), about=Subject("test", number),
                platform=platform,
            )  # fmt: skip

    await city.product.database.write(write)


def numbers_in(texts: list[str]) -> list[int]:
    """The numbers of the notices in these texts, in order."""
    return [int(found) for text in texts for found in re.findall(r"通知〔(\d+)〕请及时办理", text)]


async def states(city: City, numbers: range) -> Counter[str]:
    """How many of the queued notices are in which state."""
    rows = await city.rows(
        "SELECT state, count(*) AS n FROM outbox "
        "WHERE subject_kind = 'test' AND subject_id BETWEEN :a AND :b GROUP BY state",
        a=numbers.start,
        b=numbers.stop - 1,
    )
    return Counter({row["state"]: row["n"] for row in rows})


def most_in_a_minute(messages: list[Message]) -> int:
    """The most messages in any 60 seconds."""
    times = [message.at for message in messages]
    return max(
        (sum(1 for at in times if start <= at < start + timedelta(minutes=1)) for start in times), default=0
    )


# --- S60


async def busy_group(open_city: OpenCity, *, filling: str = "") -> City:
    """Sixty notices for 【白石县】 due at 10:15, 31 and 47 of them 紧急; the mark stands before."""
    city = await open_city("2026-09-28 10:14")
    to = Recipient(RecipientKind.GROUP, await group_id(city, GROUP))
    await queue(city, to, range(1, 61), due=DUE, urgent=frozenset({31, 47}), filling=filling)
    return city


async def test_s60_sixty_notices_in_one_minute(open_city: OpenCity) -> None:
    """S60: rules P1 P2. At most 20 sends a minute, 紧急 first, all in three minutes, in order, once."""
    city = await busy_group(open_city)
    await city.clock(DUE)
    heard = city.heard(GROUP)
    assert 1 <= len(heard) <= 20
    assert [numbers_in([message.text]) for message in heard[:2]] == [[31], [47]]
    for at in ("2026-09-28 10:15:59", "2026-09-28 10:16", "2026-09-28 10:17", "2026-09-28 10:18"):
        await city.clock(at)
    heard = city.heard(GROUP)
    sent = numbers_in([message.text for message in heard])
    assert sent == [31, 47, *(number for number in range(1, 61) if number not in (31, 47))]
    assert most_in_a_minute(heard) <= 20
    assert await states(city, range(1, 61)) == {"sent": 60}
    assert told(city, "通知") == {GROUP}
    city.mark()
    await city.restart()
    await city.clock("2026-09-28 11:00")
    assert not told(city, "通知")


async def test_s60_long_digest_is_numbered_and_split_between_items(open_city: OpenCity) -> None:
    """S60: rules P2 P4. A digest longer than the limit goes out as (1/n)…; no item is cut."""
    filling = "，" + "并按要求反馈进展情况。" * 28
    city = await busy_group(open_city, filling=filling)
    await city.clock("2026-09-28 10:20")
    heard = city.heard(GROUP)
    assert all(len(message.text) <= 4000 for message in heard)
    assert most_in_a_minute(heard) <= 20
    whole = norm(line(0, filling=filling).partition("〕")[2])
    for message in heard:
        assert norm(message.text).count(whole) == len(numbers_in([message.text])), "an item was cut"
    assert sorted(numbers_in([message.text for message in heard])) == list(range(1, 61))
    normal = [number for number in numbers_in([message.text for message in heard]) if number not in (31, 47)]
    assert normal == sorted(normal)
    parts = [re.match(r"\((\d+)/(\d+)\)", norm(message.text)) for message in heard]
    marked = [(int(part[1]), int(part[2])) for part in parts if part]
    assert marked, "a digest of this length needs parts"
    for number, (first, count) in enumerate(marked):
        if first == 1:
            assert [one for one, _ in marked[number : number + count]] == list(range(1, count + 1))


async def test_s60_restart_in_between_loses_and_repeats_nothing(open_city: OpenCity) -> None:
    """S60: rule P1. Stopped and started in the busy minute: all sixty once, the limit still held."""
    city = await busy_group(open_city)
    await city.clock(DUE)
    await city.restart()
    await city.clock("2026-09-28 10:15:30")
    await city.restart("2026-09-28 10:15:40")
    await city.clock("2026-09-28 10:19")
    heard = city.heard(GROUP)
    assert sorted(numbers_in([message.text for message in heard])) == list(range(1, 61))
    assert most_in_a_minute(heard) <= 20


async def test_s60_killed_before_sending(open_city: OpenCity) -> None:
    """Rule P1: a power cut between writing and sending; the next process sends everything once."""
    city = await busy_group(open_city)
    await city.kill("2026-09-28 10:15:20")
    await city.clock("2026-09-28 10:19")
    sent = numbers_in([message.text for message in city.ever() if message.to.strip("【】") == GROUP])
    assert sorted(sent) == list(range(1, 61))


async def test_s60_limit_counts_what_was_sent_singly(open_city: OpenCity) -> None:
    """Rule P2: thirty urgent ones in a minute are held to 20 as well; the rest comes in the next."""
    city = await open_city("2026-09-28 10:14")
    to = Recipient(RecipientKind.GROUP, await group_id(city, GROUP))
    await queue(city, to, range(1, 31), due=DUE, urgent=frozenset(range(1, 31)))
    await city.clock("2026-09-28 10:15:59")
    assert len(city.heard(GROUP)) <= 20
    await city.clock("2026-09-28 10:18")
    assert numbers_in([message.text for message in city.heard(GROUP)]) == list(range(1, 31))
    assert most_in_a_minute(city.heard(GROUP)) <= 20


async def test_s60_another_group_is_not_slowed(open_city: OpenCity) -> None:
    """Rules P2 P5: while one group waits for its limit, another gets its message in the same minute."""
    city = await busy_group(open_city)
    other = Recipient(RecipientKind.GROUP, await group_id(city, "青禾县"))
    await queue(city, other, [99], due=DUE)
    await city.clock(DUE)
    assert numbers_in([message.text for message in city.heard("青禾县")]) == [99]


# --- a second platform


@pytest.fixture
def flaky(monkeypatch: pytest.MonkeyPatch) -> Flaky:
    """Platform A: listed beside the web chat (platform B) in every product that starts in this test."""
    platform = Flaky()
    monkeypatch.setitem(PLATFORMS, FLAKY, platform.module())
    monkeypatch.setenv("BOT_PLATFORMS", f"webchat,{FLAKY}")
    return platform


async def move_to_flaky(city: City, *, people: tuple[str, ...] = (), groups: tuple[str, ...] = ()) -> None:
    """These people and groups are reached on platform A only."""
    for name in people:
        await city.change(
            "UPDATE accounts SET platform = :platform WHERE person_id = :who",
            platform=FLAKY,
            who=await person_id(city, name),
        )
    for name in groups:
        await city.change(
            "UPDATE group_accounts SET platform = :platform WHERE group_id = :which",
            platform=FLAKY,
            which=await group_id(city, name),
        )
    await city.restart()


async def account_of(city: City, name: str) -> str:
    rows = await city.rows(
        "SELECT account FROM accounts WHERE person_id = :who AND platform = :platform",
        who=await person_id(city, name),
        platform=FLAKY,
    )
    return str(rows[0]["account"])


async def group_address(city: City, name: str) -> str:
    rows = await city.rows(
        "SELECT account FROM group_accounts WHERE group_id = :which AND platform = :platform",
        which=await group_id(city, name),
        platform=FLAKY,
    )
    return str(rows[0]["account"])


async def say_on_flaky(city: City, name: str, text: str) -> None:
    """A message that platform A delivered: sending to it may be down, receiving is not."""
    number = len(await city.rows("SELECT id FROM inbox"))
    await city.product.inbound.accept(
        InboundMessage(
            platform=FLAKY, message_id=f"a-{number}", account=await account_of(city, name),
            chat=ChatKind.PRIVATE, chat_address="", kind=InboundKind.TEXT, text=text,
            received_at=city.product.clock.now(),
        )
    )  # fmt: skip
    await city.clock(city.product.clock.now().astimezone(moment(DUE).tzinfo).strftime("%Y-%m-%d %H:%M:%S"))


def texts(messages: list[OutgoingMessage]) -> list[str]:
    return [message.text for message in messages]


def has(message: OutgoingMessage, *parts: str) -> bool:
    return all(norm(part) in norm(message.text) for part in parts)


# --- S61


async def test_s61_platform_down_for_forty_minutes(open_city: OpenCity, flaky: Flaky) -> None:
    """S61: rules P1 P3 P5 A4. B is served on time; A gets everything after 09:40, once, merged."""
    city = await open_city("2026-09-22 08:50")
    await move_to_flaky(city, people=("苏静", "赵永年", "唐静"), groups=("市政设施专班",))
    flaky.down(moment("2026-09-22 09:00"), moment("2026-09-22 09:40"))
    su, zhao, tang = [await account_of(city, name) for name in ("苏静", "赵永年", "唐静")]
    sector = await group_address(city, "市政设施专班")
    city.mark()

    await city.clock("2026-09-22 09:05")
    assert flaky.to(su) == []
    assert [message for message in flaky.refused if message.address == su], "the 催办 of 09:00 was tried"
    await report(city, "张伟", "城南污水处理厂累计完成投资5500万")
    assert {message.when for message in city.heard("青禾县")} == {"2026-09-22 09:05"}
    assert mentions(city.last("青禾县"), "ZX0031", "绿")

    # 苏静 feeds back at 09:10 and it is accepted at 09:15: the 催办 that still waits has lost its reason.
    await city.clock("2026-09-22 09:10")
    await say_on_flaky(city, "苏静", "W0186 已报省林草局,组卷材料补正中,预计10月10日批复")
    await say_on_flaky(city, "苏静", "确认")
    card = one_about(city, "马德胜", "W0186")
    assert card.when == "2026-09-22 09:10"
    await city.press("马德胜", "采纳", contains="W0186", at="2026-09-22 09:15")

    await city.restart("2026-09-22 09:20")
    to = Recipient(RecipientKind.PERSON, await person_id(city, "唐静"))
    await queue(city, to, range(1, 4), due="2026-09-22 09:25")
    await city.clock("2026-09-22 09:39:59")
    assert [message for message in flaky.sent if message.at >= moment("2026-09-22 09:00")] == []
    await city.clock("2026-09-22 09:50")

    # Once each, after the outage, merged where several waited.
    assert all(message.at >= moment("2026-09-22 09:40") for message in flaky.to(zhao) + flaky.to(sector))
    assert [has(message, "ZX0031", "绿") for message in flaky.to(zhao)] == [True]
    assert [has(message, "ZX0031", "绿") for message in flaky.to(sector)] == [True]
    assert [numbers_in([message.text]) for message in flaky.to(tang)] == [[1, 2, 3]]
    sent_to_su = [message for message in flaky.to(su) if message.at >= moment("2026-09-22 09:00")]
    assert sent_to_su, "the replies to 苏静 come after the outage"
    assert len(texts(sent_to_su)) == len(set(texts(sent_to_su)))
    assert not [message for message in sent_to_su if has(message, "催办", "09-21")]
    waiting = await city.rows("SELECT due_at FROM outbox WHERE state IN ('waiting', 'sending')")
    assert [row for row in waiting if utc(row["due_at"]) <= moment("2026-09-22 09:50")] == []
    to_him = await city.rows(
        "SELECT state, outcome, due_at FROM outbox WHERE recipient_kind = 'person' AND recipient_id = :who",
        who=await person_id(city, "苏静"),
    )
    urged = [row for row in to_him if utc(row["due_at"]) == moment("2026-09-22 09:00")]
    assert [row["state"] for row in urged] == ["withdrawn"]
    assert urged[0]["outcome"]
    # Nothing of the outage is marked failed (rule P1).
    assert await city.rows("SELECT id FROM outbox WHERE state = 'dead'") == []


async def test_s61_undone_improvement_is_not_sent_to_those_who_never_got_it(
    open_city: OpenCity, flaky: Flaky
) -> None:
    """S61, E13: what was undone while the platform was down is not sent there, and this is recorded."""
    city = await open_city("2026-09-22 08:50")
    await move_to_flaky(city, people=("赵永年",))
    flaky.down(moment("2026-09-22 09:00"), moment("2026-09-22 09:40"))
    zhao = await account_of(city, "赵永年")
    await city.clock("2026-09-22 09:05")
    await report(city, "张伟", "城南污水处理厂累计完成投资5500万")
    await city.clock("2026-09-22 09:08")
    await city.say("张伟", "/撤销")
    await city.clock("2026-09-22 09:50")
    assert not [message for message in flaky.to(zhao) if has(message, "ZX0031", "黄", "绿")]
    to_him = await city.rows(
        "SELECT state, outcome, created_at FROM outbox "
        "WHERE recipient_kind = 'person' AND recipient_id = :who ORDER BY id",
        who=await person_id(city, "赵永年"),
    )
    rows = [row for row in to_him if utc(row["created_at"]) >= moment("2026-09-22 09:05")]
    assert rows[0]["state"] == "withdrawn"
    assert rows[0]["outcome"]


async def test_s61_kill_and_retry_never_repeats(open_city: OpenCity, flaky: Flaky) -> None:
    """Rule P1: restarts in the outage neither lose nor repeat; delays grow instead of hammering."""
    city = await open_city("2026-09-22 08:50")
    await move_to_flaky(city, people=("唐静",))
    flaky.down(moment("2026-09-22 09:00"), moment("2026-09-22 09:40"))
    to = Recipient(RecipientKind.PERSON, await person_id(city, "唐静"))
    await queue(city, to, [1], due="2026-09-22 09:00")
    await city.clock("2026-09-22 09:10")
    tries = len(flaky.refused)
    assert 2 <= tries <= 30
    await city.restart("2026-09-22 09:20")
    await city.clock("2026-09-22 09:30")
    await city.restart()
    await city.clock("2026-09-22 09:50")
    await city.restart()
    await city.clock("2026-09-22 10:30")
    assert numbers_in(texts(flaky.to(await account_of(city, "唐静")))) == [1]
    gaps = [message.at for message in flaky.refused[:tries]]
    waits = [later - earlier for earlier, later in pairwise(gaps)]
    assert waits[-1] > waits[0]


async def test_s60_too_many_requests_waits_as_told(open_city: OpenCity, flaky: Flaky) -> None:
    """S60, rules P1 P5: the channel waits as the platform says, nothing fails, other groups go on."""
    city = await open_city("2026-09-28 10:14")
    await move_to_flaky(city, groups=("白石县", "青禾县"))
    busy, free = await group_address(city, "白石县"), await group_address(city, "青禾县")
    flaky.too_many(busy, retry_after=90)
    for name, number in (("白石县", 1), ("白石县", 2), ("青禾县", 3)):
        to = Recipient(RecipientKind.GROUP, await group_id(city, name))
        await queue(city, to, [number], due=DUE)
    await city.clock(DUE)
    assert numbers_in(texts(flaky.to(free))) == [3]
    await city.clock("2026-09-28 10:16:29")
    assert flaky.to(busy) == []
    assert len([message for message in flaky.refused if message.address == busy]) == 1
    assert "dead" not in await states(city, range(1, 4))
    await city.clock("2026-09-28 10:17")
    assert sorted(numbers_in(texts(flaky.to(busy)))) == [1, 2]
    assert await states(city, range(1, 4)) == {"sent": 3}


# --- S62


async def gap_messages(city: City, at: str) -> list[Message]:
    return [
        message for message in city.heard_by_anyone() if mentions(message, "未绑定") and message.when == at
    ]


async def test_s62_gaps_are_reported_on_the_first_workday_of_the_week(open_city: OpenCity) -> None:
    """S62: rules B9 P3. One message to 综合专班 with all gaps: nobody named, nobody bound."""
    city = await open_city("2026-09-20 19:00")
    await unbind(city, "蒋涛")
    city.mark()
    await city.clock("2026-09-21 08:29")
    assert not told(city, "未绑定")
    await city.clock("2026-09-21 08:30")
    [message] = await gap_messages(city, "2026-09-21 08:30")
    assert message.to.strip("【】") == "综合专班"
    says(message, "高新区 带班领导 蒋涛 未绑定")
    for unit in ("市生态环境局", "市金融局", "云川供电公司", "云川农商银行", "云川银行"):
        says(message, re.compile(rf"{unit}[^\n]*带班领导"))
    for unit in ("市林业局", "市水利局", "市住建局", "青禾县", "白石县", "临河区"):
        assert not mentions(message, re.compile(rf"{unit}[^\n]*(未绑定|无带班领导|未明确)")), unit
    city.mark()
    await city.clock("2026-09-27 23:59")
    assert not told(city, "蒋涛", "未绑定"), "once a week"
    await city.clock("2026-09-28 08:30")
    [again] = [message for message in city.heard_by_anyone() if mentions(message, "蒋涛", "未绑定")]
    assert again.to.strip("【】") == "综合专班"
    says(again, "高新区 带班领导 蒋涛 未绑定", "市金融局")


async def unbound_leader(open_city: OpenCity) -> City:
    """SG0012 warns on 10-08 08:30 while 蒋涛 has no account; the mark stands before."""
    city = await open_city("2026-10-08 08:29")
    await unbind(city, "蒋涛")
    city.mark()
    await city.clock("2026-10-08 08:30")
    return city


async def undelivered(city: City) -> list[dict[str, object]]:
    return await city.rows(
        "SELECT id, state, outcome FROM outbox WHERE recipient_kind = 'person' AND recipient_id = :who "
        "AND state IN ('undelivered', 'waiting', 'dead')",
        who=await person_id(city, "蒋涛"),
    )


async def test_s62_message_falls_back_to_the_liaison(open_city: OpenCity) -> None:
    """S62: rules P3 B9. 「请转报带班领导蒋涛」 to 王磊(高新区管委会); 未送达 until he confirms 已转报."""
    city = await unbound_leader(open_city)
    asked = one_about(city, GAOXIN_WANG, "请转报带班领导蒋涛")
    says(asked, "SG0012", "计划9月开工,未开工")
    assert told(city, "请转报") == {GAOXIN_WANG}
    assert "蒋涛" not in told(city)
    [waiting] = await undelivered(city)
    assert waiting["state"] == "undelivered"
    assert norm("未送达") in norm(str(waiting["outcome"]))
    await city.clock("2026-10-08 12:00")
    assert [row["id"] for row in await undelivered(city)] == [waiting["id"]]
    assert counted(city, "请转报带班领导蒋涛") == {GAOXIN_WANG: 1}

    offers(asked, "已转报")
    city.mark()
    await city.press_on(asked, GAOXIN_WANG, "已转报")
    assert told(city) == {GAOXIN_WANG}
    assert await undelivered(city) == []


async def test_b8_restricted_item_is_passed_on_to_nobody(open_city: OpenCity) -> None:
    """Rules B8 P3 B9: 陈立新 cannot be reached; no 联络员 is asked to pass on what only he may read."""
    city = await open_city("2026-09-22 09:00")
    await unbind(city, "陈立新")
    await city.say("周敏", "/问题 受限 ZX0032 专项债资金疑似超范围支出,待审计核")
    city.mark()
    await city.press("周敏", "确认", contains="超范围")
    await city.clock("2026-09-22 12:00")
    assert told(city) == {"周敏"}
    rows = await city.rows(
        "SELECT state, outcome FROM outbox WHERE recipient_kind = 'person' AND recipient_id = :who "
        "AND subject_kind = 'item' ORDER BY id DESC LIMIT 1",
        who=await person_id(city, "陈立新"),
    )
    assert [dict(row) for row in rows] == [{"state": "dead", "outcome": "无法送达：未绑定"}]
    city.mark()
    await city.clock("2026-09-23 08:30")
    digest = one_about(city, "刘洋", "发送失败 1 条")
    says(digest, "原因：无法送达：未绑定")
    lacks(digest, "受限", "超范围", "陈立新")
    city.mark()
    await city.say("周敏", "/问题 ZX0032 管网迁改受阻,请住建局协调")
    await city.press("周敏", "确认", contains="管网迁改")
    assert told(city, "管网迁改") >= {"孙晓雯"}  # an ordinary one goes its way


async def test_s62_binding_ends_the_undelivered_state(open_city: OpenCity) -> None:
    """S62: the other way out, 蒋涛 is bound."""
    city = await unbound_leader(open_city)
    assert len(await undelivered(city)) == 1
    who = await person_id(city, "蒋涛")
    code = BindingCode(
        digest=hashlib.sha256(b"7K2Q9F").digest(), person_id=who, issued_at=moment("2026-10-08 08:30"),
        expires_at=moment("2026-10-15 08:30"),
    )  # fmt: skip
    await city.product.database.write(lambda session: session.add(code))
    await city.clock("2026-10-08 09:00")
    await city.say("蒋涛的新账号", "/绑定 7K2Q9F")
    bound, *rest = city.heard("蒋涛的新账号")
    says(bound, "已绑定", "蒋涛")
    assert any(mentions(message, "SG0012") for message in rest), "what he missed reaches him now"
    assert await undelivered(city) == []


async def test_p3_what_has_lost_its_reason_is_not_owed_any_more(open_city: OpenCity) -> None:
    """S62 P3: green before 蒋涛 was bound: the old warning is 未送达 no more, and he is not told of it."""
    city = await unbound_leader(open_city)
    await city.clock("2026-10-12 10:00")
    await report(city, GAOXIN_WANG, "SG0012 10月12日开工，累计0")
    assert await undelivered(city) == []
    who = await person_id(city, "蒋涛")
    code = BindingCode(
        digest=hashlib.sha256(b"7K2Q9F").digest(), person_id=who, issued_at=moment("2026-10-12 10:00"),
        expires_at=moment("2026-10-15 08:30"),
    )  # fmt: skip
    await city.product.database.write(lambda session: session.add(code))
    await city.say("蒋涛的新账号", "/绑定 7K2Q9F")
    assert not [one for one in city.heard("蒋涛的新账号") if mentions(one, "SG0012")]


async def test_p3_what_has_lost_its_reason_is_not_passed_on(open_city: OpenCity, flaky: Flaky) -> None:
    """P1 P3: who should pass it on cannot be reached before the light is green: nobody is asked to."""
    city = await open_city("2026-10-07 12:00")
    await unbind(city, "蒋涛")
    await city.change(
        "UPDATE accounts SET platform = :platform WHERE account = :who", platform=FLAKY, who=GAOXIN_WANG
    )
    await city.restart()
    flaky.down(moment("2026-10-08 08:00"), moment("2026-10-08 11:00"))
    await city.clock("2026-10-08 10:00")
    await report(city, "孙晓雯", "SG0012 10月8日开工，累计0")
    await city.clock("2026-10-08 12:00")
    assert flaky.refused, "it was tried"
    assert not [message for message in flaky.sent if has(message, "SG0012")]


async def test_p3_person_who_left_is_not_retried_for_ever(open_city: OpenCity, flaky: Flaky) -> None:
    """P3 B9: a permanent failure falls back at once, is tried no more, and is in the next list of gaps."""
    city = await open_city("2026-09-22 10:00")
    await move_to_flaky(city, people=("蒋涛",))
    address = await account_of(city, "蒋涛")
    flaky.gone.add(address)
    to = Recipient(RecipientKind.PERSON, await person_id(city, "蒋涛"))
    city.mark()
    await queue(city, to, [1], due="2026-09-22 10:05")
    await city.clock("2026-09-22 10:10")
    says(one_about(city, GAOXIN_WANG, "请转报带班领导蒋涛"), line(1))
    await city.clock("2026-09-22 18:00")
    assert len(flaky.refused) == 1
    assert counted(city, "请转报带班领导蒋涛") == {GAOXIN_WANG: 1}
    city.mark()
    await city.clock("2026-09-28 08:30")
    listed = about(city, "综合专班", "蒋涛")
    assert len(listed) == 1
    says(listed[0], re.compile("高新区[^\n]*蒋涛[^\n]*(送达|失败|联系不上|离开)"))


# --- A3


async def test_a3_outside_the_window_waits_and_is_merged(open_city: OpenCity) -> None:
    """A3: what the bot originates after 18:30 comes as one message at the next opening."""
    city = await open_city("2026-09-22 19:00")
    await report(city, "张伟", "城南污水处理厂累计完成投资5500万")
    await city.say("张伟", "青禾灌区累计完成3520万")
    await confirm(city, "张伟")
    assert told(city) == {"张伟"}, "replies are immediate, everything else waits"
    city.mark()
    await city.clock("2026-09-23 08:29")
    assert told(city) == set()
    await city.clock("2026-09-23 08:30")
    assert counted(city) == dict.fromkeys(told(city), 1)
    assert told(city, "ZX0031", "绿") == {"市政设施专班", "青禾县", "赵永年", "综合专班"}
    assert (await city.project("ZX0031"))["light_changes"][-1]["at"] == iso("2026-09-22 19:00")


async def test_a3_what_an_outage_held_back_waits_for_the_window(open_city: OpenCity, flaky: Flaky) -> None:
    """A3 P1: the platform is back at 20:00 on the eve of 国庆; neither that evening nor on a day off anything comes."""
    city = await open_city("2026-09-30 08:20")
    await move_to_flaky(city, people=("赵永年",), groups=("青禾县",))
    flaky.down(moment("2026-09-30 08:20"), moment("2026-09-30 20:00"))
    zhao, county = await account_of(city, "赵永年"), await group_address(city, "青禾县")
    await city.clock("2026-10-04 12:00")
    await city.restart()
    await city.clock("2026-10-08 08:29")
    assert flaky.sent == []
    await city.clock("2026-10-08 08:31")
    for address in (zhao, county):
        [warned] = [message for message in flaky.to(address) if has(message, "ZX0032", "绿 → 黄灯")]
        assert warned.at == moment("2026-10-08 08:30")
        assert has(warned, "应于 09-30 08:30 发出")


async def test_a3_an_urgent_message_and_a_reply_do_not_wait_for_the_window(
    open_city: OpenCity, flaky: Flaky
) -> None:
    """A3 G7: at night only what is 紧急, and what somebody has just asked for, goes once the platform is back."""
    city = await open_city("2026-09-22 18:00")
    await move_to_flaky(city, people=("唐静",))
    flaky.down(moment("2026-09-22 18:00"), moment("2026-09-22 20:00"))
    to = Recipient(RecipientKind.PERSON, await person_id(city, "唐静"))
    await queue(city, to, [1, 2], due="2026-09-22 18:10", urgent=frozenset({2}))
    await city.clock("2026-09-22 19:30")
    await say_on_flaky(city, "唐静", "/查 JJ0003")
    await city.clock("2026-09-22 20:30")
    sent = texts(flaky.to(await account_of(city, "唐静")))
    assert numbers_in(sent) == [2]
    assert sum("JJ0003" in text for text in sent) == 1
    await city.clock("2026-09-23 08:30")
    assert numbers_in(texts(flaky.to(await account_of(city, "唐静")))) == [2, 1]


async def test_e13_a_warning_taken_back_unsent_is_owed_again(open_city: OpenCity, flaky: Flaky) -> None:
    """E13 P1 P3: red, better and red again while 钱文海 cannot be reached: he gets the red warning, and that alone."""
    city = await open_city("2026-09-28 08:00")
    await move_to_flaky(city, people=("钱文海",))
    flaky.down(moment("2026-09-28 08:00"), moment("2026-09-28 11:00"))
    await city.clock("2026-09-28 10:00")
    await report(city, "李娜", "循环园累计完成9900万")
    await city.say("李娜", "/撤销", at="2026-09-28 10:05")
    await city.clock("2026-09-29 18:00")
    [warned] = [message for message in flaky.to(await account_of(city, "钱文海")) if has(message, "ZD0108")]
    assert has(warned, "应于 09-28 08:30 发出", "黄 → 红灯", "10-08 18:00", "09-29 18:00 前点「已阅」")


async def test_e13_a_reminder_taken_back_unsent_is_owed_again(open_city: OpenCity, flaky: Flaky) -> None:
    """E13 F6 P1: the rung of 16:00 is taken, its message was not sent; after the undoing it still comes, once."""
    city = await open_city("2026-09-24 15:00")
    await move_to_flaky(city, people=("张伟",))
    flaky.down(moment("2026-09-24 15:30"), moment("2026-09-24 17:00"))
    await city.say("孙晓雯", "/更正 ZX0031 5600 原因 补记", at="2026-09-24 16:10")
    await city.say("孙晓雯", "确认")
    await city.say("孙晓雯", "/撤销", at="2026-09-24 16:15")
    await city.clock("2026-09-28 18:00")
    reminders = [one for one in flaky.to(await account_of(city, "张伟")) if has(one, "【提醒】ZX0031")]
    assert [one.at < moment("2026-09-24 17:30") for one in reminders] == [True]


async def test_p3_group_that_was_dissolved(open_city: OpenCity, flaky: Flaky) -> None:
    """P3: once tried; the body's 联络员 passes on what they do not get themselves; 综合专班 has it on its list."""
    city = await open_city("2026-09-30 08:20")
    await move_to_flaky(city, groups=("市政设施专班", "青禾县"))
    flaky.gone.update({await group_address(city, "市政设施专班"), await group_address(city, "青禾县")})
    city.mark()
    await city.clock("2026-09-30 10:00")
    asked = one_about(city, "彭倩", "【市政设施专班】群已无法送达", "ZX0032", "绿 → 黄灯")
    assert not about(city, "张伟", "群已无法送达"), "he has the warning himself"
    assert len(flaky.refused) == 2
    await city.press_on(asked, "彭倩", "已转报")
    says(city.last("彭倩"), "由您转报【市政设施专班】群")
    await city.restart()
    await city.clock("2026-09-30 18:00")
    assert len(flaky.refused) == 2
    city.mark()
    await city.clock("2026-10-08 08:30")
    [listed] = about(city, "综合专班", "本周名册检查")
    says(listed, "【青禾县】群 消息送达失败（09-30起）")
    flaky.gone.clear()
    await city.clock("2026-10-10 08:30")  # the next things said in those groups arrive
    await report(city, "张伟", "管网累计2400")
    city.mark()
    await city.clock("2026-10-12 08:30")
    [listed] = about(city, "综合专班", "本周名册检查")
    lacks(listed, "群 消息送达失败")
