"""Nodes that nobody needs, told without knowing what their kinds mean in the author's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from blueprint.assembly import Assembly
from blueprint.graph import Graph, Links, Problem, links
from blueprint.review.codes import problem
from blueprint.structure import structure

HELPING = 0.75  # of a kind that is there for others, so much at least is used


def unused(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """Nodes from which nothing follows and that nothing else cites, where most of their kind are used.

    What rests on the longest chain, among the nodes it is connected with, is what they are there for.
    """
    edges = links(graph)
    helping = _helping(graph, edges)
    idle = [node for node in graph.nodes if node.labels and node.kind in helping and not edges.succ[node.id]]
    wanted = _goals(edges) | _cited(found) if idle else set()
    for node in idle:
        if node.id not in wanted:
            yield problem(
                "unused-node",
                f"Nothing uses or cites the {node.kind} `{node.id}`.",
                "Add it to the \\uses of what needs it; if nothing does, it can go.",
                node.statement.place,
                node.id,
            )


def _helping(graph: Graph, edges: Links) -> set[str]:
    """The kinds that are there for others."""
    kinds = Counter(node.kind for node in graph.nodes)
    used = Counter(node.kind for node in graph.nodes if edges.succ[node.id])
    return {kind for kind, number in kinds.items() if used[kind] >= HELPING * number}


def _goals(edges: Links) -> set[str]:
    """Of each set of connected nodes those on the highest level; a node by itself is nobody's goal."""
    levels = structure(edges).levels()
    goals: set[str] = set()
    seen: set[str] = set()
    for start in edges:
        if start not in seen:
            together = _connected(edges, start)
            seen.update(together)
            top = max(levels[name] for name in together)
            goals.update(name for name in together if levels[name] == top and len(together) > 1)
    return goals


def _connected(edges: Links, start: str) -> dict[str, None]:
    found = {start: None}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        for other in (*edges.succ[name], *edges.pred[name]):
            if other not in found:
                found[other] = None
                waiting.append(other)
    return found


def _cited(found: Assembly) -> set[str]:
    """The nodes that the text of something else cites."""
    pairs = ((found.node_of(label), found.subject(citation.owner)) for citation, label, _ in found.citations)
    return {cited for cited, citing in pairs if cited is not None and cited != citing}
