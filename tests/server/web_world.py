"""The web application over a real database that holds the sample project of the dashboards' tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from blueprint.graph import Graph
from lean_project.attribution import Authorship
from lean_project.commits import Commit
from lean_project.facts import Facts
from lean_project.findings import Findings
from lean_project.status import TaskKind, statuses
from server.app import create_app
from server.records.people import Person
from server.service import arrival, people, signin
from server.service.arrival import Before, Checked
from server.settings import Settings, load
from server.store import Database
from server.work.changes import Done
from server.work.permissions import Role

from ..dashboards import sample  # noqa: TID252 - tests are no installed package

__all__ = ["START", "Site", "arrive", "facts", "form_token", "make_site", "sample", "submit"]

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "a secret for tests, long enough for anyone"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Site:
    """The application, its clock, and one browser's worth of cookies per `client`."""

    database: Database
    settings: Settings
    now: datetime = START

    def __post_init__(self) -> None:
        self.flask = create_app(self.settings, self.database, lambda: self.now)
        self.flask.config["PROPAGATE_EXCEPTIONS"] = False

    def client(self) -> FlaskClient:
        return self.flask.test_client()

    def add_project(self, graph: Graph = sample.GRAPH, path: str = "/srv/num") -> None:
        findings = Findings(graph, sample.FACTS, statuses(graph, sample.FACTS))
        commit = Commit(sample.SHA, START, "Ada Lovelace", "ada@example.org", "Begin")
        authors = {
            Done("def:divides", TaskKind.DEFINE): (Authorship("Ada Lovelace", "ada@example.org", 5),),
        }
        checked = Checked(
            Path(path), "https://github.com/example/num", graph.title, commit, findings, authors, {}, Before()
        )
        with self.database.begin() as store:
            arrival.record(store, checked, START)

    def person(self, name: str, role: Role = Role.CONTRIBUTOR) -> Person:
        with self.database.begin() as store:
            return people.add(store, name, role, START)

    def link(self, person: Person) -> str:
        """The path of a one-time link."""
        with self.database.begin() as store:
            return signin.make_link(store, person, self.now, "http://localhost").removeprefix(
                "http://localhost"
            )

    def token(self, person: Person, scopes: frozenset[str] = signin.SCOPES) -> str:
        with self.database.begin() as store:
            return signin.make_token(store, person, "test", self.now, scopes)

    def signed_in(self, name: str = "Emmy", role: Role = Role.CONTRIBUTOR) -> FlaskClient:
        client, link = self.client(), self.link(self.person(name, role))
        assert submit(client, link, link).status_code == 303
        return client

    def later(self, **gone: float) -> None:
        self.now += timedelta(**gone)


def submit(client: FlaskClient, page: str, action: str, **fields: str) -> TestResponse:
    """Open `page`, take its CSRF token, and send the form `action` as a browser would."""
    found = _TOKEN.search(client.get(page).text)
    token = found[1] if found else ""
    return client.post(
        action, data={"csrf_token": token, **fields}, headers={"Referer": f"http://localhost{page}"}
    )


def facts(print_: str) -> Facts:
    found = (replace(fact, fingerprint=f"{fact.name} {print_}") for fact in sample.FACTS.declarations)
    return replace(sample.FACTS, declarations=tuple(found))


def arrive(site: Site, print_: str, sha: str) -> None:
    """A commit whose statements have these fingerprints."""
    found = Findings(sample.GRAPH, facts(print_), statuses(sample.GRAPH, facts(print_)))
    commit = Commit(sha, START, "Ada Lovelace", "ada@example.org", "Work")
    with site.database.begin() as store:
        known = arrival.before(store, Path("/srv/num"))
        checked = Checked(
            Path("/srv/num"), "https://github.com/example/num", "Num", commit, found, {}, {}, known
        )
        arrival.record(store, checked, START)


def form_token(client: FlaskClient) -> str:
    """What a form must carry that this browser sends."""
    return str(client.get("/api/v1/session").json["csrf_token"])  # type: ignore[index]


def make_site(folder: Path) -> Site:
    address = f"sqlite:///{folder / 'site.db'}"
    environment = {"CHANTIER_SECRET_KEY": SECRET, "CHANTIER_DATABASE_URL": address}
    settings = load(folder / "none.toml", environment)
    assert isinstance(settings.secret_key, SecretStr)
    return Site(Database(address, settings.policy), settings)
