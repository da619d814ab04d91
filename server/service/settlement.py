"""Bringing the books in line with a new check: nodes, tasks, leases and credit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lean_project.attribution import Authorship
from lean_project.findings import Findings
from lean_project.status import Readiness, TaskKind
from server.records import ClaimRow, NodeRow, ProjectRow, TaskRow
from server.service.crediting import give_credit
from server.service.matching import match_nodes
from server.service.telling import tell
from server.service.tending import expire, remind
from server.store import Store
from server.work.changes import Done
from server.work.tasks import State, TaskEvent, What


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
    tasks = {(task.node, task.kind): task for task in store.tasks.of_project(project.id)}
    settled = Settled()
    for node in findings.graph.nodes:
        for work in findings.statuses[node.id].work:
            task = tasks.get((node.id, work.kind)) or _open(store, project, rows[node.id], work.kind, now)
            if work.readiness is Readiness.DONE and task.state is not State.VERIFIED:
                settled = _add(settled, _finish(store, project, task, merged, now))
            elif work.readiness is not Readiness.DONE:
                _reopen(store, task, now)
    return settled


def supersede_missing(store: Store, project: ProjectRow, findings: Findings, now: datetime) -> None:
    """A task whose node, or whose kind of work, is gone is set aside, never deleted.

    One whose node may be another now waits until somebody has said so.
    """
    waiting = store.matches.aside(project.id)
    needed = {(name, work.kind) for name, status in findings.statuses.items() for work in status.work}
    for task in store.tasks.of_project(project.id):
        needless = (task.node, task.kind) not in needed and task.node_id not in waiting
        if needless and task.state is not State.SUPERSEDED:
            lease = store.tasks.lease(task.id)
            store.tasks.append(task.id, TaskEvent(What.SUPERSEDED, now))
            if lease:
                words = f"{task.name} is not in the blueprint any more, so your claim on it has ended."
                tell(store, project, lease.person_id, What.SUPERSEDED, words, now, task.node)


def _open(store: Store, project: ProjectRow, node: NodeRow, kind: TaskKind, now: datetime) -> TaskRow:
    return store.tasks.add(project.id, node.id, node.label, kind, now)


def _reopen(store: Store, task: TaskRow, now: datetime) -> None:
    """A task that is not done: back from aside, or undone by somebody."""
    what = {State.SUPERSEDED: What.REOPENED, State.VERIFIED: What.REGRESSED}.get(task.state)
    if what:
        store.tasks.append(task.id, TaskEvent(what, now))


def _finish(store: Store, project: ProjectRow, task: TaskRow, merged: Merged, now: datetime) -> Settled:
    """The work is done, by whoever wrote it; a holder hears of it, and whether it was theirs."""
    if task.state is State.SUPERSEDED:
        store.tasks.append(task.id, TaskEvent(What.REOPENED, now))
    done = Done(task.node, task.kind)
    authors, sha = merged.authors.get(done, ()), merged.passed.get(done, merged.sha)
    by = give_credit(store, project, task, authors, sha, merged.credited)
    lease = store.tasks.lease(task.id)
    store.tasks.append(task.id, TaskEvent(What.FINISHED, now, by.lead))
    if lease:
        _tell_holder(store, project, task, lease, by.people, now)
    return Settled(1, by.entries)


def _tell_holder(
    store: Store, project: ProjectRow, task: TaskRow, lease: ClaimRow, authors: frozenset[int], now: datetime
) -> None:
    if lease.person_id in authors:
        words = f"{task.name} passed the check: it is done. Thank you!"
    else:
        words = (
            f"{task.name} was done by somebody else's merged work, so your claim on it has ended. "
            "If the work is yours, ask whoever runs the server to link your git address to you."
        )
    tell(store, project, lease.person_id, What.FINISHED, words, now, task.node)


def _add(one: Settled, other: Settled) -> Settled:
    return Settled(one.finished + other.finished, one.credited + other.credited)
