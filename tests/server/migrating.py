"""Going from one revision of the books to another, with something in every table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from alembic.config import Config
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    event,
    inspect,
    text,
)

from server.store.schema import MIGRATIONS

ROWS = 3
# What a column may hold where the database, or its reader, does not take any word. A revision that adds a
# constraint on a new column adds its word here.
WORDS: dict[tuple[str, str], Any] = {
    ("people", "role"): "contributor",
    ("members", "role"): "maintainer",
    ("projects", "private"): False,
    ("people", "same_as"): None,
    ("identities", "kind"): "git",
    ("tasks", "state"): "open",
    ("tasks", "kind"): "prove",
    ("task_events", "what"): "opened",
    ("claims", "ended"): None,
    ("claims", "ending"): None,
    ("outbox", "channel"): "direct",
    ("credit", "act"): "credited",
    ("credit", "about"): None,
    ("credit", "by_id"): None,
    ("credit", "method"): None,
    ("credit", "tools"): [],
    ("people", "naming"): "real",
    ("preferences", "way"): "direct",
    ("preferences", "digest"): "daily",
    ("posts", "kind"): "share",
    ("sign_in_tokens", "purpose"): "link",
    ("pull_requests", "standing"): "open",
    ("hooks", "ends"): None,
    ("pull_requests", "checks"): {"build": True},
}
# Columns that a later revision moves elsewhere: only the way down can tell whether they survived.
MOVED = {("pull_requests", "checks")}


def migrate(url: str, revision: str, way: Callable[[Config, str], None]) -> None:
    """`way` is Alembic's command to go up or down."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":  # whose driver would begin too late, and keep half of what failed
        event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        way(config, revision)
    engine.dispose()


def fill(url: str) -> None:
    """Put a few rows into every table that is there, whatever the revision; foreign keys lead somewhere."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in tables(connection):
            connection.execute(table.insert(), [_row(table, number) for number in range(1, ROWS + 1)])
    engine.dispose()


def tables(connection: Connection) -> list[Table]:
    """As the database itself describes them, those that are referred to first."""
    known = MetaData()
    known.reflect(connection)
    return [table for table in known.sorted_tables if table.name != "alembic_version"]


def kept(url: str, like: dict[str, list[dict[str, Any]]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """The same, but for what transactions changed, which is told anew where the rest is brought back."""
    return {name: rows for name, rows in content(url, like).items() if name != "changes"}


def content(url: str, like: dict[str, list[dict[str, Any]]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, or of the tables and columns that `like` has."""
    engine = create_engine(url)
    found = {}
    with engine.connect() as connection:
        for table in tables(connection):
            query = table.select().order_by(*table.primary_key)
            rows = [_plain(row._mapping) for row in connection.execute(query)]
            if like is None:
                found[table.name] = rows
            elif table.name in like:
                moved = {name: WORDS[of, name] for of, name in MOVED if of == table.name}
                found[table.name] = [
                    {name: (moved | row).get(name) for name in like[table.name][0]} for row in rows
                ]
    engine.dispose()
    return found


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """With moments as SQLite gives them: in UTC, which goes without saying."""
    return {
        name: value.astimezone(UTC).replace(tzinfo=None) if getattr(value, "tzinfo", None) else value
        for name, value in row.items()
    }


def shape(url: str) -> dict[str, Any]:
    """What the database says of its tables, and of the triggers that watch over them."""
    engine = create_engine(url)
    with engine.connect() as connection:
        ask = inspect(connection)
        found: dict[str, Any] = {"triggers": _triggers(connection)}
        for name in sorted(set(ask.get_table_names()) - {"alembic_version"}):
            columns = {each["name"]: (str(each["type"]), each["nullable"]) for each in ask.get_columns(name)}
            indexes = {each["name"]: tuple(each["column_names"]) for each in ask.get_indexes(name)}
            unique = {tuple(sorted(each["column_names"])) for each in ask.get_unique_constraints(name)}
            checks = {each["name"] for each in ask.get_check_constraints(name)}
            keys = {tuple(each["constrained_columns"]) for each in ask.get_foreign_keys(name)}
            found[name] = (columns, indexes, unique, checks, keys)
    engine.dispose()
    return found


def _triggers(connection: Connection) -> set[str]:
    source = "sqlite_master WHERE type = 'trigger'"
    if connection.dialect.name == "postgresql":
        source = "(SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal) AS known"
    return {row.name for row in connection.execute(text(f"SELECT name FROM {source}"))}


def _row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(table, column, number) for column in table.columns}


def _value(table: Table, column: Column[Any], number: int) -> Any:
    if (table.name, column.name) in WORDS:
        return WORDS[table.name, column.name]
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Integer):  # an id, or a reference to the row of that id
        return number
    if isinstance(column.type, Float):
        return number / 3
    if isinstance(column.type, DateTime):
        return datetime(2026, 3, number, 9, 30, 15, 250000, UTC)
    if isinstance(column.type, LargeBinary):
        return b"\x00\xff%d" % number
    if isinstance(column.type, JSON):
        return [number, "é"]
    return f"{column.name} {number}"[: getattr(column.type, "length", None)]
