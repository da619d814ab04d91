"""Who changed how a project is run: roles, privacy, rules, reporters, the leaderboard. Kept for good."""

from __future__ import annotations

from dashboards.snapshot import EventView
from server.records import Person, ProjectRow
from server.service.permission import require
from server.store import Store
from server.work.permissions import Action

MOST = 200


def changes(store: Store, project: ProjectRow, person: Person, *, limit: int = MOST) -> tuple[EventView, ...]:
    """Newest first, at most `MOST`; for maintainers. `UserError` for others."""
    require(store, project, person, Action.AUDIT)
    return store.log.steering(project.id, min(max(limit, 0), MOST))
