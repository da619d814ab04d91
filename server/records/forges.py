"""What forges told: webhooks, deliveries, pull requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.forges.events import Forge, Standing


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook of a project on a forge of that kind.

    `used` is when it was last heard of; `ends` when a secret that was replaced is good no more.
    """

    id: int
    project_id: int
    forge: Forge
    secret: str = field(repr=False)
    made: datetime
    used: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a forge told and nobody has worked off yet, or, where `dead`, nobody could; `why` says so."""

    id: int
    project_id: int
    forge: Forge
    event: str
    received: datetime
    attempts: int
    body: bytes | None = field(default=None, repr=False)
    dead: datetime | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class PullRequestRow:
    """A pull request that the forge told of, `at` that moment; `tasks` are the ids of those that it is for.

    `checks` says by name which checks of commit `sha` passed; `delivery` is the number of what told it.
    """

    id: int
    link: str
    standing: Standing
    sha: str
    checks: Mapping[str, bool]
    at: datetime
    delivery: int
    tasks: tuple[int, ...] = ()

    @property
    def passes(self) -> bool | None:
        """Whether all checks that ended have passed; None where none has ended."""
        return all(self.checks.values()) if self.checks else None
