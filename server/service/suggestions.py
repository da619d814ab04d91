"""What somebody could do next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from dashboards.snapshot import CreditView
from server.records import Person, ProjectRow, Role
from server.service.board import Board, load
from server.store import Store
from server.work.efforts import paces
from server.work.frontier import frontier
from server.work.ground import ground, known
from server.work.ledger import FORMAL_KINDS
from server.work.reasons import Suggestion, suggest
from server.work.suggestions import Asker, Helper, Setting, is_in_doubt

__all__ = ["Suggestion", "next_tasks", "offer"]

# How long what one person was offered is kept back from others, and how much of it.
KEPT = timedelta(minutes=30)
OFFERED = 3
# Who took a task within that time is at work.
RECENT = timedelta(days=60)


def offer(
    store: Store, project: ProjectRow, person: Person, *, now: datetime, limit: int = OFFERED
) -> tuple[Suggestion, ...]:
    """`next_tasks`, the first few of which others are offered last for half an hour.

    Whoever asks again is offered the same. A claim counts more than an offer, whoever makes it.
    """
    store.projects.lock(project.id)
    board = load(store, project, now)
    found = suggest(board.tasks, _setting(store, project, person, board, now), max(0, limit))
    taken = [board.id_of(one.task) for one in found[:OFFERED]]
    store.crew.reserve(project.id, person.id, taken, now, now + KEPT)
    return found


def next_tasks(
    store: Store, project: ProjectRow, person: Person | None, *, now: datetime, limit: int = OFFERED
) -> tuple[Suggestion, ...]:
    """The free tasks to take up first, with reasons; for somebody in particular or for anybody."""
    board = load(store, project, now)
    return suggest(board.tasks, _setting(store, project, person, board, now), max(0, limit))


def _setting(
    store: Store, project: ProjectRow, person: Person | None, board: Board, now: datetime
) -> Setting:
    graph, statuses = board.findings.graph, board.findings.statuses
    credit = [entry for entry in store.ledger.views(project.id) if entry.kind in FORMAL_KINDS.values()]
    own = {entry.node for entry in credit if person and entry.person_id == person.id}
    newcomer = person is not None and store.ledger.is_newcomer(person.id)
    on = ground(graph)
    crew = store.crew.at_work(project.id, now - RECENT) | ({person.id} if person else set())
    return Setting(
        frontier=frontier(board.findings, paces(graph, store.crew.finished(project.id))),
        ground=on,
        asker=Asker(known(on, own), newcomer),
        crew=len(crew),
        reserved=_reserved(store, project, person, board, now),
        unverified=frozenset(name for name, status in statuses.items() if not status.verified),
        doubtful=frozenset(name for name, status in statuses.items() if is_in_doubt(status)),
        helpers=_helpers(credit, person),
        hosts=_hosts(store, person),
    )


def _reserved(
    store: Store, project: ProjectRow, person: Person | None, board: Board, now: datetime
) -> frozenset[int]:
    ids = store.crew.reserved(project.id, person.id if person else None, now)
    return frozenset(task.number for task, id in zip(board.tasks, board.ids, strict=True) if id in ids)


def _helpers(credit: Iterable[CreditView], person: Person | None) -> dict[str, tuple[Helper, ...]]:
    found: dict[str, dict[Helper, None]] = {}
    for entry in credit:
        if person is None or entry.person_id != person.id:
            found.setdefault(entry.node, {})[Helper(entry.person_id, entry.person_name)] = None
    return {node: tuple(helpers) for node, helpers in found.items()}


def _hosts(store: Store, person: Person | None) -> tuple[Helper, ...]:
    """The maintainers, who know their way around."""
    everybody = store.people.every()
    return tuple(
        Helper(one.id, one.name)
        for one in everybody
        if one.role is Role.MAINTAINER and (person is None or one.id != person.id)
    )
