"""The part of the door for maintainers where other programs get their tokens and secrets, and lose them."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint as Routes
from flask import g, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from dashboards.maintaining import Handed, HookView
from server.forges.events import Forge
from server.house import WRITES, one_of
from server.maintainers import Door
from server.records.projects import ProjectRow
from server.service import hooks, keys, reporting
from server.store import Store

PAGE = "tokens"


def add_tokens(routes: Routes, door: Door, limiter: Limiter) -> None:
    """The page, and what its forms do. A secret is on the page that answers, and nowhere else."""
    _page(routes, door)
    _reporters(routes, door, limiter)
    _webhooks(routes, door, limiter)


def _page(routes: Routes, door: Door) -> None:
    @routes.get("/p/<slug>/maintain/tokens")
    def tokens(slug: str) -> Response:
        return door.show(slug, lambda store, project: _shown(door, store, project))


def _reporters(routes: Routes, door: Door, limiter: Limiter) -> None:
    @routes.post("/p/<slug>/maintain/tokens/end")
    @limiter.limit(WRITES)
    def end_reporter(slug: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            name = request.form.get("name", "")
            reporting.dismiss(store, project, g.person, name, door.now())
            return f"`{name}` is not believed any more."

        return door.act(slug, PAGE, act)

    @routes.post("/p/<slug>/maintain/tokens/end-all")
    @limiter.limit(WRITES)
    def end_keys(slug: str) -> Response:
        return door.act(slug, PAGE, lambda store, project: keys.end_all(store, project, g.person, door.now()))

    @routes.post("/p/<slug>/maintain/tokens/<any('add', 'rotate'):deed>")
    @limiter.limit(WRITES)
    def make_reporter(slug: str, deed: str) -> Response:
        make = {"add": reporting.appoint, "rotate": reporting.rotate}[deed]
        name = request.form.get("name", "").strip()

        def handed(store: Store, project: ProjectRow) -> str:
            made = make(store, project, g.person, name, door.now())
            values = {"CHANTIER_REPORT_TOKEN": made.token, "CHANTIER_REPORT_KEY": made.key}
            return _shown(door, store, project, Handed(f"reporter {name}", values))

        return door.hand(slug, PAGE, handed)


def _webhooks(routes: Routes, door: Door, limiter: Limiter) -> None:
    forges = one_of(forge.value for forge in Forge)

    @routes.post(f"/p/<slug>/maintain/hooks/<{forges}:name>/end")
    @limiter.limit(WRITES)
    def end_hook(slug: str, name: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            hooks.end(store, project, Forge(name), door.now(), g.person)
            return f"The webhook of {hooks.NAMES[Forge(name)]} is ended."

        return door.act(slug, PAGE, act)

    @routes.post(f"/p/<slug>/maintain/hooks/<{forges}:name>/<any('make', 'rotate'):deed>")
    @limiter.limit(WRITES)
    def make_hook(slug: str, name: str, deed: str) -> Response:
        make, forge = {"make": hooks.make, "rotate": hooks.rotate}[deed], Forge(name)

        def handed(store: Store, project: ProjectRow) -> str:
            secret = make(store, project, forge, door.now(), g.person)
            address = hooks.address(door.house.settings.base_url, project, forge)
            told = Handed(f"webhook of {hooks.NAMES[forge]}", {"Address": address, "Secret": secret})
            return _shown(door, store, project, told)

        return door.hand(slug, PAGE, handed)


def _shown(door: Door, store: Store, project: ProjectRow, handed: Handed | None = None) -> str:
    known = _hooks(door, store, project, door.now())
    live = {one.forge for one in known if one.ends is None}
    return door.page(
        store,
        project,
        PAGE,
        reporters=reporting.listing(store, project),
        webhooks=known,
        forges=[(forge.value, name) for forge, name in hooks.NAMES.items() if forge not in live],
        handed=handed,
    )


def _hooks(door: Door, store: Store, project: ProjectRow, now: datetime) -> list[HookView]:
    base, failures = door.house.settings.base_url, hooks.failures(store, project)
    return [
        HookView(
            one.forge,
            hooks.NAMES[one.forge],
            hooks.address(base, project, one.forge),
            one.made,
            one.used,
            one.ends,
            failed=failure.received if failure else None,
            why=(failure and failure.why) or "",
            waits=bool(failure and failure.dead),
        )
        for one in hooks.listed(store, project, now)
        for failure in [failures.get(one.forge) if one.ends is None else None]
    ]
