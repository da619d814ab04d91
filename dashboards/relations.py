"""How the nodes of a snapshot hang together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blueprint.graph import Graph, Node, digraph, nodes_by_id
from blueprint.identity import remembered
from blueprint.structure import implied
from dashboards.snapshot import CreditView, EventView, PersonView, Snapshot, TaskView
from lean_project.facts import Fact, Facts
from lean_project.status import NodeStatus, Readiness

_STANDING = frozenset({"verified", "regressed"})


def by_id(snapshot: Snapshot) -> Mapping[str, Node]:
    return nodes_by_id(snapshot.graph)


@remembered(8)
def by_name(facts: Facts) -> Mapping[str, Fact]:
    """What is known of each declaration."""
    return facts.by_name()


@remembered(8)
def freed(statuses: Mapping[str, NodeStatus]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """By node, the work on others, each a kind and a node, that only it stands before."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, status in statuses.items():
        for work in (one for one in status.work if one.readiness is Readiness.BLOCKED):
            if len(work.blocked_by) == 1 and name not in work.blocked_by:
                found.setdefault(work.blocked_by[0], []).append((work.kind, name))
    return found


def beside(graph: Graph, id: str) -> tuple[str | None, str | None]:
    """The nodes before and after one in the document."""
    order, at = graph.nodes, _places(graph)[id]
    return (order[at - 1].id if at else None, order[at + 1].id if at + 1 < len(order) else None)


@remembered(8)
def _places(graph: Graph) -> Mapping[str, int]:
    return {node.id: at for at, node in enumerate(graph.nodes)}


def uses(node: Node) -> dict[str, list[str]]:
    """What a node uses, in order, each with the parts (`statement`, `proof`) that use it."""
    out: dict[str, list[str]] = {}
    for name, part in (("statement", node.statement), ("proof", node.proof)):
        for used in part.uses if part else ():
            out.setdefault(used, []).append(name)
    return out


def used_by(snapshot: Snapshot, id: str) -> Sequence[Node]:
    """The nodes that use `id` directly, in document order."""
    return _users(snapshot.graph).get(id, ())


@remembered(8)
def _users(graph: Graph) -> Mapping[str, Sequence[Node]]:
    found: dict[str, list[Node]] = {}
    for node in graph.nodes:
        for used in uses(node):
            found.setdefault(used, []).append(node)
    return found


def tasks_on(snapshot: Snapshot, id: str) -> Sequence[TaskView]:
    """The tasks on a node, by number."""
    return _tasks(snapshot.tasks).get(id, ())


@remembered(8)
def _tasks(tasks: tuple[TaskView, ...]) -> Mapping[str, Sequence[TaskView]]:
    found: dict[str, list[TaskView]] = {}
    for task in tasks:
        found.setdefault(task.node, []).append(task)
    return found


def credit_on(snapshot: Snapshot, id: str) -> list[CreditView]:
    """All that was said of a node, newest first, under whatever label."""
    known = _credit(snapshot.contributions or snapshot.credit)
    found = [entry for name in snapshot.names(id) for entry in known.get(name, ())]
    return sorted(found, key=lambda entry: -entry.id)


@remembered(8)
def _credit(entries: tuple[CreditView, ...]) -> Mapping[str, Sequence[CreditView]]:
    found: dict[str, list[CreditView]] = {}
    for entry in entries:
        found.setdefault(entry.node, []).append(entry)
    return found


def regression(snapshot: Snapshot, id: str) -> EventView | None:
    """How a node that was verified once came not to be any more; None where it is, or never was."""
    standing = (event for event in snapshot.events if event.node == id and event.kind in _STANDING)
    last = next(standing, None)
    return last if last and last.kind == "regressed" and not snapshot.statuses[id].verified else None


def implied_edges(snapshot: Snapshot) -> set[tuple[str, str]]:
    """The edges (used, user) that a longer way already implies."""
    return implied(digraph(snapshot.graph))


def person(snapshot: Snapshot, id: int) -> PersonView | None:
    """Somebody who takes part, or once did."""
    if found := next((one for one in snapshot.people if one.id == id), None):
        return found
    named = next((event for event in snapshot.events if event.person_id == id), None)
    return PersonView(id, named.person_name) if named and named.person_name else None


def entry(snapshot: Snapshot, number: int) -> CreditView | None:
    """The contribution of that number, of whatever status."""
    return _entries(snapshot.contributions).get(number)


@remembered(8)
def _entries(contributions: tuple[CreditView, ...]) -> Mapping[int, CreditView]:
    return {one.id: one for one in contributions}
