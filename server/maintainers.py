"""Who gets in where maintainers work, and what stands around each of their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import abort, flash, g, redirect
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards import links, pages
from server import browser
from server.house import House, project_of
from server.outcomes import tell
from server.records.projects import ProjectRow
from server.service.framing import frame
from server.service.permission import may
from server.store import Store
from server.viewing import viewer
from server.work.permissions import Action

Make = Callable[[Store, ProjectRow], str]


class Door:
    """Opens to maintainers only."""

    def __init__(self, house: House) -> None:
        self.house = house

    def now(self) -> datetime:
        return self.house.clock()

    def show(self, slug: str, make: Make) -> Response:
        """What `make` makes of the project, or the way to sign in."""
        if g.person is None:
            return redirect("/sign-in", 303)
        with self.house.reading() as store:
            return Response(make(store, self._project(store, slug)), mimetype="text/html")

    def act(self, slug: str, page: str, act: Make) -> Response:
        """Do it in one transaction, say how it went, and go back to the page."""
        return tell(self.house, lambda store: act(store, self._project(store, slug)), _back(slug, page))

    def hand(self, slug: str, page: str, make: Make) -> Response:
        """Answer with the page itself, which shows what is to be seen this once."""
        if g.person is None:
            return redirect("/sign-in", 303)
        try:
            with self.house.database.begin() as store:
                made = make(store, self._project(store, slug))
        except UserError as error:
            flash(str(error), "refused")
            return redirect(_back(slug, page), 303)
        return Response(made, mimetype="text/html", headers={"Cache-Control": "no-store"})

    def page(self, store: Store, project: ProjectRow, name: str, **values: object) -> str:
        return pages.maintain(name, frame(store, project), viewer(self.house), **values)

    def _project(self, store: Store, slug: str) -> ProjectRow:
        project = project_of(store, slug)
        if not may(store, project, g.person, Action.MAINTAIN):
            abort(403)
        return project


def _back(slug: str, page: str) -> str:
    """The page, at the place of a long list where they were."""
    address = links.project_path(slug, f"maintain/{page}")
    came = browser.came_from() or ""
    return came if came.partition("?")[0] == address else address
