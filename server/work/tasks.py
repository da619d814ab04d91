"""A task's life: what may happen to it in which state. Its state is the fold of its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    PAUSED = "paused"
    VERIFIED = "verified"
    REGRESSED = "regressed"
    SUPERSEDED = "superseded"


class What(StrEnum):
    """What can happen to a task."""

    OPENED = "opened"
    CLAIMED = "claimed"
    RENEWED = "renewed"
    DISCLAIMED = "disclaimed"
    EXPIRED = "expired"
    PAUSED = "paused"
    ACKNOWLEDGED = "acknowledged"
    RESUMED = "resumed"
    FINISHED = "finished"
    REGRESSED = "regressed"
    SUPERSEDED = "superseded"
    REOPENED = "reopened"


# (state, event) -> next state; a pair that is missing cannot happen. A task that is superseded has lost
# its node; one that regressed was verified once and can be claimed like an open one. A claim that is paused
# does not run out: an agreed statement that it rests on has moved.
TRANSITIONS: dict[tuple[State | None, What], State] = {
    (None, What.OPENED): State.OPEN,
    (State.OPEN, What.CLAIMED): State.CLAIMED,
    (State.REGRESSED, What.CLAIMED): State.CLAIMED,
    (State.CLAIMED, What.RENEWED): State.CLAIMED,
    (State.CLAIMED, What.DISCLAIMED): State.OPEN,
    (State.CLAIMED, What.EXPIRED): State.OPEN,
    (State.CLAIMED, What.PAUSED): State.PAUSED,
    (State.PAUSED, What.ACKNOWLEDGED): State.PAUSED,
    (State.PAUSED, What.RESUMED): State.CLAIMED,
    (State.PAUSED, What.DISCLAIMED): State.OPEN,
    (State.PAUSED, What.FINISHED): State.VERIFIED,
    (State.PAUSED, What.SUPERSEDED): State.SUPERSEDED,
    (State.OPEN, What.FINISHED): State.VERIFIED,
    (State.CLAIMED, What.FINISHED): State.VERIFIED,
    (State.REGRESSED, What.FINISHED): State.VERIFIED,
    (State.VERIFIED, What.REGRESSED): State.REGRESSED,
    (State.OPEN, What.SUPERSEDED): State.SUPERSEDED,
    (State.CLAIMED, What.SUPERSEDED): State.SUPERSEDED,
    (State.VERIFIED, What.SUPERSEDED): State.SUPERSEDED,
    (State.REGRESSED, What.SUPERSEDED): State.SUPERSEDED,
    (State.SUPERSEDED, What.REOPENED): State.OPEN,
}


# A task in one of these has a holder.
HELD = frozenset({State.CLAIMED, State.PAUSED})


class ImpossibleError(ValueError):
    """An event that cannot happen to the task: a fault of the caller, never of a person."""


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """One thing that happened. `person_id` is who did it, if a person did; `expires` the end of a lease."""

    what: What
    at: datetime
    person_id: int | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What a task's events amount to. `holder` and `expires` are set exactly while it is claimed.

    `expires` is the end as it was when the claim was `paused`.
    """

    state: State | None = None
    version: int = 0
    at: datetime | None = None
    holder: int | None = None
    since: datetime | None = None
    expires: datetime | None = None
    paused: datetime | None = None


def step(task: Task, event: TaskEvent) -> Task:
    """The task after the event. Raises `ImpossibleError` where the table or the clock forbids it."""
    state = TRANSITIONS.get((task.state, event.what))
    if state is None:
        raise ImpossibleError(f"a task that is {task.state} cannot be {event.what}")
    if task.at is not None and event.at < task.at:
        raise ImpossibleError(f"{event.what} at {event.at} comes before {task.at}")
    after = replace(task, state=state, version=task.version + 1, at=event.at)
    if state not in HELD:
        return replace(after, holder=None, since=None, expires=None, paused=None)
    if event.what in _CLOCK:
        return _CLOCK[event.what](after, event)
    return _hold(after, event)


def _pause(task: Task, event: TaskEvent) -> Task:
    return replace(task, paused=event.at)


def _acknowledge(task: Task, event: TaskEvent) -> Task:
    if event.person_id != task.holder:
        raise ImpossibleError("only the holder acknowledges")
    return task


def _resume(task: Task, event: TaskEvent) -> Task:
    """The claim ends later, by as long as its clock stood still."""
    gone = event.at - task.paused if task.paused else timedelta(0)
    return replace(task, paused=None, expires=task.expires and task.expires + gone)


_CLOCK: Mapping[What, Callable[[Task, TaskEvent], Task]] = {
    What.PAUSED: _pause,
    What.ACKNOWLEDGED: _acknowledge,
    What.RESUMED: _resume,
}


def _hold(task: Task, event: TaskEvent) -> Task:
    """A claim names its holder; only that person renews it."""
    if event.person_id is None:
        raise ImpossibleError(f"{event.what} by nobody")
    if event.what is What.RENEWED:
        if event.person_id != task.holder:
            raise ImpossibleError("only the holder renews a claim")
        return replace(task, expires=event.expires)
    return replace(task, holder=event.person_id, since=event.at, expires=event.expires)


def fold(events: Iterable[TaskEvent]) -> Task:
    """The task that these events, oldest first, amount to."""
    task = Task()
    for event in events:
        task = step(task, event)
    return task
