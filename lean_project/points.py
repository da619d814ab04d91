"""What a check came to, in three numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from lean_project.status import NodeStatus
from lean_project.verdict import DONE


@dataclass(frozen=True, slots=True)
class Point:
    """The nodes of the blueprint, how many are verified, and in how many places it and Lean differ."""

    at: datetime
    nodes: int
    verified: int
    drift: int = 0


def point(statuses: Collection[NodeStatus], at: datetime) -> Point:
    """What the check at that moment came to; the library's nodes count as verified."""
    verified = sum(status.formal in DONE for status in statuses)
    return Point(at, len(statuses), verified, sum(len(status.drift) for status in statuses))
