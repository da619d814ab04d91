"""Cutting environments out of their files."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blueprint.graph import Place
from blueprint.source_text import cut

BODIES = st.lists(
    st.text("ab %$é\n", max_size=12).filter(lambda text: "%" not in text), min_size=1, max_size=6
)


@given(BODIES)
def test_neighbours_are_cut_apart(bodies: list[str]) -> None:
    text, places = "", []
    for body in bodies:
        text += "before\n "
        places.append(text.count("\n") + 1)
        text += f"\\begin{{lemma}}{body}.\\end{{lemma}}\n"
    for line, body in zip(places, bodies, strict=True):
        assert cut({"web.tex": text}, Place("web.tex", line, 2), "lemma") == f"{body}.".strip("\n")


def found(text: str, line: int = 1, column: int = 1) -> str | None:
    return cut({"web.tex": text}, Place("web.tex", line, column), "lemma")


def test_title_is_left_out() -> None:
    assert found(r"\begin{lemma}[A {[nested]} title] x\end{lemma}") == " x"
    assert found("\\begin{lemma}\n  [Title]\nx\\end{lemma}") == "x"
    assert found(r"\begin{lemma}[never closed x\end{lemma}]") == "[never closed x"


def test_nested_environments_of_one_kind() -> None:
    text = r"\begin{lemma}a\begin{lemma}b\end{lemma}c\end{lemma}"
    assert found(text) == r"a\begin{lemma}b\end{lemma}c"
    assert found(text, column=15) == "b"


def test_comments_do_not_count() -> None:
    assert found("% \\begin{lemma}\n\\begin{lemma}x % \\end{lemma}\n\\end{lemma}", 2) == "x % \\end{lemma}"
    assert found("50\\% \\begin{lemma}x\\end{lemma}", column=6) == "x"


def test_what_a_macro_made_is_not_in_the_file() -> None:
    assert found(r"\mylemma{x}") is None
    assert found(r"\begin{lemma} without end") is None
    assert found("x", line=7) is None
    assert cut({}, Place("other.tex", 3), "lemma") is None


def test_what_is_commented_out_or_escaped_ends_nothing() -> None:
    assert found("\\begin{lemma}a % \\end{lemma}\n\\% \\\\% \\end{lemma}\n\\end{lemma}") == (
        "a % \\end{lemma}\n\\% \\\\% \\end{lemma}"
    )
    assert found(r"\begin{lemma}a\\end{lemma}\end{lemma}") == r"a\\end{lemma}"
    assert found(r"\begin{lemma}a\\\end{lemma}") == "a" + r"\\"
