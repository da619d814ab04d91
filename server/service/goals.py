"""How far what a project is for has come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from blueprint.graph import Node, ends, links, nodes_by_id
from blueprint.identity import Same
from blueprint.structure import structure
from dashboards.progress import WEIGHTS, Goal, Tally
from dashboards.wording import percent
from lean_project.findings import Findings
from lean_project.status import Formal, TaskKind
from server.work.efforts import size
from server.work.leases import Size


def goals(findings: Findings) -> tuple[Goal, ...]:
    """The project's goals with all that they rest on, in the blueprint's order."""
    return _goals(Same(findings))


@lru_cache(maxsize=64)
def _goals(of: Same[Findings]) -> tuple[Goal, ...]:
    graph, statuses = of.value.graph, of.value.statuses
    edges = links(graph)
    whole = structure(edges)
    alike: dict[_Likeness, set[str]] = defaultdict(set)
    for node in graph.nodes:
        status = statuses[node.id]
        alike[_Likeness(status.formal, status.verified, WEIGHTS[_size(node, of.value)])].add(node.id)
    below = [(like, names, whole.counts(names)) for like, names in alike.items()]
    return tuple(
        _goal(node, {like: counts[node.id] + (node.id in names) for like, names, counts in below})
        for node in map(nodes_by_id(graph).__getitem__, ends(graph, edges))
    )


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Of some nodes it is all the same which one is counted."""

    formal: Formal
    verified: bool
    weight: int


def _goal(node: Node, below: Mapping[_Likeness, int]) -> Goal:
    """`below`: how many nodes of each kind there are among the node and all that it rests on."""
    tally: Counter[Formal] = Counter()
    for like, count in below.items():
        tally[like.formal] += count
    whole = sum(like.weight * count for like, count in below.items())
    done = sum(like.weight * count for like, count in below.items() if like.verified)
    return Goal(
        node, Tally({formal: count for formal, count in tally.items() if count}), percent(done, whole)
    )


def _size(node: Node, findings: Findings) -> Size:
    """That of the longest work on it."""
    kinds = [work.kind for work in findings.statuses[node.id].work]
    return size(node, TaskKind.PROVE if TaskKind.PROVE in kinds or not kinds else kinds[0])
