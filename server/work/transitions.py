"""What may happen to a task in which state: one table, which docs/tasks.md prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    OFFERED = "offered"
    CLAIMED = "claimed"
    IN_PROGRESS = "in progress"
    IN_REVIEW = "in review"
    AWAITING_AUTHOR = "awaiting author"
    HELD = "held"
    PAUSED = "paused"
    LANDED = "landed"
    VERIFIED = "verified"
    REGRESSED = "regressed"
    SUPERSEDED = "superseded"


class What(StrEnum):
    """What can happen to a task."""

    OPENED = "opened"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CLAIMED = "claimed"
    RENEWED = "renewed"
    PROGRESSED = "progressed"
    STUCK = "stuck"
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    AWAITING_REVIEW = "awaiting review"
    AWAITING_AUTHOR = "awaiting author"
    UNANSWERED = "unanswered"
    ASKED = "asked"
    INVITED = "invited"
    HANDING_OVER = "handing over"
    JOINED = "joined"
    HANDED_OVER = "handed over"
    LEFT = "left"
    DISCLAIMED = "disclaimed"
    UNASSIGNED = "unassigned"
    EXPIRED = "expired"
    QUEUED = "queued"
    UNQUEUED = "unqueued"
    SNOOZED = "snoozed"
    PAUSED = "paused"
    ACKNOWLEDGED = "acknowledged"
    RESUMED = "resumed"
    HELD = "held"
    UNHELD = "unheld"
    SPLIT = "split"
    SIZED = "sized"
    TAGGED = "tagged"
    FINISHED = "finished"
    RESOLVED = "resolved"
    VERIFIED = "verified"
    UNSETTLED = "unsettled"
    REGRESSED = "regressed"
    SUPERSEDED = "superseded"
    REOPENED = "reopened"


class Then(StrEnum):
    """Where an event leads that names no state of its own."""

    STAYS = "as it is"
    BACK = "as before"


@dataclass(frozen=True, slots=True)
class Move:
    """What an event does to tasks in some states (None: a task that is not there yet), and why."""

    what: What
    sources: tuple[State | None, ...]
    target: State | Then
    meaning: str


FREE = (State.OPEN, State.REGRESSED)
# Somebody works on it, or waits for others with what they did.
WORKED = (State.CLAIMED, State.IN_PROGRESS, State.IN_REVIEW, State.AWAITING_AUTHOR)
# The ball is with others, so the clock of a lease stands still.
STOPPED = frozenset({State.IN_REVIEW, State.HELD, State.PAUSED})
# What a task comes back from to what it was before.
ASIDE = frozenset({State.OFFERED, State.HELD, State.PAUSED})
DONE = frozenset({State.LANDED, State.VERIFIED})

_RUNNING = (State.CLAIMED, State.IN_PROGRESS, State.AWAITING_AUTHOR)
_TAKEN = (*WORKED, State.HELD, State.PAUSED)
_UNDONE = (*FREE, State.OFFERED, *_TAKEN)
_PRESENT = (*_UNDONE, State.LANDED, State.VERIFIED)

MOVES: tuple[Move, ...] = (
    Move(What.OPENED, (None,), State.OPEN, "The blueprint needs it, or a maintainer opened informal work."),
    Move(What.OFFERED, FREE, State.OFFERED, "A maintainer asks a person to take it."),
    Move(What.ACCEPTED, (State.OFFERED,), State.CLAIMED, "That person agrees."),
    Move(What.DECLINED, (State.OFFERED,), Then.BACK, "That person does not."),
    Move(What.DECLINED, _TAKEN, Then.STAYS, "A request about the claim is answered with no, or taken back."),
    Move(What.LAPSED, (State.OFFERED,), Then.BACK, "The offer was not answered in time."),
    Move(What.LAPSED, _TAKEN, Then.STAYS, "A request about the claim was not answered in time."),
    Move(What.CLAIMED, FREE, State.CLAIMED, "A person takes it."),
    Move(What.RENEWED, WORKED, Then.STAYS, "A holder claims it again."),
    Move(
        What.PROGRESSED,
        (State.CLAIMED, State.IN_PROGRESS),
        State.IN_PROGRESS,
        "A holder's note, commit or push; it renews the lease.",
    ),
    Move(What.PROGRESSED, (State.IN_REVIEW, State.AWAITING_AUTHOR), Then.STAYS, "The same."),
    Move(
        What.STUCK,
        (State.CLAIMED, State.IN_PROGRESS),
        State.IN_PROGRESS,
        "A holder says what they tried and asks for help; it renews the lease.",
    ),
    Move(What.STUCK, (State.IN_REVIEW, State.AWAITING_AUTHOR), Then.STAYS, "The same."),
    Move(What.PROPOSED, WORKED, State.IN_REVIEW, "A holder gives the pull request with the work."),
    Move(What.WITHDRAWN, WORKED, State.IN_PROGRESS, "A holder takes a pull request back."),
    Move(What.AWAITING_REVIEW, _RUNNING, State.IN_REVIEW, "The ball is with the reviewers."),
    Move(What.AWAITING_AUTHOR, (State.IN_REVIEW,), State.AWAITING_AUTHOR, "The ball is with the holder."),
    Move(
        What.UNANSWERED,
        (State.IN_REVIEW,),
        State.AWAITING_AUTHOR,
        "The reviewers said nothing for as long as a review may take, so the clock goes on.",
    ),
    Move(What.ASKED, WORKED, Then.STAYS, "A person asks the holders to be one of them."),
    Move(What.INVITED, WORKED, Then.STAYS, "A holder asks a person to be one of them."),
    Move(What.HANDING_OVER, WORKED, Then.STAYS, "A holder asks a person to take their place."),
    Move(What.JOINED, WORKED, Then.STAYS, "An invitation, or the wish to join, is answered with yes."),
    Move(What.HANDED_OVER, WORKED, Then.STAYS, "The other person takes the holder's place."),
    Move(What.LEFT, _TAKEN, Then.STAYS, "One of several holders gives it back."),
    Move(What.DISCLAIMED, (*WORKED, State.PAUSED), State.OPEN, "The only holder gives it back."),
    Move(What.DISCLAIMED, (State.HELD,), Then.STAYS, "The same; it will be open when the hold ends."),
    Move(What.UNASSIGNED, (State.OFFERED,), Then.BACK, "A maintainer takes the offer back."),
    Move(What.UNASSIGNED, (*WORKED, State.PAUSED), State.OPEN, "A maintainer ends the claim."),
    Move(What.UNASSIGNED, (State.HELD,), Then.STAYS, "The same; it will be open when the hold ends."),
    Move(What.EXPIRED, _RUNNING, State.OPEN, "The lease and its grace are over."),
    Move(
        What.QUEUED,
        (State.OFFERED, *_TAKEN),
        Then.STAYS,
        "A person waits for it, and is told when it is free.",
    ),
    Move(What.UNQUEUED, _UNDONE, Then.STAYS, "They wait no longer."),
    Move(What.SNOOZED, _RUNNING, Then.STAYS, "A holder wants no reminder for a while."),
    Move(What.PAUSED, WORKED, State.PAUSED, "An agreed statement that it rests on has moved."),
    Move(What.ACKNOWLEDGED, (State.PAUSED,), Then.STAYS, "A holder has seen that."),
    Move(What.RESUMED, (State.PAUSED,), Then.BACK, "That is settled again."),
    Move(What.HELD, (*FREE, *WORKED), State.HELD, "A maintainer puts it on hold."),
    Move(What.UNHELD, (State.HELD,), Then.BACK, "A maintainer lifts that."),
    Move(What.SPLIT, (*FREE, *WORKED), Then.STAYS, "Pieces of it became tasks of their own."),
    Move(What.SIZED, _PRESENT, Then.STAYS, "A maintainer says how long it should take."),
    Move(What.TAGGED, _PRESENT, Then.STAYS, "A maintainer says what it is about."),
    Move(What.FINISHED, _UNDONE, State.LANDED, "Merged work, by whoever wrote it, passes the check."),
    Move(What.RESOLVED, _UNDONE, State.LANDED, "Informal work is accepted as done."),
    Move(
        What.VERIFIED,
        (State.LANDED,),
        State.VERIFIED,
        "Its node is verified, with all that the node rests on.",
    ),
    Move(
        What.UNSETTLED, (State.VERIFIED,), State.LANDED, "Its node is not, any more; the work itself passes."
    ),
    Move(
        What.REGRESSED,
        (State.LANDED, State.VERIFIED),
        State.REGRESSED,
        "The work itself does not pass any more.",
    ),
    Move(What.SUPERSEDED, _PRESENT, State.SUPERSEDED, "Its node left the blueprint, or the whole was done."),
    Move(What.REOPENED, (State.SUPERSEDED, State.LANDED), State.OPEN, "It is needed after all."),
)


def _pairs() -> Iterator[tuple[tuple[State | None, What], State | Then]]:
    for move in MOVES:
        for source in move.sources:
            stays = move.target is Then.STAYS and source is not None
            yield (source, move.what), source if stays and source else move.target


# (state, event) -> next state, or `Then.BACK`; a pair that is missing cannot happen.
TRANSITIONS: dict[tuple[State | None, What], State | Then] = dict(_pairs())
