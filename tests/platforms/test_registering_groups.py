"""/绑定群 where groups are addresses of a vendor: the chat it is said in is registered, and answered at once (B5)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import ON_POSTGRES
from tests.fakes import matrix as matrix_fake
from tests.fakes import wecom_aibot as fake
from tests.flows.city import City

from .bots import BotOffice, bot_office
from .conftest import LIAISON
from .matrix_office import ZHANG, MatrixOffice, matrix_office

PLANT = "ZX0031"
REGISTER = "/绑定群 青禾县"
NEW = "wrNEWGROUP0002"
ADMIN = "LiuYang"
ADMIN_THERE = f"@liuyang:{matrix_fake.SERVER}"


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> postgres.Server | None:
    return request.getfixturevalue("postgres_databases") if ON_POSTGRES else None


@pytest.fixture
async def office(tmp_path: Path, databases: postgres.Server | None) -> AsyncIterator[BotOffice]:
    async with bot_office(tmp_path, databases=databases, app=False) as made:
        await administrator(made.city, "wecom", ADMIN)
        yield made


@pytest.fixture
async def rooms(tmp_path: Path, databases: postgres.Server | None) -> AsyncIterator[MatrixOffice]:
    async with matrix_office(tmp_path, databases) as made:
        await administrator(made.city, "matrix", ADMIN_THERE)
        yield made


async def administrator(city: City, platform: str, account: str) -> None:
    """刘洋 has an account there as well."""
    await city.change(
        "INSERT INTO accounts (person_id, platform, account) SELECT id, :platform, :account FROM people "
        "WHERE name = '刘洋'",
        platform=platform, account=account,
    )  # fmt: skip
    await city.restart()


async def places(city: City, platform: str) -> list[str]:
    rows = await city.rows(
        "SELECT a.account FROM group_accounts a JOIN chat_groups g ON g.id = a.group_id "
        "WHERE a.platform = :platform AND g.name = '青禾县'",
        platform=platform,
    )
    return [row["account"] for row in rows]


async def test_an_ai_bots_group(office: BotOffice) -> None:
    caller = office.caller

    async def said(who: str, text: str) -> str:
        told = await caller.whole(caller.text(who, f"@{fake.NAME} {text}", group=NEW))
        return str(told["stream"]["content"]) if told else ""

    assert PLANT not in await said(LIAISON, f"/查 {PLANT}"), "nobody has registered it"
    assert "您不能登记群" in await said(LIAISON, REGISTER)
    assert "已有另一个群" in await said(ADMIN, REGISTER)
    before = await places(office.city, "wecom_aibot")
    assert NEW not in before
    assert "本群已登记为【青禾县】的群" in await said(ADMIN, f"{REGISTER} 确认")
    assert await places(office.city, "wecom_aibot") == [NEW]
    assert await places(office.city, "wecom_webhook") != [], "its push address stays"
    assert PLANT in await said(LIAISON, f"/查 {PLANT}")


async def test_a_matrix_room(rooms: MatrixOffice) -> None:
    server = rooms.server
    room = server.room(ZHANG, ADMIN_THERE, f"@b:{matrix_fake.SERVER}", name="群 新的")
    await rooms.say(f"@助手 {REGISTER} 确认", room=room, who=ZHANG)
    assert server.screen(room) == [], "a refusal is for the asker alone"
    assert "您不能登记群" in rooms.heard()[-1]
    await rooms.say(f"@助手 {REGISTER} 确认", room=room, who=ADMIN_THERE)
    assert "本群已登记为【青禾县】的群" in server.screen(room)[-1].text
    assert await places(rooms.city, "matrix") == [room]
    await rooms.say(f"@助手 /查 {PLANT}", room=room)
    assert PLANT in server.screen(room)[-1].text
    shown = len(server.screen(rooms.group))
    await rooms.say(f"@助手 /查 {PLANT}", room=rooms.group)
    assert len(server.screen(rooms.group)) == shown, "the old room is no group of ours any more"
