"""A task, what can be asked about it, and the events that it follows from: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lean_project.status import TaskKind
from server.work.leases import Size
from server.work.transitions import ASIDE, WORKED, State, What


class Informal(StrEnum):
    """Work on a node that Lean does not judge. A piece is a part of another task."""

    WRITE = "write"
    SPLIT = "split"
    REVIEW = "review"
    PIECE = "piece"


Kind = TaskKind | Informal


def called(number: int, kind: str, node: str, title: str | None = None) -> str:
    """`#12 “prove Lemma 2.3 (Hall)”`, `#14 “piece of Lemma 2.3: the even case”`: a name within a sentence."""
    work = f"{kind} of" if kind == Informal.PIECE else kind
    return f"#{number} “{work} {node}{f': {title}' if title else ''}”"


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
