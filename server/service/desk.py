"""One thing that one person does about one task: who, what, and the books it is written in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from blueprint.errors import UserError
from dashboards.snapshot import TaskView
from lean_project.status import Readiness
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.board import Board, load
from server.service.nodes import find_in, find_task, number_of
from server.service.people import zone_of
from server.service.permission import require
from server.service.telling import tell, tell_free
from server.service.tending import expire
from server.service.wording import task_name
from server.store import Store
from server.work.permissions import Action
from server.work.suggestions import listing
from server.work.tasks import Task, TaskEvent, What
from server.work.transitions import TRANSITIONS, State


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """The task as it stands afterwards, and what happened, in a sentence to the person who did it."""

    task: TaskView
    text: str
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Desk:
    """The person and the task, with the project locked and all leases that are over written down."""

    store: Store
    project: ProjectRow
    person: Person
    board: Board
    task: TaskView
    now: datetime

    @property
    def name(self) -> str:
        return task_name(self.task)

    @property
    def task_id(self) -> int:
        return self.store.tasks.id_of(self.project.id, self.task.number)

    @property
    def zone(self) -> tzinfo:
        """In which the person reads dates."""
        return zone_of(self.person)

    @property
    def holds(self) -> bool:
        return holds(self.task, self.person.id)

    @property
    def crew(self) -> tuple[int, ...]:
        return tuple(claim.person_id for claim in self.task.claims)

    def write(
        self,
        what: What,
        words: str,
        *,
        expires: datetime | None = None,
        other: Person | None = None,
        note: str | None = None,
        link: str | None = None,
    ) -> Task:
        """Add the event, and to the log `words`, which go on after the person's name.

        `UserError` where that cannot happen to the task as it is.
        """
        self.refuse_unless_possible(what)
        event = TaskEvent(what, self.now, self.person.id, expires, other.id if other else None, note, link)
        after = self.store.tasks.append(self.task_id, event)
        self.record(what, words)
        return after

    def record(self, kind: str, words: str) -> None:
        node, person_id = self.task.node, self.person.id
        self.store.log.record(self.project.id, kind, words, self.now, node=node, person_id=person_id)

    def refuse_unless_possible(self, what: What) -> None:
        if (State(self.task.state), what) not in TRANSITIONS:
            raise UserError(f"{self.name} is {self.task.state}, so it cannot be {_DEED.get(what, what)} now.")

    def tell(self, people: Iterable[int], kind: str, text: str) -> None:
        """Everybody but the person who did it."""
        for person_id in dict.fromkeys(people):
            if person_id != self.person.id:
                tell(self.store, self.project, person_id, kind, text, self.now, self.task.node)

    def tell_waiting(self) -> None:
        """Those who wait for the task, if it is free now."""
        tell_free(self.store, self.project, self.task_id, self.name, self.task.node, self.now)

    def task_again(self) -> TaskView:
        """The task as it is now."""
        number = self.task.number
        return self.board.numbered(number) or self.board.set_aside(number) or self.task

    def outcome(self, text: str, *, changed: bool = True) -> TaskOutcome:
        return TaskOutcome(self.task_again(), text, changed)


# Where the name of an event would not do after "it cannot be".
_DEED = {
    What.PROGRESSED: "worked on",
    What.STUCK: "called stuck",
    What.PROPOSED: "proposed",
    What.AWAITING_REVIEW: "handed to reviewers",
    What.AWAITING_AUTHOR: "handed back to its holder",
    What.ASKED: "joined",
    What.INVITED: "shared",
    What.HANDING_OVER: "handed over",
    What.LEFT: "given back",
    What.DISCLAIMED: "given back",
    What.QUEUED: "waited for",
    What.HELD: "put on hold",
    What.UNHELD: "taken off hold",
    What.REOPENED: "opened",
}


def sit_down(
    store: Store,
    project: ProjectRow,
    person: Person,
    ref: str,
    now: datetime,
    action: Action,
    *,
    aside: bool = False,
) -> Desk:
    """The task that `ref` means, for a person who may do `action`. `UserError` where one is wrong.

    With `aside` that may be, by its number, one that waits for what became of its node.
    """
    person = require(store, project, person, action)
    board = fresh_board(store, project, now)
    task = _even_aside(board, ref, person) if aside else pick(board, ref, person)
    return Desk(store, project, person, board, task, now)


def sit_down_as_holder(
    store: Store,
    project: ProjectRow,
    person: Person,
    ref: str,
    now: datetime,
    action: Action,
    *,
    aside: bool = False,
) -> Desk:
    """The same for those who hold the task only."""
    desk = sit_down(store, project, person, ref, now, action, aside=aside)
    if not desk.holds:
        raise UserError(f"{_whose(desk.task)}; `mine` lists what you hold.")
    return desk


def fresh_board(store: Store, project: ProjectRow, now: datetime) -> Board:
    """The board with the project locked, once all that time brings about is written down."""
    store.projects.lock(project.id)
    expire(store, project, now)
    return load(store, project, now)


def look_up(store: Store, project: ProjectRow, person: Person, ref: str, now: datetime) -> TaskView:
    """The task that `ref` means, also one that waits for what became of its node."""
    return _even_aside(load(store, project, now), ref, person)


def _even_aside(board: Board, ref: str, person: Person) -> TaskView:
    number = number_of(ref)
    return (board.set_aside(number) if number is not None else None) or pick(board, ref, person)


def pick(board: Board, ref: str, person: Person) -> TaskView:
    """The task meant: by its number, or of a node the one the person holds, else its first not done.

    Where all is done, it is the last: the proof rather than the statement.
    """
    number = number_of(ref)
    if number is not None:
        return find_task(board, number)
    node = find_in(board.project, board.findings.graph, ref)
    tasks = board.of_node(node)
    if not tasks:
        raise UserError(f"{board.node(node).caption} needs no work.")
    held = [task for task in tasks if holds(task, person.id)]
    undone = [task for task in tasks if task.readiness is not Readiness.DONE]
    return (held or undone or [tasks[-1]])[0]


def holds(task: TaskView, person_id: int) -> bool:
    return any(claim.person_id == person_id for claim in task.claims)


def _whose(task: TaskView) -> str:
    if not task.claims:
        return f"Nobody holds {task_name(task)}"
    return f"{holders(task)} {task_name(task)}, not you"


def holders(task: TaskView) -> str:
    """`Ana holds`, `Ana and Ben hold`"""
    names = [claim.person_name for claim in task.claims]
    return f"{listing(names, len(names))} {'hold' if len(names) > 1 else 'holds'}"
