"""No page reads a big table from one end to the other, on either kind of database."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from server.records import Person
from server.store import Database
from server.tables import metadata
from tests.bench.crowds import Size, crowd
from tests.bench.queries import BIG, PAGES, Asked, listening, scans

from .conftest import KINDS, empty_database

SIZE = Size(projects=200, nodes=120, people=200)
# Tables that stay small: who there is, and what there are few of.
SMALL = {
    "api_tokens",
    "channels",
    "cursors",
    "identities",
    "people",
    "projects",
    "reporters",
    "sign_in_tokens",
    "visitors",
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
    database, heard = Database(full), list[Asked]()
    with database.reading() as store:
        project = store.projects.by_slug("crowd-7")
        person = store.people.get(8)
        assert project is not None
        assert isinstance(person, Person)
        with listening(page, heard):
            PAGES[page](store, project, person)
    database.close()
    engine = create_engine(full)
    with engine.connect() as connection:
        found = {tuple(tables): asked.statement for asked in heard if (tables := scans(connection, asked))}
    engine.dispose()
    assert heard
    assert found == {}
