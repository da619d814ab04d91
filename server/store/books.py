"""The whole database as rows, for a copy of it, and back from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, groupby, islice
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Table,
    case,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from server.store.schema import dangling
from server.store.values import Values, decoded, encoded

# What is no part of the books: their revision, and what transactions changed, which is told anew.
_ASIDE = frozenset({"alembic_version", "changes"})
BATCH = 1000


class Books:
    """Every table of the database as it is, at whatever revision, that others should have too."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def rows(self) -> Iterator[tuple[str, Values]]:
        """Every row, those that are referred to before those that refer to them."""
        for table in self._tables():
            yield from ((table.name, values) for values in listed(self._db, table))

    def is_empty(self) -> bool:
        tables = self._tables()
        return not any(self._db.execute(select(exists().select_from(table))).scalar() for table in tables)

    def put(self, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Add rows under the ids that they have. Raises `ValueError`, in words, where one does not fit."""
        tables = {table.name: table for table in self._tables()}
        for name, group in groupby(rows, key=lambda row: row[0]):
            if name not in tables:
                raise ValueError(f"there is no table `{name[:80]}`")
            table = tables[name]
            insert(self._db, table, (decoded(table, values) for _, values in group))
        if self._db.dialect.name == "sqlite" and (broken := dangling(self._db)):
            raise ValueError(f"rows of {', '.join(broken)} refer to what is not there")
        for table in tables.values():
            settle_numbers(self._db, table)

    def answer(self) -> None:
        """Raises whatever the driver does where the database does not answer."""
        self._db.execute(select(1))

    def size(self) -> int:
        """How many bytes the database takes up, without what is not written back yet."""
        if self._db.dialect.name == "sqlite":
            pages, size = (self._db.exec_driver_sql(f"PRAGMA {name}") for name in ("page_count", "page_size"))
            return int(pages.scalar_one()) * int(size.scalar_one())
        return int(self._db.execute(select(func.pg_database_size(func.current_database()))).scalar_one())

    def damage(self) -> str | None:
        """What is wrong with the database file, in words; a PostgreSQL server looks after its own."""
        if self._db.dialect.name != "sqlite":
            return None
        said = str(self._db.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
        if said != "ok":
            return said
        broken = dangling(self._db)
        return f"rows of {', '.join(broken)} refer to what is not there" if broken else None

    def _tables(self) -> list[Table]:
        known = MetaData()
        known.reflect(self._db)
        tables = [table for table in known.sorted_tables if table.name not in _ASIDE]
        for column in (column for table in tables for column in table.columns):
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)
        return tables


def listed(
    connection: Connection, table: Table, where: ColumnElement[bool] | None = None
) -> Iterator[Values]:
    """The rows of a table, oldest first, but those that refer to a later one of it last."""
    query = select(table).order_by(*_order(table))
    chosen = query if where is None else query.where(where)
    with connection.execute(chosen, execution_options={"stream_results": True}) as found:
        for row in found.mappings():
            yield encoded(table, dict(row))


def insert(connection: Connection, table: Table, rows: Iterator[Values]) -> None:
    """Add rows, many at a time. Raises `ValueError`, in words, where the database refuses one."""
    while batch := list(islice(rows, BATCH)):
        try:
            connection.execute(table.insert(), batch)
        except DBAPIError as error:
            raise ValueError(f"the rows of `{table.name}` break a rule of the database") from error


def free_numbers(connection: Connection, table: Table) -> Iterator[int]:
    """Numbers for new rows of a table, rising, that nobody else is given."""
    if connection.dialect.name != "postgresql":
        yield from count(1 + (connection.execute(select(func.max(table.c.id))).scalar() or 0))
    number = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    while True:
        yield from (
            connection.execute(select(number).select_from(func.generate_series(1, BATCH))).scalars().all()
        )


def settle_numbers(connection: Connection, table: Table) -> None:
    """Let the next row of a table have a number that none has; SQLite sees to that by itself."""
    if connection.dialect.name != "postgresql" or not isinstance(table.columns[0].type, Integer):
        return
    newest = select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery()
    sequence = func.pg_get_serial_sequence(table.name, "id")
    connection.execute(select(func.setval(sequence, newest + 1, text("false"))))


def _order(table: Table) -> Sequence[ColumnElement[Any]]:
    keys: list[Column[Any]] = list(table.primary_key)
    own = [key.parent for key in table.foreign_keys if key.column is keys[0]]
    return (*(case((column > keys[0], 1), else_=0) for column in own), *keys)
