"""A synced project and the people at work on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blueprint.errors import UserError
from server.service import (
    assigning,
    claims,
    crews,
    informal,
    people,
    progress,
    reviewing,
    tending,
    upkeep,
    views,
    waiting,
    watching,
)
from server.sync import sync
from server.work.leases import Size
from server.work.permissions import Role
from server.work.tasks import Informal

DAY = timedelta(days=1)


# What people can ask for, with what they say besides the task; `other` is somebody.
DEEDS = (
    (claims.claim, lambda dice, other: ((), {"until": dice.choice([None, DAY, 30 * DAY, 100 * DAY])})),
    (claims.claim, lambda dice, other: ((), {"until": None})),
    (claims.disclaim, lambda dice, other: ((), {})),
    (progress.progress, lambda dice, other: (("on my way",), {})),
    (progress.stuck, lambda dice, other: (("everything",), {})),
    (progress.snooze, lambda dice, other: ((), {"until": None})),
    (progress.acknowledge, lambda dice, other: ((), {})),
    (reviewing.propose, lambda dice, other: ((dice.choice(["#1", "#2"]),), {})),
    (reviewing.withdraw, lambda dice, other: ((), {})),
    (reviewing.await_review, lambda dice, other: ((), {})),
    (reviewing.await_author, lambda dice, other: ((), {})),
    (crews.join, lambda dice, other: ((), {})),
    (crews.invite, lambda dice, other: ((other,), {})),
    (crews.hand_over, lambda dice, other: ((other,), {})),
    (crews.accept, lambda dice, other: ((dice.choice([None, other]),), {})),
    (crews.accept, lambda dice, other: ((), {})),
    (crews.decline, lambda dice, other: ((), {})),
    (waiting.wait, lambda dice, other: ((), {})),
    (waiting.unwait, lambda dice, other: ((), {})),
    (assigning.assign, lambda dice, other: ((other,), {})),
    (assigning.unassign, lambda dice, other: ((), {})),
    (upkeep.hold, lambda dice, other: ((), {})),
    (upkeep.unhold, lambda dice, other: ((), {})),
    (upkeep.set_size, lambda dice, other: ((dice.choice([*Size, None]),), {})),
    (upkeep.tag, lambda dice, other: ((("easy",),), {})),
    (informal.open_task, lambda dice, other: ((dice.choice([None, *Informal]),), {})),
    (informal.resolve, lambda dice, other: ((), {})),
    (informal.split, lambda dice, other: ((["one", "two"],), {})),
)


def build(village, database):
    """A project of six nodes and four people; Ana has credit, Mona maintains.

    thm:a is done (#1, #2); b and d can be proved (#4, #8), e stated (#9); c waits for b and e; f is marked
    not ready.
    """
    node = village.node
    nodes = [
        node("thm:a"),
        node("thm:b", "thm:a"),
        node("thm:c", "thm:b", "thm:e"),
        node("thm:d"),
        node("thm:e"),
        node("thm:f", notready=True),
    ]
    proofs = ("theorem a : A := by simp", *(f"theorem {name} : X := sorry" for name in "bcd"))
    village.commit(village.ana, nodes, *proofs)
    crew = Crew(database, sync(database, village.folder, village.now).project, village.now)
    crew.village, crew.nodes = village, nodes
    return crew


class Crew:
    def __init__(self, database, project, now):
        self.database, self.project, self.now = database, project, now
        with database.begin() as store:
            self.ana = people.by_git(store, "Ana", "ana@example.org", now)
            self.ben = people.by_zulip(store, 2, "Ben", now)
            self.cleo = people.by_zulip(store, 3, "Cleo", now)
            mona = people.by_zulip(store, 4, "Mona", now)
            self.mona = people.appoint(store, mona, Role.MAINTAINER)

    def do(self, service, person, *what, now=None, **options):
        with self.database.begin() as store:
            return service(store, self.project, person, *what, now=now or self.now, **options)

    def claim(self, person, ref, until=None, now=None):
        return self.do(claims.claim, person, ref, until=until, now=now)

    def disclaim(self, person, ref, now=None):
        return self.do(claims.disclaim, person, ref, now=now)

    def mine(self, person, now=None):
        with self.database.reading() as store:
            return [task.node for task in claims.mine(store, self.project, person, now or self.now)]

    def snapshot(self, now=None):
        with self.database.reading() as store:
            return views.snapshot(store, self.project, now or self.now)

    def task(self, number, now=None):
        return next(task for task in self.snapshot(now).tasks if task.number == number)

    def holders(self, number, now=None):
        return [claim.person_name for claim in self.task(number, now).claims]

    def notices(self, person):
        """What they were told, newest first."""
        with self.database.reading() as store:
            return [notice.text for notice in watching.notices(store, person, self.now)]


def refused(crew, service, person, *what, **options):
    """Why that cannot be done."""
    with pytest.raises(UserError) as error:
        crew.do(service, person, *what, **options)
    return str(error.value)


def tend(crew, days):
    """What so many days later is due is done."""
    with crew.database.begin() as store:
        tending.tend(store, crew.now + timedelta(days=days))
