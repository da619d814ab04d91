"""Telling people something: a notice on their page, which goes on to the chat where and when they want it."""

from __future__ import annotations

from datetime import datetime

from server.records.projects import ProjectRow
from server.store import Store
from server.work.transitions import FREE


def tell(
    store: Store, project: ProjectRow, person_id: int, kind: str, text: str, now: datetime, node: str | None
) -> None:
    """`text` is plain, and whoever sends it on escapes it; in it stand people's `mention`s.

    Somebody who was erased is told nothing.
    """
    person = store.people.get(person_id)
    if person is not None:
        store.notices.add(project.id, person.id, kind, text, now, node)


def tell_free(store: Store, project: ProjectRow, task_id: int, name: str, node: str, now: datetime) -> None:
    """If the task can be taken, let everybody know who waits for it, first come first."""
    task = store.tasks.task(task_id)
    free = task.state in FREE and task.waiting and not store.matches.is_aside(task_id)
    for ask in task.waiting if free else ():
        words = f"{name} is free again; whoever claims it first has it."
        tell(store, project, ask.by, ask.kind, words, now, node)
