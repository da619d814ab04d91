"""What changed becomes events, and those whom it concerns hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lean_project.findings import Findings
from server.records.projects import ProjectRow
from server.service.crediting import credited
from server.service.posts import look_back
from server.service.telling import tell
from server.store import Store
from server.work.changes import ChangeKind, NodeChange
from server.work.tasks import What


def announce(
    store: Store,
    project: ProjectRow,
    changes: Iterable[NodeChange],
    findings: Findings,
    commit_id: int,
    now: datetime,
) -> None:
    """Each change becomes an event; those who watch, hold or proved the node hear of it, and the channel.

    `findings` are what the changes led to.
    """
    known, holders = tuple(changes), _holders(store, project)
    ids = {row.label: row.id for row in store.projects.nodes(project.id)}
    authors = _authors(store, project, known, now)
    for change in known:
        store.log.record(project.id, change.kind, change.text, now, node=change.node, commit_id=commit_id)
        if change.kind is ChangeKind.DRIFT:
            continue  # A matter for the blueprint's authors; whoever waits for the node can do nothing.
        watchers = store.log.watchers(ids[change.node]) if change.node in ids else ()
        concerned = (*watchers, *holders.get(change.node, ()), *authors.get(change.node, ()))
        for person_id in dict.fromkeys(concerned):
            tell(store, project, person_id, change.kind, change.text, now, change.node)
    look_back(store, project, known, findings, now)


def _authors(
    store: Store, project: ProjectRow, changes: Iterable[NodeChange], now: datetime
) -> dict[str, list[int]]:
    """Who has credit for what is verified now, but for those who are just told that they finished it."""
    verified = [change.node for change in changes if change.kind is ChangeKind.VERIFIED]
    thanked = store.notices.told(project.id, What.FINISHED, now) if verified else frozenset()
    return {
        node: [author.id for author in people if (author.id, node) not in thanked]
        for node, people in credited(store, project, verified).items()
    }


def _holders(store: Store, project: ProjectRow) -> dict[str, list[int]]:
    nodes = {task.id: task.node for task in store.tasks.of_project(project.id)}
    holders: dict[str, list[int]] = {}
    for lease in store.tasks.claims(project.id):
        crew = (member.person_id for member in lease.crew)
        holders.setdefault(nodes[lease.task_id], []).extend(crew)
    return holders
