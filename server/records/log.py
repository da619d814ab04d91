"""How far the log has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """How many rows there are, the greatest of their numbers (0 for none), and the newest moment."""

    count: int
    last: int
    at: datetime | None
