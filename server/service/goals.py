"""How far what a project is for has come."""

from __future__ import annotations

from functools import lru_cache

from blueprint.graph import Links, Node, ends, links, nodes_by_id
from blueprint.identity import Same
from blueprint.structure import downstream
from dashboards.progress import WEIGHTS, Goal, tally_of
from dashboards.wording import percent
from lean_project.findings import Findings
from lean_project.status import TaskKind
from server.work.efforts import size
from server.work.leases import Size


def goals(findings: Findings) -> tuple[Goal, ...]:
    """The project's goals with all that they rest on, in the blueprint's order."""
    return _goals(Same(findings))


@lru_cache(maxsize=64)
def _goals(of: Same[Findings]) -> tuple[Goal, ...]:
    graph, statuses = of.value.graph, of.value.statuses
    nodes, edges = nodes_by_id(graph), links(graph)
    weights = {name: WEIGHTS[_size(node, of.value)] for name, node in nodes.items()}
    found = []
    for end in ends(graph, edges):
        below = downstream(Links(edges.pred, edges.succ), [end])
        done = sum(weights[name] for name in below if statuses[name].verified)
        share = percent(done, sum(weights[name] for name in below))
        found.append(Goal(nodes[end], tally_of(statuses[name] for name in below), share))
    return tuple(found)


def _size(node: Node, findings: Findings) -> Size:
    """That of the longest work on it."""
    kinds = [work.kind for work in findings.statuses[node.id].work]
    return size(node, TaskKind.PROVE if TaskKind.PROVE in kinds or not kinds else kinds[0])
