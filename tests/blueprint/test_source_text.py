"""Cutting environments out of their files."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blueprint.graph import Place
from blueprint.source_text import Scissors

BODIES = st.lists(
    st.text("ab %$é\n", max_size=12).filter(lambda text: "%" not in text), min_size=1, max_size=6
)


@given(BODIES)
def test_neighbours_are_cut_apart(bodies: list[str]) -> None:
    text, places = "", []
    for body in bodies:
        text += "before\n"
        places.append(text.count("\n") + 1)
        text += f"\\begin{{lemma}}{body}.\\end{{lemma}}\n"
    scissors = Scissors({"web.tex": text})
    for line, body in zip(places, bodies, strict=True):
        place, cut = scissors.cut(Place("web.tex", line), "lemma")
        assert place.line == line
        assert cut == f"{body}.".strip("\n")


def cut(text: str, line: int = 1, name: str = "lemma") -> str | None:
    return Scissors({"web.tex": text}).cut(Place("web.tex", line), name)[1]


def test_title_is_left_out() -> None:
    assert cut(r"\begin{lemma}[A {[nested]} title] x\end{lemma}") == " x"
    assert cut("\\begin{lemma}\n  [Title]\nx\\end{lemma}") == "x"
    assert cut(r"\begin{lemma}[never closed x\end{lemma}") == "[never closed x"


def test_nested_environments_of_one_kind() -> None:
    assert cut(r"\begin{lemma}a\begin{lemma}b\end{lemma}c\end{lemma}") is not None
    scissors = Scissors({"web.tex": r"\begin{lemma}a\begin{lemma}b\end{lemma}c\end{lemma}"})
    assert scissors.cut(Place("web.tex", 1), "lemma")[1] == "b"


def test_comments_do_not_count() -> None:
    assert cut("% \\begin{lemma}\n\\begin{lemma}x % \\end{lemma}\n\\end{lemma}", 2) == "x % \\end{lemma}"
    assert cut("50\\% \\begin{lemma}x\\end{lemma}") == "x"


def test_what_a_macro_made_is_not_in_the_file() -> None:
    assert cut(r"\mylemma{x}") is None
    assert cut(r"\begin{lemma} without end") is None
    assert Scissors({}).cut(Place("other.tex", 3), "lemma") == (Place("other.tex", 3), None)


def test_one_place_is_cut_once() -> None:
    scissors = Scissors({"web.tex": r"\begin{lemma}x\end{lemma}\made"})
    assert scissors.cut(Place("web.tex", 1), "lemma")[1] == "x"
    assert scissors.cut(Place("web.tex", 1), "lemma")[1] is None
