"""What every table is made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, ForeignKey, Integer, MetaData, TypeDecorator, text


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept in UTC; a time that knows no zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment must know its time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

_PLURAL = {
    "project": "projects",
    "person": "people",
    "node": "nodes",
    "task": "tasks",
    "commit": "commits",
    "claim": "claims",
}


def id_column() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def reference(table: str, name: str | None = None, *, nullable: bool = False) -> Column[int]:
    """A column, with an index, for a row of another table, which is given in the singular."""
    return Column(name or f"{table}_id", ForeignKey(f"{_PLURAL[table]}.id"), nullable=nullable, index=True)


def only_where(condition: str) -> dict[str, Any]:
    """What makes an index one of the rows for which a condition holds."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
