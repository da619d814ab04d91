"""What happened lately, for those who follow a project or a node from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dashboards.snapshot import CommitView, EventView
from lean_project.status import NodeStatus
from server.records.projects import CommitRow, ProjectRow
from server.store import Store
from server.store.log import Search

NEWEST = 50


def of_project(store: Store, project: ProjectRow) -> tuple[EventView, ...]:
    """Newest first."""
    return store.log.events(project.id, limit=NEWEST)


def of_node(
    store: Store, project: ProjectRow, label: str, most: int = NEWEST, before: int | None = None
) -> tuple[EventView, ...]:
    """Newest first, with what happened to the nodes that this one came from; before the event `before`."""
    names = (label, *store.matches.ancestors(project.id).get(label, ()))
    return store.log.of_nodes(project.id, names, most, before)


def search(
    store: Store, project: ProjectRow, *, kind: str, node: str, person: int, before: int | None, limit: int
) -> tuple[EventView, ...]:
    """Events of a kind, about a node, by a person (what is empty restricts nothing), newest first."""
    asked = Search(
        person_ids=(store.people.numbers(person) or (person,)) if person else (),
        kinds=(kind,) if kind else (),
        node=node or None,
        before=before,
    )
    return tuple(event for _, event in store.log.found(project.id, asked, limit))


def newest_commit(store: Store, project: ProjectRow) -> CommitView | None:
    """The newest that was checked, without its author."""
    row = store.projects.newest_commit(project.id)
    return CommitView(row.sha, row.at, "", row.summary) if row else None


def commits(store: Store, project: ProjectRow) -> tuple[CommitRow, ...]:
    """Those that were checked, oldest first."""
    return store.projects.moments(project.id)


def statuses(store: Store, commit: CommitRow) -> Mapping[str, NodeStatus]:
    """What each node was like at a commit that was checked."""
    return store.projects.statuses(commit.id)


def changed(store: Store, project: ProjectRow) -> datetime:
    """When the newest commit that is known here was checked."""
    commit = store.projects.newest_commit(project.id)
    return commit.synced if commit else project.created
