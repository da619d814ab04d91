"""What is different between two checks of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blueprint.graph import Graph
from lean_project.facts import Facts
from lean_project.status import NodeStatus


@dataclass(frozen=True, slots=True)
class Findings:
    """What a sync found at one commit. `statuses` is keyed by node id."""

    graph: Graph
    facts: Facts
    statuses: Mapping[str, NodeStatus]
