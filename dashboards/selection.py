"""Which nodes a query is about, and what one of them means to the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blueprint.graph import Graph, Links, Node
from blueprint.identity import remembered
from blueprint.structure import Structure, structure
from dashboards import relations
from dashboards.excerpt import Excerpt
from dashboards.graph_query import Query
from dashboards.legend import ENTRIES
from dashboards.progress import WEIGHTS, chapter_of
from dashboards.snapshot import CreditView, Snapshot, TaskView, heirs
from lean_project.status import Formal, NodeStatus, Readiness


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
    passing = (node.id for node in drawn.nodes if sieve.passes(node))
    shown = frozenset(passing) if query.narrows else _ids(drawn.nodes)
    if then is not None:
        return Selection(shown)
    return Selection(
        shown,
        critical(snapshot, drawn.links, query.goal),
        freed(snapshot, query.node),
    )


@remembered(8)
def _ids(nodes: tuple[Node, ...]) -> frozenset[str]:
    return frozenset(node.id for node in nodes)


class _Sieve:
    """The filters of a query, over one snapshot."""

    def __init__(self, snapshot: Snapshot, query: Query, then: Then | None) -> None:
        self._query, self._words = query, query.q.casefold().split()
        self._status, self._texts = standings(snapshot, then), _texts(snapshot.graph)
        self._keys = frozenset(status for status in Formal if ENTRIES[status].key in query.status)
        self._limits = tuple(_limits(snapshot, query, then))

    def passes(self, node: Node) -> bool:
        query, status = self._query, self._status[node.id]
        if query.chapter and chapter_of(node) != query.chapter:
            return False
        if query.status and status not in self._keys:
            return False
        if any(node.id not in limit for limit in self._limits):
            return False
        return all(word in self._texts[node.id] for word in self._words)


@remembered(8)
def _texts(graph: Graph) -> Mapping[str, str]:
    """By node, what words are looked for in."""
    return {node.id: " ".join((node.caption, node.id, *node.lean)).casefold() for node in graph.nodes}


def _limits(snapshot: Snapshot, query: Query, then: Then | None) -> Iterator[frozenset[str]]:
    if query.person is not None:
        yield frozenset(node for person, node in hands(snapshot) if person == query.person)
    if query.tag:
        yield frozenset(task.node for task in snapshot.tasks if query.tag in task.tags)
    if query.ready:
        yield free(snapshot, then)


def standings(snapshot: Snapshot, then: Then | None) -> Mapping[str, Formal | None]:
    """The status of every node, now or `then`."""
    if then is None:
        return _formal(snapshot.statuses)
    return {name: standing(snapshot, name, then) for name in snapshot.statuses}


@remembered(8)
def _formal(statuses: Mapping[str, NodeStatus]) -> Mapping[str, Formal | None]:
    return {name: status.formal for name, status in statuses.items()}


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
        return _free(snapshot.tasks)
    known = {name: _known(snapshot, name, then) for name in snapshot.statuses}
    return frozenset(name for name, label in known.items() if label in then.ready)


@remembered(8)
def _free(tasks: tuple[TaskView, ...]) -> frozenset[str]:
    return frozenset(task.node for task in tasks if task.is_free)


def hands(snapshot: Snapshot) -> frozenset[tuple[int, str]]:
    """Who has a claim or credit on which node of today."""
    return _hands(snapshot.credit, snapshot.tasks, snapshot.statuses, snapshot.ancestors)


@remembered(8)
def _hands(
    credit: tuple[CreditView, ...],
    tasks: tuple[TaskView, ...],
    statuses: Mapping[str, NodeStatus],
    ancestors: Mapping[str, tuple[str, ...]],
) -> frozenset[tuple[int, str]]:
    today = heirs(statuses, ancestors)
    credited = ((one.person_id, node) for one in credit for node in today.get(one.node, ()))
    holding = ((claim.person_id, task.node) for task in tasks for claim in task.claims)
    return frozenset((*credited, *holding))


def freed(snapshot: Snapshot, name: str) -> tuple[str, ...]:
    """The nodes with work that only `name` still stands before."""
    return tuple(dict.fromkeys(node for _, node in relations.freed(snapshot.statuses).get(name, ())))


def critical(snapshot: Snapshot, links: Links, goal: str) -> tuple[str, ...]:
    """The heaviest chain of work to be done that ends in `goal`; empty where nothing is left, or no goal."""
    if goal not in links.succ:
        return ()
    return shape(links).heaviest(_weights(snapshot.tasks, snapshot.statuses), goal)


@remembered(8)
def shape(links: Links) -> Structure:
    """How the nodes hang together, of which every goal asks."""
    return structure(links)


@remembered(8)
def _weights(tasks: tuple[TaskView, ...], statuses: Mapping[str, NodeStatus]) -> Mapping[str, float]:
    """How much work is left on each node."""
    sizes = {(task.node, task.kind): task.size for task in tasks}
    return {
        name: sum(
            WEIGHTS.get(sizes.get((name, work.kind), "M"), WEIGHTS["M"])
            for work in status.work
            if work.readiness is not Readiness.DONE
        )
        for name, status in statuses.items()
    }
