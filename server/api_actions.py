"""The API's actions: one POST for each, the same commands as in the chat, with their fields as JSON."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import Any

from flask import Blueprint as Routes
from flask import g, jsonify, request
from flask_limiter import Limiter
from flask_wtf.csrf import ValidationError, validate_csrf  # type: ignore[import-untyped]
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards import documents, links
from server.commands.credits import WORDS
from server.commands.forms import (
    CREDIT_FIELDS,
    NODE_VERBS,
    TASK_VERBS,
    WORD_FIELDS,
    fields_of,
    fill,
    fill_credit,
    fill_word,
)
from server.commands.values import Deed
from server.commands.wishes import FIELDS, wishes_of
from server.deeds import Actor, Done, do
from server.house import WRITES, House, NotHereError, one_of, project_of
from server.records import Person
from server.service import agreement, doubts, linking, naming, people, preferences, reporting, undoing
from server.service.nodes import NoTaskError
from server.service.permission import ForbiddenError
from server.store import Store
from server.work.preferences import Preferences, Subject

PROBLEM = "application/problem+json"
ROOT = "/api/v1"


def problem(_house: House, status: int, title: str, text: str) -> Response:
    """An error, as RFC 9457 wants it."""
    response = jsonify({"type": "about:blank", "title": title, "status": status, "detail": text})
    response.status_code, response.mimetype = status, PROBLEM
    return response


def add_actions(routes: Routes, house: House, limiter: Limiter) -> None:
    """The routes that change something."""
    _tasks(routes, house, limiter)
    _credit(routes, house, limiter)
    _agreement(routes, house, limiter)
    _reporters(routes, house, limiter)
    _renames(routes, house, limiter)
    _self(routes, house, limiter)
    _preferences(routes, house, limiter)
    _undo(routes, house, limiter)


def _tasks(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post(f"/projects/<slug>/tasks/<int:number>/<{one_of(TASK_VERBS)}:verb>")
    @limiter.limit(WRITES)
    def on_task(slug: str, number: int, verb: str) -> Response:
        return _deed(
            house, slug, lambda: fill(verb, f"#{number}", _fields(fields_of(verb)), house.time_of(g.person))
        )

    @routes.post(f"/projects/<slug>/nodes/<segment>/<{one_of(NODE_VERBS)}:verb>")
    @limiter.limit(WRITES)
    def on_node(slug: str, segment: str, verb: str) -> Response:
        node = links.node_from(segment)
        return _deed(house, slug, lambda: fill(verb, node, _fields(fields_of(verb)), house.time_of(g.person)))


def _credit(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/projects/<slug>/credit")
    @limiter.limit(WRITES)
    def add_credit(slug: str) -> Response:
        return _deed(house, slug, lambda: fill_credit(_fields(CREDIT_FIELDS)))

    @routes.post(f"/projects/<slug>/credit/<int:number>/<{one_of(WORDS)}:verb>")
    @limiter.limit(WRITES)
    def on_credit(slug: str, number: int, verb: str) -> Response:
        return _deed(house, slug, lambda: fill_word(verb, number, _fields(WORD_FIELDS)))


def _agreement(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/projects/<slug>/nodes/<segment>/agree")
    @limiter.limit(WRITES)
    def agree(slug: str, segment: str) -> Response:
        seen = body().get("seen")

        def act(store: Store, person: Person) -> dict[str, Any]:
            project, id = project_of(store, slug), links.node_from(segment)
            found = agreement.agree(store, project, person, id, seen=seen and str(seen), now=house.clock())
            return asdict(found)

        return _act(house, act)

    @routes.post("/projects/<slug>/nodes/<segment>/withdraw")
    @limiter.limit(WRITES)
    def withdraw(slug: str, segment: str) -> Response:
        def act(store: Store, person: Person) -> dict[str, Any]:
            project, id = project_of(store, slug), links.node_from(segment)
            return asdict(agreement.withdraw(store, project, person, id, now=house.clock()))

        return _act(house, act)


def _reporters(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/projects/<slug>/reporters")
    @limiter.limit(WRITES)
    def appoint(slug: str) -> Response:
        """Trust a reporter; its secrets are in this answer and nowhere else."""
        name = _text("name", body().get("name", ""))

        def act(store: Store, person: Person) -> dict[str, Any]:
            made = reporting.appoint(store, project_of(store, slug), person, name, house.clock())
            return {"name": name, "token": made.token, "key": made.key}

        answer = _act(house, act)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @routes.delete("/projects/<slug>/reporters/<name>")
    @limiter.limit(WRITES)
    def dismiss(slug: str, name: str) -> Response:
        def act(store: Store, person: Person) -> dict[str, Any]:
            reporting.dismiss(store, project_of(store, slug), person, name, house.clock())
            return {"name": name, "trusted": False}

        return _act(house, act)


def _renames(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/projects/<slug>/renames")
    @limiter.limit(WRITES)
    def decide(slug: str) -> Response:
        asked = body()
        if not isinstance(asked.get("same"), bool):
            raise UserError('Say which node is which as {"old": LABEL, "new": LABEL, "same": true or false}.')

        def act(store: Store, person: Person) -> dict[str, Any]:
            decision = doubts.same if asked["same"] else doubts.different
            labels = str(asked.get("old", "")), str(asked.get("new", ""))
            return asdict(decision(store, project_of(store, slug), person, *labels, now=house.clock()))

        return _act(house, act)


def _undo(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/projects/<slug>/undo")
    @limiter.limit(WRITES)
    def undo(slug: str) -> Response:
        """Take back what the person did last there, through whatever door."""

        def act(store: Store, person: Person) -> dict[str, Any]:
            undone = undoing.undo(store, project_of(store, slug), person, now=house.clock())
            return _document(Done(undone.text, task=undone.task))

        return _act(house, act)


def _self(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/session/name")
    @limiter.limit(WRITES)
    def set_name() -> Response:
        """Under which name others see the person."""
        asked = body()

        def act(store: Store, person: Person) -> dict[str, Any]:
            how, pseudonym = naming.naming_of(str(asked.get("naming", ""))), asked.get("pseudonym")
            known = naming.choose(store, person, how, pseudonym and str(pseudonym))
            return {"naming": how, "name": known.name}

        return _act(house, act)

    @routes.post("/session/link")
    @limiter.limit(WRITES)
    def make_word() -> Response:
        """A line for a commit message, which is in this answer and nowhere else."""

        def act(store: Store, person: Person) -> dict[str, Any]:
            return {"trailer": linking.make_word(store, person, house.clock())}

        answer = _act(house, act)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @routes.post("/session/zone")
    @limiter.limit(WRITES)
    def set_zone() -> Response:
        """The time zone in which the person reads and writes dates."""
        zone = str(body().get("zone", ""))
        return _act(house, lambda store, person: {"zone": people.set_zone(store, person, zone).zone})


def _preferences(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.get("/session/preferences")
    def shown() -> Response:
        """What the person is sent in the chat, where and when."""
        if g.person is None:
            return _nobody(house)
        with house.database.reading() as store:
            return jsonify(_wanted(g.person, preferences.of(store, g.person)))

    @routes.post("/session/preferences")
    @limiter.limit(WRITES)
    def change() -> Response:
        """Change what the fields say; `kinds` has all that are to be sent."""
        if g.person is None:
            return _nobody(house)
        asked = wishes_of(_fields(FIELDS))

        def act(store: Store, person: Person) -> dict[str, Any]:
            return _wanted(person, preferences.change(store, person, asked, house.clock()))

        return _act(house, act)


def _wanted(person: Person, known: Preferences) -> dict[str, Any]:
    return {
        "way": known.way,
        "quiet": str(known.quiet) if known.quiet else None,
        "kinds": [subject for subject in Subject if subject not in known.muted],
        "digest": known.digest,
        "hour": known.hour,
        "detail": preferences.words(person, known),
    }


def body() -> dict[str, Any]:
    """The JSON object that came with the request; none at all is an empty one. Raises `UserError`."""
    if not request.get_data():
        return {}
    try:
        found = request.get_json(force=True, silent=True)
    except RecursionError:  # brackets in brackets without end
        found = None
    if not isinstance(found, dict):
        raise UserError('The body must be a JSON object, such as {"days": 14}.')
    return found


def _fields(known: Collection[str]) -> dict[str, str]:
    """The body's fields as text; a list is what stands between commas. One that says nothing is refused."""
    found = {name: _text(name, value) for name, value in body().items() if value is not None}
    if strange := sorted(found.keys() - known):
        there = f"there are {', '.join(sorted(known))}" if known else "none is needed"
        raise UserError(f"There is no field `{strange[0][:40]}` here; {there}.")
    return found


def _text(name: str, value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UserError(f"The field `{name[:40]}` must be text, a whole number, or a list of texts.")
    return f"#{value}" if name == "who" and isinstance(value, int) else str(value)


def _deed(house: House, slug: str, command: Callable[[], Deed]) -> Response:
    """Do what the request asks, once it is known what that is."""
    if g.person is None:
        return _nobody(house)
    asked = command()

    def act(store: Store, person: Person) -> dict[str, Any]:
        return _document(do(Actor(store, project_of(store, slug), person, house.clock()), asked))

    return _act(house, act)


def _nobody(house: House) -> Response:
    words = "Send an API token as `Authorization: Bearer`, or a session."
    return problem(house, 401, "Sign in first", words)


def _document(done: Done) -> dict[str, Any]:
    out: dict[str, Any] = {"detail": done.text, "changed": done.changed}
    if done.task:
        out |= {"task": documents.task(done.task), "renewed": done.renewed}
    if done.credit:
        out |= {"credit": documents.credit([done.credit])[0]}
    return out


def _act(house: House, act: Callable[[Store, Person], dict[str, Any]]) -> Response:
    if g.person is None:
        return _nobody(house)
    if not g.by_token:
        try:
            validate_csrf(request.headers.get("X-CSRFToken"))
        except ValidationError:
            return problem(house, 400, "No CSRF token", f"Send the token of {ROOT}/session as `X-CSRFToken`.")
    try:
        with house.database.begin() as store:
            outcome = act(store, g.person)
    except NoTaskError as error:
        raise NotHereError(str(error)) from error
    except ForbiddenError as error:
        return problem(house, 403, "Not with your role", str(error))
    except UserError as error:
        return problem(house, 409, "Refused", str(error))
    return jsonify(outcome)
