"""Projects, their commits, and who checks them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project the server looks after. `path` is the folder of its repository."""

    id: int
    slug: str
    title: str
    path: str
    repository_url: str | None
    created: datetime
    relies_on_reports: bool = False
    leaderboard: bool = False
    forge_comments: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Reporter:
    """Somebody else who checks a project and whom it trusts; `key` verifies what they sign."""

    id: int
    project_id: int
    name: str
    key: str = field(repr=False)
    created: datetime


@dataclass(frozen=True, slots=True)
class WantedSync:
    """The newest commit of a project is wanted, and somebody is at it since `begun`.

    Where it failed, `failing` says since when, and `why` the last time; where too often, `due` is None.
    """

    project_id: int
    asked: datetime
    due: datetime | None
    begun: datetime | None
    failures: int
    why: str | None = None
    failing: datetime | None = None


@dataclass(frozen=True, slots=True)
class CommitRow:
    id: int
    sha: str
    at: datetime
    author: str
    summary: str
    synced: datetime
