"""Rows that may be there already, on either database, and many rows of one shape.

`insert_rows` goes past the work that SQLAlchemy does for each row: the statement and the conversion of each column
come from SQLAlchemy, once for a table and a set of columns; then rows are plain tuples for the driver. That is a
third of the time for what is written with every message. `insert_columns` takes thousands of rows as their columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Convert = Callable[[Any], Any]

# Chinese as it is: half the bytes of the escaped form, and readable for whoever opens the database.
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_TOGETHER: Final = 50
"""Rows of one statement on SQLite where there are so many: a quarter less than one by one."""
_EMPTY: Final[dict[type, str]] = {list: "[]", tuple: "[]", dict: "{}"}  # every other value that is stored


def json_text(value: Any) -> str:
    """A value as JSON columns hold it."""
    return _EMPTY[type(value)] if not value and type(value) in _EMPTY else _encode(value)


def plain_json(value: Any) -> str:
    """`json_text`, four times as quick, for what consists of texts, whole numbers and None.

    Unlike `json_text` it takes what JSON has no form for, such as a Decimal, and writes it somehow.
    """
    return to_json(value).decode()


def insert_unless_there(
    session: Session, target: type[DeclarativeBase] | Table
) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the session's database that can say on_conflict_do_nothing and on_conflict_do_update."""
    return insert_into(target, session.get_bind().dialect.name)


def insert_into(target: type[DeclarativeBase] | Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    """The same for a dialect by its name, for statements that are made once."""
    return sqlite.insert(target) if dialect == "sqlite" else postgresql.insert(target)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """together: the statement for _TOGETHER rows at once.

    columns: name, conversion (None: as it is) and constant default of each parameter, in order.
    """

    statement: str
    together: str
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
    statement = str(compiled)
    before, one_row = statement.rsplit("VALUES ", 1)
    return _Prepared(statement, f"{before}VALUES {', '.join([one_row] * _TOGETHER)}", tuple(columns))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the columns of the first; columns with a constant default may be left out.

    Raises what the database refuses, and KeyError for a row without one of the columns.
    """
    if not rows:
        return
    names = tuple(rows[0])
    insert_columns(connection, table, {name: [row[name] for row in rows] for name in names})


def insert_columns(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    *,
    stored: Collection[str] = (),
) -> None:
    """Insert rows given by their columns, all of one length; those with a constant default may be left out.

    stored: columns whose values are already what the driver takes, such as JSON texts. Raises what the database
    refuses, and ValueError for columns of unlike length.
    """
    count = len(next(iter(columns.values())))
    if not count:
        return
    prepared = _prepared(table, tuple(columns), connection.dialect)
    values: list[Sequence[Any]] = []
    for name, convert, default in prepared.columns:
        if name not in columns:
            values.append([default] * count)
        elif convert is None or name in stored:
            values.append(columns[name])
        else:
            values.append(_converted(convert, columns[name]))
    if connection.dialect.name == "sqlite" and count >= _TOGETHER:
        if any(len(column) != count for column in values):
            raise ValueError(f"columns of {table.name} are of unlike length")
        whole = count - count % _TOGETHER
        connection.exec_driver_sql(prepared.together, _side_by_side(values, whole))
        values = [column[whole:] for column in values]
    if values[0]:
        connection.exec_driver_sql(prepared.statement, list(zip(*values, strict=True)))


def _side_by_side(columns: Sequence[Sequence[Any]], count: int) -> list[tuple[Any, ...]]:
    """The first rows of some columns, a multiple of _TOGETHER, as the parameters of so many rows at a time."""
    width = len(columns)
    cells: list[Any] = [None] * (width * count)
    for at, column in enumerate(columns):
        cells[at::width] = column[:count]
    step = width * _TOGETHER
    return [tuple(cells[at : at + step]) for at in range(0, len(cells), step)]


def _converted(convert: Convert, values: Sequence[Any]) -> list[Any]:
    """Rows that are written together share most of their days and times: each is converted once."""
    if len(values) > 1 and any(isinstance(value, date) for value in values):
        known = {value: convert(value) for value in set(values)}
        return [known[value] for value in values]
    return [convert(value) for value in values]
