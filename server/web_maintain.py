"""The door for maintainers: what waits for them, and what they decide about a project."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint as Routes
from flask import abort, flash, g, redirect, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards import links, pages
from dashboards.maintaining import Frame, Handed, LogQuery, LogView
from dashboards.paging import number_from, page_of
from dashboards.snapshot import CommitView
from dashboards.viewing import Viewer
from server.house import WRITES, House, one_of, project_of
from server.paths import data_dir
from server.records import ProjectRow
from server.service import dead_letters, house_rules, journal, queue_items, queues, reporting
from server.service.board import checked
from server.service.health import health
from server.service.permission import may
from server.service.queues import Queue
from server.store import Store
from server.work.permissions import Action

SIZE = 25
Make = Callable[[Store, ProjectRow], str]


def add_maintain(routes: Routes, house: House, limiter: Limiter, viewer: Callable[[], Viewer]) -> None:
    """The pages for maintainers and what their forms do; `viewer` says who is looking."""
    door = _Door(house, viewer)
    _queues(routes, door, limiter)
    _settings(routes, door, limiter)
    _tokens(routes, door, limiter)
    _log(routes, door)
    _health(routes, door)


class _Door:
    """Opens to maintainers only."""

    def __init__(self, house: House, viewer: Callable[[], Viewer]) -> None:
        self.house, self.viewer = house, viewer

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


def _queues(routes: Routes, door: _Door, limiter: Limiter) -> None:
    @routes.get("/p/<slug>/maintain/")
    def maintain(slug: str) -> Response:
        def make(store: Store, project: ProjectRow) -> str:
            found = queues.overview(store, project, door.house.clock())
            return door.page(store, project, "overview", queues=found)

        return door.show(slug, make)

    @routes.get(f"/p/<slug>/maintain/<{one_of(one.value for one in Queue)}:name>")
    def queue(slug: str, name: str) -> Response:
        if name == Queue.RENAMES:
            return redirect(links.project_path(slug, "renames"), 303)
        return door.show(slug, lambda store, project: _queue(door, store, project, Queue(name)))

    @routes.post(f"/p/<slug>/maintain/letters/<int:number>/<{one_of(dead_letters.DEEDS)}:deed>")
    @limiter.limit(WRITES)
    def letter(slug: str, number: int, deed: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            return dead_letters.DEEDS[deed](store, project, g.person, number, now=door.house.clock())

        return door.act(slug, Queue.LETTERS, act)


def _queue(door: _Door, store: Store, project: ProjectRow, queue: Queue) -> str:
    now = door.house.clock()
    waiting = queues.line(store, project, queue, now)
    shown = page_of(waiting, number_from(request.args.get("page", "")), SIZE)
    return door.page(
        store,
        project,
        "queue",
        queue=queues.view(queue, waiting),
        shown=shown,
        items=queue_items.items(store, project, g.person, queue, shown.items, now),
        macros=checked(store, project).graph.macros,
    )


def _settings(routes: Routes, door: _Door, limiter: Limiter) -> None:
    @routes.get("/p/<slug>/maintain/settings")
    def settings(slug: str) -> Response:
        def make(store: Store, project: ProjectRow) -> str:
            groups = house_rules.groups(store, project)
            server = house_rules.of_the_server(door.house.settings)
            goals = house_rules.goals(store, project)
            return door.page(store, project, "settings", groups=groups, goals=goals, server=server)

        return door.show(slug, make)

    @routes.post("/p/<slug>/maintain/settings")
    @limiter.limit(WRITES)
    def set_setting(slug: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            value = None if "default" in request.form else request.form.get("value", "")
            key = request.form.get("key", "")
            return house_rules.change(store, project, g.person, key, value, now=door.house.clock())

        return door.act(slug, "settings", act)


def _tokens(routes: Routes, door: _Door, limiter: Limiter) -> None:
    @routes.get("/p/<slug>/maintain/tokens")
    def tokens(slug: str) -> Response:
        return door.show(slug, lambda store, project: _tokens_page(door, store, project))

    @routes.post("/p/<slug>/maintain/tokens/end")
    @limiter.limit(WRITES)
    def end_reporter_token(slug: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            name = request.form.get("name", "")
            reporting.dismiss(store, project, g.person, name, door.house.clock())
            return f"`{name}` is not believed any more."

        return door.act(slug, "tokens", act)

    @routes.post("/p/<slug>/maintain/tokens/<any('add', 'rotate'):deed>")
    @limiter.limit(WRITES)
    def hand_out(slug: str, deed: str) -> Response:
        """Answers with the secrets: they are stored nowhere that a redirect could fetch them from."""
        make = {"add": reporting.appoint, "rotate": reporting.rotate}[deed]
        name = request.form.get("name", "").strip()

        def handed(store: Store, project: ProjectRow) -> str:
            made = make(store, project, g.person, name, door.house.clock())
            values = {"CHANTIER_REPORT_TOKEN": made.token, "CHANTIER_REPORT_KEY": made.key}
            return _tokens_page(door, store, project, Handed(f"reporter {name}", values))

        return door.hand(slug, "tokens", handed)


def _tokens_page(door: _Door, store: Store, project: ProjectRow, handed: Handed | None = None) -> str:
    return door.page(store, project, "tokens", reporters=store.reports.used(project.id), handed=handed)


def _log(routes: Routes, door: _Door) -> None:
    @routes.get("/p/<slug>/maintain/log")
    def log(slug: str) -> Response:
        return door.show(slug, lambda store, project: _log_page(door, store, project))

    @routes.get("/p/<slug>/maintain/log.csv")
    def log_table(slug: str) -> Response:
        zone = door.viewer().zone
        made = door.show(slug, lambda store, project: journal.table(store, project, _asked(), zone))
        if made.status_code == 200:
            made.mimetype = "text/csv"
            made.headers["Content-Disposition"] = f'attachment; filename="{slug}-log.csv"'
        return made


def _asked() -> LogQuery:
    asked, before = request.args, request.args.get("before", "")
    return LogQuery(
        person=asked.get("person", "")[:100],
        about=asked.get("about", ""),
        since=asked.get("since", ""),
        until=asked.get("until", ""),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None,
    )


def _log_page(door: _Door, store: Store, project: ProjectRow) -> str:
    query, viewer = _asked(), door.viewer()
    events, older = journal.page(store, project, query, viewer.zone)
    asked = {key: value for key in ("person", "about", "since", "until") if (value := getattr(query, key))}
    topics = [(key, word) for key, (word, _) in journal.TOPICS.items()]
    next_page = urlencode({**asked, "before": older}) if older else None
    view = LogView(query, events, topics, urlencode(asked), next_page)
    return pages.maintain("log", frame(store, project), viewer, log=view)


def _health(routes: Routes, door: _Door) -> None:
    @routes.get("/p/<slug>/maintain/health")
    def project_health(slug: str) -> Response:
        def make(store: Store, project: ProjectRow) -> str:
            now = door.house.clock()
            found = queues.overview(store, project, now)
            return door.page(store, project, "health", health=health(store, project, data_dir(), found, now))

        return door.show(slug, make)
