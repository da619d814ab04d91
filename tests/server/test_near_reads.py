"""What a command or a sync asks of the database does not grow with what the project has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import claims, contributions, crews, people, progress
from server.service.board import checked
from server.service.contributions import Assertion
from server.store import Database, Store
from tests.bench.crowds import NOW, Size, first_sync, settle_in
from tests.bench.queries import Asked, listening

from .conftest import KINDS, empty_database

CREW = 8
LINK = ("https://example.org/1",)
Act = Callable[[Store, ProjectRow, Person], object]

# With another node each, so that none finds what another left.
ACTS: dict[str, Act] = {
    "claim": lambda store, project, person: _claim(store, project, person, "res:57"),
    "refused": lambda store, project, person: _refused(lambda: _claim(store, project, person, "res:40")),
    "mine": lambda store, project, person: claims.mine(store, project, person, NOW),
    "asked": lambda store, project, person: crews.asked(store, project, person, NOW),
    "progress": lambda store, project, person: (
        _claim(store, project, person, "res:58"),
        progress.progress(store, project, person, "res:58", "half of it", now=NOW),
    ),
    "credit of a node": lambda store, project, person: store.ledger.views(project.id, "res:7"),
    "credit": lambda store, project, person: contributions.add(
        store, project, person, Assertion("#2", "example", LINK, "res:57"), now=NOW
    ),
    "disclose": lambda store, project, person: contributions.disclose(
        store, project, person, "res:57", "manual", now=NOW
    ),
}


def _claim(store: Store, project: ProjectRow, person: Person, ref: str) -> object:
    return claims.claim(store, project, person, ref, until=None, now=NOW)


def _refused(act: Callable[[], object]) -> None:
    with pytest.raises(UserError):
        act()


@dataclass(frozen=True, slots=True)
class Filled:
    """A database, and how many statements the first sync took."""

    database: Database
    url: str
    statements: int


@pytest.fixture(scope="module", params=KINDS)
def sizes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Filled]:
    """Two databases with the same people, one with five times the nodes."""
    return [_filled(request, tmp_path_factory.mktemp(str(nodes)), nodes) for nodes in (100, 500)]


def _filled(request: pytest.FixtureRequest, folder: Path, nodes: int) -> Filled:
    url, size = empty_database(request, folder, request.param), Size(projects=1, nodes=nodes, people=CREW)
    database, heard = Database(url), list[Asked]()
    settle_in(database, size)
    with listening("", heard):
        first_sync(database, size)
    return Filled(database, url, len(heard))


def _rows(url: str, heard: list[Asked]) -> int:
    """How many rows these statements give."""
    engine = create_engine(url)
    queries = [asked for asked in heard if asked.statement.startswith("SELECT")]
    with engine.connect() as connection:
        counts = [
            len(connection.exec_driver_sql(one.statement, one.parameters).fetchall()) for one in queries
        ]
    engine.dispose()
    return sum(counts)


@pytest.mark.parametrize("act", ACTS)
def test_a_command_reads_as_much_of_a_large_project_as_of_a_small_one(sizes: list[Filled], act: str) -> None:
    asked = []
    for filled in sizes:
        heard: list[Asked] = []
        with filled.database.begin() as store:
            project, person = store.projects.every()[0], people.by_zulip(store, 7, "", NOW)
            checked(store, project)
            with listening(act, heard):
                ACTS[act](store, project, person)
        asked.append((len(heard), _rows(filled.url, heard)))
    small, large = asked
    assert small == large
    assert small[1] > 0


def test_a_sync_does_not_ask_for_each_node(sizes: list[Filled]) -> None:
    small, large = (filled.statements for filled in sizes)
    assert large - small < 20
