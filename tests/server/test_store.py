"""The store, on SQLite and on a PostgreSQL server of our own."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from blueprint.errors import UserError
from lean_project.status import TaskKind
from server.records.access import Purpose
from server.store import Database
from server.store.tables import metadata
from server.work.ledger import Entry, first_break
from server.work.permissions import Role
from server.work.tasks import State, TaskEvent, What, fold

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def task(any_database):
    """(project id, task id, two people) in a database with one open task."""
    with any_database.begin() as store:
        project = store.projects.add("p", "P", "/p", None, NOW)
        node = store.projects.add_nodes(project.id, [("thm:a", ("a",))])[0]
        row = store.tasks.add(project.id, node.id, "thm:a", TaskKind.PROVE, NOW)
        people = [store.people.add(name, Role.CONTRIBUTOR, NOW).id for name in ("Ana", "Ben")]
    return project.id, row.id, people


def entry(person_id):
    return Entry(person_id, "thm:a", "proof", "formal proof", "Formal analysis", "lead", ("abc",), NOW)


def execute(url, statement):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_database_is_opened_again_as_it_was(any_database, database_url, task):
    again = Database(database_url)
    with again.reading() as store:
        assert [row.number for row in store.tasks.of_project(task[0])] == [1]
    again.close()


def test_an_error_undoes_the_whole_transaction(any_database):
    def fail():
        with any_database.begin() as store:
            store.people.add("Ana", Role.CONTRIBUTOR, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with any_database.reading() as store:
        assert store.people.every() == ()


def test_reading_keeps_nothing(any_database):
    with any_database.reading() as store:
        assert store.people.every() == ()


def test_times_come_back_in_utc_and_must_know_their_zone(any_database):
    berlin = datetime(2026, 3, 2, 11, tzinfo=timezone(timedelta(hours=1)))
    with any_database.begin() as store:
        project = store.projects.add("p", "P", "/p", None, berlin)
    with any_database.reading() as store:
        found = store.projects.by_slug("p").created
    assert found == berlin
    assert found.utcoffset() == timedelta(0)
    with pytest.raises(StatementError, match="time zone"), any_database.begin() as store:
        store.log.record(project.id, "x", "x", datetime(2026, 1, 1))


def test_a_task_follows_its_events_and_has_one_lease(any_database, task):
    project, task_id, (ana, ben) = task
    with any_database.begin() as store:
        store.tasks.append(task_id, TaskEvent(What.CLAIMED, NOW, ana, NOW + timedelta(days=7)))
        store.tasks.append(task_id, TaskEvent(What.DISCLAIMED, NOW, ana))
        store.tasks.append(task_id, TaskEvent(What.CLAIMED, NOW, ben))
    with any_database.reading() as store:
        [row], [lease] = store.tasks.of_project(project), store.tasks.claims(project)
        assert (row.state, row.version) == (State.CLAIMED, 4)
        assert fold(store.tasks.events(task_id)).state is row.state
        assert (lease.person_name, lease.expires) == ("Ben", None)


def test_an_event_by_a_slow_clock_happens_no_earlier_than_the_one_before(any_database, task):
    _, task_id, (ana, _) = task
    with any_database.begin() as store:
        after = store.tasks.append(task_id, TaskEvent(What.CLAIMED, NOW - timedelta(minutes=1), ana))
    assert after.at == NOW


def test_the_database_itself_refuses_a_second_live_lease(any_database, database_url, task):
    _, task_id, (ana, ben) = task
    with any_database.begin() as store:
        store.tasks.append(task_id, TaskEvent(What.CLAIMED, NOW, ana))
    row = f"({task_id}, {ben}, '2026-03-02 09:00:00')"
    with pytest.raises(IntegrityError):
        execute(database_url, f"INSERT INTO claims (task_id, person_id, since) VALUES {row}")


@pytest.mark.parametrize("table", ["credit", "task_events", "events"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_itself_keeps_the_ledger_append_only(any_database, database_url, task, table, change):
    with any_database.begin() as store:
        node = store.projects.nodes(task[0])[0]
        store.ledger.add(task[0], node.id, entry(task[2][0]))
        store.log.record(task[0], "claimed", "claimed #1", NOW)
    with pytest.raises(DBAPIError, match="append-only"):
        execute(database_url, change.format(table))


@pytest.mark.parametrize("id", ["id", "1000"])
@pytest.mark.parametrize("table", ["credit", "task_events", "events"])
def test_nothing_of_it_is_replaced_either(any_database, database_url, task, table, id):
    """SQLite alone has such a statement, and fires no trigger for the row that goes."""
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL replaces by UPDATE only, which is refused")
    if (table, id) == ("events", "1000"):
        pytest.skip("an event of the log is known by its id only")
    with any_database.begin() as store:
        node = store.projects.nodes(task[0])[0]
        store.ledger.add(task[0], node.id, entry(task[2][0]))
        store.log.record(task[0], "claimed", "claimed #1", NOW)
    columns = [column.name for column in metadata.tables[table].columns if column.name != "id"]
    again = f"SELECT {', '.join([id, *columns])} FROM {table}"
    with pytest.raises(DBAPIError, match="append-only"):
        execute(database_url, f"INSERT OR REPLACE INTO {table} (id, {', '.join(columns)}) {again}")


def test_two_projects_may_hold_the_same_entry(any_database, task):
    with any_database.begin() as store:
        copy = store.projects.add("copy", "P", "/copy", None, NOW)
        nodes = [store.projects.nodes(task[0])[0], store.projects.add_nodes(copy.id, [("thm:a", ("a",))])[0]]
        for project, node in zip((task[0], copy.id), nodes, strict=True):
            store.ledger.add(project, node.id, entry(task[2][0]))
        assert store.ledger.entries(task[0]) == store.ledger.entries(copy.id)


def test_what_happened_to_a_node_and_was_told_goes_by_its_present_label(any_database, task):
    project, _, (ana, _) = task
    with any_database.begin() as store:
        store.log.record(project, "claimed", "claimed #1", NOW, node="thm:a")
        store.notices.add(project, ana, "verified", "It is verified.", NOW, "thm:a")
        [node] = store.projects.nodes(project)
        store.projects.set_node(replace(node, label="thm:b"))
        assert [event.node for event in store.log.events(project)] == ["thm:b"]
        assert len(store.log.of_nodes(project, ["thm:b"], 9)) == 1
        assert store.log.of_nodes(project, ["thm:a"], 9) == ()
        assert [notice.node for notice in store.notices.of(ana)] == ["thm:b"]


def test_what_was_said_in_private_is_not_kept_once_it_is_out(any_database, database_url):
    with any_database.begin() as store:
        for key, channel in (("1", "direct"), ("2", "direct"), ("3", "stream")):
            store.mail.post(key, channel, "7", "https://example.org/sign-in/secret", NOW)
        first, second, third = store.mail.pending()
        assert "secret" in first.text
        store.mail.sent(first.id, NOW)
        store.mail.give_up(second.id, NOW)
        store.mail.sent(third.id, NOW)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        kept = [row.text for row in connection.execute(text("SELECT text FROM outbox ORDER BY id"))]
    engine.dispose()
    assert kept == ["", "", "https://example.org/sign-in/secret"]


def test_an_error_does_not_repeat_what_was_to_be_written(any_database):
    with any_database.begin() as store:
        ana = store.people.add("Ana", Role.CONTRIBUTOR, NOW)
        store.tokens.add_link(ana.id, "hunter2", Purpose.SIGN_IN, NOW)
    with pytest.raises(IntegrityError) as refused, any_database.begin() as store:
        store.tokens.add_link(ana.id, "hunter2", Purpose.SIGN_IN, NOW)
    assert "hunter2" not in str(refused.value).split("DETAIL")[0]


def test_the_chain_holds_what_was_entered(any_database, task):
    project, _, (ana, ben) = task
    with any_database.begin() as store:
        node = store.projects.nodes(project)[0]
        for person in (ana, ben, ana):
            store.ledger.add(project, node.id, entry(person))
    with any_database.reading() as store:
        entries = store.ledger.entries(project)
        assert [view.person_name for view in store.ledger.views(project)] == ["Ana", "Ben", "Ana"]
    assert [kept for kept, _, _ in entries] == [entry(ana), entry(ben), entry(ana)]
    assert first_break(entries) is None
    forged = (entry(ben), *entries[0][1:])
    assert first_break((forged, *entries[1:])) == 0
    assert first_break(entries[:1] + entries[2:]) == 1


def test_an_identity_leads_to_one_person(any_database):
    with any_database.begin() as store:
        ana, ben = (store.people.add(name, Role.CONTRIBUTOR, NOW) for name in ("Ana", "Ben"))
        store.people.link(ana.id, "git", "ana@example.org", NOW)
    with pytest.raises(IntegrityError), any_database.begin() as store:
        store.people.link(ben.id, "git", "ana@example.org", NOW)


def test_a_message_is_accepted_once_and_posted_once(any_database):
    with any_database.begin() as store:
        assert [store.mail.accept("zulip:1", NOW) for _ in range(2)] == [True, False]
        for words in ("first", "second"):
            store.mail.post("reply:1", "direct", "7", words, NOW)
        [message] = store.mail.pending()
        assert (message.text, message.attempts) == ("first", 0)
        store.mail.sent(message.id, NOW)
        assert store.mail.pending() == ()


def test_writers_wait_for_each_other(any_database):
    """Each of many writers reads a number and writes the next: none is lost."""
    with any_database.begin() as store:
        project = store.projects.add("p", "P", "/p", None, NOW)
        node = store.projects.add_nodes(project.id, [("a", ())])[0]

    def add(kind):
        with any_database.begin() as store:
            store.projects.lock(project.id)
            store.tasks.add(project.id, node.id, "a", kind, NOW)

    threads = [threading.Thread(target=add, args=(kind,)) for kind in TaskKind]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_database.reading() as store:
        assert [row.number for row in store.tasks.of_project(project.id)] == [1, 2, 3]


@pytest.mark.parametrize("url", ["nonsense", "postgresql+psycopg://127.0.0.1:1/none", "oracle+none://x"])
def test_a_database_out_of_reach_is_one_sentence(url):
    with pytest.raises(UserError, match="database"):
        Database(url)


def test_a_password_is_not_repeated():
    with pytest.raises(UserError) as refused:
        Database("postgresql+psycopg://u:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(refused.value)


def test_an_attempt_that_fails_leaves_nothing_and_the_transaction_goes_on(any_database):
    with any_database.begin() as store:
        store.mail.set_cursor("before", "kept")
        with contextlib.suppress(UserError), store.attempt():
            store.mail.set_cursor("within", "lost")
            raise UserError("No.")
        with store.attempt():
            store.mail.set_cursor("after", "kept")
    with any_database.reading() as store:
        assert [store.mail.cursor(name) for name in ("before", "within", "after")] == ["kept", None, "kept"]
