"""When what is written at a desk goes out (rules A3, A4, E8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.operations.desk import Desk
from models.queries import audits
from models.queries import directory as directories
from models.rules.policies import Policies
from tests import prepared

from .clockwork import moment


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with prepared.session_on(prepared.city(moment("2026-09-21 18:00")), tmp_path) as session:
        yield session


@pytest.mark.parametrize(
    ("due", "ran", "digest"),
    [
        ("2026-09-29 08:30", None, "2026-09-29 08:30"),
        ("2026-09-29 08:31", None, "2026-09-30 08:30"),
        ("2026-10-01 07:00", None, "2026-10-08 08:30"),  # 国庆
        ("2026-09-29 07:00", "2026-09-29 09:30", "2026-09-29 08:30"),  # late, inside the window: at once
        ("2026-09-30 07:00", "2026-10-03 10:00", "2026-10-08 08:30"),  # caught up on a day off
        ("2026-09-29 07:00", "2026-09-29 20:00", "2026-09-30 08:30"),  # caught up after the window closed
        ("2026-09-30 07:00", "2026-10-08 06:00", "2026-10-08 08:30"),
    ],
)  # fmt: skip
def test_e8_digest_of_caught_up_work(session: Session, due: str, ran: str | None, digest: str) -> None:
    """Rules A3 A4 E8: a digest that was missed is not sent while the window is closed."""
    desk = Desk(
        session, directories.load(session), Policies(), moment(due), processed_at=moment(ran) if ran else None
    )
    assert desk.next_digest() == moment(digest)


def test_times_of_the_history_are_local() -> None:
    assert audits.in_words("due_at", None, "2026-11-03T10:00:00+00:00").endswith("空 → 2026-11-03 18:00")
    assert audits.in_words("title", "甲", "乙").endswith("甲 → 乙")
