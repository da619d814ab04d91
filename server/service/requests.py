"""What people ask each other about tasks, once one of them is gone, or turns out to be somebody else."""

from __future__ import annotations

from datetime import datetime

from server.records.people import Person
from server.records.projects import ProjectRow
from server.records.tasks import RequestRow
from server.store import Store
from server.work.tasks import Task, TaskEvent, What
from server.work.transitions import TRANSITIONS


def involving(store: Store, project: ProjectRow, numbers: set[int]) -> tuple[RequestRow, ...]:
    """What stands in the project of what people of these numbers asked, or were asked, oldest first."""
    asked = store.tasks.requests(project.id)
    return tuple(ask for ask in asked if not numbers.isdisjoint((ask.by_id, ask.to_id)))


def void(ask: RequestRow, now: datetime) -> TaskEvent:
    """What ends a request that nobody can answer, or whose answer nobody would get."""
    if ask.kind is What.QUEUED:
        return TaskEvent(What.UNQUEUED, now, ask.by_id)
    return TaskEvent(What.LAPSED, now, ask.to_id, other_id=ask.by_id)


def carry_over(store: Store, old: Person, new: Person, now: datetime) -> None:
    """Whatever the one asked or was asked, the other one did or was from now on, for as long as it stands."""
    for project in store.projects.every():
        if involving(store, project, {old.id}):
            store.projects.lock(project.id)
        for ask in involving(store, project, {old.id}):
            after = store.tasks.append(ask.task_id, void(ask, now))
            by, to = (new.id if id == old.id else id for id in (ask.by_id, ask.to_id))
            if by != to and not _has(after, ask.kind, by, to):
                store.tasks.append(ask.task_id, TaskEvent(ask.kind, now, by, ask.expires, to))


def _has(task: Task, kind: What, by: int | None, to: int | None) -> bool:
    """Whether that is so already, or cannot be."""
    same = any((ask.kind, ask.by, ask.to) == (kind, by, to) for ask in (*task.requests, *task.waiting))
    answered = to in task.crew or (to is None and by in task.crew)
    return same or answered or task.state is None or (task.state, kind) not in TRANSITIONS
