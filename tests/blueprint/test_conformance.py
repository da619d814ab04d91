"""Real blueprints give what leanblueprint makes of them, except where a problem says why not."""

from __future__ import annotations

import json
import runpy
from functools import cache
from pathlib import Path

import pytest

from blueprint.graph import Graph
from blueprint.reader import Limits, read
from server.cli.graph import document

SHARED = Path(__file__).parents[2].parent / "shared"
COMPARE = SHARED / "conformance/compare.py"
PROJECTS = {
    "pfr": 218,
    "sphere-eversion": 73,
    "flt-regular": 45,
    "carleson": 179,
    "con-nf": 159,
    "FormalBook": 189,
}

pytestmark = pytest.mark.skipif(
    not COMPARE.is_file(), reason="the folder `shared` is not beside the repository"
)


@cache
def graph_of(name: str) -> Graph:
    root = SHARED / "blueprints" / name
    return read(root / "blueprint/src/web.tex", root, Limits(seconds=20))


@pytest.mark.parametrize("name", PROJECTS)
def test_agrees_with_leanblueprint(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = graph_of(name)
    ours = tmp_path / "ours.json"
    ours.write_text(json.dumps(document(graph)))
    compare = runpy.run_path(str(COMPARE))["main"]
    assert compare(SHARED / "blueprints" / f"{name}.expected.json", ours) == 0, capsys.readouterr().out
    assert len(graph.nodes) == PROJECTS[name]


@pytest.mark.parametrize("name", PROJECTS)
def test_places_and_texts_are_those_of_the_files(name: str) -> None:
    root = SHARED / "blueprints" / name
    for node in graph_of(name).nodes:
        for kind, part in ((node.kind, node.statement), ("proof", node.proof)):
            if part is not None:
                text = (root / part.place.file).read_text("utf-8")
                assert f"\\begin{{{kind}}}" in text.splitlines()[part.place.line - 1]
                assert part.source in text
