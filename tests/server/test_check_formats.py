"""`chantier check` for CI: formats, what makes it fail, and the report that it writes about a commit."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from click.testing import CliRunner, Result

from blueprint.errors import UserError
from lean_project.reports import decode, is_signed
from server.cli import check as verb
from server.cli.check_reports import KEY, read
from server.cli.junit import Case, junit

from .conftest import Village

PROVED, OPEN, BROKEN = "theorem a : A := by simp", "theorem b : B := sorry", "broken"


def commit(village: Village, *theorems: str) -> str:
    nodes = [village.node("thm:a"), village.node("thm:b", "thm:a"), village.node("thm:c", lean="gone")]
    return village.commit(village.ana, nodes, *theorems)


def run(village: Village, *words: str) -> Result:
    return CliRunner().invoke(verb.command, [str(village.folder), *words], catch_exceptions=True)


def failed(result: Result) -> str:
    assert isinstance(result.exception, UserError), result.exception
    return str(result.exception)


def test_the_policy(village: Village) -> None:
    commit(village, PROVED, OPEN)
    assert run(village).exit_code == 0
    assert "fails by its policy: sorry" in failed(run(village, "--fail-on", "sorry"))
    assert "fails by its policy: missing, drift." in failed(run(village, "--fail-on", "drift,missing"))
    assert "is nothing to fail on" in failed(run(village, "--fail-on", "sorrow"))
    commit(village, PROVED, BROKEN)
    assert "did not build" in failed(run(village))
    assert run(village, "--fail-on", "none").exit_code == 0


def test_annotations(village: Village) -> None:
    commit(village, PROVED, OPEN)
    lines = run(village, "--format", "github").stdout.splitlines()
    assert any(line.startswith("::notice ") and "Main.lean,line=2" in line for line in lines)
    assert any(line.startswith("::warning ") and "title=missing::" in line for line in lines)
    commit(village, PROVED, BROKEN)
    broken = run(village, "--format", "github", "--fail-on", "none").stdout
    assert "Main.lean,line=2,col=1,title=unbuilt::unexpected identifier" in broken


def test_sarif(village: Village) -> None:
    commit(village, PROVED, OPEN)
    (log,) = json.loads(run(village, "--format", "sarif").stdout)["runs"]
    rules = {rule["id"]: rule for rule in log["tool"]["driver"]["rules"]}
    assert {"missing", "sorry", "drift"} <= rules.keys()
    assert rules["sorry"]["defaultConfiguration"] == {"level": "note"}
    meaning = "The blueprint claims something else than Lean says."
    assert rules["drift"]["fullDescription"]["text"] == meaning
    for result in log["results"]:
        assert list(rules)[result["ruleIndex"]] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1


def test_junit(village: Village) -> None:
    commit(village, PROVED, OPEN)
    document = fromstring(run(village, "--format", "junit", "--fail-on", "none").stdout)
    (suite,) = document
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "0", "2")
    assert [case.get("name") for case in suite if len(case) == 0] == ["thm:a"]
    strict = run(village, "--format", "junit", "--fail-on", "missing").stdout
    (suite,) = fromstring(strict)
    assert [case.get("name") for case in suite if case.find("failure") is not None] == ["thm:c"]


def test_junit_holds_what_xml_can_hold() -> None:
    case = Case("<a & b>\x00\x1b\ud800", "g\ufffe", "f", 3, failed="]]> \x08\nsecond")
    (suite,) = fromstring(junit("t\x07", [case]))
    assert suite[0].get("name") == "<a & b>\ufffd\ufffd\ufffd"
    assert suite[0][0].text == "]]> \ufffd\nsecond"


def test_json_is_the_facts(village: Village) -> None:
    commit(village, PROVED, OPEN)
    assert json.loads(run(village, "--format", "json").stdout) == json.loads(run(village, "--json").stdout)


# Reports


def test_a_report_is_about_the_commit_and_signed(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha, file = commit(village, PROVED, OPEN), tmp_path / "report.json"
    monkeypatch.setenv(KEY, "a key")
    assert run(village, "--report", str(file), "--project", "village").exit_code == 0
    report = decode(file.read_bytes())
    assert (report.commit, report.project, report.verified) == (sha, "village", ("thm:a",))
    assert report.policy == ("refused", "regressions", "unbuilt")
    assert is_signed(file.read_bytes(), file.with_name("report.json.sig").read_text(), "a key")
    assert "a key" not in file.read_text()


def test_a_failing_check_is_reported_too(village: Village, tmp_path: Path) -> None:
    commit(village, PROVED, BROKEN)
    failed(run(village, "--report", str(tmp_path / "report.json"), "--project", "village"))
    assert read(tmp_path / "report.json").failed == ("unbuilt",)


def test_a_folder_that_is_not_as_committed_is_not_reported(village: Village, tmp_path: Path) -> None:
    commit(village, PROVED, OPEN)
    wanted = ("--report", str(tmp_path / "report.json"), "--project", "village")
    (village.folder / "New.lean").write_text("axiom cheat : False")
    assert "New.lean is in no commit" in failed(run(village, *wanted))
    (village.folder / "New.lean").unlink()
    (village.folder / "Main.lean").write_text("theorem b : B := by simp\n")
    assert "Main.lean is not as commit" in failed(run(village, *wanted))
    assert not (tmp_path / "report.json").exists()


def test_a_report_needs_to_know_whose_it_is(village: Village, tmp_path: Path) -> None:
    commit(village, PROVED)
    assert "Whose report is it?" in failed(run(village, "--report", str(tmp_path / "r")))
    assert "Give --report FILE" in failed(run(village, "--project", "village"))


def test_what_an_earlier_report_had_must_stay(village: Village, tmp_path: Path) -> None:
    commit(village, PROVED, OPEN)
    file = tmp_path / "report.json"
    run(village, "--report", str(file), "--project", "village")
    assert run(village, "--against", str(file)).exit_code == 0
    commit(village, "theorem a : A := sorry", OPEN)
    lost = run(village, "--against", str(file))
    assert "regressions" in failed(lost)
    assert "Theorem a was verified and is not any more" in lost.stdout
    assert "cannot be read" in failed(run(village, "--against", str(tmp_path / "none")))
    (tmp_path / "bad").write_text("{}")
    assert "is no report" in failed(run(village, "--against", str(tmp_path / "bad")))
