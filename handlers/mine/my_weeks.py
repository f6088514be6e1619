"""What of the week waits for a person: feedback and 小结 (rules A5, I1)."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.context import Context
from models.notices.items import Task
from models.notices.weekly import summary_actions, weekly_actions
from models.operations import weekly, weekly_summaries
from models.queries import weekly as weekly_queries
from models.queries.directory import PersonInfo


def tasks(context: Context, person: PersonInfo) -> Iterator[Task]:
    """Feedback that was called for, and 小结 that was asked for."""
    yield from _feedback(context, person)
    yield from _summaries(context, person)


def _feedback(context: Context, person: PersonInfo) -> Iterator[Task]:
    """Feedback that the person's 专班 or county was called for and has not given (rules A5, I1)."""
    bodies = weekly_queries.bodies_of(context.directory, person)
    if not bodies:
        return
    week = weekly.period(context.desk, person)
    if context.now < week.call_at:
        return
    known = weekly_queries.reports(context.session, week)
    owed = [body.name for body in bodies if (body.kind, body.id) not in known]
    if owed:
        yield Task(
            f"本周反馈 {'、'.join(owed)}",
            weekly_queries.due(context.session, context.directory, week),
            weekly_actions(week.first.isoformat(), person.id),
        )


def _summaries(context: Context, person: PersonInfo) -> Iterator[Task]:
    """小结 of the categories that the person answers for, from when it is asked until the 汇总 is made."""
    bodies = weekly_queries.categories_of(context.directory, person)
    week = weekly_summaries.period(context.desk, person)
    due_at = weekly_summaries.due(context.desk, week)
    waits = weekly_summaries.asked_at(context.desk, week) <= context.now < max(week.digest_at, due_at)
    if not bodies or not waits or weekly.never_called(context.desk, week):
        return
    known = weekly_queries.reports(context.session, week)
    owed = [body.name for body in bodies if (row := known.get((body.kind, body.id))) is None or row.unchanged]
    if owed:
        yield Task(
            f"本周小结 {'、'.join(owed)}",
            due_at,
            summary_actions(week.first.isoformat(), owed[0], person.id),
        )
