"""The patch that brings `\\uses` in line with Lean: git takes it, and the blueprint says what Lean uses."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.commits import Revision
from lean_project.edges import Dependencies, Edge
from lean_project.facts import Facts
from lean_project.findings import Findings
from lean_project.repository import create
from lean_project.status import statuses
from server.records.projects import ProjectRow
from server.service.mending import patches

from .conftest import ANA, START

FILE = "blueprint/src/content.tex"
TEXT = r"""\begin{lemma}\label{lem:a}
  First.
\end{lemma}
\begin{lemma}\label{lem:b}
  \uses{lem:a}
  Second.
\end{lemma}
\begin{theorem}\label{thm:c}
  \uses{lem:b}
  Third.
\end{theorem}
\begin{proof}
  By the above.
\end{proof}
"""


def node(id: str, kind: str, line: int, proof: int | None = None) -> Node:
    flags = Flags(False, False, False, False, False, False)
    shown = Part(Place(FILE, proof)) if proof else None
    return Node(id, kind, Part(Place(FILE, line)), flags, shown, labels=(id,))


GRAPH = Graph((node("lem:a", "lemma", 1), node("lem:b", "lemma", 4), node("thm:c", "theorem", 8, 12)))


def findings(graph: Graph = GRAPH, **edges: Dependencies) -> Findings:
    facts = Facts("a few lines of Python")
    found = statuses(graph, facts)
    names = {"b": "lem:b", "c": "thm:c"}
    changed = {names[key]: replace(found[names[key]], edges=one) for key, one in edges.items()}
    return Findings(graph, facts, found | changed)


@pytest.fixture
def village_of_tex(tmp_path: Path) -> tuple[ProjectRow, str]:
    folder = tmp_path / "repository"
    sha = create(folder, [Revision(ANA, START, "Write", {FILE: TEXT.encode()}, ())])
    return ProjectRow(1, "num", "Num", str(folder), None, START), sha


def mended(project: ProjectRow, patch: str) -> str:
    subprocess.run(["git", "apply", "-"], cwd=project.path, input=patch, text=True, check=True)
    return (Path(project.path) / FILE).read_text()


def edge(used: str, part: str) -> Edge:
    return Edge(used, part, "c", ("c", "a"))


def test_what_lacks_is_written_in_and_what_is_needless_taken_out(village_of_tex):
    project, sha = village_of_tex
    needless = Edge("lem:b", "statement", "c")
    found = findings(c=Dependencies(missing=(edge("lem:a", "proof"),), superfluous=(needless,)))
    text = mended(project, patches(project, found, sha, ["thm:c"])["thm:c"])
    assert text == TEXT.replace("  \\uses{lem:b}\n  Third", "  Third").replace(
        "\\begin{proof}\n  By the above.\n", "\\begin{proof}\n  By the above.\n\\uses{lem:a}"
    )


def test_a_list_grows_where_there_is_one(village_of_tex):
    project, sha = village_of_tex
    found = findings(c=Dependencies(missing=(edge("lem:a", "statement"),)))
    assert "\\uses{lem:b, lem:a}" in mended(project, patches(project, found, sha, ["thm:c"])["thm:c"])


def test_a_node_without_a_proof_says_it_in_its_statement(village_of_tex):
    project, sha = village_of_tex
    found = findings(b=Dependencies(missing=(edge("thm:c", "proof"),)))
    assert "\\uses{lem:a, thm:c}" in mended(project, patches(project, found, sha, ["lem:b"])["lem:b"])


def test_where_the_files_cannot_be_read_there_is_no_patch(village_of_tex):
    project, sha = village_of_tex
    found = findings(c=Dependencies(missing=(edge("lem:a", "proof"),)))
    assert patches(replace(project, path="/nowhere"), found, sha, ["thm:c"]) == {}
    assert patches(project, found, "0" * 40, ["thm:c"]) == {}


def test_what_a_macro_made_is_left_alone(village_of_tex):
    project, sha = village_of_tex
    made = replace(GRAPH.nodes[2], statement=Part(Place(FILE, 2)), proof=None)
    found = findings(Graph((*GRAPH.nodes[:2], made)), c=Dependencies(missing=(edge("lem:a", "statement"),)))
    assert patches(project, found, sha, ["thm:c"]) == {}
