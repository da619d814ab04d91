"""No page reads a big table from one end to the other, on either kind of database."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from server.records.people import Person
from server.store import Database
from server.store.tables import metadata
from tests.bench.crowds import Size, crowd
from tests.bench.queries import BIG, PAGES, Asked, listening, scans, walks

from .conftest import KINDS, empty_database

SIZE = Size(projects=200, nodes=120, people=200)
# What shows all of a project.
WHOLE = {"a project", "the course of a month", "what to do next"}
# Tables that stay small: who there is, and what there are few of.
SMALL = {
    "api_tokens",
    "changes",
    "channels",
    "choices",
    "cursors",
    "hooks",
    "identities",
    "introductions",
    "insiders",
    "last_deeds",
    "link_words",
    "ledger_people",
    "members",
    "people",
    "posts",
    "preferences",
    "projects",
    "reporters",
    "sessions",
    "sign_in_tokens",
    "visitors",
    "wanted_syncs",
}


@pytest.fixture(scope="module", params=KINDS)
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = empty_database(request, tmp_path_factory.mktemp("full"), request.param)
    database = Database(url)
    for _ in crowd(database, url, SIZE):
        pass
    database.close()
    return url


def test_every_table_is_big_or_small() -> None:
    assert set(metadata.tables) == BIG | SMALL
    assert not BIG & SMALL


@pytest.mark.parametrize("page", PAGES)
def test_no_page_reads_a_whole_table(full: str, page: str) -> None:
    heard = _heard(full, page)
    engine = create_engine(full)
    with engine.connect() as connection:
        found = {tuple(tables): asked.statement for asked in heard if (tables := scans(connection, asked))}
    engine.dispose()
    assert heard
    assert found == {}


@pytest.mark.parametrize("page", sorted(PAGES.keys() - WHOLE))
def test_no_command_goes_through_a_project(full: str, page: str) -> None:
    heard, engine = _heard(full, page), create_engine(full)
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL goes by its statistics: through what is small, and not where it grows")
    with engine.connect() as connection:
        found = {tuple(tables): asked.statement for asked in heard if (tables := walks(connection, asked))}
    engine.dispose()
    assert found == {}


def _heard(url: str, page: str) -> list[Asked]:
    """What a page asks of a project in the middle, for somebody."""
    database, heard = Database(url), list[Asked]()
    with database.reading() as store:
        project, person = store.projects.by_slug("crowd-7"), store.people.get(8)
        assert project is not None
        assert isinstance(person, Person)
        with listening(page, heard):
            PAGES[page](store, project, person)
    database.close()
    return heard
