"""A task's life: its state, its lease and what is asked about it are the fold of its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from lean_project.status import TaskKind
from server.work.leases import Size
from server.work.transitions import ASIDE, STOPPED, TRANSITIONS, WORKED, State, Then, What

__all__ = ["Informal", "Kind", "Request", "State", "Task", "TaskEvent", "What", "fold", "step"]


class Informal(StrEnum):
    """Work on a node that Lean does not judge. A piece is a part of another task."""

    WRITE = "write"
    SPLIT = "split"
    REVIEW = "review"
    PIECE = "piece"


Kind = TaskKind | Informal

_T = TypeVar("_T")


class ImpossibleError(ValueError):
    """An event that cannot happen to the task: a fault of the caller, never of a person."""


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """One thing that happened.

    `person_id` is who did it, if a person did; `other_id` another person whom it concerns. `expires` is the
    end of a lease, of a request or of a snooze; `link` a pull request; `note` what the person wrote.
    """

    what: What
    at: datetime
    person_id: int | None = None
    expires: datetime | None = None
    other_id: int | None = None
    note: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What `by` asks; `to` is who answers, or None where any holder does.

    `kind` is the event that asked: offered, invited, handing over, or asked (to join); or queued, for those
    who wait and whom nobody has to answer.
    """

    kind: What
    by: int
    to: int | None
    at: datetime
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What a task's events amount to.

    `crew` are its holders, the lead first; it, `since` and `expires` belong to the live lease. `stopped` is
    since when the lease's clock stands still: `expires` is then the end as it was. `before` is the state that
    a task comes back to which is offered, held or paused; `waiting` are those who are told when it is free.
    """

    state: State | None = None
    version: int = 0
    at: datetime | None = None
    crew: tuple[int, ...] = ()
    since: datetime | None = None
    expires: datetime | None = None
    stopped: datetime | None = None
    acknowledged: datetime | None = None
    snoozed: datetime | None = None
    stuck: str | None = None
    before: State | None = None
    links: tuple[str, ...] = ()
    requests: tuple[Request, ...] = ()
    waiting: tuple[Request, ...] = ()
    size: Size | None = None
    tags: tuple[str, ...] = ()

    @property
    def holder(self) -> int | None:
        """Who leads those who hold it."""
        return self.crew[0] if self.crew else None

    @property
    def is_leased(self) -> bool:
        """Whether somebody holds it in its present state."""
        return self.state in WORKED or (self.state in ASIDE and self.before in WORKED)

    def request(self, kind: What, by: int | None, to: int | None) -> Request | None:
        found = (ask for ask in self.requests if (ask.kind, ask.by, ask.to) == (kind, by, to))
        return next(found, None)


def step(task: Task, event: TaskEvent) -> Task:
    """The task after the event. Raises `ImpossibleError` where the table, the clock or people forbid it."""
    target = TRANSITIONS.get((task.state, event.what))
    if target is None:
        raise ImpossibleError(f"a task that is {task.state} cannot be {event.what}")
    if task.at is not None and event.at < task.at:
        raise ImpossibleError(f"{event.what} at {event.at} comes before {task.at}")
    if event.what in _BY_HOLDERS and event.person_id not in task.crew:
        raise ImpossibleError(f"only a holder can do that: {event.what}")
    after = _EFFECTS.get(event.what, _nothing)(task, event)
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
        after = replace(after, before=None)
    elif before.state not in ASIDE:
        after = replace(after, before=before.state)
    if not after.is_leased:
        return _without_lease(after)
    asked = tuple(ask for ask in after.requests if ask.kind is not What.OFFERED)
    return _clocked(replace(after, requests=asked))


def _without_lease(task: Task) -> Task:
    waiting = task.waiting if task.state in (State.OPEN, State.REGRESSED, *ASIDE) else ()
    offers = tuple(ask for ask in task.requests if ask.kind is What.OFFERED)
    return replace(
        task,
        crew=(),
        since=None,
        expires=None,
        stopped=None,
        acknowledged=None,
        snoozed=None,
        stuck=None,
        links=(),
        requests=offers if task.state is State.OFFERED else (),
        waiting=waiting,
    )


def _clocked(task: Task) -> Task:
    """A lease ends later, by as long as its clock stood still."""
    if task.state in STOPPED:
        return replace(task, stopped=task.stopped or task.at)
    if task.stopped is None or task.at is None:
        return task
    gone = task.at - task.stopped
    return replace(task, stopped=None, expires=task.expires and task.expires + gone)


def _nothing(task: Task, event: TaskEvent) -> Task:
    return task


def _take(task: Task, event: TaskEvent) -> Task:
    if event.person_id is None:
        raise ImpossibleError(f"{event.what} by nobody")
    lease = replace(task, crew=(event.person_id,), since=event.at, expires=event.expires)
    return replace(lease, waiting=_others(task, event.person_id))


def _accept(task: Task, event: TaskEvent) -> Task:
    return _take(_answered(task, What.OFFERED, event.other_id, event.person_id), event)


def _renew(task: Task, event: TaskEvent) -> Task:
    """While the clock stands still the end stays as it was."""
    return task if task.stopped else replace(task, expires=event.expires, snoozed=None)


def _progress(task: Task, event: TaskEvent) -> Task:
    return replace(_renew(task, event), stuck=None)


def _stick(task: Task, event: TaskEvent) -> Task:
    return replace(_renew(task, event), stuck=event.note)


def _propose(task: Task, event: TaskEvent) -> Task:
    if event.link is None:
        raise ImpossibleError("a proposal without a link")
    links = (*_without(task.links, event.link), event.link)
    return replace(_progress(task, event), links=links)


def _withdraw(task: Task, event: TaskEvent) -> Task:
    if event.link not in task.links:
        raise ImpossibleError(f"{event.link} was not proposed")
    return replace(task, links=_without(task.links, event.link))


def _ask(task: Task, event: TaskEvent) -> Task:
    """A request, or the same one again."""
    if event.person_id is None or (event.other_id is None) is not (event.what is What.ASKED):
        raise ImpossibleError(f"{event.what} without the people whom it concerns")
    if event.other_id in task.crew or (event.what is What.ASKED and event.person_id in task.crew):
        raise ImpossibleError(f"{event.what}, though they hold it")
    again = task.request(event.what, event.person_id, event.other_id)
    kept = tuple(ask for ask in task.requests if ask is not again)
    new = Request(event.what, event.person_id, event.other_id, event.at, event.expires)
    return replace(task, requests=(*kept, new))


def _join(task: Task, event: TaskEvent) -> Task:
    """`person_id` joins; `other_id` is the holder who invited them, or who answered their wish."""
    person = event.person_id
    if person is None or event.other_id not in task.crew or person in task.crew:
        raise ImpossibleError("a holder takes in somebody who is none")
    invited = task.request(What.INVITED, event.other_id, person)
    kind, by, to = (What.INVITED, event.other_id, person) if invited else (What.ASKED, person, None)
    after = _answered(task, kind, by, to)
    return replace(after, crew=(*task.crew, person), waiting=_others(task, person))


def _hand_over(task: Task, event: TaskEvent) -> Task:
    """`person_id` takes the place of the holder `other_id`, whose other requests end."""
    heir = event.person_id
    after = _answered(task, What.HANDING_OVER, event.other_id, heir)
    if heir is None or event.other_id not in task.crew or heir in task.crew:
        raise ImpossibleError("a holder hands over to somebody who is none")
    crew = tuple(heir if person == event.other_id else person for person in task.crew)
    kept = tuple(ask for ask in after.requests if ask.by != event.other_id)
    return _progress(replace(after, crew=crew, requests=kept, waiting=_others(task, heir)), event)


def _close(task: Task, event: TaskEvent) -> Task:
    """The request of `other_id` that `person_id` said no to, or that ran out."""
    asked = [ask for ask in task.requests if ask.by == event.other_id and ask.to in (event.person_id, None)]
    if not asked:
        raise ImpossibleError(f"nothing was asked that could be {event.what}")
    return replace(task, requests=tuple(ask for ask in task.requests if ask is not asked[0]))


def _answered(task: Task, kind: What, by: int | None, to: int | None) -> Task:
    asked = task.request(kind, by, to)
    if asked is None:
        raise ImpossibleError(f"nobody was {kind}")
    return replace(task, requests=tuple(ask for ask in task.requests if ask is not asked))


def _leave(task: Task, event: TaskEvent) -> Task:
    """Their own requests go with them."""
    if len(task.crew) < 2 or event.person_id is None:
        raise ImpossibleError("the only holder gives the task back")
    kept = tuple(ask for ask in task.requests if ask.by != event.person_id)
    return replace(task, crew=_without(task.crew, event.person_id), requests=kept)


def _give_back(task: Task, event: TaskEvent) -> Task:
    """Where the task is on hold, it will be open afterwards."""
    if event.what is What.DISCLAIMED and len(task.crew) > 1:
        raise ImpossibleError("others hold it still")
    if task.state is State.HELD and not task.crew:
        raise ImpossibleError("nobody holds it")
    return replace(task, before=State.OPEN) if task.state is State.HELD else task


def _queue(task: Task, event: TaskEvent) -> Task:
    person = event.person_id
    if person is None or person in task.crew or _others(task, person) != task.waiting:
        raise ImpossibleError("somebody waits who does not hold it, once")
    return replace(task, waiting=(*task.waiting, Request(What.QUEUED, person, None, event.at)))


def _unqueue(task: Task, event: TaskEvent) -> Task:
    others = _others(task, event.person_id)
    if others == task.waiting:
        raise ImpossibleError("they do not wait for it")
    return replace(task, waiting=others)


def _snooze(task: Task, event: TaskEvent) -> Task:
    return replace(task, snoozed=event.expires)


def _acknowledge(task: Task, event: TaskEvent) -> Task:
    return replace(task, acknowledged=event.at)


def _forget(task: Task, event: TaskEvent) -> Task:
    return replace(task, acknowledged=None)


def _measure(task: Task, event: TaskEvent) -> Task:
    return replace(task, size=Size(event.note) if event.note else None)


def _tag(task: Task, event: TaskEvent) -> Task:
    return replace(task, tags=tuple((event.note or "").split()))


def _others(task: Task, person: int | None) -> tuple[Request, ...]:
    """Those who wait besides that person."""
    return tuple(ask for ask in task.waiting if ask.by != person)


def _without(values: tuple[_T, ...], value: _T | None) -> tuple[_T, ...]:
    return tuple(each for each in values if each != value)


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

_EFFECTS: Mapping[What, Callable[[Task, TaskEvent], Task]] = {
    What.OFFERED: _ask,
    What.ACCEPTED: _accept,
    What.DECLINED: _close,
    What.LAPSED: _close,
    What.CLAIMED: _take,
    What.RENEWED: _renew,
    What.PROGRESSED: _progress,
    What.STUCK: _stick,
    What.PROPOSED: _propose,
    What.WITHDRAWN: _withdraw,
    What.ASKED: _ask,
    What.INVITED: _ask,
    What.HANDING_OVER: _ask,
    What.JOINED: _join,
    What.HANDED_OVER: _hand_over,
    What.LEFT: _leave,
    What.DISCLAIMED: _give_back,
    What.UNASSIGNED: _give_back,
    What.QUEUED: _queue,
    What.UNQUEUED: _unqueue,
    What.SNOOZED: _snooze,
    What.PAUSED: _forget,
    What.ACKNOWLEDGED: _acknowledge,
    What.RESUMED: _forget,
    What.SIZED: _measure,
    What.TAGGED: _tag,
}
