"""What changed becomes events, and those whom it concerns hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from server.records import ProjectRow
from server.service.telling import tell
from server.store import Store
from server.work.changes import Change, ChangeKind


def announce(
    store: Store, project: ProjectRow, changes: Iterable[Change], commit_id: int, now: datetime
) -> None:
    """Each change becomes an event, and those who watch or hold the node hear of it."""
    rows = {row.label: row.id for row in store.projects.nodes(project.id)}
    holders = _holders(store, project)
    for change in changes:
        store.log.record(project.id, change.kind, change.text, now, node=change.node, commit_id=commit_id)
        if change.kind is ChangeKind.DRIFT:
            continue  # A matter for the blueprint's authors; whoever waits for the node can do nothing.
        watchers = store.log.watchers(rows[change.node]) if change.node in rows else ()
        for person_id in dict.fromkeys((*watchers, *holders.get(change.node, ()))):
            tell(store, project, person_id, change.kind, change.text, now, change.node)


def _holders(store: Store, project: ProjectRow) -> dict[str, list[int]]:
    nodes = {task.id: task.node for task in store.tasks.of_project(project.id)}
    holders: dict[str, list[int]] = {}
    for lease in store.tasks.claims(project.id):
        crew = (member.person_id for member in lease.crew)
        holders.setdefault(nodes[lease.task_id], []).extend(crew)
    return holders
