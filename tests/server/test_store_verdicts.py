"""Verdicts of checks: the newest counts, however they come, and those of no pull request are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from server.forges.events import Standing, Verdict
from server.store import Database, Store

from .conftest import START

SHA, OTHER = "a" * 40, "b" * 40
LINK = "https://github.com/village/halls/pull/1"


@pytest.fixture
def project_id(any_database: Database) -> int:
    with any_database.begin() as store:
        return store.projects.add("p", "P", "/p", None, START).id


def note(
    store: Store, project_id: int, passed: bool, at: datetime, delivery: int, name: str = "build"
) -> None:
    store.verdicts.note(project_id, Verdict(SHA, name, passed), at, delivery, 2)


def checks(store: Store, project_id: int) -> dict[str, bool]:
    known = store.pull_requests.get(project_id, LINK)
    assert known is not None
    return dict(known.checks)


def test_the_newest_counts_and_of_one_moment_the_later_delivery(
    any_database: Database, project_id: int
) -> None:
    later = START + timedelta(minutes=1)
    with any_database.begin() as store:
        note(store, project_id, False, later, 3)
        note(store, project_id, True, START, 9)
        store.pull_requests.put(project_id, LINK, Standing.OPEN, SHA, START, 1)
        assert checks(store, project_id) == {"build": False}
        note(store, project_id, True, later, 2)
        assert checks(store, project_id) == {"build": False}
        note(store, project_id, True, later, 4)
        assert checks(store, project_id) == {"build": True}


def test_of_one_commit_so_many_are_kept_and_of_another_none_counts(
    any_database: Database, project_id: int
) -> None:
    with any_database.begin() as store:
        for number, name in enumerate(("one", "two", "three")):
            note(store, project_id, True, START, number, name)
        store.pull_requests.put(project_id, LINK, Standing.OPEN, SHA, START, 1)
        assert set(checks(store, project_id)) == {"one", "two"}
        store.pull_requests.put(project_id, LINK, Standing.OPEN, OTHER, START, 2)
        assert checks(store, project_id) == {}


@pytest.mark.parametrize("known", [True, False])
def test_what_no_pull_request_needs_is_forgotten(
    any_database: Database, project_id: int, known: bool
) -> None:
    with any_database.begin() as store:
        note(store, project_id, True, START, 1)
        if known:
            store.pull_requests.put(project_id, LINK, Standing.OPEN, SHA, START, 1)
        store.verdicts.forget(START + timedelta(days=1))
        store.pull_requests.put(project_id, LINK, Standing.OPEN, SHA, START, 1)
        assert checks(store, project_id) == ({"build": True} if known else {})
