"""A project at this moment, for whoever draws it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dashboards.graph_page import Moment, Past
from dashboards.progress import Tally
from dashboards.selection import Then
from dashboards.snapshot import Snapshot
from lean_project.status import Readiness
from server.records.projects import CommitRow, ProjectRow
from server.service.present import present
from server.store import Store

MOST_MOMENTS = 200


def snapshot(store: Store, project: ProjectRow, now: datetime) -> Snapshot:
    """All that may be shown of the project. `UserError` when nothing of it was ever checked."""
    return present(store, project, now).snapshot


def counts(store: Store, every: Iterable[ProjectRow]) -> dict[int, tuple[datetime, Tally]]:
    """By project, when its newest checked commit was made, and its nodes by status; none before the first."""
    found = store.projects.newest_counts([project.id for project in every])
    return {id: (at, Tally(counted)) for id, (at, counted) in found.items()}


def past(store: Store, project: ProjectRow, sha: str) -> Past:
    """The commits that were checked, and what the one whose hash begins with `sha` was like, if there is one.

    The newest is the present, which is no past. Where there are very many, they are thinned out evenly.
    """
    rows = store.projects.moments(project.id)[:-1]
    chosen = next((row for row in rows if sha and row.sha.startswith(sha)), None)
    step = -(-len(rows) // MOST_MOMENTS) or 1
    shown = tuple(_moment(row) for at, row in enumerate(rows) if at % step == 0 or row is chosen)
    if chosen is None:
        return Past(shown)
    found = store.projects.statuses(chosen.id)
    ready = frozenset(label for label, status in found.items() if status.readiness is Readiness.READY)
    then = Then({label: status.formal for label, status in found.items()}, ready)
    return Past(shown, _moment(chosen), then)


def _moment(row: CommitRow) -> Moment:
    return Moment(row.sha, row.at, row.summary)
