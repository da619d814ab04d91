"""What changed becomes events, and those whom it concerns hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from lean_project.findings import Findings
from server.records import ProjectRow
from server.service.posts import look_back
from server.service.telling import tell
from server.store import Store
from server.work.changes import Change, ChangeKind
from server.work.kinds import FORMAL_KINDS
from server.work.tasks import What


def announce(
    store: Store,
    project: ProjectRow,
    changes: Iterable[Change],
    findings: Findings,
    commit_id: int,
    now: datetime,
) -> None:
    """Each change becomes an event; those who watch, hold or proved the node hear of it, and the channel.

    `findings` are what the changes led to.
    """
    rows = {row.label: row.id for row in store.projects.nodes(project.id)}
    known, holders = tuple(changes), _holders(store, project)
    for change in known:
        store.log.record(project.id, change.kind, change.text, now, node=change.node, commit_id=commit_id)
        if change.kind is ChangeKind.DRIFT:
            continue  # A matter for the blueprint's authors; whoever waits for the node can do nothing.
        watchers = store.log.watchers(rows[change.node]) if change.node in rows else ()
        authors = _authors(store, rows, change, now)
        for person_id in dict.fromkeys((*watchers, *holders.get(change.node, ()), *authors)):
            tell(store, project, person_id, change.kind, change.text, now, change.node)
    look_back(store, project, known, findings, now)


def _authors(store: Store, rows: Mapping[str, int], change: Change, now: datetime) -> list[int]:
    """Who has credit for what is verified now, but for those who are being told that they finished it."""
    if change.kind is not ChangeKind.VERIFIED or change.node not in rows:
        return []
    line = store.matches.line(rows[change.node])
    credited = {one for id in line for kind in FORMAL_KINDS.values() for one in store.ledger.given(id, kind)}
    return [
        one for one in sorted(credited) if not store.notices.was_told(one, change.node, What.FINISHED, now)
    ]


def _holders(store: Store, project: ProjectRow) -> dict[str, list[int]]:
    nodes = {task.id: task.node for task in store.tasks.of_project(project.id)}
    holders: dict[str, list[int]] = {}
    for lease in store.tasks.claims(project.id):
        crew = (member.person_id for member in lease.crew)
        holders.setdefault(nodes[lease.task_id], []).extend(crew)
    return holders
