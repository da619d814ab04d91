"""What happened lately, for those who follow a project or a node from elsewhere."""

from __future__ import annotations

from datetime import datetime

from dashboards.snapshot import EventView
from server.records.projects import ProjectRow
from server.store import Store

NEWEST = 50


def of_project(store: Store, project: ProjectRow) -> tuple[EventView, ...]:
    """Newest first."""
    return store.log.events(project.id, limit=NEWEST)


def of_node(store: Store, project: ProjectRow, label: str) -> tuple[EventView, ...]:
    """Newest first, with what happened to the nodes that this one came from."""
    names = (label, *store.matches.ancestors(project.id).get(label, ()))
    found = (event for name in names for event in store.log.events(project.id, name, NEWEST))
    return tuple(sorted(found, key=lambda event: event.id, reverse=True)[:NEWEST])


def changed(store: Store, project: ProjectRow) -> datetime:
    """When the newest commit that is known here was checked."""
    commit = store.projects.newest_commit(project.id)
    return commit.synced if commit else project.created
