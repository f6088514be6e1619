"""What timers do, one module a kind of record: a new one is a module and a line here."""

from scheduler.schedule import TimerKind
from scheduler.timers import documents, drafts, items, ladders, lights, province_reports

TIMERS: dict[str, TimerKind] = {
    kind.name: kind
    for module in (documents, drafts, items, lights, ladders, province_reports)
    for kind in module.KINDS
}
