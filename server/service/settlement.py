"""Bringing the books in line with a new check: nodes, tasks, leases and credit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from lean_project.attribution import Authorship
from lean_project.findings import Findings
from lean_project.renames import names, same
from lean_project.status import Readiness, TaskKind
from server.records import ClaimRow, NodeRow, ProjectRow, TaskRow
from server.service.crediting import give_credit
from server.service.informal import close_pieces
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
    rows = match_nodes(store, project, findings)
    _supersede_missing(store, project, findings, now)
    tasks = {(task.node, task.kind): task for task in store.tasks.of_project(project.id)}
    settled = Settled()
    for node in findings.graph.nodes:
        for work in findings.statuses[node.id].work:
            task = tasks.get((node.id, work.kind)) or _open(store, project, rows[node.id], work.kind, now)
            if work.readiness is Readiness.DONE and task.state not in DONE:
                settled = _add(settled, _finish(store, project, task, work.kind, merged, now))
            elif work.readiness is not Readiness.DONE:
                _reopen(store, task, now)
    settle_verified(store, project, findings, now)
    return settled


def match_nodes(store: Store, project: ProjectRow, findings: Findings) -> dict[str, NodeRow]:
    """Label -> row, for every node of the blueprint; rows follow their nodes through renames."""
    known, present = store.projects.nodes(project.id), names(findings.graph)
    rows = _known_rows(known, present)
    kept = {row.id for row in rows.values()}
    for row in known:
        if row.id not in kept:
            _write(store, row, replace(row, label=_former(row, present), gone=True))
    _free_labels(store, rows)
    for label, lean in present.items():
        if label in rows:
            rows[label] = _write(store, rows[label], replace(rows[label], label=label, lean=lean, gone=False))
        else:
            rows[label] = store.projects.add_node(project.id, label, lean)
    return rows


def _known_rows(known: Iterable[NodeRow], present: Mapping[str, tuple[str, ...]]) -> dict[str, NodeRow]:
    """Label -> row, for the nodes that have one: first those there were last time, then those come back."""
    found: dict[str, NodeRow] = {}
    for gone in (False, True):
        rows = {row.label: row for row in known if row.gone is gone}
        new = {label: lean for label, lean in present.items() if label not in found}
        origins = same({label: row.lean for label, row in rows.items()}, new)
        found |= {label: rows[origin] for label, origin in origins.items()}
    return found


def _former(row: NodeRow, present: Mapping[str, tuple[str, ...]]) -> str:
    """What a node that is gone is called: as before, unless another node has that label now."""
    return f"{row.label} (former {row.id})" if row.label in present else row.label


def _free_labels(store: Store, rows: dict[str, NodeRow]) -> None:
    """Nodes may have exchanged their labels, of which no two may be equal even for a moment."""
    for label, row in rows.items():
        if row.label != label:
            rows[label] = _write(store, row, replace(row, label=f"{label} (from {row.id})"))


def _write(store: Store, old: NodeRow, new: NodeRow) -> NodeRow:
    if new != old:
        store.projects.set_node(new)
    return new


def _supersede_missing(store: Store, project: ProjectRow, findings: Findings, now: datetime) -> None:
    """A task whose node, or whose kind of work, is gone is set aside, never deleted.

    Informal work comes back with its node, but for the pieces of what is done.
    """
    needed = {(name, work.kind) for name, status in findings.statuses.items() for work in status.work}
    rows = store.tasks.of_project(project.id)
    done = {row.id for row in rows if row.state in DONE}
    for task in rows:
        present = task.node in findings.statuses if task.formal is None else (task.node, task.kind) in needed
        if not present and task.state is not State.SUPERSEDED:
            _supersede(store, project, task, now)
        elif present and task.formal is None and task.parent_id not in done:
            _reopen(store, task, now)


def _supersede(store: Store, project: ProjectRow, task: TaskRow, now: datetime) -> None:
    lease = store.tasks.lease(task.id)
    store.tasks.append(task.id, TaskEvent(What.SUPERSEDED, now))
    words = f"{task.name} is not in the blueprint any more, so your claim on it has ended."
    for member in lease.crew if lease else ():
        tell(store, project, member.person_id, What.SUPERSEDED, words, now, task.node)


def _open(store: Store, project: ProjectRow, node: NodeRow, kind: TaskKind, now: datetime) -> TaskRow:
    return store.tasks.add(project.id, node.id, node.label, kind, now)


def _reopen(store: Store, task: TaskRow, now: datetime) -> None:
    """A task that is not done: back from aside, or undone by somebody."""
    if task.state is State.SUPERSEDED:
        store.tasks.append(task.id, TaskEvent(What.REOPENED, now))
    elif task.formal and task.state in DONE:
        store.tasks.append(task.id, TaskEvent(What.REGRESSED, now))


def _finish(
    store: Store, project: ProjectRow, task: TaskRow, kind: TaskKind, merged: Merged, now: datetime
) -> Settled:
    """The work is done, by whoever wrote it; the holders hear of it, and whether it was theirs."""
    if task.state is State.SUPERSEDED:
        store.tasks.append(task.id, TaskEvent(What.REOPENED, now))
    done = Done(task.node, kind)
    authors, sha = merged.authors.get(done, ()), merged.passed.get(done, merged.sha)
    by = give_credit(store, project, task, authors, sha, merged.credited)
    before, lease = store.tasks.task(task.id), store.tasks.lease(task.id)
    store.tasks.append(task.id, TaskEvent(What.FINISHED, now, by.lead))
    _tell_crew(store, project, task, lease, by.people, now)
    for ask in (*before.requests, *before.waiting):
        words = f"{task.name} is done, so what you asked about it does not stand any more."
        tell(store, project, ask.by, What.FINISHED, words, now, task.node)
    close_pieces(store, project, task, now)
    return Settled(1, by.entries)


def _tell_crew(
    store: Store,
    project: ProjectRow,
    task: TaskRow,
    lease: ClaimRow | None,
    authors: frozenset[int],
    now: datetime,
) -> None:
    members = {member.person_id for member in lease.crew} if lease else set()
    for person_id in sorted(members):
        if members & authors:
            words = f"{task.name} passed the check: it is done. Thank you!"
        else:
            words = (
                f"{task.name} was done by somebody else's merged work, so your claim on it has ended. "
                "If the work is yours, ask whoever runs the server to link your git address to you."
            )
        tell(store, project, person_id, What.FINISHED, words, now, task.node)


def _add(one: Settled, other: Settled) -> Settled:
    return Settled(one.finished + other.finished, one.credited + other.credited)
