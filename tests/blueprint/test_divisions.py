"""Where leanblueprint makes a graph for each chapter, and what `\\alsoIn` calls to the graph of another."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from blueprint import leanblueprint, reader
from blueprint.assembly import tables
from blueprint.draft import Limits, Request
from server.cli.graph import document

BY_CHAPTER = r"\usepackage[dep_by=chapter]{blueprint}"
DONE = r"\begin{proof}\leanok P \end{proof}"
CHAPTERS = rf"""
\chapter{{One}}\label{{ch:one}}
\begin{{lemma}}\label{{a}}\lean{{a}} A. \end{{lemma}}
\begin{{lemma}}\label{{b}}\uses{{a}}\leanok\lean{{b}} B. \end{{lemma}} {DONE}
\chapter{{Two}}\label{{ch:two}}
\begin{{lemma}}\label{{c}}\uses{{b}}\leanok\lean{{c}} C. \alsoIn{{ch:one}} \end{{lemma}} {DONE}
\begin{{lemma}}\label{{d}}\uses{{c}}\leanok\lean{{d}} D. \end{{lemma}} {DONE}
\begin{{lemma}}\label{{e}}\uses{{g}}\leanok\lean{{e}} E. \end{{lemma}} {DONE}
\chapter{{Three}}
\begin{{lemma}}\label{{g}}\leanok\lean{{g}} G. \end{{lemma}} {DONE}
\begin{{lemma}}\label{{h}}\uses{{b}}\leanok\lean{{h}} H. \alsoIn{{ch:two}} \end{{lemma}}
\begin{{proof}}\leanok\uses{{a}} P \end{{proof}}
"""


def told(graph, *codes: str) -> dict[str | None, str]:
    return {p.node: p.message for p in graph.problems if p.code in codes}


def test_the_flags_are_those_of_leanblueprint(write) -> None:
    """What leanblueprint 0.0.20 itself made of this text."""
    root = write(CHAPTERS, preamble=BY_CHAPTER).resolve()
    answer = reader.ask(Request(str(root / "blueprint/src/web.tex"), str(root), Limits()))
    said = {name: asdict(flags) for name, flags in leanblueprint.flags(tables(answer.draft)).items()}
    assert [name for name, flags in said.items() if flags["fully_proved"]] == ["c", "d", "g"]
    assert [name for name, flags in said.items() if flags["can_state"]] == ["a", "c", "d", "e", "g"]
    assert [name for name, flags in said.items() if flags["proved"]] == ["b", "c", "d", "e", "g", "h"]


def test_dark_green_beyond_a_chapter_is_told_once_and_what_rests_on_it_explained(graph_of) -> None:
    graph = graph_of(CHAPTERS, preamble=BY_CHAPTER)
    assert told(graph, "false-dark-green") == {
        "c": "leanblueprint takes `c` for fully proved, but it rests on `b` in another chapter."
    }
    assert told(graph, "says-otherwise") == {
        "d": "leanblueprint takes `d` for fully proved, because of how it reads `c`.",
        "e": "leanblueprint takes `e` for not fully proved, because it makes a graph for each chapter, "
        "one after another.",
        "h": "leanblueprint takes `h` for not can state, because it makes a graph for each chapter, one "
        "after another.",
    }


def test_in_one_graph_nothing_is_told(graph_of) -> None:
    assert told(graph_of(CHAPTERS), "false-dark-green", "says-otherwise", "in-no-graph") == {}


def test_where_a_node_is_called_to_is_kept(graph_of) -> None:
    graph = graph_of(CHAPTERS, preamble=BY_CHAPTER)
    assert {node.id: node.also_in for node in graph.nodes if node.also_in} == {
        "c": ("ch:one",),
        "h": ("ch:two",),
    }
    assert document(graph)["nodes"][2]["also_in"] == ("ch:one",)
    assert told(graph, "also-in-nowhere") == {}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("ch:onne", "but there is no such label"),
        ("b", "which is no section"),
        ("sec:x", "but leanblueprint makes a graph for each chapter only"),
    ],
)
def test_what_has_no_graph_cannot_be_called_to(graph_of, typed: str, message: str) -> None:
    body = CHAPTERS.replace(r"\alsoIn{ch:one}", rf"\alsoIn{{{typed}}}") + r"\section{X}\label{sec:x}"
    graph = graph_of(body, preamble=BY_CHAPTER)
    assert told(graph, "also-in-nowhere") == {"c": f"\\alsoIn names `{typed}`, {message}."}


def test_a_level_that_the_document_has_not_is_told_once(graph_of) -> None:
    graph = graph_of(CHAPTERS, preamble=r"\usepackage[dep_by=part]{blueprint}")
    assert told(graph, "in-no-graph") == {
        "a": "No node stands in a part, and leanblueprint makes graphs of nothing else."
    }
    assert told(graph, "says-otherwise") == {}


def test_a_node_before_the_first_chapter_is_in_no_graph_unless_called_to_one(graph_of) -> None:
    body = r"""
    \begin{lemma}\label{x} X. \end{lemma} \begin{lemma}\label{y}\alsoIn{ch} Y. \end{lemma}
    \chapter{One}\label{ch}
    """
    assert list(told(graph_of(body, preamble=BY_CHAPTER), "in-no-graph")) == ["x"]
