"""The history that is kept in memory is always the one that a fresh look at the books would give."""

from __future__ import annotations

import json
import random
import zlib
from contextlib import suppress
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from dashboards.history import ANSWERS, FREEING, KINDS, History
from lean_project.introductions import Introduction
from lean_project.points import Point, point
from server.records.projects import ProjectRow
from server.service import history as kept
from server.service import people
from server.store import Database, Store
from server.sync import sync
from server.work.agreement import Step
from server.work.changes import ChangeKind
from server.work.notices import DECIDED
from server.work.transitions import What

from .conftest import START, Village
from .migrating import fill, migrate

DAY = timedelta(days=1)


def test_what_counts_is_what_the_books_call_it() -> None:
    """The pages name events by words; one that nobody writes would count nothing."""
    written = {*ChangeKind, *What, *Step, DECIDED}
    assert {str(word) for word in written} >= FREEING | ANSWERS | KINDS


@pytest.fixture
def project(any_database: Database) -> ProjectRow:
    with any_database.begin() as store:
        return store.projects.add("num", "Numbers", "/srv/num", None, START)


def fresh(store: Store, project: ProjectRow) -> History:
    """Without what is remembered."""
    shelf = kept._SHELVES.pop(store.source, None)
    try:
        return kept.history(store, project)
    finally:
        if shelf is not None:
            kept._SHELVES[store.source] = shelf


def same(one: History, other: History) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in History.__dataclass_fields__)


def assert_kept_is_fresh(database: Database, project: ProjectRow) -> None:
    with database.reading() as store:
        assert same(kept.history(store, project), fresh(store, project))


@pytest.fixture
def deeds(any_database: Database, project: ProjectRow) -> random.Random:
    with any_database.begin() as store:
        store.projects.add_nodes(project.id, [(f"thm:{at}", ()) for at in range(6)])
        for at in range(5):
            people.by_zulip(store, at + 1, f"P{at}", START)
    return random.Random(7)


def record(store: Store, project: ProjectRow, chance: random.Random, at: int) -> None:
    kinds = ["became ready", "verified", "regressed", "disclaimed", "claimed", "agreed", "drift"]
    ids = [person.id for person in store.people.every()]
    person = chance.choice([None, *ids])
    node = chance.choice([None, *(f"thm:{n}" for n in range(6))])
    moment = START + at * timedelta(hours=7)
    store.log.record(project.id, chance.choice(kinds), "x", moment, node=node, person_id=person)


def test_after_every_deed(any_database: Database, project: ProjectRow, deeds: random.Random) -> None:
    for at in range(60):
        with any_database.begin() as store:
            for _ in range(deeds.randint(0, 3)):
                record(store, project, deeds, at)
            if at % 20 == 10:
                first, second, *_ = store.people.every()
                store.people.merge(second.id, first.id)
        assert_kept_is_fresh(any_database, project)
    with any_database.reading() as store:
        assert kept.history(store, project) is kept.history(store, project)


def test_what_was_taken_back_is_not_remembered(
    any_database: Database, project: ProjectRow, deeds: random.Random
) -> None:
    with any_database.begin() as store:
        record(store, project, deeds, 1)
    with any_database.begin() as store:
        with suppress(RuntimeError), store.attempt():
            store.log.record(project.id, "verified", "x", START + DAY, node="thm:1")
            assert len(kept.history(store, project).passages) == 1
            raise RuntimeError
        assert same(kept.history(store, project), fresh(store, project))
    with any_database.begin() as store:
        store.log.record(project.id, "regressed", "x", START + 2 * DAY, node="thm:2")
    assert_kept_is_fresh(any_database, project)


def test_who_begins_first_and_ends_last_is_not_missed(
    any_database: Database, project: ProjectRow, deeds: random.Random, database_url: str
) -> None:
    """Numbers are given when a row is written, and seen when its transaction ends."""
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    with any_database.begin() as slow:
        slow.log.record(project.id, "verified", "x", START + DAY, node="thm:1")
        with any_database.begin() as quick:
            quick.log.record(project.id, "verified", "x", START + 2 * DAY, node="thm:2")
        with any_database.reading() as store:
            assert [one.at for one in kept.history(store, project).passages] == [START + 2 * DAY]
    with any_database.reading() as store:
        assert len(kept.history(store, project).passages) == 2


def test_two_projects_have_two_histories(
    any_database: Database, project: ProjectRow, deeds: random.Random
) -> None:
    with any_database.begin() as store:
        other = store.projects.add("top", "Topology", "/srv/top", None, START)
        store.log.record(project.id, "verified", "x", START, node="thm:1")
    with any_database.reading() as store:
        assert len(kept.history(store, project).passages) == 1
        assert kept.history(store, other).passages == ()


def test_each_check_is_a_point(any_database: Database, village: Village) -> None:
    nodes = [village.node("thm:a"), village.node("thm:b", "thm:a")]
    village.commit(village.ana, nodes, "theorem a : A := sorry", "theorem b : B := sorry")
    sync(any_database, village.folder, START)
    village.commit(village.ana, [*nodes, village.node("thm:c")], "theorem a : A := by simp")
    sync(any_database, village.folder, START + DAY)
    with any_database.reading() as store:
        project = store.projects.every()[0]
        found, findings = kept.history(store, project), store.projects.newest_findings(project.id)
    assert [(one.at, one.nodes, one.verified) for one in found.points] == [(START, 2, 0), (START + DAY, 3, 1)]
    assert findings
    assert found.points[-1] == point(findings.statuses.values(), START + DAY)
    assert [one.ready is not None for one in found.passages] == [False]


def test_what_a_project_says_of_itself_comes_with_a_check(any_database: Database, village: Village) -> None:
    settings = 'about = "A village."\nguidelines = "Main.lean"\n'
    village.commit(village.ana, [village.node("thm:a")], "theorem a : A := by simp", settings=settings)
    project = sync(any_database, village.folder, START).project
    with any_database.reading() as store:
        said = store.introductions.of(project.id)
    assert said == Introduction("A village.", "Main.lean", "theorem a : A := by simp\n")
    village.commit(village.ana, [village.node("thm:a")], settings=" ")
    sync(any_database, village.folder, START + DAY)
    with any_database.reading() as store:
        assert store.introductions.of(project.id) == Introduction()


def test_checks_from_before_are_told_by_their_statuses(database_url: str) -> None:
    migrate(database_url, "0014", command.upgrade)
    fill(database_url)
    statuses = {f"thm:{at}": {"verified": at > 1, "drift": [{}] * at} for at in range(4)}
    packed = zlib.compress(json.dumps(statuses).encode())
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE snapshots SET statuses = :packed WHERE id = 2"), {"packed": packed})
        where = (
            "SELECT c.project_id, s.made FROM snapshots s JOIN commits c ON c.id = s.commit_id WHERE s.id = 2"
        )
        project_id = connection.execute(text(where)).one()[0]
    engine.dispose()
    database = Database(database_url)
    with database.reading() as store:
        found = store.tallies.after(project_id, 0)
    database.close()
    assert [(one.nodes, one.verified, one.drift) for one in found] == [(4, 2, 6)]
    assert isinstance(found[0], Point)
