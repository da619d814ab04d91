"""What was found is read once, and never taken for something else: not by others, not after a rollback."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from lean_project.findings import Findings
from server.store import Database
from server.store.shelf import Shelf
from tests.bench.crowds import NOW, Size, findings, first_sync, settle_in

SIZE = Size(projects=1, nodes=20, people=2)
CHANGE = """
import sys
from dataclasses import replace
from server.store import Database
from tests.bench.crowds import NOW
with Database(sys.argv[1]).begin() as store:
    found = store.projects.newest_findings(1)
    commit = store.projects.add_commit(1, "2" * 40, NOW, "Ana", "Work", NOW)
    store.projects.add_findings(commit, replace(found, graph=replace(found.graph, title="Another")), NOW)
"""


@pytest.fixture
def filled(any_database: Database) -> Database:
    settle_in(any_database, SIZE)
    first_sync(any_database, SIZE)
    return any_database


def _newest(database: Database) -> Findings | None:
    with database.reading() as store:
        return store.projects.newest_findings(1)


def test_what_is_at_hand_is_not_read_again(filled: Database) -> None:
    assert _newest(filled) is _newest(filled)


def test_what_another_process_writes_is_seen_at_once(filled: Database, database_url: str) -> None:
    before = _newest(filled)
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", CHANGE, database_url], check=True, cwd=root)
    after = _newest(filled)
    assert before
    assert after
    assert (before.graph.title, after.graph.title) == ("A crowd", "Another")


def test_what_was_taken_back_is_not_taken_for_what_came_instead(filled: Database) -> None:
    titles = []
    for title in ("Taken back", "Kept"):
        found = findings(SIZE, 50)
        found = replace(found, graph=replace(found.graph, title=title))
        with filled.begin() as store:
            commit = store.projects.add_commit(1, "2" * 40, NOW, "Ana", "Work", NOW)
            store.projects.add_findings(commit, found, NOW)
            seen = store.projects.newest_findings(1)
            titles.append(seen.graph.title if seen else None)
            if title == "Taken back":
                store.projects._db.rollback()
    newest = _newest(filled)
    assert [*titles, newest and newest.graph.title] == ["Taken back", "Kept", "Kept"]


def test_what_was_changed_behind_the_servers_back_is_not_believed(
    filled: Database, database_url: str
) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE snapshots SET graph = facts, digest = 'x'"))
    engine.dispose()
    with pytest.raises(ValueError, match="not what was written"):
        _newest(filled)


def _nodes(found: Findings) -> int:
    return len(found.graph.nodes)


def test_so_much_is_kept_and_no_more() -> None:
    found, read = findings(SIZE, 50), list[int]()

    def get(shelf: Shelf[Findings], key: int) -> Findings:
        return shelf.get(key, lambda: (read.append(key), found)[1])

    shelf: Shelf[Findings] = Shelf(2 * SIZE.nodes, _nodes)
    for key in (1, 2, 1, 3, 1, 2):
        get(shelf, key)
    assert read == [1, 2, 3, 2]
    assert get(Shelf(1, _nodes), 1) is found
