"""/绑定群: a chat group is registered for a body from within, and has that body's scope at once (rules B5, B10)."""

from __future__ import annotations

from .city import City, Json, lacks, says, silent
from .conftest import OpenCity

AT = "2026-09-22 10:00"
ADMIN = "刘洋"
NEW = "水利攻坚群"


async def addresses(city: City) -> dict[str, str]:
    """Web chat address → name of the registered group."""
    rows = await city.rows(
        "SELECT a.account, g.name FROM group_accounts a JOIN chat_groups g ON g.id = a.group_id "
        "WHERE a.platform = 'webchat'"
    )
    return {row["account"]: row["name"] for row in rows}


async def audit(city: City) -> list[Json]:
    return await city.rows(
        "SELECT field, old, new, by_name, reason FROM audit WHERE record_kind = 'group' ORDER BY id"
    )


async def test_b5_a_new_group_is_registered_and_has_the_scope_at_once(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say(ADMIN, "/绑定群 市水利局", group="水利局群")
    shown = city.last("水利局群")
    says(shown, "本群已登记为【市水利局】的群", ADMIN)
    assert (await addresses(city))["水利局群"] == "市水利局"
    rows = await audit(city)
    assert [(row["field"], row["by_name"], row["reason"]) for row in rows][-1] == (
        "account:webchat", ADMIN, "登记群",
    )  # fmt: skip
    city.mark()
    await city.say("马德胜", "/查 ZX0031", group="水利局群")
    assert city.heard("水利局群"), "it is a group that is answered"


async def test_b5_what_it_would_end_is_asked_about_first(open_city: OpenCity) -> None:
    city = await open_city(AT)
    before = await addresses(city)
    await city.say(ADMIN, "／绑定群水利专班", group=NEW)
    card = city.last(ADMIN)
    says(card, "【水利专班】已有另一个群", "尚未改动")
    assert await addresses(city) == before
    await city.press_on(card, ADMIN, "改登记")
    after = await addresses(city)
    assert (after[NEW], "水利专班" in after) == ("水利专班", False)
    assert [(row["old"], row["new"]) for row in await audit(city)][-2:] == [
        ("水利专班", None), (None, NEW),
    ]  # fmt: skip
    city.mark()
    await city.say(ADMIN, "/绑定群 水利专班", group=NEW)
    says(city.last(NEW), "本群已登记为【水利专班】的群，未作改动")


async def test_b5_an_old_card_changes_nothing_newer(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say(ADMIN, "/绑定群 水利专班", group=NEW)
    card = city.last(ADMIN)
    await city.say(ADMIN, "/绑定群 水利专班 确认", group="第二个群")
    says(city.last("第二个群"), "本群已登记为【水利专班】的群")
    before = await addresses(city)
    await city.press_on(card, ADMIN, "改登记")
    says(city.last(ADMIN), "已经变了")
    assert await addresses(city) == before


async def test_b5_another_scope_follows_at_once(open_city: OpenCity) -> None:
    """The county's group becomes another county's: what it could ask before it cannot ask now."""
    city = await open_city(AT)
    await city.say("马德胜", "/查 ZX0031", group="青禾县")
    says(city.last("青禾县"), "ZX0031")
    city.mark()
    await city.say(ADMIN, "/绑定群 白石县", group="青禾县")
    asked = city.last("青禾县")
    says(asked, "本群现登记为【青禾县】的群", "【白石县】已有另一个群")
    assert "改登记" in asked.actions[0]
    await city.say(ADMIN, "改登记", group="青禾县")
    says(city.last("青禾县"), "本群已登记为【白石县】的群")
    city.mark()
    await city.say("马德胜", "/查 ZX0031", group="青禾县")
    for one in city.heard("青禾县"):
        lacks(one, "城南污水处理厂")


async def test_b10_nobody_else_may(open_city: OpenCity) -> None:
    city = await open_city(AT)
    before = await addresses(city)
    for who in ("张伟", "马德胜"):
        city.mark()
        await city.say(who, "/绑定群 水利专班", group=NEW)
        says(city.last(who), "您不能登记群，此事由本级系统管理员办理")
        await city.say(who, "/绑定群 白石县 确认", group="青禾县")
        says(city.last("青禾县"), "您不能登记群")
    await city.say(ADMIN, "/绑定群 水利专班", group=NEW)
    card = city.last(ADMIN)
    await city.press_on(card, "张伟", "改登记")
    says(city.last("张伟"), "您不能登记群")
    assert await addresses(city) == before
    assert await audit(city) == []
    attempts = await city.rows("SELECT new FROM audit WHERE record_kind = 'access'")
    assert len(attempts) >= 4


async def test_b4_what_is_no_body_of_this_organisation_is_not_found(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say(ADMIN, "/绑定群 火星专班", group=NEW)
    says(city.last(ADMIN), "未找到")
    await city.say(ADMIN, "/绑定群 水利专班")
    says(city.last(ADMIN), "请在那个群里")
    city.mark()
    await city.say(ADMIN, "/绑定群", group="青禾县")
    says(city.last("青禾县"), "本群已登记为【青禾县】的群")


async def test_c15_nothing_else_is_heard_in_a_group_that_nobody_registered(open_city: OpenCity) -> None:
    city = await open_city(AT)
    status, _ = await city.post("messages", {"from": ADMIN, "chat": NEW, "text": "@助手 /帮助"})
    assert status == 404
    await city.say("没绑定的人", "/绑定群 水利专班", group=NEW)
    silent(city)
