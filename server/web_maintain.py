"""The door for maintainers: what waits for them, and what they decide about a project."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint as Routes
from flask import g, redirect, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from dashboards import links
from dashboards.maintaining import LogQuery, LogView
from dashboards.paging import before_from, number_from, page_of
from server.house import NUMBER, WRITES, House, one_of
from server.maintainers import Door
from server.paths import data_dir
from server.records.projects import ProjectRow
from server.service import dead_letters, hooks, house_rules, journal, people, queue_items, queues, syncs
from server.service.health import health
from server.service.queues import Queue
from server.store import Store
from server.viewing import viewer
from server.web_members import add_members
from server.web_tokens import add_tokens
from server.work.permissions import Role

SIZE = 25


def add_maintain(routes: Routes, house: House, limiter: Limiter) -> None:
    """The pages for maintainers and what their forms do."""
    door = Door(house)
    _queues(routes, door, limiter)
    _settings(routes, door, limiter)
    add_members(routes, door, limiter)
    add_tokens(routes, door, limiter)
    _log(routes, door)
    _health(routes, door)


def _queues(routes: Routes, door: Door, limiter: Limiter) -> None:
    @routes.get("/p/<slug>/maintain/")
    def maintain(slug: str) -> Response:
        def make(store: Store, project: ProjectRow) -> str:
            found = queues.overview(store, project, door.now())
            return door.page(store, project, "overview", queues=found)

        return door.show(slug, make)

    @routes.get(f"/p/<slug>/maintain/<{one_of(one.value for one in Queue)}:name>")
    def queue(slug: str, name: str) -> Response:
        if name == Queue.RENAMES:
            return redirect(links.project_path(slug, "renames"), 303)
        return door.show(slug, lambda store, project: _queue(door, store, project, Queue(name)))

    @routes.post(f"/p/<slug>/maintain/deliveries/<{NUMBER}:number>/retry")
    @limiter.limit(WRITES)
    def delivery(slug: str, number: int) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            return hooks.retry(store, project, number, door.now(), g.person)

        return door.act(slug, Queue.DELIVERIES, act)

    @routes.post("/p/<slug>/maintain/syncs/retry")
    @limiter.limit(WRITES)
    def sync(slug: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            return syncs.retry(store, project, g.person, door.now())

        return door.act(slug, Queue.SYNCS, act)

    @routes.post(f"/p/<slug>/maintain/letters/<{NUMBER}:number>/<{one_of(dead_letters.DEEDS)}:deed>")
    @limiter.limit(WRITES)
    def letter(slug: str, number: int, deed: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            return dead_letters.DEEDS[deed](store, project, g.person, number, now=door.now())

        return door.act(slug, Queue.LETTERS, act)


def _queue(door: Door, store: Store, project: ProjectRow, queue: Queue) -> str:
    now = door.now()
    shown = page_of(queues.line(store, project, queue, now), number_from(request.args.get("page", "")), SIZE)
    return door.page(
        store,
        project,
        "queue",
        queue=queues.view(store, project, queue, now),
        shown=shown,
        items=queue_items.items(store, project, g.person, queue, shown.items, now),
    )


def _settings(routes: Routes, door: Door, limiter: Limiter) -> None:
    @routes.get("/p/<slug>/maintain/settings")
    def settings(slug: str) -> Response:
        def make(store: Store, project: ProjectRow) -> str:
            groups = house_rules.groups(store, project)
            of_all = g.person.role.covers(Role.MAINTAINER)  # who looks after one project need not know
            server = house_rules.of_the_server(door.house.settings) if of_all else ()
            goals = house_rules.goals(store, project)
            return door.page(store, project, "settings", groups=groups, goals=goals, server=server)

        return door.show(slug, make)

    @routes.post("/p/<slug>/maintain/settings")
    @limiter.limit(WRITES)
    def set_setting(slug: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            value = None if "default" in request.form else request.form.get("value", "")
            key = request.form.get("key", "")
            return house_rules.change(store, project, g.person, key, value, now=door.now())

        return door.act(slug, "settings", act)


def _log(routes: Routes, door: Door) -> None:
    @routes.get("/p/<slug>/maintain/log")
    def log(slug: str) -> Response:
        return door.show(slug, lambda store, project: _log_page(door, store, project))

    @routes.get("/p/<slug>/maintain/log.csv")
    def log_table(slug: str) -> Response:
        def make(store: Store, project: ProjectRow) -> str:
            return journal.table(store, project, _asked(), people.zone_of(g.person), asker=g.person)

        made = door.show(slug, make)
        if made.status_code == 200:
            made.mimetype = "text/csv"
            made.headers["Content-Disposition"] = f'attachment; filename="{slug}-log.csv"'
        return made


def _asked() -> LogQuery:
    asked = request.args
    return LogQuery(
        person=asked.get("person", "")[:100],
        about=asked.get("about", ""),
        since=asked.get("since", ""),
        until=asked.get("until", ""),
        before=before_from(asked.get("before", "")),
    )


def _log_page(door: Door, store: Store, project: ProjectRow) -> str:
    query, looking = _asked(), viewer(door.house)
    events, older = journal.page(store, project, query, looking.zone, asker=g.person)
    asked = {key: value for key in ("person", "about", "since", "until") if (value := getattr(query, key))}
    topics = [(key, word) for key, (word, _) in journal.TOPICS.items()]
    next_page = urlencode({**asked, "before": older}) if older else None
    view = LogView(query, events, topics, urlencode(asked), next_page)
    return door.page(store, project, "log", log=view)


def _health(routes: Routes, door: Door) -> None:
    @routes.get("/p/<slug>/maintain/health")
    def project_health(slug: str) -> Response:
        def make(store: Store, project: ProjectRow) -> str:
            now = door.now()
            found = queues.overview(store, project, now)
            return door.page(store, project, "health", health=health(store, project, data_dir(), found, now))

        return door.show(slug, make)
