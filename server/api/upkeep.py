"""What maintainers decide, and what a project's own checks report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import jsonify, request
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards.maintaining import ReporterView
from dashboards.viewing import Matched
from lean_project.commits import Commit
from lean_project.reports import MAX_BYTES, SIGNATURE_HEADER
from lean_project.repository import Repository
from server.api import paging
from server.api.answers.upkeep import (
    AskedDocument,
    DecidedDocument,
    ReceiptDocument,
    ReporterDocument,
    ReporterGoneDocument,
    ReporterSecretsDocument,
)
from server.api.bodies import RenameBody, ReporterBody
from server.api.maintaining import looked_after
from server.api.operations import Access, Operation, Operations, act, look
from server.api.paging import Listed, Paged
from server.api.problems import problem
from server.api.tokens import REPORT, token
from server.house import House, NotYouError, project_of
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import doubts, failures, reporting
from server.service.reporting import AgainError, ForgedError, Receipt
from server.store import Store

TAG, CHECKS = "Maintaining", "Checks"


def add_upkeep(operations: Operations) -> None:
    """The queue of renames, and whose reports are believed."""
    house = operations.house

    @operations.reads("/projects/<slug>/renames", Listed[AskedDocument], TAG, query=Paged)
    def list_renames(slug: str, query: Paged) -> Listed[AskedDocument]:
        """What maintainers are asked: which node has become which. Where somebody waits comes first."""
        with house.reading() as store:
            asked = doubts.queue(store, project_of(store, slug))
        return paging.page(query, asked, lambda one: (one.old, one.new), _asked)

    @operations.does("/projects/<slug>/renames", DecidedDocument, TAG, body=RenameBody)
    def decide(slug: str, body: RenameBody) -> Any:
        """Say whether two nodes are one. For maintainers."""
        decision = doubts.same if body.same else doubts.different

        def deed(store: Store, person: Person) -> DecidedDocument:
            found = decision(store, project_of(store, slug), person, body.old, body.new, now=house.clock())
            return {"old": found.old, "new": found.new, "same": found.same, "text": found.text}

        return act(house, deed)


def add_reporters(operations: Operations) -> None:
    """Whose reports are believed."""
    house = operations.house

    @operations.reads(
        "/projects/<slug>/reporters",
        Listed[ReporterDocument],
        CHECKS,
        query=Paged,
        access=Access.OWN,
    )
    def list_reporters(slug: str, query: Paged) -> Any:
        """Who else checks a project and is believed, and who was. For maintainers."""

        def read(store: Store, person: Person) -> Listed[ReporterDocument]:
            found = reporting.listing(store, looked_after(store, slug, person))
            return paging.page(query, found, _mark, _known)

        return look(house, read)

    @operations.does(
        "/projects/<slug>/reporters", ReporterSecretsDocument, CHECKS, body=ReporterBody, secret=True
    )
    def appoint(slug: str, body: ReporterBody) -> Any:
        """Trust a reporter; its secrets are in this answer and nowhere else. For maintainers."""

        def deed(store: Store, person: Person) -> ReporterSecretsDocument:
            made = reporting.appoint(store, project_of(store, slug), person, body.name, house.clock())
            return {"name": body.name, "token": made.token, "key": made.key}

        return act(house, deed)

    @operations.does("/projects/<slug>/reporters/<name>/rotate", ReporterSecretsDocument, CHECKS, secret=True)
    def rotate(slug: str, name: str) -> Any:
        """Give a reporter a new token and a new key; the old ones end with that. For maintainers."""

        def deed(store: Store, person: Person) -> ReporterSecretsDocument:
            made = reporting.rotate(store, project_of(store, slug), person, name, house.clock())
            return {"name": name, "token": made.token, "key": made.key}

        return act(house, deed)

    @operations.does("/projects/<slug>/reporters/<name>", ReporterGoneDocument, CHECKS, method="DELETE")
    def dismiss(slug: str, name: str) -> Any:
        """Believe a reporter no more, nor what it reported before. For maintainers."""

        def deed(store: Store, person: Person) -> ReporterGoneDocument:
            reporting.dismiss(store, project_of(store, slug), person, name, house.clock())
            return {"name": name, "trusted": False}

        return act(house, deed)


def _asked(one: Matched) -> AskedDocument:
    return {
        "old": one.old,
        "new": one.new,
        "caption": one.caption,
        "gone": one.gone,
        "why": one.why,
        "asked": one.asked.isoformat(),
        "was": one.was,
        "now": one.now,
        "waiting": list(one.waiting),
    }


def _mark(one: ReporterView) -> tuple[str, str]:
    return one.name, one.created.isoformat()


def _known(one: ReporterView) -> ReporterDocument:
    return {
        "name": one.name,
        "since": one.created.isoformat(),
        "used": one.used.isoformat() if one.used else None,
        "ended": one.ended.isoformat() if one.ended else None,
    }


def add_reports(operations: Operations) -> None:
    """Where a project's own CI sends what it found out."""
    house = operations.house

    def report_check(slug: str) -> Response:
        try:
            receipt = _taken_in(house, slug)
        except ForgedError as error:
            return problem(house, 403, "Not from a trusted reporter", str(error))
        except AgainError as error:
            return problem(house, 409, "Refused", str(error))
        said: ReceiptDocument = {
            "commit": receipt.commit,
            "pending": receipt.pending,
            "detail": receipt.words,
        }
        answer: Response = jsonify(said)
        answer.status_code = 202 if receipt.pending else 201
        return answer

    operations.add(_REPORT, report_check)


_REPORT = Operation(
    name=REPORT,
    method="POST",
    rule="/projects/<slug>/reports",
    tag=CHECKS,
    summary="Report what a project's own CI found out",
    description=(
        "`chantier check --report --post` does it. The reporter's token lets it in, and "
        f"`{SIGNATURE_HEADER}` signs the body; nothing of it is read before the signature holds."
    ),
    access=Access.REPORTER,
    answer=ReceiptDocument,
    answers={
        201: "It is taken in.",
        202: "It is kept until the repository here has that commit.",
        409: "It was taken in before, or there were too many.",
        413: "It is too large.",
    },
)


def _taken_in(house: House, slug: str) -> Receipt:
    found = token()
    if found is None:
        raise NotYouError("Send the reporter's token as `Authorization: Bearer`.")
    with house.reading() as store:
        reporter, project = reporting.reporter_of(store, slug, found)
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
