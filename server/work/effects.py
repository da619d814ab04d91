"""What an event changes about a task besides its state. Each refuses what the people concerned cannot do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from server.work.leases import Size
from server.work.task import ImpossibleError, Request, Task, TaskEvent
from server.work.transitions import State, What

_T = TypeVar("_T")


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
    after = replace(_progress(task, event), links=links)
    if event.link in task.proposed:
        return after
    return replace(after, owed=None, proposed=(*task.proposed, event.link))


def _withdraw(task: Task, event: TaskEvent) -> Task:
    if event.link not in task.links:
        raise ImpossibleError(f"{event.link} was not proposed")
    return replace(task, links=_without(task.links, event.link))


def _turn(task: Task, event: TaskEvent) -> Task:
    """Holders who say whose turn it is do not answer for the reviewers."""
    return task if event.person_id in task.crew else replace(task, owed=None)


def _set_aside(task: Task, event: TaskEvent) -> Task:
    """The reviewers owe nothing while it is; afterwards they do again."""
    return replace(task, owed=None)


def _pause(task: Task, event: TaskEvent) -> Task:
    return _set_aside(_forget(task, event), event)


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
    return _welcomed(_answered(task, kind, by, to), person, (*task.crew, person))


def _hand_over(task: Task, event: TaskEvent) -> Task:
    """`person_id` takes the place of the holder `other_id`, whose other requests end."""
    heir = event.person_id
    after = _answered(task, What.HANDING_OVER, event.other_id, heir)
    if heir is None or event.other_id not in task.crew or heir in task.crew:
        raise ImpossibleError("a holder hands over to somebody who is none")
    crew = tuple(heir if person == event.other_id else person for person in task.crew)
    kept = tuple(ask for ask in after.requests if ask.by != event.other_id)
    return _progress(_welcomed(replace(after, requests=kept), heir, crew), event)


def _welcomed(task: Task, person: int, crew: tuple[int, ...]) -> Task:
    """Nothing else need be asked of somebody who holds it now, nor by them."""
    kept = tuple(ask for ask in task.requests if person not in (ask.by, ask.to))
    return replace(task, crew=crew, requests=kept, waiting=_others(task, person))


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


EFFECTS: Mapping[What, Callable[[Task, TaskEvent], Task]] = {
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
    What.AWAITING_REVIEW: _turn,
    What.AWAITING_AUTHOR: _turn,
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
    What.PAUSED: _pause,
    What.ACKNOWLEDGED: _acknowledge,
    What.RESUMED: _forget,
    What.HELD: _set_aside,
    What.SIZED: _measure,
    What.TAGGED: _tag,
}
