"""Ledgers of older databases still verify, and go on, on both engines; nothing of them is lost."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server.store import Database
from server.work.ledger import Act, Entry, first_break
from server.work.permissions import Role

from .conftest import START
from .migrating import migrate


def entry(person, **changes):
    about = ("thm:a", "proof", "formal proof", "Formal analysis", "lead", ("abc1234",), START)
    return Entry(person, *about, **changes)


@pytest.fixture
def old(database_url):
    """The address of a database at the revision before, with a ledger of three entries."""
    database = Database(database_url)
    with database.begin() as store:
        project = store.projects.add("p", "P", "/p", None, START)
        node = store.projects.add_nodes(project.id, [("thm:a", ("a",))])[0]
        people = [store.people.add(name, Role.CONTRIBUTOR, START).id for name in ("Ana", "Ben")]
        for person in (*people, people[0]):
            store.ledger.add(project.id, node.id, entry(person))
    database.close()
    migrate(database_url, "0004", command.downgrade)
    return database_url


def rows(url, query):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(query)).all()
    engine.dispose()
    return found


def test_an_old_chain_is_as_it_was_and_goes_on(old):
    before = rows(old, "SELECT seq, person_id, label, hash, prev_hash FROM credit ORDER BY seq")
    assert [row.seq for row in before] == [1, 2, 3]
    database = Database(old)
    assert rows(old, "SELECT seq, person_id, label, hash, prev_hash FROM credit ORDER BY seq") == before
    with database.begin() as store:
        [project] = store.projects.every()
        assert first_break(store.ledger.chain(project.id)) is None
        ben = store.people.named("Ben")[0].id
        store.ledger.add(project.id, None, entry(ben, by=ben, method="agent", tools=("Prover",)))
        about = entry(ben, act=Act.CONFIRMED, about=4, by=1)
        store.ledger.add(project.id, None, about)
        assert first_break(store.ledger.chain(project.id)) is None
        assert [one.entry.version for one in store.ledger.kept(project.id)] == [1, 1, 1, 2, 2]
    database.close()


@pytest.mark.parametrize("change", ["UPDATE credit SET at = at", "DELETE FROM credit"])
@pytest.mark.parametrize("ways", [(), (command.upgrade,), (command.upgrade, command.downgrade)])
def test_the_ledger_is_append_only_before_and_after(old, change, ways):
    for way in ways:
        migrate(old, "0004" if way is command.downgrade else "head", way)
    engine = create_engine(old)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()


def test_going_back_loses_nothing(old):
    database = Database(old)
    with database.begin() as store:
        store.ledger.add(1, None, entry(1, by=1))
    database.close()
    with pytest.raises(RuntimeError, match="1 entries of the ledger would be lost"):
        migrate(old, "0004", command.downgrade)
    assert len(rows(old, "SELECT id FROM credit")) == 4


def test_an_entry_is_about_one_that_is_there(old):
    database = Database(old)
    with pytest.raises(DBAPIError), database.begin() as store:
        store.ledger.add(1, None, entry(1, act=Act.CONFIRMED, about=99, by=2))
    database.close()


def test_evidence_and_tools_come_back_as_they_were(old):
    database = Database(old)
    told = entry(1, by=2, tools=("Pröver", "λ"), method="agent")
    with database.begin() as store:
        store.ledger.add(1, None, told)
    with database.reading() as store:
        assert store.ledger.entries(1)[-1][0] == told
    database.close()
