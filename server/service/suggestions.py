"""What somebody could do next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from dashboards.snapshot import TaskView
from lean_project.status import NodeStatus
from server.records import Person, ProjectRow
from server.service.board import Board, load
from server.service.members import maintainers
from server.store import Store
from server.work.efforts import paces
from server.work.frontier import frontier
from server.work.ground import Ground, ground, known
from server.work.leases import Policy
from server.work.reasons import Suggestion, suggest
from server.work.suggestions import Asker, Helper, Setting, is_in_doubt

__all__ = ["ALL", "Suggestion", "next_tasks", "offer", "tasks"]

# So many tasks are kept back from others once they were offered, and so long.
OFFERED = 3
ALL = 10_000
KEPT = timedelta(hours=2)
# Who took a task within that time is at work.
RECENT = timedelta(days=60)


def offer(
    store: Store, project: ProjectRow, person: Person, *, now: datetime, limit: int = OFFERED
) -> tuple[Suggestion, ...]:
    """`next_tasks`, of which others are offered the first three only after all else, for a while.

    Whoever asks again is offered the same. A claim is stronger than an offer, whoever makes it.
    """
    store.projects.lock(project.id)
    board = load(store, project, now)
    found = _ranked(store, project, person, board, now, limit)
    ids = [store.tasks.id_of(project.id, one.task.number) for one in found[:OFFERED]]
    store.crew.reserve(project.id, person.id, ids, now, now + kept(board.policy))
    return found


def kept(policy: Policy) -> timedelta:
    """Until the person may have claimed something; where nobody claims, until a long task may be done."""
    return KEPT if policy.assignment else timedelta(days=policy.large)


def next_tasks(
    store: Store, project: ProjectRow, person: Person | None, *, now: datetime, limit: int = OFFERED
) -> tuple[Suggestion, ...]:
    """The free tasks to take up first, with reasons; for somebody in particular or for anybody."""
    return _ranked(store, project, person, load(store, project, now), now, limit)


def tasks(store: Store, project: ProjectRow, person: Person | None, *, now: datetime) -> tuple[TaskView, ...]:
    """All of them in that order, without the reasons: the one order in which what is ready is shown."""
    return tuple(one.task for one in next_tasks(store, project, person, now=now, limit=ALL))


def _ranked(
    store: Store, project: ProjectRow, person: Person | None, board: Board, now: datetime, limit: int
) -> tuple[Suggestion, ...]:
    graph, statuses = board.findings.graph, board.findings.statuses
    person_id, hands, on = person.id if person else None, store.crew.hands(project.id), ground(graph)
    silent = store.people.unnamed() | {person_id}
    own = frozenset(node for who, _, node in hands if who == person_id)
    setting = Setting(
        frontier=frontier(board.findings, paces(graph, store.crew.finished(project.id))),
        ground=on,
        asker=_asker(store, project, person_id, on, own),
        crew=len(store.crew.at_work(project.id, now - RECENT) - {person_id}) + 1,
        reserved=store.crew.reserved(project.id, person_id, now),
        unverified=frozenset(name for name, status in statuses.items() if not status.verified),
        doubtful=_doubtful(store, project, statuses),
        helpers=_helpers(one for one in hands if one[0] not in silent),
        hosts=_hosts(store, project, silent),
    )
    return suggest(board.undone, setting, max(0, limit))


def _asker(
    store: Store, project: ProjectRow, person_id: int | None, on: Ground, own: frozenset[str]
) -> Asker:
    tags = (tag for node, found in store.tasks.tagged(project.id) if node in own for tag in found)
    newcomer = person_id is not None and store.ledger.is_newcomer(person_id)
    return Asker(known(on, own, tags), newcomer)


def _helpers(hands: Iterable[tuple[int, str, str]]) -> dict[str, list[Helper]]:
    """By node."""
    found: dict[str, list[Helper]] = defaultdict(list)
    for person_id, name, node in hands:
        found[node].append(Helper(person_id, name))
    return found


def _doubtful(store: Store, project: ProjectRow, statuses: Mapping[str, NodeStatus]) -> frozenset[str]:
    """The nodes of which nobody knows for sure what they state, or which they are."""
    unsure = {doubt.new.label for doubt in store.matches.doubts(project.id)}
    return frozenset(name for name, status in statuses.items() if is_in_doubt(status) or name in unsure)


def _hosts(store: Store, project: ProjectRow, silent: Collection[int | None]) -> tuple[Helper, ...]:
    """The maintainers, who know their way around."""
    found = maintainers(store, project)
    return tuple(Helper(one.id, one.name) for one in found if one.id not in silent)
