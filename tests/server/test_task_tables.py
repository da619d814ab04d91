"""The tables of tasks: what the database itself forbids, and coming from earlier versions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.service import crews, reviewing, tending
from server.service.waiting import wait
from server.store.schema import revisions
from server.sync import sync
from server.work.permissions import Role
from server.work.tasks import fold

from .migrating import migrate

DAY = timedelta(days=1)


def execute(url, *statements):
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("claims", "task_id, person_id, since"),
        ("claim_members", "claim_id, person_id, since"),
        ("task_requests", "task_id, kind, person_id, other_id, at"),
        ("task_links", "task_id, link"),
    ],
)
def test_the_database_itself_refuses_what_is_there_already(crew, database_url, table, columns):
    crew.claim(crew.ben, "#4")
    crew.do(crews.join, crew.cleo, "#4")
    crew.do(wait, crew.ana, "#4")
    execute(database_url, "INSERT INTO task_links (task_id, link) SELECT MAX(task_id), '#1' FROM claims")
    with pytest.raises(IntegrityError):
        execute(database_url, f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}")


def test_a_claim_of_an_earlier_version_goes_on(crew, database_url):
    crew.claim(crew.ben, "#4")
    crew.claim(crew.ana, "#8")
    crew.disclaim(crew.ana, "#8")
    migrate(database_url, "0003", command.downgrade)
    engine = create_engine(database_url)
    tables = set(inspect(engine).get_table_names())
    assert not {"claim_members", "task_requests", "task_links"} & tables
    with engine.connect() as connection:
        states = set(connection.execute(text("SELECT state FROM tasks")).scalars())
    engine.dispose()
    assert states == {"verified", "claimed", "open"}
    migrate(database_url, "head", command.upgrade)
    assert crew.holders(4) == ["Ben"]
    crew.do(crews.invite, crew.ben, "#4", crew.cleo)
    crew.do(crews.accept, crew.cleo, "#4")
    assert crew.holders(4) == ["Ben", "Cleo"]
    with crew.database.reading() as store:
        assert store.tasks.held_by(crew.ana.id) == 0
        for row in store.tasks.of_project(crew.project.id):
            assert row.state is fold(store.tasks.events(row.id)).state


def test_what_was_finished_is_verified_again_by_the_next_sync(crew, database_url):
    migrate(database_url, "0003", command.downgrade)
    migrate(database_url, "head", command.upgrade)
    assert crew.task(2).state == "landed"
    village = crew.village
    village.commit(village.ana, crew.nodes, "theorem a : A := by simp", "theorem b : X := sorry")
    sync(crew.database, village.folder, crew.now + DAY)
    assert crew.task(2).state == "verified"


def test_what_an_earlier_version_could_not_tell_is_not_thrown_away(crew, database_url):
    crew.claim(crew.ben, "#4")
    crew.do(wait, crew.ana, "#4")
    with pytest.raises(RuntimeError, match="1 events of tasks would be lost"):
        migrate(database_url, "0003", command.downgrade)
    assert crew.holders(4) == ["Ben"]


def test_the_events_are_append_only_after_the_way_down_and_up(crew, database_url):
    for revision, way in (("0003", command.downgrade), ("head", command.upgrade)):
        migrate(database_url, revision, way)
        with pytest.raises(DBAPIError, match="append-only"):
            execute(database_url, "DELETE FROM task_events")


def test_a_person_who_shares_a_claim_has_an_account_of_their_own(crew):
    """Such a person is not merged into another."""
    crew.claim(crew.ben, "#4")
    crew.do(crews.invite, crew.ben, "#4", crew.ana)
    crew.do(crews.accept, crew.ana, "#4")
    with crew.database.reading() as store:
        assert (store.tasks.held_by(crew.ana.id), store.tasks.held_by(crew.cleo.id)) == (1, 0)
        assert crew.ana.role is Role.CONTRIBUTOR


def before_reviews_had_an_end():
    return revisions()[revisions().index("0014") - 1]


def test_a_review_of_an_earlier_version_counts_from_when_its_clock_stopped(crew, database_url):
    crew.claim(crew.ben, "#4")
    crew.do(reviewing.propose, crew.ben, "#4", "#12")
    migrate(database_url, before_reviews_had_an_end(), command.downgrade)
    migrate(database_url, "head", command.upgrade)
    with crew.database.begin() as store:
        [lease] = store.tasks.claims(crew.project.id)
        assert (lease.owed, lease.paused) == (crew.now, crew.now)
        tending.tend(store, crew.now + 30 * DAY)
    assert crew.task(4).state == "awaiting author"
    with pytest.raises(RuntimeError, match="events of tasks would be lost"):
        migrate(database_url, before_reviews_had_an_end(), command.downgrade)
    assert crew.task(4).state == "awaiting author"
