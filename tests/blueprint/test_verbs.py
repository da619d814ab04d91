"""`chantier graph` and `chantier lint`, as people and scripts see them."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from blueprint.graph import Place, Problem
from server.cli import graph as graph_verb
from server.cli import lint as lint_verb
from server.cli import lint_formats, node_table

GOLDEN = Path(__file__).parent / "golden"
LINE = re.compile(r"^\S+:\d+:\d+: (error|warning|info) [a-z0-9-]+: .+\.( \(.+\.?\))?$")


def run(command, *arguments: str):
    return CliRunner().invoke(command, list(arguments), env={"COLUMNS": "200"})


def test_lint_lines_are_such_as_editors_jump_to() -> None:
    result = run(lint_verb.command, str(GOLDEN / "mistakes"))
    *lines, summary = result.output.splitlines()
    assert result.exit_code == 1
    assert len(lines) == 28
    assert all(LINE.match(line) for line in lines), [line for line in lines if not LINE.match(line)]
    assert summary == "9 errors, 17 warnings, 2 info"


def test_lint_succeeds_when_nothing_is_an_error() -> None:
    result = run(lint_verb.command, str(GOLDEN / "options"), "--quiet")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "3 warnings"


def test_lint_quiet_leaves_out_info() -> None:
    assert " info " not in run(lint_verb.command, str(GOLDEN / "small"), "-q").output
    assert " info " in run(lint_verb.command, str(GOLDEN / "small")).output


def test_lint_json() -> None:
    problems = json.loads(run(lint_verb.command, str(GOLDEN / "mistakes"), "--json").output)
    assert {"code", "severity", "file", "line", "column", "node", "message", "hint"} == set(problems[0])
    assert len(problems) == 28


def test_control_characters_do_not_reach_the_terminal() -> None:
    problem = Problem("code", "error", "bad \x1b[31m name", place=Place("a\n.tex", 1))
    line = click.unstyle(lint_formats.line(problem))
    assert "\x1b" not in line
    assert "\n" not in line


def test_graph_table_has_a_row_for_each_node() -> None:
    output = run(graph_verb.command, str(GOLDEN / "small")).output
    for words in (
        "definition 1.1",
        "lem:open",
        "two_doors",
        "in Mathlib",
        "not ready",
        "to prove",
        "blocked",
    ):
        assert words in output
    assert output.splitlines()[-1].startswith("6 nodes, 7 uses, 5 Lean declarations")


@pytest.mark.parametrize(("width", "names"), [(80, False), (140, True)])
def test_a_narrow_terminal_counts_lean_names(width: int, names: bool) -> None:
    console = Console(width=width, record=True, file=io.StringIO())
    found = graph_verb.read_project(GOLDEN / "small")
    console.print(node_table.table(found, wide=width >= node_table.WIDE))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= width
    assert any("two_doors" in line for line in lines) is names


def test_colours_are_for_terminals() -> None:
    problem = Problem("code", "error", "m", place=Place("a.tex", 1))
    assert lint_formats.line(problem) == f"a.tex:1:1: {click.style('error', 'red')} code: m"
    plain = run(lint_verb.command, str(GOLDEN / "mistakes")).output
    assert "\x1b" not in plain
    coloured = CliRunner().invoke(lint_verb.command, [str(GOLDEN / "mistakes")], color=True)
    assert "\x1b[31merror" in coloured.output
    silent = CliRunner(env={"NO_COLOR": "1"}).invoke(
        lint_verb.command, [str(GOLDEN / "mistakes")], color=True
    )
    assert silent.output == plain


def test_graph_json_says_what_the_table_says() -> None:
    out = json.loads(run(graph_verb.command, str(GOLDEN / "small"), "--json").output)
    assert [node["id"] for node in out["nodes"]][:2] == ["def:door", "lem:open"]
    assert out["nodes"][1]["claimed"]["fully_proved"] is True
    assert out["nodes"][3]["discussion"] == "12"


@pytest.mark.parametrize("verb", ["graph", "lint"])
def test_no_blueprint_is_one_sentence(verb: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", verb, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("chantier: ")
    assert "web.tex does not exist" in done.stderr


def test_project_in_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN / "small")
    assert run(graph_verb.command).exit_code == 0


def test_a_narrow_terminal_has_whole_headers() -> None:
    graph = graph_verb.read_project(GOLDEN / "options")
    console = Console(file=io.StringIO(), width=40, force_terminal=True, no_color=True)
    console.print(node_table.table(graph, wide=False, narrow=True))
    printed = console.file.getvalue()
    assert "claim" in printed
    assert "…" not in printed.split("━")[0]
