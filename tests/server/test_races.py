"""Many at once, in threads and in processes: one wins, the others are told so, and nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from server.service import people, watching
from server.service.audit import require_sound
from server.store import Database
from server.work.tasks import What

from .chat_world import NOW
from .racing import SLUG, WANTED, Tally, prepare, race

ROOT = Path(__file__).resolve().parents[2]
THREADS, PROCESSES, ROUNDS = 64, 8, 8


def history(database: Database) -> tuple[Counter[str], Counter[str]]:
    """What happened to tasks, and what the log says: how often each."""
    with database.reading() as store:
        project = store.projects.by_slug(SLUG)
        assert project is not None
        require_sound(store, project)
        tasks = store.tasks.of_project(project.id)
        done = Counter(event.what.value for task in tasks for event in store.tasks.events(task.id))
        return done, Counter(event.kind for event in store.log.events(project.id))


def check(tally: Tally, database: Database) -> None:
    """Every act that a racer was told of is on the books, once, and nothing else is."""
    assert tally.faults == []
    for words in tally.refused:
        assert words.endswith(".")
        assert "\n" not in words
    events, log = history(database)
    for what in (What.CLAIMED, What.RENEWED, What.DISCLAIMED):
        assert (events[what], log[what]) == (tally.done[what], tally.done[what])
    assert log[What.EXPIRED] == events[What.EXPIRED]
    over = events[What.DISCLAIMED] + events[What.EXPIRED]
    assert events[What.CLAIMED] - over - events[What.FINISHED] <= 1


def test_of_64_who_claim_the_same_task_one_has_it(database_url: str) -> None:
    prepare(database_url, THREADS)
    tally = race(database_url, range(THREADS), 1, lambda racer: racer.attempt(racer.claim))
    assert tally.faults == []
    assert tally.done == {"claimed": 1}
    database = Database(database_url)
    with database.reading() as store:
        [lease] = store.tasks.claims(store.projects.by_slug(SLUG).id)  # type: ignore[union-attr]
    assert len(tally.refused) == THREADS - 1
    assert all(words.startswith(f"{lease.person_name} holds ") for words in tally.refused)
    check(tally, database)
    database.close()


def test_64_who_do_all_there_is_at_once_lose_nothing(database_url: str) -> None:
    prepare(database_url, THREADS)
    tally = race(database_url, range(THREADS), 2, lambda racer: racer.run(ROUNDS))
    database = Database(database_url)
    check(tally, database)
    assert {"claimed", "swept", "settled"} <= tally.done.keys()
    database.close()


def test_processes_lose_nothing_either(database_url: str) -> None:
    prepare(database_url, THREADS)
    command = [sys.executable, "-m", "tests.server.racing", database_url]
    racing = [
        subprocess.Popen(
            [*command, str(seed), str(THREADS // PROCESSES), str(ROUNDS)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        for seed in range(PROCESSES)
    ]
    tally = Tally()
    for process in racing:
        said = json.loads(process.communicate(timeout=240)[0])
        tally += Tally(Counter(said["done"]), said["refused"], said["faults"])
    database = Database(database_url)
    check(tally, database)
    assert {"claimed", "swept", "settled"} <= tally.done.keys()
    database.close()


def at_once(count: int, act) -> list[BaseException]:  # type: ignore[no-untyped-def]
    start, failed = threading.Barrier(count), []

    def go(number: int) -> None:
        start.wait()
        try:
            act(number)
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_a_new_database_may_be_opened_by_many(database_url: str) -> None:
    assert at_once(8, lambda number: Database(database_url).close()) == []


@pytest.mark.parametrize("kind", ["zulip", "git"])
def test_somebody_new_who_comes_in_many_ways_at_once_is_one(any_database: Database, kind: str) -> None:
    def come(number: int) -> None:
        with any_database.begin() as store:
            if kind == "zulip":
                people.by_zulip(store, 7, "Ana", NOW)
            else:
                people.by_git(store, "Ana", "ana@example.org", NOW)

    assert at_once(8, come) == []
    with any_database.reading() as store:
        assert len(store.people.every()) == 1


def test_a_message_that_comes_many_times_at_once_acts_once(any_database: Database) -> None:
    accepted: list[bool] = []

    def accept(number: int) -> None:
        with any_database.begin() as store:
            if store.mail.accept("zulip:1", NOW):
                accepted.append(True)
                store.mail.post("reply:1", "direct", "7", "Hello.", NOW)

    assert at_once(8, accept) == []
    assert accepted == [True]
    with any_database.reading() as store:
        assert len(store.mail.pending()) == 1


def test_a_node_is_watched_once(any_database: Database, database_url: str) -> None:
    prepare(database_url, 1)

    def watch(number: int) -> None:
        with any_database.begin() as store:
            project, person = store.projects.by_slug(SLUG), people.by_zulip(store, 0, "", NOW)
            assert project is not None
            watching.watch(store, project, person, WANTED, NOW)

    assert at_once(8, watch) == []
    with any_database.reading() as store:
        project = store.projects.by_slug(SLUG)
        assert project is not None
        assert store.log.watched(project.id, people.by_zulip(store, 0, "", NOW).id) == (WANTED,)
