"""Claims on work that rests on a statement that moved: their clocks stand still until it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lean_project.findings import Findings
from lean_project.status import Formal
from server.records.projects import ProjectRow
from server.records.tasks import ClaimRow, TaskRow
from server.service.telling import tell
from server.service.wording import until_words
from server.store import Store
from server.work.sentences import mention
from server.work.tasks import TaskEvent, What
from server.work.transitions import WORKED, State


@dataclass(frozen=True, slots=True)
class _Why:
    """Why a claim waits, and what comes next: two clauses."""

    cause: str
    next: str


_LOST = _Why(
    "its node left the blueprint, or has become another there",
    "a maintainer is asked which, and it goes on then, unless you `disclaim` it",
)


def settle_pauses(store: Store, project: ProjectRow, findings: Findings, now: datetime) -> None:
    """Pause the claims on tasks that wait for a drifted statement, resume the others; their holders hear it.

    The caller holds the project's lock. Run twice, it does nothing the second time.
    """
    tasks = {task.id: task for task in store.tasks.of_project(project.id)}
    aside = store.matches.aside(project.id)
    for lease in store.tasks.claims(project.id):
        task = tasks[lease.task_id]
        why = _LOST if task.node_id in aside else _why(findings, task)
        if why and task.state in WORKED:
            _pause(store, project, lease, task, why, now)
        elif not why and task.state is State.PAUSED:
            _resume(store, project, lease, task, now)


def _why(findings: Findings, task: TaskRow) -> _Why | None:
    """Why the claim on a task waits, if it does."""
    causes = _causes(findings, task)
    if not causes:
        return None
    others = f" and of {len(causes) - 1} more" if len(causes) > 1 else ""
    return _Why(
        f"the agreed statement of {causes[0]}{others}, on which it rests, has moved",
        "please claim it again to say that you have seen this, and it goes on when a maintainer has agreed "
        "anew",
    )


def _causes(findings: Findings, task: TaskRow) -> list[str]:
    """The captions of the drifted nodes that a task waits for."""
    status = findings.statuses.get(task.node)
    work = next((work for work in status.work if work.kind is task.kind), None) if status else None
    drifted = {
        id
        for id in (work.blocked_by if work else ())
        if findings.statuses[id].statement.formal is Formal.DRIFTED
    }
    return [node.caption for node in findings.graph.nodes if node.id in drifted]


def _pause(
    store: Store, project: ProjectRow, lease: ClaimRow, task: TaskRow, why: _Why, now: datetime
) -> None:
    store.tasks.append(task.id, TaskEvent(What.PAUSED, now))
    words = f"Your claim on {task.name} is paused, with its clock stopped, because {why.cause}; {why.next}."
    for member in lease.crew:
        tell(store, project, member.person_id, What.PAUSED, words, now, task.node)
    record = f"The claim of {mention(lease.person_id)} on {task.name} is paused: {why.cause}."
    store.log.record(project.id, What.PAUSED, record, now, node=task.node)


def _resume(store: Store, project: ProjectRow, lease: ClaimRow, task: TaskRow, now: datetime) -> None:
    after = store.tasks.append(task.id, TaskEvent(What.RESUMED, now))
    until = "" if after.stopped else until_words(after.expires)
    words = f"Your claim on {task.name} goes on{until}: what it rests on is settled again."
    for member in lease.crew:
        tell(store, project, member.person_id, What.RESUMED, words, now, task.node)
    record = f"The claim of {mention(lease.person_id)} on {task.name} goes on{until}."
    store.log.record(project.id, What.RESUMED, record, now, node=task.node)
