"""Taking tasks and giving them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from blueprint.errors import UserError
from dashboards.snapshot import TaskView
from lean_project.status import Readiness
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.board import Board, load
from server.service.caps import refuse_over_cap
from server.service.desk import Desk, holders, sit_down, sit_down_as_holder
from server.service.wording import claim_words, task_name, until_words
from server.store import Store
from server.work.leases import Size, renewal
from server.work.permissions import Action
from server.work.suggestions import listing
from server.work.tasks import What
from server.work.transitions import STOPPED, State


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """The task as it stands afterwards. `renewed` says that the person had it already, until `before`."""

    task: TaskView
    renewed: bool = False
    before: datetime | None = None


def claim(
    store: Store,
    project: ProjectRow,
    person: Person,
    ref: str,
    *,
    until: timedelta | date | None,
    now: datetime,
) -> ClaimOutcome:
    """Take a task, renew one's claim on it, accept an offer, or say that one knows it is paused.

    `UserError` says what stands against it and what to do.
    """
    desk = sit_down(store, project, person, ref, now, Action.CLAIM)
    if desk.holds:
        before = desk.task.claims[0].expires
        return ClaimOutcome(_claim_again(desk, until), renewed=True, before=before)
    refuse_unless_assigned(desk.board)
    refuse_unless_free(desk)
    offer = next((ask for ask in desk.task.requests if ask.kind == What.OFFERED), None)
    refuse_over_cap(store, desk.board, desk.person)
    expires = renewed_until(desk, until)
    words = f"{desk.name}{until_words(expires)}"
    if offer is None:
        desk.write(What.CLAIMED, f"claimed {words}", expires=expires)
    else:
        desk.write(What.ACCEPTED, f"accepted {words}", expires=expires, other=store.people.get(offer.by_id))
        desk.tell((offer.by_id,), What.ACCEPTED, f"{desk.person.mention} accepted {words}.")
    return ClaimOutcome(desk.task_again())


def disclaim(store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime) -> ClaimOutcome:
    """Give a task back; others who hold it go on. `UserError` when the person does not hold it."""
    desk = sit_down_as_holder(store, project, person, ref, now, Action.GIVE_BACK, aside=True)
    if len(desk.crew) > 1:
        desk.write(What.LEFT, f"left {desk.name} to the others who hold it")
        desk.tell(desk.crew, What.LEFT, f"{desk.person.mention} gave back {desk.name}; you hold it still.")
    else:
        desk.write(What.DISCLAIMED, f"gave back {desk.name}")
        desk.tell_waiting()
    return ClaimOutcome(desk.task_again())


def mine(store: Store, project: ProjectRow, person: Person, now: datetime) -> tuple[TaskView, ...]:
    """The tasks the person holds."""
    return load(store, project, now).held_by(person.id).tasks


def set_aside(store: Store, project: ProjectRow, person: Person, now: datetime) -> tuple[str, ...]:
    """The names of tasks that the person holds too, and that wait for what became of their nodes."""
    return load(store, project, now).held_by(person.id).aside


def renewed_until(desk: Desk, until: timedelta | date | None = None) -> datetime | None:
    """When the lease on the task ends if it is taken, or renewed, now."""
    present = desk.task.claims[0].expires if desk.task.claims else None
    return renewal(desk.board.policy, Size(desk.task.size), until, present, desk.now)


def refuse_unless_assigned(board: Board) -> None:
    if not board.policy.assignment:
        raise UserError("In this project nobody claims tasks: take up what you like, and propose your work.")


def _claim_again(desk: Desk, until: timedelta | date | None) -> TaskView:
    """Where the clock stands still there is nothing to renew."""
    if desk.task.state == State.PAUSED:
        desk.write(What.ACKNOWLEDGED, f"took note that {desk.name} is paused")
    elif desk.task.state not in STOPPED:
        expires = renewed_until(desk, until)
        before = desk.task.claims[0].expires
        deed = "shortened the claim on" if expires and before and expires < before else "renewed"
        desk.write(What.RENEWED, f"{deed} {desk.name}{until_words(expires)}", expires=expires)
    return desk.task_again()


def refuse_unless_free(desk: Desk) -> None:
    """`UserError` says why the person cannot take the task now, and what is free instead."""
    why = _taken(desk) or _unready(desk.board, desk.task)
    if why:
        raise UserError(f"{why} {_instead(desk.board, desk.task)}")


def _taken(desk: Desk) -> str | None:
    """By whom the task is kept from this person."""
    name, task = desk.name, desk.task
    offer = next((ask for ask in task.requests if ask.kind == What.OFFERED), None)
    if task.claims:
        until = claim_words(task.claims[0], desk.zone)
        return f"{holders(task)} {name}{until}; `wait` for it to be told when it is free."
    if offer and offer.to_id != desk.person.id:
        return f"{name} is offered to {offer.to_name}; `wait` for it to be told when it is free."
    if task.state == State.HELD:
        return f"{name} is on hold: a maintainer wants nobody to begin with it yet."
    return None


def _unready(board: Board, task: TaskView) -> str | None:
    name = task_name(task)
    if task.readiness is Readiness.DONE:
        return f"{name} is done already."
    if task.readiness is Readiness.NOT_READY:
        return f"{name} is not ready: the authors of the blueprint say that its text may still change."
    if task.readiness is Readiness.BLOCKED:
        captions = [board.node(blocker).caption for blocker in task.blocked_by]
        return f"{name} has to wait for {listing(captions, len(captions))}."
    return None


def _instead(board: Board, task: TaskView) -> str:
    free = [task_name(other) for other in board.near(task.node, 2)]
    if not free:
        return "Nothing else is free right now."
    return f"Free instead: {' or '.join(free)}."
