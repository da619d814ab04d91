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


def test_links_inside_mathematics_do_not_survive_reading(graph_of, only) -> None:
    node = only(graph_of(r"\begin{lemma}[$\href{javascript:a}{b}$]\label{a} $\style{x}{y}$ \end{lemma}"))
    assert "\\href" not in node.statement.html + (node.title or "")
    assert "\\style" not in node.statement.html
