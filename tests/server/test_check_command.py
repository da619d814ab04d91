"""What `chantier check` prints of given facts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.facts import SORRY, Blame, Fact, Facts, Kind, Message
from server import inspection
from server.cli import check as verb


def theorem(name: str, **more: object) -> Fact:
    return Fact(name=name, kind=Kind.THEOREM, is_prop=True, module="M", file="M.lean", line=3, **more)  # type: ignore[arg-type]


BAD = theorem("bad", axioms=(SORRY,), blames=(Blame(SORRY, ("bad", "aux", SORRY), True, "M.lean", 7),))
FACTS = Facts(
    toolchain="Lean",
    declarations=(
        BAD,
        theorem("good", axioms=("propext",)),
        theorem("risky", axioms=("own",), blames=(Blame("own", ("risky", "own"), False, "M.lean", 1),)),
        theorem("wrong", refusal="the kernel says: no"),
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
    assert "1 of 4 declarations pass; 1 modules did not build, says Lean." in done.output


@pytest.mark.usefixtures("played")
def test_json_is_the_facts(tmp_path: Path) -> None:
    done = CliRunner().invoke(verb.command, [str(tmp_path), "--json"])
    assert json.loads(done.stdout)["declarations"][0]["name"] == "bad"
