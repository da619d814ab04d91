"""What the text cites, by whatever macro, and what is said of it."""

from __future__ import annotations

import pytest

LEMMA = "\\begin{lemma}\\label{a} A. \\end{lemma}\n\\begin{lemma}\\label{c} C. \\end{lemma}\n"
CITING = "\\begin{theorem}\\label{b} B. \\end{theorem}\n\\begin{proof} By %s. \\end{proof}"
PACKAGES = "\\newcommand{\\refthm}[1]{Theorem~\\ref{#1}}\n\\newcommand{\\refa}{\\ref{a}}\n"
MACROS = (
    *("\\ref{a}", "\\cref{a}", "\\vref{a}", "\\hyperref[a]{this}", "\\pageref{a}", "\\autoref{a}"),
    *("\\nameref{a}", "\\zcref{a}", "\\refthm{a}", "\\refa", "\\emph{\\ref{a}}", "$\\text{\\ref{a}}$"),
)


def told(graph, code: str) -> list[tuple[int, int, str | None]]:
    found = [problem for problem in graph.problems if problem.code == code]
    first = graph.nodes[0].statement.place.line if graph.nodes else 0
    return [(problem.place.line - first, problem.place.column, problem.node) for problem in found]


@pytest.mark.parametrize("macro", MACROS)
def test_every_macro_that_refers_cites(graph_of, macro: str) -> None:
    graph = graph_of(LEMMA + CITING % macro, preamble=PACKAGES)
    (problem,) = [problem for problem in graph.problems if problem.code == "cited-not-used"]
    assert problem.about == ("a",)
    assert problem.node == "b"
    assert problem.place.line == graph.nodes[2].proof.place.line


def test_a_reference_has_its_own_place(graph_of) -> None:
    graph = graph_of(LEMMA + CITING % "what was \\refthm{a}", preamble=PACKAGES)
    assert told(graph, "cited-not-used") == [(3, 27, "b")]


def test_a_range_cites_both_ends(graph_of) -> None:
    graph = graph_of(LEMMA + CITING % "\\crefrange{a}{c}")
    assert [p.about for p in graph.problems if p.code == "cited-not-used"] == [("a", "c")]


def test_prose_cites_too(graph_of) -> None:
    graph = graph_of(LEMMA + "As \\ref{a} and \\hyperref[nowhere]{this} and \\cref{c, nothing} say.")
    assert told(graph, "unresolved-ref") == [(2, 16, None), (2, 45, None)]
    assert told(graph, "unused-node") == []


def test_what_is_not_carried_out_cites_nothing(graph_of) -> None:
    hidden = "\\iffalse \\ref{x}\\fi \\verb|\\ref{x}| % \\ref{x}\n"
    assert told(graph_of(LEMMA + CITING % hidden), "unresolved-ref") == []


def test_what_is_to_be_imitated_is_not_relied_on(graph_of) -> None:
    assert (
        told(graph_of(LEMMA + CITING % "the proof of Lemma~\\refthm{a}", preamble=PACKAGES), "cited-not-used")
        == []
    )


def test_a_use_on_the_wrong_side_is_told_at_the_reference(graph_of) -> None:
    body = "\\begin{theorem}\\label{b}\\uses{a} B. \\end{theorem}\n\\begin{proof} By \\ref{a}. \\end{proof}"
    assert told(graph_of(LEMMA + body), "uses-of-proof") == [(3, 18, "b")]


def test_what_comes_first_in_a_theorem_is_cited_by_it(graph_of) -> None:
    graph = graph_of(
        "\\begin{lemma}\\label{a} A. \\end{lemma}\n\n"
        "\\begin{lemma}\\label{b}\\ref{a} gives B. \\end{lemma}\n\n"
    )
    assert [problem.node for problem in graph.problems if problem.code == "cited-not-used"] == ["b"]
