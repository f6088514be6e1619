"""Rows that may be there already, on either database, and many rows of one shape.

`insert_rows` goes past the work that SQLAlchemy does for each row: the statement and the conversion of each column
come from SQLAlchemy, once for a table and a set of columns; then rows are plain tuples for the driver. That is a
third of the time for what is written with every message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Convert = Callable[[Any], Any]


def insert_unless_there(
    session: Session, target: type[DeclarativeBase] | Table
) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the session's database that can say on_conflict_do_nothing and on_conflict_do_update."""
    of_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(target) if of_sqlite else postgresql.insert(target)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """columns: name, conversion (None: as it is) and constant default of each parameter, in order."""

    statement: str
    columns: tuple[tuple[str, Convert | None, Any], ...]


@lru_cache(maxsize=256)
def _prepared(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Prepared:
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    assert compiled.positiontup is not None, "both drivers take parameters by position"
    columns: list[tuple[str, Convert | None, Any]] = []
    for name in compiled.positiontup:
        column = table.c[name]
        default = None
        if name not in names:
            if not isinstance(column.default, ScalarElementColumnDefault):
                raise TypeError(f"{table.name}.{name} needs a value")
            default = column.default.arg
        columns.append((name, column.type.dialect_impl(dialect).bind_processor(dialect), default))
    return _Prepared(str(compiled), tuple(columns))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the columns of the first; columns with a constant default may be left out.

    Raises what the database refuses, and KeyError for a row without one of the columns.
    """
    if not rows:
        return
    prepared = _prepared(table, tuple(rows[0]), connection.dialect)
    given = rows[0].keys()
    values: list[list[Any]] = []
    for name, convert, default in prepared.columns:
        if name not in given:
            values.append([default] * len(rows))
        elif convert is None:
            values.append([row[name] for row in rows])
        else:
            values.append([convert(row[name]) for row in rows])
    connection.exec_driver_sql(prepared.statement, list(zip(*values, strict=True)))
