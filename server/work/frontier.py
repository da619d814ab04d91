"""The open work on the graph: what waits for what, how far it is to the goal, how big each task is."""

from __future__ import annotations

import re
from collections.abc import Mapping

import networkx as nx

from blueprint.graph import Graph, Node, digraph
from lean_project.status import NodeStatus, TaskKind
from server.work.leases import Size

# A long informal proof is a long formal one, more or less; each result used is about a sentence more.
_DEPENDENCY = 120
_SMALL, _MEDIUM = 700, 2200
_COMMAND = re.compile(r"\\[A-Za-z]+\*?|[{}$\\\s]+")


def size(node: Node, kind: TaskKind) -> Size:
    """How long a task should take, from the length of the informal text and the results it uses."""
    part = node.proof if kind is TaskKind.PROVE and node.proof else node.statement
    length = len(_COMMAND.sub(" ", part.source)) + _DEPENDENCY * len(part.uses)
    if length < _SMALL:
        return Size.S
    return Size.M if length < _MEDIUM else Size.L


def waiting(graph: Graph, statuses: Mapping[str, NodeStatus]) -> dict[str, int]:
    """How many nodes that are not verified yet stand, directly or not, on each node."""
    groups = nx.condensation(digraph(graph))
    bit = {node.id: 1 << place for place, node in enumerate(graph.nodes)}
    unverified = sum(bit[name] for name, status in statuses.items() if not status.verified and name in bit)
    above: dict[int, int] = {}
    for group in reversed(list(nx.topological_sort(groups))):
        above[group] = sum(bit[member] for member in groups.nodes[group]["members"])
        for user in groups.successors(group):
            above[group] |= above[user]
    home = groups.graph["mapping"]
    return {name: (above[home[name]] & unverified & ~own).bit_count() for name, own in bit.items()}


def longest_path(graph: Graph, statuses: Mapping[str, NodeStatus]) -> tuple[str, ...]:
    """The longest chain of nodes still to be verified, first to do first; empty where nodes form a cycle."""
    open_nodes = [node.id for node in graph.nodes if node.id in statuses and not statuses[node.id].verified]
    rest = digraph(graph).subgraph(open_nodes)
    return tuple(nx.dag_longest_path(rest)) if nx.is_directed_acyclic_graph(rest) else ()
