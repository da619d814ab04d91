"""A task's life: what may happen to it in which state. Its state is the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
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
    FINISHED = "finished"
    REGRESSED = "regressed"
    SUPERSEDED = "superseded"
    REOPENED = "reopened"


# (state, event) -> next state; a pair that is missing cannot happen. A task that is superseded has lost
# its node; one that regressed was verified once and can be claimed like an open one.
TRANSITIONS: dict[tuple[State | None, What], State] = {
    (None, What.OPENED): State.OPEN,
    (State.OPEN, What.CLAIMED): State.CLAIMED,
    (State.REGRESSED, What.CLAIMED): State.CLAIMED,
    (State.CLAIMED, What.RENEWED): State.CLAIMED,
    (State.CLAIMED, What.DISCLAIMED): State.OPEN,
    (State.CLAIMED, What.EXPIRED): State.OPEN,
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
    """What a task's events amount to. `holder` and `expires` are set exactly while it is claimed."""

    state: State | None = None
    version: int = 0
    at: datetime | None = None
    holder: int | None = None
    since: datetime | None = None
    expires: datetime | None = None


def step(task: Task, event: TaskEvent) -> Task:
    """The task after the event. Raises `ImpossibleError` where the table or the clock forbids it."""
    state = TRANSITIONS.get((task.state, event.what))
    if state is None:
        raise ImpossibleError(f"a task that is {task.state} cannot be {event.what}")
    if task.at is not None and event.at < task.at:
        raise ImpossibleError(f"{event.what} at {event.at} comes before {task.at}")
    after = replace(task, state=state, version=task.version + 1, at=event.at)
    if state is not State.CLAIMED:
        return replace(after, holder=None, since=None, expires=None)
    return _hold(after, event)


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
