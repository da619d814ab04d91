"""What `chantier check` prints of given facts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.facts import SORRY, Blame, Fact, Facts, Kind, Message
from server import inspection
from server.cli import check as verb
from server.cli import edges, status


def theorem(name: str, **more: object) -> Fact:
    return Fact(name=name, kind=Kind.THEOREM, is_prop=True, module="M", file="M.lean", line=3, **more)  # type: ignore[arg-type]


BAD = theorem("bad", axioms=(SORRY,), blames=(Blame(SORRY, ("bad", "aux", SORRY), True, "M.lean", 7),))
FACTS = Facts(
    toolchain="Lean",
    declarations=(
        BAD,
        theorem("good", axioms=("propext",)),
        theorem("risky", axioms=("own",), blames=(Blame("own", ("risky", "own"), False, "M.lean", 1),)),
        theorem("wrong", refusal="the kernel says: no", warnings=("Its name\x1b deceives.",)),
    ),
    messages=(
        Message("M.lean", 1, 2, "error", "first\n\x1b[31msecond"),
        Message("N.lean", 1, 0, "warning", "not tried, because M did not build"),
        Message("M.lean", 2, 0, "warning", "unused"),
    ),
    failed_modules=("N",),
)


def test_each_declaration_gets_a_verdict_and_its_problem() -> None:
    asked = ("good", "bad", "risky", "wrong", "absent")
    found = {line.name: line for line in verb.lines(FACTS, asked, STANDARD_AXIOMS)}
    assert [line.verdict for line in found.values()] == ["ok", "sorry", "axiom", "refused", "missing"]
    assert found["bad"].problem == "statement: bad → aux → sorryAx (M.lean:7)"
    assert found["risky"].problem == "risky → own (M.lean:1)"
    assert found["good"].place == "M.lean:3"


def test_an_allowed_axiom_is_no_problem() -> None:
    (line,) = verb.lines(FACTS, ["risky"], STANDARD_AXIOMS | {"own"})
    assert line.verdict == "ok"


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blueprint and a check whose outcome is given."""
    here = Part(Place("web.tex", 1), lean=("bad", "good", "risky", "wrong"))
    graph = Graph((Node("thm:all", "theorem", here, Flags(False, False, False, False, False, False)),))
    monkeypatch.setattr(inspection, "read", lambda *_, **__: graph)
    monkeypatch.setattr(inspection, "check", lambda *_, **__: FACTS)


@pytest.mark.usefixtures("played")
def test_the_command_prints_lean_s_complaints_and_says_what_did_not_build(tmp_path: Path) -> None:
    done = CliRunner().invoke(verb.command, [str(tmp_path)])
    assert isinstance(done.exception, UserError)
    assert str(done.exception) == "N did not build: M.lean:1:2: first."
    assert "M.lean:1:2: error: first\n" in done.output
    assert "\x1b" not in done.output
    assert "N.lean:1:0: warning: not tried" in done.output
    assert "unused" not in done.output
    assert re.search(r"^M.lean:3: warning: wrong: Its name.+ deceives\.$", done.output, re.MULTILINE)
    assert "1 of 4 declarations pass; 1 modules did not build, says Lean." in done.output


@pytest.mark.usefixtures("played")
def test_json_is_the_facts(tmp_path: Path) -> None:
    done = CliRunner().invoke(verb.command, [str(tmp_path), "--json"])
    assert json.loads(done.stdout)["declarations"][0]["name"] == "bad"


@pytest.fixture
def mismatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A theorem that says one lemma and uses another."""
    flags = Flags(False, False, False, False, False, False)

    def node(name: str, *uses: str) -> Node:
        return Node(f"thm:{name}", "theorem", Part(Place("web.tex", 4), uses, (name,)), flags)

    facts = (theorem("a"), theorem("b\x1b"), theorem("main", type_uses=("b\x1b",)))
    graph = Graph((node("a"), node("b\x1b"), node("main", "thm:a")))
    monkeypatch.setattr(inspection, "read", lambda *_, **__: graph)
    monkeypatch.setattr(inspection, "check", lambda *_, **__: Facts("Lean", facts))


@pytest.mark.usefixtures("mismatched")
def test_edges_prints_each_difference_with_its_place(tmp_path: Path) -> None:
    done = CliRunner().invoke(edges.command, [str(tmp_path)])
    assert done.exit_code == 0
    *said, summary = done.stdout.splitlines()
    assert summary == "1 edges are missing and 1 superfluous, says Lean."
    assert [line.partition(": ")[0] for line in said] == ["M.lean:3", "web.tex:4"]
    assert "misses thm:b" in said[0]
    assert said[1].startswith("web.tex:4: thm:main need not use thm:a: ")
    assert "\x1b" not in done.stdout


@pytest.mark.usefixtures("mismatched")
def test_edges_as_json_are_what_every_node_uses(tmp_path: Path) -> None:
    done = CliRunner().invoke(edges.command, [str(tmp_path), "--json"])
    found = json.loads(done.stdout)
    assert list(found) == ["thm:a", "thm:b\x1b", "thm:main"]
    assert found["thm:main"]["statement"] == ["thm:b\x1b"]
    assert found["thm:main"]["missing"][0]["path"] == ["main", "b\x1b"]


@pytest.mark.usefixtures("mismatched")
def test_status_counts_the_differences(tmp_path: Path) -> None:
    done = CliRunner().invoke(status.command, [str(tmp_path)])
    assert "Edges: 1 missing, 1 superfluous; `chantier edges` prints them." in done.output


@pytest.mark.usefixtures("played")
def test_the_status_warns_of_names_that_deceive(tmp_path: Path) -> None:
    done = CliRunner().invoke(status.command, [str(tmp_path)])
    assert "M.lean:3: warning: wrong: Its name" in done.output
    assert "\x1b" not in done.output


@pytest.mark.usefixtures("played")
def test_the_status_as_json_has_a_word_for_each_reason(tmp_path: Path) -> None:
    done = CliRunner().invoke(status.command, [str(tmp_path), "--json"])
    (node,) = json.loads(done.stdout)["nodes"]
    assert [reason["code"] for reason in node["proof"]["reasons"]] == ["refused by the kernel"]
