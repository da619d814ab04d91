"""Checks reported by a project's own CI, over real HTTP: believed where they should be and nowhere else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect
from werkzeug.serving import make_server

from blueprint.errors import UserError
from lean_project.facts import SORRY, Fact, Facts, Kind
from lean_project.reports import SIGNATURE_HEADER, Report, decode, encode, new_id, sign
from server.app import create_app
from server.cli import check_reports
from server.service import people, projects, reporting, signin, views
from server.service.reporting import Secrets
from server.settings import load
from server.store import Database
from server.sync import sync
from server.work.permissions import Role

from .conftest import START, Village
from .migrating import migrate

Answer = tuple[int, dict[str, object]]


@dataclass
class Scene:
    """A server on a real port, with the village on its books and one trusted reporter."""

    village: Village
    database: Database
    address: str
    secrets: Secrets
    sha: str

    @property
    def url(self) -> str:
        return f"{self.address}/api/v1/projects/village/reports"

    def report(self, **other: object) -> Report:
        facts = Facts("Lean 4.99.0 (elsewhere)", (theorem("a"), theorem("b")))
        values = {"project": "village", "commit": self.sha, "chantier": "0.1.0", "facts": facts}
        return Report(**{"id": new_id(), "made": START, **values, **other})  # type: ignore[arg-type]

    def send(
        self,
        body: bytes,
        *,
        token: str | None = None,
        signature: str | None = None,
        url: str | None = None,
        method: str = "POST",
    ) -> Answer:
        headers = {"Authorization": f"Bearer {self.secrets.token if token is None else token}"}
        headers[SIGNATURE_HEADER] = sign(body, self.secrets.key) if signature is None else signature
        return _fetched(Request(url or self.url, body, headers, method=method))

    def post(self, **other: object) -> Answer:
        return self.send(encode(self.report(**other)))

    def get(self, path: str) -> str:
        with urlopen(f"{self.address}{path}") as answer:
            return str(answer.read().decode("utf-8"))

    def rely(self, relies: bool = True) -> None:
        with self.database.begin() as store:
            reporting.rely(store, projects.find(store, "village"), relies, START)

    def verified(self) -> set[str]:
        with self.database.reading() as store:
            seen = views.snapshot(store, projects.find(store, "village"), START)
        return {id for id, status in seen.statuses.items() if status.verified}


def _fetched(request: Request) -> Answer:
    try:
        with urlopen(request) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def theorem(name: str, *axioms: str) -> Fact:
    return Fact(name, Kind.THEOREM, is_prop=True, module="Main", axioms=axioms, fingerprint=name.upper())


@pytest.fixture
def scene(any_database: Database, village: Village, tmp_path: Path) -> Iterator[Scene]:
    nodes = [village.node("thm:a"), village.node("thm:b", "thm:a")]
    sha = village.commit(village.ana, nodes, "theorem a : A := by simp", "theorem b : B := sorry")
    sync(any_database, village.folder, START)
    with any_database.begin() as store:
        made = reporting.trust(store, projects.find(store, "village"), "github-actions", START)
    settings = load(tmp_path / "none.toml", {"CHANTIER_SECRET_KEY": "x" * 40})
    app = create_app(settings, any_database, lambda: START)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Scene(village, any_database, f"http://127.0.0.1:{server.server_port}", made, sha)
    server.shutdown()
    thread.join()


def test_a_report_is_taken_in_shown_and_changes_no_status(scene: Scene) -> None:
    status, answer = scene.post()
    assert (status, answer["pending"]) == (201, False)
    assert scene.verified() == {"thm:a"}
    assert "Reported by CI <code>github-actions</code>" in scene.get("/p/village/nodes/thm:b")
    assert "not checked here: it passes" in scene.get("/p/village/nodes/thm:b")
    assert "CI <code>github-actions</code>" in scene.get("/p/village/")
    document = json.loads(scene.get("/api/v1/projects/village"))
    assert document["reported_by"] is None
    assert [one["reporter"] for one in document["reports"]] == ["github-actions"]


def test_nothing_secret_is_shown(scene: Scene) -> None:
    scene.post()
    shown = scene.get("/p/village/") + scene.get("/api/v1/projects/village/events")
    assert scene.secrets.key not in shown
    assert scene.secrets.token not in shown
    with scene.database.reading() as store:
        (reporter,) = store.reports.reporters(projects.find(store, "village").id)
    assert scene.secrets.key not in repr(reporter)


def test_a_report_about_a_commit_that_is_not_here_waits(scene: Scene) -> None:
    status, answer = scene.post(commit="a" * 40)
    assert (status, answer["pending"]) == (202, True)
    assert "the repository here does not have that commit" in scene.get("/p/village/")


# What is refused


def test_a_forged_signature(scene: Scene) -> None:
    body = encode(scene.report())
    for signature in ("", "sha256=", sign(body, "another key"), "sha256=" + "0" * 64, "é", scene.secrets.key):
        assert scene.send(body, signature=signature.encode().decode("latin-1"))[0] == 403
    assert scene.send(body + b" ", signature=sign(body, scene.secrets.key))[0] == 403
    assert scene.verified() == {"thm:a"}
    assert json.loads(scene.get("/api/v1/projects/village"))["reports"] == []


def test_a_report_that_comes_twice(scene: Scene) -> None:
    body = encode(scene.report())
    assert [scene.send(body)[0], scene.send(body)[0]] == [201, 409]


def test_a_report_that_is_old_or_from_the_future(scene: Scene) -> None:
    assert scene.post(made=START - timedelta(hours=25))[0] == 400
    assert scene.post(made=START + timedelta(hours=1))[0] == 400
    assert scene.post(made=START + timedelta(minutes=5))[0] == 201


def test_a_report_about_another_project(scene: Scene) -> None:
    assert scene.post(project="other")[0] == 403


def test_a_token_of_another_project(scene: Scene) -> None:
    with scene.database.begin() as store:
        other = store.projects.add("other", "Other", "/srv/other", None, START)
        made = reporting.trust(store, other, "github-actions", START)
    body = encode(scene.report())
    assert scene.send(body, token=made.token, signature=sign(body, made.key))[0] == 403
    theirs = scene.url.replace("village", "other")
    assert scene.send(body, token=made.token, signature=sign(body, made.key), url=theirs)[0] == 403
    assert scene.send(body, url=theirs)[0] == 403


def test_a_token_that_was_taken_back(scene: Scene) -> None:
    assert scene.post()[0] == 201
    with scene.database.begin() as store:
        reporting.distrust(store, projects.find(store, "village"), "github-actions", START)
    assert scene.post()[0] == 403
    assert "Reported by CI" not in scene.get("/p/village/nodes/thm:b")


def test_a_token_of_a_person_does_not_report_and_a_reporters_does_nothing_else(scene: Scene) -> None:
    with scene.database.begin() as store:
        ana = people.add(store, "Maintainer", Role.MAINTAINER, START)
        token = signin.make_token(store, ana, "test", START)
    assert scene.send(encode(scene.report()), token=token)[0] == 403
    for path, method in (("", "GET"), ("/tasks/1/claim", "POST"), ("/reporters", "POST")):
        url = scene.url.removesuffix("/reports") + path
        assert scene.send(b"", url=url, method=method)[0] == 403


@pytest.mark.parametrize("token", ["", "chantier_report_", "chantier_report_x", "nonsense"])
def test_a_token_of_nobody(scene: Scene, token: str) -> None:
    assert scene.send(encode(scene.report()), token=token)[0] in (401, 403)


def broken(scene: Scene) -> Iterator[bytes]:
    good = json.loads(encode(scene.report()))
    yield from (b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"id": ' * 5000)
    yield json.dumps(good).encode()[:-1]
    for change in (
        {"schema": "chantier-report/2"},
        {"id": "../../etc/passwd"},
        {"id": "A" * 32},
        {"commit": "main"},
        {"commit": "a" * 39},
        {"made": "2026-03-02T09:00:00"},
        {"made": "99999-01-01T00:00:00Z"},
        {"chantier": "x\ny"},
        {"chantier": "x" * 201},
        {"verified": [1]},
        {"facts": None},
        {"facts": good["facts"] | {"toolchain": "x\u0000y"}},
        {"facts": good["facts"] | {"toolchain": "x" * 300}},
        {"facts": good["facts"] | {"declarations": [{"name": "x"}]}},
        {"facts": good["facts"] | {"declarations": {"a": 1}}},
        {"facts": good["facts"] | {"meanings": [{"name": "a", "digest": "x", "uses": [7]}]}},
        {"facts": good["facts"] | {"meanings": [{"name": "a", "digest": "x", "uses": [-1]}]}},
    ):
        yield json.dumps(good | change).encode()
    yield json.dumps(good | {"chantier": "\ud800"}).encode()


def test_what_is_no_report_is_refused_in_a_sentence(scene: Scene) -> None:
    for body in broken(scene):
        status, answer = scene.send(body)
        assert (status, len(str(answer["detail"])) < 500) == (400, True), body[:200]


def test_a_report_that_is_too_large(scene: Scene) -> None:
    whole = encode(scene.report(facts=Facts("x", (replace(theorem("a"), docstring="x" * (17 << 20)),))))
    try:
        status = scene.send(whole)[0]
    except OSError:  # the server hung up in the middle of it
        status = 413
    assert status == 413


def test_too_many_in_a_day(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "MOST_A_DAY", 2)
    assert [scene.post()[0] for _ in range(3)] == [201, 201, 409]


def test_hostile_names_are_text_on_the_page(scene: Scene) -> None:
    facts = Facts("<script>alert(1)</script>", (theorem("b", "<img src=x onerror=alert(1)>"),))
    assert scene.post(facts=facts)[0] == 201
    for page in ("/p/village/", "/p/village/nodes/thm:b"):
        assert "<script>alert" not in scene.get(page)
        assert "<img src=x" not in scene.get(page)


# Whom the project trusts, and how far


def test_only_a_maintainer_says_whom_to_trust(scene: Scene) -> None:
    url = f"{scene.address}/api/v1/projects/village/reporters"
    answers = []
    for role in (Role.CONTRIBUTOR, Role.MAINTAINER):
        with scene.database.begin() as store:
            token = signin.make_token(store, people.add(store, role, role, START), "test", START)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        answers.append(_fetched(Request(url, b'{"name": "gitlab"}', headers, method="POST")))
    assert [status for status, _ in answers] == [403, 200]
    made = Secrets(str(answers[1][1]["token"]), str(answers[1][1]["key"]))
    body = encode(scene.report())
    assert scene.send(body, token=made.token, signature=sign(body, made.key))[0] == 201
    assert _fetched(Request(f"{url}/gitlab", headers=headers, method="DELETE"))[0] == 200
    again = encode(scene.report())
    assert scene.send(again, token=made.token, signature=sign(again, made.key))[0] == 403
    assert _fetched(Request(url, b'{"name": "no"}', method="POST"))[0] == 401


def test_the_projects_own_check_wins(scene: Scene) -> None:
    """Relying on reports, the server does not forget what it found out itself about the very commit."""
    scene.rely()
    assert scene.post()[0] == 201
    sync(scene.database, scene.village.folder, START, again=True)
    assert scene.verified() == {"thm:a"}


def test_a_project_that_relies_on_reports_gets_its_statuses_from_them(scene: Scene) -> None:
    scene.rely()
    nodes = [scene.village.node("thm:a"), scene.village.node("thm:b", "thm:a")]
    scene.sha = scene.village.commit(scene.village.ben, nodes, "nothing that could be checked here")
    with pytest.raises(UserError, match="waits for a report"):
        sync(scene.database, scene.village.folder, START)
    assert scene.verified() == {"thm:a"}
    assert scene.post()[0] == 201
    assert sync(scene.database, scene.village.folder, START).verified == 2
    page = scene.get("/p/village/nodes/thm:b")
    assert "Reported by CI <code>github-actions</code>, not checked here." in page
    assert json.loads(scene.get("/api/v1/projects/village"))["reported_by"] == "github-actions"


def test_a_report_cannot_pass_as_the_servers_own(scene: Scene) -> None:
    scene.rely()
    nodes = [scene.village.node("thm:a"), scene.village.node("thm:b", "thm:a")]
    scene.sha = scene.village.commit(scene.village.ben, nodes, "unknown here")
    facts = Facts("Lean", (theorem("a"), theorem("b", SORRY)), reported_by="", digest="0" * 64)
    assert scene.post(facts=facts)[0] == 201
    sync(scene.database, scene.village.folder, START)
    with scene.database.reading() as store:
        found = store.projects.newest_findings(projects.find(store, "village").id)
    assert found is not None
    assert (found.facts.reported_by, found.facts.digest == "0" * 64) == ("github-actions", False)


def test_a_pending_report_is_known_once_its_commit_comes(scene: Scene) -> None:
    nodes = [scene.village.node("thm:a")]
    before = scene.sha
    later = scene.village.commit(scene.village.ben, nodes, "theorem a : A := sorry")
    scene.village.revisions.pop()
    assert scene.village._write() == before
    assert scene.post(commit=later)[0] == 202
    scene.village.commit(scene.village.ben, nodes, "theorem a : A := sorry")
    sync(scene.database, scene.village.folder, START)
    assert "does not have that commit" not in scene.get("/p/village/")


def test_old_reports_are_dropped_and_none_can_come_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scene.report()
    with scene.database.begin() as store:
        project = projects.find(store, "village")
        reporter, _ = reporting.reporter_of(store, "village", scene.secrets.token)
        for day in range(60):
            now = START + timedelta(days=day)
            report = first if day == 0 else scene.report(made=now)
            reporting.take_in(store, reporter, report, now, known=True)
        kept = store.reports.newest(project.id, 1000)
    assert reporting.KEPT <= len(kept) <= reporting.KEPT + 3
    body = encode(first)
    with pytest.raises(UserError, match="more than a day ago"):
        reporting.verified(reporter, project, body, sign(body, reporter.key), START + timedelta(days=59))


# What the command line sends


def test_the_command_line_posts(scene: Scene) -> None:
    environment = {"CHANTIER_REPORT_KEY": scene.secrets.key, "CHANTIER_REPORT_TOKEN": scene.secrets.token}
    words = check_reports.post(scene.url, encode(scene.report()), environment)
    assert words == f"Taken in for commit {scene.sha[:10]}, as reported by `github-actions`."
    with pytest.raises(UserError, match=r"did not take the report \(403\): The signature does not fit"):
        check_reports.post(scene.url, encode(scene.report()), environment | {"CHANTIER_REPORT_KEY": "no"})
    with pytest.raises(UserError, match="set CHANTIER_REPORT_KEY"):
        check_reports.post(scene.url, b"", {"CHANTIER_REPORT_TOKEN": "x"})
    gone = "http://127.0.0.1:9/api/v1/projects/village/reports"
    with pytest.raises(UserError, match="cannot be reached"):
        check_reports.post(gone, encode(scene.report()), environment)


def test_secrets_that_were_copied_badly(scene: Scene) -> None:
    key, token = scene.secrets.key, scene.secrets.token
    environment = {"CHANTIER_REPORT_KEY": f"{key}\n", "CHANTIER_REPORT_TOKEN": f" {token}\r\n"}
    assert "Taken in" in check_reports.post(scene.url, encode(scene.report()), environment)
    for broken in (f"{token[:9]}\n{token[9:]}", f"{token}\N{EURO SIGN}", f"{token}\0"):
        with pytest.raises(UserError, match=r"CHANTIER_REPORT_TOKEN is not what") as error:
            check_reports.post(scene.url, b"", environment | {"CHANTIER_REPORT_TOKEN": broken})
        assert token[:9] not in str(error.value)


def test_what_is_written_is_what_is_read(scene: Scene, tmp_path: Path) -> None:
    file, key = tmp_path / "report.json", {"CHANTIER_REPORT_KEY": scene.secrets.key}
    body = check_reports.write(scene.report(), file, key)
    assert file.read_bytes() == body
    assert decode(body) == check_reports.read(file)
    signature = (tmp_path / "report.json.sig").read_text().strip()
    assert scene.send(file.read_bytes(), signature=signature)[0] == 201


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/api/v1/projects/num/reports",
        "https://user:x@example.org/api/v1/projects/num/reports",
        "https://example.org/api/v1/projects/num/reports?x=1",
        "https://example.org/",
        "file:///api/v1/projects/num/reports",
        "https://[example.org/api/v1/projects/num/reports",
        "https://example.org/api/v1/projects/../reports",
    ],
)
def test_a_report_goes_nowhere_else(url: str) -> None:
    with pytest.raises(UserError):
        check_reports.project_at(url)


def test_the_migration_goes_down_and_up_again(scene: Scene, database_url: str) -> None:
    assert scene.post()[0] == 201
    engine = create_engine(database_url)
    migrate(database_url, "0002", command.downgrade)
    assert not {"reports", "reporters"} & set(inspect(engine).get_table_names())
    assert "relies_on_reports" not in {column["name"] for column in inspect(engine).get_columns("projects")}
    assert "agreement_events" in inspect(engine).get_table_names()
    migrate(database_url, "head", command.upgrade)
    engine.dispose()
    with scene.database.begin() as store:
        project = projects.find(store, "village")
        assert (project.relies_on_reports, list(store.reports.reporters(project.id))) == (False, [])
        scene = replace(scene, secrets=reporting.trust(store, project, "github-actions", START))
    assert scene.post()[0] == 201
