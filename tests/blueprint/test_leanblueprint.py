"""leanblueprint's own flags, told from our draft, against what it really said."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from blueprint import leanblueprint, reader
from blueprint.assembly import tables
from blueprint.draft import Limits, Request

BLUEPRINTS = (Path(__file__).parents[2].parent / "shared/blueprints").resolve()
NAMES = ["pfr", "sphere-eversion", "flt-regular", "carleson", "con-nf", "FormalBook"]


@pytest.mark.skipif(not BLUEPRINTS.is_dir(), reason="the folder `shared` is not beside the repository")
@pytest.mark.parametrize("name", NAMES)
def test_flags_are_those_of_leanblueprint(name: str) -> None:
    root = BLUEPRINTS / name
    answer = reader.ask(Request(str(root / "blueprint/src/web.tex"), str(root), Limits()))
    said = {node: asdict(flags) for node, flags in leanblueprint.flags(tables(answer.draft)).items()}
    expected = json.loads((BLUEPRINTS / f"{name}.expected.json").read_text("utf-8"))["nodes"]
    known = [node for node in expected if node["id"] in said]
    differing = [node["id"] for node in known if any(bool(node[f]) != v for f, v in said[node["id"]].items())]
    assert len(known) > 40
    assert differing == []


def says_otherwise(graph) -> dict[str, str]:
    return {p.node: p.message for p in graph.problems if p.code == "says-otherwise"}


def test_a_difference_below_is_explained_above(graph_of) -> None:
    body = r"""
    \begin{lemma}\label{a}\lean{a} \begin{itemize}\item \leanok \end{itemize} \end{lemma}
    \begin{lemma}\label{b}\uses{a}\lean{b} B \end{lemma} \begin{proof} P \end{proof}
    \begin{lemma}\label{c}\uses{b}\lean{c} C \end{lemma} \begin{proof} P \end{proof}
    """
    assert list(says_otherwise(graph_of(body))) == ["b"]
    assert "not can state, not can prove" in says_otherwise(graph_of(body))["b"]


def test_where_both_agree_nothing_is_said(graph_of) -> None:
    body = r"""
    \begin{lemma}\label{a}\leanok\lean{a} A \end{lemma} \begin{proof}\leanok P \end{proof}
    \begin{lemma}\label{b}\uses{a}\lean{b} B \end{lemma} \begin{proof} P \end{proof}
    """
    assert says_otherwise(graph_of(body)) == {}


def test_a_definition_in_mathlib_is_no_difference(graph_of) -> None:
    assert says_otherwise(graph_of(r"\begin{definition}\label{d}\mathlibok D \end{definition}")) == {}


def test_the_cause_of_a_difference_is_named(graph_of) -> None:
    body = r"""
    \begin{lemma}\label{a}\mathlibok A \end{lemma}
    \begin{lemma}\label{b}\uses{a}\leanok\lean{b} B \end{lemma} \begin{proof}\leanok P \end{proof}
    """
    assert says_otherwise(graph_of(body)) == {
        "b": "leanblueprint takes `b` for not fully proved, because of how it reads `a`."
    }
