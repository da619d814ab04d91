"""What somebody could do next."""

from __future__ import annotations

from datetime import datetime

from server.records import Person, ProjectRow
from server.service.board import Board, load
from server.store import Store
from server.work.frontier import longest_path
from server.work.suggestions import Setting, Suggestion, rank

__all__ = ["Suggestion", "next_tasks"]


def next_tasks(
    store: Store, project: ProjectRow, person: Person | None, *, now: datetime, limit: int = 3
) -> tuple[Suggestion, ...]:
    """The free tasks to take up first, with reasons; for somebody in particular or for anybody."""
    board = load(store, project, now)
    return rank(board.tasks, _setting(store, project, person, board), max(0, limit))


def _setting(store: Store, project: ProjectRow, person: Person | None, board: Board) -> Setting:
    graph, statuses = board.findings.graph, board.findings.statuses
    credit = store.ledger.views(project.id) if person else ()
    return Setting(
        graph=graph,
        unverified=frozenset(name for name, status in statuses.items() if not status.verified),
        path=longest_path(graph, statuses),
        known=frozenset(entry.node for entry in credit if person and entry.person_id == person.id),
        newcomer=person is not None and store.ledger.is_newcomer(person.id),
    )
