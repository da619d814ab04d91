"""What the questions asked of a graph cost."""

from __future__ import annotations

import timeit
from collections.abc import Callable, Iterator

import networkx as nx

from blueprint.claims import NONE
from blueprint.graph import Graph, Node, Part, Place
from blueprint.structure import grounded, ready, structure

from .synthetic import Plan, label, used_by

PLACE = Place("web.tex", 1)


def graph(plan: Plan) -> Graph:
    """The nodes and edges of a synthetic blueprint, without its text."""
    return Graph(tuple(_node(plan, number) for number in range(plan.nodes)))


def _node(plan: Plan, number: int) -> Node:
    used = tuple(map(label, used_by(plan, number)))
    half = len(used) // 2
    proof = Part(PLACE, used[half:], source="text")
    return Node(label(number), "lemma", Part(PLACE, used[:half]), NONE, proof, (label(number),))


def times(edges: nx.DiGraph[str]) -> Iterator[tuple[str, float]]:
    """Each question, and the seconds its answer takes."""
    whole = structure(edges)
    done = {name for position, name in enumerate(edges) if position % 3}
    yield "order, knots together", _seconds(lambda: structure(edges))
    yield "levels", _seconds(whole.levels)
    yield "nodes below each", _seconds(whole.counts)
    yield "nodes above each", _seconds(lambda: whole.turned().counts())
    yield "implied edges", _seconds(whole.implied)
    yield "critical path", _seconds(lambda: whole.heaviest(dict.fromkeys(edges, 1)))
    yield "what is ready", _seconds(lambda: ready(edges, done))
    yield "what is done with all below", _seconds(lambda: grounded(edges, done))


def _seconds(question: Callable[[], object]) -> float:
    """The best of three."""
    return min(timeit.repeat(question, number=1, repeat=3))
