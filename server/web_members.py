"""The part of the door for maintainers that shows who has which role, and where owners say so."""

from __future__ import annotations

from flask import Blueprint as Routes
from flask import g, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards.maintaining import MemberView
from server.house import WRITES
from server.maintainers import Door
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import members
from server.service.strangers import meant
from server.store import Store
from server.work.permissions import GIVEN, Role

PAGE = "roles"


def add_members(routes: Routes, door: Door, limiter: Limiter) -> None:
    """The page, and what its forms do."""

    @routes.get("/p/<slug>/maintain/roles")
    def roles(slug: str) -> Response:
        return door.show(slug, lambda store, project: _shown(door, store, project))

    @routes.post("/p/<slug>/maintain/roles/give")
    @limiter.limit(WRITES)
    def give_role(slug: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            who, role = _whom(store), _role(request.form.get("role", ""))
            return members.appoint(store, project, g.person, who, role, now=door.now()).text

        return door.act(slug, PAGE, act)

    @routes.post("/p/<slug>/maintain/roles/take")
    @limiter.limit(WRITES)
    def take_role(slug: str) -> Response:
        def act(store: Store, project: ProjectRow) -> str:
            who = _whom(store)
            return members.dismiss(store, project, g.person, who, now=door.now()).text

        return door.act(slug, PAGE, act)


def _whom(store: Store) -> Person:
    return meant(store, g.person, request.form.get("who", ""))


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError as error:
        raise UserError(f"There is no role `{word[:20]}`.") from error


def _shown(door: Door, store: Store, project: ProjectRow) -> str:
    own = [
        MemberView(one.person.id, one.person.name, one.role, one.since)
        for one in members.listing(store, project)
    ]
    known = {one.person_id for one in own}
    others = [
        MemberView(person.id, person.name, person.role)
        for person in members.maintainers(store, project)
        if person.id not in known
    ]
    given = [role.value for role in reversed(GIVEN)]
    return door.page(store, project, PAGE, members=own, others=others, given=given)
