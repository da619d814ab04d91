"""What was found out about one commit of a project, all together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blueprint.graph import Graph
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.facts import Facts
from lean_project.status import NodeStatus


@dataclass(frozen=True, slots=True)
class Findings:
    """The blueprint, what a check found, and what every node therefore is. `statuses` is keyed by node id.

    `allowed` are the axioms that the project's settings allowed.
    """

    graph: Graph
    facts: Facts
    statuses: Mapping[str, NodeStatus]
    allowed: frozenset[str] = STANDARD_AXIOMS
