"""How far goals have come: what is counted all at once is what one would count for each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blueprint.graph import Graph, Links, ends, links
from blueprint.structure import downstream
from dashboards.progress import WEIGHTS, tally_of
from dashboards.wording import percent
from lean_project.findings import Findings
from lean_project.status import statuses
from server.service import goals
from tests.bench.crowds import Size, findings


def knotted(found: Findings) -> Findings:
    """With the first two nodes using each other."""
    first, second, *rest = found.graph.nodes
    tied = replace(first, statement=replace(first.statement, uses=(second.id,)))
    back = replace(second, statement=replace(second.statement, uses=(first.id,)))
    graph = Graph((tied, back, *rest), title=found.graph.title)
    return Findings(graph, found.facts, statuses(graph, found.facts))


@pytest.mark.parametrize("done", [0, 40, 100])
@pytest.mark.parametrize("shape", [lambda found: found, knotted])
def test_a_goal_counts_itself_and_all_below_it_once(shape, done: int) -> None:
    found = shape(findings(Size(nodes=150), done))
    edges, known = links(found.graph), {one.node.id: one for one in goals.goals(found)}
    assert list(known) == list(ends(found.graph, edges))
    assert len(known) > 3
    sizes = {node.id: WEIGHTS[goals._size(node, found)] for node in found.graph.nodes}
    for name, goal in known.items():
        below = downstream(Links(edges.pred, edges.succ), [name])
        assert goal.tally == tally_of(found.statuses[one] for one in below)
        verified = sum(sizes[one] for one in below if found.statuses[one].verified)
        assert goal.share == percent(verified, sum(sizes[one] for one in below))
