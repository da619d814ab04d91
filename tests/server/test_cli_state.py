"""The verbs sync, status, login, link and report, as typed."""

from __future__ import annotations

import json
from email import message_from_string

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from server.cli.verbs import group


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run `chantier ...` with data of its own; returns what it printed."""
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CHANTIER_CONFIG", raising=False)

    def run(*words, width=200):
        outcome = CliRunner().invoke(group, [str(word) for word in words], env={"COLUMNS": str(width)})
        if outcome.exception and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        return outcome.stdout

    return run


@pytest.fixture
def nodes(village):
    return [village.node("thm:a"), village.node("thm:b", "thm:a"), village.node("thm:c", "thm:b")]


def test_sync_says_what_changed(run, village, nodes):
    village.commit(village.ana, nodes, "theorem a : A := sorry")
    first = run("sync", village.folder)
    assert "village is a project now" in first
    assert "0 of 3 nodes verified" in first
    village.commit(village.ben, nodes, "theorem a : A := by simp", "theorem b : B := sorry")
    second = run("sync", "village")
    assert "verified: Theorem a is verified." in second
    assert "became ready: Theorem b can be proved now." in second
    assert "tasks finished: 2; new credit: 2." in second
    assert run("sync", village.folder).startswith("village: nothing new at commit")


def test_sync_of_what_is_no_repository_is_refused(run, tmp_path):
    with pytest.raises(UserError, match="not a git repository"):
        run("sync", tmp_path)
    with pytest.raises(UserError, match="no project"):
        run("sync", "nowhere")


def test_status_needs_no_database(run, village, nodes, tmp_path):
    village.commit(village.ana, nodes, "theorem a : A := by simp", "theorem b : B := sorry")
    text = run("status", village.folder)
    rows = {line.split()[0]: line for line in text.splitlines() if line.startswith("thm:")}
    assert rows["thm:a"].split()[3:] == ["stated", "verified", "yes"]
    assert rows["thm:b"].split()[3:] == ["stated", "sorry", "no", "prove", "(ready)"]
    assert rows["thm:c"].split()[3:] == ["absent", "absent", "no", "state", "(ready)"]
    assert "thm:a, proof: the blueprint has no \\leanok, Lean says verified" in text
    assert "1 of 3 nodes verified. Checked by a few lines of Python." in text
    assert not (tmp_path / "data").exists()


def test_status_as_json_is_complete(run, village, nodes):
    village.commit(village.ana, nodes, "theorem a : A := by simp")
    document = json.loads(run("status", village.folder, "--json"))
    assert [node["node"] for node in document["nodes"]] == ["thm:a", "thm:b", "thm:c"]
    assert document["nodes"][0]["verified"] is True
    assert document["nodes"][2]["work"][1] == {
        "kind": "prove",
        "readiness": "blocked",
        "blocked_by": ["thm:b", "thm:c"],
    }


def test_a_terminal_obeys_no_label(run, village):
    village.commit(village.ana, [village.node("thm:\x1b[2Jx[bold]y[/bold]")], "theorem a : A := by simp")
    text = run("status", village.folder)
    assert "\x1b[2J" not in text
    assert "[bold]y[/bold]" in text


def test_login_and_link(run):
    link = run("login", "Ana", "--new", "--role", "maintainer")
    assert link.startswith("http://127.0.0.1:8000/sign-in/")
    assert run("login", "ana") != link
    with pytest.raises(UserError, match="Nobody here is called Bob"):
        run("login", "Bob")
    assert run("link", "Ana", "ana@example.org") == "Commits by ana@example.org are Ana's.\n"


def test_report_is_markdown_of_the_project(run, village, nodes):
    village.commit(village.ana, nodes, "theorem a : A := by simp")
    run("sync", village.folder)
    assert "The Village" in run("report", "--since", "2w")
    with pytest.raises(UserError, match="must be a date"):
        run("report", "--since", "yesterday")
    with pytest.raises(UserError, match="Give either --period"):
        run("report", "--since", "2w", "--period", "week")


def test_the_report_goes_out_in_every_form(run, village, nodes):
    village.commit(village.ana, nodes, "theorem a : A := by simp")
    run("sync", village.folder)
    numbers = json.loads(run("report", "--period", "all", "--format", "json"))
    assert numbers["nodes"]["verified"] == numbers["burn_up"][-1]["verified"] == 1
    assert "<table" in run("report", "--format", "html")
    letter = message_from_string(run("report", "--format", "email"))
    kinds = [part.get_content_type() for part in letter.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]  # no course yet, so no picture


def test_tasks_and_rules_of_a_project(run, village, nodes):
    village.commit(village.ana, nodes, "theorem a : A := sorry")
    run("sync", village.folder)
    run("say", "--new", "--as", "Ada", "claim #2 2w")
    lines = run("tasks").splitlines()
    assert lines[0].startswith("#2 “prove Theorem a”: claimed, held by Ada until ")
    assert [line.split()[0] for line in run("tasks", "--state", "claimed").splitlines()] == ["#2"]
    assert len(run("tasks", "--all").splitlines()) > len(lines)
    run("say", "--as", "Ada", "propose #2 #34")
    assert "in review" in run("tasks", "--state", "in review")
    assert run("tasks", "--state", "on hold") == ""
    assert json.loads(run("tasks", "--json"))[0]["claims"][0]["name"] == "Ada"
    assert "  cap           3" in run("rules")


def test_only_a_maintainer_sets_a_rule(run, village, nodes):
    village.commit(village.ana, nodes, "theorem a : A := sorry")
    run("sync", village.folder)
    run("say", "--new", "--as", "Ada", "help")
    with pytest.raises(UserError, match="to be a maintainer"):
        run("rules", "cap", "5", "--as", "Ada")
    run("login", "Ada", "--role", "maintainer")
    assert "* cap           5" in run("rules", "cap", "5")
    assert "  cap           3" in run("rules", "cap", "--default")
    with pytest.raises(UserError, match="cannot be so"):
        run("rules", "cap", "none")
    with pytest.raises(UserError, match="cannot be so: `small`, `medium` and `large` may not exceed"):
        run("rules", "small", "100")
    assert "Give RULE a VALUE" not in run("rules")
    for typed in (["--default"], ["cap"], ["cap", "5", "--default"]):
        refused = CliRunner().invoke(group, ["rules", *typed])
        assert (refused.exit_code, "Give RULE a VALUE, or --default" in refused.output) == (2, True)


@pytest.mark.parametrize(
    ("rule", "value", "why"),
    [
        ("cap", "9999999999", "1000 or less"),
        ("cap", "0", "1 or more"),
        ("cap", "many", "a whole number"),
        ("leases", "perhaps", "`true` or `false`"),
        ("longest", "1e99", "a whole number"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_our_own_words(run, village, nodes, rule, value, why):
    village.commit(village.ana, nodes, "theorem a : A := sorry")
    run("sync", village.folder)
    run("login", "Ada", "--new", "--role", "maintainer")
    with pytest.raises(UserError) as refused:
        run("rules", rule, value)
    assert str(refused.value) == f"The rule `{rule}` cannot be so: it must be {why}."
