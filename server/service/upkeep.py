"""What maintainers do about a task itself: holding it, and saying how long it is and what it is about."""

from __future__ import annotations

import re
from datetime import datetime

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.desk import Desk, TaskOutcome, sit_down
from server.service.pausing import settle_pauses
from server.service.wording import note_or_nothing, said_by, until_words
from server.store import Store
from server.work.leases import Size
from server.work.permissions import Action
from server.work.tasks import What

_TAG = re.compile(r"[\w][\w+./-]{0,39}")
_MOST_TAGS = 10


def hold(
    store: Store, project: ProjectRow, person: Person, ref: str, note: str = "", *, now: datetime
) -> TaskOutcome:
    """Let nobody begin with a task; whoever holds it keeps it, and the clock stands still."""
    note = note_or_nothing(note)
    desk = _sit_down(store, project, person, ref, now)
    desk.write(What.HELD, f"put {desk.name} on hold", note=note or None)
    why = said_by(desk.person, note)
    words = f"{desk.name}, which you hold, is on hold, and its clock stands still.{why}"
    desk.tell(desk.crew, What.HELD, words)
    return desk.outcome(f"{desk.name} is on hold.")


def unhold(store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime) -> TaskOutcome:
    """Lift that: the task is again what it was before, and the clock goes on."""
    desk = _sit_down(store, project, person, ref, now)
    after = desk.write(What.UNHELD, f"took {desk.name} off hold")
    until = "" if after.stopped else until_words(after.expires)
    desk.tell(desk.crew, What.UNHELD, f"{desk.name} is not on hold any more, and yours{until}.")
    settle_pauses(store, project, desk.board.findings, now)
    desk.tell_waiting()
    return desk.outcome(f"{desk.name} is not on hold any more.")


def set_size(
    store: Store, project: ProjectRow, person: Person, ref: str, size: Size | None, *, now: datetime
) -> TaskOutcome:
    """Say how long a task should take; None leaves that to the estimate. It counts from the next renewal."""
    desk = _sit_down(store, project, person, ref, now)
    desk.write(What.SIZED, f"sized {desk.name}: {size or 'as estimated'}", note=size)
    return desk.outcome(f"{desk.name} counts as {desk.task_again().size} now.")


def tag(
    store: Store, project: ProjectRow, person: Person, ref: str, tags: tuple[str, ...], *, now: datetime
) -> TaskOutcome:
    """Say what a task is about, in a few words, instead of what was said before; none takes them away."""
    desk = _sit_down(store, project, person, ref, now)
    wanted = tuple(dict.fromkeys(word.casefold() for word in tags))
    wrong = next((word for word in wanted if not _TAG.fullmatch(word)), None)
    if wrong is not None or len(wanted) > _MOST_TAGS:
        raise UserError(f"A task has at most {_MOST_TAGS} tags, each one word of at most 40 letters.")
    shown = ", ".join(wanted) or "none"
    desk.write(What.TAGGED, f"tagged {desk.name}: {shown}", note=" ".join(wanted))
    return desk.outcome(f"{desk.name} has these tags now: {shown}.")


def _sit_down(store: Store, project: ProjectRow, person: Person, ref: str, now: datetime) -> Desk:
    return sit_down(store, project, person, ref, now, Action.LOOK_AFTER)
