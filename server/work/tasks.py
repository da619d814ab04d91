"""A task's life: its state, its lease and what is asked about it are the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from server.work.effects import EFFECTS
from server.work.task import ImpossibleError, Informal, Kind, Request, Task, TaskEvent
from server.work.transitions import ASIDE, STOPPED, TRANSITIONS, State, Then, What

__all__ = [
    "ImpossibleError",
    "Informal",
    "Kind",
    "Request",
    "State",
    "Task",
    "TaskEvent",
    "What",
    "fold",
    "step",
]

_BY_HOLDERS = frozenset(
    {
        What.RENEWED,
        What.PROGRESSED,
        What.STUCK,
        What.PROPOSED,
        What.WITHDRAWN,
        What.INVITED,
        What.HANDING_OVER,
        What.LEFT,
        What.DISCLAIMED,
        What.SNOOZED,
        What.ACKNOWLEDGED,
    }
)


_NO_LEASE: Mapping[str, Any] = {
    "crew": (),
    "since": None,
    "expires": None,
    "stopped": None,
    "acknowledged": None,
    "snoozed": None,
    "stuck": None,
    "links": (),
}


def step(task: Task, event: TaskEvent) -> Task:
    """The task after the event. Raises `ImpossibleError` where the table, the clock or people forbid it."""
    target = TRANSITIONS.get((task.state, event.what))
    if target is None:
        raise ImpossibleError(f"a task that is {task.state} cannot be {event.what}")
    if task.at is not None and event.at < task.at:
        raise ImpossibleError(f"{event.what} at {event.at} comes before {task.at}")
    if event.what in _BY_HOLDERS and event.person_id not in task.crew:
        raise ImpossibleError(f"only a holder can do that: {event.what}")
    effect = EFFECTS.get(event.what)
    after = effect(task, event) if effect else task
    state = after.before if target is Then.BACK else State(target)
    return _settled(task, replace(after, state=state, version=task.version + 1, at=event.at))


def fold(events: Iterable[TaskEvent]) -> Task:
    """The task that these events, oldest first, amount to."""
    task = Task()
    for event in events:
        task = step(task, event)
    return task


def _settled(before: Task, after: Task) -> Task:
    """What follows from the new state: where to come back to, whether there is a lease, and its clock."""
    if after.state not in ASIDE:
        after = replace(after, before=None) if after.before else after
    elif before.state not in ASIDE:
        after = replace(after, before=before.state)
    if not after.is_leased:
        return _without_lease(after)
    asked = tuple(ask for ask in after.requests if ask.kind is not What.OFFERED)
    return _clocked(replace(after, requests=asked))


def _without_lease(task: Task) -> Task:
    """Nothing of a lease is left; of most tasks there is nothing."""
    waiting = task.waiting if task.state in (State.OPEN, State.REGRESSED, *ASIDE) else ()
    offers = tuple(ask for ask in task.requests if ask.kind is What.OFFERED)
    requests = offers if task.state is State.OFFERED else ()
    left = {**_NO_LEASE, "requests": requests, "waiting": waiting}
    return replace(task, **left) if any(getattr(task, name) != left[name] for name in left) else task


def _clocked(task: Task) -> Task:
    """A lease ends later, by as long as its clock stood still."""
    if task.state in STOPPED:
        return replace(task, stopped=task.stopped or task.at)
    if task.stopped is None or task.at is None:
        return task
    gone = task.at - task.stopped
    return replace(task, stopped=None, expires=task.expires and task.expires + gone)
