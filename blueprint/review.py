"""What is wrong with a blueprint, in words. Pure: from the draft's tables and the finished graph."""

from __future__ import annotations

from blueprint.assembly import Assembly
from blueprint.graph import Graph, Problem


def problems(found: Assembly, graph: Graph) -> tuple[Problem, ...]:
    """Every mistake, in document order."""
    return ()
