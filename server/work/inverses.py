"""What takes an event of a task back, where the table of transitions has such a thing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.work.task import Task, TaskEvent
from server.work.transitions import State, What


@dataclass(frozen=True, slots=True)
class Inverse:
    """An event that undoes another; the fields are those of `TaskEvent`, `other` a person's id."""

    what: What
    expires: datetime | None = None
    note: str | None = None
    link: str | None = None
    other: int | None = None


# Events that only another undoes, whatever there was before.
_OPPOSITES = {
    What.CLAIMED: What.DISCLAIMED,
    What.HELD: What.UNHELD,
    What.UNHELD: What.HELD,
    What.QUEUED: What.UNQUEUED,
    What.UNQUEUED: What.QUEUED,
    What.OFFERED: What.UNASSIGNED,
    What.AWAITING_AUTHOR: What.AWAITING_REVIEW,
}


def inverse(before: Task, event: TaskEvent) -> tuple[Inverse, ...]:
    """What brings a task back to what it was `before` the event, in order; nothing where nothing can.

    A task may be in progress afterwards that was only claimed: to have begun leaves no trace.
    """
    if opposite := _OPPOSITES.get(event.what):
        return (Inverse(opposite),)
    match event.what:
        case What.DISCLAIMED:
            return _taken_again(before, event)
        case What.PROPOSED if event.link not in before.links:
            return (Inverse(What.WITHDRAWN, link=event.link),)
        case What.WITHDRAWN:
            return (Inverse(What.PROPOSED, before.expires, link=event.link),)
        case What.AWAITING_REVIEW if before.state is State.AWAITING_AUTHOR:
            return (Inverse(What.AWAITING_AUTHOR),)
        case What.ASKED:
            return (Inverse(What.DECLINED, other=event.person_id),)
        case What.SNOOZED:
            return (Inverse(What.SNOOZED, before.snoozed),)
        case What.SIZED:
            return (Inverse(What.SIZED, note=before.size),)
        case What.TAGGED:
            return (Inverse(What.TAGGED, note=" ".join(before.tags)),)
    return ()


def _taken_again(before: Task, event: TaskEvent) -> tuple[Inverse, ...]:
    """The lease as long as it was, and what was proposed under it."""
    if before.state in (State.HELD, State.PAUSED):
        return ()
    stood_still = event.at - before.stopped if before.stopped else None
    ends = before.expires + stood_still if before.expires and stood_still else before.expires
    proposed = (Inverse(What.PROPOSED, ends, link=link) for link in before.links)
    return (Inverse(What.CLAIMED, ends), *proposed)
