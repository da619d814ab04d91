"""Work that Lean does not judge: writing, splitting and reviewing nodes, and the pieces of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from blueprint.errors import UserError
from dashboards.snapshot import TaskView
from server.records.nodes import NodeRow
from server.records.people import Person
from server.records.projects import ProjectRow
from server.records.tasks import TaskRow
from server.service.board import Board
from server.service.desk import Desk, TaskOutcome, fresh_board, holds, sit_down
from server.service.nodes import find_in, find_task, number_of
from server.service.permission import require
from server.service.telling import tell
from server.service.wording import task_name, title_of
from server.store import Store
from server.work.permissions import Action, Role
from server.work.sentences import quoted
from server.work.suggestions import listing
from server.work.tasks import Informal, TaskEvent, What
from server.work.transitions import DONE, State

MOST_PIECES = 20


def open_task(
    store: Store,
    project: ProjectRow,
    person: Person,
    ref: str,
    kind: Informal | None = None,
    title: str = "",
    *,
    now: datetime,
) -> TaskOutcome:
    """Open informal work on a node (`write`, `split` or `review`), or, by its number, a task once more."""
    person = require(store, project, person, Action.OPEN)
    board = fresh_board(store, project, now)
    row = _known(store, project, board, ref, kind)
    if row is None and kind is not None:
        node = _node(store, project, find_in(board.project, board.findings.graph, ref))
        about = title_of(title) if title.strip() else None
        row = store.tasks.add(project.id, node.id, node.label, kind, now, person_id=person.id, title=about)
        word = What.OPENED
    else:
        row = _reopen(store, board, row, person, now)
        word = What.REOPENED
    task = find_task(board, row.number)
    store.log.record(project.id, word, f"opened {task_name(task)}", now, node=task.node, person_id=person.id)
    return TaskOutcome(task, f"{task_name(task)} is open.")


def resolve(store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime) -> TaskOutcome:
    """Accept informal work as done: for maintainers to say, and of a piece for those who hold the whole."""
    desk = sit_down(store, project, person, ref, now, Action.RESOLVE)
    whole = desk.board.numbered(desk.task.parent) if desk.task.parent else None
    if not desk.person.role.covers(Role.MAINTAINER) and not (whole and holds(whole, desk.person.id)):
        raise UserError(f"Whether {desk.name} is done is for the maintainers to say.")
    row = store.tasks.numbered(project.id, desk.task.number)
    if row is None or row.formal:
        raise UserError(f"{desk.name} is done when Lean says so, and only then.")
    desk.write(What.RESOLVED, f"accepted {desk.name} as done")
    desk.tell(desk.crew, What.RESOLVED, f"{desk.name} is accepted: it is done. Thank you!")
    close_pieces(store, project, row, now)
    if whole:
        _tell_whole(desk, whole)
    return desk.outcome(f"{desk.name} is done.")


def split(
    store: Store, project: ProjectRow, person: Person, ref: str, titles: Sequence[str], *, now: datetime
) -> TaskOutcome:
    """Make pieces of a task that others can claim: for its holders and for maintainers to do.

    The task itself stays as it is, with whoever holds it; its pieces end when it is done.
    """
    desk = sit_down(store, project, person, ref, now, Action.SPLIT)
    if not desk.holds and not desk.person.role.covers(Role.MAINTAINER):
        raise UserError(f"Splitting {desk.name} is for those who hold it and for maintainers.")
    names = [title_of(title) for title in titles]
    _refuse_unless_splittable(desk, names)
    desk.write(What.SPLIT, f"split {desk.name}: {quoted(', '.join(names))}", note="\n".join(names))
    node = _node(store, project, desk.task.node)
    by, whole = desk.person.id, desk.task_id
    for name in names:
        store.tasks.add(
            project.id, node.id, node.label, Informal.PIECE, now, person_id=by, title=name, parent_id=whole
        )
    pieces = desk.board.pieces(desk.task.number)
    made = listing([f"{task.label} ({task.title})" for task in pieces[-len(names) :]], len(names))
    desk.tell(desk.crew, What.SPLIT, f"{desk.person.mention} split {desk.name}: {quoted(made)}.")
    return desk.outcome(f"{desk.name} is split; anybody can claim {made}.")


def close_pieces(store: Store, project: ProjectRow, whole: TaskRow, now: datetime) -> None:
    """What is left of the pieces of a task that is done is not needed any more; their holders hear of it."""
    for row in store.tasks.pieces(whole.id):
        if row.state not in {*DONE, State.SUPERSEDED}:
            lease = store.tasks.lease(row.id)
            store.tasks.append(row.id, TaskEvent(What.SUPERSEDED, now))
            words = f"{row.name} is not needed any more, because {whole.name} is done."
            for member in lease.crew if lease else ():
                tell(store, project, member.person_id, What.SUPERSEDED, words, now, row.node)


def _known(
    store: Store, project: ProjectRow, board: Board, ref: str, kind: Informal | None
) -> TaskRow | None:
    if kind is None:
        number = number_of(ref)
        return None if number is None else store.tasks.numbered(project.id, number)
    if kind is Informal.PIECE:
        raise UserError("Pieces come from splitting a task: `split #12` and what the pieces are.")
    node = find_in(board.project, board.findings.graph, ref)
    rows = store.tasks.of_nodes(project.id, (node,))
    return next((row for row in rows if row.kind is kind), None)


def _node(store: Store, project: ProjectRow, label: str) -> NodeRow:
    return next(row for row in store.projects.nodes(project.id) if row.label == label)


def _reopen(store: Store, board: Board, row: TaskRow | None, person: Person, now: datetime) -> TaskRow:
    if row is None:
        words = "Say what to open: `open lem:main to review` (or `write`, `split`), or a task such as `#12`."
        raise UserError(words)
    if row.formal:
        raise UserError(f"Whether {row.name} is open follows from the blueprint and from Lean.")
    if row.state not in (State.LANDED, State.SUPERSEDED):
        raise UserError(f"{row.name} is there already; it is {row.state}.")
    if row.node not in board.findings.statuses:
        raise UserError(f"The node of {row.name} is not in the blueprint any more.")
    store.tasks.append(row.id, TaskEvent(What.REOPENED, now, person.id))
    return row


def _refuse_unless_splittable(desk: Desk, names: Sequence[str]) -> None:
    if desk.task.parent:
        raise UserError(f"{desk.name} is a piece itself; split the whole, #{desk.task.parent}, instead.")
    pieces = desk.board.pieces(desk.task.number)
    if not names or len(pieces) + len(names) > MOST_PIECES:
        raise UserError(f"Say what the pieces are, one a line, at most {MOST_PIECES} of one task.")


def _tell_whole(desk: Desk, whole: TaskView) -> None:
    """When the last piece is done, those who hold the whole can put it together."""
    if all(piece.state in DONE for piece in desk.board.pieces(whole.number)):
        words = f"All pieces of {task_name(whole)} are done."
        desk.tell((claim.person_id for claim in whole.claims), What.RESOLVED, words)
