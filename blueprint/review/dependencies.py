"""Mistakes that only the whole graph shows."""

from __future__ import annotations

from collections.abc import Iterator

from blueprint.assembly import Assembly
from blueprint.claims import naively_proved
from blueprint.graph import Graph, Problem, links, nodes_by_id
from blueprint.review.codes import problem
from blueprint.structure import knots

LONGEST = 12  # how many nodes of a cycle are named


def cycles(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """One problem for each knot of nodes that depend on each other, with a shortest way around it."""
    nodes = nodes_by_id(graph)
    for knot in knots(links(graph)):
        start = knot.nodes[0]
        shown = knot.way if len(knot.way) <= LONGEST else (*knot.way[:LONGEST], "...")
        tied = f" (in a knot of {len(knot.nodes)})." if len(knot.nodes) > len(knot.way) else "."
        yield problem(
            "cycle",
            f"These nodes depend on each other: {' -> '.join([*shown, start])}{tied}",
            "Remove one of these \\uses; `a -> b` means that b uses a.",
            nodes[start].statement.place,
            start,
        )


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
