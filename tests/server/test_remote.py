"""`chantier --server`: the verbs against a server that is asked by its API, over real HTTP."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from blueprint.errors import UserError
from server.cli.remote import server_at
from server.cli.verbs import group
from server.paths import data_dir

from .test_api import NUM, free_task
from .web_world import Site, make_site

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = make_site(tmp_path_factory.mktemp("remote"))
    site.add_project()
    yield site
    site.database.close()


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site.flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`chantier --server ADDRESS ...`, with data of its own."""
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CHANTIER_TOKEN", raising=False)

    def run(*words: str, **more: str) -> Result:
        result = CliRunner().invoke(
            group, ["--server", address, *words], input=more.pop("input", None), env=more
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_reading_needs_no_token(run: Run, site: Site) -> None:
    assert "thm:euclid  Theorem 2.3: stated, ready" in run("status").stdout
    assert "4 of 10 nodes verified" in run("status").stdout
    assert "10 nodes" in run("graph").stdout
    assert "# Elementary number theory" in run("report", "--period", "all").stdout
    assert "Ada Lovelace: formal definition on def:divides" in run("credit", "list").stdout


def test_the_tasks_are_printed_as_here(run: Run, site: Site) -> None:
    listed = site.client().get(f"{NUM}/tasks?limit=200").json["items"]
    undone = [one for one in listed if one["readiness"] != "done"]
    assert json.loads(run("tasks", "--json").stdout) == undone
    lines = run("tasks").stdout.splitlines()
    assert len(lines) == len(undone)
    assert lines[0].startswith(f"#{undone[0]['number']} “")
    assert all(": ready" in line for line in run("tasks", "--state", "ready").stdout.splitlines())


def test_a_claim_with_a_token_from_the_environment(run: Run, site: Site) -> None:
    number, token = free_task(site), site.token(site.person("Cleo"))
    said = run("say", f"claim #{number} 5 days", CHANTIER_TOKEN=token)
    assert (said.exit_code, said.stdout[:11]) == (0, "Yours until")
    assert "held by Cleo" in run("tasks").stdout
    refused = run("say", f"claim #{number}", CHANTIER_TOKEN=site.token(site.person("Ada L")))
    assert refused.exit_code == 1
    assert "Cleo holds" in refused.stderr
    assert run("say", f"disclaim #{number}", CHANTIER_TOKEN=token).exit_code == 0


def test_a_token_is_asked_for_and_kept_for_oneself(run: Run, site: Site) -> None:
    token = site.token(site.person("Emmy"))
    with pytest.raises(UserError, match=r"Send an API token.*login` asks for a token"):
        run("say", "mine")
    with pytest.raises(UserError, match="not valid"):
        run("login", input="chantier_wrong\n")
    told = run("login", input=f"{token}\n")
    assert told.stdout.endswith("from now on.\n")
    assert token not in told.output
    (kept,) = data_dir().glob("servers.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "You hold no task" in run("say", "mine").stdout


def test_errors_are_a_sentence(run: Run) -> None:
    with pytest.raises(UserError, match="There is no project `none` here"):
        run("status", "--project", "none")
    with pytest.raises(UserError, match="`sync` works on this machine alone"):
        run("sync", ".")


@pytest.mark.parametrize(
    "url",
    ["example.org", "ftp://x", "http://example.org", "https://a@b", "https://", "https://x?y", "http://[x"],
)
def test_an_address_that_is_none_or_unsafe_is_refused(url: str) -> None:
    with pytest.raises(UserError, match=r"such as https://|begins with https://"):
        server_at(url)


def test_a_server_that_is_away_is_said(run: Run) -> None:
    with pytest.raises(UserError, match="cannot be reached"):
        CliRunner().invoke(group, ["--server", "http://127.0.0.1:9", "status"], catch_exceptions=False)
