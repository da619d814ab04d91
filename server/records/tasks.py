"""Tasks, who holds them, and what is asked about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lean_project.status import TaskKind
from server.work.leases import Size
from server.work.task import called
from server.work.tasks import Kind, State, What


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task; `number` is unique in the project, `version` counts the events that made `state`.

    `title` says what informal work is about; `parent_id` is the task that this one is a piece of. `size` is
    what a maintainer said, if one did.
    """

    id: int
    number: int
    node_id: int
    node: str
    kind: Kind
    state: State
    version: int
    title: str | None = None
    parent_id: int | None = None
    size: Size | None = None
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What people are told that it is called."""
        return called(self.number, self.kind, self.node, self.title)

    @property
    def formal(self) -> TaskKind | None:
        """The kind of work, where Lean judges it."""
        return self.kind if isinstance(self.kind, TaskKind) else None


@dataclass(frozen=True, slots=True)
class Member:
    """One of those who hold a lease."""

    person_id: int
    person_name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A live lease; `reminded` is when its holders were last told of its end.

    `person_id` leads; `crew` are all who hold it, the lead first. Since `paused` its clock stands still;
    `acknowledged` is when a holder said that they know. `stuck` is what they tried in vain. Since `owed` the
    reviewers owe them a word.
    """

    id: int
    task_id: int
    person_id: int
    person_name: str
    since: datetime
    expires: datetime | None
    reminded: datetime | None = None
    paused: datetime | None = None
    acknowledged: datetime | None = None
    snoozed: datetime | None = None
    stuck: str | None = None
    crew: tuple[Member, ...] = ()
    owed: datetime | None = None

    @property
    def ends(self) -> datetime | None:
        """When it ends if nothing else happens; None where no clock is running."""
        return None if self.paused else self.expires


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What is asked about a task and not answered yet, or that somebody waits for it.

    `kind` is the event that said so; who answers is None where any holder may, or nobody has to.
    """

    task_id: int
    kind: What
    by_id: int
    by_name: str
    to_id: int | None
    to_name: str | None
    at: datetime
    expires: datetime | None
    id: int
