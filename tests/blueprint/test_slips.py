"""Slips of the pen that LaTeX or leanblueprint pass over in silence: each is told, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from blueprint.draft import Limits
from blueprint.errors import UserError
from blueprint.graph import Graph
from blueprint.latex.balance import unbalanced

FIRST = 11  # line of a document's body


def told(graph: Graph, *codes: str) -> list[tuple[str, int, int]]:
    return [
        (p.code, p.place.line - FIRST, p.place.column)
        for p in graph.problems
        if p.place and (not codes or p.code in codes)
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (r"$a$ \{ $b$ \emph{so} \[ c \] $$d$$ $e$$f$", []),
        (r"so \emph{that", [(8, "{")]),
        (r"so} that", [(2, "}")]),
        (r"\emph{a $\mathbb{R$ b} c", [(5, "{")]),
        ("a $x b", [(2, "$")]),
        ("a $x b\n\nc $y$", [(2, "$")]),
        ("a $x b\n% a comment\nc$ $y", [(22, "$")]),
        ("$$x\n\ny $$ $$", [(0, "$")]),
        (r"costs \$ 5 and \verb|{$| or $x$ % ${", []),
        (r"\url{https://example.org/%7Eme} \left\{ x \right. $\}$", []),
        ("\\begin{verbatim}\n{ $ \n\\end{verbatim}", []),
        (r"\\$x$ \{", []),
    ],
)
def test_a_brace_or_a_dollar_without_its_partner(text: str, wrong: list[tuple[int, str]]) -> None:
    assert unbalanced(text) == wrong


def test_it_is_told_once_where_one_environment_stands_in_another(graph_of) -> None:
    graph = graph_of("\\begin{lemma}\\label{a}\n\\begin{remark} Some {words. \\end{remark}\\end{lemma}")
    assert told(graph) == [("unbalanced", 1, 21)]


def test_what_it_swallows_is_told_at_its_cause(graph_of) -> None:
    graph = graph_of(
        "\\begin{lemma}\\label{a} \\uses{b \\end{lemma}\n\n\\begin{lemma}\\label{b} B. \\end{lemma}"
    )
    assert ("unbalanced", 0, 29) in told(graph)


def test_what_is_swallowed_is_not_all_cited(graph_of) -> None:
    graph = graph_of("\\begin{lemma}\\label{a} \\uses{b \\end{lemma}" + " word" * 1000)
    assert max(len(problem.message) for problem in graph.problems) < 1100


def test_braces_in_verbatim_text_of_the_project_mean_nothing(graph_of) -> None:
    body = "\\begin{lemma}\\label{a} A.\n\\begin{code}\nfun {x $ y\n\\end{code}\n\\end{lemma}"
    assert told(graph_of(body, preamble=r"\lstnewenvironment{code}{}{}"), "unbalanced") == []


@pytest.mark.parametrize("typed", [r"\lstinline{f $ x}", r"\mintinline{lean}{$x}", r"\iffalse { \fi"])
def test_nor_do_they_in_code_and_in_what_is_skipped(graph_of, typed: str) -> None:
    assert told(graph_of(rf"\begin{{lemma}}\label{{a}} So {typed}. \end{{lemma}}"), "unbalanced") == []


def test_an_end_that_is_misspelt_ends_what_was_meant(graph_of) -> None:
    graph = graph_of("\\begin{lemma}\\label{a} A. \\end{lema}\n\n\\begin{lemma}\\label{b} B. \\end{lemma}")
    assert [(node.id, node.statement.place.line - FIRST) for node in graph.nodes] == [("a", 0), ("b", 2)]
    assert told(graph) == [("unmatched-end", 0, 27)]
    assert graph.problems[0].hint == r"Did you mean \end{lemma}? It is taken for that."


def test_an_end_of_nothing_is_left_out(graph_of) -> None:
    body = "\\begin{lemma}\\label{a}A.\\end{lemma} \\end{lema} \\begin{lemma}\\label{b}\\end{x} \\end{lemma}"
    graph = graph_of(body)
    assert [node.id for node in graph.nodes] == ["a", "b"]
    assert told(graph) == [("unmatched-end", 0, 37), ("unmatched-end", 0, 70)]


def test_what_began_as_an_unknown_environment_may_end_as_one(graph_of) -> None:
    graph = graph_of(r"\begin{lemma}\label{a} \begin{bespoke} A. \end{bespoke} \end{lemma}")
    assert told(graph) == [("unknown-environment", 0, 24)]


def test_macros_for_environments_are_environments(graph_of) -> None:
    graph = graph_of(r"\lemma\label{a}\lean{A} A. \endlemma \proof\leanok P. \endproof After.")
    node = graph.nodes[0]
    assert (node.id, node.lean, node.statement.html) == ("a", ("A",), "<p>A.</p>")
    assert node.proof is not None
    assert (node.proof.leanok, node.proof.html) == (True, "<p>P.</p>")


@pytest.mark.parametrize(
    ("typed", "columns"), [(r"\leanok1", [31]), (r"\leanok 1", []), (r"\leanok{}1", []), (r"\marked1", [])]
)
def test_a_digit_behind_a_flag_is_text(graph_of, typed: str, columns: list[int]) -> None:
    body = rf"\begin{{lemma}}\label{{a}}\lean{{A}}{typed} \end{{lemma}}"
    graph = graph_of(body, preamble=r"\newcommand{\marked}{\leanok}")
    assert graph.nodes[0].statement.leanok
    assert [column for _, _, column in told(graph, "digit-after-flag")] == columns


@pytest.mark.parametrize("macro", ["graphcolor", "bpcolor"])
def test_a_colour_of_nothing(graph_of, macro: str) -> None:
    known = rf"\{macro}{{proved}}{{#000}}{{Black}}\{macro}{{mathlib}}{{#000}}{{Black}}"
    assert told(graph_of("", preamble=known)) == []
    assert told(graph_of("", preamble=rf"\{macro}{{nonsense}}{{#000}}{{Black}}")) == [
        ("unknown-colour", -2, 1)
    ]


def packages(graph: Graph) -> list[str]:
    return [problem.message.split()[2] for problem in graph.problems if problem.code == "missing-package"]


def test_a_package_of_the_project_that_is_not_there_is_told_and_one_of_a_tex_is_not(graph_of) -> None:
    used = r"\usepackage{styles/mine, unheardof, xcolor, styles/own}"
    graph = graph_of("", preamble=used, files={"blueprint/src/styles/own.sty": ""})
    assert packages(graph) == ["styles/mine.sty"]


def test_what_lies_there_and_is_no_file_of_the_project_is_told(graph_of, write, tmp_path: Path) -> None:
    source = write("", preamble=r"\usepackage{folder, link, lost}") / "blueprint/src"
    (source / "folder.sty").mkdir()
    (source / "link.sty").symlink_to("/etc/hostname")
    (source / "lost.sty").symlink_to("nowhere.sty")
    graph = graph_of("", preamble=r"\usepackage{folder, link, lost}")
    assert packages(graph) == ["folder.sty", "link.sty", "lost.sty"]


def test_a_package_does_not_get_past_the_limits(graph_of) -> None:
    files = {"blueprint/src/big.sty": "%" * 20_000}
    with pytest.raises(UserError, match="larger than"):
        graph_of("", preamble=r"\usepackage{big}", files=files, limits=Limits(file=10_000))
