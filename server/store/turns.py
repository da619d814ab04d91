"""What two writers must not do at once, where they could, and how much one statement does.

SQLite has one writer at a time anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
_BATCH, _PAGE = 500, 2000


def take_turn(connection: Connection, what: str) -> None:
    """Wait until nobody else is at `what`; others wait until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))


def add_once(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Add a row unless one that must be the only one of its kind is there; whether it was added.

    Of two writers the second waits for the first to end.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(table).values(**values).on_conflict_do_nothing().returning(*table.primary_key)
    return connection.execute(new).first() is not None


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    """Lists that fit into one statement."""
    left = iter(values)
    while batch := list(islice(left, _BATCH)):
        yield batch


def pages(
    connection: Connection, query: Select[*tuple[Any, ...]], number: ColumnElement[int]
) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a query by a number that rises from one on, some thousands at a time."""
    last, rows = 0, list[Row[*tuple[Any, ...]]]()
    while not last or len(rows) == _PAGE:
        page = query.where(number > last).order_by(number).limit(_PAGE)
        rows = list(connection.execute(page))
        yield from rows
        last = rows[-1]._mapping[number] if rows else -1


def only(column: ColumnElement[int], value: int) -> ColumnElement[bool]:
    """That the column has the value, where something else leads to the few rows that there are.

    Written so that no database takes it for a way to them, and goes through a whole project.
    """
    return column + 0 == value
