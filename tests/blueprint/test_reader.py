"""What the reader makes of ordinary text, and what it says when there is nothing to read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from blueprint import answers, latex_process, reader
from blueprint.draft import Answer, Draft, Environment, Failure, Note, encoded
from blueprint.errors import UserError
from blueprint.graph import Place
from blueprint.latex.engine import FATAL
from blueprint.reader import DEFAULT, read

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def small():
    root = GOLDEN / "small"
    return {node.id: node for node in read(root / "blueprint/src/web.tex", root).nodes}


def test_source_is_the_text_as_typed(small) -> None:
    assert small["def:door"].statement.source == (
        "  \\label{def:door}\n"
        "  \\lean{Door, Door.open'}\n"
        "  \\leanok\n"
        "  A \\emph{door} is a map $d : \\RR \\to \\RR$ with $\\norm{d} < 1$."
    )
    assert small["lem:open"].proof.source == "  \\leanok\n  By \\cref{def:door}. % a remark"


def test_html_for_people(small) -> None:
    html = small["def:door"].statement.html
    assert html.startswith("<p>A <em>door</em> is a map \\(d : \\mathbb {R}\\to \\mathbb {R}\\) with ")
    assert "&lt; 1\\)" in html
    assert "label" not in html
    assert "lean" not in html


def test_lists_and_numbered_equations(small) -> None:
    html = small["lem:open"].statement.html
    assert "<ul><li><p>one,</p></li><li><p>two.</p></li></ul>" in html
    assert "\\tag{1}\\]" in html


def test_references_lead_to_nodes(small) -> None:
    assert '<a href="node:def:door"' in small["lem:open"].proof.html
    assert ">Definition 1.1</a>" in small["lem:open"].proof.html  # cleveref was asked for capitals
    # An equation's number leads to the node that it stands in.
    assert '<a href="node:lem:open"' in small["thm:two"].statement.html
    assert ">(1)</a>" in small["thm:two"].statement.html


def test_displays_are_such_as_mathjax_nests(small) -> None:
    assert "\\[\\begin{align*}" in small["thm:two"].proof.html


def test_macros_are_those_that_mathematics_needs() -> None:
    root = GOLDEN / "small"
    macros = {macro.name: macro for macro in read(root / "blueprint/src/web.tex", root).macros}
    assert macros["ball"].arity == 2
    assert macros["ball"].default == "1"
    assert macros["pair"].body == "\\langle #1, #2 \\rangle"
    assert "unusedmacro" not in macros


def test_reading_twice_gives_the_same(small) -> None:
    root = GOLDEN / "small"
    again = read(root / "blueprint/src/web.tex", root)
    assert {node.id: node for node in again.nodes} == small


def test_unlabelled_nodes_keep_their_ids_when_others_come_before(graph_of) -> None:
    lemma = r"\begin{lemma}\lean{Foo.bar} The text. \end{lemma}"
    before = graph_of(lemma).nodes[0].id
    after = graph_of(r"\begin{lemma} Another. \end{lemma}" + lemma + lemma).nodes
    assert [node.id for node in after][1:] == [before, f"{before}-2"]


def test_document_without_the_packages_still_reads(tmp_path: Path) -> None:
    source = tmp_path / "web.tex"
    source.write_text(
        "\\documentclass{unheardof}\\newtheorem{lemma}{Lemma}\n\\begin{document}"
        "\\begin{lemma}\\label{a}\\leanok x\\end{lemma}\\begin{proof}\\leanok\\end{proof}\\end{document}"
    )
    graph = read(source, tmp_path)
    assert [(node.id, node.number, node.claimed.proved) for node in graph.nodes] == [("a", "1", True)]


def test_missing_main_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"web\.tex does not exist; a blueprint's main file is"):
        read(tmp_path / "blueprint/src/web.tex", tmp_path)


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a folder"):
        read(tmp_path / "no/web.tex", tmp_path / "no")


@pytest.mark.parametrize("data", [b"", b"{", b'{"draft": 3}', b'{"draft": {"environments": "x"}}', b"\xff"])
def test_answer_that_is_no_answer(data: bytes) -> None:
    assert answers.parsed(data, DEFAULT) == Answer(failure=Failure("crash"))


@pytest.mark.parametrize(("owner", "key"), [(1, 0), (-1, 0), (0, 1)])
def test_answer_that_leads_nowhere(owner: int, key: int) -> None:
    place = Place("web.tex", 1)
    draft = Draft(
        environments=(Environment(key, "lemma", place, "", ""),),
        notes=(Note("leanok", "", place, owner, True),),
        labels=(),
        kinds=("lemma",),
    )
    assert answers.parsed(encoded(Answer(draft)), DEFAULT) == Answer(failure=Failure("crash"))


def test_answer_that_is_too_long() -> None:
    limits = reader.Limits(output=10)
    assert answers.parsed(b"x" * 11, limits) == Answer(failure=Failure("output"))


def test_every_failure_has_a_sentence() -> None:
    for reason in (*reader.REASONS, "unheard of"):
        sentence = reader._sentence("web.tex", Failure(reason, "de\ntail {x}\x1b"), DEFAULT)
        assert sentence.isprintable()
        assert sentence.startswith("The blueprint web.tex ")
        assert sentence.endswith(".")
        assert "{detail" not in sentence


def test_a_reader_that_cannot_start_is_no_fault_of_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "web.tex").write_text(r"\documentclass{article}\begin{document}\end{document}", "utf-8")
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path / "cache"))
    broken = [sys.executable, "-c", "import there_is_no_such_module"]
    monkeypatch.setattr(
        latex_process, "_started", lambda *_: subprocess.Popen(broken, stderr=subprocess.DEVNULL)
    )
    with pytest.raises(UserError, match="a fault of Chantier's own"):
        read(tmp_path / "web.tex", tmp_path)


def test_a_mistake_of_the_engine_is_no_fault_of_the_text() -> None:
    """A `NameError` in a macro of ours ends the reading; what plasTeX raises on odd text does not."""
    assert not issubclass(KeyError, FATAL)
    assert issubclass(NameError, FATAL)


def test_a_label_may_hold_the_value_of_a_counter(graph_of) -> None:
    graph = graph_of(
        "\\begin{lemma}\\label{a-\\arabic{theorem}} A. \\end{lemma}\n\n"
        "\\begin{lemma}\\label{b-\\thetheorem}\\uses{a-1} B. \\end{lemma}\n\n"
    )
    assert [node.labels for node in graph.nodes] == [("a-1",), (f"b-{graph.nodes[1].number}",)]
    assert graph.nodes[1].statement.uses == ("a-1",)
    assert not [problem for problem in graph.problems if problem.code == "escaped-label"]
