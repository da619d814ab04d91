"""The work that is left: what waits for what, how long that takes, and what is critical for which goal.

What Lean needs before a piece of work can begin is the *statements* of what is used; so this order of work is
not the graph of the blueprint but follows from it, through `Work.blocked_by`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from blueprint.graph import Graph, Links, ends, links
from blueprint.identity import Same
from blueprint.structure import Structure, downstream, structure
from lean_project.findings import Findings
from lean_project.status import NodeStatus, Readiness, Work
from server.work.efforts import Estimate, Pace, estimate


def piece(node: str, kind: str) -> str:
    """What a piece of work is called here: two kinds of work on one node are two."""
    return f"{kind} {node}"


def node_of(name: str) -> str:
    """The node that a piece of work is on."""
    return name.partition(" ")[2]


@dataclass(frozen=True, slots=True)
class Frontier:
    """What is left to do at one check, by piece; all of it in days of one person's work.

    `chains`: the longest chain of work that begins with it. `waiting`: how many pieces cannot begin before
    it, directly or not. `follows`: those that wait for it directly. `goals`: for what is on the
    critical path to a goal, that goal. Goals are what the project names, or else the nodes that use others
    and that nothing uses.
    """

    estimates: Mapping[str, Estimate]
    chains: Mapping[str, float]
    waiting: Mapping[str, int]
    follows: Mapping[str, tuple[str, ...]]
    goals: Mapping[str, str]
    total: float
    longest: float

    def horizon(self, crew: int) -> float:
        """So long it takes `crew` people at least."""
        return max(self.longest, self.total / max(1, crew))


def waiting(graph: Graph, statuses: Mapping[str, NodeStatus]) -> Mapping[str, int]:
    """How many nodes that are not verified yet stand, directly or not, on each node."""
    return _waiting(Same(graph), Same(statuses))


@lru_cache(maxsize=8)
def _waiting(graph: Same[Graph], statuses: Same[Mapping[str, NodeStatus]]) -> Mapping[str, int]:
    unverified = [name for name, status in statuses.value.items() if not status.verified]
    _, shape = _drawn(graph)
    return shape.turned().counts(unverified)


@lru_cache(maxsize=8)
def _drawn(graph: Same[Graph]) -> tuple[Links, Structure]:
    """The blueprint's own graph, of which more than one thing is asked."""
    edges = links(graph.value)
    return edges, structure(edges)


def goals(graph: Graph) -> tuple[str, ...]:
    """What the project names, or else the nodes that use others and that nothing uses, in document order."""
    edges, _ = _drawn(Same(graph))
    return ends(graph, edges)


def resting(graph: Graph, node: str) -> frozenset[str]:
    """All that stands on a node, directly or not."""
    edges, _ = _drawn(Same(graph))
    return frozenset(downstream(edges, [node]) - {node})


def frontier(findings: Findings, known: tuple[Pace, ...] = ()) -> Frontier:
    """Worked out once for each check, and again when work that was finished teaches something."""
    return _frontier(Same(findings), known)


@lru_cache(maxsize=8)
def _frontier(key: Same[Findings], known: tuple[Pace, ...]) -> Frontier:
    graph, statuses = key.value.graph, key.value.statuses
    estimates = {
        piece(node.id, work.kind): estimate(node, work.kind, known)
        for node in graph.nodes
        for work in _left(statuses[node.id])
    }
    edges = _order(statuses, estimates)
    shape, days = structure(edges), {name: one.days for name, one in estimates.items()}
    above = shape.turned()
    chains, _ = above.chains(days)
    return Frontier(
        estimates=estimates,
        chains=chains,
        waiting=above.counts(),
        follows={name: tuple(edges.succ[name]) for name in edges},
        goals=_critical(graph, statuses, shape, days),
        total=sum(days.values()),
        longest=max(chains.values(), default=0),
    )


def _left(status: NodeStatus) -> list[Work]:
    return [work for work in status.work if work.readiness is not Readiness.DONE]


def _order(statuses: Mapping[str, NodeStatus], pieces: Mapping[str, Estimate]) -> Links:
    """A piece of work waits for the first that is left on each node it is blocked by."""
    first = {name: piece(name, left[0].kind) for name, status in statuses.items() if (left := _left(status))}
    uses = (
        (first[blocker], piece(name, work.kind))
        for name, status in statuses.items()
        for work in _left(status)
        for blocker in work.blocked_by
        if blocker in first
    )
    return Links.of(pieces, ((used, user) for used, user in uses if used != user))


def _critical(
    graph: Graph, statuses: Mapping[str, NodeStatus], shape: Structure, days: Mapping[str, float]
) -> Mapping[str, str]:
    """Piece -> goal. What is critical for several belongs to the one that is farthest."""
    done, before = shape.chains(days)
    last = _last(graph, statuses, done)
    ends_of = [name for name in goals(graph) if last[name] is not None]
    found: dict[str, str] = {}
    for goal in sorted(ends_of, key=lambda name: -done[last[name] or ""]):
        at = last[goal]
        while at is not None and at not in found:
            found[at] = goal
            at = before[at]
    return found


def _last(
    graph: Graph, statuses: Mapping[str, NodeStatus], done: Mapping[str, float]
) -> dict[str, str | None]:
    """For each node the piece of work, on it or on anything below it, that can be done last."""
    _, shape = _drawn(Same(graph))
    last: list[str | None] = []
    for group, uses in zip(shape.groups, shape.uses, strict=True):
        own = (piece(name, work.kind) for name in group for work in _left(statuses[name]))
        below = (name for position in uses if (name := last[position]) is not None)
        last.append(max((*own, *below), key=done.__getitem__, default=None))
    return {name: last[position] for name, position in shape.positions().items()}
