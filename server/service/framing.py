"""What stands around a page about a project that shows no snapshot of it."""

from __future__ import annotations

from dashboards.maintaining import Frame
from dashboards.snapshot import CommitView
from server.records.projects import ProjectRow
from server.service.board import checked
from server.store import Store


def frame(store: Store, project: ProjectRow) -> Frame:
    """Its name, and the newest commit that was checked, with its graph; less where none was."""
    row = store.projects.newest_commit(project.id)
    if row is None:
        return Frame(project.slug, project.title, project.repository_url)
    commit = CommitView(row.sha, row.at, "", row.summary)
    graph = checked(store, project).graph
    return Frame(project.slug, project.title, project.repository_url, commit, graph)
