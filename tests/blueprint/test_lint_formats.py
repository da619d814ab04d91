"""The formats of `chantier lint`: transcripts of all mistakes, and what other programs want."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from blueprint.graph import Place, Problem
from blueprint.review.codes import CODES
from server.cli import lint, lint_formats

GOLDEN = Path(__file__).parent / "golden"
TRANSCRIPTS = Path(__file__).parent / "transcripts"
NASTY = Problem(
    "cycle", "error", "100% of `a,b:c`\r\nloop.", "Break it.", Place("a b/ü,x:1%.tex", 3, 5), "a,b:c"
)


def linted(*arguments: str, project: str = "mistakes") -> str:
    """What is printed inside the folder of a golden project."""
    here = Path.cwd()
    os.chdir(GOLDEN / project)
    try:
        result = CliRunner().invoke(lint.command, list(arguments))
    finally:
        os.chdir(here)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("lint.txt", []),
        ("lint-quiet.txt", ["--quiet"]),
        ("lint-github.txt", ["--format", "github"]),
        ("lint.json", ["--format", "json"]),
        ("lint.diff", ["--diff"]),
        ("lint-unsafe.diff", ["--diff", "--unsafe-fixes"]),
        ("slips.txt", []),
        ("slips.diff", ["--diff"]),
        ("slips-unsafe.diff", ["--diff", "--unsafe-fixes"]),
    ],
)
def test_transcript(name: str, arguments: list[str]) -> None:
    """To renew one, print it again and read the difference before it is committed."""
    project = "slips" if name.startswith("slips") else "mistakes"
    assert linted(*arguments, project=project) == (TRANSCRIPTS / name).read_text("utf-8")


def test_json_is_an_alias() -> None:
    assert linted("--json") == linted("--format", "json")


def test_select_and_ignore() -> None:
    codes = {problem["code"] for problem in json.loads(linted("--json"))}
    chosen = json.loads(linted("--json", "--select", "cycle,no-label", "--select", "second-proof"))
    assert {problem["code"] for problem in chosen} == {"cycle", "no-label", "second-proof"}
    left = json.loads(linted("--json", "--ignore", "cycle, no-label"))
    assert {problem["code"] for problem in left} == codes - {"cycle", "no-label"}


@pytest.mark.parametrize(("arguments", "status"), [([], 1), (["--select", "no-label"], 0)])
def test_only_an_error_that_is_shown_makes_it_fail(arguments: list[str], status: int) -> None:
    assert CliRunner().invoke(lint.command, [str(GOLDEN / "mistakes"), *arguments]).exit_code == status


def test_a_code_that_is_none_is_refused_with_a_hint() -> None:
    result = CliRunner().invoke(lint.command, [str(GOLDEN / "mistakes"), "--select", "cycel"])
    assert isinstance(result.exception, UserError)
    assert "Did you mean `cycle`?" in str(result.exception)


def test_files_are_shown_as_the_current_folder_sees_them(tmp_path: Path) -> None:
    root = tmp_path / "a" / "project"
    assert lint_formats.located(root, tmp_path / "a")("src/web.tex") == "project/src/web.tex"
    assert lint_formats.located(root, root)("src/web.tex") == "src/web.tex"
    assert lint_formats.located(root, tmp_path / "b")("src/web.tex") == f"{root}/src/web.tex"


def test_github_escapes_what_would_end_a_property_or_a_line() -> None:
    assert lint_formats.github((NASTY,), str) == (
        "::error file=a b/ü%2Cx%3A1%25.tex,line=3,col=5,title=cycle::100%25 of `a,b:c`%0D%0Aloop. Break it."
    )


def test_github_keeps_what_is_not_in_a_file() -> None:
    assert lint_formats.github((Problem("cycle", "info", "M."),), str) == "::notice title=cycle::M."


def test_sarif_has_the_shape_of_the_standard() -> None:
    """What section 3 of SARIF 2.1.0 asks of the properties that are used."""
    log = json.loads(linted("--format", "sarif"))
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "chantier"
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith(".")
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for result in run["results"]:
        check_result(result, rules)


def check_result(result: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in ("error", "warning", "note")
    assert result["message"]["text"]
    for location in result["locations"]:
        physical = location["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9._~/%:-]+", physical["artifactLocation"]["uri"])
        assert physical["region"]["startLine"] >= 1
        assert physical["region"]["startColumn"] >= 1


def test_sarif_of_a_nasty_place() -> None:
    (result,) = json.loads(lint_formats.sarif((NASTY,), str))["runs"][0]["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%BC%2Cx%3A1%25.tex"
    assert location["logicalLocations"] == [{"name": "a,b:c", "kind": "element"}]


def test_sarif_is_what_its_model_takes() -> None:
    """sarif-pydantic checks types and values; whatever it does not know must be known to us."""
    model = pytest.importorskip("sarif_pydantic", reason="sarif-pydantic is not installed")
    log = model.Sarif.model_validate_json(linted("--format", "sarif"))
    assert set(unknown(log)) == {"columnKind"}
    broken = json.loads(linted("--format", "sarif"))
    broken["runs"][0]["results"][0]["level"] = "severe"
    with pytest.raises(ValueError, match="level"):
        model.Sarif.model_validate(broken)


def unknown(model: Any) -> Iterator[str]:
    """The names of all properties that a pydantic model let pass without knowing them."""
    yield from model.model_extra or ()
    for name in type(model).model_fields:
        value = getattr(model, name)
        for part in value if isinstance(value, list) else [value]:
            if hasattr(part, "model_extra"):
                yield from unknown(part)


def test_what_a_rule_says_is_a_sentence() -> None:
    for code in CODES.values():
        assert code.severity in lint_formats.SEVERITIES
        assert not code.title.endswith(".")
        assert code.meaning.endswith(".")
