"""The open work on the graph: what waits for what, how far it is to the goal, how big each task is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from blueprint.graph import Graph, Node, digraph
from blueprint.structure import structure
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
    return structure(digraph(graph)).turned().counts(_unverified(statuses))


def longest_path(graph: Graph, statuses: Mapping[str, NodeStatus]) -> tuple[str, ...]:
    """The longest chain of nodes still to be verified, first to do first; nodes in a cycle come together."""
    return structure(digraph(graph)).heaviest(dict.fromkeys(_unverified(statuses), 1))


def _unverified(statuses: Mapping[str, NodeStatus]) -> list[str]:
    return [name for name, status in statuses.items() if not status.verified]
