"""The part of a graph that a query draws: all of it, or what a node rests on, or what rests on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from blueprint.graph import Graph, Links, Node, nodes_by_id
from blueprint.identity import remembered
from blueprint.structure import downstream, implied
from dashboards import relations
from dashboards.graph_query import BOTH, DOWN, UP, Query


@dataclass(frozen=True, slots=True)
class Edge:
    """`user` uses `used`, in these `parts` (statement, proof); `implied` where a longer way says it too."""

    used: str
    user: str
    parts: tuple[str, ...]
    implied: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The `nodes` drawn, in document order, and the `edges` among them; `links` are all there are."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    links: Links


def question(graph: Graph, query: Query) -> Query:
    """What of the query says what is drawn of this graph: the same for all queries that draw the same."""
    known = nodes_by_id(graph)
    goal = query.goal if query.goal in known else ""
    focus = query.focus if query.focus in known and not goal else ""
    way = query.way if focus else BOTH
    return Query(focus=focus, way=way, goal=goal, group=query.group, every=query.every)


def excerpt(graph: Graph, query: Query) -> Excerpt:
    """A query about a node that is not there is about the whole graph."""
    asked = question(graph, query)
    return _part(graph, asked.focus, asked.way, asked.goal) if asked.is_part else _whole(graph)


@remembered(8)
def _whole(graph: Graph) -> Excerpt:
    return Excerpt(graph.nodes, every_edge(graph), every_link(graph))


@remembered(8)
def _part(graph: Graph, focus: str, way: str, goal: str) -> Excerpt:
    edges, links = every_edge(graph), every_link(graph)
    kept = _kept(links, Query(focus=focus, way=way, goal=goal))
    if len(kept) == len(graph.nodes):
        return _whole(graph)
    return Excerpt(
        tuple(node for node in graph.nodes if node.id in kept),
        tuple(edge for edge in edges if edge.used in kept and edge.user in kept),
        links,
    )


@remembered(8)
def every_link(graph: Graph) -> Links:
    """Of every edge, from what is used to its users."""
    edges = every_edge(graph)
    return Links.of((node.id for node in graph.nodes), ((edge.used, edge.user) for edge in edges))


@remembered(8)
def every_edge(graph: Graph) -> tuple[Edge, ...]:
    ids = dict.fromkeys(node.id for node in graph.nodes)
    found = {
        (used, node.id): tuple(parts)
        for node in graph.nodes
        for used, parts in relations.uses(node).items()
        if used in ids
    }
    spare = _implied(tuple(ids), tuple(found))
    return tuple(Edge(*pair, parts, pair in spare) for pair, parts in found.items())


@lru_cache(maxsize=16)
def _implied(ids: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> frozenset[tuple[str, str]]:
    """By value: most commits change nothing of it."""
    return frozenset(implied(Links.of(ids, pairs)))


def _kept(links: Links, query: Query) -> Collection[str]:
    above = Links(links.pred, links.succ)
    if query.goal:
        return downstream(above, [query.goal])
    up = downstream(above, [query.focus]) if query.way != DOWN else set()
    down = downstream(links, [query.focus]) if query.way != UP else set()
    return up | down
