"""Taking tasks and giving them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from blueprint.errors import UserError
from dashboards.snapshot import TaskView
from lean_project.status import Readiness
from server.records import Person, ProjectRow, Role
from server.service.board import Board, load
from server.service.nodes import find, find_task, number_of
from server.service.permission import require
from server.service.tending import expire
from server.service.wording import claim_words, task_name, until_words
from server.store import Store
from server.work.leases import Size, renewal
from server.work.suggestions import listing, nearest
from server.work.tasks import TaskEvent, What


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """The task as it stands afterwards. `renewed` says that the person had it already."""

    task: TaskView
    renewed: bool = False


def claim(
    store: Store,
    project: ProjectRow,
    person: Person,
    ref: str,
    *,
    until: timedelta | date | None,
    now: datetime,
) -> ClaimOutcome:
    """Take a task, renew one's claim on it, or say that one knows it is paused.

    `UserError` says what stands against it and what to do.
    """
    person = require(store, person, Role.CONTRIBUTOR, "claim tasks")
    board = _fresh_board(store, project, now)
    task = _pick(board, ref, person)
    present = next((claim for claim in task.claims if claim.person_id == person.id), None)
    if present is None:
        _refuse_unless_free(board, task)
        _refuse_over_cap(store, board, person)
    if present is not None and present.paused is not None:
        return _acknowledge(store, project, board, task, person, now)
    expires = renewal(store.policy, Size(task.size), until, present.expires if present else None, now)
    what = What.RENEWED if present else What.CLAIMED
    store.tasks.append(board.id_of(task), TaskEvent(what, now, person.id, expires))
    words = f"{what} {task_name(task)}{until_words(expires)}"
    store.log.record(project.id, what, words, now, node=task.node, person_id=person.id)
    return ClaimOutcome(_again(store, project, task, now), renewed=present is not None)


def _acknowledge(
    store: Store, project: ProjectRow, board: Board, task: TaskView, person: Person, now: datetime
) -> ClaimOutcome:
    """The holder has seen why the claim is paused; its clock stands still all the same."""
    store.tasks.append(board.id_of(task), TaskEvent(What.ACKNOWLEDGED, now, person.id))
    words = f"knows that {task_name(task)} is paused"
    store.log.record(project.id, What.ACKNOWLEDGED, words, now, node=task.node, person_id=person.id)
    return ClaimOutcome(_again(store, project, task, now), renewed=True)


def disclaim(store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime) -> ClaimOutcome:
    """Give a task back. `UserError` when the person does not hold it."""
    board = _fresh_board(store, project, now)
    task = _pick(board, ref, person)
    if not _holds(task, person):
        raise UserError(_not_yours(task))
    store.tasks.append(board.id_of(task), TaskEvent(What.DISCLAIMED, now, person.id))
    words = f"gave back {task_name(task)}"
    store.log.record(project.id, What.DISCLAIMED, words, now, node=task.node, person_id=person.id)
    return ClaimOutcome(_again(store, project, task, now))


def mine(store: Store, project: ProjectRow, person: Person, now: datetime) -> tuple[TaskView, ...]:
    """The tasks the person holds."""
    return _held(load(store, project, now), person)


def _fresh_board(store: Store, project: ProjectRow, now: datetime) -> Board:
    store.projects.lock(project.id)
    expire(store, project, now)
    return load(store, project, now)


def _again(store: Store, project: ProjectRow, task: TaskView, now: datetime) -> TaskView:
    return find_task(load(store, project, now), task.number)


def _pick(board: Board, ref: str, person: Person) -> TaskView:
    """The task meant: by its number, or of a node the one the person holds, else its first not done.

    Where all is done, it is the last: the proof rather than the statement.
    """
    number = number_of(ref)
    if number is not None:
        return find_task(board, number)
    node = find(board.findings.graph, ref)
    tasks = board.of_node(node)
    if not tasks:
        raise UserError(f"{board.node(node).caption} needs no work.")
    held = [task for task in tasks if _holds(task, person)]
    undone = [task for task in tasks if task.readiness is not Readiness.DONE]
    return (held or undone or [tasks[-1]])[0]


def _holds(task: TaskView, person: Person) -> bool:
    return any(claim.person_id == person.id for claim in task.claims)


def _held(board: Board, person: Person) -> tuple[TaskView, ...]:
    return tuple(task for task in board.tasks if _holds(task, person))


def _refuse_unless_free(board: Board, task: TaskView) -> None:
    why = _obstacle(board, task)
    if why:
        raise UserError(f"{why} {_instead(board, task)}")


def _obstacle(board: Board, task: TaskView) -> str | None:
    name = task_name(task)
    if task.readiness is Readiness.DONE:
        return f"{name} is done already."
    if task.claims:
        lease = task.claims[0]
        return f"{lease.person_name} holds {name}{claim_words(lease)}; `watch` it to hear how it goes."
    if task.readiness is Readiness.NOT_READY:
        return f"{name} is not ready: the authors of the blueprint say that its text may still change."
    if task.readiness is Readiness.BLOCKED:
        captions = [board.node(blocker).caption for blocker in task.blocked_by]
        return f"{name} has to wait for {listing(captions, len(captions))}."
    return None


def _instead(board: Board, task: TaskView) -> str:
    free = [task_name(other) for other in nearest(board.tasks, board.findings.graph, task.node)[:2]]
    if not free:
        return "Nothing else is free right now."
    return f"Free instead: {' or '.join(free)}."


def _refuse_over_cap(store: Store, board: Board, person: Person) -> None:
    held = _held(board, person)
    newcomer = store.ledger.is_newcomer(person.id)
    cap = store.policy.cap_for(newcomer=newcomer)
    if len(held) < cap:
        return
    many = "1 task" if cap == 1 else f"{cap} tasks"
    until = " until your first piece of work is verified" if newcomer else ""
    names = listing([task_name(task) for task in held], len(held))
    raise UserError(
        f"You hold {names}, and one person holds at most {many}{until}; finish or `disclaim` one first."
    )


def _not_yours(task: TaskView) -> str:
    if not task.claims:
        return (
            f"Nobody holds {task_name(task)}, so there is nothing to give back; `mine` lists what you hold."
        )
    return f"{task.claims[0].person_name} holds {task_name(task)}, not you; `mine` lists what you hold."
