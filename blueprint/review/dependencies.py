"""Mistakes that only the whole graph shows."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from blueprint.assembly import Assembly
from blueprint.claims import naively_proved
from blueprint.graph import Graph, Problem, digraph
from blueprint.review.codes import problem

LONGEST = 12  # how many nodes of a cycle are named


def cycles(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """One problem for each knot of nodes that depend on each other, with one way around it."""
    edges = digraph(graph)
    nodes = {node.id: node for node in graph.nodes}
    order = {name: position for position, name in enumerate(nodes)}
    for knot in nx.strongly_connected_components(edges):
        if len(knot) > 1:
            start = min(knot, key=lambda name: order[name])
            path = _around(edges, knot, start)
            shown = path if len(path) <= LONGEST else [*path[:LONGEST], "..."]
            yield problem(
                "cycle",
                f"These nodes depend on each other: {' -> '.join([*shown, start])}"
                + (f" (in a knot of {len(knot)})." if len(knot) > len(path) else "."),
                "Remove one of these \\uses; `a -> b` means that b uses a.",
                nodes[start].statement.place,
                start,
            )


def _around(edges: nx.DiGraph[str], knot: set[str], start: str) -> list[str]:
    """A shortest way within `knot` from `start` to the last node before it begins again."""
    came: dict[str, str] = {}
    for before, name in nx.bfs_edges(edges.subgraph(knot), start):
        came[name] = before
        if edges.has_edge(name, start):
            break
    path = [name]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


def unfounded_green(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """Nodes that leanblueprint calls fully proved although they rest on an unwritten definition."""
    naive = naively_proved(graph)
    for node in graph.nodes:
        if node.id in naive and not node.claimed.fully_proved:
            itself = node.is_definition and not node.statement.leanok
            yield problem(
                "false-dark-green",
                f"leanblueprint takes `{node.id}` for fully proved, but "
                + (
                    "it is not marked \\leanok."
                    if itself
                    else "it rests on definitions that are not in Lean."
                ),
                "Formalise the definition." if itself else "Formalise the definitions below it.",
                node.statement.place,
                node.id,
                severity="info" if itself else "",
            )


def library(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """Nodes that we call proved because they are in Mathlib, where leanblueprint wants a proof as well."""
    for node in graph.nodes:
        if node.mathlibok and not node.is_definition and not (node.proof and node.proof.leanok):
            yield problem(
                "mathlib-without-proof",
                f"`{node.id}` is marked \\mathlibok; leanblueprint still takes it for unproved.",
                "Nothing needs to be done; a proof marked \\leanok would please both.",
                node.statement.place,
                node.id,
            )
