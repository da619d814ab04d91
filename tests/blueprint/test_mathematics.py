"""What is left to MathJax."""

from __future__ import annotations

import pytest

from blueprint.graph import Macro
from blueprint.mathematics import inert, needed


@pytest.mark.parametrize(
    "command", ["href", "url", "require", "style", "class", "cssId", "htmlClass", "htmlData", "unicode"]
)
def test_commands_that_do_more_than_typeset_become_text(command: str) -> None:
    assert inert(rf"x + \{command}{{javascript:alert(1)}}{{y}}") == r"x + \text{javascript:alert(1)}{y}"


def test_commands_that_only_begin_alike_stay() -> None:
    assert inert(r"\hrefx \classical \styled \dataset \urls") == r"\hrefx \classical \styled \dataset \urls"


def test_macros_of_macros_are_needed_too_and_cycles_end() -> None:
    macros = (
        Macro("a", r"\b + \c"),
        Macro("b", r"\a"),
        Macro("c", r"\href{javascript:x}{y}"),
        Macro("d", "unused"),
    )
    assert [macro.name for macro in needed(macros, [r"\(\a\)"])] == ["a", "b", "c"]
    assert needed(macros, [r"\c"])[0].body == r"\text{javascript:x}{y}"


def test_the_default_of_a_macro_is_as_harmless_as_its_body_and_needs_macros_too() -> None:
    macros = (Macro("a", "#1", 1, r"\b \href{javascript:x}{y}"), Macro("b", "x"))
    assert needed(macros, [r"\a"]) == (Macro("a", "#1", 1, r"\b \text{javascript:x}{y}"), Macro("b", "x"))


def test_links_inside_mathematics_do_not_survive_reading(graph_of, only) -> None:
    node = only(graph_of(r"\begin{lemma}[$\href{javascript:a}{b}$]\label{a} $\style{x}{y}$ \end{lemma}"))
    assert "\\href" not in node.statement.html + (node.title or "")
    assert "\\style" not in node.statement.html


LINK = r"$\href{javascript:a}{b}$"


def test_nor_do_they_in_sections_numbers_and_the_title(graph_of) -> None:
    body = rf"\maketitle\chapter{{A {LINK}}}\section{{B {LINK}}}\begin{{lemma}}\label{{a}} C \end{{lemma}}"
    numbers = rf"\renewcommand{{\thetheorem}}{{{LINK}}}"
    graph = graph_of(body, preamble=rf"\title{{T {LINK}}}{numbers}")
    assert "\\href" not in repr((graph.title, graph.nodes[0].sections, graph.nodes[0].number))
    assert graph.title == r"T \(\text{javascript:a}{b}\)"
    assert len(graph.nodes[0].sections) == 2


def test_the_titles_of_sections_keep_their_mathematics(graph_of, only) -> None:
    body = (
        r"\chapter{The \texorpdfstring{$m$}{m}-torsion case}\section{A $\tau$ functional}"
        r"\begin{lemma}[On \texorpdfstring{$m$}{m}]\label{a} \texorpdfstring{$k$}{k} \end{lemma}"
    )
    node = only(graph_of(body))
    assert node.sections == (r"The \(m\)-torsion case", r"A \(\tau\) functional")
    assert node.title == r"On \(m\)"
    assert r"\(k\)" in node.statement.html
