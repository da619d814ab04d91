"""Working on a task: saying how it goes, being stuck, and what renews a lease by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.claims import renewed_until
from server.service.desk import Desk, TaskOutcome, fresh_board, sit_down_as_holder
from server.service.members import maintainers
from server.service.wording import note_of, until_words
from server.store import Store
from server.work.leases import Size, expiry
from server.work.permissions import Action
from server.work.sentences import quoted
from server.work.tasks import What
from server.work.transitions import STOPPED, State

# What lengthens a lease by less is not worth an event.
_WORTH = timedelta(days=1)


def progress(
    store: Store, project: ProjectRow, person: Person, ref: str, note: str, *, now: datetime
) -> TaskOutcome:
    """Say how it goes; that renews the lease."""
    desk = sit_down_as_holder(store, project, person, ref, now, Action.PROGRESS)
    said, expires = note_of(note), renewed_until(desk)
    words = f"wrote on {desk.name}: {quoted(said)}"
    desk.write(What.PROGRESSED, words, note=said, expires=expires)
    desk.tell(desk.crew, What.PROGRESSED, f"{desk.person.mention} {words}")
    return desk.outcome(f"Noted for {desk.name}{_until(desk, expires)}.")


def stuck(
    store: Store, project: ProjectRow, person: Person, ref: str, note: str, *, now: datetime
) -> TaskOutcome:
    """Say what one tried and ask for help, of those who watch the node and of the maintainers."""
    desk = sit_down_as_holder(store, project, person, ref, now, Action.ASK_HELP)
    said, expires = note_of(note), renewed_until(desk)
    desk.write(What.STUCK, f"got stuck with {desk.name}: {quoted(said)}", note=said, expires=expires)
    who, tried = desk.person.mention, quoted(said)
    asked = f"{who} is stuck with {desk.name} and could use help. They tried: {tried}"
    desk.tell((*desk.crew, *_helpers(desk)), What.STUCK, asked)
    return desk.outcome(f"I have asked around about {desk.name}{_until(desk, expires)}. You still hold it.")


def snooze(
    store: Store,
    project: ProjectRow,
    person: Person,
    ref: str,
    *,
    until: timedelta | date | None,
    now: datetime,
) -> TaskOutcome:
    """No reminder of the task before then (by default a day); its end is told all the same, and stays."""
    desk = sit_down_as_holder(store, project, person, ref, now, Action.SNOOZE)
    ends = desk.task.claims[0].expires
    if ends is None:
        raise UserError(f"Nobody reminds you of {desk.name}: no clock is running.")
    wanted = expiry(desk.board.policy, Size(desk.task.size), until or timedelta(days=1), now)
    asleep = min(wanted or ends, ends)
    desk.write(What.SNOOZED, f"put the reminder of {desk.name} off", expires=asleep)
    day = f"{asleep.astimezone(desk.zone):%Y-%m-%d}"
    return desk.outcome(
        f"No reminder of {desk.name} before {day}; you hold it{until_words(ends, desk.zone)}."
    )


def acknowledge(store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime) -> TaskOutcome:
    """Say that one has seen why the claim is paused."""
    desk = sit_down_as_holder(store, project, person, ref, now, Action.ACKNOWLEDGE)
    if desk.task.state != State.PAUSED:
        return desk.outcome(f"{desk.name} is {desk.task.state}; there is nothing to confirm.", changed=False)
    desk.write(What.ACKNOWLEDGED, f"took note that {desk.name} is paused")
    return desk.outcome(f"Noted. {desk.name} goes on when what it rests on is settled.")


def activity(
    store: Store, project: ProjectRow, person: Person, number: int, what: str, now: datetime
) -> bool:
    """Let work that was seen elsewhere (a push to a linked branch or pull request) renew a lease.

    `number` is the task's, `what` a few words such as `pushed to #12`, `now` when that was done. Whether it
    was written down: not where the person did not hold the task then, its clock stands still, or the end
    would hardly move. It refuses nobody and tells nobody, and the same thing told twice counts once.
    """
    board = fresh_board(store, project, now)
    task = board.numbered(number)
    mine = next((claim for claim in task.claims if claim.person_id == person.id), None) if task else None
    if task is None or mine is None or now < mine.since or task.state in STOPPED:
        return False
    desk = Desk(store, project, person, board, task, now)
    expires = renewed_until(desk)
    longer = mine.expires and expires and expires - mine.expires >= _WORTH
    if task.state != State.CLAIMED and not longer:
        return False
    said = note_of(what)
    desk.write(What.PROGRESSED, f"worked on {desk.name}: {said}", note=said, expires=expires)
    return True


def _until(desk: Desk, expires: datetime | None) -> str:
    if desk.task.state in STOPPED:
        return "; its clock stands still"
    return f", which you hold{until_words(expires, desk.zone)}" if expires else ""


def _helpers(desk: Desk) -> tuple[int, ...]:
    """Those who watch the node, and the maintainers."""
    rows = desk.store.projects.nodes(desk.project.id)
    watchers = (id for row in rows if row.label == desk.task.node for id in desk.store.log.watchers(row.id))
    return (*watchers, *(one.id for one in maintainers(desk.store, desk.project)))
