"""Killed without warning in the middle of claims, syncs and credits: nothing half done, nothing done twice.

`CHANTIER_KILLS` says how often; `make test-kill` takes 200.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import pytest

from blueprint.errors import UserError
from server import keeping
from server.service import claims, people, projects, tending
from server.service.arrival import record
from server.service.audit import require_sound
from server.store import Database, Store
from server.work.tasks import What

from .chat_world import NOW
from .migrating import content, kept
from .racing import SLUG, WANTED, arriving, prepare

KILLS = int(os.environ.get("CHANTIER_KILLS", "20"))
CREW = 3
PROCESSES = multiprocessing.get_context("fork")


def killed_at_random(chance: Random, steps: int, longest: float, work: Callable[[Connection], None]) -> None:
    """Let a process work; kill it so many seconds at most after one of its first steps, as it counts them."""
    here, there = PROCESSES.Pipe()
    process = PROCESSES.Process(target=work, args=(there,))
    process.start()
    there.close()
    for _ in range(chance.randint(1, steps)):
        here.recv()
    time.sleep(chance.random() * longest)
    process.kill()
    process.join()


def toil(url: str, ready: Connection) -> None:
    """Act on one message after the other; the last one may have been acted on before."""
    database = Database(url)
    with database.reading() as store:
        key = len(messages(store))
    while True:
        ready.send(None)
        try:
            act(database, key)
        except UserError:
            with database.begin() as store:  # a refusal is an answer, too
                if store.mail.accept(f"message:{key}", NOW):
                    answer(store, key, "refused")
        key += 1


def act(database: Database, key: int) -> None:
    """One message, in one transaction with what it brings about and the answer to it."""
    chance, now = Random(key), NOW + timedelta(minutes=key)
    kind = chance.choice(("claim", "claim", "disclaim", "sync", "sweep"))
    with database.reading() as store:
        checked = arriving(store, Random(key), now, number=key % 7) if kind == "sync" else None
    with database.begin() as store:
        if not store.mail.accept(f"message:{key}", now):
            return
        project, person = projects.find(store, SLUG), people.by_zulip(store, key % CREW, "", now)
        if checked:
            record(store, checked, now)
        elif kind == "claim":
            claims.claim(store, project, person, WANTED, until=None, now=now)
        elif kind == "disclaim":
            claims.disclaim(store, project, person, WANTED, now=now)
        else:
            tending.tend(store, now + timedelta(days=60))
        answer(store, key, kind)


def answer(store: Store, key: int, words: str) -> None:
    project = projects.find(store, SLUG)
    store.log.record(project.id, "answered", f"{key} {words}", NOW)
    store.mail.post(f"answer:{key}", "direct", "1", words, NOW)


def messages(store: Store) -> list[int]:
    """What was answered, in order."""
    project = projects.find(store, SLUG)
    told = [event.text for event in store.log.events(project.id) if event.kind == "answered"]
    return [int(words.split()[0]) for words in reversed(told)]


def require_whole(url: str) -> int:
    """How many messages were acted on: all of them once, and wholly."""
    database = Database(url)
    with database.reading() as store:
        project = projects.find(store, SLUG)
        require_sound(store, project)
        answered = messages(store)
        assert answered == list(range(len(answered)))
        tasks = store.tasks.of_project(project.id)
        events = Counter(event.what for task in tasks for event in store.tasks.events(task.id))
        log = Counter(event.kind for event in store.log.events(project.id))
        for what in (What.CLAIMED, What.RENEWED, What.DISCLAIMED, What.EXPIRED):
            assert events[what] == log[what]
        credited = [
            (entry.person_id, entry.node, entry.kind) for entry, _, _ in store.ledger.entries(project.id)
        ]
        assert len(credited) == len(set(credited))
        assert store.books.damage() is None
    database.close()
    rows = content(url)
    assert len(rows["inbox"]) == len(rows["outbox"]) - _notices(rows) == len(answered)
    checked = {row["commit_id"] for row in rows["snapshots"]}
    assert checked == {row["id"] for row in rows["commits"]}
    return len(answered)


def _notices(rows: dict[str, list[dict[str, object]]]) -> int:
    told = [row for row in rows["outbox"] if str(row["key"]).startswith("notice:")]
    assert len(told) == len({row["key"] for row in told})
    return len(told)


def test_a_server_that_is_killed_loses_and_repeats_nothing(database_url: str) -> None:
    chance = Random(11)
    prepare(database_url, CREW)
    done = [0]
    for _ in range(KILLS):
        killed_at_random(chance, 5, 0.05, lambda ready: toil(database_url, ready))
        done.append(require_whole(database_url))
    assert done == sorted(done)
    assert done[-1] > KILLS


@pytest.mark.parametrize("force", [False, True], ids=["empty", "force"])
def test_a_restore_that_is_killed_is_done_or_not_begun(
    database_url: str, other_url: str, tmp_path: Path, force: bool
) -> None:
    chance, copy = Random(12), tmp_path / "copy"
    prepare(other_url, 200)
    source = Database(other_url)
    keeping.backup(source, copy)
    source.close()
    if force:
        prepare(database_url, 3)
    else:
        Database(database_url).close()
    before, after = kept(database_url), kept(other_url)
    seen = []
    for _ in range(max(3, KILLS // 10)):
        killed_at_random(chance, 1, 0.4, lambda ready: bring_back(database_url, copy, ready, force))
        seen.append(kept(database_url))
        assert seen[-1] in (before, after)
        if seen[-1] == after:
            break


def bring_back(url: str, copy: Path, ready: Connection, force: bool) -> None:
    database = Database(url)
    ready.send(None)
    keeping.restore(database, copy, force=force)
