"""Which nodes a query is about, and what one of them means to the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blueprint.graph import Links, Node
from blueprint.structure import structure
from dashboards.excerpt import Excerpt
from dashboards.graph_query import Query
from dashboards.legend import ENTRIES
from dashboards.progress import chapter_of
from dashboards.snapshot import Snapshot
from lean_project.status import Formal, Readiness

# What a task of each size weighs on a critical path; nobody knows days.
WEIGHTS: Mapping[str, float] = {"S": 1, "M": 2, "L": 4}


@dataclass(frozen=True, slots=True)
class Then:
    """What a check found at an earlier commit, by the labels of that day; `ready` are those with work that
    could have begun. Who held what, it does not know."""

    status: Mapping[str, Formal]
    ready: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Selection:
    """What a query is about, among the nodes that it draws.

    `shown` are the ids of those that the filters leave, `path` the critical path to the goal, first to do
    first; `freed` can begin as soon as the node that is looked at is done.
    """

    shown: frozenset[str]
    path: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()


def select(snapshot: Snapshot, drawn: Excerpt, query: Query, then: Then | None = None) -> Selection:
    """`then` is an earlier day; of that, no path and nothing freed: sizes are not on the books."""
    sieve = _Sieve(snapshot, query, then)
    shown = frozenset(node.id for node in drawn.nodes if sieve.passes(node))
    if then is not None:
        return Selection(shown)
    return Selection(
        shown,
        critical(snapshot, drawn.links, query.goal),
        freed(snapshot, query.node),
    )


class _Sieve:
    """The filters of a query, over one snapshot."""

    def __init__(self, snapshot: Snapshot, query: Query, then: Then | None) -> None:
        self._query, self._words = query, query.q.casefold().split()
        self._status = {name: standing(snapshot, name, then) for name in snapshot.statuses}
        self._limits = tuple(_limits(snapshot, query, then))

    def passes(self, node: Node) -> bool:
        query, status = self._query, self._status[node.id]
        if query.chapter and chapter_of(node) != query.chapter:
            return False
        if query.status and (status is None or ENTRIES[status].key not in query.status):
            return False
        if any(node.id not in limit for limit in self._limits):
            return False
        return not self._words or self._says(node)

    def _says(self, node: Node) -> bool:
        text = " ".join((node.caption, node.id, *node.lean)).casefold()
        return all(word in text for word in self._words)


def _limits(snapshot: Snapshot, query: Query, then: Then | None) -> Iterator[frozenset[str]]:
    if query.person is not None:
        yield frozenset(node for person, node in hands(snapshot) if person == query.person)
    if query.tag:
        yield frozenset(task.node for task in snapshot.tasks if query.tag in task.tags)
    if query.ready:
        yield free(snapshot, then)


def standing(snapshot: Snapshot, name: str, then: Then | None) -> Formal | None:
    """The status of a node, now or `then`; None where it was not there yet, under any label that is known."""
    if then is None:
        return snapshot.statuses[name].formal
    label = _known(snapshot, name, then)
    return None if label is None else then.status[label]


def _known(snapshot: Snapshot, name: str, then: Then) -> str | None:
    """The label that the node went by then, its own first."""
    return next((known for known in snapshot.names(name) if known in then.status), None)


def free(snapshot: Snapshot, then: Then | None = None) -> frozenset[str]:
    """The nodes on which something can be taken; of an earlier day, on which something could begin."""
    if then is None:
        return frozenset(task.node for task in snapshot.tasks if task.is_free)
    known = {name: _known(snapshot, name, then) for name in snapshot.statuses}
    return frozenset(name for name, label in known.items() if label in then.ready)


def hands(snapshot: Snapshot) -> frozenset[tuple[int, str]]:
    """Who has a claim or credit on which node of today."""
    heirs = snapshot.heirs()
    credited = ((one.person_id, node) for one in snapshot.credit for node in heirs.get(one.node, ()))
    holding = ((claim.person_id, task.node) for task in snapshot.tasks for claim in task.claims)
    return frozenset((*credited, *holding))


def freed(snapshot: Snapshot, name: str) -> tuple[str, ...]:
    """The nodes with work that only `name` still stands before."""
    waiting = (task.node for task in snapshot.tasks if task.blocked_by == (name,))
    return tuple(dict.fromkeys(node for node in waiting if node != name))


def critical(snapshot: Snapshot, links: Links, goal: str) -> tuple[str, ...]:
    """The heaviest chain of work to be done that ends in `goal`; empty where nothing is left, or no goal."""
    if goal not in links.succ:
        return ()
    sizes = {(task.node, task.kind): task.size for task in snapshot.tasks}
    weights = {
        name: sum(
            WEIGHTS.get(sizes.get((name, work.kind), "M"), WEIGHTS["M"])
            for work in status.work
            if work.readiness is not Readiness.DONE
        )
        for name, status in snapshot.statuses.items()
    }
    return structure(links).heaviest(weights, goal)
