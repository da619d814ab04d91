"""Saying which node is which through each door: the page, the API and the command line."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from blueprint.graph import Graph
from lean_project.commits import Commit
from lean_project.findings import Findings
from lean_project.status import statuses
from server.cli.renames import command
from server.service import arrival
from server.service.arrival import Checked
from server.work.permissions import Role

from .web_world import SECRET, START, Site, sample, submit

HOME, PAGE, API = "/p/num/", "/p/num/renames", "/api/v1/projects/num/renames"
OLD, NEW = "lem:divides-sum", "lem:<b>sum</b>"
SAID = "`lem:divides-sum` is Lemma 1.3 now."
REFUSED = (
    "To say which node is which you need to be a maintainer, and you are a contributor; "
    "ask an owner of the project, or whoever runs the server."
)


def renamed() -> Graph:
    """The sample in which one lemma has another label, other words and another Lean name."""
    nodes = list(sample.GRAPH.nodes)
    at = next(at for at, node in enumerate(nodes) if node.id == OLD)
    statement = nodes[at].statement
    source = statement.source.replace("then", "it follows that")
    nodes[at] = replace(nodes[at], id=NEW, statement=replace(statement, lean=("Num.sum",), source=source))
    return replace(sample.GRAPH, nodes=tuple(nodes))


@pytest.fixture
def site(site: Site) -> Site:
    """Where a lemma got another label."""
    graph = renamed()
    findings = Findings(graph, sample.FACTS, statuses(graph, sample.FACTS))
    commit = Commit("6" * 40, START, "Ada Lovelace", "ada@example.org", "Rename")
    with site.database.begin() as store:
        known = arrival.before(store, Path("/srv/num"))
        checked = Checked(Path("/srv/num"), None, graph.title, commit, findings, {}, {}, known)
        arrival.record(store, checked, START)
    return site


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_maintainer_is_led_to_the_page_and_decides_there(site: Site) -> None:
    mona = site.signed_in("Mona", Role.MAINTAINER)
    assert "1 node may have another name now" in text(mona.get(HOME).text)
    page = mona.get(PAGE).text
    assert "lem:divides-sum is now Lemma 1.3 ?" in text(page)
    assert "<b>sum</b>" not in page
    done = submit(mona, PAGE, PAGE, old=OLD, new=NEW, decision="same")
    assert (done.status_code, done.location) == (303, PAGE)
    shown = text(mona.get(PAGE).text)
    assert SAID.replace("`", "") in shown
    assert "There is nothing to decide." in shown
    assert "another name" not in text(mona.get(HOME).text)


def test_others_see_no_button_and_are_refused(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    assert "another name" not in emmy.get(HOME).text
    assert 'name="decision"' not in emmy.get(PAGE).text
    submit(emmy, "/account", PAGE, old=OLD, new=NEW, decision="same")
    assert REFUSED in text(emmy.get(PAGE).text)
    assert emmy.post(PAGE, data={"old": OLD, "new": NEW, "decision": "same"}).status_code == 400


def test_the_api_lists_and_decides(site: Site) -> None:
    mona = {"Authorization": f"Bearer {site.token(site.person('Mona', Role.MAINTAINER))}"}
    emmy = {"Authorization": f"Bearer {site.token(site.person('Emmy'))}"}
    [asked] = site.client().get(API).json["items"]
    assert (asked["old"], asked["new"], asked["gone"], asked["waiting"]) == (OLD, NEW, True, [])
    assert asked["why"].endswith("% of the statement alike")
    decision = {"old": OLD, "new": NEW, "same": False}
    assert site.client().post(API, json=decision).status_code == 401
    assert site.client().post(API, json=decision, headers=emmy).json["detail"] == REFUSED
    assert site.client().post(API, json={"old": OLD, "new": NEW}, headers=mona).status_code == 400
    done = site.client().post(API, json=decision, headers=mona)
    assert (done.status_code, done.json["same"]) == (200, False)
    assert site.client().get(API).json["items"] == []
    assert site.client().post(API, json=decision, headers=mona).status_code == 409


@pytest.fixture
def settled(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("CHANTIER_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("CHANTIER_DATABASE_URL", f"sqlite:///{tmp_path / 'site.db'}")
    monkeypatch.setenv("CHANTIER_SECRET_KEY", SECRET)
    return site


def test_the_command_line_lists_and_decides(settled: Site) -> None:
    listed = CliRunner().invoke(command, ["--project", "num"]).output
    assert f"{OLD} left; is it {NEW} (Lemma 1.3)?\n  why: " in listed
    refused = CliRunner().invoke(command, ["--same", OLD, NEW])
    assert isinstance(refused.exception, UserError)
    settled.person("Mona", Role.MAINTAINER)
    both = CliRunner().invoke(command, ["--same", OLD, NEW, "--different", OLD, NEW])
    assert str(both.exception) == "Say one thing at a time: `--same` or `--different`."
    assert CliRunner().invoke(command, ["--same", OLD, NEW]).output == f"{SAID}\n"
    assert CliRunner().invoke(command, []).output == "There is nothing to decide.\n"
