"""Deep nesting costs no more than it must."""

from __future__ import annotations

import pytest

from blueprint.reader import Limits

DEPTH = 150


@pytest.mark.parametrize("macro", [r"\textbf", r"\emph", r"\footnote", r"$\frac12\sqrt", r"\unknown"])
def test_an_argument_inside_an_argument_many_times(graph_of, only, macro: str) -> None:
    text = f"{macro}{{" * DEPTH + "x" + "}" * DEPTH
    body = rf"\begin{{lemma}}\label{{a}} {text} \uses{{b}} \end{{lemma}}"
    assert only(graph_of(body, limits=Limits(seconds=20))).id == "a"


def test_what_is_nested_is_joined_and_read_once(graph_of, only) -> None:
    node = only(
        graph_of(r"\begin{lemma}[\emph{a \textbf{``b''} c}]\label{a} \emph{\emph{x---y}} \end{lemma}")
    )
    assert node.title == "a “b” c"
    assert "<em>x—y</em>" in node.statement.html
