"""激励倾斜建议 of a year: when it is drafted, for whom, what is decided (S49; rules A6, I6)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Invalid, NotAllowed
from models.operations import documents, papers, rankings, year_proposals
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.queries import directory as directories
from models.queries.directory import Directory
from models.rules.award_policy import AwardPolicy
from models.rules.policies import Policies
from models.rules.ranking import proposed_quotas, quota_terms
from models.tables.documents import Document
from models.tables.outbox import OutboxNotice
from templates.documents import Papers
from tests import prepared

from .clockwork import moment as at


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with prepared.session_on(prepared.city(at("2026-09-21T18:00")), tmp_path) as session:
        yield session


def desk(session: Session, directory: Directory, when: str, name: str = "") -> Desk:
    if not name:
        return Desk(session, directory, Policies(), at(when))
    person = next(one for one in directory.people.values() if one.label == name)
    return Desk(session, directory, Policies(), at(when), Actor(person.id, person.label))


def told(session: Session, directory: Directory) -> set[str]:
    return {
        directory.people[row.recipient_id].label
        for row in session.execute(
            select(OutboxNotice).where(OutboxNotice.notice == "YearProposal")
        ).scalars()
    }


def test_s49_drafted_for_a_person_who_decides(session: Session) -> None:
    """2027-01-06 09:00 to 陈立新 alone, once; decision and reasons are stored; nothing goes to units."""
    directory = directories.load(session)
    assert rankings.monthly(desk(session, directory, "2026-10-08T09:00")) == 1
    assert rankings.monthly(desk(session, directory, "2027-01-05T09:00")) == 1, "December's 通报 draft"
    for day in ("2027-01-05T09:00", "2027-01-07T09:00"):
        assert year_proposals.yearly(desk(session, directory, day)) == 0
    assert year_proposals.yearly(desk(session, directory, "2027-01-06T09:00")) == 1
    assert told(session, directory) == {"陈立新"}
    document = session.execute(
        select(Document).where(Document.template == year_proposals.TEMPLATE)
    ).scalar_one()
    card = year_proposals.card(document)
    assert card.year == 2026
    assert {one.name for one in card.regions} == {"青禾县", "白石县", "临河区", "高新区"}
    assert "市林业局" in {one.name for one in card.departments}
    assert document.serial is None
    signing = desk(session, directory, "2027-01-06T10:00", "陈立新")
    with pytest.raises(Invalid, match="决定"):
        papers.issue(signing, document, Papers().write)
    with pytest.raises(Invalid, match="理由"):
        year_proposals.decide(signing, document, " ")
    with pytest.raises(NotAllowed):
        year_proposals.decide(desk(session, directory, "2027-01-06T10:00", "孙晓雯"), document, "同意")
    before = len(session.execute(select(OutboxNotice.id)).all())
    year_proposals.decide(signing, document, "按建议办理，理由是全年考评靠前")
    papers.issue(signing, document, Papers().write)
    assert len(session.execute(select(OutboxNotice.id)).all()) == before, "nothing goes to units by itself"
    assert document.facts["决定"] == "按建议办理，理由是全年考评靠前"
    assert documents.label(document) == "云攻坚建〔2027〕01号"


def test_i6_what_is_proposed_follows_the_score() -> None:
    assert proposed_quotas(None, 1, 4) == "暂不倾斜"
    assert proposed_quotas(ranking(79), 1, 4) == "暂不倾斜"
    assert proposed_quotas(ranking(95), 1, 4) == "项目资金申报、土地指标、能源容量、环境容量"
    assert proposed_quotas(ranking(95), 2, 4) == "项目资金申报、土地指标"


def test_i6_an_office_sets_its_own_marks() -> None:
    policy = AwardPolicy(full_score=70, full_one_in=2, part_score=50)
    assert proposed_quotas(ranking(72), 2, 4, policy) == "项目资金申报、土地指标、能源容量、环境容量"
    assert proposed_quotas(ranking(72), 3, 4, policy) == "项目资金申报、土地指标"
    assert proposed_quotas(ranking(49), 1, 4, policy) == "暂不倾斜"
    assert "70分以上且居前2分之一" in quota_terms(policy)


def ranking(score: int) -> Fraction:

    return Fraction(score)
