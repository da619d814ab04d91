"""What time alone brings about: reminders, and leases that run out."""

from __future__ import annotations

from datetime import datetime

from server.records import ClaimRow, ProjectRow, TaskRow
from server.service.telling import tell
from server.service.wording import until_words
from server.store import Store
from server.work.leases import is_over, lapses, reminder
from server.work.tasks import TaskEvent, What


def tend(store: Store, now: datetime) -> None:
    """Bring every project up to the present moment. To be called now and then; twice does no harm."""
    for project in store.projects.every():
        store.projects.lock(project.id)
        expire(store, project, now)
        remind(store, project, now)


def expire(store: Store, project: ProjectRow, now: datetime) -> None:
    """Write down, and tell the holders, which leases are over; every change to a project begins so."""
    leases = store.tasks.claims(project.id)
    for lease, task in _with_tasks(store, project, [c for c in leases if is_over(store.policy, c.ends, now)]):
        _expire(store, project, lease, task, now)


def remind(store: Store, project: ProjectRow, now: datetime) -> None:
    """Tell the holders whose leases end soon, or have just ended, once for each."""
    leases = store.tasks.claims(project.id)
    due = [c for c in leases if reminder(c.since, c.ends, c.reminded, now)]
    for lease, task in _with_tasks(store, project, due):
        store.tasks.reminded(lease.id, now)
        tell(store, project, lease.person_id, "reminder", _reminder(store, lease, task, now), now, task.node)


def _expire(store: Store, project: ProjectRow, lease: ClaimRow, task: TaskRow, now: datetime) -> None:
    moment = lapses(store.policy, lease.expires) or now
    store.tasks.append(task.id, TaskEvent(What.EXPIRED, moment, lease.person_id))
    words = f"Your claim on {task.name} ran out. Claim it again if you are still at it."
    tell(store, project, lease.person_id, What.EXPIRED, words, now, task.node)
    record = f"held #{task.number} until it ran out"
    store.log.record(project.id, What.EXPIRED, record, moment, node=task.node, person_id=lease.person_id)


def _reminder(store: Store, lease: ClaimRow, task: TaskRow, now: datetime) -> str:
    if lease.expires and lease.expires <= now:
        kept = until_words(lapses(store.policy, lease.expires))
        return f"Your claim on {task.name} has ended and is kept for you{kept}; claim it again to go on."
    return f"You hold {task.name}{until_words(lease.expires)}; claim it again if you need longer."


def _with_tasks(store: Store, project: ProjectRow, leases: list[ClaimRow]) -> list[tuple[ClaimRow, TaskRow]]:
    tasks = {task.id: task for task in store.tasks.of_project(project.id)} if leases else {}
    return [(lease, tasks[lease.task_id]) for lease in leases]
