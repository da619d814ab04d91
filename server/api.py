"""The API's door: the same as the pages, as JSON under `/api/v1`, errors as `application/problem+json`.

400 for a request that is not well formed, 401 for nobody and bad tokens, 403 for a token without the scope
and for a person without the role, 404 for what is not here, 409 where the rules of tasks refuse.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Blueprint as Routes
from flask import g, jsonify, request
from flask_limiter import Limiter
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards import documents, links, periods, relations, report_document
from dashboards.report_markdown import markdown
from dashboards.snapshot import Snapshot
from lean_project.commits import Commit
from lean_project.reports import MAX_BYTES, SIGNATURE_HEADER
from lean_project.repository import Repository
from server.api_actions import PROBLEM, ROOT, add_actions, problem
from server.house import (
    House,
    NotHereError,
    NotYouError,
    project_of,
    snapshot_of,
)
from server.records import Person, ProjectRow
from server.service import (
    company,
    doubts,
    failures,
    projects,
    prospects,
    reporting,
    retrospect,
    signin,
    suggestions,
)
from server.service.nodes import resolve
from server.service.reporting import AgainError, ForgedError
from server.service.signin import ScopeError
from server.store import Store

__all__ = ["PROBLEM", "ROOT", "bearer", "make_api", "problem"]

REPORTS = "api.report_check"
REPORTS_AN_HOUR = "60 per hour"


def make_api(house: House, limiter: Limiter) -> Routes:
    """The API's routes over `house`."""
    routes = Routes("api", __name__, url_prefix=ROOT)
    _general(routes, house)
    _graph(routes, house)
    _prospects(routes, house)
    _people(routes, house)
    _report(routes, house)
    _tasks(routes, house)
    _renames(routes, house)
    _reports(routes, house, limiter)
    add_actions(routes, house, limiter)
    return routes


def bearer(house: House) -> Person | None:
    """The person whose API token came with the request, if one did. Raises `NotYouError` and `ScopeError`."""
    token = _token()
    if token is None or (request.endpoint == REPORTS and token.startswith(reporting.PREFIX)):
        return None
    if token.startswith(reporting.PREFIX):
        raise ScopeError("This token may report checks, and nothing else.")
    scope = "read" if request.method in {"GET", "HEAD"} else "write"
    try:
        with house.database.reading() as store:
            return signin.by_token(store, token, scope, house.clock())
    except ScopeError:
        raise
    except UserError as error:
        raise NotYouError(str(error)) from error


def _token() -> str | None:
    """The token that came with the request."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _answer(value: Any) -> Response:
    """JSON with an ETag of its content, so that an unchanged answer is not sent again."""
    response = jsonify(value)
    response.add_etag()
    return response.make_conditional(request)


def _snapshot(house: House, slug: str) -> Snapshot:
    with house.database.reading() as store:
        return snapshot_of(store, slug, house.clock())


def _general(routes: Routes, house: House) -> None:
    @routes.get("/projects")
    def every() -> Response:
        with house.database.reading() as store:
            rows = projects.every(store, g.person)
        return _answer(
            [{"slug": row.slug, "title": row.title, "url": f"{ROOT}/projects/{row.slug}"} for row in rows]
        )

    @routes.get("/projects/<slug>")
    def project(slug: str) -> Response:
        return _answer(documents.project(_snapshot(house, slug)))

    @routes.get("/session")
    def who() -> Response:
        """Who the session is of, and the token that its POSTs must carry as `X-CSRFToken`."""
        person = {"id": g.person.id, "name": g.person.name, "role": g.person.role} if g.person else None
        return jsonify({"person": person, "csrf_token": generate_csrf()})


def _graph(routes: Routes, house: House) -> None:
    @routes.get("/projects/<slug>/graph")
    def graph(slug: str) -> Response:
        return _answer(documents.graph(_snapshot(house, slug)))

    @routes.get("/projects/<slug>/nodes")
    def nodes(slug: str) -> Response:
        snapshot = _snapshot(house, slug)
        return _answer([documents.node(snapshot, node, whole=False) for node in snapshot.graph.nodes])

    @routes.get("/projects/<slug>/nodes/<segment>")
    def node(slug: str, segment: str) -> Response:
        snapshot, id = _snapshot(house, slug), links.node_from(segment)
        found = relations.by_id(snapshot).get(id)
        if found is None:
            raise NotHereError(f"There is no node `{id[:80]}` in this blueprint.")
        return _answer(documents.node(snapshot, found))


def _prospects(routes: Routes, house: House) -> None:
    @routes.get("/projects/<slug>/nodes/<segment>/who")
    def company_of(slug: str, segment: str) -> Response:
        """Who holds the node, worked on it, reviewed it, and could help."""
        with house.database.reading() as store:
            project, id = _node_of(store, slug, segment)
            found = company.company(store, project, id, house.clock())
        return _answer({**asdict(found), "tasks": [documents.task(task) for task in found.tasks]})

    @routes.get("/projects/<slug>/nodes/<segment>/unblocks")
    def opened(slug: str, segment: str) -> Response:
        """What can begin once the node is done, and to which goals it leads."""
        with house.database.reading() as store:
            found = prospects.opened(store, *_node_of(store, slug, segment))
        ready = [{"kind": kind, "node": node.id} for kind, node in found.ready]
        goals = [node.id for node in found.goals]
        return _answer({"done": found.done, "ready": ready, "resting": found.resting, "goals": goals})


def _node_of(store: Store, slug: str, segment: str) -> tuple[ProjectRow, str]:
    """The node of an address. Raises `NotHereError`."""
    project, id = project_of(store, slug), links.node_from(segment)
    try:
        return project, resolve(store, project, id)
    except UserError as error:
        raise NotHereError(str(error)) from error


def _people(routes: Routes, house: House) -> None:
    @routes.get("/projects/<slug>/people")
    def people(slug: str) -> Response:
        return _answer([documents.person(one) for one in _snapshot(house, slug).people])

    @routes.get("/projects/<slug>/people/<int:number>")
    def person(slug: str, number: int) -> Response:
        snapshot = _snapshot(house, slug)
        found = relations.person(snapshot, number)
        if found is None:
            raise NotHereError("Nobody of that number has taken part in this project.")
        entries = [entry for entry in snapshot.credit if entry.person_id == number]
        return _answer(documents.person(found) | {"credit": documents.credit(entries)})

    @routes.get("/projects/<slug>/credit")
    def credit(slug: str) -> Response:
        return _answer(documents.credit(_snapshot(house, slug).credit))


def _report(routes: Routes, house: House) -> None:
    @routes.get("/projects/<slug>/events")
    def events(slug: str) -> Response:
        return _answer(documents.events(_snapshot(house, slug).events))

    @routes.get("/projects/<slug>/report")
    def report(slug: str) -> Response:
        """Of a period (week, month, quarter, all), or from `since` to `until`."""
        with house.database.reading() as store:
            project, now = project_of(store, slug), house.clock()
            snapshot = snapshot_of(store, slug, now)
            ready = suggestions.tasks(store, project, g.person, now=now)
            span = periods.chosen(request.args, retrospect.begun(store, project), now)
            made = retrospect.report(store, project, snapshot, ready, span)
        if request.args.get("format") == "markdown":
            return Response(markdown(made, snapshot), mimetype="text/markdown")
        return _answer(report_document.document(made, snapshot))


def _tasks(routes: Routes, house: House) -> None:
    @routes.get("/projects/<slug>/tasks")
    def tasks(slug: str) -> Response:
        return _answer([documents.task(one) for one in _snapshot(house, slug).tasks])

    @routes.get("/projects/<slug>/suggestions")
    def suggested(slug: str) -> Response:
        """The first free tasks for whoever asks, with reasons. Nothing is kept back for them."""
        limit = request.args.get("limit", suggestions.OFFERED, type=int)
        with house.database.reading() as store:
            project = project_of(store, slug)
            found = suggestions.next_tasks(store, project, g.person, now=house.clock(), limit=limit)
        return _answer([documents.task(one.task) | {"reasons": list(one.reasons)} for one in found])


def _renames(routes: Routes, house: House) -> None:
    @routes.get("/projects/<slug>/renames")
    def renames(slug: str) -> Response:
        """What maintainers are asked: which node has become which."""
        with house.database.reading() as store:
            asked = doubts.queue(store, project_of(store, slug))
        return _answer([asdict(one) | {"asked": one.asked.isoformat()} for one in asked])


def _reports(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/projects/<slug>/reports")
    @limiter.limit(REPORTS_AN_HOUR)
    def report_check(slug: str) -> Response:
        """Take in what a project's own CI found out; nothing of it is read before its signature holds."""
        try:
            receipt = _taken_in(house, slug)
        except ForgedError as error:
            return problem(house, 403, "Not from a trusted reporter", str(error))
        except AgainError as error:
            return problem(house, 409, "Refused", str(error))
        answer = jsonify({"commit": receipt.commit, "pending": receipt.pending, "detail": receipt.words})
        answer.status_code = 202 if receipt.pending else 201
        return answer


def _taken_in(house: House, slug: str) -> reporting.Receipt:
    token = _token()
    if token is None:
        raise NotYouError("Send the reporter's token as `Authorization: Bearer`.")
    with house.database.reading() as store:
        reporter, project = reporting.reporter_of(store, slug, token)
    request.max_content_length = MAX_BYTES
    body, signature = request.get_data(cache=False), request.headers.get(SIGNATURE_HEADER, "")
    report = reporting.verified(reporter, project, body, signature, house.clock())
    commit, now = _commit(project, report.commit), house.clock()
    with house.database.begin() as store:
        receipt = reporting.take_in(store, reporter, report, now, known=commit is not None)
        if commit is not None:
            failures.tell_authors(store, project, commit, report.facts, now)
        return receipt


def _commit(project: ProjectRow, sha: str) -> Commit | None:
    """The commit, where the repository here has it."""
    try:
        with Repository.open(Path(project.path)) as repository:
            return repository.commits(sha, [sha]).get(sha) if repository.holds(sha) else None
    except UserError:  # the repository is elsewhere, or away for the moment
        return None
