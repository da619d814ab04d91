"""Pushes to branches that are named after a task: work on it, which renews the lease of whoever did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lean_project.commits import Commit
from server.records.projects import ProjectRow
from server.service.progress import activity
from server.store import Store


@dataclass(frozen=True, slots=True)
class Push:
    """The newest commit of a branch that names the task of that number."""

    number: int
    branch: str
    commit: Commit


def note_pushes(store: Store, project: ProjectRow, pushes: Iterable[Push], now: datetime) -> None:
    """Count each push once, as of the time of its commit; one from the future is nobody's work yet."""
    for push in pushes:
        person = store.people.by_identity("git", push.commit.author_email.strip().lower())
        if person and push.commit.at <= now:
            what = f"pushed {push.commit.sha[:10]} to {push.branch}"
            activity(store, project, person, push.number, what, push.commit.at)
