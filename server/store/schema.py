"""The shape of the database: which revision it is at, and going to another."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from server.store.turns import take_turn

MIGRATIONS = Path(__file__).parent.parent / "migrations"
NEWEST = "head"


def revisions() -> tuple[str, ...]:
    """Every revision there is, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return tuple(reversed([step.revision for step in script.walk_revisions()]))


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def change(connection: Connection, wanted: str) -> None:
    """Bring the database to a revision, or to the `NEWEST`, within the connection's transaction.

    On SQLite, foreign keys must be off (a table is altered by making it anew); they are checked here.
    """
    take_turn(connection, "migration")  # many may open a new database at once
    known, every = revision(connection), revisions()
    back = wanted in every and known in every[every.index(wanted) :]
    config = _config()
    config.attributes["connection"] = connection
    (command.downgrade if back else command.upgrade)(config, wanted)
    if connection.dialect.name == "sqlite" and (broken := dangling(connection)):
        raise RuntimeError(f"going to revision {wanted} left rows without what they refer to: {broken}")


def clear(connection: Connection) -> None:
    """Take every table away. The way down through the revisions may refuse: it would lose what it meets."""
    known = MetaData()
    known.reflect(connection)
    known.drop_all(connection)
    if connection.dialect.name == "postgresql":
        own = "prorettype = 'trigger'::regtype AND pronamespace = current_schema()::regnamespace"
        names = connection.exec_driver_sql(f"SELECT oid::regprocedure FROM pg_proc WHERE {own}")  # noqa: S608
        for name in names.scalars().all():
            connection.exec_driver_sql(f"DROP FUNCTION {name}")


def dangling(connection: Connection) -> list[str]:
    """The tables of a SQLite database with rows that refer to nothing; PostgreSQL lets none be written."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return sorted({str(row[0]) for row in rows})


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
