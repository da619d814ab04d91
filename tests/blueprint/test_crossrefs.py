"""References in words, as cleveref, hyperref and amsmath have them."""

from __future__ import annotations

import re

import pytest

from blueprint.crossrefs import Crossrefs, mark
from blueprint.draft import Label, Wording
from blueprint.graph import Place

HERE = Place("web.tex", 1)


def label(name: str, number: str, kind: str = "lemma", called: str = "Lemma", title: str = "") -> Label:
    return Label(name, HERE, None, True, number=number, kind=kind, called=called, title=title)


LABELS = (
    label("a", "1.1"),
    label("b", "1.2"),
    label("c", "1.3", "corollary", "Corollary", "Last one"),
    label("eq", "2", "equation", ""),
    label("eq2", "3", "equation", ""),
    label("sec", "4", "subsection", ""),
    label("it", "i", "enumii", ""),
    label("star", "", "remark", "Remark"),
    label("a", "9.9"),
    label("x, y", "7"),
)


def words(style: str, *typed: str, **wording: object) -> str:
    found = Crossrefs.of(LABELS, Wording(**wording))  # type: ignore[arg-type]
    return found.in_text(mark(style, *typed))


@pytest.mark.parametrize(
    ("style", "typed", "shown"),
    [
        ("ref", "a", "1.1"),
        ("ref", "eq", "2"),
        ("eqref", "eq", "(2)"),
        ("pageref", "sec", "4"),
        ("cref", "a", "lemma 1.1"),
        ("Cref", "a", "Lemma 1.1"),
        ("cref", "a,b", "lemmas 1.1 and 1.2"),
        ("Cref", "a, c", "Lemma 1.1 and Corollary 1.3"),
        ("cref", "a,b,c", "lemmas 1.1 and 1.2 and corollary 1.3"),
        ("cref", "eq", "eq. (2)"),
        ("Cref", "eq,eq2", "Equations (2) and (3)"),
        ("cref", "sec", "section 4"),
        ("cref", "it", "item i"),
        ("cref", "star", "remark Remark"),
        ("cref", "x, y", "lemma 7"),
        ("ref", "x, y", "7"),
        ("autoref", "a", "Lemma 1.1"),
        ("autoref", "eq", "Equation 2"),
        ("autoref", "sec", "section 4"),
        ("nameref", "c", "Last one"),
        ("nameref", "a", "Lemma 1.1"),
        ("namecref", "a", "lemma"),
        ("nameCref", "a", "Lemma"),
        ("labelcref", "a,b", "1.1 and 1.2"),
        ("ref", "nowhere", "??"),
        ("cref", "a,nowhere", "lemma 1.1 and ??"),
        ("cref", "", ""),
    ],
)
def test_words(style: str, typed: str, shown: str) -> None:
    assert words(style, typed) == shown


def test_ranges() -> None:
    assert words("crefrange", "a", "b") == "lemmas 1.1 to 1.2"
    assert words("Crefrange", "eq", "eq2") == "Equations (2) to (3)"
    assert words("crefrange", "a", "nowhere") == "lemmas 1.1 to ??"


def test_the_document_chooses_the_words() -> None:
    assert words("cref", "eq", abbreviates=False) == "equation (2)"
    assert words("cref", "eq", capitals=True) == "Eq. (2)"
    assert words("cref", "a,b", names={"lemma": ("lem.", "lems.")}) == "lems. 1.1 and 1.2"
    assert words("Cref", "a", names={"lemma": ("lem.", "lems.")}) == "Lem. 1.1"
    assert words("Cref", "a", capital_names={"lemma": ("LEMMA", "LEMMAS")}) == "LEMMA 1.1"
    assert words("cref", "eq", formats={"equation": "(#2#1#3)"}) == "(2)"


def test_links_lead_to_labels_and_unknown_ones_are_seen() -> None:
    html = Crossrefs.of(LABELS, Wording()).in_html(f"<p>{mark('cref', 'a,b')} {mark('ref', '&lt;i&gt;')}</p>")
    assert html == (
        '<p>lemmas <a href="label:a">1.1</a> and <a href="label:b">1.2</a> '
        "<strong>??</strong> <code>&lt;i&gt;</code></p>"
    )


def test_in_mathematics_they_are_text() -> None:
    found = Crossrefs.of(LABELS, Wording())
    typed = mark("eqref", "eq", mathematics=True) + mark("tag", "eq", mathematics=True)
    assert found.in_html(typed) == r"\textrm{(2)}\tag{2}"
    assert found.in_text(mark("tag", "star", mathematics=True)) == ""


def test_marks_that_are_none_go() -> None:
    assert Crossrefs.of(LABELS, Wording()).in_html("a\ufdd0b\ufdd1\ufdd3c") == "abc"
    assert mark("ref", "a\ufdd3b") == mark("ref", "ab")


def html_of(graph_of, only, body: str, preamble: str = "") -> str:
    graph = graph_of(rf"\begin{{lemma}}\label{{lem:a}} {body} \end{{lemma}}", preamble=preamble)
    return re.sub(r' rel="[^"]*"', "", only(graph).statement.html)


CLEVER = r"\usepackage{cleveref}"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (r"\ref{lem:a}", '<a href="node:lem:a">0.1</a>'),
        (r"\Cref{lem:a}", '<a href="node:lem:a">Lemma 0.1</a>'),
        (r"\cref*{lem:a}", '<a href="node:lem:a">lemma 0.1</a>'),
        (r"\autoref{lem:a}", '<a href="node:lem:a">Lemma 0.1</a>'),
        (r"\hyperref[lem:a]{the \emph{first}}", '<a href="node:lem:a">the <em>first</em></a>'),
        (r"\hyperref[gone]{elsewhere}", "elsewhere"),
        (r"\ref{gone}", "<strong>??</strong> <code>gone</code>"),
        (r"$x \eqref{lem:a}$", r"\(x \textrm{(0.1)}\)"),
    ],
)
def test_reading(graph_of, only, typed: str, shown: str) -> None:
    assert html_of(graph_of, only, typed, CLEVER) == f"<p>{shown}</p>"


def test_equations_have_the_numbers_that_are_referred_to(graph_of, only) -> None:
    html = html_of(
        graph_of,
        only,
        r"\begin{equation}\label{eq:a} a \end{equation}"
        r"\begin{align} b \label{eq:b} \\ c \nonumber \\ d \label{eq:d}\end{align}"
        r"\begin{align*} e \label{eq:e} \end{align*} \eqref{eq:a} \eqref{eq:d}",
    )
    assert r"\[a\tag{1}\]" in html
    assert r"\tag{2}\\ c \\ d \tag{3}\end{align*}" in html
    assert html.count(r"\tag") == 3
    assert '<a href="node:lem:a">(1)</a> <a href="node:lem:a">(3)</a>' in html


def test_names_given_in_the_preamble(graph_of, only) -> None:
    preamble = CLEVER + r"\crefname{lemma}{lem.}{lems.}\Crefname{lemma}{Lem.}{Lems.}"
    assert ">lem. 0.1<" in html_of(graph_of, only, r"\cref{lem:a}", preamble)
    assert ">Lem. 0.1<" in html_of(graph_of, only, r"\Cref{lem:a}", preamble)


def test_references_in_titles_are_words(graph_of, only) -> None:
    graph = graph_of(r"\begin{lemma}[After \Cref{lem:a}]\label{lem:a} \end{lemma}", preamble=CLEVER)
    assert only(graph).title == "After Lemma 0.1"
