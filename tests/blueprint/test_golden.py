"""Golden projects: small folders of TeX, each with what must come out of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from blueprint.graph import Graph, Node, Part, decode, encode
from blueprint.reader import read

GOLDEN = Path(__file__).parent / "golden"
PROJECTS = sorted(path.name for path in GOLDEN.iterdir())


@pytest.fixture(scope="module", params=PROJECTS)
def project(request: pytest.FixtureRequest) -> tuple[Path, Graph]:
    root = GOLDEN / request.param
    return root, read(root / "blueprint/src/web.tex", root)


def test_graph_is_as_expected(project: tuple[Path, Graph]) -> None:
    root, graph = project
    expected = json.loads((root / "expected.json").read_text("utf-8"))
    assert summary(graph) == expected


def test_graph_survives_encoding(project: tuple[Path, Graph]) -> None:
    assert decode(encode(project[1])) == project[1]


def summary(graph: Graph) -> dict[str, Any]:
    """Everything that the golden files fix: all of the graph except the long texts."""
    return {
        "title": graph.title,
        "home": graph.home,
        "github": graph.github,
        "dochome": graph.dochome,
        "lean_decls": list(graph.lean_decls),
        "macros": [f"{macro.name}/{macro.arity}" for macro in graph.macros],
        "nodes": [node_summary(node) for node in graph.nodes],
        "problems": [
            f"{problem.place.line if problem.place else '-'} {problem.severity} {problem.code} {problem.node}"
            for problem in graph.problems
        ],
    }


def node_summary(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "caption": node.caption,
        "labels": list(node.labels),
        "sections": list(node.sections),
        "marks": [mark for mark in ("notready", "mathlibok", "discussion") if getattr(node, mark)],
        "statement": part_summary(node.statement),
        "proof": part_summary(node.proof) if node.proof else None,
        "claimed": [flag for flag, holds in asdict(node.claimed).items() if holds],
    }


def part_summary(part: Part) -> str:
    return " ".join(
        [
            f"{part.place.file.removeprefix('blueprint/src/')}:{part.place.line}",
            f"uses={','.join(part.uses)}",
            f"lean={','.join(part.lean)}",
            *(["leanok"] if part.leanok else []),
        ]
    )
