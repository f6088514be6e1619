"""Each workday for the administrator: unbound accounts (B2), what is stuck (P1, P3), a missing year (A1)."""

from __future__ import annotations

from datetime import timedelta

from models.notices.people import CalendarMissing, UnboundAttempts
from models.notices.replies import QueuesStuck
from models.operations.desk import Desk
from models.operations.versions import mark, put_mark
from models.queries import people, queues
from models.types import Role
from scheduler.schedule import Daily, Job, JobResult


def run(desk: Desk) -> JobResult:
    """Attempts are counted by whole days: from the last digest's day up to yesterday."""
    today, calendar = desk.today, desk.directory.calendar
    administrators = desk.directory.holders(Role.ADMINISTRATOR)
    lines = people.unbound_attempts(
        desk.session,
        first=calendar.subtract_workdays(today, 1),
        last=today - timedelta(days=1),
        at_least=desk.policies.base.unbound_attempts_reported,
    )
    if lines and administrators:
        desk.notify(
            UnboundAttempts(lines),
            to=administrators,
            key=f"unbound_attempts:{today.isoformat()}",
            reason="未绑定账号多次发消息",
        )
    stuck = queues.stuck(desk.session)
    if stuck.any and administrators:
        desk.notify(
            QueuesStuck(
                dead=stuck.dead, parked=stuck.parked, undelivered=stuck.undelivered, reasons=stuck.reasons
            ),
            to=administrators,
            key=f"queues_stuck:{today.isoformat()}",
            reason="失败和停放的消息",
        )
    told = f"calendar_missing:{today.year}"
    missing = not calendar.covers(today.year) and mark(desk.session, told) is None
    if missing and administrators:
        put_mark(desk.session, told, desk.now.isoformat())
        desk.notify(CalendarMissing(today.year), to=administrators, key=told, reason="节假日表缺年")
    return {"accounts": len(lines), "stuck": stuck.dead + stuck.parked, "calendar_missing": int(missing)}


JOB = Job("admin_digest", "系统管理员日报", Daily("08:30", workdays=True), run)
