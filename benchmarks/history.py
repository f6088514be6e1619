"""Does a message cost more when the database holds years of them?

Two products run side by side, one on the city as it is, one on the same city with a million more rows in every table
that messages write; both get the same load in turn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import events
from benchmarks.running import PRODUCT, Workbench, serving
from benchmarks.serving import serve, warm_up
from benchmarks.targets import HISTORY, Measured

ROWS: Final = 1_000_000
EXAMPLES: Final = 40

# What differs from row to row, as SQL over n (1, 2, …) and the row that is copied; bulky texts are left out.
_COPIES: Final[Mapping[str, Mapping[str, str]]] = {
    "inbox": {"id": "n + top", "message_id": "'om_old_' || n", "payload": "'{}'"},
    "seen_messages": {"key": "randomblob(16)"},
    "drafts": {"id": "n + top", "number": "n", "state": "'confirmed'", "body": "'{}'"},
    "timers": {"id": "n + top", "key": "hex(randomblob(16))", "state": "'fired'", "subject_id": "n + top"},
    "audit": {
        "id": "n + top", "record_kind": "'draft'", "record_id": "-n", "old": "NULL", "new": "NULL",
        "digest": "randomblob(32)",
    },
    "entries": {"id": "n + top", "changes": "'{}'"},
    "outbox": {
        "id": "n + top", "key": "randomblob(16)", "payload": "'{}'", "actions": "NULL", "state": "'sent'",
        "subject_id": "NULL",
    },
    "sent_messages": {"id": "n + top"},
    "webchat_messages": {"seq": "n + top", "key": "hex(randomblob(8))", "text": "''", "actions": "'[]'"},
}  # fmt: skip


def measure(bench: Workbench, *, rounds: int, quick: bool) -> list[Measured]:
    rows, count = (2_000, 30) if quick else (ROWS, 400)
    result = Measured(HISTORY, judged=not quick)
    empty, full = bench.database(PRODUCT), bench.database(PRODUCT)
    _grow(full, rows)
    costs: dict[str, list[float]] = {"empty": [], "full": []}
    with ExitStack() as stack:
        servers = {
            "empty": stack.enter_context(serving(PRODUCT, empty)),
            "full": stack.enter_context(serving(PRODUCT, full)),
        }
        for server in servers.values():
            warm_up(server, 20 if quick else 200)
        for number in range(rounds):
            names = list(servers)[:: 1 if number % 2 else -1]
            for name in names:
                served = serve(
                    servers[name], f"r{number}", first=1000 + number * count, count=count, connections=16
                )
                costs[name].append(served.cpu)
            result.rounds.append(costs["full"][-1] / costs["empty"][-1])
    result.remark = (
        f"有历史 {median(costs['full']) * 1000:.2f}，无历史 {median(costs['empty']) * 1000:.2f} 毫秒；"
        f"{len(_COPIES)} 张表各 {rows} 行"
    )
    return [result]


def _grow(database: Path, rows: int) -> None:
    """Let the product make one row of each kind, then copy those rows in bulk."""
    with serving(PRODUCT, database) as server:
        serve(server, "example", first=0, count=EXAMPLES, connections=16)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-1000000")
        for table, differing in _COPIES.items():
            _copy(connection, table, differing, rows)
        connection.execute("ANALYZE")
        connection.execute("DROP TABLE sqlite_stat1")  # only to have read every page once
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copy(connection: sqlite3.Connection, table: str, differing: Mapping[str, str], rows: int) -> None:
    """Copies are dealt out over the examples, so that all liaisons and projects have their share."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    key = next(iter(differing))
    top = f"(SELECT max({key}) FROM {table})" if table != "seen_messages" else "0"
    chosen = ", ".join(differing.get(column, f"example.{column}") for column in columns)
    examples = f"SELECT *, row_number() OVER (ORDER BY {key} DESC) AS place FROM {table}"
    connection.execute("BEGIN")
    connection.execute(
        f"""
        INSERT INTO {table} ({", ".join(columns)})
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows}),
        highest(top) AS (SELECT {top}),
        examples AS MATERIALIZED (SELECT * FROM ({examples}) WHERE place <= {events.SENDERS})
        SELECT {chosen} FROM numbers, highest
        JOIN examples AS example ON example.place = 1 + n % (SELECT count(*) FROM examples)
        """
    )
    connection.execute("COMMIT")
