"""The change to the blueprint's files that brings `\\uses` in line with what Lean uses, as a diff."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from blueprint.errors import UserError
from blueprint.graph import Node, Part
from blueprint.mending import Edit, applied
from blueprint.mending.uses import Wanted, brought_in_line
from lean_project.edges import PROOF, STATEMENT, Dependencies, Edge
from lean_project.findings import Findings
from lean_project.repository import Repository
from server.records.projects import ProjectRow

LARGEST = 2_000_000  # characters of a file


def patches(project: ProjectRow, findings: Findings, sha: str, ids: Collection[str]) -> dict[str, str]:
    """By node, a diff against the commit, which `git apply` takes; only where the text can be edited so."""
    nodes = [node for node in findings.graph.nodes if node.id in ids]
    texts = _texts(project, sha, nodes)
    wanted = {
        (node.id, part): found
        for node in nodes
        for part, found in _wanted(node, findings.statuses[node.id].edges)
    }
    edits = brought_in_line(findings.graph, texts, wanted)
    return {id: "".join(_diff(texts, found)) for id, found in edits}


def _wanted(node: Node, found: Dependencies) -> Iterator[tuple[str, Wanted]]:
    """What is lacking is said where it is used: of a node without a proof, in its statement."""
    for part in (STATEMENT, PROOF):
        lacking = tuple(one.used for one in found.missing if _home(node, one) == part)
        needless = tuple(one.used for one in found.superfluous if one.part == part)
        if lacking or needless:
            yield part, Wanted(lacking, needless)


def _home(node: Node, edge: Edge) -> str:
    return edge.part if node.proof else STATEMENT


def _texts(project: ProjectRow, sha: str, nodes: Iterable[Node]) -> dict[str, str]:
    """The files that the nodes stand in; none where the repository is not at hand, or has not the commit."""
    parts: list[Part | None] = [part for node in nodes for part in (node.statement, node.proof)]
    files = sorted({part.place.file for part in parts if part})
    try:
        texts = _read(project.path, sha, tuple(files))
    except (UserError, OSError, ValueError):
        return {}
    return {file: text for file, text in texts.items() if len(text) <= LARGEST and "\r" not in text}


@lru_cache(maxsize=16)
def _read(path: str, sha: str, files: tuple[str, ...]) -> dict[str, str]:
    """A commit never changes, and to ask git takes longer than the rest of a page."""
    with Repository.open(Path(path)) as repository:
        return {file: repository.text(sha, file) for file in files}


def _diff(texts: dict[str, str], edits: Iterable[Edit]) -> Iterator[str]:
    by_file: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.file].append(edit)
    for file, mine in sorted(by_file.items()):
        old, new = texts[file], applied(texts[file], mine)
        lines = difflib.unified_diff(
            old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{file}", f"b/{file}"
        )
        yield from (
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )
