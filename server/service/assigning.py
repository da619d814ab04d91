"""What maintainers do about who holds a task; nobody is given one who did not agree."""

from __future__ import annotations

from datetime import datetime

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.claims import claim, refuse_unless_assigned, refuse_unless_free
from server.service.crews import require_other, tell_asked
from server.service.desk import TaskOutcome, sit_down
from server.service.wording import note_or_nothing, said_by, until_words
from server.store import Store
from server.work.leases import answer_by
from server.work.permissions import Action
from server.work.tasks import What
from server.work.transitions import State


def assign(
    store: Store, project: ProjectRow, person: Person, ref: str, other: Person, *, now: datetime
) -> TaskOutcome:
    """Offer a free task to somebody, who accepts or declines; a maintainer's own is theirs at once."""
    desk = sit_down(store, project, person, ref, now, Action.ASSIGN)
    refuse_unless_assigned(desk.board)
    if other.id == desk.person.id:
        task = claim(store, project, person, ref, until=None, now=now).task
        return TaskOutcome(task, f"{desk.name} is yours{until_words(task.claims[0].expires, desk.zone)}.")
    other = require_other(desk, other)
    refuse_unless_free(desk)
    until = answer_by(desk.board.policy, now)
    desk.write(What.OFFERED, f"offered {desk.name} to {other.mention}", other=other, expires=until)
    tell_asked(desk, other, What.OFFERED)
    return desk.outcome(
        f"I have asked {other.name} to take {desk.name}; the offer stands{until_words(until, desk.zone)}."
    )


def unassign(
    store: Store, project: ProjectRow, person: Person, ref: str, note: str = "", *, now: datetime
) -> TaskOutcome:
    """Take an offer back, or end a claim; those concerned hear of it, with the `note`."""
    note = note_or_nothing(note)
    desk = sit_down(store, project, person, ref, now, Action.UNASSIGN, aside=True)
    offered = tuple(ask.to_id for ask in desk.task.requests if ask.kind == What.OFFERED and ask.to_id)
    if not desk.task.claims and not offered:
        raise UserError(f"Nobody holds {desk.name}, so there is nobody to unassign.")
    desk.write(What.UNASSIGNED, f"freed {desk.name}", note=note or None)
    why = said_by(desk.person, note)
    what = "The offer of" if desk.task.state == State.OFFERED else "Your claim on"
    desk.tell((*desk.crew, *offered), What.UNASSIGNED, f"{what} {desk.name} was ended by a maintainer.{why}")
    desk.tell_waiting()
    return desk.outcome(f"{desk.name} is nobody's now.")
