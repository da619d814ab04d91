"""Who gets in where maintainers work, and what stands around each of their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import abort, flash, g, redirect
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards import links, pages
from dashboards.maintaining import Frame
from dashboards.snapshot import CommitView
from dashboards.viewing import Viewer
from server.house import House, project_of
from server.records.projects import ProjectRow
from server.service.permission import may
from server.store import Store
from server.work.permissions import Action

Make = Callable[[Store, ProjectRow], str]


class Door:
    """Opens to maintainers only."""

    def __init__(self, house: House, viewer: Callable[[], Viewer]) -> None:
        self.house, self.viewer = house, viewer

    def now(self) -> datetime:
        return self.house.clock()

    def show(self, slug: str, make: Make) -> Response:
        """What `make` makes of the project, or the way to sign in."""
        if g.person is None:
            return redirect("/sign-in", 303)
        with self.house.database.reading() as store:
            return Response(make(store, self._project(store, slug)), mimetype="text/html")

    def act(self, slug: str, page: str, act: Make) -> Response:
        """Do it in one transaction, say how it went, and go back to the page."""

        def back(store: Store, project: ProjectRow) -> Response:
            flash(act(store, project), "done")
            return _back(slug, page)

        return self._change(slug, page, back)

    def hand(self, slug: str, page: str, make: Make) -> Response:
        """Answer with the page itself, which shows what is to be seen this once."""

        def once(store: Store, project: ProjectRow) -> Response:
            made = make(store, project)
            return Response(made, mimetype="text/html", headers={"Cache-Control": "no-store"})

        return self._change(slug, page, once)

    def _change(self, slug: str, page: str, act: Callable[[Store, ProjectRow], Response]) -> Response:
        if g.person is None:
            return redirect("/sign-in", 303)
        try:
            with self.house.database.begin() as store:
                return act(store, self._project(store, slug))
        except UserError as error:
            flash(str(error), "refused")
            return _back(slug, page)

    def page(self, store: Store, project: ProjectRow, name: str, **values: object) -> str:
        return pages.maintain(name, frame(store, project), self.viewer(), **values)

    def _project(self, store: Store, slug: str) -> ProjectRow:
        project = project_of(store, slug)
        if not may(store, project, g.person, Action.MAINTAIN):
            abort(403)
        return project


def _back(slug: str, page: str) -> Response:
    return redirect(links.project_path(slug, f"maintain/{page}"), 303)


def frame(store: Store, project: ProjectRow) -> Frame:
    """What stands around the page; that costs one row."""
    row = store.projects.newest_commit(project.id)
    commit = CommitView(row.sha, row.at, "", row.summary) if row else None
    return Frame(project.slug, project.title, project.repository_url, commit)
