"""Every revision of the books, filled, goes up to the newest and back down, and loses nothing."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from blueprint.errors import UserError
from server.store import Database
from server.store.schema import revisions
from server.store.tables import metadata
from server.work.permissions import Role

from .conftest import START
from .migrating import ROWS, content, fill, migrate, shape, tables

NEWEST = revisions()[-1]


@pytest.mark.parametrize("revision", revisions())
def test_what_was_there_survives_the_way_up_and_down(database_url: str, revision: str) -> None:
    migrate(database_url, revision, command.upgrade)
    fill(database_url)
    before, shape_before = content(database_url), shape(database_url)
    assert all(len(rows) == ROWS for rows in before.values())
    Database(database_url).close()
    assert content(database_url, like=before) == before
    migrate(database_url, revision, command.downgrade)
    assert content(database_url) == before
    assert shape(database_url) == shape_before


def test_the_newest_revision_goes_down_to_nothing_and_up_again(database_url: str) -> None:
    Database(database_url).close()
    fill(database_url)
    newest = shape(database_url)
    migrate(database_url, "base", command.downgrade)
    assert shape(database_url) == {"triggers": set()}
    Database(database_url).close()
    assert shape(database_url) == newest


def test_the_migrations_make_exactly_the_tables_of_the_code(
    any_database: Database, database_url: str
) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_what_a_sentence_said_of_a_setting_stands_in_its_column(database_url: str) -> None:
    migrate(database_url, "0021", command.upgrade)
    fill(database_url)
    words = {
        1: ("ruled", "set the project's rule `cap` to 4"),
        2: ("ruled", "The project's rule `leaderboard` is on from now on."),
        3: ("privacy", "made the project private."),
        4: ("credit", "says: the project's rule `cap` is too low"),
    }
    said = [{"id": 10 + id, "kind": kind, "text": told, "at": START} for id, (kind, told) in words.items()]
    engine = create_engine(database_url)
    with engine.begin() as connection:
        events = next(table for table in tables(connection) if table.name == "events")
        connection.execute(events.insert(), [{**one, "project_id": 1} for one in said])
    migrate(database_url, NEWEST, command.upgrade)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT setting FROM events WHERE id > 10 ORDER BY id"))
        assert list(found.scalars()) == ["cap", "leaderboard", "private", None]
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text("UPDATE events SET setting = 'cap'"))
    engine.dispose()


def test_a_row_that_refers_to_nothing_is_refused(any_database: Database) -> None:
    with pytest.raises(IntegrityError), any_database.begin() as store:
        store.log.watch(999, 999, START)


def test_a_database_that_is_up_to_date_opens_while_somebody_writes(
    any_database: Database, database_url: str
) -> None:
    with any_database.begin() as store:
        store.people.add("Ana", Role.CONTRIBUTOR, START)
        Database(database_url).close()


def test_a_database_of_a_newer_version_is_left_alone(any_database: Database, database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'x999'"))
        count = len(tables(connection))
    with pytest.raises(UserError, match="newer Chantier"):
        Database(database_url)
    with engine.connect() as connection:
        assert len(tables(connection)) == count
    engine.dispose()
