"""Who has very much to decide: a verb typed with its number means an old card, too (rules B10, F6, G2)."""

from __future__ import annotations

import pytest

from .city import says
from .conftest import OpenCity
from .test_b8_same_work import statements
from .told import person_id

pytestmark = pytest.mark.sqlite_only

_SEVENTY_MORE = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70) "
    "INSERT INTO outbox (key, recipient_kind, recipient_id, platform, notice, payload, reason, urgency, subject_kind, "
    "subject_id, created_at, due_at, state, attempts, ended_at) "
    "SELECT randomblob(16), recipient_kind, recipient_id, platform, notice, payload, reason, urgency, subject_kind, "
    "subject_id, created_at, due_at, 'sent', 1, ended_at FROM n, "
    "(SELECT * FROM outbox WHERE recipient_kind = 'person' AND recipient_id = :who ORDER BY id DESC LIMIT 1)"
)


# As many cards of as many different problems, each with a button of its own: their records are not looked at.
_CARDS_OF_OTHERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) "
    "INSERT INTO outbox (key, recipient_kind, recipient_id, platform, notice, payload, reason, urgency, subject_kind, "
    "subject_id, created_at, due_at, state, attempts, ended_at, actions) "
    "SELECT randomblob(16), recipient_kind, recipient_id, platform, notice, '{}', reason, urgency, subject_kind, "
    "subject_id, created_at, due_at, 'sent', 1, ended_at, "
    "json_array(json_object('id', i, 'label', '不提级', 'verb', 'item.escalation_refuse', "
    "'args', json_object('draft', 100000 + i), 'prompt', '理由')) FROM n, "
    "(SELECT * FROM outbox WHERE recipient_kind = 'person' AND recipient_id = :who ORDER BY id DESC LIMIT 1)"
)


async def test_what_was_shown_long_ago_costs_nothing(open_city: OpenCity) -> None:
    """Among 400 older cards for the same verb the one with the number is found without a look at the others."""
    city = await open_city("2026-10-14 10:00")
    await city.change(_CARDS_OF_OTHERS, who=await person_id(city, "陈立新"))
    await city.change(_SEVENTY_MORE, who=await person_id(city, "陈立新"))
    with statements() as found:
        await city.say("陈立新", "不提级 W0186 已有措施")
    says(city.last("陈立新"), "W0186", "不提级")
    looked_at = sum(times for one, times in found.items() if one.startswith("SELECT escalation_drafts."))
    assert looked_at < 10


async def test_an_old_card_is_found_by_its_number(open_city: OpenCity) -> None:
    """Seventy notices after the 提级建议 on W0186, 陈立新 decides on it by typing; it is no feedback on the item."""
    city = await open_city("2026-10-14 10:00")
    waits = "SELECT state FROM escalation_drafts WHERE subject_kind = 'item' AND state {} ORDER BY id"
    assert await city.rows(waits.format("= 'draft'")), "no proposal waits"
    await city.change(_SEVENTY_MORE, who=await person_id(city, "陈立新"))
    city.mark()
    await city.say("陈立新", "不提级 W0186 已有措施")
    says(city.only("陈立新"), "W0186", "不提级")
    assert await city.rows(waits.format("= 'refused'"))
