"""Bringing the books in line with a new check: nodes, tasks, leases and credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lean_project.attribution import Authorship
from lean_project.findings import Findings
from lean_project.status import Readiness, TaskKind
from server.records.projects import ProjectRow
from server.records.tasks import TaskRow
from server.service.crediting import Written, give_credit
from server.service.informal import close_pieces
from server.service.matching import match_nodes
from server.service.standing import settle_verified
from server.service.telling import tell
from server.service.tending import expire, remind
from server.store import Store
from server.work.changes import Done
from server.work.tasks import TaskEvent, What
from server.work.transitions import DONE, State


@dataclass(frozen=True, slots=True)
class Settled:
    """How many tasks were finished, and how many entries of credit were made."""

    finished: int = 0
    credited: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """A commit's newly done work: who wrote it, the commit's hash, and when the credit for it begins.

    `passed` has the earlier commit that made it pass, where that is known.
    """

    authors: Mapping[Done, tuple[Authorship, ...]]
    sha: str
    credited: datetime
    passed: Mapping[Done, str] = field(default_factory=dict)


def settle(store: Store, project: ProjectRow, findings: Findings, merged: Merged, now: datetime) -> Settled:
    """Open, finish, regress and supersede tasks as the findings say, and credit those who did the work.

    The caller holds the project's lock. Run twice, it does nothing the second time.
    """
    expire(store, project, now)
    remind(store, project, now)
    rows = match_nodes(store, project, findings, now)
    supersede_missing(store, project, findings, now)
    known = store.tasks.of_project(project.id)
    tasks, wholes = {(task.node, task.kind): task for task in known}, {task.parent_id for task in known}
    works = [(node.id, work) for node in findings.graph.nodes for work in findings.statuses[node.id].work]
    missing = [(rows[node], work.kind) for node, work in works if (node, work.kind) not in tasks]
    tasks |= {(task.node, task.kind): task for task in store.tasks.add_formal(project.id, missing, now)}
    done = [tasks[node, work.kind] for node, work in works if work.readiness is Readiness.DONE]
    settled = _finish(store, project, [task for task in done if task.state not in DONE], merged, now)
    for task in done:
        if task.id in wholes and task.state not in DONE:
            close_pieces(store, project, task, now)
    undone = (tasks[node, work.kind] for node, work in works if work.readiness is not Readiness.DONE)
    store.tasks.append_all([event for task in undone for event in _reopening(task, now)])
    settle_verified(store, project, findings, now)
    return settled


def supersede_missing(store: Store, project: ProjectRow, findings: Findings, now: datetime) -> None:
    """A task whose node, or whose kind of work, is gone is set aside, never deleted.

    Informal work comes back with its node, but for the pieces of what is done. What hangs on a node that may
    be another now waits until somebody has said so.
    """
    aside = store.matches.aside(project.id)
    needed = {(name, work.kind) for name, status in findings.statuses.items() for work in status.work}
    rows = store.tasks.of_project(project.id)
    done = {row.id for row in rows if row.state in DONE}
    for task in rows:
        present = task.node in findings.statuses if task.formal is None else (task.node, task.kind) in needed
        if not present and task.state is not State.SUPERSEDED and task.node_id not in aside:
            _supersede(store, project, task, now)
        elif present and task.formal is None and task.parent_id not in done:
            store.tasks.append_all(_reopening(task, now))


def _supersede(store: Store, project: ProjectRow, task: TaskRow, now: datetime) -> None:
    before = store.tasks.task(task.id)
    store.tasks.append(task.id, TaskEvent(What.SUPERSEDED, now))
    gone = f"{task.name} is not in the blueprint any more"
    for person_id in before.crew:
        words = f"{gone}, so your claim on it has ended."
        tell(store, project, person_id, What.SUPERSEDED, words, now, task.node)
    for ask in (*before.requests, *before.waiting):
        words = f"{gone}, so what you asked about it does not stand."
        tell(store, project, ask.by, What.SUPERSEDED, words, now, task.node)


def _reopening(task: TaskRow, now: datetime) -> list[tuple[int, TaskEvent]]:
    """A task that is not done: back from aside, or undone by somebody."""
    if task.state is State.SUPERSEDED:
        return [(task.id, TaskEvent(What.REOPENED, now))]
    undone = task.formal and task.state in DONE
    return [(task.id, TaskEvent(What.REGRESSED, now))] if undone else []


def _finish(
    store: Store, project: ProjectRow, tasks: Sequence[TaskRow], merged: Merged, now: datetime
) -> Settled:
    """The work is done, by whoever wrote it; the holders hear of it, and whether it was theirs."""
    works = [_written(task, merged) for task in tasks]
    credited = give_credit(store, project, works, merged.credited)
    events = []
    for task, by in zip(tasks, credited, strict=True):
        if task.state is State.SUPERSEDED:
            events.append((task.id, TaskEvent(What.REOPENED, now)))
        events.append((task.id, TaskEvent(What.FINISHED, now, by.lead)))
    passed = store.tasks.append_all(events)
    for task, by in zip(tasks, credited, strict=True):
        before = passed[task.id].before
        _tell_crew(store, project, task, before.crew, by.people, now)
        for ask in (*before.requests, *before.waiting):
            words = f"{task.name} is done, so what you asked about it does not stand any more."
            tell(store, project, ask.by, What.FINISHED, words, now, task.node)
    return Settled(len(tasks), sum(by.entries for by in credited))


def _written(task: TaskRow, merged: Merged) -> Written:
    done = Done(task.node, TaskKind(task.kind))
    return Written(task, merged.authors.get(done, ()), merged.passed.get(done, merged.sha))


def _tell_crew(
    store: Store,
    project: ProjectRow,
    task: TaskRow,
    crew: tuple[int, ...],
    authors: frozenset[int],
    now: datetime,
) -> None:
    if authors.intersection(crew):
        words = f"{task.name} passed the check: it is done. Thank you!"
    else:
        words = (
            f"{task.name} was done by somebody else's merged work, so your claim on it has ended. "
            "If the work is yours, ask whoever runs the server to link your git address to you."
        )
    for person_id in crew:
        tell(store, project, person_id, What.FINISHED, words, now, task.node)
