"""What SQLAlchemy has compiled for one database of a test process serves all others of the same kind.

The product has two engines for as long as it runs and compiles each statement once. A test has two engines of its
own: without this, the tests of one process would compile the same thousand statements a thousand times.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

_COMPILED: Final[LRUCache[Any, Any]] = LRUCache(
    4_000
)  # statements; the product and its tests have less than half


class _Shared(Dialect):
    """Dialects of one kind are equal, so that they find each other's statements in the cache."""

    _json_serializer: Any

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Shared)
            and type(other) is type(self)
            and other._json_serializer is self._json_serializer
        )

    def __hash__(self) -> int:
        return hash((type(self), self._json_serializer))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)


class Pysqlite(_Shared, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class Aiosqlite(_Shared, SQLiteDialect_aiosqlite):
    supports_statement_cache = True


class Asyncpg(_Shared, PGDialect_asyncpg):
    supports_statement_cache = True


def register() -> None:
    """From here on these stand in for SQLAlchemy's own under the names that URLs have for them."""
    for name, kind in (
        ("sqlite", Pysqlite),
        ("sqlite.pysqlite", Pysqlite),
        ("sqlite.aiosqlite", Aiosqlite),
        ("postgresql.asyncpg", Asyncpg),
    ):
        registry.register(name, __name__, kind.__name__)
