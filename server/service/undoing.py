"""Taking back what one did last, within ten minutes, as long as nobody has done anything after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blueprint.errors import UserError
from dashboards.snapshot import TaskView
from server.records.chat import LastDeed
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import people
from server.service.caps import refuse_over_cap
from server.service.claims import refuse_unless_free
from server.service.contributions import listing, refuse
from server.service.desk import Desk, sit_down
from server.service.watching import unwatch, watch
from server.store import Store
from server.work.inverses import Inverse, inverse
from server.work.permissions import Action
from server.work.tasks import TaskEvent, What, fold

WITHIN = timedelta(minutes=10)
# What was done, after "took back".
_WORDS = {
    What.CLAIMED: "the claim on",
    What.DISCLAIMED: "giving back",
    What.PROPOSED: "the proposal for",
    What.WITHDRAWN: "withdrawing the proposal for",
    What.HELD: "the hold on",
    What.UNHELD: "lifting the hold on",
    What.QUEUED: "waiting for",
    What.UNQUEUED: "waiting no longer for",
    What.OFFERED: "the offer of",
    What.ASKED: "asking to join in",
    What.AWAITING_AUTHOR: "handing back",
    What.AWAITING_REVIEW: "handing over to the reviewers",
    What.SNOOZED: "the snooze of",
    What.SIZED: "the size of",
    What.TAGGED: "the tags of",
}
_FOR_MAINTAINERS = frozenset({What.HELD, What.UNHELD, What.OFFERED, What.SIZED, What.TAGGED})
# Verb -> why it cannot be taken back, or what to type instead; `{}` is what it was done to.
_INSTEAD = {
    "claim": "A renewal only moves the end of your claim; `claim {} 5 days` sets another.",
    "disclaim": "You left it to those who hold it with you; `join {}` asks them to let you in again.",
    "progress": "What you wrote was read; `progress {}` with more below it puts it right.",
    "stuck": "You asked for help; `progress {}` with a word below it says that you need none.",
    "accept": "`disclaim {}` gives the task back.",
    "agree": "`disagree {}` lifts it.",
    "disagree": "`agree {}` locks it again.",
    "resolve": "`open {}` opens it again.",
    "unassign": "`assign {} to @person` offers it again.",
    "confirm": "The ledger keeps every word; `dispute {}: LINK` says that it is not so.",
    "refuse": "The ledger keeps every word; enter it again with `credit`.",
    "dispute": "The ledger keeps every word; `confirm {}` says that it is so after all.",
    "disclose": "The ledger keeps every word; `disclose {} manual` says another.",
    "invite": "They have been asked already, and may decline.",
    "handoff": "They have been asked already, and may decline.",
    "decline": "Whoever asked knows already; they may ask again.",
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, in a sentence, and the task as it is now."""

    text: str
    task: TaskView | None = None


def remember(
    store: Store,
    project: ProjectRow,
    person: Person,
    verb: str,
    subject: str,
    task: TaskView | None,
    now: datetime,
) -> None:
    """The person just did this; `subject` is what they would type for it: `#12`, a label, an entry.

    `task` is the one that it was done to; a deed on a node is none on its task, even if that was named.
    """
    known = store.tasks.numbered(project.id, task.number) if task else None
    version = known.version if known else None
    store.intents.remember(project.id, person.id, LastDeed(verb, subject, version, now))


def undo(store: Store, project: ProjectRow, person: Person, *, now: datetime) -> Undone:
    """`UserError` where there is nothing to take back, or it cannot be, with what to type instead."""
    store.projects.lock(project.id)
    deed = latest(store, project, person, now)
    if deed is None:
        raise UserError("You did nothing in the last ten minutes that could be undone.")
    if deed.version is not None:
        done = _undo_task(store, project, person, deed, now)
    elif deed.verb == "credit":
        done = _undo_credit(store, project, person, deed, now)
    elif deed.verb in ("watch", "unwatch"):
        back = unwatch if deed.verb == "watch" else watch
        caption = back(store, project, person, deed.subject, now).caption
        done = Undone(f"Undone: you {'no longer watch' if back is unwatch else 'watch'} {caption}.")
    else:
        raise _final(deed)
    store.intents.forget_deed(project.id, person.id)
    return done


def latest(store: Store, project: ProjectRow, person: Person, now: datetime) -> LastDeed | None:
    """What the person did last in the project, if that is not too long ago to be taken back."""
    return store.intents.last_deed(project.id, person.id, now - WITHIN)


def is_possible(store: Store, project: ProjectRow, person: Person, deed: LastDeed, now: datetime) -> bool:
    """Whether `undo` would take back that deed, their latest: so that a door can offer it."""
    if deed.version is None:
        return deed.verb in ("credit", "watch", "unwatch")
    try:
        desk = sit_down(store, project, person, deed.subject, now, Action.UNDO)
        before, event = _target(desk, deed)
    except UserError:
        return False
    return bool(inverse(fold(before), event))


def _undo_task(store: Store, project: ProjectRow, person: Person, deed: LastDeed, now: datetime) -> Undone:
    desk = sit_down(store, project, person, deed.subject, now, Action.UNDO)
    before, event = _target(desk, deed)
    steps = inverse(fold(before), event)
    if not steps:
        raise _final(deed)
    if event.what in _FOR_MAINTAINERS:
        desk = sit_down(store, project, person, deed.subject, now, Action.UNDO_UPKEEP)
    if event.what is What.DISCLAIMED:
        refuse_unless_free(desk)
        refuse_over_cap(store, desk.board, desk.person)
    words = f"{_WORDS[event.what]} {desk.name}"
    for each in steps:
        desk = _write(desk, each, f"took back {words}")
    asked = (event.other_id,) if event.other_id else ()
    desk.tell((*desk.crew, *asked), steps[-1].what, f"{desk.person.mention} took back {words}.")
    desk.tell_waiting()
    return Undone(f"Undone: {words}.", desk.task)


def _target(desk: Desk, deed: LastDeed) -> tuple[tuple[TaskEvent, ...], TaskEvent]:
    """The event that was the deed, and those before it. A note may have been written beside it."""
    events = desk.store.tasks.events(desk.task_id)
    if len(events) != deed.version:
        raise UserError(f"Something has happened to {desk.name} since; `show {desk.task.label}` says what.")
    place = len(events) - 1
    while deed.verb not in ("progress", "stuck") and place and events[place].what is What.PROGRESSED:
        place -= 1
    event = events[place]
    if event.person_id != desk.person.id:
        raise _final(deed)
    return events[:place], event


def _write(desk: Desk, each: Inverse, words: str) -> Desk:
    other = people.get(desk.store, each.other) if each.other else None
    desk.write(each.what, words, expires=each.expires, other=other, note=each.note, link=each.link)
    return replace(desk, task=desk.task_again())


def _undo_credit(store: Store, project: ProjectRow, person: Person, deed: LastDeed, now: datetime) -> Undone:
    number = int(deed.subject)
    entry = next((one for one in listing(store, project) if one.id == number), None)
    if entry is None or entry.status != "proposed":
        raise UserError(f"Somebody has said a word on credit {number} since; `credits` shows how it stands.")
    refuse(store, project, person, number, now=now)
    return Undone(f"Undone: credit {number} is taken back.")


def _final(deed: LastDeed) -> UserError:
    instead = _INSTEAD.get(deed.verb, "").format(deed.subject)
    return UserError(f"`{deed.verb}` cannot be undone. {instead}".strip())
