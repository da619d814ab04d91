"""What stands around a page about a project that shows no snapshot of it."""

from __future__ import annotations

from dashboards.maintaining import Frame
from server.records.projects import ProjectRow
from server.service import news
from server.service.board import checked
from server.store import Store


def frame(store: Store, project: ProjectRow) -> Frame:
    """Its name, and the newest commit that was checked, with its graph; less where none was."""
    commit = news.newest_commit(store, project)
    graph = checked(store, project).graph if commit else None
    return Frame(project.slug, project.title, project.repository_url, commit, graph)
