"""Forgetting a person who asks for it. What they did stays, and so does every ledger; who they were goes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.requests import involving, void
from server.service.telling import tell_free
from server.store import Store
from server.work.tasks import TaskEvent, What


@dataclass(frozen=True, slots=True)
class Erased:
    """The number the person goes by from now on, and how many tasks they gave back."""

    number: int
    given_back: int


def erase(store: Store, person: Person, now: datetime) -> Erased:
    """Give back what the person holds, and take out their names, accounts, tokens, notices and watches.

    Those who wait for a task that becomes free by it are told.
    Their name is replaced wherever it stands as a word in the log, in notes and in messages. What the
    repository itself says, and the evidence that entries of the ledger are sealed with, is not touched.
    """
    given_back = sum(_give_back(store, person, project, now) for project in store.projects.every())
    store.erasing.erase(person.id, now)
    return Erased(person.id, given_back)


def _give_back(store: Store, person: Person, project: ProjectRow, now: datetime) -> int:
    """Straight into the books: a rule that keeps a person from giving back does not keep them from going."""
    numbers = set(store.erasing.numbers(person.id))
    store.projects.lock(project.id)
    leases = store.tasks.claims(project.id)
    held = [lease for lease in leases if any(one.person_id in numbers for one in lease.crew)]
    for lease in held:
        own = [one.person_id for one in lease.crew if one.person_id in numbers]
        for number in own:
            alone = len(store.tasks.task(lease.task_id).crew) == 1
            what = What.DISCLAIMED if alone else What.LEFT
            store.tasks.append(lease.task_id, TaskEvent(what, now, number))
    asked = involving(store, project, numbers)
    for ask in asked:
        store.tasks.append(ask.task_id, void(ask, now))
    _tell_free(store, project, {lease.task_id for lease in held} | {ask.task_id for ask in asked}, now)
    return len(held)


def _tell_free(store: Store, project: ProjectRow, task_ids: Collection[int], now: datetime) -> None:
    for task in store.tasks.of_project(project.id) if task_ids else ():
        if task.id in task_ids:
            tell_free(store, project, task.id, task.name, task.node, now)
