"""What an earlier version left in the outbox is still said by a later one (rule P1)."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest

import templates
from models.notices import base, escalations, item_screening, lights, topic_meetings
from models.notices.items import ItemFacts

FACTS = ItemFacts(7, "W0190", "跨线桥方案未批", "ZD0115 云川大道")
AT = datetime(2026, 9, 23, 1, tzinfo=UTC)
LINE = topic_meetings.TopicLine("W0190", "跨线桥方案未批", "涉铁", "市交通运输局")
SAID = ("方案未批", "市交通运输局", "赴铁路局对接", date(2026, 10, 16))


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (escalations.ItemEscalated(FACTS, 0, *SAID, "陈立新"), "提请协调（W0190）"),
        (escalations.ItemSentDown(FACTS, "郑海峰", "先报方案", 1), "请重新甄别"),
        (
            escalations.ItemEscalationDecided(
                FACTS, "陈立新", 2, agreed=True, reason="", told="郑海峰", own=True
            ),
            "已提级：W0190 跨线桥方案未批，已报郑海峰",
        ),
        (
            escalations.ItemEscalationProposed(
                FACTS, 3, 1, 2, *SAID, done="", reason="", by="吴迪", overdue="", edited=False
            ),
            "同意后报上一级",
        ),
        (
            item_screening.UrgentReported(FACTS, "吴迪", AT, None, restricted=False),
            "定为特别重大的，即时上报；",
        ),
        (item_screening.GraveProblem(FACTS, "吴迪", AT, None, "陈立新", AT, decides=True), "定为特别重大\n"),
        (
            item_screening.GraveDecided(FACTS, grave=True, by="陈立新", told="沈国栋", own=True),
            "已定为特别重大：W0190，已即时报沈国栋",
        ),
        (
            lights.LightEscalationProposed(1, "ZX0031", "污水处理厂", 10, *SAID, edited=False),
            "提请上一级协调",
        ),
        (lights.RedForMeeting("ZX0031", "污水处理厂", 20), "列入月度专题会议建议议题"),
        (topic_meetings.TopicsToApprove(1, 1, 9, topics=(LINE,), by="孙晓雯"), "各项升至3级；"),
        (
            topic_meetings.TopicsApproved(1, 1, 9, topics=(LINE,), skipped=(), by="陈立新", own=True),
            "已升至3级：",
        ),
        (
            topic_meetings.TopicsForLeader(1, 1, 9, topics=(LINE,), item_ids=(7,), by="陈立新"),
            "议题（陈立新 审定）",
        ),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, base.Notice) else "",
)
def test_without_the_names_of_levels(notice: base.Notice, words: str) -> None:
    stored = base.encode(notice)
    for field in dataclasses.fields(notice):  # type: ignore[arg-type]
        if field.name in NEW:
            del stored[field.name]
    assert words in templates.render(base.decode(type(notice).__name__, stored))


def test_what_is_a_refusal_now() -> None:
    assert templates.render(base.decode("NotYours", {"author": "李娜"})) == "只有上报人李娜或其代理人可以确认"


NEW = {"level_name", "addressee", "asked", "from_name", "to_name", "leaders", "office", "chair"}
