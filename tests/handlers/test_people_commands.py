"""/绑定, /代理, /通讯录, /帮助, /查 专班, said to a real router (rules B1, B2, B6, S71)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.snapshots import read_snapshot
from handlers.commands import address_book, bind, delegate
from handlers.context import Context
from handlers.help import help_for
from handlers.queries import task_forces
from handlers.router import Router
from handlers.verbs import Command
from models.db import WriteSession, sync_engine
from models.notices.base import decode
from models.operations import rosters
from models.operations.roster_files import parse_roster
from models.rules.calendar import SHANGHAI
from models.tables.audit import AuditRow
from models.tables.outbox import OutboxNotice
from models.tables.people import Account, BindingAttempt, BindingCode, Delegation
from models.tables.projects import Entry
from models.types import ChatKind, InboundKind, InboundMessage
from templates import render
from tests import prepared

STRANGER = "u-77"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NOW = at("2026-09-22T09:00")


def _help(context: Context, text: str) -> None:
    context.say_privately(help_for(context, COMMANDS, text))


COMMANDS = (
    bind.COMMAND,
    delegate.COMMAND,
    address_book.COMMAND,
    Command("帮助", "您能用的命令", "/帮助；/帮助 命令", _help, unbound=True),
    Command(
        "查",
        "查专班",
        "/查 专班 名称",
        lambda context, text: task_forces.show(context, text.removeprefix("专班")),
    ),
    Command("专用", "别人看不到", "/专用", lambda *_: None, may=lambda _: False),
)


@dataclass
class Chat:
    """Speaks as anyone and keeps what was answered: (to whom, text) in order."""

    session: WriteSession
    router: Router
    now: datetime = NOW
    count: int = 0
    said: list[tuple[str, str]] = field(default_factory=list)

    def send(self, account: str, text: str, *, group: str = "") -> str:
        """Everything answered to this message, joined."""
        self.count += 1
        message = InboundMessage(
            platform="webchat", message_id=f"m{self.count}", account=account,
            chat=ChatKind.GROUP if group else ChatKind.PRIVATE, chat_address=group, kind=InboundKind.TEXT,
            text=text, received_at=self.now,
        )  # fmt: skip
        last = self.session.execute(select(func.max(OutboxNotice.id))).scalar_one() or 0
        self.router.handle(
            self.session, message, snapshot=read_snapshot(self.session), inbox_id=self.count, now=self.now
        )
        rows = self.session.execute(
            select(OutboxNotice)
            .where(OutboxNotice.id > last, OutboxNotice.reason == "回复")
            .order_by(OutboxNotice.id)
        ).scalars()
        found = [(row.recipient_kind, render(decode(row.notice, row.payload))) for row in rows]
        self.said = found
        return "\n".join(text for _, text in found)

    def told(self, reason: str) -> list[str]:
        """What waits for others with this reason."""
        rows = self.session.execute(
            select(OutboxNotice).where(OutboxNotice.reason == reason).order_by(OutboxNotice.id)
        ).scalars()
        return [render(decode(row.notice, row.payload)) for row in rows]


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    engine = sync_engine(prepared.copy(prepared.city(at("2026-09-21T18:00")), tmp_path / "test.db"))
    verbs: Mapping[str, object] = {}
    router = Router(
        commands=COMMANDS, verbs=dict(verbs), free_text=lambda _: None, files=lambda _: None,  # type: ignore[arg-type]
        recalled=lambda _: None,
    )  # fmt: skip
    with engine.begin() as connection, WriteSession(connection) as session:
        yield Chat(session, router)
    engine.dispose()


def code_in(text: str) -> str:
    found = re.search(r"绑定码：([0-9A-Z]{6})\b", text)
    assert found is not None, text
    return found[1]


# --- binding


def test_an_unbound_account_is_bound_by_a_code(chat: Chat) -> None:
    code = code_in(chat.send("刘洋", "/绑定 发码 王磊(临河区发改局)"))
    entries = chat.session.execute(select(func.count()).select_from(Entry)).scalar_one()
    assert "您还未绑定身份" in chat.send(STRANGER, "青禾县污水处理厂累计5500万")
    assert chat.session.execute(select(func.count()).select_from(Entry)).scalar_one() == entries
    assert "已绑定：王磊(临河区发改局)" in chat.send(STRANGER, f"/绑定 {code.lower()}")
    assert "您可以直接发进展" in chat.send(STRANGER, "/帮助")
    assert "绑定码无效" in chat.send("u-78", f"/绑定 {code}")
    stored = chat.session.execute(select(BindingCode)).scalar_one()
    assert code.encode() not in stored.digest
    row = chat.session.execute(select(AuditRow).where(AuditRow.reason == "绑定码")).scalar_one()
    assert (row.field, row.old, row.new) == ("account:webchat", None, STRANGER)


def test_full_width_and_missing_spaces_do_not_matter(chat: Chat) -> None:
    code = code_in(chat.send("刘洋", "／绑定发码 李娜"))
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    assert "已绑定：李娜" in chat.send(STRANGER, f"／绑定{wide}")


def test_five_wrong_codes_block_the_account_for_an_hour_the_right_code_included(chat: Chat) -> None:
    code = code_in(chat.send("刘洋", "/绑定 发码 李娜"))
    answers = [chat.send(STRANGER, f"/绑定 WRONG{number}") for number in range(5)]
    assert [re.search(r"还可再试 (\d) 次", answer) is not None for answer in answers] == [True] * 4 + [False]
    assert "09-22 10:00 前不能绑定" in answers[-1]
    assert "不能绑定" in chat.send(STRANGER, f"/绑定 {code}")
    assert "已绑定" in chat.send("u-79", f"/绑定 {code}")  # another account is not blocked
    other = code_in(chat.send("刘洋", "/绑定 发码 李娜"))
    chat.now = NOW + timedelta(minutes=59)
    assert "不能绑定" in chat.send(STRANGER, f"/绑定 {other}")
    chat.now = NOW + timedelta(minutes=60)
    assert "已绑定：李娜" in chat.send(STRANGER, f"/绑定 {other}")


def test_wrong_codes_are_forgotten_after_an_hour(chat: Chat) -> None:
    for number in range(4):
        chat.send(STRANGER, f"/绑定 WRONG{number}")
    chat.now = NOW + timedelta(minutes=61)
    assert "还可再试 4 次" in chat.send(STRANGER, "/绑定 WRONG9")


def test_a_code_expires_after_seven_days_and_is_replaced_by_the_next(chat: Chat) -> None:
    first = code_in(chat.send("刘洋", "/绑定 发码 李娜"))
    second = code_in(chat.send("刘洋", "/绑定 发码 李娜"))
    assert "绑定码无效" in chat.send(STRANGER, f"/绑定 {first}")
    chat.now = NOW + timedelta(days=7)
    assert "绑定码无效" in chat.send(STRANGER, f"/绑定 {second}")


@pytest.mark.parametrize(
    ("issuer", "person", "allowed"),
    [
        ("刘洋", "苏静", True),
        ("孙晓雯", "苏静", True),
        ("陈立新", "苏静", True),
        ("苏静", "谭勇", True),  # 联络员 of the same unit
        ("李娜", "钱文海", True),  # of the same county
        ("王磊(高新区管委会)", "蒋涛", True),
        ("李娜", "张伟", False),
        ("程凯", "陈立新", False),  # 联络员 of 能源专班, not of 市发改委
        ("谭勇", "苏静", False),  # a leader is no 联络员
        ("曹颖", "周敏", False),
    ],
)
def test_who_may_issue_a_code(chat: Chat, issuer: str, person: str, allowed: bool) -> None:
    answer = chat.send(issuer, f"/绑定 发码 {person}")
    assert ("绑定码：" in answer) is allowed
    if not allowed:
        assert "由系统管理员、综合专班联络员或该人员所在单位的联络员办理" in answer
        assert chat.session.execute(select(BindingCode)).first() is None


def test_codes_are_never_shown_in_a_group(chat: Chat) -> None:
    chat.send("孙晓雯", "/绑定 发码 李娜", group="综合专班")
    assert [kind for kind, _ in chat.said] == ["person"]
    code = code_in(chat.said[0][1])
    chat.send(STRANGER, f"/绑定 {code}", group="综合专班")
    assert [kind for kind, _ in chat.said] == ["account"]


def test_namesakes_are_asked_for_with_their_units(chat: Chat) -> None:
    answer = chat.send("刘洋", "/绑定 发码 王磊")
    assert "1 王磊(临河区发改局)" in answer
    assert "2 王磊(高新区管委会)" in answer
    assert "/绑定 发码 王磊(临河区发改局)" in answer
    assert "绑定码：" in chat.send("刘洋", "/绑定 发码 王磊（高新区管委会）")


def test_only_the_administrator_takes_accounts_away(chat: Chat) -> None:
    assert "由系统管理员办理" in chat.send("孙晓雯", "/绑定 解除 蒋涛")
    assert "已解除 蒋涛 的 1 个账号" in chat.send("刘洋", "/绑定 解除 蒋涛")
    assert "您还未绑定身份" in chat.send("蒋涛", "/通讯录")
    assert "没有绑定的账号" in chat.send("刘洋", "/绑定 解除 蒋涛")


def test_a_bound_account_is_not_rebound(chat: Chat) -> None:
    code = code_in(chat.send("刘洋", "/绑定 发码 李娜"))
    assert "不能再次绑定：本账号是 张伟 的账号" in chat.send("张伟", f"/绑定 {code}")
    held = select(Account.person_id).where(Account.account == "张伟")
    before = chat.session.execute(held).scalar_one()
    assert "已绑定：李娜" in chat.send(STRANGER, f"/绑定 {code}")  # it was not used up
    assert chat.session.execute(held).scalar_one() == before


def test_an_unbound_account_can_neither_issue_nor_look_up(chat: Chat) -> None:
    for text in ("/绑定 发码 李娜", "/绑定 解除 李娜", "/绑定", "/通讯录", "/代理 李娜 9月22日"):
        assert "您还未绑定身份" in chat.send(STRANGER, text)
    kinds = chat.session.execute(select(BindingAttempt.kind)).scalars().all()
    assert kinds == ["unbound_message"] * 4  # /绑定 itself is theirs to use (rule B2)


# --- delegation


def test_a_delegation_ends_at_midnight_of_its_last_day(chat: Chat) -> None:
    answer = chat.send("马德胜", "/代理 孙晓雯 9月22日 至 9月23日")
    assert "09-23 24:00" in answer
    row = chat.session.execute(select(Delegation)).scalar_one()
    assert row.starts_at == NOW
    assert row.ends_at == at("2026-09-24T00:00")
    directory = read_snapshot(chat.session).directory
    principal, delegate_ = directory.people[row.principal_id], directory.people[row.delegate_id]
    last = at("2026-09-23T23:59")
    assert directory.standing_in_for(delegate_.id, last) == (principal,)
    assert directory.standing_in_for(delegate_.id, at("2026-09-24T00:00")) == ()
    (told,) = chat.told("代理")
    assert "马德胜 请您代理：自 09-22 09:00 至 09-23 24:00" in told
    assert "孙晓雯（代 马德胜）" in told
    assert "您委托 孙晓雯 代理" in chat.send("马德胜", "/代理")
    assert "您代理 马德胜" in chat.send("孙晓雯", "/代理")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("/代理 李娜 9月25日", "2026-09-25T00:00", "2026-09-26T00:00"),
        ("/代理 李娜 明天", "2026-09-23T00:00", "2026-09-24T00:00"),
        ("/代理 李娜 9月23日14:00至9月24日12:30", "2026-09-23T14:00", "2026-09-24T12:30"),
        ("／代理李娜 2026-09-23 到 2026-10-08", "2026-09-23T00:00", "2026-10-09T00:00"),
        ("/代理 李娜 12月30日 — 1月3日", "2026-12-30T00:00", "2027-01-04T00:00"),
        ("/代理 李娜 从9月23日到9月24日", "2026-09-23T00:00", "2026-09-25T00:00"),
        ("/代理 李娜 ９月２３日　至　９月２４日", "2026-09-23T00:00", "2026-09-25T00:00"),
    ],
)
def test_ways_to_say_a_period(chat: Chat, text: str, start: str, end: str) -> None:
    assert "已记录代理" in chat.send("张伟", text)
    row = chat.session.execute(select(Delegation)).scalar_one()
    assert (row.starts_at, row.ends_at) == (at(start), at(end))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/代理 张伟 9月23日", "不能由本人代理本人"),
        ("/代理 李娜 9月23日 至 9月21日", "结束时间应晚于开始时间"),
        ("/代理 李娜 2026-09-23 至 2026-09-21", "结束时间应晚于开始时间"),
        ("/代理 李娜 2026-09-20 至 2026-09-21", "结束时间应晚于开始时间"),
        ("/代理 李娜", "起止日期"),
        ("/代理 李娜 2月30日", "没有2月30日"),
        ("/代理 李娜 9月23日 25:00", "时刻 25 点不对"),
        ("/代理 无名氏 9月23日", "未找到，或您无权查看"),
        ("/代理 9月23日", "没看懂"),
        ("/代理 取消", "没有正在进行或将要开始的代理"),
        ("/代理 王磊 9月23日", "有2位"),
    ],
)
def test_what_is_no_delegation_is_refused(chat: Chat, text: str, words: str) -> None:
    assert words in chat.send("张伟", text)
    assert chat.session.execute(select(Delegation)).first() is None


def test_a_delegate_without_an_account_is_refused(chat: Chat) -> None:
    chat.send("刘洋", "/绑定 解除 蒋涛")
    assert "蒋涛还未绑定账号" in chat.send("王磊(高新区管委会)", "/代理 蒋涛 9月23日")


def test_one_delegate_at_a_time_and_cancelling_ends_the_right_at_once(chat: Chat) -> None:
    chat.send("马德胜", "/代理 孙晓雯 9月22日 至 9月23日")
    assert "已由孙晓雯代理" in chat.send("马德胜", "/代理 黄明 9月23日")
    assert "已记录代理" in chat.send("马德胜", "/代理 黄明 9月24日")
    assert chat.send("马德胜", "/代理 取消").count("已取消") == 2
    directory = read_snapshot(chat.session).directory
    sun = next(person for person in directory.people.values() if person.name == "孙晓雯")
    assert directory.standing_in_for(sun.id, NOW) == ()
    assert len(chat.told("取消代理")) == 2
    fields = (
        chat.session.execute(select(AuditRow.reason).where(AuditRow.field == "delegation")).scalars().all()
    )
    assert fields == ["代理", "代理", "取消代理", "取消代理"]


# --- the address book


def test_a_task_force_in_the_address_book(chat: Chat) -> None:
    answer = chat.send("李娜", "/通讯录 要素保障")
    assert "要素保障专班：牵头 市自然资源局 带班领导 韩志刚 联络员 林芳；成员" in answer
    assert "市生态环境局 带班领导 未确定 联络员 高原" in answer
    assert "内线" not in answer  # not of her county or task forces


def test_who_sees_numbers(chat: Chat) -> None:
    assert "林芳（内线8012）" in chat.send("孙晓雯", "/通讯录 要素保障")
    assert "林芳（内线8012）" in chat.send("苏静", "/通讯录 要素保障专班")
    assert "内线" not in chat.send("吴迪", "/通讯录 要素保障")
    assert "钱文海（内线8211）" in chat.send("李娜", "/通讯录 白石县")
    assert "内线" not in chat.send("张伟", "/通讯录 白石县")
    assert "内线" not in chat.send("孙晓雯", "/通讯录 要素保障", group="综合专班")


def test_a_bank_sees_only_the_finance_task_force(chat: Chat) -> None:
    listed = chat.send("曹颖", "/通讯录")
    assert "财政金融专班" in listed
    assert "要素保障" not in listed
    finance = chat.send("曹颖", "/通讯录 财政金融")
    assert "市财政局 带班领导 许建平 联络员 周敏" in finance
    assert "内线8041" not in finance
    same = "未找到，或您无权查看"
    for text in ("要素保障", "市水利局", "唐静", "不存在局"):
        assert chat.send("曹颖", f"/通讯录 {text}").strip() == same


def test_units_and_people_in_the_address_book(chat: Chat) -> None:
    assert "所在专班：水利专班" in chat.send("张伟", "/通讯录 水利局")
    found = chat.send("张伟", "/通讯录 王磊")
    assert "王磊(临河区发改局)：临河区发改局，临河区联络员" in found
    assert "王磊(高新区管委会)：高新区管委会，高新区联络员" in found
    assert "综合专班负责人" in chat.send("张伟", "/通讯录 陈立新")
    assert "8. 社会事业专班（牵头 市教育局）" in chat.send("张伟", "/通讯录")


# --- 专班 as the roster says, 帮助


def test_task_forces_of_ones_own_organisation(chat: Chat) -> None:
    xinxiang = Path(rosters.__file__).parent.parent / "data" / "rosters" / "xinxiang.yaml"
    rosters.apply(chat.session, parse_roster(xinxiang.read_text(encoding="utf-8")), now=NOW)
    answer = chat.send("张伟", "/查 专班 综合")
    assert answer.startswith("云川市综合专班")
    assert "牵头项目类别：三个一批、省市重点、中央预算内、基金" in answer
    overview = chat.send("张伟", "/查 专班")
    assert "云川市共 8 个专班" in overview
    assert "红旗区" not in overview
    assert "未找到，或您无权查看" in chat.send("张伟", "/查 专班 联审联批")


def test_help_shows_what_the_asker_may_do(chat: Chat) -> None:
    answer = chat.send("张伟", "/帮助")
    assert answer.index("【上报与查询】") < answer.index("【人员与系统】")
    assert "/通讯录 查专班、单位" in answer
    assert "/专用" not in answer
    assert "用法：/通讯录；" in chat.send("张伟", "/帮助 通讯录")
    assert "没看懂" in chat.send("张伟", "/帮助 专用")


def test_help_for_an_unbound_account_is_two_commands(chat: Chat) -> None:
    answer = chat.send(STRANGER, "/帮助")
    assert re.findall(r"^/(\S+)", answer, flags=re.MULTILINE) == ["帮助", "绑定"]
