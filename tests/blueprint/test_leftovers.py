"""Nodes that nobody uses, in any language."""

from __future__ import annotations

import pytest

from blueprint.reader import read

KINDS = "\\newtheorem{satz}{Satz}\\newtheorem{hilfssatz}{Hilfssatz}"


def unused(graph) -> list[str]:
    return [problem.node for problem in graph.problems if problem.code == "unused-node"]


def document(used: int, left: int, kind: str, goal: str) -> str:
    names = [f"n{index}" for index in range(used + left)]
    helping = [f"\\begin{{{kind}}}\\label{{{name}}} A. \\end{{{kind}}}" for name in names]
    return "\n".join(
        [*helping, f"\\begin{{{goal}}}\\label{{g}}\\uses{{{','.join(names[:used])}}} B.\\end{{{goal}}}"]
    )


@pytest.mark.parametrize(("kind", "goal"), [("hilfssatz", "satz"), ("lemma", "theorem")])
def test_of_a_kind_that_is_used_one_is_left_over(write, kind: str, goal: str) -> None:
    root = write(document(4, 1, kind, goal), preamble=KINDS)
    main = root / "blueprint/src/web.tex"
    main.write_text(main.read_text().replace("{blueprint}", "[thms=lemma+theorem+satz+hilfssatz]{blueprint}"))
    assert unused(read(main, root)) == ["n4"]


def test_of_a_kind_that_is_mostly_not_used_none_is(graph_of) -> None:
    assert unused(graph_of(document(1, 2, "lemma", "theorem"))) == []


def test_what_prose_cites_is_not_left_over(graph_of) -> None:
    assert unused(graph_of(document(4, 1, "lemma", "theorem") + " See \\ref{n4}.")) == []


def test_what_rests_on_most_is_a_goal(graph_of) -> None:
    body = document(4, 0, "lemma", "theorem") + "\\begin{lemma}\\label{end}\\uses{g} End. \\end{lemma}"
    assert unused(graph_of(body)) == []
