"""People, sweeps and syncs at once, on one project: `python -m tests.server.racing URL SEED THREADS ROUNDS`.

Prints what came of it as JSON: how often each thing was done, every refusal, every fault.
"""

from __future__ import annotations

import json
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from blueprint.errors import UserError
from lean_project.attribution import Authorship
from lean_project.commits import Commit
from lean_project.facts import Fact
from lean_project.findings import Findings
from lean_project.status import TaskKind, statuses
from server.service import claims, people, projects, tending
from server.service.arrival import Checked, before, record
from server.store import Database, Store
from server.work.changes import Done

from .chat_world import NOW, add_project, facts, graph

SLUG, FOLDER = "halls", Path("/nowhere/halls")
WANTED = "lem:alternating"
SHARED = Authorship("Everybody", "everybody@example.org", 3)


@dataclass
class Tally:
    """What one racer did."""

    done: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.done + other.done, self.refused + other.refused, self.faults + other.faults)


def prepare(url: str, crew: int) -> None:
    """A project with free tasks, and people who want them."""
    database = Database(url)
    with database.begin() as store:
        add_project(store, SLUG)
        for number in range(crew):
            people.by_zulip(store, number, f"Racer {number}", NOW)
    database.close()


class Racer:
    """One person, who acts in a transaction each time; and time itself, and merged work."""

    def __init__(self, database: Database, number: int, seed: int) -> None:
        self.database, self.number, self.chance = database, number, Random(f"{seed} {number}")
        self.tally = Tally()

    def run(self, rounds: int) -> None:
        acts = [self.claim] * 5 + [self.disclaim] * 3 + [self.sweep, self.settle]
        for _ in range(rounds):
            self.attempt(self.chance.choice(acts))

    def attempt(self, act: Callable[[], str]) -> None:
        try:
            self.tally.done[act()] += 1
        except UserError as error:
            self.tally.refused.append(str(error))
        except Exception:  # noqa: BLE001 -- that there are none is what is tested
            self.tally.faults.append(traceback.format_exc())

    def claim(self) -> str:
        with self.database.begin() as store:
            project, person = projects.find(store, SLUG), people.by_zulip(store, self.number, "", NOW)
            outcome = claims.claim(store, project, person, WANTED, until=None, now=self.now())
        return "renewed" if outcome.renewed else "claimed"

    def disclaim(self) -> str:
        with self.database.begin() as store:
            project, person = projects.find(store, SLUG), people.by_zulip(store, self.number, "", NOW)
            claims.disclaim(store, project, person, WANTED, now=self.now())
        return "disclaimed"

    def sweep(self) -> str:
        """Later, so that any claim is over."""
        with self.database.begin() as store:
            tending.tend(store, self.now() + timedelta(days=60))
        return "swept"

    def settle(self) -> str:
        with self.database.reading() as store:
            checked = arriving(store, self.chance, self.now(), self.number)
        with self.database.begin() as store:
            return "unchanged" if record(store, checked, self.now()).unchanged else "settled"

    def now(self) -> datetime:
        return NOW + timedelta(minutes=self.chance.randrange(60))


def arriving(store: Store, chance: Random, now: datetime, number: int) -> Checked:
    """A commit in which the work is done, by two people, or one in which it is undone."""
    done, wanted = chance.random() < 0.5, Done(WANTED, TaskKind.PROVE)
    author = Authorship(f"Author {number}", f"{number}@example.org", 4)
    return Checked(
        path=FOLDER,
        url=None,
        title="Marriage",
        commit=Commit(f"{chance.getrandbits(160):040x}", now, author.name, author.email, "Work"),
        findings=findings(done),
        authors={wanted: (author, SHARED)} if done else {},
        unknown={},
        known=before(store, FOLDER),
    )


def findings(done: bool) -> Findings:
    plan, found = graph(), facts()
    if done:
        facts_ = tuple(_proved(fact) if fact.name == "alternating" else fact for fact in found.declarations)
        found = replace(found, declarations=facts_)
    return Findings(plan, found, statuses(plan, found))


def _proved(fact: Fact) -> Fact:
    return replace(fact, direct_sorry=False, axioms=(), blames=())


def race(url: str, numbers: range, seed: int, run: Callable[[Racer], None]) -> Tally:
    """Everybody at once, each in a thread, on one engine."""
    database = Database(url)
    racers = [Racer(database, number, seed) for number in numbers]
    start = threading.Barrier(len(racers))

    def go(racer: Racer) -> None:
        start.wait()
        run(racer)

    threads = [threading.Thread(target=go, args=(racer,)) for racer in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    return sum((racer.tally for racer in racers), Tally())


def main() -> None:
    url, seed, threads, rounds = sys.argv[1], *map(int, sys.argv[2:])
    first = seed * threads
    tally = race(url, range(first, first + threads), seed, lambda racer: racer.run(rounds))
    print(json.dumps({"done": tally.done, "refused": tally.refused, "faults": tally.faults}))


if __name__ == "__main__":
    main()
