"""Formulas for those without scripts: mathematics gets through, nothing else, and in good time."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from blueprint.graph import Macro
from dashboards.macros import EndlessError, expanded
from dashboards.mathml import with_mathml

MACROS = (Macro("NN", r"\mathbb{N}"), Macro("abs", r"\lvert #1 \rvert", 1), Macro("pow", r"#2^{#1}", 2, "2"))
KNOWN = {macro.name: macro for macro in MACROS}
COMMANDS = r"\frac \left( \right) \begin{array}{c} \end{array} \sqrt \text \href \style \class \abs \pow \\"
SIGNS = "{ } [ ] _ ^ & < > ' x \""


def shown(tex: str) -> str:
    return with_mathml(Markup("{}").format(tex), MACROS)


def test_a_formula_carries_the_latex_that_it_was_made_from() -> None:
    formula = ElementTree.fromstring(shown(r"\(n \in \NN\)"))
    assert formula.get("alttext") == r"\(n \in \NN\)"
    assert "".join(formula.itertext()) == "n∈ℕ"
    assert ElementTree.fromstring(shown(r"\[ \abs{x} < 1 \]")).get("display") == "block"


def test_letters_of_other_kinds_are_characters_of_their_own() -> None:
    formula = ElementTree.fromstring(shown(r"\(\mathfrak{C}\mathfrak{p}\mathcal{B}\mathbb{F}\mathbf{x}\)"))
    assert "".join(formula.itertext()) == "ℭ𝔭ℬ𝔽𝐱"


@pytest.mark.parametrize(
    "tex", [r"\nobody{x}", r"\def\x{\x\x}\x", r"\newcommand{\y}[1]{\y{#1#1}}\y{z}", "x" * 5000]
)
def test_what_cannot_be_converted_stays_as_it_was(tex: str) -> None:
    assert shown(rf"\({tex}\)") == rf"\({tex}\)"


def test_what_would_act_does_not() -> None:
    text = shown(r"\(\href{javascript:1}{x} \style{color:red}{y} \text{<script>} \class{top}{z}\)")
    assert "<script" not in text
    assert not any(f" {name}=" in text.split(">", 1)[1] for name in ("href", "style", "class"))


@pytest.mark.parametrize("number", ["D800", "dfff", "00", "1B", "FFFF", "110000"])
def test_a_character_that_no_page_can_hold_stays_a_number(number: str) -> None:
    tex = rf"\(\text{{&#x{number};}}\)"
    assert shown(tex).encode() == Markup("{}").format(tex).encode()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(f"{COMMANDS} {SIGNS}".split()), max_size=60))
def test_whatever_is_typed_the_page_stays_sound(pieces: list[str]) -> None:
    made = shown(rf"\({' '.join(pieces)}\)")
    for element in ElementTree.fromstring(f"<p>{made}</p>").iter():
        assert element.tag in {"p", "math"} or element.tag.startswith("m") or element.tag == "none"
        assert not {"href", "style", "class", "id"} & element.attrib.keys()
        assert not [name for name in element.attrib if name.startswith("on")]


def test_macros_are_put_in() -> None:
    assert expanded(r"\abs{\pow[3]{\NN}} + \pow x", KNOWN) == r"\lvert \mathbb{N}^{3} \rvert + x^{2}"
    assert expanded(r"\NN x \NNx \{", KNOWN) == r"\mathbb{N} x \NNx \{"
    assert expanded(r"\abs", KNOWN) == r"\lvert  \rvert"


@pytest.mark.parametrize("body", [r"\a\a", r"\a", r"xx\b"])
def test_a_macro_that_feeds_on_itself_stops(body: str) -> None:
    with pytest.raises(EndlessError):
        expanded(r"\a", {"a": Macro("a", body), "b": Macro("b", r"\a\a")})
